"""What ran into a vein is read event by event, whatever form the letter gives it."""

import re

import pytest

from consultant.questions import amounts, infusions
from consultant.questions.amounts import Use
from consultant.questions.model import Span

_DRUGS = {
    "paclitaxel": "chemotherapy", "carboplatin": "chemotherapy", "zofran": "therapeutic", "decadron": "therapeutic",
    "vancomycin": "therapeutic", "morphine": "therapeutic", "saline": "hydration",
}  # fmt: skip


def _read(text: str) -> list[tuple[str, str, int | None, str | None]]:
    named = [
        (purpose, Span(*match.span()))
        for name, purpose in _DRUGS.items()
        for match in re.finditer(name, text, re.IGNORECASE)
    ]
    return [(row.name, row.way, row.minutes, row.order) for row in infusions.read(text, named)]


@pytest.mark.parametrize(
    "text",
    [
        "09:00 Zofran 8 mg IV push\n09:10 Paclitaxel infusion START\n12:20 Paclitaxel infusion STOP\n12:25 flush",
        "| Zofran 8 mg | IVP | 9:00 | 9:02 |\n| Paclitaxel 300 mg in 500 mL saline | IV | 9:10 | 12:20 |",
        "ZOFRAN      IV push      0900\nPACLITAXEL  IV infusion  0910   1220",
        "Zofran 8 mg was pushed at 9:00, then paclitaxel ran from 9:10 to 12:20.",
        "Zofran IVP, followed by paclitaxel IV over 190 minutes.",
    ],
)
def test_reads_a_push_and_an_infusion_however_they_are_written(text: str) -> None:
    found = [(name.lower(), way, minutes, order) for name, way, minutes, order in _read(text)]
    assert [(name, way) for name, way, _, _ in found] == [("zofran", "iv_push"), ("paclitaxel", "iv_infusion")]
    assert found[1][2:] == (190, "initial")
    assert found[0][3] == "sequential"


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("10:00 morphine 4 mg IV push. 11:10 a second morphine 4 mg IV push.", ["initial", "repeated"]),
        ("10:00 morphine 4 mg IV push. 10:20 another morphine 4 mg IV push.", ["initial"]),
        ("Vancomycin IVPB 0800-0930. Saline 1 L at KVO.", ["initial"]),
        ("Vancomycin IVPB 0800-0930. Zofran 4 mg tablet by mouth.", ["initial"]),
        ("Carboplatin 9:00-9:40 IV. Decadron IVPB 9:05-9:25.", ["initial", "concurrent"]),
    ],
)
def test_counts_a_second_push_after_half_an_hour_and_no_carrier(text: str, orders: list[str]) -> None:
    assert [order for _, _, _, order in _read(text)] == orders


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("1 mL of Kenalog 40 mg/mL", 40),
        ("2 cc kenalog-40 with 3 cc lidocaine", 80),
        ("Injected 0.5 mL of triamcinolone 10 mg per mL", 5),
    ],
)
def test_reads_a_dose_from_volume_and_strength(text: str, mg: float) -> None:
    assert [row.mg for row in amounts.doses(text) if row.use is Use.GIVEN] == [mg]


@pytest.mark.parametrize("text", ["all given", "none left", "waste: 0", "the vial was emptied", "nothing discarded"])
def test_reads_that_nothing_was_left(text: str) -> None:
    assert amounts.nothing_wasted(f"Single dose vial, {text}.")


def test_one_line_ends_all_that_ran() -> None:
    """Both bags that are done are closed, and what ran beside another drug is concurrent."""
    text = "09:00 Carboplatin bag started\n09:00 Decadron bag started, runs alongside\n10:30 both bags finished"
    assert _read(text) == [
        ("carboplatin", "iv_infusion", 90, "initial"),
        ("decadron", "iv_infusion", 90, "concurrent"),
    ]


def test_the_next_drug_ran_as_the_one_before() -> None:
    """A drug with minutes behind an infusion is an infusion too."""
    assert _read("Decadron IVPB 20 min, then vancomycin 95 min, one line") == [
        ("decadron", "iv_infusion", 20, "initial"),
        ("vancomycin", "iv_infusion", 95, "sequential"),
    ]
