"""winmail.dat is read as far as it goes, in bounded time, whatever it says of itself."""

import struct
import time

import pytest

from consultant.mail.tnef import MAX_FILES, SIGNATURE, unpack


def attribute(level: int, name: int, value: bytes, kind: int = 6) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def single(kind: int, name: int, value: bytes) -> bytes:
    counted = struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return struct.pack("<HH", kind, name) + (counted if kind in (0x0D, 0x1E, 0x1F, 0x102) else value)


def properties(*values: bytes) -> bytes:
    return struct.pack("<I", len(values)) + b"".join(values)


def winmail(*attributes: bytes) -> bytes:
    return SIGNATURE + b"\1\0" + b"".join(attributes)


def test_other_bytes_are_no_winmail() -> None:
    with pytest.raises(ValueError, match="signature"):
        unpack(b"PK\x03\x04")


def test_an_attached_file_keeps_its_last_bytes() -> None:
    """Promise the file to the byte: trailing NULs belong to it."""
    content = b"scan\0\0\0\0"
    found = unpack(
        winmail(
            attribute(2, 0x9002, bytes(14)), attribute(2, 0x8010, b"SCAN~1.TIF\0", 1), attribute(2, 0x800F, content)
        )
    )
    assert [(file.filename, file.content) for file in found.files] == [("SCAN~1.TIF", content)]


def test_a_named_property_before_the_text_is_passed_over() -> None:
    """Promise that names of any length and several values do not lose the place."""
    name = "Keywords\0".encode("utf-16-le")
    named = struct.pack("<HH", 0x101F, 0x8001) + bytes(16) + struct.pack("<II", 1, len(name)) + name
    named += bytes(-len(name) % 4) + struct.pack("<I", 2) + 2 * (struct.pack("<I", 4) + "a\0".encode("utf-16-le"))
    text = single(0x1F, 0x1000, "Is 11450 right – once?\0".encode("utf-16-le"))
    found = unpack(winmail(attribute(1, 0x9003, properties(named, single(0x0B, 0x0E1B, b"\1\0\0\0"), text))))
    assert found.text == "Is 11450 right – once?"


def test_an_embedded_letter_is_told_by_its_kind() -> None:
    """Promise that a letter in the letter is marked, so that it is opened alike."""
    inner = winmail(attribute(1, 0x800C, b"Inner text\0", 2))
    held = properties(single(0x0D, 0x3701, bytes(16) + inner))
    found = unpack(winmail(attribute(2, 0x9002, bytes(14)), attribute(2, 0x9005, held)))
    assert found.files[0].content_type == "application/ms-tnef"
    assert unpack(found.files[0].content).text == "Inner text"


@pytest.mark.parametrize(
    "content",
    [
        winmail(attribute(1, 0x9003, struct.pack("<I", 0xFFFFFFFF)), bytes(16)),
        winmail(attribute(1, 0x9003, struct.pack("<IHHI", 1, 0x101E, 0x1000, 0xFFFFFFFF))),
        winmail(attribute(1, 0x9003, struct.pack("<IHHI", 0xFFFFFFFF, 0x1003, 0x1000, 0xFFFFFFFF))),
        winmail(*[attribute(2, 0x9002, b"")] * 100_000),
        winmail(struct.pack("<BHHI", 1, 0x9003, 6, 0xFFFFFFFF) + b"cut"),
        winmail(attribute(1, 0x9003, properties(single(0x102, 0x1009, b"\xff" * 200_000)))),
        winmail(attribute(1, 0x9004, struct.pack("<I", 0xFFFFFFFF))),
    ],
)
def test_a_bomb_ends_at_once(content: bytes) -> None:
    """Promise bounded work whatever counts and lengths the file claims."""
    start = time.process_time()
    assert len(unpack(content).files) <= MAX_FILES
    assert time.process_time() - start < 1


def test_every_beginning_of_a_file_is_read_without_an_error() -> None:
    """Promise that a file that was cut anywhere gives what is before the cut."""
    whole = winmail(
        attribute(1, 0x9003, properties(single(0x1E, 0x1000, b"Is 11450 right?\0"))),
        attribute(2, 0x9002, bytes(14)),
        attribute(2, 0x800F, b"note"),
    )
    for length in range(len(SIGNATURE), len(whole)):
        unpack(whole[:length])
