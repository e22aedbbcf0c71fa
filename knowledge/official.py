"""The rows of official files in a release: PTP edits, MUE, add-on codes, fee-schedule indicators, each by edition."""

import sqlite3
import threading
import weakref
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.faults import MEND, ReleaseDamaged
from knowledge.layout import DATABASE, OPEN, UNKNOWN
from knowledge.model import AddOn, Fee, Mue, NoEdition, PtpAnswer, PtpEdit, Setting, SourceEdition


class Official:
    """The database of one release, opened read-only, and what its official files say."""

    def __init__(self, folder: Path) -> None:
        """Open the database of a release's folder."""
        self.folder = folder
        self._uri = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1"
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        # A release that was replaced is not closed while somebody may still read it; it goes with its last reader.
        weakref.finalize(self, _close, self._idle)
        self._sources = self._read_sources()
        rows = self._rows("SELECT kind, edition, setting FROM setting")
        self._settings = {(str(kind), str(edition), str(setting)) for kind, edition, setting in rows}

    def close(self) -> None:
        """Close the database; a reader that is in the midst of a question still gets its answer."""
        with self._lock:
            self._closed = True
            _close(self._idle)

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        """Ask the database; raise `ReleaseDamaged` where it cannot be read as it was written."""
        try:
            connection = self._borrow()
            try:
                return connection.execute(statement, values).fetchall()
            finally:
                self._give_back(connection)
        except sqlite3.Error as error:
            raise ReleaseDamaged(f"The release {self.folder} is damaged ({error}); {MEND}.") from error

    def _borrow(self) -> sqlite3.Connection:
        """Take a connection that nobody uses; there are never more of them than there were readers at one moment."""
        with self._lock:
            if self._closed:
                raise ValueError(f"The release {self.folder} was closed.")
            if self._idle:
                return self._idle.pop()
        return sqlite3.connect(self._uri, uri=True, check_same_thread=False)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._idle.append(connection)
            if self._closed:
                _close(self._idle)

    def _read_sources(self) -> tuple[SourceEdition, ...]:
        columns = "kind, edition, effective, ended, rows, sha256, note, partial"
        rows = self._rows(f"SELECT {columns} FROM edition ORDER BY kind, effective")  # noqa: S608 - our own columns
        return tuple(
            SourceEdition(row[0], row[1], day(row[2]), day(row[3]), row[4], row[5], row[6], bool(row[7]))
            for row in rows
        )

    def sources(self) -> tuple[SourceEdition, ...]:
        """Return every source compiled in, by kind and date."""
        return self._sources

    def _edition(
        self, kind: str, on: date, codes: Sequence[str], setting: Setting | None = None, *, nearest: bool
    ) -> tuple[str, bool] | NoEdition:
        """Return the edition for a date and whether it is the one that holds then.

        An edition that does not speak for the setting, or of which no rows about these codes were taken, is no
        edition: a file of practitioner edits says nothing of a hospital's, and a part of a file nothing of the rest.
        """
        held = [
            row
            for row in self._sources
            if row.kind == kind
            and (setting is None or (kind, row.edition, setting) in self._settings)
            and not (row.partial and self._beyond(codes))
        ]
        fitting = [row for row in held if holds(row.effective, row.ended, on)]
        if fitting:
            return fitting[-1].edition, True
        if nearest and held:
            closest = min(held, key=lambda row: distance(row.effective, row.ended, on))
            return closest.edition, False
        return NoEdition(kind, on, tuple(row.edition for row in held))

    def _beyond(self, codes: Sequence[str]) -> bool:
        """Tell whether codes lie outside the part of the official files that was taken for the families.

        Rows were taken about codes that a family names; of pairs, those of which one code has a page.
        """
        marks = ", ".join("?" * len(codes))
        known = self._rows(f"SELECT DISTINCT code FROM fee WHERE code IN ({marks})", *codes)  # noqa: S608 - marks only
        paged = self._rows(f"SELECT code FROM page WHERE code IN ({marks})", *codes)  # noqa: S608 - marks only
        return len(known) < len(set(codes)) or (len(codes) > 1 and not paged)

    def ptp(
        self, a: str, b: str, on: date, setting: Setting = "practitioner", *, nearest: bool = False
    ) -> PtpAnswer | NoEdition:
        """Return every window of a pair, in both orders; `PtpEdit.in_force` tells which apply on the date."""
        edition = self._edition("ptp", on, (a, b), setting, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        name, for_date = edition
        rows = self._rows(
            "SELECT column_one, column_two, effective, deleted, indicator, rationale FROM ptp "
            "WHERE setting = ? AND edition = ? AND column_one = ? AND column_two = ? "
            "UNION SELECT column_one, column_two, effective, deleted, indicator, rationale FROM ptp "
            "WHERE setting = ? AND edition = ? AND column_one = ? AND column_two = ? "
            "ORDER BY effective, deleted, column_one",
            *(setting, name, a, b, setting, name, b, a),
        )
        edits = tuple(
            PtpEdit(
                column_one=row[0],
                column_two=row[1],
                effective=day(row[2]),
                deleted=day(row[3]),
                indicator=row[4],
                rationale=row[5],
                edition=name,
            )
            for row in rows
        )
        return PtpAnswer(name, edits, for_date)

    def mue(
        self, code: str, on: date, setting: Setting = "practitioner", *, nearest: bool = False
    ) -> Mue | NoEdition | None:
        """Return the unit limit of a code; None where the edition publishes none, which is not "no limit"."""
        edition = self._edition("mue", on, (code,), setting, nearest=nearest)
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
        edition = self._edition("add_on", on, (code,), nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        name, for_date = edition
        rows = self._rows(
            # The column is one of two names of ours.
            f"SELECT add_on, kind, primary_code, effective, deleted FROM add_on WHERE edition = ? AND {column} = ? "  # noqa: S608
            "ORDER BY add_on, kind, primary_code",
            *(name, code),
        )
        found: dict[tuple[str, str], dict[str, None]] = {}
        for add_on, kind, primary, effective, deleted in rows:
            if holds(day(effective), day(deleted), on):
                found.setdefault((add_on, kind), {})[primary] = None
        return tuple(AddOn(add_on, kind, tuple(own), name, for_date) for (add_on, kind), own in found.items())

    def fee(self, code: str, on: date, modifier: str = "", *, nearest: bool = False) -> Fee | NoEdition | None:
        """Return the payment indicators of a code; None where the edition has no such row."""
        edition = self._edition("fee", on, (code,), nearest=nearest)
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


def _close(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def day(text: str | None) -> date | None:
    """Read a date column; what stands for "no end" or "not given" in a key is no date."""
    return date.fromisoformat(text) if text and text not in {OPEN, UNKNOWN} else None


def holds(effective: date | None, ended: date | None, on: date) -> bool:
    """Tell whether a window, both ends included, holds a day."""
    return (effective is None or effective <= on) and (ended is None or on <= ended)


def distance(effective: date | None, ended: date | None, on: date) -> int:
    """Return how many days lie between a date and a window; 0 inside it."""
    if effective is not None and on < effective:
        return (effective - on).days
    return (on - ended).days if ended is not None and on > ended else 0
