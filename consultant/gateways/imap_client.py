"""The IMAP connection: TLS, login, and the translation of every library error into ours.

Nothing outside this module and `imap` sees an exception of imapclient, imaplib, ssl or socket.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from consultant.accounts import Server
from consultant.errors import ConsultantError, Permanent, Transient
from consultant.gateways.wire import CleanStart, Token, connection_failure, endpoint, has_more, tls_context, tune, words
from consultant.mail.ports import AuthenticationFailed

CONNECT_SECONDS = 20.0

# Response codes (RFC 5530, 3) with which a server says that the refusal will pass.
_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "EXPUNGEISSUED", "OVERQUOTA"})
_CODE = re.compile(r"\[([A-Z-]+)[ \]]")


def code_of(error: BaseException) -> str | None:
    """Return the response code in square brackets of the reply that an error repeats, or None."""
    found = _CODE.search(str(error).upper())
    return found.group(1) if found else None


def failure(error: Exception, server: Server, doing: str) -> ConsultantError:
    """Return our error for a library's: `Transient` for a lost connection, `Permanent` for a refusal.

    The text of a lost connection is never repeated: imaplib quotes what it could not read, which may be a letter.
    """
    where = endpoint(server)
    if isinstance(error, IMAPClientAbortError):
        return Transient(f"The connection to {where} was lost while {doing}; it is made again later.")
    if isinstance(error, OSError):
        sentence, lasting = connection_failure(error, server, doing)
        return Permanent(sentence) if lasting else Transient(sentence)
    if isinstance(error, IMAPClientError):
        said = words(error, server.password.get_secret_value())
        if code_of(error) in _PASSING:
            return Transient(f"{where} cannot serve for now while {doing}: {said}. It is tried again later.")
        return Permanent(f"{where} refused while {doing}: {said}.")
    return Transient(f"{where} answered against the protocol while {doing}; the connection is made again later.")


@contextmanager
def translated(server: Server, doing: str) -> Iterator[None]:
    """Turn whatever imapclient raises inside into our errors; `doing` completes "while"."""
    try:
        yield
    except ConsultantError:
        raise
    # imapclient's parser raises ValueError, AssertionError, IndexError and others on replies that it cannot read.
    except Exception as error:
        raise failure(error, server, doing) from None


def connect(server: Server, token: Token | None = None, context: ssl.SSLContext | None = None) -> IMAPClient:
    """Return a logged-in client without a selected folder.

    With `token` the login is XOAUTH2, else the server's password. Raises `AuthenticationFailed` when the login is
    refused, `Permanent` when TLS cannot be had as configured, `Transient` when the server cannot be reached.
    """
    verified = tls_context(server, context)
    with translated(server, "connecting"):
        client = IMAPClient(
            server.host,
            port=server.port,
            ssl=server.tls == "implicit",
            ssl_context=verified if server.tls == "implicit" else None,
            timeout=SocketTimeout(min(CONNECT_SECONDS, server.timeout_seconds), server.timeout_seconds),
        )
    try:
        client.normalise_times = False
        # imapclient has imaplib format every line for a log; a quarter of the time of a large fetch goes there.
        client._imap.debug = 0
        tune(client.socket())
        if server.tls == "starttls":
            _start_tls(client, server, verified)
        _log_in(client, server, token)
        _introduce(client)
    except BaseException:
        _hang_up(client)
        raise
    return client


def _start_tls(client: IMAPClient, server: Server, context: ssl.SSLContext | None) -> None:
    with translated(server, "starting TLS"):
        try:
            client.starttls(context and CleanStart(context, server, lambda: client._imap.file))
        except CapabilityError:
            raise Permanent(
                f"{endpoint(server)} does not offer STARTTLS, and nothing is sent in the clear; "
                'use a port with tls = "implicit", usually 993.'
            ) from None


def _log_in(client: IMAPClient, server: Server, token: Token | None) -> None:
    secret = token() if token else server.password.get_secret_value()
    with translated(server, "logging in"):
        try:
            if token:
                client.oauth2_login(server.username, secret)
            elif client.has_capability("AUTH=PLAIN"):
                # SASL carries any password in UTF-8 (RFC 4616, 2); LOGIN carries ASCII only.
                client.plain_login(server.username, secret)
            else:
                client.login(server.username, secret)
        except UnicodeEncodeError:
            raise Permanent(
                f"{endpoint(server)} takes passwords in ASCII only, and this one holds other characters."
            ) from None
        except LoginError as error:
            raise _login_failure(error, server, secret) from None


def _login_failure(error: LoginError, server: Server, secret: str) -> ConsultantError:
    # imapclient wraps a connection that is lost in the middle of a login in the same LoginError as a refusal.
    if isinstance(error.__context__, IMAPClientAbortError):
        return failure(error.__context__, server, "logging in")
    if code_of(error) in _PASSING:
        return Transient(
            f"{endpoint(server)} takes no logins for now: {words(error, secret)}. It is tried again later."
        )
    return AuthenticationFailed(
        f"{endpoint(server)} refused the login of {server.username}: {words(error, secret)}. "
        "Check the user name and the password or token of this account."
    )


def _introduce(client: IMAPClient) -> None:
    # Some providers serve no folder to a client that did not name itself (RFC 2971); the others do not mind.
    with suppress(IMAPClientError, OSError, ValueError):
        if client.has_capability("ID"):
            client.id_({"name": "Consultant"})


def start_idle(client: IMAPClient) -> bool:
    """Put the server into IDLE (RFC 2177); False when it refuses. Raises imapclient's errors for a lost connection."""
    try:
        client.idle()
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        # imapclient expects "+" as the very next line, but servers may announce something first.
        imap, tag = client._imap, client._idle_tag
        while imap.tagged_commands.get(tag) is None:
            if imap._get_response() is None:
                return True
        imap.tagged_commands.pop(tag)
        return False
    return True


def has_buffered(client: IMAPClient) -> bool:
    """Tell whether something was read from the line already, or decrypted, that nobody has looked at."""
    # What came in one packet with "+" lies in imaplib's buffer, where a look at the socket does not see it.
    return has_more(client.socket(), client._imap.file)


def _hang_up(client: IMAPClient) -> None:
    with suppress(Exception):
        client.shutdown()
