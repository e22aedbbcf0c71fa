"""Finds the statements of the release that answer one question of a letter, and says how sure each of them does.

Words rank; codes and modifiers that both name, and the family that the whole letter is about, raise or lower a rank.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import exp
from typing import Final

from consultant.evidence.asked import Aspect
from consultant.evidence.asking import Asked
from consultant.evidence.beyond import named_in
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.rule_index import Passage, RuleIndex, index_of
from consultant.evidence.rule_words import senses, terms
from consultant.questions import hearsay
from consultant.questions.passages import Sentences
from knowledge.official_model import Mue

_RANKED = 12
_MOST_WORDS = 60
"""How many words of a letter are looked for, the most telling; an operative note has hundreds."""
_LOOKED_AT = 150
"""How many statements are ranked by more than their words."""

# What follows was set by the ranks of the rules that answer the letters of tests/unit/evidence/rule_letters.yaml.
_FAMILY = 0.5
"""The share of a rank that hangs on whether the letter is about the statement's family."""
_IN_PLAY = 1.5
_COVERED = 0.5
"""The share that hangs on how much of the question itself a statement holds."""
_WANTED = 0.2
_OF_PAGE = 0.8
_ON_MODIFIERS = 1.5
_BEYOND = 0.55
"""How much less sure a statement answers a question about a subject that no family is about."""
CALLED: Final = 0.75
"""The share of a way of asking from which on the letter tells the situation that calls for a statement."""
_CALLED, _CALLED_SURE, _HALF_CALLED = 8.0, 8.0, 0.6
"""What a way of asking that is wholly told adds to a rank, and to how sure it is from the third figure on."""
_SENSE = 0.5
"""What a wording counts that a word may stand for, beside the word itself."""
_MODIFIER, _ONLY_MODIFIER, _CODE_NAMED = 4.0, 1.5, 1.5
_OTHER_CODE, _OTHER_MODIFIER = 0.6, 0.7
_OF_DAYS = re.compile(r"\b(?:000|010|090)\b")
_MUE_INDICATOR = re.compile(r"\b[Ii]ndicator (\d)")
_OTHER_YEAR = 0.6
_YEARS = re.compile(
    r"(?P<word>In|Until|Through|Before|From|Since)\b"
    r"(?: \d{4} and| the end of| (?:January|July|October)(?: 1,)?)? ?(?P<year>20\d\d)\b"
)
_LETTERS = re.compile(r"[a-z]{4,20}")
_FOCUSED = 6
"""A statement that names more codes than this is a list, and speaks of each of them less."""
GENERAL: Final = frozenset(
    {
        "modifiers_cpt",
        "modifiers_hcpcs",
        "ncci_policy",
        "global_surgery",
        "surgical_payment_rules",
        "add_on_codes_and_mue",
    }
)
"""Families that speak of every code."""
_OF_MODIFIERS: Final = frozenset({"modifiers_cpt", "modifiers_hcpcs", "ncci_policy"})
_CODE = re.compile(r"\b(?:\d{5}|[A-V]\d{4})\b")

# What a question wants -> the topic of the rules that give it.
_WANTS: Final = {
    topic: re.compile(pattern, re.IGNORECASE)
    for topic, pattern in {
        "ncci_edit": r"\b(?:separate|include|bundl|both|together|column|edit|ncci|ptp|besides?|in addition|on top"
        r"|same (?:day|session|visit)|mue|units?)",
        "modifier": r"\bmodif|\bmods?\b|\bappend",
        "documentation": r"\bdocument|\bnote\b|\brecord\b|\bchart\b|\bop (?:note|report)",
        "medicare_coverage": r"\bcover|\bmedicare (?:pay|allow)|\bpa(?:y|id)\b|\bdeni|\bnecess|\babn\b|\blcd\b"
        r"|how often",
        "compliance": r"\baudit|\bcomplian|\bfraud|\brefund|\boverpa",
        "code_selection": r"\b(?:which|what) code|\bhow many\b|how (?:do|is|are|would)\b.*\b(?:bill|code|report|count)",
    }.items()
}


_SIGNS: Final = {
    "rank": 2.32,
    "question's words in the statement": 1.8,
    "question's words in the family": 1.09,
    "letter's words in the family": 1.76,
    "question's words that the release has nowhere": -0.57,
    "share of the best five that are of the family": 1.72,
    "how many of the question's words": 1.25,
    "a modifier in common": 0.63,
}
_BASE: Final = -5.91


