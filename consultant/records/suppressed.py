"""Mailboxes that nothing is sent to, because a bounce of ours told that they do not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from consultant.records.account_tables import Suppressed
from consultant.records.store import Tx, changed


@dataclass(frozen=True, slots=True)
class SuppressedMailbox:
    """One mailbox, since when (UTC), and what its server said."""

    mailbox: str
    since: datetime
    reason: str


def add(tx: Tx, mailbox: str, reason: str, now: datetime) -> None:
    """Send nothing to a mailbox any more."""
    tx.merge(Suppressed(mailbox=mailbox.lower(), since=now, reason=reason[:1000]))


def lift(tx: Tx, mailbox: str) -> bool:
    """Send to a mailbox again; tell whether it was suppressed."""
    return changed(tx, delete(Suppressed).where(Suppressed.mailbox == mailbox.lower()))


def among(tx: Tx, mailboxes: Iterable[str]) -> tuple[SuppressedMailbox, ...]:
    """Return those of some mailboxes that are suppressed."""
    names = [mailbox.lower() for mailbox in mailboxes]
    rows = tx.scalars(select(Suppressed).where(Suppressed.mailbox.in_(names)).order_by(Suppressed.mailbox))
    return tuple(SuppressedMailbox(row.mailbox, row.since, row.reason) for row in rows)


def every(tx: Tx, limit: int = 200) -> tuple[SuppressedMailbox, ...]:
    """Return the suppressed mailboxes, the newest first."""
    rows = tx.scalars(select(Suppressed).order_by(Suppressed.since.desc(), Suppressed.mailbox).limit(limit))
    return tuple(SuppressedMailbox(row.mailbox, row.since, row.reason) for row in rows)
