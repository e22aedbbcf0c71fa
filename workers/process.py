"""The parts that the tasks of this process work with: built once in each process, after the fork."""

import os

from consultant import bootstrap
from consultant.parts import Parts
from consultant.settings import Settings
from workers.app import configure
from workers.nudge import CeleryNudge

_settings: list[Settings] = []
_built: dict[int, Parts] = {}


def prepare(settings: Settings) -> None:
    """Keep the settings and point Celery at their broker; must come before any task is sent or run."""
    configure(settings)
    _settings[:] = [settings]


def use(parts: Parts) -> None:
    """Let tasks that run in this process work with parts that exist already."""
    _built[os.getpid()] = parts


def parts() -> Parts:
    """Return the parts of this process; a forked worker builds its own, for connections do not survive a fork."""
    pid = os.getpid()
    if pid not in _built:
        _built[pid] = bootstrap.build(_settings[0], CeleryNudge())
    return _built[pid]
