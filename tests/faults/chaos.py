"""The adversary: takes processes, servers and connections away by a seeded plan, and writes down when."""

import random
import threading
import time
from dataclasses import dataclass, field

from tests.faults.town import KINDS, Town

KILL_SECONDS = 3.0
"""Between one kill of a process and the next, each kind in turn."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done, so many seconds after the run began."""

    at: float
    what: str


@dataclass
class Chaos:
    """Runs on a thread of its own until told to stop."""

    town: Town
    seed: int
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="chaos")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the thing that is being done."""
        self._stop.set()
        self._thread.join(60)

    def note(self, what: str) -> None:
        """Write down a thing that was done."""
        self.events.append(Event(time.monotonic() - self._began, what))

    def _run(self) -> None:
        chance = random.Random(self.seed)
        turn = 0
        while not self._stop.wait(KILL_SECONDS):
            for kind in self.town.mend():
                self.note(f"{kind} died at a fault point")
            self.town.sample_broker()
            kind = KINDS[turn % len(KINDS)]
            self.town.kill(kind)
            self.note(f"kill -9 {kind}")
            turn += 1
            rare = chance.random()
            if rare < 0.10:
                self.town.redis.kill()
                self.town.redis.start()
                self.note("broker restarted, its queues lost")
            elif rare < 0.15 and self.town.postgres is not None:
                self.town.postgres.kill()
                self.town.postgres.start()
                self.note("database restarted")
            elif rare < 0.20:
                self.town.new_uidvalidity()
                self.note("UIDVALIDITY changed")
