"""What one phrase of a letter says, or a number beside it."""

from dataclasses import dataclass

from consultant.questions.model import Fact
from knowledge.model import Phrase


@dataclass(frozen=True, slots=True)
class Said:
    """A fact with the phrase that says it."""

    phrase: Phrase
    fact: Fact
    counted: bool = False
    """Whether the fact is the number that stands beside the phrase."""
