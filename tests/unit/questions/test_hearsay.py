"""What colleagues think and other payers did is blanked before facts are read; what they tell of the case is not."""

import pytest

from consultant.questions import hearsay
from consultant.questions.passages import Sentences


def _heard(text: str) -> str:
    return " ".join(hearsay.without(text, Sentences(text)).split())


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("My coworker says it must have been bone. It was fat.", "My . It was fat."),
        ("The other biller, who has a parrot, would take 15002 for the leg.", "The other 15002 ."),
        ("She then suggested a code for bare feet.", "."),
        ("Some auto carrier paid us for a closure in 2017.", "."),
        ("An insurer bundled two biopsies on us a while ago.", "."),
        ("Hi Consultant, a wart was frozen.", "Hi , a wart was frozen."),
    ],
)
def test_opinions_and_other_payers_are_blanked(text: str, heard: str) -> None:
    """Codes stay, as they are put to the question, and so does the mark that ends the sentence."""
    assert _heard(text) == heard
    assert len(hearsay.without(text, Sentences(text))) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "The biller says the surgeon closed it in layers.",
        "The doctor says it is a melanoma.",
        "The plan of this patient paid the biopsy once.",
        "The patient has a commercial plan and was seen once a year.",
        "She was seen by the manager of the wound clinic.",
    ],
)
def test_what_is_told_of_the_case_stays(text: str) -> None:
    assert hearsay.without(text, Sentences(text)) == text


def test_the_reason_for_an_opinion_stays() -> None:
    assert "her first" in _heard("The front desk says G0402 because it is her first visit.")
