"""What a person decides about a letter in quarantine."""

from consultant.errors import ConsultantError
from consultant.mail.thread import bare_subject
from consultant.parts import Parts
from consultant.records import cases, ledger, threads, views
from consultant.records.people import Person
from consultant.records.store import Tx
from consultant.records.views import LetterRow
from consultant.review.held import write_audit

BY_A_PERSON = "accepted-by-a-person"


class NotReadable(ConsultantError):
    """The letter has no text that a case could be opened for."""


def quarantine_retry(parts: Parts, letter_id: int, person: Person) -> None:
    """Screen a letter again, for instance after the service was mended."""
    now = parts.now()
    with parts.store.begin() as tx:
        ledger.again(tx, letter_id, now)
        write_audit(tx, person, "retry letter", None, now, f"letter {letter_id}")
    parts.nudge.receive(letter_id)


def quarantine_accept(parts: Parts, letter_id: int, person: Person) -> int:
    """Open a new case for a letter; return the case's id."""
    now = parts.now()
    with parts.store.begin() as tx:
        letter = _readable(tx, letter_id)
        ledger.released(tx, letter_id, BY_A_PERSON, f"Accepted by {person.name}.")
        due_at = now + parts.settings.desk.answer_within
        subject = bare_subject(letter.subject) if letter.about_case_id else letter.subject
        case_id = cases.open_case(tx, letter_id, letter.account, letter.sender or "", subject, now, due_at)
        write_audit(tx, person, "accept letter", case_id, now, f"letter {letter_id}")
        if letter.about_case_id:
            write_audit(tx, person, "keep letter out", letter.about_case_id, now, f"letter {letter_id}")
    parts.nudge.advance(case_id)
    return case_id


def quarantine_join(parts: Parts, letter_id: int, reference: str, person: Person) -> int:
    """Add a letter to the case with this reference; return the case's id."""
    now = parts.now()
    with parts.store.begin() as tx:
        _readable(tx, letter_id)
        named = cases.by_reference(tx, reference.strip().upper())
        if named is None:
            raise NotReadable(f"There is no case {reference!r}; a reference such as C-2026-000123 was expected.")
        case = threads.survivor(tx, named)
        ledger.released(tx, letter_id, BY_A_PERSON, f"Joined to {case.reference} by {person.name}.")
        cases.join(tx, case.id, letter_id, now, now + parts.settings.desk.answer_within)
        write_audit(tx, person, "join letter", case.id, now, f"letter {letter_id}")
    parts.nudge.advance(case.id)
    return case.id


def _readable(tx: Tx, letter_id: int) -> LetterRow:
    letter = views.letter(tx, letter_id)
    if letter is None:
        raise NotReadable(f"There is no letter {letter_id}.")
    if not letter.sender:
        raise NotReadable("This letter has no sender that could be answered; download it to see what it holds.")
    return letter
