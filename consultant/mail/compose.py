"""From an `Outbound` to the bytes that are sent: written by narrow rules, then read again and compared.

The header is written here, field by field, because the standard library decodes and re-encodes what it is given: Python
3.11.7 writes an injected Bcc from an encoded subject (CVE-2024-6923) and mangles long identifiers. The body is the
standard library's. Whatever another reader would see otherwise than it was meant raises `Uncomposable`.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from email import policy
from email.errors import HeaderParseError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import format_datetime

from consultant.errors import Permanent
from consultant.mail.charsets import clean, clean_line
from consultant.mail.fields import addresses, decode_words
from consultant.mail.letter import Address, Outbound

MAX_REFERENCES = 20
"""How many of the newest references are kept beside the first."""

_POLICY = policy.SMTP.clone(cte_type="7bit")
_MAX_LINE = 998
_FOLD = 76
_HELD = "\0"
"""A blank at which no field is folded; no cleaned text holds it."""
_IDENTIFIER = re.compile(r"(?!.*=\?)<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>")
"""What holds the start of an encoded word is decoded by some readers, and then is another identifier."""
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_MAILBOX = re.compile(
    # What looks like an encoded word is decoded by some readers, and then is another address.
    r"(?![^@]*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?)+(?<!\.)|\[[0-9.]+\])"
)
_ADDRESS_FIELDS = ("From", "Reply-To", "To", "Cc")
_EXTRA_NAME = re.compile(r"X-[A-Za-z0-9-]{1,60}")
_RESERVED = frozenset(("x-delivery-id", "x-auto-response-suppress"))
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")

Field = tuple[str, str]


class Uncomposable(Permanent):
    """The letter would not say what was meant; the sentence tells which part. A person has to change it."""


def compose(outbound: Outbound) -> bytes:
    """Return the letter's bytes, CRLF line ends, 7-bit; raise `Uncomposable` when they read otherwise than meant."""
    fields = list(_fields(outbound))
    body = _body(outbound)
    raw = b"".join(_written(name, value) for name, value in fields) + body
    _verify(raw, fields, outbound)
    return raw


def envelope_recipients(outbound: Outbound) -> tuple[str, ...]:
    """Return the mailboxes for RCPT TO, each once; raise `Uncomposable` when there is none or one is unusable."""
    found = tuple(dict.fromkeys(_mailbox(address) for address in (*outbound.to, *outbound.cc)))
    if not found:
        raise Uncomposable("The letter has no recipient; at least one mailbox in To is needed.")
    return found


def _fields(outbound: Outbound) -> Iterator[Field]:
    """Yield the header fields in order, each value encoded but not folded."""
    envelope_recipients(outbound)
    yield "Date", format_datetime(outbound.date.astimezone(UTC))
    yield "From", _mailboxes((outbound.sender,))
    if outbound.reply_to is not None:
        yield "Reply-To", _mailboxes((outbound.reply_to,))
    yield "To", _mailboxes(outbound.to)
    if outbound.cc:
        yield "Cc", _mailboxes(outbound.cc)
    yield "Subject", _words(clean_line(outbound.subject))
    yield "Message-ID", _identifier(outbound.message_id)
    yield from _threading(outbound)
    if outbound.automatic:
        yield "Auto-Submitted", "auto-replied"
        yield "X-Auto-Response-Suppress", "All"
    yield "X-Delivery-Id", _words(clean_line(outbound.delivery_id))
    for name, value in outbound.extra:
        if not _EXTRA_NAME.fullmatch(name) or name.lower() in _RESERVED:
            raise Uncomposable(f"The extra field {clean_line(name)[:60]!r} is not allowed; only X- fields are.")
        yield name, _words(clean_line(value))


def _threading(outbound: Outbound) -> Iterator[Field]:
    """Yield In-Reply-To and References (RFC 5322, 3.6.4); identifiers that no header could carry are left out."""
    parents = [outbound.in_reply_to] if outbound.in_reply_to and _IDENTIFIER.fullmatch(outbound.in_reply_to) else []
    chain = [reference for reference in outbound.references if _IDENTIFIER.fullmatch(reference)]
    chain = list(dict.fromkeys([*(reference for reference in chain if reference not in parents), *parents]))
    if len(chain) > MAX_REFERENCES + 1:
        chain = [chain[0], *chain[-MAX_REFERENCES:]]
    if parents:
        yield "In-Reply-To", parents[0]
    if chain:
        yield "References", " ".join(chain)


def _identifier(value: str) -> str:
    if not _IDENTIFIER.fullmatch(value):
        raise Uncomposable(f"The Message-ID {clean_line(value)[:80]!r} is not one; <unique@domain> was expected.")
    return value


def _mailbox(address: Address) -> str:
    """Return the mailbox as SMTP takes it, the domain in its ASCII form (RFC 5891)."""
    local, _, domain = address.mailbox.rpartition("@")
    try:
        mailbox = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        mailbox = address.mailbox
    if not _MAILBOX.fullmatch(mailbox) or len(mailbox) > 254 or ".." in mailbox:
        raise Uncomposable(
            f"The address {clean_line(address.mailbox)[:80]!r} cannot be written to; local-part@domain was expected."
        )
    return mailbox


