"""The page that walks one letter through the engine shows what the engine does."""

from pathlib import Path

from knowledge.release import Release
from scripts.walk_through import PAGE, page


def test_the_page_shows_what_the_engine_does(release: Release) -> None:
    """After a change that a reader of letters would see: `python scripts/walk_through.py`."""
    assert Path(PAGE).read_text(encoding="utf-8") == page(release)
