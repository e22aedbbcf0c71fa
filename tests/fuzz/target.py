"""What is demanded of every letter: read or refused in one sentence, soon, and nothing strange in what was read.

The way is that of the service: pre-scan and parse, screening, clues of the thread, delivery report, packing for the way
out of the limited child, and for some letters the acknowledgement that would go out.
"""

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from email.utils import getaddresses

from consultant.drafting.correspondence import AcknowledgementContext, outbound
from consultant.mail.authenticity import authenticity
from consultant.mail.automatic import screen
from consultant.mail.compose import Uncomposable, compose
from consultant.mail.dsn import read_dsn
from consultant.mail.hypertext import MAX_PADDING
from consultant.mail.letter import Address, Letter
from consultant.mail.packing import pack, unpack
from consultant.mail.parse import Unparseable, parse
from consultant.mail.thread import clues, make_message_id, make_token

SECONDS = 2.0
"""Of processor time that one letter may take."""
_GIVE_UP = 6.0
_KEY = b"an invented key"
_CASE = "C-2026-000123"
_DESK = Address("Coding Desk", "desk@consultant.example")
_OWN = frozenset({_DESK.mailbox})
_NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_PLAIN_FIELD = re.compile(rb"([!-9;-~]+):[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")
_SINGLE_NAMES = [
    "date",
    "from",
    "reply-to",
    "to",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "x-auto-response-suppress",
    "x-delivery-id",
    "x-consultant-case",
    "mime-version",
    "content-type",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """What went wrong; two letters with the same kind show the same fault."""

    kind: str
    told: str = ""


class _GaveUp(BaseException):
    """Not an `Exception`, so that nothing on the way takes it for a fault of the letter."""


@contextmanager
def _alarm() -> Iterator[None]:
    """Give a letter up that takes far too long; seen only between two steps of the interpreter."""

    def stop(*_: object) -> None:
        raise _GaveUp

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _GIVE_UP)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(raw: bytes, *, answer: bool = False) -> tuple[list[Finding], Letter | str]:
    """Return what is wrong with how a letter is read, and the letter or the sentence that refused it."""
    began = time.process_time()
    try:
        with _alarm():
            letter = parse(raw)
    except Unparseable as error:
        return _timed(began, [] if str(error).endswith(".") else [Finding("refusal without a sentence")]), str(error)
    except _GaveUp:
        return [Finding("slow", f"given up after {_GIVE_UP} s")], "given up"
    except Exception as error:
        return [Finding(f"{type(error).__name__} {_where(error)}", str(error)[:200])], "raised"
    findings = _timed(began, [])
    try:
        findings += [*strange(letter, raw), *_further(letter), *_metamorphic(letter, raw)]
        findings += answered(letter) if answer else []
    except Exception as error:
        findings.append(Finding(f"{type(error).__name__} {_where(error)}", str(error)[:200]))
    return findings, letter


def _timed(began: float, findings: list[Finding]) -> list[Finding]:
    taken = time.process_time() - began
    return [*findings, Finding("slow", f"{taken:.1f} s")] if taken > SECONDS else findings


