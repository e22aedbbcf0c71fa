"""Access tokens for accounts that log in by OAuth 2, shared by all processes and renewed by one at a time.

A server that exchanges refresh tokens kills the old one when it gives a new one. So the new one is committed, sealed,
before its access token is used once, and two processes never offer the same refresh token: the one whose turn it is
holds a lease, and the others wait for what it gets.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from consultant.accounts import Account, OAuth
from consultant.errors import ConsultantError, Transient
from consultant.gateways import oauth
from consultant.mail.ports import AuthenticationFailed
from consultant.privacy.vault import Vault, context_from_digest
from consultant.records import tokens
from consultant.records.store import Store
from consultant.records.tokens import Held

log = structlog.get_logger(__name__)

EARLY = timedelta(minutes=2)
"""An access token is renewed so long before its end: clocks differ, and a login takes its time."""
PATIENCE = 60.0
"""Seconds to wait for another process that renews."""
_LOOK = 0.2


class Tokens:
    """Gives access tokens that are valid now. Safe to share between threads."""

    def __init__(self, store: Store, vault: Vault, now: Callable[[], datetime]) -> None:
        """Keep what tokens are held in; nothing is asked yet."""
        self._store = store
        self._vault = vault
        self._now = now

    def access(self, account: Account) -> str:
        """Return an access token of an account with `oauth`.

        Raises `AuthenticationFailed` when the server refuses, `Transient` when it or the store cannot be reached.
        """
        settings = account.oauth
        assert settings is not None
        given = hashlib.sha256(settings.refresh_token.get_secret_value().encode()).hexdigest()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            lease = secrets.token_hex(16)
            with self._store.begin() as tx:
                seen = tokens.held(tx, account.name)
                if seen is None or seen.given_sha256 != given:
                    tokens.begin(tx, account.name, given, self._now())
                    seen = tokens.held(tx, account.name)
                assert seen is not None
                if (valid := self._valid(seen)) is not None:
                    return valid
                mine = tokens.take(tx, account.name, lease, self._now())
            if mine:
                return self._renew(account.name, settings, seen, lease)
            time.sleep(_LOOK)
        raise Transient(f"Another process renews the access token of {account.name} and does not end.")

    def _valid(self, seen: Held) -> str | None:
        if seen.sealed_access is None or seen.access_until is None or seen.access_until - EARLY <= self._now():
            return None
        return self._vault.open(seen.sealed_access, _context("access", seen.account)).decode()

    def _renew(self, account: str, settings: OAuth, seen: Held, lease: str) -> str:
        refresh = settings.refresh_token.get_secret_value()
        if seen.sealed_refresh is not None:
            refresh = self._vault.open(seen.sealed_refresh, _context("refresh", account)).decode()
        try:
            granted = oauth.fetch(settings, refresh)
        except AuthenticationFailed as error:
            with self._store.begin() as tx:
                tokens.note_error(tx, account, lease, str(error))
            raise
        except ConsultantError:
            with self._store.begin() as tx:
                tokens.give_back(tx, account, lease)
            raise
        kept = granted.refresh_token or refresh
        now = self._now()
        with self._store.begin() as tx:
            tokens.put(
                tx,
                account,
                lease,
                sealed_access=self._vault.seal(granted.access_token.encode(), _context("access", account)),
                access_until=now + max(timedelta(seconds=granted.seconds), EARLY + timedelta(seconds=30)),
                sealed_refresh=self._vault.seal(kept.encode(), _context("refresh", account)) if kept else None,
                refresh_since=now if granted.refresh_token else seen.refresh_since or now,
            )
        log.info("access token renewed", account=account, exchanged=granted.refresh_token is not None)
        return granted.access_token


def _context(kind: str, account: str) -> bytes:
    return context_from_digest(f"oauth-{kind}", hashlib.sha256(account.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Ending:
    """What an operator has to do about the tokens of an account, while there is time or when there is none left."""

    account: str
    sentence: str
    dead: bool


def endings(accounts: Iterable[Account], held: Iterable[Held], now: datetime) -> tuple[Ending, ...]:
    """Return what to tell of accounts with `oauth`: a refusal, and a refresh token that ends within `warn_days`."""
    found = []
    by_name = {row.account: row for row in held}
    for account in accounts:
        settings, row = account.oauth, by_name.get(account.name)
        if settings is None or row is None:
            continue
        if row.error is not None:
            found.append(Ending(account.name, row.error, dead=True))
        elif settings.refresh_token_days and settings.grant == "refresh_token" and row.refresh_since is not None:
            ends = row.refresh_since + timedelta(days=settings.refresh_token_days)
            if ends - timedelta(days=settings.warn_days) <= now:
                said = (
                    f"The refresh token of {account.name} ends on {ends:%Y-%m-%d}; let the mailbox's owner authorize "
                    "the desk again, and set the new refresh_token."
                )
                found.append(Ending(account.name, said, dead=ends <= now))
    return tuple(found)
