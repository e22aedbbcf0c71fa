"""Read the care of a month that devices and care managers give: remote monitoring, behavioral integration, CoCM.

One letter tells of several of them by what it counts: days with readings are the supply of the device, minutes the time
on its readings, and a set-up stands by itself. Each is an encounter of its own.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions import minutes
from consultant.questions.minutes import Time, Whose
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_REMOTE: Final = re.compile(
    r"\b(?-i:RPM)\b|\bhome (?:bp|blood pressure|glucose|weight) (?:cuff|monitor|device|scale|meter)s?\b"
    r"(?=[^.;\n]{0,32}\btransmi)|\bremote (?:physiolog\w*|patient|bp|blood pressure|glucose|weight|home"
    r"|vital\w*|pulse ox\w*|"
    r"(?:\w+ )?device) (?:\w+ )?(?:monitor\w*|readings?)|\bremote monitor\w*|\b9945[3478]\b|\b(?:cellular|bluetooth"
    r"|connected|telemonitor\w*) (?:\w+ ){0,2}(?:cuff|scale|glucometer|meter|oximeter|device|monitor\w*)",
    re.IGNORECASE,
)
_THERAPEUTIC: Final = re.compile(r"\b(?-i:RTM)\b|\btherapeutic monitor\w*|\b989(?:7[5-8]|8[0146])\b", re.IGNORECASE)
_INTEGRATION: Final = re.compile(r"\b(?-i:BHI)\b|\bbehaviou?ral health integration\b|\b99484\b", re.IGNORECASE)
_COLLABORATIVE: Final = re.compile(r"\b(?-i:CoCM|COCM)\b|\bcocm\b|\bcollaborative care\b|\b9949[234]\b", re.IGNORECASE)
_DAYS: Final = re.compile(
    r"(?<![\w./-])(?P<n>\d{1,2}) (?:of (?:the )?(?:30|31) )?(?:separate |different |unique )?(?:calendar )?days?\b"
    r"(?![ ](?:ago|later|after|before|supply))"
    r"|(?<![\w./-])(?P<of>\d{1,2}) ?(?:/|of|out of) ?(?:30|31)\b(?! ?/)",
    re.IGNORECASE,
)
_READINGS: Final = re.compile(
    r"\b(?:reading|transmi|data|measure|sent|send|record|upload|sync|monitor|bp|weight|glucose|took)\w*", re.IGNORECASE
)
_SUPPLY: Final = re.compile(r"\b99454\b|\b99445\b|\bdevice supply\b|\bsupply (?:of )?(?:the )?device\b", re.IGNORECASE)
_TIME: Final = re.compile(r"\b9945[78]\b|\b99470\b", re.IGNORECASE)
_SET_UP: Final = re.compile(
    r"\b(?:set[- ]?up|onboard\w*|enroll\w*|initial(?:ly)? (?:education|teaching|setup)|taught|trained|educat\w*)\b",
    re.IGNORECASE,
)
_THEN: Final = re.compile(
    r"\b(?:billed|already|earlier|previous\w*|last (?:month|year)|(?:was|were|done) in|since|back in|prior)\b",
    re.IGNORECASE,
)
_LATER: Final = re.compile(
    r"\b(?:subsequent|second|third|fourth|fifth|sixth|later|2nd|3rd|[4-9]th|follow-?up|ongoing) (?:calendar )?month\w*"
    r"|\bmonth (?:two|three|four|five|six|[2-9]|1[0-2])\b|\bsubsequent\b",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = (
    r"(?P<m>january|february|march|april|(?-i:May)|june|july|august|september|october|november|december"
    r"|(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))\b"
)
_MONTH: Final = re.compile(rf"\b{_NAMED}", re.IGNORECASE)
_STARTED: Final = re.compile(
    r"\b(?:started|began|begun|enrolled|joined|entered|initiated|enrol\w*ment|start(?: date)?|consented|since)\b"
    rf"[^.;\n]{{0,32}}?\b{_NAMED}",
    re.IGNORECASE,
)
_BILLED: Final = re.compile(r"[^.;\n\d]{0,48}\b(?:billed|paid|already|went out|coded)\b", re.IGNORECASE)
_ONLY: Final = re.compile(
    r"\bcodes? for (?:just |only )?(?:the |that |this |her |his )?(?:initial |monitor )?(?:set-?up|education|teaching"
    r"|training|onboarding)\b(?![^.?\n]{0,24}\b(?:and|plus|supply|days|device)\b)",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(
    r"\b(?:first|initial|1st) (?:calendar )?month\b|\bmonth (?:one|1)\b|\bnewly enrolled\b|\benrolled (?:this|in the)",
    re.IGNORECASE,
)


SCORED: Final = frozenset({"behavioral_integration", "collaborative_care"})
"""Services that hold the scored questionnaires of their month."""


def read(text: str, sentences: Sentences, times: tuple[Time, ...]) -> Iterator[Subject]:
    """Yield each of these services that the letter tells of; nothing where it speaks of none."""
    collaborative, integration = _COLLABORATIVE.search(text), _INTEGRATION.search(text)
    if collaborative:
        yield _collaborative(text, times, Span(*collaborative.span()))
    elif integration:
        yield _timed("behavioral_integration", text, times, Span(*integration.span()))
    remote = _REMOTE.search(text)
    if remote is None or _THERAPEUTIC.search(text):
        return
    if (place := _set_up(text, sentences)) is not None:
        yield Subject("encounter", (Fact("visit_kind", "monitoring_set_up", place),))
        if _ONLY.search(text):
            # "Code for the set-up?" asks for no other service of the month.
            return
    days, supply = _days(text, sentences), _SUPPLY.search(text)
    if days or supply:
        place = days.span if days else Span(*supply.span()) if supply else Span(*remote.span())
        kind = Fact("visit_kind", "monitoring_supply", place)
        yield Subject("encounter", (kind, *((days,) if days else ())))
    timed = _timed("monitoring_time", text, times, Span(*remote.span()))
    if not integration and not collaborative and (len(timed.facts) > 1 or _TIME.search(text)):
        yield timed


def _timed(value: str, text: str, times: tuple[Time, ...], span: Span) -> Subject:
    counted = {Whose.OWN, Whose.STAFF, Whose.OTHER_DAY}
    found = minutes.listed(text, times, counted) or minutes.chosen(times, counted)
    kind = Fact("visit_kind", value, span)
    return Subject("encounter", (kind, *((Fact("month_minutes", found[0], found[1]),) if found else ())))


def _collaborative(text: str, times: tuple[Time, ...], span: Span) -> Subject:
    """Return collaborative care of the first or a later month; a month that nothing tells is asked for."""
    later, first = _LATER.search(text), _FIRST.search(text)
    told = later or first
    month = Fact("care_month", "later" if later else "first", Span(*told.span())) if told else _since(text)
    if month and month.value == "later" and len(times) > 1:
        # The minutes of a month that was billed are none of this one.
        times = tuple(row for row in times if not _BILLED.match(text, row.span.end)) or times
    row = _timed("collaborative_care", text, times, span)
    return Subject("encounter", (*row.facts, *((month,) if month else ())))


def _since(text: str) -> Fact | None:
    """Return whether the month is the one in which the patient started, or one behind it."""
    start = _STARTED.search(text)
    if start is None:
        return None
    begun = _number(start["m"])
    others = [_number(row["m"]) for row in _MONTH.finditer(text) if row.start("m") != start.start("m")]
    span = Span(*start.span())
    if any(month != begun for month in others):
        return Fact("care_month", "later", span)
    return Fact("care_month", "first", span, certain=False) if others else None


def _number(month: str) -> int:
    return _MONTHS.index(month[:3].lower())


def _days(text: str, sentences: Sentences) -> Fact | None:
    """Return the days with readings."""
    for match in _DAYS.finditer(text):
        sentence = sentences.around(match.start())
        near = text[max(sentence.start, match.start() - 60) : min(sentence.end, match.end() + 60)]
        if _READINGS.search(near):
            return Fact("monitored_days", int(match["n"] or match["of"]), Span(*match.span()))
    return None


def _set_up(text: str, sentences: Sentences) -> Span | None:
    """Return where the letter tells of a set-up that it does not set in the past."""
    for match in _SET_UP.finditer(text):
        sentence = sentences.around(match.start())
        meant = status(sentences, *match.span(), act=True)
        if meant is Status.AFFIRMED and not _THEN.search(text, sentence.start, sentence.end):
            return Span(*match.span())
    return None
