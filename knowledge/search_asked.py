"""What a person typed, read as a coder means it: codes, ranges, sizes, and words with all that they stand for."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.modifiers import MODIFIERS
from knowledge.search_codes import Range, below, codes_in, ranges_in
from knowledge.search_measures import Span, measured, numbered
from knowledge.search_wording import LONGEST, denials, plain, stem, stems
from knowledge.vocabulary import Manner, Sense, Vocabulary

MOST_LETTERS = 2_000
MOST_WORDS = 24
"""What is read of a long letter; of its words the rarest."""

_GLUED = re.compile(r"\b([a-z]{1,2})\s?&\s?([a-z]{1,2})\b", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z0-9]+(?:[/&][a-z0-9]+)+|w/|[a-z0-9]+|[,;:()\[\]]|\.(?!\d)", re.IGNORECASE)
_WRITTEN_OUT = {"w/o": "without", "wo": "without", "w/": "with", "w": "with"}
_SIDES = {
    **dict.fromkeys(("left", "lt", "l"), "left"),
    **dict.fromkeys(("right", "rt", "r"), "right"),
    **dict.fromkeys(("bilateral", "bilat", "bil", "b/l", "both"), "bilateral"),
}
_FACTORS: dict[Manner, float] = {"abbreviation": 1.0, "lay": 0.95, "alike": 0.85, "broader": 0.6}
_LEAST = 0.4
_MOST_READINGS = 6
_COMPOUND = 7
"""Letters of a word that may have been typed as two."""


class Reading(NamedTuple):
    """One wording that counts for a word: its stems, how much each of them says, and the factor for finding it."""

    stems: tuple[str, ...]
    weights: tuple[float, ...]
    factor: float
    wording: str
    """What the word was read as; "" where it was taken as it stands."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase as typed, and the wordings any of which counts for it."""

    said: str
    readings: tuple[Reading, ...]
    denied: bool
    weight: float
    """How much it says."""

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that counts for it."""
        return frozenset(part for reading in self.readings for part in reading.stems)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for."""

    codes: tuple[str, ...]
    ranges: tuple[Range, ...]
    below: tuple[Range, ...]
    """What lies below the codes that are named."""
    words: tuple[Word, ...]
    sides: frozenset[str]
    """left, right, bilateral."""
    spans: tuple[Span, ...]
    procedure: bool
    """True where a word of a procedure is among the words."""

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that counts for something."""
        return frozenset().union(*(word.stems for word in self.words))


class Reader:
    """Reads what is typed, with the words of one release."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        held: Callable[[str], bool],
        rarity: Callable[[str], float],
        spelled: Callable[[str], str | None],
    ) -> None:
        """Take what the release knows: its codes, how rare a stem is (0 where absent), what a misspelling means."""
        self._vocabulary = vocabulary
        self._held = held
        self._rarity = rarity
        self._spelled = spelled

    def __call__(self, text: str) -> Asked:
        """Read a text of any kind; what means nothing is left out."""
        ranges, text = ranges_in(plain(text[:MOST_LETTERS]), self._held)
        codes, text = codes_in(text, self._held)
        spans, text = _measures(text)
        words, sides = self._words(_tokens(text))
        words = [*filter(None, (self._code_word(code) for code in codes if code not in MODIFIERS)), *words]
        if len(words) > MOST_WORDS:
            least = sorted((word.weight for word in words), reverse=True)[MOST_WORDS - 1]
            words = [word for word in words if word.weight >= least][:MOST_WORDS]
        return Asked(codes, ranges, below(codes), tuple(words), sides, spans, self._procedure(words))

    def _procedure(self, words: Iterable[Word]) -> bool:
        senses = (
            part
            for word in words
            for reading in word.readings
            if reading.factor > _FACTORS["alike"]
            for part in reading.stems
        )
        named = (*(part for word in words for part in word.said.lower().split()), *senses)
        return any(stem(part) in self._vocabulary.procedures for part in named)

    def _code_word(self, code: str) -> Word | None:
        """Look for a code among the words too, as rules name codes."""
        written = code.replace(".", "").lower()
        weight = self._rarity(written)
        return Word(code, (Reading((written,), (weight,), 1.0, ""),), denied=False, weight=weight) if weight else None

    def _words(self, tokens: Sequence[tuple[str, bool]]) -> tuple[list[Word], frozenset[str]]:
        """Read the longest phrases first, and the sides; leave out what says nothing, unless nothing else is left."""
        found: dict[str, Word] = {}
        spared: dict[str, Word] = {}
        sides: set[str] = set()
        at = 0
        while at < len(tokens):
            length, senses = self._longest(tokens, at)
            if not senses and at + 1 < len(tokens) and self._joined(tokens[at][0], tokens[at + 1][0]):
                length = 2
            said, denied = " ".join(token for token, _ in tokens[at : at + length]), tokens[at][1]
            at += length
            if said.lower() in _SIDES:
                sides.add(_SIDES[said.lower()])
                continue
            word = self._word(said, senses, denied=denied)
            if word:
                idle = not senses and said.lower() in self._vocabulary.stop
                (spared if idle else found).setdefault(said.lower(), word)
        return list((found or spared).values()), frozenset(sides)

    def _longest(self, tokens: Sequence[tuple[str, bool]], at: int) -> tuple[int, tuple[Sense, ...]]:
        """Return how many tokens the longest phrase of the table has that begins here, and what it stands for."""
        table = self._vocabulary
        for length in range(min(table.longest, len(tokens) - at), 0, -1):
            typed = [token for token, _ in tokens[at : at + length]]
            for key in (" ".join(typed), " ".join(typed).lower()):
                if key in table.abbreviations:
                    return length, table.abbreviations[key]
            senses = table.phrases.get(" ".join(stem(token.lower()) for token in typed))
            if senses:
                return length, senses
        return 1, ()

    def _word(self, said: str, senses: Sequence[Sense], *, denied: bool) -> Word | None:
        """Weigh a word; correct it where nobody knows it; None where it means nothing here."""
        readings = self._readings(said.lower(), senses, "")
        if not readings and not senses:
            correct = self._spelled(said.lower())
            if correct is None:
                return None
            _, senses = self._longest([(correct, denied)], 0)
            readings = self._readings(correct, senses, correct)
        return Word(said, readings, denied, _emphasis(readings[0].weights)) if readings else None

    def _readings(self, typed: str, senses: Sequence[Sense], wording: str) -> tuple[Reading, ...]:
        """Return what stands for a word, the likeliest first: itself, unless it is an abbreviation, and its senses."""
        readings: dict[tuple[str, ...], Reading] = {}
        joined = typed.replace(" ", "")
        if joined != typed and not senses:
            self._add(readings, (stem(joined),), 1.0, joined)
        if not any(sense.manner == "abbreviation" for sense in senses):
            self._add(readings, stems(typed), 1.0, wording)
        for sense in senses:
            factor = _FACTORS[sense.manner]
            self._add(readings, sense.stems, factor, sense.wording)
            # A wording may have a lay or a broader one of its own: armpit, axilla, trunk. No further than that.
            for further in self._vocabulary.phrases.get(" ".join(sense.stems), ()):
                self._add(readings, further.stems, factor * _FACTORS[further.manner], further.wording)
        return tuple(readings.values())[:_MOST_READINGS]

    def _joined(self, one: str, other: str) -> bool:
        """Tell whether two words are one in the release: post herpetic."""
        joined = f"{one}{other}".lower()
        return len(joined) >= _COMPOUND and joined.isalpha() and bool(self._rarity(stem(joined)))

    def _add(
        self, readings: dict[tuple[str, ...], Reading], parts: tuple[str, ...], factor: float, wording: str
    ) -> None:
        """Add a wording of which the release has at least most words; what is there already stays."""
        weights = {part: weight for part in parts if (weight := self._rarity(part))}
        if factor >= _LEAST and weights and 2 * len(weights) > len(parts):
            known = tuple(weights)
            readings.setdefault(known, Reading(known, tuple(weights.values()), factor, wording))


def _emphasis(weights: Sequence[float]) -> float:
    """Return how much a phrase says: near its rarest word."""
    return sum(weight * weight for weight in weights) / sum(weights)


def _measures(text: str) -> tuple[tuple[Span, ...], str]:
    """Take sizes and counts out of a text; a bare number stays among its words as well."""
    text = numbered(text)
    found = list(measured(text))
    for span, start, end in reversed(found):
        if span.unit:
            text = f"{text[:start]} {text[end:]}"
    return tuple(span for span, _, _ in found), text


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Part a text into words, each with whether it is denied; "I & D" is one word."""
    parts = [_WRITTEN_OUT.get(part.lower(), part) for part in _TOKEN.findall(_GLUED.sub(r"\1&\2", text))]
    return [(word, denied) for word, denied in denials(parts) if len(word) <= LONGEST]
