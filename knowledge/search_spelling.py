"""Corrects a misspelled word by the words of the release itself; nothing shaped like a code is ever corrected."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.search_wording import LONGEST, stem, words

SHORTEST = 5
"""Letters of a word that may be corrected: what is shorter is rather an abbreviation."""
_FREQUENT = 12
"""How often a word has to stand in the release to be what a letter probably means."""
_VERY_FREQUENT = 60
"""How often a word of five letters has to stand there to be what four letters of it mean."""
_KNOWN = 3
"""How often a longer word has to stand there, of which only two letters are in the wrong order."""
_UNMISTAKABLE, _SELDOM = 10, 3
"""Letters from which on a word that stands in the release only so often is still what was meant."""
_COMMONER = 8
"""How much oftener than the others one of several near words has to stand in the release to be what was meant."""
_DOUBLE = re.compile(r"(.)\1+")
_LONG = 8
"""Letters from which on two mistakes are forgiven."""

_OF_ITS_KIND = 12
"""Letters from which on a word is near no other one, however seldom it stands: the name of a drug."""


def lexicon(texts: Iterable[str]) -> str:
    """Return every word of the texts that may be what was meant, a line each, with how often it stands there."""
    counts = Counter(word for text in texts for word in words(text) if len(word) >= SHORTEST - 1 and word.isalpha())
    return "\n".join(f"{word} {count}" for word, count in sorted(counts.items()))


class Spelling:
    """The words of one release."""

    def __init__(self, lines: str, known: Iterable[str] = ()) -> None:
        """Take what `lexicon` wrote, and words that are no misspelling though the release has them not."""
        pairs = (line.split(" ") for line in lines.splitlines())
        self._counts = {word: int(count) for word, count in pairs}
        self._known = frozenset(known)
        self._by_letter: dict[str, list[str]] = {}
        for word in self._counts:
            self._by_letter.setdefault(word[0], []).append(word)
        self._frequent: dict[str, list[str]] = {}
        for word, count in self._counts.items():
            if count >= _FREQUENT or (len(word) >= _UNMISTAKABLE and count >= _SELDOM) or len(word) >= _OF_ITS_KIND:
                self._frequent.setdefault(word[0], []).append(word)
        self._undoubled: dict[str, list[str]] = {}
        for word, count in self._counts.items():
            if count >= _KNOWN:
                self._undoubled.setdefault(_undouble(word), []).append(word)
        self.correct = lru_cache(maxsize=4096)(self._correct)
        self.likely = lru_cache(maxsize=16_384)(self._likely)

    def _likely(self, word: str) -> str | None:
        """Return the one frequent word that is a slip away, None where none or several are, or this is a word."""
        if not word.isalpha() or word in self._counts or word in self._known:
            return None
        if not SHORTEST - 1 <= len(word) <= LONGEST:
            return None
        turned = self._turned(word)
        if turned:
            return turned
        if len(word) < SHORTEST:
            return self._shortened(word)
        if plain := self._past(word) or self._doubled(word):
            return plain
        allowed = 2 if len(word) > _LONG else 1
        alike = self._frequent.get(word[0], ())
        near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        near = [row for row in near if row[1] == 1 or self._counts[row[0]] >= _FREQUENT]
        closest = [found for found, distance, _ in near if distance == min(row[1] for row in near)]
        # What differs by its ending alone is another form of the word, and no slip.
        most = max(map(self._counts.__getitem__, closest), default=0)
        closest = [found for found in closest if self._counts[found] * _COMMONER > most]
        meant = {stem(found) for found in closest}
        # So is a verb in the past beside a noun: "splinted" is no splinter.
        past = word.endswith("ed") and any(found[:-1] == word[:-1] for found in closest)
        return closest[0] if len(meant) == 1 and stem(word) not in meant and not past else None

    def _turned(self, word: str) -> str | None:
        """Return the one word of which this one has two letters in the wrong order: "tgas"."""
        least = _FREQUENT if len(word) < SHORTEST else _KNOWN
        turned = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)} - {word}
        found = [other for other in turned if self._counts.get(other, 0) >= least]
        return found[0] if len(found) == 1 else None

    def _shortened(self, word: str) -> str | None:
        """Return the one very frequent word of which this short one lacks a letter: "weks"."""
        found = [
            other
            for other in self._frequent.get(word[0], ())
            if self._counts[other] >= _VERY_FREQUENT
            and len(other) == len(word) + 1
            and any(other[:at] + other[at + 1 :] == word for at in range(1, len(other)))
        ]
        return found[0] if len(found) == 1 else None

    def _doubled(self, word: str) -> str | None:
        """Return the one word that differs in what is doubled: "trimed", "parred", "curretage"."""
        found = self._undoubled.get(_undouble(word), [])
        return found[0] if len({stem(other) for other in found}) == 1 else None

    def _past(self, word: str) -> str | None:
        """Return the past of a verb whose last vowel is left out: "draind"."""
        past = f"{word[:-1]}ed"
        return past if word[-1] == "d" and word[-2] not in "aeiou" and self._counts.get(past, 0) >= _KNOWN else None

    def _correct(self, word: str) -> str | None:
        """Return the word that was meant, None where none is near or this is a word already."""
        if len(word) < SHORTEST or not word.isalpha() or word in self._counts or word in self._known:
            return None
        allowed = 2 if len(word) >= _LONG else 1
        near = process.extract(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        return min(near, key=lambda found: (found[1], -self._counts[found[0]]), default=("",))[0] or None


def _undouble(word: str) -> str:
    return _DOUBLE.sub(r"\1", word)
