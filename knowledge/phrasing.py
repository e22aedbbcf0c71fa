"""The phrases of a decision table: how coders write the values of its facts, and what a number beside them counts.

A phrase may hold several that say the same, parted by "|": of what is counted they are one thing.
"""

from collections.abc import Iterator

from knowledge.model import Phrase
from knowledge.tables import AskedFact, Table

_TOLD_BY_PHRASES = ("procedure", "drug")
"""Kinds of subject whose numbers are read by phrases; the others have readers of their own for them."""


def phrases_of(table: Table) -> Iterator[Phrase]:
    """Yield every phrase by which a family says that coders write a value of one of its facts."""
    doors = _doors(table)
    measures = tuple(
        (unit, facts[0])
        for unit in dict.fromkeys(fact.unit for fact in table.facts if fact.unit)
        if len(facts := [fact.name for fact in table.facts if fact.unit == unit]) == 1
    )
    counted = dict(measures).get("count")
    for fact in table.facts:
        for written, texts in fact.cues:
            value = _value(fact, written)
            if fact.kind != "number":
                row = (fact.name, (fact.name, value) in doors, counted)
            elif table.subject in _TOLD_BY_PHRASES and fact.unit == "count":
                row = (fact.name, False, fact.name if value == "" else None)
            else:
                continue
            name, entry, counts = row
            hides = dict(table.hides).get(written, ()) if entry else ()
            yield from (
                Phrase(one.strip(), table.subject, name, value, entry, counts, table.family, measures, text, hides)
                for text in texts
                for one in text.split("|")
            )


def _value(fact: AskedFact, written: str) -> str | bool | int:
    """Return what a phrase under this key says; nothing of a number that stands beside it."""
    if fact.kind == "number":
        return int(written) if written.isdigit() else ""
    return {"yes": True, "no": False}[written] if fact.kind == "yes_no" else written


def _doors(table: Table) -> frozenset[tuple[str, object]]:
    """Return the (fact, value) that lead into the family: listed, or any of a fact that must be known."""
    found: set[tuple[str, object]] = set()
    for row in table.entry:
        found |= {(test.fact, value) for test in row.tests for value in test.values}
        known = row.tests[0].fact if len(row.tests) == 1 and row.tests[0].known else None
        found |= {(fact.name, value) for fact in table.facts if fact.name == known for value, _ in fact.values}
    return frozenset(found)
