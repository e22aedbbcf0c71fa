"""Several wounds or repairs keep apart what the letter says of each; what it does not pair is left to be asked for."""

from datetime import date

import pytest

from consultant.questions.model import Question
from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary

SITES = {word: word for word in ("heel", "hip", "scalp", "hand", "face", "arm", "leg", "knee", "forearm", "foot")}
WORDS = Vocabulary(SITES)


def question(text: str) -> Question:
    return read(text, today=date(2026, 5, 5), vocabulary=WORDS)


def told(text: str, *names: str) -> list[tuple[object, ...]]:
    return [tuple(subject.values().get(name) for name in names) for subject in question(text).subjects]


@pytest.mark.parametrize(
    "text",
    [
        "Wound 1: 6 sq cm debrided to subcutaneous tissue, heel. Wound 2: 12 sq cm debrided to muscle, hip.",
        "Heel ulcer debrided to subcutaneous tissue, 6 sq cm; hip ulcer debrided to muscle, 12 sq cm.",
        "Ulcers of the leg, 18 sq cm in total: debrided subcutaneous tissue 6 sq cm and muscle 12 sq cm.",
    ],
)
def test_areas_of_two_depths_are_two_wounds(text: str) -> None:
    """The deepest tissue of one wound is not the depth of the other, and a total is no third wound."""
    assert told(text, "area_cm2", "depth_removed") == [(6.0, "subcutaneous"), (12.0, "muscle")]


@pytest.mark.parametrize(
    "text",
    [
        "Two wounds, heel debrided to subcutaneous fat and hip to muscle, 18 sq cm in total. CPT?",
        "Debrided wound to bone of the foot. Bone exposed but only subcutaneous tissue removed, 10 sq cm. CPT?",
    ],
)
def test_a_depth_that_the_letter_leaves_open_is_in_conflict(text: str) -> None:
    """Taking the deepest would code more than was done."""
    assert question(text).conflicts == ("depth_removed",)


def test_the_size_before_the_debridement_is_not_the_one_removed() -> None:
    """Only what was debrided counts."""
    text = (
        "Pre-debridement 5 x 4 cm, post-debridement 6 x 4 cm, subcutaneous tissue removed, ulcer of the leg debrided."
    )
    assert told(text, "area_cm2") == [(24.0,)]


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (
            "Laceration of the face 2.2 cm, layered closure. Laceration of the arm 6 cm, simple closure.",
            [("face", "intermediate"), ("arm", "simple")],
        ),
        (
            "Laceration of the face 2.2 cm, layered closure. Laceration of the arm 6 cm.",
            [("face", "intermediate"), ("arm", None)],
        ),
        (
            "Lacerations: forearm 4 cm and hand 5 cm, both simple single layer closure.",
            [("forearm", "simple"), ("hand", "simple")],
        ),
        ("Two complex repairs of lacerations: arm 4 cm, leg 5 cm.", [("arm", "complex"), ("leg", "complex")]),
    ],
)
def test_each_repair_takes_the_site_and_class_of_its_own_part(text: str, repairs: list[tuple[str, str | None]]) -> None:
    """A class that is told of one wound is not that of another."""
    assert told(text, "site", "closure_class") == repairs


def test_two_classes_of_one_repair_are_a_conflict() -> None:
    """The header says simple and the body layered: the record has to say which."""
    text = "5 cm laceration of the knee. The header says simple repair, the body a layered closure with deep sutures."
    assert question(text).conflicts == ("closure_class",)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Simple repair of two lacerations of the scalp, 1.5 cm each.", 3.0),
        ("Three 1.5 cm simple lacerations of the scalp closed with staples.", 4.5),
        ("Both lacerations of the arm were sutured in one layer, each 2 cm.", 4.0),
        ("Laceration of the arm, 2 cm, closed with 4 simple sutures, single layer.", 2.0),
    ],
)
def test_a_size_that_is_told_of_each_counts_for_each(text: str, length: float) -> None:
    """The lengths of one class and group are added, however few numbers are written."""
    assert told(text, "closure_length_cm") == [(length,)]


@pytest.mark.parametrize(
    ("text", "closure"),
    [
        ("Laceration of the knee 3 cm, 4-0 vicryl deep, nylon skin.", "intermediate"),
        ("Laceration of the scalp 3 cm, deep and skin sutures.", "intermediate"),
        ("Laceration of the hand 3 cm, skin only with 5-0 nylon.", "simple"),
        ("Laceration of the hand 3 cm, loosely approximated with two sutures.", "simple"),
        ("Lacerations, all simple: hand 3 cm.", "simple"),
    ],
)
def test_what_held_the_wound_tells_its_class(text: str, closure: str) -> None:
    """A deep layer makes it layered; a skin layer alone does not."""
    assert told(text, "closure_class") == [(closure,)]
