"""The named formulas by which a level follows from other facts: two of three elements, the highest, steps of a number.

A level is a value of a choice whose values stand in rising order. What is not known leaves several levels possible;
`lead` says which, and which one fact would settle it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from knowledge.tables import AskedFact, Derivation, Known, Table, within


@dataclass(frozen=True, slots=True)
class Lead:
    """What a level that is not known may still be, and the fact that settles it."""

    fact: str
    """The fact to ask for: the level itself, or the one input that is missing."""
    by_level: Mapping[str, tuple[str, ...]]
    """Level -> the values of that fact that lead to it."""


def level(table: Table, derivation: Derivation, known: Mapping[str, Known]) -> str | None:
    """Return the level that follows, None where too little is known."""
    values = [known.get(name) for name in derivation.of]
    if derivation.formula == "steps":
        number = values[0]
        found = [step.value for step in derivation.steps if number and within(number, step.over, step.up_to)]
        return found[0] if found else None
    order = _order(table, derivation.fact)
    ranks = [order.index(value) for value in values if isinstance(value, str) and value in order]
    if derivation.formula == "highest":
        return order[max(ranks)] if ranks else None
    # Two of three elements must meet or exceed the level (CPT, E/M guidelines): the middle one of the three.
    if len(ranks) == len(values):
        return order[sorted(ranks)[1]]
    return order[ranks[0]] if len(ranks) == len(values) - 1 and len(set(ranks)) == 1 else None


def lead(table: Table, name: str, known: Mapping[str, Known]) -> Lead:
    """Return what a level that is not known may still be; a level of which nothing is known may be any."""
    derivation = next((row for row in table.derived if row.fact == name and not row.numeric), None)
    anything = Lead(name, {value: (value,) for value in _order(table, name)})
    if derivation is None:
        return anything
    if derivation.formula == "highest":
        begun = [part for part in derivation.of if _begun(table, part, known)]
        return lead(table, begun[0], known) if len(begun) == 1 else anything
    missing = [part for part in derivation.of if part not in known]
    if derivation.formula != "two_of_three" or not missing or len(missing) == len(derivation.of):
        return anything
    by_level: dict[str, dict[str, None]] = {}
    for values in product(*(_order(table, part) for part in missing)):
        result = level(table, derivation, {**known, **dict(zip(missing, values, strict=True))})
        if result is not None:
            by_level.setdefault(result, {})[values[0]] = None
    if len(missing) > 1:
        return Lead(name, {value: (value,) for value in by_level})
    return Lead(missing[0], {value: tuple(found) for value, found in by_level.items()})


def words(table: Table, derivation: Derivation, known: Mapping[str, Known], result: str) -> str:
    """Say how a level follows from what is known: "problems moderate, data low, risk moderate: moderate"."""
    said = []
    for name in derivation.of:
        value = known.get(name)
        if value is not None:
            said.append(f"{spoken(name)} {measured(_fact(table, name), value)}")
    return f"{', '.join(said)}: {_fact(table, derivation.fact).said(result)}"


def spoken(name: str) -> str:
    """Return the name of a fact as a person says it, without its unit."""
    for unit in ("_cm", "_cm2", "_count", "_minutes"):
        name = name.removesuffix(unit)
    return name.replace("_", " ").replace("mdm", "MDM")


def measured(fact: AskedFact, value: Known) -> str:
    """Return a value with its unit."""
    unit = {"cm2": "sq cm", "count": ""}.get(fact.unit or "", fact.unit or "")
    return f"{fact.said(value)} {unit}".rstrip()


def waits_for(table: Table, name: str, known: Mapping[str, Known]) -> frozenset[str]:
    """Return the facts that settle a level once they are known: whether the patient is new, where the minutes are."""
    found: set[str] = set()
    for row in table.derived:
        if row.fact == name and row.formula == "highest":
            found |= {fact for part in row.of for fact in waits_for(table, part, known)}
        elif row.fact == name and row.formula == "steps" and row.of[0] in known:
            found |= {test.fact for test in row.when.tests if test.fact not in known}
    return frozenset(found)


def _begun(table: Table, name: str, known: Mapping[str, Known]) -> bool:
    """Tell whether something, but not enough, is known of the elements of a level."""
    derivation = next((row for row in table.derived if row.fact == name and row.formula == "two_of_three"), None)
    return name not in known and derivation is not None and any(part in known for part in derivation.of)


def _order(table: Table, name: str) -> Sequence[str]:
    return [value for value, _ in _fact(table, name).values]


def _fact(table: Table, name: str) -> AskedFact:
    return next(fact for fact in table.facts if fact.name == name)
