"""What a chooser answers: a code, the facts that still decide, or another family."""

from dataclasses import dataclass

from knowledge.model import Citation, Statement, Value


@dataclass(frozen=True, slots=True)
class Chosen:
    """One code for one subject."""

    system: str
    code: str
    units: int
    row: str
    """The winning row: the parts of its axes, joined by a dot."""
    derived: tuple[tuple[str, Value, str], ...]
    """(fact, value, arithmetic in words) of every number that was computed."""
    add_ons: tuple[tuple[str, int], ...]
    """(code, units) of every add-on code whose conditions hold."""
    statements: tuple[Statement, ...]
    """Why: the derivations first, then axis by axis, then the add-on codes."""
    diagnoses: tuple[str, ...]
    """ICD-10-CM codes and categories that support the code."""
    citations: tuple[Citation, ...] = ()
    """Sources of the row itself."""
    modifiers: tuple[str, ...] = ()
    """What the facts put on the line of the code."""
    apart: tuple[tuple[str, int], ...] = ()
    """(modifier, units) of further lines of the code, such as what was thrown away of a drug."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact that decides and is not known."""

    fact: str
    question: str
    becomes: tuple[tuple[str, str], ...]
    """(value in words, what the answer then is: a code, or codes where other facts decide as well)."""
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """No code yet: only the facts that decide, given what is known, and what holds whatever they turn out to be."""

    missing: tuple[Ask, ...]
    certain: tuple[Statement, ...]
    settled: Chosen | None = None
    """The main code where it stands already and only an add-on code is open."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The facts lead out of this family."""

    reason: Statement
    name: str = ""
    codes: tuple[str, ...] = ()
    """Where to look instead; codes of other families."""


@dataclass(frozen=True, slots=True)
class CombinedLine:
    """One claim line for one or more subjects."""

    system: str
    code: str
    units: int
    subjects: tuple[int, ...]
    """Places in the sequence that was combined, from 0."""
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """All lines of one family for one encounter."""

    lines: tuple[CombinedLine, ...]
    notes: tuple[Statement, ...]
