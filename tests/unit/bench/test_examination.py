"""The letters of the examination are well formed and dealt by the rule; its page says the figures that were kept."""

import json
from pathlib import Path

import pytest

from bench.letters import HALVES, Half, Letter, half_of, read
from bench.reporting import RESULTS
from bench.scoring import score
from bench.statements import holds
from knowledge.release import Release

PAGE = Path(__file__).parents[3] / "docs" / "accuracy.md"
MADE = {
    "outcome": "answer",
    "lines": [{"code": "11441", "units": 1, "modifiers": [], "diagnoses": ["D22.39"]}],
    "missing": [],
    "claims": [{"text": "Report 11441.", "citations": ["c1"]}],
    "citations": {"c1": {}},
    "confidence": 0.5,
    "subject": "Your coding question: 11441",
    "text": "Verdict\n\nReport 11441. [1]\n\nSources\n\n[1] CPT\n",
    "html": "",
}


def letter(**expect: object) -> Letter:
    return Letter.model_validate(
        {
            "id": "x",
            "family": "lesion_excision",
            "kind": "selection",
            "style": "terse",
            "text": "Excised nevus of Zebulon Testerly, MRN 00-TEST-411. Which code?",
            "phi": ["Zebulon Testerly", "00-TEST-411"],
            "expect": {"outcome": "answer", **expect},
            "source": "CPT, Excision - Benign Lesions",
        }
    )


@pytest.mark.parametrize("half", HALVES)
def test_a_half_holds_the_families_that_it_was_dealt(half: Half, release: Release) -> None:
    """Nobody chose which families are kept for the end."""
    families = frozenset(family.id for family in release.families())
    assert {row.id for row in read(half) if row.family != "none" and half_of(row.family, families) != half} == set()


def test_there_are_letters_enough_and_each_is_one_of_its_kind() -> None:
    """At least three hundred, no identifier twice, every planted name in its text, every answer with its source."""
    letters = [row for half in HALVES for row in read(half)]
    assert len(letters) >= 300
    assert len({row.id for row in letters}) == len(letters)
    assert [row.id for row in letters if any(planted not in row.text for planted in row.phi)] == []
    assert [row.id for row in letters if len(row.source) < 10] == []
    assert sum(bool(row.phi) for row in letters) > 30


def test_the_page_says_the_figures_that_were_kept() -> None:
    """After a change: `make accuracy`."""
    newest = max(RESULTS.glob("*.json"), key=lambda path: [int(part) for part in path.stem.split(".")])
    page = PAGE.read_text(encoding="utf-8")
    for figures in json.loads(newest.read_text(encoding="utf-8")).values():
        for right, of in figures["shares"].values():
            assert f"{right}/{of} {right / of:.1%}" in page


@pytest.mark.parametrize(
    ("expect", "right"),
    [
        ({"lines": [{"code": "11441"}]}, True),
        ({"lines": [{"code": "11441", "diagnoses": ["D22.39"]}]}, True),
        ({"lines": [{"code": "11441", "diagnoses": ["D22.5"]}]}, False),
        ({"lines": [{"code": "11441", "units": 2}]}, False),
        ({"lines": [{"code": "11441", "modifiers": ["59"]}]}, False),
        ({"lines": [{"code": "11441", "optional_modifiers": ["59"]}]}, True),
        ({"lines": [{"code": "11441"}, {"code": "12051"}]}, False),
        ({"lines_anyof": [[{"code": "11440"}], [{"code": "11441"}]]}, True),
        ({"lines": [{"code": "11441"}], "must_not": ["11441"]}, False),
        ({"lines": [{"code": "11441"}], "missing": ["margin_cm"]}, False),
        ({"outcome": ["ask_back", "hand_over"]}, False),
    ],
)
def test_a_draft_is_right_only_as_a_whole(expect: dict[str, object], right: bool, release: Release) -> None:
    """Codes, units, modifiers, diagnoses, questions and must-nots all count."""
    assert score(letter(**expect), MADE, release, 1.0).right is right


def test_what_must_never_be_is_counted(release: Release) -> None:
    """An invented code, a claim without a citation, and a part of a planted name."""
    made = {
        **MADE,
        "text": "Report 11441 and 98765 for Mr. Testerly.\n\nSources\n",
        "claims": [{"text": "Report 11441.", "citations": []}],
    }
    found = score(letter(lines=[{"code": "11441"}]), made, release, 1.0)
    assert (found.invented, found.uncited, found.repeated) == (("98765",), 1, ("Zebulon Testerly",))


@pytest.mark.parametrize(
    ("check", "text", "held"),
    [
        (
            {"ptp": {"column_one": "11042", "column_two": "97597", "indicator": "1"}},
            "11042 (column one) and 97597 (column two) are a PTP pair, modifier indicator 1: it may",
            True,
        ),
        (
            {"ptp": {"column_one": "97597", "column_two": "11042", "indicator": "1"}},
            "11042 (column one) and 97597 (column two) are a PTP pair, modifier indicator 1: it may",
            False,
        ),
        ({"no_ptp": ["2", "1"]}, "No PTP edit between 1 and 2 was found.", True),
        ({"mue": {"code": "11045", "units": 12, "mai": 3}}, "MUE for 11045: 12, adjudication indicator 3", True),
        ({"mue": {"code": "11045", "units": 1, "mai": 3}}, "MUE for 11045: 12, adjudication indicator 3", False),
        (
            {"add_on": {"code": "11008", "primaries": ["11005"]}},
            "11008 is an add-on code (type 1): report it only with 10180, 11004 to 11006.",
            True,
        ),
        ({"global": {"code": "11400", "days": "010"}}, "11400: global period 10 days; multiple", True),
        ({"global": {"code": "11400", "days": "090"}}, "11400: global period 10 days; multiple", False),
        ({"says": ["bundled|included"]}, "It is included.", True),
        ({"says_not": ["append 59"]}, "Append 59 to get paid", False),
        ({"icd": {"code": "N18.3", "billable": False}}, "N18.3 (CKD 3) is a category and not billable", True),
    ],
)
def test_a_statement_is_held_against_its_values(check: dict[str, object], text: str, held: bool) -> None:
    """The other order of a pair, another number or another period is another statement."""
    assert holds(check, text) is held
