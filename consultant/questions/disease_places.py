"""The places of diseases: which of several a letter means, how far they stand apart, and on which side they are."""

import re
from itertools import pairwise
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.sites import Site

_PART_OF: Final = re.compile(
    r"(?:[ \t]+(?:side|aspect|surface|part|pad|tip|base))?[ \t]*(?:of|on|,)?[ \t]*(?:the|his|her)?[ \t]*"
    r"(?:right|left|rt|lt|r|l)?\.?[ \t]*$",
    re.IGNORECASE,
)
GENERAL: Final = frozenset(
    ("leg", "arm", "foot", "feet", "hand", "head", "face", "facial", "back", "trunk", "toe", "finger", "ear")
) | frozenset(("abdomen", "eyelid", "lip", "belly", "skin", "scalp", "palmar", "plantar", "lower leg"))
WITHIN: Final = frozenset(("muscle", "kidney", "bone", "tendon", "skin", "nail", "nail bed"))
"""Places of an operation that say nothing of where on the body a disease is."""
_BETWEEN: Final = re.compile(r"[,;]|\band\b|\bplus\b", re.IGNORECASE)


def specific(text: str, near: list[Site]) -> list[Site]:
    """Read "palmar side of the right index finger" as the finger: a part is of what it is named with."""
    kept = list(near)
    for one, other in pairwise(near):
        if one.word in GENERAL and _PART_OF.fullmatch(text, one.end, other.start):
            kept.remove(one)
    return kept


def listed(text: str, near: list[Site]) -> bool:
    """Tell whether a list names several places: each is parted from the next."""
    return all(_BETWEEN.search(text, one.end, other.start) for one, other in pairwise(near))


def nearer(one: Site | None, other: Site | None) -> Site | None:
    """Return the place that says more: "great toe" rather than "foot"."""
    if one is None or other is None:
        return one or other
    return other if one.word in GENERAL and other.word not in GENERAL else one


def one_place(one: Site, other: Site) -> bool:
    """Tell whether two places may be one: named alike, and not told to be on two sides."""
    return one.word == other.word and (one.side == other.side or not (one.side and other.side))


def side_fact(site: Site) -> Fact | None:
    """Return the side of a place as a fact."""
    return Fact("laterality", site.side, Span(site.side_start, site.side_end)) if site.side else None


def span_of(site: Site) -> Span:
    """Return where a place is named."""
    return Span(site.start, site.end)


def reach(named: Span, place: Span) -> int:
    """Return how far a place stands from what is found there: "carcinoma of the cheek" rather than before it."""
    return gap(named, place) * (1 if place.start >= named.start else 3)


def gap(one: Span, other: Span) -> int:
    """Return how many characters lie between two places, none where they overlap."""
    return max(0, other.start - one.end, one.start - other.end)
