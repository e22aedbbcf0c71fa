"""Whose letters belong to a case, and the cases among which letters were moved."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from consultant.records.cases import ANSWERED, CaseNow, current
from consultant.records.store import LostRace, Tx, changed
from consultant.records.tables import Case, Letter


def members(tx: Tx, case_id: int) -> frozenset[str]:
    """Return the mailboxes that belong to a case, in lower case: who wrote in it, and whom they copied.

    What a doubtful letter names counts for nothing until a person has taken it into the case.
    """
    rows = tx.execute(select(Letter.sender, Letter.copied, Letter.doubt).where(Letter.case_id == case_id))
    found: set[str] = set()
    for sender, copied, doubt in rows:
        found |= {sender.lower()} if sender else set()
        found |= set(copied or ()) if doubt is None else set()
    return frozenset(found)


def survivor(tx: Tx, case: CaseNow) -> CaseNow:
    """Return the case that holds the letters of this one: itself, or the one that it was merged into."""
    seen = {case.id}
    while case.merged_into is not None and case.merged_into not in seen:
        seen.add(case.merged_into)
        case = current(tx, case.merged_into)
    return case


def merged(tx: Tx, case_id: int) -> tuple[CaseNow, ...]:
    """Return the cases that were merged into this one, those that had been merged into them included."""
    return tuple(current(tx, number) for number in _reached(tx, case_id, Case.merged_into)[1:])


def split_off(tx: Tx, case_id: int) -> tuple[CaseNow, ...]:
    """Return the cases that begin with a letter of this one."""
    numbers = tx.scalars(select(Case.id).where(Case.split_from == case_id).order_by(Case.id)).all()
    return tuple(current(tx, number) for number in numbers)


def family(tx: Tx, case: CaseNow) -> frozenset[int]:
    """Return the ids of the cases among which letters of one thread were split, this one included."""
    root, seen = case, {case.id}
    while root.split_from is not None and root.split_from not in seen:
        seen.add(root.split_from)
        root = survivor(tx, current(tx, root.split_from))
    return frozenset(_reached(tx, root.id, Case.split_from, Case.merged_into)) | seen


def _reached(tx: Tx, case_id: int, *links: object) -> list[int]:
    """Return a case and all that point to it over these columns, at any distance."""
    found, fresh = [case_id], [case_id]
    while fresh:
        pointing = or_(*(link.in_(fresh) for link in links))  # type: ignore[attr-defined]  # columns of Case
        rows = tx.scalars(select(Case.id).where(pointing, Case.id.not_in(found)).order_by(Case.id))
        fresh = list(rows)
        found += fresh
    return found


def holder_of(tx: Tx, message_id: str, among: Sequence[int]) -> int | None:
    """Return which of these cases holds the letter that came with this Message-ID."""
    wanted = (Letter.message_id == message_id, Letter.case_id.in_(among))
    return tx.scalar(select(Letter.case_id).where(*wanted).order_by(Letter.id.desc()).limit(1))


def move(tx: Tx, case_id: int, to: int, letters: Sequence[int]) -> None:
    """Move letters of a case to another one; raise `LostRace` where one of them is not in it any more."""
    for number in letters:
        guard = (Letter.id == number, Letter.case_id == case_id)
        if not changed(tx, update(Letter).where(*guard).values(case_id=to)):
            raise LostRace(f"Letter {number} was moved by somebody else in the meantime.")


def note_reply(tx: Tx, case_id: int, last_letter: int, kind: str) -> None:
    """Note at the letters up to a given one that a letter of ours which took them in was sent."""
    fresh = or_(Letter.replied.is_(None), Letter.replied != ANSWERED)
    tx.execute(update(Letter).where(Letter.case_id == case_id, Letter.id <= last_letter, fresh).values(replied=kind))


def waiting(tx: Tx, case_id: int) -> tuple[int, ...]:
    """Return the letters of a case that no letter of ours has taken in yet."""
    return tuple(
        tx.scalars(select(Letter.id).where(Letter.case_id == case_id, Letter.replied.is_(None)).order_by(Letter.id))
    )


def last_reply(tx: Tx, case_id: int) -> str | None:
    """Return what was sent to the newest letter of a case that has had a letter of ours."""
    wanted = (Letter.case_id == case_id, Letter.replied.is_not(None))
    return tx.scalar(select(Letter.replied).where(*wanted).order_by(Letter.id.desc()).limit(1))


def unanswered_senders(tx: Tx, case_id: int) -> tuple[str, ...]:
    """Return who wrote the letters that wait for an answer, the newest first, each once."""
    wanted = (Letter.case_id == case_id, Letter.sender.is_not(None))
    fresh = or_(Letter.replied.is_(None), Letter.replied != ANSWERED)
    rows = tx.scalars(select(Letter.sender).where(*wanted, fresh).order_by(Letter.id.desc()))
    return tuple(dict.fromkeys(str(row) for row in rows))
