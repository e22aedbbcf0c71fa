"""A chooser's decision table as values, citations resolved: what the build writes and `choosers` reads."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from knowledge.model import Citation, Statement

Known = str | bool | Decimal
"""A fact's value once it was read: a word, yes or no, or an exact number."""


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact that a chooser knows and may ask for."""

    name: str
    question: str
    kind: str
    """choice, number or yes_no."""
    unit: str | None
    """Of a number: cm, cm2, count, minutes, percent, days, weeks, months, years, mg or ml."""
    values: tuple[tuple[str, str], ...]
    """Of a choice: (value, how it is said)."""
    zero: bool
    """Whether a number may be zero."""
    cues: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """How coders write it: (value, phrases); values `yes` and `no` of a yes_no, `number` of a number."""

    def admits(self, value: object) -> Known | None:
        """Return the value as the table compares it, None where the fact cannot have it."""
        if self.kind == "yes_no":
            return value if isinstance(value, bool) else None
        if self.kind == "choice":
            return value if isinstance(value, str) and any(value == known for known, _ in self.values) else None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        if not number.is_finite() or number < 0 or (number == 0 and not self.zero):
            return None
        return number

    def said(self, value: Known) -> str:
        """Return a value in words, without its unit."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return dict(self.values).get(value, value) if isinstance(value, str) else format(value.normalize(), "f")


@dataclass(frozen=True, slots=True)
class FactTest:
    """What must be true of one fact."""

    fact: str
    values: tuple[str | bool, ...]
    over: Decimal | None
    up_to: Decimal | None
    known: bool | None
    """True: any value will do. False: the fact must not be known. None: the value decides."""

    def holds(self, facts: "dict[str, Known]") -> bool | None:
        """Tell whether it is true, None where the fact is not known."""
        value = facts.get(self.fact)
        if self.known is not None:
            return (value is not None) is self.known
        if value is None:
            return None
        return value in self.values if self.values else within(value, self.over, self.up_to)


def within(value: Known, over: Decimal | None, up_to: Decimal | None) -> bool:
    """Tell whether a number lies in a half-open stretch: over < value <= up_to."""
    if not isinstance(value, Decimal):
        return False
    return (over is None or value > over) and (up_to is None or value <= up_to)


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that must hold all at once."""

    tests: tuple[FactTest, ...]

    def holds(self, facts: dict[str, Known]) -> bool | None:
        """Tell whether all tests hold; None where none fails but one cannot be told yet."""
        results = [test.holds(facts) for test in self.tests]
        if False in results:
            return False
        return None if None in results else True


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an axis."""

    name: str
    words: str
    values: tuple[str | bool, ...]
    over: Decimal | None
    up_to: Decimal | None

    def contains(self, value: Known) -> bool:
        """Tell whether the value falls into this part."""
        return value in self.values if self.values else within(value, self.over, self.up_to)


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension of the table."""

    fact: str
    kind: str
    """choice or interval."""
    parts: tuple[Part, ...]
    undecided: tuple[tuple[str, Statement], ...]
    because: Statement

    def part(self, value: Known) -> Part | None:
        """Return the part that a value falls into; None for a value that decides nothing."""
        return next((part for part in self.parts if part.contains(value)), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a number and the value that it stands for."""

    over: Decimal | None
    up_to: Decimal | None
    value: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """A fact that follows from others."""

    fact: str
    formula: str
    of: tuple[str, ...]
    because: Statement
    steps: tuple[Step, ...] = ()
    when: Condition = Condition(())
    """Where it does not hold the derivation says nothing."""

    @property
    def numeric(self) -> bool:
        """Whether it computes a number; the others give a level."""
        return self.formula in {"plus_twice", "total", "product"}


@dataclass(frozen=True, slots=True)
class Presumed:
    """What holds where nothing is said of a fact."""

    fact: str
    value: str | bool
    when: Condition
    because: Statement


