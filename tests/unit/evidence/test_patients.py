"""Sex and age: a code and a patient that do not go together are a question to the record, and silence is the rule."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from consultant.evidence.diagnoses import diagnoses
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import FindingKind, Line
from consultant.questions.model import Fact, Question, Span
from knowledge.model import Citation
from knowledge.release import Release

Questions = Callable[..., Question]
Inquiries = Callable[[Question, Any], Inquiry]

RULES = {"icd.sex", "icd.age", "icd.other_sex", "procedure.sex", "procedure.age"}


def found(inquiry: Inquiry) -> list[Any]:
    return [row for row in diagnoses(inquiry) if row.rule in RULES]


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        (
            "N40.0",
            {"sex": "female"},
            "N40.0 is in the block of male genital organs (N40-N53) and the letter says female",
        ),
        (
            "N80.9",
            {"sex": "male"},
            "N80.9 is in the block of the female genital tract (N80-N98) and the letter says male",
        ),
        ("C61", {"sex": "female"}, "C61 is in the block of cancers of male genital organs (C60-C63)"),
        ("C50.921", {"sex": "female"}, "C50.921 is a code of the male breast and the letter says female"),
        ("O80", {"sex": "male"}, "for the maternal record only and the letter says male"),
        ("O80", {"age_years": 0}, "never for the newborn's and the letter gives the age under 1 year"),
        ("P07.01", {"age_years": 45}, "the letter gives the age 45: right where such a condition is still present"),
        (
            "O09.511",
            {"age_years": 22},
            "35 years or more at the expected date of delivery and the letter gives the age 22",
        ),
        (
            "O09.611",
            {"age_years": 22},
            "under 16 years at the expected date of delivery and the letter gives the age 22",
        ),
        ("Z00.121", {"age_years": 30}, "Z00.121 is the routine examination of a child"),
        ("Z00.00", {"age_years": 9}, "Z00.00 is the general examination of an adult"),
        (
            "Z68.52",
            {"age_years": 45},
            "Z68.52 is a pediatric BMI code for ages 2 to 19 and the letter gives the age 45",
        ),
        ("Z68.30", {"age_years": 12}, "Z68.30 is an adult BMI code for ages from 20 and the letter gives the age 12"),
        ("Z34.01", {"sex": "male"}, "Z34.01 is a code of pregnancy and delivery for the mother's record"),
        ("Z12.5", {"sex": "female"}, "Z12.5 is a screening of the prostate and the letter says female"),
        ("99396", {"age_years": 70}, "99396 is a preventive visit for ages 40 to 64 and the letter gives the age 70"),
    ],
)
def test_a_code_for_other_patients_is_a_question(
    release: Release, make_question: Questions, make_inquiry: Inquiries, code: str, facts: dict[str, Any], expected: str
) -> None:
    """What the code is for, what the letter says, and that the code or the record is to be checked."""
    rows = found(
        make_inquiry(make_question(codes=(code,) if "." in code or code.isdigit() else (), facts=facts), release)
    )
    if not rows:
        rows = found(_on_a_line(make_inquiry(make_question(facts=facts), release), code))
    assert expected in rows[0].text
    assert rows[0].text.endswith("check the code or the record.")
    assert rows[0].citations


def _on_a_line(inquiry: Inquiry, code: str) -> Inquiry:
    cited = Citation("Invented book", "section 1", "2026", None)
    return replace(inquiry, lines=(Line("CPT", "11441", 1, (), (code,), "row", (cited,)),))


@pytest.mark.parametrize(
    ("codes", "facts", "changes"),
    [
        (("N40.0",), {"sex": "male"}, {}),
        (("N40.0",), {}, {}),
        (("N40.0",), {"age_years": 12}, {}),
        (("Z00.121",), {"age_years": 17}, {}),
        (("Z00.00",), {"age_years": 16}, {}),
        (("O09.511",), {"age_years": 34}, {}),
        (("P07.01",), {"age_years": 0}, {}),
        (("O80.1",), {"sex": "male"}, {}),
        (("Q54.0",), {"sex": "female"}, {}),
        (("99396",), {"age_years": 64}, {}),
        # Two patients, a torn letter, or somebody beside the patient.
        (("N40.0",), {"sex": "female"}, {"conflicts": ("age_years",)}),
        (("N40.0",), {"sex": "female"}, {"conflicts": ("sex",)}),
        (("N40.0",), {"sex": "female"}, {"text": "Two patients came, a woman first."}),
        (("N40.0",), {"sex": "female"}, {"text": "His wife, a female of 60, called."}),
        (("P07.01",), {"age_years": 26}, {"text": "A mother of 26 with her newborn."}),
        (("N40.0",), {"sex": "female"}, {"text": "Patient A is a woman."}),
    ],
)
def test_a_letter_that_does_not_plainly_disagree_is_left_alone(
    release: Release,
    make_question: Questions,
    make_inquiry: Inquiries,
    codes: Iterable[str],
    facts: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    """No finding for what fits, what is not given, and what may be another person's."""
    assert found(make_inquiry(make_question(codes=codes, facts=facts, **changes), release)) == []


def test_an_unsure_fact_is_none(release: Release, make_question: Questions, make_inquiry: Inquiries) -> None:
    """A pronoun may be the surgeon's."""
    question = replace(make_question(codes=("N40.0",)), facts=(Fact("sex", "female", Span(0, 0), certain=False),))
    assert found(make_inquiry(question, release)) == []


def test_a_sex_on_file_that_differs_is_told_its_way_once(
    release: Release, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Condition code 45 and modifier KX, from the manual, behind the questions and only with one of sex."""
    question = make_question(codes=("N40.0", "C61.9", "N41.0"), facts={"sex": "female", "age_years": 70})
    rows = found(make_inquiry(question, release))
    assert [row.rule for row in rows] == ["icd.sex", "icd.sex", "icd.other_sex"]
    assert "condition code 45" in rows[-1].text
    assert "Chapter 32, section 240" in rows[-1].citations[0].section
    aged = found(make_inquiry(make_question(codes=("Z68.52",), facts={"age_years": 45}), release))
    assert [row.rule for row in aged] == ["icd.age"]


def test_an_age_that_nobody_confirmed_is_cited_as_such(
    release: Release, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """The row of the code lends no certainty to what was read in copies only."""
    (row,) = found(make_inquiry(make_question(codes=("Z00.121",), facts={"age_years": 30}), release))
    assert not any(citation.verified for citation in row.citations)


def test_the_age_of_a_procedure_is_left_to_its_chooser(
    release: Release, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Where the chooser of the family spoke, it has weighed the age."""
    inquiry = make_inquiry(make_question(codes=("99396",), facts={"age_years": 70}), release)
    (row,) = found(inquiry)
    assert row.kind is FindingKind.CAVEAT
    assert found(replace(inquiry, consulted=("preventive_visit",))) == []
