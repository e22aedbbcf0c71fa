"""The doorbell: how the service asks for work to be done soon.

A nudge carries ids of rows and may be lost or doubled; the database alone says what is due (`tick` finds
what was not nudged). `workers` implements it over Celery; tests and tools use `Silent`.
"""

from typing import Literal, Protocol

Work = Literal["receive", "advance", "send"]


class Nudge(Protocol):
    """Ask that rows be worked on soon. No method raises: a doorbell that fails costs time, not a letter."""

    def receive(self, *letter_ids: int) -> None:
        """Screen letters of the ledger."""

    def advance(self, *case_ids: int) -> None:
        """Do the steps of cases that are due."""

    def send(self, *outbox_ids: int) -> None:
        """Send letters of the outbox."""

    def waiting(self, work: Work) -> int:
        """Return how many rings of one kind nobody has taken yet; 0 where nobody knows."""


class Silent:
    """A doorbell without a bell: what is due waits for the next `tick`."""

    def receive(self, *letter_ids: int) -> None:
        """Do nothing."""

    def advance(self, *case_ids: int) -> None:
        """Do nothing."""

    def send(self, *outbox_ids: int) -> None:
        """Do nothing."""

    def waiting(self, work: Work) -> int:  # noqa: ARG002 - the port's signature
        """Return 0."""
        return 0
