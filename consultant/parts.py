"""The working parts of the service, put together by `bootstrap` and handed to every room that works on cases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from consultant import clock
from consultant.accounts import Account
from consultant.drafting.ports import LanguageModel
from consultant.mail.authenticity import Authenticity
from consultant.mail.documents import Extracted, text_of
from consultant.mail.letter import Address, Letter
from consultant.mail.parse import parse
from consultant.mail.ports import Mailbox, Submission
from consultant.nudge import Nudge
from consultant.privacy.vault import Vault
from consultant.records.store import Store
from consultant.settings import Settings

if TYPE_CHECKING:
    from knowledge.release import Release


@dataclass(frozen=True)
class Parts:
    """What a step needs besides its values. Safe to share between threads."""

    settings: Settings
    store: Store
    vault: Vault
    thread_key: bytes
    """Keys the tokens by which a follow-up finds its case."""
    release: "Callable[[], Release]"
    """The running knowledge release; the newest one after a switch."""
    nudge: Nudge
    submission: Callable[[Account], AbstractContextManager[Submission]]
    """The account's way out, for one letter at a time; its connection is kept."""
    mailbox: Callable[[Account, str], AbstractContextManager[Mailbox]]
    """A fresh connection to a folder of the account."""
    read: Callable[[bytes], Letter] = parse
    """From the raw bytes of a letter to its values; raises `Unparseable` beyond the limits."""
    text_of: Callable[[bytes], Extracted] = text_of
    """From the content of an attachment to its text; never raises."""
    sign: Callable[[Account, bytes], bytes] = lambda _, raw: raw
    """Signs a letter that is about to be fixed, where its account has a key."""
    signatures: Callable[[bytes, str], Authenticity] | None = None
    """Checks the signatures of a letter that came in, given the domain of its sender."""
    model: LanguageModel | None = None
    """The language model that may smooth the wording of drafts; None where none is configured."""
    now: Callable[[], datetime] = clock.now

    def account(self, name: str) -> Account:
        """Return the account of this name, or the first when it is configured no more."""
        accounts = self.settings.all_accounts()
        return next((account for account in accounts if account.name == name), accounts[0])

    def desk(self, account: Account) -> Address:
        """Return whom letters from this account come from."""
        return Address(self.settings.desk.name, account.address)
