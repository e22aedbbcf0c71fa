"""Which parts of a letter are its text, which are attachments, and which are letters of their own."""

import binascii
import re
from dataclasses import dataclass, field

from consultant.mail import cms, tnef
from consultant.mail.armour import unarmoured
from consultant.mail.charsets import clean, clean_line, decode
from consultant.mail.documents import plain_rtf
from consultant.mail.fields import decode_base64, identifiers, parameters
from consultant.mail.flowed import unflow
from consultant.mail.letter import Attachment
from consultant.mail.lines import Line, Mark
from consultant.mail.prescan import MAX_DEPTH, MAX_PARTS, MAX_TEXT, Budget, Part, scan

_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
}
# A plain part this much shorter than the HTML beside it only says that there is HTML.
_STUB = 200
_TNEF_KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
_META_CHARSET = re.compile(r"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_OPAQUE = {"application/pgp-encrypted": "The letter is encrypted with PGP and cannot be read here."}


@dataclass(slots=True)
class Body:
    """What was found in a tree of parts, in the order of the letter."""

    lines: list[Line] = field(default_factory=list)
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    letters: list[Part] = field(default_factory=list)
    """Attached letters, still to be read."""
    wrapped: list[list[Line]] = field(default_factory=list)
    """Texts out of winmail.dat, which mostly say again what the letter says; `settle` takes what they say alone."""
    defects: list[str] = field(default_factory=list)

    def add(self, other: "Body") -> None:
        """Take over all that another body holds, its text after ours."""
        if other.lines and self.lines:
            self.lines.append(("", Mark.NEW))
        self.lines += other.lines
        self.html = self.html if self.html is not None else other.html
        self.attachments += other.attachments
        self.letters += other.letters
        self.wrapped += other.wrapped
        self.defects += other.defects

    def settle(self) -> None:
        """Add the wrapped texts whose words do not stand in the letter already."""
        for lines in self.wrapped:
            if _words(lines) not in _words(self.lines):
                self.add(Body(lines))
        self.wrapped = []

    @property
    def blank(self) -> bool:
        """Tell whether no line has any text."""
        return not any(text.strip() for text, _ in self.lines)


def gather(part: Part, budget: Budget) -> Body:
    """Return the body of a letter, its parts sorted out. Never raises; `scan` has limited depth and number."""
    body = Body(defects=list(part.complaints))
    if part.content_type == "multipart/alternative":
        body.add(_alternative([gather(child, budget) for child in part.children]))
    elif part.content_type in ("multipart/related", "multipart/signed", "multipart/encrypted"):
        _rooted(part, body, budget)
    elif part.content_type.startswith("multipart/"):
        for child in part.children:
            body.add(gather(child, budget))
    elif part.content_type in ("message/rfc822", "message/global"):
        body.letters.append(part)
    else:
        _leaf(part, body, budget)
    return body


def content(part: Part) -> tuple[bytes, str | None]:
    """Return a part's bytes without their transfer encoding (RFC 2045, 6), and a sentence if it is not known."""
    encoding, raw = part.encoding, part.body
    if encoding == "base64":
        return decode_base64(raw), None
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw), None
    if encoding in ("x-uuencode", "uuencode", "x-uue"):
        return _uudecoded(raw), None
    if encoding in ("", "7bit", "8bit", "binary"):
        return raw, None
    return raw, f"The transfer encoding {encoding[:60]!r} is not known; the part was taken as it is."


def _alternative(choices: list[Body]) -> Body:
    """Take the plain text if it has content, else the HTML; what else was attached beside them is kept."""
    plain = next((body for body in choices if not body.blank and body.html is None), None)
    rich = next((body for body in reversed(choices) if body.html is not None), None)
    if plain is not None and rich is not None and _is_stub(plain, rich):
        plain = None
    chosen = plain or rich or (choices[-1] if choices else Body())
    result = Body(chosen.lines, rich.html if rich else chosen.html)
    for body in choices:
        result.attachments += body.attachments
        result.letters += body.letters
        result.wrapped += body.wrapped
        result.defects += body.defects
    return result


def _is_stub(plain: Body, rich: Body) -> bool:
    length = sum(len(text) for text, _ in plain.lines)
    return length < _STUB and sum(len(text) for text, _ in rich.lines) > 3 * length + _STUB


def _rooted(part: Part, body: Body, budget: Budget) -> None:
    """Read the root of a compound (RFC 2387, 3.2; RFC 1847) as text and all else as attachments."""
    wanted = identifiers([part.parameters.get("start", "")])
    root = next((c for c in part.children if wanted and identifiers([c.value("content-id")]) == wanted), None)
    for child in part.children:
        readable = child is (root or part.children[0]) and part.content_type != "multipart/encrypted"
        if readable or child.content_type.startswith(("multipart/", "message/")):
            body.add(gather(child, budget))
        else:
            _attach(child, body, inline=part.content_type == "multipart/related")
    if part.content_type == "multipart/encrypted":
        body.defects.append("The letter is encrypted and cannot be read here.")


def _leaf(part: Part, body: Body, budget: Budget) -> None:
    disposition, named = parameters(part.value("content-disposition"))
    loose = disposition != "attachment" and not (named.get("filename") or part.parameters.get("name"))
    if loose and part.content_type in ("text/plain", "text/html", "text/enriched"):
        _text(part, body, budget)
    else:
        _attach(part, body, inline=disposition == "inline")
        _open_wrapping(part, body, budget)


