"""Facts that a long letter tells in a subordinate clause, in other words, or far from what they belong to."""

from datetime import date

import pytest

from consultant.questions.model import Question
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


@pytest.fixture
def question(release: Release):  # type: ignore[no-untyped-def]
    """Return a letter as it is read."""

    def of(text: str) -> Question:
        return read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))

    return of


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("She had never set foot in our clinic. Which code for the office visit?", True),
        ("We had never laid eyes on him. Which code for the office visit?", True),
        ("He has been with us for ages, so established. Which code for the office visit?", False),
        ("She's been ours from the very day she was born. Which code for the office visit?", False),
    ],
)
def test_acquaintance_is_told_in_many_words(question, text: str, *, new: bool) -> None:  # type: ignore[no-untyped-def]
    told = {fact.value for fact in question(text).facts if fact.name == "new_patient"}
    assert told == {new}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("The whole plate: she took the nail off the left big toe. Which code?", "procedure", "nail_avulsion"),
        ("A lumpectomy of the left breast. She didn't take any nodes.", "axillary_dissection", False),
        ("Mohs for a BCC of the ear, clear after stage number two. Which code?", "stage_count", 2),
        (
            "The two defects: the hole and the donor site together 12 sq cm, a Limberg on the arm.",
            "defect_area_cm2",
            12,
        ),
    ],
)
def test_a_fact_is_read_in_other_words(question, text: str, name: str, value: object) -> None:  # type: ignore[no-untyped-def]
    assert value in {fact.value for row in question(text).subjects for fact in row.facts if fact.name == name}


def test_a_graft_that_is_coded_is_set_aside(question) -> None:  # type: ignore[no-untyped-def]
    told = question(
        "A gastroc muscle flap of the leg. Then a split-thickness graft, which I've coded already. Flap code?"
    )
    assert not any("graft_kind" in row.values() for row in told.subjects)


def test_sentences_that_begin_with_a_place_tell_of_one_sample_each(question) -> None:  # type: ignore[no-untyped-def]
    told = question(
        "Two samples, one session. On the chest he did it by shave. On the left thigh he used a punch. Codes?"
    )
    ways = [row.values().get("biopsy_technique") for row in told.subjects if row.kind == "lesion"]
    assert ways == ["tangential", "punch"]
