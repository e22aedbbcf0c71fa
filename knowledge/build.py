"""Compiles the curated content and the official rows into one immutable release, and switches to it.

A release is a folder named after its version. It is written beside its final place and renamed, so that nobody ever
opens half of one; `current` is a symbolic link that is replaced in one step. The version follows from what is
compiled: the same content gives the same version, and a release that is there and whole is not written again.
"""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge import codesets, modifiers
from knowledge.common import Common
from knowledge.compiling import Compiled, compile_family
from knowledge.copying import ImportedEdition, edition_of
from knowledge.crosschecks import refuse_problems
from knowledge.facts import FactTable, read_facts, read_taken
from knowledge.faults import ReleaseDamaged, ReleaseMissing
from knowledge.imports import editions, held, icd_table, lacking
from knowledge.layout import CURRENT, DATABASE, FORMAT, INDEX, MANIFEST
from knowledge.limiting import LIMITS, edition_of_limits, read_limits
from knowledge.limits import Limits
from knowledge.official_model import SourceEdition
from knowledge.phrasing import phrases_of
from knowledge.reading import ContentRefused, read_common, read_family
from knowledge.release import open_release
from knowledge.schema import FamilyContent
from knowledge.search_entries import code_entry, diagnosis_entries, family_entries
from knowledge.searching import Entry, write_index
from knowledge.uncovered import Uncovered
from knowledge.uncovering import UNCOVERED, edition_of_uncovered, read_uncovered
from knowledge.version import checksum, digest_of, plain, version_of
from knowledge.vocabulary import vocabulary
from knowledge.writing import FAMILY, MODIFIER_PAGE, PAGE, RULE, TABLE, Starter, Writer

__all__ = ["CONTENT", "ContentRefused", "build", "compile_into", "use"]

CONTENT = Path(__file__).parent / "content"


def build(content: Path = CONTENT, *, into: Path, icd: Iterable[codesets.IcdRow] | None = None) -> Path:
    """Compile a release into the folder `into`, make it the current one, and return its own folder.

    What was imported into `into` is part of it; an edition of which a part was not imported is left out
    (`imports.lacking` tells). `icd` replaces the ICD-10-CM table, for tests. Raises `ContentRefused` with every problem
    on a line of its own, `OSError` when the folder cannot be written, `ReleaseDamaged` when rows cannot be written or
    what was imported cannot be read; the running release then stays.
    """
    folder = compile_into(content, into, icd)
    use(into, folder)
    return folder


def compile_into(content: Path, into: Path, icd: Iterable[codesets.IcdRow] | None = None) -> Path:
    """Compile a release into a folder of its own below `into`, without switching to it."""
    paths = sorted((content / "families").glob("*.yaml"))
    if not paths:
        raise ContentRefused([f"{content / 'families'}: a file for each family was expected, and there is none"])
    families = _read(paths, read_common(content / "common.yaml"))
    facts = read_facts(content / "facts")
    shipped = tuple(icd if icd is not None else codesets.icd10cm())
    known = {row.code: row.billable for row in shipped}
    refuse_problems(families, facts, known)
    limits, reviewed = read_limits(content / LIMITS, known, {code for _, family in families for code in family.codes})
    uncovered, surveyed = read_uncovered(content / UNCOVERED, {family.id for _, family in families})
    imported = tuple(edition_of(rows) for rows in editions(held(into)) if not lacking(rows))
    # Of an edition that was imported whole the part that the content carries is not needed.
    whole = {(row.source.kind, row.source.edition, row.source.setting) for row in imported}
    carried = tuple((table, source) for table in facts for source in _editions(table))
    compiled = tuple(compile_family(family) for _, family in families)
    own = (codesets.standing(_first_days(imported)), shipped)
    parts = Parts(
        compiled=compiled,
        starter=tuple(row for row in carried if (row[1].kind, row[1].edition, row[1].setting) not in whole),
        taken=read_taken(content / "facts"),
        imported=imported,
        icd=own,
        limits=limits,
        uncovered=uncovered,
        documents=(
            *_documents(*own, compiled),
            *((edition_of_limits(limits, reviewed),) if reviewed else ()),
            *((edition_of_uncovered(uncovered, surveyed),) if surveyed else ()),
        ),
    )
    version = version_of(parts.sources)
    into.mkdir(parents=True, exist_ok=True)
    folder = into / version.replace("+sha256:", "-")
    if not _whole(folder):
        _write(folder, version, parts)
    return folder


