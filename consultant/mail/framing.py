"""How the limited child and its parent speak: frames of byte strings, each with its length before it."""

import struct
from collections.abc import Callable, Sequence

_COUNT = struct.Struct("!I")
_LENGTH = struct.Struct("!Q")
MOST_STRINGS = 2_000
MOST_BYTES = 256 * 1024 * 1024
"""More than a letter of the largest size can become; a longer announcement is no frame."""


def frame(strings: Sequence[bytes]) -> bytes:
    """Return the bytes that carry these strings."""
    return b"".join([_COUNT.pack(len(strings)), *(_LENGTH.pack(len(row)) + row for row in strings)])


def unframe(exactly: Callable[[int], bytes]) -> list[bytes]:
    """Read one frame; `exactly` returns so many bytes or raises. Raises `ValueError` for what is no frame."""
    (count,) = _COUNT.unpack(exactly(_COUNT.size))
    if count > MOST_STRINGS:
        raise ValueError("the frame announces too many strings")
    strings, room = [], MOST_BYTES
    for _ in range(count):
        (length,) = _LENGTH.unpack(exactly(_LENGTH.size))
        room -= length
        if room < 0:
            raise ValueError("the frame announces too many bytes")
        strings.append(exactly(length))
    return strings