@dataclass(frozen=True, slots=True)
class Sites:
    """Words for places and the value of a choice that each stands for."""

    fact: str
    words: tuple[tuple[str, str], ...]
    """(word in lower case, value of the fact)."""
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the table: a part of every axis, in their order, and the code."""

    parts: tuple[str, ...]
    code: str
    """Empty where the row leads outside."""
    units: "Units"
    outside: str | None = None
    """The name of the way out that it leads to."""


@dataclass(frozen=True, slots=True)
class Count:
    """Units from a number: (number - over) / per, a begun one counting whole, and at least one."""

    of: str
    over: Decimal
    per: Decimal

    def units(self, number: Known | None) -> int | None:
        """Return the units, None where the number is not known."""
        if not isinstance(number, Decimal):
            return None
        return max(1, int(((number - self.over) / self.per).to_integral_value(ROUND_CEILING)))


Units = int | Count


def units_of(units: Units, facts: dict[str, Known]) -> int | None:
    """Return how many units a row gives, None where the number that they follow from is not known."""
    return units.units(facts.get(units.of)) if isinstance(units, Count) else units


def units_beyond(units: Units, facts: dict[str, Known], further: str) -> int:
    """Return how many units a further amount makes beyond those of the first: of a vial, what no unit holds yet."""
    if not isinstance(units, Count):
        return 0
    number, more = facts.get(units.of), facts.get(further)
    if not isinstance(number, Decimal) or not isinstance(more, Decimal):
        return 0
    # What was given is rounded up, and what was thrown away down.
    return max(0, int((number + more - units.over) / units.per) - (units.units(number) or 0))


@dataclass(frozen=True, slots=True)
class AddOnRow:
    """A code that goes with the chosen one when its condition holds."""

    code: str
    only_with: tuple[str, ...]
    when: Condition
    units: Units
    because: Statement
    several: str = "sum"
    """For several subjects: `sum` of their units, or `once` for the encounter."""
    ask: bool = False
    """Whether its facts are asked for where nothing is known of them."""


@dataclass(frozen=True, slots=True)
class ModifierRow:
    """A modifier that stands on the line of a code when its condition holds."""

    modifier: str
    only_with: tuple[str, ...]
    """Codes that take it; empty where any of the table does."""
    when: Condition
    because: Statement
    apart: str | None = None
    """The number whose units stand on a line of their own with the modifier."""
    otherwise: str | None = None
    """The modifier of the code's own line where that number makes no unit."""

    def on_line(self, beyond: int) -> str | None:
        """Return the modifier of the code's own line, where `beyond` units stand on another one."""
        if self.apart is None:
            return self.modifier
        return None if beyond else self.otherwise


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """Facts that lead out of the family."""

    name: str
    when: Condition
    """Without tests where only rows of the table lead here."""
    reason: Statement
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Codes of several subjects that one code covers."""

    codes: tuple[str, ...]
    becomes: str
    because: Statement


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that is added over subjects whose parts on some axes lead to the same codes."""

    fact: str
    same: tuple[str, ...]
    because: Statement


@dataclass(frozen=True, slots=True)
class FirstOnly:
    """Only the first code in rank is reported as such; every other subject takes the code behind its own."""

    ranks: tuple[tuple[str, str], ...]
    """(code, the code that a further subject takes), the first in rank first."""
    because: Statement


@dataclass(frozen=True, slots=True)
class Combine:
    """How several subjects of one encounter are reported."""

    same_code: str
    """units, lines or once."""
    because: Statement
    different_codes: Statement | None
    together: tuple[Together, ...]
    sum: Sum | None = None
    first_only: FirstOnly | None = None
    each: tuple[str, ...] = ()
    """Facts of which every value takes a code of its own."""
    units_of: frozenset[str] = frozenset()
    """Codes that stand on one line with units, whatever `same_code` says."""


@dataclass(frozen=True, slots=True)
class Table:
    """The decision table of one family."""

    family: str
    subject: str
    effective: date
    ended: date | None
    entry: tuple[Condition, ...]
    facts: tuple[AskedFact, ...]
    sites: tuple[Sites, ...]
    derived: tuple[Derivation, ...]
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    citations: tuple[Citation, ...]
    """Sources of the rows."""
    add_ons: tuple[AddOnRow, ...]
    outside: tuple[OutsideRow, ...]
    combine: Combine
    diagnoses: tuple[tuple[str, tuple[str, ...]], ...]
    """(code, ICD-10-CM codes and categories that support it)."""
    modifiers: tuple[ModifierRow, ...] = ()
    presumed: tuple[Presumed, ...] = ()
    hides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(value that leads into the family, values of any family that are not coded beside it)."""
