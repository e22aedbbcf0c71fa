"""A retinopathy of both eyes with edema in one of them is one for each eye."""

import pytest

from consultant.questions.eyes import parted
from consultant.questions.model import Fact, Span, Subject

HERE = Span(0, 1)
BOTH = Subject(
    "diagnosis",
    (
        Fact("condition", "diabetic_retinopathy", HERE),
        Fact("retinopathy_stage", "mild", HERE),
        Fact("laterality", "bilateral", HERE),
    ),
)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("mild NPDR OU, DME OS only", "left"),
        ("mild NPDR in each eye; macular edema in the right eye only", "right"),
        ("mild NPDR both eyes, macular edema only in the left eye", "left"),
        ("mild NPDR bilaterally, only the right eye has edema", "right"),
    ],
)
def test_each_eye_has_its_own_edema(text: str, side: str) -> None:
    eyes = [row.values() for row in parted(text, (BOTH,))]
    assert [(row["laterality"], row["macular_edema"]) for row in eyes] == [
        ("right", side == "right"),
        ("left", side == "left"),
    ]
    assert {row["retinopathy_stage"] for row in eyes} == {"mild"}


@pytest.mark.parametrize("text", ["mild NPDR OU, DME OU", "mild NPDR OD, DME OD only"])
def test_other_letters_are_left_as_they_are(text: str) -> None:
    assert parted(text, (BOTH,)) == (BOTH,)
