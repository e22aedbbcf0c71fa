"""Text in pictures, by the real tesseract; skipped by name where it is not installed."""

import struct
import zlib

import pytest

from consultant.bootstrap import text_of
from consultant.gateways import ocr
from consultant.gateways.child import ChildReader
from consultant.mail.documents import MAX_PICTURES, MAX_PIXELS
from tests.builders import pdf

pytestmark = pytest.mark.skipif(ocr.installed() is None, reason="tesseract is not installed")

GLYPHS = {
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}
SCALE = 8


def picture(text: str) -> bytes:
    """A grey PNG of the text in large dots (RFC 2083), made without a library."""
    rows = []
    for line in range(7):
        dots = "0" + "0".join(GLYPHS[letter].split()[line] for letter in text) + "0"
        row = b"".join((b"\x00" if dot == "1" else b"\xff") * SCALE for dot in f"000{dots}000")
        rows += [b"\0" + row] * SCALE
    blank = b"\0" + b"\xff" * (len(rows[0]) - 1)
    rows = [blank] * 40 + rows + [blank] * 40
    header = struct.pack("!IIBBBBB", len(rows[0]) - 1, len(rows), 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    packed = (
        struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def test_a_picture_is_read() -> None:
    assert "1141" in (ocr.text_in(picture("LET 11414")) or "").replace(" ", "")


def scan(text: str) -> bytes:
    """A PDF whose one page is a picture of the text, as a copier sends it."""
    png = picture(text)
    width, height = struct.unpack("!II", png[16:24])
    start = png.index(b"IDAT")
    rows = zlib.decompress(png[start + 4 : start + 4 + struct.unpack("!I", png[start - 4 : start])[0]])
    dots = b"".join(rows[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height))
    return pdf(picture=(width, height, dots))


def test_a_scanned_page_is_read_and_marked_as_uncertain() -> None:
    """Promise the text of a page that is a picture, drawn in the limited child, with the note that it is OCR's."""
    pytest.importorskip("pypdfium2")
    reader = ChildReader()
    try:
        read = text_of(reader, scan("LET 11414"))
    finally:
        reader.close()
    assert read.text.strip()
    assert "read by OCR" in read.note


def test_a_page_is_drawn_within_its_pixels() -> None:
    """Promise at most so many pictures and so many dots, whatever size the page claims."""
    pytest.importorskip("pypdfium2")
    huge = pdf(pages=[()] * 30).replace(b"[0 0 612 792]", b"[0 0 14400 14400]")
    reader = ChildReader()
    try:
        drawn = reader.pictures(huge, range(30))
    finally:
        reader.close()
    assert len(drawn) == MAX_PICTURES
    assert all(width * height <= MAX_PIXELS * 1.01 for width, height in (struct.unpack("!II", p[16:24]) for p in drawn))


def test_a_broken_picture_has_no_text() -> None:
    assert not (ocr.text_in(picture("LET")[:60]) or "").strip()


def test_a_picture_that_is_too_large_is_left_to_the_eye() -> None:
    assert ocr.text_in(b"\x89PNG" + bytes(ocr.MAX_BYTES)) is None
