"""A question as values: what the letter says, each fact with the place in the masked text that it came from."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Topic(StrEnum):
    """What a letter may be about; several may hold."""

    CODE_SELECTION = "code_selection"
    GUIDELINE = "guideline"
    MODIFIER = "modifier"
    CROSSWALK = "crosswalk"
    NCCI_EDIT = "ncci_edit"
    COMPLIANCE = "compliance"
    MEDICARE_COVERAGE = "medicare_coverage"
    DOCUMENTATION = "documentation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the masked text: `text[start:end]`, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TopicFound:
    """One topic with the words that spoke for it."""

    topic: Topic
    confidence: float
    """0 to 1."""
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeMention:
    """A code that the sender wrote."""

    system: str
    """CPT, HCPCS, ICD-10-CM or MODIFIER."""
    code: str
    """Normalised: ICD-10-CM with its dot, letters in upper case."""
    span: Span
    modifiers: tuple[str, ...] = ()
    """Modifiers written on it, as in 99213-25."""
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the letter says of the encounter. Negated, historical and planned things are not facts."""

    name: str
    """The field's own name, as choosers use it: `lesion_diameter_cm`, `site`, `pathology`, `closure_length_cm`."""
    value: str | float | int | bool
    """Lengths in cm, areas in cm2, times in minutes."""
    span: Span
    certain: bool = True
    """False for "likely", "approx." and the like."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One lesion, wound, repair or procedure of the letter, with the facts that belong to it."""

    kind: str
    """lesion, wound, repair, procedure."""
    facts: tuple[Fact, ...]

    def values(self) -> dict[str, str | float | int | bool]:
        """Return the facts by name, the first of each name, as choosers take them."""
        return {fact.name: fact.value for fact in reversed(self.facts)}


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that the letter names and that no family of the knowledge base holds."""

    name: str
    """As the knowledge base calls it: "sleep studies"."""
    kind: str
    """service, diagnosis or subject (a matter of payers and offices)."""
    span: Span
    asked: bool
    """Whether it stands in the subject line or in a sentence that asks."""
    hides: tuple[str, ...] = ()
    """Families whose own words tell of it, and that must not take it up."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that was understood of one letter."""

    text: str
    """The masked text that every span points into."""
    language: str
    """ISO 639-1, `en` where in doubt; `und` for an empty letter."""
    topics: tuple[TopicFound, ...]
    """Strongest first, never empty: OTHER when nothing spoke."""
    specialty: str | None
    codes: tuple[CodeMention, ...]
    subjects: tuple[Subject, ...]
    facts: tuple[Fact, ...]
    """Facts of the whole encounter: payer, setting, role, age, sex."""
    date_of_service: date | None
    conflicts: tuple[str, ...] = ()
    """Names of facts for which the letter gives values that cannot both be true."""
    out_of_scope: str | None = None
    """Why this is no coding question (claim status, legal or clinical advice), as a sentence; None when it is one."""
    beside: tuple[Span, ...] = ()
    """Places of services that the letter names and that none of the subjects tells of."""
    asks: tuple[Span, ...] = ()
    """The place of each question of a letter that asks several; empty where it asks one."""
    uncovered: tuple[Named, ...] = ()
    """What the letter names that no family of the knowledge base holds, in its order."""
    parts: "tuple[Question, ...]" = ()
    """The questions about several patients or days, each read with the others blanked; empty where it is one."""
    unread_from: int | None = None
    """Where reading stopped in a letter that is too long to be read whole; None when all of it was read."""
    injection: tuple[Span, ...] = ()
    """Places that try to instruct the reader; shown to the reviewer, never followed."""

    @property
    def topic(self) -> Topic:
        """The strongest topic."""
        return self.topics[0].topic
