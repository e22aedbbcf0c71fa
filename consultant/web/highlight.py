"""Show in a letter's own words what was read from it: facts, codes, and places that try to instruct the reader."""

from collections.abc import Iterator
from dataclasses import dataclass

from consultant.questions.model import Fact, Question, Span
from consultant.web.presenting import fact_words, value_words


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text, and what was found in it."""

    text: str
    kind: str = ""
    """fact, code or instruction; empty for plain text."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the question's text with what it means."""

    span: Span
    kind: str
    note: str


def marks(question: Question) -> tuple[Mark, ...]:
    """Return every place that something was read from, in the order of the text, without overlaps.

    Of two that overlap the earlier one stays, and of two that begin alike the longer one: an instruction in a
    letter is shown whole even where it names a code.
    """
    found = [
        *(
            Mark(span, "instruction", "tries to instruct the reader; shown, never followed")
            for span in question.injection
        ),
        *(Mark(code.span, "code", f"{code.system} {code.code}") for code in question.codes),
        *(Mark(fact.span, "fact", _fact_note(fact)) for fact in _facts(question)),
    ]
    found.sort(key=lambda mark: (mark.span.start, -mark.span.end))
    kept: list[Mark] = []
    for mark in found:
        if mark.span.start < mark.span.end and (not kept or mark.span.start >= kept[-1].span.end):
            kept.append(mark)
    return tuple(kept)


def stretches(text: str, question: Question | None, found: tuple[Mark, ...]) -> tuple[Stretch, ...]:
    """Cut a letter's text at the marks that lie in it.

    The question's text is made of the subject and the new text of each letter, so a letter's text is looked for in
    it; where it is not found (the letter came after the question was read) nothing is marked.
    """
    offset = question.text.find(text) if question and text else -1
    if offset < 0:
        return (Stretch(text),)
    return tuple(_cut(text, offset, found))


def _cut(text: str, offset: int, found: tuple[Mark, ...]) -> Iterator[Stretch]:
    place = 0
    for mark in found:
        start, end = mark.span.start - offset, mark.span.end - offset
        if start < place or end > len(text):
            continue
        if start > place:
            yield Stretch(text[place:start])
        yield Stretch(text[start:end], mark.kind, mark.note)
        place = end
    if place < len(text):
        yield Stretch(text[place:])


def _facts(question: Question) -> Iterator[Fact]:
    yield from question.facts
    for subject in question.subjects:
        yield from subject.facts


def _fact_note(fact: Fact) -> str:
    words, unit = fact_words(fact.name)
    return f"{words}: {value_words(fact.value)} {unit}".rstrip() + ("" if fact.certain else " (not certain)")
