"""The page of a case: two reviewers at once, nothing typed is lost, and what is sent is what was read."""

import re
from typing import Any

import pytest

from consultant.drafting.model import Outcome
from consultant.lifecycle import Event, State
from consultant.records import audit
from consultant.records.outgoing import Sending
from tests.desk.web.conftest import Browser, Words
from tests.desk.web.world import ANSWER, World


def form(text: str = ANSWER, *, outcome: str = "answer", seen: int = 1) -> dict[str, Any]:
    """Return the draft form as a browser sends it: with CRLF line ends."""
    return {"text": text.replace("\n", "\r\n"), "outcome": outcome, "seen_draft": seen}


@pytest.fixture
def case(world: World) -> str:
    return world.drafted()


@pytest.fixture
def claimed(case: str, ada: Browser) -> str:
    """A case that Ada has in review."""
    ada.send(f"/cases/{case}/claim")
    return case


def test_a_case_goes_from_the_queue_to_the_outbox(world: World, ada: Browser, case: str) -> None:
    """Claim, edit, preview, approve: what goes into the outbox is what was previewed."""
    assert case in ada.get("/queue").text
    page = ada.send(f"/cases/{case}/claim")
    assert "The case is yours." in page.text
    edited = ANSWER.replace("The simple repair is not", "Its simple repair is never")
    letter = ada.send(f"/cases/{case}/preview", form(edited))
    assert letter.url.path == f"/cases/{case}/preview"
    assert "Its simple repair is never reported separately." in Words(letter.text).text
    shown = ada.get(f"/cases/{case}/preview/letter")
    assert "Its simple repair is never reported separately." in Words(shown.text).text
    done = ada.send(f"/cases/{case}/approve", {"seen_draft": 2})
    assert "The letter leaves in 20 s" in Words(done.text).text
    (row,) = world.outbox(case)
    assert row.recipients == ("coder@clinic.example",)
    assert world.bell.rung == []  # the letter is due only when the time to undo is over
    assert world.case(case).state is State.APPROVED
    again = Words(ada.get(f"/cases/{case}").text).text
    assert "Its simple repair is never reported separately." in again
    assert "Approved the answer by Ada Reviewer, CPC" in again


def test_a_question_back_goes_out_as_a_question(world: World, ada: Browser, claimed: str) -> None:
    """The kind of letter is what the reviewer chose, not what the engine drafted."""
    letter = ada.send(f"/cases/{claimed}/preview", form("How wide was the narrowest margin?", outcome="ask_back"))
    assert "Question back as it will be sent" in letter.text
    ada.send(f"/cases/{claimed}/approve", {"seen_draft": 2, "override": "A question needs no code."})
    assert [str(row.kind) for row in world.outbox(claimed)] == ["question"]


def test_the_second_reviewer_sees_who_has_the_case(world: World, ada: Browser, ben: Browser, claimed: str) -> None:
    """While one has a case, the other reads it and is told until when; his forms change nothing."""
    page = ben.get(f"/cases/{claimed}").text
    assert "Ada Reviewer has this case until 12:30." in page
    assert 'name="text"' not in page
    assert f"/cases/{claimed}/claim" not in page
    refused = ben.send(f"/cases/{claimed}/claim")
    assert refused.status_code == 409
    assert "Ada Reviewer has this case in review." in refused.text
    for action, fields in (
        ("save", form("Ben was here.")),
        ("preview", form("Ben was here.")),
        ("approve", {"seen_draft": 1}),
    ):
        answer = ben.send(f"/cases/{claimed}/{action}", fields)
        assert answer.status_code == 409, action
        assert "Ada Reviewer has this case in review." in answer.text, action
    assert [row.text for row in world.drafts(claimed)] == [ANSWER]
    assert "Ada Reviewer" in ben.get("/queue").text


def test_a_claim_that_ran_out_can_be_taken_by_another(world: World, ada: Browser, ben: Browser, claimed: str) -> None:
    """The first reviewer's text comes back to him when he saves too late."""
    world.pass_time(minutes=31)
    for browser in (ada, ben):
        browser.log_in("ada" if browser is ada else "ben")
    ben.send(f"/cases/{claimed}/claim")
    late = ada.send(f"/cases/{claimed}/save", form("Ada's careful words."))
    assert late.status_code == 409
    assert "Ben Examiner has this case in review." in late.text


