"""The ledger of letters: every letter has a row with its sealed bytes before anything is parsed, flagged or moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consultant.mail.letter import Screening, Verdict
from consultant.records.store import LostRace, Tx, changed
from consultant.records.tables import Attachment, Letter, Position

SECONDS_FOR_SCREENING = 20
"""After which a letter that was taken is anybody's again; one whose workers were killed twice is not a minute late."""
CRASHES_ALLOWED = 3
_UIDS_AT_ONCE = 5000
_DENSE = 4
"""UIDs whose span is less than so many times their number are asked for as a range."""
_LETTER = cast("Table", Letter.__table__)
_POSITION = cast("Table", Position.__table__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One letter as it came: sealed already, known by the SHA-256 of its raw bytes."""

    uid: int | None
    """None for a letter that came by another door than IMAP."""
    sha256: str
    sealed: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that is to be screened."""

    id: int
    sha256: str
    sealed: bytes
    account: str
    received_at: datetime
    attempts: int
    """This one included."""


@dataclass(frozen=True, slots=True)
class Read:
    """What screening read of a letter; text is masked."""

    message_id: str | None
    content_sha256: str
    sender: str | None
    subject: str
    text: str
    new_text: str
    masked: tuple[str, ...]
    defects: tuple[str, ...]
    doubt: str | None
    attachments: tuple["SealedAttachment", ...]
    copied: tuple[str, ...] = ()
    """Whom To and Cc name besides us, in lower case."""


@dataclass(frozen=True, slots=True)
class SealedAttachment:
    """One attachment with its name and content sealed."""

    sha256: str
    sealed: bytes
    sealed_name: bytes
    content_type: str
    size: int


def enter(
    tx: Tx, account: str, folder: str, uidvalidity: int, arrivals: Sequence[Arrival], now: datetime
) -> tuple[int, ...]:
    """Write a batch of letters with their positions; return the ids of those that the ledger did not hold yet.

    A letter that lies in two places, or is offered twice, has one row and several positions.
    """
    if not arrivals:
        return ()
    rows = {
        arrival.sha256: {
            "sha256": arrival.sha256,
            "sealed": arrival.sealed,
            "size": arrival.size,
            "account": account,
            "received_at": now,
            "next_try_at": now,
            "attempts": 0,
            "masked": [],
            "defects": [],
        }
        for arrival in arrivals
    }
    # Statements on the tables themselves: the mapping of rows to objects costs more than writing them.
    written = tx.execute(_ignoring(tx, _LETTER).returning(_LETTER.c.sha256, _LETTER.c.id), list(rows.values()))
    fresh: dict[str, int] = dict(written.all())
    ids = fresh
    if len(fresh) < len(rows):
        held = select(_LETTER.c.sha256, _LETTER.c.id).where(_LETTER.c.sha256.in_(rows.keys() - fresh.keys()))
        ids = fresh | dict(tx.execute(held).all())
    positions = [
        {
            "account": account,
            "folder": folder,
            "uidvalidity": uidvalidity,
            "uid": arrival.uid,
            "letter_id": ids[arrival.sha256],
        }
        for arrival in arrivals
        if arrival.uid is not None
    ]
    if positions:
        tx.execute(_ignoring(tx, _POSITION), positions)
    return tuple(sorted(fresh.values()))


def _ignoring(tx: Tx, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Insert that passes over rows which the ledger has, or which another poller writes at the same time."""
    if tx.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def known_uids(tx: Tx, account: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs, in ascending order, the ledger holds for this folder.

    Only the neighbourhood of what is asked about is read: a folder from which letters move away leaves a million
    positions in the ledger.
    """
    known: set[int] = set()
    here = (_POSITION.c.account == account, _POSITION.c.folder == folder, _POSITION.c.uidvalidity == uidvalidity)
    for start in range(0, len(uids), _UIDS_AT_ONCE):
        some = uids[start : start + _UIDS_AT_ONCE]
        dense = some[-1] - some[0] < _DENSE * len(some)
        among = _POSITION.c.uid.between(some[0], some[-1]) if dense else _POSITION.c.uid.in_(some)
        known.update(tx.scalars(select(_POSITION.c.uid).where(*here, among)))
    return frozenset(known.intersection(uids))


def due(tx: Tx, now: datetime, limit: int = 500) -> tuple[int, ...]:
    """Return ids of letters without a verdict whose time has come, oldest first."""
    return tuple(
        tx.scalars(
            select(Letter.id)
            .where(Letter.verdict.is_(None), Letter.next_try_at <= now)
            .order_by(Letter.id)
            .limit(limit)
        )
    )


def take(tx: Tx, letter_id: int, now: datetime) -> Taken | None:
    """Count one more attempt at a letter and return it; None when it has a verdict or somebody is at it.

    The count is written before the work starts, so that a letter which kills its process is still counted.
    """
    touched = changed(
        tx,
        update(Letter)
        .where(Letter.id == letter_id, Letter.verdict.is_(None), Letter.next_try_at <= now)
        .values(attempts=Letter.attempts + 1, next_try_at=now + timedelta(seconds=SECONDS_FOR_SCREENING)),
    )
    if not touched:
        return None
    row = tx.get_one(Letter, letter_id)
    return Taken(row.id, row.sha256, row.sealed or b"", row.account, row.received_at, row.attempts)


def put_verdict(
    tx: Tx, taken: Taken, screening: Screening, read: Read | None, now: datetime, about: int | None = None
) -> None:
    """Write the verdict and what was read; raise `LostRace` when the letter has one already.

    `about` is the case that a letter in quarantine follows up.
    """
    values: dict[str, Any] = {
        "verdict": str(screening.verdict),
        "rule": screening.rule,
        "reason": screening.reason,
        "screened_at": now,
        "about_case_id": about,
    }
    if read is not None:
        names = ("message_id", "content_sha256", "sender", "subject", "text", "new_text", "doubt")
        values |= {name: getattr(read, name) for name in names}
        values |= {"masked": list(read.masked), "defects": list(read.defects), "copied": list(read.copied)}
    guard = (Letter.id == taken.id, Letter.verdict.is_(None), Letter.attempts == taken.attempts)
    if not changed(tx, update(Letter).where(*guard).values(**values)):
        raise LostRace(f"Letter {taken.id} was screened by another worker.")
    for number, attachment in enumerate(read.attachments if read else (), start=1):
        tx.add(
            Attachment(
                letter_id=taken.id,
                number=number,
                sha256=attachment.sha256,
                sealed=attachment.sealed,
                sealed_name=attachment.sealed_name,
                content_type=attachment.content_type[:255],
                size=attachment.size,
            )
        )
    tx.flush()


def again(tx: Tx, letter_id: int, now: datetime) -> None:
    """Take a quarantined letter's verdict back, so that it is screened once more."""
    guard = (Letter.id == letter_id, Letter.verdict == str(Verdict.QUARANTINE), Letter.case_id.is_(None))
    touched = changed(
        tx,
        update(Letter)
        .where(*guard)
        .values(
            verdict=None, rule=None, reason=None, screened_at=None, about_case_id=None, attempts=0, next_try_at=now
        ),
    )
    if not touched:
        raise LostRace(f"Letter {letter_id} is not in quarantine any more.")


def released(tx: Tx, letter_id: int, rule: str, reason: str) -> None:
    """Turn a quarantined letter into an accepted one, by a person's decision."""
    guard = (Letter.id == letter_id, Letter.verdict == str(Verdict.QUARANTINE), Letter.case_id.is_(None))
    if not changed(
        tx, update(Letter).where(*guard).values(verdict=str(Verdict.ACCEPT), rule=rule, reason=reason, doubt=None)
    ):
        raise LostRace(f"Letter {letter_id} is not in quarantine any more.")


def twin(tx: Tx, letter_id: int, message_id: str | None, content_sha256: str) -> int | None:
    """Return an earlier letter with the same content, which came another way; None where there is none."""
    if message_id is None:
        return None
    return tx.scalar(
        select(Letter.id)
        .where(
            Letter.content_sha256 == content_sha256,
            Letter.id != letter_id,
            Letter.verdict == str(Verdict.ACCEPT),
        )
        .order_by(Letter.id)
        .limit(1)
    )


def raw(tx: Tx, letter_id: int) -> tuple[str, bytes] | None:
    """Return the SHA-256 and the sealed bytes of a letter; None where there is no such letter or it was purged."""
    row = tx.execute(select(Letter.sha256, Letter.sealed).where(Letter.id == letter_id)).one_or_none()
    return (row.sha256, row.sealed) if row and row.sealed is not None else None


def counts(tx: Tx) -> dict[str, int]:
    """Return the number of letters by verdict; `due` are those without one."""
    rows = tx.execute(select(func.coalesce(Letter.verdict, "due"), func.count()).group_by(Letter.verdict))
    return dict(rows.all())


def doubtful(tx: Tx, case_id: int) -> str | None:
    """Return why the sender of a letter of this case is doubtful; None where nothing speaks against any."""
    return tx.scalar(select(Letter.doubt).where(Letter.case_id == case_id, Letter.doubt.is_not(None)).limit(1))


def stuck(tx: Tx, now: datetime, after: timedelta) -> int:
    """Return how many letters have waited for a verdict for longer than `after`."""
    waiting = or_(Letter.received_at < now - after, Letter.attempts > 1)
    return tx.scalar(select(func.count()).select_from(Letter).where(Letter.verdict.is_(None), waiting)) or 0
