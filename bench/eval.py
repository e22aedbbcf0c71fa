"""Drafts every letter of the examination, scores it, and compares the figures with the last that were kept.

    .venv/bin/python -m bench.eval [--half working|held_out] [--misses] [--keep] [--report]

Without --half both halves are measured. --misses prints what was wrong, letter by letter, and so is for the working
half. --keep writes the figures of this version into bench/results; --report renews docs/accuracy.md. Returns 1 where a
figure fell below the last ones kept.
"""

import argparse
import sys
from collections.abc import Sequence
from statistics import median
from time import thread_time
from typing import get_args

from bench import accuracy, reporting
from bench.figures import Figures, figures
from bench.letters import HALVES, TODAY, Half, Letter, read
from bench.scoring import Score, score
from bench.starter import starter
from consultant.drafting.confidence import signs
from consultant.drafting.correspondence import draft_html
from consultant.drafting.engine import draft_letter
from knowledge.release import Release, current, open_release


def main() -> int:
    """Measure, print, and say whether nothing fell."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--half", choices=get_args(Half), help="one set of letters; both halves without it")
    options.add_argument("--misses", action="store_true", help="print what was wrong, letter by letter")
    options.add_argument("--keep", action="store_true", help="keep the figures as those of this version")
    options.add_argument("--report", action="store_true", help="write docs/accuracy.md and the reliability plot")
    options.add_argument("--times", type=int, default=3, help="how often each draft is timed; its median counts")
    given = options.parse_args()
    with open_release(current(starter())) as release:
        halves = {half: examine(half, release, given.times) for half in ((given.half,) if given.half else HALVES)}
    measured = {half: figures(scores) for half, scores in halves.items()}
    for half, scores in halves.items():
        sys.stdout.write(reporting.table(half, scores, measured[half]))
        if given.misses:
            sys.stdout.write(reporting.misses(scores))
    fallen = _fallen(measured)
    sys.stdout.writelines(f"{line}\n" for line in fallen)
    if given.keep:
        reporting.keep(measured)
    if given.report:
        accuracy.write(halves, measured)
    return 1 if fallen and not given.keep else 0


def examine(half: Half, release: Release, times: int = 1) -> tuple[Score, ...]:
    """Draft and score every letter of a half."""
    return tuple(_one(letter, release, times) for letter in read(half))


def _one(letter: Letter, release: Release, times: int) -> Score:
    taken = []
    for _ in range(times):
        began = thread_time()
        question, evidence, made = draft_letter(letter.text, today=TODAY, release=release)
        document = made.as_json(letter.id, draft_html(made.text))
        taken.append(1000 * (thread_time() - began))
    doubts = signs(question, evidence, made.outcome, made.citations)
    return score(letter, document, release, median(taken), {name: float(value) for name, value in doubts.items()})


def _fallen(measured: dict[Half, Figures]) -> Sequence[str]:
    """Say which figures fell below those kept last."""
    last = reporting.last_kept()
    return [
        f"{half}: {name} fell from {before} to {now}"
        for half, figure in measured.items()
        for name, before, now in figure.below(last.get(half, {}))
    ]


if __name__ == "__main__":
    sys.exit(main())
