"""Compiles the curated content and the official rows into one immutable release, and switches to it.

A release is a folder named after its version. It is written beside its final place and renamed, so that nobody ever
opens half of one; `current` is a symbolic link that is replaced in one step. The version follows from what is
compiled: the same content gives the same version, and a release that is there and whole is not written again.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from knowledge import codesets, modifiers
from knowledge.compiling import Compiled, compile_family
from knowledge.crosschecks import refuse_problems
from knowledge.facts import FactTable, read_facts
from knowledge.faults import ReleaseDamaged, ReleaseMissing
from knowledge.layout import CURRENT, DATABASE, FORMAT, INDEX, MANIFEST
from knowledge.model import SourceEdition
from knowledge.reading import ContentRefused, read_family
from knowledge.release import open_release
from knowledge.schema import FamilyContent
from knowledge.searching import Entry, write_index
from knowledge.version import checksum, digest_of, plain, version_of
from knowledge.writing import FAMILY, PAGE, RULE, TABLE, write_database

__all__ = ["CONTENT", "ContentRefused", "build"]

CONTENT = Path(__file__).parent / "content"


def build(content: Path = CONTENT, *, into: Path, icd: Iterable[codesets.IcdRow] | None = None) -> Path:
    """Compile a release into the folder `into`, make it the current one, and return its own folder.

    `icd` replaces the ICD-10-CM table, for tests. Raises `ContentRefused` with every problem on a line of its own,
    `OSError` when the folder cannot be written; the running release then stays.
    """
    paths = sorted((content / "families").glob("*.yaml"))
    if not paths:
        raise ContentRefused([f"{content / 'families'}: a file for each family was expected, and there is none"])
    families = _read(paths)
    facts = read_facts(content / "facts")
    codes = tuple(icd if icd is not None else codesets.icd10cm())
    refuse_problems(families, facts, {row.code for row in codes})
    compiled = tuple(compile_family(family) for _, family in families)
    sources = (
        *(_edition(table) for table in facts),
        _icd_edition(codes),
        _modifier_edition(),
        *map(_content, compiled),
    )
    version = version_of(sources)
    into.mkdir(parents=True, exist_ok=True)
    folder = into / version.replace("+sha256:", "-")
    if not _whole(folder):
        _write(folder, version, compiled, facts, codes, sources)
    _switch(into, folder)
    return folder


def _read(paths: Sequence[Path]) -> list[tuple[Path, FamilyContent]]:
    """Read every family; raise what is wrong in all of their files at once."""
    families: list[tuple[Path, FamilyContent]] = []
    wrong: list[str] = []
    for path in paths:
        try:
            families.append((path, read_family(path)))
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


def _write(
    folder: Path,
    version: str,
    compiled: Sequence[Compiled],
    facts: Sequence[FactTable],
    codes: Sequence[codesets.IcdRow],
    sources: Sequence[SourceEdition],
) -> None:
    """Write a release beside its place and rename it; one that is damaged makes room."""
    draft = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        write_database(draft / DATABASE, compiled, facts, codes, sources)
        write_index(draft / INDEX, _entries(compiled, codes))
        manifest = {
            "format": FORMAT,
            "version": version,
            "sources": sorted(plain(source) for source in sources),
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


def _make_readable(folder: Path) -> None:
    """Let every process read a release and none change it; the service may run as another user than the builder."""
    for path in sorted(folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o444)
    folder.chmod(0o755)


def _file(path: Path) -> dict[str, int | str]:
    return {"bytes": path.stat().st_size, "sha256": checksum(path)}


def _entries(compiled: Sequence[Compiled], codes: Sequence[codesets.IcdRow]) -> Iterator[Entry]:
    for family in compiled:
        own = family.family
        yield Entry("family", own.id, own.title, " ".join(said.text for said in own.purpose))
        for page in family.pages:
            said = (*page.description, *page.applies_when, *page.does_not_apply)
            yield Entry("page", page.code, page.title, " ".join(row.text for row in said))
        for rule in family.rules:
            yield Entry("rule", rule.id, rule.text[:120], f"{rule.text} {' '.join(rule.codes)}")
    for row in codes:
        yield Entry("code", row.code, row.description, "")


def _edition(table: FactTable) -> SourceEdition:
    digest = digest_of([table.settings, table.rows])
    window = (table.effective, table.ended)
    return SourceEdition(table.kind, table.edition, *window, len(table.rows), digest, table.note, table.partial)


def _icd_edition(codes: Sequence[codesets.IcdRow]) -> SourceEdition:
    digest = digest_of([(row.code, row.parent, row.description, row.billable, row.notes) for row in codes])
    window = (codesets.EFFECTIVE, codesets.ENDED)
    return SourceEdition("icd10cm", codesets.EDITION, *window, len(codes), digest, codesets.NOTE)


def _modifier_edition() -> SourceEdition:
    rows = modifiers.MODIFIERS
    return SourceEdition("modifier", modifiers.EDITION, None, None, len(rows), digest_of(rows), modifiers.NOTE)


def _content(values: Compiled) -> SourceEdition:
    """Return a family as a source. Pages come from code as well as from content: the digest is of what readers get."""
    rows = [PAGE.dump_json(page).decode() for page in values.pages]
    rows += [RULE.dump_json(rule).decode() for rule in values.rules]
    rows += [FAMILY.dump_json(values.family).decode(), TABLE.dump_json(values.table).decode()]
    reviewed = values.family.reviewed_on
    note = f"Curated, reviewed on {reviewed.isoformat()}."
    return SourceEdition("content", values.family.id, reviewed, None, len(values.pages), digest_of(rows), note)


def _switch(root: Path, folder: Path) -> None:
    """Make a release the current one, in one step."""
    link = root / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name, target_is_directory=True)
    link.replace(root / CURRENT)
