"""The build refuses a table that does not speak for every combination of facts exactly once."""

from collections.abc import Callable
from typing import Any

import pytest

Tree = dict[str, Any]
Change = Callable[[Tree], object]


def _axis(tree: Tree, fact: str) -> Tree:
    return next(axis for axis in tree["chooser"]["axes"] if axis["fact"] == fact)


def _diameter(tree: Tree) -> Tree:
    parts: Tree = _axis(tree, "excised_diameter_cm")["parts"]
    return parts


REFUSED: dict[str, tuple[Change, str]] = {
    "gap between two steps": (
        lambda t: _diameter(t)["over_0_5"].update(over=0.6),
        "excised_diameter_cm = 0.55 is a gap",
    ),
    "gap at a limit": (lambda t: _diameter(t)["over_0_5"].update(over=0.51), "excised_diameter_cm = 0.51 is a gap"),
    "gap at the upper end": (
        lambda t: _diameter(t)["over_0_5"].update(up_to=4.0),
        "excised_diameter_cm = 5.0 is a gap",
    ),
    "gap at the lower end": (
        lambda t: _diameter(t)["up_to_0_5"].update(over=0.1),
        "excised_diameter_cm = 0.05 is a gap",
    ),
    "overlap of two steps": (
        lambda t: _diameter(t)["over_0_5"].update(over=0.4),
        "excised_diameter_cm = 0.5 is an overlap",
    ),
    "step upside down": (lambda t: _diameter(t)["up_to_0_5"].update(over=0.9), "needs `over` below `up_to`"),
    "value in no part": (
        lambda t: t["chooser"]["facts"]["pathology"]["values"].update(unspecified="not specified"),
        "pathology = unspecified is a gap",
    ),
    "value in two parts": (
        lambda t: _axis(t, "pathology")["parts"].update(other={"words": "others", "values": ["benign"]}),
        "pathology = benign is an overlap",
    ),
    "value decided and undecided": (
        lambda t: _axis(t, "pathology")["parts"]["benign"]["values"].append("pending"),
        "pathology = pending is an overlap",
    ),
    "value that the fact cannot have": (
        lambda t: _axis(t, "pathology")["parts"]["benign"]["values"].append("cheerful"),
        "cheerful is not among the values of pathology",
    ),
    "cell without a row": (lambda t: t["chooser"]["rows"].pop(), "gap: no row for pathology = benign"),
    "cell with two rows": (
        lambda t: t["chooser"]["rows"].append({"when": {}, "code": "11441"}),
        "overlap: 11440 and 11441 for pathology = benign",
    ),
    "row of an unknown axis": (
        lambda t: t["chooser"]["rows"][0]["when"].update(depth=["skin"]),
        "depth is not an axis",
    ),
    "row of an unknown part": (
        lambda t: t["chooser"]["rows"][0]["when"].update(excised_diameter_cm=["huge"]),
        "excised_diameter_cm has no part huge",
    ),
    "row with an unknown code": (
        lambda t: t["chooser"]["rows"][0].update(code="11499"),
        "11499 is an unknown code: it has no entry under codes",
    ),
    "axis of an unknown fact": (lambda t: _axis(t, "pathology").update(fact="colour"), "colour is not among the facts"),
    "axis twice": (lambda t: t["chooser"]["axes"].append(_axis(t, "pathology")), "pathology is an axis twice"),
    "choice taken as a number": (
        lambda t: _axis(t, "pathology").update(kind="interval"),
        "cannot be an axis of kind interval",
    ),
    "condition on an unknown fact": (
        lambda t: t["chooser"]["outside"][0].update(when={"weather": ["fair"]}),
        "weather is not among the facts of the chooser",
    ),
    "condition on an unknown value": (
        lambda t: t["chooser"]["outside"][0].update(when={"technique": ["mohs"]}),
        "mohs is not among the values of technique",
    ),
    "range of a word": (
        lambda t: t["chooser"]["outside"][0].update(when={"technique": {"over": 1}}),
        "technique is no number and has no range",
    ),
    "number computed from a word": (
        lambda t: t["chooser"]["derived"][0].update(of=["lesion_diameter_cm", "technique"]),
        "technique is not a number",
    ),
    "cue of a value that the fact cannot have": (
        lambda t: t["chooser"]["facts"]["technique"].update(cues={"laser": ["laser"]}),
        "laser is not among excision, shave",
    ),
    "way out that nothing leads to": (
        lambda t: t["chooser"]["outside"].append({"name": "nowhere", "reason": {"text": "Away.", "cites": ["mpfs"]}}),
        "nothing leads to nowhere",
    ),
    "row that leads to no way out": (
        lambda t: t["chooser"]["rows"][0].update(code=None, outside="nowhere"),
        "nowhere is not among the ways out",
    ),
    "units of a fact that is no number": (
        lambda t: t["chooser"]["rows"][0].update(units={"of": "technique"}),
        "technique is not a number",
    ),
    "sum of a fact that is no number": (
        lambda t: t["chooser"]["combine"].update(
            sum={"fact": "technique", "same": ["mood"], "because": {"text": "{arithmetic}", "cites": ["mpfs"]}}
        ),
        "technique is not a number",
    ),
    "levels of other values": (
        lambda t: t["chooser"]["derived"].append(
            {
                "fact": "technique",
                "formula": "highest",
                "of": ["pathology", "technique"],
                "because": {"text": "The higher of both.", "cites": ["mpfs"]},
            }
        ),
        "pathology is not a choice of the same values in the same order as technique",
    ),
    "steps that overlap": (
        lambda t: t["chooser"]["derived"].append(
            {
                "fact": "technique",
                "formula": "steps",
                "of": ["margin_cm"],
                "steps": [
                    {"over": 0, "up_to": 2, "value": "excision"},
                    {"over": 1, "up_to": 3, "value": "shave"},
                ],
                "because": {"text": "By the margin.", "cites": ["mpfs"]},
            }
        ),
        "none may overlap the one before",
    ),
    "number without a unit": (lambda t: t["chooser"]["facts"]["margin_cm"].pop("unit"), "a number needs a unit"),
    "word for a place in two groups": (
        lambda t: t["chooser"]["sites"][0]["groups"]["elsewhere"].append("chin"),
        '"chin" stands in face as well',
    ),
    "word for a place in capitals": (
        lambda t: t["chooser"]["sites"][0]["groups"]["face"].append("Nose"),
        '"Nose" must be in lower case',
    ),
    "placeholder that is not filled": (
        lambda t: t["chooser"]["outside"][0]["reason"].update(text="See {value}."),
        "the placeholder {value} is not filled here",
    ),
    "source that is not listed": (
        lambda t: t["chooser"].update(cites=["hearsay"]),
        "hearsay is not among the sources of the family",
    ),
    "table that ends before it begins": (
        lambda t: t["chooser"].update(ended=t["chooser"]["effective"].replace(year=2019)),
        "the table ends before it begins",
    ),
}


def test_the_invented_family_is_accepted(tree: Tree, complaints: Callable[[Tree], list[str]]) -> None:
    """What the refusals change is sound to begin with."""
    assert complaints(tree) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_does_not_hold_is_refused(name: str, tree: Tree, complaints: Callable[[Tree], list[str]]) -> None:
    """Each defect alone is found, and is said in words that name it."""
    change, expected = REFUSED[name]
    change(tree)
    assert any(expected in complaint for complaint in complaints(tree)), complaints(tree)
