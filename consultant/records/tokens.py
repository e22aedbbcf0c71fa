"""The tokens of accounts that log in by OAuth 2: one renews them at a time, and what was renewed is kept before use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from consultant.records.account_tables import OAuthToken
from consultant.records.store import LostRace, Tx, changed

LEASE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds for an account. Times in UTC."""

    account: str
    given_sha256: str
    sealed_refresh: bytes | None
    sealed_access: bytes | None
    access_until: datetime | None
    refresh_since: datetime | None
    error: str | None
    lease_until: datetime | None


def held(tx: Tx, account: str) -> Held | None:
    """Return what is held for an account; None before its first token."""
    row = tx.get(OAuthToken, account, populate_existing=True)
    return _held(row) if row else None


def all_held(tx: Tx) -> tuple[Held, ...]:
    """Return what is held for every account, by name."""
    return tuple(map(_held, tx.scalars(select(OAuthToken).order_by(OAuthToken.account))))


def begin(tx: Tx, account: str, given_sha256: str, now: datetime) -> None:
    """Begin an account anew: nothing that came from another token of the settings is used any more."""
    tx.merge(
        OAuthToken(
            account=account,
            given_sha256=given_sha256,
            sealed_refresh=None,
            sealed_access=None,
            access_until=None,
            refresh_since=now,
            error=None,
            lease=None,
            lease_until=None,
        )
    )
    tx.flush()


def take(tx: Tx, account: str, lease: str, now: datetime) -> bool:
    """Take the turn to renew the tokens of an account; False while somebody else has it."""
    free = or_(OAuthToken.lease.is_(None), OAuthToken.lease_until < now)
    guard = (OAuthToken.account == account, free)
    return changed(tx, update(OAuthToken).where(*guard).values(lease=lease, lease_until=now + LEASE))


def put(
    tx: Tx,
    account: str,
    lease: str,
    *,
    sealed_access: bytes,
    access_until: datetime,
    sealed_refresh: bytes | None,
    refresh_since: datetime,
) -> None:
    """Keep new tokens and end the turn; raise `LostRace` when the turn was over and somebody else has begun one."""
    values = {
        "sealed_access": sealed_access,
        "access_until": access_until,
        "sealed_refresh": sealed_refresh,
        "refresh_since": refresh_since,
        "error": None,
    }
    _end(tx, account, lease, values)


def note_error(tx: Tx, account: str, lease: str, sentence: str) -> None:
    """Keep why there is no new token, and end the turn."""
    _end(tx, account, lease, {"error": sentence})


def give_back(tx: Tx, account: str, lease: str) -> None:
    """End the turn with nothing to tell: the server could not be asked."""
    _end(tx, account, lease, {})


def _end(tx: Tx, account: str, lease: str, values: dict[str, object]) -> None:
    guard = (OAuthToken.account == account, OAuthToken.lease == lease)
    if not changed(tx, update(OAuthToken).where(*guard).values(lease=None, lease_until=None, **values)):
        raise LostRace(f"Another process renews the tokens of {account}.")


def _held(row: OAuthToken) -> Held:
    return Held(
        account=row.account,
        given_sha256=row.given_sha256,
        sealed_refresh=row.sealed_refresh,
        sealed_access=row.sealed_access,
        access_until=row.access_until,
        refresh_since=row.refresh_since,
        error=row.error,
        lease_until=row.lease_until,
    )
