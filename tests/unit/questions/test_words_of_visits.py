"""Words by which coders name visits, their levels and their services; each with what only looks like it."""

from datetime import date

import pytest

from consultant.questions import acquaintance, ages, care_days, mdm_risk, mdm_told, minutes, visit_kinds
from consultant.questions.passages import Sentences

_ON = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dr. Pell went out to the pt's apartment, MDM low.", "home_visit"),
        ("NP visited at home, moderate MDM.", "home_visit"),
        ("Seen at the board and care home, low MDM.", "home_visit"),
        ("Emerg dept visit, MDM low.", "emergency_visit"),
        ("Presented to the emergency room, moderate MDM.", "emergency_visit"),
        ("Put in obs at 7 am, sent home at 5 pm the same day.", "hospital_same_day"),
        ("Third day of the stay, MDM low.", "hospital_subsequent"),
        ("SNF resident going home today, discharge took 40 min.", "nursing_discharge"),
        ("Cigna, est, video, MDM mod.", "video_visit"),
        ("Seen over Zoom, low MDM.", "video_visit"),
        ("Intubated with the help of a video laryngoscope in the ICU.", None),
        ("Doxy for a week, seen in the office.", "office_visit"),
        ("Nutritionist called the patient, 12 minutes.", "telephone_other"),
        ("Nicotine cessation counseling, 5 minutes.", "tobacco_counseling"),
        ("She smokes, and was counseled on stopping, 6 minutes.", "tobacco_counseling"),
        ("Spent 7 minutes on quitting cigarettes.", "tobacco_counseling"),
        ("Prolonged service without direct patient contact, 40 minutes.", "prolonged_without_patient"),
        ("The doctor personally did 40 min of chronic care mgmt.", "chronic_care_personal"),
        ("Our EM doc saw him, stepdown admission by the hospitalist, high MDM.", "emergency_visit"),
        ("The er attending wrote 45 minutes.", "emergency_visit"),
        ("ED physician, moderate MDM; patient put in observation by the hospitalist team.", "emergency_visit"),
        ("The ED doc called, I placed the patient in observation, initial visit, MDM low.", "hospital_initial"),
        ("EM note, audited as low. Which 9928x?", "emergency_visit"),
        ("Discharge from obs next morning, 28 minutes.", "hospital_discharge"),
        ("NP saw him at a homeless shelter, MDM low.", "home_visit"),
        ("Cardiologist, 2nd visit in the stay, 51 minutes.", "hospital_subsequent"),
        ("Admitted and discharged in one calendar day, MDM low.", "hospital_same_day"),
        ("Saw the patient at her niece's mobile home, MDM low.", "home_visit"),
        ("Seen in the motel room where he stays, low MDM.", "home_visit"),
        ("Obs, both on a single date, adm + d/c by our MD.", "hospital_same_day"),
        ("Admitted to obs and sent home, did not cross midnight.", "hospital_same_day"),
    ],
)
def test_a_visit_is_named_in_many_words(text: str, kind: str | None) -> None:
    found = visit_kinds.decide(text, Sentences(text), [])
    assert (found[0].value if found else None) == kind


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("First-time patient, MDM low.", True),
        ("Woman establishing care with Dr. Pell.", True),
        ("He hasn't ever been here.", True),
        ("She hasn't been here since 2025.", False),
        ("Had never set foot in our office.", True),
        ("Saw him in June 2025 in our clinic, so he's not new.", False),
        ("His rash is not new.", None),
        ("Yearly physical of an established 44-year-old.", False),
        ("The first ever visit of our practice to a lady in a condo.", True),
        ("Never before seen by anyone here.", True),
        ("Office visit est, 44 minutes.", False),
        ("Seen by our PA in ortho in May 2025, never saw rheum before.", True),
        ("Home visit est. 44 minutes on the road.", None),
        ("Resident of an ALF, est w/ our NP.", False),
        ("House calls: Mrs. B new, MDM low.", True),
        ("House call, patient unknown to our practice.", True),
        ("Saw our hand surgeon in May 2025, but nobody in pain management ever saw her.", True),
        ("Seen here in June 2025, specialty 06. Dr. Pell is specialty 21.", True),
        ("Seen here in June 2025, specialty 06. Dr. Pell is specialty 06.", False),
        ("Yearly physical, est 51 M, Cigna.", False),
        ("Physical, new 51 M, new knee pain.", True),
        ("A patient of this office since the newborn nursery.", False),
        ("With us since high school.", False),
        ("An established gentleman.", False),
        ("We've had him since 2012.", False),
        ("Last physical 13 months back in our office.", False),
    ],
)
def test_who_is_new_is_told_in_many_words(text: str, new: bool | None) -> None:
    found = {fact.value for fact in acquaintance.read(text, Sentences(text), _ON)}
    assert found == (set() if new is None else {new})


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("SF MDM in the ER.", "straightforward"),
        ("Est, straightforward, 9/3/26.", "straightforward"),
        ("This should be straightforward.", None),
        ("Level 4 MDM in the office.", "moderate"),
        ("Inpatient, level 3 MDM.", None),
        ("Which code for low MDM?", "low"),
        ("Boarding house, est, low.", "low"),
        ("Est pt, low back pain.", None),
        ("The audit supports low but he clicked a 4.", "low"),
    ],
)
def test_a_level_is_told_by_name_and_by_number(text: str, level: str | None) -> None:
    """The numbers of hospital codes stand for other levels and are not read."""
    assert {fact.value for fact in mdm_told.levels(text, Sentences(text))} == ({level} if level else set())


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Nobody called within two business days, seen day 5.", False),
        ("Left two messages, two attempts within two business days, never reached.", True),
        ("Contact within 48 hrs, seen day 5.", True),
    ],
)
def test_a_time_in_which_nobody_called_is_no_contact(text: str, made: bool) -> None:
    facts = {fact.name: fact.value for fact in care_days.read(text, Sentences(text), 2026)}
    assert facts["contact_made"] is made


@pytest.mark.parametrize(
    ("text", "risk"), [("Amox Rx.", True), ("Ketorolac IV.", True), ("The predicted cost was adjusted.", False)]
)
def test_short_names_of_drugs_are_drugs(text: str, risk: bool) -> None:
    found = [value for value, pattern in mdm_risk.RISK if pattern.search(text)]
    assert ("moderate" in found) is risk


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Half an hour of discharge work.", 30),
        ('Discharge, the doctor wrote "over half an hour".', 31),
        ("Seven minutes over a week.", 7),
    ],
)
def test_half_hours_of_work_and_minutes_in_words_are_times(text: str, length: int) -> None:
    assert [time.minutes for time in minutes.find(text, Sentences(text))] == [length]


@pytest.mark.parametrize(
    ("text", "years"), [("Kid of eleven, est", {11}), ("teen 16 new here", {16}), ("71M, none in 2 yrs,", {71})]
)
def test_ages_of_the_young_and_spans_of_years_are_told_apart(text: str, years: set[int]) -> None:
    assert {fact.value for fact in ages.read(text)} == years
