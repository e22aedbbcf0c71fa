"""Opens a compiled release and answers from it. Read-only, for many threads; a new release is another folder.

Dates are dates of service. Where no edition of a file holds for the date the answer is `NoEdition`, which is not the
same as an answer without rows; with `nearest=True` the nearest edition answers instead and says so (`for_date`).
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from knowledge.choosers import Chooser
from knowledge.layout import CURRENT, FORMAT, INDEX, MANIFEST
from knowledge.model import (
    CodeEntry,
    CodePage,
    DiagnosisNotes,
    Family,
    Hit,
    PageTitle,
    Rule,
)
from knowledge.modifiers import MODIFIERS
from knowledge.official import Official, day
from knowledge.searching import Search
from knowledge.tables import Table

_PAGE = TypeAdapter(CodePage)
_RULE = TypeAdapter(Rule)
_FAMILY = TypeAdapter(Family)
_TABLE = TypeAdapter(Table)
_MEND = "build it with `consultant knowledge build`"


class ReleaseMissing(Exception):
    """There is no release where one was expected."""


class ReleaseDamaged(Exception):
    """A release is there and cannot be read as it was written."""


def current(root: Path) -> Path:
    """Return the folder of the release in use; raise `ReleaseMissing` where there is none."""
    link = root / CURRENT
    if not link.is_dir():
        raise ReleaseMissing(f"There is no knowledge release in {root}; {_MEND}.")
    return link.resolve()


def open_release(folder: Path) -> "Release":
    """Open one release; raise `ReleaseMissing` or `ReleaseDamaged` with the path and what mends it."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ReleaseMissing(f"There is no knowledge release in {folder}; {_MEND}.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        wrong = [name for name, size in manifest["files"].items() if (folder / name).stat().st_size != size]
        if manifest["format"] != FORMAT:
            raise ReleaseDamaged(f"The release {folder} has format {manifest['format']}, not {FORMAT}; {_MEND}.")
        if wrong:
            raise ReleaseDamaged(f"The release {folder} is damaged ({wrong[0]} has another size); {_MEND}.")
        return Release(folder, manifest["version"])
    except (OSError, ValueError, KeyError, TypeError, sqlite3.Error) as error:
        raise ReleaseDamaged(f"The release {folder} is damaged ({type(error).__name__}); {_MEND}.") from error


