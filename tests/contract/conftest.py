"""The servers behind the contract tests: each twin of a port lives in a world that a test changes behind its back."""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from imapclient import IMAPClient
from pydantic import SecretStr

from consultant.accounts import ImapServer
from consultant.gateways.imap import ImapMailbox
from consultant.gateways.memory import MemoryAccount
from consultant.local.server import LocalMail
from consultant.mail.ports import Mailbox
from tests.servers import HOST, Dovecot

FOLDER = "Désk"
WHEN = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)


class MailWorld(Protocol):
    """An IMAP account with the folder `FOLDER`, and what others do to it."""

    def open(self, *, writable: bool = False) -> AbstractContextManager[Mailbox]:
        """Open the folder as the desk does."""

    def deliver(self, raw: bytes) -> None:
        """Put a letter into the folder, with the internal date `WHEN`."""

    def remove(self, uid: int) -> None:
        """Delete a letter, as another mail client does."""

    def renew(self) -> None:
        """Delete the folder and make it anew, which changes its UIDVALIDITY."""

    def flags(self) -> list[tuple[bytes, ...]]:
        r"""Return the flags of every letter in the folder, \Recent apart."""


class MemoryWorld:
    """The memory twin's account."""

    def __init__(self) -> None:
        self.account = MemoryAccount()
        self.account.create(FOLDER)

    def open(self, *, writable: bool = False) -> AbstractContextManager[Mailbox]:
        return self.account.open(FOLDER, writable=writable)

    def deliver(self, raw: bytes) -> None:
        self.account.deliver(raw, FOLDER, WHEN)

    def remove(self, uid: int) -> None:
        self.account.remove(uid, FOLDER)

    def renew(self) -> None:
        self.account.create(FOLDER)

    def flags(self) -> list[tuple[bytes, ...]]:
        return [() for _ in self.account.folders[FOLDER].letters]


class ImapWorld:
    """An account on a real server; `client` is the other mail client on it."""

    def __init__(self, server: ImapServer) -> None:
        self.server = server
        self.client = IMAPClient(server.host, server.port, ssl=False)
        self.client.plain_login(server.username, server.password.get_secret_value())
        self.client.create_folder(FOLDER)

    def open(self, *, writable: bool = False) -> AbstractContextManager[Mailbox]:
        return ImapMailbox.connect(self.server, writable=writable)

    def deliver(self, raw: bytes) -> None:
        self.client.append(FOLDER, raw, msg_time=WHEN)

    def remove(self, uid: int) -> None:
        self.client.select_folder(FOLDER)
        self.client.delete_messages([uid])
        self.client.expunge([uid])

    def renew(self) -> None:
        self.client.select_folder("INBOX")
        self.client.delete_folder(FOLDER)
        self.client.create_folder(FOLDER)

    def flags(self) -> list[tuple[bytes, ...]]:
        self.client.select_folder(FOLDER, readonly=True)
        found = self.client.get_flags(self.client.search())
        return [tuple(flag for flag in flags if flag != rb"\Recent") for flags in found.values()]


def settings(port: int, username: str, password: str, folder: str = FOLDER, **more: object) -> ImapServer:
    """Return settings for a plain connection on loopback."""
    values = {"host": HOST, "port": port, "tls": "none", "username": username, "password": SecretStr(password)}
    return ImapServer.model_validate({**values, "folder": folder, "timeout_seconds": 10, **more})


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Give one Dovecot for all tests; every test has an account of its own on it."""
    if missing := Dovecot.missing():
        pytest.skip(missing)
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def bare_dovecot() -> Iterator[Dovecot]:
    """Give a Dovecot that has none of the extensions that we use where they are there."""
    if missing := Dovecot.missing():
        pytest.skip(missing)
    with Dovecot(capability="IMAP4rev1 UIDPLUS LITERAL+") as server:
        yield server


@pytest.fixture(scope="session")
def local_mail() -> Iterator[LocalMail]:
    """Give one embedded server for all tests."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalMail(Path(folder), password="local", smtp_port=0, imap_port=0) as local,
    ):
        yield local


WORLDS = [
    "memory",
    "pymap",
    pytest.param("dovecot", marks=pytest.mark.service),
    pytest.param("dovecot without IDLE, MOVE, ID", marks=pytest.mark.service),
]
ACCOUNTS = count(1)


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[MailWorld]:
    """Give each of the twins in turn, on an account that no other test has used."""
    kind: str = request.param
    user = f"desk{next(ACCOUNTS)}@clinic.example"
    if kind == "memory":
        yield MemoryWorld()
        return
    if kind == "pymap":
        local: LocalMail = request.getfixturevalue("local_mail")
        real = ImapWorld(settings(local.imap_port, user, "local"))
    else:
        server: Dovecot = request.getfixturevalue("bare_dovecot" if "without" in kind else "dovecot")
        real = ImapWorld(settings(server.port, user, server.password))
    yield real
    real.client.shutdown()
