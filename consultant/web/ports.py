"""The shapes that the desk needs of the local mail server; neither room imports the other."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol


class StoredLetterShape(Protocol):
    """A letter in a local mailbox."""

    @property
    def path(self) -> Path:
        """The file that holds it."""

    @property
    def raw(self) -> bytes:
        """Its bytes."""

    @property
    def received_at(self) -> datetime:
        """When it came, in UTC."""


class LocalMailPort(Protocol):
    """The embedded mail server, as the page Local mail uses it."""

    def deliver(self, raw: bytes, sender: str, recipients: Sequence[str]) -> object:
        """Put a letter into the mailboxes of its recipients."""

    def inbox(self, address: str) -> Sequence[StoredLetterShape]:
        """Return the letters of a mailbox, newest first."""


class SampleLetter(Protocol):
    """An invented letter that one may send to try the desk."""

    @property
    def key(self) -> str:
        """Its name in forms."""

    @property
    def title(self) -> str:
        """What it shows, in a few words."""

    @property
    def subject(self) -> str:
        """Its subject line."""

    @property
    def text(self) -> str:
        """Its body; for a letter in HTML its source."""

    def letter(self, sender: str, recipient: str, text: str | None = None) -> bytes:
        """Return the whole letter, with its own form and attachments, and with another body where one is given."""
