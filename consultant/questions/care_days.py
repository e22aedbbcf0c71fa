"""Count the days of a transition of care: from the discharge to the first contact and to the visit.

A contact counts within two business days of the discharge, and two attempts in that time count like one (CPT,
Transitional Care Management Services). Saturdays and Sundays are no business days; legal holidays are not known here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences

_DATE: Final = re.compile(r"(?<![\w/.-])(?P<m>\d{1,2})[/-](?P<d>\d{1,2})(?:[/-](?P<y>20\d\d|\d\d))?(?![\w/]|[.-]\d)")
_LEFT: Final = re.compile(
    r"\b(?:discharg\w+|d/c(?:'?d)?|dc'?d|went home|left the (?:hospital|facility|snf)|sent home|released"
    r"|came home)\b",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(
    r"\b(?:reached|call(?:ed|s)?|phoned?|spoke|talked|contact\w*|on the phone|interactive|got (?:her|him|hold)"
    r"|outreach)\b",
    re.IGNORECASE,
)
_TRIED: Final = re.compile(
    r"\b(?:tried|attempt\w*|no answer|voice ?mail|left (?:a )?message|nobody reached)\b", re.IGNORECASE
)
_VISIT: Final = re.compile(
    r"\b(?:visit\w*|saw|seen|face[- ]to[- ]face|f2f|came in|appointment|appt|in the office)\b", re.IGNORECASE
)
_NUMBERS: Final = {name: number for number, name in enumerate(ONES[:14], 1)}
_COUNT: Final = r"(?P<n>\d{1,2}|" + "|".join(_NUMBERS) + ")"
_DAYS: Final = re.compile(
    rf"\b{_COUNT}[ \t-](?:calendar )?days?[ \t]?(?:\w+[ \t])?(?:after|post|from|following|of|since)\b[^.\n]{{0,20}}?"
    r"\b(?:d/?c|discharge\w*|hospital|going home|leaving)\b"
    rf"|\b(?:visit|seen|saw|f2f|face[- ]to[- ]face)\b[^.;\n]{{0,40}}?\b(?:on "
    rf")?day (?:#[ \t]?)?{_COUNT.replace('n>', 'k>')}\b"
    rf"|\b(?:visit|seen|saw|f2f|face[- ]to[- ]face)\b[^.;\n]{{0,32}}?\b(?:within"
    rf"|in) {_COUNT.replace('n>', 'w>')} days\b"
    rf"|\b(?:visit|seen|saw|f2f)\b[^.;\n]{{0,24}}?{_COUNT.replace('n>', 'l>')} days (?:later|after|post)",
    re.IGNORECASE,
)
_IN_TIME: Final = re.compile(
    r"\b(?:within|in) (?:48|24) ?(?:hours?|hrs?|h)\b|\b(?:within|in) (?:the )?(?:2|two|1|one)[ -](?:business"
    r"|working)[ -]days?\b|\b(?:2"
    r"|two)[ -]business[ -]day (?:call|contact)\b"
    r"|\b(?:call\w*|contact\w*|reached|spoke|phoned)\b[^.;\n]{0,40}\b(?:the )?(?:next|following"
    r"|same) (?:business |working )?day\b"
    r"|\b(?:call\w*|contact\w*|reached|spoke|phoned)\b[^.;\n]{0,40}\b(?:day (?:after|1|2|one|two)|(?:1|one|2"
    r"|two) days? (?:after|later|post))\b",
    re.IGNORECASE,
)
_NO_CONTACT: Final = re.compile(
    r"\b(?:no|never|nobody|not)\b[^.;\n]{0,24}\b(?:call(?:ed)?|contact(?:ed)?|reached|outreach)\b[^.;\n]{0,40}"
    r"|\b(?:call\w*|contact\w*|reached)\b[^.;\n]{0,30}\b(?:(?:3|4|5|6|7|three|four|five|six"
    r"|seven) (?:business |working )?days)\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b(?:nobody|no[ -]one|none of \w+|never|not|(?:did|was|were|could)n'?t|no (?:call|contact|outreach))\b"
    r"[^.;,\n]{0,40}$",
    re.IGNORECASE,
)
_ATTEMPTS: Final = re.compile(
    r"\b(?:2|two|3|three|several) (?:\w+ )?(?:unsuccessful |failed |documented )?attempts\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Day:
    on: date
    what: str
    span: Span


def read(text: str, sentences: Sentences, year: int) -> Iterator[Fact]:
    """Yield whether a contact was made in time and after how many days the visit was, as far as the letter tells.

    `year` is taken for dates that are written without one.
    """
    days = list(_dated(text, sentences, year))
    left = next((day for day in days if day.what == "left"), None)
    if left is None and not _DAYS.search(text) and not _IN_TIME.search(text) and not _ATTEMPTS.search(text):
        return
    yield from _contact(text, days, left)
    visit = next((day for day in reversed(days) if day.what == "visit"), None)
    told = _DAYS.search(text)
    if left and visit and visit.on > left.on:
        yield Fact("visit_after_days", (visit.on - left.on).days, visit.span)
    elif told:
        written = next(value for value in told.groups() if value)
        yield Fact("visit_after_days", _NUMBERS.get(written.lower()) or int(written), Span(*told.span()))


def _contact(text: str, days: list[_Day], left: _Day | None) -> Iterator[Fact]:
    made = next((day for day in days if day.what == "contact"), None)
    tried = [day for day in days if day.what == "tried"]
    in_time, attempts, none = _IN_TIME.search(text), _ATTEMPTS.search(text), _NO_CONTACT.search(text)
    if left and made:
        until = _business_days_after(left.on, 2)
        early = [day for day in (*tried, made) if day.on <= until]
        yield Fact("contact_made", made.on <= until or len(early) > 1, made.span)
    elif in_time and not attempts and _DENIED.search(text, max(0, in_time.start() - 64), in_time.start()):
        # "Nobody called within two business days" names the time in which nothing came.
        yield Fact("contact_made", value=False, span=Span(*in_time.span()))
    elif in_time or attempts:
        match = in_time or attempts
        if match:
            yield Fact("contact_made", value=True, span=Span(*match.span()))
    elif none:
        yield Fact("contact_made", value=False, span=Span(*none.span()))


def _business_days_after(day: date, count: int) -> date:
    """Return the last of so many business days after a day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _dated(text: str, sentences: Sentences, year: int) -> Iterator[_Day]:
    """Yield each date with what happened on it: the nearest word before it in its sentence, or else behind it."""
    behind = 0
    for match in _DATE.finditer(text):
        on = _day(match, year)
        if on is None:
            continue
        sentence = sentences.around(match.start())
        start = max(sentence.start, behind)
        what = _nearest(text[start : match.start()], last=True)
        what = what or _nearest(text[match.end() : min(sentence.end, match.end() + 80)], last=False)
        behind = match.end()
        if what:
            yield _Day(on, what, Span(*match.span()))


def _nearest(words: str, *, last: bool) -> str | None:
    found = [
        (match.start(), what)
        for what, pattern in (("left", _LEFT), ("tried", _TRIED), ("contact", _CONTACT), ("visit", _VISIT))
        for match in pattern.finditer(words)
    ]
    if not found:
        return None
    return max(found)[1] if last else min(found)[1]


def _day(match: re.Match[str], year: int) -> date | None:
    written = match["y"]
    number = (int(written) if len(written) > 2 else 2000 + int(written)) if written else year
    try:
        return date(number, int(match["m"]), int(match["d"]))
    except ValueError:
        return None
