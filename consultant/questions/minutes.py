"""Read how long a service took, and whose time it was: the practitioner's, that of staff, of another day or service.

Coders write several times into one letter: a total and what it is made of, the nurse's minutes beside the doctor's,
what was left out, and the minutes that a code asks for. Only what counts for the service is taken.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from consultant.questions.counting import SPELLED, spelled_out
from consultant.questions.model import Span
from consultant.questions.passages import Sentences
from consultant.questions.time_givers import NO_WORK, STAFF, by_staff, is_apart


class Whose(StrEnum):
    """Whose time a stretch is, or why it counts for nobody."""

    OWN = "own"
    STAFF = "staff"
    OTHER_DAY = "other_day"
    LEFT_OUT = "left_out"
    """Said not to be counted, or to belong to a service that is billed by itself."""
    PART = "part"
    """Lies within another time of the letter."""
    TAKEN_OFF = "taken_off"
    """Lies within another time of the letter and does not count."""
    ASKED = "asked"
    """What a rule or a code asks for."""


@dataclass(frozen=True, slots=True)
class Time:
    """One stretch of time that a letter names."""

    minutes: int
    span: Span
    around: Span
    """The part of the sentence that speaks of it, between the times before and behind it."""
    whose: Whose
    total: bool
    activity: bool
    """Whether it is told of one thing that was done, which makes it a part of the whole."""
    more: bool = False
    """Whether it is said to come on top of the time told before it."""


_WORDS: Final = {"an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "a half": 0.5, "half an": 0.5, "half a": 0.5}
_LENGTH: Final = re.compile(
    r"(?<![\w.$/:-])(?:(?P<bound>over|more than|greater than|>|less than|under|fewer than|<)[ \t]{0,2})?"
    r"(?:(?P<h>\d{1,2}(?:\.\d{1,2})?|half an|half a|an|one|two|three)[ \t-]{0,2}(?:hours?|hrs?|h)\b"
    rf"(?:[ \t,]{{0,2}}(?:and[ \t])?(?P<hm>\d{{1,2}}|a half|{SPELLED})(?:[ \t-]{{0,2}}m(?:in(?:ute)?s?)?\b)?)?"
    rf"|(?P<spelled>{SPELLED})[ \t-]{{0,2}}min(?:ute)?s?\b"
    r"|(?P<sum>\d{1,3}(?:[ \t]?\+[ \t]?\d{1,3})+)[ \t-]{0,2}min(?:ute)?s?\b|(?P<n>\d{1,3})(?:[ \t]{0,2}(?:to|-"
    r"|–)[ \t]{0,2}(?P<top>\d{1,3}))?[ \t-]{0,2}"
    r"(?:(?:separate|additional|more|extra|full|total|whole|documented|distinct|solid|face-to-face)[ ])?min(?:ut?e?"
    r"|tue|uet)?s?\b|(?<![\d.-] )(?<![\d-])\bminutes?(?: total| logged| of staff| in all| were"
    r"| was)?[ \t]{0,2}[:=]?[ \t]{0,2}(?P<behind>\d{1,3})"
    r"(?=[ \t]*(?:[.,;)\n]|$|total\b|in all\b))(?![.,]\d))",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"(?<![\w/:.])(?P<h1>\d{1,2}):?(?P<m1>\d\d)[ \t]?(?P<p1>[ap]\.?m\b\.?)?[ \t,;]{0,2}(?:to|-|–|until|till|thru"
    r"|through|(?:and )?(?:stop\w*|end\w*|finish\w*|out)(?: time)?(?: at)?:?)"
    r"[ \t]{0,2}(?P<h2>\d{1,2}):(?P<m2>\d\d)[ \t]?(?P<p2>[ap]\.?m\b\.?)?(?![\w/:])",
    re.IGNORECASE,
)
# Hours alone are mostly those of a stay; they are a time that somebody spent where the letter says that it was spent.
_SPENT: Final = re.compile(
    r"\b(?:spent|took|lasted|total time|time of|critical care|counsel\w*|of discharge (?:work|time)|discharge took)\b",
    re.IGNORECASE,
)
# The few hours of one person's work are told so, and the many of a stay are not.
_SPENT_FEW: Final = re.compile(
    r"\b(?:wrote|writes|documents?|documented|charted|face[- ]to[- ]face(?! (?:encounters?|visits?|contacts?))"
    r"|all told|add(?:ed|s) (?:\w+ ){0,3}up)\b",
    re.IGNORECASE,
)
_FEW_HOURS: Final = 3
_BREAK: Final = re.compile(r"[,;()\n]|\b(?:and|plus|but|while|whereas|then)\b|\.(?=\s)", re.IGNORECASE)
_OTHER_DAY: Final = re.compile(
    r"\b(?:(?:next|following|previous|prior|other|another|different) (?:day|date|morning)"
    r"|(?:the )?(?:day|evening|night|morning) (?:before|after)"
    r"|yesterday|days? (?:later|earlier)|last week)\b",
    re.IGNORECASE,
)
_WITHOUT: Final = re.compile(
    r"\b(?:exclud\w+|exclusive of|not (?:includ|count)\w+|without|apart from|aside from|outside of|other than"
    r"|in addition to|on top of|separate from)\b[^.;,]{0,24}$",
    re.IGNORECASE,
)
_NOT_COUNTED: Final = re.compile(
    r"[^.;]{0,56}?\b(?:(?:is|are|was|were|be) ?(?:not|n'?t) (?:being )?(?:counted|included|part|in)\b"
    r"|not in (?:the|that|this|my)|not (?:counted"
    r"|included|part of|billable)|(?:is|are|was|were) (?:excluded|carved out|left out)|do(?:es)?(?: not|n'?t) count)",
    re.IGNORECASE,
)
_OF_THEM: Final = re.compile(
    r"\b(?P<n>\d{1,3}) (?:min\w* )?of (?:them|those|these|it|that)\b"
    r"|\bof (?:which|those|these|them)(?:[ ,]{1,2}|[^.;,\n\d]{1,32}\b(?:was|were|is|are|took|for)[ ])"
    r"(?P<k>\d{1,3})(?! ?(?:min|h\b|hours?|%))\b",
    re.IGNORECASE,
)
_COUNTS_IN: Final = re.compile(
    r"\b(?:that|it|this|which|and) (?:counts?|covers?|contains?|holds?|comprises?|takes in)\b[^.;]{0,20}$",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(
    r"\bincl?\.?(?=[ ])[^.;]{0,20}$|\b(?:of (?:which|those|these)|of that(?=[ ]time|,)|includ\w+|out of the(?:m"
    r"|se)?)\b[^.;]{0,20}$",
    re.IGNORECASE,
)
# "That still has the central line in it, 20 minutes": what a time holds is told before its length.
_HELD: Final = re.compile(
    r"\b(?:has|have|had|holds?|contains?|covers?|counts?)\b[^.;]{2,64}?\bin (?:it|there|that)\b[ ,(:=–-]{1,3}$",
    re.IGNORECASE,
)
_LESS: Final = re.compile(r"\b(?:less|minus|take away|subtract\w*|carv\w+ out)\b[^.;,]{0,16}$", re.IGNORECASE)
_OTHER_WORK: Final = re.compile(
    r"\b(?:procedures?|central line|a-?line|arterial line|intubat\w+|lines?|chest tubes?|cpr|separate\w*|teaching"
    r"|test|ekg|ecg"
    r"|resident\w*|injection|repair|psychotherapy|infusion|smoking|tobacco|advance care|acp|bill\w*|break|lunch)\b",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"\b(?:at least|minimum|requires?|needs?|threshold|(?:code|99\d{3}|98\d{3}|g\d{4}) (?:is|means|starts|begins|for)"
    r"|starts at|begins at|allowed|typical|more than half|enough|(?:book|cpt|rule|code) says|rule)\b[^.;,]{0,24}$",
    re.IGNORECASE,
)
_CLAIMED: Final = re.compile(
    r"\b(?:colleague|boss|manager|supervisor|biller|lead|auditor|she|he|they|we|i|rep"
    r"|dr\.? \w+|newcomer|coder|trainer|software|vendor|friend|front desk)\b[^.\n]{0,40}? (?:says?|thinks?|claims?"
    r"|believes?|wants?|insists?|argues?)\b",
    re.IGNORECASE,
)
"""Somebody's opinion of a rule."""
_TOTAL: Final = re.compile(
    r"\b(?:tot(?:a)?l\w*|in all|altogether|overall|combined|cumulative|added up|sum)\b", re.IGNORECASE
)
# Parts of one practitioner's work on one date, which are added up.
_ACTIVITY: Final = re.compile(
    r"\b(?:review\w*|records|prep\w*|chart\w*|with (?:the )?(?:patient|pt|her|him|family)|face|exam\w*"
    r"|document\w*|writ\w+"
    r"|notes?|order\w*|counsel\w*|coordinat\w*|call\w*|discuss\w*|morning|afternoon|evening|noon|night|later"
    r"|again|am|pm"
    r"|floor|unit|phone|dictat\w*|summary|reconcil\w*|talk\w*|read\w*|famil\w+|instruct\w*|arrang\w*"
    r"|history|bedside|before|afterwards|reassess\w*|another|more|further|additional)\b",
    re.IGNORECASE,
)
# Minutes of the physician and of the NP are added by the rules of shared visits alone.
_TWO: Final = re.compile(r"\b(?-i:NP|PA|APP|MD)\b|\b(?:nurse practitioner|physician assistant)\b", re.IGNORECASE)
_DAY_FIRST: Final = re.compile(
    r"[ \t>*|•-]{0,8}(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?[ \t])?(?:\d{1,2}[/-]\d{1,2}\b|(?:jan|feb|mar|apr"
    r"|may|jun|jul|aug"
    r"|sep|oct|nov|dec)[a-z]*\.?[ \t]\d{1,2}\b|day[ \t]\d)",
    re.IGNORECASE,
)
_TIME_OF_DAY: Final = re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE)
_MORE: Final = re.compile(r"\b(?:another|additional|further|plus|then)[ \t]$|[+&][ \t]?$", re.IGNORECASE)
_MORE_BEHIND: Final = re.compile(r"\b(?:more|additional|extra)\b(?! than)", re.IGNORECASE)
_LATE: Final = 24
_FEW: Final = 3


