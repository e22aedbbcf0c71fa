"""Moving letters between cases: two cases made one, and a letter taken out into a case of its own.

Nothing is moved while a letter of ours waits to go out, is going out, or may have gone out: an answer must not lose
what it answers, and nothing is sent twice (docs/decisions/0015).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consultant.errors import ConsultantError
from consultant.lifecycle import REARRANGEABLE, Event, State
from consultant.mail.thread import bare_subject
from consultant.parts import Parts
from consultant.records import cases, outgoing, people, precedents, threads, views
from consultant.records.cases import CaseNow, Decision
from consultant.records.outgoing import OF_THE_CASE, Sending
from consultant.records.people import Person
from consultant.records.store import Tx
from consultant.review.held import claim_is_over, write_audit


class NotMovable(ConsultantError):
    """Letters cannot be moved as asked; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Merger:
    """What merging two cases would do, before it is done."""

    case: CaseNow
    """The one that would be closed."""
    into: CaseNow
    letters: tuple[views.LetterRow, ...]
    """Those that would be moved."""
    newcomers: tuple[str, ...]
    """Who belongs to the first case only, and would belong to the other one as well."""


def find_merger(parts: Parts, case_id: int, reference: str, person: Person) -> Merger:
    """Return what merging a case into another one would do; raise what `merge` would raise."""
    with parts.store.read() as tx:
        case = cases.current(tx, case_id)
        into = _other(tx, case, reference)
        _movable(tx, case, person, parts.now())
        _movable(tx, into, person, parts.now())
        newcomers = sorted(threads.members(tx, case.id) - threads.members(tx, into.id))
        return Merger(case, into, views.letters(tx, case.id), tuple(newcomers))


def merge(parts: Parts, case_id: int, reference: str, person: Person) -> CaseNow:
    """Move all letters of a case into the one with this reference and close it; return the one that goes on.

    Letters that wait for an answer restart the work on the other case. Raises `NotMovable` with the reason, and
    `LostRace` where something came between.
    """
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        into = _other(tx, case, reference)
        _movable(tx, case, person, now)
        _movable(tx, into, person, now)
        fresh, asked = threads.waiting(tx, case.id), cases.thread(tx, case.id, unanswered=True)
        threads.move(tx, case.id, into.id, [letter.id for letter in cases.thread(tx, case.id)])
        for letter in outgoing.of_case(tx, case.id):
            if letter.state is Sending.QUEUED:
                # An acknowledgement that names a closed case would only confuse; the answer comes from the other one.
                outgoing.step(tx, letter, Sending.VOID, reply=f"Merged into {into.reference} before it was sent.")
        if asked:
            # What is being asked about again is no model for others (docs/decisions/0011).
            precedents.forget(tx, case.id)
            _take_in(tx, into, now, case.due_at, fresh=bool(fresh))
        cases.move(tx, case, Event.MERGE, now, closed_at=now, merged_into=into.id, hold_reason=None, unread=False)
        cases.decide(tx, case.id, Decision(person.id, now, "merge", f"Merged into {into.reference}."))
        write_audit(tx, person, "merge into", case.id, now, into.reference)
        write_audit(tx, person, "merge from", into.id, now, case.reference)
        going_on = cases.current(tx, into.id)
    parts.nudge.advance(into.id)
    return going_on


def split(parts: Parts, case_id: int, letter_id: int, person: Person, *, later: bool) -> CaseNow:
    """Take a letter, on demand with all later ones, out of a case into a new one; return the new one.

    Only letters that no letter of ours has answered can be split off, and one letter must stay. The case that they
    leave is worked on again, or stands where its last letter left it. Raises as `merge` does.
    """
    now = parts.now()
    with parts.store.begin() as tx:
        case = cases.current(tx, case_id)
        _movable(tx, case, person, now)
        letters = views.letters(tx, case.id)
        chosen = [row for row in letters if row.id == letter_id or (later and row.id > letter_id)]
        _splittable(tx, case, letters, chosen, letter_id)
        first = chosen[0]
        due_at = now + parts.settings.desk.answer_within
        moved = [row.id for row in chosen]
        new_id = cases.open_case(
            tx, None, first.account, first.sender or case.asker, bare_subject(first.subject), now, due_at
        )
        threads.move(tx, case.id, new_id, moved)
        new = cases.current(tx, new_id)
        cases.guarded_update(tx, new, {"split_from": case.id})
        _settle(tx, case, now)
        named = ", ".join(f"letter {number}" for number in moved)
        cases.decide(tx, case.id, Decision(person.id, now, "split", f"Split off into {new.reference}: {named}."))
        write_audit(tx, person, "split off", case.id, now, f"{named} into {new.reference}")
        write_audit(tx, person, "split from", new_id, now, f"{named} from {case.reference}")
        new = cases.current(tx, new_id)
    parts.nudge.advance(new_id)
    parts.nudge.advance(case_id)
    return new


