"""What the IMAP and the SMTP wire share: verified TLS, logins, and a sentence for each way a connection fails."""

import logging
import re
import socket
import ssl
from collections.abc import Callable
from io import BufferedReader

from consultant.accounts import Server, is_loopback
from consultant.errors import Permanent

Token = Callable[[], str]
"""Gives an OAuth 2 access token that is valid now; called once for each login."""

# imapclient logs whole protocol lines at DEBUG, letters and addresses among them; a root logger
# that is set to DEBUG must not bring them out.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_SPEAKS_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"})


def endpoint(server: Server) -> str:
    """Name the server as host:port, the way sentences for people do."""
    return f"{server.host}:{server.port}"


def tls_context(server: Server, given: ssl.SSLContext | None = None) -> ssl.SSLContext | None:
    """Return the context that TLS is verified with, or None where plain text is allowed.

    `given` replaces the context over the server's `ca_file` or, without one, the system's certificate store. Raises
    `Permanent` when `ca_file` cannot be read, and when `tls` is "none" and the host is not loopback: credentials and
    letters never cross a network in the clear.
    """
    if server.tls == "none":
        if not is_loopback(server.host):
            raise Permanent(
                f"{endpoint(server)} is configured without TLS, which is allowed on 127.0.0.1, ::1 and localhost only;"
                ' set tls to "implicit" or "starttls".'
            )
        return None
    if given is not None:
        return given
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except (OSError, ValueError):
        raise Permanent(f"ca_file {server.ca_file} for {endpoint(server)} holds no certificates in PEM.") from None


class CleanStart:
    """Stands for the context that STARTTLS wraps the socket with, and refuses a line on which more came than the reply.

    What somebody on the line adds to the reply would else be taken for words that came under TLS (CVE-2021-33515,
    CVE-2011-0411). The libraries throw such words away today; that they keep doing so is not left to them.
    """

    def __init__(self, context: ssl.SSLContext, server: Server, file: Callable[[], BufferedReader]) -> None:
        """Keep the context, the server to name, and where the library reads from."""
        self._context = context
        self._server = server
        self._file = file

    def wrap_socket(self, sock: socket.socket, server_hostname: str | None = None) -> ssl.SSLSocket:
        """Begin TLS; raise `Permanent` when something follows the reply in the clear."""
        if has_more(sock, self._file()):
            raise Permanent(
                f"{endpoint(self._server)} said more after STARTTLS before TLS had begun, as somebody on the line "
                'might; nothing was sent. Use a port with tls = "implicit", or find out who is between.'
            )
        return self._context.wrap_socket(sock, server_hostname=server_hostname)


def has_more(sock: socket.socket, file: BufferedReader) -> bool:
    """Tell, without waiting, whether something was read from the line already, or decrypted, that nobody looked at."""
    limit = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        sock.settimeout(limit)


def xoauth2(username: str, token: str) -> str:
    """Return the initial client response of the XOAUTH2 mechanism, before base64."""
    return f"user={username}\1auth=Bearer {token}\1\1"


def tune(sock: socket.socket) -> None:
    """Send small commands at once, and notice a peer that vanished without a word."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def words(text: object, *secrets: str) -> str:
    """Return what a server said in one printable line of at most 200 characters, without any of the secrets."""
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    # imaplib hands some replies on as the repr of bytes.
    line = re.sub(r"""\bb(['"])(.*)\1""", r"\2", line, flags=re.DOTALL)
    for secret in filter(None, secrets):
        line = line.replace(secret, "***")
    return "".join(character if character.isprintable() else " " for character in line).strip()[:200].rstrip(" .")


def connection_failure(error: OSError, server: Server, doing: str) -> tuple[str, bool]:
    """Return the sentence for a connection that failed, and whether another try would fail alike.

    `doing` completes "while", as in "while logging in".
    """
    where = endpoint(server)
    if isinstance(error, ssl.SSLCertVerificationError):
        said = (
            f"The certificate of {where} could not be verified ({error.verify_message}); check the host name, or trust"
            " the authority that issued it."
        )
        return said, True
    if isinstance(error, ssl.SSLError) and getattr(error, "reason", None) in _SPEAKS_NO_TLS:
        return f'{where} does not speak TLS from the first byte; try tls = "starttls" or another port.', True
    if isinstance(error, socket.gaierror):
        return f"The host {server.host} could not be found while {doing}; check its name and the network.", False
    if isinstance(error, ConnectionRefusedError):
        return f"{where} refused the connection; check that the server runs and that the port is right.", False
    if isinstance(error, TimeoutError):
        return f"{where} did not answer in time while {doing}; it is tried again later.", False
    return f"The connection to {where} was lost while {doing}; it is made again later.", False
