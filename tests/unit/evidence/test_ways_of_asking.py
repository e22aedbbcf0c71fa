"""A way of asking is told by the words that say something, and by small words only as they stand."""

import pytest

from consultant.evidence.asking import questions
from consultant.evidence.rule_words import as_written, is_whole, written


@pytest.mark.parametrize(
    ("wording", "letter", "told"),
    [
        ("57", "Do we put 57 on the visit?", True),
        ("57", "She is 57 years of age", True),
        ("57", "99213-57 was denied", True),
        ("57", "code 99257", False),
        ("how long", "For how long may we keep it?", True),
        ("how long", "how many, as long as", False),
        ("not paid", "The line was not paid.", True),
        ("not paid", "It was paid, not denied", False),
        ("AS", "Is it 80 or AS for the PA?", True),
        ("AS", "as usual the PA helped", False),
        ("GO", "GP or GO?", True),
        ("GO", "does it go on the line?", False),
    ],
)
def test_a_small_wording_has_to_stand_in_the_letter_as_it_is(wording: str, letter: str, told: bool) -> None:
    """Words that stand in every letter prove nothing by themselves, so the whole wording is looked for."""
    assert not is_whole(wording)
    assert (as_written(wording) in written(letter)) is told


@pytest.mark.parametrize("wording", ["overpayment", "incident-to", "duplicate payments", "class findings", "ABN"])
def test_words_that_say_something_are_compared_in_any_form(wording: str) -> None:
    """They are compared by stems and groups, as all other words are."""
    assert is_whole(wording)


@pytest.mark.parametrize(
    ("letter", "count"),
    [
        ("How many days do we have to return it, for how long may a review suspend that, and how many years back?", 3),
        ("When does the global period of the knee end, and by which date must the signed transfer be on file?", 2),
        ("Which modifier is right for a second eye?", 1),
    ],
)
def test_a_sentence_that_asks_several_things_is_parted(letter: str, count: int) -> None:
    """Each thing is answered by a rule of its own."""
    assert len(questions(letter)) == count
