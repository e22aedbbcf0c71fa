"""Writes the database of a release: official rows, code sets, and the curated content as documents."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from knowledge import codesets, modifiers
from knowledge.codesets import IcdRow
from knowledge.compiling import Compiled
from knowledge.facts import FactTable, Row
from knowledge.layout import OPEN, TABLES, UNKNOWN
from knowledge.model import CodePage, Family, Rule, SourceEdition
from knowledge.tables import Table
from knowledge.version import iso

PAGE = TypeAdapter(CodePage)
RULE = TypeAdapter(Rule)
FAMILY = TypeAdapter(Family)
TABLE = TypeAdapter(Table)

_INSERTS = {
    "fee": "INSERT INTO fee VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "mue": "INSERT INTO mue VALUES (?, ?, ?, ?, ?, ?)",
    "add_on": "INSERT INTO add_on VALUES (?, ?, ?, ?, ?, ?)",
    "ptp": "INSERT INTO ptp VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
}


def write_database(
    path: Path,
    compiled: Sequence[Compiled],
    facts: Sequence[FactTable],
    icd: Sequence[IcdRow],
    sources: Sequence[SourceEdition],
) -> None:
    """Write all rows into a new database."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + TABLES)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO edition VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(s.kind, s.edition, iso(s.effective), iso(s.ended), s.rows, s.sha256, s.note, s.partial) for s in sources],
        )
        for table in facts:
            settings = [(table.kind, table.edition, setting) for setting in table.settings]
            connection.executemany("INSERT INTO setting VALUES (?, ?, ?)", settings)
            connection.executemany(_INSERTS[table.kind], [_values(table, row) for row in table.rows])
        _write_icd(connection, icd)
        _write_modifiers(connection)
        _write_procedures(connection, compiled, facts)
        _write_content(connection, compiled)
        connection.execute("COMMIT")
        connection.execute("PRAGMA optimize")
        connection.execute("VACUUM")
    finally:
        connection.close()


def _values(table: FactTable, row: Row) -> Row:
    """Return a row as its table in the database holds it: the columns of its key first."""
    if table.kind == "ptp":
        one, two, effective, deleted, indicator, rationale = row
        return *table.settings, table.edition, one, two, effective or UNKNOWN, deleted or OPEN, indicator, rationale
    if table.kind == "mue":
        code, setting, *rest = row
        return setting, table.edition, code, *rest
    if table.kind == "add_on":
        add_on, kind, primary, effective, deleted = row
        return table.edition, add_on, primary, kind, effective or UNKNOWN, deleted or OPEN
    return table.edition, *row


def _code_set(connection: sqlite3.Connection, system: str, kind: str, edition: str) -> int:
    """Write one edition of a code set and return its number."""
    number: int = connection.execute("SELECT count(*) FROM code_set").fetchone()[0]
    connection.execute("INSERT INTO code_set VALUES (?, ?, ?, ?)", (number, system, kind, edition))
    return number


def _write_icd(connection: sqlite3.Connection, codes: Sequence[IcdRow]) -> None:
    number = _code_set(connection, "ICD-10-CM", "icd10cm", codesets.EDITION)
    connection.executemany(
        "INSERT INTO code VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [(row.code, number, row.parent, row.description, row.billable) for row in codes],
    )
    connection.executemany(
        "INSERT INTO note VALUES (?, ?, ?, ?, ?)",
        [(number, row.code, place, kind, text) for row in codes for place, (kind, text) in enumerate(row.notes)],
    )


def _write_modifiers(connection: sqlite3.Connection) -> None:
    number = _code_set(connection, "MODIFIER", "modifier", modifiers.EDITION)
    connection.executemany(
        "INSERT INTO code VALUES (?, ?, NULL, NULL, 1, NULL, NULL)", [(code, number) for code in modifiers.MODIFIERS]
    )


def _write_procedures(connection: sqlite3.Connection, compiled: Sequence[Compiled], facts: Sequence[FactTable]) -> None:
    """Write the procedure codes: those of each fee schedule, and those that have a page and no row there."""
    pages = {page.code: page for family in compiled for page in family.pages}
    listed: set[str] = set()
    for table in facts:
        if table.kind == "fee":
            codes = sorted({row[0] for row in table.rows})
            _write_codes(connection, ("fee", table.edition), codes, pages)
            listed.update(codes)
    for family in compiled:
        codes = [page.code for page in family.pages if page.code not in listed]
        _write_codes(connection, ("content", family.family.id), codes, pages)


def _write_codes(
    connection: sqlite3.Connection, source: tuple[str, str], codes: Sequence[str], pages: dict[str, CodePage]
) -> None:
    for system in ("CPT", "HCPCS"):
        own = [code for code in codes if (system == "HCPCS") == code[0].isalpha()]
        if not own:
            continue
        number = _code_set(connection, system, *source)
        rows = []
        for code in own:
            page = pages.get(code)
            said = (page.title, iso(page.effective), iso(page.ended)) if page else (None, None, None)
            rows.append((code, number, *said))
        connection.executemany("INSERT INTO code VALUES (?, ?, NULL, ?, 1, ?, ?)", rows)


def _write_content(connection: sqlite3.Connection, compiled: Sequence[Compiled]) -> None:
    number = 0
    for family in compiled:
        documents = (FAMILY.dump_json(family.family).decode(), TABLE.dump_json(family.table).decode())
        connection.execute("INSERT INTO family VALUES (?, ?, ?)", (family.family.id, *documents))
        for page in family.pages:
            row = (page.code, page.system, page.family, page.title, PAGE.dump_json(page).decode())
            connection.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", row)
        for rule in family.rules:
            number += 1
            row_of_rule = (number, rule.id, rule.family, RULE.dump_json(rule).decode())
            connection.execute("INSERT INTO rule VALUES (?, ?, ?, ?)", row_of_rule)
