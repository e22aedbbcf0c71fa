"""Find the full dates of a letter and tell those of a person's life from those of a service.

A date of service decides which code set is in force, so the answer needs it: it stays readable. HIPAA counts it
among the identifiers all the same, which is why masked text is still kept, shown and purged as health
information. The rule: a date behind a cue of birth, admission, discharge or death is masked; one behind a cue
of a service, or after a plain "on", stays. A date that nothing introduces ("Nose BCC 3/2/26 99213") stays when it
stands beside a code or a word for a procedure and lies in the three years up to today: that is how coders jot down
a date of service, and payers take claims for no longer. Beside a word for a birth or an age, directly behind a
masked name, ahead of today or earlier than that, it may be a date of birth and is masked, as is any other.

In a letter about transitional care the day of the discharge decides the code, like a date of service, and stays as one.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from consultant.privacy.identifiers import SENTINEL

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_FULL: Final = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/])(?:0?[1-9]|[12]\d|3[01])\2(?:(?:19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|[12]\d|3[01])\.(?:19|20)\d\d"
    r"|" + _MONTHS + r"\.?[ \t]{1,2}(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?[ \t]{1,2}(?:'?\d\d(?!\d)|(?:19|20)\d\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ \t-]{1,2}(?:of )?" + _MONTHS + r"\.?,?[ \t-]{1,2}(?:19|20)\d\d"
    r")(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
# What counts as a date only behind a cue of birth: a month with a year, a day without one, eight digits.
_BIRTH: Final = re.compile(
    r"\b(?:d\.?o\.?b|date of birth|birth ?date|birthday|born(?: on| in)?)\b\.?[ \t]{0,3}(?:is\b|was\b|[:=-])?[ \t]{0,3}"
    r"(?P<v>(?:19|20)\d{6}\b|\d{6}(?!\d)|\d{1,2}[/.-](?:\d{4}|\d{2})\b(?![/.-]\d)|(?:19|20)\d\d\b(?![-/.]\d)|"
    + _MONTHS
    + r"\.?(?:[ \t]{1,2}\d{1,2}(?:st|nd|rd|th)?\b)?,?(?:[ \t]{1,2}(?:19|20)\d\d\b)?)",
    re.IGNORECASE,
)
_PERSONAL = (
    r"(?P<personal>d\.?o\.?b|birth(?:[ ]?date|day)?|born|admi(?:t|tted|ssion)|adm|discharged?|d/c|dc'?d|died|death"
    r"|deceased|expired|passed away|hospitali[sz]ed)(?:[ ]date)?"
)
_SERVICE = (
    r"dos|svc|services?|date|dated|visit|seen|saw|surger(?:y|ies)|procedures?|proc|performed|done|excis\w{0,8}|biops\w{0,5}"
    r"|bx|exc|debrid\w{0,7}|operat\w{0,6}|op|or|encounter|appointment|appt|bill(?:ed|ing)?|service|eff|effective|since"
    r"|as of|until|through|thru|valid|release|edition|version|deleted|retired|terminated|start\w{0,4}|beginning|claim"
    r"|denied|denial|eob|remit\w{0,6}|e-?mail|letter|tx|treat\w{0,5}|removed|remov\w{0,4}|repair\w{0,3}|clos\w{0,4}|mohs"
    r"|shav\w{0,3}|path\w{0,5}|report|destr\w{0,7}|inject\w{0,4}|provided|rendered|came|presented|updated|published|sent"
    # When a preventive service was given last, and since when coverage runs, decide whether it is paid.
    r"|last(?! name)|latest|previous|prior(?! to)|most recent|part b|awvs?|ippe|wellness|colonoscop\w+|pap|mammogra\w+"
    r"|screen\w{0,4}|paid|called|phoned|reached|spoke|contact\w{0,3}"
    r"|wrote|report(?:ed)?|inserted|placed|drained|lac\w{0,7}|policy|lcd|manual|transmittal|quarter"
)
_CUES: Final = re.compile(r"(?<!\w)(?:" + _PERSONAL + r"|(?P<service>" + _SERVICE + r"))(?!\w)", re.IGNORECASE)
_PLAIN: Final = re.compile(
    r"(?<!\w)(?:on|for|from|in|of|after|before|by|between|to)[ \t]{1,3}(?:the )?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b,?[ \t]{0,2}(?:the )?)?\W{0,2}$",
    re.IGNORECASE,
)
# The days between discharge, contact and visit choose the codes of transitional care (CPT).
_TRANSITION: Final = re.compile(r"\b(?:TCM|transition(?:al|s)?(?: of)? care|9949[56])\b", re.IGNORECASE)
_DISCHARGE: Final = re.compile(r"discharged?|d/c|dc'd", re.IGNORECASE)
_JOINED: Final = re.compile(
    r"[ \t]{0,2}(?:,|;|&|/|-|–|—|to|and|or|through|thru|until)?(?:[ \t]{1,2}and)?[ \t]{0,2}", re.IGNORECASE
)
_BEHIND_BIRTH: Final = re.compile(r"[ \t]{0,2}[(\[]?[ \t]{0,2}(?:d\.?o\.?b|birth|born)\b", re.IGNORECASE)
_BEHIND_SERVICE: Final = re.compile(
    r"[ \t]{0,2}[(\[]?[ \t]{0,2}(?:dos|date of service|visit|surgery|encounter)\b", re.IGNORECASE
)
_BORN: Final = re.compile(r"\b(?:d\.?o\.?b\.?|birth ?date|date of birth|birthday|born)\b[^\d\n]{0,12}$", re.IGNORECASE)
_IDENTIFYING_AGE: Final = 90
_LOOK_BACK: Final = 48
_BESIDE: Final = re.compile(
    r"(?<![\w.$#/-])\+?(?:\d{5}|\d{4}[FTU]|[A-V]\d{4})(?:-[A-Z0-9]{2})?(?!\w|\.\d|-\d)"
    r"|(?<![\w.])[A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}(?![\w.])"
    r"|\b(?:excis\w{2,4}|exc|shav(?:e|ed|ing)|biops\w{1,4}|bx|debrid\w{2,7}|mohs|repair(?:ed|s)?|closures?|closed"
    r"|remov(?:ed|al)|surgery|procedures?|i ?& ?d|cryo\w{0,7}|destr\w{5,7}|e/?m|visit|dos"
    # What a visit is of: "est pt 8/4/26", "Medicare inpatient 8/7/2026".
    r"|medicare|in-?pa?t(?:ient)?|out-?pa?t(?:ient)?|ed|er|asc|uc|urgent care|pro-?fee|observation|obs"
    r"|office|clinic|hospital|telehealth|telephone|phone|video|portal"
    r"|consult\w{0,6}|nursing|snf|critical care|(?:est|estab\w{0,7}|new) (?:pt|patient)|awv|wellness|preventive"
    r"|physical|therapy|screening|vaccin\w{0,6}|immuniz\w{0,6}|house ?call|follow[- ]?up|f/u|rounds?|rounded)\b",
    re.IGNORECASE,
)
_LIFE: Final = re.compile(
    r"\b(?:d\.?o\.?b|birth\w{0,5}|born|newborn|aged?|y/?o[fm]?|yrs?|years?|months?[ -]old|mos?[ -]old)\b"
    r"|\d(?:y/?o[fm]?|yrs?)\b",
    re.IGNORECASE,
)
_BESIDE_REACH: Final = 24
_YEARS_OF_SERVICE: Final = 3
_NUMBERED_FORMS: Final = (
    re.compile(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d\d)"),
    re.compile(r"(?P<month>[a-z]{3})[a-z]{0,6}\.?[ \t]{1,2}(?P<d>\d{1,2})\D{1,6}(?P<y>\d{4}|\d\d)", re.IGNORECASE),
    re.compile(r"(?P<d>\d{1,2})\D{1,7}?(?P<month>(?:" + _MONTHS + r"))\.?,?[ \t-]{1,2}(?P<y>\d{4})", re.IGNORECASE),
)
_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NUMBERS: Final = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}


def day_of(written: str) -> date | None:
    """Return the day of a full date as US coders write it, month first; two-digit years are of this century."""
    match = next((match for form in _NUMBERED_FORMS if (match := form.fullmatch(written.strip()))), None)
    if match is None:
        return None
    groups = match.groupdict()
    named = groups.get("month")
    month = _MONTH_NUMBERS.get(named[:3].lower(), 0) if named else int(groups["m"])
    year = int(groups["y"])
    try:
        return date(year if year > 99 else 2000 + year, month, int(groups["d"]))
    except ValueError:
        return None


def jotted(text: str, start: int, end: int, *, today: date) -> bool:
    """Tell whether the date at this place is one of a service by what stands beside it, though nothing introduces it.

    A code or a word for a procedure stands within 24 characters of the same line or the next, no word for a birth or
    an age and no masked name is near, and the day lies in the three years up to `today`.
    """
    day = day_of(text[start:end])
    if day is None or day > today or (today - day).days > 366 * _YEARS_OF_SERVICE:
        return False
    before = text[max(0, start - _LOOK_BACK) : start].rpartition("\n\n")[2]
    after = text[end : end + _LOOK_BACK].partition("\n\n")[0]
    if _LIFE.search(before) or _LIFE.search(after) or before.rstrip(" \t,:(-").endswith((SENTINEL, "]")):
        return False
    near = before[-_BESIDE_REACH:].rpartition(SENTINEL)[2], after[:_BESIDE_REACH].partition(SENTINEL)[0]
    return any(_BESIDE.search(side) for side in near)


def served(text: str, masked: list[tuple[int, int]], *, today: date) -> date:
    """Return the latest full date of the text that is not masked and not ahead of `today`, or `today`."""
    days = [
        day
        for match in _FULL.finditer(text)
        if match.span() not in masked and (day := day_of(match[0])) is not None and day <= today
    ]
    return max(days, default=today)


def age(text: str, start: int, end: int, on: date) -> int | None:
    """Return the age in whole years on a day of who was born on the date at this place.

    None where the date is not full, is no date of birth, or makes an age of 90 or more, which is an identifier.
    """
    if not (_BORN.search(text, max(0, start - 24), start) or _BEHIND_BIRTH.match(text, end)):
        return None
    born = day_of(text[start:end])
    if born is not None and born > on:
        # A two-digit year lies in the past.
        born = None if re.search(r"\d{4}", text[start:end]) else born.replace(year=born.year - 100)
    if born is None or born > on:
        return None
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years if years < _IDENTIFYING_AGE else None


def find(text: str, *, today: date) -> Iterator[tuple[int, int]]:
    """Yield the stretch of each date that is masked, left to right within each of the two rules.

    `today` bounds how far back a date that nothing introduces may lie to be one of a service.
    """
    for match in _BIRTH.finditer(text):
        yield match.span("v")
    previous_end, previous_masked = -1, False
    for match in _FULL.finditer(text):
        start, end = match.span()
        if previous_end >= 0 and _JOINED.fullmatch(text, previous_end, start):
            masked = previous_masked
        else:
            masked = _of_a_person(text, max(previous_end, start - _LOOK_BACK, 0), start, end, today)
        if masked:
            yield start, end
        previous_end, previous_masked = end, masked


def _of_a_person(text: str, since: int, start: int, end: int, today: date) -> bool:
    before = text[since:start].rpartition(SENTINEL)[2].rpartition("\n\n")[2]
    if _BEHIND_BIRTH.match(text, end):
        return True
    cues = list(_CUES.finditer(before))
    if cues:
        by_discharge = _DISCHARGE.match(cues[-1][0]) and _TRANSITION.search(text)
        return cues[-1].lastgroup == "personal" and not by_discharge
    if _PLAIN.search(before) or _BEHIND_SERVICE.match(text, end):
        return False
    if _TRANSITION.search(text) and not _LIFE.search(before):
        return (day := day_of(text[start:end])) is None or not 0 <= (today - day).days <= 366
    return not jotted(text, start, end, today=today)
