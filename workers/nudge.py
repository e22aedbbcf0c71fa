"""The doorbell over Celery. A broker that does not answer costs time until the next tick, and is logged."""

from collections.abc import Sequence
from typing import Any

import structlog
from kombu.exceptions import ChannelError, KombuError

from consultant.nudge import Work
from workers.app import app

log = structlog.get_logger(__name__)

_QUEUES: dict[Work, str] = {"receive": "intake", "advance": "case", "send": "outbox"}

EXPIRES_SECONDS = 120
"""A nudge that nobody took until then has been repeated by the sweep."""


AT_ONCE = 25
"""So many ids one message carries at most: sending one costs as much as writing ten letters to the ledger."""


class CeleryNudge:
    """Sends one message for up to 25 ids."""

    def receive(self, *letter_ids: int) -> None:
        """Ask that letters of the ledger be screened."""
        _ring("intake.receive", letter_ids)

    def advance(self, *case_ids: int) -> None:
        """Ask that the steps of cases be done."""
        _ring("case.advance", case_ids)

    def send(self, *outbox_ids: int) -> None:
        """Ask that letters of the outbox be sent."""
        _ring("outbox.send", outbox_ids)

    def waiting(self, work: Work) -> int:
        """Return how many messages of one kind lie in the broker."""
        try:
            with app.connection_for_write() as connection, connection.channel() as opened:
                channel: Any = opened
                return int(channel.queue_declare(_QUEUES[work], passive=True).message_count)
        except (KombuError, OSError, ChannelError, AttributeError):
            return 0


def _ring(task: str, numbers: Sequence[int]) -> None:
    try:
        for start in range(0, len(numbers), AT_ONCE):
            app.send_task(task, numbers[start : start + AT_ONCE], retry=False, expires=EXPIRES_SECONDS)
    except (KombuError, OSError) as error:
        log.warning("nudge lost", task=task, why=type(error).__name__)
