"""What a mail bench runs on: real Dovecot, Redis and PostgreSQL, an SMTP sink, and a fresh desk for each run."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg
import redis

from bench.mail.letters import DESK
from bench.starter import starter
from consultant.records.store import Store, Tx
from tests.processes import ROOT, Process
from tests.servers import HOST, Dovecot, PostgreSQL, Redis, Server, wait_until

Kind = Literal["sqlite", "postgresql"]
_NUMBERS = count(1)


class Sink(Server):
    """The SMTP sink as a process of its own, so that the bench itself takes no time from what it measures."""

    name = "sink"

    def command(self) -> list[str]:
        """Return the command that runs the sink."""
        return [sys.executable, "-m", "bench.mail.sink", str(self.port)]


class Imap(Dovecot):
    """Dovecot with a password that the peer can log in with: it takes ASCII only."""

    password = "a-local-password"


@dataclass
class Desk:
    """One desk on its own empty store: its settings, its processes, and a look into its store."""

    folder: Path
    user: str
    store: Store
    processes: dict[str, Process] = field(default_factory=dict)

    def start(self, kind: str, *arguments: str) -> Process:
        """Start a process of the desk; its output goes to a file of its folder, without that of the process before."""
        process = Process(kind, *arguments, cwd=self.folder)
        process.log.unlink(missing_ok=True)
        process.start()
        self.processes[kind] = process
        return process

    def stop(self) -> None:
        """Stop every process."""
        for process in self.processes.values():
            process.stop(signal.SIGTERM)
        self.processes.clear()

    def logged(self, kind: str, event: str) -> list[dict[str, Any]]:
        """Return the log lines of one event that a process has written, each with its `timestamp`."""
        # The last line may be half written.
        lines = self.processes[kind].output.rpartition("\n")[0].splitlines()
        return [json.loads(line) for line in lines if f'"event": "{event}"' in line]

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Look into the store."""
        with self.store.read() as tx:
            yield tx


@dataclass
class Town:
    """The running servers."""

    folder: Path
    imap: Dovecot
    redis: Redis
    postgres: PostgreSQL
    sink: Sink
    releases: Path

    def user(self, what: str) -> str:
        """Return a mailbox that nobody has used."""
        return f"{what}{next(_NUMBERS)}@clinic.example"

    def database(self, template: str = "template1") -> str:
        """Return the name of a new database of the PostgreSQL server."""
        name = f"run{next(_NUMBERS)}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def dsn(self, database: str) -> str:
        """Return what psycopg connects to a database with."""
        return f"postgresql://desk@{HOST}:{self.postgres.port}/{database}"

    def settle(self) -> None:
        """Begin a run with nothing left to write from the one before."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    @contextmanager
    def desk(self, kind: Kind, user: str, *, processed: str | None = None, beside: str = "") -> Iterator[Desk]:
        """Lend a desk on an empty store, and an empty broker; `beside` is added to its settings."""
        with redis.Redis.from_url(self.redis.url) as broker:
            broker.flushall()
        folder = Path(tempfile.mkdtemp(prefix="desk-", dir=self.folder))
        (folder / "var").mkdir()
        if kind == "sqlite":
            shutil.copy(self._migrated_file(), folder / "var" / "consultant.sqlite")
            url = f"sqlite:///{folder}/var/consultant.sqlite"
        else:
            url = f"postgresql+psycopg://desk@{HOST}:{self.postgres.port}/{self.database(self._migrated_database())}"
        moved = f'processed_folder = "{processed}"' if processed else ""
        (folder / "consultant.toml").write_text(f"""
folder = "{folder / "var"}"
store_url = "{url}"
broker_url = "{self.redis.url}"
knowledge_folder = "{self.releases}"
log_format = "json"
[desk]
address = "{DESK}"
undo_seconds = 0
[[accounts]]
name = "main"
address = "{DESK}"
[accounts.imap]
host = "{HOST}"
port = {self.imap.port}
tls = "none"
username = "{user}"
password = "{self.imap.password}"
{moved}
[accounts.smtp]
host = "{HOST}"
port = {self.sink.port}
tls = "none"
{beside}
""")
        desk = Desk(folder, user, Store(url))
        self.settle()
        try:
            yield desk
        finally:
            with suppress(AssertionError):
                desk.stop()
            desk.store.close()
            if kind == "postgresql":
                with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
                    connection.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
            shutil.rmtree(folder, ignore_errors=True)

    def _migrated_file(self) -> Path:
        path = self.folder / "migrated.sqlite"
        if not path.exists():
            store = Store(f"sqlite:///{path}")
            store.migrate()
            store.close()
        return path

    def _migrated_database(self) -> str:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'migrated'").fetchone():
                connection.execute("CREATE DATABASE migrated")
                store = Store(f"postgresql+psycopg://desk@{HOST}:{self.postgres.port}/migrated")
                store.migrate()
                store.close()
        return "migrated"


@contextmanager
def town() -> Iterator[Town]:
    """Start the servers; stop them and remove what they wrote at the end."""
    missing = [reason for server in (Dovecot, Redis, PostgreSQL) if (reason := server.missing())]
    if missing:
        raise SystemExit("; ".join(missing) + "; scripts/install_services.sh installs them.")
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-mail-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)
        yield Town(
            folder,
            stack.enter_context(Imap()),
            stack.enter_context(Redis()),
            stack.enter_context(PostgreSQL()),
            stack.enter_context(Sink()),
            starter(),
        )


def moment(line: dict[str, Any]) -> datetime:
    """Return when a log line was written."""
    return datetime.fromisoformat(line["timestamp"])


def revision() -> str:
    """Return the commit that is measured, marked where files were changed since."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


__all__ = ["Desk", "Kind", "Sink", "Town", "moment", "revision", "town", "wait_until"]
