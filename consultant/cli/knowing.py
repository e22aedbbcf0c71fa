"""`consultant knowledge`: build, list and ask the knowledge base."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from consultant.cli.base import Config, app, fail, out, settings_of
from consultant.settings import Settings

if TYPE_CHECKING:
    from knowledge.release import Release

knowledge = typer.Typer(help="Build, list and ask the knowledge base.", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")

On = Annotated[str | None, typer.Option("--on", help="The date of service, as 2026-03-02; today when left out.")]


def build_starter(settings: Settings) -> None:
    """Build the starter release from the shipped content where there is none that this program reads."""
    from knowledge.release import OtherFormat, ReleaseDamaged, ReleaseMissing, current, open_release

    try:
        open_release(current(settings.releases)).close()
    except (ReleaseMissing, OtherFormat):
        with out.status("Building the starter knowledge release…"):
            folder = build_release(settings)
        out.print(f"Built the knowledge release {folder.name}.", markup=False)
    except ReleaseDamaged as error:
        fail(str(error))


def build_release(settings: Settings) -> Path:
    """Compile the content into a new release, switch to it, and return its folder."""
    from knowledge.build import ContentRefused
    from knowledge.build import build as compile_release

    try:
        return compile_release(into=settings.releases)
    except ContentRefused as error:
        fail(str(error))
    except OSError as error:
        fail(f"The folder {settings.releases} cannot be written ({error.strerror}); set knowledge_folder to another.")


def open_current(settings: Settings) -> "Release":
    """Open the running release, or leave with the sentence that says what is wrong with it."""
    from knowledge.release import ReleaseDamaged, ReleaseMissing, current, open_release

    try:
        return open_release(current(settings.releases))
    except (ReleaseMissing, ReleaseDamaged) as error:
        fail(str(error))


def day_of(text: str | None) -> date:
    """Read a date, today when there is none."""
    from consultant import clock

    if text is None:
        return clock.now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"The date {text!r} cannot be read; year-month-day was expected, such as 2026-03-02.")


@knowledge.command("build")
def build(config: Config = None) -> None:
    """Compile the curated content into a new release and switch to it."""
    with out.status("Building…"):
        folder = build_release(settings_of(config))
    out.print(f"Built and in use: {folder.name}", markup=False)


@knowledge.command("list")
def list_sources(config: Config = None) -> None:
    """List the sources of the running release: editions, dates, rows, checksums."""
    release = open_current(settings_of(config))
    table = Table("Source", "Edition", "From", "To", "Rows", "SHA-256", title=f"Release {release.version}")
    for source in release.sources():
        table.add_row(
            source.kind,
            source.edition,
            source.effective.isoformat() if source.effective else "",
            source.ended.isoformat() if source.ended else "",
            f"{source.rows:,}",
            source.sha256[:12],
        )
    out.print(table)


@knowledge.command("verify")
def verify_release(config: Config = None) -> None:
    """Prove the running release: every byte, table, code and source; exit 1 with what is wrong."""
    from knowledge.verify import sourced, verify

    release = open_current(settings_of(config))
    problems = verify(release)
    if problems:
        fail("\n".join(problems))
    count = sourced(release)
    out.print(f"The release {release.version} holds.", markup=False)
    out.print(
        f"{count.statements:,} statements, each with a source; {count.unverified:,} rest on unverified ones only."
    )


@knowledge.command("show")
def show(code: str, on: On = None, config: Config = None) -> None:
    """Show what the release holds of a code on a date."""
    from knowledge.showing import describe

    release = open_current(settings_of(config))
    text = describe(release, code.upper(), day_of(on))
    if text is None:
        fail(f"The release {release.version} holds nothing of {code.upper()}.")
    out.print(text, markup=False)


@knowledge.command("search")
def search(words: str, limit: Annotated[int, typer.Option(min=1, max=100)] = 10, config: Config = None) -> None:
    """Search codes, pages and rules."""
    hits = open_current(settings_of(config)).search(words, limit)
    if not hits:
        fail("Nothing was found; try other words, or a code.")
    table = Table("What", "Key", "Title")
    for hit in hits:
        table.add_row(hit.kind, hit.key, hit.title)
    out.print(table)