def _open_wrapping(part: Part, body: Body, budget: Budget) -> None:
    """Read what lies in a part that wraps a letter; the part itself stays attached as it came."""
    if part.content_type in cms.KINDS:
        inner, complaint = cms.signed_content(body.attachments[-1].content)
        if complaint:
            body.defects.append(complaint)
        if inner:
            body.add(gather(scan(inner, part.depth + 1, budget), budget))
    elif part.content_type in _TNEF_KINDS or body.attachments[-1].content.startswith(tnef.SIGNATURE):
        _winmail(body.attachments[-1].content, part.depth, body, budget)


def _winmail(raw: bytes, depth: int, body: Body, budget: Budget) -> None:
    try:
        found = tnef.unpack(raw)
    except ValueError:
        body.defects.append("The letter came in Outlook's TNEF form, and its winmail.dat could not be read.")
        return
    if found.html:
        body.wrapped.append(_lines_of_html(clean(found.html[:MAX_TEXT]), body))
    elif text := found.text or plain_rtf(found.rtf):
        body.wrapped.append([(row.rstrip(), Mark.NEW) for row in clean(text[:MAX_TEXT]).split("\n")])
    for file in found.files:
        budget.parts += 1
        if budget.parts > MAX_PARTS or depth > MAX_DEPTH:
            body.defects.append("The winmail.dat holds more than is taken out of it.")
            return
        if file.content_type in _TNEF_KINDS:
            _winmail(file.content, depth + 1, body, budget)
        elif file.content:
            body.attachments.append(Attachment(_bare_name(file.filename), file.content_type, file.content))


def _lines_of_html(source: str, body: Body) -> list[Line]:
    # What renders HTML takes ten megabytes, and a process that reads only its own letters never needs it.
    from consultant.mail import hypertext

    lines, simplified = hypertext.lines_of(source)
    body.defects += [simplified] if simplified else []
    return lines


def _words(lines: list[Line]) -> str:
    found = re.findall(r"\w+", " ".join(text for text, _ in lines))
    return f" {' '.join(found)} "


def _text(part: Part, body: Body, budget: Budget) -> None:
    raw, complaint = content(part)
    text, doubt = decode(raw, part.parameters.get("charset") or _meta_charset(part, raw))
    body.defects += [sentence for sentence in (complaint, doubt) if sentence]
    room = MAX_TEXT - budget.characters
    budget.characters += min(len(text), room)
    if len(text) > room:
        _attach(part, body, inline=False)
        body.defects.append(f"Text is shown up to {MAX_TEXT:,} characters; the whole of a longer part is attached.")
        text = text[:room]
    if part.content_type == "text/html":
        body.html = clean(text)
        body.lines = _lines_of_html(body.html, body)
        return
    rows = clean(text).split("\n")
    if part.parameters.get("format", "").lower() == "flowed":
        rows = unflow(rows, delsp=part.parameters.get("delsp", "").lower() == "yes")
    # The blanks of "-- " mark a signature (RFC 3676, 4.3); elsewhere trailing blanks mean nothing.
    body.lines, sealed = unarmoured([row if row == "-- " else row.rstrip() for row in rows])
    body.defects += [sealed] if sealed else []


def _meta_charset(part: Part, raw: bytes) -> str | None:
    """Return the charset that an HTML body names itself where its part names none."""
    found = _META_CHARSET.search(raw[:2_000].decode("latin-1")) if part.content_type == "text/html" else None
    return found[1] if found else None


def _attach(part: Part, body: Body, *, inline: bool) -> None:
    raw, complaint = content(part)
    identity = identifiers([part.value("content-id")])
    body.attachments.append(
        Attachment(
            filename=_filename(part),
            content_type=part.content_type,
            content=raw,
            content_id=identity[0] if identity else None,
            inline=inline,
        )
    )
    body.defects += [sentence for sentence in (complaint, _OPAQUE.get(part.content_type)) if sentence]


def _filename(part: Part) -> str:
    """Return the sender's name for a part without any path; empty when it has none."""
    disposition = parameters(part.value("content-disposition"))[1]
    named = disposition.get("filename") or part.parameters.get("name") or ""
    return _bare_name(named)


def _bare_name(named: str) -> str:
    name = re.split(r"[/\\]", clean_line(named))[-1].strip(" .")
    if len(name) > 150:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: 149 - len(extension)]}{dot}{extension}" if dot and len(extension) < 12 else name[:150]
    return name


def name_attachments(attachments: list[Attachment]) -> tuple[Attachment, ...]:
    """Return the attachments, the unnamed ones called attachment-1, attachment-2 and so on by their place."""
    return tuple(
        attachment
        if attachment.filename
        else Attachment(
            f"attachment-{number}{_EXTENSIONS.get(attachment.content_type, '')}",
            attachment.content_type,
            attachment.content,
            attachment.content_id,
            attachment.inline,
        )
        for number, attachment in enumerate(attachments, 1)
    )


def _uudecoded(raw: bytes) -> bytes:
    """Return the bytes between the begin and end lines of uuencoded text, broken lines left out."""
    out: list[bytes] = []
    rows = iter(raw.splitlines())
    if not any(row.startswith(b"begin ") for row in rows):
        return raw
    for row in rows:
        if row.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(row))
        except binascii.Error:
            continue
    return b"".join(out)
