"""The letters of a fault run: questions with a number each, machines' letters, and poison."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from consultant import clock
from consultant.faults import POISON

PLANTED = ("Zebulon Testerly", "00-TEST-4711", "(555) 010-4477")
"""Invented identifiers that stand in every question, and must stand in no log, broker or traceback."""

QUESTIONS = (
    "Benign nevus of the chin, 0.4 cm with 0.2 cm margins on each side, excised, simple closure. Which code?",
    "Is 11008 an add-on code, and with which codes may it be reported?",
    "Debridement of a sacral ulcer down to muscle, 18 sq cm. Which code and how many units?",
    "May 11042 and 97597 be billed together for one wound?",
    "Established patient, 22 minutes in all, low complexity. Which level?",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One letter that was put into the mailbox."""

    number: int
    kind: str
    """question, poison or machine."""
    raw: bytes

    @property
    def sender(self) -> str:
        """Every letter has a sender of its own, so that each may have its one automatic letter."""
        return f"asker{self.number}@clinic.example"


def letters(count: int, seed: int, poison: float = 0.01, machines: float = 0.03) -> Iterator[Sent]:
    """Yield `count` letters; the same seed gives the same letters, but for their dates."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        draw = chance.random()
        kind = "poison" if draw < poison else "machine" if draw < poison + machines else "question"
        yield Sent(number, kind, _letter(number, kind, chance))


def _letter(number: int, kind: str, chance: random.Random) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f"Testa Sampleton <asker{number}@clinic.example>"
    letter["To"] = "desk@desk.example"
    letter["Subject"] = f"Question {number}"
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<question-{number}@clinic.example>"
    if kind == "machine":
        letter["Auto-Submitted"] = "auto-replied"
    if kind == "poison":
        name, _, value = POISON.decode().partition(": ")
        letter[name] = value
    planted = f"Patient {PLANTED[0]}, MRN {PLANTED[1]}, call {PLANTED[2]}."
    letter.set_content(f"{chance.choice(QUESTIONS)}\n\n{planted}\n")
    return letter.as_bytes()
