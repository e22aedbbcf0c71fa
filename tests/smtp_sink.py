"""A real SMTP server for tests that keeps its own ledger and fails as it is told.

The ledger judges what was delivered: a letter is in it exactly when the sink took it over, whatever it then replied.
"""

import asyncio
import logging
import ssl
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import HOST, free_port

ACCEPTED = "250 2.0.0 Ok: queued"
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


class Lost(Enum):
    """What the sink does instead of replying to the final dot; it owns the letter in each case."""

    CLOSE = "close the connection"
    HANG = "say nothing more"


@dataclass(frozen=True, slots=True)
class Received:
    """One letter that the sink took over, with the transaction that brought it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...]
    connection: int
    """Counts from 1; letters over one connection share it."""


@dataclass
class Script:
    """What the sink does otherwise than accept; changed by a test at any time."""

    banner: str | None = None
    """Said instead of 220, and the connection is closed."""
    mail: deque[str] = field(default_factory=deque)
    """Replies to coming MAIL commands, one each."""
    recipients: dict[str, str] = field(default_factory=dict)
    """Replies at RCPT to these recipients."""
    data: deque[str] = field(default_factory=deque)
    """Replies to coming DATA commands, one each."""
    after_dot: deque[str | Lost] = field(default_factory=deque)
    """Replies to coming final dots, one each; a 2xx and silence take the letter over."""
    delay: float = 0.0
    """Seconds to wait before replying to a final dot."""


class _Session(SMTP):
    script: Script
    sink: "SmtpSink"

    async def _handle_client(self) -> None:
        self.sink.connections += 1
        self.number = self.sink.connections
        if self.script.banner is not None:
            await self.push(self.script.banner)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd finds commands and hooks by such names
        if self.script.data:
            await self.push(self.script.data.popleft())
            return
        await super().smtp_DATA(arg)


class SmtpSink:
    """The server; runs in a thread of its own while it is entered."""

    def __init__(
        self,
        *,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        size_limit: int = 1_000_000,
        utf8: bool = True,
    ) -> None:
        """Prepare a sink; `password` makes it ask for a login, `tls` and `starttls` make it speak TLS."""
        self.port = free_port()
        self.script = Script()
        self.ledger: list[Received] = []
        self.connections = 0
        self._password = password
        self._tls = tls
        self._starttls = starttls
        self._size_limit = size_limit
        self._utf8 = utf8
        self._loop = asyncio.new_event_loop()
        self._sessions: list[_Session] = []
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.resume()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pause()
        asyncio.run_coroutine_threadsafe(self._end_tasks(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end_tasks(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def pause(self) -> None:
        """Close the port and every connection: coming connections are refused."""

        async def close() -> None:
            if self._server is not None:
                self._server.close()
                self._server = None
            self._drop()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(5)

    def resume(self) -> None:
        """Open the port again."""

        async def listen() -> None:
            self._server = await self._loop.create_server(self._protocol, HOST, self.port, ssl=self._tls)

        asyncio.run_coroutine_threadsafe(listen(), self._loop).result(5)

    def drop_connections(self) -> None:
        """Close every connection, as a server does with idle ones."""
        self._loop.call_soon_threadsafe(self._drop)

    def _drop(self) -> None:
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()
        self._sessions.clear()

    def _protocol(self) -> SMTP:
        session = _Session(
            self,
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=self._utf8,
            hostname="sink.example",
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=self._loop,
        )
        session.script, session.sink = self.script, self
        self._sessions.append(session)
        return session

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=login.password == (self._password or "").encode(), handled=False)

    async def handle_MAIL(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.script.mail:
            return self.script.mail.popleft()
        if self._password is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.script.recipients:
            return self.script.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: _Session, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        outcome = self.outcome()
        if isinstance(outcome, Lost) or outcome.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.ledger.append(
                Received(
                    # aiosmtpd gives the null sender as "<>".
                    (envelope.mail_from or "").removeprefix("<>"),
                    tuple(envelope.rcpt_tos),
                    envelope.content,
                    tuple(envelope.mail_options),
                    server.number,
                )
            )
            await self.taken(envelope.content)
        if self.script.delay:
            await asyncio.sleep(self.script.delay)
        if outcome is Lost.CLOSE:
            with suppress(OSError):
                server.transport.close()
            await asyncio.sleep(3600)
        if outcome is Lost.HANG:
            await asyncio.sleep(3600)
        assert isinstance(outcome, str)
        return outcome

    def outcome(self) -> str | Lost:
        """Return what comes of the letter whose final dot has just come."""
        return self.script.after_dot.popleft() if self.script.after_dot else ACCEPTED

    async def taken(self, raw: bytes) -> None:
        """Do what a server does with a letter that is its own by now; nothing here."""
