"""Ways to ask for codes and their units in passing."""

import pytest

from consultant.questions.asking_lines import IN_PASSING
from consultant.questions.model import Topic
from consultant.questions.topics import find
from consultant.questions.wanted import asks_code


@pytest.mark.parametrize(
    "text",
    [
        "traction 10 min, manual 20 min, units & modifiers",
        "Exercise 20, gait 12. How many of each?",
        "1. A scan. 2. A blood test. One code for each please.",
        "Could you verify all the CPTs on the claim",
        "Is it the G0438 or the G0439?",
        "Physical of an adult, 9939?",
        "Was it 45378, or something different, or another, with what modifier?",
        "Wellness visit and a talk on his wishes, 20 min - mods?",
    ],
)
def test_a_question_in_passing_asks_for_codes(text: str) -> None:
    assert asks_code(text)
    assert Topic.CODE_SELECTION in {row.topic for row in find(text, ())}


@pytest.mark.parametrize(
    "text",
    ["Read of a scan made elsewhere, mod?", "How many each week are allowed?", "Room 9921 was full.", "See 1999?"],
)
def test_what_asks_for_no_code_is_none(text: str) -> None:
    """One modifier of a rule is asked for, a limit, or nothing."""
    assert not IN_PASSING.search(text)
