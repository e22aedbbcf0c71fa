"""Each service of therapy gets its own minutes, however a note lists them."""

import pytest

from consultant.questions import therapy_minutes
from consultant.questions.model import Span


@pytest.mark.parametrize(
    "text",
    [
        "gait training ..... 8 min\nmanual therapy .... 14 min\nbike, 10 minutes",
        "Gait training 8 minutes, manual therapy 14 minutes.",
        "8 min gait training, 14 min of manual therapy",
        "| gait training | 8 min |\n| manual therapy | 14 min |",
        "Gait training: 8; manual therapy: 14 (minutes)",
        "She did gait training for 8 minutes and then manual therapy (left knee) took 14 minutes.",
        "Gait 8, MT 14 min",
        "97116 gait training - 8 minutes\n97140 manual therapy - 14 minutes",
    ],
)
def test_gives_each_service_its_minutes(text: str) -> None:
    found = {
        value: [Span(at, at + len(words))]
        for value, words in (("gait_training", "gait training"), ("manual_therapy", "manual therapy"))
        if (at := text.lower().find(words)) >= 0
    }
    read = therapy_minutes.read(text, found)
    assert {value: [row.value for row in rows] for value, rows in read.items()} == {
        "gait_training": [8],
        "manual_therapy": [14],
    }


@pytest.mark.parametrize(
    "text", ["Gait training x 2 units, manual therapy 3 sets, no minutes", "Gait training, 2 visits"]
)
def test_takes_no_other_number_for_minutes(text: str) -> None:
    assert not therapy_minutes.read(text, {"gait_training": [Span(0, 13)]})
