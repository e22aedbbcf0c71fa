"""A letter about the row of a code asks nothing about the case; one about the code of a case still does."""

from datetime import date

import pytest

from consultant.drafting.engine import draft_letter
from consultant.drafting.model import Outcome
from knowledge.release import Release

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    "text",
    [
        "10060 was done on 3/2/26, patient back on 3/9 for repacking. What is the global of 10060?",
        "99232 and 99239 on one date, same hospitalist. Are both payable?",
        "Nurse gives an IM shot: is 99211-25 payable with 96372?",
        "Complex repair of an arm wound was billed as 13121. Is 13102 a permitted add-on there?",
        "Breast biopsy: the scrubber says 19084 lacks a primary. What is the parent code for it?",
    ],
)
def test_a_row_is_answered_without_a_question_about_the_case(release: Release, text: str) -> None:
    """The codes stand in the letter: complexity, length or technique cannot change what their rows say."""
    _, evidence, made = draft_letter(text, today=TODAY, release=release)
    assert made.outcome is Outcome.ANSWER
    assert evidence.missing == ()


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "Skin substitute sheet put on a venous ulcer of the right calf, size not documented. 15271 and add on?",
            "area_cm2",
        ),
        ("Rocephin IM, dose not in the note. J0696, how many units?", "dose_mg"),
    ],
)
def test_units_and_add_ons_of_a_case_are_still_asked_for(release: Release, text: str, fact: str) -> None:
    """Its first code stands in the letter; how much stands beside it hangs on what the letter leaves out."""
    _, evidence, _ = draft_letter(text, today=TODAY, release=release)
    assert fact in {row.fact for row in evidence.missing}
