"""Lists that no number labels: bullets, tables, places with a colon, and counts behind places."""

import pytest

from consultant.questions import counting, items, sizes, tabled
from consultant.questions.passages import Sentences
from consultant.questions.sizes import Role


def test_bullets_and_table_lines_begin_sentences() -> None:
    """What stands below the last of them is said of all and belongs to none."""
    text = "Shaved:\n- right hand 0.6 cm\n- nose 0.4 cm\nall benign"
    sentences = Sentences(text)
    assert [text[span.start : span.end].strip() for span in sentences.spans] == [
        "Shaved:",
        "- right hand 0.6 cm",
        "- nose 0.4 cm",
        "all benign",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "site | size | margin\ncheek | 0.8 cm | 0.2 cm\nback | 1.2 cm | 0.3 cm",
            [(0.8, Role.LESION), (0.2, Role.MARGIN), (1.2, Role.LESION), (0.3, Role.MARGIN)],
        ),
        (
            "| site | margin (mm) | size (mm) |\n| cheek | 2 | 8 |\n| back | 3 | 12 |",
            [(0.2, Role.MARGIN), (0.8, Role.LESION), (0.3, Role.MARGIN), (1.2, Role.LESION)],
        ),
        (
            "site | excised diameter (cm) | repair (cm)\nchin | 1.1 | 2.4\nnose | 0.7 | 1.9",
            [(1.1, Role.EXCISED), (2.4, Role.CLOSURE), (0.7, Role.EXCISED), (1.9, Role.CLOSURE)],
        ),
    ],
)
def test_the_head_of_a_column_says_what_it_measures(text: str, found: list[tuple[float, Role]]) -> None:
    """A bare number under a head with a unit is a measure too."""
    told = tabled.read(text).text
    read = sizes.find(told, Sentences(told))
    assert [(measure.greatest, measure.role) for measure in read] == found


def test_a_label_that_comes_again_tells_of_the_same() -> None:
    """Exam and procedure speak of the same A and B."""
    text = "EXAM: A) neck B) back\nPROCEDURE:\nA: punch\nB: scoop"
    told = items.find(text, Sentences(text), ())
    assert [len(row.spans) for row in told] == [2, 2]


@pytest.mark.parametrize(
    ("text", "places", "numbers"),
    [
        ("neck 9, left axilla 8, right axilla 6.", ("neck", "left axilla", "right axilla"), [9, 8, 6]),
        ("nose x2, ear x1, scalp x5", ("nose", "ear", "scalp"), [2, 1, 5]),
        ("neck (7), axilla (5)", ("neck", "axilla"), [7, 5]),
        ("neck 9, lt axxla 8, groin 6.", ("neck", "groin"), [9, 8, 6]),
        ("neck 2 cm, back 3/4/26", ("neck", "back"), []),
    ],
)
def test_numbers_behind_places(text: str, places: tuple[str, ...], numbers: list[int]) -> None:
    """A number directly behind a place counts what was treated there; a length or a date counts nothing."""
    where = [(text.index(place), text.index(place) + len(place)) for place in places]
    assert [row.number for row in counting.behind_places(text, 0, len(text), where)] == numbers
