"""Visits are read by their place, their day of the stay, their time and what the letter says of earlier ones."""

from datetime import date

import pytest

from consultant.questions import acquaintance, care_days, continuity, elements, minutes, visit_kinds, wellness
from consultant.questions.minutes import Whose
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences


def kinds(text: str) -> list[str]:
    """Return what the letter tells of, services before the visit."""
    return [kind.value for kind in visit_kinds.decide(text, Sentences(text), ())]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Seen in our clinic for a cough. Which level?", "office_visit"),
        ("Admission through the ED; our hospitalist wrote the H&P. Code?", "hospital_initial"),
        ("Progress note, hospital day 3. Which code?", "hospital_subsequent"),
        ("Inpatient visit of our cardiologist. Which code?", "hospital_visit"),
        ("Admitted to observation at 9 and discharged the same day. Code?", "hospital_same_day"),
        (
            "Placed in obs at 8:00, left at 17:05, all on one date, discharge note by the same doctor.",
            "hospital_same_day",
        ),
        ("Follow-up of an LTC resident, POS 32. Code?", "nursing_subsequent"),
        ("First visit after she came to the SNF. Code?", "nursing_initial"),
        ("Our NP saw him in assisted living. Code?", "home_visit"),
        ("ED doctor, pro fee, admitted afterwards. E/M?", "emergency_visit"),
    ],
)
def test_a_visit_is_of_its_place_and_of_its_day_of_the_stay(text: str, kind: str) -> None:
    """No phrase names the kind; all the words for place and day decide."""
    assert kinds(text) == [kind]


def test_a_service_that_is_more_than_a_visit_goes_first() -> None:
    """The place beside it says where the consultation was."""
    assert kinds("ED consult requested by the ED physician. Code?")[0] == "consult_emergency"
    assert kinds("Consult, Cigna, high MDM. Code?")[0] == "consult_unplaced"
    assert kinds("Critical care in the ED, 80 minutes. Code?")[0] == "critical_care"


@pytest.mark.parametrize(
    "text",
    [
        "The well visit is already on the claim. What goes on for the forms?",
        "The preventive visit itself is fine, I know how to code that.",
    ],
)
def test_what_is_coded_already_is_set_aside(text: str) -> None:
    """A service that the letter calls settled is no question."""
    assert "preventive_visit" not in kinds(text)


def taken(text: str, *counted: Whose) -> int | None:
    """Return the minutes that count."""
    found = minutes.chosen(minutes.find(text, Sentences(text)), counted or (Whose.OWN,))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("MA spent 10 min rooming, NP spent 28 min in total.", 28),
        ("95 minutes in total, of which 20 minutes were for the central line.", 75),
        ("I spent 110 minutes. Family meeting of 15 minutes is not counted in the 110.", 110),
        ("8 minutes reviewing records, 21 minutes with the patient and 6 minutes writing the note.", 35),
        ("48 minutes total incl. 10 minutes of driving.", 38),
        ("62 minutes of her own total time (travel not counted).", 62),
        ("25 minutes on the floor and another 12 minutes on the phone with the PCP.", 37),
        ("1 hr 10 min total time.", 70),
        ("Start 9:05 am and stop 9:31 am.", 26),
        ("62 min total. My boss wants more because it is over an hour.", 62),
        ("50 minutes on the date, plus 12 minutes the next day.", 50),
        ("The code is for 15 to 30 minutes; he spent 22 minutes.", 22),
        ("25 minutes and 41 minutes are both written.", None),
        ("Physician spent one hour and five minutes.", 65),
        ("Thirty-five minutes by the NP.", 35),
        ("20 minutes at the bedside and another 20 min on the summary.", 40),
        ("Critical care 65 minutes, intubated by me (not counted in time).", 65),
        ("Walks 20 minutes on most days.", None),
        ("62 minutes total, including the 25 minutes in the car.", 37),
        ("70 minutes; that counts 24 minutes getting there.", 46),
        ("75 min in all incl. 30 min behind the wheel.", 45),
        ("62 minutes including travel.", None),
        ("55 min of which the drive was 15.", 40),
        ("54 min total, 20 of them the nurse's.", 34),
        ("54 min including 20 min by the MA.", 34),
    ],
)
def test_only_the_practitioners_own_time_of_the_date_counts(text: str, length: int | None) -> None:
    """Staff, other services, another day and what a code asks for are no part of it."""
    assert taken(text) == length


