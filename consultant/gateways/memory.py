"""Memory twins of the ports to the wire: they pass the same contract tests, and serve unit tests only."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesHeaderParser
from itertools import count

from consultant import clock
from consultant.drafting.ports import Prompt
from consultant.errors import ConsultantError, Permanent
from consultant.mail.ports import Fetched, Folder, NotSent, Refused, Reply, Unanswered

ACCEPTED = Reply(250, "2.0.0 Ok: queued")


@dataclass(slots=True)
class MemoryFolder:
    """A folder of a `MemoryAccount`: what a server would keep of it."""

    uidvalidity: int
    uidnext: int = 1
    letters: dict[int, Fetched] = field(default_factory=dict)

    def add(self, raw: bytes, when: datetime | None) -> int:
        """File a letter under the next UID and return it."""
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.letters[uid] = Fetched(uid, raw, when)
        return uid


class MemoryAccount:
    """An IMAP account in memory; mailboxes opened on it see the same folders, from any thread."""

    def __init__(self) -> None:
        """Begin with an empty INBOX."""
        self._validity = count(1)
        self.changed = threading.Condition()
        self.folders: dict[str, MemoryFolder] = {}
        self.moves = True
        """Whether the server has MOVE."""
        self.failures: list[ConsultantError] = []
        """Raised one by one, each by the next call to a mailbox of this account."""
        self.create("INBOX")

    def create(self, name: str) -> MemoryFolder:
        """Make a folder, or make it anew: empty and with a new UIDVALIDITY."""
        with self.changed:
            self.folders[name] = MemoryFolder(next(self._validity))
            self.changed.notify_all()
            return self.folders[name]

    def deliver(self, raw: bytes, folder: str = "INBOX", when: datetime | None = None) -> int:
        """File a letter, now unless said otherwise, and return its UID."""
        with self.changed:
            uid = self.folders[folder].add(raw, when or clock.now())
            self.changed.notify_all()
            return uid

    def remove(self, uid: int, folder: str = "INBOX") -> None:
        """Let a letter vanish, as another mail client would."""
        with self.changed:
            del self.folders[folder].letters[uid]

    @contextmanager
    def open(self, folder: str = "INBOX", *, writable: bool = False) -> Iterator["MemoryMailbox"]:
        """Open a folder, as a value for `OpenMailbox` does."""
        mailbox = MemoryMailbox(self, folder, writable=writable)
        try:
            yield mailbox
        finally:
            mailbox.close()


class MemoryMailbox:
    """The port `Mailbox` over a `MemoryAccount`."""

    def __init__(self, account: MemoryAccount, folder: str = "INBOX", *, writable: bool = False) -> None:
        """Select a folder."""
        self._account = account
        self._name = folder
        self._writable = writable
        self._folder = self.reselect()

    @property
    def folder(self) -> Folder:
        """The folder as it was when it was last selected."""
        return self._folder

    def reselect(self) -> Folder:
        """Select the folder again, so that a changed UIDVALIDITY is seen."""
        with self._calling() as folders:
            if self._name not in folders:
                raise Permanent(f"There is no folder {self._name}.")
            chosen = folders[self._name]
            self._known = chosen.uidnext
            self._folder = Folder(self._name, chosen.uidvalidity, chosen.uidnext, len(chosen.letters))
            return self._folder

    def uids(self, first: int = 1) -> list[int]:
        """Return every UID from `first` on, ascending."""
        with self._calling() as folders:
            self._known = folders[self._name].uidnext
            return sorted(uid for uid in folders[self._name].letters if uid >= first)

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Yield letters by UID; vanished ones are left out."""
        for uid in uids:
            with self._calling() as folders:
                letter = folders[self._name].letters.get(uid)
            if letter is not None:
                yield letter

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait for a letter that came after the last look; returns within a second of `stop` being set."""
        with self._calling() as folders:
            left = seconds
            while folders[self._name].uidnext == self._known and left > 0 and not stop.is_set():
                self._account.changed.wait(min(left, 0.1))
                left -= 0.1
            news = folders[self._name].uidnext != self._known
            self._known = folders[self._name].uidnext
            return news and not stop.is_set()

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move letters to another folder, creating it if needed; an account without MOVE leaves them."""
        with self._calling() as folders:
            if not uids or not self._account.moves:
                return
            if not self._writable:
                raise Permanent(f"The folder {self._name} was opened read-only, so nothing can be moved out of it.")
            target = folders[folder] if folder in folders else self._account.create(folder)
            for uid in uids:
                letter = folders[self._name].letters.pop(uid, None)
                if letter is not None:
                    target.add(letter.raw, letter.internal_date)

    def find(self, header: str, text: str, folders: Iterable[str]) -> bool:
        """Tell whether any of these folders holds a letter with this header field; absent folders hold none."""
        if not re.fullmatch(r"[!-9;-~]+", header) or not re.fullmatch(r"[ -~]+", text):
            raise Permanent(f"The header field {header!r} cannot be searched for.")
        with self._calling() as every:
            return any(
                text.lower() in value.replace("\n", "").lower()
                for name in folders
                if name in every
                for letter in every[name].letters.values()
                for value in BytesHeaderParser().parsebytes(letter.raw).get_all(header, [])
            )

    def folders(self) -> list[str]:
        """Return the names of all folders."""
        with self._calling() as folders:
            return list(folders)

    def close(self) -> None:
        """Do nothing; a memory account has no connections."""

    @contextmanager
    def _calling(self) -> Iterator[dict[str, MemoryFolder]]:
        with self._account.changed:
            if self._account.failures:
                raise self._account.failures.pop(0)
            yield self._account.folders


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that the memory submission took over: it owns it, whatever it then replied."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class MemorySubmission:
    """The port `Submission` with scripted replies; `taken` is the receiver's own ledger."""

    def __init__(self) -> None:
        """Accept everything until told otherwise."""
        self.taken: list[Taken] = []
        self.unreachable: NotSent | Refused | None = None
        """Raised by every `open`, as a server would that cannot be reached."""
        self.recipients: dict[str, Reply] = {}
        """Replies at RCPT to recipients that are refused."""
        self.after_dot: list[Reply | None] = []
        """Replies to coming final dots, one each; None takes the letter over and never answers. Then 250."""
        self.size_limit: int | None = None
        """A declared size above it, in bytes, is refused with 552."""
        self.break_in_content = False
        """Lose the connection while the text of a letter is sent."""
        self.opened = 0
        """How many envelopes were opened."""

    def open(self, sender: str, recipients: Sequence[str], *, size: int | None = None) -> "MemoryEnvelope":
        """Answer each recipient as scripted."""
        if self.unreachable is not None:
            raise self.unreachable
        if not recipients:
            raise Refused("A letter without recipients cannot be sent.")
        if self.size_limit is not None and size is not None and size > self.size_limit:
            raise Refused("The server answered 552 to the sender: the letter is too large.")
        refused = {address: self.recipients[address] for address in recipients if address in self.recipients}
        if len(refused) == len(set(recipients)):
            passing = any(reply.code < 500 for reply in refused.values())
            raise (NotSent if passing else Refused)("The server refused every recipient.", refused)
        self.opened += 1
        return MemoryEnvelope(self, sender, tuple(to for to in recipients if to not in refused), refused)

    def close(self) -> None:
        """Do nothing; there is no connection."""


