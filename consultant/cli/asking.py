"""`consultant ask` and `consultant draft`: put a question to the running desk, or see what the engine makes of it."""

import contextlib
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from consultant.cli.base import Config, app, err, fail, out, sentences, settings_of
from consultant.cli.knowing import open_current
from consultant.errors import ConsultantError

ASKER = "coder@clinic.example"


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question in quotes, or the path of an .eml file.")],
    subject: Annotated[str, typer.Option(help="The subject of the letter.")] = "Coding question",
    sender: Annotated[str, typer.Option("--from", help="Whom the letter comes from.")] = ASKER,
    config: Config = None,
) -> None:
    """Send a letter to the running desk, as any mail client would."""
    from consultant.local.posting import letter_from_text, submit

    settings = settings_of(config)
    local = settings.local
    if local is None and settings.accounts:
        fail("This desk reads real mailboxes; write to them with your mail client.")
    port = local.smtp_port if local else 8025
    with sentences():
        path = Path(question)
        if path.suffix == ".eml":
            if not path.is_file():
                fail(f"There is no file {path}.")
            raw = path.read_bytes()
        else:
            raw = letter_from_text(question, subject, sender, settings.desk.address)
        submit(raw, sender, settings.desk.address, "127.0.0.1", port)
    out.print(
        f"Sent to {settings.desk.address}. The reply comes to {sender}; see {settings.web.address}/local", markup=False
    )


@app.command()
def draft(
    files: Annotated[
        list[str] | None, typer.Argument(help="Letters as .eml or plain text; - or nothing is standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a letter.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read JSON lines {"id", "text"}.')] = False,
    engine_only: Annotated[bool, typer.Option("--engine-only", help="Ask no language model.")] = False,
    config: Config = None,
) -> None:
    """Draft answers without a mailbox or a database, one letter in, one draft out."""
    from consultant import clock
    from consultant.bootstrap import language_model
    from consultant.drafting.correspondence import draft_html
    from consultant.drafting.engine import draft_letter
    from consultant.logs import configure
    from consultant.rewording import reworded

    settings = settings_of(config)
    # Standard output holds drafts only; what a model came to stands in the draft.
    configure(settings.log_format, level=logging.ERROR)
    release = open_current(settings)
    model = None if engine_only else language_model(settings)
    today = clock.now().astimezone(settings.desk.zone).date()
    refused = 0
    for letter in _letters(files or ["-"], jsonl=jsonl):
        if letter.fault:
            # One bad letter of many costs that letter alone, and the line that answers it says why.
            refused += 1
            err.print(letter.fault, markup=False, soft_wrap=True)
            if as_json or jsonl:
                _line({"id": letter.identifier or None, "error": letter.fault})
            continue
        asked, _, made = draft_letter(letter.text, today=today, release=release, names=letter.names)
        made = reworded(made, asked, release, model)
        if as_json or jsonl:
            _line(made.as_json(letter.identifier, draft_html(made.text)))
        else:
            sys.stdout.write(f"{made.subject}\n\n{made.text}\n")
            if made.writer_note:
                err.print(made.writer_note, markup=False, soft_wrap=True)
        sys.stdout.flush()
    if refused:
        raise typer.Exit(1)


def _line(document: dict[str, Any]) -> None:
    """Write one object as one line, at once, so that a pipe sees each draft when it is made."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@app.command()
def explain(
    files: Annotated[
        list[str] | None, typer.Argument(help="Letters as .eml or plain text; - is standard input.")
    ] = None,
    config: Config = None,
) -> None:
    """Explain what is made of a letter: facts with their words, choosers, rules that spoke and that did not."""
    from consultant import clock
    from consultant.drafting.engine import draft_letter
    from consultant.drafting.explaining import explain as explained

    settings = settings_of(config)
    release = open_current(settings)
    today = clock.now().astimezone(settings.desk.zone).date()
    for letter in _letters(files or ["-"], jsonl=False):
        if letter.fault:
            fail(letter.fault)
        question, evidence, _ = draft_letter(letter.text, today=today, release=release, names=letter.names)
        sys.stdout.write(explained(question, evidence, release))


@dataclass(frozen=True, slots=True)
class _Given:
    """One letter as it was given, or what is wrong with it."""

    identifier: str
    text: str = ""
    names: tuple[str, ...] = ()
    """Names to mask."""
    fault: str = ""
    """Why it is no letter, as a sentence."""


def _letters(files: list[str], *, jsonl: bool) -> Iterator[_Given]:
    """Yield every letter, or in its place what is wrong with it."""
    for name in files:
        if jsonl:
            yield from _lines(name)
        elif name == "-":
            yield _Given("-", sys.stdin.buffer.read().decode("utf-8", "replace"))
        else:
            yield _file(Path(name))


def _file(path: Path) -> _Given:
    from consultant.intake.receive import asked_text, names_in
    from consultant.mail.parse import parse

    try:
        raw = path.read_bytes()
        if path.suffix != ".eml":
            return _Given(path.name, raw.decode("utf-8", "replace"))
        letter = parse(raw)
    except OSError as error:
        return _Given(path.name, fault=f"{path} cannot be read: {error.strerror}.")
    except ConsultantError as error:
        return _Given(path.name, fault=f"{path}: {error}")
    return _Given(path.name, f"{letter.subject}\n\n{asked_text(letter)}", names_in(letter))


def _lines(name: str) -> Iterator[_Given]:
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _row(name, number, line)
    except OSError as error:
        yield _Given("", fault=f"{name} cannot be read: {error.strerror}.")


def _row(name: str, number: int, line: bytes) -> _Given:
    identifier = ""
    try:
        row: dict[str, Any] = json.loads(line.decode("utf-8", "replace"))
        identifier = str(row["id"])
        return _Given(identifier, str(row["text"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        expected = '{"id": "...", "text": "..."} was expected'
        return _Given(identifier, fault=f"Line {number} of {name} is not a letter; {expected}.")
