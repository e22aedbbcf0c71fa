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


@pytest.mark.parametrize(
    "text",
    [
        "Subject: bx\n\nMUE: 11102, 11103",
        "J3301 daily max",
        "1) global for 10060 and 10061? 2) How many 10060 units does CMS allow per day?",
    ],
)
def test_a_letter_of_rows_alone_is_asked_nothing(release: Release, text: str) -> None:
    """The name of a code in a subject line tells no case, so nothing of a case is open."""
    _, evidence, made = draft_letter(text, today=TODAY, release=release)
    assert made.outcome is Outcome.ANSWER
    assert evidence.missing == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What primaries go with 64484?", "report it only with 64483"),
        ("+22853: list of base codes please", "22551"),
        ("what's the follow up period, in days, for 27130?", "90 days"),
        ("How long after 66821 do we have to wait before we can charge for a visit", "90 days"),
        ("bilat indicator 30140", "bilateral indicator of 30140 is 1"),
        ("How often can 76942 be billed per session", "MUE for 76942: 1"),
        ("is 52005 a component of 52332?", "52332 (column one) and 52005 (column two)"),
        ("can i bill 92014 and 92250 same day", "lists no pair of 92014 and 92250"),
        ("Is there an MUE for 11100?", "ended on 2018-12-31"),
    ],
)
def test_rows_are_found_in_whatever_words_they_are_asked_for(release: Release, text: str, said: str) -> None:
    """A letter that names codes alone can only mean their rows."""
    _, _, made = draft_letter(text, today=TODAY, release=release)
    assert made.outcome is Outcome.ANSWER
    assert said in " ".join(made.text.split())


def test_a_service_that_is_only_mentioned_asks_nothing_beside_the_one_code_that_is_wanted(release: Release) -> None:
    """Wax of last January is not the subject of a question about messages."""
    text = (
        "Subject: MyChart messages\n\nAn established patient, Aetna, wrote on her own on 8/3/26 about dizziness. "
        "Dr. Lund answered that day, then on 8/5, and again on 8/8. His logged time for reading her chart and writing "
        "comes to 14 minutes over that week. She had no visit for it before (last seen in January for wax) and none "
        "came out of it.\nSo what is the code for Dr. Lund, if there is one?"
    )
    _, evidence, _ = draft_letter(text, today=TODAY, release=release)
    assert [line.code for line in evidence.lines] == ["99422"]
    assert evidence.missing == ()


def test_validity_of_a_named_diagnosis_is_the_answer(release: Release) -> None:
    """A category is not billable, whatever else the letter leaves out."""
    _, _, made = draft_letter("Is M54.5 still a valid dx?", today=TODAY, release=release)
    assert made.outcome is Outcome.ANSWER
    assert "M54.5 (Low back pain) is a category and not billable" in " ".join(made.text.split())


@pytest.mark.parametrize(
    "text",
    ["What does Aetna pay for a 99214 in Denver?", "Can they sue us over a coding error on 99214?"],
)
def test_money_and_law_are_handed_over(release: Release, text: str) -> None:
    """A contract gives the one and a lawyer the other, whatever code stands in the letter."""
    _, _, made = draft_letter(text, today=TODAY, release=release)
    assert made.outcome is Outcome.HAND_OVER
