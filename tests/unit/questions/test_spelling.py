"""A slip of the pen is read as what was meant, and every place still points into the letter as it was written."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from consultant.questions.model import Span
from consultant.questions.read import read
from consultant.questions.spelling import mend
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release

MEANT = {"subcutanous": "subcutaneous", "debridemnt": "debridement", "modiffier": "modifier"}


@given(st.lists(st.sampled_from(("wound", "subcutanous", "debridemnt", "modiffier", "of", "5 cm", "\n")), max_size=12))
def test_every_place_leads_back_to_the_word_as_written(parts: list[str]) -> None:
    """Whatever was mended before it, a word that is right is found where it stands."""
    text = " ".join(parts)
    mended = mend(text, MEANT.get)
    assert mended.text == " ".join(MEANT.get(part, part) for part in parts)
    place = mended.text.find("wound")
    if place >= 0:
        assert mended.back(Span(place, place + 5)) == Span(text.find("wound"), text.find("wound") + 5)


def test_a_mended_word_is_shown_as_it_was_written() -> None:
    """The highlight covers the misspelled word, no more and no less."""
    text = "the subcutanous tissue"
    mended = mend(text, MEANT.get)
    start = mended.text.index("subcutaneous")
    span = mended.back(Span(start, start + len("subcutaneous")))
    assert text[span.start : span.end] == "subcutanous"


def test_the_sign_for_at_is_read_between_words() -> None:
    """With a number it is a rate or a price, and within a word an address."""
    assert mend("new pt @ her apartment", MEANT.get).text == "new pt at her apartment"
    assert mend("saline @ 125 ml, a@b.example", MEANT.get).text == "saline @ 125 ml, a@b.example"


def test_a_name_is_never_mended() -> None:
    """What begins with a capital may be a person."""
    assert mend("Dr. Debridemnt wrote", MEANT.get).text == "Dr. Debridemnt wrote"
    assert mend("it was Debridemnt who wrote", MEANT.get).text == "it was Debridemnt who wrote"


def test_a_long_word_that_begins_a_sentence_is_no_name() -> None:
    """Nor is one that letters write with a capital anywhere, as the name of a payer."""
    meant = {**MEANT, "medcare": "medicare", "wuond": "wound"}.get
    assert mend("Debridemnt today. Subcutanous.", meant).text == "Debridement today. Subcutaneous."
    assert mend("original Medcare pays", meant).text == "original Medicare pays"
    assert mend("Wuond came in", meant).text == "Wuond came in"


def test_a_short_word_that_lacks_a_letter_is_read_as_a_very_frequent_one(release: Release) -> None:
    """Everyday words that only look like it stay."""
    assert [release.spelled(word) for word in ("weks", "vist", "cods")] == ["weeks", "visit", "codes"]
    assert [release.spelled(word) for word in ("hear", "mark", "sort", "glad")] == [None] * 4
    assert release.spelled("inrtalesional") == "intralesional"


def test_what_is_doubled_or_not_and_a_vowel_left_out_of_a_past_are_read_over(release: Release) -> None:
    """Such slips need no count of mistakes: the letters stand in their order."""
    meant = {
        "parred": "pared",
        "calusses": "calluses",
        "curretage": "curettage",
        "draind": "drained",
        "shavd": "shaved",
    }
    assert {word: release.spelled(word) for word in meant} == meant
    assert [release.spelled(word) for word in ("pared", "blood", "heard", "second")] == [None] * 4


def test_small_words_in_the_wrong_order_are_turned() -> None:
    """Nothing shorter than four letters is mended otherwise."""
    assert mend("teh thigh adn teh calf, it wsa done", lambda _: None).text == "the thigh and the calf, it was done"


def test_facts_are_read_through_slips(release: Release) -> None:
    """A mistyped depth and size still are facts, with the words that the sender typed."""
    text = "wound of the leg, muscel was debrided, 12 sq cm, which code?"
    question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
    facts = {fact.name: text[fact.span.start : fact.span.end] for fact in question.subjects[0].facts}
    assert facts["depth_removed"] == "muscel"
    assert question.text == text


def test_what_differs_by_its_ending_is_no_slip(release: Release) -> None:
    """Only what is no word is mended: forms of words, and words that the release does not hold, stay."""
    assert release.spelled("debridemnt") == "debridement"
    assert [release.spelled(word) for word in ("thorough", "personally", "globals", "ankle")] == [None] * 4


def test_a_plural_in_brackets_is_a_plural() -> None:
    """A letter that asks for its "code(s)" asks for its codes, and every place behind it stays true."""
    mended = mend("Code(s) for it?", lambda _: None)
    assert mended.text == "Codes for it?"
    assert mended.written(mended.text.index("for")) == len("Code(s) ")


def test_what_coders_cut_short_is_read_in_full() -> None:
    """The word is whole for every reader, and a name that is written alike stays."""
    assert (
        mend("Shv bx, interm. closure, cplx repair", MEANT.get).text == "shave bx, intermediate closure, complex repair"
    )
    assert mend("Mr. Tang-Example came", MEANT.get).text == "Mr. Tang-Example came"
