"""What an operator has to look at, in sentences: what failed, what fell silent, what will end soon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from consultant.accounts import Account
from consultant.parts import Parts
from consultant.records import health, ledger, outgoing, tokens
from consultant.records.health import Account as Status
from consultant.records.outgoing import Sending
from consultant.records.store import Tx
from consultant.tokens import endings

ALIVE = timedelta(minutes=1)
"""A process that gave no sign of life for longer is taken for dead; it gives one every 15 seconds."""
STUCK = timedelta(minutes=1)
UNREAD = timedelta(minutes=5)
"""An account is looked at every `poll_seconds`; so long after the last look, whatever was said, it is not read."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at."""

    kind: str
    """account_error, account_unread, account_silent, token, process, letters_stuck, uncertain, failed."""
    about: str
    """The account or the kind of process; empty for the desk as a whole."""
    sentence: str


def alerts(parts: Parts) -> tuple[Alert, ...]:
    """Return all that has to be looked at now, the worst first."""
    now = parts.now()
    with parts.store.read() as tx:
        return tuple(_alerts(tx, parts, now))


def _alerts(tx: Tx, parts: Parts, now: datetime) -> Iterator[Alert]:
    accounts = parts.settings.all_accounts()
    known = {status.name: status for status in health.accounts(tx)}
    for ending in endings(accounts, tokens.all_held(tx), now):
        yield Alert("token", ending.account, ending.sentence)
    for account in accounts:
        yield from _of_account(account, known.get(account.name), now)
    for kind, at in sorted(health.last_beats(tx).items()):
        if now - at >= ALIVE:
            yield Alert("process", kind, f"No {kind} process has given a sign of life since {at:%Y-%m-%d %H:%M} UTC.")
    if stuck := ledger.stuck(tx, now, STUCK):
        letters = "1 letter" if stuck == 1 else f"{stuck} letters"
        yield Alert("letters_stuck", "", f"{letters} waited for over a minute to be read; look whether a worker lives.")
    counts = outgoing.counts(tx)
    if uncertain := counts.get(str(Sending.UNCERTAIN), 0):
        yield Alert("uncertain", "", f"Of {uncertain} letters nobody knows whether they were sent; the outbox asks.")
    if failed := counts.get(str(Sending.FAILED), 0):
        yield Alert("failed", "", f"{failed} letters could not be sent; the outbox says why.")


def _of_account(account: Account, status: Status | None, now: datetime) -> Iterator[Alert]:
    if status is None or status.checked_at is None:
        yield Alert("account_unread", account.name, f"{account.name} was never read; look whether a poller lives.")
        return
    if status.error is not None:
        yield Alert("account_error", account.name, status.error)
    elif now - status.checked_at > max(UNREAD, timedelta(seconds=3 * account.imap.poll_seconds)):
        said = f"{account.name} was last looked at {status.checked_at:%Y-%m-%d %H:%M} UTC; look whether a poller lives."
        yield Alert("account_unread", account.name, said)
    quiet = account.quiet_hours
    if quiet and (status.letter_at is None or now - status.letter_at > timedelta(hours=quiet)):
        since = f"since {status.letter_at:%Y-%m-%d %H:%M} UTC" if status.letter_at else "yet"
        said = f"{account.name} has had no letter {since}, though one within {quiet} hours is usual; send it one."
        yield Alert("account_silent", account.name, said)