def test_a_newer_version_never_swallows_what_was_typed(world: World, ada: Browser, claimed: str) -> None:
    """In two tabs the second save is refused; its text stays in the editor, compared with the newer version."""
    ada.send(f"/cases/{claimed}/save", form(ANSWER + "\nFrom the first tab.", seen=1))
    second = ada.send(f"/cases/{claimed}/save", form(ANSWER + "\nFrom the second tab.", seen=1))
    assert second.status_code == 409
    page = Words(second.text)
    assert "Version 2 was saved after the one on this page" in page.text
    assert re.search(r"<textarea id=\"text\".*From the second tab\.", second.text, re.DOTALL)
    assert "<ins>second</ins>" in second.text
    assert "<del>first</del>" in second.text
    assert "Not saved yet" in page.text
    assert {"type": "hidden", "name": "seen_draft", "value": "2"} in page.attributes("input")
    ada.send(f"/cases/{claimed}/save", form(ANSWER + "\nFrom the second tab.", seen=2))
    assert [row.number for row in world.drafts(claimed)] == [1, 2, 3]


def test_a_version_that_was_not_previewed_is_not_approved(world: World, ada: Browser, claimed: str) -> None:
    """Approval names the version that was read; a newer one stops it."""
    ada.send(f"/cases/{claimed}/save", form(ANSWER + "\nAdded in another tab."))
    answer = ada.send(f"/cases/{claimed}/approve", {"seen_draft": 1})
    assert answer.status_code == 409
    assert "Version 2 was saved after" in answer.text
    assert world.outbox(claimed) == ()


def test_failing_checks_ask_for_a_reason_and_keep_it(world: World, ada: Browser, claimed: str) -> None:
    """Without a reason nothing goes out; with one it does, and the reason is in the file."""
    page = ada.send(f"/cases/{claimed}/preview", form("Report 99999."))
    assert re.search(r"checks? of \d+ fail", page.text)
    assert 'name="override"' in page.text
    refused = ada.send(f"/cases/{claimed}/approve", {"seen_draft": 2, "override": "  "})
    assert refused.status_code == 409
    assert "99999" in refused.text
    assert world.outbox(claimed) == ()
    done = ada.send(f"/cases/{claimed}/approve", {"seen_draft": 2, "override": "An invented code for a test."})
    assert done.status_code == 200
    assert "Reason: An invented code for a test." in Words(done.text).text


def test_an_unread_letter_stops_the_approval(world: World, ada: Browser, claimed: str) -> None:
    """What the asker wrote meanwhile is read first."""
    world.follow_up(claimed, "One more thing: it was 0.5 cm.")
    page = ada.get(f"/cases/{claimed}").text
    assert "The asker wrote again." in page
    assert "it was 0.5 cm." in page
    refused = ada.send(f"/cases/{claimed}/approve", {"seen_draft": 1})
    assert refused.status_code == 409
    assert "asker wrote again" in refused.text
    ada.send(f"/cases/{claimed}/read")
    assert ada.send(f"/cases/{claimed}/approve", {"seen_draft": 1}).status_code == 200
    assert len(world.outbox(claimed)) == 1


def test_checks_run_without_saving_with_script_and_without(world: World, ada: Browser, claimed: str) -> None:
    """The script gets the checks alone; without it the whole page comes back with what was typed."""
    piece = ada.send(f"/cases/{claimed}/check", form("Report 99999."), headers={"HX-Request": "true"})
    assert "<html" not in piece.text
    assert "99999" in piece.text
    page = ada.send(f"/cases/{claimed}/check", form("Report 99999."))
    assert "<html" in page.text
    assert "Report 99999.</textarea>" in page.text
    assert len(world.drafts(claimed)) == 1


def test_typing_keeps_the_claim(world: World, ada: Browser, claimed: str) -> None:
    """Checks while typing renew the claim once half of it is over."""
    before = world.case(claimed).lease_until
    ada.send(f"/cases/{claimed}/check", form())
    assert world.case(claimed).lease_until == before
    world.pass_time(minutes=14)
    ada.get("/queue")
    world.pass_time(minutes=2)
    ada.send(f"/cases/{claimed}/check", form())
    after = world.case(claimed).lease_until
    assert before is not None
    assert after is not None
    assert after > before


def test_sending_back_takes_a_note(world: World, ada: Browser, claimed: str) -> None:
    """Without a note the case stays; with one it is drafted again."""
    refused = ada.send(f"/cases/{claimed}/send-back", {"note": " "})
    assert refused.status_code == 409
    assert "note" in refused.text
    ada.send(f"/cases/{claimed}/send-back", {"note": "Wrong site."})
    assert world.case(claimed).state is State.RESEARCHED
    assert "Wrong site." in ada.get(f"/cases/{claimed}").text


