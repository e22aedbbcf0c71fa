"""The order of codes that the notes of ICD-10-CM fix, and the codes that a note names."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from consultant.evidence.conditions import names
from consultant.evidence.diagnoses import diagnoses
from consultant.evidence.inquiry import Inquiry
from consultant.questions.model import Question
from knowledge.release import Release

Questions = Callable[..., Question]
Inquiries = Callable[[Question, Any], Inquiry]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (
            ("L97.411", "E11.621"),
            ['Report E11.621 before L97.411: the note at L97.411 says "code first" and names E11.621.'],
        ),
        (("E11.621", "L97.411"), []),
        (
            ("Z79.4", "E11.9"),
            ['Report E11.9 before Z79.4: the note at E11.9 says "use additional code" and names Z79.4.'],
        ),
        (("E11.9", "Z79.4"), []),
        (("N18.30", "I12.9"), ['Report I12.9 before N18.30: the note at N18.30 says "code first" and names I12.9.']),
        (("L97.411", "L97.511"), []),
        (("L97.411",), []),
        (("L97.411", "I10.9"), []),
    ],
)
def test_codes_in_the_other_order_than_a_note_asks_for_are_pointed_out(
    release: Release, make_question: Questions, make_inquiry: Inquiries, codes: Iterable[str], expected: list[str]
) -> None:
    """Once a pair, with the note that decides; nothing where the order holds or no note speaks."""
    rows = [row for row in diagnoses(make_inquiry(make_question(codes=codes), release)) if row.rule == "icd.sequence"]
    assert [row.text for row in rows] == expected
    assert all("I.B.7" in row.citations[1].section for row in rows)


@pytest.mark.parametrize(
    ("note", "code", "named"),
    [
        ("diabetic ulcers (E11.621, E11.622)", "E11.621", True),
        ("site of ulcer (L97.4-, L97.5-)", "L97.411", True),
        ("site of ulcer (L97.4-, L97.5-)", "L97.811", False),
        ("pregnancy (O00-O9A)", "O24.410", True),
        ("drug (T36-T50 with fifth or sixth character 5)", "T36.0X1A", False),
        ("external cause", "E11.621", False),
    ],
)
def test_a_note_names_codes_categories_and_ranges(note: str, code: str, named: bool) -> None:
    """A range of which only some codes are meant names none for sure."""
    assert names(note, code) is named