def _where(error: BaseException) -> str:
    """Return the innermost place in our own code."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "/consultant/" in name:
            place = f"in {name.rpartition('/')[2]}:{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return place


def _strings(letter: Letter) -> Iterator[tuple[str, str]]:
    yield from (("subject", letter.subject), ("text", letter.text), ("new_text", letter.new_text))
    yield from (("quoted_text", letter.quoted_text), ("signature", letter.signature), ("html", letter.html or ""))
    for address in (*letter.reply_to, *letter.to, *letter.cc, *([letter.sender] if letter.sender else [])):
        yield from (("name", address.name), ("mailbox", address.mailbox))
    yield from (("identifier", row) for row in (*letter.in_reply_to, *letter.references, letter.message_id or ""))
    yield from (("header", value) for _, value in letter.headers)
    yield from (("defect", row) for row in letter.defects)
    yield ("envelope", letter.envelope_sender or "")
    for part in letter.attachments:
        yield from (
            ("filename", part.filename),
            ("content type", part.content_type),
            ("content id", part.content_id or ""),
        )


def strange(letter: Letter, raw: bytes) -> Iterator[Finding]:
    """Look for characters that no database takes, and for more text than the bytes can hold."""
    for name, value in _strings(letter):
        if (found := _STRANGE.search(value)) is not None:
            yield Finding(f"control character in {name}", repr(value[max(0, found.start() - 20) :][:60]))
        if name not in ("text", "new_text", "quoted_text", "signature", "html") and ("\n" in value or "\t" in value):
            yield Finding(f"line end in {name}", repr(value[:60]))
    # Columns of HTML are padded and lists are indented, within their limit.
    if len(letter.text) > 2 * len(raw) + 1_000 + (MAX_PADDING if letter.html is not None else 0):
        yield Finding("text inflated", f"{len(letter.text):,} characters from {len(raw):,} bytes")
    for each in letter.forwarded:
        yield from strange(each, raw)


def _further(letter: Letter) -> Iterator[Finding]:
    """Do what follows the reading."""
    began = time.process_time()
    packed, contents = pack(letter)
    if unpack(packed, contents) != letter:
        yield Finding("packing changes the letter")
    screening = screen(letter, _OWN)
    if not screening.rule or "\n" in screening.reason:
        yield Finding("verdict without its rule", screening.rule)
    clues(letter, _KEY)
    read_dsn(letter)
    authenticity(letter, "mx.desk.example")
    yield from _timed(began, [])


def _metamorphic(letter: Letter, raw: bytes) -> Iterator[Finding]:
    """Add a field that means nothing, and move one that stands once: the text must stay."""
    place, fields = 0, []
    while (match := _PLAIN_FIELD.match(raw, place)) is not None:
        fields.append(match)
        place = match.end()
    if not fields or not raw.startswith(b"\r\n", place) or raw.startswith(b"From "):
        return
    names = [match[1].lower() for match in fields]
    variants = {"a further field": raw[:place] + b"X-Further: means nothing\r\n" + raw[place:]}
    if names.count(names[-1]) == 1 and len(fields) > 1:
        last = fields[-1]
        variants["another order of fields"] = last[0] + raw[: last.start()] + raw[last.end() :]
    for name, other in variants.items():
        try:
            read = parse(other)
        except Unparseable:
            continue
        if (read.text, read.new_text, read.attachments) != (letter.text, letter.new_text, letter.attachments):
            yield Finding(f"{name} changes the text", f"{letter.text[:80]!r} became {read.text[:80]!r}")


def acknowledge(letter: Letter) -> bytes | None:
    """Return the automatic letter that would go out, by the real path; None where it is refused by `Uncomposable`."""
    context = AcknowledgementContext(
        desk=_DESK,
        zone=UTC,
        reference=_CASE,
        asker_name=letter.sender.name if letter.sender else "",
        asked_subject=letter.subject,
        expect_by=_NOW,
    )
    token = make_token(_CASE, _KEY)
    to = next(iter(letter.reply_to), letter.sender) or Address("", "nobody@clinic.example")
    written = outbound(
        "acknowledgement",
        context,
        desk=_DESK,
        to=to,
        reference=_CASE,
        token=token,
        message_id=make_message_id(_CASE, _KEY, "consultant.example", "x1"),
        delivery_id="0f1e2d3c",
        date=_NOW,
        in_reply_to=letter.message_id,
        references=letter.references,
        reply_to=to,
    )
    try:
        return compose(written)
    except Uncomposable:
        return None


def answered(letter: Letter) -> Iterator[Finding]:
    """Read our answer as two strangers would: no field, recipient or line end that was not meant."""
    for each in (letter, replace(letter, reply_to=())):
        raw = acknowledge(each)
        if raw is None:
            continue
        to = next(iter(each.reply_to), each.sender)
        if _BARE.search(raw) or max(map(len, raw.split(b"\r\n"))) > 998:
            yield Finding("answer with a bare line end or a long line")
        for reader in (policy.compat32, policy.default):
            read = BytesParser(policy=reader).parsebytes(raw)
            names = [name.lower() for name in read]
            if len(set(names)) != len(names) or not set(names) <= set(_SINGLE_NAMES):
                yield Finding("answer with another field", ", ".join(names))
            found = [mailbox for _, mailbox in getaddresses([str(read["to"])])]
            if len(found) != 1 or (to and to.mailbox.isascii() and found[0].lower() != to.mailbox.lower()):
                yield Finding("answer with another recipient", f"{found} for {to}")
