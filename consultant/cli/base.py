"""The application that commands register with, and how a failure is said: one sentence, exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from consultant import __version__
from consultant.errors import ConsultantError
from consultant.settings import Settings, load

app = typer.Typer(
    name="consultant",
    help="An email consultation desk for US medical coding.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration file; ./consultant.toml where there is one."),
]


@contextmanager
def sentences() -> Iterator[None]:
    """Say an expected failure in one sentence on standard error and leave with exit code 1."""
    try:
        yield
    except ConsultantError as error:
        fail(str(error))


def fail(sentence: str) -> NoReturn:
    """Print one sentence and leave with exit code 1."""
    err.print(sentence, style="bold red" if err.is_terminal else None, markup=False, soft_wrap=True)
    raise typer.Exit(1)


def settings_of(config: Path | None) -> Settings:
    """Load the settings, or leave with the sentence that names the key."""
    try:
        return load(config)
    except ConsultantError as error:
        fail(str(error))


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the option's value
    if wanted:
        out.print(__version__)
        raise typer.Exit


@app.callback()
def main(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Answer coding questions by email: from a letter to a draft, a review and a reply."""
