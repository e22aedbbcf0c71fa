"""The other pages: queue, quarantine, set aside, outbox, status, originals; and hostile letters on all of them."""

from datetime import timedelta

import pytest

from consultant.errors import Transient
from consultant.lifecycle import Event
from consultant.mail.letter import Verdict
from consultant.questions.model import Topic
from consultant.records import audit, ledger, views
from consultant.records.outgoing import Sending
from consultant.web.downloads import sanitised
from knowledge.release import ReleaseMissing
from tests.desk.web.conftest import Browser, OpenBrowser, Words
from tests.desk.web.world import ANSWER, CHIN, World


def test_the_queue_shows_what_needs_a_person_soonest_first(world: World, ada: Browser) -> None:
    """Due times are words; what machines work on is not shown until it is asked for."""
    later = world.drafted(subject="Later", due_in=timedelta(hours=3))
    late = world.drafted(subject="Late", due_in=timedelta(minutes=-20))
    working = world.received(subject="Still being read")
    page = Words(ada.get("/queue").text).text
    assert "overdue by 20 min" in page
    assert "due in 3 h" in page
    assert page.index(late) < page.index(later)
    assert working not in page
    assert working in ada.get("/queue?state=all").text


def test_the_queue_is_narrowed_by_state_topic_words_and_holder(world: World, ada: Browser) -> None:
    """Each filter narrows, and they work together."""
    plain = world.drafted(subject="About a modifier", topics=(Topic.MODIFIER,))
    other = world.drafted(subject="100% of the wound", sender="office@other.example")

    def shown(query: str) -> set[str]:
        text = ada.get(f"/queue/rows{query}").text
        return {reference for reference in (plain, other) if reference in text}

    assert shown("") == {plain, other}
    assert shown("?topic=modifier") == {plain}
    assert shown("?words=OTHER.example") == {other}
    assert shown("?words=100%25") == {other}
    assert shown(f"?words={plain}") == {plain}
    assert shown("?state=held") == set()
    assert shown("?mine=1") == set()
    ada.send(f"/cases/{other}/claim")
    assert shown("?mine=1") == {other}
    assert shown("?mine=1&topic=modifier") == set()
    assert shown("?state=nonsense&topic=nonsense") == {plain, other}


def test_an_empty_queue_says_what_to_do(ada: Browser) -> None:
    """Nothing to do and nothing found are two different sentences."""
    assert "Nothing waits for you" in ada.get("/queue").text
    assert "No case fits this filter" in ada.get("/queue?words=zebra").text


