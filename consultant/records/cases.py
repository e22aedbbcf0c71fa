"""Cases, their drafts and their reviews. Every change of state goes through `move`, which asks the law and guards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from consultant.lifecycle import DUE_TO_MACHINE, REPLY_LEAVES_UNREAD, Event, State, after
from consultant.records.store import LostRace, Tx, changed
from consultant.records.tables import Case, Draft, Letter, Review

ANSWERED = "answer"
"""What stands in `Letter.replied` once an answer was sent; after a question back the letter is read again."""
LEASE = timedelta(seconds=45)
CRASHES_ALLOWED = 3


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as it stands, with what guards the next write: `state` and `lease`."""

    id: int
    reference: str
    state: State
    lease: str | None
    lease_until: datetime | None
    reviewer_id: int | None
    account: str
    asker: str
    subject: str
    opened_at: datetime
    due_at: datetime
    attempts: int
    unread: bool
    hold_reason: str | None
    question: dict[str, Any] | None
    evidence: dict[str, Any] | None
    release: str | None
    outcome: str | None
    topics: tuple[str, ...]
    specialty: str | None
    confidence: float | None
    merged_into: int | None
    split_from: int | None


@dataclass(frozen=True, slots=True)
class ThreadLetter:
    """A letter of the thread, masked."""

    id: int
    sender: str
    received_at: datetime
    message_id: str | None
    subject: str
    new_text: str
    masked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One version of the answer."""

    id: int
    number: int
    written_at: datetime
    reviewer_id: int | None
    outcome: str
    text: str
    document: dict[str, Any]
    letter_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided."""

    reviewer_id: int
    decided_at: datetime
    decision: str
    note: str
    draft_id: int | None = None
    override: str = ""
    failed_checks: tuple[str, ...] = ()
    sha256: str | None = None


def open_case(
    tx: Tx, letter_id: int | None, account: str, asker: str, subject: str, now: datetime, due_at: datetime
) -> int:
    """Open a case for a letter, or for one that is moved into it next, and return its id.

    Its reference is C-year-number.
    """
    case = Case(
        state=str(State.RECEIVED),
        account=account,
        asker=asker,
        subject=subject,
        opened_at=now,
        changed_at=now,
        due_at=due_at,
        next_try_at=now,
        topics=[],
    )
    tx.add(case)
    tx.flush()
    case.reference = f"C-{now.year}-{case.id:06d}"
    tx.flush()
    if letter_id is not None:
        _attach(tx, letter_id, case.id)
    return case.id


def join(tx: Tx, case_id: int, letter_id: int, now: datetime, due_at: datetime) -> State:
    """Add a follow-up to its case: restarts the work, or leaves the state and marks the case unread."""
    seen = current(tx, case_id)
    _attach(tx, letter_id, case_id)
    if seen.state in REPLY_LEAVES_UNREAD:
        return move(tx, seen, Event.REPLY, now, keep_lease=True, unread=True)
    return move(tx, seen, Event.REPLY, now, due_at=due_at, closed_at=None, attempts=0, next_try_at=now)


def _attach(tx: Tx, letter_id: int, case_id: int) -> None:
    guard = (Letter.id == letter_id, Letter.case_id.is_(None))
    if not changed(tx, update(Letter).where(*guard).values(case_id=case_id)):
        raise LostRace(f"Letter {letter_id} is in a case already.")


def current(tx: Tx, case_id: int) -> CaseNow:
    """Return the case as it stands; raise `LookupError` where there is none."""
    row = tx.get(Case, case_id, populate_existing=True)
    if row is None:
        raise LookupError(f"There is no case {case_id}.")
    return _now(row)


def by_reference(tx: Tx, reference: str) -> CaseNow | None:
    """Return the case with this reference, or None."""
    row = tx.scalar(select(Case).where(Case.reference == reference).execution_options(populate_existing=True))
    return _now(row) if row else None


def move(tx: Tx, seen: CaseNow, event: Event, now: datetime, *, keep_lease: bool = False, **changes: Any) -> State:
    """Take a case to the state that the law names, together with other changes of its row.

    Guarded by the state and the lease that were seen: `LostRace` when either has changed, `NotAllowed` when the
    law has no such move. The lease ends unless it is kept or given anew among the changes.
    """
    return move_through(tx, seen, (event,), now, keep_lease=keep_lease, **changes)


def move_through(
    tx: Tx, seen: CaseNow, events: Sequence[Event], now: datetime, *, keep_lease: bool = False, **changes: Any
) -> State:
    """Take a case through several moves of the law at once; as `move` otherwise."""
    to = seen.state
    for event in events:
        to = after(to, event)
    values: dict[str, Any] = {"state": str(to), "changed_at": now}
    if not keep_lease:
        values |= {"lease": None, "lease_until": None, "reviewer_id": None}
    guarded_update(tx, seen, values | changes)
    return to


def guarded_update(tx: Tx, seen: CaseNow, values: dict[str, Any]) -> None:
    """Change a case's row if its state and lease are still those that were seen; else raise `LostRace`."""
    lease = Case.lease.is_(None) if seen.lease is None else Case.lease == seen.lease
    if not changed(tx, update(Case).where(Case.id == seen.id, Case.state == str(seen.state), lease).values(**values)):
        raise LostRace(f"{seen.reference} was changed by somebody else in the meantime.")


