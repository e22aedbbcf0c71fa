"""Letters into the mailboxes of Dovecot: into its maildir, as its own delivery writes them, and indexed in advance."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from imapclient import IMAPClient

from tests.servers import HOST, Dovecot, as_root

AT_ONCE = 5_000
LINKS = 20_000
"""So many names one file may have; the usual file systems allow 65,000."""


def fill(imap: Dovecot, user: str, raws: Iterable[bytes], *, first: int = 1) -> int:
    """Write letters into a user's INBOX and return how many; `first` is the number that the first is named by.

    The names carry the sizes (`S=`, `W=`) as those of its own delivery do, so that nobody reads files for them.
    """
    folder = _maildir(imap, user)
    number = first - 1
    for number, raw in enumerate(raws, first):
        stored = raw.replace(b"\r\n", b"\n")
        path = folder / "cur" / _name(number, len(stored), len(raw))
        path.write_bytes(stored)
        _own(path)
    return number - first + 1


def fill_alike(imap: Dovecot, user: str, raw: bytes, count: int) -> None:
    """Give a user's INBOX `count` letters with the same bytes, which cost a name each and no place."""
    folder = _maildir(imap, user)
    stored = raw.replace(b"\r\n", b"\n")
    master = folder
    for number in range(1, count + 1):
        path = folder / "cur" / _name(number, len(stored), len(raw))
        if number % LINKS == 1:
            path.write_bytes(stored)
            _own(path)
            master = path
        else:
            os.link(master, path)


def index(imap: Dovecot, user: str) -> int:
    """Let Dovecot number the letters and learn their sizes, as it has in service; return how many there are."""
    with client(imap, user) as opened:
        count = int(opened.select_folder("INBOX")[b"EXISTS"])
        for start in range(1, count + 1, AT_ONCE):
            uids = opened.search(f"{start}:{min(start + AT_ONCE - 1, count)}")
            opened.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
    return count


def client(imap: Dovecot, user: str) -> IMAPClient:
    """Return a client that is logged in as this user."""
    opened = IMAPClient(HOST, imap.port, ssl=False)
    opened._imap.debug = 0
    opened.plain_login(user, imap.password)
    return opened


def forget(imap: Dovecot, user: str) -> None:
    """Remove a user's mailbox."""
    shutil.rmtree(imap.folder / "mail" / user, ignore_errors=True)


def _maildir(imap: Dovecot, user: str) -> Path:
    home = imap.folder / "mail" / user
    for path in (home, home / "cur", home / "new", home / "tmp"):
        path.mkdir(exist_ok=True)
        _own(path)
    return home


def _name(number: int, size: int, wire_size: int) -> str:
    # Dovecot numbers letters in the order of their names.
    return f"{1_700_000_000 + number}.M{number}P1.bench,S={size},W={wire_size}:2,"


def _own(path: Path) -> None:
    if as_root():
        shutil.chown(path, "mail", "mail")
