"""The embedded service: local mail, poller, worker, beat and web in one process, started and stopped in order."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from consultant import bootstrap
from consultant.cli.base import fail, out
from consultant.cli.knowing import build_starter
from consultant.cli.serving import delivery_server, listen, serve
from consultant.heart import Heart
from consultant.intake.poller import Poller
from consultant.local.samples import samples
from consultant.local.server import LocalMail
from consultant.privacy.passwords import hash_password, random_password
from consultant.records import people
from consultant.records.store import Store
from consultant.settings import Settings
from consultant.web.app import create_app
from workers import process, tasks
from workers.app import configure
from workers.embedded import EmbeddedWorker
from workers.nudge import CeleryNudge

if TYPE_CHECKING:
    from consultant.parts import Parts

FIRST_LOGIN = "reviewer"

__all__ = ["run", "tasks"]


def run(settings: Settings) -> None:
    """Run everything until SIGINT or SIGTERM; a start after that goes on where it stopped."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_instance(settings.folder))
        listening = listen(settings)
        stack.callback(listening.close)
        build_starter(settings)
        password = _prepare_store(settings)
        parts = bootstrap.build(settings, CeleryNudge())
        stack.callback(parts.store.close)
        parts.store.check()
        parts.release()
        local = _start_mail(settings, stack)
        _start_work(parts, stack)
        _say(settings, password)
        serve(create_app(parts, local=local, samples=samples() if local else ()), settings, listening)
        out.print("Stopping…")
    out.print("Stopped. `make run` goes on where this left off.")


@contextlib.contextmanager
def only_instance(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while running; leave with one sentence when another process has it."""
    path = folder / "lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            fail(f"Another instance runs on {folder} already (process {holder}); stop it, or name another --folder.")
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _prepare_store(settings: Settings) -> str | None:
    """Migrate the store and add the first reviewer; return his password when he is new."""
    from consultant import clock

    store = Store(settings.database_url)
    try:
        store.migrate()
        with store.begin() as tx:
            if people.number(tx):
                return None
            password = random_password()
            people.add(
                tx,
                login=FIRST_LOGIN,
                name="Desk reviewer",
                credential="",
                password_hash=hash_password(password),
                now=clock.now(),
            )
            return password
    finally:
        store.close()


def _start_mail(settings: Settings, stack: contextlib.ExitStack) -> LocalMail | None:
    if settings.local is None:
        return None
    local = LocalMail(
        settings.folder / "mail",
        password=settings.local.password.get_secret_value(),
        smtp_port=settings.local.smtp_port,
        imap_port=settings.local.imap_port,
    )
    local.start()
    stack.callback(local.stop)
    return local


def _start_work(parts: "Parts", stack: contextlib.ExitStack) -> None:
    celery = configure(parts.settings)
    process.use(parts)
    worker = EmbeddedWorker(celery, str(parts.settings.folder / "beat-schedule"))
    worker.start()
    stack.callback(worker.stop)
    heart = Heart(parts, "embedded")
    heart.start()
    stack.callback(heart.stop)
    poller = Poller(parts)
    poller.start()
    stack.callback(poller.stop)
    if (server := delivery_server(parts)) is not None:
        server.start()
        stack.callback(server.stop)


def _say(settings: Settings, password: str | None) -> None:
    table = Table(title="Consultant is running", title_justify="left", show_header=False, min_width=60)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("Desk", settings.web.address)
    table.add_row("Login", FIRST_LOGIN if password else f"{FIRST_LOGIN} (or another; `consultant users list`)")
    table.add_row("Password", f"{password}  (shown once)" if password else "as before (`consultant users passwd`)")
    if settings.local is not None:
        secret = settings.local.password.get_secret_value()
        table.add_row("Write to", settings.desk.address)
        table.add_row("SMTP", f"127.0.0.1:{settings.local.smtp_port}, no TLS, no login")
        table.add_row("IMAP", f"127.0.0.1:{settings.local.imap_port}, no TLS, login: any address, password: {secret}")
        table.add_row("Try it", f"{settings.web.address}/local")
    out.print(table)
    out.print("Ctrl-C stops it.")