def find(text: str, sentences: Sentences) -> tuple[Time, ...]:
    """Return every time that the letter names, in its order; where it gives none, what two hours of the clock make."""
    matches = [(match, length) for match in _LENGTH.finditer(text) if (length := _length(match, text))]
    ends = [match.end() for match, _ in matches]
    found = []
    for place, (match, length) in enumerate(matches):
        sentence = sentences.around(match.start())
        before = max(ends[place - 1] if place else 0, sentence.start)
        behind = min(matches[place + 1][0].start() if place + 1 < len(matches) else len(text), sentence.end)
        around = _part(text, before, match, behind)
        found.append(_time(text, match, length, around, Span(sentence.start, behind)))
    found += _of_them(text, sentences)
    return tuple(found) or tuple(_by_clock(text, sentences))


def _of_them(text: str, sentences: Sentences) -> Iterator[Time]:
    """Yield what lies within the time told before: "67 minutes, 26 of them driving"."""
    for match in _OF_THEM.finditer(text):
        sentence = sentences.around(match.start())
        behind = text[match.start() : min(sentence.end, match.end() + 48)]
        off = NO_WORK.search(behind) or _OTHER_WORK.search(behind) or by_staff("", behind)
        whose = Whose.TAKEN_OFF if off else Whose.PART
        yield Time(int(match["n"] or match["k"]), Span(*match.span()), sentence, whose, total=False, activity=False)


