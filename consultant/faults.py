"""Named places where `make faults` kills a process: between a thing that was done and the one that says so.

Nothing happens at any of them unless the settings arm them, which no desk in service does.
"""

import os
import random
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

POINTS: Final = (
    "after_fetch",
    "after_entry",
    "after_screening",
    "after_verdict",
    "after_thinking",
    "after_step",
    "after_lease",
    "before_dot",
    "after_dot",
    "after_sent",
)
"""In the order of a letter's way: fetched, entered into the ledger, screened, its verdict committed, the steps of its
case thought out and committed, a letter of the outbox leased, its content sent, the server's reply there, the reply
committed."""

_armed: list["_Armed"] = []


class _Armed:
    """Kills this process at some of the points that it passes, and writes down which."""

    def __init__(self, seed: int, shares: Mapping[str, float], ledger: Path) -> None:
        # Every process has chances of its own, and a process that was started again does not repeat them.
        self._chance = random.Random(f"{seed}:{os.getpid()}")  # noqa: S311 - a seeded run, no secret
        self._shares = shares
        self._ledger = ledger

    def pass_by(self, name: str) -> None:
        if self._chance.random() >= self._shares.get(name, 0.0):
            return
        # One write of a short line is whole, also when several processes write (POSIX, O_APPEND).
        with self._ledger.open("a") as file:
            file.write(f"{name} {os.getpid()}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def arm(seed: int, shares: Mapping[str, float], ledger: Path) -> None:
    """Kill this process at each named point in this share of the times that it passes it.

    `ledger` gets a line for each kill. Raises `AssertionError` for a name that is no point.
    """
    assert set(shares) <= set(POINTS)
    _armed[:] = [_Armed(seed, shares, ledger)]


POISON: Final = b"X-Fault: poison"
"""A letter with this field kills every process that reads it, where faults are armed."""


def poison(raw: bytes) -> None:
    """Stand in for a letter that no guard foresaw and that takes its worker down."""
    if _armed and POISON in raw[:4096]:
        os.kill(os.getpid(), signal.SIGKILL)


def fault(name: str) -> None:
    """Pass a named point; returns at once in any desk that is not under test."""
    for armed in _armed:
        assert name in POINTS
        armed.pass_by(name)
