"""Rows of tabular releases: of a text or a workbook, below a header found by the names of its columns.

Also how many odd rows a file may have before it is refused whole.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from knowledge.sources.reading import Member, Reading, SourceRefused, members
from knowledge.sources.values import Damaged, Odd

_Entry = TypeVar("_Entry")
_Row = TypeVar("_Row")

Row = tuple[int, list[str]]
"""(line or row number from 1, its cells without surrounding space)."""
Entry = Mapping[str, str]
"""One row by the names of its columns."""

TOP = 20
"""Rows from the start among which a header stands."""
_OTHERS = (
    (re.compile(r"medicaid|mcd[-_]", re.IGNORECASE), "the name of a file for Medicaid, whose edits differ"),
    (re.compile(r"addition|deletion|revision|change", re.IGNORECASE), "the name of a list of changes"),
)
"""How names of NCCI files differ that hold something else in the same columns."""
_FEW, _SHARE = 3, 0.03
"""A file may have so many odd rows, or such a share of its rows; with more, it is not what its header says."""


def named(member: Member, shape: re.Pattern[str]) -> re.Match[str] | None:
    """Return what a name of the member tells, its own name before that of the zip around it."""
    return next((found for name in member.names if (found := shape.search(name))), None)


def whole_of_medicare(member: Member) -> None:
    """Raise `SourceRefused` for an NCCI file that is for Medicaid or only lists what changed."""
    for shape, seen in _OTHERS:
        if named(member, shape):
            raise SourceRefused(member.place, "a whole table of edits of Medicare", seen)


def plain(name: str) -> str:
    """Return a column's name in small letters, digits and asterisks alone.

    Line breaks and dashes in headers vary, and spreadsheets put the mark of UTF-8 in front of a text in Latin-1.
    """
    return re.sub(r"[^a-z0-9*]", "", name.lower())


def stranger(head: bytes) -> str | None:
    """Say what the start of a file is where it is neither text nor a workbook."""
    start = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "an empty file"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")) or b"<html" in start:
        return "a web page or XML"
    if head[:2] != b"PK" and (b"\0" in head or start.startswith(b"%pdf")):
        return "a file that is no text"
    return None


def top_lines(member: Member) -> tuple[str, ...]:
    """Return the first lines of a text, to recognise a format by; none of anything else. Raises nothing."""
    try:
        head = member.head()
    except (SourceRefused, OSError):
        return ()
    if stranger(head) or head[:2] == b"PK":
        return ()
    return tuple(line.rstrip("\n") for line in islice(io.StringIO(head.decode("latin-1"), newline=None), TOP * 2))


def top(member: Member) -> tuple[list[str], ...]:
    """Return the first rows, to recognise a format by; none of what is no table or is damaged. Raises nothing.

    A workbook in a zip beside a text of the same name is passed over, because both hold the same rows.
    """
    try:
        if lines := top_lines(member):
            return tuple(cells for _, cells in islice(_cells(lines, _mark(member.head())), TOP))
        if member.head()[:2] == b"PK" and not _has_text(member):
            return _top_of_workbook(member, member.path.stat().st_mtime_ns)
    except (SourceRefused, OSError, csv.Error):
        pass
    return ()


def lines_of(member: Member) -> Iterator[str]:
    """Yield the lines of a text; raise `SourceRefused` for a web page, a workbook or other bytes."""
    head = member.head()
    if seen := stranger(head) or ("a workbook or zip" if head[:2] == b"PK" else None):
        raise SourceRefused(member.place, "a text", seen)
    return member.lines()


def rows_of(member: Member) -> Iterator[Row]:
    """Yield every row of a text with commas or tabs, or of a workbook; raise `SourceRefused` for anything else."""
    head = member.head()
    if seen := stranger(head):
        raise SourceRefused(member.place, "a table as text or workbook", seen)
    if head[:2] == b"PK":
        yield from _sheet(member)
        return
    try:
        yield from _cells(member.lines(), _mark(head))
    except csv.Error as error:
        raise SourceRefused(member.place, "rows of cells", f"a cell without an end ({error})") from error


def _mark(head: bytes) -> str:
    """Return the character between the cells of a text."""
    return "\t" if head.count(b"\t") > head.count(b",") else ","


def _cells(lines: Iterable[str], mark: str) -> Iterator[Row]:
    """Yield the rows of a text with the line at which each ends; a quoted cell may hold line breaks."""
    rows = csv.reader(lines, delimiter=mark)
    for cells in rows:
        yield rows.line_num, [cell.strip() for cell in cells]


def _sheet(member: Member) -> Iterator[Row]:
    """Yield the rows of the first sheet of a workbook that has any."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(member.content())) as book:
            sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
            sheet = next((sheet for sheet in sheets if sheet.height), None)
            for place, cells in enumerate(sheet.iter_rows() if sheet else (), start=1):
                yield place, [_cell(cell) for cell in cells]
    except CalamineError as error:
        raise SourceRefused(member.place, "a whole workbook", f"a damaged one ({error})") from error


