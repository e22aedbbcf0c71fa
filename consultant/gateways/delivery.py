"""The second door: a mail server delivers straight in, by LMTP (RFC 2033) or SMTP, and 250 means in the ledger.

One recipient is taken for each transaction; a second is put off with 452 4.5.3, and its server offers the letter
again. That keeps the one reply to the final dot that LMTP owes for each recipient true, refusals for size included.
"""

import asyncio
import ipaddress
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from consultant.errors import ConsultantError, Permanent
from consultant.settings import Delivery

log = structlog.get_logger(__name__)

Take = Callable[[bytes, str, str], None]
"""Takes a letter, its envelope sender ("" for the null sender) and its recipient; returns when it is in the ledger."""
Knows = Callable[[str], bool]
"""Tells whether an address is one that letters are taken for."""

# aiosmtpd logs the lines of letters at DEBUG and addresses at INFO; neither belongs into a log.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

_LINE_LIMIT = 256 * 1024
"""Lines above 998 characters are against RFC 5322, 2.1.1, and common all the same."""


class _Lmtp(LMTP):
    line_length_limit = _LINE_LIMIT


def offered(envelope: Envelope) -> tuple[bytes, str]:
    """Return the bytes of the letter of a transaction and its sender; the null sender is the empty string."""
    raw = envelope.content if isinstance(envelope.content, bytes) else b""
    # aiosmtpd gives the null sender as "<>".
    return raw, (envelope.mail_from or "").removeprefix("<>")


class TolerantSmtp(SMTP):
    """An SMTP server that takes the long lines that senders write, as real servers do."""

    line_length_limit = _LINE_LIMIT


class _Handler:
    """Answers aiosmtpd's hooks; the names and parameters are its own."""

    def __init__(self, delivery: Delivery, take: Take, knows: Knows) -> None:
        self._networks = tuple(ipaddress.ip_network(each) for each in delivery.allow_from)
        self._take = take
        self._knows = knows

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds the hook by this name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        if not self._welcome(session):
            return "550 5.7.1 This door takes letters from its own mail server only."
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if not self._knows(address):
            return "550 5.1.1 The desk does not read this address."
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time; offer the letter again for this one."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        raw, sender = offered(envelope)
        try:
            await asyncio.to_thread(self._take, raw, sender, envelope.rcpt_tos[0])
        except ConsultantError as error:
            log.warning("letter not taken", why=str(error))
            return "451 4.3.0 The letter could not be kept; offer it again later."
        return "250 2.0.0 Ok: kept"

    async def handle_exception(self, error: Exception) -> str:
        # aiosmtpd would answer 500 with the error's text: a refusal for good, and a leak.
        log.error("delivery failed", error=type(error).__name__)
        return "451 4.3.0 The letter could not be taken now."

    def _welcome(self, session: Session) -> bool:
        with suppress(ValueError, IndexError):
            # Typed as text, and for TCP the pair of address and port.
            address: Any = session.peer
            peer = ipaddress.ip_address(address[0])
            return any(peer in network for network in self._networks)
        return False


class DeliveryServer:
    """Listens on a thread of its own until stopped."""

    def __init__(self, delivery: Delivery, take: Take, knows: Knows, size_limit: int) -> None:
        """Prepare to listen; `size_limit` in bytes is announced by SIZE (RFC 1870)."""
        self._delivery = delivery
        self._handler = _Handler(delivery, take, knows)
        self._size_limit = size_limit
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> int:
        """Begin to listen and return the port; raise `Permanent` when the port cannot be had."""
        kind = _Lmtp if self._delivery.protocol == "lmtp" else TolerantSmtp
        where = f"{self._delivery.host}:{self._delivery.port}"

        def protocol() -> SMTP:
            return kind(
                self._handler,
                data_size_limit=self._size_limit,
                enable_SMTPUTF8=True,
                hostname="consultant.localhost",
                ident="Consultant",
                loop=self._loop,
            )

        try:
            self._server = self._loop.run_until_complete(
                self._loop.create_server(protocol, self._delivery.host, self._delivery.port)
            )
        except OSError as error:
            self._loop.close()
            raise Permanent(
                f"Letters cannot be taken on {where} ({error.strerror}); stop what uses it, or set delivery.port."
            ) from None
        self._thread.start()
        port: int = self._server.sockets[0].getsockname()[1]
        log.info("taking letters", protocol=self._delivery.protocol, port=port)
        return port

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def stop(self, seconds: float = 10) -> None:
        """Take no further connection, let a letter that is being kept be answered, and end."""
        if self._server is None or not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._end(seconds / 2), self._loop).result(seconds)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(seconds)
        self._loop.close()

    async def _end(self, seconds: float) -> None:
        assert self._server is not None
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        _, waiting = await asyncio.wait(others, timeout=0.2) if others else ((), set())
        for task in waiting:
            task.cancel()
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)
