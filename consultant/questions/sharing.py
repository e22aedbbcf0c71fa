"""Give what a sentence tells to the subject that its part speaks of, and what fits none of them to all."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences

_SEGMENT: Final = re.compile(r"[,;]|[ \t][+&][ \t]|\band\b|\bplus\b", re.IGNORECASE)


def joined(alike: list[Subject], sentences: Sentences, facts: list[Fact]) -> Iterator[Subject]:
    """Give each fact to the subject that its part of the sentence speaks of, and what fits none to all of them."""
    given: dict[int, list[Fact]] = {}
    # What is said of a single subject is all its own: a second value is one that would be ignored otherwise.
    shared: list[Fact] = facts if len(alike) == 1 else []
    for fact in facts if len(alike) > 1 else ():
        part = _segment(sentences, fact.span.start)
        # What a reader has told of one subject by the same words is that one's: "2 tags snipped + shave of a mole".
        own = [place for place, subject in enumerate(alike) if _has(subject, fact)] or [
            place
            for place, subject in enumerate(alike)
            if any(part.start <= row.span.start < part.end for row in subject.facts)
        ]
        if len(own) == 1 or (own and len(own) < len(alike)):
            for place in own:
                given.setdefault(place, []).append(fact)
        else:
            shared.append(fact)
    for place, subject in enumerate(alike):
        have = {fact.name for fact in subject.facts}
        more = [
            fact
            for fact in once([*given.get(place, ()), *_after(given.get(place, ()), shared)])
            if fact.name not in have
        ]
        yield Subject(subject.kind, (*subject.facts, *more)) if more else subject


def _has(subject: Subject, fact: Fact) -> bool:
    """Tell whether a subject has a fact by the same words; the kind of a lesion by any words."""
    return any(
        (row.name, row.value) == (fact.name, fact.value)
        and (fact.name == "lesion_kind" or row.span.start == fact.span.start)
        for row in subject.facts
    )


def _after(own: Iterable[Fact], shared: Iterable[Fact]) -> list[Fact]:
    """Return the shared facts that a subject has not of its own."""
    names = {fact.name for fact in own}
    return [fact for fact in shared if fact.name not in names]


def _segment(sentences: Sentences, position: int) -> Span:
    """Return the part of the sentence around a place, from one comma or "and" to the next."""
    sentence = sentences.around(position)
    bounds = [match.start() for match in _SEGMENT.finditer(sentences.text, sentence.start, sentence.end)]
    start = max((bound for bound in bounds if bound <= position), default=sentence.start)
    end = min((bound for bound in bounds if bound > position), default=sentence.end)
    return Span(start, end)


def once(facts: Iterable[Fact]) -> list[Fact]:
    """Keep the first of each value of a fact, a certain one before a doubtful one."""
    ordered = sorted(facts, key=lambda fact: (not fact.certain, fact.span.start))
    return list({(fact.name, fact.value): fact for fact in reversed(ordered)}.values())[::-1]
