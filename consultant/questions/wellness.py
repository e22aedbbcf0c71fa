"""Read Medicare's preventive services: which one it was, since when Part B runs, and what was given when before."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from consultant.questions import visit_kinds
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_VISIT: Final = re.compile(
    r"\b(?:(?-i:AWV|IPPE)|awvs?|ippe|wellness (?:visit|exam)s?|welcome to medicare|welcome visit|G0402|G0438"
    r"|G0439)\b",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHEN: Final = (
    r"(?:(?P<m>\d{1,2})/(?:\d{1,2}/)?(?P<y>20\d\d|\d\d)\b|(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]*\.?,? (?:of )?(?:\d{1,2},? )?(?P<y2>20\d\d)"
    r"|(?P<y3>20\d\d)\b)"
)
_PART_B: Final = re.compile(
    r"\b(?:part b|medicare(?: coverage)?)\b[^.;\n]{0,30}?\b(?:began|begin|start\w*|effective|eff|since|from"
    r"|as of|on|in)\b[^.;\n]{0,16}?" + _WHEN,
    re.IGNORECASE,
)
_PART_B_LONG: Final = re.compile(
    r"\b(?:part b|medicare)\b[^.;\n]{0,16}\bfor (?:many|several|(?:\d{1,2}|two|three|four|five"
    r"|ten)(?: or more)?) (?:years|yrs)\b",
    re.IGNORECASE,
)
_FIRST_YEAR: Final = re.compile(
    r"\b(?:within|in|during) (?:the |her |his |their )?(?:first|1st) (?:12 months|twelve months|year) (?:of|on"
    r"|with) (?:part b|medicare)\b"
    r"|\bnew to (?:medicare|part b)\b",
    re.IGNORECASE,
)
_NEVER: Final = re.compile(
    r"\b(?:never|no|not) (?:\w+ ){0,3}?(?:an? |any )?(?:prior |previous |earlier |other )?(?:(?-i:AWV|IPPE)"
    r"|awv|ippe|wellness|welcome)\b|\bnothing before\b"
    r"|\bfirst(?:[- ]ever)? (?:(?-i:AWV)|awv|annual wellness|medicare wellness|wellness)\b(?! visit \(g0438\))"
    r"|\bno (?:prior|previous|earlier) (?:ones?|wellness|awv)\b",
    re.IGNORECASE,
)
_NONE_YET: Final = re.compile(
    r"\b(?:none|never|not|no) (?:ever |done |had |yet )?(?:before|previous\w*|prior|earlier|ever)\b"
    r"|\bfirst (?:time|ever)\b",
    re.IGNORECASE,
)
_HAD: Final = re.compile(
    r"\b(?:had|last|prior|previous|first|got|received|did|done"
    r"|most recent)\b(?P<what>[^.;\n]{0,40}?\b(?:(?-i:AWV|IPPE)|awv|ippe|wellness(?: visit)?"
    r"|welcome(?: to medicare)?|G0402|G0438|G0439)\b(?:[^.;\n]{0,12}\bG04\d\d\b)?)"
    r"[^.;\n]{0,32}?\b(?:in|on|was|from|dated|:)?[ \t]?" + _WHEN,
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(
    r"\b(?:G0439|AWV)s?\b[^.;\n]{0,40}?\blast (?:one|on|was|in)?[^.;\n]{0,10}?" + _WHEN, re.IGNORECASE
)
_SUBSEQUENT: Final = re.compile(r"\bsubsequent (?:(?-i:AWV)|awv|annual wellness|wellness)\b", re.IGNORECASE)
_AGO: Final = re.compile(
    r"\b(?:last|previous|prior)\b[^.;\n]{0,40}?\b(?P<n>\d{1,2}|eleven|twelve|thirteen|fourteen|fifteen"
    r"|eighteen) months? (?:ago|earlier|before)\b"
    r"|\b(?P<long>(?:over|more than) (?:a|one|1) year (?:ago|since|earlier)|(?:two|2|three|3) years ago)\b",
    re.IGNORECASE,
)
_LAST: Final = re.compile(r"\blast\b(?:[^.;\n]|\n(?!\s)){0,40}?" + _WHEN, re.IGNORECASE)
_NUMBERS: Final = {"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "eighteen": 18}
_FIRST_EVER: Final = 999
"""How the family counts a service that was never given before."""


_EARLIER: Final = frozenset({"earlier_wellness", "no_wellness_before", "welcome_before", "wellness_before"})


def completed(
    text: str, sentences: Sentences, subjects: Iterable[Subject], on: date | None, *, medicare: bool
) -> Iterator[Subject]:
    """Yield the subjects, a preventive service of Medicare with what the letter tells of its times.

    A wellness visit that no phrase tells of is added where `medicare` pays; `on` is the day of the service.
    """
    month = (on.year, on.month) if on else None
    found = False
    for subject in subjects:
        values = subject.values()
        service = values.get("wellness_service")
        found = found or service is not None
        if service is not None:
            yield _with_times(text, subject, month)
        elif "screening_test" in values and "months_since_last" not in values:
            yield Subject(subject.kind, (*subject.facts, *_last(text, month)))
        else:
            yield subject
    named = [match for match in _VISIT.finditer(text) if _meant(sentences, match)]
    if medicare and named and not found and not any(_aside(text, sentences, match) for match in named):
        added = Fact("wellness_service", "wellness_visit", Span(*named[0].span()))
        yield _with_times(text, Subject("encounter", (added,)), month)


def _with_times(text: str, subject: Subject, on: tuple[int, int] | None) -> Subject:
    """Return the service with what was not read of it yet; a dated visit before wins over a guess at its months."""
    visit = subject.values()["wellness_service"] == "wellness_visit"
    more = [*_part_b(text, on), *(_before(text, on) if visit else _last(text, on))]
    told = {fact.name for fact in more}
    kept = [fact for fact in subject.facts if not (visit and fact.name == "months_since_last" and fact.name in told)]
    names = {fact.name for fact in kept}
    earlier = bool(names & _EARLIER)
    more = [fact for fact in more if fact.name not in names and not (earlier and fact.name == "earlier_wellness")]
    return Subject(subject.kind, (*kept, *more))


def _aside(text: str, sentences: Sentences, match: re.Match[str]) -> bool:
    return visit_kinds.aside(text, sentences, Span(*match.span()))


def _meant(sentences: Sentences, match: re.Match[str]) -> bool:
    return status(sentences, match.start(), match.end(), act=True) in (Status.AFFIRMED, Status.UNCERTAIN)


def _part_b(text: str, on: tuple[int, int] | None) -> Iterator[Fact]:
    match = _PART_B.search(text)
    if match and on:
        since = _month(match)
        if since:
            yield Fact("part_b_months", max(0, _between(since, on)), Span(*match.span()))
            return
    long = _PART_B_LONG.search(text)
    if long:
        yield Fact("part_b_months", 24, Span(*long.span()))
    first = _FIRST_YEAR.search(text)
    if first and not long:
        yield Fact("part_b_months", 12, Span(*first.span()))


def _before(text: str, on: tuple[int, int] | None) -> Iterator[Fact]:
    """Yield what Medicare paid before, and how many full months lie between."""
    never, subsequent = _NEVER.search(text), _SUBSEQUENT.search(text)
    # What was done in the month of the service is the service itself.
    had = next((match for match in _HAD.finditer(text) if _month(match) not in (None, on)), None)
    again = _AGAIN.search(text)
    if again and on and not had:
        yield Fact("earlier_wellness", "wellness_visit", Span(*again.span()))
        when = _month(again)
        if when and when != on:
            yield Fact("months_since_last", max(0, _between(when, on) - 1), Span(*again.span()))
    elif had:
        welcome = re.search(r"ippe|welcome|g0402", had["what"], re.IGNORECASE)
        yield Fact("earlier_wellness", "welcome_visit" if welcome else "wellness_visit", Span(*had.span()))
        when = _month(had)
        if when and on:
            yield Fact("months_since_last", max(0, _between(when, on) - 1), Span(*had.span()))
    elif never:
        yield Fact("earlier_wellness", "none", Span(*never.span()))
    elif subsequent:
        yield Fact("earlier_wellness", "wellness_visit", Span(*subsequent.span()))
        yield from _last(text, on)


def _last(text: str, on: tuple[int, int] | None) -> Iterator[Fact]:
    """Yield how many full months ago the same service was given."""
    ago, none = _AGO.search(text), _NONE_YET.search(text)
    dated = _LAST.search(text)
    if ago:
        months = 12 if ago["long"] else (_NUMBERS.get(ago["n"].lower()) or int(ago["n"])) - 1
        yield Fact("months_since_last", months, Span(*ago.span()))
    elif dated and on and (when := _month(dated)):
        yield Fact("months_since_last", max(0, _between(when, on) - 1), Span(*dated.span()))
    elif none:
        yield Fact("months_since_last", _FIRST_EVER, Span(*none.span()))


def _between(one: tuple[int, int], other: tuple[int, int]) -> int:
    return 12 * (other[0] - one[0]) + other[1] - one[1]


def _month(match: re.Match[str]) -> tuple[int, int] | None:
    """Return year and month of a date; of a year alone its last month, so that no time is made up."""
    if match["y"] and match["m"]:
        year, month = int(match["y"]), int(match["m"])
        return (year if year > 99 else 2000 + year, month) if 1 <= month <= 12 else None
    if match["name"]:
        return int(match["y2"]), _MONTHS.index(match["name"].lower()[:3]) + 1
    return (int(match["y3"]), 12) if match["y3"] else None
