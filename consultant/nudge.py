"""The doorbell: how the service asks for work to be done soon.

A nudge carries a row's id and may be lost or doubled; the database alone says what is due (`tick` finds
what was not nudged). `workers` implements it over Celery; tests and tools use `Silent`.
"""

from typing import Literal, Protocol

Work = Literal["receive", "advance", "send"]


class Nudge(Protocol):
    """Ask that one row be worked on soon. No method raises: a doorbell that fails costs time, not a letter."""

    def receive(self, letter_id: int) -> None:
        """Screen one letter of the ledger."""

    def advance(self, case_id: int) -> None:
        """Do the steps of one case that are due."""

    def send(self, outbox_id: int) -> None:
        """Send one letter of the outbox."""

    def waiting(self, work: Work) -> int:
        """Return how many nudges of one kind nobody has taken yet; 0 where nobody knows."""


class Silent:
    """A doorbell without a bell: what is due waits for the next `tick`."""

    def receive(self, letter_id: int) -> None:
        """Do nothing."""

    def advance(self, case_id: int) -> None:
        """Do nothing."""

    def send(self, outbox_id: int) -> None:
        """Do nothing."""

    def waiting(self, work: Work) -> int:  # noqa: ARG002 - the port's signature
        """Return 0."""
        return 0
