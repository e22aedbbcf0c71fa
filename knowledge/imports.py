"""Official files that an operator imported: read once as published, kept as typed rows beside the releases.

`import_files` reads files and keeps each reading in a small database of its own under `imports`; a build copies the
rows into a release. What is kept holds the report of its reading. A file that is refused leaves nothing behind.
"""

import errno
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from knowledge.codesets import IcdRow
from knowledge.faults import ReleaseDamaged
from knowledge.row_store import Progress, refuse_repeated, write_rows
from knowledge.sources import icd10cm_order, icd10cm_tabular
from knowledge.sources.formats import FORMATS
from knowledge.sources.icd10cm_table import icd_rows, tabular_for
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused, digest, members
from knowledge.sources.rows import IcdNote, IcdOrderRow
from knowledge.version import iso

_Row = TypeVar("_Row", IcdNote, IcdOrderRow)
FOLDER = "imports"
_SUFFIX = ".rows"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of reading one file, or one member of a zip."""

    place: str
    title: str
    """What the format is called."""
    kind: str
    edition: str
    effective: date | None
    ended: date | None
    setting: str
    part: tuple[int, int] | None
    """(number, of how many), where one edition is published in several files."""
    read: int
    kept: int
    refused_count: int
    refused: tuple[tuple[int, str], ...]
    """(line, why) of the first refused rows."""
    sha256: str
    licensed: bool = False
    """Whether official descriptors of CPT and dental codes were kept."""

    def as_json(self) -> str:
        """Return the report as JSON, dates in ISO 8601."""
        return json.dumps({**asdict(self), "effective": iso(self.effective), "ended": iso(self.ended)})

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Read what `as_json` wrote."""
        row = json.loads(text)
        for name in ("effective", "ended"):
            row[name] = date.fromisoformat(row[name]) if row[name] else None
        row["part"] = tuple(row["part"]) if row["part"] else None
        row["refused"] = tuple(tuple(one) for one in row["refused"])
        return cls(**row)


@dataclass(frozen=True, slots=True)
class Imported:
    """One reading that is kept."""

    path: Path
    report: Report


def import_files(
    paths: Iterable[Path], into: Path, *, licensed: bool = False, progress: Progress | None = None
) -> Iterator[Report]:
    """Read published files and keep their rows; yield a report for each file that was taken.

    `licensed` keeps the official descriptors of CPT and dental codes, for an operator who holds a licence. Raises
    `SourceRefused` for a file that is no official release or is damaged; files before it stay imported.
    """
    for path in paths:
        yield from _taken(path, into / FOLDER, licensed=licensed, progress=progress)


def _taken(path: Path, folder: Path, *, licensed: bool, progress: Progress | None) -> list[Report]:
    """Read all that one file holds; nothing of it takes its place before all of it was read."""
    known = [(member, found) for member in members(path) if (found := _format(member))]
    if not known:
        titles = ", ".join(row.title for row in FORMATS)
        raise SourceRefused(path.name, f"an official file as published ({titles})", _first_words(path))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=folder) as drafts:
        made = [_read(*one, Path(drafts), licensed=licensed, progress=progress) for one in known]
        for draft in {draft for draft, _ in made}:
            draft.replace(folder / draft.name)
    return [report for _, report in made]


def _format(member: Member) -> Format | None:
    """Return the format that a member is recognised as."""
    return next((row for row in FORMATS if row.recognises(member)), None)


def held(into: Path) -> tuple[Imported, ...]:
    """Return what was imported, by kind, first day and part; raise `ReleaseDamaged` where one cannot be read."""
    found = [Imported(path, _report(path)) for path in sorted((into / FOLDER).glob(f"*{_SUFFIX}"))]
    return tuple(sorted(found, key=lambda row: (row.report.kind, row.report.effective or date.min, row.path.name)))


def editions(imported: Sequence[Imported]) -> Iterator[tuple[Imported, ...]]:
    """Yield what makes up one edition: all its parts, of ICD-10-CM the order file with the tabular list for it.

    The newest exports of the coverage database are taken together: codes stand in one and what they belong to in
    another.
    """
    groups: dict[tuple[str, str, str], list[Imported]] = {}
    # An export is named after what it holds and its day, "articles 2026-08-20"; they come oldest first.
    newest = {_holds(row): row.report.edition for row in imported if row.report.kind == "coverage"}
    for row in imported:
        if row.report.kind == "coverage":
            if row.report.edition == newest[_holds(row)]:
                groups.setdefault(("coverage", "", ""), []).append(row)
        elif row.report.kind != "icd10cm":
            groups.setdefault((row.report.kind, row.report.edition, row.report.setting), []).append(row)
    yield from (tuple(rows) for rows in groups.values())
    orders = [row for row in imported if row.report.title == icd10cm_order.FORMAT.title]
    tabulars = [row for row in imported if row.report.title == icd10cm_tabular.FORMAT.title]
    for order in orders:
        chosen = tabular_for(_edition(order), map(_edition, tabulars))
        yield (order, *[row for row in tabulars if _edition(row) == chosen][:1])


