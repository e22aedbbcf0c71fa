"""Find the items of a list that a letter numbers: 1) ... 2) ..., #1 ... #2, A. ... B. ..., Lesion A: ... Lesion B: ....

A number with a parenthesis or a full stop is a label only in company: the first label of its style, then the next.
That tells "1. back 2. cheek" from a sentence that ends in a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """The label of one item: where it is written, and its number, counted from 1 (A is 1)."""

    start: int
    end: int
    number: int
    named: bool = False
    """True where a word says what is counted, as in "lesion 2:"; such a label may stand alone and come again."""


_NOT_SIZE: Final = r"(?![.,]?\d|[ \t]?(?:cm|mm|x|×|by|in|inch(?:es)?|sq)\b|[ \t]?(?:times|units?|layers?)\b)"
_WORDS_FOLLOW: Final = r"(?=[ \t]+(?:[^\W\d_]|\d{0,2}\.\d|\d{1,2}[ \t]?[cm]m\b))"
_STYLES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![^\s.;:,])\(?(?P<n>[1-9])\)[.:]?(?=[ \t]*[^\W_])",
        r"(?<![^\s;:,(])(?P<n>[1-9])[.:]" + _WORDS_FOLLOW,
        r"(?<![^\s;:,(])(?P<n>[1-9])[ \t]?[-–]" + _WORDS_FOLLOW,
        r"(?<![^\s.;:,])\(?(?P<n>[A-Ha-h])\)[.:]?(?=[ \t]*\S)",
        r"(?<![^\s;:,(])(?P<n>[A-H])[.:](?=[ \t]+\S)",
        r"(?:(?<=\n)|^)[ \t]{0,4}(?P<n>[a-h])[.:](?=[ \t]+\S)",
        r"(?:(?<=\n)|^)[ \t]{0,4}(?P<n>[A-H])[ \t]{0,2}[-–|][ \t]+(?=\S)",
        r"(?:(?<=\n)|^)[ \t]{0,4}\|?[ \t]?(?P<n>[1-9])[ \t]{0,2}\|[ \t]*(?=[^\W\d_])",
    )
)
_HASH: Final = re.compile(r"(?<![\w#])#[ \t]?(?P<n>[1-9])\b[).:]?" + _NOT_SIZE)
_NAMED: Final = re.compile(
    r"\b(?i:lesion|site|specimen|excision|nevus|mole|cyst|bcc|scc|spot|area|wound)[ \t]?(?i:no\.?|number|num)?[ \t]?#?"
    r"[ \t]?(?P<n>[1-9]|[A-H])(?!\w)[).:]?" + _NOT_SIZE
)
_LEADS: Final = re.compile(r"(?:^|[\n.;:,(*•-])[ \t]*$")
_WHITE: Final = " \t\n"


def items(text: str) -> tuple[Item, ...]:
    """Return the labels of every numbered list in the order of the text."""
    found: list[Item] = []
    taken: set[int] = set()
    for candidates in (_named(text), *(_in_order(text, style) for style in _STYLES)):
        for item in candidates:
            if not any(position in taken for position in range(item.start, item.end)):
                taken.update(range(item.start, item.end))
                found.append(item)
    return tuple(sorted(found, key=lambda item: item.start))


_BULLET: Final = re.compile(r"(?:(?<=\n)|^)[ \t]{0,6}(?P<mark>[-*•–])[ \t]+(?=\S)")
ROW: Final = re.compile(r"(?:(?<=\n)|^)[ \t]*(?P<first>[^\n|]{0,60})\|[^\n|]{1,60}\|[^\n]*")
"""A line of a table: cells between upright strokes."""


def bare(text: str) -> tuple[Item, ...]:
    """Return the items that no number labels, bullets and the lines of a table, counted through the whole text."""
    starts = [match.span("mark") for match in _BULLET.finditer(text)]
    starts += [(match.start("first"), match.start("first") + 1) for match in ROW.finditer(text)]
    places = sorted(starts)
    return tuple(Item(*place, number) for number, place in enumerate(places, 1)) if len(places) > 1 else ()


def _number(written: str) -> int:
    return int(written) if written.isdigit() else ord(written.upper()) - ord("A") + 1


def _named(text: str) -> Iterator[Item]:
    for match in _NAMED.finditer(text):
        # Within a sentence ("the closure of lesion 2") it labels that sentence and begins nothing.
        if match[0][-1] in ").:" or _LEADS.search(text, max(0, match.start() - 8), match.start()):
            yield Item(match.start(), match.end(), _number(match["n"]), named=True)
    hashes = list(_HASH.finditer(text))
    if {"1", "2"} <= {match["n"] for match in hashes}:
        for match in hashes:
            yield Item(match.start(), match.end(), int(match["n"]), named=True)


def _in_order(text: str, style: re.Pattern[str]) -> Iterator[Item]:
    """Yield each run of labels 1, 2, 3 of one style that has at least two."""
    run: list[Item] = []
    for match in style.finditer(text):
        number = _number(match["n"])
        start = match.start() + len(match[0]) - len(match[0].lstrip(_WHITE))
        if run and number == run[-1].number + 1:
            run.append(Item(start, match.end(), number))
        elif number == 1:
            yield from run if len(run) > 1 else ()
            run = [Item(start, match.end(), 1)]
    yield from run if len(run) > 1 else ()
