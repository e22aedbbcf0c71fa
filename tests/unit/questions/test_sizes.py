"""Lengths and areas are converted to cm and cm2, and each knows what it measures."""

import pytest

from consultant.questions import sizes
from consultant.questions.passages import Sentences


def read(text: str) -> list[tuple[str, float]]:
    return [
        (str(measure.role), measure.least if measure.role is sizes.Role.MARGIN else measure.greatest)
        for measure in sizes.find(text, Sentences(text))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.4 cm lesion with 0.2 cm margins", [("lesion", 0.4), ("margin", 0.2)]),
        ("a 4mm mole", [("lesion", 0.4)]),
        ("a 0.5 inch cyst", [("lesion", 1.27)]),
        ("1.2 x 0.8 cm lesion", [("lesion", 1.2)]),
        ("lesion 12 x 8 mm.", [("lesion", 1.2)]),
        ("margins of 2 mm", [("margin", 0.2)]),
        ("margins 0.2 to 0.4 cm", [("margin", 0.2)]),
        ("0.5cm margin on each side", [("margin", 0.5)]),
        ("excised diameter 1.6 cm", [("excised", 1.6)]),
        ("1.1 cm including margins", [("excised", 1.1)]),
        ("excised with margins of 0.3 cm", [("margin", 0.3)]),
        ("lesion 0.5 cm margins 0.2 cm", [("lesion", 0.5), ("margin", 0.2)]),
        ("0.3 cm margins, 1 cm lesion", [("margin", 0.3), ("lesion", 1.0)]),
        ("layered closure 2.5 cm", [("closure", 2.5)]),
        ("4.5 cm complex repair", [("closure", 4.5)]),
        ("closed with a closure measuring 4.5 cm", [("closure", 4.5)]),
        ("Breslow 0.8 mm", [("other", 0.08)]),
        ("4 mm punch", [("other", 0.4)]),
        ("a 3 cm defect", [("other", 3.0)]),
        ("excision of 1.0 cm cyst", [("lesion", 1.0)]),
        ("3mm superior and 5mm lateral, BCC 7 mm", [("margin", 0.3), ("margin", 0.5), ("lesion", 0.7)]),
        ("scar 2.5 cm, closed with complex repair 8 cm", [("lesion", 2.5), ("closure", 8.0)]),
        ("45 sq cm", [("unsaid", 45.0)]),
        ("45 cm2", [("unsaid", 45.0)]),
        ("11042, 99213 and 20 units", []),
        ("500 cm", []),
    ],
)
def test_a_measure_is_read_with_what_it_measures(text: str, found: list[tuple[str, float]]) -> None:
    """The nearest label decides, the greatest diameter and the narrowest margin count."""
    assert read(text) == found


@pytest.mark.parametrize(
    "text", ["approx 1 cm lesion", "~1 cm lesion", "about 1 cm lesion", "lesion 1.2 with 0.2 margins"]
)
def test_an_estimate_and_a_missing_unit_are_uncertain(text: str) -> None:
    """They are shown and asked for, never counted on."""
    assert all(not measure.certain for measure in sizes.find(text, Sentences(text)))


def test_a_sum_is_a_lesion_and_its_margins() -> None:
    """0.4 + 0.2 + 0.2 is how coders write the excised diameter."""
    (measure,) = sizes.find("0.4 + 0.2 + 0.2 = 0.8 cm", Sentences("0.4 + 0.2 + 0.2 = 0.8 cm"))
    assert (measure.form, measure.greatest, measure.least) == ("sum", 0.4, 0.2)
