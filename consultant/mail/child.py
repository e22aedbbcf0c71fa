"""The limited child process: letters are read and attachments are opened here, where hostile ones can do no harm.

    python -m consultant.mail.child SECONDS BYTES

Requests come as frames on standard input and answers go as frames on standard output, one at a time, until the input
ends. The process may use so much memory, so many seconds of processor time for each request, write no file, and hold
no further connection; `gateways.child` is its parent.
"""

import gc
import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from consultant.mail.documents import pictures_of, text_of
from consultant.mail.framing import frame, unframe
from consultant.mail.packing import pack
from consultant.mail.parse import Unparseable, parse

READ, TEXT, PICTURES = b"read", b"text", b"pictures"
"""Requests: the raw bytes of a letter, answered by the packed letter and its contents; the content of an attachment,
answered by its kind, its text, a note and the pages that have no text; a PDF and numbers of pages, answered by their
pictures. Instead of any there may be a refusal with its sentence."""
DONE, REFUSED = b"done", b"refused"

_PATIENCE_FOR_DOCUMENTS = 4
"""A PDF of forty pages takes longer than any letter."""
_OPEN_FILES = 32
_WORN_BYTES = 120 * 1024 * 1024
"""A child that ever grew beyond this ends after its answer; a fresh one is smaller."""


def main() -> None:
    """Answer requests until the input ends."""
    # Here before the limits are set and before the first letter, whose time it would take.
    import charset_normalizer  # noqa: F401

    from consultant.mail import hypertext  # noqa: F401

    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    # Everything that lives so far lives for ever; collections need not look at it for every letter.
    gc.freeze()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (request := _request(source)) is not None:
        _allow(seconds if request[0] == READ else seconds * _PATIENCE_FOR_DOCUMENTS)
        sink.write(frame(_answer(request)))
        sink.flush()
        if _peak() > _WORN_BYTES:
            return


def _peak() -> int:
    """Return the most bytes of memory that this process ever held."""
    try:
        found = re.search(rb"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_bytes())
    except OSError:
        found = None
    # What getrusage tells begins with what the parent held when it started us, so a large parent wears every child out.
    return (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024


def _request(source: BinaryIO) -> list[bytes] | None:
    """Return the next request; None at the end of the input."""
    try:
        return unframe(_exactly(source))
    except EOFError:
        return None


def _exactly(source: BinaryIO) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        found = source.read(count)
        if len(found) < count:
            raise EOFError
        return found

    return read


def _allow(seconds: int) -> None:
    """Grant so many seconds of processor time from now on; the kernel ends the process that uses more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _answer(request: list[bytes]) -> list[bytes]:
    try:
        return [DONE, *_KINDS[request[0]](*request[1:])]
    except Unparseable as error:
        return [REFUSED, str(error).encode("utf-8", "replace")]
    except MemoryError:
        return [REFUSED, b"Reading this letter takes more memory than any letter may use."]


def _read(raw: bytes) -> list[bytes]:
    packed, contents = pack(parse(raw))
    return [packed, *contents]


def _text(content: bytes) -> list[bytes]:
    found = text_of(content)
    pages = " ".join(map(str, found.pictures))
    return [str(part).encode("utf-8", "replace") for part in (found.kind, found.text, found.note, pages)]


def _pictures(content: bytes, pages: bytes) -> list[bytes]:
    return pictures_of(content, [int(number) for number in pages.split()])


_KINDS: dict[bytes, Callable[..., list[bytes]]] = {READ: _read, TEXT: _text, PICTURES: _pictures}


if __name__ == "__main__":
    main()
