"""Whole drafts from invented letters, compared with the files under golden/.

To write the files anew after an intended change: `pytest tests/unit/drafting --refresh-drafts -k golden`.
Then read every changed file as a certified coder would.
"""

from datetime import date
from pathlib import Path

import pytest

from consultant.drafting.checks import check
from consultant.drafting.engine import draft_letter
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


def test_every_golden_draft_has_its_letter() -> None:
    """No approved draft is left over from a letter that is gone."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {path.stem for path in LETTERS}
    assert len(LETTERS) >= 12
