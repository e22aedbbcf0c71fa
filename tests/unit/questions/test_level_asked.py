"""A letter that asks for the level of a visit asks for a code."""

import pytest

from consultant.questions.wanted import asks_code


@pytest.mark.parametrize(
    "text",
    [
        "Now the level. He goes by time: 62 minutes.",
        "She wants to know which level that is.",
        "The manager says it is the highest level, the doctor says one lower.",
        "What e/m level would you give?",
    ],
)
def test_a_level_that_is_asked_for_is_a_code(text):
    assert asks_code(text)


@pytest.mark.parametrize(
    "text", ["What level of care was it?", "The glucose level was 80.", "Fusion over two levels was planned."]
)
def test_another_level_is_none(text):
    assert not asks_code(text)
