"""Read facts by the phrases that families list for them (`cues`): how coders write a kind of visit, a level, a method.

The phrases come from the knowledge base, so that a curator teaches the reader a new family without touching Python.
What only looks like one, because it is denied, past or planned, is no fact of the encounter.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from consultant.questions.model import Fact, Span, Subject, Topic, TopicFound
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.phrases import Cues
from knowledge.model import Phrase

_MINUTES: Final = re.compile(
    r"(?<![\w.-])(?P<n>\d{1,3})(?:[ \t-]{0,2}(?:to|-|–)[ \t-]{0,2}\d{1,3})?[ \t-]{0,2}min(?:ute|s)?s?\b", re.I
)
_DEEDS: Final = frozenset({"technique", "closure_method"})
_CODES_OF_DIAGNOSES: Final = re.compile(
    r"\b(?:icd(?:[- ]?10)?(?:[- ]?cm)?|dx|diagnos[ei]s cod\w+|diagnos[ei]s)\b", re.IGNORECASE
)


_SEGMENT: Final = re.compile(r"[,;]|\band\b|\bplus\b", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"(?<![\w.#/-])(?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
    r"[ \t]+(?:[a-z-]+[ \t]+){0,2}$",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"[ \t]{0,2}(?:\([ \t]?)?x[ \t]?(?P<n>\d{1,3})\b", re.IGNORECASE)
_NAMES: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS: Final = {**{word: number for number, word in enumerate(_NAMES, 1)}, "fifteen": 15, "twenty": 20}
_NOT_COUNTED: Final = re.compile(
    r"\b(?:cm|mm|sq|inch|minute|min|year|yo|day|percent|stage|grade|level)\w*\b|%", re.IGNORECASE
)

_Told = tuple[Phrase, Fact]


def read(
    text: str, sentences: Sentences, cues: Cues, subjects: tuple[Subject, ...], topics: tuple[TopicFound, ...]
) -> tuple[Subject, ...]:
    """Return the subjects with the facts that phrases say of them, and subjects that phrases alone tell of."""
    told: dict[str, list[_Told]] = {}
    for phrase, span in cues.find(text):
        meant = status(sentences, span.start, span.end, act=phrase.fact in _DEEDS)
        if meant in (Status.AFFIRMED, Status.UNCERTAIN):
            rows = told.setdefault(phrase.subject, [])
            rows.append((phrase, Fact(phrase.fact, phrase.value, span, meant is Status.AFFIRMED)))
            rows += [(phrase, fact) for fact in _counted(text, sentences, phrase, span)]
    found: list[Subject] = []
    for kind in dict.fromkeys(subject.kind for subject in subjects):
        alike = [subject for subject in subjects if subject.kind == kind]
        found += _joined(alike, sentences, [fact for _, fact in told.get(kind, ())])
    found.sort(key=lambda row: [subject.kind for subject in subjects].index(row.kind))
    kinds = {subject.kind for subject in subjects}
    selecting = any(row.topic in (Topic.CODE_SELECTION, Topic.CROSSWALK, Topic.OTHER) for row in topics)
    for kind in ("encounter", "procedure", "drug", "diagnosis"):
        rows = told.get(kind, [])
        if kind == "encounter":
            found += _encounter(text, rows, alone=not kinds)
        elif selecting and not kinds and (kind != "diagnosis" or _CODES_OF_DIAGNOSES.search(text)):
            found += _by_entry(kind, rows)
    return tuple(found)


def _counted(text: str, sentences: Sentences, phrase: Phrase, span: Span) -> Iterator[Fact]:
    """Yield how many of a thing there are: "17 actinic keratoses", "avulsion of nail x2"."""
    if phrase.counts is None:
        return
    start = max(sentences.around(span.start).start, span.start - 32)
    before = _NUMBER.search(text, start, span.start)
    behind = _TIMES.match(text, span.end)
    match = before if before and not _NOT_COUNTED.search(before[0]) else behind
    if match:
        count = _WORDS.get(match["n"].lower()) or int(match["n"])
        yield Fact(phrase.counts, count, Span(*match.span("n")))


def _joined(alike: list[Subject], sentences: Sentences, facts: list[Fact]) -> Iterator[Subject]:
    """Give each fact to the subject that its part of the sentence speaks of, and what fits none to all of them."""
    given: dict[int, list[Fact]] = {}
    shared: list[Fact] = []
    for fact in facts:
        part = _segment(sentences, fact.span.start)
        own = [
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
            for fact in _once([*given.get(place, ()), *_after(given.get(place, ()), shared)])
            if fact.name not in have
        ]
        yield Subject(subject.kind, (*subject.facts, *more)) if more else subject


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


def _encounter(text: str, rows: list[_Told], *, alone: bool) -> Iterator[Subject]:
    """Yield the visit that a letter tells of: a kind of visit that is named, with its time and its elements."""
    if not any(phrase.entry for phrase, _ in rows):
        return
    facts = [fact for _, fact in rows]
    facts += [Fact("total_minutes", int(match["n"]), Span(*match.span())) for match in _MINUTES.finditer(text)][:1]
    measured = {fact.name for fact in facts} - {phrase.fact for phrase, _ in rows if phrase.entry}
    if alone or measured:
        yield Subject("encounter", tuple(_once(facts)))


def _by_entry(kind: str, rows: list[_Told]) -> Iterator[Subject]:
    """Yield one subject for each thing that is named and leads into a family, with all other facts of phrases."""
    named = {fact.value: fact for phrase, fact in reversed(rows) if phrase.entry and fact.name == phrase.fact}
    others = [fact for phrase, fact in rows if not phrase.entry or fact.name != phrase.fact]
    for fact in sorted(named.values(), key=lambda row: row.span.start):
        yield Subject(kind, (fact, *_once(others)))


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """Keep the first of each fact, a certain one before a doubtful one."""
    ordered = sorted(facts, key=lambda fact: (not fact.certain, fact.span.start))
    return list({fact.name: fact for fact in reversed(ordered)}.values())[::-1]
