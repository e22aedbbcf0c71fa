"""Reviewers and their logins. Passwords are kept as Argon2id hashes, session tokens as digests."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from consultant.records.store import Tx, changed
from consultant.records.tables import Reviewer, Session

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Person:
    """A reviewer."""

    id: int
    login: str
    name: str
    credential: str
    """Such as CPC or CCS; goes under the answer beside the name."""
    password_hash: str
    active: bool


@dataclass(frozen=True, slots=True)
class Login:
    """A valid session: who, and the token that every form must carry."""

    person: Person
    csrf: str


def digest(token: str) -> str:
    """Return what the table holds in place of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add(tx: Tx, *, login: str, name: str, credential: str, password_hash: str, now: datetime) -> int:
    """Add a reviewer and return the row's id."""
    row = Reviewer(login=login, name=name, credential=credential, password_hash=password_hash, created_at=now)
    tx.add(row)
    tx.flush()
    return row.id


def by_login(tx: Tx, login: str) -> Person | None:
    """Return the reviewer with this login, active or not."""
    row = tx.scalar(select(Reviewer).where(Reviewer.login == login))
    return _person(row) if row else None


def by_id(tx: Tx, reviewer_id: int) -> Person | None:
    """Return a reviewer, active or not."""
    row = tx.get(Reviewer, reviewer_id)
    return _person(row) if row else None


def everyone(tx: Tx) -> tuple[Person, ...]:
    """Return all reviewers by login."""
    return tuple(_person(row) for row in tx.scalars(select(Reviewer).order_by(Reviewer.login)))


def number(tx: Tx) -> int:
    """Return how many reviewers there are."""
    return tx.scalar(select(func.count()).select_from(Reviewer)) or 0


def set_password(tx: Tx, reviewer_id: int, password_hash: str) -> None:
    """Change a password and end every session of that reviewer."""
    tx.execute(update(Reviewer).where(Reviewer.id == reviewer_id).values(password_hash=password_hash))
    tx.execute(delete(Session).where(Session.reviewer_id == reviewer_id))


def set_active(tx: Tx, reviewer_id: int, *, active: bool) -> None:
    """Let a reviewer in or shut him out, which ends his sessions."""
    tx.execute(update(Reviewer).where(Reviewer.id == reviewer_id).values(active=active))
    if not active:
        tx.execute(delete(Session).where(Session.reviewer_id == reviewer_id))


def begin_session(tx: Tx, token: str, csrf: str, reviewer_id: int, now: datetime) -> None:
    """Write a new login; sessions that are over are swept out."""
    tx.execute(delete(Session).where(or_(Session.seen_at < now - IDLE, Session.began_at < now - ABSOLUTE)))
    tx.add(Session(digest=digest(token), reviewer_id=reviewer_id, csrf=csrf, began_at=now, seen_at=now))
    tx.flush()


def session(tx: Tx, token: str, now: datetime) -> Login | None:
    """Return the login behind a token, or None when it is unknown or over (15 minutes idle, 12 hours in all)."""
    row = tx.get(Session, digest(token))
    if row is None or row.seen_at < now - IDLE or row.began_at < now - ABSOLUTE:
        return None
    person = tx.get(Reviewer, row.reviewer_id)
    return Login(_person(person), row.csrf) if person and person.active else None


def touch_session(tx: Tx, token: str, now: datetime) -> bool:
    """Note that a session was used; False when it is gone."""
    return changed(tx, update(Session).where(Session.digest == digest(token)).values(seen_at=now))


def end_session(tx: Tx, token: str) -> None:
    """Log out."""
    tx.execute(delete(Session).where(Session.digest == digest(token)))


def _person(row: Reviewer) -> Person:
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        credential=row.credential,
        password_hash=row.password_hash,
        active=row.active,
    )
