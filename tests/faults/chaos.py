"""The adversary: takes processes, servers and connections away by a seeded plan, and writes down when."""

import math
import random
import threading
import time
from dataclasses import dataclass, field

from consultant.records.store import Store
from tests.faults.town import KINDS, Town

KILL_SECONDS = 3.0
"""Between one kill of a process and the next, each kind in turn."""
GRACE_SECONDS = 2.0
"""How long a process is left at work at least, or twice as long as its start took, before it is killed: on a slow
machine it would else be killed while it starts, again and again, and the run would show nothing but that."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done, so many seconds after the run began."""

    at: float
    what: str


@dataclass
class Chaos:
    """Runs on a thread of its own until told to stop."""

    town: Town
    store: Store
    seed: int
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._at_work: dict[str, float] = {}
        """Since when each process has been at work, as far as was seen."""
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="chaos")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the thing that is being done; raise what ended it before."""
        self._stop.set()
        self._thread.join(60)
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def note(self, what: str) -> None:
        """Write down a thing that was done."""
        self.events.append(Event(time.monotonic() - self._began, what))

    def _run(self) -> None:
        try:
            self._take_away()
        except BaseException as error:
            # A run without faults would look like one that held.
            self._failure = error

    def _take_away(self) -> None:
        chance = random.Random(self.seed)
        order = list(KINDS)
        due = time.monotonic() + KILL_SECONDS
        while not self._stop.wait(0.3):
            for kind in self.town.mend():
                self._at_work.pop(kind, None)
                self.note(f"{kind} died at a fault point")
            kind = next((kind for kind in order if self._may_be_killed(kind)), None)
            if kind is None or time.monotonic() < due:
                continue
            due = time.monotonic() + KILL_SECONDS
            self.town.sample_broker()
            self.town.kill(kind)
            self._at_work.pop(kind)
            self.note(f"kill -9 {kind}")
            order.remove(kind)
            order.append(kind)
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

    def _may_be_killed(self, kind: str) -> bool:
        if kind not in self._at_work and self.town.at_work(kind, self.store):
            self._at_work[kind] = time.monotonic()
        at_work = self._at_work.get(kind, math.inf)
        return time.monotonic() - at_work >= max(GRACE_SECONDS, 2 * (at_work - self.town.started[kind]))
