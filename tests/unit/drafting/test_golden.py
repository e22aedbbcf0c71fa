"""Whole drafts from invented letters, compared with the files under golden/.

To write the files anew after an intended change: `pytest tests/unit/drafting --refresh-drafts -k golden`.
Then read every changed file as a certified coder would.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from consultant.drafting.anew import approved_lines, decide_anew, decided
from consultant.drafting.checks import check, identifies
from consultant.drafting.engine import draft_letter
from consultant.evidence.precedents import Earlier, billed, contradiction
from knowledge.release import Release

TODAY = date(2026, 3, 20)
GOLDEN = Path(__file__).parent / "golden"
LETTERS = sorted(GOLDEN.glob("*.letter"))


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: path.stem)
def test_a_whole_draft_reads_as_it_was_approved(letter: Path, release: Release, request: pytest.FixtureRequest) -> None:
    """Outcome, subject and text are word for word those that were read and found right."""
    _, _, written = draft_letter(letter.read_text("utf-8"), today=TODAY, release=release)
    approved = letter.with_suffix(".txt")
    text = f"Outcome: {written.outcome}\nSubject: {written.subject}\n\n{written.text}"
    # The version of the release changes with every word of the content; the draft does not.
    text = text.replace(release.version, "RELEASE")
    if request.config.getoption("--refresh-drafts", default=False):
        approved.write_text(text, "utf-8")
    assert text == approved.read_text("utf-8")


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: path.stem)
def test_a_whole_draft_passes_every_check(letter: Path, release: Release) -> None:
    """What the engine writes needs no override, whatever the letter."""
    question, _, written = draft_letter(letter.read_text("utf-8"), today=TODAY, release=release)
    own = frozenset(row.code for row in question.codes) | {m for row in question.codes for m in row.modifiers}
    assert [row.sentence for row in check(written.text, written, release, own) if not row.passed] == []


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: path.stem)
def test_a_whole_draft_bears_itself_out_as_a_precedent(letter: Path, release: Release) -> None:
    """Its lines are read back from its text, it names nobody, and decided anew by its own release it is the same."""
    question, evidence, written = draft_letter(letter.read_text("utf-8"), today=TODAY, release=release)
    assert approved_lines(written.text) == billed(written.lines)
    assert not identifies(written.text, written, release)
    row = Earlier(
        review_id=1,
        reference="C-2026-000001",
        reviewer="Riley Reviewer",
        credential="CPC",
        approved_at=datetime(2026, 3, 20, tzinfo=UTC),
        question=question,
        families=evidence.families,
        on=written.date_of_service,
        release="an older one",
        drawn=decided(written),
        lines=approved_lines(written.text),
    )
    assert contradiction(row, decide_anew(row, release)) is None


def test_every_golden_draft_has_its_letter() -> None:
    """No approved draft is left over from a letter that is gone."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {path.stem for path in LETTERS}
    assert len(LETTERS) >= 12
