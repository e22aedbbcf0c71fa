"""Write the golden files of all letters anew: `python -m tests.unit.letters.refresh`; then read the diff."""

from pathlib import Path

from consultant.drafting.correspondence import PARTS, render
from tests.unit.letters.samples import CONTEXTS

GOLDEN = Path(__file__).parent / "golden"


def refresh() -> None:
    """Render every sample and keep its parts."""
    for kind, context in CONTEXTS.items():
        rendered = render(kind, context)
        folder = GOLDEN / kind
        folder.mkdir(parents=True, exist_ok=True)
        for part, text in zip(PARTS, (rendered.subject + "\n", rendered.text, rendered.html), strict=True):
            (folder / part).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    refresh()
