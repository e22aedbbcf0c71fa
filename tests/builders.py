"""Builders of letters and of a whole desk in memory, for tests that say only what matters to them."""

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from consultant import outbox, pipeline, sweep
from consultant.accounts import Account
from consultant.gateways.memory import MemoryAccount, MemorySubmission
from consultant.intake import receive
from consultant.intake.poller import take_new
from consultant.parts import Parts
from consultant.privacy.vault import Vault
from consultant.records import people
from consultant.records.people import Person
from consultant.records.store import Store
from consultant.settings import Settings
from knowledge.release import Release

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DESK = "desk@desk.example"
ASKER = "testa@clinic.example"
CHIN = (
    "Dermatology. A benign nevus on the chin, 0.4 cm, was excised with margins of 0.2 cm on each side on 03/02/2026. "
    "Pathology is benign. Which code do I report, and may I bill the simple repair?"
)


def make_letter(
    text: str = CHIN,
    *,
    subject: str = "Lesion on the chin",
    sender: str = f"Testa Sampleton <{ASKER}>",
    recipient: str = DESK,
    message_id: str | None = "<question-1@clinic.example>",
    headers: Sequence[tuple[str, str]] = (),
    date: datetime = NOW,
    attached: tuple[bytes, str, str] | None = None,
) -> bytes:
    """Return a plain letter, CRLF, as a mail program would send it."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, recipient, subject
    letter["Date"] = format_datetime(date)
    if message_id:
        letter["Message-ID"] = message_id
    if not any(name == "Authentication-Results" for name, _ in headers):
        # What the desk's own receiving server writes above a letter of whose sender it is sure.
        domain = sender.rpartition("@")[2].strip("<> ")
        letter["Authentication-Results"] = f"mx.desk.example; dkim=pass header.d={domain}"
    for name, value in headers:
        letter[name] = value
    letter.set_content(text)
    if attached:
        content, content_type, filename = attached
        main, _, kind = content_type.partition("/")
        letter.add_attachment(content, maintype=main, subtype=kind, filename=filename)
    return letter.as_bytes()


def pdf(*lines: str, pages: Sequence[Sequence[str]] = (), picture: tuple[int, int, bytes] | None = None) -> bytes:
    """Pages with these lines, built by hand: objects, a table of their places, a trailer.

    `pages` gives several pages, `picture` (width, height, grey dots) a scan on the first.
    """
    pages = pages or (lines,)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    width, height, dots = picture or (1, 1, b"\xff")
    scan = b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d" % (width, height, len(dots))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> /XObject << /I %d 0 R >> >>"
        % (4 + 2 * len(pages)),
    ]
    for number, page in enumerate(pages):
        shown = " ".join(f"({line}) Tj 0 -14 Td" for line in page)
        drawn = f"q {width / 4} 0 0 {height / 4} 60 500 cm /I Do Q " if picture and not number else ""
        stream = f"{drawn}BT /F1 12 Tf 72 720 Td {shown} ET".encode()
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources 3 0 R >>"
            % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    objects.append(b"<< /Type /XObject /Subtype /Image %s >>\nstream\n%s\nendstream" % (scan, dots))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (
        b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + rows
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )
    return bytes(out)


class Bell:
    """A nudge that keeps what it was asked for, in order."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, int]] = []

    def receive(self, *letter_ids: int) -> None:
        self.rung.extend(("receive", number) for number in letter_ids)

    def advance(self, *case_ids: int) -> None:
        self.rung.extend(("advance", number) for number in case_ids)

    def send(self, *outbox_ids: int) -> None:
        self.rung.extend(("send", number) for number in outbox_ids)

    def waiting(self, work: str) -> int:
        return sum(name == work for name, _ in self.rung)


@dataclass
class Watch:
    """A clock that tests move."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **parts: float) -> None:
        self.time += timedelta(**parts)


@dataclass
class Desk:
    """A whole desk on a SQLite file, with memory twins on the wire and a clock that stands still."""

    parts: Parts
    account: MemoryAccount
    submission: MemorySubmission
    bell: Bell
    clock: Watch
    reviewers: dict[str, Person] = field(default_factory=dict)

    def deliver(self, raw: bytes) -> None:
        """Put a letter into the desk's mailbox and let the poller take it in."""
        self.account.deliver(raw)
        self.poll()

    def poll(self) -> int:
        """Look once at the mailbox; return how many letters were new."""
        account = self.parts.settings.accounts[0]
        with self.account.open(writable=True) as mailbox:
            return take_new(account, mailbox, mailbox.folder, 1, self.parts, threading.Event()).entered

    def work(self, rounds: int = 20) -> None:
        """Do what was nudged until nothing rings any more."""
        calls = {"receive": receive.receive, "advance": pipeline.advance, "send": outbox.send}
        for _ in range(rounds):
            if not self.bell.rung:
                return
            waiting, self.bell.rung = self.bell.rung, []
            for name, number in waiting:
                calls[name](number, self.parts)
        raise AssertionError("The desk never comes to rest.")

    def tick(self, **later: float) -> None:
        """Let time pass, sweep, and do what the sweep found."""
        self.clock.advance(**later)
        sweep.tick(self.parts)
        self.work()

    def ask(self, raw: bytes | None = None) -> None:
        """Bring a letter all the way to its draft."""
        self.deliver(raw or make_letter())
        self.work()

    def reviewer(self, login: str = "riley") -> Person:
        """Return a reviewer, made at the first call; nobody can log in as one."""
        if login not in self.reviewers:
            with self.parts.store.begin() as tx:
                people.add(
                    tx,
                    login=login,
                    name=f"{login.title()} Reviewer",
                    credential="CPC",
                    password_hash="!",
                    now=self.clock(),
                )
                person = people.by_login(tx, login)
            assert person is not None
            self.reviewers[login] = person
        return self.reviewers[login]


@contextmanager
def make_desk(
    folder: Path,
    release: Release,
    migrated: Path | None = None,
    *,
    url: str | None = None,
    account: Mapping[str, object] | None = None,
    undo_seconds: int = 0,
    **imap: object,
) -> Iterator[Desk]:
    """Build a desk in a folder, on a copy of a migrated store; `imap` changes settings of the account's IMAP server.

    `account` changes settings of the account itself; an approved letter waits no time unless `undo_seconds` says so.
    """
    server = {"host": "127.0.0.1", "port": 1, "tls": "none"}
    own = {"name": "main", "address": DESK, "authserv_id": "mx.desk.example", **(account or {})}
    reads = Account.model_validate(own | {"imap": {**server, **imap}, "smtp": server})
    settings = Settings(folder=folder, accounts=(reads,), desk={"address": DESK, "undo_seconds": undo_seconds})  # type: ignore[arg-type]
    if migrated is not None:
        shutil.copy(migrated, folder / "consultant.sqlite")
    store = Store(url or settings.database_url)
    if migrated is None:
        store.migrate()
    mailboxes, submission, bell, clock = MemoryAccount(), MemorySubmission(), Bell(), Watch()

    @contextmanager
    def lend(_: Account) -> Iterator[MemorySubmission]:
        yield submission

    parts = Parts(
        settings=settings,
        store=store,
        vault=Vault([b"k" * 32]),
        thread_key=b"t" * 32,
        release=lambda: release,
        nudge=bell,
        submission=lend,
        mailbox=lambda _, name: mailboxes.open(name, writable=True),
        now=clock,
    )
    try:
        yield Desk(parts, mailboxes, submission, bell, clock)
    finally:
        store.close()
