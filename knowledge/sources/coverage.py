"""The Medicare Coverage Database of CMS as exported: its NCDs, LCDs and articles, and the codes of the articles.

The downloads `ncd.zip`, `current_lcd.zip`, `current_article.zip`, `all_lcd.zip`, `all_article.zip` and `all_data.zip`
hold a zip of tables as CSV; `coverage_tables` says which are read. Codes stand in articles, and articles name the LCDs
that they belong to. (Some LCDs for medical equipment list codes of their own, which are not read.) The text is UTF-8,
in older exports Windows-1252, and cells hold line breaks.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from knowledge.sources import tabular
from knowledge.sources.coverage_tables import TABLES, CoverageRow, CoverageTable, day
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.values import Odd

_EXPECTS = (
    "a table of the Medicare Coverage Database: article, lcd, ncd_trkg, article_x_hcpc_code, article_x_icd10_covered, "
    "article_x_icd10_noncovered or article_related_documents"
)
_LONGEST_CELL = 10_000_000
"""Characters of a cell: a whole LCD stands in some, which is more than the standard library allows by itself."""
_NAMED_DAY = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?([0-2]\d|3[01])(?!\d)")
_HISTORY = re.compile(r"all_(?:lcd|article)", re.IGNORECASE)

_DOCUMENTS = {"ncd": "ncd_trkg.csv", "lcd": "lcd.csv", "article": "article.csv"}
"""The table of the documents themselves, by their kind."""
_UPDATED = {"ncd": "last_updt_tmstmp", "lcd": "last_updated", "article": "last_updated"}
"""Its column with the last change of a document."""
_TITLES = {"ncd": "NCDs", "lcd": "LCDs", "article": "articles"}


def _recognises(member: Member) -> bool:
    try:
        return _table(member) is not None
    except (SourceRefused, OSError, csv.Error):
        return False


def _table(member: Member) -> CoverageTable | None:
    """Return which table a member is, by its header; None for a stranger."""
    head = member.head()
    if tabular.stranger(head) or head[:2] == b"PK":
        return None
    names = set(_names(next(csv.reader(_texts(head.decode("latin-1").splitlines())), [])))
    return next((table for table in TABLES if names.issuperset(table.columns)), None)


def _names(cells: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _texts(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that were read as Latin-1 in their own encoding, and with an end, which a cell may hold."""
    for line in lines:
        if line.isascii():
            yield f"{line}\n"
            continue
        own = line.encode("latin-1")
        try:
            yield f"{own.decode('utf-8-sig')}\n"
        except UnicodeDecodeError:
            yield f"{own.decode('cp1252', errors='replace')}\n"


def _cells(member: Member, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of columns of a table, with the line on which their row ends; none for a row of another length.

    Raises `ValueError` where the table has no such column, `SourceRefused` where its last row is cut off.
    """
    line, short = 0, 0
    allowed = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = csv.reader(_texts(tabular.lines_of(member)))
        names = _names(next(rows, []))
        places = [names.index(column) for column in columns]
        for row in filter(None, rows):
            line = rows.line_num
            short = line if len(row) < len(names) else short
            yield line, [row[place].strip() for place in places] if len(row) == len(names) else []
    except csv.Error as error:
        raise SourceRefused(member.place, "rows of cells", f"a cell without an end ({error})") from error
    finally:
        csv.field_size_limit(allowed)
    tabular.refuse_cut(member, line, short)


def _edition(member: Member) -> Edition:
    """Return the edition: the day of the export in a name, or the last change of any of its documents.

    All tables of one export have the same edition, because the documents are looked up beside each of them.
    """
    table = _table(member)
    if table is None:
        raise SourceRefused(member.place, _EXPECTS, "another file")
    found = tabular.named(member, _NAMED_DAY)
    exported = day("-".join(found.groups())) if found else _last_change(member, table.kind)
    if exported is None:
        expected = "the day of the export in the name, as in current_lcd_2026-09-28.zip, or of changes in the table"
        raise SourceRefused(member.place, expected, "neither")
    extent = "all " if tabular.named(member, _HISTORY) else ""
    return Edition(f"{extent}{_TITLES[table.kind]} {exported.isoformat()}", exported, None)


def _last_change(member: Member, kind: str) -> date | None:
    """Return the last change in the table of documents beside a member, or in the member where there is none."""
    name = _DOCUMENTS[kind]
    if member.inner is None:
        beside = Member(member.path.with_name(name))
    else:
        beside = Member(member.path, str(PurePosixPath(member.inner).with_name(name)))
    for place in (beside, member):
        try:
            return _newest(place, place.path.stat().st_mtime_ns, _UPDATED[kind])
        except (SourceRefused, OSError, ValueError):
            continue
    return None


@lru_cache(maxsize=8)
def _newest(member: Member, _changed: int, column: str) -> date | None:
    newest: date | None = None
    for _, cells in _cells(member, (column,)):
        try:
            newest = max(filter(None, (newest, day("".join(cells)))), default=None)
        except Odd:
            continue
    return newest


def _rows(member: Member, reading: Reading) -> Iterator[CoverageRow]:
    table = _table(member)
    if table is None:
        head = member.head()
        start = head.decode("latin-1").strip().partition("\n")[0].strip()[:80]
        raise SourceRefused(member.place, _EXPECTS, tabular.stranger(head) or f'"{start}"', line=1)

    def parse(cells: list[str]) -> CoverageRow:
        if not cells:
            raise Odd("the row has more or fewer cells than the header")
        return table.parse(cells)

    rows = ((line, cells) for line, cells in _cells(member, table.columns) if not cells or table.holds(cells))
    told: set[CoverageRow] = set()
    for row in tabular.kept(member, reading, rows, parse):
        if row not in told:
            yield row
        if table.repeats:
            told.add(row)


FORMAT = Format(
    kind="coverage",
    title="Medicare Coverage Database",
    expects=_EXPECTS,
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
