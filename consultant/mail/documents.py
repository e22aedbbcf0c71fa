"""The text of attachments: an operative note as PDF, a Word file, a page of text. Archives are never unpacked.

What an attachment is, its first bytes say; the type that its sender declared is a claim. Only seven kinds matter here,
so their signatures stand below instead of in a library. A Word file is a ZIP container that is opened for its text
alone, and every file is opened in the limited child, which a bomb takes down by itself.
"""

import io
import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from consultant.mail.charsets import clean, decode

MAX_TEXT = 100_000
"""Characters of one attachment that are read as part of the question; the rest stays in the attachment."""
MAX_PAGES = 40
MAX_PICTURES = 8
"""Pages of one PDF that are made pictures of, for OCR."""
MAX_PIXELS = 9_000_000
"""Of one such picture: a letter page at 300 dots an inch has 8.4 million."""
_MAX_RTF = 400_000


class DocumentKind(StrEnum):
    """What an attachment is by its content."""

    PDF = "PDF"
    WORD = "Word file"
    RTF = "RTF file"
    CALENDAR = "calendar entry"
    TEXT = "text file"
    HTML = "HTML file"
    IMAGE = "image"
    ARCHIVE = "archive"
    OTHER = "file"


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was taken out of one attachment."""

    kind: DocumentKind
    text: str = ""
    note: str = ""
    """Why there is no text, or why it is not the whole; a sentence that completes "The attached PDF"."""
    pictures: tuple[int, ...] = ()
    """Pages of a PDF that hold no text, counted from 0: scans, which OCR may read."""


_SIGNATURES: tuple[tuple[bytes, DocumentKind], ...] = (
    (b"%PDF-", DocumentKind.PDF),
    (b"\x89PNG\r\n\x1a\n", DocumentKind.IMAGE),
    (b"\xff\xd8\xff", DocumentKind.IMAGE),
    (b"GIF8", DocumentKind.IMAGE),
    (b"II*\0", DocumentKind.IMAGE),
    (b"MM\0*", DocumentKind.IMAGE),
    (b"BM", DocumentKind.IMAGE),
    (b"PK\x03\x04", DocumentKind.ARCHIVE),
    (b"Rar!", DocumentKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", DocumentKind.ARCHIVE),
    (b"\x1f\x8b", DocumentKind.ARCHIVE),
    (b"BZh", DocumentKind.ARCHIVE),
    (b"\xfd7zXZ\0", DocumentKind.ARCHIVE),
    (b"\xd0\xcf\x11\xe0", DocumentKind.OTHER),
    (b"{\\rtf", DocumentKind.RTF),
    (b"BEGIN:VCALENDAR", DocumentKind.CALENDAR),
)
_WORD_PART = b"word/document.xml"
_CALENDAR_FIELDS = ("SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT")
_MARKUP = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<body|<table|<div|<p[ >])", re.IGNORECASE)
_SAMPLE = 4096
_STRANGE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(content: bytes) -> DocumentKind:
    """Return what the bytes are; `OTHER` for what is neither text nor of a kind that is known here."""
    # A PDF may begin after a few bytes of rubbish (ISO 32000-1, 7.5.2 note); nothing else may.
    if b"%PDF-" in content[:1024]:
        return DocumentKind.PDF
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return DocumentKind.WORD if kind is DocumentKind.ARCHIVE and _WORD_PART in content else kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return DocumentKind.IMAGE
    if _MARKUP.match(content[:_SAMPLE]):
        return DocumentKind.HTML
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return DocumentKind.TEXT if wide or not _STRANGE.search(content[:_SAMPLE]) else DocumentKind.OTHER


def text_of(content: bytes) -> Extracted:
    """Return the text of an attachment; a broken file has none and says so."""
    kind = kind_of(content)
    try:
        return _READERS[kind](kind, content)
    except MemoryError:
        raise
    except Exception:
        # Whatever a library makes of a broken file, the letter is read without it.
        return Extracted(kind, note="is damaged, so no text was read from it.")


def _plain(kind: DocumentKind, content: bytes) -> Extracted:
    return _cut(kind, clean(decode(content[: 4 * MAX_TEXT])[0]), whole=len(content) <= 4 * MAX_TEXT)


def _html(kind: DocumentKind, content: bytes) -> Extracted:
    from consultant.mail import hypertext

    lines, _ = hypertext.lines_of(clean(decode(content[: 4 * MAX_TEXT])[0]))
    return _cut(kind, "\n".join(line for line, _ in lines), whole=len(content) <= 4 * MAX_TEXT)


def _pdf(kind: DocumentKind, content: bytes) -> Extracted:
    # Imported here: a letter with a PDF is rare, and the library takes a fifth of a second to load.
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return Extracted(kind, note="is locked with a password, so no text was read from it.")
    pages = [page.extract_text(extraction_mode="layout") for page in reader.pages[:MAX_PAGES]]
    pictures = tuple(number for number, page in enumerate(pages) if not page.strip())
    if len(pictures) == len(pages):
        note = "holds pictures of pages and no text; it has to be read by eye."
        return Extracted(kind, note=note, pictures=pictures)
    read = _cut(kind, clean("\n\n".join(page for page in pages if page.strip())), whole=len(reader.pages) <= MAX_PAGES)
    if not pictures:
        return read
    named = ", ".join(str(number + 1) for number in pictures)
    return replace(read, note=read.note or f"holds pages without text ({named}); read them by eye.", pictures=pictures)


def pictures_of(content: bytes, pages: Sequence[int]) -> list[bytes]:
    """Return pages of a PDF as grey PNGs, at most `MAX_PICTURES`; none without a renderer or from a damaged file."""
    try:
        from pypdfium2 import PdfDocument
    except ImportError:
        return []
    try:
        with PdfDocument(content) as document:
            return [_picture(document[number]) for number in pages[:MAX_PICTURES]]
    except MemoryError:
        raise
    except Exception:
        return []


def _picture(page: Any) -> bytes:
    """Return one page at 300 dots an inch, or at what its size allows (PNG, RFC 2083)."""
    width, height = page.get_size()
    scale = min(300 / 72, math.sqrt(MAX_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    raw, rows = bytes(bitmap.buffer), range(bitmap.height)
    dots = b"".join(b"\0" + raw[row * bitmap.stride : row * bitmap.stride + bitmap.width] for row in rows)
    header = struct.pack("!IIBBBBB", bitmap.width, bitmap.height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(dots, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _rtf(kind: DocumentKind, content: bytes) -> Extracted:
    text = plain_rtf(content[:_MAX_RTF].decode("cp1252", "replace"))
    return _cut(kind, clean(text), whole=len(content) <= _MAX_RTF)


def plain_rtf(source: str) -> str:
    """Return the text of an RTF document; empty for an empty one."""
    from striprtf.striprtf import rtf_to_text

    # The library looks for links by an expression that is slow where many begin and none ends.
    read: Callable[..., str] = rtf_to_text
    return read(source.replace("\\fldinst", ""), errors="replace") if source else ""


def _calendar(kind: DocumentKind, content: bytes) -> Extracted:
    """Give what a person would read of an invitation (RFC 5545, 3.8.1): what, where, when, and the words to it."""
    rows = re.sub(r"\n[ \t]", "", clean(decode(content[: 4 * MAX_TEXT])[0])).split("\n")
    found: dict[str, str] = {}
    for row in rows:
        name, colon, value = row.partition(":")
        name = re.split(";", name, maxsplit=1)[0].upper()
        if colon and name in _CALENDAR_FIELDS and name not in found:
            found[name] = re.sub(r"\\([nN;,\\])", lambda m: "\n" if m[1] in "nN" else m[1], value).strip()
    return _cut(kind, "\n".join(found[name] for name in _CALENDAR_FIELDS if found.get(name)), whole=True)


def _word(kind: DocumentKind, content: bytes) -> Extracted:
    from docx import Document

    document = Document(io.BytesIO(content))
    headers = [paragraph.text for section in document.sections for paragraph in section.header.paragraphs]
    return _cut(kind, clean("\n".join([*dict.fromkeys(filter(str.strip, headers)), *_blocks(document)])), whole=True)


def _blocks(document: Any) -> Iterator[str]:
    """Yield paragraphs and table rows in their order; a list of paragraphs alone would lose every table."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                # A merged cell is given once for each column that it spans.
                yield "\t".join(dict.fromkeys(cell.text.strip() for cell in row.cells))
        else:
            yield block.text


def _archive(kind: DocumentKind, _: bytes) -> Extracted:
    return Extracted(kind, note="was not unpacked.")


def _none(kind: DocumentKind, _: bytes) -> Extracted:
    return Extracted(kind, note="is of a kind that no text is read from.")


_READERS = {
    DocumentKind.PDF: _pdf,
    DocumentKind.WORD: _word,
    DocumentKind.RTF: _rtf,
    DocumentKind.CALENDAR: _calendar,
    DocumentKind.TEXT: _plain,
    DocumentKind.HTML: _html,
    DocumentKind.IMAGE: _none,
    DocumentKind.ARCHIVE: _archive,
    DocumentKind.OTHER: _none,
}


def _cut(kind: DocumentKind, text: str, *, whole: bool) -> Extracted:
    text = text.strip("\n")
    if whole and len(text) <= MAX_TEXT:
        return Extracted(kind, text)
    return Extracted(kind, text[:MAX_TEXT], f"is long; its first {min(len(text), MAX_TEXT):,} characters were read.")
