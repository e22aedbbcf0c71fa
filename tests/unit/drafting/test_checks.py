"""The checks before sending: each one fails on the very thing that it guards against, and on nothing else."""

from collections.abc import Callable

import pytest

from consultant.drafting.checks import Check, check
from consultant.drafting.model import Draft
from consultant.drafting.write import draft
from consultant.evidence.model import Evidence
from consultant.questions.model import Question


@pytest.fixture
def written(make_question: Callable[..., Question], make_evidence: Callable[..., Evidence]) -> Draft:
    return draft(make_question(), make_evidence(), ())


def _failed(checks: tuple[Check, ...]) -> set[str]:
    return {row.rule for row in checks if not row.passed}


LETTER = frozenset({"12011", "24"})


def test_the_engines_own_text_passes_every_check(written: Draft, held: object) -> None:
    """What the engine writes needs no override."""
    assert _failed(check(written.text, written, held, LETTER)) == set()


def _edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("Report 11441", "Report 11499", "codes_known"),
        ("Report 11441", "Report 0099T", "codes_known"),
        ("D22.39 [1]", "D22.39 and D99.9 [1]", "codes_known"),
        ("Report 11441", "Consider 12011 with 11441", "codes_in_force"),
        ("Report 11441", "Report 11441-ZZ", "modifiers_known"),
        ("Report 11441", "With modifier 25 report 11441", "modifiers_known"),
        ("payer not named. [1]", "payer not named. [9]", "marks_have_sources"),
        ("[1] Invented code book", "[1] Somebody's blog", "sources_unchanged"),
        ("here. [2]", "here.", "claims_cited"),
        ("here. [2]", "here. [2] And bill whatever pays.", "claims_cited"),
        ("Verdict\n", "Verdict\n\nTesta Sampleton, DOB 04/05/1961, asked. [1]\n", "no_identifiers"),
        ("payer not named. [1]", "payer not named, ask [PERSON_1]. [1]", "no_identifiers"),
        (
            "[1] Invented code book",
            "[1] Patient Testa Sampleton, DOB 04/05/1961\n[1] Invented code book",
            "no_identifiers",
        ),
        ("payer not named. [1]", "see https://clinic.example/x [1]", "official_links_only"),
        ("payer not named. [1]", "see https://www.cms.gov.clinic.example/ [1]", "official_links_only"),
        ("- CPT 11441, 1 unit", "- CPT 11441, 1 unit, not reported alone: 12011", "rejected_not_billed"),
        ("- CPT 11441, 1 unit", "- CPT 12051, 1 unit", "lines_as_chosen"),
    ],
)
def test_each_check_fails_on_what_it_guards_against(
    written: Draft, held: object, old: str, new: str, rule: str
) -> None:
    """An edit that breaks one rule is caught by the check of that name."""
    assert rule in _failed(check(_edited(written.text, old, new), written, held, LETTER))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("payer not named. [1]", "payer Medicare. See https://www.cms.gov/ncci [1]"),
        ("Report 11441", "With modifier 59 report 11441"),
        ("Report 11441", "Modifier 24 was asked about; report 11441"),
        ("Report 11441", "12011 is not in force; report 11441"),
        ("Verdict\n", "Dear colleague,\n\nthank you for your letter.\n\nVerdict\n"),
    ],
)
def test_an_honest_edit_passes_every_check(written: Draft, held: object, old: str, new: str) -> None:
    """What the release or the letter holds may be written freely."""
    assert _failed(check(_edited(written.text, old, new), written, held, LETTER)) == set()


def test_an_answer_whose_sections_were_all_deleted_fails(written: Draft, held: object) -> None:
    """Free prose without a section of claims is no cited answer."""
    failed = _failed(check("Report the excision once and be done.\n", written, held, LETTER))
    assert {"claims_cited", "lines_as_chosen"} <= failed


def test_a_failing_check_says_what_is_wrong_without_repeating_an_identifier(written: Draft, held: object) -> None:
    """The sentence helps the reviewer and may be kept: it holds no name."""
    text = _edited(written.text, "Verdict\n", "Verdict\n\nPatient: Testa Sampleton, phone 415-555-0132. [1]\n")
    row = next(row for row in check(text, written, held, LETTER) if row.rule == "no_identifiers")
    assert not row.passed
    assert "Sampleton" not in row.sentence
    assert "0132" not in row.sentence
