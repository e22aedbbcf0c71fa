"""Structured logs without letter text: names of events, ids and sentences of ours, nothing that a sender wrote."""

import logging
import sys
import traceback
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from consultant.errors import ConsultantError

QUIET = ("celery", "kombu", "uvicorn.access", "uvicorn.error", "imapclient", "pymap", "asyncio", "alembic")
SILENT = ("mail.log",)
"""aiosmtpd warns of its own deprecations at every login and logs whole commands at lower levels."""


def configure(form: Literal["text", "json"], stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log line, ours and the libraries', through one format to `stream` (standard error by default)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=(stream or sys.stderr).isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.ERROR)


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the places that it passed, for its message may quote a letter."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = str(error) if isinstance(error, ConsultantError) else type(error).__name__
        event["places"] = places(error.__traceback__)
    return event


def places(trace: TracebackType | None, most: int = 12) -> list[str]:
    """Return file:line:function of the frames that an exception passed, the innermost last."""
    frames = traceback.extract_tb(trace)[-most:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames]
