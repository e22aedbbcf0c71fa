"""Opens a compiled release and answers from it. Read-only, for many threads; a new release is another folder.

Dates are dates of service. Where no edition of a file holds for the date the answer is `NoEdition`, which is not the
same as an answer without rows; with `nearest=True` the nearest edition answers instead and says so (`for_date`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from knowledge import relating
from knowledge.choosers import Chooser
from knowledge.differing import Difference, difference
from knowledge.editions import distance, holds
from knowledge.faults import MEND, OtherFormat, ReleaseDamaged, ReleaseMissing
from knowledge.layout import CURRENT, FORMAT, INDEX, MANIFEST
from knowledge.limits import Limits
from knowledge.model import (
    CodeEntry,
    CodePage,
    CodeRemark,
    Diagnosis,
    DiagnosisNotes,
    Family,
    Hit,
    ModifierPage,
    PageTitle,
    Phrase,
    Related,
    Rule,
)
from knowledge.official import Official, iso_day
from knowledge.phrasing import phrases_of
from knowledge.searching import Search
from knowledge.tables import Table
from knowledge.uncovered import Uncovered
from knowledge.version import checksum, plain, version_of
from knowledge.vocabulary import Vocabulary

_PAGE = TypeAdapter(CodePage)
_RULE = TypeAdapter(Rule)
_FAMILY = TypeAdapter(Family)
_TABLE = TypeAdapter(Table)
_MODIFIER_PAGE = TypeAdapter(ModifierPage)
_LIMITS = TypeAdapter(Limits)
_UNCOVERED = TypeAdapter(tuple[Uncovered, ...])

__all__ = ["OtherFormat", "Release", "ReleaseDamaged", "ReleaseMissing", "current", "open_release"]


def current(root: Path) -> Path:
    """Return the folder of the release in use; raise `ReleaseMissing` where there is none."""
    link = root / CURRENT
    try:
        return link.resolve(strict=True)
    except FileNotFoundError:
        raise ReleaseMissing(f"There is no knowledge release in {root}; {MEND}.") from None
    except (OSError, RuntimeError) as error:
        raise ReleaseDamaged(f"The knowledge release {link} cannot be read ({_why(error)}); {MEND}.") from error


def open_release(folder: Path) -> "Release":
    """Open one release; raise `ReleaseMissing` or `ReleaseDamaged` with the path and what mends it.

    A file that is as old and as long as the build left it is taken for what was written; of any other every byte is
    compared with the manifest. `verify` compares the bytes of all of them, and proves what is in them.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            found = f"has format {manifest['format']} and this program reads format {FORMAT}"
            raise OtherFormat(f"The release {folder} {found}; {MEND}, or run the program that wrote it.")
        for name, file in manifest["files"].items():
            path = folder / name
            found = path.stat()
            touched = found.st_mtime_ns != file["written"]
            if found.st_size != file["bytes"] or (touched and checksum(path) != file["sha256"]):
                raise ReleaseDamaged(f"The release {folder} is damaged ({name} is not as it was written); {MEND}.")
        release = Release(folder, manifest["version"])
        held = release.sources()
        if manifest["sources"] != sorted(map(plain, held)) or release.version != version_of(held):
            release.close()
            raise ReleaseDamaged(f"The release {folder} is damaged ({MANIFEST} was changed); {MEND}.")
        return release
    except FileNotFoundError as error:
        if error.filename and Path(error.filename).name == MANIFEST:
            raise ReleaseMissing(f"There is no knowledge release in {folder}; {MEND}.") from None
        raise ReleaseDamaged(f"The release {folder} is damaged ({_why(error)}); {MEND}.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseDamaged(f"The release {folder} is damaged ({_why(error)}); {MEND}.") from error


def _why(error: Exception) -> str:
    """Say what an error means to a person."""
    if isinstance(error, OSError) and error.strerror:
        return f"{Path(str(error.filename)).name}: {error.strerror}" if error.filename else error.strerror
    return f"{MANIFEST} or {INDEX} cannot be read"


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

    def __exit__(self, *error: object) -> None:
        self.close()

    # Code sets.

    def _entries(self, code: str) -> tuple[CodeEntry, ...]:
        """Return a code as every edition of every code set that is held has it, by system."""
        rows = self._rows(
            "SELECT s.system, c.code, c.description, c.billable, c.effective, c.ended, s.edition, s.kind FROM code c "
            "JOIN code_set s ON s.number = c.code_set WHERE c.code = ? ORDER BY s.system, s.number",
            code,
        )
        windows = {
            (row.kind, row.edition): (row.effective, row.ended) for row in self._sources if row.kind != "content"
        }
        return tuple(
            CodeEntry(row[0], row[1], row[2], bool(row[3]), iso_day(row[4]) or first, iso_day(row[5]) or last, row[6])
            for row in rows
            for first, last in [windows.get((row[7], row[6]), (None, None))]
        )

    def code(self, system: str, code: str, on: date) -> CodeEntry | None:
        """Return a code of a code set, from the edition that vouches for it on the date or else from the nearest.

        `for_date` is False in the second case: the entry is then no proof that the code is valid on that date.
        """
        found = [row for row in self._systems(code) if row.system == system]
        if not found:
            return None
        # An update takes the place of the edition before it from its first day.
        entry = min(
            found, key=lambda row: (distance(row.effective, row.ended, on), -(row.effective or date.min).toordinal())
        )
        return entry if holds(entry.effective, entry.ended, on) else replace(entry, for_date=False)

    def systems_of(self, code: str, on: date) -> tuple[str, ...]:  # noqa: ARG002 - `code` tells what holds on the date
        """Return the code sets that hold a code in any edition held: CPT, HCPCS, ICD-10-CM, MODIFIER.

        This tells what a code is, so that one from another year is still known for what it is; whether it is valid
        on the date is told by `code`.
        """
        return tuple(dict.fromkeys(row.system for row in self._systems(code)))

    def icd10(self, code: str, on: date) -> CodeEntry | None:
        """Return an ICD-10-CM code or category; `for_date` tells whether the edition is the one for the date."""
        return self.code("ICD-10-CM", code, on)

    def notes(self, code: str, on: date | None = None) -> DiagnosisNotes | None:
        """Return the instructional notes of an ICD-10-CM code and of all categories above it, nearest first.

        They come from the edition for the date, else from the nearest one, as `icd10` does; without a date from
        the newest.
        """
        entry = self.icd10(code, on or date.max)
        if entry is None:
            return None
        rows = self._rows(
            "WITH RECURSIVE above(code, step) AS (SELECT ?1, 0 UNION ALL SELECT c.parent, a.step + 1 FROM above a "
            "JOIN code c ON c.code = a.code AND c.code_set = ?2 WHERE c.parent IS NOT NULL) "
            "SELECT n.kind, n.text, a.step FROM above a JOIN note n ON n.code_set = ?2 AND n.code = a.code "
            "ORDER BY a.step, n.number",
            *(code, self._icd_numbers[entry.edition]),
        )
        of_kind: dict[str, list[str]] = {}
        nearest: dict[str, int] = {}
        for kind, text, step in rows:
            # What is coded here is told of a code itself; its seventh characters are those of the nearest code above.
            only = nearest.setdefault(kind, 0 if kind == "inclusion_term" else step)
            if kind not in {"inclusion_term", "seventh_value"} or step == only:
                of_kind.setdefault(kind, []).append(text)
        return DiagnosisNotes(
            code=code,
            excludes1=tuple(of_kind.get("excludes1", ())),
            excludes2=tuple(of_kind.get("excludes2", ())),
            code_first=tuple(of_kind.get("code_first", ())),
            use_additional=tuple(of_kind.get("use_additional", ())),
            seventh_character=next(iter(of_kind.get("seventh_character", ())), None),
            edition=entry.edition,
            code_also=tuple(of_kind.get("code_also", ())),
            includes=tuple(of_kind.get("includes", ())),
            inclusion_terms=tuple(of_kind.get("inclusion_term", ())),
            seventh_values=tuple(of_kind.get("seventh_value", ())),
        )

    def below(self, code: str, on: date) -> tuple[CodeEntry, ...]:
        """Return all ICD-10-CM codes below one, in order, from the edition that `icd10` answers from."""
        entry = self.icd10(code, on)
        return relating.below(self._rows, entry, self._icd_numbers[entry.edition]) if entry else ()

    @cached_property
    def limits(self) -> Limits:
        """For whom codes are, by sex and age."""
        rows = self._rows("SELECT document FROM limits")
        return _LIMITS.validate_json(rows[0][0]) if rows else Limits()

    def excludes(self, code: str, on: date) -> tuple[str, ...]:
        """Return the Excludes1 notes of a code and of all categories above it."""
        notes = self.notes(code, on)
        return notes.excludes1 if notes else ()

    def related(self, code: str, on: date) -> tuple[Related, ...]:
        """Return the codes that one looks at next, each with why: neighbours, add-ons, what goes beside."""
        return relating.related(self, code, on)

    def crosswalk(self, code: str) -> tuple[Diagnosis, ...] | tuple[CodeRemark, ...]:
        """Return the diagnoses that a page names for a procedure, or the procedures whose pages name a diagnosis."""
        return relating.crosswalk(self, code)

    def diff(self, other: "Release") -> Difference:
        """Return what changed from this release to another: codes, edits, limits, indicators, pages, rules."""
        return difference(self, other)

    @cached_property
    def _icd_numbers(self) -> dict[str, int]:
        return dict(self._rows("SELECT edition, number FROM code_set WHERE system = 'ICD-10-CM'"))

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
        rows = self._rows("SELECT id, decision_table FROM family WHERE decision_table IS NOT NULL ORDER BY id")
        return {key: Chooser(_TABLE.validate_json(text)) for key, text in rows}

    def chooser(self, family: str) -> Chooser | None:
        """Return the chooser of a family."""
        return self._choosers.get(family)

    def choosers(self) -> tuple[Chooser, ...]:
        """Return every chooser, by family."""
        return tuple(self._choosers.values())

    def modifier(self, modifier: str) -> ModifierPage | None:
        """Return the page of a modifier."""
        return self._modifiers.get(modifier)

    def modifier_pages(self) -> tuple[ModifierPage, ...]:
        """Return the page of every modifier that has one, by code."""
        return tuple(self._modifiers.values())

    @cached_property
    def _modifiers(self) -> dict[str, ModifierPage]:
        rows = self._rows("SELECT code, document FROM modifier_page ORDER BY code")
        return {code: _MODIFIER_PAGE.validate_json(document) for code, document in rows}

    def site_groups(self) -> Mapping[str, str]:
        """Return words for places, in lower case, and the site group that each stands for; empty where it has none.

        Places that only other facts know (inside the mouth) are places all the same.
        """
        vocabularies = [sites for chooser in self.choosers() for sites in chooser.table.sites]
        groups = {word: group for sites in vocabularies if sites.fact == "site_group" for word, group in sites.words}
        return {**{word: "" for sites in vocabularies for word, _ in sites.words}, **groups}

    def phrases(self) -> Iterator[Phrase]:
        """Yield every phrase by which a family says that coders write a value of one of its facts."""
        for chooser in self.choosers():
            yield from phrases_of(chooser.table)

    @cached_property
    def uncovered(self) -> tuple[Uncovered, ...]:
        """What letters ask about that no family holds."""
        return _UNCOVERED.validate_json(self._rows("SELECT document FROM uncovered")[0][0])

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

    @property
    def vocabulary(self) -> Vocabulary:
        """The table of how coders write that this release was built with."""
        return self._search.vocabulary

    def corrected(self, word: str) -> str | None:
        """Return what a misspelled word in lower case was meant to be, by the words of the release, or None."""
        return self._search.spelling.correct(word)

    def same_words(self) -> Mapping[str, str]:
        """Return words that say the same in a letter: one or several, in lower case, to the one that they stand for."""
        return self.vocabulary.same

    def spelled(self, word: str) -> str | None:
        """Return the frequent word of the release that a mistyped one was meant to be; None where it is none."""
        return self._search.spelling.likely(word)

    def search(self, text: str, limit: int = 10, systems: Sequence[str] | None = None) -> tuple[Hit, ...]:
        """Return what fits best, of some code sets or of all; never raises on what a person typed."""
        return self._search(text, limit, systems)


open = open_release  # noqa: A001 - `release.open(path)` is how the interface is spoken of
