"""Global days and the indicators of the Medicare physician fee schedule (PPRRVU) for the codes in play."""

import re
from collections.abc import Iterator

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.citing import of_fee
from consultant.evidence.editions import not_held
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.joining import CODE, joined
from consultant.evidence.model import Finding, FindingKind
from knowledge.official_model import Fee, NoEdition

# What the indicators say in plain words (PPRRVU record layout, CMS).
_GLOBAL = {
    "000": "0 days (the day of the procedure only)",
    "010": "10 days",
    "090": "90 days",
    "XXX": "none (the concept does not apply)",
    "ZZZ": "that of its primary procedure (add-on)",
    "YYY": "set by the contractor",
    "MMM": "maternity",
}
_NONE_OR_DOCUMENTED = {"0": "not permitted", "1": "with documentation", "2": "permitted", "9": "does not apply"}
_INDICATORS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("multiple", "multiple procedures", {"0": "no reduction", "2": "standard reduction", "3": "endoscopy family"}),
    (
        "bilateral",
        "bilateral",
        {
            "0": "no 150 % rule",
            "1": "150 % with 50",
            "2": "already bilateral",
            "3": "paid per side",
            "9": "does not apply",
        },
    ),
    (
        "assistant",
        "assistant at surgery",
        {"0": "only with documentation", "1": "not paid", "2": "paid", "9": "does not apply"},
    ),
    ("co_surgeon", "co-surgeons", _NONE_OR_DOCUMENTED),
)


_ASKED = {
    "multiple": re.compile(r"mult(?:iple)?\.?[- ](?:proc|surg)", re.IGNORECASE),
    "bilateral": re.compile(r"\bbilat|both sides", re.IGNORECASE),
    "assistant": re.compile(r"assistant|\basst\b", re.IGNORECASE),
    "co_surgeon": re.compile(r"co[- ]?surg|two surgeons", re.IGNORECASE),
}


_BY_DAYS = frozenset({"24", "25", "57", "58", "78", "79"})
"""Modifiers that hang on global days, so that the days stand beside their test."""


def fees(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report global days and indicators for each chosen code, and for each asked code where the letter asks."""
    wanted = bool({Aspect.GLOBAL_PERIOD, Aspect.INDICATORS} & inquiry.aspects)
    if not (wanted or inquiry.chosen or inquiry.plain or _BY_DAYS & set(inquiry.modifiers)):
        return ()
    codes = inquiry.in_force if wanted or not inquiry.chosen else inquiry.chosen
    return joined((code, finding) for code in codes for finding in _of(inquiry, code, wanted=wanted))


def _of(inquiry: Inquiry, code: str, *, wanted: bool) -> Iterator[Finding]:
    """Report one code."""
    answer = inquiry.fee(code)
    if isinstance(answer, NoEdition):
        yield not_held(inquiry, "physician fee schedule", answer.held)
        return
    if answer is None:
        return
    cited = (of_fee(inquiry.release, answer),)
    days = _GLOBAL.get(answer.global_days, answer.global_days)
    if wanted and Aspect.GLOBAL_PERIOD in inquiry.aspects:
        text = f"The global period of {CODE} is {days} (indicator {answer.global_days})."
        yield direct(FindingKind.EDIT, "global", text, cited)
    if wanted and Aspect.INDICATORS in inquiry.aspects:
        for field, name, meanings in _INDICATORS:
            if _ASKED[field].search(inquiry.question.text):
                value = str(getattr(answer, field))
                text = f"The {name} indicator of {CODE} is {value}: {meanings.get(value, 'meaning not published')}."
                yield direct(FindingKind.EDIT, f"indicator.{field}", text, cited)
    # To a visit or a test the rules of surgery do not apply, and their indicators would only be noise.
    rest = "" if answer.global_days == "XXX" and not wanted else f"; {indicators(answer)}"
    yield Finding(FindingKind.EDIT, "fee", f"{CODE}: global period {days}{rest}.", cited)
    if not answer.for_date:
        yield not_held(inquiry, "physician fee schedule", (answer.edition,))


def indicators(fee: Fee) -> str:
    """Word the payment indicators of a row."""
    named = ((name, str(getattr(fee, field)), words) for field, name, words in _INDICATORS)
    return "; ".join(
        f"{name} {value}" + (f" ({words[value]})" if value in words else "") for name, value, words in named
    )
