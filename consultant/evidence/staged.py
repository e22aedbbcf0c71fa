"""The modifier of a later operation within the global period: planned, a return for a complication, or unrelated.

It stands on the claim line only where the letter asks for a modifier and its own words meet every criterion: the same
surgeon or group, a period that still runs, and one of three: a stage that was planned (58), an unplanned return to an
operating room (78), or a procedure that has nothing to do with the first (79). Two of them in one letter are a
question, and no answer.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from consultant.evidence.asked import Aspect
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.questions.encounter import service_dates
from consultant.questions.model import Subject
from knowledge.model import Value
from knowledge.official_model import Fee

_MODIFIERS: Final[tuple[tuple[str, dict[str, Value], str], ...]] = (
    ("58", {"within_global": True, "closure_planned": True}, "the closure was planned"),
    (
        "78",
        {"within_global": True, "operating_room": True, "closure_planned": False},
        "it was an unplanned return to the operating room",
    ),
)
"""Modifier, what the letter must say, and those words in short (CPT, modifiers 58 and 78)."""
_NOT_PLANNED: Final = r"unplanned|unanticipated|unexpected(?:ly)?|not (?:been )?(?:planned|anticipated|staged)"
_SAID: Final = (
    (
        "58",
        re.compile(
            r"(?<!un)(?<!not )(?<!not been )\b(?:planned|staged|anticipated|announced|foreseen|prospectively"
            r"|intended)\b"
            r"|\b(?:as|per|plan(?:ned)? was|the) plan(?:ned)?\b(?! (?:pays|requires|wants|of care))"
            r"|\bplan(?:ned)? (?:for"
            r"|to|delayed|second|return|staged)\b|\b(?:second|2nd|third|final|next)[ -](?:planned )?stages?\b"
            r"|\bstage (?:2"
            r"|two|ii)\b|\bon purpose\b"
            # What the first operation left at its margin is taken by a more extensive one.
            r"|\bmore extensive (?:than|procedure|operation|surgery|excision|resection)\b"
            r"|\bre-?(?:excis|resect)\w+\b(?=[\s\S]{0,240}\bmargin)|\bmargins?\b[\s\S]{0,240}?\bre-?(?:excis|resect)\w+"
            r"|\b(?:positive|involved|close|dirty) margins?\b|\bmargins? (?:\w+ ){0,3}(?:positive|involved"
            r"|not clear)\b",
            re.IGNORECASE,
        ),
        "it was planned as a stage, or takes more where the first left disease at its margin",
    ),
    (
        "78",
        re.compile(
            rf"\b(?:{_NOT_PLANNED})\b(?=[\s\S]{{0,400}}\b(?:OR|operating room|theat(?:er|re)|surgery)\b)"
            rf"|\b(?:OR|operating room|theat(?:er|re))\b(?=[\s\S]{{0,400}}\b(?i:{_NOT_PLANNED})\b)"
            r"|\b(?:back|return\w*|brought|taken|took|takeback)\b[^.\n]{0,60}\b(?:OR|operating room|theat(?:er"
            r"|re)|surgery)"
            r"\b(?=[\s\S]{0,160}\b(?i:complication|infect|bleed|dehisc|burst|necro|came apart|hematoma))",
        ),
        "it was an unplanned return to the operating room",
    ),
    (
        "79",
        re.compile(
            r"\b(?:unrelated|not related|nothing to do with|no (?:relation|connection) (?:to|with))\b", re.IGNORECASE
        ),
        "it has nothing to do with the first operation",
    ),
)
_OTHER_SURGEON: Final = re.compile(
    r"\b(?:another|other|different|outside) (?:\w+ )?(?:surgeon|physician|doctor|practice|group|provider|hospital)\b"
    r"|\belsewhere\b|\bnot the same (?:surgeon|physician|group)\b",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"\bsame (?:\w+ ){0,2}?(?:surgeon|physician|doctor|group|provider|practice|orthop\w+|plastic\w*|podiatrist|team)\b"
    r"|\b(?:our|we|us|my|himself|herself)\b|\bi (?:took|brought|returned|re-?\w+|went back|operated|did)\b"
    r"|\b(?:surgeon|doctor|physician) who (?:did|performed|had done)\b"
    # The one doctor who is named does the second operation too: "Dr. N rebuilt the nose ... she divided the flap".
    r"|(?:\bDr\.?[ \t]|\[PERSON_\d+\])[\s\S]{0,320}\b(?:he|she)[ \t](?:\w+[ \t])?(?:cut|divid\w+|inset|took|did"
    r"|perform\w+"
    r"|return\w+|separat\w+|detach\w+|clos\w+|excis\w+|graft\w+|revis\w+|re-?opened|operated)\b|\bbilled and paid\b"
    r"|\b(?:he|she|Dr\.? ?\S+) (?:also |had )?(?:did|performed|raised|operated|placed) the (?:first|initial"
    r"|original|index)",
    re.IGNORECASE,
)
_GLOBAL: Final = re.compile(
    r"\bglobal\b|\b(?:10|ten|90|ninety)[ -]days?\b|\bpost-?op(?:erative)? period\b", re.IGNORECASE
)
_NO_GLOBAL: Final = re.compile(
    r"\b(?:no|out(?:side)?|past|beyond|after|without)(?: of)?(?: the| an?| his| her)? (?:\w+[ -])?(?:day )?global\b"
    r"|\bglobal\b[^.;\n]{0,40}\b(?:over|ended|expired|passed|run out)\b",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[ -](?P<unit>days?|weeks?"
    r"|wks?)[ -]?(?:later|after"
    r"|ago|earlier|before|post|out|prior)\b|\bPOD ?#?(?P<pod>\d{1,2})\b",
    re.IGNORECASE,
)
_NUMBERS: Final = {
    word: place
    for place, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_DATE: Final = re.compile(r"(?<![\w/.-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d\d))?(?![\w/-])")
_LONGEST: Final = 90
"""Days of the longest global period."""
_FIRST: Final = re.compile(
    r"\b(?:after|since|from|following) (?:the |her |his )?(?:flap|graft|surgery|operation|first|initial)\b"
    r"|\b(?:first|initial|original|index|previous|earlier|prior)[ -](?:stage|surgery|operation|procedure|case"
    r"|session)\b"
    r"|\b(?:raised|elevated|placed|did|done|performed|operated|nail(?:ed|ing)|fus(?:ed|ion)|resect\w+|amputat\w+"
    r"|left open|excis\w+|lumpectom\w+|mastectom\w+|repair\w*|flap (?:from|of)|stage (?:1|one|i))\b",
    re.IGNORECASE,
)
_OWN_PERIOD: Final = frozenset(
    {"breast_excision", "flaps", "skin_graft_preparation_and_autograft", "tissue_transfer", "hidradenitis"}
)
"""Families whose own first stage has 090 days, so that a later stage falls into them without another code."""


def staged(inquiry: Inquiry, family: str, code: str, subjects: Sequence[Subject]) -> tuple[str, Finding] | None:
    """Return the modifier that the letter's own words support for a line, with its reason."""
    held = inquiry.release.family(family)
    if Aspect.MODIFIER not in inquiry.aspects or held is None or not subjects:
        return None
    told = [(row[0], row[2]) for row in _MODIFIERS if all(_says(subject, row[1]) for subject in subjects)]
    told = told or _told(inquiry, family, code)
    for modifier, reason in told:
        test = next((row for row in held.modifiers if row.code == modifier), None)
        if test is not None:
            text = (
                f"{modifier} stands on {code}: your letter says that the same surgeon or group operated first, within "
            )
            text += f"the global period, and that {reason}."
            return modifier, Finding(FindingKind.MODIFIER, f"staged.{modifier}", text, test.citations)
    return None


