"""What was taken from the colon, each technique once, and forceps beside a snare for another lesion alone."""

import pytest

from consultant.questions import polyps
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences

_SCOPE = "Screening colonoscopy to the cecum. "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_SCOPE + "Two polyps removed by hot snare.", {"snare": None}),
        (_SCOPE + "Rectal polyp taken with jumbo forceps.", {"cold_forceps": "alone"}),
        (_SCOPE + "Polyp of the rectum snared. Another polyp, cecal, cold forceps.",
         {"snare": None, "cold_forceps": "other_lesion"}),
        (_SCOPE + "A polyp was biopsied, then removed by snare.", {"snare": None, "cold_forceps": "same_lesion"}),
        (_SCOPE + "Polyps: biopsies were taken and a snare was used.", {"snare": None, "cold_forceps": None}),
        (_SCOPE + "Polyp snared after submucosal lift.", {}),
        (_SCOPE + "No polyps, no biopsies.", {}),
        (_SCOPE + "Polyp snared. Biopsy result pending.", {"snare": None}),
        ("Colonoscopy, polyp snared.", {}),
    ],
)  # fmt: skip
def test_each_technique_counts_once(text: str, told: dict[str, str | None]) -> None:
    """An examination that did not reach the end, or with other work, is for a person."""
    rows = [row.values() for row in polyps.read(text, Sentences(text))]
    assert {row["colon_technique"]: row.get("beside_snare") for row in rows} == told


@pytest.mark.parametrize(
    ("text", "screening"),
    [
        (_SCOPE + "Polyp snared.", True),
        ("Diagnostic colonoscopy to the cecum for anemia, polyp snared.", False),
        ("Screening colonoscopy to the cecum, he has anemia; polyp snared.", None),
    ],
)
def test_the_aim_is_told_or_open(text: str, screening: bool | None) -> None:
    (row,) = polyps.read(text, Sentences(text))
    assert row.values().get("began_as_screening") is screening


def test_what_was_taken_stands_in_place_of_the_screening() -> None:
    """A report of an endoscopy tells of no lesion of the skin."""
    text = _SCOPE + "Polyp snared."
    lesion = Subject("lesion", (Fact("technique", "biopsy", Span(0, 3)),))
    scope = Subject("procedure", (Fact("screening_test", "colonoscopy", Span(10, 21)),))
    found, made = polyps.instead(text, Sentences(text), [lesion], (scope,))
    assert not found
    assert [row.values().get("colon_technique") for row in made] == ["snare"]
