"""What a letter is once it has been read: plain values, every field present, nothing raised on access."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address field (RFC 5322, 3.4)."""

    name: str
    """The display name, decoded; empty when there is none."""
    mailbox: str
    """local-part@domain, the domain in lower case."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One part of a letter that is not its body text. Never unpacked, never executed."""

    filename: str
    """As the sender named it, decoded, without path or control characters; `attachment-N` when unnamed."""
    content_type: str
    """As declared, lower case: a claim, not a fact."""
    content: bytes
    content_id: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """An inbound letter, decoded. Text uses LF line ends and holds no NUL or other control characters."""

    message_id: str | None = None
    """With its angle brackets; None when the letter has none. A hint, not a key."""
    sender: Address | None = None
    """The first mailbox of From."""
    senders: tuple[Address, ...] = ()
    """Every mailbox of From; more than one is allowed (RFC 5322, 3.6.2), and none of them is to be believed alone."""
    reply_to: tuple[Address, ...] = ()
    envelope_sender: str | None = None
    """From Return-Path: "" is the null sender of RFC 5321, 4.5.5; None means that the field was absent."""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    """The Date field in UTC; None when absent or unreadable."""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    """The whole visible text, whether it came as text/plain or from HTML."""
    new_text: str = ""
    """What this sender wrote in this letter."""
    quoted_text: str = ""
    signature: str = ""
    html: str | None = None
    """The HTML body as received: hostile, to be sanitised by whoever shows it."""
    attachments: tuple[Attachment, ...] = ()
    forwarded: tuple["Letter", ...] = ()
    """Letters attached as message/rfc822, read alike."""
    headers: tuple[tuple[str, str], ...] = ()
    """Every field in order, names as received, values decoded and unfolded."""
    defects: tuple[str, ...] = ()
    """What was wrong and was got round, one sentence each."""

    def header(self, name: str) -> str | None:
        """Return the first field of this name (case-insensitive), or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def header_all(self, name: str) -> tuple[str, ...]:
        """Return every field of this name in order (case-insensitive)."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())


class Verdict(StrEnum):
    """What becomes of a letter; only an accepted one opens or joins a case."""

    ACCEPT = "accept"
    BOUNCE = "bounce"
    DISCARD = "discard"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Screening:
    """The verdict over one letter, with the name of the rule that gave it and a sentence for a person."""

    verdict: Verdict
    rule: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    """A letter to send, before it is bytes. Every field is plain text; headers are built and checked by `compose`."""

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    html: str
    message_id: str
    delivery_id: str
    """Ours alone (X-Delivery-Id): finds this very sending again in a Sent folder or a bounce."""
    date: datetime
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    automatic: bool = False
    """True adds `Auto-Submitted: auto-replied` (RFC 3834, 5): acknowledgements, hand-over notices."""
    extra: tuple[tuple[str, str], ...] = field(default=())
    """Further X- fields, such as the case reference."""
