"""What a bounce says of each recipient, and which of our letters it is about (RFC 3464, RFC 3461)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consultant.mail.charsets import clean, clean_line, decode
from consultant.mail.letter import Letter
from consultant.mail.parse import parse

_STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
_HEADER_KINDS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_MAX_RECIPIENTS = 200
_RETURNED = 100_000
"""Bytes of one attachment in which the header of the returned letter is looked for."""
_UNFOLD = re.compile(r"\n[ \t]+")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$", re.M)
_MESSAGE_ID = re.compile(r"^[ \t>]*Message-ID:\s*(<[^<>\s]{1,998}>)", re.I | re.M)
_DELIVERY_ID = re.compile(r"^[ \t>]*X-Delivery-Id:\s*([^\s]{1,200})", re.I | re.M)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<!\d)([45])\d\d[ :-]")
_NAMED = re.compile(
    r"^[ \t*]*<?([^\s<>@:;]{1,64}@[^\s<>@:;,]{1,255}?)>?[ \t]*:?[ \t]*(?:\([^()\n]{0,100}\)|on \d[^\n]{0,40})?[ \t]*$",
    re.M,
)
_SAID = re.compile(r"\b(?:to|for|recipient|address)[ \t]+<?([^\s<>@:;,]{1,64}@[^\s<>@:;,]{1,254}[^\s<>@:;,.])", re.I)
_BRACKETED = re.compile(r"<([^\s<>@:;]{1,64}@[^\s<>@:;,]{1,255})>")
# Where a bounce without parts begins to copy the letter that it returns (qmail, Exim).
_COPY = re.compile(
    r"^[ \t]*---[^\n]{0,200}?\b(?:copy of the (?:message|letter)|original message|returned message)\b", re.I | re.M
)


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What became of one letter of ours at one recipient."""

    recipient: str
    """local-part@domain, the domain in lower case; empty when the bounce does not say."""
    action: str
    """failed, delayed, delivered, relayed or expanded (RFC 3464, 2.3.3)."""
    status: str
    """The enhanced status code (RFC 3463) such as 5.1.1; empty when the bounce does not say."""
    diagnostic: str
    """The server's words, on one line."""
    original_message_id: str | None
    delivery_id: str | None


def read_dsn(letter: Letter | bytes) -> tuple[DeliveryStatus, ...]:
    """Return one status a recipient; empty when the letter is no bounce that can be understood.

    Raises `Unparseable` for bytes beyond the limits. Bounces that are mere text are read as well as can be.
    """
    read = parse(letter) if isinstance(letter, bytes) else letter
    message_id, delivery_id = _original(read)
    found = list(_from_report(read)) or list(_from_text(read, known=bool(message_id or delivery_id)))
    if not (message_id or delivery_id):
        # A bounce that returns nothing may still say what it answers, as those of Gmail and Exchange do.
        message_id = next(iter((*read.in_reply_to, *reversed(read.references))), None)
    return tuple(
        DeliveryStatus(recipient, action, status, diagnostic, message_id, delivery_id)
        for recipient, action, status, diagnostic in found[:_MAX_RECIPIENTS]
    )


def _original(letter: Letter) -> tuple[str | None, str | None]:
    """Return the Message-ID and X-Delivery-Id of the letter that was returned, from wherever they are found."""
    for returned in letter.forwarded:
        if returned.message_id or returned.header("X-Delivery-Id"):
            return returned.message_id, returned.header("X-Delivery-Id")
    held = sorted(letter.attachments, key=lambda a: (a.content_type not in _HEADER_KINDS, a.content_type))
    for text in (*(_decoded(a.content[:_RETURNED]) for a in held), letter.text):
        message_id, delivery_id = _MESSAGE_ID.search(text), _DELIVERY_ID.search(text)
        if message_id or delivery_id:
            return message_id and message_id[1], delivery_id and delivery_id[1]
    return None, None


def _from_report(letter: Letter) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the per-recipient groups of a delivery report say (RFC 3464, 2.3)."""
    for attachment in letter.attachments:
        if attachment.content_type not in _STATUS_KINDS:
            continue
        for group in re.split(r"\n[ \t]*\n", _decoded(attachment.content)):
            fields = {name.lower(): value for name, value in reversed(_FIELD.findall(_UNFOLD.sub(" ", group)))}
            recipient = fields.get("final-recipient") or fields.get("original-recipient")
            if recipient is None or "action" not in fields:
                continue
            status = _ENHANCED.search(fields.get("status", ""))
            diagnostic = clean_line(
                fields.get("diagnostic-code", "").partition(";")[2] or fields.get("diagnostic-code", "")
            )
            action = re.split(r"[\s(;]", fields["action"].strip().lower())[0]
            yield _recipient(recipient), action, status[1] if status else "", diagnostic[:1_000]


def _from_text(letter: Letter, *, known: bool) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a bounce without a report says: the addresses it names, the first code and the words beside it."""
    text = letter.text[:100_000]
    copy = _COPY.search(text)
    words = text[: copy.start()] if copy else text
    failed = letter.header("X-Failed-Recipients") or ""
    named = [part.strip() for part in failed.split(",") if "@" in part] or [m[1] for m in _NAMED.finditer(words)]
    named = named or _BRACKETED.findall(words)[:1] or _SAID.findall(words)[:1]
    enhanced, reply = _ENHANCED.search(words), _REPLY.search(words)
    if not (failed or known or letter.envelope_sender == "") or not (named or enhanced or reply):
        return
    status = enhanced[1] if enhanced else f"{reply[1]}.0.0" if reply else ""
    place = min((match.start() for match in (enhanced, reply) if match), default=0)
    start = words.rfind("\n", 0, place) + 1
    stop = words.find("\n", place)
    diagnostic = clean_line(words[start : stop if stop >= 0 else len(words)])
    action = "delayed" if status.startswith("4") else "failed"
    for recipient in dict.fromkeys(named) or [""]:
        yield _recipient(recipient), action, status, diagnostic[:1_000]


def _recipient(value: str) -> str:
    """Return the mailbox of "rfc822; someone@example.org", without its type and brackets."""
    mailbox = clean_line(value.rpartition(";")[2]).strip("<> ")
    local, at, domain = mailbox.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _decoded(raw: bytes) -> str:
    return clean(decode(raw[:1_000_000])[0])
