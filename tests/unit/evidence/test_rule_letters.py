"""Letters that ask for a rule, over all families, and letters that the knowledge base has nothing for."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from consultant.drafting.engine import draft_letter
from consultant.drafting.model import Draft, Outcome
from knowledge.release import Release

TODAY = date(2026, 9, 15)
LETTERS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("rule_letters.yaml"))
WITHIN = [row for row in LETTERS if row["family"]]
OUTSIDE = [row for row in LETTERS if not row["family"]]


@pytest.fixture(scope="module")
def drafts(release: Release) -> list[tuple[dict[str, Any], Draft]]:
    """Every letter of a family with its draft."""
    return [(row, draft_letter(row["text"], today=TODAY, release=release)[2]) for row in WITHIN]


def test_the_letters_speak_of_every_family(release: Release) -> None:
    """A family without a letter could lose its answers unseen."""
    assert {row["family"] for row in WITHIN} == {family.id for family in release.families()}


def test_nearly_every_letter_for_a_rule_is_answered(drafts: list[tuple[dict[str, Any], Draft]]) -> None:
    """A letter that the rules answer is not handed over."""
    over = [row["text"] for row, draft in drafts if draft.outcome is Outcome.HAND_OVER]
    assert len(over) <= 0.05 * len(drafts), over


def test_the_rule_that_answers_stands_in_most_drafts(
    drafts: list[tuple[dict[str, Any], Draft]], release: Release
) -> None:
    """Word for word, in the verdict or among the statements below it; a case that is told is answered by its lines."""
    asked = [(row, draft) for row, draft in drafts if not draft.lines]
    lacking = [row["text"] for row, draft in asked if not _said(row, draft, release, {"verdict"} | _BELOW)]
    assert len(lacking) <= 0.20 * len(asked), lacking


def test_the_rule_that_answers_stands_in_the_verdict_of_most(
    drafts: list[tuple[dict[str, Any], Draft]], release: Release
) -> None:
    """What only comes near stands below it."""
    lacking = [row["text"] for row, draft in drafts if not _said(row, draft, release, {"verdict"})]
    assert len(lacking) <= 0.40 * len(drafts), lacking


def test_a_verdict_has_no_more_than_three_statements_for_a_question(
    drafts: list[tuple[dict[str, Any], Draft]],
) -> None:
    """The last sentence says for which date and payer it holds."""
    for row, draft in drafts:
        asked = Counter(claim.question for part in draft.sections if part.key == "verdict" for claim in part.claims)
        many = row["text"].count("?") > 1 and set(asked) == {None}
        assert many or max(asked.values(), default=0) <= 4, row["text"]


@pytest.mark.parametrize("letter", OUTSIDE, ids=lambda row: row["text"][:40])
def test_a_letter_for_which_nothing_is_held_is_handed_over(letter: dict[str, Any], release: Release) -> None:
    """Right or silent: a rule that shares some words with it is no answer."""
    _, _, draft = draft_letter(letter["text"], today=TODAY, release=release)
    assert draft.outcome is Outcome.HAND_OVER


_BELOW = {"why", "edits", "modifiers"}


def _of(draft: Draft, sections: set[str]) -> list[str]:
    return [claim.text for section in draft.sections if section.key in sections for claim in section.claims]


def _said(row: dict[str, Any], draft: Draft, release: Release, sections: set[str]) -> bool:
    texts = {rule.text for rule in release.rules() if rule.id in row["rules"]}
    pages = {row for row in row["rules"] if row.startswith("modifier.")}
    texts |= {
        f"{page.code}: {said.text}"
        for page in release.modifier_pages()
        for said in page.purpose
        if f"modifier.{page.code}.purpose.0" in pages
    }
    return bool(texts & set(_of(draft, sections)))
