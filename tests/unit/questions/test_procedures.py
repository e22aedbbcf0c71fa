"""Services that phrases tell of: amounts, what is coded already, and what stands nearest to each."""

from datetime import date

import pytest

from consultant.questions import amounts
from consultant.questions.amounts import Use
from consultant.questions.read import read
from consultant.questions.settled import Settled
from consultant.questions.vocabulary import Vocabulary, vocabulary_of
from knowledge.release import Release

TODAY = date(2026, 3, 5)


@pytest.fixture(scope="module")
def words(release: Release) -> Vocabulary:
    """What the release lends to the reader."""
    return vocabulary_of(release, TODAY)


def subjects(text: str, words: Vocabulary) -> list[dict[str, object]]:
    """Return the facts of every subject of a letter."""
    return [dict(subject.values()) for subject in read(text, today=TODAY, vocabulary=words).subjects]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("start 0905 stop 1112", [127]),
        ("from 10:05 to 10:27", [22]),
        ("began at 1:15 pm and ended at 2:45 pm", [90]),
        ("ran 2.5 hours", [150]),
        ("1 hr 10 min", [70]),
        ("15 to 30 minutes by the code book", []),
        ("20 minutes ago", []),
    ],
)
def test_minutes_are_read_from_lengths_and_from_clocks(text: str, minutes: list[int]) -> None:
    """A range is that of a code, and what was some minutes ago took no time."""
    assert [row.value for row in amounts.minutes(text)] == minutes


def test_a_dose_is_neither_the_vial_nor_the_billing_unit_nor_the_waste() -> None:
    """Only what was given makes the units of the drug."""
    text = "100 mg single-dose vial, the code is per 10 mg; got 80 mg and the remaining 20 mg were thrown away"
    assert [(row.mg, row.use) for row in amounts.doses(text)] == [
        (100, Use.HELD),
        (80, Use.GIVEN),
        (20, Use.WASTED),
    ]


def test_what_is_coded_already_is_no_service_of_the_letter() -> None:
    """A service that is named there is background."""
    assert Settled("What do I bill for the drug? The infusion is coded.").administration
    assert Settled("I have the J code. Which administration code?").drug
    assert not Settled("The injection was given on 3/2. Which codes?").administration


def test_each_service_takes_the_minutes_that_stand_nearest(words: Vocabulary) -> None:
    """Exercise and manual therapy each have their own time."""
    told = subjects("Ther ex 30 min, manual therapy 15 min on 3/2/2026, Aetna. Codes and units?", words)
    assert [(facts["procedure"], facts["service_minutes"]) for facts in told] == [
        ("therapeutic_exercise", 30),
        ("manual_therapy", 15),
    ]


def test_things_named_one_by_one_are_counted(words: Vocabulary) -> None:
    """Two questionnaires by name are two, and one that is named twice is one."""
    (facts,) = subjects("PHQ-9 and GAD-7 scored; the PHQ-9 was 11. Which CPT code?", words)
    assert facts["instrument_count"] == 2


def test_an_abscess_that_was_drained_is_no_lesion(words: Vocabulary) -> None:
    """Where nothing was done to a lesion, it is only what the service was done for."""
    (facts,) = subjects("I&D of a 3 cm abscess of the back, loculations broken. Which CPT code?", words)
    assert (facts["drainage_act"], facts["drainage_complexity"]) == ("abscess_drainage", "complicated")


def test_between_what_the_letter_asks_it_says_nothing(words: Vocabulary) -> None:
    """What is not said in the note is no fact, whatever words the question uses."""
    (facts,) = subjects("I&D of an abscess; the note does not say simple or complicated. Which CPT code?", words)
    assert "drainage_complexity" not in facts
