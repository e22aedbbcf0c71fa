"""Compiles the curated content and the official rows into one immutable release, and switches to it.

A release is a folder named after its version. It is written beside its final place and renamed, so that nobody ever
opens half of one; `current` is a symbolic link that is replaced in one step. The version follows from what is
compiled: the same content gives the same version.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from knowledge import codesets
from knowledge.compiling import Compiled, compile_family, problems_of
from knowledge.facts import FactTable, read_facts
from knowledge.layout import CURRENT, DATABASE, FORMAT, INDEX, MANIFEST, OPEN, TABLES, UNKNOWN
from knowledge.model import CodePage, Family, Rule, SourceEdition
from knowledge.reading import ContentRefused, Problem, read_family, worded
from knowledge.schema import FamilyContent
from knowledge.searching import Entry, write_index
from knowledge.tables import Table

__all__ = ["CONTENT", "ContentRefused", "build"]

CONTENT = Path(__file__).parent / "content"
YEAR_AND_EDITION = "2026.4"
"""The year of the code sets and the quarter in which the content was last reviewed."""

_PAGE = TypeAdapter(CodePage)
_RULE = TypeAdapter(Rule)
_FAMILY = TypeAdapter(Family)
_TABLE = TypeAdapter(Table)


def build(content: Path = CONTENT, *, into: Path, icd: Iterable[codesets.IcdRow] | None = None) -> Path:
    """Compile a release into the folder `into`, make it the current one, and return its own folder.

    `icd` replaces the ICD-10-CM table, for tests. Raises `ContentRefused` with every problem on a line of its own,
    `OSError` when the folder cannot be written; the running release then stays.
    """
    families = [(path, read_family(path)) for path in sorted((content / "families").glob("*.yaml"))]
    facts = read_facts(content / "facts")
    codes = tuple(icd if icd is not None else codesets.icd10cm())
    _refuse_problems(families, facts, {row.code for row in codes})
    compiled = tuple(compile_family(family) for _, family in families)
    sources = (*(_edition(table) for table in facts), _icd_edition(codes), *_content_editions(families, compiled))
    version = _version(sources)
    into.mkdir(parents=True, exist_ok=True)
    folder = into / version.replace("+sha256:", "-")
    if not folder.exists():
        _write(folder, version, compiled, facts, codes, sources)
    _switch(into, folder)
    return folder


def _refuse_problems(families: Sequence[tuple[Path, FamilyContent]], facts: Sequence[FactTable], icd: set[str]) -> None:
    """Raise all that is wrong in all families at once."""
    known = {row[0] for table in facts if table.kind == "fee" for row in table.rows}
    pages = {code for _, family in families for code in family.codes}
    wrong: list[str] = []
    for path, family in families:
        found = list(problems_of(family))
        if not found:
            found += _strange_codes(family, known | pages, icd)
        wrong += worded(path, found) if found else ()
    if wrong:
        raise ContentRefused(wrong)


def _strange_codes(family: FamilyContent, procedures: set[str], icd: set[str]) -> list[Problem]:
    """Return the codes of pages that no fee schedule has, and the diagnoses that ICD-10-CM does not have."""
    found = [
        Problem(("codes", code), f"{code} is not in the fee schedule that is held")
        for code, own in family.codes.items()
        if own.system == "CPT" and procedures and code not in procedures
    ]
    named = [(page.code, row.code) for page in compile_family(family).pages for row in page.diagnoses]
    found += [
        Problem(("codes", code), f"{diagnosis} is not an ICD-10-CM code or category")
        for code, diagnosis in named
        if diagnosis.rstrip("-.") not in icd
    ]
    return found


def _write(
    folder: Path,
    version: str,
    compiled: Sequence[Compiled],
    facts: Sequence[FactTable],
    codes: Sequence[codesets.IcdRow],
    sources: Sequence[SourceEdition],
) -> None:
    """Write a release beside its place and rename it."""
    draft = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        _write_rows(draft / DATABASE, compiled, facts, codes, sources)
        write_index(draft / INDEX, _entries(compiled, codes))
        manifest = {
            "format": FORMAT,
            "version": version,
            "sources": [asdict(source) for source in sources],
            "files": {
                str(path.relative_to(draft)): path.stat().st_size for path in sorted(draft.rglob("*")) if path.is_file()
            },
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1, default=str) + "\n", encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _write_rows(
    path: Path,
    compiled: Sequence[Compiled],
    facts: Sequence[FactTable],
    codes: Sequence[codesets.IcdRow],
    sources: Sequence[SourceEdition],
) -> None:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + TABLES)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO edition VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(s.kind, s.edition, _iso(s.effective), _iso(s.ended), s.rows, s.sha256, s.note) for s in sources],
        )
        for table in facts:
            connection.executemany(_INSERTS[table.kind], [_values(table, row) for row in table.rows])
        _write_icd(connection, codes)
        _write_content(connection, compiled, facts)
        connection.execute("COMMIT")
        connection.execute("PRAGMA optimize")
        connection.execute("VACUUM")
    connection.close()


_INSERTS = {
    "fee": "INSERT INTO fee VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "mue": "INSERT INTO mue (code, setting, units, indicator, rationale, edition) VALUES (?, ?, ?, ?, ?, ?)",
    "add_on": "INSERT INTO add_on VALUES (?, ?, ?, ?, ?, ?)",
    "ptp": "INSERT INTO ptp (column_one, column_two, deleted, indicator, rationale, edition, setting, effective) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
}


def _values(table: FactTable, row: Sequence[str]) -> tuple[str | None, ...]:
    if table.kind == "ptp":
        one, two, deleted, indicator, rationale = row
        return one, two, deleted or OPEN, indicator, rationale, table.edition, "practitioner", UNKNOWN
    if table.kind == "add_on":
        add_on, kind, primary, effective, deleted = row
        return add_on, kind, primary, effective or None, deleted or None, table.edition
    return (*row, table.edition)


def _write_icd(connection: sqlite3.Connection, codes: Sequence[codesets.IcdRow]) -> None:
    window = (_iso(codesets.EFFECTIVE), _iso(codesets.ENDED), codesets.EDITION)
    connection.executemany(
        "INSERT INTO code VALUES ('ICD-10-CM', ?, ?, ?, ?, ?, ?, ?)",
        [(row.code, row.parent, row.description, row.billable, *window) for row in codes],
    )
    connection.executemany(
        "INSERT INTO note VALUES (?, ?, ?, ?)",
        [(row.code, kind, number, text) for row in codes for number, (kind, text) in enumerate(row.notes)],
    )


def _write_content(connection: sqlite3.Connection, compiled: Sequence[Compiled], facts: Sequence[FactTable]) -> None:
    titles: dict[str, str] = {}
    numbers = 0
    for family in compiled:
        documents = (_FAMILY.dump_json(family.family).decode(), _TABLE.dump_json(family.table).decode())
        connection.execute("INSERT INTO family VALUES (?, ?, ?)", (family.family.id, *documents))
        for page in family.pages:
            titles[page.code] = page.title
            row = (page.code, page.system, page.family, page.title, _PAGE.dump_json(page).decode())
            connection.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", row)
        for rule in family.rules:
            numbers += 1
            row_of_rule = (numbers, rule.id, rule.family, _RULE.dump_json(rule).decode())
            connection.execute("INSERT INTO rule VALUES (?, ?, ?, ?)", row_of_rule)
            about = {("topic", topic) for topic in rule.topics} | {("code", code) for code in rule.codes}
            about |= {("modifier", modifier) for modifier in rule.modifiers}
            connection.executemany(
                "INSERT INTO rule_about VALUES (?, ?, ?)", [(kind, value, numbers) for kind, value in sorted(about)]
            )
    for table in facts:
        if table.kind == "fee":
            held = sorted({row[0] for row in table.rows})
            connection.executemany(
                "INSERT OR IGNORE INTO code VALUES (?, ?, NULL, ?, 1, NULL, NULL, ?)",
                [("CPT" if code.isdigit() else "HCPCS", code, titles.get(code), table.edition) for code in held],
            )


def _entries(compiled: Sequence[Compiled], codes: Sequence[codesets.IcdRow]) -> Iterable[Entry]:
    for family in compiled:
        own = family.family
        yield Entry("family", own.id, own.title, " ".join(said.text for said in own.purpose))
        for page in family.pages:
            said = (*page.description, *page.applies_when, *page.does_not_apply)
            yield Entry("page", page.code, page.title, " ".join(row.text for row in said))
        for rule in family.rules:
            yield Entry("rule", rule.id, rule.text[:120], f"{rule.text} {' '.join(rule.codes)}")
    for row in codes:
        yield Entry("code", row.code, row.description, row.description)


def _edition(table: FactTable) -> SourceEdition:
    digest = _sha256(table.rows)
    return SourceEdition(table.kind, table.edition, table.effective, table.ended, len(table.rows), digest, table.note)


def _icd_edition(codes: Sequence[codesets.IcdRow]) -> SourceEdition:
    digest = _sha256([asdict(row) for row in codes])
    window = (codesets.EFFECTIVE, codesets.ENDED)
    return SourceEdition("icd10cm", codesets.EDITION, *window, len(codes), digest, codesets.NOTE)


def _content_editions(
    families: Sequence[tuple[Path, FamilyContent]], compiled: Sequence[Compiled]
) -> Iterable[SourceEdition]:
    for (_, content), values in zip(families, compiled, strict=True):
        # Pages are compiled by code as well as by content, so the digest is over what a reader gets.
        rows = [_PAGE.dump_json(page).decode() for page in values.pages]
        rows += [_RULE.dump_json(rule).decode() for rule in values.rules]
        rows += [_FAMILY.dump_json(values.family).decode(), _TABLE.dump_json(values.table).decode()]
        note = f"Curated, reviewed on {content.reviewed_on.isoformat()}."
        yield SourceEdition("content", content.id, content.reviewed_on, None, len(values.pages), _sha256(rows), note)


def _version(sources: Sequence[SourceEdition]) -> str:
    digest = _sha256([FORMAT, *([s.kind, s.edition, _iso(s.effective), _iso(s.ended), s.sha256] for s in sources)])
    return f"{YEAR_AND_EDITION}+sha256:{digest[:12]}"


def _sha256(rows: Any) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _switch(root: Path, folder: Path) -> None:
    """Make a release the current one, in one step."""
    link = root / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name, target_is_directory=True)
    link.replace(root / CURRENT)
