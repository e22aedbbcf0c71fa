"""`make faults`: letters through the real processes while everything is taken away in turn; the sink's ledger judges.

    .venv/bin/python -m tests.faults.run [--letters 10000] [--seed 1] [--sqlite] [--report docs]

The seed is printed. With --report the table and the timeline are written into a folder. Leaves with 1 when a promise of
docs/promises.md was broken, or when a fault point was hit too seldom for the run to count.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.starter import starter
from consultant.faults import POINTS
from consultant.records.store import Store
from tests.faults.chaos import Chaos, Event
from tests.faults.judge import TO_BE_DRAFTED, UNREVIEWED, Figures, judge, pending
from tests.faults.letters import Sent, letters
from tests.faults.report import write
from tests.faults.reviewer import ReviewerAtWork
from tests.faults.sink import FaultySink
from tests.faults.town import Town, town

LEAST_HITS = 20
"""How often each fault point has to be hit in a full run."""
TERMINAL_SECONDS = 300.0
PER_SECOND = 6.0
TELL_SECONDS = 15.0

_told = [0.0]
"""When progress was last told."""


@dataclass
class Plan:
    """How hard a run is."""

    letters: int
    seed: int
    shares: Mapping[str, float]
    """Of the times that a process passes a fault point, in how many it dies there."""
    sink_share: float
    """Of each SMTP fault."""
    undrafted: int
    """While so many wait for their draft, no more are put into the mailbox: the run is about faults, not load."""
    unreviewed: int
    """Nor while so many drafts wait for the reviewers."""
    postgres: bool = True
    least_hits: int = 0
    command: str = ""
    """What was given on the command line, for the report."""


def _shares(each: float, batch: float, ours: float) -> dict[str, float]:
    """Return the share of every point.

    Those of a batch of letters are passed seldom, those of our own letters several times for each case.
    """
    sending = dict.fromkeys(("after_lease", "before_dot", "after_dot", "after_sent"), ours)
    return dict.fromkeys(POINTS, each) | {"after_fetch": batch, "after_entry": batch} | sending


SHORT = Plan(letters=300, seed=1, shares=_shares(0.008, 0.05, 0.008), sink_share=0.02, undrafted=60, unreviewed=60)
"""The run that is part of the tests."""
FULL = Plan(
    letters=10_000,
    seed=1,
    shares=_shares(0.004, 0.02, 0.002),
    sink_share=0.05,
    undrafted=60,
    unreviewed=300,
    least_hits=LEAST_HITS,
)
"""The run of `make faults`."""


@dataclass
class Outcome:
    """What came of a run."""

    plan: Plan
    figures: Figures
    points: Counter[str]
    sink: Counter[str]
    cuts: int
    events: list[Event]
    progress: list[tuple[float, int, int]]
    """(seconds, letters put into the mailbox, replies that the sink took over)."""
    seconds_after: float
    """From the last fault until everything was terminal."""
    seconds: float = 0.0
    seldom: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether no promise was broken and the run counts."""
        return not self.figures.broken and not self.seldom


def run(plan: Plan, folder: Path) -> Outcome:
    """Run one plan in an empty folder."""
    sink = FaultySink(plan.seed, plan.sink_share)
    with town(folder, starter(), plan.seed, shares=plan.shares, postgres=plan.postgres, sink=sink) as place:
        store = Store(place.settings.database_url)
        chaos = Chaos(place, store, plan.seed)
        reviewers = [ReviewerAtWork(place, store, number) for number in range(len(place.reviewers))]
        chaos.start()
        for reviewer in reviewers:
            reviewer.start()
        try:
            return _run(plan, place, sink, store, chaos, reviewers)
        finally:
            chaos.stop()
            for reviewer in reviewers:
                reviewer.stop()
            store.close()


