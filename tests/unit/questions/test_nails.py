"""Work on nails: by act and nails, in whatever order and words they are told."""

from collections.abc import Iterator

import pytest

from consultant.questions import nail_digits, nails
from consultant.questions.aside import Aside
from consultant.questions.model import Span
from consultant.questions.passages import Sentences


def _read(text: str) -> Iterator[tuple[object, object, list[str]]]:
    sentences = Sentences(text)
    for subject in nails.read(text, sentences, (), Aside(text, sentences)):
        values = subject.values()
        digits = [str(fact.value) for fact in subject.facts if fact.name == "digit"]
        yield values.get("procedure"), values.get("nail_count"), digits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seven thick mycotic toenails were debrided with a burr.", [("nail_debridement", 7, [])]),
        ("Debridement of nails 1-5 right and 1-3 left.", [("nail_debridement", 8, [])]),
        ("Nail plate of the thumb, 20 ga needle through the nail, plate removed.", [("nail_avulsion", 1, [])]),
        ("Pulled off the whole left great toenail under block.", [("nail_avulsion", 1, ["left toe 1"])]),
        ("TNA of the right hallux, no phenol.", [("nail_avulsion", 1, ["right toe 1"])]),
        ("Right foot 4, left foot 3 mycotic nails debrided.", [("nail_debridement", 7, [])]),
        ("Mycotic nails reduced in thickness and length, both feet.", [("nail_debridement", None, [])]),
        ("Toenails x8 done, nippers used.", [(None, 8, [])]),
        ("Ingrown toenail. Block. Removed. Dressing.", [(None, 1, [])]),
        ("R hallux: both borders avulsed.", [("nail_avulsion", 1, ["right toe 1"])]),
        (
            "R hallux: both borders avulsed. L 2nd toe: lateral border avulsed. No phenol.",
            [("nail_avulsion", 2, ["right toe 1", "left toe 2"])],
        ),
        (
            "Both great toes ingrown. The lateral strips were removed and the matrix of each was treated with phenol.",
            [("nail_matrix_removal", 2, ["left toe 1", "right toe 1"])],
        ),
        (
            "Nail plate of the right great toe avulsed. Matrixectomy with phenol of the left great toe.",
            [("nail_avulsion", 1, ["right toe 1"]), ("nail_matrix_removal", 1, ["left toe 1"])],
        ),
        (
            "Left second toe ingrown. Lateral border removed with the matrix left alone.",
            [("nail_avulsion", 1, ["left toe 2"])],
        ),
        ("Eight mycotic nails debrided. The two normal nails were clipped.", [("nail_debridement", 8, [])]),
        ("The nails are thick and were not treated.", []),
        ("He does the simple kind where the edge is avulsed, and sometimes the other kind with phenol.", []),
    ],
)
def test_what_was_done_to_which_nails(text: str, found: list[tuple[object, object, list[str]]]) -> None:
    """One subject for each kind of work; a border is no nail, and one nail takes the more extensive work alone."""
    assert list(_read(text)) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("left 2nd toenail", ["left toe 2"]),
        ("great toe, right", ["right toe 1"]),
        ("R 1st and 3rd toes", ["right toe 1", "right toe 3"]),
        ("left ring finger", ["left finger 4"]),
        ("bilateral halluces", ["left toe 1", "right toe 1"]),
    ],
)
def test_digits_by_side_and_place(text: str, names: list[str]) -> None:
    """A digit is named by side and number, in either order."""
    assert [digit.name for digit in nail_digits.find(text)] == names


def test_nails_by_their_numbers() -> None:
    """A run of numbers counts each of them, on both feet twice."""
    text = "toes 1-3 bilateral"
    counted = nail_digits.numbered(text, Span(0, len(text)))
    assert counted is not None
    assert counted[0] == 6
