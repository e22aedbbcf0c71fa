"""Which modifier a told situation calls for, said by its number with its reason: 24, 25, 57, 58, 76 to 79.

A letter that asks for a modifier tells what happened: the other eye, a return for bleeding, a visit for something else.
Where its own words tell one situation and no other, the modifier of that situation is named; whether the record shows
the same is for the coder who has the record.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.asked_modifiers import named_modifiers
from consultant.evidence.conditions import named_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.periods import periods, told_days

VISIT: Final = re.compile(r"99(?:20[2-5]|21[2-5]|22[1-3]|23[1-6]|24[2-5]|25[2-5]|28[1-5]|30[4-9]|310|34[1-9]|350)")
"""Visits: evaluation and management."""
_OURS: Final = frozenset({"24", "25", "57", "58", "59", "76", "77", "78", "79"})
_ASKS: Final = re.compile(r"\bmod(?:ifi?e?r)?s?\b|\b(?:24|25|57|58|76|77|78|79)\b[^?\n]{0,80}\?", re.IGNORECASE)

_OTHER_SIDE: Final = re.compile(
    r"\b(?:other|second|2nd|fellow|opposite|contralateral) (?:\w+ )?(?:eye|knee|hip|foot|hand|side|shoulder|breast"
    r"|leg|arm|wrist|ear|ankle|elbow|heel)\b|\bcontralateral\b",
    re.IGNORECASE,
)
_PAIRED: Final = r"(?:eye|knee|hip|foot|hand|shoulder|breast|leg|arm|wrist|ear|ankle|elbow|heel)"
_SIDES: Final = re.compile(
    rf"\b(?:(?P<r>right|R|RT|OD)|(?P<l>left|L|LT|OS))[ -]+(?:\w+ )?(?:{_PAIRED}|\d{{5}})\b"
    rf"|(?<=\d{{5}})-(?:(?P<r2>RT)|(?P<l2>LT))\b|\b{_PAIRED},? (?:(?P<r3>right)|(?P<l3>left))\b"
    r"|\b(?:(?P<r4>right)|(?P<l4>left))(?: (?:side|one))? (?:was )?(?:done )?on \d",
    re.IGNORECASE,
)
_UNRELATED: Final = re.compile(
    r"\bunrelated\b(?!\?)|\bnot related\b|\b(?:nothing|nuthing|not anything|zero) to do w(?:ith|/)"
    r"|\bno (?:relation|connection|link) (?:to|with)\b|\bdifferent (?:problem|condition|complaint"
    r"|body part|lesion|site)\b"
    r"|\bseparate (?:problem|condition|complaint)\b|\b(?:new|another) (?:\w+ )?(?:problem|problm"
    r"|complaint|condition)\b",
    re.IGNORECASE,
)
_ROOM: Final = re.compile(
    r"\b(?:back|return\w*|brought|taken|took|takeback|readmitted)\b[^.\n]{0,60}"
    r"\b(?:(?-i:OR)|operating (?:room|suite)|theat(?:er|re)|surgery)\b"
    r"|\b(?:in|into) the (?:(?-i:OR)|operating (?:room|suite)|cath lab|endoscopy suite)\b"
    r"|\breturn to (?:the )?(?:(?-i:OR)|surgery)\b",
    re.IGNORECASE,
)
_TROUBLE: Final = re.compile(
    r"\b(?:hematoma|bleed\w*|hemorrhag\w*|infect\w*|abscess|dehisc\w*|burst|leak\w*|seroma|necros\w*|complication"
    r"|thrombos\w*|came apart|opened up|evacuat\w+|perforat\w+|obstruct\w+|wound (?:broke|opened))\b",
    re.IGNORECASE,
)
_PLANNED: Final = re.compile(
    r"(?<!un)(?<!not )(?<!not been )\b(?:planned|staged|anticipated|foreseen|prospectively)\b"
    r"|\b(?:second|2nd|final|next) stage\b"
    r"|\bstage (?:2|two|II)\b|\bmore extensive\b"
    r"|\b(?:re-?excis\w+|wider excision)\b[^?\n]{0,80}\b(?:margins?|path\w*)\b|\b(?:positive|involved) margins?\b",
    re.IGNORECASE,
)
_UNPLANNED: Final = re.compile(
    r"\b(?:unplanned|unanticipated|unexpected(?:ly)?|not (?:been )?(?:planned|staged))\b", re.I
)
_IN_PERIOD: Final = re.compile(
    r"\bglobal\b|\b(?:10|ten|90|ninety)[ -]days?\b|\bpost-?op(?:erative)?\b"
    r"|\bPOD ?#?\d|\b(?:on|post-?op|postoperative) day (?:#? ?\d|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve)|\b(?:night|evening|day|afternoon|morning) (?:of|after) (?:the |her |his )?(?:surg\w+|op\w*"
    r"|procedure|\d{5})"
    r"|\bhours? (?:later|after)\b|\b(?:same|that) (?:night|evening)\b|\b(?:days?|wks?|weeks?)[ -](?:later|after"
    r"|out|post)\b",
    re.IGNORECASE,
)
_OTHER_DOCTOR: Final = re.compile(
    r"\b(?:another|other|different|diff|second|outside|partner|2nd) (?:\w+ ){0,2}?(?:surgeon"
    r"|physician|doctor|doc|dr|provider"
    r"|cardiologist|radiologist|reader)\b|\bDr\.? ?(?-i:B)\b|\bnot the same (?:doctor|doc|physician|provider)\b"
    r"|\bby (?:a|his|her|our|my) (?:partner|colleague)\b",
    re.IGNORECASE,
)
_SAME_DOCTOR: Final = re.compile(
    r"\bsame (?:\w+ ){0,2}?(?:surgeon|physician|doctor|doc|dr|provider|cardiologist|radiologist|reader|podiatri?s?\w*"
    r"|podiatrsit|md|guy|team|group)\b|\b(?:he|she) (?:read|did|repeated"
    r"|interpreted)\b[^.\n]{0,40}\b(?:again|both|too)\b",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(
    r"\brepeat\w*\b|\bagain\b|\bduplicates?\b|\b(?:second|2nd|both) \d{5}\b|\btwice\b|\b(?:second"
    r"|2nd|another) (?:\w+ )?(?:ekg|ecg|x-?ray|film|cxr"
    r"|study|reading|interp\w*|one|"
    r"(?:chest|tube|procedure|reduction|cardioversion|bronch\w*|paracentesis|thoracentesis|injection"
    r"|scan|ct|ultrasound))\b"
    r"|\bx ?2\b",
    re.IGNORECASE,
)
_ONE_DAY: Final = re.compile(
    r"\bsame (?:day|date|dos|visit|session|encounter|hour|time)\b|\blater that (?:day|night|evening"
    r"|afternoon)\b|\btoday\b"
    r"|\b(?:at|again|hrs?) ?[012]\d[0-5]\d\b|\b\d{1,2}:\d\d\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b"
    r"|\b(?:morning|noon|afternoon|evening)\b|\btwice\b|\bx ?2\b"
    r"|\balso (?:gives|gave|did)\b",
    re.IGNORECASE,
)
_VISIT_WORD: Final = re.compile(r"\b(?:visit|E/?M|office|seen|came in|comes in|eval\w*|consult\w*)\b", re.IGNORECASE)

_ASKED_LAST: Final = re.compile(
    r"(?P<told>.*)[,;:–-][ \t]*(?:and |so )?(?:which|what|mod\w*|need \w+|which \w+|the \w+|right \w+)\b[^,;]*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_QUESTION: Final = re.compile(
    r"\s*(?:can|could|may|is|are|was|were|do|does|did|should|would|will|which|what|how|when|if|whether)\b",
    re.IGNORECASE,
)

_REASONS: Final = {
    "24": ("modifiers_cpt", "mcp-24-25"),
    "25": ("modifiers_cpt", "mcp-24-25"),
    "58": ("global_surgery", "gs-58"),
    "78": ("global_surgery", "gs-78"),
    "79": ("global_surgery", "gs-79"),
    "76": ("modifiers_cpt", "mcp-76-77"),
    "77": ("modifiers_cpt", "mcp-76-77"),
}
"""The rule that each modifier is cited by."""
_WORDS: Final = {
    "24": "a visit in the global period of an earlier operation for an unrelated problem",
    "25": "a significant, separate visit beside a procedure of the same day",
    "58": "a related operation in the period that was planned, is more extensive, or treats what the first one found",
    "78": (
        "an unplanned return to the operating room for a related problem; no new global period begins, the first one "
        "runs on, and the intraoperative portion is paid"
    ),
    "79": "an operation in the period of another that is unrelated to it; a new global period begins",
    "76": "the same service again by the same physician",
    "77": "the same service again by another physician",
}


def situations(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the modifier of the one situation that the letter tells, where it asks for a modifier."""
    text = inquiry.question.text
    if inquiry.lines or not (
        Aspect.MODIFIER in inquiry.aspects or _ASKS.search(text) or _OURS & named_modifiers(inquiry)
    ):
        return ()
    return tuple(_worded(inquiry, modifier, code) for modifier, code in _told(inquiry))


