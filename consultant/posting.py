"""Letters into the outbox: composed from values, fixed to the byte, sealed and bound before anything is sent."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from consultant.drafting.correspondence import (
    AcknowledgementContext,
    AnswerContext,
    Context,
    HandOverContext,
    QuestionContext,
    outbound,
)
from consultant.drafting.stored import DRAFT
from consultant.errors import Permanent
from consultant.mail.compose import compose, envelope_recipients
from consultant.mail.letter import Address, Letter, Outbound
from consultant.mail.parse import Unparseable
from consultant.mail.thread import base_address, make_message_id, make_token, plus_address, without_other_cases
from consultant.parts import Parts
from consultant.privacy.vault import Unsealable, context_from_digest
from consultant.records import cases, ledger, outgoing, suppressed, threads
from consultant.records.cases import CaseNow, DraftRow, ThreadLetter
from consultant.records.outgoing import OF_THE_CASE, Kind, NewLetter
from consultant.records.people import Person
from consultant.records.store import Tx

AUTOMATIC = (Kind.ACKNOWLEDGEMENT, Kind.HAND_OVER)
AUTOMATIC_PER_SENDER = timedelta(days=1)
AUTOMATIC_PER_CASE = 10
_REPLY: dict[Kind, type[AnswerContext] | type[QuestionContext]] = {
    Kind.ANSWER: AnswerContext,
    Kind.QUESTION: QuestionContext,
}


class NothingToAnswer(Permanent):
    """The case has no letter that could be answered, or no draft yet."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as values and as the bytes that will be sent, with what an approval binds."""

    outbound: Outbound
    raw: bytes
    recipients: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The letter that is answered: as the thread has it, and as its sealed original says."""

    row: ThreadLetter
    original: Letter | None
    """None once retention has purged it; the letter then goes out without a name and with what the row knows."""
    others: tuple[str, ...] = ()
    """Who else wrote letters that wait for an answer."""

    @property
    def name(self) -> str:
        """The asker's display name; empty when unknown."""
        return self.original.sender.name if self.original and self.original.sender else ""

    @property
    def references(self) -> tuple[str, ...]:
        """The References of a reply (RFC 5322, 3.6.4): those of the letter, then its own Message-ID."""
        before = self.original.references or self.original.in_reply_to[:1] if self.original else ()
        return tuple(dict.fromkeys((*before, *((self.row.message_id,) if self.row.message_id else ()))))

    def to(self, case: CaseNow, desk: Address) -> Address:
        """Return whom the reply goes to: Reply-To where the writer gave one that is not ours, else the writer."""
        given = self.original.reply_to if self.original else ()
        for address in given:
            if base_address(address.mailbox) != base_address(desk.mailbox):
                return address
        return Address(self.name, self.row.sender or case.asker)

    def cc(self, case: CaseNow, desk: Address) -> tuple[Address, ...]:
        """Return who gets a copy: the asker, and whoever else wrote a letter that this one answers."""
        writer = {self.row.sender.lower(), self.to(case, desk).mailbox.lower()}
        rest = {each.lower(): each for each in (case.asker, *self.others) if each}
        return tuple(Address("", mailbox) for key, mailbox in rest.items() if key not in writer)


def compose_reply(parts: Parts, case: CaseNow, kind: Kind, text: str, person: Person) -> Composed:
    """Compose the answer or the question back with this text; nothing is written.

    Raises `NothingToAnswer` without a letter or draft, `Uncomposable` when the bytes do not survive their own parsing.
    """
    with parts.store.read() as tx:
        draft = cases.last_draft(tx, case.id)
        answered = _last_letter(tx, parts, case)
    if draft is None:
        raise NothingToAnswer(f"{case.reference} has no draft yet.")
    values = _common(parts, case, answered) | _reviewed(draft, answered, text, person)
    context: Context = _REPLY[kind](**values)
    return _composed(parts, case, kind, context, answered)


def compose_automatic(parts: Parts, case: CaseNow, kind: Kind) -> Composed | None:
    """Compose the acknowledgement or the hand-over notice of a new case; None where none may be sent."""
    with parts.store.read() as tx:
        if not may_have_automatic(tx, case, parts.now()):
            return None
        answered = _last_letter(tx, parts, case)
    if answered.row.sender.lower() != case.asker.lower():
        # By now somebody else has written last, so the case is no longer news to its asker.
        return None
    common = _common(parts, case, answered)
    context: Context = (
        HandOverContext(**common) if kind is Kind.HAND_OVER else AcknowledgementContext(**common, expect_by=case.due_at)
    )
    return _composed(parts, case, kind, context, answered)


