"""The modifier of a later closure within the global period: planned, or a return for a complication.

Both stand on the claim line only where the letter asks for a modifier and its own words meet every criterion: the same
surgeon or group and a period that still runs, and either a closure that was planned (58) or an unplanned one in an
operating room (78).
"""

from collections.abc import Sequence

from consultant.evidence.asked import Aspect
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.questions.model import Subject
from knowledge.model import Value

_MODIFIERS: tuple[tuple[str, dict[str, Value], str], ...] = (
    ("58", {"within_global": True, "closure_planned": True}, "the closure was planned"),
    (
        "78",
        {"within_global": True, "operating_room": True, "closure_planned": False},
        "it was an unplanned return to the operating room",
    ),
)
"""Modifier, what the letter must say, and those words in short (CPT, modifiers 58 and 78)."""


def staged(inquiry: Inquiry, family: str, code: str, subjects: Sequence[Subject]) -> tuple[str, Finding] | None:
    """Return the modifier that the letter's own words support for a line, with its reason."""
    held = inquiry.release.family(family)
    if Aspect.MODIFIER not in inquiry.aspects or held is None:
        return None
    for modifier, needed, reason in _MODIFIERS:
        test = next((row for row in held.modifiers if row.code == modifier), None)
        met = all(_says(subject, needed) for subject in subjects)
        if test is not None and subjects and met:
            text = (
                f"{modifier} stands on {code}: your letter says that the same surgeon or group operated first, within "
            )
            text += f"the global period, and that {reason}."
            return modifier, Finding(FindingKind.MODIFIER, f"staged.{modifier}", text, test.citations)
    return None


def _says(subject: Subject, needed: dict[str, Value]) -> bool:
    values = subject.values()
    return all(values.get(name) == value for name, value in needed.items())
