"""All statements of a release that may answer a question for a rule, indexed by their words once for each release.

The weights are those of BM25F (Robertson and Zaragoza, 2009): a statement's own words count most, the name of its rule
and the title of its family less, so that a short statement is found by what its family is about.
"""

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from consultant.evidence.rule_words import terms, written
from consultant.evidence.ways_of_asking import Alternative, Way, Ways, parts_of
from knowledge.model import Citation, ModifierPage, Rule
from knowledge.release import Release

_NAME, _TITLE, _ASKED = 0.8, 0.4, 0.7
"""What a word of a rule's name, of its family's title and of how it is asked for count beside one of its text."""
_LENGTH, _SATURATION = 0.5, 0.6
"""How much a long statement counts less, and how soon a repeated word stops to count (b and k1)."""
_FEWEST = 0.5
"""What stands for the number of passages that have a word that none has."""
_ENOUGH = 4
"""How many words a way of asking needs not to be told by chance."""
_PLAIN_WORDS = 3.0
"""What a part of a way of asking counts that no passage has a word of, such as "how long" or a modifier's number."""
_COMMON_IN_FAMILY = 0.02
"""The share of a family's words from which on a word is what the family is about."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One statement that may stand in an answer word for word."""

    key: str
    family: str
    text: str
    citations: tuple[Citation, ...]
    topics: tuple[str, ...]
    codes: tuple[str, ...]
    modifiers: tuple[str, ...]
    of_page: bool = False
    """Whether it is a statement of a modifier's page rather than a rule."""
    asked: tuple[str, ...] = ()
    """How coders ask for it."""


class RuleIndex:
    """The passages of one release by their words; it never changes once made."""

    def __init__(self, release: Release) -> None:
        """Read every rule and every modifier's page."""
        titles = {family.id: family.title for family in release.families()}
        self.passages: tuple[Passage, ...] = (*map(_of_rule, release.rules()), *_of_pages(release.modifier_pages()))
        counted = [Counter(terms.__wrapped__(row.text)) for row in self.passages]
        average = sum(sum(row.values()) for row in counted) / max(1, len(counted))
        self._said = [
            _weighed(row, own, titles.get(row.family, ""), average)
            for row, own in zip(self.passages, counted, strict=True)
        ]
        self._places: dict[str, list[tuple[int, float]]] = {}
        for place, said in enumerate(self._said):
            for word, weight in said.items():
                self._places.setdefault(word, []).append((place, weight))
        total = len(self.passages)
        self._rarity = {word: math.log(1 + total / len(rows)) for word, rows in self._places.items()}
        self._unknown = math.log(1 + total / _FEWEST)
        self._by_family = _families(self.passages, counted, titles, release)
        self._family_rarity = _rarity(self._by_family.values())
        self._in_families: dict[str, list[tuple[str, float]]] = {}
        for family, held in self._by_family.items():
            for word, count in held.items():
                share = self._family_rarity[word] * count / (count + _COMMON_IN_FAMILY)
                self._in_families.setdefault(word, []).append((family, share))
        self._on_modifier: dict[str, tuple[int, ...]] = {}
        for place, row in enumerate(self.passages):
            for modifier in row.modifiers:
                self._on_modifier[modifier] = (*self._on_modifier.get(modifier, ()), place)
        self._ways = Ways(
            Way(place, parts, sum(weight for _, weight in parts) / min(1.0, len(parts) / needed))
            for place, row in enumerate(self.passages)
            for said in row.asked
            for parts, needed in self._way(said)
        )
        self._spoken = frozenset(term for text in {row.text for row in release.phrases()} for term in terms(text))

    def _way(self, said: str) -> Iterator[tuple[tuple[tuple[tuple[Alternative, ...], float], ...], int]]:
        """Yield the parts of a way of asking with what each counts, and how many there should be."""
        parts = parts_of(said)
        if parts and all(parts):
            yield tuple((part, max(map(self._weight, part))) for part in parts), 1 if " + " in said else _ENOUGH

    def called(self, letter: AbstractSet[str], text: str) -> dict[int, float]:
        """Return the passages of which a way of asking for them is told, by place, with the share that is told."""
        return self._ways.told(letter, written(text))

    def _weight(self, words: Alternative) -> float:
        """Return what a part of a way of asking counts, by its rarest word."""
        if isinstance(words, str):
            return max((self._rarity.get(word, 0.0) for word in terms(words)), default=_PLAIN_WORDS)
        return max(map(self.rarity, words))

    def on_modifier(self, modifier: str) -> tuple[int, ...]:
        """Return the places of the passages that speak of a modifier."""
        return self._on_modifier.get(modifier, ())

    def rarity(self, word: str) -> float:
        """Return how much a word says: the fewer passages have it the more; most where none has."""
        return self._rarity.get(word, self._unknown)

    def knows(self, word: str) -> bool:
        """Tell whether any passage or phrase of the release has this word."""
        return word in self._rarity or word in self._spoken

    def has(self, place: int, word: str) -> bool:
        """Tell whether a passage, the name of its rule or the title of its family has a word."""
        return word in self._said[place]

    def family_has(self, family: str, word: str) -> bool:
        """Tell whether a family's rules, title or pages have a word."""
        return word in self._by_family.get(family, {})

    def score(self, asked: Mapping[str, float]) -> dict[int, float]:
        """Return the passages that share words with what is asked, by place, with their weights."""
        found: defaultdict[int, float] = defaultdict(float)
        for word, weight in asked.items():
            rarity = weight * self._rarity.get(word, 0.0)
            for place, share in self._places.get(word, ()):
                found[place] += rarity * share
        return found

    def families(self, asked: Mapping[str, float]) -> dict[str, float]:
        """Return how well each family fits what is asked, from 0 to 1 for the best."""
        found = dict.fromkeys(self._by_family, 0.0)
        for word, weight in asked.items():
            for family, share in self._in_families.get(word, ()):
                found[family] += weight * share
        best = max(found.values(), default=0.0)
        return {family: value / best for family, value in found.items()} if best else {}


