"""What pages show: rows joined for reading, never for deciding."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select

from consultant.lifecycle import State
from consultant.mail.letter import Verdict
from consultant.records.cases import CaseNow, current
from consultant.records.store import Tx
from consultant.records.tables import Attachment, Case, Letter, Outbox, Review, Reviewer

PAGE = 50
_STOPPED = and_(Case.state == str(State.APPROVED), Case.unread.is_(True))


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases the queue shows. Empty means any."""

    states: tuple[str, ...] = ()
    topic: str = ""
    reviewer_id: int | None = None
    stopped: bool = False
    """Whether approved cases whose letter waits because the asker wrote again are asked for as well."""
    words: str = ""
    """Found in the reference, the masked subject or the asker's address."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in the queue."""

    id: int
    reference: str
    state: str
    subject: str
    asker: str
    topics: tuple[str, ...]
    specialty: str | None
    outcome: str | None
    confidence: float | None
    opened_at: datetime
    due_at: datetime
    unread: bool
    holder: str | None
    """Name of the reviewer who has the case in review."""
    holder_id: int | None
    hold_reason: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and how many cases there are in all."""

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One attachment; its name is sealed."""

    id: int
    letter_id: int
    number: int
    sha256: str
    sealed_name: bytes | None
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One inbound letter, masked."""

    id: int
    account: str
    received_at: datetime
    sender: str | None
    subject: str
    text: str
    new_text: str
    verdict: str | None
    rule: str | None
    reason: str | None
    defects: tuple[str, ...]
    doubt: str | None
    size: int
    case_id: int | None
    attachments: tuple[AttachmentRow, ...]
    about_case_id: int | None
    about: str | None
    """The reference of the case that a letter in quarantine says it follows up."""
    replied: str | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One decision with its reviewer's name."""

    decided_at: datetime
    reviewer: str
    credential: str
    decision: str
    note: str
    override: str
    failed_checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One letter of the outbox that needs a person."""

    id: int
    case_id: int | None
    reference: str | None
    kind: str
    state: str
    written_at: datetime
    attempts: int
    reply: str | None


def queue(tx: Tx, wanted: QueueFilter) -> Queue:
    """Return the cases that fit, the ones due soonest first and, of those, the surest first."""
    conditions = _conditions(wanted)
    total = tx.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    rows = tx.execute(
        select(Case, Reviewer.name)
        .outerjoin(Reviewer, Reviewer.id == Case.reviewer_id)
        .where(*conditions)
        .order_by(Case.due_at, Case.confidence.desc(), Case.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Queue(tuple(_queue_row(case, holder) for case, holder in rows), total, page, pages)


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        asked = Case.state.in_(wanted.states)
        conditions.append(or_(asked, _STOPPED) if wanted.stopped else asked)
    if wanted.reviewer_id is not None:
        conditions.append(Case.reviewer_id == wanted.reviewer_id)
    if wanted.topic:
        # The list is stored as JSON text in both databases; the quotes keep one name from matching inside another.
        conditions.append(cast(Case.topics, Text).contains(f'"{wanted.topic}"', autoescape=True))
    if wanted.words:
        fields = (Case.reference, Case.subject, Case.asker)
        conditions.append(or_(*(field.icontains(wanted.words, autoescape=True) for field in fields)))
    return conditions


def _queue_row(case: Case, holder: str | None) -> QueueRow:
    return QueueRow(
        id=case.id,
        reference=case.reference or "",
        state=case.state,
        subject=case.subject,
        asker=case.asker,
        topics=tuple(case.topics or ()),
        specialty=case.specialty,
        outcome=case.outcome,
        confidence=case.confidence,
        opened_at=case.opened_at,
        due_at=case.due_at,
        unread=case.unread,
        holder=holder if case.state == State.IN_REVIEW else None,
        holder_id=case.reviewer_id,
        hold_reason=case.hold_reason,
    )


def cases_of(tx: Tx, asker: str, limit: int = 20) -> tuple[CaseNow, ...]:
    """Return the cases of one asker, the newest first."""
    numbers = tx.scalars(select(Case.id).where(Case.asker == asker).order_by(Case.id.desc()).limit(limit)).all()
    return tuple(current(tx, number) for number in numbers)


def letters(tx: Tx, case_id: int) -> tuple[LetterRow, ...]:
    """Return the inbound letters of a case, oldest first."""
    return tuple(
        _letter(tx, row) for row in tx.scalars(select(Letter).where(Letter.case_id == case_id).order_by(Letter.id))
    )


def letter(tx: Tx, letter_id: int) -> LetterRow | None:
    """Return one letter, or None."""
    row = tx.get(Letter, letter_id)
    return _letter(tx, row) if row else None


def letters_by_verdict(tx: Tx, verdict: Verdict, limit: int = 200) -> tuple[LetterRow, ...]:
    """Return letters with this verdict that are in no case, newest first: quarantine, and what was set aside."""
    rows = tx.scalars(
        select(Letter)
        .where(Letter.verdict == str(verdict), Letter.case_id.is_(None))
        .order_by(Letter.id.desc())
        .limit(limit)
    )
    return tuple(_letter(tx, row) for row in rows)


def letters_about(tx: Tx, case_id: int) -> tuple[LetterRow, ...]:
    """Return the letters in quarantine that follow up a case, oldest first."""
    waiting = (Letter.verdict == str(Verdict.QUARANTINE), Letter.case_id.is_(None))
    rows = tx.scalars(select(Letter).where(*waiting, Letter.about_case_id == case_id).order_by(Letter.id))
    return tuple(_letter(tx, row) for row in rows)


def attachment(tx: Tx, attachment_id: int) -> tuple[AttachmentRow, bytes | None, int | None] | None:
    """Return an attachment, its sealed content and the case it belongs to; None where there is none."""
    row = tx.get(Attachment, attachment_id)
    if row is None:
        return None
    case_id = tx.scalar(select(Letter.case_id).where(Letter.id == row.letter_id))
    return _attachment(row), row.sealed, case_id


def reviews(tx: Tx, case_id: int) -> tuple[ReviewRow, ...]:
    """Return what reviewers decided in a case, oldest first."""
    rows = tx.execute(
        select(Review, Reviewer.name, Reviewer.credential)
        .join(Reviewer, Reviewer.id == Review.reviewer_id)
        .where(Review.case_id == case_id)
        .order_by(Review.id)
    )
    return tuple(
        ReviewRow(
            decided_at=row.decided_at,
            reviewer=name,
            credential=credential,
            decision=row.decision,
            note=row.note,
            override=row.override,
            failed_checks=tuple(row.failed_checks or ()),
        )
        for row, name, credential in rows
    )


def stopped(tx: Tx) -> int:
    """Return how many approved letters wait because their asker wrote again."""
    return tx.scalar(select(func.count()).select_from(Case).where(_STOPPED)) or 0


def outbox_in(tx: Tx, states: tuple[str, ...], limit: int = 200) -> tuple[OutboxRow, ...]:
    """Return letters of the outbox in these phases, oldest first."""
    rows = tx.execute(
        select(Outbox, Case.reference)
        .outerjoin(Case, Case.id == Outbox.case_id)
        .where(Outbox.state.in_(states))
        .order_by(Outbox.id)
        .limit(limit)
    )
    return tuple(
        OutboxRow(
            id=row.id,
            case_id=row.case_id,
            reference=reference,
            kind=row.kind,
            state=row.state,
            written_at=row.written_at,
            attempts=row.attempts,
            reply=row.reply,
        )
        for row, reference in rows
    )


def _letter(tx: Tx, row: Letter) -> LetterRow:
    parts = tx.scalars(select(Attachment).where(Attachment.letter_id == row.id).order_by(Attachment.number))
    return LetterRow(
        id=row.id,
        account=row.account,
        received_at=row.received_at,
        sender=row.sender,
        subject=row.subject or "",
        text=row.text or "",
        new_text=row.new_text or "",
        verdict=row.verdict,
        rule=row.rule,
        reason=row.reason,
        defects=tuple(row.defects or ()),
        doubt=row.doubt,
        size=row.size,
        case_id=row.case_id,
        attachments=tuple(_attachment(part) for part in parts),
        about_case_id=row.about_case_id,
        about=tx.scalar(select(Case.reference).where(Case.id == row.about_case_id)) if row.about_case_id else None,
        replied=row.replied,
    )


def _attachment(row: Attachment) -> AttachmentRow:
    return AttachmentRow(
        id=row.id,
        letter_id=row.letter_id,
        number=row.number,
        sha256=row.sha256,
        sealed_name=row.sealed_name,
        content_type=row.content_type,
        size=row.size,
    )
