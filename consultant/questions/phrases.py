"""Find the phrases that families list for their facts: by whole words, without case and plural, the longest."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from consultant.questions.model import Span
from knowledge.model import Phrase

ICD_10_CM: Final = r"icd(?:[- ]?10)?(?:[- ]?cm)?|dx"
"""How a letter names the code set of diagnoses, as a part of a pattern that reads without case."""

_WORD: Final = re.compile(r"[A-Za-z0-9&]+(?:'[a-z]+)?")
_FILLERS: Final = frozenset({"the", "a", "an", "is", "was", "were", "are", "of"})
"""Words that change nothing: "MDM was low" says what "MDM low" says."""


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    exact: tuple[str, ...] | None
    """The words as they must be written, of an abbreviation in capitals."""
    phrase: Phrase


@dataclass(frozen=True)
class Cues:
    """All phrases, looked up by their first word."""

    phrases: tuple[Phrase, ...] = ()
    _by_first: Mapping[str, tuple[_Entry, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the phrases by their first words, the longest first."""
        found: dict[str, list[_Entry]] = {}
        for phrase in self.phrases:
            written = tuple(word for word in _WORD.findall(phrase.text) if word.lower() not in _FILLERS)
            if written:
                capitals = len(written) == 1 and written[0].isupper() and len(written[0]) <= 5
                entry = _Entry(tuple(map(_plain, written)), written if capitals else None, phrase)
                found.setdefault(entry.words[0], []).append(entry)
        ordered = {word: tuple(sorted(rows, key=lambda row: -len(row.words))) for word, rows in found.items()}
        object.__setattr__(self, "_by_first", ordered)

    def find(self, text: str) -> Iterator[tuple[Phrase, Span]]:
        """Yield every phrase of the text; one phrase may say several facts.

        Of overlapping phrases for one kind of subject the longest counts. What is said of another kind hides nothing:
        "subcutaneous lipoma" is a diagnosis, and its "lipoma" is still the lesion.
        """
        matches = [match for match in _WORD.finditer(text) if match[0].lower() not in _FILLERS]
        words = [_plain(match[0]) for match in matches]
        free: dict[str, int] = {}
        for place, word in enumerate(words):
            rows = (row for row in self._by_first.get(word, ()) if free.get(row.phrase.subject, 0) <= place)
            fitting = [row for row in rows if self._fits(row, matches, words, place)]
            longest = {row.phrase.subject: len(row.words) for row in reversed(fitting)}
            for row in fitting:
                if len(row.words) == longest[row.phrase.subject]:
                    yield row.phrase, Span(matches[place].start(), matches[place + len(row.words) - 1].end())
            free |= {subject: place + length for subject, length in longest.items()}

    @staticmethod
    def _fits(row: _Entry, matches: list[re.Match[str]], words: list[str], place: int) -> bool:
        end = place + len(row.words)
        if end > len(words):
            return False
        if row.exact is not None:
            return tuple(match[0] for match in matches[place:end]) == row.exact
        return tuple(words[place:end]) == row.words


def _plain(word: str) -> str:
    """Return a word without case and plural."""
    word = word.lower()
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
