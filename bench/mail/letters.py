"""The letters of the mail bench: seeded, each with a sender, a Message-ID and a body of its own.

Plain, HTML, multipart and letters with small attachments, in the shares of `_SHAPES`; a seed gives the same bytes
always.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

SEED = 20260302
WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DESK = "desk@desk.example"
_QUESTIONS = (
    "Benign nevus of the {site}, 0.{size} cm with 0.2 cm margins on each side, excised, simple closure. Which code?",
    "Excision of a benign lesion of the {site}, 1.{size} cm with its margins. May we bill the repair beside it?",
    "Debridement of a {site} ulcer down to muscle, 1{size} sq cm. Which code and how many units?",
    "Simple repair of a {size}.5 cm laceration of the {site}. Which code do I report?",
    "May 11042 and 97597 be billed together for one wound of the {site}?",
    "Established patient, 2{size} minutes in all, low complexity. Which level?",
    "Is 11008 an add-on code, and with which codes may it be reported?",
)
_SITES = ("chin", "cheek", "forearm", "back", "scalp", "left hand", "neck", "lower leg")
_SENTENCES = (
    "The operative note is dictated and the pathology came back yesterday.",
    "Our payer asked for the documentation before it pays.",
    "The surgeon saw the patient once more the week after.",
    "We have reported it the other way until now and had two denials.",
    "Thank you for looking at this; the claim is due at the end of the week.",
    "I could not find anything about it in the manual of the carrier.",
)
_SHAPES = (("plain", 45), ("html", 15), ("alternative", 25), ("attached", 15))


def letters(count: int, seed: int = SEED, first: int = 1) -> Iterator[bytes]:
    """Yield `count` letters in wire form (CRLF), numbered from `first`."""
    for number in range(first, first + count):
        yield letter(number, seed)


def letter(number: int, seed: int = SEED) -> bytes:
    """Return the letter of this number."""
    chance = random.Random(f"{seed}-{number}")
    made = EmailMessage(policy=SMTP)
    made["Return-Path"] = f"<asker{number}@clinic{number % 97}.example>"
    for hop in range(3):
        made["Received"] = (
            f"from relay{hop}.clinic.example (relay{hop}.clinic.example [192.0.2.{hop + 1}]) "
            f"by mx{hop}.desk.example with ESMTPS id {chance.getrandbits(64):016x}; {format_datetime(WHEN)}"
        )
    made["From"] = f"Testa Sampleton <asker{number}@clinic{number % 97}.example>"
    made["To"] = DESK
    made["Subject"] = f"Question {number} from the billing office"
    made["Date"] = format_datetime(WHEN + timedelta(seconds=number))
    made["Message-ID"] = message_id(number, seed)
    made["X-Mailer"] = "Sample Mailer 1.0"
    paragraphs = _paragraphs(chance)
    shape = chance.choices([name for name, _ in _SHAPES], [share for _, share in _SHAPES])[0]
    text, hypertext = "\n\n".join(paragraphs) + "\n", _hypertext(paragraphs)
    if shape == "html":
        made.set_content(hypertext, subtype="html")
    else:
        made.set_content(text)
    if shape == "alternative":
        made.add_alternative(hypertext, subtype="html")
    if shape == "attached":
        name, main, kind = chance.choice((("table.csv", "text", "csv"), ("scan.bin", "application", "octet-stream")))
        made.add_attachment(chance.randbytes(chance.randint(500, 4000)).hex().encode(), main, kind, filename=name)
    return made.as_bytes()


def message_id(number: int, seed: int = SEED) -> str:
    """Return the Message-ID of the letter of this number."""
    return f"<bench-{seed}-{number}@clinic.example>"


def _paragraphs(chance: random.Random) -> list[str]:
    question = chance.choice(_QUESTIONS).format(site=chance.choice(_SITES), size=chance.randint(1, 9))
    talk = " ".join(chance.sample(_SENTENCES, chance.randint(1, 4)))
    return ["Good morning,", question, talk, "Kind regards,\nTesta Sampleton\nBilling office"]


def _hypertext(paragraphs: list[str]) -> str:
    body = "".join(f"<p>{each.replace(chr(10), '<br>')}</p>\n" for each in paragraphs)
    return f"<html><head><style>p {{ margin: 0 }}</style></head><body>\n{body}</body></html>\n"
