"""A heartbeat row for each process, written from a thread of its own."""

import os
import socket
import threading

import structlog

from consultant.errors import ConsultantError
from consultant.parts import Parts
from consultant.records import health

log = structlog.get_logger(__name__)

SECONDS = 15.0


class Heart:
    """Writes every 15 seconds that this process lives."""

    def __init__(self, parts: Parts, kind: str) -> None:
        """Prepare the heartbeat of a process of this kind: web, poll, worker, beat."""
        self._parts = parts
        self._kind = kind
        self._process = f"{kind}@{here()}:{os.getpid()}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heart-{kind}", daemon=True)

    def start(self) -> None:
        """Begin to beat, the first time at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop beating."""
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            try:
                with self._parts.store.begin() as tx:
                    health.beat(tx, self._process, self._kind, self._parts.now())
            except ConsultantError as error:
                log.warning("heartbeat not written", why=str(error))
            if self._stop.wait(SECONDS):
                return


def here() -> str:
    """Return the name of this host, as heartbeats give it."""
    return socket.gethostname()
