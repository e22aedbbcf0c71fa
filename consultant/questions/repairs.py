"""Read repairs of wounds that no lesion was excised from: lacerations by site, class and length."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from consultant.questions import findings, sites
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure, Role
from consultant.questions.vocabulary import Vocabulary

_CUE: Final = re.compile(
    (
        r"\b(?:lac(?:eration|s)?s?|cuts?|dog bites?|wound repairs?|repair(?:ed)? (?:of )?(?:an? "
        r"|the )?(?:\w+ ){0,2}(?:lac\w*|wounds?))\b"
    ),
    re.IGNORECASE,
)
_PART: Final = re.compile(r"[,;]|\b(?:and|plus)\b", re.IGNORECASE)
_HEADING: Final = re.compile(r"[^.;,\n]{0,40}:(?=\s)")
_OF_ALL: Final = re.compile(r"\b(?:all|both|each|every)\b[^.;]{0,40}$", re.IGNORECASE)


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return one repair for each length of a laceration or one without a length, and the names of facts in conflict.

    Of several repairs each takes the site and the class of its own part of the sentence; where the letter does not
    tell whose they are, they are left to be asked for.
    """
    if not _CUE.search(text):
        return (), ()
    lengths = [m for m in measures if m.form != "area" and m.role in (Role.CLOSURE, Role.UNSAID, Role.LESION)]
    places = list(sites.find(text, vocabulary))
    classes = [mention.fact for mention in findings.find(findings.CLOSURE, text, sentences)]
    if len(lengths) < 2:
        length = lengths[0] if lengths else None
        anchor = length.start if length else 0
        behind = [site for site in places if site.start >= anchor]
        place = behind[0] if behind else min(places, key=lambda site: abs(site.start - anchor), default=None)
        nearest = sorted(classes, key=lambda fact: abs(fact.span.start - anchor))
        each = tuple({fact.value: fact for fact in reversed(nearest)}.values())[::-1]
        facts = (*_length(length), *_site(place), *each)
        torn = ("closure_class",) if len([fact for fact in each if fact.certain]) > 1 else ()
        return ((Subject("repair", facts),), torn) if facts else ((), ())
    parts = [_part(text, sentences, lengths, index) for index in range(len(lengths))]
    shared = _shared(text, classes, parts)
    repairs = []
    for length, part in zip(lengths, parts, strict=True):
        own = [fact for fact in classes if part.start <= fact.span.start < part.end]
        own = [fact for fact in own if fact not in shared]
        named = own if len({fact.value for fact in own}) == 1 else []
        place = _place(sentences, places, lengths, length, part)
        repairs.append(Subject("repair", (*_length(length), *_site(place), *(named or ([] if own else shared))[:1])))
    return tuple(repairs), ()


def _length(length: Measure | None) -> list[Fact]:
    if length is None:
        return []
    return [Fact("closure_length_cm", length.greatest, Span(length.start, length.end), length.certain)]


def _site(place: Site | None) -> list[Fact]:
    if place is None:
        return []
    span = Span(place.start, place.end)
    facts = [Fact("site", place.word, span)]
    if place.group:
        facts.append(Fact("site_group", place.group, span))
    if place.side:
        facts.append(Fact("laterality", place.side, Span(place.side_start, place.side_end)))
    return facts


def _place(
    sentences: Sentences, places: Sequence[Site], lengths: Sequence[Measure], length: Measure, part: Span
) -> Site | None:
    """Return the site of one of several repairs: of its part of the sentence, or the only one that can be meant."""
    own = [site for site in places if part.start <= site.start < part.end]
    if own:
        return own[0] if len({site.word for site in own}) == 1 else None
    if len({site.word for site in places}) == 1:
        return places[0]
    sentence = sentences.around(length.start)
    alone = [site for site in places if sentence.start <= site.start < sentence.end]
    beside = [row for row in lengths if sentence.start <= row.start < sentence.end]
    return alone[0] if len(beside) == 1 and len({site.word for site in alone}) == 1 else None


def _shared(text: str, classes: Sequence[Fact], parts: Sequence[Span]) -> list[Fact]:
    """Return the class that is told of all repairs: in so many words, or the only one and in no part with a length."""
    # "Two complex repairs: arm 4 cm, leg 5 cm": what stands before a colon is said of all as well.
    first = parts[0].end
    of_all = [
        fact
        for fact in classes
        if _OF_ALL.search(text, max(0, fact.span.start - 48), fact.span.start)
        or _HEADING.match(text, fact.span.end, max(first, fact.span.end))
    ]
    if of_all or len({fact.value for fact in classes}) != 1:
        return of_all if len({fact.value for fact in of_all}) == 1 else []
    starts = [part.start for part in parts]
    for fact in classes:
        place = bisect_right(starts, fact.span.start) - 1
        if place >= 0 and fact.span.start < parts[place].end:
            return []
    return list(classes)


def _part(text: str, sentences: Sentences, lengths: Sequence[Measure], index: int) -> Span:
    """Return the part of the sentence that one length stands in, up to its neighbours and their commas."""
    sentence, length = sentences.around(lengths[index].start), lengths[index]
    start, end = sentence.start, sentence.end
    if index and lengths[index - 1].end > start:
        cuts = [match.end() for match in _PART.finditer(text, lengths[index - 1].end, length.start)]
        start = cuts[-1] if cuts else lengths[index - 1].end
    if index + 1 < len(lengths) and lengths[index + 1].start < end:
        cuts = [match.start() for match in _PART.finditer(text, length.end, lengths[index + 1].start)]
        end = cuts[-1] if cuts else lengths[index + 1].start
    return Span(start, end)