def test_releasing_gives_the_case_back(world: World, ada: Browser, ben: Browser, claimed: str) -> None:
    """The next reviewer can claim it at once."""
    assert ada.send(f"/cases/{claimed}/release").url.path == "/queue"
    assert ben.send(f"/cases/{claimed}/claim").status_code == 200


def test_a_held_case_is_taken_over_started_again_or_closed(world: World, ada: Browser) -> None:
    """A case on hold says why, and offers what the law allows."""
    held = [world.drafted(), world.drafted(), world.drafted()]
    for reference in held:
        ada.send(f"/cases/{reference}/claim")
        ada.send(f"/cases/{reference}/approve", {"seen_draft": 1})
        world.move(reference, Event.FAIL, hold_reason="The server refused the letter: 550 no such user.")
    page = ada.get(f"/cases/{held[0]}").text
    assert "550 no such user" in page
    ada.send(f"/cases/{held[0]}/take-over")
    ada.send(f"/cases/{held[1]}/resume")
    ada.send(f"/cases/{held[2]}/close", {"note": "Answered by phone."})
    assert [world.case(reference).state for reference in held] == [State.IN_REVIEW, State.RECEIVED, State.CLOSED]
    assert "Answered by phone." in ada.get(f"/cases/{held[2]}").text


def test_an_approval_can_be_withdrawn_before_it_goes_out(world: World, ada: Browser, claimed: str) -> None:
    """The letter is void and the case on hold."""
    ada.send(f"/cases/{claimed}/approve", {"seen_draft": 1})
    page = ada.send(f"/cases/{claimed}/withdraw", {"note": "Wrong payer."})
    assert "Withdrawn before it was sent. Wrong payer." in page.text
    assert world.outbox(claimed)[0].state is Sending.VOID


@pytest.mark.parametrize("action", ["release", "extend", "resume", "take-over", "close", "withdraw", "read"])
def test_what_the_state_does_not_allow_is_refused_in_words(world: World, ada: Browser, case: str, action: str) -> None:
    """A form of an old page changes nothing and breaks nothing."""
    world.pass_time(seconds=1)
    before = world.case(case)
    answer = ada.send(f"/cases/{case}/{action}")
    if action == "read":
        assert answer.status_code in (200, 409)
    else:
        assert answer.status_code == 409
        assert "Not done." in answer.text
    assert world.case(case).state is before.state


def test_the_evidence_stands_beside_the_draft_with_its_sources(ada: Browser, case: str) -> None:
    """Lines, refused codes, findings by kind, and every citation under its number."""
    page = Words(ada.get(f"/cases/{case}").text)
    for words in (
        "11441",
        "A simple closure is included in the excision.",
        "Edits that were checked",
        "11441 has 10 global days.",
        "NCCI Policy Manual , Chapter III, section B ; edition 2026, in effect from 2026-01-01",
        "not confirmed",
        "2026.3+sha256:0f3c9d1a",
        "assumed",
    ):
        assert words in page.text, words
    targets = {attributes.get("id") for _, attributes in page.tags}
    links = [a["href"] for a in page.attributes("a") if a.get("class") == "cite"]
    assert links
    assert all(str(link).removeprefix("#") in targets for link in links)


def test_what_is_missing_is_shown_with_what_it_decides(world: World, ada: Browser) -> None:
    """An open question comes with what the answer becomes for each value."""
    reference = world.drafted(outcome=Outcome.ASK_BACK, answer="How wide was the margin?\n")
    text = Words(ada.get(f"/cases/{reference}").text).text
    assert "How wide was the narrowest margin, in cm?" in text
    assert "0.2 to 0.3 cm: 11442" in text


def test_facts_are_marked_in_the_letters_own_words(ada: Browser, case: str) -> None:
    """The reviewer sees where each fact was read."""
    page = ada.get(f"/cases/{case}").text
    assert '<mark class="fact" title="lesion diameter: 0.4 cm">0.4 cm</mark>' in page
    assert '<mark class="fact" title="pathology: benign (not certain)">benign</mark>' in page
    assert '<mark class="code" title="CPT 12011">12011</mark>' in page
    assert '“Excision on the <mark class="fact" title="site: chin">chin</mark> and simple repair”' in page


