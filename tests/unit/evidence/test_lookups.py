"""Lookups in rows of official files: edits, units, fees, diagnoses, and editions that are not held."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from consultant.evidence.asked import is_direct
from consultant.evidence.bundling import bundling
from consultant.evidence.diagnoses import diagnoses
from consultant.evidence.fees import fees
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.modifiers import modifiers
from consultant.evidence.units import units
from consultant.questions.model import Question
from knowledge.model import CodeEntry
from knowledge.official_model import AddOn, Fee, Mue, PtpEdit

Rows = Callable[..., Any]
Questions = Callable[..., Question]
Inquiries = Callable[[Question, Any], Inquiry]

EDIT = PtpEdit("12051", "11441", date(2020, 1, 1), None, "1", "invented", "2026Q1")
FEE = Fee("11441", "", "A", "010", "2", "0", "1", "0", "0", "0", "PPRRVU2026_Jan")


def texts(findings: tuple[Any, ...]) -> str:
    return " | ".join(finding.text for finding in findings)


def test_a_missing_edition_is_never_reported_as_no_edit(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Without an edition for the date the finding says so, and nothing says that there is no edit."""
    inquiry = make_inquiry(make_question("Are they bundled?", codes=("11441", "12051")), rows())
    said = texts(bundling(inquiry))
    assert "We hold no PTP edition for 2026-03-02" in said
    assert "No PTP edit" not in said
    assert not any(is_direct(row) for row in bundling(inquiry))


