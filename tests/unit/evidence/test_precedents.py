"""Precedents as values: how alike two questions are, what the present release contradicts, and how few are shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from consultant.evidence.model import Billed, Difference, Evidence, Line
from consultant.evidence.precedents import (
    CHECKED,
    KEYS,
    LIKE_ENOUGH,
    SHOWN,
    Decided,
    Earlier,
    contradiction,
    keys,
    likeness,
    sought,
    weigh,
)
from consultant.questions.model import Question, Subject, Topic
from knowledge.release import Release

ON = date(2026, 3, 2)
FAMILIES = ("lesion_excision",)
CHIN: dict[str, Any] = {"site": "chin", "pathology": "benign", "lesion_diameter_cm": 0.4, "margin_cm": 0.2}
DREW = Decided("answer", (Billed("11441"),), ("12011",), ("Report 11441.",))
PRESENT, OLDER = "2026.5+sha256:0000", "2026.4+sha256:ffff"

Questions = Callable[..., Question]
Subjects = Callable[..., Subject]


@pytest.fixture
def question(make_question: Questions, make_subject: Subjects) -> Question:
    return make_question(codes=("12011",), subjects=(make_subject(**CHIN),))


@pytest.fixture
def evidence() -> Evidence:
    return Evidence(ON, False, PRESENT, (Line("CPT", "11441", 1, (), (), "row", ()),), (), (), (), FAMILIES)


def earlier(question: Question, number: int = 1, **changes: Any) -> Earlier:
    row = Earlier(
        review_id=number,
        reference=f"C-2026-{number:06d}",
        reviewer="Riley Reviewer",
        credential="CPC",
        approved_at=datetime(2026, 3, 2, tzinfo=UTC),
        question=question,
        families=FAMILIES,
        on=ON,
        release=PRESENT,
        drawn=DREW,
        lines=DREW.lines,
    )
    return replace(row, **changes)


def never(row: Earlier) -> Decided:
    raise AssertionError(f"{row.reference} was decided anew")


def test_the_same_question_is_wholly_alike(question: Question) -> None:
    assert likeness(question, FAMILIES, earlier(question)) == 1.0


@pytest.mark.parametrize(
    ("codes", "facts", "at_least", "below"),
    [
        (("12011",), CHIN | {"site": "cheek"}, 0.8, 1.0),
        (("12011",), CHIN | {"lesion_diameter_cm": 0.3}, 0.9, 1.0),
        ((), CHIN, LIKE_ENOUGH, 0.9),
        (("99213",), {"site": "back", "technique": "shaving"}, 0.0, LIKE_ENOUGH),
    ],
)
def test_likeness_falls_with_codes_and_facts_that_differ(
    question: Question,
    make_question: Questions,
    make_subject: Subjects,
    codes: tuple[str, ...],
    facts: dict[str, Any],
    at_least: float,
    below: float,
) -> None:
    other = earlier(make_question(codes=codes, subjects=(make_subject(**facts),)))
    assert at_least <= likeness(question, FAMILIES, other) < below


def test_numbers_that_lie_near_are_more_alike(
    question: Question, make_question: Questions, make_subject: Subjects
) -> None:
    def share(size: float) -> float:
        subject = make_subject(**(CHIN | {"lesion_diameter_cm": size}))
        return likeness(question, FAMILIES, earlier(make_question(codes=("12011",), subjects=(subject,))))

    assert share(0.4) > share(0.5) > share(2.0) > share(9.0)


def test_what_is_asked_counts_where_the_codes_are_the_same(make_question: Questions) -> None:
    days = make_question("What is the global period?", codes=("11441",), topic=Topic.GUIDELINE)
    units = make_question("How many units does the MUE allow?", codes=("11441",), topic=Topic.NCCI_EDIT)
    assert likeness(days, FAMILIES, earlier(units)) < likeness(days, FAMILIES, earlier(days))


def test_a_like_wording_about_another_matter_is_not_alike(make_question: Questions, make_subject: Subjects) -> None:
    """Without a common code or family nothing else counts."""
    one = make_question("Which code do I report?", codes=("99213",), facts={"payer": "medicare"})
    two = make_question("Which code do I report?", codes=("11042",), facts={"payer": "medicare"})
    assert likeness(one, ("office_visit",), earlier(two, families=("debridement",))) == 0


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (DREW, None),
        (replace(DREW, verdict=("report  11441.",)), None),
        (replace(DREW, lines=(Billed("11442"),)), "the release now gives 11442 instead of 11441"),
        (replace(DREW, lines=(Billed("11441", 2),)), "the release now gives 11441 x 2 instead of 11441"),
        (
            replace(DREW, lines=(Billed("11441", 1, ("59",), ("D22.39",)),)),
            "the release now gives 11441-59 with D22.39 instead of 11441",
        ),
        (replace(DREW, lines=(Billed("11441"), Billed("12051"))), "the release now gives 12051 as well"),
        (replace(DREW, lines=()), "the release gives 11441 no longer"),
        (replace(DREW, rejected=("12011", "12013")), "the release now rejects 12013"),
        (replace(DREW, rejected=()), "the release rejects 12011 no longer"),
        (
            replace(DREW, outcome="ask_back"),
            "the release now asks the sender for a fact first instead of giving 11441",
        ),
        (replace(DREW, verdict=("Report 11441, never twice.",)), "the release now words its verdict otherwise"),
    ],
)
def test_whatever_the_release_makes_otherwise_is_a_contradiction(
    question: Question, now: Decided, reason: str | None
) -> None:
    assert contradiction(earlier(question), now) == reason


def test_a_reviewers_own_lines_stand_while_the_engine_draws_what_it_drew(question: Question) -> None:
    changed = earlier(question, lines=(Billed("11440"),))
    assert changed.changed
    assert contradiction(changed, DREW) is None
    assert contradiction(changed, replace(DREW, lines=(Billed("11440"),), verdict=("Report 11440.",))) is None
    other = contradiction(changed, replace(DREW, lines=(Billed("11442"),)))
    assert other == "the release now gives 11442 instead of 11440"


def test_an_answer_in_place_of_a_question_back_counts_as_changed(question: Question) -> None:
    assert earlier(question, drawn=Decided("ask_back", (), (), ()), lines=()).changed
    assert not earlier(question).changed


def test_one_drawn_from_the_same_release_is_not_decided_anew(question: Question, evidence: Evidence) -> None:
    weighed = weigh(question, evidence, [earlier(question)], never)
    assert [row.reference for row in weighed.precedents] == ["C-2026-000001"]
    assert weighed.dropped == ()


def test_one_that_is_contradicted_leaves_only_its_reason(question: Question, evidence: Evidence) -> None:
    rows = [earlier(question, 1), earlier(question, 2, release=OLDER)]
    weighed = weigh(question, evidence, rows, lambda _: replace(DREW, lines=(Billed("11442"),)))
    assert [row.review_id for row in weighed.precedents] == [1]
    assert weighed.dropped == ("the release now gives 11442 instead of 11441",)


def test_the_likeliest_come_first_of_equals_the_newest_and_no_more_than_three(
    question: Question, evidence: Evidence, make_question: Questions, make_subject: Subjects
) -> None:
    other = make_question(codes=("12011",), subjects=(make_subject(**(CHIN | {"site": "cheek"})),))
    rows = [earlier(question, number) for number in range(1, 4)] + [earlier(other, number) for number in range(4, 20)]
    weighed = weigh(question, evidence, rows, never)
    assert [row.review_id for row in weighed.precedents] == [3, 2, 1]
    assert len(weigh(question, evidence, rows[1:], never).precedents) == SHOWN


def test_only_so_many_are_decided_anew(question: Question, evidence: Evidence) -> None:
    """However many the release contradicts, the work is bounded."""
    again: list[int] = []

    def anew(row: Earlier) -> Decided:
        again.append(row.review_id)
        return replace(DREW, outcome="hand_over")

    rows = [earlier(question, number, release=OLDER) for number in range(40)]
    assert len(weigh(question, evidence, rows, anew).dropped) == CHECKED == len(again)


def test_nothing_but_precedents_is_added_to_the_evidence(
    question: Question, evidence: Evidence, make_question: Questions, make_subject: Subjects
) -> None:
    other = make_question(codes=("12011",), subjects=(make_subject(**(CHIN | {"site": "cheek"})),))
    weighed = weigh(question, evidence, [earlier(other)], never)
    assert replace(weighed, precedents=()) == evidence
    (found,) = weighed.precedents
    assert found.shared == ("12011", "lesion_excision")
    assert found.differences == (Difference("site", "cheek", "chin"),)


def test_a_difference_names_the_values_of_both_letters_once(
    question: Question, evidence: Evidence, make_question: Questions, make_subject: Subjects
) -> None:
    """Two lesions of one nature are no difference in nature; a truth reads as yes or no."""
    two = (make_subject(**CHIN), make_subject(**(CHIN | {"site": "left_ear", "recurrent": True})))
    (found,) = weigh(question, evidence, [earlier(make_question(codes=("12011",), subjects=two))], never).precedents
    assert found.differences == (Difference("site", "chin, left ear", "chin"), Difference("recurrent", "yes", ""))


def test_evidence_of_an_older_version_still_loads(evidence: Evidence) -> None:
    kept: TypeAdapter[Evidence] = TypeAdapter(Evidence)
    stored = kept.dump_python(evidence, mode="json")
    del stored["precedents"], stored["dropped"]
    assert kept.validate_python(stored) == evidence


def test_precedents_are_kept_and_read_back_as_the_same_values(question: Question, evidence: Evidence) -> None:
    kept: TypeAdapter[Evidence] = TypeAdapter(Evidence)
    weighed = weigh(question, evidence, [earlier(question, lines=(Billed("11440", 2, ("59",)),))], never)
    assert kept.validate_json(kept.dump_json(weighed)) == weighed


def test_a_question_is_found_by_codes_modifiers_and_families(make_question: Questions) -> None:
    asked = make_question(codes=("11441-59", "25", "D22.39"))
    assert keys(asked, FAMILIES, ["12051", "11441"]) == (
        "family:lesion_excision",
        "code:11441",
        "modifier:25",
        "code:D22.39",
        "modifier:59",
        "code:12051",
    )
    many = make_question(codes=[f"{number}" for number in range(10000, 10100)])
    assert len(keys(many, FAMILIES)) == KEYS


def test_what_nobody_has_gathered_for_yet_is_sought_by_what_the_choosers_say(
    release: Release, make_question: Questions, make_subject: Subjects
) -> None:
    facts = CHIN | {"site_group": "face_ears_eyelids_nose_lips_mucosa", "technique": "excision"}
    found = sought(make_question(subjects=(make_subject(**facts),)), release, today=ON)
    assert found == ("family:lesion_excision", "code:11441")
