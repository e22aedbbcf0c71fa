"""Steps of the measurements of PTP edits, each run in a process of its own: what one holds warms no other.

    python bench/edit_tasks.py TASK ARGUMENT...

A task prints its figures as one JSON object; `run` starts it and adds what the process cost.
"""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench import plain_edits
from knowledge.build import build
from knowledge.codesets import IcdRow
from knowledge.imports import import_files
from knowledge.layout import DATABASE
from knowledge.release import open_release

LAST = date(2024, 9, 30)
"""The last day of the edition of the extracts."""
_ICD = (
    IcdRow("D22", None, "Invented", billable=False, notes=()),
    IcdRow("D22.3", "D22", "Invented", billable=False, notes=()),
)
_ONE_ORDER = (
    "SELECT * FROM ptp p JOIN rationale r ON r.number = p.rationale "
    "WHERE p.edition = ? AND p.column_one = ? AND p.column_two = ?"
)
_BOTH_ORDERS = f"{_ONE_ORDER} UNION ALL {_ONE_ORDER}"

Figures = Mapping[str, float]


class Cost(NamedTuple):
    """What one process took, and what it said."""

    seconds: float
    """By the clock, the start of Python included."""
    processor: float
    """Seconds of the processor, user and system; other work on the machine lengthens them little."""
    peak: float
    """Megabytes of memory at most."""
    said: Figures


def run(task: Callable[..., Figures], *arguments: Path) -> Cost:
    """Run a task in a new process, and return what it cost."""
    began = time.perf_counter()
    command = [sys.executable, __file__, task.__name__, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    took, figures = time.perf_counter() - began, json.loads(said)
    return Cost(took, usage.ru_utime + usage.ru_stime, figures.pop("peak"), figures)


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    said = {name: statistics.median(cost.said[name] for cost in costs) for name in costs[0].said}
    seconds, processor, peak = (
        statistics.median(figures) for figures in zip(*(cost[:3] for cost in costs), strict=True)
    )
    return Cost(seconds, processor, peak, said)


def floor(database: str, *paths: str) -> Figures:
    """Put the rows of files into a plain table."""
    return {"rows": plain_edits.into_table(map(Path, paths), Path(database))}


def take(root: str, *paths: str) -> Figures:
    """Import files."""
    return {"rows": sum(report.kept for report in import_files(map(Path, paths), Path(root)))}


def compile_release(root: str, content: str) -> Figures:
    """Build a release of what was imported and of a small content."""
    folder = build(Path(content), into=Path(root), icd=_ICD)
    return {"bytes": (folder / DATABASE).stat().st_size}


def opened(root: str) -> Figures:
    """Open the release, then ask it once."""
    before, began, used = _resident(), time.perf_counter(), time.thread_time()
    release = open_release(Path(root) / "current")
    took, busy, grown = time.perf_counter() - began, time.thread_time() - used, _resident() - before
    release.edits(("11440", "12011"), LAST)
    return {"ms": 1000 * took, "cpu ms": 1000 * busy, "MB": grown, "MB asked": _resident() - before}


def asked(root: str, questions: str) -> Figures:
    """Ask for pairs, and for the pairs of ten codes, by the release and by a prepared statement on its database."""
    pairs, claims = json.loads(Path(questions).read_text())
    with open_release(Path(root) / "current") as release:
        raw = sqlite3.connect(f"{(release.folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        (number,) = raw.execute("SELECT number FROM edition WHERE kind = 'ptp' AND setting = 'practitioner'").fetchone()

        def statement(one: str, two: str) -> object:
            return raw.execute(_BOTH_ORDERS, (number, one, two, number, two, one)).fetchall()

        def answer(*codes: str) -> object:
            return release.edits(codes, LAST)

        figures = {**_medians("raw", statement, pairs), **_medians("pair", answer, pairs)}
        figures |= _medians("claim", answer, claims)
        raw.close()
    return figures


def _medians(name: str, ask: Callable[..., object], questions: Sequence[Sequence[str]]) -> Figures:
    """Return the median microseconds of a question, by the clock and by the processor, once all were asked before."""
    for question in questions:
        ask(*question)
    took = [_once(ask, question) for question in questions]
    return {
        name: statistics.median(clock for clock, _ in took),
        f"{name} cpu": statistics.median(busy for _, busy in took),
    }


def _once(ask: Callable[..., object], question: Sequence[str]) -> tuple[float, float]:
    began, used = time.perf_counter_ns(), time.thread_time_ns()
    ask(*question)
    busy, clock = time.thread_time_ns() - used, time.perf_counter_ns() - began
    return clock / 1000, busy / 1000


def _peak() -> float:
    """Return the megabytes of memory that this process held at most; ru_maxrss is no less than its parent's."""
    status = Path("/proc/self/status").read_text().split()
    return int(status[status.index("VmHWM:") + 1]) * 1024 / 1e6


def _resident() -> float:
    """Return the megabytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


_TASKS = {task.__name__: task for task in (floor, take, compile_release, opened, asked)}

if __name__ == "__main__":
    made = _TASKS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({**made, "peak": _peak()}))