@dataclass(frozen=True, slots=True)
class Found:
    """A statement with its rank and how sure it answers, from 0 to 1."""

    passage: Passage
    weight: float
    sure: float
    held: frozenset[str]
    """The words of the question that it holds."""
    wanted: bool
    """Whether the question asks for a modifier."""
    called: float = 0.0
    """The share of a way of asking for it, written by a curator, that the letter tells."""


def search(inquiry: Inquiry, asked: Asked, modifiers: frozenset[str]) -> tuple[Found, ...]:
    """Return the statements that fit a question best, the best first."""
    index = index_of(inquiry.release)
    asked = _meant(inquiry, index, asked)
    known = set(inquiry.families)
    priors = {
        family: (1 - _FAMILY + _FAMILY * fits) * (_IN_PLAY if family in known else 1.0)
        for family, fits in index.families(asked.words).items()
    }
    first = [
        (weight * priors.get(index.passages[place].family, 1 - _FAMILY), place)
        for place, weight in index.score(asked.words).items()
    ]
    first.sort(reverse=True)
    wanted = {topic for topic, pattern in _WANTS.items() if pattern.search(asked.text)}
    own = [(word, index.rarity(word)) for word in asked.own]
    whole = sum(rarity for _, rarity in own) or 1.0
    called = index.called({*asked.words, *_told(inquiry, index)}, _heard(inquiry.question.text))
    near = first[:_LOOKED_AT]
    near += [row for row in first[_LOOKED_AT:] if row[1] in called]
    ranked = []
    for weight, place in near:
        row = index.passages[place]
        held = sum(rarity for word, rarity in own if index.has(place, word)) / whole
        fitting = weight * (1 - _COVERED + _COVERED * held) * (1 + _WANTED * bool(wanted & set(row.topics[:2])))
        fitting += _CALLED * called.get(place, 0.0) ** 2
        ranked.append((_named(inquiry, modifiers, row, fitting), place))
    ranked += [
        (_named(inquiry, modifiers, index.passages[place], 0.0), place)
        for place in _of_modifiers(index, modifiers, ranked)
    ]
    ranked = [(weight, place) for weight, place in ranked if not _contradicted(inquiry, index.passages[place])]
    ranked.sort(reverse=True)
    of_code = not (known or modifiers or Aspect.MODIFIER in inquiry.aspects)
    beyond = of_code and named_in(inquiry.question, f"{asked.told} {asked.text}")
    strange = _BEYOND if beyond else 1.0
    return _judged(index, asked, modifiers, ranked[:_RANKED], strange, called)


def _meant(inquiry: Inquiry, index: RuleIndex, asked: Asked) -> Asked:
    """Add what the words of the question stand for; a word that the release has nowhere gives way to it."""
    words, own = dict(asked.words), set(asked.own)
    for typed in _LETTERS.findall(asked.text.lower()):
        for word in terms(typed):
            correct = inquiry.release.corrected(typed) if word in own and not index.knows(word) else None
            if correct:
                own.discard(word)
                own |= set(terms(correct))
                words |= dict.fromkeys(terms(correct), words.pop(word, 1.0))
    for word, meant in senses(inquiry.question.text, inquiry.release.vocabulary).items():
        if word not in words:
            continue
        unknown = not index.knows(word)
        for row in meant:
            words[row] = max(words.get(row, 0.0), words[word] * (1.0 if unknown else _SENSE))
        if unknown and word in own:
            own = own - {word} | set(meant)
    if len(words) > _MOST_WORDS:
        telling = sorted(words, key=lambda word: -words[word] * index.rarity(word))[:_MOST_WORDS]
        words, own = {word: words[word] for word in telling}, own.intersection(telling)
    return replace(asked, words=words, own=frozenset(own))


def _told(inquiry: Inquiry, index: RuleIndex) -> Iterator[str]:
    """Yield the words of the letter; of one that the release has nowhere also what was meant by it."""
    text = _heard(inquiry.question.text)
    yield from terms(text)
    for typed in dict.fromkeys(_LETTERS.findall(text.lower())):
        if any(not index.knows(word) for word in terms(typed)) and (correct := inquiry.release.corrected(typed)):
            yield from terms(correct)


@lru_cache(maxsize=8)
def _heard(text: str) -> str:
    """Return a letter without what colleagues think and other payers did, which tell no situation of this case."""
    return hearsay.without(text, Sentences(text))


def _of_modifiers(index: RuleIndex, modifiers: frozenset[str], ranked: list[tuple[float, int]]) -> list[int]:
    """Return the places of statements on the modifiers that are asked about and that no word found."""
    seen = {place for _, place in ranked}
    places = {place for modifier in modifiers for place in index.on_modifier(modifier)}
    return sorted(places - seen)