def test_the_queue_has_pages(world: World, ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The filter goes along from page to page."""
    monkeypatch.setattr(views, "PAGE", 2)
    for n in range(5):
        world.drafted(subject=f"Lesion {n}")
    text = ada.get("/queue?words=Lesion&page=2").text
    assert "page 2 of 3" in Words(text).text
    assert "/queue?page=3&amp;words=Lesion" in text
    assert ada.get("/queue?page=9999").status_code == 200
    assert ada.get("/queue?page=x").status_code == 422


def test_quarantine_shows_each_letter_with_its_reason(world: World, ada: Browser) -> None:
    """Reason, sender and size are there, and the three ways out."""
    letter = world.letter(verdict=Verdict.QUARANTINE, rule="unreadable", reason="Nested deeper than 30 levels.")
    text = ada.get("/quarantine").text
    assert "Nested deeper than 30 levels." in text
    for way in ("retry", "accept", "join"):
        assert f"/quarantine/{letter}/{way}" in text


def test_a_quarantined_letter_is_read_again_accepted_or_joined(world: World, ada: Browser) -> None:
    """Each way out does what it says, once; a second click is told so."""
    case = world.drafted()
    letters = [world.letter(f"Letter {n}", verdict=Verdict.QUARANTINE, reason="Doubtful.") for n in range(3)]
    ada.send(f"/quarantine/{letters[0]}/retry")
    ada.send(f"/quarantine/{letters[1]}/accept")
    wrong = ada.send(f"/quarantine/{letters[2]}/join", {"reference": "C-1999-000001"})
    assert wrong.status_code == 409
    assert "C-1999-000001" in wrong.text
    ada.send(f"/quarantine/{letters[2]}/join", {"reference": f" {case.lower()} "})
    again = ada.send(f"/quarantine/{letters[1]}/accept")
    assert again.status_code == 409
    assert "not in quarantine any more" in again.text
    with world.parts.store.read() as tx:
        assert ledger.counts(tx) == {"due": 1, "accept": 3}
    assert "Letter 2" in ada.get(f"/cases/{case}").text


def test_set_aside_letters_are_listed(world: World, ada: Browser) -> None:
    """Discarded letters and bounces are kept and shown with their rule."""
    world.letter(subject="Away", verdict=Verdict.DISCARD, rule="auto-submitted", reason="An automatic letter.")
    world.letter(subject="Returned", verdict=Verdict.BOUNCE, rule="dsn", reason="A delivery report.")
    text = Words(ada.get("/set-aside").text).text
    for words in ("Away", "An automatic letter.", "auto-submitted", "Returned", "A delivery report."):
        assert words in text


@pytest.fixture
def uncertain(world: World, ada: Browser) -> tuple[str, int]:
    """A case whose letter may have been sent, and the letter's id."""
    case = world.drafted()
    ada.send(f"/cases/{case}/claim")
    ada.send(f"/cases/{case}/approve", {"seen_draft": 1})
    letter = world.outbox(case)[0].id
    world.step_outbox(letter, Sending.UNCERTAIN, "The connection closed after the dot.")
    world.move(case, Event.UNCERTAIN)
    return case, letter


def test_an_uncertain_letter_is_confirmed(world: World, ada: Browser, uncertain: tuple[str, int]) -> None:
    """It is loud in the outbox and on its case, and a person's word settles it."""
    case, letter = uncertain
    assert "The connection closed after the dot." in ada.get("/outbox").text
    assert "may have been sent" in ada.get(f"/cases/{case}").text
    ada.send(f"/outbox/{letter}/confirm")
    assert world.case(case).state == "answered"
    assert ada.send(f"/outbox/{letter}/confirm").status_code == 409


def test_an_uncertain_letter_is_sent_again_after_a_warning(
    world: World, ada: Browser, uncertain: tuple[str, int]
) -> None:
    """The page warns of a second copy; then the same bytes go out."""
    case, letter = uncertain
    before = world.outbox(case)[0].sha256
    assert "gets the letter twice" in ada.get("/outbox").text
    ada.send(f"/outbox/{letter}/again")
    (row,) = world.outbox(case)
    assert (row.state, row.sha256) == (Sending.QUEUED, before)
    assert world.bell.rung[-1] == ("send", letter)
    assert ada.send("/outbox/99/again").status_code == 409


def test_status_tells_what_is_wrong(world: World, ada: Browser) -> None:
    """A dead process and an account that cannot be read are told in words."""
    world.beat("worker")
    world.account(checked_at=world.time, error="The server refused the login.", error_at=world.time)
    world.pass_time(minutes=3)
    world.beat("web")
    text = Words(ada.get("/status").text).text
    assert "gave no sign of life" in text
    assert "The server refused the login." in text
    assert "2026.3+sha256:0f3c9d1a" in text
    assert "Physician fee schedule PPRRVU2026_JAN invented from 2026-01-01 18,000 abababababab" in text


def test_the_original_opens_only_by_a_form_and_is_recorded(world: World, ada: Browser) -> None:
    """The case shows masked text; the original shows the name, and who opened it is in the trail."""
    case = world.drafted()
    page = ada.get(f"/cases/{case}").text
    assert "PERSON_1" in page
    assert "Sampleton" not in page
    assert ada.get("/letters/1/reveal").status_code == 405
    original = ada.send("/letters/1/reveal")
    assert "Testa Sampleton" in original.text
    assert "recorded under your name" in original.text
    assert "no-store" in original.headers["cache-control"]
    with world.parts.store.read() as tx:
        assert ("ada", "reveal") in {(row.actor, row.action) for row in audit.trail(tx, world.case(case).id)}
    for unknown in ("/letters/99/reveal", "/letters/99/raw", "/attachments/99"):
        assert ada.send(unknown).status_code in (404, 409)


def test_files_come_as_bytes_under_our_own_names(world: World, ada: Browser) -> None:
    """No name and no type of a stranger's reaches the browser."""
    world.drafted(attachments=(('evil".html', b"<script>alert(1)</script>"),))
    for address, name, content in (
        ("/letters/1/raw", "letter-1.eml", b"From: Testa Sampleton"),
        ("/attachments/1", "attachment-1.bin", b"<script>alert(1)</script>"),
    ):
        answer = ada.send(address)
        assert answer.content.startswith(content)
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"


HOSTILE = (
    '<script>alert("x")</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}${7*7}</textarea><!--'
    '"><svg onload=alert(2)>\'><a href="javascript:alert(3)">'
)


def test_hostile_text_is_inert_on_every_page(world: World, ada: Browser) -> None:
    """A letter's words are words everywhere: no tag of theirs is a tag, nothing in them is evaluated."""
    case = world.drafted(
        CHIN + HOSTILE,
        subject=HOSTILE,
        sender="x@clinic.example",
        full=CHIN + HOSTILE + "more",
        answer=ANSWER + HOSTILE,
        injection="alert",
        defects=(HOSTILE,),
        doubt=HOSTILE,
    )
    world.letter(HOSTILE, subject=HOSTILE, verdict=Verdict.QUARANTINE, reason=HOSTILE, rule="rule")
    world.letter(HOSTILE, subject=HOSTILE, verdict=Verdict.DISCARD, reason=HOSTILE, rule="rule")
    world.account(error=HOSTILE, error_at=world.time)
    ada.send(f"/cases/{case}/claim")
    typed = {"text": HOSTILE, "outcome": "answer", "seen_draft": 1}
    pages = [
        ada.get(address).text
        for address in ("/queue", f"/cases/{case}", f"/cases/{case}/preview", "/quarantine", "/set-aside", "/status")
    ]
    pages += [
        ada.get("/queue", params={"words": HOSTILE}).text,
        ada.get("/login", params={"next": HOSTILE}).text,
        ada.get(f"/cases/{case}/preview/letter").text,
        ada.send(f"/cases/{case}/check", typed).text,
        ada.send(f"/cases/{case}/save", typed | {"seen_draft": 7}).text,
        ada.send(f"/cases/{case}/send-back", {"note": ""}).text,
        ada.send("/letters/1/reveal").text,
    ]
    for number, text in enumerate(pages):
        page = Words(text)
        assert all("src" in script for script in page.attributes("script")), number
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes), number
        assert not any("javascript" in str(link.get("href")) for link in page.attributes("a")), number
        assert page.attributes("svg") == [], number
        assert "49" not in page.text.replace("2026", ""), number
    shown = pages[1]
    assert "{{7*7}}" in Words(shown).text


