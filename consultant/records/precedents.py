"""Answered cases as precedents: what an approval leaves to be found by, and the few that share a question's keys.

Every look is bounded: for each key the index gives the newest few, whatever the number of cases, and of those only the
ones that share the most keys are loaded.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select

from consultant.lifecycle import State
from consultant.records.outgoing import Kind, Sending
from consultant.records.precedent_tables import Precedent, PrecedentKey
from consultant.records.store import Tx
from consultant.records.tables import Case, Draft, Outbox, Recipient, Review, Reviewer

PER_KEY = 24
"""How many of the newest cases are looked at for each key."""
LOADED = 12
"""How many candidates are loaded, those with the most keys in common first."""

_ANSWERED = (str(State.ANSWERED), str(State.CLOSED))


@dataclass(frozen=True, slots=True)
class PrecedentRow:
    """One answered case: the masked question, the text as approved, and the engine's draft that it came from."""

    review_id: int
    case_id: int
    reference: str
    reviewer: str
    credential: str
    approved_at: datetime
    question: dict[str, Any]
    families: tuple[str, ...]
    document: dict[str, Any]
    text: str
    failed_checks: tuple[str, ...]
    """Checks that its reviewer overrode."""


def remember(
    tx: Tx, case_id: int, review_id: int, question: dict[str, Any], families: Sequence[str], keys: Iterable[str]
) -> None:
    """Note the answer that was just approved as the case's precedent, in place of any earlier one of the same case."""
    forget(tx, case_id)
    tx.execute(
        insert(Precedent).values(case_id=case_id, review_id=review_id, question=question, families=list(families))
    )
    rows = [{"case_id": case_id, "key": key, "review_id": review_id} for key in dict.fromkeys(keys)]
    if rows:
        tx.execute(insert(PrecedentKey), rows)


def forget(tx: Tx, case_id: int) -> None:
    """Take a case out of the precedents: its masked question and its keys. Whoever purges its text calls this."""
    tx.execute(delete(PrecedentKey).where(PrecedentKey.case_id == case_id))
    tx.execute(delete(Precedent).where(Precedent.case_id == case_id))


def candidates(tx: Tx, case_id: int, keys: Iterable[str]) -> tuple[PrecedentRow, ...]:
    """Return other cases' answers that share keys with a case, the ones with the most in common first."""
    shared: Counter[int] = Counter()
    for key in keys:
        shared.update(
            tx.scalars(
                select(PrecedentKey.review_id)
                .where(PrecedentKey.key == key, PrecedentKey.case_id != case_id)
                .order_by(PrecedentKey.review_id.desc())
                .limit(PER_KEY)
            )
        )
    ranked = sorted(shared, key=lambda review_id: (-shared[review_id], -review_id))
    return rows(tx, ranked[:LOADED])


def rows(tx: Tx, review_ids: Sequence[int]) -> tuple[PrecedentRow, ...]:
    """Return the answers of these approvals that still stand, in the order given.

    An answer stands when its letter was sent and came back from nobody, and its case is answered or closed: not while
    a later letter of its asker is being worked on, and not once it is held.
    """
    astray = exists().where(Recipient.outbox_id == Outbox.id, Recipient.state != "sent")
    found = tx.execute(
        select(Precedent, Case.reference, Review, Draft, Reviewer)
        .join(Case, Case.id == Precedent.case_id)
        .join(Review, Review.id == Precedent.review_id)
        .join(Reviewer, Reviewer.id == Review.reviewer_id)
        .join(Draft, Draft.id == Review.draft_id)
        .join(Outbox, (Outbox.case_id == Precedent.case_id) & (Outbox.review_id == Precedent.review_id))
        .where(
            Precedent.review_id.in_(review_ids),
            Case.state.in_(_ANSWERED),
            Review.decision == "approve",
            Outbox.kind == str(Kind.ANSWER),
            Outbox.state == str(Sending.SENT),
            ~astray,
            Draft.text != "",
        )
    )
    by_review = {
        row.review_id: PrecedentRow(
            review_id=row.review_id,
            case_id=row.case_id,
            reference=reference or "",
            reviewer=reviewer.name,
            credential=reviewer.credential,
            approved_at=review.decided_at,
            question=row.question,
            families=tuple(row.families),
            document=draft.document,
            text=draft.text,
            failed_checks=tuple(review.failed_checks or ()),
        )
        for row, reference, review, draft, reviewer in found
    }
    return tuple(by_review[number] for number in review_ids if number in by_review)
