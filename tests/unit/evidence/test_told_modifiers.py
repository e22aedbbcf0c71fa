"""The modifier that a told situation calls for, and the last day of a global period."""

import pytest

from consultant.evidence.asked import Aspect, aspects_in
from consultant.evidence.situations import _later, other_side
from consultant.evidence.staged import _SAID


@pytest.mark.parametrize(
    ("told", "modifier"),
    [
        ("First the right eye, then the left eye, same surgeon.", "79"),
        ("R 64721 on 7/6/26, L 64721 on 8/17/26, same surgeon.", "79"),
        ("He took her back to the operating room for a hematoma.", "78"),
        ("Unplanned return to the OR, the wound had burst.", "78"),
        ("The second stage was planned at the first operation.", "58"),
        ("Path showed positive margins, so a wider excision followed.", "58"),
        ("The excision has nothing to do with the hernia.", "79"),
        ("Another surgeon did the other knee.", ""),
    ],
)
def test_a_later_operation_has_the_modifier_of_its_situation(told: str, modifier: str) -> None:
    assert _later(told) == modifier


@pytest.mark.parametrize("told", ["27130 left hip, and left hip again", "both were of the right foot"])
def test_one_side_twice_is_no_other_side(told: str) -> None:
    assert not other_side(told)


@pytest.mark.parametrize(
    "told",
    ["Path had a positive margin, so she re-excised the cavity's margin.", "It was more extensive than the first."],
)
def test_more_than_the_first_operation_is_a_stage(told: str) -> None:
    """CPT, modifier 58: a procedure more extensive than the original one."""
    assert [modifier for modifier, pattern, _ in _SAID if pattern.search(told)] == ["58"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [("Does it need 78 or 58?", True), ("Does it take a 58?", True), ("Is he 78 or 58 years old?", False)],
)
def test_a_modifier_is_asked_for_by_its_number(text: str, asked: bool) -> None:
    assert (Aspect.MODIFIER in aspects_in(text)) is asked