def _weighed(row: Passage, own: Counter[str], title: str, average: float) -> dict[str, float]:
    """Return what each word of a passage weighs in it, from 0 to 1."""
    length = 1 - _LENGTH + _LENGTH * sum(own.values()) / average
    weights = {word: count / length for word, count in own.items()}
    for word in terms(row.key.replace("-", " ")):
        weights[word] = weights.get(word, 0.0) + _NAME
    for word in set(terms(title)):
        weights[word] = weights.get(word, 0.0) + _TITLE
    for word in {word for said in row.asked if " + " not in said for word in terms(said)}:
        weights[word] = weights.get(word, 0.0) + _ASKED
    # Rounded, so that the many equal weights are one number in memory.
    return {sys.intern(word): _shared(weight / (_SATURATION + weight)) for word, weight in weights.items()}


@cache
def _shared(weight: float) -> float:
    return round(weight, 3)


_KEPT: WeakKeyDictionary[Release, RuleIndex] = WeakKeyDictionary()


def index_of(release: Release) -> RuleIndex:
    """Return the index of a release, made at the first question and shared from then on, as a release never changes."""
    kept = _KEPT.get(release)
    if kept is None:
        kept = _KEPT[release] = RuleIndex(release)
    return kept


def _of_rule(row: Rule) -> Passage:
    return Passage(row.id, row.family, row.text, row.citations, row.topics, row.codes, row.modifiers, asked=row.asked)


def _of_pages(pages: Iterable[ModifierPage]) -> Iterator[Passage]:
    """Yield what the page of each modifier says of it, led by the modifier as in a draft."""
    for page in pages:
        for part in ("purpose", "goes_on", "not_on", "decided_by"):
            for number, said in enumerate(getattr(page, part)):
                yield Passage(
                    f"modifier.{page.code}.{part}.{number}",
                    page.family,
                    f"{page.code}: {said.text}",
                    said.citations,
                    ("modifier",),
                    (),
                    (page.code,),
                    of_page=True,
                )


def _families(
    passages: Sequence[Passage], counted: Sequence[Counter[str]], titles: Mapping[str, str], release: Release
) -> dict[str, dict[str, float]]:
    """Return the words of each family with their shares of all its words; its title and its codes' titles lead."""
    whole: dict[str, Counter[str]] = {family: Counter() for family in titles}
    for row, own in zip(passages, counted, strict=True):
        if not row.of_page:
            whole[row.family].update(own)
    for family, title in titles.items():
        for word in terms(title):
            whole[family][word] += max(3, sum(whole[family].values()) // 40)
    for page in release.pages():
        if page.family in whole:
            whole[page.family].update(set(terms(page.title)))
    return {
        family: {word: count / sum(row.values()) for word, count in row.items()} for family, row in whole.items() if row
    }


def _rarity(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    held = list(rows)
    counts = Counter(word for row in held for word in row)
    return {word: math.log(1 + len(held) / count) - math.log(2) for word, count in counts.items()}
