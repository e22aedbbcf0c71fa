"""A rule that carries how coders ask for it is found by the situation that a letter tells, in whatever wording."""

from datetime import date

import pytest

from consultant.drafting.engine import draft_letter
from knowledge.release import Release

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Our PA saw a new patient, the doctor was in the suite. Medicare, incident-to ok?", "never incident-to"),
        ("Medicare 66984 right eye 3/2/2026, left eye within the global. Which modifier on the second?", "79"),
        ("27447 on 5/4/2026, seen 5/20/2026, staples removed. Can we bill the visit, is it in the global?", "99024"),
        ("80048 was bundled into 80053 and an ABN is on file. May the patient be billed?", "the patient may not be"),
        ("45385 and 45380 on 9/12/2024, two polyps. NCCI edit, and which modifier?", "it goes on 45380"),
        ("What is the MUE for 95886?", "MUE for 95886: 4"),
        ("Redetermination, how many days to file after the remittance?", "120 days"),
    ],
)
def test_a_situation_or_a_row_is_told(release: Release, text: str, told: str) -> None:
    """It stands in the findings, and nothing of a case is asked for."""
    _, evidence, _ = draft_letter(text, today=TODAY, release=release)
    assert not evidence.missing
    assert told in " ".join(row.text for row in evidence.findings)
