"""Evidence as values. A claim without a citation has no type to travel in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.model import Citation


class FindingKind(StrEnum):
    """Which section of a draft a finding belongs to (docs/answers.md, Anatomy)."""

    WHY = "why"
    EDIT = "edit"
    MODIFIER = "modifier"
    DIAGNOSIS = "diagnosis"
    DOCUMENTATION = "documentation"
    CAVEAT = "caveat"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement that the knowledge base supports."""

    kind: FindingKind
    rule: str
    """The name of the rule, chooser row or lookup that gave it."""
    text: str
    citations: tuple[Citation, ...]
    present: bool | None = None
    """For DOCUMENTATION: whether the letter itself says it."""

    def __post_init__(self) -> None:
        """Refuse a finding that cites nothing."""
        if not self.citations:
            raise ValueError(f"The finding {self.rule} cites nothing; every claim needs a row of the release.")


@dataclass(frozen=True, slots=True)
class Line:
    """One claim line."""

    system: str
    code: str
    units: int
    modifiers: tuple[str, ...]
    diagnoses: tuple[str, ...]
    rule: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A code that must not be reported here, with the reason."""

    system: str
    code: str
    reason: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A deciding fact that the letter does not give."""

    fact: str
    question: str
    becomes: tuple[tuple[str, str], ...]
    """What the answer becomes for each value: (value in words, code or outcome)."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the release says to one question on one date of service."""

    date_of_service: date
    date_assumed: bool
    release: str
    lines: tuple[Line, ...]
    rejected: tuple[Rejected, ...]
    missing: tuple[Missing, ...]
    findings: tuple[Finding, ...]
    families: tuple[str, ...]
    """Families of the knowledge base that were consulted."""
    gap: str | None = None
    """Why nothing could be found, as a sentence; the draft is then handed over."""
