"""The tasks: each takes ids, makes one call for each and returns nothing. What one of them loses, `tick` finds."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from consultant import outbox, pipeline, sweep
from consultant.errors import ConsultantError
from consultant.intake import receive
from workers.app import app
from workers.process import parts

log = structlog.get_logger(__name__)


@app.task(name="intake.receive")
def receive_letters(*letter_ids: int) -> None:
    """Screen letters of the ledger, and open or join the case of each."""
    for letter_id in letter_ids:
        with _logged("intake.receive", letter_id):
            receive.receive(letter_id, parts())


@app.task(name="case.advance")
def advance_cases(*case_ids: int) -> None:
    """Do every step of these cases that is still due."""
    for case_id in case_ids:
        with _logged("case.advance", case_id):
            pipeline.advance(case_id, parts())


@app.task(name="outbox.send")
def send_letters(*outbox_ids: int) -> None:
    """Bring letters of the outbox a step further."""
    for outbox_id in outbox_ids:
        with _logged("outbox.send", outbox_id):
            outbox.send(outbox_id, parts())


@app.task(name="tick")
def tick() -> None:
    """Find what is due and was not nudged."""
    with _logged("tick", None):
        sweep.tick(parts())


@contextmanager
def _logged(task: str, number: int | None) -> Iterator[None]:
    """Log a failure without its message: Celery's own log line would quote what a letter made a library say."""
    try:
        yield
    except ConsultantError as error:
        log.warning("task put off", task=task, id=number, why=str(error))
    except Exception:
        log.exception("task failed", task=task, id=number)
