"""The page that lists what the content covers says what the content holds."""

from pathlib import Path

from knowledge.build import CONTENT
from knowledge.coverage_page import coverage_page

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"


def test_the_coverage_page_is_that_of_the_content() -> None:
    """After a change of a family: `python scripts/coverage.py`."""
    assert PAGE.read_text(encoding="utf-8") == coverage_page(CONTENT)


def test_the_content_covers_what_was_promised() -> None:
    """Past 500 codes with a page and 45 families with a chooser."""
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert sum(row[3].strip() == "yes" for row in rows) > 45
