"""The parts of a search: sizes, what is denied, misspellings, and the table of abbreviations."""

import math

import pytest

from knowledge.search_measures import Span, spans
from knowledge.search_spelling import Spelling, lexicon
from knowledge.search_wording import anatomy, stems
from knowledge.vocabulary import Vocabulary, vocabulary

MEASURES = {
    "2cm": [Span("cm", 2, 2)],
    "5 mm": [Span("cm", 0.5, 0.5)],
    "an inch, 1 inch": [Span("cm", 2.54, 2.54)],
    "0.5 cm or less": [Span("cm", 0, 0.5)],
    "over 1.0 to 2.0 cm": [Span("cm", 1, 2, over=True)],
    "1.1-2.0 cm": [Span("cm", 1.1, 2)],
    "over 4.0 cm": [Span("cm", 4, math.inf, over=True)],
    "first 20 sq cm": [Span("cm2", 0, 20)],
    "15 sq. cm": [Span("cm2", 15, 15)],
    "at least 30 minutes, up to 1 hour": [Span("minute", 30, 60)],
    "no more than 30 minutes": [Span("minute", 0, 30)],
    "45-year-old": [Span("year", 45, 45)],
    "the first hour": [Span("minute", 0, 60)],
    "each additional hr": [Span("minute", 60, 60)],
    "40 to 64 years": [Span("year", 40, 64)],
    "10 skin tags": [Span("count", 10, 10)],
    "six or more nails": [Span("count", 6, math.inf)],
    "more than 7 lesions": [Span("count", 7, math.inf, over=True)],
    "BMI 40.0-44.9": [Span("", 40, 44.9)],
    "type 2": [],
    "11400-11446": [],
    "one layer": [],
    "4/5/2026": [],
}


@pytest.mark.parametrize("text", MEASURES)
def test_sizes_and_counts_are_read_as_they_are_written(text: str) -> None:
    """In cm, square cm, minutes, years and counts; codes and dates are none."""
    assert list(spans(text)) == [pytest.approx(span) for span in MEASURES[text]]


@pytest.mark.parametrize(
    ("typed", "title", "fits"),
    [
        ("1.0 cm", "over 1.0 to 2.0 cm", False),
        ("1.0 cm", "over 0.5 to 1.0 cm", True),
        ("over 4 cm", "over 4.0 cm", True),
        ("over 4 cm", "over 3.0 to 4.0 cm", False),
        ("under 10 sq cm", "10 sq cm or less", True),
        ("6 or more nails", "6 or more nails", True),
        ("6 or more nails", "up to 5 nails", False),
    ],
)
def test_a_size_lies_in_one_step_only(typed: str, title: str, *, fits: bool) -> None:
    """The limits of steps belong to the lower one where the title says "over"."""
    assert spans(title)[0].holds(spans(typed)[0].amount) is fits


DENIED = {
    "Laceration without foreign body of scalp": {"foreign", "bodi"},
    "Migraine, not intractable, without status migrainosus": {"intract", "status", "migrainosus"},
    "without loss of consciousness, left": {"loss", "of", "conscious"},
    "fever with cough": set(),
    "no fever but cough": {"fever"},
}


@pytest.mark.parametrize("text", DENIED)
def test_what_a_text_denies_is_told_from_what_it_says(text: str) -> None:
    """As far as the next mark, or a word that turns."""
    taken = anatomy(text)
    assert taken.denied >= DENIED[text]
    assert not taken.said & (DENIED[text] - {"of"})


def test_owners_and_accents_make_no_other_word() -> None:
    """Bell's, Bell’s and bells; naïve and naive."""
    assert stems("Bell's") == stems("Bell’s") == stems("bells") == ("bell",)
    assert stems("Sjögren") == stems("sjogren")


SPELLED = {
    "celulitis": "cellulitis",
    "abcess": "abscess",
    "haed": None,
    "cellulitis": None,
    "cellulose": None,
    "washing": None,
    "l57.1": None,
    "e11621": None,
    "xyzzy": None,
}


@pytest.mark.parametrize("word", SPELLED)
def test_only_a_word_that_nobody_knows_is_corrected_and_only_by_a_near_one(word: str) -> None:
    """One mistake is forgiven in a short word and two in a long one; a word of the table is none."""
    spelling = Spelling(lexicon(["Cellulitis, abscess of the head", "wasting", "cellulitis"]), {"washing"})
    assert spelling.correct(word) == SPELLED[word]


def test_of_equally_near_words_the_commoner_is_meant() -> None:
    """The release tells how common each is."""
    assert Spelling(lexicon(["wound wound round"])).correct("qound") is None
    assert Spelling(lexicon(["fistula fistule fistule"])).correct("fistulo") == "fistule"


def test_the_table_goes_through_json_unchanged() -> None:
    """A release is read with the table that it was built with."""
    table = vocabulary()
    assert Vocabulary.from_tree(table.as_tree()) == table


def test_no_abbreviation_is_shaped_like_a_code_that_exists() -> None:
    """And every entry of the table stands for something else than itself."""
    table = vocabulary()
    assert not any(key.isdigit() for key in table.abbreviations)
    for key, senses in (*table.abbreviations.items(), *table.phrases.items()):
        assert senses, key
        assert any(" ".join(sense.stems) != key for sense in senses), key