def chosen(times: Sequence[Time], counted: Iterable[Whose] = (Whose.OWN,)) -> tuple[int, Span] | None:
    """Return the minutes that count and where they stand; None where the letter does not settle them.

    A total wins over what it is made of; parts of one practitioner's work are added where nothing else is called a
    total.
    """
    wanted = frozenset(counted)
    rows = [time for time in times if time.whose in wanted]
    if not rows:
        return None
    off = sum(time.minutes for time in times if time.whose is Whose.TAKEN_OFF)
    values = list(dict.fromkeys(time.minutes for time in rows))
    totals = list(dict.fromkeys(time.minutes for time in rows if time.total))
    if not totals and len(rows) > 1 and all(row.more for row in rows[1:]):
        return sum(row.minutes for row in rows) - off, Span(rows[0].span.start, rows[-1].span.end)
    if len(totals) == 1 or len(values) == 1:
        whole = totals[0] if len(totals) == 1 else values[0]
        if len(totals) != 1 and any(time.whose is Whose.PART for time in times) and len(rows) > 1:
            return None
        return (whole - off, _where(rows, whole)) if whole > off else None
    largest = max(values)
    if largest * 2 == sum(values):
        return largest - off, _where(rows, largest)
    if not totals and not off and len(values) == len(rows) and _parts_of_one(rows):
        return sum(values), Span(rows[0].span.start, rows[-1].span.end)
    return None


