"""Text in pictures, by the real tesseract; skipped by name where it is not installed."""

import struct
import zlib

import pytest

from consultant.gateways import ocr

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


def test_a_broken_picture_has_no_text() -> None:
    assert not (ocr.text_in(picture("LET")[:60]) or "").strip()


def test_a_picture_that_is_too_large_is_left_to_the_eye() -> None:
    assert ocr.text_in(b"\x89PNG" + bytes(ocr.MAX_BYTES)) is None
