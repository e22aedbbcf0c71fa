"""What a fault run works on: real servers, the desk's own processes, and a way to take each of them away."""

import random
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import redis

from consultant import clock
from consultant.records import health
from consultant.records.store import Store
from consultant.settings import Settings, load
from tests.faults.sink import FaultySink
from tests.processes import Process, consultant
from tests.servers import HOST, Dovecot, PostgreSQL, Redis, free_port

KINDS = ("poll", "worker", "beat", "web")
DESK = "desk@desk.example"
DOT_SECONDS = 5
"""How long the desk waits for the reply to a final dot in these runs; 600 s in service."""
CONCURRENCY = 4
"""So that two letters whose server keeps silent do not stop every other: one in ten meets such a server."""


class Wire:
    """A TCP proxy before the IMAP server that cuts connections while letters come through."""

    def __init__(self, port: int, seed: int, share: float) -> None:
        self.port = free_port()
        self.cuts = 0
        self._target = port
        self._chance = random.Random(seed)
        self._share = share
        self._listening = socket.create_server((HOST, self.port))
        self._stopped = threading.Event()
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    def calm(self) -> None:
        """Cut no further connection."""
        self._share = 0.0

    def close(self) -> None:
        """Take no further connection."""
        self._stopped.set()
        self._listening.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._listening.accept()
            except OSError:
                continue
            try:
                server = socket.create_connection((HOST, self._target), timeout=5)
            except OSError:
                client.close()
                continue
            for one, other, fragile in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pump, args=(one, other, fragile), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, fragile: bool) -> None:
        source.settimeout(None)
        with suppress(OSError), closing(source), closing(sink):
            while piece := source.recv(65536):
                # Only an answer of some size can hold a letter; to cut a greeting would test the login again.
                if fragile and len(piece) > 400 and self._chance.random() < self._share:
                    self.cuts += 1
                    sink.sendall(piece[: len(piece) // 2])
                    return
                sink.sendall(piece)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@dataclass
class Town:
    """The running servers and processes of one run."""

    folder: Path
    settings: Settings
    imap: Dovecot
    wire: Wire
    redis: Redis
    postgres: PostgreSQL | None
    sink: FaultySink
    reviewers: dict[str, str]
    """Login to password."""
    processes: dict[str, Process] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)

    @property
    def ledger(self) -> Path:
        """Where processes write at which point they were killed."""
        return self.folder / "faults.txt"

    def start(self, kind: str) -> None:
        """Start a process of the desk."""
        arguments = (kind, f"--concurrency={CONCURRENCY}") if kind == "worker" else (kind,)
        process = Process(*arguments, cwd=self.folder)
        self.started[kind] = time.monotonic()
        process.start()
        self.processes[kind] = process

    def at_work(self, kind: str, store: Store) -> bool:
        """Tell whether a process has begun its work, by the heartbeat that it writes when it does."""
        with suppress(Exception), store.read() as tx:
            beat = health.last_beats(tx).get(kind)
            begun = clock.now() - timedelta(seconds=time.monotonic() - self.started[kind])
            return beat is not None and beat >= begun
        return False

    def kill(self, kind: str) -> None:
        """Take a process away with its children, and start it again."""
        self.processes[kind].kill()
        self.start(kind)

    def mend(self) -> list[str]:
        """Start what killed itself at a fault point, as a supervisor does; return which."""
        fallen = [kind for kind, process in self.processes.items() if not process.running()]
        for kind in fallen:
            # Its children may outlive it for a moment and would work beside the new one.
            with suppress(ProcessLookupError, AssertionError):
                self.processes[kind].kill()
            self.start(kind)
        return fallen

    def disarm(self) -> None:
        """Let no process kill itself at a point any more: all are started again. Poison still kills."""
        path = self.folder / "consultant.toml"
        path.write_text(re.sub(r"(?m)^shares = .*$", "shares = {}", path.read_text()))
        for kind in KINDS:
            self.kill(kind)

    def new_uidvalidity(self) -> None:
        """Let the server forget its UIDs: the letters are there under new ones."""
        self.imap.stop()
        for path in (self.imap.folder / "mail").rglob("dovecot*"):
            path.unlink(missing_ok=True) if path.is_file() else None
        self.imap.start()

    def sample_broker(self) -> None:
        """Write down all that the broker holds, for the search for planted identifiers."""
        with suppress(redis.RedisError), redis.Redis.from_url(self.redis.url) as client:
            held = [client.dump(key) or b"" for key in client.scan_iter(count=500)]
            with (self.folder / "broker.log").open("ab") as file:
                file.writelines(held)

    def stop(self) -> None:
        """Stop every process of the desk."""
        for process in self.processes.values():
            with suppress(AssertionError):
                process.stop(signal.SIGTERM)


@contextmanager
def town(
    folder: Path, releases: Path, seed: int, *, shares: Mapping[str, float], sink: FaultySink, postgres: bool = True
) -> Iterator[Town]:
    """Start servers and processes; `shares` are of the times that a process passes a fault point and dies there."""
    with ExitStack() as stack:
        imap = stack.enter_context(Dovecot())
        wire = Wire(imap.port, seed, 0.02)
        stack.callback(wire.close)
        redis = stack.enter_context(Redis())
        database = stack.enter_context(PostgreSQL()) if postgres else None
        stack.enter_context(sink)
        sink.mailbox = imap
        path = folder / "consultant.toml"
        store = f'store_url = "{database.url}"' if database else ""
        path.write_text(f"""
folder = "{folder / "var"}"
{store}
broker_url = "{redis.url}"
knowledge_folder = "{releases}"
log_format = "json"
[desk]
address = "{DESK}"
undo_seconds = 1
[web]
port = {free_port()}
[[accounts]]
name = "main"
address = "{DESK}"
[accounts.imap]
host = "{HOST}"
port = {wire.port}
tls = "none"
username = "{imap.user}"
password = "{imap.password}"
poll_seconds = 2
timeout_seconds = 10
[accounts.smtp]
host = "{HOST}"
port = {sink.port}
tls = "none"
timeout_seconds = 10
dot_timeout_seconds = {DOT_SECONDS}
[faults]
seed = {seed}
shares = {{ {", ".join(f"{point} = {share}" for point, share in shares.items())} }}
ledger = "{folder / "faults.txt"}"
""")
        done = consultant("prepare", cwd=folder)
        assert done.returncode == 0, done.stderr
        reviewers = {}
        for login in ("riley", "rowan"):
            name = f"{login.title()} Reviewer"
            added = consultant("users", "add", login, "--name", name, "--credential", "CPC", cwd=folder)
            assert added.returncode == 0, added.stderr
            reviewers[login] = added.stdout.rsplit(maxsplit=1)[-1]
        made = Town(folder, load(path), imap, wire, redis, database, sink, reviewers)
        for kind in KINDS:
            made.start(kind)
        stack.callback(made.stop)
        yield made
