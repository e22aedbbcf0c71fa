"""`consultant knowledge`: import official releases, build, list, compare and ask the knowledge base."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from consultant.cli.base import Config, app, fail, out, settings_of
from consultant.settings import Settings

if TYPE_CHECKING:
    from knowledge.official_model import Setting
    from knowledge.release import Release

knowledge = typer.Typer(help="Import, build, list, compare and ask the knowledge base.", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")

SETTINGS: Mapping[str, "Setting"] = {"practitioner": "practitioner", "outpatient_hospital": "outpatient_hospital"}

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
    from knowledge.faults import ReleaseDamaged

    try:
        return compile_release(into=settings.releases)
    except (ContentRefused, ReleaseDamaged) as error:
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
    """Compile the curated content and what was imported into a new release, and switch to it."""
    from knowledge.imports import left_out

    settings = settings_of(config)
    with out.status("Building…"):
        folder = build_release(settings)
    for sentence in left_out(settings.releases):
        out.print(sentence, markup=False, soft_wrap=True)
    out.print(f"Built and in use: {folder.name}", markup=False)


@knowledge.command("list")
def list_sources(config: Config = None) -> None:
    """List the sources of the running release: editions, dates, rows, checksums."""
    release = open_current(settings_of(config))
    table = Table("Source", "Edition", "From", "To", "Rows", "SHA-256", title=f"Release {release.version}")
    for source in release.sources():
        notes = ", ".join(filter(None, (source.setting.replace("_", " "), "part" if source.partial else "")))
        table.add_row(
            source.kind,
            f"{source.edition} ({notes})" if notes else source.edition,
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
def show(
    code: Annotated[
        str, typer.Argument(help="A CPT, HCPCS or ICD-10-CM code, a modifier, or a family such as repair.")
    ],
    on: On = None,
    locality: Annotated[
        str | None, typer.Option(help="Also the fee of a Medicare locality: its contractor and number, as 01112-05.")
    ] = None,
    config: Config = None,
) -> None:
    """Show what the release holds of a code, modifier or family on a date."""
    from knowledge.showing import describe

    release = open_current(settings_of(config))
    text = describe(release, code.upper(), day_of(on), locality)
    if text is None:
        fail(f"The release {release.version} holds nothing of {code.upper()}.")
    out.print(text, markup=False, soft_wrap=True)


@knowledge.command("edits")
def edits(
    codes: Annotated[list[str], typer.Argument(help="Two procedure codes or more.")],
    on: On = None,
    setting: Annotated[str, typer.Option(help="Whose claim: practitioner or outpatient_hospital.")] = "practitioner",
    config: Config = None,
) -> None:
    """Show the PTP edits between codes on a date, both orders, and every window of a pair."""
    from knowledge.official_text import describe_edits

    if setting not in SETTINGS:
        fail(f"{setting} is no setting of PTP edits; {' or '.join(SETTINGS)} was expected.")
    asked = tuple(dict.fromkeys(code.upper() for code in codes))
    if len(asked) < 2:
        fail("Two different codes or more were expected, such as: consultant knowledge edits 11440 12011.")
    release = open_current(settings_of(config))
    out.print(describe_edits(release, asked, day_of(on), SETTINGS[setting]), markup=False, soft_wrap=True)


@knowledge.command("search")
def search(
    words: str,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    system: Annotated[
        list[str] | None, typer.Option(help="Only this code set: CPT, HCPCS, ICD-10-CM or MODIFIER; may be repeated.")
    ] = None,
    config: Config = None,
) -> None:
    """Search codes, pages and rules, in the words of coders."""
    hits = open_current(settings_of(config)).search(words, limit, [name.upper() for name in system] if system else None)
    if not hits:
        fail("Nothing was found; try other words, or a code.")
    table = Table("What", "Key", "Title", "Why")
    for hit in hits:
        table.add_row(hit.kind, hit.key, hit.title, "; ".join(hit.why))
    out.print(table)


@knowledge.command("check")
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Family files, such as knowledge/content/families/repair.yaml, or limits.yaml.")
    ],
    page: Annotated[str | None, typer.Option(help="Print the page of this code or modifier.")] = None,
    choose: Annotated[
        list[str] | None,
        typer.Option(help="Run the chooser on facts: --choose site=chin --choose closure_class=simple."),
    ] = None,
    on: On = None,
) -> None:
    """Check families while writing them, without building: what a curator runs after each change."""
    from knowledge.checking import check_file, check_limits, check_uncovered, chosen_text, pages_text
    from knowledge.limiting import LIMITS
    from knowledge.reading import ContentRefused
    from knowledge.uncovering import UNCOVERED

    wrong = False
    for path in files:
        if not path.is_file():
            fail(f"There is no file {path}.")
        try:
            if path.name == LIMITS:
                out.print(f"{path.name} holds: {len(check_limits(path).rows)} limits.", markup=False)
                continue
            if path.name == UNCOVERED:
                out.print(f"{path.name} holds: {len(check_uncovered(path))} things.", markup=False)
                continue
            family = check_file(path)
        except ContentRefused as error:
            out.print("\n".join(error.problems), markup=False, soft_wrap=True)
            wrong = True
            continue
        out.print(
            f"{path.name} holds: {len(family.pages)} codes, {len(family.modifier_pages)} modifiers, "
            f"{len(family.rules)} rules.",
            markup=False,
        )
        if page:
            out.print(pages_text(family, page.upper()), markup=False, soft_wrap=True)
        if choose:
            out.print(chosen_text(family, choose, day_of(on)), markup=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)
