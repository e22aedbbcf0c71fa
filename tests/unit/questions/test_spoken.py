"""Dictated measures and labels are read as digits."""

import pytest

from consultant.questions.spoken import read


@pytest.mark.parametrize(
    ("dictated", "written"),
    [
        ("one point one centimeters", "1.1 cm"),
        ("point eight cm", "0.8 cm"),
        ("four millimeters all the way round", "4 mm all the way round"),
        ("two and a half cm", "2.5 cm"),
        ("Number one, the nose. Number two, the ear.", "1) the nose. 2) the ear."),
        ("six by five cm", "6 by 5 cm"),
        ("the right took 12 sq cm, the left 8.", "the right took 12 sq cm, the left 8 sq cm."),
        ("three nevi", "three nevi"),
        ("at one point in March", "at one point in March"),
    ],
)
def test_what_measures_or_labels_is_written_as_digits(dictated: str, written: str) -> None:
    """A count in words stays as it is."""
    assert read(dictated).text == written
