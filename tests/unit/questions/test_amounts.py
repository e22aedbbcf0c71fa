"""Times of a flowsheet, and doses that belong to another day or to a drug that was left out."""

import pytest

from consultant.questions import amounts
from consultant.questions.amounts import Use


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("10:02 iron infusion START\n11:00 vitals stable\n12:20 iron infusion STOP\n", 138),
        ("At 10:15 a liter was hung, by itself, and it ran until 11:40.", 85),
    ],
)
def test_reads_a_time_that_stands_before_its_event(text: str, length: int) -> None:
    assert [row.value for row in amounts.minutes(text)] == [length]


@pytest.mark.parametrize("earlier", ["Last time it was 400 mg.", "She had 400 mg in 2024.", "Previously 400 mg."])
def test_leaves_out_the_dose_of_another_day(earlier: str) -> None:
    given = [row.mg for row in amounts.doses(f"Patient got 420 mg. {earlier}") if row.use is Use.GIVEN]
    assert given == [420]
