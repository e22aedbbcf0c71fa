"""`consultant check`, `alive`, `prepare`, `certificate`: what an operator and his scripts ask."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from consultant.accounts import Account
from consultant.cli.base import Config, app, err, fail, out, sentences, settings_of
from consultant.errors import ConsultantError
from consultant.settings import Settings

YEAR_OF_THIS_VERSION = 2026


@app.command()
def check(config: Config = None) -> None:
    """Test each part of the configuration: mailboxes, SMTP, case store, broker, knowledge, clock, keys, model."""
    settings = settings_of(config)
    tests: list[tuple[str, Callable[[], str]]] = [
        ("clock", _clock),
        ("keys", lambda: _keys(settings)),
        ("case store", lambda: _store(settings)),
        ("broker", lambda: _broker(settings)),
        ("knowledge release", lambda: _release(settings)),
    ]
    for account in settings.all_accounts():
        if account.oauth:
            tests.append((f"tokens of {account.name}", partial(_tokens, settings, account)))
        tests.append((f"IMAP of {account.name}", partial(_imap, settings, account)))
        tests.append((f"SMTP of {account.name}", partial(_smtp, settings, account)))
    if not settings.all_accounts():
        tests.append(("accounts", _no_account))
    if settings.model:
        tests.append(("language model", lambda: _model(settings)))
    failed = sum(not _say(name, test) for name, test in tests)
    raise typer.Exit(1 if failed else 0)


def _say(name: str, test: Callable[[], str]) -> bool:
    from knowledge.release import ReleaseDamaged, ReleaseMissing

    try:
        out.print(f"ok      {name}: {test()}", markup=False, soft_wrap=True)
    except (ConsultantError, ReleaseDamaged, ReleaseMissing) as error:
        err.print(f"failed  {name}: {error}", markup=False, soft_wrap=True)
        return False
    return True


def _clock() -> str:
    from consultant import clock

    now = clock.now()
    if now.year < YEAR_OF_THIS_VERSION:
        raise ConsultantError(f"The clock says {now:%Y-%m-%d}, which is before this version was made; set it.")
    # A database or a file system whose clock differs would order letters wrongly.
    return f"{now:%Y-%m-%d %H:%M:%S} UTC"


def _keys(settings: Settings) -> str:
    from consultant.bootstrap import keys_folder
    from consultant.privacy.vault import load_or_create_keys

    folder: Path = keys_folder(settings)
    load_or_create_keys(folder / "vault.key")
    made = datetime.fromtimestamp((folder / "vault.key").stat().st_mtime, UTC)
    return f"{folder}, since {made:%Y-%m-%d}; keep a copy of it apart from the database"


def _store(settings: Settings) -> str:
    from consultant.records.store import Store

    store = Store(settings.database_url)
    try:
        return store.check()
    finally:
        store.close()


def _broker(settings: Settings) -> str:
    url = settings.broker_url.get_secret_value()
    if url.startswith("memory:"):
        return "in this process (embedded)"
    if url.startswith(("redis:", "rediss:")):
        from consultant.gateways.broker import ping

        return ping(url)
    from workers.app import reachable

    return reachable(settings)


def _release(settings: Settings) -> str:
    from knowledge.release import current, open_release

    release = open_release(current(settings.releases))
    try:
        return f"{release.version}, {len(release.sources())} sources"
    finally:
        release.close()


def _tokens(settings: Settings, account: Account) -> str:
    from consultant import clock
    from consultant.bootstrap import tokens_of
    from consultant.records import tokens as held
    from consultant.tokens import endings

    with tokens_of(settings) as (store, tokens):
        tokens.access(account)
        with store.read() as tx:
            row = held.held(tx, account.name)
        found = endings((account,), (row,) if row else (), clock.now())
    if found:
        raise ConsultantError(found[0].sentence)
    until = f"{row.access_until:%Y-%m-%d %H:%M} UTC" if row and row.access_until else "an unknown time"
    assert account.oauth is not None
    return f"{account.oauth.host} gives access tokens, the newest until {until}"


def _imap(settings: Settings, account: Account) -> str:
    from consultant.bootstrap import mailbox, token_of, tokens_of

    with (
        tokens_of(settings) as (_, tokens),
        mailbox(partial(token_of, tokens), account, account.imap.folder) as box,
    ):
        names = box.folders()
        folder = box.folder
        wanted = account.imap.processed_folder
        moved = "" if wanted is None else f"; moves to {wanted}{'' if wanted in names else ' (will be made)'}"
        sent = [name for name in account.imap.sent_folders if name in names]
        copies = f"; Sent copies in {', '.join(sent)}" if sent else "; no Sent folder found"
        return f"{account.imap.host}, {folder.name} with {folder.exists} letters{moved}{copies}"


def _smtp(settings: Settings, account: Account) -> str:
    from consultant.bootstrap import token_of, tokens_of
    from consultant.gateways.smtp import SmtpSubmission

    with tokens_of(settings) as (_, tokens):
        submission = SmtpSubmission(account.smtp, token=token_of(tokens, account))
        try:
            submission.connect()
            return f"{account.smtp.host}:{account.smtp.port} takes our login"
        finally:
            submission.close()


def _model(settings: Settings) -> str:
    from consultant.bootstrap import language_model
    from consultant.drafting.trial import trial_prompt, trial_verdict

    model = language_model(settings)
    assert settings.model is not None
    assert model is not None
    start = monotonic()
    said = trial_verdict(model.ask(trial_prompt()))
    seconds = monotonic() - start
    return f"{settings.model.model} at {settings.model.host} answered in {seconds:.1f} s; {said}"


def _no_account() -> str:
    raise ConsultantError("No account is configured; add [[accounts]] as consultant.example.toml shows.")


@app.command()
def alive(kind: Annotated[str, typer.Argument(help="poll, worker, beat or web.")], config: Config = None) -> None:
    """Leave with 0 when a process of this kind has beaten on this host within a minute, for health checks."""
    from consultant import clock
    from consultant.heart import here
    from consultant.records import health
    from consultant.records.store import Store

    store = Store(settings_of(config).database_url)
    with sentences(), store.read() as tx:
        last = health.last_beat_on(tx, kind, here())
    if last is None or clock.now() - last > timedelta(minutes=1):
        fail(f"No {kind} process on this host has given a sign of life within a minute.")


@app.command()
def prepare(config: Config = None) -> None:
    """Make ready what the processes need: keys, tables, and a knowledge release where there is none."""
    from consultant.bootstrap import keys_folder
    from consultant.cli.knowing import build_starter
    from consultant.privacy.vault import load_or_create_key, load_or_create_keys
    from consultant.records.store import Store

    settings = settings_of(config)
    with sentences():
        keys = keys_folder(settings)
        load_or_create_keys(keys / "vault.key")
        load_or_create_key(keys / "thread.key")
        store = Store(settings.database_url)
        store.migrate()
        out.print(f"case store: {store.check()}")
        build_starter(settings)


@app.command()
def certificate(
    host: Annotated[str, typer.Argument(help="The name or address of the mail server.")],
    into: Annotated[Path, typer.Option(help="Where ca.pem and server.p12 are written.")] = Path(),
) -> None:
    """Make a certificate for a mail server that the desk is tried out with."""
    from consultant.local.certificate import write_certificates

    try:
        ca_file, keystore = write_certificates(host, into)
    except OSError as error:
        fail(f"{into} cannot be written: {error.strerror}.")
    out.print(f"Wrote {ca_file} and {keystore}.", markup=False)
