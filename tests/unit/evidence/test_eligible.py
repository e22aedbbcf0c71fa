"""The next covered day of a preventive service is counted in full calendar months from the last one."""

from datetime import date

import pytest

from consultant.drafting.engine import draft_letter
from knowledge.release import Release

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Medicare. Last PSA screening 3/14/2026. When is the next one covered?", "from March 1, 2027."),
        ("Medicare. Last AWV 11/20/2025. When is she next eligible?", "from November 1, 2026."),
        (
            "Medicare, average risk, last Pap 10/14/2024. Visit on 9/21/2026, too early for Q0091?",
            "2026-09-21 is too early",
        ),
        ("Medicare, high risk, last Pap 10/14/2025. When is the next one?", "from October 1, 2026."),
    ],
)
def test_the_next_day_is_told(release: Release, text: str, told: str) -> None:
    """A yearly service needs eleven full months behind the month of the last one."""
    _, evidence, _ = draft_letter(text, today=TODAY, release=release)
    assert told in " ".join(row.text for row in evidence.findings if "eligible." in row.rule)


@pytest.mark.parametrize(
    "text",
    [
        "Aetna commercial. Last mammogram 3/14/2026. When is the next one covered?",
        "Medicare. Part B since 3/14/2026. When may she have her AWV?",
        "Medicare. Last colonoscopy in 2019, average risk. When is the next one?",
    ],
)
def test_no_day_is_made_up(release: Release, text: str) -> None:
    """Another payer counts otherwise, and a year alone or the start of coverage is no month of a last service."""
    _, evidence, _ = draft_letter(text, today=TODAY, release=release)
    assert not [row for row in evidence.findings if "eligible." in row.rule]
