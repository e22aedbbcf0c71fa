"""The outbox: letters fixed to the byte, and how far each has come. The phases are those of docs/promises.md, 6."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from consultant.records.store import LostRace, Tx, changed
from consultant.records.tables import Outbox, Recipient

BEYOND_THE_DOT = timedelta(minutes=1)
"""How much longer than the wait for the reply to the dot the lease of that wait is."""


PUT_OFF = "put_off"
"""The state of a recipient whom the server put off with 4xx, until it is known what became of the others."""


class Sending(StrEnum):
    """How far a letter of the outbox has come."""

    QUEUED = "queued"
    SENDING = "sending"
    """Before the final dot: whatever happens here, the server does not own the letter."""
    AT_DOT = "at_dot"
    """The dot is being sent: without a numeric reply nobody knows."""
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"
    VOID = "void"


class Kind(StrEnum):
    """Which letter it is; each has a folder under templates/email."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    QUESTION = "question"
    HAND_OVER = "hand_over"


OF_THE_CASE = (Kind.ANSWER, Kind.QUESTION)
"""The letters that a reviewer approved and whose delivery moves the case; the others are automatic."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter for the outbox; `sealed` opens with the SHA-256 of the bytes as context."""

    kind: Kind
    account: str
    case_id: int | None
    review_id: int | None
    message_id: str
    delivery_id: str
    envelope_sender: str
    recipients: tuple[str, ...]
    sealed: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class OutboxNow:
    """A letter of the outbox as it stands, with what guards the next write."""

    id: int
    case_id: int | None
    review_id: int | None
    account: str
    kind: Kind
    state: Sending
    lease: str | None
    lease_until: datetime | None
    attempts: int
    searches: int
    written_at: datetime
    next_try_at: datetime
    message_id: str
    delivery_id: str
    envelope_sender: str
    recipients: tuple[str, ...]
    """Those that still have to be served."""
    begun: bool
    """Whether some recipients have it already, so that only the others are left."""
    everyone: tuple[str, ...]
    """All recipients, over whom the approval binds."""
    sealed: bytes
    sha256: str
    reply: str | None
    sent_at: datetime | None


def binding(raw: bytes, recipients: Sequence[str]) -> str:
    """Return the SHA-256 that an approval holds: over the rendered MIME and its recipients."""
    digest = hashlib.sha256(raw)
    for recipient in sorted(recipients):
        digest.update(b"\0" + recipient.encode())
    return digest.hexdigest()


def enqueue(tx: Tx, letter: NewLetter, now: datetime, due: datetime | None = None) -> int:
    """Write a letter into the outbox, in the transaction of the decision that it carries out; due at once, or then."""
    row = Outbox(
        case_id=letter.case_id,
        review_id=letter.review_id,
        account=letter.account,
        kind=str(letter.kind),
        state=str(Sending.QUEUED),
        written_at=now,
        next_try_at=due or now,
        message_id=letter.message_id,
        delivery_id=letter.delivery_id,
        envelope_sender=letter.envelope_sender,
        sealed=letter.sealed,
        sha256=letter.sha256,
    )
    tx.add(row)
    tx.flush()
    for mailbox in letter.recipients:
        tx.add(Recipient(outbox_id=row.id, mailbox=mailbox))
    tx.flush()
    return row.id


def current(tx: Tx, outbox_id: int) -> OutboxNow:
    """Return a letter of the outbox; raise `LookupError` where there is none."""
    row = tx.get(Outbox, outbox_id, populate_existing=True)
    if row is None:
        raise LookupError(f"There is no letter {outbox_id} in the outbox.")
    rows = recipients_of(tx, row.id)
    return OutboxNow(
        id=row.id,
        case_id=row.case_id,
        review_id=row.review_id,
        account=row.account,
        kind=Kind(row.kind),
        state=Sending(row.state),
        lease=row.lease,
        lease_until=row.lease_until,
        attempts=row.attempts,
        searches=row.searches,
        written_at=row.written_at,
        next_try_at=row.next_try_at,
        message_id=row.message_id,
        delivery_id=row.delivery_id,
        envelope_sender=row.envelope_sender,
        recipients=tuple(mailbox for mailbox, state, _ in rows if state == "queued"),
        begun=any(state == "sent" for _, state, _ in rows),
        everyone=tuple(mailbox for mailbox, _, _ in rows),
        sealed=row.sealed or b"",
        sha256=row.sha256,
        reply=row.reply,
        sent_at=row.sent_at,
    )


def due(tx: Tx, now: datetime, limit: int = 500) -> tuple[int, ...]:
    """Return ids of letters whose time has come: to send, to take up after a crash, or to search for."""
    mine = or_(Outbox.lease.is_(None), Outbox.lease_until < now)
    states = [str(Sending.QUEUED), str(Sending.SENDING), str(Sending.AT_DOT), str(Sending.UNCERTAIN)]
    rows = select(Outbox.id).where(Outbox.state.in_(states), mine, Outbox.next_try_at <= now)
    return tuple(tx.scalars(rows.order_by(Outbox.next_try_at, Outbox.id).limit(limit)))


