"""The embedded SMTP server: every recipient is local, nothing is relayed, and 250 means on disk."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from consultant.accounts import is_loopback
from consultant.gateways.delivery import TolerantSmtp, offered
from consultant.local.imap import account_name

Deliver = Callable[[bytes, str, list[str]], Awaitable[None]]
"""Takes a letter, its envelope sender and its recipients; returns when the letter is on disk, or raises OSError."""


class _Handler:
    """Answers aiosmtpd's hooks; the names and parameters are its own."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds the hook by this name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        peer = session.peer[0] if isinstance(session.peer, tuple) else "localhost"
        if not session.authenticated and not is_loopback(peer):
            return "530 5.7.0 Log in first; only this machine may send without."
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        try:
            account_name(address)
        except ValueError:
            return "553 5.1.3 An address such as asker@practice.localhost was expected."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        raw, sender = offered(envelope)
        try:
            await self._deliver(raw, sender, envelope.rcpt_tos)
        except OSError:
            return "452 4.3.1 The letter could not be kept; the disk may be full."
        return "250 2.0.0 Ok: kept"

    async def handle_exception(self, _error: Exception) -> str:
        # aiosmtpd would answer 500 with the error's text: a refusal for good, and a leak.
        return "451 4.3.0 The letter could not be taken now."


def smtp_server(
    deliver: Deliver, password: str, size_limit: int, loop: asyncio.AbstractEventLoop
) -> Callable[[], SMTP]:
    """Return the protocol factory for `loop.create_server`; `size_limit` is in bytes and announced by SIZE."""

    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:
        given = login.password if isinstance(login, LoginPassword) else b""
        return AuthResult(success=secrets.compare_digest(given, password.encode()), handled=False)

    def protocol() -> SMTP:
        return TolerantSmtp(
            _Handler(deliver),
            data_size_limit=size_limit,
            enable_SMTPUTF8=True,
            hostname="consultant.localhost",
            ident="Consultant local mail",
            auth_require_tls=False,
            authenticator=authenticate,
            loop=loop,
        )

    return protocol