def may_have_automatic(tx: Tx, case: CaseNow, now: datetime) -> bool:
    """Tell whether the asker may have an automatic letter now.

    One for the opening of a case, at most one for each sender and day, and ten for each thread (docs/promises.md, 10).
    """
    return (
        bool(case.asker)
        and not ledger.doubtful(tx, case.id)
        and not suppressed.among(tx, (case.asker,))
        and not outgoing.of_case(tx, case.id)
        and not outgoing.sent_to(tx, case.asker, AUTOMATIC, now - AUTOMATIC_PER_SENDER)
        and outgoing.automatic_in_case(tx, case.id) < AUTOMATIC_PER_CASE
    )


def enqueue(
    tx: Tx, parts: Parts, composed: Composed, kind: Kind, case: CaseNow, review_id: int | None, now: datetime
) -> int:
    """Write a composed letter into the outbox, in the transaction of the decision that it carries out.

    One that a reviewer approved is due only after the time in which he may take it back.
    """
    undo = timedelta(seconds=parts.settings.desk.undo_seconds) if kind in OF_THE_CASE else timedelta()
    letter = NewLetter(
        kind=kind,
        account=case.account,
        case_id=case.id,
        review_id=review_id,
        message_id=composed.outbound.message_id,
        delivery_id=composed.outbound.delivery_id,
        envelope_sender=composed.outbound.sender.mailbox,
        recipients=composed.recipients,
        sealed=parts.vault.seal(composed.raw, context_from_digest("outbox", composed.sha256)),
        sha256=composed.sha256,
    )
    return outgoing.enqueue(tx, letter, now, due=now + undo)


def _composed(parts: Parts, case: CaseNow, kind: Kind, context: Context, answered: Answered) -> Composed:
    desk = parts.desk(parts.account(case.account))
    token = make_token(case.reference, parts.thread_key)
    letter = outbound(
        str(kind),
        context,
        desk=desk,
        to=_to(case, kind, answered, desk),
        cc=answered.cc(case, desk) if kind in OF_THE_CASE else (),
        reference=case.reference,
        token=token,
        message_id=make_message_id(case.reference, parts.thread_key, parts.settings.desk.domain, secrets.token_hex(8)),
        delivery_id=secrets.token_hex(16),
        date=parts.now(),
        in_reply_to=answered.row.message_id,
        references=without_other_cases(answered.references, case.reference),
        reply_to=_reply_to(parts, case, desk),
    )
    raw = parts.sign(parts.account(case.account), compose(letter))
    recipients = tuple(envelope_recipients(letter))
    return Composed(letter, raw, recipients, outgoing.binding(raw, recipients))


def _reply_to(parts: Parts, case: CaseNow, desk: Address) -> Address | None:
    """Return the address that a reply finds its case by, even where a mail program drops References; None for From."""
    if not parts.account(case.account).plus_addresses:
        return None
    return Address(desk.name, plus_address(desk.mailbox, case.reference, parts.thread_key))


def _to(case: CaseNow, kind: Kind, answered: Answered, desk: Address) -> Address:
    """Return whom a letter goes to.

    An automatic one goes to the asker alone (RFC 3834, 4): nobody looks at it before, so a Reply-To would let a
    stranger have us write to anyone, and past the limit of one for each sender and day.
    """
    return answered.to(case, desk) if kind in OF_THE_CASE else Address(answered.name, case.asker)


def _last_letter(tx: Tx, parts: Parts, case: CaseNow) -> Answered:
    thread = cases.thread(tx, case.id)
    if not thread:
        raise NothingToAnswer(f"{case.reference} has no letter that could be answered.")
    last = thread[-1]
    others = threads.unanswered_senders(tx, case.id)
    sealed = ledger.raw(tx, last.id)
    if sealed is None:
        return Answered(last, None, others)
    try:
        original = parts.read(parts.vault.open(sealed[1], context_from_digest("letter", sealed[0])))
    except (Unparseable, Unsealable):
        return Answered(last, None, others)
    return Answered(last, original, others)


def _common(parts: Parts, case: CaseNow, answered: Answered) -> dict[str, Any]:
    return {
        "desk": parts.desk(parts.account(case.account)),
        "zone": parts.settings.desk.zone,
        "reference": case.reference,
        "asker_name": answered.name,
        "asked_subject": case.subject,
    }


def _reviewed(draft: DraftRow, answered: Answered, text: str, person: Person) -> dict[str, Any]:
    drawn = DRAFT.validate_python(draft.document)
    service: date = drawn.date_of_service
    return {
        "subject": drawn.subject,
        "body": text.replace("\r\n", "\n").strip() + "\n",
        "asked_text": answered.row.new_text,
        "asked_at": answered.row.received_at,
        "reviewer_name": person.name,
        "reviewer_credential": person.credential,
        "date_of_service": service,
        "date_assumed": drawn.date_assumed,
        "release": drawn.release,
    }
