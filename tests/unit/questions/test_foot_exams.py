"""Medicare's foot exam of a diabetic patient: told by its parts, and whether another one came before."""

import pytest

from consultant.questions import foot_exams
from consultant.questions.model import Subject
from consultant.questions.passages import Sentences


def _read(text: str) -> list[tuple[object, object]]:
    made: list[Subject] = list(foot_exams.completed(text, Sentences(text), ()))
    return [(row.values().get("first_lops_exam"), row.values().get("routine_care_given")) for row in made]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "LOPS newly diagnosed today. Feet examined, sandals and shoes seen, education. Clipped nails.",
            [(True, True)],
        ),
        ("LOPS on file. Repeated the exam and the education. Nails were not touched.", [(False, False)]),
        (
            "Loss of protective sensation. Foot exam, taught self-care. Initial eval (G0245) was in May.",
            [(False, None)],
        ),
        ("Insensate feet. First LOPS exam with footwear check. Exam and education only.", [(True, False)]),
        ("LOPS. Exam and teaching. No calluses treated.", [(None, False)]),
        ("Diabetic with LOPS, class findings. Debrided eight nails.", []),
        ("Protective sensation intact. Feet examined, footwear advice.", []),
        ("Does a LOPS exam need education and a look at the shoes?", []),
    ],
)
def test_an_exam_is_told_by_its_parts(text: str, found: list[tuple[object, object]]) -> None:
    """Without lost sensation, or without teaching, there is none; what was done before makes this one a later one."""
    assert _read(text) == found
