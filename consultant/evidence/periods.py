"""The last day of a global period, counted from the day of surgery that the letter tells (10 or 90 days after it).

Medicare Claims Processing Manual, chapter 12, section 40.1: the days count from the day after the operation, so that a
code of 010 days that was done on August 3 covers August 13, and August 14 is outside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.asked_modifiers import named_modifiers
from consultant.evidence.citing import of_fee
from consultant.evidence.conditions import cited_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from knowledge.model import Citation

_LENGTHS: Final = {"010": 10, "090": 90}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY: Final = re.compile(
    r"(?<![\w/.$-])(?:(?P<y1>20\d\d)-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})"
    r"|(?P<m2>1[0-2]|0?[1-9])(?P<sep>[/-])(?P<d2>3[01]|[12]\d|0?[1-9])(?:(?P=sep)(?P<y2>20\d\d|\d\d))?"
    rf"|(?P<m3>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s(?P<y3>20\d\d))?)"
    r"(?![\w/]|-\d|\.\d)",
    re.IGNORECASE,
)
_NO_SERVICE: Final = re.compile(
    r"\b(?:dob|birth|born|denied|denial|eob|letter|effective|since|as of|submitted|processed|paid|appeal\w*|sent|wrote"
    r"|received|edition|version|updated|mri|ct|scheduled|dated|on (?:mon|tue|wed|thu|fri|sat|sun)\w*,?)\b[^.\n]{0,14}$",
    re.IGNORECASE,
)
_PARTED: Final = re.compile(r"(?<=[a-z\d)])[.;?!]\s|\n\s*\n|\n\s*[-*•>]|\n\s*\d{1,2}[.)]\s")
_REACH: Final = 60
_TOLD_DAYS: Final = re.compile(r"\b(?P<n>90|ninety|10|ten)[ -]day (?:global|post-?op)", re.IGNORECASE)
_BY_DAYS: Final = frozenset({"24", "58", "78", "79"})
_FARTHEST: Final = 400


@dataclass(frozen=True, slots=True)
class Period:
    """One global period of the letter: what it is of, how long, from which day, with the source of its length."""

    code: str
    days: int
    start: date
    citations: tuple[Citation, ...]

    @property
    def end(self) -> date:
        """The last day that is inside."""
        return self.start + timedelta(days=self.days)


def told_days(inquiry: Inquiry) -> tuple[tuple[date, int], ...]:
    """Return the days of services that the letter tells, with or without a year, each with its place, as written."""
    text = inquiry.question.text
    found = []
    for match in _DAY.finditer(text):
        day = _date(match, inquiry.on)
        before = text[max(0, match.start() - 40) : match.start()]
        if day and abs((day - inquiry.on).days) <= _FARTHEST and not _NO_SERVICE.search(before):
            found.append((day, match.start()))
    return tuple(found)


def _date(match: re.Match[str], on: date) -> date | None:
    year = match["y1"] or match["y2"] or match["y3"]
    month = match["m1"] or match["m2"] or str(_MONTHS.index(match["m3"][:3].lower()) + 1)
    try:
        return date(
            on.year if year is None else int(year) % 100 + 2000,
            int(month),
            int(match["d1"] or match["d2"] or match["d3"]),
        )
    except ValueError:
        return None


def periods(inquiry: Inquiry) -> tuple[Period, ...]:
    """Return the global period of each operation of the letter whose day is told."""
    days = told_days(inquiry)
    found = {}
    for code, fee in inquiry.fees:
        start = _day_of(inquiry, code, days) if fee.global_days in _LENGTHS else None
        if start:
            found[code] = Period(code, _LENGTHS[fee.global_days], start, (of_fee(inquiry.release, fee),))
    told = _TOLD_DAYS.search(inquiry.question.text)
    if not found and told and days and not inquiry.fees:
        length = 10 if told["n"].lower() in ("10", "ten") else 90
        cited = cited_rule(inquiry.release, "global_surgery", "gs-090")
        found[""] = Period("", length, min(day for day, _ in days), cited)
    return tuple(found.values())


def _day_of(inquiry: Inquiry, code: str, days: tuple[tuple[date, int], ...]) -> date | None:
    """Return the day that stands nearest to a code in one sentence, or the only day of the letter."""
    text = inquiry.question.text
    near = []
    for match in re.finditer(rf"(?<!\w){code}(?!\w)", text):
        for day, place in days:
            between = text[min(match.end(), place) : max(match.start(), place)]
            if len(between) <= _REACH and not _PARTED.search(between) and not re.search(r"\b\d{5}\b", between[:-5]):
                near.append((day, abs(place - match.start())))
    if near:
        first = min(day for day, _ in near)
        closest = min(near, key=lambda row: row[1])[0]
        # One code that was done twice begins its period on the first day.
        return first if len({day for day, _ in near}) > 1 and (closest - first).days <= 90 else closest
    every = {day for day, _ in days}
    surgical = [row for row, fee in inquiry.fees if fee.global_days in _LENGTHS]
    return min(every) if every and surgical == [code] else None


def ends(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the last day of each global period, and which other days of the letter are inside of it."""
    asked = Aspect.GLOBAL_PERIOD in inquiry.aspects or bool(_BY_DAYS & named_modifiers(inquiry))
    return tuple(_worded(inquiry, row) for row in periods(inquiry)) if asked else ()


def _worded(inquiry: Inquiry, period: Period) -> Finding:
    cited = (*period.citations, *cited_rule(inquiry.release, "global_surgery", "gs-010"))
    of_code = f" of {period.code}" if period.code else ""
    text = (
        f"Counted from the day after surgery, the {period.days} global days{of_code}, done on {period.start}, "
        f"end on {period.end}"
    )
    later = "; ".join(_others(inquiry, period))
    return direct(FindingKind.MODIFIER, f"global.ends.{period.code}", f"{text}{'; ' if later else ''}{later}.", cited)


def _others(inquiry: Inquiry, period: Period) -> Iterator[str]:
    """Yield of each later day of the letter whether it is inside."""
    for day in sorted({day for day, _ in told_days(inquiry)}):
        if day > period.start and day != period.end and (day - period.start).days <= 2 * period.days:
            yield f"{day} is {'inside' if day <= period.end else 'outside'}"
