"""A table is read row by row with the words of its head, and every place still points into the letter as written."""

import pytest

from consultant.questions.model import Span
from consultant.questions.tabled import read

PIPED = """Please code:
| # | site          | pre    | post (cm) | closure |
|---|---------------|--------|-----------|---------|
| 1 | left shin     | 3 x 2  | 4 x 3     | simple  |
| 2 | right heel    | 1 x 1  | 2 x 1     | layered |
Thanks
"""


def lines(text: str) -> list[str]:
    return [line for line in read(text).text.split("\n") if line.strip()]


def test_each_cell_is_told_with_its_head_and_unit() -> None:
    """A row stands by itself, under its own label, as a sentence would."""
    told = lines(PIPED)
    assert "1) left shin, pre: 3 x 2, post: 4 x 3 cm, closure: simple." in told
    assert "2) right heel, pre: 1 x 1, post: 2 x 1 cm, closure: layered." in told
    assert told[-1] == "Thanks"


@pytest.mark.parametrize(
    "text",
    [
        "Site        Length    Repair\nL thigh     6.1 cm    layered\nchin        1.0 cm    simple\n",
        "Site\tLength\tRepair\nL thigh\t6.1 cm\tlayered\nchin\t1.0 cm\tsimple\n",
        "Site | Length | Repair\nL thigh | 6.1 cm | layered\nchin | 1.0 cm | simple\n",
    ],
)
def test_columns_may_be_set_apart_by_blanks_or_tabs(text: str) -> None:
    """Mail programs keep tables in many ways."""
    assert lines(text) == ["- L thigh, Length: 6.1 cm, Repair: layered.", "- chin, Length: 1.0 cm, Repair: simple."]


@pytest.mark.parametrize(
    "text",
    [
        "Laceration of the arm,  4 cm,  simple.\nThanks\n",
        "Date: 3/1/2026     Patient: A     MRN 1\nWound of the arm\n",
        "no table | here\n",
        "4 cm | simple\n2 cm | layered\n",
    ],
)
def test_what_has_no_head_and_rows_stays_as_it_is(text: str) -> None:
    """A blank or a bar too much makes no table."""
    assert read(text).text == text


def test_every_place_leads_back_to_the_cell_as_written() -> None:
    """The highlight of a fact that the head helped to read covers its cell."""
    mended = read(PIPED)
    start = mended.text.index("closure: layered")
    span = mended.back(Span(start, start + len("closure: layered")))
    assert PIPED[span.start : span.end] == "layered"
