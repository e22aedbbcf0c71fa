"""`consultant knowledge import`, `use` and `diff`: official files in, and from one release to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consultant.cli.base import Config, fail, out, settings_of
from consultant.cli.knowing import knowledge, open_current
from consultant.settings import Settings

if TYPE_CHECKING:
    from rich.progress import TaskID

    from knowledge.imports import Report
    from knowledge.release import Release
    from knowledge.row_store import Progress

MOST_REFUSED = 20
"""How many refused rows of a file are named."""


@knowledge.command("import")
def import_releases(
    files: Annotated[list[Path], typer.Argument(help="Official files as published: zip, txt, csv, xlsx, xml.")],
    config: Config = None,
) -> None:
    """Read official releases, recognised by their content, and keep their rows for the next build."""
    from knowledge.imports import import_files, left_out
    from knowledge.sources.reading import SourceRefused

    settings = settings_of(config)
    missing = [path for path in files if not path.is_file()]
    if missing:
        fail(f"There is no file {missing[0]}; nothing was imported.")
    try:
        with _progress() as progress:
            for report in import_files(files, settings.releases, licensed=_licensed(settings), progress=progress):
                _print_report(report)
    except SourceRefused as error:
        fail(f"{error} The running release stays.")
    except OSError as error:
        fail(f"{error.filename or settings.releases}: {error.strerror}; the running release stays.")
    for sentence in left_out(settings.releases):
        out.print(sentence, markup=False, soft_wrap=True)
    out.print("Imported; `consultant knowledge build` makes a release of it.")


def _licensed(settings: Settings) -> bool:
    """Tell whether the operator holds a licence for CPT descriptors."""
    return settings.cpt_licence == "licensed"


@contextmanager
def _progress() -> Iterator["Progress"]:
    """Show a bar for each file that is read, on a terminal."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def read(place: str, rows: int) -> None:
            if place not in tasks:
                tasks[place] = bar.add_task(place, total=None)
            bar.update(tasks[place], completed=rows)

        yield read


def _print_report(report: "Report") -> None:
    """Print what came of one file, and the rows that were refused."""
    days = f"{report.effective or 'no first day'} to {report.ended or 'further notice'}"
    part = f", part {report.part[0]} of {report.part[1]}" if report.part else ""
    setting = f", {report.setting}" if report.setting else ""
    out.print(
        f"{report.place}\n  {report.title}, {report.edition}{setting}{part}, {days}\n"
        f"  {report.read:,} rows read, {report.kept:,} kept, {report.refused_count:,} refused; "
        f"sha256 {report.sha256[:12]}",
        markup=False,
        soft_wrap=True,
    )
    for line, reason in report.refused[:MOST_REFUSED]:
        out.print(f"  line {line}: {reason}", markup=False, soft_wrap=True)
    if report.refused_count > MOST_REFUSED:
        out.print(f"  and {report.refused_count - MOST_REFUSED:,} more")


@knowledge.command("use")
def use_release(version: str, config: Config = None) -> None:
    """Switch to a release that is kept, by its version or the beginning of it."""
    from knowledge.build import use

    settings = settings_of(config)
    folder = _folder_of(settings, version)
    _open(folder).close()
    use(settings.releases, folder)
    out.print(f"In use: {folder.name}", markup=False)


def _folder_of(settings: Settings, version: str) -> Path:
    """Return the folder of a release that is kept, by the beginning of its name."""
    name = version.replace("+sha256:", "-")
    kept = sorted(path for path in settings.releases.glob("*.*-*") if path.is_dir() and not path.name.startswith("."))
    found = [path for path in kept if path.name.startswith(name)]
    if len(found) != 1:
        names = ", ".join(path.name for path in found or kept) or "none"
        wrong = "More than one release begins" if found else "No release begins"
        fail(f"{wrong} with {version}; these are kept: {names}.")
    return found[0]


def _open(folder: Path) -> "Release":
    """Open one release, or leave with the sentence that says what is wrong with it."""
    from knowledge.release import ReleaseDamaged, ReleaseMissing, open_release

    try:
        return open_release(folder)
    except (ReleaseMissing, ReleaseDamaged) as error:
        fail(str(error))


@knowledge.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="A release that is kept, by the beginning of its version.")],
    new: Annotated[str | None, typer.Argument(help="Another; the running one when left out.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many changes of each kind to name.")] = 20,
    config: Config = None,
) -> None:
    """Say what changed between two releases: codes, edits, limits, indicators, pages and rules."""
    settings = settings_of(config)
    before = _open(_folder_of(settings, old))
    after = _open(_folder_of(settings, new)) if new else open_current(settings)
    difference = before.diff(after)
    out.print(f"From {difference.old} to {difference.new}", markup=False)
    if not difference.changes:
        out.print("Nothing changed.")
    for (kind, how), count in difference.counts().items():
        out.print(f"{kind}: {count:,} {how}", markup=False)
        named = [row for row in difference.changes if (row.kind, row.how) == (kind, how)][:limit]
        for row in named:
            values = " -> ".join(filter(None, (row.before, row.after)))
            out.print(f"  {' '.join(filter(None, (row.key, row.setting, values)))}", markup=False, soft_wrap=True)
        if count > len(named):
            out.print(f"  and {count - len(named):,} more")
