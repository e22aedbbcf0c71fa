"""Both sides at once: one line with modifier 50 where the fee schedule pays a second side and the letter names both.

Medicare takes a bilateral procedure on one line with one unit and 50 where the bilateral indicator is 1 (Medicare
Claims Processing Manual, chapter 12, section 40.7); 2 means both sides already, 0 and 9 that there is no second side.
"""

from collections.abc import Sequence
from dataclasses import replace

from consultant.evidence.asked import direct
from consultant.evidence.citing import of_fee
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from consultant.questions.model import Subject
from knowledge.official_model import Fee

_BILATERAL = "bilateral"
_SECOND_SIDE_PAID = "1"
_MODIFIER = "50"


def both_sides(inquiry: Inquiry, line: Line, subjects: Sequence[Subject]) -> tuple[Line, tuple[Finding, ...]]:
    """Return the line with 50 where one procedure was done on both sides and the indicator is 1, and why."""
    if len(subjects) != 1 or line.units != 1 or line.modifiers:
        return line, ()
    if subjects[0].kind != "procedure" or subjects[0].values().get("laterality") != _BILATERAL:
        return line, ()
    fee = inquiry.fee(line.code)
    if not isinstance(fee, Fee) or fee.bilateral != _SECOND_SIDE_PAID:
        return line, ()
    text = (
        f"The bilateral indicator of {line.code} is {fee.bilateral}: both sides are one line with one unit and 50 for "
        "Medicare. A plan that wants two lines takes RT and LT instead, never both."
    )
    said = direct(FindingKind.MODIFIER, "both_sides", text, (of_fee(inquiry.release, fee),))
    return replace(line, modifiers=(_MODIFIER,)), (said,)
