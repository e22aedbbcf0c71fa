"""Read the electrocardiogram of Medicare's welcome visit: all of it, its tracing alone, or its reading alone.

Only the welcome visit has a screening electrocardiogram, so one that a sign called for is none.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_ECG: Final = re.compile(
    r"\b(?:EKGs?|ECGs?|electrocardio(?:gram|graph)s?|(?:12|twelve)[ -]lead(?: (?:EKG|ECG|tracing))?)\b", re.IGNORECASE
)
_SCREENING: Final = re.compile(
    r"\b(?:screening|once[- ]in[- ]a[- ]lifetime|one[- ]time|once per lifetime|part of (?:it|the (?:ippe|welcome\w*"
    r"|visit))"
    r"|referral from the ippe|(?:ordered|done|with|at|from|beside|plus|and) (?:the |her |his |that )?(?:ippe"
    r"|welcome\w*))\b",
    re.IGNORECASE,
)
_WELCOME: Final = re.compile(
    r"\b(?:ippe|welcome to medicare|welcome visit|welcome exam|G0402|G040[345])\b", re.IGNORECASE
)
_SIGN: Final = re.compile(
    r"\b(?:because of|due to|for|new|complain\w*|c/o|presents? with|history of)[ \t](?:\w+[ \t]){0,2}(?:chest pain"
    r"|palpitations?"
    r"|syncope|dizz\w+|dyspnea|shortness of breath|irregular\w*|a-?fib|murmur|symptoms)\b",
    re.IGNORECASE,
)
_READING: Final = re.compile(r"\b(?:interpret\w*|read(?:s|ing)?|over-?read|report)\b", re.IGNORECASE)
_TRACING: Final = re.compile(
    r"\b(?:tracings?|ran|run|performed|took|taken|recorded|hooked|own machine|in[- ]house|in (?:our|the) office"
    r"|done here"
    r"|did the|nurse|\bma\b)\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(r"\b(?:only|alone|just|nothing (?:but|else))\b", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"\b(?:cardiolog\w+|hospital|another (?:office|practice|doctor|group)|outside|elsewhere|they) (?:\w+ ){0,3}?"
    r"(?:read|reads|interpret\w*|ran|did|does|took|performed|bills?)\b|\bsent (?:it |the tracing )?out\b"
    r"|\b(?:read|interpret\w*|traced|performed|done|run) (?:\w+ )?(?:by|at) (?:the |an? |another )?(?:outside"
    r"|cardiolog\w+|hospital|other)",
    re.IGNORECASE,
)


def read(text: str, sentences: Sentences) -> Iterator[Subject]:
    """Yield the electrocardiogram of a welcome visit; one whose parts were split between two offices yields nothing."""
    if not _WELCOME.search(text) or _SIGN.search(text) or _ELSEWHERE.search(text):
        return
    done = [row for row in _ECG.finditer(text) if status(sentences, *row.span(), act=True) is Status.AFFIRMED]
    around = " ".join(text[span.start : span.end] for span in {sentences.around(row.start()) for row in done})
    if not done or not _SCREENING.search(around):
        return
    kind = _kind(around)
    if kind:
        # The last mention tells most of it; the first may be a subject line.
        yield Subject("encounter", (Fact("wellness_service", kind, Span(*done[0].span())),))


def _kind(around: str) -> str | None:
    read, traced = _READING.search(around), _TRACING.search(around)
    if read and traced:
        return "ecg_complete"
    if _ALONE.search(around) and (read or traced):
        return "ecg_reading" if read else "ecg_tracing"
    return None
