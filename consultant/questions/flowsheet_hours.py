"""Read the hours of a flowsheet: when something started, and how many minutes lie between two hours."""

import re
from itertools import pairwise
from typing import Final

CLOCK: Final = re.compile(
    r"(?<![\w/:.$#-])(?:(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)|(?P<hh>[01]\d|2[0-3])(?P<mm>[0-5]\d)"
    r"(?=[ \t]?(?:h|hrs?)?\b)"
    r"(?![ \t]{0,2}(?:m[lgc]|cc|units?|iu|mcg|g)\b))(?:[ \t]?(?P<p>[ap])\.?m\b\.?)?(?![\w/:%]|\.\d)",
    re.IGNORECASE,
)
RANGE: Final = re.compile(
    r"(?<![\w/:.$#-])(?P<h>[01]?\d|2[0-3]):?(?P<m>[0-5]\d)[ \t]?(?P<p>[ap]m)?[ \t]{0,2}(?:-|–|to|until|till|thru"
    r"|through)[ \t]{0,2}(?P<h2>[01]?\d|2[0-3]):?(?P<m2>[0-5]\d)[ \t]?(?P<p2>[ap]m)?(?![\w/:%])",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"[ \t,;(]{0,3}(?:and|&|then|\+)?[ \t]?(?:again|once more|at|from)?[ \t]?", re.IGNORECASE)


def told(words: str) -> tuple[int | None, int | None]:
    """Return when something started and how many minutes it ran, as far as a clause says."""
    ranges = list(RANGE.finditer(words))
    if ranges:
        starts = [_of_day(match["h"], match["m"], match["p"]) for match in ranges]
        lengths = [
            gap(start, _of_day(match["h2"], match["m2"], match["p2"]))
            for start, match in zip(starts, ranges, strict=True)
        ]
        joined = all(_AND.fullmatch(words, one.end(), other.start()) for one, other in pairwise(ranges))
        return starts[0], sum(lengths) if joined else lengths[0]
    clocks = [minute(match) for match in CLOCK.finditer(words)]
    if len(clocks) == 2:
        return clocks[0], gap(*clocks)
    return (clocks[0] if clocks else None), None


def minute(match: re.Match[str]) -> int:
    """Return the minute of the day of an hour that `CLOCK` found."""
    return _of_day(match["h"] or match["hh"], match["m"] or match["mm"], match["p"])


def _of_day(hour: str, minute: str, half: str | None) -> int:
    later = half is not None and half.lower().startswith("p") and int(hour) < 12
    return 60 * (int(hour) + 12 * later) + int(minute)


def gap(start: int, stop: int) -> int:
    """Return the minutes between two hours; past noon a clock of twelve hours begins anew."""
    between = stop - start
    while between <= 0:
        between += 720
    return between