def test_a_look_leaves_one_row_in_a_quarter_of_an_hour(world: World, ada: Browser, case: str) -> None:
    """Each view of a case is recorded, and a reload is not a new view."""

    def views() -> int:
        with world.parts.store.read() as tx:
            return sum(entry.action == "view" for entry in audit.trail(tx, world.case(case).id))

    ada.get(f"/cases/{case}")
    ada.get(f"/cases/{case}")
    assert views() == 1
    for minutes in (14, 2):
        world.pass_time(minutes=minutes)
        ada.get(f"/cases/{case}")
    assert views() == 2
    with world.parts.store.read() as tx:
        assert audit.first_broken(tx) is None


def test_the_page_is_told_when_the_case_moves_on(world: World, ada: Browser, claimed: str) -> None:
    """A page that waits loads again once the state is another, and its asking does not keep the session."""
    ada.send(f"/cases/{claimed}/approve", {"seen_draft": 1})
    assert ada.get(f"/cases/{claimed}/state?seen=approved").status_code == 204
    world.move(claimed, Event.DELIVER_ANSWER)
    assert ada.get(f"/cases/{claimed}/state?seen=approved").headers["hx-refresh"] == "true"


def test_next_leads_to_the_case_that_is_due_soonest(world: World, ada: Browser, case: str) -> None:
    """After one case comes the next that waits, and the queue when none does."""
    other = world.drafted()
    assert ada.get(f"/queue/next?after={case}").url.path == f"/cases/{other}"
    ada.send(f"/cases/{other}/claim")
    assert ada.get(f"/queue/next?after={case}").url.path == "/queue"


def test_an_unknown_case_is_a_page_in_words(ada: Browser) -> None:
    """A mistyped reference is answered with 404 and a sentence."""
    answer = ada.get("/cases/C-2026-999999")
    assert answer.status_code == 404
    assert "There is no case C-2026-999999." in answer.text


def test_a_form_that_comes_after_the_session_ended_shows_what_was_typed(
    world: World, ada: Browser, claimed: str
) -> None:
    """Nothing typed is lost to the clock; a form from elsewhere is not shown under our name."""
    token = ada.token("/queue")
    world.pass_time(minutes=16)
    fields = form("Half an hour of careful words.") | {"csrf": token}
    own = ada.client.post(f"/cases/{claimed}/save", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 401
    assert "Half an hour of careful words." in own.text
    foreign = ada.client.post(f"/cases/{claimed}/save", data=fields)
    assert foreign.status_code == 401
    assert "careful words" not in foreign.text


def test_without_a_language_model_nothing_is_said_of_one(ada: Browser, case: str) -> None:
    """Most desks have none."""
    assert "language model" not in ada.get(f"/cases/{case}").text


def test_a_refused_wording_is_one_plain_line(world: World, ada: Browser) -> None:
    """The reviewer sees that the engine's words stand, and why; what a model made up is shown inert."""
    note = "The language model's wording was refused: in sentence 1 of Why “<b>9” stands where the engine wrote “0.8”."
    case = world.drafted(written={"writer": "engine", "writer_note": note})
    page = ada.get(f"/cases/{case}").text
    assert f"Version 1 has the engine's own words. {note}" in Words(page).text
    assert "<b>9" not in page
    ada.send(f"/cases/{case}/claim")
    assert note in Words(ada.get(f"/cases/{case}").text).text


def test_a_models_wording_is_shown_against_the_engines(world: World, ada: Browser) -> None:
    """Word by word, on the page of the case, before and after the reviewer's own edits."""
    own = ANSWER.replace("The excised diameter is", "Excised diameter, as it was measured, is")
    case = world.drafted(written={"writer": "model", "engine_text": own})
    page = ada.get(f"/cases/{case}").text
    assert "Version 1 has words of the language model" in Words(page).text
    assert re.search(r"<del>[^<]*measured", page)
    ada.send(f"/cases/{case}/claim")
    ada.send(f"/cases/{case}/save", form(ANSWER.replace("one unit", "1 unit")))
    edited = ada.get(f"/cases/{case}").text
    assert "Version 1 has words of the language model" in Words(edited).text
    assert re.search(r"<del>[^<]*measured", edited)


def test_a_letter_preview_is_a_document_without_rights(ada: Browser, case: str) -> None:
    """The frame runs nothing, loads nothing and has an origin of its own."""
    page = Words(ada.get(f"/cases/{case}/preview").text)
    (frame,) = page.attributes("iframe")
    assert frame["sandbox"] in (None, "")
    assert frame["referrerpolicy"] == "no-referrer"
    answer = ada.get(str(frame["src"]))
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
    )
    assert answer.headers["cache-control"] == "no-store"
