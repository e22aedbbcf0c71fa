"""A letter that lists several visits tells each in its own part: by days of a stay, by patients, in a table."""

import pytest

from consultant.questions import tabled, visit_kinds, visit_lists
from consultant.questions.passages import Sentences


def listed(text: str) -> list[tuple[str, object]]:
    """Return the visits that are told one by one, each with whether its part calls the patient new."""
    told = tabled.read(text).text
    sentences = Sentences(told)
    whole = next(iter(visit_kinds.decide(told, sentences, ())), None)
    found = visit_lists.parts(told, sentences, whole)
    return [(part.kind.value, part.acquainted[0].value if part.acquainted else None) for part in found]


@pytest.mark.parametrize(
    ("text", "visits"),
    [
        (
            "Inpatient stay, hospitalist.\n1) 7/8 subsequent day, 52 minutes\n2) 7/9 discharge day, 38 minutes",
            ["hospital_subsequent", "hospital_discharge"],
        ),
        (
            "Stay on the ward, hospital codes? 8/3 H&P, 80 minutes. 8/4 progress note, MDM low. 8/5 discharge day.",
            ["hospital_initial", "hospital_subsequent", "hospital_discharge"],
        ),
        (
            "Nursing home round, codes?\n| pt | visit | minutes |\n| A | initial | 36 |\n| B | subsequent | 22 |",
            ["nursing_initial", "nursing_subsequent"],
        ),
        (
            (
                "Whole stay, inpatient.\nDay 1 (6/1): first visit, high MDM.\nDay 2 (6/2): rounds, moderate MDM.\n"
                "Day 3 (6/3): discharge, 42 minutes."
            ),
            ["hospital_initial", "hospital_subsequent", "hospital_discharge"],
        ),
        (
            "Inpatient. Day one initial low, day two rounding note, moderate, day three discharged, 20 minutes.",
            ["hospital_initial", "hospital_subsequent", "hospital_discharge"],
        ),
        (
            # Of a day that tells a level and not which visit it was is asked.
            "Inpatient stay. 3/2 H&P, MDM high. 3/3 seen again, MDM moderate. 3/4 discharge, 35 min.",
            ["hospital_initial", "hospital_visit", "hospital_discharge"],
        ),
        (
            "Hospital days, codes? Day 1: admit, high. Day 2: 36 min. Day 3: d/c, 33 minutes.",
            ["hospital_initial", "hospital_subsequent", "hospital_discharge"],
        ),
        (
            "Hospital days of our NP:\n6/1: H&P, MDM moderate\n6/2: progress note, 40 min",
            ["hospital_initial", "hospital_subsequent"],
        ),
    ],
)
def test_each_day_of_a_stay_is_a_visit(text: str, visits: list[str]) -> None:
    """Its own words say which one it was, and its level or its minutes are its own."""
    assert [kind for kind, _ in listed(text)] == visits


def test_several_patients_are_new_or_established_by_their_own_lines() -> None:
    """What one line calls its patient is none of the others'."""
    text = "Three office visits:\n- new patient, 47 minutes\n- established pt, MDM moderate\n- est patient, 22 min"
    assert listed(text) == [("office_visit", True), ("office_visit", False), ("office_visit", False)]


@pytest.mark.parametrize(
    ("text", "visits"),
    [
        (
            "Two house calls. 1) Mr. A est, straightforward. 2) Mrs. B new, moderate.",
            [("home_visit", False), ("home_visit", True)],
        ),
        (
            "Office visits: Pt 1 est, low MDM. Pt 2 new, moderate MDM.",
            [("office_visit", False), ("office_visit", True)],
        ),
    ],
)
def test_patients_told_in_one_line_are_visits_of_their_own(text: str, visits: list[tuple[str, bool]]) -> None:
    """The place of all stands before them."""
    assert listed(text) == visits


@pytest.mark.parametrize(
    "text",
    [
        "Discharge day. ADMITTED: 1/11/2026   DISCHARGED: 1/14/2026\nTIME: 38 minutes, 75 on 1/11 for the admission.",
        "Same date in obs: admission, MDM moderate; discharge 20 minutes. Code?",
        "Office visit, established. 1) HTN not at goal, MDM moderate 2) DM stable 3) time 32 minutes. Level?",
        "Hospital progress note, day 3, MDM high. He was admitted on 7/6. Code?",
        "Office visit: 20 minutes with the patient, 15 minutes on the chart. Code?",
    ],
)
def test_the_parts_of_one_visit_are_no_visits(text: str) -> None:
    """Problems and stretches of time do not say which visit they were."""
    assert listed(text) == []
