"""The length of a diagnosis code and its 7th character: what is lacking is named from the edition, never made up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultant.evidence.diagnoses import diagnoses
from consultant.evidence.inquiry import Inquiry
from consultant.questions.codes import read
from consultant.questions.model import CodeMention, Question, Span
from consultant.questions.vocabulary import Vocabulary
from knowledge.release import Release

Questions = Callable[..., Question]
Inquiries = Callable[[Question, Any], Inquiry]


def said(inquiry: Inquiry) -> str:
    return " | ".join(row.text for row in diagnoses(inquiry))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "S81.801",
            "S81.801 needs a 7th character: S81.801A initial encounter, while it is actively treated; S81.801D",
        ),
        ("S81.801", "S81.801S sequela, for what it left behind."),
        ("S81.801", "right lower leg) is not complete and not billable on 2026-03-02."),
        ("T81.31", "T81.31XA initial encounter"),
        ("T81.31", "X holds the empty place, as the 7th character stands in seventh place."),
        ("T14.8", "XX holds the empty place"),
        ("S52.501", "needs a 7th character, as in S52.501A: A initial encounter for closed fracture; B initial"),
        ("S52.501", "R subsequent encounter for open fracture type IIIA, IIIB, or IIIC with malunion; S sequela."),
        ("H40.10", "H40.10X0 stage unspecified; H40.10X1 mild stage"),
        ("T81.31A", "The 7th character stands in seventh place, behind the placeholder X: T81.31XA."),
        ("S81.801B", "The 7th characters of S81.801 are A, D, S, as in S81.801A."),
        ("L97.4115", "L97.411 is the code that is held; it takes no further character."),
        ("N18.3", "Below N18.3 stand N18.30, N18.31, N18.32."),
        ("C44.3", "12 billable codes stand below C44.3."),
        ("C44.39", "C44.39 (Other specified malignant neoplasm of skin of other and unspecified parts of face)"),
        ("Z99.9X", "7 billable codes stand below Z99."),
    ],
)
def test_a_code_that_is_too_short_or_too_long_is_told_what_there_is(
    release: Release, make_question: Questions, make_inquiry: Inquiries, code: str, expected: str
) -> None:
    """A 7th character with the meaning of each, the placeholder, the codes below, or the shorter code that holds."""
    assert expected in said(make_inquiry(make_question(codes=(code,)), release))


def test_what_is_lacking_cites_the_row_and_the_guideline(
    release: Release, make_question: Questions, make_inquiry: Inquiries
) -> None:
    """The row of the code, the rule of the 7th character, and that of its meaning in injuries."""
    (row,) = [
        row for row in diagnoses(make_inquiry(make_question(codes=("S81.801",)), release)) if row.rule == "icd.seventh"
    ]
    assert [citation.section for citation in row.citations] == [
        "row S81.801",
        "Sections I.A.4 and I.A.5, Placeholder character and 7th Characters",
        "Section I.C.19.a, Application of 7th Characters in Chapter 19",
    ]


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Suture removal today.", "S51.811A", "check the 7th character (S51.811D)"),
        ("Wound check after the fall.", "S51.811A", "the letter tells of routine care while it heals"),
        ("Patient presents with a laceration.", "S51.811D", "check the 7th character (S51.811A)"),
        ("Suture removal today.", "S52.501A", "check the 7th character."),
        # The letter agrees, says both, denies, plans, tells of the past, or says nothing plainly.
        ("Suture removal today.", "S51.811D", ""),
        ("Suture removal today, and a fresh laceration.", "S51.811A", ""),
        ("No suture removal was done.", "S51.811A", ""),
        ("Suture removal is planned.", "S51.811A", ""),
        ("Seen again.", "S51.811A", ""),
        ("Suture removal today.", "S51.811S", ""),
        # The active treatment of a complication is that of the complication itself (I.C.19.a).
        ("Suture removal and debridement.", "T81.31XA", ""),
        ("Suture removal today.", "L97.411", ""),
    ],
)
def test_a_7th_character_is_questioned_only_where_the_letter_plainly_says_another(
    release: Release, make_question: Questions, make_inquiry: Inquiries, text: str, code: str, expected: str
) -> None:
    """Guideline I.C.19.a; a letter that is silent or torn decides nothing."""
    found = said(make_inquiry(make_question(text, codes=(code,)), release))
    assert expected in found
    assert ("check the 7th character" in found) is bool(expected)


@given(letters=st.text("ABCDSTX0123456789", min_size=1, max_size=4), category=st.sampled_from(["S81", "T81", "C44"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_named_instead_is_held(
    release: Release,
    make_question: Questions,
    make_inquiry: Inquiries,
    letters: str,
    category: str,
) -> None:
    """No code that a finding names is made up, whatever the sender wrote."""
    written = f"{category}.{letters}"
    question = make_question()
    inquiry = make_inquiry(replace(question, codes=(CodeMention("ICD-10-CM", written, Span(0, 0)),)), release)
    for row in diagnoses(inquiry):
        assert row.citations
        if row.rule in {"icd.seventh", "icd.below", "icd.length"}:
            named = {mention.code for mention in read(row.text, Vocabulary({})) if mention.system == "ICD-10-CM"}
            assert all(release.icd10(code, inquiry.on) for code in named - {written})
