"""Settings in, working parts out: the only place that knows which gateway plays which port."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from consultant import clock
from consultant.accounts import Account
from consultant.drafting.ports import LanguageModel
from consultant.faults import arm
from consultant.gateways import ocr, signatures
from consultant.gateways.child import ChildReader
from consultant.gateways.imap import ImapMailbox
from consultant.gateways.smtp import SmtpSubmission
from consultant.gateways.wire import Token
from consultant.mail.charsets import clean
from consultant.mail.documents import DocumentKind, Extracted
from consultant.mail.ports import Mailbox, Submission
from consultant.nudge import Nudge
from consultant.parts import Parts
from consultant.privacy.vault import Vault, load_or_create_key, load_or_create_keys
from consultant.records.store import Store
from consultant.settings import ConfigurationError, Settings
from consultant.tokens import Tokens

if TYPE_CHECKING:
    from knowledge.release import Release

log = structlog.get_logger(__name__)

LOOK_FOR_RELEASE_SECONDS = 2.0
_BY_OCR = "was read by OCR, which mistakes characters; compare every code and size with the picture."


class RunningRelease:
    """The release in use; opens the new one after a switch, and keeps the old one where the new cannot be opened.

    Opened by the first call: the poller and the beat never ask for it, and are smaller by what it takes.
    """

    def __init__(self, root: Path) -> None:
        """Keep where the releases lie."""
        self._root = root
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._release: Release | None = None
        self._looked = 0.0

    def __call__(self) -> "Release":
        """Return the release to ask now; raise `ConfigurationError` when the first is missing or damaged."""
        with self._lock:
            if self._release is None or time.monotonic() - self._looked > LOOK_FOR_RELEASE_SECONDS:
                self._looked = time.monotonic()
                self._release = self._newest(self._release)
            return self._release

    def _newest(self, held: "Release | None") -> "Release":
        from knowledge.release import ReleaseDamaged, ReleaseMissing, current, open_release

        try:
            folder = current(self._root)
            if held is not None and folder == self._folder:
                return held
            # The old one stays open for those who still read it; it goes with its last reader.
            opened = open_release(folder)
        except (ReleaseMissing, ReleaseDamaged) as error:
            if held is None:
                raise ConfigurationError(str(error)) from error
            log.error("knowledge release not changed", why=str(error))
            return held
        if held is not None:
            log.info("knowledge release changed", release=opened.version)
        self._folder = folder
        return opened


TokenOf = Callable[[Account], Token | None]
"""Gives what access tokens of an account come from; None for one that logs in with a password."""


def token_of(tokens: Tokens, account: Account) -> Token | None:
    """Return where an account's access tokens come from."""
    return partial(tokens.access, account) if account.oauth else None


class KeptSubmissions:
    """One kept SMTP connection for each account, lent to one letter at a time."""

    def __init__(self, token: TokenOf) -> None:
        """Begin without a connection."""
        self._token = token
        self._guard = threading.Lock()
        self._kept: dict[str, tuple[threading.Lock, SmtpSubmission]] = {}

    @contextmanager
    def lend(self, account: Account) -> Iterator[Submission]:
        """Lend the account's way out."""
        with self._guard:
            if account.name not in self._kept:
                made = SmtpSubmission(account.smtp, token=self._token(account))
                self._kept[account.name] = (threading.Lock(), made)
            lock, submission = self._kept[account.name]
        with lock:
            yield submission


def mailbox(token: TokenOf, account: Account, folder: str) -> AbstractContextManager[Mailbox]:
    """Open a fresh connection to a folder of the account."""
    server = account.imap.model_copy(update={"folder": folder})
    return ImapMailbox.connect(server, token=token(account))


def text_of(reader: ChildReader, content: bytes) -> Extracted:
    """Return the text of an attachment, that of a picture or of a scanned page by OCR where it is installed."""
    found = reader.text(content)
    if found.kind is DocumentKind.IMAGE:
        pictures = [content]
    elif found.pictures and ocr.installed():
        pictures = reader.pictures(content, found.pictures)
    else:
        return found
    read = "\n\n".join(clean(text).strip() for text in ocr.texts_in(pictures))
    if not read.strip():
        return found
    unread = len(found.pictures) - len(pictures)
    note = _BY_OCR if unread <= 0 else f"{_BY_OCR.removesuffix('.')}; {unread} more of its pages were not read."
    return replace(found, text=f"{found.text}\n\n{read}".strip(), note=note)


def language_model(settings: Settings) -> LanguageModel | None:
    """Return the configured language model, or None."""
    if settings.model is None:
        return None
    # Most desks have none, and its HTTP client takes a tenth of a second to import.
    from consultant.gateways.model import HttpModel

    return HttpModel(settings.model)


def keys_folder(settings: Settings) -> Path:
    """Return where the keys lie: outside the database, readable for this user only."""
    folder = settings.folder / "keys"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {settings.folder} cannot be written ({error.strerror}); "
            "set `folder` to one that this user may write."
        ) from None
    return folder


@contextmanager
def tokens_of(settings: Settings) -> Iterator[tuple[Store, Tokens]]:
    """Lend the store and the access tokens of a desk to a command that needs no other part of it."""
    store = Store(settings.database_url)
    try:
        yield store, Tokens(store, Vault(load_or_create_keys(keys_folder(settings) / "vault.key")), clock.now)
    finally:
        store.close()


def build(settings: Settings, nudge: Nudge, release: "Callable[[], Release] | None" = None) -> Parts:
    """Put the parts together. Opens no connection; raises a sentence when a key cannot be used."""
    if settings.faults is not None:
        arm(settings.faults.seed, settings.faults.shares, settings.faults.ledger)
    keys = keys_folder(settings)
    reader = ChildReader()
    store, vault = Store(settings.database_url), Vault(load_or_create_keys(keys / "vault.key"))
    token = partial(token_of, Tokens(store, vault, clock.now))
    return Parts(
        settings=settings,
        store=store,
        vault=vault,
        thread_key=load_or_create_key(keys / "thread.key"),
        release=release or RunningRelease(settings.releases),
        nudge=nudge,
        submission=KeptSubmissions(token).lend,
        mailbox=partial(mailbox, token),
        read=reader,
        sign=signatures.Signer(settings.all_accounts()),
        signatures=partial(signatures.authenticity_of, resolver=signatures.Resolver()),
        text_of=partial(text_of, reader),
        model=language_model(settings),
    )