def _run(
    plan: Plan, place: Town, sink: FaultySink, store: Store, chaos: Chaos, reviewers: list[ReviewerAtWork]
) -> Outcome:
    began = time.monotonic()
    progress: list[tuple[float, int, int]] = []
    sent = _send(plan, place, sink, store, progress, began)
    chaos.stop()
    sink.calm()
    place.wire.calm()
    place.disarm()
    last_fault = time.monotonic()
    until = last_fault + TERMINAL_SECONDS
    while time.monotonic() < until:
        time.sleep(1)
        place.mend()
        progress.append((time.monotonic() - began, len(sent), len(sink.ledger)))
        under_way = _under_way(store, len(sent))
        if under_way is not None and not any(under_way.values()):
            break
    for reviewer in reviewers:
        reviewer.stop()
    settled = time.monotonic() - last_fault
    place.sample_broker()
    points = (
        Counter(line.split()[0] for line in place.ledger.read_text().splitlines())
        if place.ledger.exists()
        else Counter()
    )
    outcome = Outcome(
        plan=plan,
        figures=judge(sent, sink, store, place),
        points=points,
        sink=sink.hits,
        cuts=place.wire.cuts,
        events=chaos.events,
        progress=progress,
        seconds_after=settled,
        seconds=time.monotonic() - began,
    )
    outcome.seldom = [name for name in POINTS if points[name] < plan.least_hits]
    return outcome


def _under_way(store: Store, sent: int) -> dict[str, int] | None:
    """Return how much is under way and tell it now and then; None while the database is away."""
    with suppress(Exception):
        counts = pending(store, sent)
        now = time.monotonic()
        if now - _told[-1] > TELL_SECONDS:
            _told[:] = [now]
            sys.stdout.write(f"{sent} letters; under way: {', '.join(f'{n} {name}' for name, n in counts.items())}\n")
            sys.stdout.flush()
        return counts
    return None


def _send(
    plan: Plan, place: Town, sink: FaultySink, store: Store, progress: list[tuple[float, int, int]], began: float
) -> list[Sent]:
    """Put every letter into the mailbox, two in a hundred twice, at an even pace that the desk can hold."""
    chance = random.Random(plan.seed + 1)
    sent: list[Sent] = []
    for letter in letters(plan.letters, plan.seed):
        for _ in range(2 if chance.random() < 0.02 else 1):
            _append(place, letter.raw)
        sent.append(letter)
        progress.append((time.monotonic() - began, len(sent), len(sink.ledger)))
        time.sleep(1 / PER_SECOND)
        while len(sent) % 10 == 0 and _too_many(plan, store, len(sent)):
            time.sleep(0.5)
    return sent


def _too_many(plan: Plan, store: Store, sent: int) -> bool:
    """Tell whether the desk has enough to do; nothing is known of it while the database is away."""
    counts = _under_way(store, sent) or {}
    undrafted = sum(counts.get(name, 0) for name in TO_BE_DRAFTED)
    return undrafted > plan.undrafted or counts.get(UNREVIEWED, 0) > plan.unreviewed


def _append(place: Town, raw: bytes) -> None:
    """Deliver one letter; the IMAP server may be away for a moment, and a real MTA would keep it."""
    for _ in range(200):
        try:
            with place.imap.client() as client:
                client.append("INBOX", raw)
            return
        except Exception:
            time.sleep(0.1)
    raise AssertionError("the IMAP server did not take a letter for 20 s")


def main() -> int:
    """Run, print, write."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--letters", type=int, default=FULL.letters)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--harder", type=float, default=1.0, help="how many times the shares of the fault points")
    options.add_argument("--sqlite", action="store_true", help="SQLite instead of PostgreSQL")
    options.add_argument("--report", type=Path, help="write faults.md and faults.svg into this folder")
    given = options.parse_args()
    size = FULL if given.letters > 2 * SHORT.letters else SHORT
    shares = {point: min(1.0, share * given.harder) for point, share in size.shares.items()}
    plan = replace(
        size,
        seed=given.seed,
        letters=given.letters,
        postgres=not given.sqlite,
        shares=shares,
        command=" ".join(sys.argv[1:]),
    )
    # So that what the run started is stopped also when the run is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.stdout.write(f"seed {plan.seed}, {plan.letters} letters\n")
    with tempfile.TemporaryDirectory(prefix="consultant-faults-") as folder:
        outcome = run(plan, Path(folder))
    sys.stdout.write(write(outcome, given.report))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
