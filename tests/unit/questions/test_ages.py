"""Ages are told in many ways; each gives whole years, and what is somebody else's age gives none."""

import pytest

from consultant.questions import ages


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Est commercial pt, 42 y, annual physical.", 42),
        ("She just turned 42 last week.", 42),
        ("Well child check of a fifteen-month-old.", 1),
        ("15 mo WCC, est", 1),
        ("two-month well visit", 0),
        ("He is 4 years and 2 months old.", 4),
        ("Pt age: 5y 2m, est", 5),
        ("a healthy forty-two-year-old woman", 42),
        ("Established commercial patient, 42, came for her physical.", 42),
        ("Patient (64) established", 64),
        ("Original Medicare, 70. Colonoscopy in June", 70),
        ("He is turning five next week.", 4),
        ("10-day-old, first visit", 0),
        ("aged sixty-seven", 67),
        ("She's 38, her plan is a PPO.", 38),
        ("The woman on my list: 71, Medicare, for a mammogram.", 71),
        ("The father says she is six. DOB 3/4/2021, she is five.", 5),
        ("CC: check. 42 F, est", 42),
        ("A gentleman of seventy-three, well.", 73),
        ("Thirty-one, female, ours since school.", 31),
        ("Age: 9 months. Ours since the newborn period.", 0),
        ("Age: 26 months. Passed the newborn hearing screen. Newborn sister at home.", 2),
    ],
)
def test_an_age_is_read_however_it_is_told(text: str, years: int) -> None:
    assert {fact.value for fact in ages.read(text)} == {years}


@pytest.mark.parametrize(
    "text",
    [
        "Next physical in one year.",
        "It is almost two years so we are fine.",
        "Aunt, breast cancer at age 80. Menopause at age 51.",
        "metformin 500 bid (10 yrs)",
        "smoked 35 pack-years",
        "Covered from age 45.",
    ],
)
def test_what_is_no_age_of_the_patient_gives_none(text: str) -> None:
    assert not list(ages.read(text))
