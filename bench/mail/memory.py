"""What the processes hold in memory while many letters pass: resident megabytes, and whether they grow."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.mail import drafts, mailboxes
from bench.mail.intake import entered
from bench.mail.letters import letters
from bench.mail.report import Figure
from bench.mail.town import Town

POLLER_MB = 120.0
WORKER_MB = 200.0
GROWTH = 1.1
SECONDS = 3600.0
_AT_ONCE = 1000


def measure(town: Town, count: int) -> list[Figure]:
    """Let `count` letters pass through the whole pipeline and sample every process each second."""
    user = town.user("memory")
    mailboxes.fill(town.imap, user, ())
    samples: dict[str, list[tuple[int, float]]] = {}
    with town.desk("postgresql", user) as desk:
        drafts.work(desk)
        desk.start("poll")
        given, done, until = 0, 0, time.monotonic() + SECONDS
        while done < count:
            assert time.monotonic() < until, f"{done} of {count} drafts after {SECONDS:.0f} s"
            # Letters come while there is room, so that they do not pile up before the workers.
            if given < count and given - done < 2 * _AT_ONCE:
                number = min(_AT_ONCE, count - given)
                mailboxes.fill(town.imap, user, letters(number, first=given + 1), first=given + 1)
                given += number
                print(f"{given} letters given, {entered(desk)} entered, {done} drafts", flush=True)
            time.sleep(1)
            done = drafts.drafts(desk)
            for kind in ("poll", "worker"):
                process = desk.processes[kind]
                assert process.running(), process.output[-2000:]
                pid = process._process.pid if process._process else 0
                held = max(_megabytes(each) for each in (pid, *_children(pid)))
                samples.setdefault(kind, []).append((done, held))
    return [figure for kind, name, most in _KINDS for figure in _figures(samples[kind], name, most, count)]


_KINDS = (("poll", "poller", POLLER_MB), ("worker", "largest process of the worker", WORKER_MB))


def _figures(samples: list[tuple[int, float]], name: str, most: float, count: int) -> Iterator[Figure]:
    """Yield the peak, and the last fifth beside the second: the first fifth is warming up."""
    peak = max(held for _, held in samples)
    early = [held for done, held in samples if count / 5 <= done < 2 * count / 5] or [samples[0][1]]
    late = [held for done, held in samples if done >= 4 * count / 5]
    yield Figure(f"{name}, most over {count:,} letters", peak, "MB", most=most)
    yield Figure(f"{name}, last fifth of the letters beside the second", max(late) / max(early), "times", most=GROWTH)


def _children(pid: int) -> Iterator[int]:
    """Yield the processes below one, as far down as they go."""
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            yield child
            yield from _children(child)


def _megabytes(pid: int) -> float:
    """Return the resident memory of a process; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)