def test_an_edit_is_found_in_either_order_and_answers_a_bundling_question(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Columns, indicator, dates and edition are named, whichever code the letter names first."""
    for codes in (("11441", "12051"), ("12051", "11441")):
        inquiry = make_inquiry(
            make_question("Are they bundled?", codes=codes), rows(ptp_edition="2026Q1", ptp_rows=(EDIT,))
        )
        (row,) = bundling(inquiry)
        assert is_direct(row)
        assert "12051 (column one) and 11441 (column two) are a PTP pair, modifier indicator 1" in row.text
        assert "effective 2020-01-01, not deleted" in row.text
        assert row.citations[0].edition == "2026Q1"


@pytest.mark.parametrize(("deleted", "in_force"), [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (None, True)])
def test_the_deletion_date_is_the_last_day_of_an_edit(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries, deleted: date | None, in_force: bool
) -> None:
    """An edit deleted on the date of service still holds on it; one deleted before is told as an earlier window."""
    edit = PtpEdit("12051", "11441", date(2020, 1, 1), deleted, "1", "invented", "2026Q1")
    inquiry = make_inquiry(make_question(codes=("11441", "12051")), rows(ptp_edition="2026Q1", ptp_rows=(edit,)))
    assert ("No PTP edit" not in texts(bundling(inquiry))) is in_force


def test_another_edition_is_named_as_another_edition(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """What the nearest edition says is given with its name and as that of another edition."""
    release = rows(ptp_edition="2024Q3", ptp_rows=(EDIT,), for_date=False)
    found = bundling(make_inquiry(make_question("Are they bundled?", codes=("11441", "12051")), release))
    assert "the nearest held is 2024Q3" in texts(found)
    assert "That is not the edition for 2026-03-02." in texts(found)


def test_silence_of_another_edition_is_never_reported_as_no_edit(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """No pair in the nearest edition proves nothing for the date, and answers nothing."""
    release = rows(ptp_edition="2024Q3", for_date=False)
    found = bundling(make_inquiry(make_question("Are they bundled?", codes=("11441", "12051")), release))
    assert "We hold no PTP edition for 2026-03-02" in texts(found)
    assert "No PTP edit" not in texts(found)
    assert not any(is_direct(row) for row in found)


def test_a_code_that_is_not_held_is_not_looked_up(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """No edit between a real code and an invented one is no finding at all."""
    inquiry = make_inquiry(make_question(codes=("11441", "99999")), rows(ptp_edition="2026Q1"))
    assert bundling(inquiry) == ()


def test_global_days_answer_the_question_for_them(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Asked for the global period, the first finding is the answer, with the row cited."""
    question = make_question("What is the global period of 11441?", codes=("11441",))
    first, second = fees(make_inquiry(question, rows(fee_rows={"11441": FEE})))
    assert is_direct(first)
    assert first.text == "The global period of 11441 is 10 days (indicator 010)."
    assert first.citations[0].section == "row 11441"
    assert "multiple procedures 2 (standard reduction)" in second.text


def test_an_mue_is_given_with_its_indicator_and_exceeding_it_is_a_caveat(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Units written beyond the MUE are pointed out."""
    from dataclasses import replace

    question = make_question("How many units of 11441?", codes=("11441",))
    question = replace(question, codes=(replace(question.codes[0], units=6),))
    mue = Mue("11441", "practitioner", 4, "3 Date of Service Edit: Clinical", "invented", "2026Q1")
    said = texts(units(make_inquiry(question, rows(mues={"11441": mue}, add_ons={"11008": None}))))
    assert "MUE for 11441: 4, adjudication indicator 3" in said
    assert "6 units of 11441 exceed the MUE of 4" in said


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("11008", "11008 is an add-on code (type 1): report it only with 11004, 11005."),
        ("11004", "11004 is not listed as an add-on code for 2026-03-02."),
    ],
)
def test_whether_a_code_is_an_add_on_is_answered_both_ways(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries, code: str, expected: str
) -> None:
    """Yes with its primaries, or no for the date."""
    release = rows(add_ons={"11008": AddOn("11008", "1", ("11004", "11005"), "2026Q2")}, mues={"x": None})
    found = units(make_inquiry(make_question(f"Is {code} an add-on?", codes=(code,)), release))
    assert [row.text for row in found if is_direct(row)] == [expected]


def _icd(code: str, description: str, *, billable: bool = True) -> CodeEntry:
    return CodeEntry("ICD-10-CM", code, description, billable, date(2025, 10, 1), None, "FY2026")


def test_a_diagnosis_is_checked_for_validity_billability_and_excludes1(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """Unknown, category and excluded pair are each said in a sentence of their own."""
    release = rows(
        icd={
            "N18.3": _icd("N18.3", "an invented category", billable=False),
            "D22.39": _icd("D22.39", "a mole"),
            "C43.3": _icd("C43.3", "another"),
        },
        excluded={"D22.39": ("an invented note (C43.-)",)},
    )
    said = texts(diagnoses(make_inquiry(make_question(codes=("N18.3", "D22.39", "C43.3", "Z99.9X")), release)))
    assert "N18.3 (an invented category) is a category and not billable on 2026-03-02" in said
    assert "D22.39 (a mole) is valid and billable" in said
    assert "Z99.9X is not in the ICD-10-CM edition" in said
    assert "Excludes1 at D22.39 names C43.3" in said


def test_a_diagnosis_from_another_edition_is_said_to_be_from_one(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """An ICD-10-CM edition that ended before the date of service proves nothing for it."""
    entry = CodeEntry("ICD-10-CM", "D22.39", "a mole", True, date(2024, 10, 1), date(2025, 9, 30), "FY2025")
    said = texts(diagnoses(make_inquiry(make_question(codes=("D22.39",)), rows(icd={"D22.39": entry}))))
    assert "valid and billable in FY2025; we hold no ICD-10-CM edition for 2026-03-02" in said


def test_a_diagnosis_of_the_other_side_is_pointed_out(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries, make_subject: Callable[..., Any]
) -> None:
    """A code for the left side under a letter about the right side does not pass unseen."""
    question = make_question(codes=("C44.191",), subjects=(make_subject(laterality="right"),))
    described = {"C44.191": "an invented thing of left ear", "C44.192": "an invented thing of right ear"}
    release = rows(icd={code: _icd(code, description) for code, description in described.items()})
    assert "names the left side; the letter speaks of the right" in texts(diagnoses(make_inquiry(question, release)))


@pytest.mark.parametrize(("bilateral", "verdict"), [("0", "does not permit"), ("1", "permits")])
def test_the_fee_schedule_decides_over_modifier_50(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries, bilateral: str, verdict: str
) -> None:
    """The bilateral indicator of the code governs the modifier."""
    fee = Fee("11441", "", "A", "010", "2", bilateral, "1", "0", "0", "0", "PPRRVU2026_Jan")
    found = modifiers(make_inquiry(make_question(codes=("11441-50",)), rows(fee_rows={"11441": fee})))
    assert f"{verdict} modifier 50" in texts(found)


def test_a_modifier_without_a_held_test_is_said_not_to_be_tested(
    rows: Rows, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """No test held: nothing is made up."""
    (row,) = modifiers(make_inquiry(make_question(codes=("11441-57",)), rows()))
    assert row.text == "We hold no test for modifier 57 with these codes, so it was not tested."
