"""Words of the body in turns of speech name no place of the patient."""

import pytest

from consultant.questions import sites
from tests.unit.questions.judging import VOCABULARY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She has a gift for noses. The wart was on the cheek.", ["cheek"]),
        ("a tiny sketch of the top of a scalp", []),
        ("Each claim stands on its own leg.", []),
        ("A hand isn't a forearm, I said.", []),
        ("We had to give back half of it, and they clawed it back.", []),
        ("A nevus of the back was taken off.", ["back"]),
        ("An ulcer of the right leg.", ["leg"]),
    ],
)
def test_a_turn_of_speech_is_no_site(text: str, words: list[str]) -> None:
    assert [site.word for site in sites.find(text, VOCABULARY)] == words
