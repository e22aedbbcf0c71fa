"""Read repairs of wounds that no lesion was excised from: lacerations by site, class and length."""

import re
from typing import Final

from consultant.questions import findings, sites
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.sizes import Measure, Role
from consultant.questions.vocabulary import Vocabulary

_CUE: Final = re.compile(
    (
        r"\b(?:lac(?:eration|s)?s?|cuts?|dog bites?|wound repairs?|repair(?:ed)? (?:of )?(?:an? "
        r"|the )?(?:\w+ ){0,2}(?:lac\w*|wounds?))\b"
    ),
    re.IGNORECASE,
)


def read(text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]) -> tuple[Subject, ...]:
    """Return one repair for each length of a laceration, or one for a laceration without a length."""
    if not _CUE.search(text):
        return ()
    lengths = [m for m in measures if m.form != "area" and m.role in (Role.CLOSURE, Role.UNSAID, Role.LESION)]
    places = list(sites.find(text, vocabulary))
    classes = [mention.fact for mention in findings.find(findings.CLOSURE, text, sentences)]
    repairs = []
    for index in range(max(1, len(lengths))):
        length = lengths[index] if lengths else None
        facts: list[Fact] = []
        if length:
            facts.append(Fact("closure_length_cm", length.greatest, Span(length.start, length.end), length.certain))
        anchor = length.start if length else 0
        following = lengths[index + 1].start if index + 1 < len(lengths) else len(text)
        # A wound is told by its length and then its place; only where none follows is the nearest one meant.
        behind = [site for site in places if anchor <= site.start < following]
        place = behind[0] if behind else min(places, key=lambda site: abs(site.start - anchor), default=None)
        if place:
            span = Span(place.start, place.end)
            facts.append(Fact("site", place.word, span))
            if place.group:
                facts.append(Fact("site_group", place.group, span))
            if place.side:
                facts.append(Fact("laterality", place.side, Span(place.side_start, place.side_end)))
        facts += sorted(classes, key=lambda fact: abs(fact.span.start - anchor))[:1]
        repairs.append(Subject("repair", tuple(facts)))
    return tuple(subject for subject in repairs if subject.facts)
