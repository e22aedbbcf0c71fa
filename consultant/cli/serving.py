"""`consultant up` and the processes of the production size: poll, worker, beat, web."""

import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consultant.cli.base import Config, app, fail, sentences, settings_of
from consultant.settings import Settings

if TYPE_CHECKING:
    from consultant.gateways.delivery import DeliveryServer
    from consultant.parts import Parts


@app.command()
def up(
    config: Config = None,
    folder: Annotated[Path | None, typer.Option(help="Where keys, case store, letters and releases live.")] = None,
) -> None:
    """Run the whole service in one process, with local mail: for a laptop, a trial or a small practice."""
    from consultant import logs
    from consultant.cli.embedded import run
    from consultant.settings import load

    given: dict[str, Any] = {"folder": folder} if folder else {}
    with sentences():
        settings = load(config, given)
        if settings.local is None and not settings.accounts:
            settings = load(config, given | {"local": {}})
        _make_writable(settings.folder)
        logs.configure(settings.log_format)
        run(settings)


def _make_writable(folder: Path) -> None:
    """Make the folder, or leave with one sentence when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        fail(
            f"The folder {folder} cannot be written ({error.strerror}); name another with --folder, or mend its rights."
        )


@app.command()
def poll(config: Config = None) -> None:
    """Read the mail accounts into the ledger, until stopped."""
    from consultant.intake.poller import Poller

    with _process(config, "poll") as parts:
        poller = Poller(parts)
        poller.start()
        _until_stopped()
        poller.stop()


@app.command()
def deliver(config: Config = None) -> None:
    """Take letters that a mail server delivers by LMTP or SMTP, until stopped."""
    with _process(config, "deliver") as parts:
        server = delivery_server(parts)
        if server is None:
            fail("Nothing says where letters are delivered; set delivery.port, and delivery.protocol to lmtp or smtp.")
        with sentences():
            server.start()
        _until_stopped()
        server.stop()


def delivery_server(parts: "Parts") -> "DeliveryServer | None":
    """Return the server that letters are delivered to; None where none is configured."""
    from consultant.gateways.delivery import DeliveryServer
    from consultant.intake.delivery import Door
    from consultant.mail.prescan import MAX_BYTES

    if parts.settings.delivery is None:
        return None
    door = Door(parts)
    return DeliveryServer(parts.settings.delivery, door.take, door.knows, MAX_BYTES)


@app.command()
def worker(
    config: Config = None,
    concurrency: Annotated[int, typer.Option(min=1, help="How many tasks at once.")] = 2,
    queues: Annotated[
        str, typer.Option(help="Which work alone, with commas between: intake, case, outbox, tick.")
    ] = "",
) -> None:
    """Work on cases and send letters, until stopped."""
    from consultant.heart import Heart
    from workers import process, tasks
    from workers.app import QUEUES

    chosen = [name.strip() for name in queues.split(",")] if queues else list(QUEUES)
    if strange := [name for name in chosen if name not in QUEUES]:
        fail(f"There is no queue {strange[0]!r}; name some of {', '.join(QUEUES)} with --queues.")
    settings = _prepared(config)
    del tasks  # imported so that its tasks are registered
    from consultant import bootstrap, nudge
    from consultant.pipeline import warm

    with sentences():
        process.prepare(settings)
        parts = bootstrap.build(settings, nudge.Silent())
        parts.store.check()
        warm(parts.release())
        process.share(parts.release)
        heart = Heart(parts, "worker")
    from workers.app import app as celery

    heart.start()
    celery.worker_main(
        [
            "worker",
            "--loglevel=WARNING",
            f"--concurrency={concurrency}",
            f"--queues={','.join(chosen)}",
            "--without-gossip",
            "--without-mingle",
        ]
    )


@app.command()
def beat(config: Config = None) -> None:
    """Ring the tick that finds what was not nudged; exactly one of these runs."""
    from workers.app import app as celery

    with _process(config, "beat") as parts:
        schedule = parts.settings.folder / "beat-schedule"
        celery.Beat(loglevel="WARNING", schedule=str(schedule), quiet=True).run()


@app.command()
def web(config: Config = None) -> None:
    """Serve the review desk, until stopped."""
    from consultant.web.app import create_app

    with _process(config, "web") as parts:
        with sentences():
            parts.release()
        serve(create_app(parts), parts.settings, listen(parts.settings))


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the case store to this version of the service."""
    from consultant.records.store import Store

    settings = settings_of(config)
    with sentences():
        store = Store(settings.database_url)
        store.migrate()
        store.check()


def _prepared(config: Path | None) -> Settings:
    from consultant import logs

    settings = settings_of(config)
    logs.configure(settings.log_format)
    return settings


@contextlib.contextmanager
def _process(config: Path | None, kind: str) -> Iterator["Parts"]:
    """Build the parts of one process, refuse a store that is not ready, and beat while it runs."""
    from consultant.heart import Heart
    from workers import process

    settings = _prepared(config)
    with sentences():
        process.prepare(settings)
        parts = process.parts()
        parts.store.check()
        heart = Heart(parts, kind)
        heart.start()
        try:
            yield parts
        finally:
            heart.stop()
            parts.store.close()


def _until_stopped() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def listen(settings: Settings) -> socket.socket:
    """Take the web port, or leave with one sentence when it is busy."""
    listening = socket.socket(socket.AF_INET6 if ":" in settings.web.host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.web.host, settings.web.port))
        # A browser that comes before the desk is ready waits for it instead of being refused.
        listening.listen(128)
    except OSError as error:
        listening.close()
        fail(
            f"The web port {settings.web.host}:{settings.web.port} cannot be used ({error.strerror}); "
            "stop what uses it, or set web.port (CONSULTANT_WEB__PORT) to another."
        )
    return listening


def serve(asgi: Any, settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then return, so that the caller can stop the rest in order."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            # The library's own way sends the signal to the process once more, which would end it before the mail
            # server, the worker and the poller were stopped.
            before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for each, handler in before.items():
                    signal.signal(each, handler)

    config = uvicorn.Config(
        asgi,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.web.forwarded_allow_ips,
        timeout_graceful_shutdown=5,
    )
    Server(config).run(sockets=[listening])
