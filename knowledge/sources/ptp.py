"""NCCI procedure-to-procedure edits of Medicare, practitioner and outpatient hospital, each published in four parts.

Tab-delimited Latin-1 text: a notice, a title, a header wrapped over four lines, and a row for every window of every
pair. Pairs recur, so that a pair with its column one and two is no key: each row is a window of its own, from its
effective to its deletion date, both included (NCCI Policy Manual, chapter I; layout read off the release of 2026Q3).
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, islice, zip_longest
from typing import TypeVar

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import PtpRow, Setting
from knowledge.sources.tabular import Row
from knowledge.sources.values import Damaged, Odd, Quarter

_Meaning = TypeVar("_Meaning")

_COLUMNS = {
    "column_one": r"column1",
    "column_two": r"column2",
    "effective": r"effective(date)?",
    "deleted": r"deletion(date)?(\*nodata)?",
    "indicator": r"modifier.*",
    "rationale": r"(ptp)?(edit)?rationale",
}
"""Column -> the shape of its name once the lines over which it is wrapped are put together."""

_VERSION = re.compile(r"(?<![a-z])v(\d\d)([0-3])(?!\d)", re.IGNORECASE)
_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])", re.IGNORECASE)
_PART = re.compile(r"[-_]f([1-4])(?!\d)", re.IGNORECASE)
_SETTINGS: tuple[tuple[re.Pattern[str], Setting], ...] = (
    (re.compile(r"ccioph|hospital", re.IGNORECASE), "outpatient_hospital"),
    (re.compile(r"ccipra|practitioner", re.IGNORECASE), "practitioner"),
)
_PARTS = 4
_NAMES = "a name such as medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip or ccioph-v322r0-f1.txt"

_ROW = re.compile(r"\w{5}\t\w{5}\t\*?\t\d{8}\t(\d{8}|\*)\t[019]\t.*")


class _Remembered(dict[str, _Meaning]):
    """What texts mean, each worked out once: 2.6 million rows hold some 13,000 codes and 500 days."""

    def __init__(self, meaning: Callable[[str], _Meaning]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, text: str) -> _Meaning:
        meaning = self[text] = self._meaning(text.strip())
        return meaning


def _recognises(member: Member) -> bool:
    rows = [line.split("\t") for line in tabular.top_lines(member)] or tabular.top(member)
    titled = any(tabular.plain(row[0]) == "column1column2edits" for row in rows if row)
    headed = any([tabular.plain(cell) for cell in row[:2]] == ["column1", "column2"] for row in rows if len(row) > 3)
    return titled or headed or any(_ROW.fullmatch("\t".join(row)) for row in rows)


def _edition(member: Member) -> Edition:
    tabular.whole_of_medicare(member)
    setting = next((setting for shape, setting in _SETTINGS if tabular.named(member, shape)), None)
    part, version, quarter = (tabular.named(member, shape) for shape in (_PART, _VERSION, _QUARTER))
    # Versions count from 1994: 32.2 is that of the third quarter of 2026.
    told = {Quarter(1994 + int(found[1]), int(found[2]) + 1) for found in (version,) if found}
    told |= {Quarter(int(found[1]), int(found[2])) for found in (quarter,) if found}
    if not told or setting is None or part is None:
        raise SourceRefused(member.place, _NAMES, "one that does not tell quarter, setting and part")
    if len(told) > 1:
        raise SourceRefused(member.place, _NAMES, f"two quarters, {' and '.join(quarter.name for quarter in told)}")
    held = told.pop()
    return Edition(
        name=f"{held.name} (v{held.year - 1994}.{held.number - 1})",
        effective=held.first,
        ended=held.last,
        setting=setting,
        part=(int(part[1]), _PARTS),
    )


def _fields(member: Member) -> Iterator[Row]:
    """Yield the fields of every line with its number."""
    if member.head()[:2] == b"PK":
        return tabular.rows_of(member)
    return enumerate((line.split("\t") for line in tabular.lines_of(member)), start=1)


def _below_heading(member: Member, rows: Iterator[Row]) -> tuple[dict[str, int], Iterator[Row]]:
    """Read on to the rows; return the place of each column, and the rows."""
    seen = "none"
    for line, fields in islice(rows, tabular.TOP):
        if tabular.plain(fields[0]) != _COLUMNS["column_one"]:
            continue
        wrapped = [(line, fields)]
        for row in rows:
            # The first cell of the header is one line high, so that the next one below it is a code.
            if row[1][0].strip() or len(wrapped) == tabular.TOP:
                places = tabular.header(member, iter([_joined(wrapped)]), _COLUMNS)
                return places, chain([row], rows)
            wrapped.append(row)
        seen = "a header with nothing below it"
    raise SourceRefused(member.place, "a header with Column 1, Column 2 and five more, and rows", seen)


def _joined(wrapped: list[Row]) -> Row:
    """Return a header that is wrapped over several lines as one."""
    return wrapped[0][0], ["".join(cells) for cells in zip_longest(*(row for _, row in wrapped), fillvalue="")]


def _rows(member: Member, reading: Reading) -> Iterator[PtpRow]:
    places, rows = _below_heading(member, _fields(member))
    one, two, begins, ends, mark, why = (places[column] for column in _COLUMNS)
    width = max(places.values()) + 1
    codes, days, windows = _Remembered(values.code), _Remembered(values.day), _Remembered(_last_day)
    indicators, reasons = _Remembered(_indicator), _Remembered(_reason)
    line = short = 0
    for line, fields in rows:
        if len(fields) < width:
            if any(field.strip() for field in fields):
                short = line
                reading.read += 1
                reading.refuse(line, f"{width} fields were expected, not {len(fields)}")
            continue
        reading.read += 1
        try:
            effective, deleted = days[fields[begins]], windows[fields[ends]]
            if deleted is not None and deleted < effective:
                raise Odd(f"it was deleted on {deleted} before it took effect on {effective}")
            row = PtpRow(
                codes[fields[one]],
                codes[fields[two]],
                effective,
                deleted,
                indicators[fields[mark]],
                reasons[fields[why]],
            )
        except Odd as odd:
            reading.refuse(line, str(odd))
            continue
        except Damaged as damaged:
            raise tabular.undone(member, damaged, line) from damaged
        reading.kept += 1
        yield row
    tabular.refuse_cut(member, line, short)
    tabular.conclude(member, reading)


def _last_day(text: str) -> date | None:
    return None if text in {"*", ""} else values.day(text)


def _indicator(text: str) -> str:
    return values.among(text, {"0", "1", "9"}, "modifier indicator")


def _reason(text: str) -> str:
    if not text:
        raise Odd("the rationale is empty")
    return text


FORMAT = Format(
    kind="ptp",
    title="NCCI PTP edits of Medicare",
    expects="a tab-delimited text (or a workbook) with the title Column1/Column2 Edits and seven columns, named "
    "ccipra-v322r0-f1.txt or ccioph-v322r0-f1.txt, f1 to f4",
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
