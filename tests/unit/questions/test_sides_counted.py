"""Numbers that stand behind a left and a right, and layers that are told by their threads."""

import pytest

from consultant.questions import counting, findings
from consultant.questions.passages import Sentences


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Pared: L foot 4, R foot 2.", 6),
        ("L breast 2 aspirated, R breast 1 aspirated", 3),
        ("right: 3, left: 5", 8),
        ("L foot 4 only", None),
        ("R foot 2nd toe, L foot 3rd toe", None),
        ("L cheek 3 cc, R cheek 4 cc", None),
    ],
)
def test_numbers_behind_two_sides_add_up(text: str, total: int | None) -> None:
    """One side alone, an ordinal and a volume are no counts of both."""
    found = counting.by_sides(text)
    assert (found.number if found else None) == total


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("The deep layer was closed with buried 4-0 Vicryl and the skin with nylon.", {"intermediate"}),
        ("Closed w deep 3-0 vicryl and 4-0 nylon.", {"intermediate"}),
        ("Closed with 4-0 Monocryl deep dermal and 5-0 Prolene running.", {"intermediate"}),
        ("Eyebrow, just skin, 6-0 nylon x 4.", {"simple"}),
        ("Knee 2.2 cm lac - simple, 4 sutures.", {"simple"}),
        ("Excised to the deep subcutaneous tissue.", set()),
    ],
)
def test_threads_tell_the_layers_of_a_closure(text: str, classes: set[str]) -> None:
    """A thread that lies deep makes two layers, and "just skin" one."""
    found = findings.find(findings.CLOSURE, text, Sentences(text))
    assert {mention.fact.value for mention in found} == classes
