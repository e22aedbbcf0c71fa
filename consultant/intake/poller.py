"""Reading the accounts: each on its own thread, ledger first, nothing deleted, nothing taken for granted.

What was read is decided by comparing the server's UIDs with the ledger's, never by flags and never within a
window of time. A new UIDVALIDITY makes every UID unknown again (RFC 9051, 2.3.1.1); the digest keeps the letters
from being stored twice.
"""

import hashlib
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import structlog

from consultant.accounts import Account
from consultant.errors import ConsultantError
from consultant.faults import fault
from consultant.mail.ports import Fetched, Folder, Mailbox
from consultant.parts import Parts
from consultant.privacy.vault import Vault, context_from_digest
from consultant.records import health, ledger
from consultant.records.ledger import Arrival

log = structlog.get_logger(__name__)

BATCH = 50
BACK_OFF_SECONDS = (1, 2, 5, 15, 30, 60, 120, 300)
FULL_LOOK_EVERY = 120
"""After so many looks for news only, one that compares every UID of the folder with the ledger."""


class Poller:
    """Every configured account on a thread of its own; one that fails never stops another."""

    def __init__(self, parts: Parts) -> None:
        """Prepare a watch and a thread for each account."""
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=Watch(account, parts, self._stop).run, name=f"poller-{account.name}", daemon=True)
            for account in parts.settings.all_accounts()
        ]

    def start(self) -> None:
        """Begin to read every account."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10) -> None:
        """Ask every thread to end and wait for them; a batch that was begun is finished or left to the next start."""
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)


class Watch:
    """The watch over one account: connect, take what is new, wait for news, and begin again after a failure."""

    def __init__(self, account: Account, parts: Parts, stop: threading.Event) -> None:
        """Keep what the watch needs; nothing is opened yet."""
        self._account = account
        self._parts = parts
        self._stop = stop

    def run(self) -> None:
        """Watch until told to stop; every failure is written down and followed by a pause that grows."""
        failures = 0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._connected()
            except ConsultantError as error:
                self._note_error(str(error))
            except Exception:
                log.exception("account failed", account=self._account.name)
                self._note_error("Reading this account failed in an unexpected way; the log says how.")
            # A connection that held for a while shows that the account is well, so the pause begins small again.
            failures = 1 if time.monotonic() - began > BACK_OFF_SECONDS[-1] else failures + 1
            self._stop.wait(back_off(failures))

    def _connected(self) -> None:
        account = self._account
        with self._parts.mailbox(account, account.imap.folder) as mailbox:
            folder, highest, looks = mailbox.folder, 0, 0
            log.info("account opened", account=account.name, letters=folder.exists)
            while not self._stop.is_set():
                full = looks % FULL_LOOK_EVERY == 0
                look = take_new(account, mailbox, folder, 1 if full else highest + 1, self._parts, self._stop)
                highest = look.highest if full else max(highest, look.highest)
                looks += 1
                if mailbox.wait(account.imap.poll_seconds, self._stop):
                    continue
                before, folder = folder, mailbox.reselect()
                if folder.uidvalidity != before.uidvalidity:
                    looks = 0

    def _note_error(self, sentence: str) -> None:
        log.warning("account not read", account=self._account.name, why=sentence)
        now = self._parts.now()
        try:
            with self._parts.store.begin() as tx:
                health.note_account(tx, self._account.name, error=sentence, error_at=now)
        except ConsultantError:
            log.warning("case store did not answer", account=self._account.name)


def back_off(failures: int) -> float:
    """Return how many seconds to wait after so many failures, with jitter so that accounts do not march in step."""
    limit = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS)) - 1]
    return limit * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a folder found."""

    highest: int
    """The highest UID that the folder holds."""
    entered: int
    """How many letters were new to the ledger."""


def take_new(
    account: Account, mailbox: Mailbox, folder: Folder, first: int, parts: Parts, stop: threading.Event
) -> Look:
    """Bring every letter of the folder from UID `first` on into the ledger that is not there yet.

    Letters are moved to the processed folder, where one is configured, only after their batch was committed.
    """
    uids = mailbox.uids(first)
    with parts.store.read() as tx:
        known = ledger.known_uids(tx, account.name, folder.name, folder.uidvalidity, uids)
    processed = account.imap.processed_folder
    missing = [uid for uid in uids if uid not in known]
    if processed and (left := [uid for uid in uids if uid in known]):
        # They were committed before, and the process stopped before they were moved.
        mailbox.move(left, processed)
    entered = _take(account, mailbox, folder, missing, parts, stop) if missing else 0
    now = parts.now()
    with parts.store.begin() as tx:
        fresh = {"letter_at": now} if entered else {}
        health.note_account(tx, account.name, checked_at=now, error=None, error_at=None, **fresh)
    return Look(max(uids, default=first - 1), entered)


def _take(
    account: Account, mailbox: Mailbox, folder: Folder, missing: Sequence[int], parts: Parts, stop: threading.Event
) -> int:
    """Enter letters batch by batch and move each batch once it is committed; return how many were new."""
    processed = account.imap.processed_folder or ""
    entered = 0
    committed: list[int] = []
    with ThreadPoolExecutor(1, f"mover-{account.name}") as mover:
        for batch in _batches(mailbox.fetch(missing)):
            # The connection has nothing to do while a batch is entered, so the one before is moved meanwhile.
            moving = mover.submit(mailbox.move, committed, processed) if committed else None
            new = _enter(account, folder, batch, parts)
            committed = [fetched.uid for fetched in batch] if processed else []
            log.info("letters entered", account=account.name, fetched=len(batch), new=new)
            entered += new
            if moving:
                moving.result()
            if stop.is_set():
                break
    if committed:
        mailbox.move(committed, processed)
    return entered


def _enter(account: Account, folder: Folder, batch: Sequence[Fetched], parts: Parts) -> int:
    fault("after_fetch")
    arrivals = [arrival(fetched.raw, parts.vault, fetched.uid) for fetched in batch]
    with parts.store.begin() as tx:
        fresh = ledger.enter(tx, account.name, folder.name, folder.uidvalidity, arrivals, parts.now())
    fault("after_entry")
    parts.nudge.receive(*fresh)
    return len(fresh)


def arrival(raw: bytes, vault: Vault, uid: int | None) -> Arrival:
    """Seal the bytes of one letter for the ledger."""
    digest = hashlib.sha256(raw).hexdigest()
    return Arrival(uid, digest, vault.seal(raw, context_from_digest("letter", digest)), len(raw))


def _batches(fetched: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    while batch := list(islice(fetched, BATCH)):
        yield batch