class MemoryEnvelope:
    """The port `Envelope` of a `MemorySubmission`."""

    def __init__(
        self, submission: MemorySubmission, sender: str, recipients: tuple[str, ...], refused: Mapping[str, Reply]
    ) -> None:
        self._submission = submission
        self._sender = sender
        self._recipients = recipients
        self._refused = dict(refused)
        self._raw = b""

    @property
    def refused(self) -> Mapping[str, Reply]:
        """Recipients that were refused, with the reply."""
        return self._refused

    def content(self, raw: bytes) -> None:
        """Keep the letter's bytes until the dot; raises `Refused` when there is a lone CR or LF."""
        if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
            raise Refused("The letter was not offered: it holds a line end other than CRLF.")
        if self._submission.break_in_content:
            raise NotSent("The connection was lost while sending a letter's text.")
        self._raw = raw if raw.endswith(b"\r\n") else raw + b"\r\n"

    def dot(self) -> Reply:
        """Answer as scripted; a letter is taken over with a 2xx and with silence."""
        reply = self._submission.after_dot.pop(0) if self._submission.after_dot else ACCEPTED
        if reply is None or reply.positive:
            self._submission.taken.append(Taken(self._sender, self._recipients, self._raw))
        if reply is None:
            raise Unanswered("The server closed the connection; the letter may or may not be with the server.")
        return reply


class MemoryModel:
    """The port `LanguageModel` without a wire: gives prepared answers, one by one, and keeps what it was asked."""

    def __init__(self, *answers: "str | ConsultantError | Callable[[Prompt], str]") -> None:
        """Keep the answers: a text, an error to raise, or what makes a text of the prompt; the last one stays."""
        self.answers = list(answers)
        self.asked: list[Prompt] = []

    def ask(self, prompt: Prompt) -> str:
        """Give the next answer."""
        self.asked.append(prompt)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ConsultantError):
            raise answer
        said = answer if isinstance(answer, str) else answer(prompt)
        if not said.strip():
            raise Permanent("The language model gave an empty answer.")
        return said
