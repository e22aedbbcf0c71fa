"""Wordings of letters about visits, care over a time and screenings, read as whole questions."""

from datetime import date

import pytest

from consultant.questions import encounter, minutes, scope
from consultant.questions.encounter import service_dates
from consultant.questions.minutes import Whose
from consultant.questions.passages import Sentences
from consultant.questions.topics import find
from consultant.questions.visit_kinds import decide

_TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Age: 11 months, est pt", 0),
        ("aged 26 months", 2),
        ("Age 6 weeks, well baby visit", 0),
        ("Well check, 18 mo male, est pt", 1),
        ("Age: 11, sports physical", 11),
        ("9 month well check", 0),
    ],
)
def test_an_age_in_months_is_one_in_whole_years(text: str, years: int) -> None:
    """Months, weeks and days behind the word are months, weeks and days."""
    facts, _ = encounter.read(text, Sentences(text), _TODAY)
    assert [fact.value for fact in facts if fact.name == "age_years"] == [years]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("IPPE on 2/3/2025, AWV with us on 2/10/2026.", date(2026, 2, 10)),
        ("He never came for a visit until 6/9/2026.", date(2026, 6, 9)),
        ("She was here 8/19/2026.", date(2026, 8, 19)),
        ("Heart disease counseling, last one 13 months ago, 4/4/26.", date(2026, 4, 4)),
        ("Part B 11/1/2024. AWV 2/10/2026.", date(2026, 2, 10)),
    ],
)
def test_what_lies_far_before_the_last_date_is_no_date_of_service(text: str, day: date) -> None:
    """The start of coverage and a service of another year are dates of the past."""
    assert [found for found, _ in service_dates(text, _TODAY)] == [day]


def test_a_log_adds_up_what_is_whose() -> None:
    """Each line has a day; the minutes of the staff and of the practitioner are added apart."""
    text = (
        "MyChart thread\n 8/3 Dr. Wynn answers 6 min\n 8/3 RN triage 4 min\n 8/5 Dr. Wynn 5 min\n 8/7 Dr. Wynn 3 min\n"
    )
    times = minutes.find(text, Sentences(text))
    own = minutes.listed(text, times, {Whose.OWN})
    both = minutes.listed(text, times, {Whose.OWN, Whose.STAFF})
    assert (own and own[0], both and both[0]) == (14, 18)


def test_a_log_in_one_line_is_added_up() -> None:
    """The entries of a log may stand between commas."""
    text = "Portal thread. 4/1 Dr. Hale 8 min, 4/3 Dr. Hale 6 min"
    own = minutes.listed(text, minutes.find(text, Sentences(text)), {Whose.OWN})
    assert (own or (0,))[0] == 14


def test_a_log_with_a_total_is_not_added_up() -> None:
    """A total wins over what it is made of."""
    text = "Log\n 8/3 RN 12 min\n 8/5 RN 10 min\n total 22 min\n"
    assert minutes.listed(text, minutes.find(text, Sentences(text)), {Whose.STAFF}) is None


@pytest.mark.parametrize("text", ["the plan wants 98000-98015", "codes 98000 to 98015 instead of office codes"])
def test_a_range_of_codes_names_no_kind_of_visit(text: str) -> None:
    """A range stands for visits of both kinds."""
    assert not [kind for kind in decide(text, Sentences(text), ()) if kind.value in ("audio_visit", "video_visit")]


@pytest.mark.parametrize(
    "text",
    [
        "Could you look it up and tell us whether it was paid, and the check number?",
        "We sent the claim in May and did not hear anything since.",
        "Which antibiotic should the nurse practitioner start, at what dose?",
        "Is it safe to give this with warfarin?",
    ],
)
def test_letters_that_are_no_coding_questions(text: str) -> None:
    """What a payer or a clinician has to answer is handed over."""
    assert scope.why_out(text, (), find(text, ()))


@pytest.mark.parametrize(
    "text",
    [
        "They want to know if it was paid correctly: which modifier goes on 11042?",
        "Which drug code do we bill for the injection?",
        "What treatment code is right?",
    ],
)
def test_letters_that_ask_of_codes_stay(text: str) -> None:
    """A question about a code is one, whatever stands beside it."""
    assert scope.why_out(text, (), find(text, ())) is None
