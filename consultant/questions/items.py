"""Find the stretches of a letter that each tell of one thing of several: labelled, bulleted, in a table, or by site.

A label that comes again, in the exam and in the procedure, speaks of the same thing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from consultant.questions.listing import ROW
from consultant.questions.model import Span
from consultant.questions.passages import Sentences
from consultant.questions.sites import Site

_BULLET: Final = re.compile(r"(?:(?<=\n)|^)[ \t]{0,6}[-*•–][ \t]+(?=\S)")
_HEADED: Final = re.compile(r"[ \t]{0,2}:[ \t\n]")
_BLANK: Final = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*[A-Z][A-Z /]{3,24}:)")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing of a list, with every stretch that tells of it."""

    spans: tuple[Span, ...]

    def holds(self, position: int) -> bool:
        """Tell whether what stands at a position is told of this thing."""
        return any(span.start <= position < span.end for span in self.spans)


def find(text: str, sentences: Sentences, places: Sequence[Site]) -> tuple[Told, ...]:
    """Return the things of the list that the letter gives, in its order; none where it gives no list of two."""
    by_opening = _by_opening(text, sentences, places)
    for rows in (_labelled(text, sentences), _rows(text), _bulleted(text), _by_site(text, places), by_opening):
        if len(rows) > 1:
            return rows
    return ()


def _labelled(text: str, sentences: Sentences) -> tuple[Told, ...]:
    starts = [item.start for item in sentences.items]
    found: dict[int, list[Span]] = {}
    for item, following in zip(sentences.items, [*starts[1:], len(text)], strict=False):
        found.setdefault(item.number, []).append(Span(item.start, _until(text, item.end, following)))
    return tuple(Told(tuple(spans)) for _, spans in sorted(found.items()))


def _rows(text: str) -> tuple[Told, ...]:
    return tuple(Told((Span(*match.span()),)) for match in ROW.finditer(text))


def _bulleted(text: str) -> tuple[Told, ...]:
    starts = [match.start() for match in _BULLET.finditer(text)]
    return tuple(
        Told((Span(start, _until(text, start + 1, following)),))
        for start, following in zip(starts, [*starts[1:], len(text)], strict=False)
    )


def _by_site(text: str, places: Iterable[Site]) -> tuple[Told, ...]:
    """Return what stands behind each place that heads it: "Left thigh: a wedge ... Upper back: a punch ..."."""
    heads = [site for site in places if _HEADED.match(text, site.end)]
    starts = [site.side_start if site.side and 0 <= site.side_start < site.start else site.start for site in heads]
    return tuple(
        Told((Span(start, _until(text, site.end, following)),))
        for site, start, following in zip(heads, starts, [*starts[1:], len(text)], strict=False)
    )


_OPENING: Final = re.compile(
    r"\W*(?:(?:and|then|also|next|finally|lastly|second|third|first),?[ \t]+){0,3}(?:on|from|at|over"
    r"|off)[ \t]+(?:the|his|her)[ \t]+"
    r"(?:(?:right|left|rt|lt|r|l|upper|lower|mid)\b\.?[ \t]+){0,2}",
    re.IGNORECASE,
)


def _by_opening(text: str, sentences: Sentences, places: Iterable[Site]) -> tuple[Told, ...]:
    """Return the sentences that begin with a place: "On the chest a shave. From the thigh a punch."."""
    found = [
        Told((sentence,))
        for site in places
        if _OPENING.fullmatch(text, (sentence := sentences.around(site.start)).start, site.start)
    ]
    return tuple(found)


def _until(text: str, since: int, following: int) -> int:
    """Return where what is told of one thing ends: at the next one, a blank line or the next heading."""
    end = _BLANK.search(text, since, following)
    return end.start() if end else following