def _worded(inquiry: Inquiry, modifier: str, code: str) -> Finding:
    family, rule = _REASONS[modifier]
    held = named_rule(inquiry.release, family, rule)
    on_code = f" on {code}" if code else ""
    text = f"{modifier}{on_code} fits what your letter tells: {_WORDS[modifier]}."
    return direct(FindingKind.MODIFIER, f"situation.{modifier}", text, held.citations if held else ())


def _told(inquiry: Inquiry) -> Iterator[tuple[str, str]]:
    """Yield the modifiers of the situation with the code that takes each, "" where the letter names none."""
    visits = [code for code in inquiry.asked if VISIT.fullmatch(code)]
    operations = [code for code, fee in inquiry.fees if fee.global_days in ("000", "010", "090")]
    if again := repeated(inquiry):
        yield again
        return
    if not _runs(inquiry):
        return
    statements = _statements(inquiry.question.text)
    later = operations[-1] if operations else ""
    unrelated = bool(_UNRELATED.search(statements)) or other_side(statements)
    if visits and unrelated and not _OTHER_DOCTOR.search(statements):
        yield "24", visits[0]
        if len(operations) > 1 and _ONE_DAY.search(statements):
            yield "25", visits[0]
            yield "79", later
        return
    if visits or not (operations or re.search(r"\b(?:surg|operat|procedure|OR\b)", statements)):
        return
    if modifier := _later(statements):
        yield modifier, later


