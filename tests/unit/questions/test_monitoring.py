"""Care of the month by devices and care managers is told apart by what a letter counts: days, minutes, a set-up."""

import pytest

from consultant.questions import minutes, monitoring
from consultant.questions.passages import Sentences


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "RPM in August: 22 days of readings, RN spent 25 minutes with one live call.",
            [("monitoring_supply", 22, None), ("monitoring_time", None, 25)],
        ),
        ("Remote patient monitoring, readings sent on 12 of 30 days.", [("monitoring_supply", 12, None)]),
        ("RPM: set up and teaching done 8/3/26.", [("monitoring_set_up", None, None)]),
        (
            "RPM since May, set up was billed in May. RN time 31 minutes in July. 99457?",
            [("monitoring_time", None, 31)],
        ),
        ("BHI, clinical staff 24 min in August.", [("behavioral_integration", None, 24)]),
        (
            "CoCM began in April, when they had 81 minutes, which was billed. In May it was 98 minutes.",
            [("collaborative_care", None, 98)],
        ),
        ("CoCM, second month, care manager 82 minutes.", [("collaborative_care", None, 82)]),
        ("Remote therapeutic monitoring of the knee, 18 days of data.", []),
        ("Blood pressure was stable for 20 days.", []),
    ],
)
def test_each_service_of_the_month_is_told_apart(text: str, told: list[tuple[str, int | None, int | None]]) -> None:
    """Days with readings are the device, minutes the time, and what was set up before is none of this month."""
    sentences = Sentences(text)
    found = [row.values() for row in monitoring.read(text, sentences, minutes.find(text, sentences))]
    assert [(row["visit_kind"], row.get("monitored_days"), row.get("month_minutes")) for row in found] == told


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("CoCM, first month, 40 minutes.", "first"),
        ("Collaborative care in its third month, 48 minutes.", "later"),
        ("CoCM, she started in April. In May the log comes to 98 minutes.", "later"),
        ("Enrolled in CoCM on June 3. Log for June: 70 minutes.", "first"),
        ("CoCM 65 minutes. 99492 or 99493?", None),
    ],
)
def test_the_month_of_collaborative_care_is_told_or_open(text: str, month: str | None) -> None:
    """Codes that the letter weighs against each other tell no month."""
    sentences = Sentences(text)
    row = next(monitoring.read(text, sentences, minutes.find(text, sentences)))
    assert row.values().get("care_month") == month
