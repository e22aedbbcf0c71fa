"""Text in pictures, by tesseract where it is installed: in a process of its own with limits of its own.

What it reads is a help for the reviewer. It takes "I10" for "110" and "O09.511" for "009.511", so a letter with such
text carries a note that its codes have to be compared with the picture.
"""

import resource
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

SECONDS = 20
MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS_IN_ALL = 60.0
"""On the clock, for all pages of one attachment; those beyond are left to the reviewer's eye."""
MAX_BYTES = 10 * 1024 * 1024
"""Of one picture; a larger one is left to the reviewer's eye."""


def installed() -> str | None:
    """Return the path of tesseract, or None."""
    return shutil.which("tesseract")


def texts_in(pictures: Sequence[bytes]) -> Iterator[str]:
    """Yield the text of each picture that has any, as long as `SECONDS_IN_ALL` last."""
    deadline = time.monotonic() + SECONDS_IN_ALL
    for picture in pictures:
        if time.monotonic() < deadline and (text := text_in(picture)):
            yield text


def text_in(picture: bytes) -> str | None:
    """Return the text of a picture; None where tesseract is not installed or could not read it within its limits."""
    program = installed()
    if program is None or len(picture) > MAX_BYTES:
        return None
    process = subprocess.Popen(  # noqa: S603 - the program is found by name on the operator's path
        [program, "stdin", "stdout", "--psm", "6", "-l", "eng"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OMP_THREAD_LIMIT": "1"},
    )
    # It waits for its picture, so the limits stand before it sees one byte of it.
    for name, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, name, (limit, limit))
    try:
        text, _ = process.communicate(picture, timeout=SECONDS)
    except (subprocess.TimeoutExpired, OSError):
        process.kill()
        process.communicate()
        return None
    return text.decode("utf-8", "replace") if process.returncode == 0 else None
