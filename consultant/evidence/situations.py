"""Rules that a situation of the letter calls for by itself, beside the row of a file that it also asks for.

A letter that asks whether a visit in the global period is paid tells what the visit was for; which rule answers it
follows from that, whatever words the question shares with other rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consultant.evidence.asked import direct
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind


@dataclass(frozen=True, slots=True)
class _Situation:
    """What the letter must tell, each pattern, and the rules of one family that then answer."""

    family: str
    rules: tuple[str, ...]
    told: tuple[re.Pattern[str], ...]
    days: frozenset[str] = frozenset()
    """Global days one of which a code of the letter must have; none where they do not matter."""
    untold: re.Pattern[str] | None = None


def _row(family: str, rules: str, *told: str, days: str = "", untold: str = "") -> _Situation:
    patterns = tuple(re.compile(row, re.IGNORECASE | re.DOTALL) for row in told)
    against = re.compile(untold, re.IGNORECASE) if untold else None
    return _Situation(family, tuple(rules.split()), patterns, frozenset(days.split()), against)


_VISIT = r"\bvisits?\b|\bsaw\b|\bseen\b|\be/?m\b|\bconsult|\b99\d{3}\b|\bcame (?:back|in)\b|\bfollow"
_PAID = (
    r"\bglobal|\bpost-?op|\b(?:bill|paid|pay|payable|charge|report|claim)\w*\b|\bmod(?:ifier)?s?\b"
    r"|\b(?:24|25|57|58|78|79)\b"
)
_RESIDENT = r"\bresidents?\b|\bPGY|\bintern\b|\bteaching (?:physician|doc)|\bpreceptor|\bGE\b"
_SIDES = (
    r"\bright\b.{0,200}\bleft\b|\bleft\b.{0,200}\bright\b|\b(?:other|second|fellow|opposite|contralateral) "
    r"(?:eye|knee|hip|side|hand|wrist|shoulder|ear|foot|breast|cataract)|\bOD\b.{0,200}\bOS\b|\bOS\b.{0,200}\bOD\b"
)

_LONG_DECIDED = (
    r"\b(?:decided|decision|scheduled|booked|planned)\b[^.?\n]{0,40}\b(?:weeks?|months?) (?:ago|before|earlier)\b"
    r"|\balready (?:decided|scheduled|booked|planned)\b"
)

_SITUATIONS: Final = (
    _row(
        "global_surgery",
        "gs-57",
        r"\bdeci(?:ded?|sion|ding)\b",
        r"\bday before\b|\bnext (?:day|morning)\b|\bsame day\b|\bfollowing (?:day|morning)\b|\b57\b|\bglobal\b",
        _VISIT,
        r"\bmod(?:ifier)?s?\b|\bglobal\b|\b(?:25|57)\b",
        days="090",
        untold=_LONG_DECIDED,
    ),
    _row(
        "global_surgery",
        "gs-preop-visit",
        _LONG_DECIDED,
        r"\bday before\b|\bday prior\b|\bnext (?:day|morning)\b|\beve of\b",
        _VISIT,
        days="090",
    ),
    _row(
        "global_surgery",
        "gs-inside gs-78",
        r"\binfect\w*|\bhematoma|\bseroma|\bdehisc\w+|\babscess|\bbleed\w*|\bcomplication|\bdrain(?:ed|age)\b",
        r"\bpost-?op|\bglobal|\bafter (?:the )?(?:\w+ ){0,3}(?:surgery|operation|repair|procedure)|\b(?:78|24)\b",
        r"\boffice\b|\bclinic\b|\bbedside\b|\bno (?:return|trip)\b|\bnot (?:go|taken|return)\w* (?:back )?to\b"
        r"|\bvisit\b",
        _PAID,
        days="010 090",
        untold=r"\b(?:taken|took|went|returned?|brought) (?:\w+ ){0,3}(?:back )?to (?:the )?(?:OR\b|operating)",
    ),
    _row(
        "global_surgery",
        "gs-inside-small gs-99024",
        r"\b(?:stitch(?:es)?|sutures?|staples?|drains?|dressing|cast|splint)\b.{0,40}\b(?:out|remov\w+|change\w*|taken)\b"
        r"|\b(?:remov\w+|take|took|taking|pull\w*|chang\w+)\b.{0,30}"
        r"\b(?:stitch(?:es)?|sutures?|staples?|drains?|dressing|cast|splint)\b",
        r"\bglobal|\bpost-?op (?:days|period)",
        _VISIT,
        days="010 090",
    ),
    _row(
        "global_surgery",
        "gs-79 gs-second-side",
        _SIDES,
        r"\b79\b|\bwhich mod(?:ifier)?\b|\bwhat mod(?:ifier)?\b",
        r"\bglobal|\bpost-?op (?:days|period)|\bwithin (?:the )?(?:90|ninety)",
        days="090",
        untold=r"\bstaged\b|\bcomplication",
    ),
    _row(
        "teaching_physician",
        "tea-minor-procedures",
        _RESIDENT,
        r"\b(?:minor|short|brief|quick|five|[1-5])[ -]?(?:min\w*|procedure)|\bpunch\b|\bprocedure time\b",
        r"\bpresen(?:t|ce)\b|\bin the room\b|\bwatch\w*|\battest\w*|\bGC\b",
        r"\bprocedure\b|\bbiops\w+|\binjection|\bpunch\b|\bI ?& ?D\b",
        untold=r"\bendoscop|\bcolonoscop|\bscope\b",
    ),
    _row(
        "teaching_physician",
        "tea-exception tea-exception-higher",
        r"\bprimary care exception\b|\bPCE\b",
        r"\b9921[45]\b|\b9920[45]\b",
    ),
    _row(
        "teaching_physician",
        "tea-exception-terms",
        r"\bprimary care exception\b|\bPCE\b",
        r"\bhow many\b[^?]*\bresidents?\b|\bresidents?\b[^?]*\b(?:at a time|at once|limit|maximum)\b[^?]*\?"
        r"|\bother duties\b[^?]*\?",
    ),
    _row(
        "teaching_physician",
        "tea-exception-first-six-months",
        r"\bprimary care exception\b|\bPCE\b",
        r"\b(?:[1-6]|one|two|three|four|five|six)(?: |-)(?:months?|mos?)\b|\bnew intern\b|\bfirst (?:six|6) months\b",
    ),
    _row(
        "teaching_physician",
        "tea-gc",
        r"\bGC\b",
        r"\b(?:change|affect|effect|reduce|lower|raise|cut)\w*\b[^?]*\b(?:pa(?:y|id)|payment|fee|rate)",
    ),
    _row(
        "incident_to",
        "it-direct it-each-visit",
        r"\bincident[- ]to\b|\b99211\b|\bsupervis\w+",
        r"\b(?:phone|telephone|audio|cell)\w*",
        r"\bRN\b|\bnurse\b|\bMA\b|\bNP\b|\bPA\b|\bstaff\b|\bassistant\b",
        untold=r"\bvideo\b|\btelehealth\b",
    ),
    _row(
        "incident_to",
        "it-place it-hospital",
        r"\bincident[- ]to\b",
        r"\bPOS ?(?:19|21|22|23)\b|\bhospital(?:'s)? (?:outpatient|clinic|inpatient)|\boutpatient department|\bHOPD\b",
    ),
    _row(
        "incident_to",
        "it-who-supervises it-each-visit",
        r"\bincident[- ]to\b",
        r"\b(?:vacation|away|off|covering|another (?:physician|doctor|partner)|partner|same group)\b",
        r"\b(?:whose|which|who)\b[^?]*\b(?:NPI|number|name|physician|doctor|bill)|\bunder (?:wh\w+|Dr)",
    ),
    _row(
        "ncci_policy",
        "np-no-abn",
        r"\bABN\b|\badvance beneficiary|\bpatient (?:pays?|can be billed|balance)|\bbill the patient\b|\bpt pays?\b",
        r"\bNCCI\b|\bbunde?l\w*|\bPTP\b|\bMUE\b|\bunlikely edit",
    ),
    _row(
        "lesion_excision",
        "lex-small-benign-closure",
        r"\b(?:0?\.5|half a) ?cm or (?:less|smaller|under)\b|\b(?:up to|not (?:more|over) than) 0?\.5 ?cm\b",
        r"\bbenign\b",
        r"\bclos(?:e|ed|ure)\b|\brepair|\b120[345]\d\b|\blayered\b",
        r"\bexcis\w+",
    ),
    _row("ncci_policy", "np-indicators", r"\bindicators?\b", r"\bNCCI\b|\bPTP\b|\bCCI\b", r"\b9\b", r"\b0\b|\b1\b"),
    _row(
        "medical_necessity_and_coverage",
        "mn-uncertain",
        r"\brule[- ]?out\b|\bR/O\b|\bsuspected\b|\bprobable\b",
        r"\boutpt\b|\boutpatient\b|\boffice\b|\bclinic\b",
        r"\bnecess\w*|\bcover\w*|\bLCD\b|\bpass(?:es)?\b",
    ),
)


def situations(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the rules that the letter's situation calls for, as answers."""
    return tuple(
        direct(FindingKind.WHY, rule.id, rule.text, rule.citations)
        for situation in _SITUATIONS
        if _is_told(inquiry, situation)
        for rule in inquiry.release.rules(family=situation.family)
        if rule.id in situation.rules
    )


def named_rules() -> Iterator[tuple[str, str]]:
    """Yield the family and the name of each rule that a situation calls for."""
    for situation in _SITUATIONS:
        yield from ((situation.family, rule) for rule in situation.rules)


def _is_told(inquiry: Inquiry, situation: _Situation) -> bool:
    text = inquiry.question.text
    if situation.untold and situation.untold.search(text):
        return False
    if not all(pattern.search(text) for pattern in situation.told):
        return False
    return not situation.days or any(fee.global_days in situation.days for _, fee in inquiry.fees)
