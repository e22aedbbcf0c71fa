"""The parts that the tasks of this process work with: built once in each process, after the fork.

The release alone is opened before it: what is derived from it takes a second and fifty megabytes, and a fork shares it.
"""

import ctypes
import gc
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from consultant import bootstrap
from consultant.parts import Parts
from consultant.settings import Settings
from workers.app import configure
from workers.nudge import CeleryNudge

if TYPE_CHECKING:
    from knowledge.release import Release

_settings: list[Settings] = []
_release: list[Callable[[], "Release"]] = []
_built: dict[int, Parts] = {}


def prepare(settings: Settings) -> None:
    """Keep the settings and point Celery at their broker; must come before any task is sent or run."""
    configure(settings)
    _settings[:] = [settings]


def share(release: "Callable[[], Release]") -> None:
    """Let every process that is forked from now on read this release."""
    _release[:] = [release]
    gc.collect()
    # What lives now lives for ever: collections that look at it would copy what the fork shares.
    gc.freeze()
    # Sixteen megabytes that reading the release took for a moment go back; only glibc has a name for that.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def use(parts: Parts) -> None:
    """Let tasks that run in this process work with parts that exist already."""
    _built[os.getpid()] = parts


def parts() -> Parts:
    """Return the parts of this process; a forked worker builds its own, for connections do not survive a fork."""
    pid = os.getpid()
    if pid not in _built:
        _built[pid] = bootstrap.build(_settings[0], CeleryNudge(), *_release)
    return _built[pid]
