"""Writes docs/coverage.md: what the curated knowledge base covers, family by family, from the content itself.

    python scripts/coverage.py

A test compares the page with the content, so run it after every change of a family.
"""

from pathlib import Path

from knowledge.build import CONTENT
from knowledge.coverage_page import coverage_page

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"


def main() -> None:
    """Write the page."""
    PAGE.write_text(coverage_page(CONTENT), encoding="utf-8")
    print(f"{PAGE.name}: {len(PAGE.read_text(encoding='utf-8').splitlines())} lines")


if __name__ == "__main__":
    main()
