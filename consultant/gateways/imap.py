"""A mailbox over IMAP (RFC 3501, RFC 9051), read by UID and never marked, emptied or expunged."""

import re
import ssl
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from consultant.accounts import ImapServer
from consultant.errors import Permanent, Transient
from consultant.gateways.imap_client import code_of, connect, translated
from consultant.gateways.imap_news import News
from consultant.gateways.wire import Token, endpoint
from consultant.mail.ports import Fetched, Folder

BATCH_LETTERS = 50
BATCH_BYTES = 16 * 1024 * 1024
# Sizes are asked for in larger groups than letters, as an answer is only some 40 bytes.
SIZES_AT_ONCE = 500
MOVES_AT_ONCE = 500
# imaplib refuses lines above a million bytes, which is where one SEARCH answer ends up at 90,000 UIDs.
UIDS_PER_SEARCH = 50_000


class ImapMailbox:
    """One logged-in connection on one selected folder; the port `Mailbox` says what each method promises.

    The folder is opened with EXAMINE, so that the server itself refuses every change, unless letters are to be moved.
    A mailbox belongs to one thread. It is its own context manager.
    """

    def __init__(self, client: IMAPClient, server: ImapServer, *, writable: bool = False) -> None:
        """Select the server's folder on a client that has logged in."""
        self._client = client
        self._server = server
        self._writable = writable
        self._lost = False
        self._news = News(client, server.timeout_seconds)
        self._folder = self.reselect()

    @classmethod
    def connect(
        cls,
        server: ImapServer,
        *,
        token: Token | None = None,
        context: ssl.SSLContext | None = None,
        writable: bool | None = None,
    ) -> Self:
        """Log in and select the server's folder.

        `token` makes the login XOAUTH2; `context` replaces the one over `ca_file` or the system's store; `writable`
        defaults to whether a processed folder is set. Raises what `imap_client.connect` raises.
        """
        client = connect(server, token, context)
        try:
            return cls(client, server, writable=server.processed_folder is not None if writable is None else writable)
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Folder:
        """The folder as it was when it was last selected."""
        return self._folder

    def reselect(self) -> Folder:
        """Select the folder again, so that a changed UIDVALIDITY is seen."""
        name = self._server.folder
        with self._speaking(f"opening the folder {name}"):
            answer = self._client.select_folder(name, readonly=not self._writable)
        if b"UIDVALIDITY" not in answer:
            # Without it a UID means nothing from one connection to the next (RFC 9051, 2.3.1.1).
            raise Permanent(
                f"{endpoint(self._server)} gives no UIDVALIDITY for {name}; its letters cannot be told apart."
            )
        exists = int(answer.get(b"EXISTS", 0))
        self._news.restart(exists)
        self._folder = Folder(name, int(answer[b"UIDVALIDITY"]), int(answer.get(b"UIDNEXT", 0)), exists)
        return self._folder

    def uids(self, first: int = 1) -> list[int]:
        """Return every UID from `first` on, ascending."""
        first = max(first, 1)
        found: set[int] = set()
        with self._speaking("listing letters"):
            # A search covers what the server has announced so far; NOOP lets it announce the newest letters.
            self._client.noop()
            self._news.caught_up()
            for criteria in self._ranges(first):
                found.update(self._client.search(criteria))
        # `n:*` always names the last letter, even when its UID is below n (RFC 9051, 6.4.9).
        return sorted(uid for uid in found if uid >= first)

    def _ranges(self, first: int) -> Iterator[str]:
        start = first
        if self._folder.exists > UIDS_PER_SEARCH:
            while start + UIDS_PER_SEARCH < self._folder.uidnext:
                yield f"UID {start}:{start + UIDS_PER_SEARCH - 1}"
                start += UIDS_PER_SEARCH
        yield f"UID {start}:*"

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Yield letters by UID, in batches of at most 50 letters and 16 MB; a larger letter comes alone.

        Vanished letters are left out. One that the server cannot give holds up no other: `Permanent` names it when
        all the others have been yielded.
        """
        failed: list[int] = []
        for batch in self._batches(uids):
            with self._speaking("fetching letters"):
                letters = self._fetch_batch(batch, failed)
            yield from letters
        if failed:
            raise Permanent(
                f"{endpoint(self._server)} could not give {len(failed)} of the letters in {self._folder.name} "
                f"(UID {', '.join(map(str, failed[:5]))}); look at them there with a mail client."
            )

    def _batches(self, uids: Sequence[int]) -> Iterator[list[int]]:
        for start in range(0, len(uids), SIZES_AT_ONCE):
            with self._speaking("asking for the sizes of letters"):
                sizes = self._client.fetch(list(uids[start : start + SIZES_AT_ONCE]), ["RFC822.SIZE"])
            batch: list[int] = []
            total = 0
            for uid, answer in sizes.items():
                size = int(answer.get(b"RFC822.SIZE", 0))
                if batch and (len(batch) == BATCH_LETTERS or total + size > BATCH_BYTES):
                    yield batch
                    batch, total = [], 0
                batch.append(uid)
                total += size
            if batch:
                yield batch

    def _fetch_batch(self, batch: list[int], failed: list[int]) -> list[Fetched]:
        try:
            answers = self._client.fetch(batch, ["BODY.PEEK[]", "INTERNALDATE"])
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if len(batch) > 1:
                return [letter for uid in batch for letter in self._fetch_batch([uid], failed)]
            # EXPUNGEISSUED (RFC 5530, 3) says that the letter is gone, not that something is wrong with it.
            if code_of(error) != "EXPUNGEISSUED":
                failed.extend(batch)
            return []
        return [_fetched(uid, answer) for uid, answer in answers.items() if answer.get(b"BODY[]") is not None]

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait for news, by IDLE (RFC 2177) where the server has it, else by polling; True when there may be some.

        Returns within a second of `stop` being set, at the price of the connection when the server is silent then.
        """
        with self._speaking("waiting for letters"):
            news = self._news.wait(seconds, stop)
        self._lost = self._news.lost
        return news

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move letters to another folder, creating it if needed.

        A server without MOVE (RFC 6851) leaves them where they are: a copy would double them at each try, and only
        deleting would complete it. Raises `Permanent` when the folder was opened read-only.
        """
        if not uids or not self._client.has_capability("MOVE"):
            return
        if not self._writable:
            raise Permanent(
                f"The folder {self._folder.name} on {endpoint(self._server)} was opened read-only, so nothing can be "
                "moved out of it; set processed_folder."
            )
        with self._speaking(f"moving letters to {folder}"):
            for start in range(0, len(uids), MOVES_AT_ONCE):
                self._move(list(uids[start : start + MOVES_AT_ONCE]), folder)

    def _move(self, uids: list[int], folder: str) -> None:
        try:
            self._client.move(uids, folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if self._has_folder(folder):
                raise error from None
            self._client.create_folder(folder)
            self._client.move(uids, folder)

    def find(self, header: str, text: str, folders: Iterable[str]) -> bool:
        """Tell whether any of these folders holds a letter with this header field; absent folders hold none.

        `text` is looked for in the field's value, letter case apart. What the server's search finds is read and
        compared, since some servers search by words and find too much.
        """
        if not re.fullmatch(r"[!-9;-~]+", header) or not re.fullmatch(r"[ -~]+", text):
            raise Permanent(
                f"The header field {header!r} cannot be searched for; a name and printable ASCII are expected."
            )
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        try:
            with self._speaking(f"searching for a letter by its {header}"):
                return any(self._holds(folder, header, text, f'HEADER {header} "{quoted}"') for folder in folders)
        finally:
            if not self._lost:
                self.reselect()
                self._news.missed()

    def _holds(self, folder: str, header: str, text: str, criteria: str) -> bool:
        # SELECT would answer NO to an absent folder and to one that is locked; only the first means "not found".
        if not self._has_folder(folder):
            return False
        self._client.select_folder(folder, readonly=True)
        hits = self._client.search(criteria)
        part = f"BODY[HEADER.FIELDS ({header.upper()})]".encode()
        answers = self._client.fetch(hits, [f"BODY.PEEK[HEADER.FIELDS ({header})]"])
        for answer in answers.values():
            field = next((value for key, value in answer.items() if key.upper() == part), None) or b""
            if text.lower() in re.sub(rb"\r?\n(?=[ \t])", b"", field).decode("utf-8", "replace").lower():
                return True
        return False

    def _has_folder(self, name: str) -> bool:
        return name.upper() == "INBOX" or name in self._names()

    def folders(self) -> list[str]:
        """Return the names of all folders that can be opened, decoded from modified UTF-7 (RFC 3501, 5.1.3)."""
        with self._speaking("listing folders"):
            return self._names()

    def _names(self) -> list[str]:
        closed = {b"\\noselect", b"\\nonexistent"}
        return [
            name
            for flags, _, name in self._client.list_folders()
            if not closed & {bytes(flag).lower() for flag in flags}
        ]

    def close(self) -> None:
        """Log out; never raises, and never waits for a server that was silent before."""
        with suppress(Exception):
            if self._lost:
                self._client.shutdown()
                return
            self._client.socket().settimeout(2.0)
            self._client.logout()

    @contextmanager
    def _speaking(self, doing: str) -> Iterator[None]:
        if self._lost:
            raise Transient(f"The connection to {endpoint(self._server)} was lost before; it is made again later.")
        try:
            with translated(self._server, doing):
                yield
        except Transient:
            self._lost = True
            raise


def _fetched(uid: int, answer: dict[bytes, Any]) -> Fetched:
    moment: datetime | None = answer.get(b"INTERNALDATE")
    return Fetched(uid, bytes(answer[b"BODY[]"]), moment.astimezone(UTC) if moment and moment.tzinfo else None)
