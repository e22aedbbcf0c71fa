"""What is in a winmail.dat: Outlook's TNEF form of a letter (MS-OXTNEF, 2.1), its text and its attached files.

A reader of our own: tnefparse 1.4 counts as far as the file tells it to, so that sixty bytes keep it busy for hours,
and takes the NULs off the end of attached files. Here each byte is looked at a bounded number of times.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from consultant.mail.charsets import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_OBJECTS = 2_000
MAX_VALUES = 5_000
MAX_FILES = 100
MAX_RTF = 200_000
"""Bytes of compressed rich text that are unpacked."""

_BODY, _PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_RENDERED, _TITLE, _CONTENT, _ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005

# Property identifiers (MS-OXPROPS).
_TEXT, _HTML, _RTF, _WEB_CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_LONG_NAME, _SHORT_NAME, _FILE, _MIME_TYPE = 0x3707, 0x3704, 0x3701, 0x370E

# Property types (MS-OXCDATA, 2.11.1): those of a fixed length, padded to four bytes, and those that tell their own.
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
_FIXED[0x0048] = 16
_STRING, _WIDE_STRING, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_MULTIPLE, _NAMED = 0x1000, 0x8000
_IDENTIFIER = 16
"""Bytes of the interface identifier that stands before an embedded object."""


@dataclass(slots=True)
class Packed:
    """One attached file."""

    filename: str = ""
    content_type: str = "application/octet-stream"
    content: bytes = b""


@dataclass(slots=True)
class Winmail:
    """A letter in TNEF form; its text stands in any of three forms, or in none."""

    text: str = ""
    html: str = ""
    rtf: str = ""
    files: list[Packed] = field(default_factory=list)


def unpack(content: bytes) -> Winmail:
    """Return what can be had of the file; raise `ValueError` where it is none. A cut one gives its beginning."""
    if not content.startswith(SIGNATURE):
        raise ValueError("no TNEF signature")
    found, code_page = Winmail(), "cp1252"
    for name, value in _objects(content):
        if name == _CODE_PAGE and len(value) >= 4:
            code_page = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _BODY:
            found.text = found.text or decode(value, code_page)[0].rstrip("\0")
        elif name == _PROPERTIES:
            _read_text(found, dict(_properties(value)), code_page)
        elif name == _RENDERED and len(found.files) < MAX_FILES:
            found.files.append(Packed())
        elif found.files and name == _TITLE:
            found.files[-1].filename = found.files[-1].filename or decode(value, code_page)[0].rstrip("\0")
        elif found.files and name == _CONTENT:
            found.files[-1].content = value
        elif found.files and name == _ATTACHMENT:
            _read_file(found.files[-1], dict(_properties(value)), code_page)
    return found


def _objects(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the attributes of the stream: a level, a name, a type, a length, the value and a checksum each."""
    place, count = 6, 0
    while place + 9 <= len(content) and count < MAX_OBJECTS:
        name, _, length = struct.unpack_from("<HHI", content, place + 1)
        yield name, content[place + 9 : place + 9 + length]
        place += 9 + length + 2
        count += 1


def _properties(block: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield the properties of a block by their identifier, as type and bytes; those that are cut end it."""
    try:
        place = 4
        for _ in range(min(struct.unpack_from("<I", block)[0], MAX_VALUES)):
            kind, name = struct.unpack_from("<HH", block, place)
            place = _after_name(block, place + 4) if name >= _NAMED else place + 4
            single = kind & ~_MULTIPLE
            counted = kind & _MULTIPLE or single not in _FIXED
            count = struct.unpack_from("<I", block, place)[0] if counted else 1
            place += 4 if counted else 0
            for _ in range(min(count, MAX_VALUES)):
                length = _FIXED.get(single, -1)
                if length < 0:
                    length = struct.unpack_from("<I", block, place)[0]
                    place += 4
                if place > len(block):
                    return
                yield name, (single, block[place : place + length])
                place += length + -length % 4
    except struct.error:
        return


def _after_name(block: bytes, place: int) -> int:
    """Return where a named property's value begins: after a GUID and a number, or a name of its own length."""
    kind, value = struct.unpack_from("<II", block, place + 16)
    return place + 24 + (value + -value % 4 if kind else 0)


def _read_text(found: Winmail, values: dict[int, tuple[int, bytes]], code_page: str) -> None:
    if _WEB_CODE_PAGE in values:
        code_page = f"cp{struct.unpack('<I', values[_WEB_CODE_PAGE][1][:4].ljust(4, bytes(1)))[0]}"
    found.text = _string(values.get(_TEXT), code_page) or found.text
    found.html = _string(values.get(_HTML), code_page)
    _, packed = values.get(_RTF, (0, b""))
    if packed and len(packed) <= MAX_RTF:
        found.rtf = _unpacked(packed)


def _read_file(file: Packed, values: dict[int, tuple[int, bytes]], code_page: str) -> None:
    name = _string(values.get(_LONG_NAME), code_page) or _string(values.get(_SHORT_NAME), code_page)
    file.filename = name or file.filename
    file.content_type = _string(values.get(_MIME_TYPE), code_page).lower() or file.content_type
    kind, content = values.get(_FILE, (0, b""))
    if content:
        file.content = content[_IDENTIFIER:] if kind == _OBJECT else content
    if file.content.startswith(SIGNATURE):
        file.content_type = "application/ms-tnef"


def _string(value: tuple[int, bytes] | None, code_page: str) -> str:
    if value is None:
        return ""
    kind, raw = value
    text = raw.decode("utf-16-le", "replace") if kind == _WIDE_STRING else decode(raw, _charset(code_page))[0]
    return text.rstrip("\0")


def _charset(code_page: str) -> str:
    """Return the charset of a Windows code page by the name that mail gives it."""
    return {"cp65001": "utf-8", "cp20127": "us-ascii", "cp28591": "iso-8859-1", "cp20866": "koi8-r"}.get(
        code_page, code_page
    )


def _unpacked(packed: bytes) -> str:
    """Return the rich text of a compressed property (MS-OXRTFCP); empty where it is damaged."""
    # Rich text is rare, and its reader builds a table when it is loaded.
    from compressed_rtf import decompress

    try:
        return str(decompress(packed).decode("cp1252", "replace"))
    except (ValueError, IndexError, struct.error):
        return ""
    except Exception:
        # The library says so by `Exception` itself.
        return ""