def _other(tx: Tx, case: CaseNow, reference: str) -> CaseNow:
    named = cases.by_reference(tx, reference.strip().upper())
    if named is None:
        given = reference.strip()[:40]
        raise NotMovable(f"There is no case {given!r}; a reference such as C-2026-000123 was expected.")
    into = threads.survivor(tx, named)
    if case.merged_into is not None:
        raise NotMovable(f"{case.reference} was merged into {threads.survivor(tx, case).reference} already.")
    if into.id == case.id:
        raise NotMovable(f"{case.reference} cannot be merged into itself; name the other case.")
    return into


def _movable(tx: Tx, case: CaseNow, person: Person, now: datetime) -> None:
    """Refuse a case that another has in review, or of which a letter of ours is on its way."""
    if case.state is State.IN_REVIEW and case.reviewer_id not in (None, person.id) and not claim_is_over(case, now):
        holder = people.by_id(tx, case.reviewer_id)
        name = holder.name if holder else "Another reviewer"
        raise NotMovable(f"{name} has {case.reference} in review; it has to be put back first.")
    if case.state not in REARRANGEABLE or any(_on_its_way(letter) for letter in outgoing.of_case(tx, case.id)):
        raise NotMovable(
            f"A letter of {case.reference} is on its way, or may have been sent; take it back, or wait until it is "
            "known what became of it."
        )


def _on_its_way(letter: outgoing.OutboxNow) -> bool:
    moving = {Sending.SENDING, Sending.AT_DOT}
    return letter.state in (moving | {Sending.QUEUED, Sending.UNCERTAIN} if letter.kind in OF_THE_CASE else moving)


def _splittable(
    tx: Tx, case: CaseNow, letters: Sequence[views.LetterRow], chosen: Sequence[views.LetterRow], letter_id: int
) -> None:
    if not chosen:
        raise NotMovable(f"Letter {letter_id} is not in {case.reference} any more.")
    if len(chosen) == len(letters):
        raise NotMovable(f"{case.reference} has no other letter that could stay; there is nothing to split off.")
    fresh = set(threads.waiting(tx, case.id))
    if not fresh.issuperset(row.id for row in chosen):
        raise NotMovable(
            "A letter of ours has answered this one already; only letters that still wait for one can be split off."
        )


def _is_open(case: CaseNow) -> bool:
    return case.state not in {State.ANSWERED, State.AWAITING_SENDER, State.CLOSED}


def _take_in(tx: Tx, into: CaseNow, now: datetime, due_at: datetime, *, fresh: bool) -> None:
    """Take a case that gained unanswered letters to where they leave it; `fresh` are those nobody has replied to."""
    if into.state is State.HELD:
        cases.guarded_update(tx, into, {"unread": True})
    elif fresh or _is_open(into):
        _restart(tx, into, now, due_at=min(due_at, into.due_at) if _is_open(into) else due_at)
    else:
        cases.move(tx, into, Event.SETTLE_QUESTION, now, closed_at=None)


def _restart(tx: Tx, case: CaseNow, now: datetime, due_at: datetime | None = None) -> None:
    fresh: dict[str, Any] = {"attempts": 0, "next_try_at": now, "closed_at": None, "hold_reason": None, "unread": False}
    cases.move(tx, case, Event.RESTART, now, **fresh, due_at=due_at or case.due_at)


def _settle(tx: Tx, case: CaseNow, now: datetime) -> None:
    """Take a case that lost letters to where those that stayed leave it; what is closed or on hold stays so."""
    if case.state in {State.CLOSED, State.HELD}:
        cases.guarded_update(tx, case, {"unread": False})
        return
    last = None if threads.waiting(tx, case.id) else threads.last_reply(tx, case.id)
    if last is None:
        _restart(tx, case, now)
        return
    event = Event.SETTLE_ANSWER if last == cases.ANSWERED else Event.SETTLE_QUESTION
    cases.move(tx, case, event, now, hold_reason=None, unread=False)


def open_references(tx: Tx, case: CaseNow) -> Iterator[CaseNow]:
    """Yield the cases that a reviewer may want to merge this one into: the same asker's, the newest first."""
    for other in views.cases_of(tx, case.asker):
        if other.id != case.id and other.merged_into is None and other.state in REARRANGEABLE:
            yield other
