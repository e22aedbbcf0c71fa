"""The ways in which curators say that a rule is asked for, and which of them a letter tells."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from consultant.evidence.rule_words import as_written, is_whole, terms

Alternative = frozenset[str] | str
"""Words that a letter has to have, or a wording that has to stand in it as it is."""
_LEAST_TOLD = 0.5
"""The least share of a way of asking that counts."""


class Way(NamedTuple):
    """One way of asking for a passage."""

    place: int
    """That of the passage."""
    parts: tuple[tuple[tuple[Alternative, ...], float], ...]
    """What it consists of: the alternatives of each part, and what the part counts."""
    whole: float
    """What all of it counts."""


class Ways:
    """All ways of asking, looked up from the words of a letter."""

    def __init__(self, ways: Iterable[Way]) -> None:
        """Sort the alternatives by a word that leads to them."""
        self._ways = tuple(ways)
        self._parts: dict[Alternative, list[tuple[int, int]]] = {}
        for number, way in enumerate(self._ways):
            for at, (alternatives, _) in enumerate(way.parts):
                for alternative in alternatives:
                    self._parts.setdefault(alternative, []).append((number, at))
        self._as_written = tuple(row for row in self._parts if isinstance(row, str))
        self._by_word: dict[str, list[frozenset[str]]] = {}
        for words in self._parts:
            if isinstance(words, frozenset):
                self._by_word.setdefault(min(words), []).append(words)

    def told(self, letter: AbstractSet[str], spoken: str) -> dict[int, float]:
        """Return the places of passages that a letter asks for, each with the largest share of a way that it tells.

        `letter` are its words as `terms` gives them, `spoken` is all of it as `written` gives it.
        """
        told: dict[int, set[int]] = {}
        for alternative in self._alternatives(letter, spoken):
            for number, at in self._parts[alternative]:
                told.setdefault(number, set()).add(at)
        found: dict[int, float] = {}
        for number, parts in told.items():
            way = self._ways[number]
            share = sum(way.parts[at][1] for at in sorted(parts)) / way.whole
            if share >= _LEAST_TOLD:
                found[way.place] = max(found.get(way.place, 0.0), share)
        return found

    def _alternatives(self, letter: AbstractSet[str], spoken: str) -> Iterator[Alternative]:
        for word in self._by_word.keys() & letter:
            yield from (row for row in self._by_word[word] if row <= letter)
        yield from (row for row in self._as_written if row in spoken)


def parts_of(said: str) -> list[tuple[Alternative, ...]]:
    """Return what a way of asking consists of, each with its alternatives: "stitches / staples + visit", or words.

    An alternative of a situation that means more than the words that are compared, such as "not paid" or "modifier 57",
    has to stand in the letter as it is.
    """
    if " + " not in said:
        return [(frozenset({word}),) for word in dict.fromkeys(terms(said))]
    return [tuple(map(_alternative, part.split(" / "))) for part in said.split(" + ")]


def _alternative(row: str) -> Alternative:
    return frozenset(terms(row)) if is_whole(row) else as_written(row)
