"""The class findings of the feet decide between Q7, Q8 and Q9."""

import pytest

from consultant.questions.class_findings import read


@pytest.mark.parametrize(
    ("told", "modifier"),
    [
        ("Right BKA for gangrene.", "Q7"),
        ("Lost the left 2nd toe to gangrene, a non-traumatic amputation.", "Q7"),
        ("Lost a toe in a lawnmower accident, an amputation by injury.", None),
        ("DP and PT pulses non-palpable both feet.", "Q8"),
        ("No palpable pedal pulses.", "Q8"),
        ("PT pulse absent, hair growth decreased, nails thickened, skin thin and shiny.", "Q8"),
        ("DP pulses absent bilaterally, PT pulses 2/4. Feet cold, edema of both ankles.", "Q9"),
        ("Only edema and burning in the feet.", None),
        ("Class B findings x2.", "Q8"),
        ("One class B finding and two class C findings.", "Q9"),
        ("One class B finding.", None),
        ("Chart supports Q8.", "Q8"),
        ("Do we need Q8?", None),
        ("Is it Q8 or Q9?", None),
        ("Pulses palpable, no edema, no claudication, no amputation.", None),
    ],
)
def test_the_findings_lead_to_their_modifier(told: str, modifier: str | None) -> None:
    """One of class A, two of class B, or one of class B with two of class C; what is denied counts for nothing."""
    assert read(f"Six toenails were debrided. {told}").modifier == modifier
