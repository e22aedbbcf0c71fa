"""Conditions of the patient, and what only looks like one."""

from datetime import date

import pytest

from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


def conditions(text: str, release: Release) -> list[tuple[object, object, object]]:
    """Return condition, site and side of each diagnosis that is read."""
    question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
    values = [subject.values() for subject in question.subjects if subject.kind == "diagnosis"]
    return [(row.get("condition"), row.get("site"), row.get("laterality")) for row in values]


def test_a_relatives_disease_is_not_the_patients(release: Release) -> None:
    """Family history stands in many notes and is coded, if at all, as such."""
    text = "Her mother has hypertension. The patient has gout. Which ICD-10 code?"
    assert conditions(text, release) == []


def test_a_ruled_out_or_suspected_disease_is_not_coded(release: Release) -> None:
    """Outside a hospital stay what is only suspected is not coded as though it were so (ICD-10-CM IV.H)."""
    assert conditions("Sepsis ruled out, possible melanoma of the nose. ICD-10 code?", release) == []


def test_the_same_disease_at_two_places_is_two_subjects(release: Release) -> None:
    """Each takes the code of its own place."""
    text = "Path: basal cell carcinoma of the left cheek and basal cell carcinoma of the nose. ICD-10 codes?"
    assert conditions(text, release) == [("basal_cell", "cheek", "left"), ("basal_cell", "nose", None)]


def test_a_disease_named_again_is_one_subject(release: Release) -> None:
    """The subject line and the assessment speak of the same ulcer."""
    text = "Subject: pressure ulcer\n\nPressure ulcer of the left heel, stage 2. Which ICD-10 code?"
    assert conditions(text, release) == [("pressure_ulcer", "heel", "left")]


def test_what_the_software_proposes_is_no_finding(release: Release) -> None:
    """Only a provider diagnoses."""
    text = "Hypertension, stable. My software proposes sepsis. Which ICD-10 code?"
    assert [row[0] for row in conditions(text, release)] == ["hypertension"]


def test_a_dating_scan_tells_no_trimester_of_today(release: Release) -> None:
    text = "Prenatal visit, AMA, G2P1, 24w1d by first trimester ultrasound. ICD-10 code?"
    question = read(text, today=date(2026, 9, 1), vocabulary=vocabulary_of(release))
    assert not [fact for row in question.subjects for fact in row.facts if fact.name == "pregnancy_stage"]


def test_a_stage_that_nobody_documents_is_none(release: Release) -> None:
    text = "Assessment: CKD. No stage documented, eGFR 41. The speaker would report stage 3b. ICD-10 code?"
    question = read(text, today=date(2026, 9, 1), vocabulary=vocabulary_of(release))
    stages = {fact.value for row in question.subjects for fact in row.facts if fact.name == "ckd_stage"}
    assert stages == {"unspecified"}


def test_a_suture_that_is_cut_is_no_laceration(release: Release) -> None:
    text = "Lipoma excision 2 weeks ago. Suture removal: 7 sutures cut and drawn. ICD-10 code?"
    assert "laceration" not in {row[0] for row in conditions(text, release)}


def test_a_thing_that_nobody_touched_caused_no_injury(release: Release) -> None:
    text = "External cause code only. Wine glass broke and cut her palm. A knife lay there, she did not touch it."
    assert [row[0] for row in conditions(text, release)] == ["glass"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (
            "Pressure ulcer of the left heel, stage 3. Last week's sheet still says stage 2. ICD-10?",
            "pressure_stage",
            "stage_3",
        ),
        ("SCC ear. Path: squamous cell carcinoma, skin of the left helix. ICD-10?", "laterality", "left"),
        ("DFU, plantar right heel, fat exposed. Only the L97 code?", "site", "heel"),
        (
            "Gestational diabetes, diet tried first, now insulin, 30 weeks. ICD-10?",
            "gestational_diabetes_control",
            "insulin",
        ),
        ("Venous stasis ulcer of the left ankle, varicose veins. ICD-10?", "ulcer_cause", "varicose"),
        ("G3P2, thirty-one weeks and two days, gestational diabetes on diet. ICD-10?", "gestation_weeks", 31),
    ],
)
def test_of_two_sayings_the_one_of_now_counts(text: str, name: str, value: object, release: Release) -> None:
    """What was before, a greater place or a milder treatment is no second value to ask about."""
    question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
    assert {fact.value for row in question.subjects for fact in row.facts if fact.name == name} == {value}
    assert name not in question.conflicts


def test_an_old_scar_elsewhere_makes_no_late_visit(release: Release) -> None:
    """The care of an injury is not told by what is long healed at another place."""
    text = (
        "ED, first visit for this injury. Laceration of the right index finger. Old scar of the left "
        "thumb, well healed. ICD-10?"
    )
    question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
    assert [row.values()["injury_encounter"] for row in question.subjects] == ["active"]


def test_the_subject_line_names_in_general_what_the_body_names_in_particular(release: Release) -> None:
    """One finding is not two because the subject line is short."""
    text = "Subject: dx for melanoma\n\npath of the right forearm: malignant melanoma IN SITU. What is the dx code?"
    assert conditions(text, release) == [("melanoma_in_situ", "forearm", "right")]


def test_items_of_a_list_are_conditions_of_their_own(release: Release) -> None:
    """A general place such as the scalp is no part of the place in the next item."""
    text = "Both sutured today:\n(1) laceration of the scalp\n(2) laceration of the left knee\nWhich dx code for each?"
    assert [row[:2] for row in conditions(text, release)] == [("laceration", "scalp"), ("laceration", "knee")]


def test_a_quoted_chart_tells_the_case_where_the_letter_does_not(release: Release) -> None:
    """A reply often says no more than "codes for both" over what the nurse wrote."""
    text = "Dx codes for both, please.\n\n> Both are pressure ulcers, right heel and sacrum.\n> heel R - stage 3."
    assert [row[1] for row in conditions(text, release)] == ["heel", "sacrum"]


def test_what_a_line_begins_with_is_not_said_of_a_place_that_follows(release: Release) -> None:
    """Each place has its own stage, though one line tells both."""
    text = "Pressure ulcers, right heel and sacrum. Staging: heel R - stage 3. sacrum - unstageable. Dx codes?"
    question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
    stages = {row.get("site"): row.get("pressure_stage") for row in (one.values() for one in question.subjects)}
    assert stages == {"heel": "stage_3", "sacrum": "unstageable"}
