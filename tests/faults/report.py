"""The report of a fault run: a table, and the timeline as a picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from consultant.faults import POINTS

if TYPE_CHECKING:
    from tests.faults.run import Outcome

_WIDE, _HIGH, _LEFT, _TOP = 900, 260, 150, 30
_ROWS = (
    "kill -9 poll",
    "kill -9 worker",
    "kill -9 beat",
    "kill -9 web",
    "died at a fault point",
    "broker restarted",
    "database restarted",
    "UIDVALIDITY changed",
)

_LINES = ((1, "#0b5a8f", "letters put into the mailbox"), (2, "#2e7d32", "letters that the sink took over"))


def write(outcome: "Outcome", folder: Path | None) -> str:
    """Return the report as text; with a folder, write it there as faults.md with faults.svg beside it."""
    text = "\n".join(_lines(outcome)) + "\n"
    if folder is not None:
        (folder / "faults.md").write_text(_page(outcome, text), encoding="utf-8")
        (folder / "faults.svg").write_text(timeline(outcome), encoding="utf-8")
    return text


def _page(outcome: "Outcome", table: str) -> str:
    size = "PostgreSQL and Redis" if outcome.plan.postgres else "SQLite and Redis"
    return f"""# What happens when everything is taken away

This page was written by `python -m tests.faults.run {outcome.plan.command}`.

It ran {outcome.plan.letters:,} letters through the real processes (poll, worker, beat, web) with Dovecot, {size}, and
an SMTP sink that keeps its own ledger, with the seed {outcome.plan.seed}. Two reviewers approved every draft over the
web desk. What was sent is judged by the sink's ledger, not by the desk's database. The reply to a final dot is waited
for 5 s in these runs instead of 600 s, and a late reply comes after 3 s instead of 30 s.

{table}
![The run: faults by kind above, letters and replies below](faults.svg)
"""


def _lines(outcome: "Outcome") -> Iterator[str]:
    figures = outcome.figures
    yield "| promise | figure |"
    yield "|---|---|"
    yield f"| questions | {figures.questions:,} |"
    yield f"| questions lost, cases doubled | {len(figures.lost)}, {len(figures.cases_doubled)} |"
    unbound = f"{len(figures.without_approval)}, {len(figures.differing)}"
    yield f"| replies without an approval, differing from it | {unbound} |"
    yield f"| replies doubled | {len(figures.doubled_replies)} |"
    yield f"| questions with exactly one reply | {figures.answered:,} |"
    yield f"| letters that could not be sent (5xx), with the reason in the desk | {figures.failed} |"
    yield f"| letters that wait as uncertain for a person | {figures.uncertain} |"
    yield f"| of these with a Sent copy that was not found | {len(figures.uncertain_with_a_copy)} |"
    yield f"| poison letters, quarantined | {figures.poison}, {figures.poison - len(figures.poison_not_quarantined)} |"
    yield f"| longest wait of another letter for its verdict | {figures.longest_wait:.0f} s |"
    yield f"| everything terminal after the last fault | {outcome.seconds_after:.0f} s |"
    yield f"| planted identifiers in logs and broker | {len(figures.planted)} |"
    yield f"| the whole run | {outcome.seconds:.0f} s |"
    yield ""
    yield "| fault | times |"
    yield "|---|---|"
    for name in POINTS:
        yield f"| process killed at `{name}` | {outcome.points[name]} |"
    for row in _ROWS:
        yield f"| {row} | {sum(row in event.what for event in outcome.events)} |"
    yield f"| IMAP connection cut in the middle of an answer | {outcome.cuts} |"
    for name, count in sorted(outcome.sink.items()):
        yield f"| SMTP: {name} | {count} |"
    yield ""
    for name, found in figures.broken.items():
        yield f"BROKEN: {name}: {', '.join(found[:10])}"
    if outcome.seldom:
        yield f"The run does not count: hit less than {outcome.plan.least_hits} times: {', '.join(outcome.seldom)}"


def timeline(outcome: "Outcome") -> str:
    """Draw what was done when, and how letters and replies went on meanwhile, as SVG."""
    end = max(outcome.seconds, 1.0)

    def x(at: float) -> float:
        return _LEFT + at / end * (_WIDE - _LEFT - 20)

    size = f"0 0 {_WIDE} {_TOP + 22 * len(_ROWS) + _HIGH + 40}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" font-family="sans-serif" font-size="12">',
        f"<title>Faults and progress over {end:.0f} seconds</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for number, row in enumerate(_ROWS):
        y = _TOP + 22 * number
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end" fill="#222222">{row}</text>')
        parts.append(f'<path d="M{_LEFT} {y}H{_WIDE - 20}" stroke="#e4e4e4"/>')
        for event in outcome.events:
            if row in event.what:
                parts.append(f'<path d="M{x(event.at):.1f} {y - 7}v14" stroke="#b3261e" stroke-width="1.5"/>')
    top, most = _TOP + 22 * len(_ROWS) + 10, max([2 * outcome.plan.letters, *(row[2] for row in outcome.progress)])
    parts.append(f'<path d="M{_LEFT} {top}V{top + _HIGH}H{_WIDE - 20}" fill="none" stroke="#888888"/>')
    for place, colour, label in _LINES:
        points = [(x(row[0]), top + _HIGH - row[place] / most * _HIGH) for row in outcome.progress]
        drawn = " ".join(f"{at:.1f},{height:.1f}" for at, height in points[:: max(1, len(points) // 400)] + points[-1:])
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if points:
            words = f"{label}: {outcome.progress[-1][place]:,}"
            parts.append(f'<text x="{_LEFT + 10}" y="{top + 16 * place}" fill="{colour}">{words}</text>')
    foot = top + _HIGH + 18
    parts.append(f'<text x="{_WIDE - 20}" y="{foot}" text-anchor="end" fill="#222222">{end:.0f} s</text>')
    return "\n".join([*parts, "</svg>", ""])