def due(tx: Tx, now: datetime, limit: int = 500) -> tuple[int, ...]:
    """Return ids of cases in which a machine owes the next step and nobody is at it, oldest first."""
    free = or_(Case.lease.is_(None), Case.lease_until < now)
    states = [str(state) for state in DUE_TO_MACHINE]
    return tuple(
        tx.scalars(
            select(Case.id)
            .where(Case.state.in_(states), free, Case.next_try_at <= now)
            .order_by(Case.next_try_at, Case.id)
            .limit(limit)
        )
    )


def take(tx: Tx, case_id: int, lease: str, now: datetime) -> CaseNow | None:
    """Lease a case for the steps that are due and count the attempt; None when nothing is due or somebody is at it."""
    free = or_(Case.lease.is_(None), Case.lease_until < now)
    states = [str(state) for state in DUE_TO_MACHINE]
    taken = changed(
        tx,
        update(Case)
        .where(Case.id == case_id, Case.state.in_(states), free, Case.next_try_at <= now)
        .values(lease=lease, lease_until=now + LEASE, attempts=Case.attempts + 1),
    )
    return current(tx, case_id) if taken else None


def thread(tx: Tx, case_id: int, *, unanswered: bool = False) -> tuple[ThreadLetter, ...]:
    """Return the letters of a case, oldest first; on demand those alone that no answer was sent to yet."""
    wanted = [Letter.case_id == case_id]
    if unanswered:
        wanted.append(or_(Letter.replied.is_(None), Letter.replied != ANSWERED))
    rows = tx.scalars(select(Letter).where(*wanted).order_by(Letter.id))
    return tuple(
        ThreadLetter(
            id=row.id,
            sender=row.sender or "",
            received_at=row.received_at,
            message_id=row.message_id,
            subject=row.subject or "",
            new_text=row.new_text or "",
            masked=tuple(row.masked or ()),
        )
        for row in rows
    )


def add_draft(
    tx: Tx,
    case_id: int,
    *,
    outcome: str,
    text: str,
    document: dict[str, Any],
    letter_id: int,
    now: datetime,
    reviewer_id: int | None = None,
) -> DraftRow:
    """Write the next version of the answer."""
    last = tx.scalar(select(func.max(Draft.number)).where(Draft.case_id == case_id)) or 0
    row = Draft(
        case_id=case_id,
        number=last + 1,
        written_at=now,
        reviewer_id=reviewer_id,
        outcome=outcome,
        text=text,
        document=document,
        letter_id=letter_id,
    )
    tx.add(row)
    tx.flush()
    return _draft(row)


def drafts(tx: Tx, case_id: int) -> tuple[DraftRow, ...]:
    """Return every version, oldest first."""
    return tuple(
        _draft(row) for row in tx.scalars(select(Draft).where(Draft.case_id == case_id).order_by(Draft.number))
    )


def last_draft(tx: Tx, case_id: int) -> DraftRow | None:
    """Return the newest version, or None before there is one."""
    row = tx.scalar(select(Draft).where(Draft.case_id == case_id).order_by(Draft.number.desc()).limit(1))
    return _draft(row) if row else None


def decide(tx: Tx, case_id: int, decision: Decision) -> int:
    """Write what a reviewer decided; return the row's id."""
    row = Review(
        case_id=case_id,
        reviewer_id=decision.reviewer_id,
        decided_at=decision.decided_at,
        decision=decision.decision,
        note=decision.note,
        draft_id=decision.draft_id,
        override=decision.override,
        failed_checks=list(decision.failed_checks),
        sha256=decision.sha256,
    )
    tx.add(row)
    tx.flush()
    return row.id


def expired_reviews(tx: Tx, now: datetime) -> tuple[CaseNow, ...]:
    """Return the cases whose reviewer has done nothing until the end of his claim."""
    rows = tx.scalars(select(Case).where(Case.state == str(State.IN_REVIEW), Case.lease_until < now))
    return tuple(_now(row) for row in rows)


def quiet(tx: Tx, before: datetime, limit: int = 200) -> tuple[CaseNow, ...]:
    """Return cases that are answered, or wait for their sender, and have not changed since."""
    states = [str(State.ANSWERED), str(State.AWAITING_SENDER)]
    rows = tx.scalars(
        select(Case).where(Case.state.in_(states), Case.changed_at < before).order_by(Case.id).limit(limit)
    )
    return tuple(_now(row) for row in rows)


def counts(tx: Tx) -> dict[str, int]:
    """Return the number of cases by state."""
    return dict(tx.execute(select(Case.state, func.count()).group_by(Case.state)).all())


def _now(row: Case) -> CaseNow:
    return CaseNow(
        id=row.id,
        reference=row.reference or "",
        state=State(row.state),
        lease=row.lease,
        lease_until=row.lease_until,
        reviewer_id=row.reviewer_id,
        account=row.account,
        asker=row.asker,
        subject=row.subject,
        opened_at=row.opened_at,
        due_at=row.due_at,
        attempts=row.attempts,
        unread=row.unread,
        hold_reason=row.hold_reason,
        question=row.question,
        evidence=row.evidence,
        release=row.release,
        outcome=row.outcome,
        topics=tuple(row.topics or ()),
        specialty=row.specialty,
        confidence=row.confidence,
        merged_into=row.merged_into,
        split_from=row.split_from,
    )


def _draft(row: Draft) -> DraftRow:
    return DraftRow(
        id=row.id,
        number=row.number,
        written_at=row.written_at,
        reviewer_id=row.reviewer_id,
        outcome=row.outcome,
        text=row.text,
        document=row.document,
        letter_id=row.letter_id,
    )
