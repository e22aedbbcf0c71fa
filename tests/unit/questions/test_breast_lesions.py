"""Each lesion of the breast keeps its own guidance and side."""

import pytest

from consultant.questions import breasts
from consultant.questions.aside import Aside
from consultant.questions.passages import Sentences


def _told(text: str) -> list[tuple[object, object, object]]:
    sentences = Sentences(text)
    rows = [row.values() for row in breasts.read(text, sentences, Aside(text, sentences))]
    return [(row.get("breast_guidance"), row.get("lesion_count"), row.get("laterality")) for row in rows]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            (
                "Stereotactic core biopsy of calcifications of the left breast. Then a nodule of the right breast was"
                " sampled under ultrasound."
            ),
            [("stereotactic", 1, "left"), ("ultrasound", 1, "right")],
        ),
        (
            "Under ultrasound five cores at 2 o'clock and four cores at 9 o'clock, right breast.",
            [("ultrasound", 2, "right")],
        ),
        ("Two masses of the left breast, ultrasound-guided core biopsy of each.", [("ultrasound", 2, "left")]),
        (
            (
                "Two lesions of the left breast were sampled: the 3 o'clock one with MRI guidance, then the other under"
                " ultrasound."
            ),
            [("mri", 1, "left"), ("ultrasound", 1, "left")],
        ),
        ("Placed two hookwires under mammographic guidance, right breast.", [("mammographic", 2, "right")]),
        ("Two wires placed under ultrasound, left breast, to bracket one lesion.", [("ultrasound", 1, "left")]),
        ("Ultrasound-guided core biopsies, right breast, 9 cores.", [("ultrasound", None, "right")]),
        ("Ultrasound-guided core biopsy, right breast, 9 cores.", [("ultrasound", 1, "right")]),
        ("US-guided core of right breast masses x3.", [("ultrasound", 3, "right")]),
    ],
)
def test_a_lesion_keeps_its_guidance_and_side(text: str, told: list[tuple[object, object, object]]) -> None:
    """Two machines make two subjects; several lesions by one machine make one with their number."""
    assert _told(text) == told
