"""Medicare's wellness visits and screenings: since when Part B runs, what came before, and when."""

from datetime import date

import pytest

from consultant.questions import wellness
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.wanted import asks_code

_ON = date(2026, 8, 19)


def _told(text: str, *services: str) -> list[dict[str, object]]:
    """Read the times of services that the text is about; without any, of the visit that it names."""
    subjects = [Subject("encounter", (Fact("wellness_service", name, Span(0, 3)),)) for name in services]
    read = wellness.completed(text, Sentences(text), subjects, _ON, medicare=True)
    return [subject.values() for subject in read]


@pytest.mark.parametrize(
    ("text", "before", "months"),
    [
        ("AWV today. G0438 paid in 2018, one G0439 each year, last one 5/6/2025.", "wellness_visit", 14),
        ("AWV today. First AWV G0438 with us in 2019 and G0439 yearly. The last one was paid for 9/22/2025.",
         "wellness_visit", 10),
        ("AWV. Her last wellness visit (a subsequent one) was with us and paid for July 2025.", "wellness_visit", 12),
        ("AWV. Prior AWVs 2019-2024, most recent 2025-08-20.", "wellness_visit", 11),
        ("He had the welcome visit in 2022 and never came for a wellness visit until 8/19/2026.", "welcome_visit", 43),
        ("IPPE was done 2/3/2025 elsewhere, AWV with us today.", "welcome_visit", 17),
        ("On 3/4/2025 she had her wellness visit. AWV again now.", "wellness_visit", 16),
    ],
)  # fmt: skip
def test_the_last_of_several_visits_counts(text: str, before: str, months: int) -> None:
    """Each month belongs to what its part of the sentence names, and the last visit of the past counts."""
    (told,) = _told(text, "wellness_visit")
    assert (told["earlier_wellness"], told["months_since_last"]) == (before, months)


@pytest.mark.parametrize(
    "text",
    [
        "AWV, last one 5/6/2025 and the last G0444 on that same date.",
        "Her last wellness visit was 5/6/2025, the depression screen was last done the same month.",
        "AWV, prior G0439 5/6/25. Depression screening too; last G0444 5/6/25.",
    ],
)
def test_a_screening_has_a_date_of_its_own_or_that_of_the_visit(text: str) -> None:
    """What was given last on the day of the last visit was given then."""
    visit, screening = _told(text, "wellness_visit", "depression_screening")
    assert visit["months_since_last"] == screening["months_since_last"] == 14


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Part B effective 10/01/2025. AWV today.", 10),
        ("Part B of original Medicare started 2/1/2026. AWV.", 6),
        ("Enrolled in Part B in March 2019. AWV.", 89),
        ("Part B: 11/1/2024. AWV.", 21),
        ("He picked up Medicare May 2026. AWV.", 3),
    ],
)
def test_part_b_is_counted_from_its_month(text: str, months: int) -> None:
    """The month in which Part B began is told in many ways."""
    (told,) = _told(text, "wellness_visit")
    assert told["part_b_months"] == months


def test_an_alternative_tells_of_no_visit_before() -> None:
    """Who asks for the initial or the subsequent visit says neither."""
    (told,) = _told("Initial or subsequent AWV? Part B start is 03/2018.")
    assert "earlier_wellness" not in told


@pytest.mark.parametrize(
    "text",
    [
        "Doc dropped G0438. OK?",
        "biller says G0438 bc its her first, right?",
        "Initial or subsequent AWV?",
        "Send G0438 or something else?",
        "99490 plus what?",
    ],
)
def test_a_code_put_to_the_question_is_asked_for(text: str) -> None:
    """A letter may put somebody's code to the question, or two visits."""
    assert asks_code(text)
