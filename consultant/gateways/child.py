"""The parent's side of the limited child process: letters in, values out, and a fresh child after each that fell.

A letter that used up its processor time or its memory is refused for good: it would do so again. A child that died
or stalled for another reason says nothing of the letter, so the letter is tried again, and the ledger's own counter of
attempts ends it after the third time (docs/promises.md, 4 and 8).
"""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from consultant.errors import ConsultantError, Transient
from consultant.mail.child import DONE, PICTURES, READ, TEXT
from consultant.mail.documents import DocumentKind, Extracted, kind_of
from consultant.mail.framing import frame, unframe
from consultant.mail.letter import Letter
from consultant.mail.packing import unpack
from consultant.mail.parse import Unparseable

PROCESSOR_SECONDS = 2
MEMORY_BYTES = 1024 * 1024 * 1024
"""Of address space; what a child really holds stays far below."""
PATIENCE = {READ: 10.0, TEXT: 20.0, PICTURES: 20.0}
"""Seconds on the clock after which a child is given up: more than its processor time, for the machine may be busy.

That of a letter stays well inside `ledger.SECONDS_FOR_SCREENING`.
"""
_TOO_LONG = f"Reading this letter took more than {PROCESSOR_SECONDS} seconds of processor time."


class ChildReader:
    """Reads letters and attachments in limited children, one for each thread that reads at a time. Thread-safe."""

    def __init__(self, processor_seconds: int = PROCESSOR_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        """Start no child yet."""
        self._limits = (str(processor_seconds), str(memory_bytes))
        self._guard = threading.Lock()
        self._idle: list[_Child] = []

    def __call__(self, raw: bytes) -> Letter:
        """Return the letter; raise `Unparseable` for one beyond the limits, `Transient` when no child could say."""
        answer = self._ask([READ, raw])
        try:
            if answer[0] == DONE:
                return unpack(answer[1], answer[2:])
            sentence = answer[1].decode()
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            raise Unparseable("Reading this letter gave an answer that cannot be understood.") from None
        raise Unparseable(sentence)

    def text(self, content: bytes) -> Extracted:
        """Return the text of an attachment; one that takes too much, or takes its child down, has none and says so."""
        try:
            answer = self._ask([TEXT, content])
            if answer[0] == DONE:
                kind, text, note, pages = (part.decode() for part in answer[1:])
                return Extracted(DocumentKind(kind), text, note, tuple(int(number) for number in pages.split()))
        except (ConsultantError, ValueError, IndexError):
            pass
        return Extracted(kind_of(content), note="could not be read within the limits for one attachment.")

    def pictures(self, content: bytes, pages: Sequence[int]) -> list[bytes]:
        """Return pages of a PDF as PNGs for OCR, at most `documents.MAX_PICTURES`; none where that cannot be done."""
        try:
            answer = self._ask([PICTURES, content, b" ".join(b"%d" % number for number in pages)])
            return answer[1:] if answer[0] == DONE else []
        except (ConsultantError, IndexError):
            return []

    def close(self) -> None:
        """End the children that wait."""
        with self._guard:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _ask(self, request: Sequence[bytes]) -> list[bytes]:
        with self._guard:
            waiting = self._idle.pop() if self._idle else None
        if waiting is not None:
            # One that had grown too large ends by itself, which is not always seen before it is asked again.
            with suppress(Transient):
                return self._answer(waiting, request)
        return self._answer(_Child(self._limits), request)

    def _answer(self, child: "_Child", request: Sequence[bytes]) -> list[bytes]:
        try:
            answer = child.ask(request, PATIENCE[request[0]])
        except BaseException:
            child.end()
            raise
        with self._guard:
            self._idle.append(child)
        return answer


class _Child:
    """One child process and the socket that it reads from and writes to."""

    def __init__(self, limits: tuple[str, str]) -> None:
        self._ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, run by this interpreter
                [sys.executable, "-m", "consultant.mail.child", *limits],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
                cwd="/",
            )
        except OSError as error:
            self._ours.close()
            raise Transient(f"No process could be started to read a letter ({error.strerror}).") from None
        finally:
            theirs.close()

    def ask(self, request: Sequence[bytes], patience: float) -> list[bytes]:
        deadline = time.monotonic() + patience
        try:
            self._ours.settimeout(patience)
            self._ours.sendall(frame(request))
            return unframe(self._exactly(deadline))
        except TimeoutError:
            raise Transient(f"Reading a letter did not end within {patience:.0f} seconds.") from None
        except ValueError as error:
            raise Unparseable(f"Reading this letter went wrong: {error}.") from None
        except (EOFError, OSError):
            raise self._fallen() from None

    def _fallen(self) -> Unparseable | Transient:
        """Tell what ended the child: its limit of processor time speaks of the letter, anything else may not."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        if self._process.returncode == -signal.SIGXCPU:
            return Unparseable(_TOO_LONG)
        return Transient("The process that read this letter ended before it was done.")

    def _exactly(self, deadline: float) -> Callable[[int], bytes]:
        def receive(count: int) -> bytes:
            found = bytearray()
            while len(found) < count:
                self._ours.settimeout(max(0.001, deadline - time.monotonic()))
                piece = self._ours.recv(min(count - len(found), 1 << 20))
                if not piece:
                    raise EOFError
                found += piece
            return bytes(found)

        return receive

    def end(self) -> None:
        """Stop the process at once and take its place in the process table away."""
        self._ours.close()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
