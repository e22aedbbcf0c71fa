"""Staff time of a prolonged visit begins behind the typical staff time of the visit."""

import pytest

from consultant.questions.model import Span
from consultant.questions.staff_time import beyond_typical


@pytest.mark.parametrize(
    ("text", "minutes", "length"),
    [
        ("The visit is 99214. MA and RN in all 75 min with the patient.", 75, 35),
        ("99213, and the nurse watched her for 50 min.", 50, 23),
        ("99213 and 43 min of the nurse beyond the typical time.", 43, 43),
        ("99213 or 99214, staff in all 75 min.", 75, 75),
        ("Staff in all 75 min.", 75, 75),
    ],
)
def test_typical_time_is_taken_off_once(text: str, minutes: int, length: int) -> None:
    """Nothing is taken off where no single visit is named, or where the minutes are told as those beyond."""
    start = text.index(f"{minutes} min")
    assert beyond_typical(text, minutes, Span(start, start + 6)) == length
