"""How well an entry fits what is asked: how much of it the entry says, and how little it says beside."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from knowledge.search_asked import Asked, Reading, Word
from knowledge.search_measures import Span, spans
from knowledge.search_wording import Anatomy, anatomy, stem, stems

_SIDES = {"left": "left", "right": "right", "bilater": "bilateral"}
_SPARE = (
    (0.05, "of and or with to in for a by on as an the due from unspecified specified specify nos initial encounter"),
    (0.1, "site part organism cause type closed current condition disease disorder syndrome elsewhere classified"),
    (0.4, "other skin left right bilateral"),
    (1.5, "subsequent sequela delayed malunion nonunion"),
)
"""How much a word counts against an entry where nobody asked for it; 1 for all others."""
_SPARED = {stem(word): weight for weight, words in _SPARE for word in words.split()}

_ABOVE, _BODY = 0.85, 0.5
"""What a word is worth that stands at a category above, or in the running text, beside 1 for one in the title."""
_DENIED = 0.5
"""What it is worth that an entry denies what is denied, and what it costs where one of the two does not."""
_BESIDE = 0.2
"""How much it costs to say more than was asked, by the logarithm of how much that is."""
_OTHER_SIDE, _NO_SIDE = 0.4, 0.8
_FITS, _FITS_NOT = 1.3, 0.75
"""For a size or a count that lies within what an entry says, and for one that does not."""
_KINDS = {"page": 1.0, "modifier": 0.9, "code": 1.0, "family": 0.75, "rule": 0.65}
_PROCEDURE = {"page": 1.25, "family": 1.1}
_TOLD = 0.2
"""How much of a wording is found at least where it is told as a reason."""


class _Wording(NamedTuple):
    """A title or a term: its stems between blanks, those that it denies, and what it weighs beside the question."""

    said: str
    denied: str
    weight: float


class Plan(NamedTuple):
    """What the ranking knows of an entry, in a form that is quick to read: stems between blanks, in one text."""

    wordings: tuple[_Wording, ...]
    """The title first, then each term."""
    above: str
    body: str
    spans: str
    standing: float
    """1 for a page and a billable code, less for a category and for later encounters."""

    @classmethod
    def of(cls, title: str, terms: Iterable[str], above: Iterable[str], body: str, standing: float) -> "Plan":
        """Take an entry apart."""
        measured = " ".join(f"{one.unit}:{one.low:g}:{one.high:g}:{int(one.over)}" for one in spans(title))
        wordings = tuple(_wording(anatomy(text)) for text in (title, *terms))
        return cls(wordings, _blanked(stems(" ".join(above))), _blanked(stems(body)), measured, standing)

    def written(self) -> str:
        """Return what `read` reads."""
        wordings = (part for one in self.wordings for part in (one.said, one.denied, f"{one.weight:g}"))
        return "\n".join((f"{self.standing:g}", self.spans, self.above, self.body, *wordings))

    @classmethod
    def read(cls, text: str) -> "Plan":
        """Read what `written` wrote."""
        standing, measured, above, body, said, denied, weight, *more = text.split("\n")
        title = _Wording(said, denied, float(weight))
        if not more:
            return cls((title,), above, body, measured, float(standing))
        terms = map(_Wording, more[::3], more[1::3], map(float, more[2::3]))
        return cls((title, *terms), above, body, measured, float(standing))


class _Found(NamedTuple):
    """Of what is asked, the stems that an entry says, denies, and has from above and in its running text."""

    said: frozenset[str]
    denied: frozenset[str]
    above: frozenset[str]
    body: frozenset[str]


_NONE: frozenset[str] = frozenset()


class Ranker:
    """Scores entries against one question."""

    def __init__(self, asked: Asked) -> None:
        """Add up what the words of the question weigh."""
        self._asked = asked
        sides = {part for part, side in _SIDES.items() if side in asked.sides}
        self._stems = tuple((part, f" {part} ") for part in asked.stems | sides)
        self._whole = sum(word.weight for word in asked.words if not word.denied) or 1.0
        self._words = tuple((word, word.stems) for word in asked.words)
        self._covered: dict[_Found, float] = {}
        self._bests: dict[tuple[str, frozenset[str]], float] = {}
        self._kinds = {
            kind: factor * (_PROCEDURE.get(kind, 1.0) if asked.procedure else 1.0) for kind, factor in _KINDS.items()
        }

    def score(self, plan: Plan, kind: str) -> float:
        """Return from 0 to about 2 how well an entry fits."""
        found = self._find(plan)
        covered = self._covered.get(found)
        if covered is None:
            covered = self._covered[found] = self._cover(found)
        beside = min([self._beside(wording) for wording in plan.wordings])
        fit = covered / (1.0 + _BESIDE * math.log1p(beside)) * plan.standing * self._kinds[kind]
        if self._asked.sides:
            fit *= self._side(plan)
        return fit * self._measure(plan) if plan.spans and self._asked.spans else fit

    def _find(self, plan: Plan) -> _Found:
        wordings = plan.wordings
        said = wordings[0].said if len(wordings) == 1 else "".join([wording.said for wording in wordings])
        denied = wordings[0].denied
        return _Found(
            self._among(said),
            self._among(denied) if denied else _NONE,
            self._among(plan.above) if plan.above else _NONE,
            self._among(plan.body) if plan.body else _NONE,
        )

    def _among(self, text: str) -> frozenset[str]:
        return frozenset([part for part, blanked in self._stems if blanked in text])

    def _cover(self, found: _Found) -> float:
        """Return from 0 to 1 how much of what is asked these stems say; many entries have the same of them."""
        if not self._words:
            return 1.0
        return max(sum([word.weight * self._worth(word, own, found) for word, own in self._words]) / self._whole, 0.0)

    def _worth(self, word: Word, own: frozenset[str], found: _Found) -> float:
        """Return from 0 to 1 how well a word is found; below 0 where the entry says the contrary."""
        said = found.said & own
        if word.denied:
            if self._best(word, found.denied & own):
                return _DENIED
            return -_DENIED if self._best(word, said) else 0.0
        worth = self._best(word, said)
        if worth < 1.0 and found.above:
            worth = max(worth, _ABOVE * self._best(word, said | found.above & own))
        if worth < 1.0 and found.body:
            worth = max(worth, _BODY * self._best(word, found.body & own))
        return worth or -_DENIED * self._best(word, found.denied & own)

    def _best(self, word: Word, held: frozenset[str]) -> float:
        """Return from 0 to 1 how much of the best reading of a word these stems of it hold."""
        if not held:
            return 0.0
        best = self._bests.get((word.said, held))
        if best is None:
            best = self._bests[word.said, held] = max(share(reading, held) for reading in word.readings)
        return best

    def _beside(self, wording: _Wording) -> float:
        """Return how much a wording says that nobody asked for."""
        said = wording.said
        return wording.weight - sum([_SPARED.get(part, 1.0) for part, blanked in self._stems if blanked in said])

    def _side(self, plan: Plan) -> float:
        """Return the factor for the side that an entry names."""
        named = {side for part, side in _SIDES.items() if f" {part} " in plan.wordings[0].said}
        if named & self._asked.sides:
            return 1.0
        return _OTHER_SIDE if named else _NO_SIDE

    def _measure(self, plan: Plan) -> float:
        """Return the factor for sizes and counts that lie in what an entry says, or do not."""
        factor = 1.0
        for asked in self._asked.spans:
            same = [span for span in _spans(plan.spans) if span.measures(asked)]
            if same:
                factor *= _FITS if any(span.holds(asked.amount) for span in same) else _FITS_NOT
        return factor

    def why(self, plan: Plan, key: str) -> Iterator[str]:
        """Yield in short sentences why an entry was found."""
        if key in self._asked.codes:
            yield f"code {key} is named"
        else:
            yield from (f"below {one.said}, which is named" for one in self._asked.below if one.holds(key))
        yield from (f"in the range {one.said}" for one in self._asked.ranges if one.holds(key))
        held = frozenset().union(*self._find(plan)[::2], self._find(plan).body)
        plainly: list[str] = []
        for word in self._asked.words:
            found = [(share(reading, held), reading.wording) for reading in word.readings]
            worth, wording = max(found, key=lambda one: one[0])
            if word.denied or worth < _TOLD or word.said == key:
                continue
            if wording:
                yield f"{word.said} read as {wording}"
            else:
                plainly.append(word.said)
        if plainly:
            yield f"words found: {', '.join(plainly)}"
        yield from self._sizes(plan)

    def _sizes(self, plan: Plan) -> Iterator[str]:
        for asked in self._asked.spans:
            if any(span.measures(asked) and span.holds(asked.amount) for span in _spans(plan.spans)):
                yield f"{asked} fits"


def share(reading: Reading, held: frozenset[str]) -> float:
    """Return from 0 to 1 how much of a reading these stems hold; half of a phrase is worth less than half."""
    found = sum([weight for part, weight in zip(reading.stems, reading.weights, strict=True) if part in held])
    part = found / sum(reading.weights)
    return reading.factor * part * part if part < 1.0 else reading.factor


def _wording(taken: Anatomy) -> _Wording:
    weight = sum(_SPARED.get(part, 1.0) for part in taken.said)
    return _Wording(_blanked(taken.said), _blanked(taken.denied), weight)


def _blanked(parts: Iterable[str]) -> str:
    """Put each stem once between blanks, so that one can be sought with its ends."""
    joined = " ".join(sorted(set(parts)))
    return f" {joined} " if joined else ""


def _spans(text: str) -> Iterator[Span]:
    for one in text.split():
        unit, low, high, over = one.split(":")
        yield Span(unit, float(low), float(high), over == "1")