def test_staff_time_counts_for_services_of_staff() -> None:
    """The nurse's hour is none of the physician's."""
    assert taken("The RN's total time was 60 minutes.") is None
    assert taken("The RN's total time was 60 minutes.", Whose.OWN, Whose.STAFF) == 60


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("The patient has never been seen by anyone in our group.", {True}),
        ("He is new to us.", {True}),
        ("First seen today; nobody in the practice has ever seen her.", {True}),
        ("Last seen in our practice 5 yrs ago.", {True}),
        ("Seen here in 2024 by my partner.", {False}),
        ("The front desk registered her as a new patient; seen by our group in November 2024.", {False}),
        ("She saw our podiatrist in 2025, which is a different specialty.", {True}),
        ("New patient, seen by our group 2 years ago.", {True, False}),
        ("Follow-up visit.", {False}),
        ("New or established, which one?", set()),
        ("Resident is known to you since 2024, 42 minutes.", {False}),
        ("Office, est, BCBS. She itched.", {False}),
        ("Billed as new pt, but she saw Dr. C of the same group in Feb 2024.", {False}),
        ("He says he saw somebody here in 2024, I cannot tell who that was.", set()),
        ("She believes she was seen at our clinic, nobody knows when.", set()),
        ("New pt? No record of any kind here.", set()),
        ("Rash of the shin. RTC 6 wks.", set()),
        ("Plan: salve. F/U: prn.", set()),
        ("Rash of the shin. Recheck in 2-3 days.", set()),
        ("Here for f/u 6 wks after the cast.", {False}),
        ("This was our first time seeing her.", {True}),
    ],
)
def test_earlier_visits_tell_whether_the_patient_is_new(text: str, new: set[bool]) -> None:
    """Three years, the same group and specialty (CPT); a label that is somebody's opinion is none."""
    assert {fact.value for fact in acquaintance.read(text, Sentences(text), date(2026, 3, 2))} == new


def element(text: str) -> dict[str, object]:
    """Return the elements of decision making."""
    return {fact.name: fact.value for fact in elements.read(text, Sentences(text))}


def test_the_elements_are_read_from_a_note() -> None:
    """Two illnesses at their goal, three tests, a drug that was changed."""
    text = "Hypertension, stable. Diabetes, at goal. CBC, BMP and A1c reviewed. Metformin was increased."
    assert element(text) == {"problems": "moderate", "data": "moderate", "risk": "moderate"}
    assert element("COPD with exacerbation. Prednisone was started. No labs.") == {
        "problems": "moderate",
        "data": "straightforward",
        "risk": "moderate",
    }
    assert element("CT was considered and not done. No chest pain.") == {}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Went home on 3/5/2026. She reached him on 3/9/2026. Visit on 3/13/2026.", {"contact_made": True}),
        ("Went home on 5/4/2026. First call on 5/8/2026. Visit on 5/11/2026.", {"contact_made": False}),
    ],
)
def test_the_days_of_a_transition_are_counted(text: str, facts: dict[str, object]) -> None:
    """Two business days for the contact, calendar days for the visit."""
    told = {fact.name: fact.value for fact in care_days.read(text, Sentences(text), 2026)}
    assert told["visit_after_days"] in (7, 8)
    assert {name: told[name] for name in facts} == facts


def test_the_add_on_of_lasting_care_asks_who_cares_for_what() -> None:
    """25 for a vaccine is no bar, 25 for an injection into a joint is one."""

    def told(text: str) -> dict[str, object]:
        return {fact.name: fact.value for fact in continuity.read(text, Sentences(text))}

    assert told("We are her PCP, 99213-25 with a flu vaccine.") == {
        "relationship": "focal_point",
        "visit_25": "preventive",
    }
    assert told("Oncology follows her for breast cancer since 2023, no modifier 25.") == {
        "relationship": "serious_condition",
        "visit_25": "no_25",
    }
    assert told("99213-25 and 20610 for knee OA.") == {"visit_25": "other_service"}


def test_a_wellness_visit_before_is_dated() -> None:
    """Full calendar months between the month of the last one and this one."""
    text = "AWV on 6/16/2026. She had her first AWV (G0438) in May 2025. Part B since 2019."
    service = Subject("encounter", (Fact("wellness_service", "wellness_visit", Span(0, 3)),))
    (subject,) = wellness.completed(text, Sentences(text), [service], date(2026, 6, 16), medicare=True)
    told = subject.values()
    assert (told["earlier_wellness"], told["months_since_last"]) == ("wellness_visit", 12)
    assert told["part_b_months"] == 78


def test_a_discharge_is_none_of_a_heading_for_what_follows() -> None:
    """The course tells of hospital days, and "FOLLOW UP" of what is planned."""
    note = "DISCHARGE SUMMARY\nCreatinine peaked on hospital day 2.\nDAY OF DISCHARGE\nFOLLOW UP\nPCP in a week.\n"
    assert kinds(note) == ["hospital_discharge"]
