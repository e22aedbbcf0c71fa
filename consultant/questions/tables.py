"""Read the cells of a table with the name of their column where the bare cell says nothing: a 3 under "Stage".

The text is written anew with that name in front of the cell, and every place can be found again in the text as it is.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.spelling import Mended, replaced

_PARTED: Final = re.compile(r"[ ]*\|[ ]*|\t+|[ ]{2,}")
_STAGE: Final = re.compile(r"(?:npi?uap|pressure|ulcer|wound|current|today'?s?)?[ ]?stage(?:[ ]today)?", re.IGNORECASE)
_BARE: Final = re.compile(r"(?:[1-4]|i{1,3}|iv)[.,]?(?=[ ]?(?:$|\(|,|;|-))", re.IGNORECASE)
_RULE: Final = re.compile(r"[\s|:+=-]*")


def told(text: str) -> Mended:
    """Return the text with the stages of its tables told in full."""
    return replaced(text, ((place, place, "stage ") for place in _bare_stages(text)))


def _bare_stages(text: str) -> Iterator[int]:
    """Yield where a cell in a column of stages begins that holds a bare figure."""
    column = -1
    start = 0
    for line in text.split("\n"):
        cells = list(_cells(line))
        heads = [at for at, (_, cell) in enumerate(cells) if _STAGE.fullmatch(cell)]
        if heads and len(cells) > 1:
            column = heads[0]
        elif column >= 0 and len(cells) > column and len(cells) > 1:
            place, cell = cells[column]
            if _BARE.match(cell):
                yield start + place
        elif not _RULE.fullmatch(line) or not line.strip():
            column = -1
        start += len(line) + 1


def _cells(line: str) -> Iterator[tuple[int, str]]:
    """Yield the cells of a line with their places."""
    at = len(line) - len(line.lstrip(" |"))
    for match in _PARTED.finditer(line, at):
        yield at, line[at : match.start()].strip()
        at = match.end()
    if line[at:].strip():
        yield at, line[at:].strip()