def _mailboxes(listed: tuple[Address, ...]) -> str:
    return ", ".join(_named(clean_line(address.name)[:200].strip(), _mailbox(address)) for address in listed)


def _named(name: str, mailbox: str) -> str:
    if not name:
        return mailbox
    if name.isascii() and "=?" not in name:
        quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        if _ATOMS.fullmatch(name):
            return f"{name} <{mailbox}>"
        # The standard library of Python, among others, loses the mailbox behind a quoted string that was folded.
        if len(quoted) < _FOLD - len("Reply-To: "):
            return f"{quoted.replace(' ', _HELD)} <{mailbox}>"
    return f"{_encoded(name)} <{mailbox}>"


def _words(text: str) -> str:
    """Return unstructured text as it is, or as encoded words when it is not ASCII or would look like one."""
    plain = text.isascii() and "=?" not in text and all(len(word) < _FOLD for word in text.split(" "))
    return text if plain else _encoded(text)


def _encoded(text: str) -> str:
    """Return base64 encoded words (RFC 2047, 2) of at most 75 characters, never split inside a character."""
    words: list[str] = []
    chunk = b""
    for character in text:
        octets = character.encode("utf-8")
        if len(chunk) + len(octets) > 42:
            words.append(base64.b64encode(chunk).decode("ascii"))
            chunk = b""
        chunk += octets
    words.append(base64.b64encode(chunk).decode("ascii"))
    return " ".join(f"=?utf-8?b?{word}?=" for word in words)


def _written(name: str, value: str) -> bytes:
    """Return one folded field (RFC 5322, 2.2.3), broken at blanks only."""
    lines = [f"{name}:"]
    for word in value.split(" "):
        if len(lines[-1]) + 1 + len(word) > _FOLD and lines[-1] not in (f"{name}:",):
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines).replace(_HELD, " ").encode("ascii") + b"\r\n"


def _body(outbound: Outbound) -> bytes:
    """Return the MIME fields and the body: plain text first, HTML as the better alternative (RFC 2046, 5.1.4)."""
    message = EmailMessage(policy=_POLICY)
    message.set_content(_text(outbound.text))
    message.add_alternative(_text(outbound.html), subtype="html")
    # A boundary that follows from the delivery makes the same letter the same bytes.
    message.set_boundary("=_" + hashlib.sha256(outbound.delivery_id.encode("utf-8", "replace")).hexdigest()[:32])
    return message.as_bytes()


def _text(text: str) -> str:
    return clean(text).rstrip("\n") + "\n"


def _verify(raw: bytes, fields: list[Field], outbound: Outbound) -> None:
    """Read the bytes as strangers would, twice, and compare everything that could do harm."""
    if _BARE.search(raw) or not raw.isascii():
        raise Uncomposable("The composed letter has a bare line end or an 8-bit character; nothing was sent.")
    if any(len(line) > _MAX_LINE for line in raw.split(b"\r\n")):
        raise Uncomposable(f"The composed letter has a line of more than {_MAX_LINE} characters; nothing was sent.")
    # The older reader leaves encoded words to its caller, the newer one decodes them itself.
    try:
        _compare(BytesParser(policy=policy.compat32).parsebytes(raw), fields, outbound, decode_words)
        _compare(BytesParser(policy=policy.SMTP).parsebytes(raw), fields, outbound, clean_line)
    except (IndexError, ValueError, LookupError, TypeError, AttributeError, HeaderParseError) as error:
        # The standard readers raise what they meet on an address that nobody could write to.
        raise Uncomposable(
            f"The composed letter cannot be read back ({type(error).__name__}), most likely for an address in it; "
            "nothing was sent."
        ) from None


def _compare(read: Message, fields: list[Field], outbound: Outbound, seen: Callable[[str], str]) -> None:
    names = [name for name, _ in fields] + ["MIME-Version", "Content-Type"]
    if sorted(map(str.lower, read.keys())) != sorted(map(str.lower, names)):
        raise Uncomposable("The composed letter has other header fields than were meant; nothing was sent.")
    for name, value in fields:
        if name not in _ADDRESS_FIELDS and seen(str(read[name])) != decode_words(value):
            raise Uncomposable(f"The composed field {name} reads otherwise than was meant; nothing was sent.")
    reply_to = (outbound.reply_to,) if outbound.reply_to else ()
    for name, meant in zip(_ADDRESS_FIELDS, ((outbound.sender,), reply_to, outbound.to, outbound.cc), strict=True):
        if [a.mailbox for a in addresses(map(str, read.get_all(name, [])))] != [_mailbox(a) for a in meant]:
            raise Uncomposable(f"The composed field {name} names other mailboxes than were meant; nothing was sent.")
    texts = [part.get_payload(decode=True) for part in read.walk() if not part.is_multipart()]
    expected = [_text(text) for text in (outbound.text, outbound.html)]
    if [bytes(text).decode("utf-8").replace("\r\n", "\n") for text in texts if isinstance(text, bytes)] != expected:
        raise Uncomposable("The composed text reads otherwise than was meant; nothing was sent.")
