"""Real servers for tests, each private to the test that starts it: own configuration, own folder, free loopback port.

Each class is a context manager with `start`, `stop` and `kill`, so that a test can take a server away and give it
back. A server that is not installed is told by `missing`, which a test turns into a skip by name.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from imapclient import IMAPClient

START_SECONDS = 20.0
HOST = "127.0.0.1"


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def program(name: str, *folders: str) -> str | None:
    """Return where a program lies: on the path, in /usr/sbin, or in one of these folders."""
    places = [*os.get_exec_path(), "/usr/sbin", "/usr/local/sbin", *folders]
    return shutil.which(name, path=os.pathsep.join(places))


def as_root() -> bool:
    """Tell whether the tests run as root, whom some servers refuse to run as."""
    return os.geteuid() == 0


class Server:
    """A server process in a folder of its own."""

    name = ""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"consultant-{self.name}-"))
        self.folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def missing(cls) -> str | None:
        """Return a sentence when the server is not installed here, else None."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Tell whether the server answers."""
        with suppress(OSError), closing(socket.create_connection((HOST, self.port), timeout=1)):
            return True
        return False

    def start(self) -> None:
        """Start the server and return once it answers."""
        log = (self.folder / "output.log").open("ab")
        with log:
            # A session of its own, so that its children can be stopped with it.
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        wait_until(self.ready, f"{self.name} to answer", alive=self.running, log=self.folder / "output.log")

    def running(self) -> bool:
        """Tell whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask the server to stop, and kill it when it does not within 10 seconds."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Take the server away without a word, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            if sign is signal.SIGKILL:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, sign)
            else:
                process.send_signal(sign)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def wait_until(
    holds: Callable[[], bool],
    what: str,
    *,
    seconds: float = START_SECONDS,
    alive: Callable[[], bool] | None = None,
    log: Path | None = None,
) -> None:
    """Wait until something holds; raises `AssertionError` with the log's end when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        dead = alive is not None and not alive()
        if dead or time.monotonic() > until:
            tail = log.read_text(errors="replace")[-2000:] if log is not None and log.exists() else ""
            raise AssertionError(f"waited in vain for {what}{': ' + tail if tail else ''}")
        time.sleep(0.02)


class Dovecot(Server):
    """A real IMAP server. Every user name is an account of its own; all share one password."""

    name = "dovecot"
    user = "desk@clinic.example"
    password = "a-local-password-só"

    def __init__(
        self,
        *,
        capability: str | None = None,
        certificate: tuple[Path, Path] | None = None,
        introspection: str | None = None,
    ) -> None:
        """Prepare a server.

        `capability` replaces what it announces, `certificate` (and key) switch TLS on, and `introspection` is the URL
        (RFC 7662) by which it judges access tokens: it takes XOAUTH2 and no password then.
        """
        super().__init__()
        self.tls_port = free_port()
        self.capability = capability
        self.certificate = certificate
        self.introspection = introspection

    @classmethod
    def missing(cls) -> str | None:
        return None if program("dovecot") else "Dovecot is not installed (Debian: dovecot-imapd)"

    def command(self) -> list[str]:
        path = self.folder / "dovecot.conf"
        path.write_text(self._configuration())
        mail = self.folder / "mail"
        mail.mkdir(exist_ok=True)
        if as_root():
            shutil.chown(mail, "mail", "mail")
        found = program("dovecot")
        assert found is not None
        return [found, "-F", "-c", str(path)]

    def _configuration(self) -> str:
        owner = "mail" if as_root() else str(os.getuid())
        # Dovecot refuses to read letters as root, and wants its own users when it is started by root.
        users = "" if as_root() else f"default_internal_user = {owner}\ndefault_login_user = {owner}\n"
        tls = "ssl = no"
        if self.certificate:
            tls = f"ssl = yes\nssl_cert = <{self.certificate[0]}\nssl_key = <{self.certificate[1]}"
        capability = f"imap_capability = {self.capability}" if self.capability else ""
        login = f"passdb {{\n  driver = static\n  args = password={self.password}\n}}"
        if self.introspection:
            judge = self.folder / "oauth2.conf"
            judge.write_text(
                f"introspection_mode = post\nintrospection_url = {self.introspection}\nforce_introspection = yes\n"
                "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
            )
            login = (
                f"auth_mechanisms = xoauth2\npassdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {judge}\n}}"
            )
        return f"""
protocols = imap
listen = {HOST}
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/dovecot.log
auth_username_format = %Lu
disable_plaintext_auth = no
{tls}
{capability}
{users}
first_valid_uid = 1
mail_fsync = never
mail_max_userip_connections = 100
mail_location = maildir:{self.folder}/mail/%u
{login}
userdb {{
  driver = static
  args = uid={owner} gid={owner if as_root() else os.getgid()} home={self.folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port if self.certificate else 0}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""

    def client(self) -> IMAPClient:
        """Return another mail client, logged in, for what a test does behind the desk's back."""
        client = IMAPClient(HOST, self.port, ssl=False)
        try:
            client.plain_login(self.user, self.password)
        except BaseException:
            client.shutdown()
            raise
        return client


