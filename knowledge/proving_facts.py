"""Proves that what a decision table says of its facts holds together: kinds, conditions, formulas, units, cues."""

from collections.abc import Iterator
from decimal import Decimal

from knowledge.reading import Place, Problem
from knowledge.table_schema import (
    ChooserContent,
    Condition,
    CountContent,
    DerivationContent,
    FactContent,
    RangeContent,
    Units,
)

_NUMERIC = {"plus_twice": 2, "total": 2, "product": 2}
"""Formula of numbers -> how many inputs it needs at least."""
_LEVELS = {"two_of_three": 3, "highest": 2}
"""Formula of levels -> how many inputs it needs: exactly three, at least two."""


def uses(table: ChooserContent) -> Iterator[Problem]:
    """Check that conditions, derivations, units and facts hold together."""
    for name, fact in table.facts.items():
        yield from _fact(name, fact)
    for place, condition in _conditions(table):
        for name, test in condition.items():
            yield from _test((*place, name), name, test, table.facts)
    yield from _presumed(table)
    for number, row in enumerate(table.derived):
        yield from _derivation(("derived", number), row, table.facts)
    counted: list[tuple[Place, Units]] = [(("rows", number), row.units) for number, row in enumerate(table.rows)]
    counted += [(("add_ons", number), row.units) for number, row in enumerate(table.add_ons)]
    for place, units in counted:
        if isinstance(units, CountContent) and not _is(table.facts, units.of, "number"):
            yield Problem((*place, "units"), f"{units.of} is not a number among the facts of the chooser")
    for number, mark in enumerate(table.modifiers):
        if mark.apart is not None and not _is(table.facts, mark.apart, "number"):
            yield Problem(("modifiers", number), f"{mark.apart} is not a number among the facts of the chooser")
    yield from _ways_out(table)
    yield from _sum(table)


def strange(value: object, name: str, fact: FactContent | None) -> str:
    """Say that a fact does not take a value, and what it takes."""
    said = f"{value} is not among the values of {name}"
    if fact is None:
        return said
    taken = {"choice": ", ".join(fact.values), "yes_no": "true, false", "number": "a range, known or unknown"}
    return f"{said}: {taken[fact.kind]}"


def _fact(name: str, fact: FactContent) -> Iterator[Problem]:
    """Check a fact by itself."""
    place: Place = ("facts", name)
    if (fact.kind == "choice") != bool(fact.values) or (fact.kind == "number") != (fact.unit is not None):
        yield Problem(place, "a choice needs values, a number needs a unit, and yes_no neither")
    known = {"choice": set(fact.values), "yes_no": {"yes", "no"}, "number": {"number"}}[fact.kind]
    for value in fact.cues:
        if value not in known and not (fact.kind == "number" and value.isdigit()):
            yield Problem((*place, "cues", value), f"{value} is not among {', '.join(sorted(known))}")


def _conditions(table: ChooserContent) -> Iterator[tuple[Place, Condition]]:
    """Yield every condition with its place."""
    yield from ((("entry", number), row) for number, row in enumerate(table.entry))
    yield from ((("outside", number, "when"), row.when) for number, row in enumerate(table.outside))
    yield from ((("add_ons", number, "when"), row.when) for number, row in enumerate(table.add_ons))
    yield from ((("derived", number, "when"), row.when) for number, row in enumerate(table.derived))
    yield from ((("presumed", number, "when"), row.when) for number, row in enumerate(table.presumed))
    yield from ((("modifiers", number, "when"), row.when) for number, row in enumerate(table.modifiers))


def _presumed(table: ChooserContent) -> Iterator[Problem]:
    """Check that what is presumed is a value of its fact, and that facts with a code for each value are known."""
    for number, row in enumerate(table.presumed):
        yield from _test(("presumed", number), row.fact, [row.value], table.facts)
    for name in table.combine.each:
        if name not in table.facts:
            yield Problem(("combine", "each"), f"{name} is not among the facts of the chooser")
    named = {value for fact in table.facts.values() for value in fact.values}
    for value in table.hides:
        if value not in named:
            yield Problem(("hides", value), f"{value} is not among the values of the chooser")


