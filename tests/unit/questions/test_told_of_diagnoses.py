"""How letters tell which of the things they name are to be coded, how far along they are, and where."""

from datetime import date

import pytest

from consultant.questions.model import Subject
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


def diagnoses(text: str, release: Release) -> list[Subject]:
    """Return the diagnoses that are read."""
    question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
    return [subject for subject in question.subjects if subject.kind == "diagnosis"]


def conditions(text: str, release: Release) -> list[object]:
    """Return what is read to be coded."""
    return [subject.values().get("condition") for subject in diagnoses(text, release)]


@pytest.mark.parametrize(
    "aside",
    [
        "A mole on the shoulder is fine and he did not write it up.",
        "The mole on the shoulder is to stay off the claim.",
        "She also has a mole on the shoulder, looked at only.",
        "The mole on the shoulder is already coded.",
        "He mentions a nevus of the back, which was not addressed, so leave it out.",
        "There are a few nevi on the back, and I do not want those on this list.",
        "Leave out the mole on the back.",
    ],
)
def test_what_the_letter_sets_aside_is_not_coded(aside: str, release: Release) -> None:
    """Looked at only, coded elsewhere, not wanted: the sender has decided of it."""
    assert conditions(f"Basal cell carcinoma of the nose. {aside} Which ICD-10 code?", release) == ["basal_cell"]


@pytest.mark.parametrize(
    "unknown",
    [
        "I do not know whether this was treatment of the wound, a check while it heals, or about a scar.",
        "The note does not say if it is the first visit, a recheck or a scar.",
        "It is unclear whether it was an initial visit, follow-up or a scar.",
    ],
)
def test_what_is_not_known_is_no_fact(unknown: str, release: Release) -> None:
    """All that stands behind "whether" is one of several things that may be."""
    found = diagnoses(f"Cat bite of the hand. {unknown} Which external cause code?", release)
    assert [row.values().get("condition") for row in found] == ["cat_bite"]
    assert "injury_encounter" not in found[0].values()


@pytest.mark.parametrize(
    ("past", "stage"),
    [
        ("In 2025 the kidney was still stage 3b.", "stage_4"),
        ("Two years ago CKD stage 3a.", "stage_4"),
    ],
)
def test_what_was_another_year_yields_to_what_is_now(past: str, stage: str, release: Release) -> None:
    """A stage of then is no second value of the stage."""
    found = diagnoses(f"Hypertension, CKD stage 4. {past} ICD-10 codes?", release)
    assert {row.values().get("ckd_stage") for row in found} == {stage}


@pytest.mark.parametrize(
    ("told", "weeks"),
    [
        ("Routine prenatal visit, documented 22 weeks", 22),
        ("Pregnant, 10 weeks 4 days", 10),
        ("OB visit, 31w2d, next visit in 2 weeks", 31),
        ("Prenatal check, she comes every 4 weeks, 28 weeks today", 28),
    ],
)
def test_the_weeks_of_a_pregnancy_are_read_however_they_stand(told: str, weeks: int, release: Release) -> None:
    """Weeks until the next visit are no weeks of gestation."""
    found = diagnoses(f"{told}, elderly primigravida. Which dx codes?", release)
    assert found[0].values().get("gestation_weeks") == weeks


def test_each_row_of_a_table_is_a_case_of_its_own(release: Release) -> None:
    """A path report in columns names each lesion once."""
    text = "Which ICD-10 codes?\nA | left ear | squamous cell carcinoma\nB | scalp | basal cell carcinoma"
    found = [(row.values().get("condition"), row.values().get("site")) for row in diagnoses(text, release)]
    assert found == [("squamous_cell", "ear"), ("basal_cell", "scalp")]


@pytest.mark.parametrize("parted", [" | ", "    "])
def test_a_bare_figure_under_stage_is_a_stage(parted: str, release: Release) -> None:
    """Wound tables give stages without the word."""
    rows = ("site|stage|size", "sacrum|3|4 x 2", "left heel|II|1 x 1")
    table = "\n".join(row.replace("|", parted) for row in rows)
    found = diagnoses(f"Pressure ulcers today:\n\n{table}\n\nICD-10 codes?", release)
    assert [row.values().get("pressure_stage") for row in found] == ["stage_3", "stage_2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cut his thumb with a knife, first visit. Laceration already coded. Which external cause code?", ["knife"]),
        ("Laceration of the hand by a knife, sutured. Which codes, external cause included?", ["laceration", "knife"]),
        ("Laceration of the hand by a knife, sutured. Which ICD-10 code? The cause codes are done.", ["laceration"]),
    ],
)
def test_the_cause_and_the_injury_are_asked_for_apart(text: str, expected: list[object], release: Release) -> None:
    """A letter may want the one, the other or both."""
    assert sorted(map(str, conditions(text, release))) == sorted(map(str, expected))


def test_a_result_is_no_service(release: Release) -> None:
    """A laboratory value in an assessment does not make the test the thing asked about."""
    text = "T2DM with diabetic CKD stage 3b. Continue glargine. A1c 6.8. Which ones, for the diabetes and the kidney?"
    assert "diabetes" in conditions(text, release)


@pytest.mark.parametrize(
    ("text", "encounter"),
    [
        ("Removal of stitches from the scalp cut, dog knocked him over last week. Dx for the visit?", "healing"),
        ("Laceration of the chin, stitched today in the ED, first visit. ICD-10 code?", "active"),
    ],
)
def test_stitches_that_come_out_are_care_while_it_heals(text: str, encounter: str, release: Release) -> None:
    """The wound was closed at another visit."""
    assert {row.values().get("injury_encounter") for row in diagnoses(text, release)} == {encounter}


@pytest.mark.parametrize("old", ["9-year-old fell off a ladder", "A 70 year old fell off a ladder"])
def test_the_age_of_a_patient_makes_nothing_past(old: str, release: Release) -> None:
    """An old scar is past; a person is so and so many years old."""
    assert conditions(f"{old}, first visit. External cause code?", release) == ["fall_ladder"]


def test_no_complication_of_a_transplant_is_still_a_transplant(release: Release) -> None:
    """What is denied is the harm and not the thing."""
    found = diagnoses("Kidney transplant status, CKD stage 3a, no complication of the transplant. ICD-10?", release)
    assert found[0].values().get("kidney_transplant") is True
