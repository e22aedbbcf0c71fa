"""Copies what an operator imported into the database of a release, edition by edition."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.imports import Imported
from knowledge.layout import LICENSED
from knowledge.official_model import SourceEdition

_DATED = {"ptp", "add_on", "hcpcs"}
"""Kinds of which each row carries its own first and last day."""

_COPIES = {
    "ptp": (
        "INSERT OR IGNORE INTO rationale (text) SELECT DISTINCT rationale FROM PtpRow ORDER BY 1",
        """INSERT OR IGNORE INTO ptp SELECT :edition, i.column_one, i.column_two, i.effective, i.deleted, i.indicator,
        r.number FROM PtpRow i JOIN rationale r ON r.text = i.rationale ORDER BY 2, 3, 4, 5""",
    ),
    "mue": ("INSERT INTO mue SELECT :edition, code, units, indicator, rationale FROM MueRow ORDER BY 2",),
    "add_on": (
        """INSERT INTO add_on SELECT DISTINCT :edition, add_on, primary_code, kind, effective, deleted, note
        FROM AddOnRow ORDER BY 2, 3, 4""",
    ),
    "fee": (
        """INSERT INTO fee SELECT :edition, code, modifier, description, status, global_days, multiple, bilateral,
        assistant, co_surgeon, team, pctc, work, pe_nonfacility, pe_facility, malpractice, total_nonfacility,
        total_facility, na_nonfacility, na_facility, preoperative, intraoperative, postoperative, endoscopic_base,
        supervision, conversion_factor FROM FeeRow ORDER BY 2, 3""",
    ),
    "gpci": (
        """INSERT INTO gpci SELECT :edition, contractor, locality, state, locality_name, work, practice_expense,
        malpractice FROM GpciRow""",
    ),
    "hcpcs": (
        """INSERT INTO hcpcs SELECT :edition, code, is_modifier, short_description, long_description, pricing, coverage,
        betos, type_of_service, crossref, added, effective, terminated, action FROM HcpcsRow""",
    ),
    "opps": (
        """INSERT INTO opps SELECT :edition, code, status_indicator, comment_indicator, apc, relative_weight,
        payment_rate, national_copayment, minimum_copayment FROM OppsRow""",
    ),
    "coverage": (
        """INSERT OR REPLACE INTO coverage_document SELECT :edition, kind, id, version, display, title, status,
        effective, ended FROM CoverageDocument""",
        'INSERT OR IGNORE INTO coverage_code SELECT :edition, code, article, version, role, "group" FROM CoverageCode',
        "INSERT OR IGNORE INTO coverage_link SELECT :edition, article, lcd FROM CoverageLink",
    ),
}
"""Kind -> the statements that copy its rows; code sets (ICD-10) are written by `writing`."""


@dataclass(frozen=True, slots=True)
class ImportedEdition:
    """One edition with all the readings that it is made of."""

    source: SourceEdition
    readings: tuple[Imported, ...]


def edition_of(readings: Sequence[Imported]) -> ImportedEdition:
    """Return the edition that some readings make up."""
    told = [row.report for row in readings]
    first = told[0]
    digest = first.sha256
    if len(told) > 1:
        digest = hashlib.sha256("".join(sorted(row.sha256 for row in told)).encode()).hexdigest()
    # Exports of the coverage database have their own days; of ICD-10-CM the order file tells the edition.
    named = told if first.kind == "coverage" else told[:1]
    days = [row.effective for row in named if row.effective]
    source = SourceEdition(
        kind=first.kind,
        edition="; ".join(dict.fromkeys(row.edition for row in named)),
        effective=max(days) if days else None,
        ended=first.ended,
        rows=sum(row.kept for row in told),
        sha256=digest,
        note=f"Imported from {', '.join(dict.fromkeys(row.place for row in told))}."
        + (LICENSED if any(row.licensed for row in told) else ""),
        setting=first.setting,
        dated=first.kind in _DATED,
    )
    return ImportedEdition(source, tuple(readings))


def copy(connection: sqlite3.Connection, number: int, edition: ImportedEdition) -> None:
    """Copy the rows of one edition."""
    for reading in edition.readings:
        with attached(connection, reading.path) as tables:
            for statement in _COPIES.get(edition.source.kind, ()):
                if _table_of(statement) in tables:
                    connection.execute(statement, {"edition": number})


class attached:  # noqa: N801 - a context manager, named as it reads
    """The tables of one reading, beside those of the release."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> set[str]:
        self._connection.execute("ATTACH ? AS imported", (f"{self._path.absolute().as_uri()}?mode=ro",))
        rows = self._connection.execute("SELECT name FROM imported.sqlite_schema WHERE type = 'table'")
        return {row[0] for row in rows}

    def __exit__(self, *exception: object) -> None:
        self._connection.execute("DETACH imported")


def _table_of(statement: str) -> str:
    """Return the table of typed rows that a statement reads."""
    return statement.rpartition("FROM ")[2].split()[0]
