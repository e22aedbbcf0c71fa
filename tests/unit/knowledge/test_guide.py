"""The guide for curators says what is true: its family builds, and each refusal that it shows is the one that comes."""

import re
from pathlib import Path

import pytest

from knowledge.build import ContentRefused, build
from knowledge.codesets import IcdRow
from knowledge.release import open_release
from knowledge.verify import verify

GUIDE = (Path(__file__).parents[3] / "docs" / "curators.md").read_text("utf-8")
FAMILY = GUIDE.partition("```yaml\n")[2].partition("```\n")[0]
SHOWN = dict(re.findall(r"^\| (.+?) \| `(facial_shave\.yaml .+)` \|$", GUIDE, re.MULTILINE))
ICD = (IcdRow("D22.3", None, "Invented category", billable=False, notes=()),)

CHANGES = {
    "`11310:` without quotes": ('  "11310": {words', "  11310: {words"),
    "a comma in `{ }`, no quotes": (
        'text: "The cut went through the dermis, so that the wound was stitched."',
        "text: The cut went through the dermis, so that it was stitched.",
    ),
    "`over: 0.6` instead of 0.5": ("over: 0.5, up_to: 1.0", "over: 0.6, up_to: 1.0"),
    "`over: 0.4` instead of 0.5": ("over: 0.5, up_to: 1.0", "over: 0.4, up_to: 1.0"),
    "the last row left out": ('    - {when: {lesion_diameter_cm: [over_2_0]}, code: "11313"}\n', ""),
    '`code: "11314"` in a row': ('code: "11313"}', 'code: "11314"}'),
    "a rule without `cites`": ("topics: [code_selection]\n    cites: [book]", "topics: [code_selection]"),
    "`cites: [booklet]`": ("Stopping the bleeding., cites: [book]", "Stopping the bleeding., cites: [booklet]"),
    "`reviewed_on` twice": ("reviewed_on: 2026-11-23", "reviewed_on: 2026-11-23\nreviewed_on: 2026-11-24"),
    "`included` left out": ("    included: [{text: Stopping the bleeding., cites: [book]}]\n", ""),
    "a field indented by one space less": ("    technique:\n      question", "   technique:\n      question"),
    "a tab before a field": ("    technique:\n      question", "\ttechnique:\n      question"),
    "a day that does not exist": ("reviewed_on: 2026-11-23", "reviewed_on: 2026-11-31"),
    "`code: 59` of a modifier": ('{code: "59", text', "{code: 59, text"),
    "`technique: [shaved]` in a condition": ("{technique: [shave], site_group", "{technique: [shaved], site_group"),
    "`code: D22.99`": ("code: D22.3,", "code: D22.99,"),
    "`{width}` in a shared text": ("The lesion is {size} wide", "The lesion is {width} wide"),
    "`example: 1.8` for 11311": ("example: 0.8}", "example: 1.8}"),
}
"""What the table of the guide says of each change, and the change itself."""


def _content(folder: Path, family: str) -> Path:
    (folder / "families").mkdir()
    (folder / "families" / "facial_shave.yaml").write_text(family, "utf-8")
    return folder


def test_the_family_of_the_guide_builds_and_holds(tmp_path: Path) -> None:
    """A curator who copies it has a release."""
    folder = build(_content(tmp_path, FAMILY), into=tmp_path / "releases", icd=ICD)
    with open_release(folder) as opened:
        assert verify(opened) == ()
        assert [row.code for row in opened.pages()] == ["11310", "11311", "11312", "11313"]


def test_every_refusal_of_the_guide_is_tried() -> None:
    """The table and the tests speak of the same changes."""
    assert SHOWN.keys() == CHANGES.keys()


@pytest.mark.parametrize("what", CHANGES)
def test_a_refusal_reads_as_the_guide_shows_it(what: str, tmp_path: Path) -> None:
    """File, line, field, and one sentence."""
    old, new = CHANGES[what]
    assert old in FAMILY
    with pytest.raises(ContentRefused) as refused:
        build(_content(tmp_path, FAMILY.replace(old, new, 1)), into=tmp_path / "releases", icd=ICD)
    assert refused.value.problems[0] == SHOWN[what]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("over: 0.5, up_to: 1.0", "over: .nan, up_to: 1.0", "a number that ends was expected"),
        ("over: 0.5, up_to: 1.0", "over: 0,5, up_to: 1.0", "5 is no name; in { } a comma ends the text"),
        ("over: 0.5, up_to: 1.0", "over: 0.5 cm, up_to: 1.0", 'a number was expected, not "0.5 cm"'),
        ("groups: {face", "groups: 5\n      regions: {face", "groups: a value with its list of words was expected"),
        (
            "groups: {face_ears_eyelids_nose_lips_mucosa: [chin, ",
            "regions: {face: [[chin], ",
            "is not among the regions",
        ),
        ("id: facial_shave", "id:\tfacial_shaves", "indent with spaces, not tabs"),
        ("reviewed_on:", "<<: {made_by: nobody}\nreviewed_on:", "made_by: no such field is known here"),
        ("technique: [shave], site", "technique: shave, site", "a list was expected, each row after a hyphen"),
        ('edition: "2026"', "edition:", "sources.book.edition: it is empty"),
        ('question: "How wide was the lesion in cm?"', "question: How wide, in cm?", "a text in it needs quotes"),
        ('reasoning: "{example} cm is {size}."', "reasoning: {example} cm is {size}.", "or a text that needs quotes"),
        ("text: The size of a shave", "text: Mind: the size of a shave", "a text with a colon and a space"),
        ("code: D22.3,", "code: D22.-,", "an ICD-10-CM code or category with its point and no hyphen"),
        ('codes:\n  "11310"', '---\ncodes:\n  "11310"', "a file holds one family"),
    ],
)
def test_no_slip_of_the_pen_ends_in_a_trace(old: str, new: str, said: str, tmp_path: Path) -> None:
    """What a hand mistypes is refused with the line and what to do about it."""
    assert old in FAMILY
    with pytest.raises(ContentRefused) as refused:
        build(_content(tmp_path, FAMILY.replace(old, new, 1)), into=tmp_path / "releases", icd=ICD)
    first = refused.value.problems[0]
    assert first.startswith("facial_shave.yaml line ")
    assert said in first
