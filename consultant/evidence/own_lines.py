"""Lines for the sender's own codes where the question is only the modifier, and facts and indicators decide it.

"27447 both knees, one line with 50?" names its code: what is open is the modifier. It stands on a line only where the
letter tells all that decides it; else the rules on the modifier speak and no line is made.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.citing import of_fee
from consultant.evidence.conditions import named_rule
from consultant.evidence.digits import told_digits
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from consultant.evidence.situations import VISIT, repeated, unquoted
from consultant.questions.encounter import service_dates
from knowledge.model import Citation

_Made = tuple[list[Line], str, tuple[Citation, ...]]

_ASKS: Final = re.compile(
    r"\bmod(?:ifier)?s?\b|\b(?:50|52|53|57|58|59|25|24|76|77|78|79|RT|LT)\b[^?\n]{0,60}\?|\bboth sides\b[^?\n]{0,60}\?"
    r"|\bhow (?:do|should|would)\b[^?\n]{0,80}\b(?:both|bilateral|lines?|show|sides?)\b[^?\n]{0,60}\?"
    r"|\bhow (?:do|should|would|to|is|are)\b[^?\n]{0,40}\b(?:bill|code|report|submit)\w*\b[^?\n]{0,40}\?",
    re.IGNORECASE,
)
_FACILITY: Final = re.compile(r"\b(?:ASC|surgery center|surgical center|facility claim|UB-?04|HOPD)\b")

_BOTH: Final = re.compile(
    r"\bboth (?:\w+ ){0,2}(?:sides?|knees?|hips?|wrists?|hands?|eyes?|ears?|feet|ankles?|shoulders?|elbows?|breasts?"
    r"|legs?|arms?|thumbs?|heels?|inguinal|groins?|kidneys?|ureters?|tubes?)\b|\bbilat(?:eral(?:ly)?)?\b|\bB/L\b"
    r"|\b(?:right and left|left and right|R ?(?:&|and|\+|/) ?L|L ?(?:&|and|\+|/) ?R|(?:rt|right) ?(?:&|\+"
    r"|/) ?(?:lt|left)"
    r"|(?:lt|left) ?(?:&|\+|/) ?(?:rt|right))\b",
    re.IGNORECASE,
)
_AT_ONCE: Final = re.compile(
    r"\bsame (?:session|operative session|anesthe\w+|sitting|setting|day|date|DOS|time|OR|op(?:eration)?|surgery"
    r"|case|trip"
    r"|visit)\b|\b(?:one|single) (?:operative )?(?:session|sitting|setting|op(?:eration)?|anesthe\w+|surgery"
    r"|case|trip|visit)\b|\bat once\b|\bat the same time\b|\bsimultaneous\w*|\bconcurrent\w*"
    r"|\btogether\b|\bin one go\b",
    re.IGNORECASE,
)

_PARTED: Final = re.compile(
    r"\b(?:first|second|1st|2nd|other|opposite|later|earlier|before|after|ago|stag\w+|weeks?|months?|days?|next|global"
    r"|repeat\w*|only one|one side|but)\b|\b(?:left|right|LT|RT)\b(?! and (?:left"
    r"|right)\b)(?<!left and right)(?<!right and left)",
    re.IGNORECASE,
)
"""Words of a letter that may part the two sides: another day, a stage, or one side by itself."""

_COLONOSCOPIES: Final = frozenset({"44388", "45378", "G0105", "G0121"})
"""Codes of which the fee schedule has a row with 53 of its own."""
_STOPPED: Final = re.compile(
    r"\b(?:cecum|caecum|ileocecal valve) (?:was |could |is )?(?:not|never) |\b(?:not|never|unable to|could not"
    r"|couldn'?t|didn'?t|failed to) (?:be )?(?:reach\w*|get to|make it to|advance\w*|intubate)\b"
    r"|\b(?:incomplete|aborted|discontinued|terminated|abandoned) (?:\w+ ){0,2}(?:colonoscopy|procedure|exam|scope)\b"
    r"|\b(?:colonoscopy|procedure|exam|scope|case|45378|44388|G0105|G0121),? (?:\(?[\dG]\d{4}\)?,? )?"
    r"(?:was |had to be |is |got )?(?:stopped|aborted|discontinued|terminated"
    r"|abandoned|incomplete|called off)\b",
    re.IGNORECASE,
)
_REACHED: Final = re.compile(
    r"\b(?:reached|advanced to|intubated|to) the (?:cecum|caecum|terminal ileum)\b(?! (?:was )?not)", re.IGNORECASE
)

_DECIDED: Final = re.compile(
    r"\b(?:decided|deciding|elected|chose) (?:\w+ ){0,4}(?:to (?:operate|proceed|do|take|go|perform)"
    r"|on (?:surgery|an? op\w+)|upon)\b|\bdecision (?:\w+ ){0,4}(?:surgery|operate|operation|was made|made)\b"
    r"|\bmade the decision\b"
    r"|\bdecided (?:on|that) |\b(?:decision|decided|decides) (?:for|to) \w+|\bsurgical decision\b",
    re.IGNORECASE,
)
_NEAR_DAY: Final = re.compile(
    r"\b(?:day before|day prior|next (?:day|morning)|same (?:day|date|evening|night)|following (?:day|morning)"
    r"|that (?:same )?(?:day|night|evening|afternoon)|later (?:that|the same) day|hours later|same hour|on the spot"
    r"|right (?:then|there|away)|at once|immediately|there and then|then and there|today)\b",
    re.IGNORECASE,
)
_DECIDED_BEFORE: Final = re.compile(
    r"\b(?:already|previously) (?:decided|scheduled|planned)\b|\bH ?& ?P\b|\bpre-?op (?:visit|clearance|H&P)\b"
    r"|\bdecision (?:was made|made) (?:\w+ ){0,3}(?:weeks?|days|months?) (?:ago|before|earlier)\b",
    re.IGNORECASE,
)


def own_lines(inquiry: Inquiry, lines: Sequence[Line]) -> tuple[list[Line], tuple[Finding, ...]]:
    """Return the lines with those of the sender's codes whose modifier the letter's facts decide, and why."""
    text = inquiry.question.text
    asks = Aspect.MODIFIER in inquiry.aspects or _ASKS.search(text)
    if not asks or _FACILITY.search(text) or inquiry.setting != "practitioner":
        return list(lines), ()
    for make in _MAKERS:
        if made := make(inquiry, lines):
            new, why, citations = made
            return new, (direct(FindingKind.MODIFIER, "own_line", why, citations),)
    return list(lines), ()


def _both_sides(inquiry: Inquiry, lines: Sequence[Line]) -> _Made | None:
    """Put 50 on the one code of a letter that was done on both sides in one session, where the indicator is 1."""
    text = inquiry.question.text
    paid = [(code, fee) for code, fee in inquiry.fees if fee.global_days != "XXX"]
    # Without a word on the time, both sides that nothing parts were done at once.
    if lines or len(paid) != 1 or not _BOTH.search(text) or (_PARTED.search(text) and not _AT_ONCE.search(text)):
        return None
    (code, fee), payer = paid[0], inquiry.encounter.get("payer")
    if fee.bilateral != "1" or payer not in (None, "medicare") or len(_dates(inquiry)) > 1:
        return None
    cited = (of_fee(inquiry.release, fee),)
    why = (
        f"The bilateral indicator of {code} is 1: 150 % with 50. Medicare takes both sides as one line, {code}-50 with "
        "one unit, and no RT or LT on it."
    )
    return [_line(code, "50", cited)], why, cited


def _stopped(inquiry: Inquiry, lines: Sequence[Line]) -> _Made | None:
    """Put 53 on a colonoscopy that did not reach the cecum."""
    text = inquiry.question.text
    codes = [code for code in inquiry.asked if code in _COLONOSCOPIES]
    rule = named_rule(inquiry.release, "modifiers_cpt", "mcp-colonoscopy")
    if lines or len(codes) != 1 or rule is None or not _STOPPED.search(text) or _REACHED.search(text):
        return None
    return [_line(codes[0], "53", rule.citations)], rule.text, rule.citations


def _decision(inquiry: Inquiry, lines: Sequence[Line]) -> _Made | None:
    """Put 57 on the visit that decided on a 090 operation of that day or the next, and the operation beside it."""
    text = inquiry.question.text
    fees = inquiry.fees
    major = [code for code, fee in fees if fee.global_days == "090"]
    visits = [code for code in inquiry.asked if VISIT.fullmatch(code)]
    visits = [line.code for line in lines if line.code in visits] or visits
    rule = named_rule(inquiry.release, "global_surgery", "gs-57")
    if len(visits) != 1 or len(major) != 1 or rule is None or len(fees) > len(major) + len(visits):
        return None
    if any(line.code not in (visits[0], major[0]) or line.modifiers for line in lines):
        return None
    text = unquoted(text)
    if not _DECIDED.search(text) or _DECIDED_BEFORE.search(text) or not _adjacent(inquiry):
        return None
    held = {line.code: line for line in lines}
    visit = replace(held.get(visits[0], _line(visits[0], "", rule.citations)), modifiers=("57",))
    return [visit, held.get(major[0], _line(major[0], "", rule.citations))], rule.text, rule.citations


def _again(inquiry: Inquiry, lines: Sequence[Line]) -> _Made | None:
    """Put 76 or 77 on the line of a service that was done again on one day, where the letter asks for that line."""
    rule = named_rule(inquiry.release, "modifiers_cpt", "mcp-76-77")
    if lines or rule is None or not _LINE.search(inquiry.question.text) or not (told := repeated(inquiry)):
        return None
    modifier, code = told
    why = f"The service was done again by {'the same' if modifier == '76' else 'another'} physician: {modifier}."
    return [_line(code, modifier, rule.citations)], why, rule.citations


def _each_digit(inquiry: Inquiry, lines: Sequence[Line]) -> _Made | None:
    """Give the one code of a letter a line for each finger or toe that it names, where it asks for lines."""
    marks = told_digits(inquiry)
    surgical = [code for code, fee in inquiry.fees if fee.global_days in ("000", "010", "090")]
    rule = named_rule(
        inquiry.release, "modifiers_hcpcs", "mhc-toes" if marks[:1] and marks[0][0] == "T" else "mhc-fingers"
    )
    if lines or len(inquiry.asked) != 1 or len(surgical) != 1 or not marks or rule is None:
        return None
    if surgical[0] in _WITHOUT_DIGITS or not (
        _LINE.search(inquiry.question.text) or Aspect.MODIFIER in inquiry.aspects
    ):
        return None
    why = f"Each digit has its own line with its own modifier: {', '.join(marks)}."
    return [_line(surgical[0], mark, rule.citations) for mark in marks], why, rule.citations


_WITHOUT_DIGITS: Final = frozenset(("11055", "11056", "11057", "11719", "11720", "11721", "G0127"))
"""Codes that stand for all lesions or nails of a session, whichever digit they are of."""
_LINE: Final = re.compile(r"\b(?:claim )?lines?\b|\bper (?:finger|toe|digit)\b|\bon each\b", re.IGNORECASE)

_MAKERS: Final[tuple[Callable[[Inquiry, Sequence[Line]], _Made | None], ...]] = (
    _both_sides,
    _stopped,
    _decision,
    _again,
    _each_digit,
)


def _dates(inquiry: Inquiry) -> list[int]:
    found = service_dates(inquiry.question.text, inquiry.on)
    return sorted({day.toordinal() for day, _ in found})


def _adjacent(inquiry: Inquiry) -> bool:
    """Tell whether visit and operation lie on one day or two that follow one another."""
    days = _dates(inquiry)
    if len(days) > 1:
        return len(days) == 2 and days[1] - days[0] == 1
    return bool(_NEAR_DAY.search(inquiry.question.text))


def _line(code: str, modifier: str, citations: tuple[Citation, ...]) -> Line:
    system = "CPT" if code.isdigit() else "HCPCS"
    return Line(system, code, 1, (modifier,) if modifier else (), (), "own_line", citations[:2])
