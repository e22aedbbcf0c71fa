"""A word is taken as it is meant: affirmed, denied, past, planned or unsure."""

import pytest

from consultant.questions.passages import Sentences, Status, status


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("melanoma of the back", "melanoma", Status.AFFIRMED),
        ("no melanoma", "melanoma", Status.NEGATED),
        ("patient denies melanoma", "melanoma", Status.NEGATED),
        ("melanoma was ruled out", "melanoma", Status.NEGATED),
        ("no margins, melanoma confirmed", "melanoma", Status.AFFIRMED),
        ("no doubt but melanoma", "melanoma", Status.AFFIRMED),
        ("Aloxi not given\nDecadron pushed", "Decadron", Status.AFFIRMED),
        ("not given\nfor melanoma", "melanoma", Status.NEGATED),
        ("likely melanoma", "melanoma", Status.UNCERTAIN),
        ("r/o melanoma", "melanoma", Status.UNCERTAIN),
        ("suspicious for melanoma", "melanoma", Status.UNCERTAIN),
        ("if melanoma, which code?", "melanoma", Status.UNCERTAIN),
        (
            "it hangs on whether radiology had put in a clip, a wire, or, as they once did, a seed",
            "seed",
            Status.UNCERTAIN,
        ),
        ("history of melanoma", "melanoma", Status.HISTORICAL),
        ("hx melanoma", "melanoma", Status.HISTORICAL),
        ("will need a wide excision of melanoma", "melanoma", Status.PLANNED),
        ("melanoma clinic, recheck in 6 wks", "recheck", Status.PLANNED),
        ("Tonic shots planned for the fall", "Tonic shots", Status.PLANNED),
        ("Dr. Unreal saw no cyst. It was melanoma", "melanoma", Status.AFFIRMED),
    ],
)
def test_a_finding_is_taken_as_it_is_meant(text: str, word: str, meant: Status) -> None:
    """Only what is affirmed or thought likely becomes a fact."""
    start = text.index(word)
    assert status(Sentences(text), start, start + len(word), act=False) is meant


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("muscle was debrided", "debrided", Status.AFFIRMED),
        ("no muscle, fascia or bone debrided", "fascia", Status.NEGATED),
        ("muscle was not debrided", "muscle", Status.NEGATED),
        ("s/p excision of a cyst", "excision", Status.HISTORICAL),
        ("excised two years ago", "excised", Status.HISTORICAL),
        ("will excise next week", "excise", Status.PLANNED),
        ("will I be able to bill the excision", "excision", Status.AFFIRMED),
    ],
)
def test_an_act_is_taken_as_it_is_meant(text: str, word: str, meant: Status) -> None:
    """What was done before or is still to come is no fact of this encounter."""
    start = text.index(word)
    assert status(Sentences(text), start, start + len(word), act=True) is meant


def test_a_decimal_and_an_abbreviation_end_no_sentence() -> None:
    """0.4 cm and Dr. Unreal stay whole."""
    text = "Dr. Unreal excised 0.4 cm approx. with margins. Closed."
    assert [text[span.start : span.end].strip() for span in Sentences(text).spans] == [
        "Dr. Unreal excised 0.4 cm approx. with margins.",
        "Closed.",
    ]


@pytest.mark.parametrize("denied", ["doesn't have", "hasn't any", "does not have", "haven’t found", "denies", "lacks"])
def test_contracted_verbs_deny(denied: str) -> None:
    text = f"The patient {denied} zebritis."
    start = text.index("zebritis")
    assert status(Sentences(text), start, start + 8, act=False) is Status.NEGATED
