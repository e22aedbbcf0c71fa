"""Waiting for letters on a selected IMAP folder, without ever missing an announcement.

A server announces a letter once (`* 12 EXISTS`), beside the answer to whatever command runs then, or during IDLE.
"""

import selectors
import socket
import threading
import time

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from consultant.gateways.imap_client import has_buffered, start_idle

# A server may log out a client that idles for 30 minutes (RFC 2177); firewalls forget a silent connection much sooner.
IDLE_SECONDS = 4 * 60.0
POLL_SECONDS = 10.0
# How long one look at the line takes, so that a stop is seen within a second.
LOOK_SECONDS = 0.5
# Servers gather what they announce to a client that idles (Dovecot for half a second). Letters come in bunches, so for
# a while after one the folder is asked instead.
KEEN_SECONDS = 3.0
KEEN_LOOK_SECONDS = 0.2


class News:
    """What the server announced on the selected folder since it was last asked."""

    def __init__(self, client: IMAPClient, timeout: float) -> None:
        """Watch this client; `timeout` is its ordinary time limit for an answer, in seconds."""
        self._client = client
        self._timeout = timeout
        self._exists = 0
        self._expunged = False
        self._news = False
        self._keen_until = 0.0
        self.lost = False
        """True once the connection was given up for the sake of a quick stop."""

    def restart(self, exists: int) -> None:
        """Count from a folder that was just selected and holds so many letters."""
        self._exists = exists
        self._expunged = False
        self._news = False

    def caught_up(self) -> None:
        """Forget what was announced so far, because the folder is being listed now."""
        self._listen()
        self._news = False

    def missed(self) -> None:
        """Count it as news that the folder was left for a while."""
        self._news = True

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait for an announcement; False when the time is over or `stop` is set. Raises imapclient's errors."""
        until = time.monotonic() + seconds
        idles = self._client.has_capability("IDLE")
        while not stop.is_set():
            self._client.noop()
            self._listen()
            now = time.monotonic()
            if self._news:
                self._news = False
                self._keen_until = now + KEEN_SECONDS
                return True
            left = until - now
            if left <= 0:
                return False
            if now < self._keen_until:
                stop.wait(min(left, KEEN_LOOK_SECONDS))
            elif idles:
                idles = self._idle(min(left, IDLE_SECONDS), stop)
            else:
                stop.wait(min(left, POLL_SECONDS))
        return False

    def _idle(self, seconds: float, stop: threading.Event) -> bool:
        """Idle until the server says anything at all; what it said is looked at afterwards. False: it refuses IDLE."""
        if not start_idle(self._client):
            return False
        self._listen()
        until = time.monotonic() + seconds
        silent = not self._news and not has_buffered(self._client)
        while silent and not stop.is_set() and (left := until - time.monotonic()) > 0:
            silent = not _readable(self._client.socket(), min(left, LOOK_SECONDS))
        # The answer to DONE is read line by line with a time limit, so that a line which comes in two pieces is read
        # whole; imapclient's own `idle_check` takes the first piece for a lost connection.
        if stop.is_set():
            self._stop_idling()
        else:
            self._client.idle_done()
        return True

    def _stop_idling(self) -> None:
        # A server that is silent now would hold up the stop for the whole time limit.
        sock = self._client.socket()
        sock.settimeout(LOOK_SECONDS)
        try:
            self._client.idle_done()
        except (IMAPClientError, OSError):
            self.lost = True
        else:
            sock.settimeout(self._timeout)

    def _listen(self) -> None:
        """Look at what was announced beside the answers so far."""
        # imapclient opens no door to what imaplib heard beside an answer; `response` is imaplib's public one.
        # A letter announced beside a SEARCH is not in its result, and IDLE would not announce it again.
        _, answers = self._client._imap.response("EXISTS")
        _, gone = self._client._imap.response("EXPUNGE")
        counts = [int(answer) for answer in answers if answer is not None]
        # The same number again, with nothing expunged in between, announces nothing; servers repeat themselves.
        self._expunged = self._expunged or any(gone)
        if counts and (counts[-1] != self._exists or self._expunged):
            self._news = True
            self._exists = counts[-1]
            self._expunged = False


def _readable(sock: socket.socket, seconds: float) -> bool:
    # Not select, which fails where a process has more than 1,024 files open.
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(seconds))