def _ways_out(table: ChooserContent) -> Iterator[Problem]:
    """Find ways out that nothing leads to."""
    named = {row.outside for row in table.rows}
    for number, row in enumerate(table.outside):
        if not row.when and row.name not in named:
            yield Problem(("outside", number), f"nothing leads to {row.name}: give it a `when`, or name it in a row")


def _sum(table: ChooserContent) -> Iterator[Problem]:
    """Check what is added over several subjects."""
    rule = table.combine.sum
    if rule is None:
        return
    if not _is(table.facts, rule.fact, "number"):
        yield Problem(("combine", "sum", "fact"), f"{rule.fact} is not a number among the facts of the chooser")
    axes = {axis.fact for axis in table.axes}
    for name in rule.same:
        if name not in axes:
            yield Problem(("combine", "sum", "same"), f"{name} is not an axis")


def _derivation(place: Place, row: DerivationContent, facts: dict[str, FactContent]) -> Iterator[Problem]:
    """Check that a formula has the inputs that it needs."""
    if row.formula in _NUMERIC:
        for name in (row.fact, *row.of):
            if not _is(facts, name, "number"):
                yield Problem(place, f"{name} is not a number among the facts of the chooser")
        if len(row.of) < _NUMERIC[row.formula]:
            yield Problem(place, f"{row.formula} needs two numbers or more")
    elif row.formula in _LEVELS:
        yield from _levels(place, row, facts)
    else:
        yield from _steps(place, row, facts)
    if row.steps and row.formula != "steps":
        yield Problem((*place, "steps"), f"{row.formula} has no steps")


def _levels(place: Place, row: DerivationContent, facts: dict[str, FactContent]) -> Iterator[Problem]:
    """Check that the inputs are choices of the same values in the same rising order."""
    order = list(facts[row.fact].values) if row.fact in facts else []
    for name in (row.fact, *row.of):
        if name not in facts or list(facts[name].values) != order or not order:
            yield Problem(place, f"{name} is not a choice of the same values in the same order as {row.fact}")
    needed = _LEVELS[row.formula]
    if len(row.of) < needed or (row.formula == "two_of_three" and len(row.of) != needed):
        yield Problem(place, f"{row.formula} needs {needed} facts")


def _steps(place: Place, row: DerivationContent, facts: dict[str, FactContent]) -> Iterator[Problem]:
    """Check that steps lead from one number to values of the fact, and that none overlaps another."""
    if len(row.of) != 1 or not _is(facts, row.of[0], "number"):
        yield Problem(place, "steps need one number among the facts of the chooser")
    if not row.steps:
        yield Problem(place, "steps are missing")
    reached: Decimal | None = Decimal(0)
    for number, step in enumerate(row.steps):
        if not _is(facts, row.fact, "choice") or step.value not in facts[row.fact].values:
            yield Problem((*place, "steps", number), strange(step.value, row.fact, facts.get(row.fact)))
        over = Decimal(str(step.over or 0))
        if reached is None or over < reached or (step.up_to is not None and Decimal(str(step.up_to)) <= over):
            yield Problem((*place, "steps", number), "steps must rise, and none may overlap the one before")
            return
        reached = None if step.up_to is None else Decimal(str(step.up_to))


def _is(facts: dict[str, FactContent], name: str, kind: str) -> bool:
    """Tell whether a fact is known and of this kind."""
    return name in facts and facts[name].kind == kind


def _test(
    place: Place, name: str, test: list[str | bool] | RangeContent | str, facts: dict[str, FactContent]
) -> Iterator[Problem]:
    """Check one test of a condition."""
    fact = facts.get(name)
    if fact is None:
        yield Problem(place, f"{name} is not among the facts of the chooser")
    elif isinstance(test, RangeContent) and fact.kind != "number":
        yield Problem(place, f"{name} is no number and has no range")
    elif isinstance(test, list):
        admitted: set[str | bool] = {True, False} if fact.kind == "yes_no" else set(fact.values)
        for value in [value for value in test if value not in admitted]:
            yield Problem(place, strange(value, name, fact))
