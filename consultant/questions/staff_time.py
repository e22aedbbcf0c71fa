"""Count what staff spent beyond the time that a visit holds anyway: 75 minutes in all at a 99214 are 35 beyond it.

99415 is counted from the typical time of clinical staff at the visit (CPT, Prolonged Clinical Staff Services).
"""

import re
from collections.abc import Sequence
from typing import Final

from consultant.questions.minutes import Time, Whose
from consultant.questions.model import Span

_TYPICAL: Final = {
    "99202": 29, "99203": 34, "99204": 41, "99205": 46, "99211": 16, "99212": 24, "99213": 27, "99214": 40, "99215": 45,
}  # fmt: skip
"""Minutes of clinical staff by the code of the visit."""
_CODE: Final = re.compile(r"(?<![\w.$/-])99(?:20[2-5]|21[1-5])(?![\w-])")
_BEYOND: Final = re.compile(
    r"\b(?:beyond|over and above|past the|extra|additional(?:ly)?|in addition|on top of|after (?:the|that|her|his) "
    r"(?:\w+ )?visit|typical|further|net)\b",
    re.IGNORECASE,
)
_NEAR: Final = 64


def beyond_typical(text: str, minutes: int, span: Span) -> int:
    """Return the minutes beyond the typical staff time of the one visit that the letter names, at least none."""
    codes = set(_CODE.findall(text))
    if len(codes) != 1 or _BEYOND.search(text, max(0, span.start - _NEAR), span.end + _NEAR):
        return minutes
    return max(minutes - _TYPICAL[codes.pop()], 0)


_MIXED: Final = re.compile(
    r"\b(?:includ\w+|incl\.?|counts?|counting|with)[ \t](?:in it[ \t])?(?:some of |part of )?(?:the |her |his |our "
    r"|what the "
    r"|an? )?(?:\w+[ \t]){0,2}?(?:nurse|(?-i:RN|MA|LPN|MAs|RNs)|medical assistant|staff|resident|student|tech\w*"
    r"|educator)(?:'s|s')?\b[^.\n]{0,90}(?:n'?t\b|\b(?:not|no idea|unknown|nobody|unclear|without|never)\b)",
    re.IGNORECASE,
)


def mixed(text: str) -> bool:
    """Tell whether a time holds work of staff of which nobody knows how long it took."""
    return bool(_MIXED.search(text))


_EQUALS: Final = re.compile(
    r"(?:=|\b(?:so|making|makes|that is|adds? up to|sums? to|comes to|for a total of|together|altogether))[ \t]{0,2}"
    r"(?P<n>\d{2,3})\b(?![ \t]?(?:%|/|units?|days?|x\b))",
    re.IGNORECASE,
)


def summed(text: str, times: Sequence[Time]) -> tuple[int, Span] | None:
    """Return the minutes that several of staff gave to one month; None where one gave them, or a total is told.

    They are added where each stands with its own person, or where the letter writes their sum behind them.
    """
    rows = [time for time in times if time.whose in (Whose.STAFF, Whose.OWN)]
    whole = sum(time.minutes for time in rows)
    if len(rows) < _SEVERAL or any(time.total for time in times) or len(rows) != len(times):
        return None
    told = next((match for match in _EQUALS.finditer(text, rows[-1].span.end) if int(match["n"]) == whole), None)
    if told:
        return whole, Span(*told.span())
    staff = all(time.whose is Whose.STAFF for time in rows)
    return (whole, Span(rows[0].span.start, rows[-1].span.end)) if staff else None


_SEVERAL: Final = 2
