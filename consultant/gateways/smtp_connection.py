"""The SMTP connection: greeting, TLS, login, and the translation of every library error into ours."""

import base64
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Any, cast

from consultant.accounts import Server
from consultant.errors import ConsultantError, Permanent
from consultant.gateways.wire import (
    CleanStart,
    Token,
    connection_failure,
    endpoint,
    tls_context,
    tune,
    words,
    xoauth2,
)
from consultant.mail.ports import AuthenticationFailed, NotSent, Refused, Reply

CONNECT_SECONDS = 20.0
# Stands where a reply code would when we refuse ourselves; a 5xx, as another try would fail alike (RFC 5321, 4.2.1).
REFUSED_BY_CLIENT = 553
# smtplib.SMTPException is an OSError; smtplib encodes commands and raises UnicodeError for what it cannot.
SMTP_FAILURES = (OSError, UnicodeError, ValueError)


def reply_of(code: int, text: bytes) -> Reply:
    """Return a reply as smtplib gives it, its lines joined."""
    return Reply(code, words(text.replace(b"\n", b" ")))


def sentence(error: Exception, server: Server, doing: str) -> str:
    """Return one sentence for a person about a connection that failed; `doing` completes "while"."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException):
        return connection_failure(cause, server, doing)[0]
    return f"{endpoint(server)} closed the connection while {doing}; it is made again later."


def connect(server: Server, token: Token | None = None, context: ssl.SSLContext | None = None) -> smtplib.SMTP:
    """Return a connection that said EHLO, speaks TLS as configured, and is logged in where there is a user name.

    Raises `NotSent` when the server cannot be reached or refuses for now, `Refused` on a 5xx greeting,
    `AuthenticationFailed` when the login is refused, `Permanent` when TLS cannot be had as configured.
    """
    verified = tls_context(server, context)
    smtp = _greeted(server, verified)
    try:
        try:
            _prepare(smtp, server, verified, token)
        except ConsultantError:
            raise
        except SMTP_FAILURES as error:
            raise _failure(error, server, "logging in") from None
    except BaseException:
        with suppress(OSError):
            smtp.close()
        raise
    return smtp


def _greeted(server: Server, verified: ssl.SSLContext | None) -> smtplib.SMTP:
    seconds = min(CONNECT_SECONDS, server.timeout_seconds)
    # The name is set after connecting; without one smtplib would ask the resolver for it, which may take long.
    name = "[127.0.0.1]"
    try:
        if server.tls == "implicit" and verified is not None:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=name, timeout=seconds, context=verified
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=seconds)
    except SMTP_FAILURES as error:
        raise _failure(error, server, "connecting") from None
    return smtp


def _prepare(smtp: smtplib.SMTP, server: Server, verified: ssl.SSLContext | None, token: Token | None) -> None:
    if smtp.sock is not None:
        tune(smtp.sock)
        smtp.sock.settimeout(server.timeout_seconds)
        smtp.local_hostname = _literal(smtp.sock)
    smtp.ehlo_or_helo_if_needed()
    if server.tls == "starttls" and verified is not None:
        try:
            # The library asks nothing of the context but to wrap the socket.
            smtp.starttls(context=cast("ssl.SSLContext", CleanStart(verified, server, lambda: cast("Any", smtp).file)))
        except smtplib.SMTPNotSupportedError:
            raise Permanent(
                f"{endpoint(server)} does not offer STARTTLS, and nothing is sent in the clear; "
                'use a port with tls = "implicit", usually 465.'
            ) from None
        smtp.ehlo_or_helo_if_needed()
    if server.username:
        _log_in(smtp, server, token)


def _literal(sock: socket.socket) -> str:
    """Return our side's address literal, which a client without a name of its own gives (RFC 5321, 4.1.3)."""
    host = sock.getsockname()[0]
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def _log_in(smtp: smtplib.SMTP, server: Server, token: Token | None) -> None:
    secret = token() if token else server.password.get_secret_value()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    try:
        if token:
            # To a refusal the server first sends a challenge with its reasons, which an empty line answers.
            smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else xoauth2(server.username, secret))
        elif "PLAIN" in offered:
            # smtplib encodes passwords in ASCII; SASL PLAIN carries UTF-8 (RFC 4616, 2).
            credentials = base64.b64encode(f"\0{server.username}\0{secret}".encode()).decode("ascii")
            code, text = smtp.docmd("AUTH", f"PLAIN {credentials}")
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, text)
        else:
            smtp.login(server.username, secret)
    except smtplib.SMTPAuthenticationError as error:
        said = words(error.smtp_error, secret)
        if error.smtp_code < 500:
            raise NotSent(
                f"{endpoint(server)} takes no logins for now ({error.smtp_code} {said}); it is tried again later."
            ) from None
        raise AuthenticationFailed(
            f"{endpoint(server)} refused the login of {server.username} ({error.smtp_code} {said}). "
            "Check the user name and the password or token of this account."
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise Permanent(
            f"{endpoint(server)} offers no login that we can use (it offers {', '.join(offered) or 'none'}); "
            "check that the port is the one for submission and that TLS is set right."
        ) from None


def _failure(error: Exception, server: Server, doing: str) -> ConsultantError:
    if isinstance(error, smtplib.SMTPResponseException):
        # -1 is smtplib's code for a reply that is not a number.
        reply = reply_of(error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
        said = f"{endpoint(server)} answered {reply.code} while {doing}: {reply.text.rstrip('.')}."
        return Refused(said) if reply.code >= 500 else NotSent(f"{said} It is tried again later.")
    if isinstance(error, smtplib.SMTPException):
        return NotSent(sentence(error, server, doing))
    if isinstance(error, OSError):
        said, lasting = connection_failure(error, server, doing)
        return Permanent(said) if lasting else NotSent(said)
    return Permanent(f"The user name or password for {endpoint(server)} holds characters that the login cannot carry.")
