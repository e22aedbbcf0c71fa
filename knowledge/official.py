"""The rows of official files in a release: PTP edits, MUE, add-on codes, fee-schedule indicators, each by edition."""

import sqlite3
import threading
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.layout import DATABASE, OPEN, UNKNOWN
from knowledge.model import AddOn, Fee, Mue, NoEdition, PtpAnswer, PtpEdit, Setting, SourceEdition


class Official:
    """The database of one release, opened read-only, and what its official files say."""

    def __init__(self, folder: Path) -> None:
        """Open the database of a release's folder."""
        self.folder = folder
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._sources = self._read_sources()

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._lock:
            while self._connections:
                self._connections.pop().close()

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            uri = f"{(self.folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1"
            # Each thread uses its own; `close` may be called from another, after they are done.
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._local.connection = connection
            with self._lock:
                self._connections.append(connection)
        return connection.execute(statement, values).fetchall()

    def _read_sources(self) -> tuple[SourceEdition, ...]:
        columns = "kind, edition, effective, ended, rows, sha256, note"
        rows = self._rows(f"SELECT {columns} FROM edition ORDER BY kind, effective")  # noqa: S608 - our own columns
        return tuple(SourceEdition(row[0], row[1], day(row[2]), day(row[3]), *row[4:]) for row in rows)

    def sources(self) -> tuple[SourceEdition, ...]:
        """Return every source compiled in, by kind and date."""
        return self._sources

    def _edition(self, kind: str, on: date, *, nearest: bool) -> tuple[str, bool] | NoEdition:
        """Return the edition for a date and whether it is the one that holds then."""
        held = [row for row in self._sources if row.kind == kind]
        fitting = [row for row in held if holds(row.effective, row.ended, on)]
        if fitting:
            return fitting[-1].edition, True
        if nearest and held:
            closest = min(held, key=lambda row: _distance(row, on))
            return closest.edition, False
        return NoEdition(kind, on, tuple(row.edition for row in held))

    def ptp(
        self, a: str, b: str, on: date, setting: Setting = "practitioner", *, nearest: bool = False
    ) -> PtpAnswer | NoEdition:
        """Return every window of a pair on a date, in both orders."""
        edition = self._edition("ptp", on, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        name, for_date = edition
        rows = self._rows(
            "SELECT column_one, column_two, effective, deleted, indicator, rationale FROM ptp "
            "WHERE setting = ? AND edition = ? AND column_one = ? AND column_two = ? "
            "UNION ALL SELECT column_one, column_two, effective, deleted, indicator, rationale FROM ptp "
            "WHERE setting = ? AND edition = ? AND column_one = ? AND column_two = ?",
            *(setting, name, a, b, setting, name, b, a),
        )
        edits = tuple(
            PtpEdit(
                column_one=row[0],
                column_two=row[1],
                effective=day(None if row[2] == UNKNOWN else row[2]),
                deleted=day(None if row[3] == OPEN else row[3]),
                indicator=row[4],
                rationale=row[5],
                edition=name,
            )
            for row in rows
        )
        in_force = (edit for edit in edits if not for_date or holds(edit.effective, edit.deleted, on))
        return PtpAnswer(name, tuple(in_force), for_date)

    def mue(
        self, code: str, on: date, setting: Setting = "practitioner", *, nearest: bool = False
    ) -> Mue | NoEdition | None:
        """Return the unit limit of a code; None where the edition publishes none, which is not "no limit"."""
        edition = self._edition("mue", on, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        name, for_date = edition
        rows = self._rows(
            "SELECT units, indicator, rationale FROM mue WHERE setting = ? AND edition = ? AND code = ?",
            *(setting, name, code),
        )
        if not rows:
            return None
        units, indicator, rationale = rows[0]
        return Mue(code, setting, units, indicator, rationale, name, for_date)

    def add_on(self, code: str, on: date, *, nearest: bool = False) -> tuple[AddOn, ...] | NoEdition:
        """Return what the file says of a code as add-on code; empty where it is none."""
        return self._add_ons("add_on", code, on, nearest=nearest)

    def primary_of(self, code: str, on: date, *, nearest: bool = False) -> tuple[AddOn, ...] | NoEdition:
        """Return the add-on codes that may go with a primary code."""
        return self._add_ons("primary_code", code, on, nearest=nearest)

    def _add_ons(self, column: str, code: str, on: date, *, nearest: bool) -> tuple[AddOn, ...] | NoEdition:
        edition = self._edition("add_on", on, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        name, for_date = edition
        rows = self._rows(
            # The column is one of two names of ours.
            f"SELECT add_on, kind, primary_code, effective, deleted FROM add_on WHERE edition = ? AND {column} = ? "  # noqa: S608
            "ORDER BY add_on, kind, primary_code",
            *(name, code),
        )
        found: dict[tuple[str, str], list[str]] = {}
        for add_on, kind, primary, effective, deleted in rows:
            if holds(day(effective), day(deleted), on):
                found.setdefault((add_on, kind), []).append(primary)
        return tuple(AddOn(add_on, kind, tuple(own), name, for_date) for (add_on, kind), own in found.items())

    def fee(self, code: str, on: date, modifier: str = "", *, nearest: bool = False) -> Fee | NoEdition | None:
        """Return the payment indicators of a code; None where the edition has no such row."""
        edition = self._edition("fee", on, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        name, for_date = edition
        rows = self._rows(
            "SELECT status, global_days, multiple, bilateral, assistant, co_surgeon, team, pctc FROM fee "
            "WHERE edition = ? AND code = ? AND modifier = ?",
            *(name, code, modifier),
        )
        if not rows:
            return None
        status, global_days, multiple, bilateral, assistant, co_surgeon, team, pctc = rows[0]
        return Fee(
            code=code,
            modifier=modifier,
            status=status,
            global_days=global_days,
            multiple=multiple,
            bilateral=bilateral,
            assistant=assistant,
            co_surgeon=co_surgeon,
            team=team,
            pctc=pctc,
            edition=name,
            for_date=for_date,
        )


def day(text: str | None) -> date | None:
    """Read a date column."""
    return date.fromisoformat(text) if text else None


def holds(effective: date | None, ended: date | None, on: date) -> bool:
    """Tell whether a window, both ends included, holds a day."""
    return (effective is None or effective <= on) and (ended is None or on <= ended)


def _distance(source: SourceEdition, on: date) -> int:
    """Return how many days lie between a date and an edition."""
    if source.effective is not None and on < source.effective:
        return (source.effective - on).days
    return (on - source.ended).days if source.ended is not None else 0