def _cell(value: object) -> str:
    """Return what a cell of a workbook shows; a whole number has no point, so that five digits stay a code."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime.date) else str(value).strip()


@lru_cache(maxsize=8)
def _top_of_workbook(member: Member, _changed: int) -> tuple[list[str], ...]:
    """Return the first rows of a workbook; a sheet is only read whole, so that formats share what one has read."""
    return tuple(cells for _, cells in islice(_sheet(member), TOP))


def _has_text(member: Member) -> bool:
    """Tell whether the zip around a workbook also holds its rows as text."""
    if member.inner is None:
        return False
    others = (Path(other.name.lower()) for other in members(member.path))
    return any(other.suffix in {".txt", ".csv"} and other.stem == Path(member.name.lower()).stem for other in others)


def header(
    member: Member,
    rows: Iterator[Row],
    columns: Mapping[str, str],
    optional: Mapping[str, str] = MappingProxyType({}),
    above: int = 0,
) -> dict[str, int]:
    """Read on to the header and return the place of each column.

    `columns` and `optional` give for each the shape of its `plain` name; with `above`, that many rows above the last
    one of the header belong to the names. Raises `SourceRefused` with the columns that are missing.
    """
    best: dict[str, int] = {}
    shown: tuple[int, list[str]] = (1, [])
    stacked: list[list[str]] = []
    for line, cells in islice(rows, TOP):
        stacked = [*stacked, cells][-above - 1 :]
        places = _places(stacked, columns)
        if len(places) == len(columns):
            return places | _places(stacked, optional)
        if len(places) > len(best) or not any(shown[1]):
            best, shown = places, (line, cells)
    wanted, missing = (
        ", ".join(name.replace("_", " ") for name in names)
        for names in (columns, [name for name in columns if name not in best])
    )
    seen = f"no column for {missing}" if best else f'"{" | ".join(filter(None, shown[1]))[:80]}"'
    raise SourceRefused(member.place, f"a header with {wanted}", seen, shown[0])


def _places(stacked: list[list[str]], columns: Mapping[str, str]) -> dict[str, int]:
    """Return the place of each column whose name stands in a header, which may be spread over several rows."""
    width = len(stacked[-1])
    names = [plain("".join(row[place] for row in stacked if place < len(row))) for place in range(width)]
    found = {
        column: next((place for place, name in enumerate(names) if re.fullmatch(shape, name)), None)
        for column, shape in columns.items()
    }
    return {column: place for column, place in found.items() if place is not None}


def entries(member: Member, rows: Iterable[Row], places: Mapping[str, int]) -> Iterator[tuple[int, Entry]]:
    """Yield the rows below a header by column, without empty ones and notes; a short row has empty cells at its end.

    Raises `SourceRefused` where the last row is a short one.
    """
    width = max(places.values()) + 1
    line, short = 0, 0
    for line, cells in rows:
        filled = sum(1 for cell in cells if cell)
        # A note below the rows fills the first cell alone, with more than a code.
        if filled > 1 or (filled and len(cells[0]) <= 7):
            short = line if len(cells) < width else short
            yield line, {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    refuse_cut(member, line, short)


def cut(member: Member, fields: Mapping[str, slice], least: int, skipping: str = "\x1a") -> Iterator[tuple[int, Entry]]:
    """Yield the lines of a text whose fields stand at fixed places, without those that begin with `skipping`.

    Raises `SourceRefused` where the last line has fewer than `least` characters.
    """
    line, short = 0, 0
    for line, text in enumerate(lines_of(member), start=1):
        # Old texts end with the control character of the end of a file.
        if text.strip("\x1a ") and not text.startswith(skipping):
            short = line if len(text) < least else short
            yield line, {name: text[place].strip() for name, place in fields.items()}
    refuse_cut(member, line, short)


def refuse_cut(member: Member, last: int, short: int) -> None:
    """Refuse a text whose last line is a short one: it is cut off, and would pass for a release with fewer rows."""
    if short and short == last:
        raise SourceRefused(member.place, "a whole last row", "one that is cut off", last)


def kept(
    member: Member, reading: Reading, entries: Iterable[tuple[int, _Entry]], parse: Callable[[_Entry], _Row]
) -> Iterator[_Row]:
    """Yield what `parse` makes of each entry, leaving odd rows out with their reason.

    Raises `SourceRefused` for a damaged code, and at the end where too many rows were odd or none held.
    """
    for line, entry in entries:
        reading.read += 1
        try:
            row = parse(entry)
        except Odd as odd:
            reading.refuse(line, str(odd))
            continue
        except Damaged as damaged:
            raise undone(member, damaged, line) from damaged
        reading.kept += 1
        yield row
    conclude(member, reading)


def undone(member: Member, damaged: Damaged, line: int) -> SourceRefused:
    """Return the refusal of a file in which a spreadsheet changed a code."""
    return SourceRefused(member.place, "codes of five characters, kept as text", str(damaged), line)


def conclude(member: Member, reading: Reading) -> None:
    """Refuse a file that held no row, or too many odd ones; call it after the last."""
    if reading.refused_count > max(_FEW, _SHARE * reading.read) or (reading.refused and not reading.kept):
        line, reason = reading.refused[0]
        odd = f"{reading.refused_count:,} of {reading.read:,} rows that do not hold (the first: {reason})"
        raise SourceRefused(member.place, "rows of this format", odd, line)
    if not reading.kept:
        raise SourceRefused(member.place, "at least one row", "none below the header")