def _holds(row: Imported) -> str:
    return row.report.edition.rpartition(" ")[0]


def lacking(edition: Sequence[Imported]) -> tuple[int, ...]:
    """Return the numbers of the parts of an edition that were not imported; without them it says nothing."""
    parts = [row.report.part for row in edition if row.report.part]
    have = {number for number, _ in parts}
    return tuple(number for number in range(1, max((of for _, of in parts), default=0) + 1) if number not in have)


def left_out(into: Path) -> tuple[str, ...]:
    """Say what was imported and cannot be part of a release yet, and what it waits for, one sentence each."""
    imported = held(into)
    said = []
    taken: set[Path] = set()
    for edition in editions(imported):
        told, parts = edition[0].report, lacking(edition)
        taken.update(row.path for row in edition)
        if parts:
            numbers = ", ".join(map(str, parts))
            said.append(
                f"{told.title} {told.edition} {told.setting}: part {numbers} of {told.part and told.part[1]} "
                "was not imported, so the edition is left out; import it and build again."
            )
    said += [
        f"{row.report.title} {row.report.edition}: the order file of the edition was not imported, so the notes are "
        "left out; import it and build again."
        for row in imported
        if row.path not in taken and row.report.title == icd10cm_tabular.FORMAT.title
    ]
    return tuple(said)


def icd_table(edition: Sequence[Imported]) -> Iterator[IcdRow]:
    """Yield the categories and codes of an imported edition of ICD-10-CM with their notes."""
    order, *tabular = edition
    notes = [row for one in tabular for row in _typed(one.path, "IcdNote", IcdNote)]
    yield from icd_rows((_order(row) for row in _typed(order.path, "IcdOrderRow", IcdOrderRow)), notes)


def _order(row: IcdOrderRow) -> IcdOrderRow:
    return row._replace(billable=bool(row.billable))


def _typed(path: Path, table: str, kind: type[_Row]) -> Iterator[_Row]:
    """Yield the rows of a reading as they were read."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):  # noqa: S608 - a type of ours
            yield kind(*row)
    finally:
        connection.close()


def _edition(row: Imported) -> Edition:
    return Edition(row.report.edition, row.report.effective, row.report.ended)


def _report(path: Path) -> Report:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return Report.from_json(connection.execute("SELECT text FROM report").fetchone()[0])
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise ReleaseDamaged(f"{path} is damaged; delete it and import the official file again.") from error
    finally:
        connection.close()


def _read(
    member: Member, known: Format, drafts: Path, *, licensed: bool, progress: Progress | None
) -> tuple[Path, Report]:
    """Read one member into a database of its own, named as it will be kept."""
    edition = known.edition(member)
    reading = Reading(known.kind, edition, member.place, digest(member), licensed=licensed)
    draft = drafts / f"{_slug(member, known, edition)}{_SUFFIX}"
    # The same rows may lie in a file twice, as a text and as a workbook.
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN")
        write_rows(connection, known.rows(member, reading), reading, progress)
        refuse_repeated(connection, member)
        report = _told(known, edition, reading)
        connection.execute("CREATE TABLE report (text TEXT NOT NULL)")
        connection.execute("INSERT INTO report VALUES (?)", (report.as_json(),))
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error), str(draft.parent.parent)) from error
    finally:
        connection.close()
    return draft, report


def _told(known: Format, edition: Edition, reading: Reading) -> Report:
    return Report(
        place=reading.place,
        title=known.title,
        kind=known.kind,
        edition=edition.name,
        effective=edition.effective,
        ended=edition.ended,
        setting=edition.setting or "",
        part=edition.part,
        read=reading.read,
        kept=reading.kept,
        refused_count=reading.refused_count,
        refused=tuple(reading.refused),
        sha256=reading.sha256,
        licensed=reading.licensed and known.kind == "fee",
    )


def _slug(member: Member, known: Format, edition: Edition) -> str:
    """Return the name under which a reading is kept; reading the same file again takes its place."""
    part = f"part{edition.part[0]}" if edition.part else ""
    # Of these, one edition is published as several files with different rows.
    table = {"icd10cm": known.title, "coverage": Path(member.name).stem}.get(known.kind, "")
    words = (known.kind, edition.name, edition.setting or "", part, table)
    text = "-".join(filter(None, words))
    return "".join(letter if letter.isalnum() or letter in "._" else "-" for letter in text.lower())


def _first_words(path: Path) -> str:
    """Say what a file that no format knows begins with."""
    found = members(path)
    if not found:
        return "an empty zip"
    if len(found) > 1:
        return f"a zip with {', '.join(member.inner or '' for member in found[:4])}"
    start = found[0].head()[:60]
    if not start:
        return "an empty file"
    text = start.decode("latin-1")
    return repr(text.strip()[:48]) if text.isprintable() or "\n" in text else "a file that is no text"
