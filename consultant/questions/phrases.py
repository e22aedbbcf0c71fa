"""Find the phrases that families list for their facts, in the words and the order that coders happen to use.

Words count by their stems and by what says the same (`wax` and `cerumen`). The words of a phrase may stand in any order
and a few words apart, as long as they stand in one sentence and nothing between them denies.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from consultant.questions.model import Span
from knowledge.model import Phrase
from knowledge.search_wording import stem

ICD_10_CM: Final = r"icd(?:[- ]?10)?(?:[- ]?cm)?|dx"
"""How a letter names the code set of diagnoses, as a part of a pattern that reads without case."""

_WORD: Final = re.compile(r"\bw/o\b|[A-Za-z0-9&]+(?:['’][a-z]+)?", re.IGNORECASE)
_FILLERS: Final = frozenset({"the", "a", "an", "is", "was", "were", "are", "of"})
"""Words that change nothing: "MDM was low" says what "MDM low" says."""
_GERM: Final = r"(?<!\b[A-Z](?=\.[ ](?:coli|aureus|pneumoniae|influenzae|pyogenes|faecalis|epidermidis|aeruginosa)\b))"
"""No sentence ends within the name of a germ: E. coli."""
_PARTS: Final = re.compile(
    _GERM + r"(?<!\b[Gg]est)[.?!;](?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:\d{1,2}[.)]|[-*•]|[A-Z][A-Z ]{3,}:))"
)
"""What ends the stretch that the words of one phrase may be strewn over."""
_DENYING: Final = frozenset(
    (
        *("no", "not", "without", "w/o", "never", "nor", "neither", "cannot"),
        *("isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "hasn't", "haven't", "hadn't", "can't"),
    )
)
_DENIED: Final = _DENYING | {"deny", "denies", "denied", "denying", "lacks", "absent"}
"""Words that part those of a phrase: "diabetic, denies neuropathy" tells of no diabetic neuropathy."""
_TURNING: Final = frozenset(
    ("non", "only", "alone", "over", "under", "above", "below", "less", "more", "than", "before", "after", "until")
)
_ORDERING: Final = frozenset(
    ("first", "second", "one", "single", "other", "another", "each", "per", "and", "or", "but", "except")
)
_AS_WRITTEN: Final = _DENYING | _TURNING | _ORDERING
"""A phrase with one of these says something else when its words are moved."""
_APART: Final = {2: 3, 3: 4}
"""How many other words may stand between those of a phrase of so many words."""
_FURTHEST: Final = 5
_NAMES: Final = frozenset({"vaxelis"})
"""Names whose stem is that of another word."""
_BY_FACT: Final = frozenset({"procedure", "drug"})
_CLOSED: Final = re.compile(r"[^()\n]{0,16}\)")
_MOST_TIMES: Final = 100
"""How often a phrase is looked at in one text; what is said more often says nothing new."""
_SPREAD: Final = 3
"""How many words may stand inside of what says the same in several words: "took the wax out"."""
_PARTICLES: Final = frozenset({"out", "up", "off", "open", "at"})


@dataclass(frozen=True, slots=True)
class _Entry:
    concepts: tuple[str, ...]
    needed: frozenset[str]
    """The concepts, each once."""
    exact: str | None
    """The word as it must be written, of an abbreviation in capitals."""
    typed: tuple[str, ...]
    """Words among several that must be written so: "PT" is a therapy and "pt" a patient."""
    loose: bool
    phrase: Phrase


class _Token(NamedTuple):
    concept: str
    written: str
    start: int
    end: int


class _Match(NamedTuple):
    entry: _Entry
    places: tuple[int, ...]
    """Where its words stand among the tokens, in order."""


@dataclass(frozen=True)
class Cues:
    """All phrases, looked up by the rarest of their words."""

    phrases: tuple[Phrase, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)
    """Word or words, in lower case, to the word that says the same."""
    _by_anchor: Mapping[str, tuple[_Entry, ...]] = field(init=False, repr=False, compare=False)
    _remembered: Callable[[str], tuple[tuple[Phrase, Span], ...]] = field(init=False, repr=False, compare=False)
    _words: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """Stem to the concept that it stands for, where it stands for another."""
    _spread: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(init=False, repr=False, compare=False)
    """First stem to the further stems and the concept of what says the same in several words."""

    def __post_init__(self) -> None:
        """Sort what says the same by its first word, and the phrases by their rarest."""
        spread: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        words: dict[str, str] = {}
        wholes = {meant: meant for meant in self.same.values() if " " in meant}
        for written, meant in {**self.same, **wholes}.items():
            first, *further = map(_plain, written.split())
            concept = "_".join(map(_plain, meant.split()))
            if further:
                spread.setdefault(first, []).append((tuple(further), concept))
            else:
                words[first] = concept
        object.__setattr__(self, "_words", words)
        object.__setattr__(self, "_spread", {first: tuple(rows) for first, rows in spread.items()})
        entries = [entry for phrase in self.phrases if (entry := self._entry(phrase))]
        held = Counter(concept for entry in entries for concept in set(entry.concepts))
        found: dict[str, list[_Entry]] = {}
        for entry in entries:
            anchor = min(entry.concepts, key=lambda concept: (held[concept], entry.concepts.index(concept)))
            found.setdefault(anchor, []).append(entry)
        object.__setattr__(self, "_by_anchor", {anchor: tuple(rows) for anchor, rows in found.items()})
        # The readers of one letter ask for the same text one after the other.
        object.__setattr__(self, "_remembered", lru_cache(maxsize=4)(self._found))

    def find(self, text: str) -> Iterator[tuple[Phrase, Span]]:
        """Yield every phrase of the text, in its order; one phrase may say several facts.

        Of overlapping phrases for one kind of subject the longest counts. What is said of another kind hides nothing:
        "subcutaneous lipoma" is a diagnosis, and its "lipoma" is still the lesion.
        """
        yield from self._remembered(text)

    def _found(self, text: str) -> tuple[tuple[Phrase, Span], ...]:
        found = [
            (match.entry.phrase, Span(tokens[match.places[0]].start, tokens[match.places[-1]].end))
            for tokens in self._stretches(text)
            for match in _longest(row for row in self._matches(tokens) if _whole(text, tokens, row))
        ]
        found.sort(key=lambda row: row[1].start)
        times: Counter[int] = Counter()
        kept = []
        for row in found:
            times[id(row[0])] += 1
            if times[id(row[0])] <= _MOST_TIMES:
                kept.append(row)
        return tuple(kept)

    def _entry(self, phrase: Phrase) -> _Entry | None:
        written = [word for word in _WORD.findall(phrase.text) if word.lower() not in _FILLERS]
        if not written:
            return None
        capitals = len(written) == 1 and written[0].isupper() and len(written[0]) <= 6
        tokens = self._tokens(phrase.text, 0, len(phrase.text))
        concepts = tuple(token.concept for token in tokens)
        loose = (
            len(concepts) > 1
            and len(set(concepts)) == len(concepts)
            and not any(word.lower() in _AS_WRITTEN or word.isdigit() or len(word) == 1 for word in written)
        )
        typed = tuple(word for word in written if word.isupper() and len(word) > 1 and _plain(word) in self._words)
        return _Entry(concepts, frozenset(concepts), written[0] if capitals else None, typed, loose, phrase)

    def _stretches(self, text: str) -> Iterator[list[_Token]]:
        bounds = [0, *(match.end() for match in _PARTS.finditer(text)), len(text)]
        for start, end in pairwise(bounds):
            if tokens := self._tokens(text, start, end):
                yield tokens

    def _tokens(self, text: str, start: int, end: int) -> list[_Token]:
        tokens = [
            _Token(self._words.get(plain := _plain(match[0]), plain), match[0], match.start(), match.end())
            for match in _WORD.finditer(text, start, end)
            if match[0].lower() not in _FILLERS
        ]
        return self._gathered(tokens) if any(token.concept in self._spread for token in tokens) else tokens

    def _gathered(self, tokens: list[_Token]) -> list[_Token]:
        """Read "took the wax out" as "removed the wax": what says the same in several words becomes one token."""
        dropped: set[int] = set()
        read = list(tokens)
        for place, token in enumerate(tokens):
            for further, concept in self._spread.get(token.concept, ()):
                ahead = place
                places = []
                # What is taken may stand within "take out"; the words of a name stand side by side.
                spread = _SPREAD if further[-1] in _PARTICLES else 0
                for word in further:
                    reach = range(ahead + 1, min(ahead + 2 + spread, len(tokens)))
                    ahead = next((at for at in reach if tokens[at].concept == word), -1)
                    if ahead < 0:
                        break
                    places.append(ahead)
                else:
                    read[place] = token._replace(concept=concept)
                    dropped.update(places)
                    break
        return [token for place, token in enumerate(read) if place not in dropped]

    def _matches(self, tokens: list[_Token]) -> Iterator[_Match]:
        where: dict[str, list[int]] = {}
        for place, token in enumerate(tokens):
            where.setdefault(token.concept, []).append(place)
        for anchor in where.keys() & self._by_anchor.keys():
            for entry in self._by_anchor[anchor]:
                if entry.needed <= where.keys():
                    for place in where[anchor]:
                        if places := _places(entry, anchor, place, where, tokens):
                            yield _Match(entry, places)


def _whole(text: str, tokens: list[_Token], match: _Match) -> bool:
    """Tell whether a phrase lies on one side of a bracket: "IM (two injections)" is told by its "IM"."""
    end = tokens[match.places[-1]].end
    words = text[tokens[match.places[0]].start : end]
    opened = words.count("(") - words.count(")")
    # "CKD (stage 3b)" ends with its bracket.
    return not opened or (opened == 1 and _CLOSED.match(text, end, end + 20) is not None)


def _places(
    entry: _Entry, anchor: str, place: int, where: Mapping[str, list[int]], tokens: list[_Token]
) -> tuple[int, ...] | None:
    """Return where the words of an entry stand, those that must be typed in capitals so typed."""
    found = _standing(entry, anchor, place, where, tokens)
    if found is None or not entry.typed:
        return found
    return found if set(entry.typed) <= {tokens[at].written for at in found} else None


def _standing(
    entry: _Entry, anchor: str, place: int, where: Mapping[str, list[int]], tokens: list[_Token]
) -> tuple[int, ...] | None:
    """Return where the words of an entry stand around its rarest one, None where they stand too far apart."""
    if entry.exact is not None:
        return (place,) if tokens[place].written == entry.exact else None
    count = len(entry.concepts)
    start = place - entry.concepts.index(anchor)
    if start >= 0 and all(
        start + at < len(tokens) and tokens[start + at].concept == concept for at, concept in enumerate(entry.concepts)
    ):
        return tuple(range(start, start + count))
    if not entry.loose:
        return None
    chosen = sorted(min(where[concept], key=lambda at: abs(at - place)) for concept in entry.concepts)
    between = chosen[-1] - chosen[0] + 1 - count
    if between > _APART.get(count, _FURTHEST):
        return None
    inside = (tokens[at].written.lower().replace("’", "'") for at in range(chosen[0], chosen[-1]) if at not in chosen)
    return None if any(word in _DENIED for word in inside) else tuple(chosen)


def _longest(matches: Iterable[_Match]) -> Iterator[_Match]:
    """Yield the matches that no longer one of the same kind of subject overlaps; those of the same words all count.

    Of procedures and drugs a phrase hides only those of its own fact, and one that leads into a family only others that
    do: "drained hematoma" says what was done, and its "hematoma" still what it was done to. A diagnosis is told in one
    breath with all that decides its code: in "CKD stage 3" the stage hides no disease.
    """
    taken: dict[tuple[str, ...], dict[int, tuple[int, ...]]] = {}
    for match in sorted(matches, key=lambda row: (-len(row.places), row.places[-1] - row.places[0], row.places)):
        phrase = match.entry.phrase
        door = phrase.entry and phrase.subject == "procedure"
        fact = "" if phrase.subject not in _BY_FACT else "entry" if door else phrase.fact
        of_patient = phrase.subject == "diagnosis"
        used = taken.setdefault(
            (phrase.subject, phrase.family, phrase.fact) if of_patient else (phrase.subject, fact), {}
        )
        if all(used.get(place, match.places) == match.places for place in match.places):
            used.update(dict.fromkeys(match.places, match.places))
            yield match


@lru_cache(maxsize=16_384)
def _plain(word: str) -> str:
    """Return the stem of a word, the same for its plural and inflections; "I&D" and "w/o" are words of their own."""
    if "&" in word or "/" in word or word.lower() in _NAMES:
        return word.lower()
    return stem(word.lower().removesuffix("'s")) or word.lower()
