"""Corrects a misspelled word by the words of the release itself; nothing shaped like a code is ever corrected."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.search_wording import words

SHORTEST = 5
"""Letters of a word that may be corrected: what is shorter is rather an abbreviation."""
_LONG = 8
"""Letters from which on two mistakes are forgiven."""


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
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def _correct(self, word: str) -> str | None:
        """Return the word that was meant, None where none is near or this is a word already."""
        if len(word) < SHORTEST or not word.isalpha() or word in self._counts or word in self._known:
            return None
        allowed = 2 if len(word) >= _LONG else 1
        near = process.extract(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        return min(near, key=lambda found: (found[1], -self._counts[found[0]]), default=("",))[0] or None
