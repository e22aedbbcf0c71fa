"""What Medicare excludes by statute takes GY where the letter has it submitted for the denial."""

from datetime import date

import pytest

from consultant.drafting.engine import draft_letter
from knowledge.release import Release

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        (
            "Original Medicare, healthy, no systemic disease. Two calluses pared. The secondary wants the denial. CPT?",
            ["GY"],
        ),
        (
            "Original Medicare, diabetic with PAD. Two calluses pared. The secondary wants the denial. CPT?",
            [],
        ),
        (
            (
                "Original Medicare. 9 skin tags of the neck snipped, purely cosmetic, no bleeding. "
                "She insists that it is submitted. CPT?"
            ),
            ["GY"],
        ),
        (
            ("Original Medicare. 9 skin tags of the neck snipped, irritated, not cosmetic. Denied last time. CPT?"),
            [],
        ),
        ("Aetna. 9 skin tags of the neck snipped, cosmetic, patient wants the denial. CPT?", []),
        (
            "Original Medicare, healthy, no systemic disease. Two calluses pared. Signed ABN on file, secondary. CPT?",
            [],
        ),
    ],
)
def test_a_service_that_the_law_excludes_is_marked(release: Release, text: str, modifiers: list[str]) -> None:
    _, _, made = draft_letter(text, today=TODAY, release=release)
    rows = made.as_json("x", "")["lines"]
    assert [row["modifiers"] for row in rows] == [modifiers]
