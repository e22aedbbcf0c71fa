"""Medicare's screenings that a letter tells of by their aim, and what of them belongs to another day or claim."""

from datetime import date

import pytest

from consultant.questions import screenings, wellness
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.welcome_ecg import read as ecgs

_ON = date(2026, 8, 19)


def _tests(text: str, *found: str) -> dict[str, dict[str, object]]:
    rows = [Subject("procedure", (Fact("screening_test", name, Span(0, 3)),)) for name in found]
    read = screenings.completed(text, Sentences(text), rows, medicare=True)
    return {str(row.values()["screening_test"]): row.values() for row in read}


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("Shared decision-making talk with a decision aid, LDCT ordered at the hospital, 40 pack years.",
         {"lung_counseling"}),
        ("Low dose CT of the lungs, Lung-RADS 2. Shared decision visit on file.", {"lung_ct"}),
        ("SDM visit for lung screening, and we performed the LDCT here the same day.", {"lung_counseling", "lung_ct"}),
        ("Sonogram to check for an aortic aneurysm, smoked for years.", {"aorta_ultrasound"}),
        ("Ultrasound of his known aortic aneurysm, 4 cm.", set()),
    ],
)  # fmt: skip
def test_a_screening_is_told_by_its_aim(text: str, tests: set[str]) -> None:
    found = ["lung_ct"] if "LDCT" in text or "Low dose" in text else []
    assert set(_tests(text, *found)) == tests


def test_a_scope_to_the_cecum_is_of_the_colon() -> None:
    (row,) = _tests("Screening scope to the cecum, clean. Previous exam 11 yrs back.").values()
    assert (row["screening_test"], row["months_since_last"]) == ("colonoscopy", 131)
    assert "screening_risk" not in row


def test_a_rectal_examination_knows_the_visit_beside_it() -> None:
    visit = Subject("encounter", (Fact("visit_kind", "office_visit", Span(0, 5)),))
    row = Subject("procedure", (Fact("screening_test", "prostate_exam", Span(6, 9)),))
    (told,) = screenings.with_visit([visit], [row])
    assert told.values()["visit_same_day"] is True
    assert screenings.with_visit([], [row]) == (row,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("IPPE today with the screening EKG, traced by our nurse and interpreted by the doctor.", "ecg_complete"),
        ("Welcome visit. We only read the screening ECG.", "ecg_reading"),
        ("Welcome visit. Screening ECG, tracing only.", "ecg_tracing"),
        ("Welcome visit. Screening EKG, tracing here, the cardiologist reads it.", None),
        ("Welcome visit. EKG for new chest pain, traced and read here.", None),
        ("Office visit, EKG traced and read here as a screening.", None),
    ],
)
def test_the_ecg_of_a_welcome_visit(text: str, kind: str | None) -> None:
    """What was split between two offices is for the rules, and one with a sign is no screening."""
    found = [row.values()["wellness_service"] for row in ecgs(text, Sentences(text))]
    assert found == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("AWV now, Part B since 5/2021, no earlier AWV at all.", "none"),
        ("She has never had any Medicare preventive visit; AWV today, enrolled 3/2020.", "none"),
        ("Subsequent AWV (last one May '25), also a talk.", "wellness_visit"),
        ("AWV; had the IPPE when Part B began in 2022.", "welcome_visit"),
    ],
)
def test_the_start_of_part_b_is_no_visit(text: str, before: str) -> None:
    (row,) = wellness.completed(text, Sentences(text), (), _ON, medicare=True)
    assert row.values()["earlier_wellness"] == before


def test_planning_knows_the_wellness_visit_beside_it() -> None:
    talk = Subject("encounter", (Fact("visit_kind", "advance_care_planning", Span(0, 3)),))
    visit = Subject("encounter", (Fact("wellness_service", "wellness_visit", Span(6, 9)),))
    (told,) = wellness.with_visit((talk,), (visit,))
    assert told.values()["wellness_same_day"] is True
    assert wellness.with_visit((talk,), ()) == (talk,)
