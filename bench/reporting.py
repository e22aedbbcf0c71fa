"""Prints an examination, keeps its figures by version, and writes docs/accuracy.md."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Figures, figures
from bench.letters import Half
from bench.scoring import Score
from consultant import __version__

RESULTS = Path(__file__).with_name("results")
COLUMNS = ("right outcome", "exact codes", "exact lines", "missing facts asked", "questions that decide", "statements")


def table(half: Half, scores: Sequence[Score], whole: Figures) -> str:
    """Return the figures of a half: in all, by kind and by family."""
    lines = [f"\n{half}: {whole.letters} letters"]
    lines += [f"  {name:24} {share}" for name, share in whole.shares.items()]
    lines += [f"  {name:24} {count}" for name, count in whole.never.items()]
    lines.append(f"  {'ms a letter':24} p50 {whole.p50:.1f}, p95 {whole.p95:.1f}, of the processor")
    for title, key in _GROUPS:
        lines.append(f"\n  {title:42} {'letters':>7} " + " ".join(f"{name:>21}" for name in (*COLUMNS, "ms")))
        for name, part in grouped(scores, key):
            one = figures(part)
            cells = " ".join(f"{one.shares[column]!s:>21}" for column in COLUMNS)
            lines.append(f"  {name:42} {one.letters:>7} {cells} {one.p50:>21.1f}")
    return "\n".join(lines) + "\n"


def grouped(scores: Sequence[Score], key: Callable[[Score], str]) -> Iterator[tuple[str, list[Score]]]:
    """Yield each group of scores by its name, in the order of the names."""
    for name in sorted({key(row) for row in scores}):
        yield name, [row for row in scores if key(row) == name]


_GROUPS: tuple[tuple[str, Callable[[Score], str]], ...] = (
    ("kind", lambda row: row.letter.kind),
    ("style", lambda row: row.letter.style),
    ("family", lambda row: row.letter.family),
)


def misses(scores: Sequence[Score]) -> str:
    """Return what was wrong, letter by letter."""
    return "".join(
        f"{row.letter.id} ({row.letter.family}): {'; '.join(_wrong(row))}\n" for row in scores if not row.right
    )


def _wrong(row: Score) -> Iterator[str]:
    expect = row.letter.expect
    if not row.outcome_right:
        yield f"{row.outcome} instead of {'/'.join(expect.outcome)}"
    if row.lines_right is False:
        yield "other lines than expected"
    if row.wanted_asked < row.wanted or row.asked_right < len(row.asked):
        yield f"asks {', '.join(row.asked) or 'nothing'} instead of {', '.join(expect.missing) or 'nothing'}"
    for name, rows in (("must not", row.violations), ("invented", row.invented), ("repeats", row.repeated)):
        if rows:
            yield f"{name} {', '.join(rows)}"
    yield from (f"does not state {check}" for check in row.unstated)


def keep(measured: dict[Half, Figures]) -> None:
    """Write the figures of this version."""
    path = RESULTS / f"{__version__}.json"
    path.write_text(json.dumps({half: row.kept() for half, row in measured.items()}, indent=2) + "\n", encoding="utf-8")


def last_kept() -> dict[str, dict[str, Any]]:
    """Return the figures of the newest version kept; empty where none is."""
    paths = sorted(RESULTS.glob("*.json"), key=lambda path: [int(part) for part in path.stem.split(".")])
    return json.loads(paths[-1].read_text(encoding="utf-8")) if paths else {}