def _later(statements: str) -> str:
    """Return the modifier of a later operation, "" where the letter tells none or more than one situation."""
    if _OTHER_DOCTOR.search(statements):
        return ""
    trouble = bool(_ROOM.search(statements) and (_UNPLANNED.search(statements) or _TROUBLE.search(statements)))
    unrelated, planned = bool(_UNRELATED.search(statements)), bool(_PLANNED.search(statements))
    if trouble and not unrelated:
        return "78"
    if other_side(statements) and not trouble:
        return "79"
    if unrelated and not (trouble or planned):
        return "79"
    return "58" if planned and not (trouble or unrelated or _UNPLANNED.search(statements)) else ""


def other_side(statements: str) -> bool:
    """Tell whether the later operation was on the other side than the first."""
    if _OTHER_SIDE.search(statements):
        return True
    sides = {(name or "")[0] for match in _SIDES.finditer(statements) for name in [match.lastgroup]}
    return sides == {"r", "l"}


def repeated(inquiry: Inquiry) -> tuple[str, str] | None:
    """Return 76 or 77 with its code where one service was repeated on one day and the letter tells by whom."""
    text = _statements(inquiry.question.text)
    codes = [code for code in inquiry.asked if not VISIT.fullmatch(code)]
    asked = bool({"76", "77"} & named_modifiers(inquiry)) or bool(_AGAIN.search(text))
    if len(codes) != 1 or not asked or not _AGAIN.search(inquiry.question.text) or not _ONE_DAY.search(text):
        return None
    if len({day for day, _ in told_days(inquiry)}) > 1 or (_ROOM.search(text) and _TROUBLE.search(text)):
        return None
    other, same = bool(_OTHER_DOCTOR.search(text)), bool(_SAME_DOCTOR.search(text))
    if other == same:
        return None
    return ("77" if other else "76"), codes[0]


def _runs(inquiry: Inquiry) -> bool:
    """Tell whether the later service lies in a global period, as far as the letter tells."""
    days = {day for day, _ in told_days(inquiry)}
    counted = periods(inquiry)
    if counted and len(days) > 1:
        first = min(counted, key=lambda row: row.start)
        return first.start < max(days) <= first.end
    return bool(_IN_PERIOD.search(inquiry.question.text))


def _statements(text: str) -> str:
    """Return the letter without its questions, and without what others proposed in one."""
    rows = (_told_before(row) for row in re.split(r"(?<=[.!?])\s+|\n", text))
    return unquoted(" ".join(rows))


def _told_before(sentence: str) -> str:
    """Return a sentence, of a question what it tells before it asks: "back to the OR for a leak, which modifier?"."""
    if not sentence.rstrip().endswith("?"):
        return sentence
    told = _ASKED_LAST.match(sentence)
    return told["told"] if told and not _QUESTION.match(told["told"]) else ""


def unquoted(text: str) -> str:
    """Return a text as running words, without line ends and the marks of a quotation."""
    return re.sub(r"\s*\n[\s>]*", " ", re.sub(r"(?<= )>+ ", "", text))
