"""Subjects whose numbers add up before a code is chosen for all of them: wounds of one depth, repairs of one class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.derivations import plain
from knowledge.levels import measured
from knowledge.model import Statement, Value
from knowledge.standing import fact_of, read, slots
from knowledge.tables import Sum, Table


@dataclass(frozen=True, slots=True)
class Pooled:
    """One or more subjects that take one code together."""

    places: tuple[int, ...]
    """In the sequence that was pooled, from 0."""
    facts: Mapping[str, Value]
    said: Statement | None = None
    """What was added; None for a subject by itself."""


def pool(table: Table, subjects: Sequence[Mapping[str, Value]]) -> tuple[Pooled, ...]:
    """Return the subjects as they are coded together, in the order of the first of each.

    A subject of which the number or the part of one of the axes is not known stands by itself: what is not known is
    asked for first.
    """
    rule = table.combine.sum
    if rule is None or len(subjects) < 2:
        return tuple(Pooled((place,), facts) for place, facts in enumerate(subjects))
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, facts in enumerate(subjects):
        key = _key(table, rule, facts)
        groups.setdefault(key if key is not None else ("alone", place), []).append(place)
    return tuple(_pooled(table, rule, subjects, places) for places in groups.values())


def _key(table: Table, rule: Sum, facts: Mapping[str, Value]) -> tuple[object, ...] | None:
    """Return what subjects must have in common, None where this one cannot be added to another."""
    standing = read(table, facts)
    if not isinstance(standing.known.get(rule.fact), Decimal):
        return None
    if any(row.when.tests and row.when.holds(standing.known) for row in table.outside):
        return None
    settled: dict[int, str] = {}
    for place, slot in enumerate(slots(table, standing)):
        if slot.axis.fact in rule.same:
            part = slot.options[0].part if len(slot.options) == 1 else None
            if part is None:
                return None
            settled[place] = part.name
    # Two parts are one group where they lead to the same codes whatever the rest: trunk and hand for a simple repair,
    # though not for an intermediate one.
    rows = [row for row in table.rows if all(row.parts[place] == name for place, name in settled.items())]
    rest = [tuple(name for place, name in enumerate(row.parts) if place not in settled) for row in rows]
    return tuple(sorted((parts, row.code, row.outside or "") for parts, row in zip(rest, rows, strict=True)))


def _pooled(table: Table, rule: Sum, subjects: Sequence[Mapping[str, Value]], places: list[int]) -> Pooled:
    """Add the numbers of some subjects; what the number was computed from no longer holds for the sum."""
    first = subjects[places[0]]
    if len(places) == 1:
        return Pooled((places[0],), first)
    numbers = [read(table, subjects[place]).known[rule.fact] for place in places]
    decimals = [number for number in numbers if isinstance(number, Decimal)]
    total = sum(decimals, Decimal(0))
    inputs = {name for row in table.derived if row.fact == rule.fact for name in row.of}
    facts = {name: value for name, value in first.items() if name not in inputs}
    fact = fact_of(table, rule.fact)
    arithmetic = f"{' + '.join(plain(number) for number in decimals)} = {measured(fact, total)}"
    text = rule.because.text.replace("{arithmetic}", arithmetic)
    value = int(total) if total == total.to_integral_value() else float(total)
    return Pooled(tuple(places), {**facts, rule.fact: value}, Statement(text, rule.because.citations))
