"""Claiming a case and what may be done with it besides answering."""

from datetime import date

from consultant.drafting.model import Draft, Outcome
from consultant.drafting.stored import DRAFT
from consultant.errors import ConsultantError
from consultant.lifecycle import Event, State
from consultant.parts import Parts
from consultant.records import cases, outgoing
from consultant.records.cases import CaseNow, Decision
from consultant.records.people import Person
from consultant.records.store import LostRace, Tx
from consultant.review.held import claim_is_over, claim_values, extend_claim, require_claim, write_audit


class NoteMissing(ConsultantError):
    """A note is needed and was left empty."""


def claim(parts: Parts, case_id: int, person: Person) -> CaseNow:
    """Take a case into review for the minutes that the desk has set; raises `HeldBy` when another has it."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        if case.state is State.IN_REVIEW and not claim_is_over(case, now):
            require_claim(tx, case, person)
            extend_claim(tx, case, person, parts, now)
            return cases.current(tx, case_id)
        if case.state is State.IN_REVIEW:
            cases.move(tx, case, Event.EXPIRE, now)
            case = cases.current(tx, case_id)
        cases.move(tx, case, Event.CLAIM, now, **claim_values(person, parts, now))
        write_audit(tx, person, "claim", case_id, now)
        return cases.current(tx, case_id)


def take_over(parts: Parts, case_id: int, person: Person) -> CaseNow:
    """Take a held case into review; one that failed before it had a draft gets an empty one to write in."""
    now = parts.now()
    version = parts.release().version
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        cases.move(tx, case, Event.TAKE_OVER, now, **claim_values(person, parts, now))
        if cases.last_draft(tx, case_id) is None:
            empty = empty_draft(case, version, now.astimezone(parts.settings.desk.zone).date())
            thread = cases.thread(tx, case_id)
            cases.add_draft(
                tx,
                case_id,
                outcome=str(empty.outcome),
                text="",
                document=DRAFT.dump_python(empty, mode="json"),
                letter_id=thread[-1].id if thread else 0,
                now=now,
            )
        write_audit(tx, person, "take over", case_id, now)
        return cases.current(tx, case_id)


def extend(parts: Parts, case_id: int, person: Person) -> None:
    """Keep a claimed case for another stretch."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        require_claim(tx, case, person)
        extend_claim(tx, case, person, parts, now)


def release(parts: Parts, case_id: int, person: Person) -> None:
    """Give a claimed case back to the queue."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        require_claim(tx, case, person)
        cases.move(tx, case, Event.RELEASE, now)
        write_audit(tx, person, "release", case_id, now)


def send_back(parts: Parts, case_id: int, person: Person, *, note: str) -> None:
    """Send a case back to be drafted anew, with a note for whoever reviews it next."""
    if not note.strip():
        raise NoteMissing("A case is sent back with a note; write what is wrong with the draft.")
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        require_claim(tx, case, person)
        cases.move(tx, case, Event.SEND_BACK, now, attempts=0, next_try_at=now)
        cases.decide(tx, case_id, Decision(person.id, now, "send_back", note.strip()))
        write_audit(tx, person, "send back", case_id, now)
    parts.nudge.advance(case_id)


def close(parts: Parts, case_id: int, person: Person, *, note: str) -> None:
    """Close a case without another letter."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        if case.state is State.IN_REVIEW:
            require_claim(tx, case, person)
            if not note.strip():
                raise NoteMissing("A case is closed without a letter only with a note; write why none is needed.")
        cases.move(tx, case, Event.CLOSE, now, closed_at=now)
        cases.decide(tx, case_id, Decision(person.id, now, "close", note.strip()))
        write_audit(tx, person, "close", case_id, now)


def resume(parts: Parts, case_id: int, person: Person) -> None:
    """Let the service work on a held case again, from the beginning."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        cases.move(tx, case, Event.RESUME, now, attempts=0, next_try_at=now, hold_reason=None, unread=False)
        write_audit(tx, person, "resume", case_id, now)
    parts.nudge.advance(case_id)


def read(parts: Parts, case_id: int, person: Person) -> None:
    """Note that the asker's new letter was read, so that the case can be approved or its letter sent."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        if case.state is State.IN_REVIEW:
            require_claim(tx, case, person)
        cases.guarded_update(tx, case, {"unread": False})
        write_audit(tx, person, "read follow-up", case_id, now)
        stopped = [each.id for each in outgoing.of_case(tx, case_id) if each.state is outgoing.Sending.QUEUED]
    for outbox_id in stopped:
        parts.nudge.send(outbox_id)


def undo(parts: Parts, case_id: int, person: Person) -> None:
    """Take an approval back and go on with the case, before its letter has begun to go out."""
    now = parts.now()
    with parts.store.begin() as tx:
        _void(tx, case_id)
        cases.move(tx, cases.current(tx, case_id), Event.FAIL, now, hold_reason="Taken back before it was sent.")
        cases.decide(tx, case_id, Decision(person.id, now, "undo", ""))
        held = cases.current(tx, case_id)
        cases.move(tx, held, Event.TAKE_OVER, now, hold_reason=None, **claim_values(person, parts, now))
        write_audit(tx, person, "undo", case_id, now)


def _void(tx: Tx, case_id: int) -> None:
    """Void the letter of a case that waits to go out; raise `LostRace` when it is on its way already."""
    for letter in outgoing.of_case(tx, case_id):
        if letter.state is outgoing.Sending.QUEUED and letter.kind in outgoing.OF_THE_CASE:
            outgoing.step(tx, letter, outgoing.Sending.VOID, reply="Taken back before it was sent.")
        elif letter.state in {outgoing.Sending.SENDING, outgoing.Sending.AT_DOT}:
            raise LostRace("The letter is on its way already and cannot be taken back.")


def withdraw(parts: Parts, case_id: int, person: Person, *, note: str) -> None:
    """Take an approval back before its letter has begun to go out; the case is then held."""
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        _void(tx, case_id)
        cases.move(tx, case, Event.FAIL, now, hold_reason=f"Withdrawn before it was sent. {note.strip()}".strip())
        cases.decide(tx, case_id, Decision(person.id, now, "withdraw", note.strip()))
        write_audit(tx, person, "withdraw", case_id, now)


def empty_draft(case: CaseNow, release: str, today: date) -> Draft:
    """Return a draft without a word, for a case that a person has to answer from nothing."""
    return Draft(
        outcome=Outcome.HAND_OVER,
        topics=case.topics,
        specialty=case.specialty,
        date_of_service=today,
        date_assumed=True,
        release=release,
        lines=(),
        rejected=(),
        missing=(),
        sections=(),
        citations=(),
        confidence=0.0,
        masked=(),
        subject=case.subject,
        text="",
        reason=case.hold_reason,
    )
