"""Find the full dates of a letter and tell those of a person's life from those of a service.

A date of service decides which code set is in force, so the answer needs it: it stays readable. HIPAA counts it
among the identifiers all the same, which is why masked text is still kept, shown and purged as health
information. The rule: a date behind a cue of birth, admission, discharge or death is masked; one behind a cue
of a service, or after a plain "on", stays; one that nothing introduces is masked.
"""

import re
from collections.abc import Iterator
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
    r"|wrote|report(?:ed)?|inserted|placed|drained|lac\w{0,7}|policy|lcd|manual|transmittal|quarter"
)
_CUES: Final = re.compile(r"(?<!\w)(?:" + _PERSONAL + r"|(?P<service>" + _SERVICE + r"))(?!\w)", re.IGNORECASE)
_PLAIN: Final = re.compile(
    r"(?<!\w)(?:on|for|from|in|of|after|before|by|between|to)[ \t]{1,3}(?:the )?\W{0,2}$", re.IGNORECASE
)
_JOINED: Final = re.compile(
    r"[ \t]{0,2}(?:,|;|&|/|-|–|—|to|and|or|through|thru|until)?(?:[ \t]{1,2}and)?[ \t]{0,2}", re.IGNORECASE
)
_BEHIND_BIRTH: Final = re.compile(r"[ \t]{0,2}[(\[]?[ \t]{0,2}(?:d\.?o\.?b|birth|born)\b", re.IGNORECASE)
_BEHIND_SERVICE: Final = re.compile(
    r"[ \t]{0,2}[(\[]?[ \t]{0,2}(?:dos|date of service|visit|surgery|encounter)\b", re.IGNORECASE
)
_LOOK_BACK: Final = 48


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretch of each date that is masked, left to right within each of the two rules."""
    for match in _BIRTH.finditer(text):
        yield match.span("v")
    previous_end, previous_masked = -1, False
    for match in _FULL.finditer(text):
        start, end = match.span()
        if previous_end >= 0 and _JOINED.fullmatch(text, previous_end, start):
            masked = previous_masked
        else:
            masked = _of_a_person(text, max(previous_end, start - _LOOK_BACK, 0), start, end)
        if masked:
            yield start, end
        previous_end, previous_masked = end, masked


def _of_a_person(text: str, since: int, start: int, end: int) -> bool:
    before = text[since:start].rpartition(SENTINEL)[2].rpartition("\n\n")[2]
    if _BEHIND_BIRTH.match(text, end):
        return True
    cues = [match.lastgroup for match in _CUES.finditer(before)]
    if cues:
        return cues[-1] == "personal"
    return not (_PLAIN.search(before) or _BEHIND_SERVICE.match(text, end))
