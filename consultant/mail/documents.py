"""The text of attachments: an operative note as PDF, a Word file, a page of text. Archives are never unpacked.

What an attachment is, its first bytes say; the type that its sender declared is a claim. Only five kinds matter here,
so their signatures stand below instead of in a library. A Word file is a ZIP container that is opened for its text
alone, and every file is opened in the limited child, which a bomb takes down by itself.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consultant.mail import hypertext
from consultant.mail.charsets import clean, decode

MAX_TEXT = 100_000
"""Characters of one attachment that are read as part of the question; the rest stays in the attachment."""
MAX_PAGES = 40


class DocumentKind(StrEnum):
    """What an attachment is by its content."""

    PDF = "PDF"
    WORD = "Word file"
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
    (b"{\\rtf", DocumentKind.OTHER),
)
_WORD_PART = b"word/document.xml"
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
    lines, _ = hypertext.lines_of(clean(decode(content[: 4 * MAX_TEXT])[0]))
    return _cut(kind, "\n".join(line for line, _ in lines), whole=len(content) <= 4 * MAX_TEXT)


def _pdf(kind: DocumentKind, content: bytes) -> Extracted:
    # Imported here: a letter with a PDF is rare, and the library takes a fifth of a second to load.
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return Extracted(kind, note="is locked with a password, so no text was read from it.")
    pages = [page.extract_text(extraction_mode="layout") for page in reader.pages[:MAX_PAGES]]
    text = "\n\n".join(page for page in pages if page.strip())
    if not text.strip():
        return Extracted(kind, note="holds pictures of pages and no text; it has to be read by eye.")
    return _cut(kind, clean(text), whole=len(reader.pages) <= MAX_PAGES)


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
