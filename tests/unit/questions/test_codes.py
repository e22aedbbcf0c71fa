"""Codes are read as coders write them, and what only looks like a code is left alone."""

import pytest

from consultant.questions import codes
from consultant.questions.vocabulary import Vocabulary, vocabulary_of
from tests.unit.questions.judging import TODAY, written

PLAIN = Vocabulary({})


def read(text: str, vocabulary: Vocabulary = PLAIN) -> list[str]:
    return [written(mention) for mention in codes.read(text, vocabulary)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("99213-25", ["99213-25"]),
        ("99213 -25", ["99213-25"]),
        ("99213 mod 25", ["99213-25"]),
        ("99213 with modifier 25", ["99213-25"]),
        ("99213 w/25", ["99213-25"]),
        ("11042-59-LT", ["11042-59-LT"]),
        ("11042-59,LT", ["11042-59-LT"]),
        ("20610-rt", ["20610-RT"]),
        ("11042 + 11045 x3", ["11042", "11045 x3"]),
        ("11042, +11045 (x2)", ["11042", "11045 x2"]),
        ("3 units of 11045", ["11045 x3"]),
        ("11045, 4 units", ["11045 x4"]),
        ("17003 times 13", ["17003 x13"]),
        ("11045 x3-59", ["11045-59 x3"]),
        ("11440/11441", ["11440", "11441"]),
        ("CPT code 11440.", ["11440"]),
        ("G0168 and g2211", ["G0168", "G2211"]),
        ("J3301 x 4 units", ["J3301 x4"]),
        ("0213T", ["0213T"]),
        ("dx L72.0, d22.39", ["L72.0", "D22.39"]),
        ("dx E1122", ["E11.22"]),
        ("S52.531A and T81.4XXA", ["S52.531A", "T81.4XXA"]),
        ("99213 for I10", ["99213", "I10"]),
        ("modifiers 59, XS and RT", ["mod 59", "mod XS", "mod RT"]),
        ("the -25 or the 57 modifier", ["mod 25", "mod 57"]),
        ("we billed 12032-51.", ["12032-51"]),
        ("it was J3301. Then I10. Right?", ["J3301", "I10"]),
        ("RT/LT", ["mod RT", "mod LT"]),
        ("append 59", ["mod 59"]),
    ],
)
def test_a_code_is_read_in_every_way_of_writing_it(text: str, found: list[str]) -> None:
    """Modifiers and units belong to the code that they are written on."""
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "11400-11446",
        "11400 to 11446",
        "1144x or 114xx",
        "L97.- and D22.-",
        "C44.31-",
        "call 555-555-0142",
        "zip 90210",
        "Sampletown, OH 44123",
        "44123-4567",
        "MRN 11042",
        "acct # 99213",
        "invoice 20260",
        "$11,440.00",
        "11042 dollars",
        "in 2026",
        "5 cm",
        "A1C of 9 and B12",
        "[ID_1] [DATE_11042]",
        "NDC 00009-0280-02",
        "C-2026-000123",
        "the patient came at 2 as planned, or not",
        "see https://clinic.example/11042",
        "12.99213",
    ],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    """No code is made up from a range, a part, a phone number, an amount, a placeholder."""
    assert read(text) == []


def test_a_range_is_kept_apart() -> None:
    """11400-11446 is a family, and 97597-59 is a code with its modifier."""
    found = codes.ranges("11400-11446, 11600 thru 11646, 97597-59, 11446-11400")
    assert [(one.low, one.high) for one in found] == [("11400", "11446"), ("11600", "11646")]


class FewWords:
    """A release that holds one diagnosis and one drug code."""

    uncovered = ()

    def site_groups(self) -> dict[str, str]:
        return {"chin": "face"}

    def phrases(self) -> tuple[()]:
        return ()

    def same_words(self) -> dict[str, str]:
        return {}

    def spelled(self, word: str) -> None:
        return None

    def systems_of(self, code: str, on: object) -> tuple[str, ...]:
        return {"C44.31": ("ICD-10-CM",), "J3301": ("HCPCS",), "C9399": ("HCPCS",)}.get(code, ())


def test_the_release_tells_apart_what_two_code_sets_could_hold() -> None:
    """C4431 is a diagnosis without its dot, C9399 a drug; a code that the release does not hold stays a code."""
    vocabulary = vocabulary_of(FewWords(), TODAY)
    assert read("C4431 with C9399, J3301, J0897 and 11042", vocabulary) == [
        "C44.31",
        "C9399",
        "J3301",
        "J0897",
        "11042",
    ]


def test_without_a_day_the_release_lends_only_its_sites() -> None:
    """Whoever does not name a day asks nothing of the code tables."""
    assert vocabulary_of(FewWords()).known is None
    assert vocabulary_of(FewWords()).sites == {"chin": "face"}


def test_the_span_covers_the_code_alone() -> None:
    """The desk marks the code in the letter; its modifiers stand beside it."""
    text = "we billed 99213-25 today"
    (mention,) = codes.read(text, PLAIN)
    assert text[mention.span.start : mention.span.end] == "99213"
