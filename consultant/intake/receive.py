"""Receiving a letter: screen it, mask it, and open or join a case. One letter of the ledger at a time."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import structlog

from consultant.accounts import Account
from consultant.faults import fault, poison
from consultant.intake.joining import Belongs, find_case
from consultant.lifecycle import Event, allows
from consultant.mail.authenticity import Authenticity, Trust, authenticity
from consultant.mail.automatic import screen
from consultant.mail.documents import DocumentKind, Extracted, kind_of
from consultant.mail.dsn import DeliveryStatus, read_dsn
from consultant.mail.letter import Attachment, Letter, Screening, Verdict
from consultant.mail.parse import Unparseable
from consultant.mail.thread import ThreadClues, base_address, clues, quotes_others
from consultant.parts import Parts
from consultant.privacy.phi import mask
from consultant.privacy.vault import Unsealable, Vault, context_from_digest, context_of
from consultant.records import cases, ledger, outgoing, suppressed, threads
from consultant.records.ledger import Read, SealedAttachment, Taken
from consultant.records.outgoing import Sending
from consultant.records.store import LostRace, Tx

log = structlog.get_logger(__name__)

MAX_DOCUMENTS = 10
"""Attachments of one letter whose text is read; the others stay attachments."""
MAX_COPIED = 50
"""Of those whom a letter names in To and Cc, so many may follow it up."""
MAX_MAILBOX = 320
"""Characters (RFC 5321, 4.5.3.1)."""
MIN_PICTURE = 20_000
"""Bytes; a smaller picture is the logo of a signature."""
_NO_DOCUMENT = re.compile(
    r"application/(?:x-)?(?:pkcs7|pgp)-\w+|application/(?:vnd\.)?ms-tnef|text/rfc822-headers|message/.*"
)
"""What mail programs attach by themselves: signatures, wrapped letters, reports."""
_GONE = re.compile(r"5\.1\.(?:[0-36]|10)$|5\.2\.1$|5\.4\.4$")
"""Enhanced status codes (RFC 3463, RFC 7505) of a mailbox or a domain that does not exist or takes no mail."""

CRASHED = Screening(
    Verdict.QUARANTINE,
    "crashed-three-times",
    "Reading this letter failed three times; look at the raw letter, then try again or set it aside.",
)


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening made of one letter, before anything is written."""

    screening: Screening
    read: Read | None = None
    clues: ThreadClues | None = None
    reports: tuple[DeliveryStatus, ...] = ()


def receive(letter_id: int, parts: Parts) -> None:
    """Give one letter its verdict and, when it is accepted, its case.

    Does nothing when the letter has a verdict or somebody is at it. The third crash quarantines it.
    """
    with parts.store.begin() as tx:
        taken = ledger.take(tx, letter_id, parts.now())
    if taken is None:
        return
    crashed = taken.attempts > ledger.CRASHES_ALLOWED
    screened = Screened(CRASHED) if crashed else look(taken, parts)
    fault("after_screening")
    try:
        case_id = put(taken, screened, parts)
    except LostRace:
        return
    fault("after_verdict")
    log.info("letter screened", letter=letter_id, verdict=str(screened.screening.verdict), rule=screened.screening.rule)
    if case_id is not None:
        parts.nudge.advance(case_id)


def look(taken: Taken, parts: Parts) -> Screened:
    """Read a letter: no transaction is held and nothing is written."""
    account = parts.account(taken.account)
    try:
        raw = parts.vault.open(taken.sealed, context_from_digest("letter", taken.sha256))
        poison(raw)
        letter = parts.read(raw)
    except (Unparseable, Unsealable) as error:
        return Screened(Screening(Verdict.QUARANTINE, "unreadable", str(error)))
    own = frozenset(each.address.lower() for each in parts.settings.all_accounts())
    screening = screen(letter, own)
    if screening.verdict is Verdict.BOUNCE:
        return Screened(screening, read_letter(letter, parts.vault), reports=read_dsn(letter))
    # Only what a person will read is opened: nobody asks what is in the attachment of a newsletter.
    documents = tuple(documents_of(letter, parts.text_of)) if screening.verdict is Verdict.ACCEPT else ()
    trust = _trust(letter, raw, account, parts)
    if screening.verdict is Verdict.ACCEPT and trust.verdict is Trust.FAIL:
        screening = Screening(Verdict.QUARANTINE, "sender-not-authentic", trust.reason)
    doubt = trust.reason if trust.verdict is Trust.DOUBTFUL else None
    read = replace(read_letter(letter, parts.vault, documents, own), doubt=doubt, copied=copied_in(letter, own))
    return Screened(screening, read, clues(letter, parts.thread_key))