def _named(inquiry: Inquiry, modifiers: frozenset[str], row: Passage, weight: float) -> float:
    """Raise the rank of a statement that names what the letter names; lower one that speaks of something else."""
    mine = modifiers.intersection(row.modifiers)
    if mine:
        weight += _MODIFIER * len(mine) / len(modifiers) + _ONLY_MODIFIER * len(mine) / len(row.modifiers)
    elif modifiers and row.modifiers:
        weight *= _OTHER_MODIFIER
    if modifiers and not inquiry.asked and row.family in _OF_MODIFIERS:
        weight *= _ON_MODIFIERS
    asked, said = set(inquiry.asked), _codes_in(row.text)
    both = asked & said
    if both:
        weight += _CODE_NAMED * len(both) / len(asked) * min(1.0, _FOCUSED / len(said))
    elif asked and row.codes and not asked & set(row.codes):
        weight *= _OTHER_CODE
    return weight * (_OF_PAGE if row.of_page else 1.0) * (_OTHER_YEAR if _of_other_years(row.text, inquiry.on) else 1.0)


@lru_cache(maxsize=8192)
def _codes_in(text: str) -> frozenset[str]:
    return frozenset(_CODE.findall(text))


def _contradicted(inquiry: Inquiry, row: Passage) -> bool:
    """Tell whether a statement on one MUE adjudication indicator, or on global days, meets a code that has others."""
    if row.family == "global_surgery" and not row.of_page and _other_days(inquiry, row.text):
        return True
    said = _MUE_INDICATOR.search(row.text) if row.family == "add_on_codes_and_mue" else None
    if said is None or not inquiry.asked:
        return False
    held = [inquiry.release.mue(code, inquiry.on, inquiry.setting, nearest=True) for code in inquiry.asked]
    return bool(held) and all(isinstance(mue, Mue) and mue.indicator != said[1] for mue in held)


def _other_days(inquiry: Inquiry, text: str) -> bool:
    """Tell whether a statement speaks of global days that no operation of the letter has."""
    said = set(_OF_DAYS.findall(text))
    held = {fee.global_days for _, fee in inquiry.fees if _OF_DAYS.fullmatch(fee.global_days)}
    return bool(said and held) and not said & held


def _of_other_years(text: str, on: date) -> bool:
    """Tell whether a statement begins with years that the date of service does not lie in."""
    match = _YEARS.match(text)
    if match is None:
        return False
    year = int(match["year"])
    if match["word"].lower() in ("from", "since"):
        return on.year < year
    return on.year >= year if match["word"].lower() == "before" else on.year > year


def _judged(
    index: RuleIndex,
    asked: Asked,
    modifiers: frozenset[str],
    ranked: list[tuple[float, int]],
    strange: float,
    called: Mapping[int, float],
) -> tuple[Found, ...]:
    """Say of each statement how sure it answers."""
    own = {word: index.rarity(word) for word in asked.own}
    every = {word: weight * index.rarity(word) for word, weight in asked.words.items()}
    unknown = _share(own, frozenset(word for word in own if not index.knows(word)))
    top = ranked[:5]
    total = sum(weight for weight, _ in top) or 1.0
    wanted = bool(_WANTS["modifier"].search(asked.text)) or any(row in asked.text for row in modifiers)
    found = []
    for weight, place in ranked:
        row = index.passages[place]
        held = frozenset(word for word in own if index.has(place, word))
        near = sum(other for other, at in top if index.passages[at].family == row.family) / total
        known = frozenset(word for word in every if index.family_has(row.family, word))
        signs = (
            weight / 10,
            _share(own, held),
            _share(own, known),
            _share(every, known),
            unknown,
            near,
            min(len(held), 6) / 6,
            float(bool(modifiers.intersection(row.modifiers))),
        )
        told = called.get(place, 0.0)
        more = _CALLED_SURE * max(0.0, told - _HALF_CALLED)
        less = 1.0 if told >= CALLED else strange
        found.append(Found(row, weight, less * _sure(signs, more), held, wanted, told))
    return tuple(found)


def _share(weights: Mapping[str, float], held: frozenset[str]) -> float:
    """Return the share of the weights that these words have."""
    whole = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in held) / whole if whole else 0.0


def _sure(signs: Sequence[float], more: float) -> float:
    """Join the signs to one figure, by a logistic regression on the letters of rule_letters.yaml and outside ones."""
    return 1 / (
        1 + exp(-_BASE - more - sum(weight * sign for weight, sign in zip(_SIGNS.values(), signs, strict=True)))
    )
