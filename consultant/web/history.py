"""What became of a draft: its versions, and word by word what changed from one to the next."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from consultant.records.cases import DraftRow

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
# Beyond this a comparison word by word takes longer than a reader waits; whole lines are compared then.
_LONGEST_PARAGRAPH = 4_000
_CONTEXT_LINES = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: kept, put in or taken out."""

    text: str
    change: str = ""
    """ins, del, or empty for what stayed."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison; `skipped` counts unchanged lines that are left out in its place."""

    pieces: tuple[Piece, ...] = ()
    changed: bool = False
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the draft, with what changed since the one before."""

    row: DraftRow
    author: str
    """The reviewer's name; empty for the engine."""
    diff: tuple[DiffLine, ...]
    """Empty for the first version, and where nothing changed."""


def versions(rows: Sequence[DraftRow], names: Mapping[int, str]) -> tuple[Version, ...]:
    """Return the versions, newest first."""
    found = []
    for index, row in enumerate(rows):
        before = rows[index - 1].text if index else None
        diff = compare(before, row.text) if before is not None and before != row.text else ()
        found.append(Version(row, names.get(row.reviewer_id or 0, "") if row.reviewer_id else "", diff))
    return tuple(reversed(found))


def compare(old: str, new: str) -> tuple[DiffLine, ...]:
    """Compare two texts line by line and, inside changed lines, word by word; long unchanged runs are left out."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[DiffLine] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines.extend(DiffLine((Piece(line),)) for line in before[i1:i2])
        else:
            lines.extend(_changed(before[i1:i2], after[j1:j2]))
    return tuple(_folded(lines))


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[DiffLine]:
    for old, new in zip(before, after, strict=False):
        if len(old) + len(new) > _LONGEST_PARAGRAPH:
            yield DiffLine((Piece(old, "del"),), changed=True)
            yield DiffLine((Piece(new, "ins"),), changed=True)
        else:
            yield DiffLine(tuple(_words(old, new)), changed=True)
    for line in before[len(after) :]:
        yield DiffLine((Piece(line, "del"),), changed=True)
    for line in after[len(before) :]:
        yield DiffLine((Piece(line, "ins"),), changed=True)


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("".join(before[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("".join(before[i1:i2]), "del")
        if j1 < j2:
            yield Piece("".join(after[j1:j2]), "ins")


def _folded(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    near = {
        index + offset
        for index, line in enumerate(lines)
        if line.changed
        for offset in range(-_CONTEXT_LINES, _CONTEXT_LINES + 1)
    }
    skipped = 0
    for index, line in enumerate(lines):
        if index not in near:
            skipped += 1
            continue
        if skipped:
            yield DiffLine(skipped=skipped)
            skipped = 0
        yield line
    if skipped:
        yield DiffLine(skipped=skipped)
