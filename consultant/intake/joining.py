"""Which case a letter belongs to, by the ids that we made and by who wrote it; what is doubtful goes to a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from consultant.mail.letter import Screening, Verdict
from consultant.mail.thread import ThreadClues
from consultant.records import cases, outgoing, threads
from consultant.records.cases import CaseNow
from consultant.records.ledger import Read
from consultant.records.store import Tx


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where an accepted letter belongs; empty for a new question."""

    case_id: int | None = None
    """The case that it joins."""
    doubt: Screening | None = None
    """Why a person has to decide that."""
    about: int | None = None
    """The case that it follows up by our ids, where a person has to decide."""


def find_case(tx: Tx, read: Read, found: ThreadClues) -> Belongs:
    """Return where a letter belongs.

    A letter joins a case by an id that we made *and* a sender who belongs to the case (docs/architecture.md, the law
    of a case): one who has written in it, or whom such a one has copied.
    """
    named = _named(tx, found)
    if not named and found.forged:
        names = ", ".join(found.forged)
        return _doubt("follow-up-with-a-wrong-token", f"The letter names {names} with a token that we did not make.")
    if not named:
        return Belongs()
    case = _one_of(tx, named, found)
    if case is None:
        names = " and ".join(sorted(each.reference for each in named.values()))
        return _doubt("follow-up-to-two-cases", f"The letter names {names}.")
    if read.doubt:
        return _doubt(
            "follow-up-from-a-doubtful-sender",
            f"The letter follows up {case.reference}, but its sender is doubtful: {read.doubt}",
            case,
        )
    if (read.sender or "").lower() in threads.members(tx, case.id):
        return Belongs(case.id)
    return _doubt(
        "follow-up-from-a-stranger",
        f"The letter follows up {case.reference}, but no letter in that case is from its sender, and none names him "
        "in To or Cc.",
        case,
    )


def _doubt(rule: str, reason: str, case: CaseNow | None = None) -> Belongs:
    return Belongs(doubt=Screening(Verdict.QUARANTINE, rule, reason), about=case.id if case else None)


def _named(tx: Tx, found: ThreadClues) -> Mapping[int, CaseNow]:
    """Return the cases that our ids in a letter name, each as the one that holds its letters by now."""
    by_token = [cases.by_reference(tx, name) for name in found.references]
    by_message = outgoing.case_of_message(tx, found.message_ids) if found.message_ids else ()
    cases_named = [*filter(None, by_token), *(cases.current(tx, number) for number in by_message)]
    return {case.id: case for case in (threads.survivor(tx, each) for each in cases_named)}


def _one_of(tx: Tx, named: Mapping[int, CaseNow], found: ThreadClues) -> CaseNow | None:
    """Return the one case that is meant; None where a letter names cases that have nothing to do with each other.

    Cases that were split off one thread share its ids. Among them the letter that is answered decides: In-Reply-To,
    then References from the newest, be it a letter of ours or one that was moved with its case.
    """
    first = next(iter(named.values()))
    family = threads.family(tx, first)
    if not family.issuperset(named):
        return None
    if len(family) == 1:
        return first
    for message_id in found.message_ids:
        ours = outgoing.case_of_message(tx, (message_id,))
        held = ours[0] if ours else threads.holder_of(tx, message_id, tuple(family))
        if held in family:
            return threads.survivor(tx, cases.current(tx, held))
    return first
