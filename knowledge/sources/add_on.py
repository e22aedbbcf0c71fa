"""NCCI add-on code edits of Medicare, as a workbook or as a text with fields at fixed places.

Dates are YYYYDDD, the year and the day in it. An edit ends with the first of three deletions: of the add-on code, of
the primary code, or of the edit. In the text the first character is the type of the edit and not part of the code
(layouts read off the workbook of 2026Q2 and described for the text of that quarter).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import AddOnRow
from knowledge.sources.tabular import Entry
from knowledge.sources.values import Odd, Quarter

_COLUMNS = {
    "kind": r"aocedittype",
    "add_on": r"addoncode",
    "add_on_deleted": r"aocdeldt",
    "primary": r"primarycode",
    "primary_deleted": r"primarycodedeldt",
    "effective": r"aocediteffdt",
    "deleted": r"aoceditdeldt",
    "note": r"specialinstructionnotes?",
}
_FIELDS = {
    "kind": slice(0, 1),
    "add_on": slice(1, 6),
    "add_on_deleted": slice(6, 13),
    "primary": slice(13, 18),
    "primary_deleted": slice(18, 25),
    "effective": slice(25, 32),
    "deleted": slice(32, 39),
    "note": slice(39, 97),
}
"""Where the fields of a line of the text stand."""

_LINE = re.compile(r"[123]\w{5}(\d{7}| {7})\w{5}(\d{7}| {7})\d{7}")
_RELEASE = re.compile(r"AOC_V(20\d\d)(?:Q([1-4]))?|(20\d\d)[-_ ]?q([1-4])", re.IGNORECASE)
_NAMES = "a name such as AOC_V2026Q2-MCR.xlsx or AOC_V2026Q2-F-MCR.txt"

CONTRACTOR_DEFINED = "CCCCC"
"""Stands for primary codes that each contractor sets."""


def _recognises(member: Member) -> bool:
    rows = tabular.top(member)
    names = {tabular.plain(cell) for row in rows for cell in row}
    return {"addoncode", "primarycode"} <= names or "aocedittype" in names or _is_flat(member)


def _is_flat(member: Member) -> bool:
    """Tell whether a member is the text with fields at fixed places."""
    return any(_LINE.match(line) for line in tabular.top_lines(member))


def _edition(member: Member) -> Edition:
    tabular.whole_of_medicare(member)
    found = tabular.named(member, _RELEASE)
    if found is None:
        raise SourceRefused(member.place, _NAMES, "one that does not tell the edition")
    year, number = int(found[1] or found[3]), found[2] or found[4]
    if number is None:
        return Edition(str(year), date(year, 1, 1), date(year, 12, 31))
    quarter = Quarter(year, int(number))
    return Edition(quarter.name, quarter.first, quarter.last)


def _rows(member: Member, reading: Reading) -> Iterator[AddOnRow]:
    if _is_flat(member):
        yield from tabular.kept(member, reading, tabular.cut(member, _FIELDS, _FIELDS["effective"].stop), _row)
        return
    rows = tabular.rows_of(member)
    places = tabular.header(member, rows, _COLUMNS)
    yield from tabular.kept(member, reading, tabular.entries(member, rows, places), _row)


def _row(entry: Entry) -> AddOnRow:
    kind = values.among(entry["kind"], {"1", "2", "3"}, "type of add-on edit")
    primary = entry["primary"]
    ends = sorted(_day(entry[name]) for name in ("add_on_deleted", "primary_deleted", "deleted") if entry[name])
    return AddOnRow(
        add_on=values.code(entry["add_on"]),
        kind=kind,
        primary_code=primary if primary == CONTRACTOR_DEFINED else values.code(primary),
        effective=_day(entry["effective"]),
        deleted=ends[0] if ends else None,
        note=entry["note"],
    )


def _day(text: str) -> date:
    """Return a day written as YYYYDDD; raise `Odd` where it is none."""
    if len(text) == 7 and text.isdecimal() and int(text[:4]):
        day = date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)
        if day.year == int(text[:4]):
            return day
    raise Odd(f'"{text}" is not a day written as YYYYDDD')


FORMAT = Format(
    kind="add_on",
    title="NCCI add-on code edits of Medicare",
    expects="a workbook with AOC_Edit_Type, Add-On_Code, Primary_Code and five more columns, or a text with these at "
    "fixed places, named AOC_V2026Q2-MCR.xlsx or AOC_V2026Q2-F-MCR.txt",
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
