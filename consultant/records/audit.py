"""The audit trail: append-only rows, each hash covering the one before, so that a change to any shows."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from consultant.records.store import Tx
from consultant.records.tables import Audit

_LOCK = 0x636F6E73
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, to which case, when (UTC)."""

    at: datetime
    actor: str
    action: str
    case_id: int | None
    detail: str


def append(tx: Tx, entry: AuditEntry) -> None:
    """Add one row to the trail. `detail` holds ids and reasons, never letter text."""
    # Two transactions that both append after the same row would fork the chain, so PostgreSQL is asked to queue
    # them; SQLite already has one writer at a time.
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = tx.scalar(select(Audit.hash).order_by(Audit.id.desc()).limit(1)) or _FIRST
    tx.add(
        Audit(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            case_id=entry.case_id,
            detail=entry.detail,
            hash=_digest(last, entry),
        )
    )
    tx.flush()


def trail(tx: Tx, case_id: int) -> tuple[AuditEntry, ...]:
    """Return what was done to a case, oldest first."""
    rows = tx.scalars(select(Audit).where(Audit.case_id == case_id).order_by(Audit.id))
    return tuple(_entry(row) for row in rows)


def first_broken(tx: Tx) -> int | None:
    """Walk the whole trail and return the id of the first row whose hash does not follow, or None."""
    last = _FIRST
    for row in tx.scalars(select(Audit).order_by(Audit.id)).yield_per(1000):
        if row.hash != _digest(last, _entry(row)):
            return row.id
        last = row.hash
    return None


def _entry(row: Audit) -> AuditEntry:
    return AuditEntry(at=row.at, actor=row.actor, action=row.action, case_id=row.case_id, detail=row.detail)


def _digest(before: str, entry: AuditEntry) -> str:
    fields = [before, entry.at.isoformat(), entry.actor, entry.action, entry.case_id, entry.detail]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()
