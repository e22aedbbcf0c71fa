"""The desk in a real browser: with scripts and without, light and dark, on a phone, by keyboard, for everybody."""

import socket
from typing import Any

import pytest

from consultant.lifecycle import Event, State
from consultant.mail.letter import Verdict
from consultant.records.outgoing import Sending
from tests.browser.conftest import OpenWindow, Served, Window
from tests.desk.web.test_local_mail import Kept
from tests.desk.web.world import ANSWER, CHIN, World


def furnish(world: World) -> str:
    """Fill the desk so that every kind of page has something on it; return the case that Ada has in review."""
    from consultant import review
    from consultant.records import people

    with world.parts.store.read() as tx:
        ada = people.by_login(tx, "ada")
    assert ada
    ben = world.person("ben", "Ben Examiner", "CCS")
    theirs = world.drafted(subject="Two lesions of the back")
    review.claim(world.parts, world.case(theirs).id, ben)
    sent = world.drafted(subject="Global period")
    review.claim(world.parts, world.case(sent).id, ada)
    review.approve(world.parts, world.case(sent).id, ada, text=ANSWER, kind="answer", seen_draft=1, override="Checked.")
    world.step_outbox(world.outbox(sent)[0].id, Sending.UNCERTAIN, "The connection closed after the dot.")
    world.move(sent, Event.UNCERTAIN, hold_reason="The connection closed after the dot.")
    world.letter(verdict=Verdict.QUARANTINE, reason="Nested deeper than 30 levels.")
    world.letter(verdict=Verdict.DISCARD, reason="An automatic letter.", rule="auto-submitted")
    other = world.drafted(subject="Another lesion")
    world.follow_up(other, "And another matter.")
    stranger = {"sender": "colette@clinic.example", "rule": "follow-up-from-a-stranger", "about": other}
    world.letter(verdict=Verdict.QUARANTINE, reason="No letter in the case is from him.", **stranger)
    world.beat("web")
    world.account(checked_at=world.time)
    mine = world.drafted(full=CHIN + "\n> quoted", attachments=(("path.pdf", b"%PDF"),), defects=("No date.",))
    review.claim(world.parts, world.case(mine).id, ada)
    review.save(world.parts, world.case(mine).id, ada, text=ANSWER + "\nBye.", outcome="answer", seen_draft=1)
    return mine


PAGES = (
    "/queue",
    "/cases/{mine}",
    "/cases/{mine}/preview",
    "/cases/C-{year}-000001",
    "/cases/C-{year}-000002",
    "/cases/C-{year}-000003",
    "/cases/{mine}/merge",
    "/cases/{mine}/merge?into=C-{year}-000003",
    "/queue?words=nothing-like-this",
    "/quarantine",
    "/set-aside",
    "/outbox",
    "/status",
    "/local",
    "/local?sample=chin",
    "/local/letters/1",
    "/cases/unknown",
)


def addresses(world: World, mine: str) -> list[str]:
    return [page.format(mine=mine, year=world.time.year) for page in PAGES]


def test_a_reviewer_answers_a_case_by_keyboard(served: Served, open_window: OpenWindow) -> None:
    """From the queue to the approved letter, with the checks following what is typed."""
    case = served.world.drafted()
    window = open_window()
    page = window.page
    window.log_in()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}")
    page.get_by_role("button", name="Claim this case").press("Enter")
    page.wait_for_selector("#text")
    assert "All 10 checks pass" in page.inner_text("#checks")
    page.keyboard.press("e")
    page.keyboard.press("Control+End")
    page.keyboard.type("Report 99999 instead.")
    page.wait_for_selector("#checks .bad")
    assert "99999" in page.inner_text("#checks")
    assert page.inner_text("#saved") == "Not saved yet"
    page.fill("#text", ANSWER.replace("The simple repair", "This simple repair"))
    page.wait_for_selector("#checks .verdict.good")
    page.focus("#text")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/preview")
    letter = page.frame_locator("iframe").locator("body")
    assert "This simple repair is not reported separately." in letter.inner_text()
    page.get_by_role("button", name="Approve and send").click()
    page.wait_for_selector("text=The letter leaves in")
    assert served.world.case(case).state is State.APPROVED
    served.world.move(case, Event.DELIVER_ANSWER)
    page.wait_for_selector(".state.answered", timeout=10_000)
    assert window.complaints == []


