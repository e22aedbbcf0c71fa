"""Sample letters for trying the desk: invented questions, each with a point that an answer has to get right."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import cache
from importlib.resources import files

from consultant import clock

TITLES = {
    "lesion-benign": "A benign lesion on the chin, with margins",
    "lesion-malignant": "A skin cancer on the nose, with a layered closure",
    "margin-missing": "An excision whose margins nobody wrote down",
    "closure": "May the closure be billed beside the excision?",
    "nsti-mesh": "A necrotizing infection with an infected mesh",
    "two-lesions": "Two lesions in one session",
    "pathology-pending": "The pathology report is not back yet",
    "bare-code": "A bare code and its global days",
    "html-only": "A letter in HTML only, with a table",
    "attachment": "An operative note as an attachment",
    "spanish": "A letter in Spanish, which goes to a person",
    "empty": "An empty letter",
    "out-of-scope": "A claim's status and medical advice, which are out of scope",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample letter."""

    key: str
    """Its file's name without `.eml`."""
    title: str
    """What it is about, for a list to choose from."""
    subject: str
    text: str
    """What the asker wrote, for an editor; for a letter in HTML its source."""
    raw: bytes
    """The whole letter, without Date and Message-ID; line ends are CRLF."""

    def letter(self, sender: str, recipient: str, text: str | None = None) -> bytes:
        """Return the letter as `sender` would send it now, with `text` in place of its own where one is given."""
        message = _parsed(self.raw)
        if text is not None and text != self.text:
            body = message.get_body(("plain", "html"))
            (body or message).set_content(text, subtype=(body or message).get_content_subtype())
        for name, value in (
            ("From", f"Testa Sampleton <{sender}>"),
            ("To", recipient),
            ("Date", format_datetime(clock.now())),
            ("Message-ID", make_msgid(domain=sender.rpartition("@")[2] or "practice.localhost")),
        ):
            del message[name]
            message[name] = value
        return message.as_bytes(policy=SMTP)


@cache
def samples() -> tuple[Sample, ...]:
    """Return the sample letters in the order of a tour."""
    folder = files("consultant.local") / "samples"
    return tuple(_sample(key, title, (folder / f"{key}.eml").read_bytes()) for key, title in TITLES.items())


def sample(key: str) -> Sample:
    """Return the sample of this key; raises `KeyError` when there is none."""
    return {each.key: each for each in samples()}[key]


def _sample(key: str, title: str, content: bytes) -> Sample:
    message = _parsed(content)
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    return Sample(key, title, str(message["Subject"] or ""), text, message.as_bytes(policy=SMTP))


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message