class Release(Official):
    """One release, open."""

    def __init__(self, folder: Path, version: str) -> None:
        """Open the database and the index of a folder."""
        super().__init__(folder)
        self.version = version
        """Such as 2026.4+sha256:0123456789ab."""
        self._search = Search(folder / INDEX)
        self.page = lru_cache(maxsize=512)(self._page)
        self._systems = lru_cache(maxsize=4096)(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Code sets.

    def _entries(self, code: str) -> tuple[CodeEntry, ...]:
        rows = self._rows(
            "SELECT system, code, description, billable, effective, ended, edition FROM code "
            "WHERE code = ? ORDER BY system",
            code,
        )
        return tuple(CodeEntry(row[0], row[1], row[2], bool(row[3]), day(row[4]), day(row[5]), row[6]) for row in rows)

    def code(self, system: str, code: str, on: date) -> CodeEntry | None:  # noqa: ARG002 - one edition is held today
        """Return a code of a code set, from the edition for the date or else the nearest; its dates say which."""
        if system == "MODIFIER":
            return MODIFIERS.get(code)
        return next((row for row in self._systems(code) if row.system == system), None)

    def systems_of(self, code: str, on: date) -> tuple[str, ...]:
        """Return the code sets that hold a code: CPT, HCPCS, ICD-10-CM, MODIFIER."""
        systems = tuple(row.system for row in self._systems(code) if self.code(row.system, code, on))
        return (*systems, "MODIFIER") if code in MODIFIERS else systems

    def diagnosis(self, code: str, on: date) -> CodeEntry | None:
        """Return an ICD-10-CM code or category; `effective` and `ended` say for which dates its edition holds."""
        return self.code("ICD-10-CM", code, on)

    def notes(self, code: str) -> DiagnosisNotes | None:
        """Return the instructional notes of an ICD-10-CM code and of all categories above it, nearest first."""
        entry = next((row for row in self._systems(code) if row.system == "ICD-10-CM"), None)
        if entry is None:
            return None
        rows = self._rows(
            "WITH RECURSIVE above(code, step) AS (SELECT ?, 0 UNION ALL SELECT c.parent, a.step + 1 FROM above a "
            "JOIN code c ON c.code = a.code AND c.system = 'ICD-10-CM' WHERE c.parent IS NOT NULL) "
            "SELECT n.kind, n.text FROM above a JOIN note n ON n.code = a.code ORDER BY a.step, n.number",
            code,
        )
        of_kind: dict[str, list[str]] = {}
        for kind, text in rows:
            of_kind.setdefault(kind, []).append(text)
        return DiagnosisNotes(
            code=code,
            excludes1=tuple(of_kind.get("excludes1", ())),
            excludes2=tuple(of_kind.get("excludes2", ())),
            code_first=tuple(of_kind.get("code_first", ())),
            use_additional=tuple(of_kind.get("use_additional", ())),
            seventh_character=next(iter(of_kind.get("seventh_character", ())), None),
            edition=entry.edition,
        )

    def excludes1(self, code: str, on: date) -> tuple[str, ...]:  # noqa: ARG002 - one edition is held today
        """Return the Excludes1 notes of a code and of all categories above it."""
        notes = self.notes(code)
        return notes.excludes1 if notes else ()

    # Curated content.

    def _page(self, code: str) -> CodePage | None:
        rows = self._rows("SELECT document FROM page WHERE code = ?", code)
        return _PAGE.validate_json(rows[0][0]) if rows else None

    def pages(self) -> tuple[PageTitle, ...]:
        """Return the list of pages, by code."""
        rows = self._rows("SELECT system, code, family, title FROM page ORDER BY code")
        return tuple(PageTitle(*row) for row in rows)

    @cached_property
    def _families(self) -> dict[str, Family]:
        rows = self._rows("SELECT id, document FROM family ORDER BY id")
        return {key: _FAMILY.validate_json(text) for key, text in rows}

    def family(self, family: str) -> Family | None:
        """Return a family by its id."""
        return self._families.get(family)

    def families(self) -> tuple[Family, ...]:
        """Return every family, by id."""
        return tuple(self._families.values())

    def family_of(self, code: str) -> tuple[str, ...]:
        """Return the families that a code belongs to."""
        return tuple(row[0] for row in self._rows("SELECT family FROM page WHERE code = ?", code))

    @cached_property
    def _choosers(self) -> dict[str, Chooser]:
        rows = self._rows("SELECT id, decision_table FROM family ORDER BY id")
        return {key: Chooser(_TABLE.validate_json(text)) for key, text in rows}

    def chooser(self, family: str) -> Chooser | None:
        """Return the chooser of a family."""
        return self._choosers.get(family)

    def choosers(self) -> tuple[Chooser, ...]:
        """Return every chooser, by family."""
        return tuple(self._choosers.values())

    def site_groups(self) -> Mapping[str, str]:
        """Return words for places, in lower case, and the site group that each stands for."""
        vocabularies = [sites for chooser in self.choosers() for sites in chooser.table.sites]
        return {word: group for sites in vocabularies if sites.fact == "site_group" for word, group in sites.words}

    @cached_property
    def _all_rules(self) -> tuple[Rule, ...]:
        return tuple(_RULE.validate_json(row[0]) for row in self._rows("SELECT document FROM rule ORDER BY number"))

    def rules(
        self, family: str | None = None, topic: str | None = None, code: str | None = None, modifier: str | None = None
    ) -> tuple[Rule, ...]:
        """Return the rules that speak of all that is given, in the order of the content."""
        return tuple(
            rule
            for rule in self._all_rules
            if (family is None or rule.family == family)
            and (topic is None or topic in rule.topics)
            and (code is None or code in rule.codes)
            and (modifier is None or modifier in rule.modifiers)
        )

    def search(self, text: str, limit: int = 10) -> tuple[Hit, ...]:
        """Return what fits best; never raises on what a person typed."""
        return self._search(text, limit)
