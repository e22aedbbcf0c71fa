"""Local letters on disk: one folder an address, one folder a mailbox in it, one `.eml` file a letter.

The tree is the truth; what IMAP clients see is loaded from it at start. A letter's file name begins with the moment
that it came, so that the order of names is the order of letters, and a copy of the tree keeps both.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import quote, unquote

from consultant import clock
from consultant.errors import Permanent

INBOX = "INBOX"
# Most file systems end a name at 255 bytes.
NAME_BYTES = 200
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_STAMPED = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-\d{6}")


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """One letter as it lies in the folder."""

    path: Path
    raw: bytes
    received_at: datetime
    """In UTC."""


class Letters:
    """The tree of local letters. Methods may be called from any thread; what `keep` returns is on disk."""

    def __init__(self, folder: Path) -> None:
        """Use this folder, making it if needed; raises `Permanent` when it cannot be written to."""
        self.folder = folder
        self._serial = count()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._validity = max(self._last_validity() + 1, int(clock.now().timestamp()))
            self._write_durably(folder / "uidvalidity", str(self._validity).encode())
        except OSError as error:
            raise Permanent(
                f"The folder for local letters {folder} cannot be written to ({error.strerror}); "
                "make it writable, or set folder to another."
            ) from None

    def _last_validity(self) -> int:
        try:
            return int((self.folder / "uidvalidity").read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def new_validity(self) -> int:
        """Return a UIDVALIDITY above every earlier one of this folder, also of earlier runs (RFC 9051, 2.3.1.1)."""
        self._validity += 1
        self._write_durably(self.folder / "uidvalidity", str(self._validity).encode())
        return self._validity

    def addresses(self) -> list[str]:
        """Return the addresses that have letters or mailboxes."""
        return sorted(unquote(path.name) for path in self.folder.iterdir() if path.is_dir())

    def mailboxes(self, address: str) -> list[str]:
        """Return the names of an address's mailboxes; INBOX always exists, its folder may not."""
        home = self._home(address)
        return sorted(unquote(path.name) for path in home.iterdir() if path.is_dir()) if home.is_dir() else []

    def letters(self, address: str, mailbox: str = INBOX) -> Iterator[StoredLetter]:
        """Yield a mailbox's letters, oldest first."""
        for path in sorted(self._mailbox(address, mailbox).glob("*.eml")):
            try:
                yield StoredLetter(path, path.read_bytes(), _moment(path))
            except FileNotFoundError:
                # A mail client moved or deleted it in this moment.
                continue

    def keep(self, address: str, mailbox: str, raw: bytes, when: datetime) -> Path:
        """Write a letter and return its file once it is certainly on disk."""
        folder = self._mailbox(address, mailbox)
        self._make(folder)
        path = folder / f"{when.astimezone(UTC).strftime(_STAMP)}-{next(self._serial) % 1_000_000:06d}.eml"
        self._write_durably(path, raw)
        return path

    def move(self, path: Path, address: str, mailbox: str) -> Path:
        """Move a letter's file to another mailbox and return where it lies then."""
        folder = self._mailbox(address, mailbox)
        self._make(folder)
        target = folder / path.name
        path.rename(target)
        _sync(folder)
        _sync(path.parent)
        return target

    def remove(self, path: Path) -> None:
        """Remove a letter's file, as a mail client asked for."""
        path.unlink(missing_ok=True)

    def create(self, address: str, mailbox: str) -> None:
        """Make a mailbox's folder."""
        self._make(self._mailbox(address, mailbox))

    def rename(self, address: str, before: str, after: str) -> None:
        """Give a mailbox's folder another name."""
        self._mailbox(address, before).rename(self._mailbox(address, after))
        _sync(self._home(address))

    def delete(self, address: str, mailbox: str) -> None:
        """Remove a mailbox with its letters, as a mail client asked for."""
        folder = self._mailbox(address, mailbox)
        for path in folder.glob("*.eml"):
            path.unlink(missing_ok=True)
        if folder.is_dir():
            folder.rmdir()

    def _home(self, address: str) -> Path:
        return self.folder / file_name(address)

    def _mailbox(self, address: str, mailbox: str) -> Path:
        return self._home(address) / file_name(mailbox)

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync(folder.parent)
            _sync(self.folder)

    def _write_durably(self, path: Path, content: bytes) -> None:
        # A crash leaves either no file of this name or the whole letter (rename is atomic), and after the sync of the
        # folder the name itself outlives a power cut.
        draft = path.with_name(f".{path.name}.part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)


def file_name(name: str) -> str:
    """Return an address or a mailbox name as the name of a folder; raises `ValueError` when it cannot be one."""
    quoted = quote(name, safe="@+-_. ")
    if quoted.startswith("."):
        quoted = f"%2E{quoted[1:]}"
    if not quoted or len(quoted) > NAME_BYTES:
        raise ValueError("a name of 1 to 200 bytes was expected")
    return quoted


def _moment(path: Path) -> datetime:
    found = _STAMPED.fullmatch(path.stem)
    if found:
        return datetime.strptime(found.group(1), _STAMP).replace(tzinfo=UTC)
    # A file that a person put there has a name of its own.
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
