"""What letters of injuries, drugs given and pregnancies tell in few words: the place, what was left, the weeks."""

from datetime import date

import pytest

from consultant.questions import amounts, apart, pregnancy
from consultant.questions.amounts import Use
from consultant.questions.model import Subject
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


def _subjects(text: str, release: Release) -> list[Subject]:
    return list(read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release)).subjects)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("in a parking garage", "parking_lot"),
        ("in a pizzeria", "restaurant"),
        ("in the bathroom of the condo where he lives", "bathroom_apartment"),
        ("at home in his own house, out in the backyard", "garden_house"),
    ],
)
def test_the_place_of_an_injury_is_read_where_it_is_asked_for(told: str, place: str, release: Release) -> None:
    """The room and the dwelling may stand apart, and any word for the kind of place counts."""
    text = f"1st visit. Cut by broken glass {told}. Injury coded already. External cause incl. place please."
    assert [row.values().get("place_of_occurrence") for row in _subjects(text, release)] == [place]


def test_a_handle_that_slips_is_no_fall(release: Release) -> None:
    """The kettle slipped, the person did not."""
    text = "First visit, burn coded. The handle slipped and boiling water ran over her arm. Which external cause code?"
    assert [row.values()["condition"] for row in _subjects(text, release)] == ["hot_water"]


def test_charts_that_are_counted_are_read_apart() -> None:
    """A word may stand between the number and the charts."""
    first, second = "boy of 9, cut on the left hand, code?", "man of 40, sprained his right wrist, code?"
    assert len(apart.parts(f"Two walk-in clinic charts:\n\n1) {first}\n2) {second}")) == 2


@pytest.mark.parametrize("waste", ["40 mg trashed", "40 mg down the sink", "Discarded: 40 mg", "40 mg dumped"])
def test_what_was_poured_away_is_waste(waste: str) -> None:
    """A line that tells of waste says nothing of the line before it."""
    found = amounts.doses(f"Dose infused: 360 mg\nTotal opened: 400 mg\n{waste}")
    assert [(row.mg, row.use) for row in found if row.use is not Use.HELD] == [(360, Use.GIVEN), (40, Use.WASTED)]


def test_a_drug_without_a_name_is_asked_for(release: Release) -> None:
    """The dose alone does not tell which drug it was."""
    found = _subjects("Slip says cortisone shot 40 mg IM. Part B. Which J code do I bill?", release)
    assert [row.values() for row in found] == [{"dose_mg": 40}]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("prenatal visit, baby #4, all well", "gravidity", "later"),
        ("prenatal visit at 20 weeks, code and weeks code", "weeks_code", True),
        ("prenatal visit at 20 weeks, which code?", "weeks_code", False),
        ("induction for preeclampsia, liveborn boy, Apgars 9/9", "pregnancy_stage", "childbirth"),
    ],
)
def test_what_a_prenatal_letter_counts(text: str, name: str, value: object) -> None:
    """The number of the child, the birth, and whether the weeks are wanted, in the words of coders."""
    assert (name, value) in [(row.name, row.value) for row in pregnancy.counted(text)]
