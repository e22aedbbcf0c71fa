"""What is not certain or not the whole stands on no claim as though it were: units, services beside, two values."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from consultant.evidence.asked import is_direct
from consultant.evidence.gather import gather
from consultant.questions.model import Fact, Question, Span, Subject
from knowledge.release import Release

TODAY = date(2026, 3, 20)
Questions = Callable[..., Question]
Subjects = Callable[..., Subject]

CHIN: dict[str, Any] = {
    "site": "chin",
    "site_group": "face_ears_eyelids_nose_lips_mucosa",
    "pathology": "benign",
    "technique": "excision",
    "excised_diameter_cm": 0.8,
}
NOWHERE = Span(0, 0)


def test_a_service_beside_the_claim_is_named_in_the_verdict(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """A code must not read as the whole claim of a letter that names a drainage as well."""
    question = make_question("Excision and I&D. Codes?", subjects=(make_subject(**CHIN),), beside=(Span(13, 16),))
    evidence = gather(question, release, today=TODAY)
    assert [line.code for line in evidence.lines] == ["11441"]
    assert any('also names "I&D"' in finding.text and is_direct(finding) for finding in evidence.findings)


def test_without_a_line_nothing_stands_beside_it(release: Release, make_question: Questions) -> None:
    """Where nothing is coded nothing was left out."""
    evidence = gather(make_question("Excision and I&D?", beside=(Span(13, 16),)), release, today=TODAY)
    assert not any("also names" in finding.text for finding in evidence.findings)


def test_a_code_whose_units_are_still_asked_for_is_no_line(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    """Nobody counted the one unit that would stand on it."""
    subject = make_subject("drug", drug_name="ceftriaxone")
    evidence = gather(make_question(subjects=(subject,)), release, today=TODAY)
    assert evidence.lines == ()
    assert [row.fact for row in evidence.missing] == ["dose_mg"]


def wound(*areas: float) -> Subject:
    facts = [Fact("necrotizing_infection", False, NOWHERE), Fact("depth_removed", "subcutaneous", NOWHERE)]
    return Subject("wound", (*facts, *(Fact("area_cm2", area, NOWHERE) for area in areas)))


@pytest.mark.parametrize(("areas", "asked"), [((6.0, 12.0), False), ((12.0, 15.0), True), ((18.0, 24.0), True)])
def test_two_areas_are_asked_about_where_either_or_their_sum_changes_the_claim(
    release: Release, make_question: Questions, areas: tuple[float, ...], asked: bool
) -> None:
    """12 and 15 sq cm are 11042 each, and with 11045 when both are wounds of one depth."""
    question = make_question(subjects=(wound(*areas),), conflicts=("area_cm2",))
    evidence = gather(question, release, today=TODAY)
    assert [row.fact for row in evidence.missing] == (["area_cm2"] if asked else [])
    assert bool(evidence.lines) is not asked


def test_a_value_that_leads_out_of_the_family_is_asked_about(release: Release, make_question: Questions) -> None:
    """Critical care and an emergency visit are two services; the first named is not the answer for both."""
    kinds = [Fact("visit_kind", kind, NOWHERE) for kind in ("critical_care", "emergency_visit")]
    visit = Subject("encounter", (*kinds, Fact("total_minutes", 35, NOWHERE), Fact("mdm_level", "high", NOWHERE)))
    evidence = gather(make_question(subjects=(visit,), conflicts=("visit_kind",)), release, today=TODAY)
    assert evidence.lines == ()
    assert [row.fact for row in evidence.missing] == ["visit_kind"]
