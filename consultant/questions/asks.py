"""The questions of a letter, each with its place, so that they can be answered one by one.

"Which code, may I bill the repair, what must the note say?" asks three things in one sentence; a numbered item is one
question however many sentences it has.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Span
from consultant.questions.passages import Sentences

MOST: Final = 8
"""How many questions of one letter are told apart."""

_LEAST: Final = 2
_ASKING: Final = (
    r"(?:which|what|whats|when|how|who|whose|where|why|may|can|could|should|do|does|did|is|are|was|were|would|must)\b"
)
_OPENS: Final = re.compile(
    rf"\W*(?:(?:and|or|but|so|also|hi|hello|please|pls|if so|if not|then|thanks)\W+)*{_ASKING}", re.IGNORECASE
)
_PARTS: Final = re.compile(rf"(?:[,;:]\s+(?:and\s+|or\s+)?|,?\s+and\s+)(?={_ASKING})", re.IGNORECASE)
_TAG: Final = re.compile(
    r"\W*(?:right|correct|true|ok|okay|agree|yes|or not|thoughts|why|please|is that|is that right)\W*", re.IGNORECASE
)
_LABEL: Final = re.compile(r"(?:^|\n|(?<=[.?!:;,] ))[ \t]*\(?(?P<number>[1-9])[.)][ \t]+(?=\S)")
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_WORD: Final = re.compile(r"[A-Za-z0-9]{2,}")


def read(text: str, sentences: Sentences) -> tuple[Span, ...]:
    """Return the place of each question where a letter has several; nothing where it has one or none."""
    found = [span for span in _asking(text, sentences) if not _TAG.fullmatch(text, span.start, span.end)]
    found.sort(key=lambda span: span.start)
    return tuple(found[:MOST]) if len(found) > 1 else ()


def _asking(text: str, sentences: Sentences) -> Iterator[Span]:
    listed = list(_listed(text))
    inside = [(span.start, span.end) for span in listed]
    yield from (span for span in listed if "?" in text[span.start : span.end] or _OPENS.match(text, span.start))
    for sentence in sentences.spans:
        apart = not any(sentence.start < end and start < sentence.end for start, end in inside)
        if apart and text[sentence.start : sentence.end].rstrip().endswith("?"):
            yield from _parts(text, sentence)


def _listed(text: str) -> Iterator[Span]:
    """Yield the items of a list that counts from 1, each up to the next one or the end of its paragraph."""
    labels: list[re.Match[str]] = []
    for match in _LABEL.finditer(text):
        if int(match["number"]) == len(labels) + 1:
            labels.append(match)
    if len(labels) < _LEAST:
        return
    ends = [match.start() for match in labels[1:]] + [len(text)]
    for match, end in zip(labels, ends, strict=True):
        paragraph = _PARAGRAPH.search(text, match.end(), end)
        yield _stripped(text, match.end(), paragraph.start() if paragraph else end)


def _parts(text: str, sentence: Span) -> Iterator[Span]:
    """Part a sentence at each further question word; what stands before the first is its context."""
    cuts = [match.end() for match in _PARTS.finditer(text, sentence.start, sentence.end)]
    starts = [sentence.start, *cuts] if _OPENS.match(text, sentence.start) or not cuts else cuts
    for start, end in zip(starts, [*starts[1:], sentence.end], strict=True):
        span = _stripped(text, start, end)
        if len(_WORD.findall(text[span.start : span.end])) >= _LEAST:
            yield span


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " \t\n,;:":
        start += 1
    while end > start and text[end - 1] in " \t\n,;:":
        end -= 1
    return Span(start, end)
