"""Phrases are found in the order and the words that coders use, and never across what denies or parts them."""

import pytest

from consultant.questions.phrases import Cues
from knowledge.model import Phrase

SAME = {
    "wax": "cerumen",
    "took out": "remove",
    "removal": "remove",
    "crit care": "critical care",
    "mod": "moderate",
}
PHRASES = (
    Phrase("cerumen removal", "procedure", "procedure", "cerumen", True),
    Phrase("critical care", "encounter", "visit_kind", "critical_care", True),
    Phrase("not impacted", "procedure", "impacted", "no", False),
    Phrase("MDM moderate", "encounter", "mdm_level", "moderate", False),
    Phrase("SK", "lesion", "lesion_kind", "keratosis", True),
    Phrase("layered closure", "repair", "closure", "intermediate", False),
    Phrase("closure", "repair", "closure", "any", False),
)
CUES = Cues(PHRASES, SAME)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("cerumen removal", ["cerumen"]),
        ("Removed hard wax from the left ear", ["cerumen"]),
        ("took the hard wax out", ["cerumen"]),
        ("wax was seen. Sutures removed.", []),
        ("wax, not removed", []),
        ("48 minutes of crit care", ["critical_care"]),
        ("MDM was mod", ["moderate"]),
        ("moderate mdm", ["moderate"]),
        ("impacted, not soft", []),
        ("the wax was not impacted", ["no"]),
        ("SK of the back", ["keratosis"]),
        ("sk of the back", []),
        ("closure was layered", ["intermediate"]),
        ("closure by staples", ["any"]),
        ("remove the cast, then some days later the very hard and old wax", []),
    ],
)
def test_a_phrase_is_found_in_any_order_within_its_sentence(text: str, values: list[str]) -> None:
    """Inflections and synonyms count; another sentence, a denial between, or too many words apart do not."""
    assert [phrase.value for phrase, _ in CUES.find(text)] == values


def test_what_is_said_again_and_again_is_looked_at_so_often_and_no_more() -> None:
    assert len(list(CUES.find("removed wax. " * 99))) == 99
    assert len(list(CUES.find("removed wax, MDM low. " * 5_000))) == 100


def test_the_span_covers_the_words_of_the_phrase() -> None:
    """A reviewer sees the stretch that the fact was read from."""
    text = "Today we removed hard wax."
    ((_, span),) = CUES.find(text)
    assert text[span.start : span.end] == "removed hard wax"


def test_words_are_parted_by_any_way_to_deny() -> None:
    cues = Cues((Phrase("zebral fever", "diagnosis", "condition", "zebral", True),))
    assert [row.value for row, _ in cues.find("fever that is zebral")] == ["zebral"]
    for text in ("zebral, denies fever", "zebral w/o fever", "zebral, doesn't have fever", "zebral, hasn’t any fever"):
        assert not list(cues.find(text)), text


def test_the_words_of_a_name_stand_side_by_side_where_those_of_a_deed_need_not() -> None:
    phrases = (Phrase("zkd", "diagnosis", "condition", "zkd", True), *PHRASES)
    cues = Cues(phrases, {**SAME, "chronic zebra disease": "zkd"})
    assert [row.value for row, _ in cues.find("chronic zebra disease")] == ["zkd"]
    assert not list(cues.find("chronic cough, no zebra disease"))
    assert [row.value for row, _ in cues.find("took the hard wax out")] == ["cerumen"]
