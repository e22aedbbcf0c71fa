"""The questions of a letter are told apart, however they are strung together."""

import pytest

from consultant.questions.asks import read
from consultant.questions.passages import Sentences


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "Lesion on the chin: which code, may I bill the repair, what must the note say?",
            ["which code", "may I bill the repair", "what must the note say?"],
        ),
        ("1. Which code? 2. May I bill 12011? It was small.", ["Which code?", "May I bill 12011? It was small."]),
        (
            "1. Global days?\n2. 11042 and 97597, is there an edit?",
            ["Global days?", "11042 and 97597, is there an edit?"],
        ),
        ("Can I bill 11042 with 97597? And what is the MUE?", ["Can I bill 11042 with 97597?", "what is the MUE?"]),
        ("Which code?", []),
        ("She wants 11440. Is that right? Right?", []),
        ("1. Chin, 0.4 cm. 2. Cheek, 0.5 cm. Which codes?", []),
        ("", []),
    ],
)
def test_each_question_has_its_place(text: str, asked: list[str]) -> None:
    """A letter that asks one thing, or lists lesions, has no list of questions."""
    assert [text[span.start : span.end] for span in read(text, Sentences(text))] == asked