def _first_days(imported: Sequence[ImportedEdition]) -> set[date | None]:
    """Return the first days of the imported editions of ICD-10-CM that are of the fiscal year of the shipped one."""
    own = [row.source for row in imported if row.source.kind == "icd10cm"]
    return {source.effective for source in own if source.ended == codesets.SHIPPED.ended}


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a release is compiled from."""

    compiled: tuple[Compiled, ...]
    starter: tuple[Starter, ...]
    taken: tuple[str, ...]
    imported: tuple[ImportedEdition, ...]
    icd: tuple[codesets.IcdEdition | None, tuple[codesets.IcdRow, ...]]
    """The shipped edition of ICD-10-CM, None where imported ones hold for all of its days, and its codes."""
    limits: Limits
    uncovered: tuple[Uncovered, ...]
    documents: tuple[SourceEdition, ...]
    """The editions that are not rows of official files: the shipped code sets and the families."""

    @property
    def sources(self) -> tuple[SourceEdition, ...]:
        """Every edition, as readers of the release see it."""
        rows = (*(source for _, source in self.starter), *(edition.source for edition in self.imported))
        return (*rows, *self.documents)


def _read(paths: Sequence[Path], common: Common) -> list[tuple[Path, FamilyContent]]:
    """Read every family; raise what is wrong in all of their files at once."""
    families: list[tuple[Path, FamilyContent]] = []
    wrong: list[str] = []
    for path in paths:
        try:
            families.append((path, read_family(path, common)))
        except ContentRefused as error:
            wrong += error.problems
    if wrong:
        raise ContentRefused(wrong)
    return families


def _whole(folder: Path) -> bool:
    """Tell whether a release is there as it was written."""
    try:
        open_release(folder).close()
    except (ReleaseMissing, ReleaseDamaged):
        return False
    return True


def _write(folder: Path, version: str, parts: Parts) -> None:
    """Write a release beside its place and rename it; one that is damaged makes room."""
    draft = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        imported = _write_database(draft / DATABASE, parts)
        write_index(draft / INDEX, _entries(parts, *imported), _wordings(parts))
        manifest = {
            "format": FORMAT,
            "version": version,
            "sources": sorted(plain(source) for source in parts.sources),
            "files": {path.relative_to(draft).as_posix(): _file(path) for path in draft.rglob("*") if path.is_file()},
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        _make_readable(draft)
        if folder.exists():
            # Readers of the damaged one keep the files that they have open.
            folder.rename(draft.with_name(f"{draft.name}-damaged"))
        draft.rename(folder)
    except OSError:
        # Another build of the same content may have been first; what it wrote is what was to be written.
        if not _whole(folder):
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(draft.with_name(f"{draft.name}-damaged"), ignore_errors=True)


def _write_database(path: Path, parts: Parts) -> tuple[tuple[codesets.IcdRow, ...], tuple[Entry, ...]]:
    """Write all rows; return what was imported that a search should find: rows of ICD-10-CM, codes of other sets."""
    writer = Writer(path)
    try:
        for held_edition in parts.imported:
            writer.imported(held_edition)
        found = [row for held_edition in parts.imported for row in _code_set(writer, held_edition)]
        with writer.transaction():
            for table, source in parts.starter:
                writer.starter(table, source)
            writer.sources(parts.documents)
            writer.taken(parts.taken)
            edition, codes = parts.icd
            if edition:
                writer.icd10cm(edition, codes)
            writer.modifiers()
            writer.limits(parts.limits)
            writer.uncovered(parts.uncovered)
            writer.procedures(parts.compiled)
            writer.content(parts.compiled)
        others = tuple(code_entry(*row) for row in writer.described())
        writer.finish()
    except sqlite3.DatabaseError as error:
        mend = "make room on the disk, or delete what was imported and import it again"
        raise ReleaseDamaged(f"The rows of the release could not be written ({error}); {mend}.") from error
    finally:
        writer.close()
    known = {row.code for row in parts.icd[1]}
    return tuple({row.code: row for row in found if row.code not in known}.values()), others


def _code_set(writer: Writer, edition: ImportedEdition) -> Iterator[codesets.IcdRow]:
    """Write the code set that an imported edition holds, and yield its ICD-10-CM rows."""
    if edition.source.kind == "hcpcs":
        writer.hcpcs(edition)
    elif edition.source.kind == "icd10pcs":
        writer.icd10pcs(edition)
    elif edition.source.kind == "icd10cm":
        rows = tuple(icd_table(edition.readings))
        window = (edition.source.effective, edition.source.ended)
        with writer.transaction():
            writer.icd10cm(codesets.IcdEdition(edition.source.edition, *window, edition.source.note), rows)
        yield from rows


def _make_readable(folder: Path) -> None:
    """Let every process read a release and none change it; the service may run as another user than the builder."""
    for path in sorted(folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o444)
    folder.chmod(0o755)


def _file(path: Path) -> dict[str, int | str]:
    found = path.stat()
    return {"bytes": found.st_size, "sha256": checksum(path), "written": found.st_mtime_ns}


def _entries(parts: Parts, imported: Sequence[codesets.IcdRow], others: Sequence[Entry]) -> Iterator[Entry]:
    for family in parts.compiled:
        yield from family_entries(family)
    yield from diagnosis_entries((*parts.icd[1], *imported))
    yield from others


def _wordings(parts: Parts) -> Iterator[str]:
    """Yield how coders say the facts that families ask for, and what no family holds."""
    for family in parts.compiled:
        yield from (phrase.text for phrase in phrases_of(family.table)) if family.table else ()
    yield from (wording for row in parts.uncovered for wording in row.words)


def _editions(table: FactTable) -> Iterator[SourceEdition]:
    """Yield the editions that a table of the content holds: one for each setting of care."""
    for setting in table.settings or ("",):
        rows = [row for row in table.rows if table.kind != "mue" or row[1] == setting]
        digest = digest_of([setting, rows])
        yield SourceEdition(
            table.kind,
            table.edition,
            *(table.effective, table.ended, len(rows), digest, table.note, table.partial, setting),
        )


def _documents(
    edition: codesets.IcdEdition | None, codes: Sequence[codesets.IcdRow], compiled: Iterable[Compiled]
) -> tuple[SourceEdition, ...]:
    shipped = (_icd_edition(edition, codes),) if edition else ()
    return (*shipped, _modifier_edition(), _vocabulary_edition(), *map(_content, compiled))


def _icd_edition(edition: codesets.IcdEdition, codes: Sequence[codesets.IcdRow]) -> SourceEdition:
    digest = digest_of([(row.code, row.parent, row.description, row.billable, row.notes) for row in codes])
    return SourceEdition("icd10cm", edition.name, edition.effective, edition.ended, len(codes), digest, edition.note)


def _modifier_edition() -> SourceEdition:
    rows = modifiers.MODIFIERS
    return SourceEdition("modifier", modifiers.EDITION, None, None, len(rows), digest_of(rows), modifiers.NOTE)


def _vocabulary_edition() -> SourceEdition:
    """Return the words of the search as a source: a search of other words is another release."""
    words = vocabulary()
    senses = len(words.abbreviations) + len(words.phrases)
    reviewed = words.reviewed_on
    note = "Abbreviations and lay words that the search reads."
    return SourceEdition("vocabulary", reviewed.isoformat(), reviewed, None, senses, digest_of(words.as_tree()), note)


def _content(values: Compiled) -> SourceEdition:
    """Return a family as a source. Pages come from code as well as from content: the digest is of what readers get."""
    rows = [PAGE.dump_json(page).decode() for page in values.pages]
    rows += [RULE.dump_json(rule).decode() for rule in values.rules]
    rows += [MODIFIER_PAGE.dump_json(page).decode() for page in values.modifier_pages]
    rows.append(FAMILY.dump_json(values.family).decode())
    rows += [TABLE.dump_json(values.table).decode()] if values.table else []
    reviewed = values.family.reviewed_on
    note = f"Curated, reviewed on {reviewed.isoformat()}."
    return SourceEdition("content", values.family.id, reviewed, None, len(values.pages), digest_of(rows), note)


def use(root: Path, folder: Path) -> None:
    """Make a release the current one, in one step."""
    link = root / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name, target_is_directory=True)
    link.replace(root / CURRENT)
