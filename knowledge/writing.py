"""Writes the database of a release: official rows, code sets, and the curated content as documents."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from knowledge import modifiers
from knowledge.codesets import IcdEdition, IcdRow
from knowledge.compiling import Compiled
from knowledge.copying import ImportedEdition, attached, copy
from knowledge.facts import COLUMNS, FactTable
from knowledge.layout import OPEN, TABLES, UNKNOWN
from knowledge.limits import Limits
from knowledge.model import CodePage, Family, ModifierPage, Rule, system_of
from knowledge.official_model import SourceEdition
from knowledge.tables import Table
from knowledge.uncovered import Uncovered
from knowledge.version import iso

PAGE = TypeAdapter(CodePage)
RULE = TypeAdapter(Rule)
FAMILY = TypeAdapter(Family)
TABLE = TypeAdapter(Table)
MODIFIER_PAGE = TypeAdapter(ModifierPage)
LIMITS = TypeAdapter(Limits)
UNCOVERED = TypeAdapter(tuple[Uncovered, ...])

Starter = tuple[FactTable, SourceEdition]
"""Rows that the content carries, of one edition and setting."""


class Writer:
    """One database while it is written. Every part is written once; `close` makes it ready to be read."""

    def __init__(self, path: Path) -> None:
        """Create the database and its tables."""
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}", uri=True, isolation_level=None)
        # Sorting two million rows in memory would take more of it than the build may have.
        settings = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-64000;"
        self._connection.executescript(settings + TABLES)
        self._editions = 0

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that follows at once. What was imported is copied outside of it: SQLite detaches nothing within."""
        self._connection.execute("BEGIN")
        yield
        self._connection.execute("COMMIT")

    def finish(self) -> None:
        """Let SQLite learn what its planner needs."""
        self._connection.execute("PRAGMA optimize")

    def _edition(self, source: SourceEdition) -> int:
        self._editions += 1
        window = (iso(source.effective), iso(source.ended))
        rest = (source.rows, source.sha256, source.note, source.partial, source.dated)
        self._connection.execute(
            "INSERT INTO edition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._editions, source.kind, source.edition, source.setting, *window, *rest),
        )
        return self._editions

    def sources(self, sources: Iterable[SourceEdition]) -> None:
        """Write editions that have no rows of their own here: code sets and families."""
        for source in sources:
            self._edition(source)

    def starter(self, table: FactTable, source: SourceEdition) -> None:
        """Write the rows that the content carries."""
        number = self._edition(source)
        names = list(COLUMNS[table.kind])
        rows = [dict(zip(names, row, strict=True)) for row in table.rows]
        if table.kind == "ptp":
            texts = sorted({row["rationale"] for row in rows})
            self._connection.executemany(
                "INSERT OR IGNORE INTO rationale (text) VALUES (?)", [(text,) for text in texts]
            )
            numbers = dict(self._connection.execute("SELECT text, number FROM rationale").fetchall())
        columns = [name for name in names if name != "setting"]
        values = []
        for row in rows:
            if row.get("setting", source.setting) != source.setting:
                continue
            filled: dict[str, object] = {name: row[name] or None for name in columns}
            if "deleted" in filled:
                filled["effective"] = _number(row["effective"], UNKNOWN)
                filled["deleted"] = _number(row["deleted"], OPEN)
            if table.kind == "ptp":
                filled["rationale"] = numbers[row["rationale"]]
            if table.kind == "fee":
                filled["modifier"] = row["modifier"]
            values.append((number, *filled.values()))
        listed = ", ".join("primary_code" if name == "primary" else name for name in columns)
        marks = ", ".join("?" * (len(columns) + 1))
        self._connection.executemany(
            f"INSERT INTO {table.kind} (edition, {listed}) VALUES ({marks})",
            values,
        )

    def taken(self, codes: Iterable[str]) -> None:
        """Write the codes about which rows of the official files were taken for the families."""
        rows = [(code,) for code in sorted(set(codes))]
        self._connection.executemany("INSERT INTO taken VALUES (?)", rows)

    def imported(self, edition: ImportedEdition) -> None:
        """Copy an edition that an operator imported."""
        copy(self._connection, self._edition(edition.source), edition)

    def limits(self, limits: Limits) -> None:
        """Write for whom codes are."""
        self._connection.execute("INSERT INTO limits VALUES (?)", (LIMITS.dump_json(limits).decode(),))

    def uncovered(self, rows: tuple[Uncovered, ...]) -> None:
        """Write what no family holds."""
        self._connection.execute("INSERT INTO uncovered VALUES (?)", (UNCOVERED.dump_json(rows).decode(),))

    # Code sets.

    def _code_set(self, system: str, kind: str, edition: str) -> int:
        """Write one edition of a code set and return its number."""
        number: int = self._connection.execute("SELECT count(*) FROM code_set").fetchone()[0]
        self._connection.execute("INSERT INTO code_set VALUES (?, ?, ?, ?)", (number, system, kind, edition))
        return number

    def icd10cm(self, edition: IcdEdition, codes: Sequence[IcdRow]) -> None:
        """Write one edition of ICD-10-CM with its notes."""
        number = self._code_set("ICD-10-CM", "icd10cm", edition.name)
        self._connection.executemany(
            "INSERT INTO code VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            [(row.code, number, row.parent, row.description, row.billable) for row in codes],
        )
        self._connection.executemany(
            "INSERT INTO note VALUES (?, ?, ?, ?, ?)",
            [(number, row.code, place, kind, text) for row in codes for place, (kind, text) in enumerate(row.notes)],
        )

    def modifiers(self) -> None:
        """Write the modifiers that exist."""
        number = self._code_set("MODIFIER", "modifier", modifiers.EDITION)
        self._connection.executemany(
            "INSERT OR IGNORE INTO code VALUES (?, ?, NULL, NULL, 1, NULL, NULL)",
            [(code, number) for code in modifiers.MODIFIERS],
        )

    def hcpcs(self, edition: ImportedEdition) -> None:
        """Write the codes and modifiers of an imported HCPCS Level II file, which carries their days and texts."""
        for system, is_modifier in (("HCPCS", False), ("MODIFIER", True)):
            number = self._code_set(system, "hcpcs", edition.source.edition)
            for reading in edition.readings:
                with attached(self._connection, reading.path):
                    rows = self._connection.execute(
                        "SELECT code, long_description, added, terminated FROM HcpcsRow WHERE is_modifier = ?",
                        (is_modifier,),
                    ).fetchall()
                with self.transaction():
                    self._connection.executemany(
                        "INSERT OR IGNORE INTO code VALUES (?, ?, NULL, ?, 1, ?, ?)",
                        [(code, number, text, _iso(added), _iso(ended)) for code, text, added, ended in rows],
                    )

    def icd10pcs(self, edition: ImportedEdition) -> None:
        """Write an imported edition of ICD-10-PCS."""
        number = self._code_set("ICD-10-PCS", "icd10pcs", edition.source.edition)
        for reading in edition.readings:
            with attached(self._connection, reading.path):
                self._connection.execute(
                    "INSERT INTO code SELECT code, ?, NULL, long_description, is_code, NULL, NULL FROM PcsRow",
                    (number,),
                )

    def described(self) -> Iterator[tuple[str, str, str]]:
        """Yield (system, code, text) of every imported code that has a text and no page, from its newest edition."""
        yield from self._connection.execute(
            "SELECT s.system, c.code, c.description FROM code c JOIN code_set s ON s.number = c.code_set "
            "WHERE s.kind IN ('hcpcs', 'icd10pcs') AND c.billable AND c.description IS NOT NULL "
            "AND s.number = (SELECT max(t.number) FROM code_set t JOIN code d ON d.code_set = t.number "
            "WHERE d.code = c.code AND t.kind = s.kind AND t.system = s.system) "
            "AND NOT EXISTS (SELECT 1 FROM page p WHERE p.code = c.code) ORDER BY s.system, c.code"
        )

    def procedures(self, compiled: Sequence[Compiled]) -> None:
        """Write the procedure codes: those of each fee schedule, and those that have a page and no row there."""
        pages = {page.code: page for family in compiled for page in family.pages}
        listed: set[str] = set()
        schedules = self._connection.execute("SELECT number, edition FROM edition WHERE kind = 'fee' ORDER BY number")
        for number, edition in schedules.fetchall():
            rows = self._connection.execute(
                "SELECT code, max(description) FROM fee WHERE edition = ? GROUP BY code", (number,)
            ).fetchall()
            self._codes(("fee", edition), dict(rows), pages)
            listed.update(code for code, _ in rows)
        for family in compiled:
            texts = {page.code: None for page in family.pages if page.code not in listed}
            self._codes(("content", family.family.id), texts, pages)

    def _codes(self, source: tuple[str, str], texts: Mapping[str, str | None], pages: Mapping[str, CodePage]) -> None:
        for system in ("CPT", "HCPCS"):
            own = sorted(code for code in texts if system_of(code) == system)
            if not own:
                continue
            number = self._code_set(system, *source)
            rows = []
            for code in own:
                page = pages.get(code)
                said = (page.title, iso(page.effective), iso(page.ended)) if page else (texts[code], None, None)
                rows.append((code, number, *said))
            self._connection.executemany("INSERT INTO code VALUES (?, ?, NULL, ?, 1, ?, ?)", rows)

    # Curated content.

    def content(self, compiled: Sequence[Compiled]) -> None:
        """Write families, pages, rules and modifier pages as documents."""
        number = 0
        for family in compiled:
            table = TABLE.dump_json(family.table).decode() if family.table else None
            documents = (FAMILY.dump_json(family.family).decode(), table)
            self._connection.execute("INSERT INTO family VALUES (?, ?, ?)", (family.family.id, *documents))
            for page in family.pages:
                row = (page.code, page.system, page.family, page.title, PAGE.dump_json(page).decode())
                self._connection.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", row)
            for modifier in family.modifier_pages:
                text = MODIFIER_PAGE.dump_json(modifier).decode()
                values = (modifier.code, modifier.family, text)
                self._connection.execute("INSERT INTO modifier_page VALUES (?, ?, ?)", values)
            for rule in family.rules:
                number += 1
                row_of_rule = (number, rule.id, rule.family, RULE.dump_json(rule).decode())
                self._connection.execute("INSERT INTO rule VALUES (?, ?, ?, ?)", row_of_rule)


def _number(text: str, nothing: int) -> int:
    """Return a day in ISO 8601 as a number, as keys hold it."""
    return int(text.replace("-", "")) if text else nothing


def _iso(number: int) -> str | None:
    """Return a day that is a number in ISO 8601."""
    if number in (UNKNOWN, OPEN):
        return None
    return date(number // 10000, number // 100 % 100, number % 100).isoformat()
