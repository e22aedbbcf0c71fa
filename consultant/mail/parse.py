"""From the raw bytes of a letter to a `Letter`; every field is guarded, so that only the limits can refuse."""

from consultant.mail.bodies import Body, content, gather, name_attachments
from consultant.mail.charsets import clean_line
from consultant.mail.fields import addresses, date, decode_words, identifiers, raw_text
from consultant.mail.letter import Address, Letter
from consultant.mail.prescan import Budget, Part, Unparseable, scan
from consultant.mail.quoting import split

__all__ = ["Unparseable", "parse"]


def parse(raw: bytes) -> Letter:
    """Return the letter; raise `Unparseable`, and nothing else, when it is beyond the limits of `prescan`.

    Takes time linear in the size. What was wrong and was got round stands in `Letter.defects`.
    """
    budget = Budget()
    if not raw.strip():
        raise Unparseable("The letter has no bytes at all; a header and a body were expected.")
    return _read(scan(raw, budget=budget), budget)


def _read(part: Part, budget: Budget) -> Letter:
    """Read one letter, and the letters attached to it, from its parts."""
    body = gather(part, budget)
    body.settle()
    values = _Values(part)
    forwarded = tuple(_read_attached(attached, budget, body) for attached in body.letters)
    senders = values.mailboxes("from")
    sender = senders[0] if senders else None
    answered, chain = values.identifiers("in-reply-to"), values.identifiers("references")
    subject, name = values.text("subject"), sender.name if sender else ""
    parts = split(body.lines, subject=subject, sender_name=name, reply=bool(answered or chain))
    return Letter(
        message_id=next(iter(values.identifiers("message-id")), None),
        sender=sender,
        senders=senders,
        reply_to=values.mailboxes("reply-to"),
        envelope_sender=values.envelope_sender(),
        to=values.mailboxes("to"),
        cc=values.mailboxes("cc"),
        subject=subject,
        date=date(values.first("date")),
        in_reply_to=answered,
        references=chain,
        text="\n".join(line for line, _ in body.lines).strip("\n"),
        new_text=parts.new,
        quoted_text=parts.quoted,
        signature=parts.signature,
        html=body.html,
        attachments=name_attachments(body.attachments),
        forwarded=forwarded,
        headers=tuple((name, decode_words(raw_text(value))) for name, value in part.fields),
        defects=(*values.defects(), *body.defects),
    )


def _read_attached(attached: Part, budget: Budget, body: Body) -> Letter:
    """Read an attached letter; one that is itself transfer-encoded (against RFC 2046, 5.2.1) is decoded and scanned."""
    if attached.children:
        return _read(attached.children[0], budget)
    raw, complaint = content(attached)
    if complaint:
        body.defects.append(complaint)
    return _read(scan(raw, attached.depth + 1, budget), budget)


class _Values:
    """The fields of one letter by lower-case name, as undecoded text."""

    def __init__(self, part: Part) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in part.fields:
            self.values.setdefault(name.lower(), []).append(raw_text(value))

    def first(self, name: str) -> str | None:
        return next(iter(self.values.get(name, ())), None)

    def text(self, name: str) -> str:
        return decode_words(self.first(name) or "")

    def mailboxes(self, name: str) -> tuple[Address, ...]:
        return addresses(self.values.get(name, ()))

    def identifiers(self, name: str) -> tuple[str, ...]:
        return identifiers(self.values.get(name, ()))

    def envelope_sender(self) -> str | None:
        """Return what the delivering server wrote in Return-Path (RFC 5321, 4.4): "" for the null sender."""
        value = self.first("return-path")
        if value is None:
            return None
        found = addresses([value])
        return found[0].mailbox if found else clean_line(value).strip("<> ")

    def defects(self) -> list[str]:
        """Tell of fields that must stand exactly once (RFC 5322, 3.6) and do not."""
        found = [
            f"The field {name.title()} stands {len(values)} times; the first was used."
            for name, values in self.values.items()
            if len(values) > 1 and name in ("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id")
        ]
        if date(self.first("date")) is None:
            found.append("The letter has no readable Date.")
        if not self.identifiers("message-id"):
            found.append("The letter has no Message-ID.")
        if not self.mailboxes("from"):
            found.append("The letter names no sender's address.")
        return found
