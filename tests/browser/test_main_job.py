"""The main job as a person does it: write a letter, log in, claim, edit, approve, and read the reply."""

import email
import email.policy
import re
import shutil

import pytest
from imapclient import IMAPClient
from playwright.sync_api import expect

from tests.browser.chromium import MISSING, PROGRAM, browser
from tests.processes import Process
from tests.servers import free_port

pytestmark = pytest.mark.browser

if PROGRAM is None:
    pytest.skip(MISSING, allow_module_level=True)

ASKER = "coder@clinic.example"
EDIT = "Please keep the measurement before the excision in the note."


@pytest.fixture
def service(tmp_path, release_root):
    """A running desk with a release in its folder."""
    shutil.copytree(release_root, tmp_path / "var" / "knowledge", symlinks=True)
    ports = {
        "CONSULTANT_WEB__PORT": str(free_port()),
        "CONSULTANT_LOCAL__SMTP_PORT": str(free_port()),
        "CONSULTANT_LOCAL__IMAP_PORT": str(free_port()),
        "CONSULTANT_DESK__UNDO_SECONDS": "1",
    }
    with Process("up", cwd=tmp_path, env=ports) as running:
        running.wait_for("Ctrl-C stops it")
        running.address = f"http://127.0.0.1:{ports['CONSULTANT_WEB__PORT']}"
        running.imap_port = int(ports["CONSULTANT_LOCAL__IMAP_PORT"])
        yield running


def mailbox(service):
    with IMAPClient("127.0.0.1", service.imap_port, ssl=False, timeout=10) as client:
        client.login(ASKER, "local")
        client.select_folder("INBOX", readonly=True)
        answers = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        return [email.message_from_bytes(each[b"BODY[]"], policy=email.policy.default) for each in answers.values()]


def test_from_a_letter_to_the_approved_reply(service):
    secret = service.wait_for(r"(\w{5}-\w{5}-\w{5}-\w{5})").group(1)
    with browser() as chromium:
        page = chromium.new_page()
        problems = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))

        page.goto(f"{service.address}/local?sample=lesion-benign")
        page.get_by_role("button", name="Send to the desk").click()
        expect(page.locator("#inbox li").first).to_be_visible(timeout=30_000)

        page.goto(f"{service.address}/queue")
        page.get_by_label("Login").fill("reviewer")
        page.get_by_label("Password").fill(secret)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("link", name=re.compile("C-2026-000001|chin", re.I)).first.click()
        page.get_by_role("button", name="Claim this case").first.click()
        editor = page.locator("#text")
        expect(editor).to_have_value(re.compile("11441"))
        editor.fill(editor.input_value().replace("\n\nClaim lines\n", f"\n\n{EDIT} [1]\n\nClaim lines\n", 1))
        page.get_by_role("button", name="Preview the letter").click()
        letter = page.frame_locator("iframe.sheet")
        expect(letter.get_by_text(EDIT)).to_be_visible()
        page.get_by_role("button", name="Approve and send").click()
        expect(page.get_by_text(re.compile("answered", re.I)).first).to_be_visible(timeout=30_000)

        page.goto(f"{service.address}/local")
        expect(page.locator("#inbox li")).to_have_count(2, timeout=30_000)
        page.locator("#inbox li a").first.click()
        expect(page.frame_locator("iframe.sheet").get_by_text(EDIT)).to_be_visible()
        assert problems == []

    answer = next(each for each in mailbox(service) if each["Auto-Submitted"] is None)
    automatic = next(each for each in mailbox(service) if each["Auto-Submitted"] == "auto-replied")
    assert answer["In-Reply-To"] == automatic["In-Reply-To"]
    assert answer["In-Reply-To"] in answer["References"]
    assert re.search(r"\[C-2026-000001\.[a-z2-7]+\]", answer["Subject"])
    assert answer["X-Consultant-Case"].startswith("C-2026-000001.")
    assert EDIT in " ".join(answer.get_body(("plain",)).get_content().split())
    assert "Desk reviewer" in answer.get_body(("plain",)).get_content()
