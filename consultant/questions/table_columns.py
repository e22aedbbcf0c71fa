"""Say what the measures in a table are by the heads of their columns: size, margin, excised diameter, closure.

A column whose head gives the unit has bare numbers: "size (cm)" over 0.8.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from consultant.questions.listing import ROW
from consultant.questions.sizes import Measure, Role

_HEADS: Final = tuple(
    (role, re.compile(rf"\b(?:{words})", re.IGNORECASE))
    for role, words in (
        (Role.MARGIN, r"margins?|mgn"),
        (Role.CLOSURE, r"closure|repair|sutur|wound|length"),
        (Role.EXCISED, r"excised|excision (?:size|diam)|total|defect incl"),
        (Role.OTHER, r"specimen|path|defect|depth|area|final"),
        (Role.LESION, r"size|diam|lesion|clinical|greatest|cm|mm|width"),
    )
)
_UNIT: Final = re.compile(r"\b(?P<u>cm|mm)\b", re.IGNORECASE)
_BARE: Final = re.compile(r"[ \t]*(?P<n>\d{1,2}(?:\.\d{1,2})?|\.\d{1,2})[ \t]*$")
_MM: Final = 0.1


def headed(text: str, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Return the measures, those in a table with the role of their column; bare numbers in columns with a unit too."""
    rows = list(ROW.finditer(text))
    if len(rows) < 2:
        return measures
    first, *others = rows
    heads = [_role(cell) for cell, _ in _cells(first[0], first.start())]
    units = [_UNIT.search(cell) for cell, _ in _cells(first[0], first.start())]
    if any(first.start() <= measure.start < first.end() for measure in measures) or not any(heads):
        return measures
    found: list[Measure] = []
    spoken: set[Measure] = set()
    for row in others:
        for place, (cell, start) in enumerate(_cells(row[0], row.start())):
            role = heads[place] if place < len(heads) else None
            own = [measure for measure in measures if start <= measure.start < start + len(cell)]
            spoken |= set(own)
            found += [replace(measure, role=role) if role and measure.form != "area" else measure for measure in own]
            unit = units[place] if place < len(units) else None
            if not own and role and unit and (bare := _BARE.match(cell)):
                size = round(float(bare["n"]) * (_MM if unit["u"].lower() == "mm" else 1), 2)
                found.append(Measure(start + bare.start("n"), start + bare.end("n"), size, size, role=role))
    return tuple(sorted([*_without(measures, spoken), *found], key=lambda measure: measure.start))


def _without(measures: Iterable[Measure], spoken: set[Measure]) -> Iterator[Measure]:
    yield from (measure for measure in measures if measure not in spoken)


def _role(cell: str) -> Role | None:
    return next((role for role, words in _HEADS if words.search(cell)), None)


def _cells(row: str, since: int) -> Iterator[tuple[str, int]]:
    """Yield the cells of a line with where each begins; strokes at the ends of the line open and close it."""
    start = since + len(row) - len(row.lstrip(" \t|"))
    for cell in row.strip(" \t|").split("|"):
        yield cell, start
        start += len(cell) + 1
