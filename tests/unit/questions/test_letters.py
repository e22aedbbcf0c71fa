"""Whole letters are understood: their codes, their lesions and wounds, what they ask."""

import pytest

from tests.unit.questions import judging
from tests.unit.questions.letters import FIRST, Expected
from tests.unit.questions.more_letters import SECOND
from tests.unit.questions.practice_letters import LETTERS as FROM_PRACTICES

LETTERS = [*FIRST, *SECOND, *FROM_PRACTICES]


def name(expected: Expected) -> str:
    return expected.text[:48].replace("\n", " ") or "blank"


@pytest.mark.parametrize("expected", LETTERS, ids=name)
def test_every_code_is_read_and_none_is_made_up(expected: Expected) -> None:
    """With modifiers and units; a phone number, an amount or a range is no code."""
    assert judging.codes(expected).failures == ()


@pytest.mark.parametrize("expected", LETTERS, ids=name)
def test_each_fact_stands_with_the_lesion_or_wound_that_it_belongs_to(expected: Expected) -> None:
    """As many subjects as the letter has, in its order, and the facts of the encounter."""
    assert judging.facts(expected).failures == ()


@pytest.mark.parametrize("expected", LETTERS, ids=name)
def test_what_is_asked_and_whether_it_is_ours_to_answer(expected: Expected) -> None:
    """Topics, date of service, conflicts, scope, language and specialty."""
    assert judging.rest(expected).failures == ()