def listed(text: str, times: Sequence[Time], counted: Iterable[Whose]) -> tuple[int, Span] | None:
    """Return the sum of a log with a day for each entry, None where the letter has none or gives the total as well."""
    wanted = frozenset(counted)
    # Each entry has a line of its own, or stands between commas: "4/1 Dr. Hale 8 min, 4/3 Dr. Hale 6 min".
    lines = [(time, re.split(r"[\n,;]|(?<!Dr)(?<!Mr)\. ", text[: time.span.start])[-1]) for time in times]
    lines = [
        (time, text[text.rfind("\n", 0, time.span.start) + 1 : time.span.start])
        if not _DAY_FIRST.match(line)
        else (time, line)
        for time, line in lines
    ]
    rows = [time for time, line in lines if _DAY_FIRST.match(line) and len(_TIME_OF_DAY.findall(line)) == 0]
    if len(rows) < 2 or any(time.total for time in times):
        return None
    own = [time for time in rows if time.whose in wanted]
    return (sum(time.minutes for time in own), Span(own[0].span.start, own[-1].span.end)) if own else None


def unsettled(times: Sequence[Time]) -> tuple[Time, ...]:
    """Return the practitioner's times of which the letter does not say which one counts, each length once."""
    rows = {time.minutes: time for time in reversed(times) if time.whose is Whose.OWN}
    parts = any(time.whose in (Whose.PART, Whose.TAKEN_OFF) for time in times)
    return tuple(reversed(rows.values())) if 1 < len(rows) <= _FEW and not parts else ()


def _is_left_out(after: str) -> bool:
    """Tell whether a time is said not to count; "62 minutes (travel not counted)" says it of something else."""
    found = _NOT_COUNTED.match(after)
    if found is None:
        return False
    _, *others = re.split(r"[(,]", found[0])
    # "65 minutes, intubation by me (not counted)" says it of the intubation.
    return not any(pattern.search(" ".join(others)) for pattern in (NO_WORK, _OTHER_WORK, STAFF))


def _parts_of_one(rows: Sequence[Time]) -> bool:
    return all(row.activity for row in rows) and all(
        later.span.start - earlier.span.end < 120 for earlier, later in pairwise(rows)
    )


def _where(rows: Iterable[Time], minutes: int) -> Span:
    return next(time.span for time in rows if time.minutes == minutes)


