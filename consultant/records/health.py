"""Signs of life: a heartbeat a process, and how each mail account fares."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from consultant.records.account_tables import AccountStatus, Heartbeat
from consultant.records.store import Tx

FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Account:
    """How one mail account fares. Times in UTC."""

    name: str
    checked_at: datetime | None
    letter_at: datetime | None
    error: str | None
    error_at: datetime | None


def beat(tx: Tx, process: str, kind: str, now: datetime) -> None:
    """Write that a process lives; rows of processes that are a day dead are swept out."""
    tx.merge(Heartbeat(process=process, kind=kind, at=now))
    tx.execute(delete(Heartbeat).where(Heartbeat.at < now - FORGOTTEN))


def last_beats(tx: Tx) -> dict[str, datetime]:
    """Return the newest heartbeat of each kind of process."""
    newest: dict[str, datetime] = {}
    for row in tx.scalars(select(Heartbeat).order_by(Heartbeat.at)):
        newest[row.kind] = row.at
    return newest


def last_beat_on(tx: Tx, kind: str, host: str) -> datetime | None:
    """Return the newest heartbeat of this kind of process on one host; None when there is none."""
    mine = Heartbeat.process.startswith(f"{kind}@{host}:", autoescape=True)
    return tx.scalar(select(Heartbeat.at).where(mine).order_by(Heartbeat.at.desc()).limit(1))


def note_account(tx: Tx, account: str, **values: Any) -> None:
    """Write what was seen of an account: `checked_at`, `letter_at`, `error`, `error_at`."""
    row = tx.get(AccountStatus, account) or AccountStatus(account=account)
    for name, value in values.items():
        setattr(row, name, value)
    tx.add(row)


def accounts(tx: Tx) -> tuple[Account, ...]:
    """Return how every account fares, by name."""
    rows = tx.scalars(select(AccountStatus).order_by(AccountStatus.account))
    return tuple(
        Account(
            name=row.account,
            checked_at=row.checked_at,
            letter_at=row.letter_at,
            error=row.error,
            error_at=row.error_at,
        )
        for row in rows
    )