def test_the_desk_works_without_scripts(served: Served, open_window: OpenWindow) -> None:
    """Plain forms do all of it: claim, check, save, preview, approve."""
    case = served.world.drafted()
    window = open_window(scripts=False)
    page = window.page
    window.log_in(f"/login?next=/cases/{case}")
    page.click("text=Claim this case")
    page.fill("#text", "Report 99999.")
    page.click("button:has-text('Check')")
    assert page.input_value("#text") == "Report 99999."
    assert "99999" in page.inner_text("#checks")
    page.fill("#text", ANSWER.replace("The simple repair", "This simple repair"))
    page.click("button:has-text('Save')")
    assert "Your text is saved." in page.inner_text("main")
    page.click("text=Preview the letter")
    assert "This simple repair" in page.frame_locator("iframe").locator("body").inner_text()
    page.click("text=Approve and send")
    assert "Approved." in page.inner_text("main")
    assert len(served.world.outbox(case)) == 1


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1024, "dark"), (390, "light"), (360, "dark")])
def test_every_page_is_for_everybody(
    served: Served, open_window: OpenWindow, axe: str, width: int, scheme: str
) -> None:
    """No page breaks a rule of WCAG 2.2 AA that axe can see, wider than its window, or against its own policy."""
    mine = furnish(served.world)
    window = open_window(width=width, scheme=scheme)
    page = window.page
    window.open("/login")
    found = broken(window, axe, "/login")
    window.log_in()
    for address in addresses(served.world, mine):
        window.open(address)
        for fold in page.query_selector_all("main details"):
            fold.evaluate("fold => fold.open = true")
        found += broken(window, axe, address)
    assert "\n".join(found) == ""
    # The page of an unknown case is a 404, of which the browser says so itself.
    assert [said for said in window.complaints if "404" not in said] == []


def broken(window: Window, axe: str, address: str) -> list[str]:
    """Return what is wrong with the open page, in words."""
    page = window.page
    page.evaluate(axe)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": rules}, "iframes": False}
    result: Any = page.evaluate("options => axe.run(document, options)", options)
    found = [
        f"{address}: {rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{address} is {over} px wider than its window"] if over > 0 else [])


def test_leaving_with_unsaved_text_asks_first(served: Served, open_window: OpenWindow) -> None:
    """A slip of the mouse does not cost an hour of writing; saving and previewing ask nothing."""
    mine = furnish(served.world)
    window = open_window()
    page = window.page
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    window.log_in(f"/login?next=/cases/{mine}")
    page.fill("#text", "An hour of writing.")
    page.click("nav >> text=Status")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.input_value("#text") == "An hour of writing."
    page.click("[data-save]")
    page.wait_for_selector("text=Your text is saved.")
    page.click("nav >> text=Status")
    page.wait_for_url("**/status")
    assert asked == ["beforeunload"]


HOSTILE = """<script>window.broken = 1</script><img src="http://SINK/a.gif" onerror="window.broken = 2">
<link rel="preconnect" href="http://SINK"><iframe src="http://SINK/"></iframe></textarea><style>@import url(http://SINK/x.css);</style>{{7*7}}"""


def test_a_hostile_letter_runs_nothing_and_reaches_nobody(served: Served, open_window: OpenWindow) -> None:
    """Whatever a letter holds, no script of it runs, and a server that it points at hears nothing."""
    sink = socket.create_server(("127.0.0.1", 0))
    hostile = HOSTILE.replace("SINK", f"127.0.0.1:{sink.getsockname()[1]}")
    case = served.world.drafted(
        hostile, subject=hostile.splitlines()[0], full=hostile + " more", answer=ANSWER + hostile, html=hostile
    )
    raw = b"Subject: x\r\nContent-Type: text/html\r\n\r\n" + hostile.encode()
    served.postbox.boxes["coder@clinic.example"] = [Kept(raw)]
    window = open_window()
    page = window.page
    window.log_in(f"/login?next=/cases/{case}")
    page.click("text=Claim this case")
    page.wait_for_selector("#text")
    page.click("summary:has-text('Original')")
    page.click("text=Reveal the original")
    page.wait_for_selector("text=This is not masked.")
    for address in ("/queue", f"/cases/{case}", f"/cases/{case}/preview", "/local/letters/1"):
        window.open(address)
        page.wait_for_timeout(200)
        assert page.evaluate("window.broken") is None, address
    sink.settimeout(0.3)
    with pytest.raises(TimeoutError):
        sink.accept()
    sink.close()


def test_the_queue_refreshes_by_itself(served: Served, open_window: OpenWindow) -> None:
    """A case that is drafted while the queue is open appears, and the chosen row stays chosen."""
    first = served.world.drafted(subject="The first")
    window = open_window()
    page = window.page
    page.clock.install()
    window.log_in()
    page.keyboard.press("j")
    served.world.drafted(subject="The second")
    page.clock.fast_forward(21_000)
    page.wait_for_selector("text=The second")
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/cases/{first}"
    assert window.complaints == []


def test_the_keys_are_told(open_window: OpenWindow) -> None:
    """The question mark shows the shortcuts; Escape closes the list."""
    window = open_window()
    page = window.page
    window.log_in()
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"