def _trust(letter: Letter, raw: bytes, account: Account, parts: Parts) -> Authenticity:
    """Return what is known of the sender: by our own receiving server, else by the letter's own signatures."""
    if account.authserv_id is not None or not account.check_signatures or parts.signatures is None:
        return authenticity(letter, account.authserv_id)
    return parts.signatures(raw, letter.sender.mailbox.rpartition("@")[2] if letter.sender else "")


def documents_of(letter: Letter, text_of: Callable[[bytes], Extracted]) -> Iterator[Extracted]:
    """Yield the text of each attachment that a sender meant to be read, those of letters that he attached too."""
    for number, part in enumerate(_attached(letter)):
        if number >= MAX_DOCUMENTS:
            yield Extracted(DocumentKind.OTHER, note=f"has {MAX_DOCUMENTS} others before it and was not read.")
            return
        yield text_of(part.content)


def _attached(letter: Letter) -> Iterator[Attachment]:
    for part in letter.attachments:
        if _NO_DOCUMENT.fullmatch(part.content_type):
            continue
        picture = kind_of(part.content) is DocumentKind.IMAGE
        if not picture or (not part.inline and part.content_id is None and len(part.content) >= MIN_PICTURE):
            yield part
    for each in letter.forwarded:
        yield from _attached(each)


def read_letter(letter: Letter, vault: Vault, documents: Sequence[Extracted] = (), own: Collection[str] = ()) -> Read:
    """Return what the ledger keeps of a letter: masked text, sealed attachments, and the digest that finds its twin.

    `documents` are the texts of its attachments, which the sender asks about as much as about what he wrote; `own` are
    our addresses.
    """
    sender = letter.sender
    names = names_in(letter)
    text = mask(letter.text, names)
    new_text = mask(asked_text(letter, documents, own), names)
    subject = mask(letter.subject, names)
    return Read(
        message_id=letter.message_id[:998] if letter.message_id else None,
        content_sha256=content_digest(letter),
        sender=sender.mailbox[:MAX_MAILBOX] if sender else None,
        subject=subject.text,
        text=text.text,
        new_text=new_text.text,
        masked=tuple(dict.fromkeys((*subject.placeholders, *new_text.placeholders, *text.placeholders))),
        defects=(*letter.defects, *(f"The attached {each.kind} {each.note}" for each in documents if each.note)),
        doubt=None,
        attachments=tuple(
            SealedAttachment(
                sha256=hashlib.sha256(part.content).hexdigest(),
                sealed=vault.seal(part.content, context_of("attachment", part.content)),
                sealed_name=vault.seal(part.filename.encode(), b"attachment-name"),
                content_type=part.content_type,
                size=len(part.content),
            )
            for part in letter.attachments
        ),
    )


def copied_in(letter: Letter, own: frozenset[str]) -> tuple[str, ...]:
    """Return whom a letter names in To and Cc besides ourselves, in lower case."""
    named = dict.fromkeys(each.mailbox.lower() for each in (*letter.to, *letter.cc))
    others = (each for each in named if not own & {each, base_address(each)} and len(each) <= MAX_MAILBOX)
    return tuple(islice(others, MAX_COPIED))


def names_in(letter: Letter) -> tuple[str, ...]:
    """Return the names that a letter itself gives away: its sender's, and the head of its signature."""
    sender = letter.sender.name if letter.sender else ""
    return tuple(name for name in (sender, *letter.signature.splitlines()[:2]) if name.strip())


