"""The page that plays the asker: there in the embedded mode only, for this machine only."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.desk.web.conftest import Browser, OpenBrowser, Words, app_for
from tests.desk.web.world import NOON, World


@dataclass(frozen=True)
class Kept:
    raw: bytes
    received_at: datetime = NOON
    path: Path = Path("1.eml")


@dataclass(frozen=True)
class Story:
    key: str = "chin"
    title: str = "A lesion on the chin"
    subject: str = "Chin"
    text: str = "Which code?"

    def letter(self, sender: str, recipient: str, text: str | None = None) -> bytes:
        return f"From: {sender}\r\nTo: {recipient}\r\n\r\n{text or self.text} in its own form".encode()


@dataclass
class Postbox:
    """Plays the embedded mail server."""

    sent: list[tuple[bytes, str, list[str]]] = field(default_factory=list)
    boxes: dict[str, list[Kept]] = field(default_factory=dict)

    def deliver(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        self.sent.append((raw, sender, list(recipients)))

    def inbox(self, address: str) -> Sequence[Kept]:
        return self.boxes.get(address, [])[::-1]


ANSWERED = (
    b"From: Desk <desk@consultant.localhost>\r\nTo: coder@clinic.example\r\nSubject: Re: Chin\r\n"
    b"Message-ID: <answer@consultant.localhost>\r\nIn-Reply-To: <question@clinic.example>\r\n"
    b"References: <question@clinic.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>Report 11441.</p><script>alert(1)</script>"
)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def asker(world: World, postbox: Postbox) -> Browser:
    app = app_for(world, postbox, [Story()])
    return Browser(TestClient(app, base_url="http://localhost:8080", client=("127.0.0.1", 1)))


def test_without_the_embedded_server_there_is_no_such_page(open_browser: OpenBrowser) -> None:
    """In production nobody finds the page, logged in or not."""
    assert open_browser().get("/local").status_code == 404


def test_a_letter_goes_to_the_desk_as_a_mail_program_would_send_it(asker: Browser, postbox: Postbox) -> None:
    """From, To, Subject, Date and Message-ID are there, and no login was asked for."""
    answer = asker.send(
        "/local/send",
        {"address": "me@clinic.example", "subject": "Chin\r\nBcc: x@y.example", "text": "Which code?\r\nThanks, Zoë"},
        page="/local",
    )
    assert answer.status_code == 200
    ((raw, sender, recipients),) = postbox.sent
    assert (sender, recipients) == ("me@clinic.example", ["desk@consultant.localhost"])
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert letter["from"] == "me@clinic.example"
    assert letter["subject"] == "Chin Bcc: x@y.example"
    assert letter["bcc"] is None
    assert letter["message-id"]
    assert letter["date"]
    assert letter.get_content() == "Which code?\r\nThanks, Zoë\r\n"


def test_a_sample_fills_the_form(asker: Browser) -> None:
    """One need not write to try the desk."""
    page = Words(asker.get("/local?sample=chin").text)
    assert "Which code?" in page.text
    assert any(field.get("value") == "Chin" for field in page.attributes("input"))


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"subject": "Chin", "text": "Which code?\r\n"}, b"Which code? in its own form"),
        ({"subject": "Chin", "text": "Which one?"}, b"Which one? in its own form"),
        ({"subject": "Another", "text": "Which code?"}, b"Which code?\r\n"),
    ],
)
def test_a_sample_goes_out_in_its_own_form(
    asker: Browser, postbox: Postbox, fields: dict[str, str], sent: bytes
) -> None:
    """A sample keeps its HTML and attachments, with the text as it was changed; own words are a plain letter."""
    asker.send("/local/send", {"address": "me@clinic.example", "sample": "chin"} | fields, page="/local")
    assert postbox.sent[0][0].endswith(sent)


def test_a_reply_threads_under_the_answer(asker: Browser, postbox: Postbox) -> None:
    """A follow-up carries In-Reply-To and References, so that it finds its case."""
    postbox.boxes["coder@clinic.example"] = [Kept(ANSWERED)]
    page = asker.get("/local/letters/1?address=coder@clinic.example")
    assert "question@clinic.example" in page.text
    asker.send(
        "/local/send",
        {"address": "coder@clinic.example", "answers": "1", "subject": "Re: Chin", "text": "And the repair?"},
        page="/local",
    )
    letter = email.message_from_bytes(postbox.sent[0][0], policy=email.policy.default)
    assert letter["in-reply-to"] == "<answer@consultant.localhost>"
    assert letter["references"].split() == ["<question@clinic.example>", "<answer@consultant.localhost>"]


def test_a_letters_html_is_a_document_without_rights(asker: Browser, postbox: Postbox) -> None:
    """The frame shows the letter's HTML; scripts in it do not run and nothing is loaded."""
    postbox.boxes["coder@clinic.example"] = [Kept(ANSWERED)]
    answer = asker.get("/local/letters/1/html?address=coder@clinic.example")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    frame = Words(asker.get("/local/letters/1?address=coder@clinic.example").text).attributes("iframe")
    assert frame[0]["sandbox"] is None or frame[0]["sandbox"] == ""


def test_a_letter_file_arrives_byte_for_byte(asker: Browser, postbox: Postbox) -> None:
    """What was dropped in is what the desk gets, line ends and all."""
    raw = b"From: a@b.example\nSubject: =?x?\n\n\xff\x00odd\r\n"
    token = asker.token("/local")
    answer = asker.client.post(
        "/local/upload",
        data={"csrf": token, "address": "me@clinic.example"},
        files={"letter": ("odd.eml", raw, "message/rfc822")},
    )
    assert answer.status_code == 200
    assert postbox.sent == [(raw, "me@clinic.example", ["desk@consultant.localhost"])]


def test_a_letter_file_may_be_larger_than_a_form(asker: Browser, postbox: Postbox) -> None:
    """Five megabytes arrive; 27 do not."""
    token = asker.token("/local")
    for size, status in ((5_000_000, 200), (27_000_000, 413)):
        answer = asker.client.post(
            "/local/upload", data={"csrf": token, "address": "a@b.example"}, files={"letter": ("l.eml", b"x" * size)}
        )
        assert answer.status_code == status
    assert len(postbox.sent) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"text": "  "}, "Write a question first"), ({"text": "x", "address": "no address"}, "is no address")],
)
def test_what_is_missing_is_said(asker: Browser, postbox: Postbox, fields: dict[str, str], words: str) -> None:
    """Nothing goes out, and what was typed stays."""
    answer = asker.send("/local/send", {"subject": "Kept subject"} | fields, page="/local")
    assert answer.status_code == 422
    assert words in answer.text
    assert postbox.sent == []


@pytest.mark.parametrize(
    ("host", "name"), [("192.0.2.1", "localhost"), ("127.0.0.1", "rebound.example"), ("testclient", "localhost")]
)
def test_nobody_elsewhere_plays_the_asker(world: World, host: str, name: str) -> None:
    """Requests from elsewhere, or under a name that is not this machine's, are refused."""
    app = app_for(world, Postbox())
    client = TestClient(app, base_url=f"http://{name}", client=(host, 1))
    assert client.get("/local").status_code == 403


def test_the_mailbox_alone_refreshes(asker: Browser, postbox: Postbox) -> None:
    """The piece that the page fetches by itself shows what has come."""
    postbox.boxes["coder@clinic.example"] = [Kept(ANSWERED), Kept(b"")]
    answer: Any = asker.get("/local/inbox")
    assert "Re: Chin" in answer.text
    assert "cannot be read" in answer.text
    assert "<html" not in answer.text
