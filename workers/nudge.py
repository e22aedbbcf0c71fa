"""The doorbell over Celery. A broker that does not answer costs time until the next tick, and is logged."""

from typing import Any

import structlog
from kombu.exceptions import ChannelError, KombuError

from consultant.nudge import Work
from workers.app import app

log = structlog.get_logger(__name__)

_QUEUES: dict[Work, str] = {"receive": "intake", "advance": "case", "send": "outbox"}

EXPIRES_SECONDS = 120
"""A nudge that nobody took until then has been repeated by the sweep."""


class CeleryNudge:
    """Sends one message a nudge."""

    def receive(self, letter_id: int) -> None:
        """Ask that one letter of the ledger be screened."""
        _ring("intake.receive", letter_id)

    def advance(self, case_id: int) -> None:
        """Ask that the steps of one case be done."""
        _ring("case.advance", case_id)

    def send(self, outbox_id: int) -> None:
        """Ask that one letter of the outbox be sent."""
        _ring("outbox.send", outbox_id)

    def waiting(self, work: Work) -> int:
        """Return how many messages of one kind lie in the broker."""
        try:
            with app.connection_for_write() as connection, connection.channel() as opened:
                channel: Any = opened
                return int(channel.queue_declare(_QUEUES[work], passive=True).message_count)
        except (KombuError, OSError, ChannelError, AttributeError):
            return 0


def _ring(task: str, number: int) -> None:
    try:
        app.send_task(task, (number,), retry=False, expires=EXPIRES_SECONDS)
    except (KombuError, OSError) as error:
        log.warning("nudge lost", task=task, why=type(error).__name__)