def asked_text(letter: Letter, documents: Sequence[Extracted] = (), own: Collection[str] = ()) -> str:
    """Return what the sender asks: his new text, the text of letters that he attached, and of his attachments.

    What he quotes of his colleagues is part of it, for they told each other the facts; what he quotes of us is not.
    """
    quoted = letter.quoted_text if quotes_others(letter, own) else ""
    forwarded = (asked_text(each) or each.text for each in letter.forwarded)
    texts = ((each, _said_only_here(each, letter)) for each in documents)
    attached = (f"[From the attached {each.kind}]\n{text}" for each, text in texts if text.strip())
    return "\n\n".join(text for text in (letter.new_text, quoted, *forwarded, *attached) if text.strip())


def _said_only_here(document: Extracted, letter: Letter) -> str:
    """Return the text of a document, an invitation's without the lines that its letter has, too: most say all twice."""
    if document.kind is not DocumentKind.CALENDAR:
        return document.text
    said = {" ".join(row.split()) for row in (letter.subject, *letter.text.splitlines())}
    return "\n".join(row for row in document.text.splitlines() if " ".join(row.split()) not in said)


def content_digest(letter: Letter) -> str:
    """Return a digest that the same letter has by whatever way it came, though its Received fields differ."""
    fields = (
        letter.message_id or "",
        letter.sender.mailbox if letter.sender else "",
        letter.date.isoformat() if letter.date else "",
        letter.subject,
        letter.text,
    )
    return hashlib.sha256("\0".join(fields).encode("utf-8", "surrogateescape")).hexdigest()


def put(taken: Taken, screened: Screened, parts: Parts) -> int | None:
    """Write the verdict, and the case that follows from it, in one transaction; return the case to work on."""
    now = parts.now()
    with parts.store.begin() as tx:
        screening, read = screened.screening, screened.read
        twin = ledger.twin(tx, taken.id, read.message_id, read.content_sha256) if read else None
        if screening.verdict is Verdict.ACCEPT and twin is not None:
            screening = Screening(Verdict.DISCARD, "same-letter-again", f"Letter {twin} is the same letter.")
        accepted = screening.verdict is Verdict.ACCEPT
        belongs = find_case(tx, read, screened.clues) if read and screened.clues and accepted else Belongs()
        screening = belongs.doubt or screening
        ledger.put_verdict(tx, taken, screening, read, now, belongs.about)
        if screening.verdict is Verdict.BOUNCE:
            _note_bounces(tx, screened.reports, now)
        if screening.verdict is not Verdict.ACCEPT or read is None:
            return None
        return settle(tx, taken, read, belongs.case_id, parts, now)


def settle(tx: Tx, taken: Taken, read: Read, joined: int | None, parts: Parts, now: datetime) -> int:
    """Add an accepted letter to its case, or open one for it; return the case's id."""
    due_at = now + parts.settings.desk.answer_within
    if read.sender and suppressed.lift(tx, read.sender):
        log.info("mailbox writes again", letter=taken.id)
    if joined is not None:
        cases.join(tx, joined, taken.id, now, due_at)
        return joined
    return cases.open_case(tx, taken.id, taken.account, read.sender or "", read.subject, now, due_at)


def _note_bounces(tx: Tx, reports: tuple[DeliveryStatus, ...], now: datetime) -> None:
    """Mark the recipients that could not be reached, and hold the cases whose letter came back."""
    for report in reports:
        if report.action != "failed":
            continue
        delivery = (report.delivery_id,) if report.delivery_id else ()
        message = (report.original_message_id,) if report.original_message_id else ()
        ours = outgoing.by_delivery(tx, delivery, message) if delivery or message else None
        if ours is None:
            continue
        words = f"{report.status} {report.diagnostic}".strip()
        if ours.state is Sending.UNCERTAIN:
            # Only a server that had taken the letter over can report of it.
            outgoing.settle(tx, ours, "A report came back of it, so its server had it.", now, now)
        outgoing.mark_recipients(tx, ours.id, {report.recipient: words}, "bounced")
        known = {mailbox.lower() for mailbox, _, _ in outgoing.recipients_of(tx, ours.id)}
        if _GONE.match(report.status) and report.recipient.lower() in known:
            suppressed.add(tx, report.recipient, words, now)
        if ours.kind not in outgoing.OF_THE_CASE or ours.case_id is None:
            continue
        case = threads.survivor(tx, cases.current(tx, ours.case_id))
        if allows(case.state, Event.BOUNCE):
            cases.move(tx, case, Event.BOUNCE, now, hold_reason=f"Our letter came back: {words}")
