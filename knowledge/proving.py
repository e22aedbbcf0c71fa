"""Proves that a decision table speaks for every combination of its facts exactly once, and says where it does not."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, product

from knowledge.filling import placeholders
from knowledge.model import system_of
from knowledge.proving_facts import strange, uses
from knowledge.reading import Place, Problem, walk
from knowledge.table_schema import (
    AxisContent,
    Because,
    ChooserContent,
    FactContent,
)
from knowledge.tables import within

_FILLED = {
    "axes": {"value", "words"},
    "derived": {"value", "arithmetic"},
    "combine": {"code", "units"},
    "add_ons": {"units"},
}
"""Part of a chooser -> the placeholders that its `because` may use."""


def prove(table: ChooserContent, codes: set[str]) -> list[Problem]:
    """Return every gap, overlap, unknown fact, unknown value and code without a page."""
    found = [*_axes(table), *uses(table), *_codes(table, codes), *_placeholders(table), *_sites(table)]
    if table.ended is not None and table.ended < table.effective:
        found.append(Problem(("ended",), "the table ends before it begins"))
    # Rows are compared part by part; that says nothing while the parts themselves do not hold.
    return found or list(_rows(table))


def exact(number: float | int | None) -> Decimal | None:
    """Return a number as it is written."""
    return None if number is None else Decimal(str(number))


def _axes(table: ChooserContent) -> Iterator[Problem]:
    """Check the parts of every axis."""
    for number, axis in enumerate(table.axes):
        place: Place = ("axes", number)
        fact = table.facts.get(axis.fact)
        if fact is None:
            yield Problem((*place, "fact"), f"{axis.fact} is not among the facts of the chooser")
        elif (axis.kind == "interval") != (fact.kind == "number"):
            yield Problem((*place, "kind"), f"a {fact.kind} cannot be an axis of kind {axis.kind}")
        elif axis.kind == "interval":
            yield from _interval(place, axis, fact)
        else:
            yield from _choice(place, axis, fact, table)
    names = [axis.fact for axis in table.axes]
    for name in {name for name in names if names.count(name) > 1}:
        yield Problem(("axes",), f"{name} is an axis twice")


def _interval(place: Place, axis: AxisContent, fact: FactContent) -> Iterator[Problem]:
    """Try every limit of an interval axis and a number on either side of it: each must lie in exactly one part."""
    for name, part in axis.parts.items():
        over, up_to = exact(part.over), exact(part.up_to)
        if (
            part.values
            or (over is None and up_to is None)
            or (over is not None and up_to is not None and over >= up_to)
        ):
            yield Problem((*place, "parts", name), "a part of an interval needs `over` below `up_to` and no values")
    limits = sorted(
        {limit for part in axis.parts.values() for limit in (exact(part.over), exact(part.up_to)) if limit is not None}
    )
    for number in _trials([limit for limit in limits if limit > 0], zero=fact.zero):
        names = [name for name, part in axis.parts.items() if within(number, exact(part.over), exact(part.up_to))]
        if len(names) != 1:
            wrong = f"an overlap: it lies in {' and '.join(names)}" if names else "a gap: it lies in no part"
            yield Problem((*place, "parts"), f"{axis.fact} = {format(number, 'f')} is {wrong}")


def _trials(limits: list[Decimal], *, zero: bool) -> list[Decimal]:
    """Return each limit and one number in every stretch between, below and above the limits.

    The parts end at these limits only, so that what holds for one number of a stretch holds for all of it.
    """
    between = [(low + high) / 2 for low, high in pairwise([Decimal(0), *limits])]
    top = (limits[-1] if limits else Decimal(0)) + 1
    return [*([Decimal(0)] if zero else []), *limits, *between, top]


def _choice(place: Place, axis: AxisContent, fact: FactContent, table: ChooserContent) -> Iterator[Problem]:
    """Check that every value of a choice stands in exactly one part, is undecided, or leads out of the family."""
    admitted: list[str | bool] = [True, False] if fact.kind == "yes_no" else list(fact.values)
    away = _leads_away(table, axis.fact)
    for name, part in axis.parts.items():
        if not part.values or part.over is not None or part.up_to is not None:
            yield Problem((*place, "parts", name), "a part of a choice needs values and no limits")
        for value in part.values:
            if value not in admitted:
                yield Problem((*place, "parts", name), strange(value, axis.fact, fact))
    for value in axis.undecided:
        if value not in admitted:
            yield Problem((*place, "undecided", value), strange(value, axis.fact, fact))
    for value in admitted:
        where = [name for name, part in axis.parts.items() if value in part.values]
        where += ["undecided"] if value in axis.undecided else []
        if len(where) > 1:
            yield Problem((*place, "parts"), f"{axis.fact} = {value} is an overlap: it stands in {' and '.join(where)}")
        if not where and value not in away:
            yield Problem(
                (*place, "parts"), f"{axis.fact} = {value} is a gap: it stands in no part, nor does it lead outside"
            )


def _leads_away(table: ChooserContent, fact: str) -> set[str | bool]:
    """Return the values of a fact that alone lead out of the family."""
    alone = [row.when[fact] for row in table.outside if set(row.when) == {fact}]
    return {value for test in alone if isinstance(test, list) for value in test}


def _rows(table: ChooserContent) -> Iterator[Problem]:
    """Check that rows name axes, parts and ways out that are there, and that each combination has exactly one row."""
    yield from _named(table)
    yield from _cells(table)


def _named(table: ChooserContent) -> Iterator[Problem]:
    """Find axes, parts and ways out that rows name and that are not there."""
    axes = [(axis.fact, list(axis.parts)) for axis in table.axes]
    ways_out = {row.name for row in table.outside}
    for number, row in enumerate(table.rows):
        for fact, parts in row.when.items():
            known = dict(axes).get(fact)
            if known is None:
                yield Problem(("rows", number), f"{fact} is not an axis")
            elif unknown := [part for part in parts if part not in known]:
                yield Problem(("rows", number), f"{fact} has no part {', '.join(unknown)}")
        if row.outside is not None and row.outside not in ways_out:
            yield Problem(("rows", number, "outside"), f"{row.outside} is not among the ways out under outside")


def _cells(table: ChooserContent) -> Iterator[Problem]:
    """Check that each combination of parts has exactly one row."""
    axes = [(axis.fact, list(axis.parts)) for axis in table.axes]
    fits: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for number, row in enumerate(table.rows):
        for cell in product(*(row.when.get(fact, parts) for fact, parts in axes)):
            fits.setdefault(tuple(cell), []).append((number, row.code or str(row.outside)))
    for cell in product(*(parts for _, parts in axes)):
        found = fits.get(cell, [])
        said = ", ".join(f"{fact} = {part}" for (fact, _), part in zip(axes, cell, strict=True))
        if not found:
            yield Problem(("rows",), f"gap: no row for {said}")
        elif len(found) > 1:
            yield Problem(("rows", found[1][0]), f"overlap: {' and '.join(code for _, code in found)} for {said}")


def _codes(table: ChooserContent, codes: set[str]) -> Iterator[Problem]:
    """Check that every procedure code that the table can give has a page.

    Diagnoses, and add-on codes that may have their page in another family, are looked up by the build.
    """
    rows: list[tuple[Place, str | None]] = [(("rows", number), row.code) for number, row in enumerate(table.rows)]
    rows += [(("add_ons", number), code) for number, row in enumerate(table.add_ons) for code in row.only_with]
    rows += [(("modifiers", number), code) for number, row in enumerate(table.modifiers) for code in row.only_with]
    together = enumerate(table.combine.together)
    rows += [(("combine", "together", number), code) for number, row in together for code in (*row.codes, row.becomes)]
    ranks = table.combine.first_only.ranks if table.combine.first_only else []
    for number, rank in enumerate(ranks):
        rows += [(("combine", "first_only", "ranks", number), code) for code in (rank.code, rank.then)]
    for place, code in rows:
        if code is not None and system_of(code) != "ICD-10-CM" and code not in codes:
            yield Problem(place, f"{code} is an unknown code: it has no entry under codes")


def _placeholders(table: ChooserContent) -> Iterator[Problem]:
    """Check that a sentence uses only what is filled in at its place."""
    for place, part in walk(table):
        if isinstance(part, Because):
            own = (place[0] in {"axes", "derived", "add_ons"} and "undecided" not in place) or len(place) == 2
            filled = {"arithmetic"} if place[:2] == ("combine", "sum") else _FILLED.get(str(place[0]), set())
            filled = filled if own or place[:2] == ("combine", "sum") else set()
            for name in sorted(placeholders(part.text) - filled):
                yield Problem(place, f"the placeholder {{{name}}} is not filled here")


def _sites(table: ChooserContent) -> Iterator[Problem]:
    """Check the words for places of the body."""
    for number, sites in enumerate(table.sites):
        place: Place = ("sites", number)
        fact = table.facts.get(sites.fact)
        seen: dict[str, str] = {}
        for group, words in sites.groups.items():
            if fact is None or group not in fact.values:
                yield Problem((*place, "groups", group), strange(group, sites.fact, fact))
            for word in words:
                if word != " ".join(word.lower().split()):
                    yield Problem((*place, "groups", group), f'"{word}" must be in lower case')
                if seen.setdefault(word, group) != group:
                    yield Problem((*place, "groups", group), f'"{word}" stands in {seen[word]} as well')
