"""Read what families of care over a time ask for: chronic conditions counted, the beneficiary, the hours of a stay."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span

_CHRONIC: Final = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|single)[ \t](?:\w+[ \t-]){0,3}?"
    r"(?:chronic[ \t](?:\w+[ \t])?(?:conditions?|illness(?:es)?|diseases?|problems?)|chronic\b)",
    re.IGNORECASE,
)
_COUNTS: Final = {**{word: number for number, word in enumerate(ONES[:8], 1)}, "single": 1}
_NO_QMB: Final = re.compile(r"\b(?:not|no|isn'?t|non)[- ]?(?:a |an )?(?:(?-i:QMB)|qualified medicare)\b", re.IGNORECASE)
_QMB: Final = re.compile(r"\b(?-i:QMB)\b|\bqualified medicare beneficiary\b", re.IGNORECASE)
_STAY: Final = re.compile(
    r"\b(?P<n>\d{1,2}(?:\.\d)?)[ \t-]{0,2}(?:hours?|hrs?|h)\b(?=[^.;\n]{0,24}\b(?:stay|in house"
    r"|in (?:the )?(?:hospital|obs\w*)|total|later)\b)"
    r"|\b(?:stay\w*|in (?:the )?(?:hospital|house)|obs\w*"
    r"|there)\b[^.;\n]{0,24}?\b(?P<k>\d{1,2}(?:\.\d)?)[ \t-]{0,2}(?:hours?|hrs?|h)\b",
    re.IGNORECASE,
)
_CLOCK_STAY: Final = re.compile(
    r"\bat (?P<h1>\d{1,2})(?::(?P<m1>\d\d))?[ \t]?(?P<p1>[ap])\.?m\b[^\n]{0,80}?\bat "
    r"(?P<h2>\d{1,2})(?::(?P<m2>\d\d))?[ \t]?(?P<p2>[ap])\.?m\b",
    re.IGNORECASE,
)


def chronic_count(text: str) -> Iterator[Fact]:
    """Yield how many chronic conditions the letter counts."""
    match = _CHRONIC.search(text)
    if match:
        number = _COUNTS.get(match["n"].lower()) or int(match["n"])
        yield Fact("chronic_count", number, Span(*match.span()))


def beneficiary(text: str) -> Iterator[Fact]:
    """Yield whether the patient is a Qualified Medicare Beneficiary."""
    match = _NO_QMB.search(text) or _QMB.search(text)
    if match:
        yield Fact("qmb", bool(not _NO_QMB.search(text)), Span(*match.span()))


def length(text: str) -> Iterator[Fact]:
    """Yield whether a stay lasted less than eight hours, from its hours or from the hours of the clock."""
    match = _STAY.search(text)
    if match:
        hours = float(match["n"] or match["k"])
    else:
        match = _CLOCK_STAY.search(text)
        if match is None:
            return
        start, stop = (
            int(match[f"h{n}"]) % 12 + 12 * (match[f"p{n}"].lower() == "p") + int(match[f"m{n}"] or 0) / 60
            for n in (1, 2)
        )
        hours = stop - start
        if hours <= 0:
            return
    yield Fact("stay_length", "under_8" if hours < 8 else "over_8", Span(*match.span()))