def test_a_letters_html_is_shown_without_what_runs_loads_or_leads_away(world: World, ada: Browser) -> None:
    """The frame gets text and its structure; it is sandboxed and its document inherits our policy."""
    html = (
        "<style>p{color:red}</style><script>alert(1)</script><p onclick=x style='color:red'>Which <b>code</b>?"
        "<img src='https://track.example/a.gif'><a href='https://evil.example'>here</a>"
        "<form action=//evil.example><input name=a></form><iframe src=//evil.example></iframe>"
        "<svg><script>x</script></svg>"
    )
    world.drafted(html=html)
    page = Words(ada.send("/letters/1/reveal").text)
    (frame,) = page.attributes("iframe")
    assert frame["sandbox"] in (None, "")
    assert frame["srcdoc"] == "<p>Which <b>code</b>?here</p>"
    assert sanitised("<p>a<!-- [if mso]>x<![endif]--></p>") == "<p>a</p>"


def test_a_release_that_is_missing_is_told_calmly(world: World, ada: Browser) -> None:
    """The status page, /healthz and the case say what is wrong and what mends it."""
    case = world.drafted()

    def missing() -> None:
        raise ReleaseMissing("There is no knowledge release in /srv/knowledge; build it.")

    object.__setattr__(world.parts, "release", missing)
    assert "There is no knowledge release" in ada.get("/status").text
    assert ada.get("/healthz").json()["release"] == "not open"
    page = ada.get(f"/cases/{case}")
    assert page.status_code == 200
    assert "There is no knowledge release" in page.text


def test_a_store_that_does_not_answer_is_told_calmly(
    ada: Browser, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """A page says that nothing was changed, and /healthz says failing without naming hosts."""

    def unreachable() -> None:
        raise Transient("The case store did not answer: could not connect to db.internal")

    monkeypatch.setattr(world.parts.store, "read", unreachable)
    page = ada.get("/queue")
    assert page.status_code == 503
    assert "Try again in a moment" in page.text
    health = open_browser().get("/healthz")
    assert health.status_code == 503
    assert "db.internal" not in health.text
