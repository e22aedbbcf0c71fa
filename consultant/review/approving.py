"""Editing, checking, previewing and approving: from the draft to the letter that will be sent, to the byte."""

from dataclasses import dataclass
from datetime import datetime

from consultant import precedents
from consultant.drafting.checks import Check, check
from consultant.drafting.stored import DRAFT, QUESTION
from consultant.errors import ConsultantError
from consultant.lifecycle import Event
from consultant.parts import Parts
from consultant.posting import Composed, compose_reply, enqueue
from consultant.records import cases
from consultant.records.cases import CaseNow, Decision, DraftRow
from consultant.records.outgoing import Kind
from consultant.records.people import Person
from consultant.records.store import LostRace, Tx
from consultant.review.held import extend_claim, require_claim, write_audit


class Unread(ConsultantError):
    """The asker wrote again; the letter has to be read before anything is approved."""


class ChecksFailed(ConsultantError):
    """The text does not pass the checks; a reason to override them was not given."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        """Keep the checks, passed and failed."""
        failed = " ".join(each.sentence for each in checks if not each.passed)
        super().__init__(f"{failed} Mend the text, or give the reason why it is right as it stands.")
        self.checks = checks


@dataclass(frozen=True, slots=True)
class Preview:
    """The very letter that would be sent, and what the checks say of it."""

    to: str
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    checks: tuple[Check, ...]


def save(parts: Parts, case_id: int, person: Person, *, text: str, outcome: str, seen_draft: int) -> DraftRow:
    """Keep an edit as the next version; raises `LostRace` when the text on the page is not the newest version."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        require_claim(tx, case, person)
        row = _version(tx, case, person, text=text, outcome=outcome, seen_draft=seen_draft, now=now)
        extend_claim(tx, case, person, parts, now)
        write_audit(tx, person, "save draft", case_id, now, f"version {row.number}")
        return row


def preview(parts: Parts, case_id: int, person: Person, *, text: str, kind: str) -> Preview:
    """Return the letter as it would be sent now; nothing is written."""
    with parts.store.read() as tx:
        case = cases.current(tx, case_id)
        draft = cases.last_draft(tx, case_id)
    composed = compose_reply(parts, case, Kind(kind), text, person)
    return Preview(
        to=composed.outbound.to[0].mailbox,
        cc=tuple(each.mailbox for each in composed.outbound.cc),
        subject=composed.outbound.subject,
        text=composed.outbound.text,
        html=composed.outbound.html,
        checks=_checks(parts, case, draft, text),
    )


def checks(parts: Parts, case_id: int, *, text: str) -> tuple[Check, ...]:
    """Return what the checks say of a text; nothing is written."""
    with parts.store.read() as tx:
        case = cases.current(tx, case_id)
        draft = cases.last_draft(tx, case_id)
    return _checks(parts, case, draft, text)


def approve(
    parts: Parts, case_id: int, person: Person, *, text: str, kind: str, seen_draft: int, override: str = ""
) -> int:
    """Bind the rendered letter and put it into the outbox, in one transaction; return the outbox row's id.

    Raises `NotYours` or `HeldBy` without a claim, `Unread` when the asker wrote again, `ChecksFailed` without a
    reason to override, and `LostRace` when the text on the page is not the newest version.
    """
    wanted = Kind(kind)
    with parts.store.read() as tx:
        case = cases.current(tx, case_id)
        require_claim(tx, case, person)
        draft = cases.last_draft(tx, case_id)
    if case.unread:
        raise Unread("The asker wrote again while this was in review; read the new letter, then approve.")
    found = _checks(parts, case, draft, text)
    failed = tuple(each for each in found if not each.passed)
    if failed and not override.strip():
        raise ChecksFailed(found)
    composed = compose_reply(parts, case, wanted, text, person)
    outbox_id = _put_approval(parts, case, person, composed, wanted, text, seen_draft, override.strip(), failed)
    # A bell rung now would find the letter not due yet; the sweep rings it when the time to undo is over.
    if not parts.settings.desk.undo_seconds:
        parts.nudge.send(outbox_id)
    return outbox_id


def _put_approval(
    parts: Parts,
    case: CaseNow,
    person: Person,
    composed: Composed,
    kind: Kind,
    text: str,
    seen_draft: int,
    override: str,
    failed: tuple[Check, ...],
) -> int:
    now = parts.now()
    with parts.store.begin() as tx:
        outcome = "answer" if kind is Kind.ANSWER else "ask_back"
        row = _version(tx, case, person, text=text, outcome=outcome, seen_draft=seen_draft, now=now)
        # The state, the lease and the mark for unread letters are those that the checks were made under.
        fresh = cases.current(tx, case.id)
        if fresh.unread:
            raise Unread("The asker wrote again while this was in review; read the new letter, then approve.")
        cases.move(tx, case, Event.APPROVE, now, outcome=outcome, hold_reason=None)
        decision = Decision(
            reviewer_id=person.id,
            decided_at=now,
            decision="approve" if kind is Kind.ANSWER else "ask_back",
            note="",
            draft_id=row.id,
            override=override,
            failed_checks=tuple(each.rule for each in failed),
            sha256=composed.sha256,
        )
        review_id = cases.decide(tx, case.id, decision)
        precedents.remember(tx, case, review_id, kind, row.text)
        outbox_id = enqueue(tx, parts, composed, kind, case, review_id, now)
        write_audit(tx, person, "approve", case.id, now, f"version {row.number}, letter {composed.sha256[:12]}")
        return outbox_id


def _checks(parts: Parts, case: CaseNow, draft: DraftRow | None, text: str) -> tuple[Check, ...]:
    if draft is None or case.question is None:
        return ()
    asked = QUESTION.validate_python(case.question)
    drawn = DRAFT.validate_python(draft.document)
    return check(text, drawn, parts.release(), frozenset(mention.code for mention in asked.codes))


def _version(
    tx: Tx, case: CaseNow, person: Person, *, text: str, outcome: str, seen_draft: int, now: datetime
) -> DraftRow:
    """Return the newest version when it has this very text, else write the next one."""
    last = cases.last_draft(tx, case.id)
    if last is None:
        raise LostRace("This case has no draft yet; look again in a moment.")
    if last.number != seen_draft:
        raise LostRace(f"Version {last.number} was saved after the one on this page; compare the two before you go on.")
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    if last.text.rstrip() == text.rstrip() and last.outcome == outcome:
        return last
    return cases.add_draft(
        tx,
        case.id,
        outcome=outcome,
        text=text,
        document=last.document,
        letter_id=last.letter_id,
        now=now,
        reviewer_id=person.id,
    )
