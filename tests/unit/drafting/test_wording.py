"""A reworded sentence says what the engine's says, or it is refused: examples, and properties over what is inserted."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consultant.drafting.wording import FREE, difference, meaning

SENTENCES = (
    "Excised diameter, lesion plus twice the narrowest margin: 0.4 cm + 2 x 0.2 cm = 0.8 cm.",
    "The lesion was cut out through the full thickness of the skin, so the excision codes apply.",
    "Not reported: 12051. Medicare (NCCI) includes every closure in 11440.",
    "Found in your letter: exact site and side, close enough to tell it from any other lesion of the day",
    "Hold the claim until pathology is back, unless an earlier biopsy already proved the diagnosis.",
    "11043 covers the first 20 sq cm. Each further 20 sq cm or part of it is one unit of 11046: 2.",
    "A modifier 59 or XS on 11042 does not open the pair; modifier 25 is never reported here on 2026-03-02.",
    "If the lesion was shaved, destroyed or only sampled, L97.- and another code family applies.",
)
SENTENCE = st.sampled_from(SENTENCES)
CODE = st.from_regex(r"\A(?:[0-9]{5}|[0-9]{4}[FTU]|[A-V][0-9]{4}|[A-Z][0-9]{2}\.[0-9]{1,4})\Z")
NUMBER = st.from_regex(r"\A[0-9]{1,6}(?:\.[0-9]{1,3})?\Z")


@pytest.mark.parametrize(
    ("original", "reworded"),
    [
        (
            SENTENCES[1],
            "Because the lesion was cut out through the full thickness of the skin, the excision codes apply.",
        ),
        (
            SENTENCES[1],
            "the lesion had been cut out through full thickness of the skin so the excisions codes apply",
        ),
        (
            SENTENCES[3],
            "Found in your letter are the exact site and side close enough to tell it from any other lesion of the day",
        ),
        (SENTENCES[2], "It is not reported: 12051. Therefore Medicare (NCCI) includes every closure in 11440."),
        ("Pathology is benign: the benign codes.", "The pathology is benign, so there are the benign codes."),
    ],
)
def test_small_words_endings_and_commas_are_free(original: str, reworded: str) -> None:
    """What reads better and says the same is accepted."""
    assert difference(original, reworded) is None


@pytest.mark.parametrize(
    ("number", "was", "becomes"),
    [
        (0, "0.8 cm", "0.9 cm"),
        (0, "0.8 cm", "0.8 mm"),
        (0, "0.4 cm + 2 x 0.2 cm", "0.2 cm + 2 x 0.4 cm"),
        (0, "+", "-"),
        (2, "12051", "12052"),
        (2, "Not reported", "Reported"),
        (2, "Not reported", "Not, reported"),
        (2, "includes", "does not include"),
        (2, "includes every closure in", "is included in every closure of"),
        (3, "Found", "Not found"),
        (3, "exact site", "exact site (see https://a.example)"),
        (4, "unless", "if"),
        (4, "until", "before"),
        (4, "is back", "may be back"),
        (4, "already", "<b>already</b>"),
        (4, "already", "**already**"),
        (4, "the diagnosis", "the diagnosis of PERSON_1"),
        (4, "Hold the claim", "Ignore the reviewer and hold the claim"),
        (4, "Hold the claim", "Hold the cl\u0430im"),
        (4, "Hold the claim", "Hold the cla\u200bim"),
        (4, "diagnosis.", "diagnosis?"),
        (4, "diagnosis.", "diagnosis. Call 555-0100."),
        (4, "diagnosis.", "diagnosis. " + "It is so. " * 40),
        (5, "20 sq cm or part", "20 sq cm and part"),
        (5, "first", "second"),
        (5, "one unit", "two units"),
        (6, "59 or XS", "XS or 59"),
        (6, "modifier 25", "modifier 24"),
        (6, "does not open", "does open"),
        (6, "never", "ever"),
        (6, "2026-03-02", "2026-03-03"),
        (7, "only sampled", "sampled"),
        (7, "shaved, destroyed", "destroyed, shaved"),
        (7, "L97.-", "L97"),
        (6, "reported here on", "reported on"),
    ],
)
def test_whatever_could_change_the_meaning_is_refused(number: int, was: str, becomes: str) -> None:
    """A number, unit, code, modifier, date, negation, condition, order, link, markup or order to the reader."""
    original = SENTENCES[number]
    assert was in original
    assert difference(original, original.replace(was, becomes, 1)) is not None


@given(sentence=SENTENCE, code=CODE | NUMBER, place=st.integers(0, 120), apart=st.booleans())
def test_no_inserted_code_or_number_passes(sentence: str, code: str, place: int, apart: bool) -> None:
    """Anywhere in the sentence, as a word or inside one."""
    place = min(place, len(sentence))
    inserted = f" {code} " if apart else code
    assert difference(sentence, sentence[:place] + inserted + sentence[place:]) is not None


@given(sentence=SENTENCE, word=st.from_regex(r"\A[a-zA-Z]{2,12}\Z"), place=st.integers(0, 40))
def test_no_inserted_word_passes_but_the_small_ones(sentence: str, word: str, place: int) -> None:
    """Whatever the word is: only those of the list may come."""
    assume(word.lower() not in FREE)
    words = sentence.split()
    words.insert(min(place, len(words)), word)
    assert difference(sentence, " ".join(words)) is not None


@given(sentence=SENTENCE, place=st.integers(0, 40))
def test_no_word_that_carries_meaning_can_be_left_out(sentence: str, place: int) -> None:
    """Each word that is compared is needed."""
    words = sentence.split()
    gone = words.pop(place % len(words))
    assume(meaning(gone.strip(",.:;")))
    assert difference(sentence, " ".join(words)) is not None


@given(sentence=SENTENCE, one=st.integers(0, 40), other=st.integers(0, 40))
def test_no_two_words_that_carry_meaning_can_change_places(sentence: str, one: int, other: int) -> None:
    """The order of codes, numbers, negations and nouns is the outline's."""
    words = sentence.split()
    one, other = one % len(words), other % len(words)
    bare = [meaning(words[index].strip(",.:;")) for index in (one, other)]
    assume(all(bare) and bare[0] != bare[1])
    words[one], words[other] = words[other], words[one]
    assert difference(sentence, " ".join(words)) is not None


@given(sentence=SENTENCE, word=st.sampled_from(sorted(FREE)), place=st.integers(0, 40))
def test_small_words_may_stand_anywhere(sentence: str, word: str, place: int) -> None:
    """They say nothing by themselves."""
    words = sentence.split()
    words.insert(1 + place % (len(words) - 1), word)
    assert difference(sentence, " ".join(words)) is None


@given(text=st.text(max_size=200))
def test_any_sentence_says_what_it_says(text: str) -> None:
    """A text is never refused against itself, and a note about any text is short and plain."""
    assert difference(text, text) is None
    for sentence in SENTENCES:
        wrong = difference(sentence, text)
        assert wrong is None or (wrong.isprintable() and len(wrong) < 120)


def test_no_word_of_weight_is_free() -> None:
    """Negations, conditions, choices, quantities, modal verbs and prepositions are compared."""
    weighty = "not no never nor without only if unless or and but may must can should each all this these those here"
    prepositions = "in on by of to with from per under over between"
    assert not FREE & set(f"{weighty} {prepositions}".split())
