"""Typed rows in a small database of their own: one table for each type of row, named after it."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.layout import OPEN, UNKNOWN
from knowledge.sources.reading import Member, Reading, SourceRefused

_ENDS = {"deleted", "ended", "terminated"}
"""Columns of days in which nothing means "no end"; in all others it means "not given"."""
_KEYS = {
    "MueRow": "code",
    "FeeRow": "code, modifier",
    "GpciRow": "contractor, locality",
    "HcpcsRow": "code, is_modifier",
    "OppsRow": "code",
    "IcdOrderRow": "code",
    "PcsRow": "code",
}
"""Type of row -> the columns that tell one from all others; rows of the other types may recur."""
_BATCH = 20_000

Progress = Callable[[str, int], None]
"""Called with the place that is read and how many rows were read so far."""


def write_rows(
    connection: sqlite3.Connection, rows: Iterator[tuple[object, ...]], reading: Reading, progress: Progress | None
) -> None:
    """Write rows into one table for each type of row, named after it."""
    batches: dict[type, list[tuple[Any, ...]]] = {}
    plain: dict[type, Callable[[Any], tuple[Any, ...]]] = {}
    for row in rows:
        kind = type(row)
        if kind not in plain:
            fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined] # every row is a NamedTuple
            columns = ", ".join(f'"{name}"' for name in fields)
            connection.execute(f'CREATE TABLE "{kind.__name__}" ({columns})')
            plain[kind] = _plain(kind, fields)
            batches[kind] = []
        batch = batches[kind]
        batch.append(plain[kind](row))
        if len(batch) >= _BATCH:
            _flush(connection, kind, batch)
            if progress:
                progress(reading.place, reading.read)
    for kind, batch in batches.items():
        _flush(connection, kind, batch)
    if progress:
        progress(reading.place, reading.read)


def _flush(connection: sqlite3.Connection, kind: type, batch: list[tuple[Any, ...]]) -> None:
    if batch:
        marks = ", ".join("?" * len(batch[0]))
        connection.executemany(f'INSERT INTO "{kind.__name__}" VALUES ({marks})', batch)  # noqa: S608 - a type of ours
        batch.clear()


def _plain(kind: type, fields: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return how rows of a type become columns: days as numbers, amounts as text, lists as words."""
    hints: dict[str, object] = kind.__annotations__
    ways = tuple(_column(name, hints[name]) for name in fields)
    changed = [(place, way) for place, way in enumerate(ways) if way is not None]

    def columns(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, way in changed:
            values[place] = way(values[place])
        return tuple(values)

    return columns


def _column(name: str, hint: object) -> Callable[[Any], Any] | None:
    """Return how a field is written, None where it is written as it is."""
    if hint == date | None:
        nothing = OPEN if name in _ENDS else UNKNOWN
        known: dict[date | None, int] = {None: nothing}

        def number(day: date | None) -> int:
            found = known.get(day)
            if found is None and day is not None:
                found = known[day] = day.year * 10000 + day.month * 100 + day.day
            return found or nothing

        return number
    if hint in (Decimal, Decimal | None):
        return lambda value: None if value is None else str(value)
    if hint == tuple[str, ...]:
        return " ".join
    return None


def refuse_repeated(connection: sqlite3.Connection, member: Member) -> None:
    """Refuse a file with two rows of one key: which of them holds would be left to chance."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table in tables & _KEYS.keys():
        key = _KEYS[table]
        found = connection.execute(
            f'SELECT {key} FROM "{table}" GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT 1'  # noqa: S608 - ours
        ).fetchone()
        if found:
            named = " ".join(str(part) for part in found if part != "")
            raise SourceRefused(member.place, f"one row for each {key}", f"more than one of {named}")
