"""What no family holds is found where a letter means it, and told apart from what it only mentions."""

from datetime import date

import pytest

from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of

TODAY = date(2026, 9, 15)


def named(text, release):
    return {row.name: row.asked for row in read(text, today=TODAY, vocabulary=vocabulary_of(release)).uncovered}


@pytest.mark.parametrize(
    ("text", "name", "asked"),
    [
        ("Subject: EGD code\n\nDone today with two biopsies.", "upper endoscopies (EGD)", True),
        ("What is the code for a sleep study that ended early?", "sleep studies", True),
        ("We did polysomnography on 8/2/2026. The tech left at five. Thank you.", "sleep studies", False),
    ],
)
def test_what_is_asked_stands_in_the_subject_line_or_beside_words_that_ask(text, name, asked, release):
    assert named(text, release)[name] is asked


@pytest.mark.parametrize(
    "text",
    [
        "No sleep study was done. Shaved a 0.8 cm mole of the back, code?",
        "History of sleep study in 2019. Shaved a 0.8 cm mole of the back, code?",
        "Sleep study scheduled for October. Shaved a 0.8 cm mole of the back, code?",
    ],
)
def test_what_was_not_done_or_not_yet_is_not_named(text, release):
    assert "sleep studies" not in named(text, release)


def test_everyday_words_of_letters_name_nothing(release):
    plain = (
        "Hello, could you please help us with the code for this claim? The patient came back for a visit with the "
        "doctor on 9/1/2026. The note says that the wound was cleaned and closed in layers, both sides were examined, "
        "and a medial scar was seen. We append a modifier and need the units. Medical records are attached. Thanks!"
    )
    assert named(plain, release) == {}
