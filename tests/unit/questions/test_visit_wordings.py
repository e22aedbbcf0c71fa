"""Wordings of visits: who was seen before, who pays, what a dose or a result tells, and whose the minutes are."""

from datetime import date

import pytest

from consultant.questions import acquaintance, elements, encounter, staff_time
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