def _length(match: re.Match[str], text: str) -> int | None:
    """Return the minutes of a stretch; of "30 to 39 minutes" the first number."""
    if match["sum"]:
        minutes = float(sum(int(part) for part in match["sum"].split("+")))
    elif match["n"] or match["behind"]:
        minutes = float(match["n"] or match["behind"])
    elif match["spelled"]:
        minutes = float(spelled_out(match["spelled"]))
    else:
        hours = _WORDS.get(match["h"].lower())
        hours = float(match["h"]) if hours is None else hours
        near = max(0, match.start() - 40), match.end() + _LATE
        spent = _SPENT.search(text, *near) or (hours <= _FEW_HOURS and _SPENT_FEW.search(text, *near))
        if match["hm"] is None and not spent:
            return None
        if match["hm"] is None and match["h"].lower() in ("an", "one") and match["bound"]:
            # "Over an hour" is how people talk of the minutes that they gave before.
            return None
        written = (match["hm"] or "0").lower()
        more = 30.0 if written == "a half" else float(written if written.isdigit() else spelled_out(written))
        minutes = 60 * hours + more
    bound = (match["bound"] or "").lower()
    if bound in ("over", "more than", "greater than", ">"):
        minutes += 1
    elif bound:
        minutes -= 1
    return int(minutes) if 0 < minutes < 1440 else None


def _part(text: str, before: int, match: re.Match[str], behind: int) -> Span:
    """Return the part of the sentence that a time belongs to: to the last break before it and the first behind it."""
    breaks = [found.end() for found in _BREAK.finditer(text, before, match.start())]
    stop = _BREAK.search(text, match.end(), behind)
    return Span(breaks[-1] if breaks else before, stop.start() if stop else behind)


def _time(text: str, match: re.Match[str], length: int, around: Span, reach: Span) -> Time:
    before = text[max(reach.start, match.start() - 72) : match.start()]
    after = text[match.end() : min(reach.end, match.end() + 72)]
    part, at = text[around.start : around.end], match.end() - around.start
    total = bool(_TOTAL.search(part) or _TOTAL.search(text, match.end(), min(reach.end, match.end() + _LATE)))
    whose = Whose.OWN
    if _LESS.search(before):
        whose = Whose.TAKEN_OFF
    elif _HELD.search(before):
        whose = Whose.TAKEN_OFF if _OTHER_WORK.search(before) or NO_WORK.search(before) else Whose.PART
    elif _WITHIN.search(before) or (_COUNTS_IN.search(before) and NO_WORK.search(part)):
        off = _OTHER_WORK.search(after) or NO_WORK.search(part) or by_staff("", part[at:])
        whose = Whose.TAKEN_OFF if off else Whose.PART
    elif _WITHOUT.search(before) or _is_left_out(after) or is_apart(part, at) or is_apart(part, at, NO_WORK):
        whose = Whose.LEFT_OUT
    elif match["top"] or _ASKED.search(before) or _CLAIMED.search(text, reach.start, match.start()):
        whose = Whose.ASKED
    elif _OTHER_DAY.search(part):
        whose = Whose.OTHER_DAY
    elif by_staff(part[: match.start() - around.start], part[match.end() - around.start :]):
        whose = Whose.STAFF
    activity = bool(_ACTIVITY.search(part)) and not _TWO.search(part)
    more = bool(_MORE.search(before) or _MORE_BEHIND.search(match[0]))
    return Time(length, Span(*match.span()), around, whose, total, activity, more)


def _by_clock(text: str, sentences: Sentences) -> Iterator[Time]:
    for match in _CLOCK.finditer(text):
        hours = int(match["h1"]), int(match["h2"])
        if max(hours) > 24 or max(int(match["m1"]), int(match["m2"])) > 59:
            continue
        start, stop = _of_day(hours[0], match["m1"], match["p1"]), _of_day(hours[1], match["m2"], match["p2"])
        length = stop - start if stop > start else (stop - start) % 720 or 720
        if length < 300:
            sentence = sentences.around(match.start())
            yield Time(length, Span(*match.span()), sentence, Whose.OWN, total=False, activity=False)


def _of_day(hour: int, minute: str, half: str | None) -> int:
    afternoon = half is not None and half.lower().startswith("p") and hour < 12
    return 60 * (hour + 12 * afternoon) + int(minute)
