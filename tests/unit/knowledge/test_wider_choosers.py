"""What tables can do beyond one code for one subject: units, levels, sums, ranks, rows that lead outside, diagnoses."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from knowledge.choosers import Chooser, Chosen, Open, Outside
from knowledge.common import Common, put_in
from knowledge.compiling import compile_family, problems_of
from knowledge.model import Citation, Value, system_of
from knowledge.reading import ContentRefused, read_family
from knowledge.schema import FamilyContent
from knowledge.table_schema import ChooserContent
from knowledge.tabling import table_of

ON = date(2026, 3, 2)
BOOK = {"book": Citation("Invented book", "page 1", "2026", None)}
Tree = dict[str, Any]


def because(text: str = "So it is: {value}.") -> Tree:
    return {"text": text, "cites": ["book"]}


def number(unit: str) -> Tree:
    return {"question": f"How many {unit}?", "kind": "number", "unit": unit}


def choice(*values: str) -> Tree:
    return {"question": "Which of them?", "kind": "choice", "values": {value: f"the {value}" for value in values}}


def chooser(**parts: Any) -> Chooser:
    """Return an invented chooser; what is not given is as small as can be."""
    tree: Tree = {
        "subject": "procedure",
        "effective": date(2020, 1, 1),
        "entry": [{name: "known"} for name in parts["facts"]],
        "cites": ["book"],
        "combine": {"same_code": "lines", "because": because("{code}, {units}")},
        **parts,
    }
    return Chooser(table_of("invented", ChooserContent.model_validate(tree), BOOK, {}))


WOUND = {
    "facts": {"depth": choice("fat", "muscle"), "area_cm2": number("cm2")},
    "axes": [
        {
            "fact": "depth",
            "kind": "choice",
            "parts": {"fat": {"words": "fat", "values": ["fat"]}, "muscle": {"words": "muscle", "values": ["muscle"]}},
            "because": because(),
        }
    ],
    "rows": [{"when": {"depth": ["fat"]}, "code": "11042"}, {"when": {"depth": ["muscle"]}, "code": "11043"}],
    "add_ons": [
        {
            "code": "11045",
            "only_with": ["11042"],
            "when": {"area_cm2": {"over": 20}},
            "units": {"of": "area_cm2", "over": 20, "per": 20},
            "ask": True,
            "because": because("{units} more."),
        }
    ],
    "combine": {
        "same_code": "lines",
        "because": because("{code}, {units}"),
        "sum": {"fact": "area_cm2", "same": ["depth"], "because": because("Together {arithmetic}.")},
    },
}


@pytest.fixture(scope="module")
def wound() -> Chooser:
    return chooser(**copy.deepcopy(WOUND))


@pytest.mark.parametrize(
    ("area", "units"), [(5, None), (20, None), (20.1, 1), (40, 1), (40.5, 2), (60, 2), (100, 4), (101, 5)]
)
def test_a_begun_step_counts_as_a_whole_unit(wound: Chooser, area: float, units: int | None) -> None:
    """Each further 20 sq cm or part of it is one unit; the first 20 are in the main code."""
    answer = wound.choose({"depth": "fat", "area_cm2": area}, ON)
    assert isinstance(answer, Chosen)
    assert answer.add_ons == ((("11045", units),) if units else ())


def test_an_add_on_that_counts_is_asked_for(wound: Chooser) -> None:
    """Without the area the main code stands, and the question says how units follow."""
    answer = wound.choose({"depth": "fat"}, ON)
    assert isinstance(answer, Open)
    assert answer.settled is not None
    assert answer.settled.code == "11042"
    (ask,) = answer.missing
    assert (ask.fact, ask.becomes[0]) == (
        "area_cm2",
        ("over 20 sq cm", "11042 and 11045, one unit for each 20 sq cm or part of it beyond 20"),
    )


def test_numbers_of_one_kind_are_added_and_of_different_kinds_are_not(wound: Chooser) -> None:
    """Two wounds of one depth are one area; a third of another depth stays by itself."""
    subjects: list[dict[str, Value]] = [
        {"depth": "fat", "area_cm2": 12},
        {"depth": "muscle", "area_cm2": 30},
        {"depth": "fat", "area_cm2": 13.5},
    ]
    pooled = wound.pool(subjects)
    assert [(row.places, row.facts["area_cm2"]) for row in pooled] == [((0, 2), 25.5), ((1,), 30)]
    assert pooled[0].said is not None
    assert pooled[0].said.text == "Together 12 + 13.5 = 25.5 sq cm."
    answer = wound.choose(pooled[0].facts, ON)
    assert isinstance(answer, Chosen)
    assert answer.add_ons == (("11045", 1),)


def test_a_wound_of_unknown_depth_is_never_added_to_another(wound: Chooser) -> None:
    """What is not known is asked for first."""
    subjects: list[dict[str, Value]] = [{"area_cm2": 12}, {"depth": "fat", "area_cm2": 13}]
    assert [row.places for row in wound.pool(subjects)] == [(0,), (1,)]


def test_units_of_add_ons_of_several_subjects_are_added(wound: Chooser) -> None:
    """Unless the table says that the code stands once for the encounter."""
    chosen = [wound.choose({"depth": "fat", "area_cm2": area}, ON) for area in (45, 70)]
    lines = wound.combine([row for row in chosen if isinstance(row, Chosen)]).lines
    assert [(line.code, line.units) for line in lines] == [("11042", 1), ("11042", 1), ("11045", 5)]
    once = copy.deepcopy(WOUND)
    once["add_ons"][0]["several"] = "once"  # type: ignore[index]
    lines = chooser(**once).combine([row for row in chosen if isinstance(row, Chosen)]).lines
    assert ("11045", 3) in [(line.code, line.units) for line in lines]


LEVELS = ("straightforward", "low", "moderate", "high")
VISIT = {
    "subject": "encounter",
    "facts": {
        **{name: choice(*LEVELS) for name in ("problems", "data", "risk", "mdm_level", "time_level", "visit_level")},
        "total_minutes": number("minutes"),
        "new_patient": {"question": "New?", "kind": "yes_no"},
    },
    "derived": [
        {
            "fact": "mdm_level",
            "formula": "two_of_three",
            "of": ["problems", "data", "risk"],
            "because": because("{arithmetic}."),
        },
        {
            "fact": "time_level",
            "formula": "steps",
            "of": ["total_minutes"],
            "when": {"new_patient": [False]},
            "steps": [
                {"over": 9, "up_to": 19, "value": "straightforward"},
                {"over": 19, "up_to": 29, "value": "low"},
                {"over": 29, "up_to": 39, "value": "moderate"},
                {"over": 39, "value": "high"},
            ],
            "because": because("{arithmetic}."),
        },
        {
            "fact": "visit_level",
            "formula": "highest",
            "of": ["mdm_level", "time_level"],
            "because": because("{arithmetic}."),
        },
    ],
    "axes": [
        {
            "fact": "visit_level",
            "kind": "choice",
            "parts": {level: {"words": level, "values": [level]} for level in LEVELS},
            "because": because(),
        }
    ],
    "rows": [
        {"when": {"visit_level": [level]}, "code": code}
        for level, code in zip(LEVELS, ("99212", "99213", "99214", "99215"), strict=True)
    ],
}


@pytest.fixture(scope="module")
def visit() -> Chooser:
    return chooser(**copy.deepcopy(VISIT))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"problems": "moderate", "data": "low", "risk": "moderate"}, "99214"),
        ({"problems": "high", "data": "straightforward", "risk": "low"}, "99213"),
        ({"problems": "moderate", "risk": "moderate"}, "99214"),
        ({"total_minutes": 29, "new_patient": False}, "99213"),
        ({"total_minutes": 30, "new_patient": False}, "99214"),
        ({"total_minutes": 45, "new_patient": False, "problems": "low", "risk": "low"}, "99215"),
        ({"total_minutes": 5, "new_patient": False, "problems": "low", "risk": "low"}, "99213"),
        # The steps are for established patients only; time then decides nothing.
        ({"total_minutes": 45, "new_patient": True, "problems": "low", "risk": "low"}, "99213"),
    ],
)
def test_the_level_is_two_of_three_or_time_whichever_is_higher(
    visit: Chooser, facts: dict[str, Value], expected: str
) -> None:
    """Two elements that agree decide without the third, and time that supports more wins."""
    answer = visit.choose(facts, ON)
    assert isinstance(answer, Chosen), answer
    assert answer.code == expected


def test_the_one_element_that_decides_is_asked_for(visit: Chooser) -> None:
    """Where two elements differ, each value of the third is given with the code that it leads to."""
    answer = visit.choose({"problems": "moderate", "risk": "low"}, ON)
    assert isinstance(answer, Open)
    (ask,) = answer.missing
    assert ask.fact == "data"
    assert ask.becomes == (("the straightforward or the low", "99213"), ("the moderate or the high", "99214"))


def test_without_any_element_the_level_itself_is_asked_for(visit: Chooser) -> None:
    """Nothing is known of how it is made up, so that every level is still possible."""
    answer = visit.choose({}, ON)
    assert isinstance(answer, Open)
    assert [(ask.fact, [becomes for _, becomes in ask.becomes]) for ask in answer.missing] == [
        ("visit_level", ["99212", "99213", "99214", "99215"])
    ]


TIMED = {
    "facts": {"total_minutes": number("minutes")},
    "axes": [
        {
            "fact": "total_minutes",
            "kind": "interval",
            "parts": {
                "short": {"words": "under 30 minutes", "over": 0, "up_to": 29},
                "middle": {"words": "30 to 60 minutes", "over": 29, "up_to": 60},
                "long": {"words": "over 60 minutes", "over": 60},
            },
            "because": because("{value} minutes are in {words}."),
        }
    ],
    "rows": [
        {"when": {"total_minutes": ["short"]}, "outside": "too_short"},
        {"when": {"total_minutes": ["middle", "long"]}, "code": "99291"},
    ],
    "outside": [
        {"name": "too_short", "reason": because("Under 30 minutes it is another service."), "codes": ["99233"]}
    ],
}


def test_a_row_may_lead_outside(wound: Chooser) -> None:
    """A stretch of a number has no code of the family; the answer says where to look."""
    answer = chooser(**copy.deepcopy(TIMED)).choose({"total_minutes": 20}, ON)
    assert isinstance(answer, Outside)
    assert (answer.name, answer.codes) == ("too_short", ("99233",))


def test_neighbouring_stretches_that_give_the_same_are_one() -> None:
    """In the question and in the reason alike: a limit that decides nothing is not said."""
    made = chooser(**copy.deepcopy(TIMED))
    asked = made.choose({}, ON)
    assert isinstance(asked, Open)
    assert asked.missing[0].becomes == (
        ("under 30 minutes", "another code family (99233)"),
        ("over 29 minutes", "99291"),
    )
    chosen = made.choose({"total_minutes": 45}, ON)
    assert isinstance(chosen, Chosen)
    assert chosen.statements[0].text == "45 minutes are in over 29 minutes."


def test_one_primary_code_stands_and_the_rest_take_the_code_behind_their_own() -> None:
    """The first in rank leads, whatever the order in which the subjects were told."""
    made = chooser(
        facts={"biopsy_technique": choice("tangential", "punch", "incisional")},
        axes=[
            {
                "fact": "biopsy_technique",
                "kind": "choice",
                "parts": {name: {"words": name, "values": [name]} for name in ("tangential", "punch", "incisional")},
                "because": because(),
            }
        ],
        rows=[
            {"when": {"biopsy_technique": [name]}, "code": code}
            for name, code in (("tangential", "11102"), ("punch", "11104"), ("incisional", "11106"))
        ],
        combine={
            "same_code": "units",
            "because": because("{code}, {units}"),
            "first_only": {
                "ranks": [
                    {"code": "11106", "then": "11107"},
                    {"code": "11104", "then": "11105"},
                    {"code": "11102", "then": "11103"},
                ],
                "because": because("One primary code."),
            },
        },
    )
    told = [made.choose({"biopsy_technique": name}, ON) for name in ("tangential", "punch", "punch", "tangential")]
    combined = made.combine([row for row in told if isinstance(row, Chosen)])
    assert [(line.code, line.units) for line in combined.lines] == [("11103", 2), ("11104", 1), ("11105", 1)]
    assert combined.notes[0].text == "One primary code."


def test_a_chooser_may_give_a_diagnosis() -> None:
    """The code set follows from the shape of the code."""
    made = chooser(
        subject="diagnosis",
        facts={"side": choice("left", "right")},
        axes=[
            {
                "fact": "side",
                "kind": "choice",
                "parts": {name: {"words": name, "values": [name]} for name in ("left", "right")},
                "because": because(),
            }
        ],
        rows=[{"when": {"side": ["left"]}, "code": "D22.39"}, {"when": {"side": ["right"]}, "code": "I10"}],
    )
    answer = made.choose({"side": "left"}, ON)
    assert isinstance(answer, Chosen)
    assert (answer.system, answer.code) == ("ICD-10-CM", "D22.39")
    assert [system_of(code) for code in ("11441", "0001F", "G0168", "I10", "D22.39")] == [
        "CPT",
        "CPT",
        "HCPCS",
        "ICD-10-CM",
        "ICD-10-CM",
    ]


COMMON = Common.model_validate(
    {
        "facts": {"payer": choice("medicare", "commercial")},
        "regions": {"chin": ["chin", "jaw"], "back": ["back"]},
        "site_groups": {"face": ["chin"], "trunk": ["back"]},
    }
)


def test_a_family_takes_facts_and_places_from_the_common_file() -> None:
    """By name; what is not there is said with its place."""
    tree: Tree = {
        "chooser": {
            "facts": {"payer": "common", "mood": "common"},
            "sites": [
                {"fact": "site_group", "regions": "common", "cites": ["book"]},
                {"fact": "repair_site", "regions": {"lower": ["back", "tail"]}, "groups": {"lower": ["hip"]}},
            ],
        }
    }
    wrong = put_in(tree, COMMON)
    assert [place for place, _ in wrong] == [
        ("chooser", "facts", "mood"),
        ("chooser", "sites", 1, "regions", "lower"),
    ]
    assert tree["chooser"]["facts"]["payer"]["kind"] == "choice"
    assert tree["chooser"]["sites"][0]["groups"] == {"face": ["chin", "jaw"], "trunk": ["back"]}
    assert tree["chooser"]["sites"][1]["groups"] == {"lower": ["hip", "back"]}


def test_a_word_cannot_stand_in_two_regions() -> None:
    """It would place one lesion in two groups."""
    with pytest.raises(ValueError, match="two regions: chin"):
        Common.model_validate({"regions": {"a": ["chin"], "b": ["chin"]}})


def test_a_family_may_consist_of_rules_alone(tree: Tree) -> None:
    """Policies and guidelines choose no code."""
    rules = {name: tree[name] for name in ("id", "title", "purpose", "reviewed_on", "sources", "rules")}
    rules["rules"] = [{**row, "id": f"rule-{n}", "codes": []} for n, row in enumerate([*tree["rules"], *tree["rules"]])]
    family = FamilyContent.model_validate(rules)
    assert problems_of(family) == []
    compiled = compile_family(family)
    assert (compiled.table, compiled.pages) == (None, ())


def test_a_section_that_a_family_is_without_needs_a_reason(tree: Tree, complaints: Callable[[Tree], list[str]]) -> None:
    """Without one the page is refused."""
    for part in (*tree["shared"], *tree["codes"].values()):
        part.pop("diagnoses", None)
    assert any("has no diagnoses" in text for text in complaints(tree))
    tree["without"] = {"diagnoses": "Any problem may be the reason."}
    assert not any("has no diagnoses" in text for text in complaints(tree))


def test_a_file_without_yaml_is_refused_with_its_line(tmp_path: Any) -> None:
    """No trace, and where to look."""
    path = tmp_path / "broken.yaml"
    path.write_text("id: broken\ntitle: [open\n", "utf-8")
    with pytest.raises(ContentRefused, match=r"broken\.yaml line"):
        read_family(path)