class Redis(Server):
    """A real Redis that keeps nothing on disk."""

    name = "redis"

    @classmethod
    def missing(cls) -> str | None:
        return None if program("redis-server") else "Redis is not installed (Debian: redis-server)"

    @property
    def url(self) -> str:
        """The URL for Celery and for redis-py."""
        return f"redis://{HOST}:{self.port}/0"

    def command(self) -> list[str]:
        found = program("redis-server")
        assert found is not None
        return [
            found,
            "--port",
            str(self.port),
            "--bind",
            HOST,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]


_STARTS = 10


class PostgreSQL(Server):
    """A real PostgreSQL with its durability settings as shipped: fsync and synchronous_commit are on."""

    name = "postgresql"

    @classmethod
    def missing(cls) -> str | None:
        if cls._program("initdb") is None or cls._program("postgres") is None:
            return "PostgreSQL is not installed (Debian: postgresql)"
        if as_root() and program("setpriv") is None:
            return "PostgreSQL does not run as root, and setpriv is not here to run it as the user postgres"
        return None

    @staticmethod
    def _program(name: str) -> str | None:
        # The newest of Debian's folders comes first; a wrapper on the path, where there is one, only last.
        folders = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
        )
        for folder in folders:
            if (folder / name).exists():
                return str(folder / name)
        return program(name)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of an empty database."""
        return f"postgresql+psycopg://desk@{HOST}:{self.port}/postgres"

    def command(self) -> list[str]:
        cluster = self.folder / "cluster"
        if not cluster.exists():
            if as_root():
                shutil.chown(self.folder, "postgres", "postgres")
            initdb = self._program("initdb")
            assert initdb is not None
            # --no-sync leaves out only the one flush after the cluster is made; the running server syncs as ever.
            made = subprocess.run(
                [*self._prefix(), initdb, "-D", str(cluster), "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync"],
                capture_output=True,
                text=True,
                check=False,
                cwd=self.folder,
            )
            assert made.returncode == 0, made.stdout + made.stderr
        postgres = self._program("postgres")
        assert postgres is not None
        options = [
            "-p",
            str(self.port),
            "-c",
            f"listen_addresses={HOST}",
            "-c",
            f"unix_socket_directories={self.folder}",
        ]
        return [*self._prefix(), postgres, "-D", str(cluster), *options]

    @staticmethod
    def _prefix() -> list[str]:
        if not as_root():
            return []
        setpriv = program("setpriv")
        assert setpriv is not None
        # setpriv replaces itself by the server, so that the process id is the server's own.
        return [setpriv, "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]

    def ready(self) -> bool:
        # The port answers while the server still starts; only a query tells that it takes queries.
        plain = self.url.replace("+psycopg", "")
        with suppress(psycopg.Error), psycopg.connect(plain, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() is not None
        return False

    def start(self) -> None:
        """Start the server; sessions of one that was killed may hold its memory for a moment, and it is tried again."""
        for _ in range(_STARTS - 1):
            with suppress(AssertionError):
                super().start()
                return
            self.kill()
            time.sleep(0.5)
        super().start()

    def stop(self) -> None:
        """Stop at once but cleanly: SIGINT ends open sessions, where SIGTERM would wait for them."""
        self._end(signal.SIGINT)
