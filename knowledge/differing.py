"""What changed between two releases: editions, codes, edits, limits, indicators, pages and rules.

Rows are compared where both releases lie, by SQLite, so that two million edits need no memory. Only what is in force in
the newest edition of each counts: that two editions list the same deleted windows tells nobody anything.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.faults import MEND, ReleaseDamaged
from knowledge.layout import DATABASE, OPEN

if TYPE_CHECKING:
    from knowledge.release import Release


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that one release has and the other has not, or has otherwise."""

    kind: str
    """edition, code, page, rule, modifier, ptp, mue, add_on or fee."""
    how: str
    """added, removed or changed."""
    key: str
    """The code, `11440 12011` of a pair, the id of a rule."""
    setting: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """From one release to another."""

    old: str
    new: str
    changes: tuple[Change, ...]

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many changes there are, by (kind, how)."""
        found: dict[tuple[str, str], int] = {}
        for change in self.changes:
            found[change.kind, change.how] = found.get((change.kind, change.how), 0) + 1
        return found


_IN_FORCE = f"deleted = {OPEN} AND indicator <> '9'"
# Each statement gives (key, setting, value) of what is in force in the newest edition of a release; {db} is its schema.
_NEWEST = (
    "SELECT number, setting FROM {db}.edition e WHERE kind = '{kind}' AND coalesce(effective, '') = (SELECT "
    "max(coalesce(effective, '')) FROM {db}.edition WHERE kind = e.kind AND setting = e.setting)"
)
_STATEMENTS = {
    "ptp": (
        "SELECT column_one || ' ' || column_two, n.setting, indicator FROM {db}.ptp JOIN (" + _NEWEST + ") n "
        f"ON n.number = edition WHERE {_IN_FORCE}"
    ),
    "mue": "SELECT code, n.setting, units || ' (MAI ' || indicator || ')' FROM {db}.mue JOIN (" + _NEWEST + ") n "
    "ON n.number = edition",
    "add_on": (
        "SELECT add_on || ' ' || primary_code, n.setting, 'type ' || kind FROM {db}.add_on JOIN (" + _NEWEST + ") n "
        f"ON n.number = edition WHERE deleted = {OPEN}"
    ),
    "fee": (
        "SELECT trim(code || ' ' || modifier), n.setting, 'status ' || status || ', global ' || global_days || "
        "', multiple ' || multiple || ', bilateral ' || bilateral || ', assistant ' || assistant || "
        "', co-surgeon ' || co_surgeon FROM {db}.fee JOIN (" + _NEWEST + ") n ON n.number = edition"
    ),
    "code": (
        "SELECT named, '', coalesce(description, '') FROM (SELECT system || ' ' || code AS named, description, "
        "row_number() OVER (PARTITION BY system, code ORDER BY coalesce(e.effective, '') DESC, s.number) AS place "
        "FROM {db}.code c JOIN {db}.code_set s ON s.number = c.code_set LEFT JOIN {db}.edition e ON e.kind = s.kind "
        "AND e.edition = s.edition) WHERE place = 1"
    ),
}


def difference(old: "Release", new: "Release") -> Difference:
    """Return every change from one release to another, kind by kind in a fixed order."""
    changes = [*_editions(old, new)]
    connection = sqlite3.connect(_uri(new.folder), uri=True)
    try:
        connection.execute("ATTACH ? AS old", (_uri(old.folder),))
        for kind, statement in _STATEMENTS.items():
            changes += _rows(connection, kind, statement)
    except sqlite3.Error as error:
        raise ReleaseDamaged(
            f"The releases {old.folder} and {new.folder} cannot be compared ({error}); {MEND}."
        ) from error
    finally:
        connection.close()
    changes += _documents(
        "page", {p.code: old.page(p.code) for p in old.pages()}, {p.code: new.page(p.code) for p in new.pages()}
    )
    changes += _documents("rule", {r.id: r for r in old.rules()}, {r.id: r for r in new.rules()})
    changes += _documents(
        "modifier", {m.code: m for m in old.modifier_pages()}, {m.code: m for m in new.modifier_pages()}
    )
    return Difference(old.version, new.version, tuple(changes))


def _uri(folder: Path) -> str:
    return f"{(folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1"


def _editions(old: "Release", new: "Release") -> Iterator[Change]:
    """Compare which editions are held; that of a family changes with its review and is told page by page."""
    named = [
        {(row.kind, row.edition, row.setting): row.sha256 for row in release.sources() if row.kind != "content"}
        for release in (old, new)
    ]
    before, after = named
    for key in sorted({*before, *after}):
        kind, edition, setting = key
        if key not in before or key not in after:
            yield Change("edition", "added" if key in after else "removed", f"{kind} {edition}", setting)
        elif before[key] != after[key]:
            yield Change("edition", "changed", f"{kind} {edition}", setting)


def _rows(connection: sqlite3.Connection, kind: str, statement: str) -> Iterator[Change]:
    """Compare the rows of one kind of file."""
    connection.execute("CREATE TEMP TABLE before (key, setting, value)")
    connection.execute("CREATE TEMP TABLE after (key, setting, value)")
    for table, schema in (("before", "old"), ("after", "main")):
        asked = statement.format(db=schema, kind=kind)
        # A pair may have two windows that stand: what counts is all that is said of it.
        connection.execute(
            f"WITH asked (key, setting, value) AS ({asked}) INSERT INTO {table} "
            "SELECT key, setting, group_concat(value, '; ') FROM (SELECT DISTINCT * FROM asked ORDER BY 1, 2, 3) "
            "GROUP BY key, setting"
        )
        connection.execute(f"CREATE INDEX of_{table} ON {table} (key, setting, value)")
    for how, one, other in (("removed", "before", "after"), ("added", "after", "before")):
        rows = connection.execute(
            f"SELECT key, setting, value FROM {one} o WHERE NOT EXISTS (SELECT 1 FROM {other} t WHERE t.key = o.key "
            "AND t.setting = o.setting) ORDER BY 1, 2"
        )
        for key, setting, value in rows:
            yield Change(kind, how, key, setting, *(("", value) if how == "added" else (value, "")))
    rows = connection.execute(
        "SELECT b.key, b.setting, b.value, a.value FROM before b JOIN after a ON a.key = b.key "
        "AND a.setting = b.setting WHERE a.value <> b.value ORDER BY 1, 2"
    )
    for key, setting, value, now in rows:
        yield Change(kind, "changed", key, setting, value, now)
    connection.execute("DROP TABLE before")
    connection.execute("DROP TABLE after")


def _documents(kind: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    """Compare documents by their whole content."""
    for key in sorted({*before, *after}):
        if key not in before or key not in after:
            yield Change(kind, "added" if key in after else "removed", key)
        elif before[key] != after[key]:
            yield Change(kind, "changed", key)
