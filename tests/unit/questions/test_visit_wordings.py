"""Wordings of visits: who was seen before, who pays, what a dose or a result tells, and whose the minutes are."""

from datetime import date

import pytest

from consultant.questions import acquaintance, elements, encounter, minutes, staff_time, visit_kinds
from consultant.questions.passages import Sentences

_ON = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Our group saw Ms. Doe in May of 2022, her only contact with us.", True),
        ("First time with this patient, at the farmhouse.", True),
        ("Been coming to our peds office since birth.", False),
        ("72 minutes on the day of an established office visit.", False),
        ("A 4 yo we have known since birth.", False),
        ("Pulm f/u 9/3/26.", False),
        ("44 yo established, annual physical.", False),
        ("A man well known to Dr. Pell came for his prostate.", False),
        ("There is a patient of ours up the valley.", False),
        ("Our NP is the PCP for an 88 y/o lady in assisted living and has been for almost four years.", False),
        ("A man whom we have followed for years had his physical.", False),
        ("8 year old, patient since birth, well visit.", False),
        ("Ms. Doe has been with Dr. Ruiz since 2021.", False),
        ("Dr. Oakes manages her type 1 diabetes since 2015.", False),
        ("He was last in the office in February.", False),
        ("A kid whom she's seen twice a year since kindergarten.", False),
        ("Est home visit, 63 min.", False),
        ("Seen in our office in August for a cough.", None),
        ("Not a patient of ours.", None),
        ("First time ever in our practice.", True),
        ("None of our ENTs knows him.", True),
        ("99213 or 99214?", False),
        ("99203 or 99213?", None),
    ],
)
def test_who_is_new_is_read_from_earlier_visits(text: str, new: bool | None) -> None:
    """Codes weighed against each other tell it where all are of one kind."""
    found = {fact.value for fact in acquaintance.read(text, Sentences(text), _ON)}
    assert found == (set() if new is None else {new})


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("He could be on Medicare or on his wife's employer plan.", None),
        ("Regence takes the 98000 range.", "commercial"),
        ("Not sure whether she is on Medicare.", None),
        ("Original Medicare, video visit.", "medicare"),
        ("Covered by his Aetna plan - he is not on Medicare.", "aetna"),
        ("He has no Aetna plan - he pays himself.", None),
    ],
)
def test_a_payer_in_doubt_is_none(text: str, payer: str | None) -> None:
    """One of two that may pay is asked for."""
    facts, _ = encounter.read(text, Sentences(text), _ON)
    assert next((fact.value for fact in facts if fact.name == "payer" and fact.certain), None) == payer


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("BPH stable on tamsulosin, refilled. ED stable on tadalafil.", "problems", "moderate"),
        ("Chronic urticaria, not controlled on OTC.", "problems", "moderate"),
        ("Allopurinol up to 200.", "risk", "moderate"),
        ("Colchicine 0.6 bid started.", "risk", "moderate"),
        ("Stepped up to Symbicort 160.", "risk", "moderate"),
        ("Gave amoxicillin for ten days.", "risk", "moderate"),
        ("Uric acid and CMP ordered.", "data", "low"),
        ("BMP reviewed, with potassium and creatinine.", "data", "straightforward"),
    ],
)
def test_elements_are_read_from_notes(text: str, name: str, value: str) -> None:
    """A panel is one test, whatever of it a note names."""
    assert {fact.value for fact in elements.read(text, Sentences(text)) if fact.name == name} == {value}


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("It includes the diabetes nurse's teaching, he doesn't know how long she took.", True),
        ("44 minutes, not counting the nurse's 10 minutes.", False),
    ],
)
def test_a_time_that_holds_unknown_work_of_staff_is_none(text: str, mixed: bool) -> None:
    """Only the practitioner's own minutes count."""
    assert staff_time.mixed(text) is mixed


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Final exam, med list, call with the home health nurse: 38 minutes in all.", 38),
        ("Spoke with the charge nurse and the family, 41 minutes.", 41),
        ("52 minutes of critical care, exclusive of the time for separately billed procedures.", 52),
        ("61 min, not counting separately reported procedures.", 61),
        ("Total time 63 minutes excluding travel.", 63),
        ("63 min w/o travel.", 63),
        ("Drove 45 minutes, 32 min with the patient.", 32),
        ("70 minutes, of which 25 were driving.", 45),
        ("40 min at 0700 and 45 more minutes at 1500.", 85),
        ("35 min in the morning, another 20 min in the evening.", 55),
        ("The nurse spent 12 minutes with her.", None),
        ("18 minutes separately billed.", None),
    ],
)
def test_whom_the_practitioner_talked_with_takes_no_time_from_him(text: str, length: int | None) -> None:
    """What is excluded from a time leaves the time itself as it is."""
    found = minutes.chosen(minutes.find(text, Sentences(text)))
    assert (found[0] if found else None) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("RN 31 min, MA 16 min clinical, different days = 47 for Aug.", 47),
        ("RN 12 min, care coordinator 15 min.", 27),
        ("RN 31 min, total 44 min.", None),
        ("RN 31 min.", None),
    ],
)
def test_minutes_of_several_of_staff_add_up_to_those_of_the_month(text: str, length: int | None) -> None:
    """A total that is told stands by itself."""
    found = staff_time.summed(text, minutes.find(text, Sentences(text)))
    assert (found[0] if found else None) == length


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("The visit is already coded.", True),
        ("13 yr old w/ well visit (that one is codd allready).", True),
        ("The office visit is on the claim, only the scales are open.", True),
        ("The visit itself was billed.", True),
        ("Was the visit coded right?", False),
        ("Which code for the visit?", False),
    ],
)
def test_a_visit_that_is_coded_is_set_aside_wherever_it_was_told(text: str, settled: bool) -> None:
    """The code of a visit is not asked for where the letter calls it done."""
    assert visit_kinds.settled(text) is settled


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Neuro, never seen by our group. Doc total 47 min. MDM moderate. Level?", "office_visit"),
        ("Est pt seen by our ortho PA. Which 9921x do I drop?", "office_visit"),
        ("Hospitalist H&P, incl. talking with the ED doctor. Code for the initial visit?", "hospital_initial"),
        ("Admitted 8/7, d/c'd 8/10. 99238 vs 99239?", "hospital_discharge"),
        ("What G code for her wellness visit? She came on 9/10.", None),
    ],
)
def test_the_visit_follows_from_what_is_told_of_its_place(text: str, kind: str | None) -> None:
    """Where no place is told, a level is asked of an office; a wellness visit has none."""
    found = visit_kinds.decide(text, Sentences(text), ())
    assert (found[0].value if found else None) == kind
