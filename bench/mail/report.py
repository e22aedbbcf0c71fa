"""What a run found: figures beside their targets, printed, and kept in docs/figures.md part by part."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from consultant import clock

PAGE = Path(__file__).parents[2] / "docs" / "figures.md"
_PART = "<!-- {name} -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was measured, of how many runs, and what was to be reached."""

    work: str
    value: float
    unit: str
    runs: tuple[float, ...] = ()
    least: float | None = None
    """The figure should be at least this."""
    most: float | None = None
    """The figure should be at most this."""

    @property
    def met(self) -> bool | None:
        """Tell whether the target is met; None where there is none."""
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def target(self) -> str:
        """The target in words."""
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most is not None else ""

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return the row of the table."""
        spread = f"{_short(min(self.runs))} to {_short(max(self.runs))}" if len(self.runs) > 1 else ""
        verdict = {None: "", True: "met", False: "**not met**"}[self.met]
        return self.work, f"{_short(self.value)} {self.unit}", spread, self.target, verdict


def of_runs(work: str, runs: Sequence[float], unit: str, **target: float) -> Figure:
    """Return the median of some runs."""
    return Figure(work, median(runs), unit, tuple(runs), **target)


def ratio(work: str, ours: Sequence[float], theirs: Sequence[float], unit: str, **target: float) -> Figure:
    """Return the median of the ratios, each of two measurements that were made one after the other."""
    return of_runs(work, [one / other for one, other in zip(ours, theirs, strict=True)], unit, **target)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    rows = [("measured", "median", "runs", "to reach", ""), ("---", "---:", "---:", "---", "---")]
    rows += [figure.cells() for figure in figures]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def keep(name: str, title: str, text: str) -> None:
    """Write one part of the page, and leave the other parts as they are."""
    page = PAGE.read_text(encoding="utf-8")
    begin, end = _PART.format(name=name), _PART.format(name=f"/{name}")
    kept = f"{begin}\n## {title}\n\n{text.strip()}\n{end}\n"
    found = re.compile(re.escape(begin) + r".*?" + re.escape(end) + "\n", re.DOTALL)
    page = found.sub(lambda _: kept, page) if found.search(page) else f"{page.rstrip()}\n\n{kept}"
    PAGE.write_text(page, encoding="utf-8")


def circumstances(revision: str, command: str, seconds: float) -> str:
    """Say when, on what and by which command a part was measured."""
    return (
        f"`{command}`, commit {revision}, {clock.now():%Y-%m-%d}, {os.cpu_count()} processors, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end, {seconds / 60:.1f} minutes."
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
