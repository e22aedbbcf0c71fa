"""A letter with several questions is answered one by one, in its own order."""

from datetime import date

from consultant.drafting.engine import draft_letter
from consultant.drafting.model import Draft
from knowledge.release import Release

TODAY = date(2026, 3, 20)
CASE = "Benign nevus of the chin excised 3/2/2026, 0.4 cm with 0.2 cm margins, simple closure. "


def drafted(text: str, release: Release) -> Draft:
    return draft_letter(text, today=TODAY, release=release)[2]


def answers(made: Draft) -> dict[int | None, str]:
    verdict = next(section for section in made.sections if section.key == "verdict")
    found: dict[int | None, str] = {}
    for claim in verdict.claims:
        found[claim.question] = f"{found.get(claim.question, '')} {claim.label}: {claim.text}"
    return found


def test_each_question_gets_its_own_answer(release: Release) -> None:
    """The code, the closure and the note are answered under the number of their question."""
    made = drafted(f"{CASE}1. What must the note say? 2. May I bill the repair? 3. Which code?", release)
    found = answers(made)
    assert "Documentation" in found[1]
    assert "simple closure is included" in found[2]
    assert "Report 11441" in found[3]
    assert "\n1. Documentation: " in made.text


def test_a_question_that_nothing_answers_is_said_to_be_open(release: Release) -> None:
    """Two answers must not pass for three."""
    made = drafted(f"{CASE}1. Which code? 2. Who won the race at Indianapolis?", release)
    assert "a certified coder adds the answer" in answers(made)[2]


def test_every_numbered_answer_is_cited(release: Release) -> None:
    """The number of a question adds no claim without a source."""
    made = drafted(f"{CASE}1. Which code? 2. May I bill 12011? 3. Global days of 11441? 4. Why?", release)
    verdict = next(section for section in made.sections if section.key == "verdict")
    assert all(claim.citations for claim in verdict.claims)
    assert [row["question"] for row in made.as_json("x", "")["claims"] if "question" in row]


def test_a_letter_with_one_question_is_answered_in_a_paragraph(release: Release) -> None:
    """There is nothing to number."""
    made = drafted(f"{CASE}Which code?", release)
    assert set(answers(made)) == {None}
    assert "Verdict\n\nReport 11441" in made.text