def _says(subject: Subject, needed: dict[str, Value]) -> bool:
    values = subject.values()
    return all(values.get(name) == value for name, value in needed.items())


def _told(inquiry: Inquiry, family: str, code: str) -> list[tuple[str, str]]:
    """Return the one modifier whose criteria the whole letter tells, with its reason."""
    text = inquiry.question.text
    fee = inquiry.fee(code)
    if inquiry.add_on(code) or (isinstance(fee, Fee) and fee.global_days not in ("000", "010", "090")):
        return []
    if _OTHER_SURGEON.search(text) or not _SAME.search(text) or not _runs(inquiry, family):
        return []
    statements = " ".join(row for row in re.split(r"(?<=[.!?])\s+|\n", text) if not row.rstrip().endswith("?"))
    found = [(modifier, reason) for modifier, pattern, reason in _SAID if pattern.search(statements)]
    return found if len(found) == 1 else []


def _runs(inquiry: Inquiry, family: str) -> bool:
    """Tell whether the global period of a first operation still runs, as far as the letter tells."""
    text = inquiry.question.text
    if _NO_GLOBAL.search(text):
        return False
    if _GLOBAL.search(text):
        return True
    limits = [int(fee.global_days) for _, fee in inquiry.fees if fee.global_days in ("010", "090")]
    if family in _OWN_PERIOD and _FIRST.search(text):
        limits.append(90)
    if family == "secondary_wound_closure" and not limits and _FIRST.search(text):
        # Which operation left the wound open is not told by a code; the shorter period is sure to run.
        limits.append(10)
    days = _days_between(inquiry)
    return bool(limits) and days is not None and 0 < days <= max(limits)


def _before(text: str, on: date) -> Iterator[date]:
    """Yield every date of the letter in the ninety days before this one, with or without its year."""
    for match in _DATE.finditer(text):
        year = int(match["y"] or on.year)
        try:
            day = date(year if year > 99 else 2000 + year, int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        if 0 <= (on - day).days <= _LONGEST:
            yield day


def _days_between(inquiry: Inquiry) -> int | None:
    """Return the days from the first operation to this one: between two dates of the letter, or as it says."""
    text = inquiry.question.text
    found = {day for day, _ in service_dates(text, inquiry.on)} | set(_before(text, inquiry.on)) | {inquiry.on}
    if len(found) > 1:
        return (max(found) - min(found)).days
    match = _SPAN.search(text)
    if match is None:
        return None
    if match["pod"]:
        return int(match["pod"])
    written = match["n"].lower()
    number = int(written) if written.isdigit() else _NUMBERS[written]
    return number * (7 if match["unit"][0].lower() == "w" else 1)
