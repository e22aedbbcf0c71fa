"""`consultant ask` and `consultant draft`: put a question to the running desk, or see what the engine makes of it."""

import contextlib
import json
import logging
import sys
from collections.abc import Iterator
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
    for identifier, text, names in _letters(files or ["-"], jsonl=jsonl):
        asked, _, made = draft_letter(text, today=today, release=release, names=names)
        made = reworded(made, asked, release, model)
        if as_json or jsonl:
            sys.stdout.write(json.dumps(made.as_json(identifier, draft_html(made.text)), ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"{made.subject}\n\n{made.text}\n")
            if made.writer_note:
                err.print(made.writer_note, markup=False, soft_wrap=True)
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
    for _, text, names in _letters(files or ["-"], jsonl=False):
        question, evidence, _ = draft_letter(text, today=today, release=release, names=names)
        sys.stdout.write(explained(question, evidence, release))


def _letters(files: list[str], *, jsonl: bool) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (id, text, names to mask) of every letter."""
    for name in files:
        if jsonl:
            yield from _lines(name)
        elif name == "-":
            yield "-", sys.stdin.read(), ()
        else:
            yield _file(Path(name))


def _file(path: Path) -> tuple[str, str, tuple[str, ...]]:
    from consultant.intake.receive import asked_text, names_in
    from consultant.mail.parse import parse

    try:
        raw = path.read_bytes()
        if path.suffix != ".eml":
            return path.name, raw.decode("utf-8", "replace"), ()
        letter = parse(raw)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    except ConsultantError as error:
        fail(f"{path}: {error}")
    return path.name, f"{letter.subject}\n\n{asked_text(letter)}", names_in(letter)


def _lines(name: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    with contextlib.nullcontext(sys.stdin) if name == "-" else Path(name).open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row: dict[str, Any] = json.loads(line)
                yield str(row["id"]), str(row["text"]), ()
            except (ValueError, KeyError, TypeError):
                fail(f'Line {number} of {name} is not a letter; {{"id": "...", "text": "..."}} was expected.')
