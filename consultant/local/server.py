"""Local mail: a real SMTP server and a real IMAP server on this machine, over one folder of letters.

The rule is simple. Every recipient is local: a letter to any address lands in that address's own mailbox here, and
none ever leaves the machine. Every address is an IMAP login of its own, and all share the one local password; the
desk's address is a mailbox like any other. SMTP takes letters without a login from this machine only.
"""

import asyncio
import errno
import re
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from consultant import clock
from consultant.errors import ConsultantError, Permanent, Transient
from consultant.local.imap import Accounts, account_name, imap_server
from consultant.local.letters import INBOX, Letters, StoredLetter
from consultant.local.smtp import smtp_server
from consultant.mail.thread import base_address

SIZE_LIMIT = 35_000_000
"""Bytes; what most providers take."""
STOP_SECONDS = 3.0
_TRIES, _PAUSE_SECONDS = 8, 0.25
_LONE_LINE_END = re.compile(rb"\r\n|\r|\n")


class LocalMail:
    """The embedded mail server. Runs in a thread of its own between `start` and `stop`; methods are for any thread."""

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        smtp_port: int,
        imap_port: int,
        host: str = "127.0.0.1",
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        """Keep letters in `folder`; a port of 0 takes a free one, which `smtp_port` and `imap_port` then tell."""
        self.host = host
        self.smtp_port = smtp_port
        self.imap_port = imap_port
        self._folder = folder
        self._password = password
        self._size_limit = size_limit
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._letters: Letters | None = None
        self._accounts: Accounts | None = None
        self._ending: asyncio.Event | None = None
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Load the letters and serve; returns when both ports answer.

        Raises `Permanent` with one sentence when a port is taken or the folder cannot be written to.
        """
        if self._thread is not None:
            return
        smtp = _listen(self.host, self.smtp_port, "local.smtp_port")
        try:
            imap = _listen(self.host, self.imap_port, "local.imap_port")
        except Permanent:
            smtp.close()
            raise
        self.smtp_port, self.imap_port = smtp.getsockname()[1], imap.getsockname()[1]
        ready = threading.Event()
        self._failure = None
        self._thread = threading.Thread(target=self._run, args=(smtp, imap, ready), name="local-mail", daemon=True)
        self._thread.start()
        ready.wait()
        self._raise_failure()

    def _raise_failure(self) -> None:
        failure, thread = self._failure, self._thread
        if failure is None or thread is None:
            return
        thread.join()
        self._thread = None
        if isinstance(failure, ConsultantError):
            raise failure
        raise Permanent(f"Local mail could not start: {failure}.") from failure

    def stop(self) -> None:
        """Say good-bye to every client and stop, within 3 seconds; does nothing when not started."""
        thread, loop, ending = self._thread, self._loop, self._ending
        self._thread = None
        if thread is None or loop is None or ending is None:
            return
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(ending.set)
        thread.join(STOP_SECONDS)

    def deliver(self, raw: bytes, sender: str | None, recipients: Sequence[str]) -> None:
        """Put a letter into each recipient's INBOX, on disk before this returns, as SMTP would have done.

        Line ends become CRLF. `sender` is the envelope sender for Return-Path ("" is the null sender); None adds no
        Return-Path, for an `.eml` file that brings its own. Raises `Permanent` for an address that cannot be one, and
        `Transient` when the server does not run or the disk is full.
        """
        if self._loop is None or self._thread is None:
            raise Transient("Local mail does not run; start it with consultant up.")
        for recipient in recipients:
            try:
                account_name(recipient)
            except ValueError as error:
                raise Permanent(f"{recipient!r} cannot be written to: {error}.") from None
        letter = _LONE_LINE_END.sub(b"\r\n", raw)
        task = asyncio.run_coroutine_threadsafe(self._deliver(letter, sender, list(recipients)), self._loop)
        try:
            task.result(30)
        except OSError as error:
            raise Transient(f"The letter could not be kept in {self._folder}: {error.strerror}.") from None

    def inbox(self, address: str) -> tuple[StoredLetter, ...]:
        """Return the letters in an address's INBOX, newest first."""
        return self.letters(address)

    def letters(self, address: str, mailbox: str = INBOX) -> tuple[StoredLetter, ...]:
        """Return the letters in one of an address's mailboxes, newest first; none when there is no such mailbox."""
        store = self._letters or Letters(self._folder)
        try:
            return tuple(reversed(list(store.letters(account_name(address), mailbox))))
        except ValueError:
            return ()

    def addresses(self) -> list[str]:
        """Return every address that has a mailbox here."""
        return (self._letters or Letters(self._folder)).addresses()

    def _run(self, smtp: socket.socket, imap: socket.socket, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(smtp, imap, ready))
        except BaseException as error:
            self._failure = error
        finally:
            smtp.close()
            imap.close()
            self._loop = None
            ready.set()

    async def _serve(self, smtp: socket.socket, imap: socket.socket, ready: threading.Event) -> None:
        loop = asyncio.get_running_loop()
        self._letters = Letters(self._folder)
        self._accounts = Accounts(self._letters)
        await self._accounts.load()
        self._ending = asyncio.Event()
        self._loop = loop
        takes = await loop.create_server(smtp_server(self._deliver, self._password, self._size_limit, loop), sock=smtp)
        serves = await asyncio.start_server(imap_server(self._accounts, self._password, self._size_limit), sock=imap)
        ready.set()
        await self._ending.wait()
        takes.close()
        serves.close()
        clients = asyncio.all_tasks() - {asyncio.current_task()}
        for client in clients:
            client.cancel()
        if clients:
            await asyncio.wait(clients, timeout=STOP_SECONDS - 1)

    async def _deliver(self, raw: bytes, sender: str | None, recipients: list[str]) -> None:
        if self._accounts is None:
            raise OSError("local mail does not run")
        now = clock.now()
        # A sub-address is the account's own (RFC 5233); the trace keeps it.
        meant = {base_address(name): name for name in map(account_name, recipients)}
        for account, name in meant.items():
            await self._accounts.deliver(account, _trace(sender, name, now) + raw, now)


def _trace(sender: str | None, recipient: str, now: datetime) -> bytes:
    """Return the fields that final delivery puts on top of a letter (RFC 5321, 4.4)."""
    fields = [] if sender is None else [f"Return-Path: <{sender}>"]
    fields.append(f"Delivered-To: {recipient}")
    fields.append(f"Received: by consultant.localhost with ESMTP;\r\n {format_datetime(now)}")
    return "".join(f"{field}\r\n" for field in fields).encode("utf-8", "surrogateescape")


def _bind(listener: socket.socket, host: str, port: int) -> None:
    """Take the port; one that a service which was just killed has not quite given up yet is waited for a moment."""
    for _ in range(_TRIES - 1):
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    listener.bind((host, port))


def _listen(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where the protocol is named, and with it on each answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last connections are still winding down may be opened again; one that is listened on may not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listener, host, port)
        listener.listen(100)
    except OSError as error:
        listener.close()
        reason = {
            errno.EADDRINUSE: "is taken by another program; stop that one",
            errno.EACCES: "may not be opened by this user; use one above 1023",
            errno.EADDRNOTAVAIL: "is not an address of this machine; use 127.0.0.1",
        }.get(error.errno or 0, f"cannot be opened ({error.strerror}); stop what holds it")
        raise Permanent(f"Port {port} on {host} {reason}, or set {setting} to another.") from None
    return listener
