"""What letters ask about that no family holds: services, diagnoses, matters of the office, in the words of coders."""

from dataclasses import dataclass
from enum import StrEnum


class UncoveredKind(StrEnum):
    """What it is that the knowledge base does not hold."""

    SERVICE = "service"
    DIAGNOSIS = "diagnosis"
    SUBJECT = "subject"
    """A matter of payers and offices: no service and no diagnosis."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """One thing that no family holds."""

    name: str
    """As it reads on in "holds nothing on ...": "sleep studies"."""
    kind: UncoveredKind
    words: tuple[str, ...]
    """How coders write it; matched by stems as the phrases of families are."""
    hides: tuple[str, ...] = ()
    """Families whose own words tell of it, and that must not take it up."""
