"""The sweep behind the beat: finds what is due and was not nudged, ends claims that ran out, closes quiet cases.

Whatever the broker lost is found here, so a lost nudge costs the time until the next tick and nothing else.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog

from consultant.lifecycle import Event
from consultant.nudge import Work
from consultant.parts import Parts
from consultant.records import cases, ledger, outgoing
from consultant.records.store import LostRace

log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=5)
"""How long a row may be due before the sweep takes its nudge for lost."""
BACKLOG = 50
"""While so many nudges of a kind wait for a worker, what is due is not lost but late, and more would only pile up."""


def tick(parts: Parts) -> None:
    """Nudge all that is due, and do what time alone makes due."""
    now = parts.now()
    before = now - GRACE
    with parts.store.read() as tx:
        letters = ledger.due(tx, before)
        due = cases.due(tx, before)
        outbox = outgoing.due(tx, now)
    rows: tuple[tuple[Work, tuple[int, ...], Callable[..., None]], ...] = (
        ("receive", letters, parts.nudge.receive),
        ("advance", due, parts.nudge.advance),
        ("send", outbox, parts.nudge.send),
    )
    for work, numbers, ring in rows:
        if numbers and parts.nudge.waiting(work) < BACKLOG:
            ring(*numbers)
    _end_claims(parts)
    _close_quiet(parts)


def _end_claims(parts: Parts) -> None:
    """Give back the cases whose reviewer did nothing until the end of his claim."""
    now = parts.now()
    with parts.store.read() as tx:
        expired = cases.expired_reviews(tx, now)
    for case in expired:
        try:
            with parts.store.begin() as tx:
                cases.move(tx, case, Event.EXPIRE, now)
        except LostRace:
            continue
        log.info("claim ended", case=case.reference)


def _close_quiet(parts: Parts) -> None:
    """Close the cases in which nothing has happened for the days that the desk has set."""
    now = parts.now()
    with parts.store.read() as tx:
        quiet = cases.quiet(tx, now - timedelta(days=parts.settings.desk.close_after_days))
    for case in quiet:
        try:
            with parts.store.begin() as tx:
                cases.move(tx, case, Event.CLOSE, now, closed_at=now)
        except LostRace:
            continue
        log.info("quiet case closed", case=case.reference)
