"""What a Medicare claim of therapy says beside its codes: the threshold of the year, and who gave the service."""

import pytest

from consultant.questions import therapy_claims, therapy_minutes
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.therapy import completed


def _told(text: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in therapy_claims.told(text)}


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("PT is past the $2,480 limit for the year; the record documents why skilled care is still needed.", True),
        ("Therapy cap exceeded in May, medical necessity is in the chart.", True),
        ("He went over the KX threshold last week.", None),
        ("Over the threshold, but no medical necessity is documented.", None),
        ("She is nowhere near the therapy threshold.", False),
        ("The annual threshold is not met yet.", False),
        ("Therapeutic exercise for 30 minutes.", None),
    ],
)
def test_a_threshold_counts_where_the_need_is_on_record(text: str, above: bool | None) -> None:
    """KX says both, so that the threshold alone earns none."""
    assert _told(text).get("above_threshold") is above


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("All 40 minutes were given by our PTA.", True),
        ("The COTA did the whole session.", True),
        ("Session w/ PTA, two units.", True),
        ("The PT gave 20 minutes and the PTA gave the rest.", None),
        ("The therapist and the PTA treated him together.", None),
        ("Given by the PT, not the PTA.", None),
    ],
)
def test_an_assistant_counts_who_gave_all_of_it(text: str, alone: bool | None) -> None:
    """What was shared is for the rule on parts of a unit."""
    assert _told(text).get("by_assistant") is alone


def test_an_evaluation_holds_its_own_minutes() -> None:
    """The minutes of the training behind it are the training's."""
    text = "Length of evaluation: 48 minutes. Home management training with the new walker, one to one, 24 minutes."
    read = therapy_minutes.read(text, {"self_care_training": [Span(34, 58)]})
    assert {value: [row.value for row in rows] for value, rows in read.items()} == {
        "evaluation": [48],
        "self_care_training": [24],
    }


def test_a_stroke_mark_stands_for_minutes() -> None:
    read = therapy_minutes.read("nm re-ed 31', US 9', pt of 64 years", {})
    assert {value: rows[0].value for value, rows in read.items()} == {"neuromuscular_reeducation": 31, "ultrasound": 9}


def test_a_service_tells_its_discipline_by_itself() -> None:
    """Other therapy that the letter speaks of takes it from no one."""
    text = "Speech session of 45 minutes; he had PT and OT in spring."
    row = Subject("procedure", (Fact("procedure", "speech_treatment", Span(0, 14)),))
    (done,) = completed(text, Sentences(text), [row], medicare=True)
    assert done.values()["discipline"] == "slp"
