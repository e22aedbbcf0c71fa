"""Part a letter that asks about several patients or days, so that each of its questions is read by itself.

What stands in one item tells nothing of the others: the laceration of one patient is not added to that of the next, and
the visit of Tuesday has no procedure from Friday beside it. A list of what was done in one session stays whole.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from consultant.questions.model import Span

MOST: Final = 6
"""How many items are read apart; a letter with more is a list of something else."""
_LEAST: Final = 25
"""Characters of an item that can tell a case."""

_WORDS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_LABELS: Final = (
    re.compile(r"(?:^|(?<=\n))[ \t]*\(?#?(?P<n>[1-9])[.):][ \t]+(?=\S)"),
    re.compile(r"(?:^|(?<=\n))[ \t]*\(?(?P<n>[A-Ha-h])[.):][ \t]+(?=\S)"),
    re.compile(
        r"(?:^|(?<=\n))[ \t]*(?:question|patient|pt|case|claim|encounter|q)[ \t]*[.#]?[ \t]*"
        r"(?P<n>[1-9]|[A-Ha-h]|one|two|three|four)\b[ \t]*[.):,–-]*[ \t]*(?=\S)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:^|(?<=\n))[ \t]*(?:the )?(?P<n>first|second|third|fourth)(?: (?:one|question|patient|pt|case|claim))?"
        r"[ \t]*[:,–-][ \t]*(?=\S)",
        re.IGNORECASE,
    ),
)
_BLANK: Final = re.compile(r"\n[ \t]*\n")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY: Final = re.compile(
    rf"(?<![\w./-])(?:\d{{1,2}}[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?|20\d\d-\d\d-\d\d|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH})(?![\w/-])",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"\b(?:patient|pt|man|woman|lady|gentleman|boy|girl|baby|infant|toddler|male|female|mr|mrs|ms|PERSON_\d+"
    r"|\d{1,3}[- ]?(?:y/?o|yo|yrs?|years?|m/?o|months?)[- ]?(?:old|m|f)?)\b",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"\bsame (?:patient|pt|claim|wound|lesion|lady|man|woman|child|boy|girl|op\w*)\b|\b(?:the|as) above\b"
    r"|\bfrom (?:question|item|#) ?1\b|\A.{0,40}\bsame (?:visit|day|date|dos|session|encounter|sitting)\b",
    re.IGNORECASE | re.DOTALL,
)
_SEVERAL: Final = re.compile(
    r"\b(?:two|three|four|five|[2-6]|several|few|couple of|different|unrelated)[ \t]+"
    r"(?:different |unrelated |separate )?(?:patients|pts|cases|charts|encounters|claims|people|kids|families)\b",
    re.IGNORECASE,
)
"""Words before the items by which they are several cases."""


def parts(text: str) -> tuple[str, ...]:
    """Return the text once for each of its questions, the other items blanked so that every place stays.

    Nothing where the letter asks one question, or all of it is about one patient and day.
    """
    for label in _LABELS:
        spans = tuple(_items(text, label))
        if not 2 <= len(spans) <= MOST:
            continue
        items = [text[span.start : span.end] for span in spans]
        if _strangers(items, said=bool(_SEVERAL.search(text, 0, spans[0].start))):
            return tuple(_blanked(text, [other for other in spans if other != span]) for span in spans)
    return ()


def _items(text: str, label: re.Pattern[str]) -> Iterator[Span]:
    """Yield the items under labels that count from the first."""
    labels: list[re.Match[str]] = []
    for match in label.finditer(text):
        if _number(match["n"]) == len(labels) + 1:
            labels.append(match)
    if len(labels) < 2:
        return
    starts = [match.start() for match in labels]
    last = starts[-1]
    # Where the items before it are of one paragraph each, what follows the last is the end of the letter.
    single = not any(_BLANK.search(text[start:end].rstrip()) for start, end in pairwise(starts))
    end = _BLANK.search(text, last) if single else None
    for start, stop in pairwise([*starts, end.start() if end else len(text)]):
        yield Span(start, stop)


def _number(written: str) -> int:
    low = written.lower()
    return int(low) if low.isdigit() else _WORDS.get(low) or ord(low) - ord("a") + 1


def _strangers(items: Sequence[str], *, said: bool) -> bool:
    """Tell whether each item tells of a patient or a day of its own, where the letter has not `said` so before."""
    if any(len(item.strip()) < _LEAST for item in items) or any(_SAME.search(item) for item in items[1:]):
        return False
    if said or all(_PERSON.search(item) for item in items):
        return True
    days = [{match[0].lower() for match in _DAY.finditer(item)} for item in items]
    return all(days) and not set.intersection(*days)


def _blanked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        blank = re.sub(r"[^\n]", " ", text[span.start : span.end])
        text = text[: span.start] + blank + text[span.end :]
    return text
