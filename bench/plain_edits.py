"""Reads PTP edits in the official layout the plainest way: line by line, with `str.split`.

It is what the importer is measured beside, and what answers of a release are compared with.
"""

import io
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_FIELDS = 7
_CREATE = "CREATE TABLE edit (one, two, old, effective, deleted, indicator, rationale)"
_STANDS = "*"


class Window(NamedTuple):
    """One row as the file writes it: days as 20240930, `*` for an edit that stands."""

    one: str
    two: str
    effective: str
    deleted: str
    indicator: str

    def applies(self, on: str) -> bool:
        """Tell whether it holds on a day written as the file writes days; a void one (9) never does."""
        return self.indicator != "9" and self.effective <= on and (self.deleted == _STANDS or on <= self.deleted)


def rows(paths: Iterable[Path]) -> Iterator[list[str]]:
    """Yield the seven fields of every row of zips with one text each, without the heading."""
    for path in paths:
        with zipfile.ZipFile(path) as book, book.open(book.namelist()[0]) as raw:
            for line in io.TextIOWrapper(raw, encoding="latin-1", newline=""):
                fields = line.rstrip("\r\n").split("\t")
                if len(fields) == _FIELDS and fields[3].isdecimal():
                    yield fields


def into_table(paths: Iterable[Path], database: Path) -> int:
    """Put every row into a plain table without an index, and return how many there are."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {_CREATE}")
    connection.executemany("INSERT INTO edit VALUES (?, ?, ?, ?, ?, ?, ?)", rows(paths))
    connection.execute("COMMIT")
    count: int = connection.execute("SELECT count(*) FROM edit").fetchone()[0]
    connection.close()
    return count


def windows(paths: Iterable[Path], pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[Window]]:
    """Return every window between the two codes of each pair, in either order, by one pass over all rows."""
    found: dict[tuple[str, str], set[Window]] = {pair: set() for pair in pairs}
    for one, two, _, effective, deleted, indicator, _ in rows(paths):
        for pair in ((one, two), (two, one)):
            if pair in found:
                found[pair].add(Window(one, two, effective, deleted, indicator))
    return found


def cut(paths: Sequence[Path], out: Path, share: float) -> tuple[Path, ...]:
    """Write zips of the same names with a share of the pairs, whole pairs, the same in every run."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for path in paths:
        with zipfile.ZipFile(path) as book:
            name = book.namelist()[0]
            lines = book.read(name).decode("latin-1").splitlines(keepends=True)
        kept = [line for line in lines if line.count("\t") < _FIELDS - 1 or line[0] == "\t" or _within(line, share)]
        with zipfile.ZipFile(out / path.name, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr(name, "".join(kept).encode("latin-1"))
        made.append(out / path.name)
    return tuple(made)


def _within(line: str, share: float) -> bool:
    """Tell whether a row is one of a share; the header is always."""
    return line.startswith("Column") or zlib.crc32(line[:11].encode("latin-1")) < share * 2**32
