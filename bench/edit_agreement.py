"""Compares what a release says of pairs with a plain scan of the files that it was imported from.

Pairs are sampled from the files by a seed: such as recur, were deleted, are void or stand, and such as are in no row;
each is asked in an order and for a day that are drawn as well, mostly days at the ends of its windows.
"""

import random
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.plain_edits import Window, rows, windows
from knowledge.official_model import NoEdition
from knowledge.release import Release

KINDS = ("recurring", "deleted", "void", "standing", "absent")
_EARLIEST = date(1995, 12, 1)
_MOST = 32
"""How many times the number of questions is drawn from, at most: of every 25 pairs one is void."""


class Asked(NamedTuple):
    """One question."""

    kind: str
    """One of `KINDS`: what the files hold of the pair."""
    pair: tuple[str, str]
    on: date


def sample(paths: Sequence[Path], count: int, seed: int, last: date) -> tuple[Asked, ...]:
    """Draw so many questions, a fifth of them of each kind; none is for a day after `last`."""
    draw = random.Random(seed)
    found = _windows_of_some(paths, count * _MOST, seed)
    kinds: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS[:-1]}
    for pair, own in sorted(found.items()):
        kinds[_kind(own)].append(pair)
    each = count // len(KINDS)
    chosen = [(kind, pair) for kind, pairs in kinds.items() for pair in draw.sample(pairs, min(each, len(pairs)))]
    every = sorted(found)
    while len(chosen) < count:
        pair = draw.choice(every)[0], draw.choice(every)[1]
        if pair[0] != pair[1]:
            chosen.append(("absent", pair))
    return tuple(
        Asked(kind, pair if draw.random() < 0.5 else (pair[1], pair[0]), min(_day(draw, found.get(pair, [])), last))
        for kind, pair in chosen
    )


def _windows_of_some(paths: Sequence[Path], most: int, seed: int) -> dict[tuple[str, str], list[Window]]:
    """Return every window of a share of all pairs, drawn by the seed: at most so many pairs."""
    found: dict[tuple[str, str], list[Window]] = {}
    limit = 2**32
    for one, two, _, effective, deleted, indicator, _ in rows(paths):
        if _drawn(seed, one, two) < limit:
            found.setdefault((one, two), []).append(Window(one, two, effective, deleted, indicator))
        if len(found) > most:
            # Go on with half of the pairs, so that none is favoured by its place in the files.
            limit //= 2
            found = {pair: own for pair, own in found.items() if _drawn(seed, *pair) < limit}
    return found


def _drawn(seed: int, one: str, two: str) -> int:
    return zlib.crc32(f"{seed}{one}{two}".encode())


def _kind(own: Sequence[Window]) -> str:
    if len(own) > 1:
        return "recurring"
    (window,) = own
    if window.indicator == "9":
        return "void"
    return "standing" if window.deleted == "*" else "deleted"


def _day(draw: random.Random, own: Sequence[Window]) -> date:
    """Return a day at an end of a window or beside it, or any day."""
    ends = [date.fromisoformat(text) for row in own for text in row[2:4] if text != "*"]
    if ends and draw.random() < 0.8:
        return draw.choice(ends) + timedelta(days=draw.choice((-1, 0, 1)))
    return _EARLIEST + timedelta(days=draw.randrange(365 * 30))


def disagreements(release: Release, paths: Sequence[Path], asked: Sequence[Asked]) -> Iterator[str]:
    """Yield each question of which the release gives other windows, or another verdict, than the files."""
    found = windows(paths, {row.pair for row in asked})
    for row in asked:
        answer = release.edits(row.pair, row.on)
        if isinstance(answer, NoEdition):
            yield f"{row}: no edition is held"
            continue
        given = {
            Window(edit.column_one, edit.column_two, _text(edit.effective), _text(edit.deleted), edit.indicator)
            for edit in answer.edits
        }
        in_force = {(edit.column_one, edit.indicator) for edit in answer.edits if edit.in_force(row.on)}
        wanted = {(window.one, window.indicator) for window in found[row.pair] if window.applies(_text(row.on))}
        if given != found[row.pair] or in_force != wanted:
            yield f"{row}: the release gives {in_force} of {given}, the files {wanted} of {found[row.pair]}"


def _text(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else "*"
