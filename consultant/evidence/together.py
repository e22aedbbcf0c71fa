"""Puts together what is said to the questions of a letter that asks about several patients or days."""

from collections.abc import Sequence
from dataclasses import replace

from consultant.evidence.model import Evidence, Missing


def together(parts: Sequence[Evidence]) -> Evidence:
    """Return the evidence of all questions in their order; each open fact says which question it is of.

    The date is that of the first question: the lines of each stand under its own in `parts`. Without an answer to any
    there is a gap; where some are answered, the others are named for a person.
    """
    first = parts[0]
    open_ones = [number for number, part in enumerate(parts, 1) if part.gap]
    if len(open_ones) == len(parts):
        return replace(first, parts=tuple(parts), gap=" ".join(dict.fromkeys(part.gap or "" for part in parts)))
    return replace(
        first,
        date_assumed=any(part.date_assumed for part in parts),
        lines=tuple(row for part in parts for row in part.lines),
        rejected=tuple(row for part in parts for row in part.rejected),
        missing=tuple(_of(number, row) for number, part in enumerate(parts, 1) for row in part.missing),
        findings=tuple(dict.fromkeys(row for part in parts for row in part.findings)),
        families=tuple(dict.fromkeys(name for part in parts for name in part.families)),
        parts=tuple(parts),
        gap=None,
    )


def _of(number: int, row: Missing) -> Missing:
    return replace(row, question=f"Question {number}: {row.question}")
