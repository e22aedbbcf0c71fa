"""Write out an abbreviation of two meanings where the letter itself spells one of them out."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.spelling import Mended, replaced

_MEANINGS: Final = (
    (
        "erectile dysfunction",
        re.compile(r"\berectile dysfunction\b", re.IGNORECASE),
        # Who is seen in the ED is seen in the department all the same.
        re.compile(
            r"(?<!\bin )(?<!\bin the )(?<!\bat the )(?<!\bto the )(?<!\bfrom the )(?<!\bour )(?<!\bvia )"
            r"(?<![\w/-])ED(?![\w/-])"
            r"(?![ \t](?:visit|doc|physician|provider|attending|course|note|chart|level|coding|team|staff)\w*)"
        ),
    ),
)


def read(text: str) -> Mended:
    """Return the text with such abbreviations in full, and the way back to the places as written."""
    return replaced(text, sorted(_edits(text)))


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    for words, spelled_out, short in _MEANINGS:
        if spelled_out.search(text):
            yield from ((*match.span(), words) for match in short.finditer(text))
