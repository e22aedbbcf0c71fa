"""Modifiers of claim lines that follow from the facts, and lines that stand beside that of their own code."""

from datetime import date

import pytest

from knowledge.release import Release

ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({"dose_mg": 460, "wasted_mg": 40, "payer": "medicare"}, [("J1745", 46, ()), ("J1745", 4, ("JW",))]),
        ({"dose_mg": 463, "wasted_mg": 37, "payer": "medicare"}, [("J1745", 47, ()), ("J1745", 3, ("JW",))]),
        ({"dose_mg": 497, "wasted_mg": 3, "payer": "medicare"}, [("J1745", 50, ("JZ",))]),
        ({"dose_mg": 500, "wasted_mg": 0, "payer": "medicare"}, [("J1745", 50, ("JZ",))]),
        ({"dose_mg": 460, "wasted_mg": 40, "payer": "aetna"}, [("J1745", 46, ())]),
        ({"dose_mg": 460, "payer": "medicare"}, [("J1745", 46, ())]),
    ],
)
def test_what_was_thrown_away_stands_apart_for_medicare(
    release: Release, facts: dict[str, str | int], lines: list[tuple[str, int, tuple[str, ...]]]
) -> None:
    """The dose is rounded up and the waste down, so that both never exceed the container."""
    chooser = release.chooser("drug_units_and_waste")
    assert chooser is not None
    chosen = chooser.choose({"drug_name": "infliximab", **facts}, ON)
    combined = chooser.combine([chosen])  # type: ignore[list-item]
    assert [(line.code, line.units, line.modifiers) for line in combined.lines] == lines


@pytest.mark.parametrize(("ears", "modifiers"), [("both", ("50",)), ("left", ())])
def test_a_modifier_stands_where_the_facts_say_so(release: Release, ears: str, modifiers: tuple[str, ...]) -> None:
    """Both ears by irrigation are one line with 50."""
    chooser = release.chooser("cerumen_removal")
    assert chooser is not None
    facts = {"cerumen_impacted": "impacted", "irrigation_used": "irrigation", "ears_treated": ears}
    chosen = chooser.choose({"procedure": "cerumen_removal", **facts}, ON)
    assert getattr(chosen, "modifiers", None) == modifiers


@pytest.mark.parametrize(
    ("facts", "modifiers"),
    [
        ({"payer": "medicare", "of_record": True}, ("AI",)),
        ({"payer": "medicare", "of_record": False}, ()),
        ({"payer": "medicare"}, ()),
        ({"payer": "aetna", "of_record": True}, ()),
    ],
)
def test_the_first_visit_of_the_physician_of_record_is_marked_for_medicare(
    release: Release, facts: dict[str, str | bool], modifiers: tuple[str, ...]
) -> None:
    """AI is asked of nobody; it stands where the letter says who oversees the stay."""
    for family, kind in (
        ("hospital_inpatient_observation", "hospital_initial"),
        ("nursing_facility", "nursing_initial"),
    ):
        chooser = release.chooser(family)
        assert chooser is not None
        chosen = chooser.choose({"visit_kind": kind, "mdm_level": "high", **facts}, ON)
        combined = chooser.combine([chosen])  # type: ignore[list-item]
        assert [line.modifiers for line in combined.lines] == [modifiers]
