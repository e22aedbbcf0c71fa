"""Worker and beat on threads of the embedded process, over the transport that lives in its memory."""

import threading
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.worker import WorkController


class EmbeddedWorker:
    """One worker with a solo pool, and the beat; SQLite has one writer, so a second pool thread would only wait."""

    def __init__(self, app: Celery, schedule_file: str) -> None:
        """Prepare both; `schedule_file` is where the beat keeps when it last rang."""
        self._worker = WorkController(app=app, pool_cls="solo", concurrency=1, loglevel="WARNING", without_mingle=True)
        self._beat: Any = EmbeddedService(app, thread=True, schedule_filename=schedule_file)
        self._thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)

    def start(self) -> None:
        """Start both threads."""
        self._thread.start()
        self._beat.start()

    def stop(self) -> None:
        """End both; the task in hand is finished first."""
        self._beat.stop()
        self._worker.stop()
        self._thread.join(10)
