"""The ports to the wire. `gateways` holds the real ones and their memory twins; both pass one contract test."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from consultant.errors import Permanent, Transient


class AuthenticationFailed(Permanent):
    """The server refused the login; another try with the same credentials would fail alike."""


class NotSent(Transient):
    """The letter is certainly not with the server, and may be offered again."""

    def __init__(self, sentence: str, replies: Mapping[str, "Reply"] | None = None) -> None:
        """Keep the sentence and the reply for each recipient that was answered."""
        super().__init__(sentence)
        self.replies = dict(replies or {})


class Refused(Permanent):
    """The server refused the letter for good, with a 5xx reply; it is certainly not with the server."""

    def __init__(self, sentence: str, replies: Mapping[str, "Reply"] | None = None) -> None:
        """Keep the sentence and the reply for each recipient that was answered."""
        super().__init__(sentence)
        self.replies = dict(replies or {})


class Unanswered(Transient):
    """The final dot was sent and no reply came: the server may or may not own the letter."""


@dataclass(frozen=True, slots=True)
class Folder:
    """An IMAP folder as selected (RFC 9051, 6.3.2)."""

    name: str
    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """One letter as it lies on the server."""

    uid: int
    raw: bytes
    internal_date: datetime | None
    """In UTC."""


class Mailbox(Protocol):
    """One logged-in IMAP connection on one selected folder. Nothing here deletes or sets a flag.

    Every method raises `Transient` when the connection is lost and `Permanent` when the server refuses.
    """

    @property
    def folder(self) -> Folder:
        """The folder as it was when it was last selected."""

    def reselect(self) -> Folder:
        """Select the folder again, so that a changed UIDVALIDITY is seen."""

    def uids(self, first: int = 1) -> list[int]:
        """Return every UID from `first` on, ascending."""

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Yield letters by UID with BODY.PEEK[], in batches capped by count and bytes; vanished ones are left out."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait for news, by IDLE (RFC 2177) where the server has it, else by polling; True when there may be some.

        Returns within a second of `stop` being set.
        """

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move letters to another folder (RFC 6851), creating it if needed; a server without MOVE leaves them."""

    def find(self, header: str, text: str, folders: Iterable[str]) -> bool:
        """Tell whether any of these folders holds a letter with this header field; absent folders hold none."""

    def folders(self) -> list[str]:
        """Return the names of all folders, decoded."""

    def close(self) -> None:
        """Log out; never raises."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An SMTP reply (RFC 5321, 4.2)."""

    code: int
    text: str

    @property
    def positive(self) -> bool:
        """Tell whether the reply is a 2xx."""
        return 200 <= self.code < 300


class Envelope(Protocol):
    """One mail transaction that the server answered with 354."""

    @property
    def refused(self) -> Mapping[str, Reply]:
        """Recipients that were refused at RCPT, with the reply; the others were accepted."""

    def content(self, raw: bytes) -> None:
        """Send the letter's bytes without the final dot; without it nothing is owned.

        Raises `NotSent` on a lost connection, `Refused` for bytes that this server cannot take.
        """

    def dot(self) -> Reply:
        """Send the final dot and return the server's reply, whatever it is; raises `Unanswered` when none came."""


class Submission(Protocol):
    """A way out (RFC 6409). Keeps its connection for further letters and makes a new one when it was lost."""

    def open(self, sender: str, recipients: Sequence[str], *, size: int | None = None) -> Envelope:
        """Go through MAIL, RCPT and DATA up to 354; `size` in bytes is declared where the server has SIZE (RFC 1870).

        Raises `NotSent` on a lost connection or a 4xx for all recipients, `Refused` on a 5xx; both give the reply in
        words and carry the replies to the recipients that were answered. `AuthenticationFailed` and any other
        `Permanent` speak of the account (login, TLS), not of the letter. Whatever is raised, nothing was sent.
        """

    def close(self) -> None:
        """Say QUIT; never raises."""


OpenMailbox = Callable[[], AbstractContextManager[Mailbox]]
