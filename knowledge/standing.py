"""How far the facts of one subject settle a table: what is known, what follows from it, what each axis leaves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from knowledge import levels
from knowledge.derivations import FORMULAS, plain, reversal
from knowledge.model import Statement, Value
from knowledge.tables import AskedFact, Axis, Derivation, Known, OutsideRow, Part, Table


@dataclass(frozen=True, slots=True)
class Derived:
    """A number or a level that follows from other facts."""

    fact: str
    value: Decimal | str
    arithmetic: str
    because: Statement


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that an axis may still be: a part of it, or a value that leads out of the family."""

    words: str
    part: Part | None
    outside: OutsideRow | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One axis of the table as the facts leave it."""

    axis: Axis
    options: tuple[Option, ...]
    value: Known | None
    """The value that settles the axis, None while it is open."""
    hold: Statement | None = None
    """What to do meanwhile, where the value is known and decides nothing yet."""
    clash: Derived | None = None
    """What was computed, where what is written falls into another part."""
    lead: levels.Lead | None = None
    """Of a level that is open: what it may still be, and the fact that settles it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one subject."""

    known: dict[str, Known]
    derived: tuple[Derived, ...]
    """What was computed and is used."""
    computed: dict[str, Derived]
    """All that could be computed, also where the letter gives it."""
    presumed: tuple[Statement, ...] = ()
    """Why a fact of which nothing is said has a value."""


def read(table: Table, facts: Mapping[str, Value]) -> Standing:
    """Read the facts that the table knows; a value that a fact cannot have counts as not known."""
    known: dict[str, Known] = {}
    for fact in table.facts:
        value = fact.admits(facts.get(fact.name))
        if value is not None:
            known[fact.name] = value
    _place(table, facts, known)
    computed: dict[str, Derived] = {}
    used: list[Derived] = []
    for derivation in table.derived:
        result = _derive(table, derivation, known)
        if result is None:
            continue
        computed[derivation.fact] = result
        if derivation.fact not in known:
            known[derivation.fact] = result.value
            used.append(result)
    return Standing(known, tuple(used), computed, tuple(_presume(table, known)))


def fact_of(table: Table, name: str) -> AskedFact:
    """Return a fact of the table by its name."""
    return next(fact for fact in table.facts if fact.name == name)


def slots(table: Table, standing: Standing) -> tuple[Slot, ...]:
    """Return every axis as the facts leave it, in the order of the table."""
    return tuple(_slot(table, axis, standing) for axis in table.axes)


def derivation_of(table: Table, fact: str) -> Derivation | None:
    """Return how a number may be computed, None where it cannot."""
    return next((row for row in table.derived if row.fact == fact and row.numeric), None)


def missing_input(derivation: Derivation, standing: Standing) -> str | None:
    """Return the one input of a derivation that is not known; None where it is not one, or cannot be told exactly."""
    missing = [name for name in derivation.of if name not in standing.known]
    return missing[0] if len(missing) == 1 and _line(derivation, standing) else None


def reachable(
    table: Table, derivation: Derivation, part: Part, standing: Standing
) -> tuple[Decimal | None, Decimal | None] | None:
    """Return the stretch (over, up_to) of the one missing input that leads into a part, None where none does.

    An `over` of None stands for "zero or more", where the input may be zero.
    """
    name = missing_input(derivation, standing)
    line = _line(derivation, standing)
    if name is None or line is None:
        return part.over, part.up_to
    intercept, slope = line
    over = None if part.over is None else (part.over - intercept) / slope
    up_to = None if part.up_to is None else (part.up_to - intercept) / slope
    zero = fact_of(table, name).zero
    if over is None or over < 0:
        over = None if zero else Decimal(0)
    least = Decimal(0)
    if up_to is not None and (up_to < least or (up_to == least and not zero)):
        return None
    return over, up_to


def _line(derivation: Derivation, standing: Standing) -> tuple[Decimal, Decimal] | None:
    """Return the result as a line (intercept, slope) over its one missing input."""
    numbers = [standing.known.get(name) for name in derivation.of]
    return reversal(derivation.formula, [number if isinstance(number, Decimal) else None for number in numbers])


def _presume(table: Table, known: dict[str, Known]) -> Iterator[Statement]:
    """Add what holds where nothing is said, and yield why; a condition that cannot be told yet presumes nothing."""
    for row in table.presumed:
        if row.fact not in known and row.when.holds(known):
            known[row.fact] = row.value
            yield row.because


def _place(table: Table, facts: Mapping[str, Value], known: dict[str, Known]) -> None:
    """Read the group of a site from its word, where the group itself is not given."""
    site = facts.get("site")
    for sites in table.sites:
        if sites.fact not in known and isinstance(site, str):
            group = dict(sites.words).get(" ".join(site.lower().split()))
            if group is not None:
                known[sites.fact] = group


def _derive(table: Table, derivation: Derivation, known: dict[str, Known]) -> Derived | None:
    """Compute a fact where enough is known for it and it can be had."""
    if not derivation.when.holds(known):
        return None
    if not derivation.numeric:
        result = levels.level(table, derivation, known)
        if result is None:
            return None
        return Derived(derivation.fact, result, levels.words(table, derivation, known, result), derivation.because)
    inputs = [known.get(name) for name in derivation.of]
    numbers = [value for value in inputs if isinstance(value, Decimal)]
    if len(numbers) < len(inputs):
        return None
    fact = fact_of(table, derivation.fact)
    value = fact.admits(FORMULAS[derivation.formula].compute(numbers))
    if not isinstance(value, Decimal):
        return None
    said = [levels.measured(fact_of(table, name), number) for name, number in zip(derivation.of, numbers, strict=True)]
    arithmetic = f"{FORMULAS[derivation.formula].words(said)} = {levels.measured(fact, value)}"
    return Derived(derivation.fact, value, arithmetic, derivation.because)


def stretch_words(fact: AskedFact, over: Decimal | None, up_to: Decimal | None) -> str:
    """Say a stretch of a number: "0.5 cm or less", "over 0.5 to 1 cm", "over 4 cm", "any"."""
    # Where a number may be zero, "over 0" leaves zero out and is said; elsewhere it is no limit at all.
    if over == 0 and not fact.zero:
        over = None
    if up_to is None:
        return "any" if over is None else f"over {levels.measured(fact, over)}"
    if over is not None:
        return f"over {plain(over)} to {levels.measured(fact, up_to)}"
    return levels.measured(fact, up_to) if up_to == 0 else f"{levels.measured(fact, up_to)} or less"


def _slot(table: Table, axis: Axis, standing: Standing) -> Slot:
    """Return one axis as the facts leave it."""
    value = standing.known.get(axis.fact)
    part = axis.part(value) if value is not None else None
    if value is not None and part is not None:
        other = standing.computed.get(axis.fact)
        computed = axis.part(other.value) if other else None
        if other is None or computed is None or computed is part:
            return Slot(axis, (Option(part.words, part),), value)
        return Slot(axis, (Option(part.words, part), Option(computed.words, computed)), None, clash=other)
    hold = dict(axis.undecided).get(value) if isinstance(value, str) else None
    derivation = derivation_of(table, axis.fact)
    parts = [part for part in axis.parts if derivation is None or reachable(table, derivation, part, standing)]
    lead = None
    if any(row.fact == axis.fact and not row.numeric for row in table.derived):
        lead = levels.lead(table, axis.fact, standing.known)
        parts = [part for part in parts if set(part.values) & set(lead.by_level)]
    options = [Option(part.words, part) for part in parts]
    return Slot(axis, (*options, *_ways_out(table, axis, standing)), None, hold, lead=lead)


def _ways_out(table: Table, axis: Axis, standing: Standing) -> list[Option]:
    """Return the values of a choice that would lead out of the family."""
    fact = fact_of(table, axis.fact)
    undecided = dict(axis.undecided)
    found = []
    for value, words in fact.values:
        if axis.part(value) is None and value not in undecided:
            facts = {**standing.known, axis.fact: value}
            row = next((row for row in table.outside if row.when.tests and row.when.holds(facts)), None)
            if row is not None:
                found.append(Option(words, None, row))
    return found
