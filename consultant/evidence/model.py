"""Evidence as values. A claim without a citation has no type to travel in."""

from dataclasses import dataclass
from datetime import date, datetime
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

    def __post_init__(self) -> None:
        """Refuse a rejection that cites nothing."""
        if not self.citations:
            raise ValueError(f"The rejection of {self.code} cites nothing; every claim needs a row of the release.")


@dataclass(frozen=True, slots=True)
class Missing:
    """A deciding fact that the letter does not give."""

    fact: str
    question: str
    becomes: tuple[tuple[str, str], ...]
    """What the answer becomes for each value: (value in words, code or outcome)."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Billed:
    """A claim line without its reasons: what one answer's line is compared with another's by."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the line as a coder says it: 11102-59 x 2 with D22.39."""
        units = f" x {self.units}" if self.units != 1 else ""
        diagnoses = f" with {', '.join(self.diagnoses)}" if self.diagnoses else ""
        return "-".join((self.code, *self.modifiers)) + units + diagnoses


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact for which an earlier letter and this one say different things; empty where one says nothing."""

    fact: str
    there: str
    here: str


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier answer to a like question that a reviewer approved: shown to the next one, never copied.

    Its words are not among these values. Pages read them from the earlier case, so that what retention purges there
    is gone everywhere, and an approval that falls later is shown no more.
    """

    review_id: int
    """The approval, by which the text as approved is found."""
    reference: str
    reviewer: str
    credential: str
    approved_at: datetime
    release: str
    """The release that the answer was drawn from."""
    likeness: float
    """0 to 1, as `precedents.likeness` measures it."""
    lines: tuple[Billed, ...]
    """As the reviewer approved them."""
    drawn: tuple[Billed, ...]
    """As the engine had drawn them."""
    changed: bool
    """Whether the reviewer approved other lines, or answered where the engine had asked back or handed over."""
    shared: tuple[str, ...]
    """Codes and families that both questions are about."""
    differences: tuple[Difference, ...]


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
    parts: "tuple[Evidence, ...]" = ()
    """What is said to each question of a letter about several patients or days; the rest is of all of them."""
    gap: str | None = None
    """Why nothing could be found, as a sentence; the draft is then handed over."""
    precedents: tuple[Precedent, ...] = ()
    """The likeliest first. They stand beside the evidence: no line, finding or word of a letter comes from them."""
    dropped: tuple[str, ...] = ()
    """Why earlier answers to like questions were left out: what the release makes otherwise, one entry for each."""