def step(tx: Tx, seen: OutboxNow, state: Sending, **values: Any) -> None:
    """Take a letter to the next phase, guarded by the phase and lease that were seen; else `LostRace`."""
    lease = Outbox.lease.is_(None) if seen.lease is None else Outbox.lease == seen.lease
    guard = (Outbox.id == seen.id, Outbox.state == str(seen.state), lease)
    if not changed(tx, update(Outbox).where(*guard).values(state=str(state), **values)):
        raise LostRace(f"Letter {seen.id} of the outbox was changed by another worker.")
    if state is Sending.QUEUED:
        # Whom the server put off at the last try is offered again with the next one.
        again = (Recipient.outbox_id == seen.id, Recipient.state == PUT_OFF)
        changed(tx, update(Recipient).where(*again).values(state="queued"))


def settle(tx: Tx, seen: OutboxNow, reply: str, now: datetime, again: datetime) -> bool:
    """Record that the server has the letter, for all recipients that it took; tell whether that is all of them.

    Those that it put off are tried again alone, at `again`.
    """
    served = (Recipient.outbox_id == seen.id, Recipient.state == "queued")
    changed(tx, update(Recipient).where(*served).values(state="sent", reply=reply[:1000]))
    waiting = tx.scalar(select(Recipient.id).where(Recipient.outbox_id == seen.id, Recipient.state == PUT_OFF).limit(1))
    free: dict[str, Any] = {"reply": reply, "lease": None, "lease_until": None}
    if waiting is None:
        step(tx, seen, Sending.SENT, sent_at=now, **free)
    else:
        step(tx, seen, Sending.QUEUED, next_try_at=again, **free)
    return waiting is None


def mark_recipients(tx: Tx, outbox_id: int, replies: Mapping[str, str], state: str) -> None:
    """Set the state of some recipients, with what the server said of each."""
    for mailbox, reply in replies.items():
        guard = (Recipient.outbox_id == outbox_id, Recipient.mailbox == mailbox)
        tx.execute(update(Recipient).where(*guard).values(state=state, reply=reply[:1000]))


def case_of_message(tx: Tx, message_ids: Sequence[str]) -> tuple[int, ...]:
    """Return the cases of which we sent one of these Message-IDs."""
    found = select(Outbox.case_id).where(Outbox.message_id.in_(message_ids), Outbox.case_id.is_not(None)).distinct()
    return tuple(number for number in tx.scalars(found) if number is not None)


def by_delivery(tx: Tx, delivery_ids: Sequence[str], message_ids: Sequence[str]) -> OutboxNow | None:
    """Return the letter that a delivery report is about, by either of the ids that we gave it."""
    either = or_(Outbox.delivery_id.in_(delivery_ids), Outbox.message_id.in_(message_ids))
    found = tx.scalar(select(Outbox.id).where(either).limit(1))
    return current(tx, found) if found else None


def sent_to(tx: Tx, mailbox: str, kinds: Sequence[Kind], since: datetime) -> int:
    """Return how many letters of these kinds were written to a mailbox since then, whatever became of them."""
    query = (
        select(func.count())
        .select_from(Outbox)
        .join(Recipient, Recipient.outbox_id == Outbox.id)
        .where(Recipient.mailbox == mailbox, Outbox.kind.in_([str(kind) for kind in kinds]), Outbox.written_at >= since)
    )
    return tx.scalar(query) or 0


def sent_since(tx: Tx, account: str, since: datetime, now: datetime, domain: str | None = None) -> int:
    """Return how many letters an account has sent since then, or is sending; those to one domain where it is given.

    One whose worker died is not being sent: it would stand in its own way for ever.
    """
    moving = and_(Outbox.state.in_([str(Sending.SENDING), str(Sending.AT_DOT)]), Outbox.lease_until >= now)
    query = select(func.count(Outbox.id.distinct())).where(
        Outbox.account == account, or_(Outbox.sent_at >= since, moving)
    )
    if domain is not None:
        query = query.join(Recipient, Recipient.outbox_id == Outbox.id).where(
            Recipient.mailbox.endswith(f"@{domain}", autoescape=True)
        )
    return tx.scalar(query) or 0


def automatic_in_case(tx: Tx, case_id: int) -> int:
    """Return how many automatic letters a case has caused."""
    kinds = [str(kind) for kind in Kind if kind not in OF_THE_CASE]
    query = select(func.count()).select_from(Outbox).where(Outbox.case_id == case_id, Outbox.kind.in_(kinds))
    return tx.scalar(query) or 0


def of_case(tx: Tx, case_id: int) -> tuple[OutboxNow, ...]:
    """Return every letter that we wrote in a case, oldest first."""
    numbers = tx.scalars(select(Outbox.id).where(Outbox.case_id == case_id).order_by(Outbox.id)).all()
    return tuple(current(tx, number) for number in numbers)


def recipients_of(tx: Tx, outbox_id: int) -> tuple[tuple[str, str, str | None], ...]:
    """Return (mailbox, state, reply) of every recipient."""
    rows = tx.execute(
        select(Recipient.mailbox, Recipient.state, Recipient.reply)
        .where(Recipient.outbox_id == outbox_id)
        .order_by(Recipient.id)
    )
    return tuple((row.mailbox, row.state, row.reply) for row in rows)


def counts(tx: Tx) -> dict[str, int]:
    """Return the number of letters by phase."""
    return dict(tx.execute(select(Outbox.state, func.count()).group_by(Outbox.state)).all())
