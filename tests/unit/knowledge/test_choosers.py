"""Choosers: exactly one code for what is known, and questions only for what still decides."""

import itertools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.choosers import Chooser, Chosen, Open, Outside
from knowledge.model import Value
from knowledge.release import Release

ON = date(2026, 3, 2)
Facts = dict[str, Value]

GROUPS = ("trunk_arms_legs", "scalp_neck_hands_feet_genitalia", "face_ears_eyelids_nose_lips_mucosa")
DECIDING = ("benign", "uncertain", "malignant", "in_situ")
# Thousandths of a centimetre, so that each limit and its neighbours are among them.
SIZES = st.integers(1, 20_000).map(lambda thousandths: thousandths / 1000)


def lesion(**facts: Value) -> Facts:
    """Return an excised benign lesion of the chin."""
    known: Facts = {"technique": "excision", "site": "chin", "pathology": "benign"}
    return {**known, **facts}


@pytest.fixture(scope="module")
def excision(release: Release) -> Chooser:
    chooser = release.chooser("lesion_excision")
    assert chooser is not None
    return chooser


@pytest.fixture(scope="module")
def infection(release: Release) -> Chooser:
    chooser = release.chooser("necrotizing_infection")
    assert chooser is not None
    return chooser


def code(answer: Chosen | Open | Outside) -> str:
    """Return the code of an answer that must be one."""
    assert isinstance(answer, Chosen), answer
    return answer.code


@given(size=SIZES, group=st.sampled_from(GROUPS), pathology=st.sampled_from(DECIDING))
def test_every_size_site_and_pathology_has_one_code(excision: Chooser, size: float, group: str, pathology: str) -> None:
    """Nothing in the table is left without an answer, and the answer fits the group and the kind of lesion."""
    facts = {"technique": "excision", "site_group": group, "pathology": pathology, "excised_diameter_cm": size}
    answer = code(excision.choose(facts, ON))
    first = "114" if pathology in {"benign", "uncertain"} else "116"
    assert answer.startswith(f"{first}{GROUPS.index(group) * 2}")


@settings(max_examples=40)
@given(sizes=st.lists(SIZES, min_size=2, max_size=8), group=st.sampled_from(GROUPS))
def test_a_larger_lesion_never_has_a_lower_code(excision: Chooser, sizes: list[float], group: str) -> None:
    """Codes of one group rise with the excised diameter."""
    facts = {"technique": "excision", "site_group": group, "pathology": "benign"}
    codes = [code(excision.choose({**facts, "excised_diameter_cm": size}, ON)) for size in sorted(sizes)]
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        *((0.01, "11440"), (0.5, "11440"), (0.51, "11441"), (0.55, "11441"), (1.0, "11441"), (1.01, "11442")),
        *((2, "11442"), (2.1, "11443"), (3, "11443"), (3.1, "11444"), (4.0, "11444"), (4.01, "11446"), (40, "11446")),
    ],
)
def test_a_step_holds_its_upper_end(excision: Chooser, size: float, expected: str) -> None:
    """A limit belongs to the step below it, and what lies between two printed steps to the one above."""
    assert code(excision.choose(lesion(excised_diameter_cm=size), ON)) == expected


def test_the_arithmetic_is_exact(excision: Chooser) -> None:
    """0.3 + 2 x 0.1 is 0.5 and not a hair more, which would be another code."""
    answer = excision.choose(lesion(lesion_diameter_cm=0.3, margin_cm=0.1), ON)
    assert isinstance(answer, Chosen)
    assert (answer.code, answer.derived) == (
        "11440",
        (("excised_diameter_cm", 0.5, "0.3 cm + 2 x 0.1 cm = 0.5 cm"),),
    )
    assert "0.3 cm + 2 x 0.1 cm = 0.5 cm" in answer.statements[0].text


@settings(max_examples=40)
@given(lesion_mm=st.integers(1, 60), margin_mm=st.integers(0, 30))
def test_lesion_and_margin_give_the_code_of_their_sum(excision: Chooser, lesion_mm: int, margin_mm: int) -> None:
    """Computed and written diameters lead to the same code."""
    parts = lesion(lesion_diameter_cm=lesion_mm / 10, margin_cm=margin_mm / 10)
    total = lesion(excised_diameter_cm=float(Decimal(lesion_mm + 2 * margin_mm) / 10))
    assert code(excision.choose(parts, ON)) == code(excision.choose(total, ON))


@settings(max_examples=40)
@given(lesion_mm=st.integers(1, 50), margin_mm=st.integers(0, 40))
def test_what_a_question_promises_is_kept(excision: Chooser, lesion_mm: int, margin_mm: int) -> None:
    """The code that a question names for a range of margins is the code that each margin of the range gives."""
    size, margin = lesion_mm / 10, margin_mm / 10
    asked = excision.choose(lesion(lesion_diameter_cm=size), ON)
    answered = code(excision.choose(lesion(lesion_diameter_cm=size, margin_cm=margin), ON))
    if isinstance(asked, Chosen):
        assert asked.code == answered
        return
    assert isinstance(asked, Open)
    assert [ask.fact for ask in asked.missing] == ["margin_cm"]
    promised = {words: result for words, result in asked.missing[0].becomes if _within(Decimal(str(margin)), words)}
    assert list(promised.values()) == [answered]


def _within(number: Decimal, words: str) -> bool:
    """Read a range as a question words it."""
    words = words.removesuffix(" cm")
    if words.endswith("or less"):
        return number <= Decimal(words.split()[0])
    if words.startswith("over") and " to " in words:
        low, high = words.removeprefix("over ").split(" to ")
        return Decimal(low) < number <= Decimal(high)
    return number > Decimal(words.removeprefix("over ")) if words.startswith("over") else number == Decimal(words)


def test_only_the_margin_is_asked_for_where_it_decides(excision: Chooser) -> None:
    """Each range of margins is given with the code that it leads to."""
    answer = excision.choose(lesion(lesion_diameter_cm=0.4), ON)
    assert isinstance(answer, Open)
    (ask,) = answer.missing
    assert ask.becomes == (
        ("0.05 cm or less", "11440"),
        ("over 0.05 to 0.3 cm", "11441"),
        ("over 0.3 to 0.8 cm", "11442"),
        ("over 0.8 to 1.3 cm", "11443"),
        ("over 1.3 to 1.8 cm", "11444"),
        ("over 1.8 cm", "11446"),
    )
    assert ask.citations


def test_a_margin_that_cannot_matter_is_not_asked_for(excision: Chooser) -> None:
    """Beyond the last limit the margin decides nothing, and the answer says so."""
    answer = excision.choose(lesion(lesion_diameter_cm=4.5), ON)
    assert code(answer) == "11446"
    assert isinstance(answer, Chosen)
    assert any("Whatever the margin is" in said.text for said in answer.statements)


def test_a_written_diameter_that_contradicts_its_parts_is_asked_about(excision: Chooser) -> None:
    """Neither number is preferred where they lead to different codes."""
    answer = excision.choose(lesion(lesion_diameter_cm=0.4, margin_cm=0.2, excised_diameter_cm=1.4), ON)
    assert isinstance(answer, Open)
    (ask,) = answer.missing
    assert {result for _, result in ask.becomes} == {"11441", "11442"}


def test_a_contradiction_that_changes_nothing_is_no_question(excision: Chooser) -> None:
    """Both numbers lie in one step."""
    facts = lesion(lesion_diameter_cm=0.4, margin_cm=0.2, excised_diameter_cm=0.9)
    assert code(excision.choose(facts, ON)) == "11441"


def test_pending_pathology_is_held_and_asked_for(excision: Chooser) -> None:
    """The answer says what to do meanwhile and what each finding would make of it."""
    answer = excision.choose(lesion(pathology="pending", excised_diameter_cm=0.8), ON)
    assert isinstance(answer, Open)
    (ask,) = answer.missing
    assert ask.fact == "pathology"
    assert [result for _, result in ask.becomes] == ["11441", "11641"]
    assert any("Hold the claim" in said.text for said in answer.certain)


@pytest.mark.parametrize("technique", ["shave", "biopsy", "destruction", "mohs", "debridement"])
def test_another_technique_leads_outside(excision: Chooser, technique: str) -> None:
    """The reason is cited and names codes to look at."""
    answer = excision.choose(lesion(technique=technique, excised_diameter_cm=0.8), ON)
    assert isinstance(answer, Outside)
    assert answer.name == technique
    assert answer.reason.citations
    assert answer.codes


@settings(max_examples=40)
@given(
    facts=st.dictionaries(
        st.sampled_from(["site_group", "pathology", "excised_diameter_cm", "margin_cm", "mesh_removed", "technique"]),
        st.one_of(st.text(max_size=8), st.floats(), st.integers(), st.booleans()),
    )
)
def test_nonsense_is_asked_about_and_never_coded(excision: Chooser, facts: Facts) -> None:
    """A value that a fact cannot have counts as not known; nothing raises."""
    answer = excision.choose({**facts, "pathology": "cheerful"}, ON)
    assert isinstance(answer, Open | Outside)


@pytest.mark.parametrize("size", [0, -1, float("nan"), float("inf"), True, "0.5"])
def test_a_size_that_cannot_be_is_asked_for(excision: Chooser, size: Value) -> None:
    """A lesion of no width, or of a width in words, has no code."""
    answer = excision.choose(lesion(excised_diameter_cm=size), ON)
    assert isinstance(answer, Open)
    assert [ask.fact for ask in answer.missing] == ["excised_diameter_cm"]


def test_a_date_before_the_table_holds_has_no_code(excision: Chooser) -> None:
    """The table says since when it was curated."""
    answer = excision.choose(lesion(excised_diameter_cm=0.8), date(1999, 1, 1))
    assert isinstance(answer, Outside)
    assert "1999-01-01" in answer.reason.text


def test_a_date_after_the_table_ends_has_no_code(
    tree: dict[str, Any], chooser_of: Callable[[dict[str, Any]], Chooser]
) -> None:
    """Its last day still counts."""
    tree["chooser"]["ended"] = date(2026, 12, 31)
    chooser = chooser_of(tree)
    assert code(chooser.choose(lesion(excised_diameter_cm=0.3), date(2026, 12, 31))) == "11440"
    assert isinstance(chooser.choose(lesion(excised_diameter_cm=0.3), date(2027, 1, 1)), Outside)


def test_an_open_site_lists_the_families_that_it_may_lead_to(
    tree: dict[str, Any], chooser_of: Callable[[dict[str, Any]], Chooser]
) -> None:
    """A value that leads outside is one of the answers to the question."""
    answer = chooser_of(tree).choose({"pathology": "benign", "excised_diameter_cm": 0.3}, ON)
    assert isinstance(answer, Open)
    assert [(ask.fact, ask.becomes) for ask in answer.missing] == [
        ("site_group", (("face", "11440"), ("elsewhere", "another code family (11400)")))
    ]


REGIONS = {"genitalia_perineum": "11004", "abdominal_wall": "11005", "both": "11006"}


@pytest.mark.parametrize(("region", "expected"), REGIONS.items())
def test_a_region_has_one_code_and_infected_mesh_adds_one(infection: Chooser, region: str, expected: str) -> None:
    """The add-on code stands with any of the primaries, and only when the mesh was infected."""
    wound: Facts = {"necrotizing_infection": True, "region": region}
    assert infection.applies(wound)
    plain = infection.choose(wound, ON)
    with_mesh = infection.choose({**wound, "mesh_removed": True, "mesh_infected": True}, ON)
    clean_mesh = infection.choose({**wound, "mesh_removed": True, "mesh_infected": False}, ON)
    assert [code(answer) for answer in (plain, with_mesh, clean_mesh)] == [expected] * 3
    assert isinstance(with_mesh, Chosen)
    assert with_mesh.add_ons == (("11008", 1),)
    assert isinstance(clean_mesh, Chosen)
    assert clean_mesh.add_ons == ()


def test_removed_mesh_of_unknown_state_is_asked_about(infection: Chooser) -> None:
    """The main code stands meanwhile."""
    answer = infection.choose({"necrotizing_infection": True, "region": "both", "mesh_removed": True}, ON)
    assert isinstance(answer, Open)
    (ask,) = answer.missing
    assert (ask.fact, ask.becomes) == ("mesh_infected", (("yes", "11006 and 11008"), ("no", "11006")))
    assert answer.settled is not None
    assert answer.settled.code == "11006"


def test_an_open_region_asks_once_for_each_fact(infection: Chooser) -> None:
    """The region and the mesh are both open; neither is asked twice."""
    answer = infection.choose({"necrotizing_infection": True, "mesh_removed": True}, ON)
    assert isinstance(answer, Open)
    assert sorted(ask.fact for ask in answer.missing) == ["mesh_infected", "region"]


def test_another_infection_is_not_for_this_family(infection: Chooser) -> None:
    """The entry condition is a necrotizing infection."""
    assert not infection.applies({"region": "both"})
    assert not infection.applies({"region": "both", "necrotizing_infection": False})


def _chosen(chooser: Chooser, *facts: Facts) -> list[Chosen]:
    answers = [chooser.choose(one, ON) for one in facts]
    return [answer for answer in answers if isinstance(answer, Chosen)]


def test_two_regions_of_one_session_are_one_combined_code(infection: Chooser) -> None:
    """11004 and 11005 are never listed side by side, in whatever order they are found."""
    wounds: list[Facts] = [{"necrotizing_infection": True, "region": region} for region in list(REGIONS)[:2]]
    for order in itertools.permutations(wounds):
        combined = infection.combine(_chosen(infection, *order))
        assert [(line.code, line.units, line.subjects) for line in combined.lines] == [("11006", 1, (0, 1))]
        assert combined.notes[0].citations


def test_one_region_twice_is_one_line(infection: Chooser) -> None:
    """Two wounds of the abdominal wall are one 11005, and one 11008."""
    wound: Facts = {"necrotizing_infection": True, "region": "abdominal_wall"}
    mesh: Facts = {"mesh_removed": True, "mesh_infected": True}
    combined = infection.combine(_chosen(infection, wound, {**wound, **mesh}))
    assert [(line.code, line.units) for line in combined.lines] == [("11005", 1), ("11008", 1)]


def test_each_lesion_has_a_line_of_its_own(excision: Chooser) -> None:
    """The same code twice is two lines with a note; another code is another line."""
    small, large = lesion(excised_diameter_cm=0.8), lesion(excised_diameter_cm=1.4)
    combined = excision.combine(_chosen(excision, small, large, small))
    assert [(line.code, line.units, line.subjects) for line in combined.lines] == [
        ("11441", 1, (0,)),
        ("11441", 1, (2,)),
        ("11442", 1, (1,)),
    ]
    assert any("11441 stands for 2 lesions" in note.text for note in combined.notes)


def test_nothing_combined_is_nothing(excision: Chooser) -> None:
    """No subject, no line."""
    assert excision.combine(()).lines == ()


def test_every_word_for_a_place_leads_to_a_code(release: Release, excision: Chooser) -> None:
    """The vocabulary that letters are read with is the one that the table answers to."""
    for word, group in ((word, group) for word, group in release.site_groups().items() if group):
        answer = excision.choose(lesion(site=f" {word.upper()} ", excised_diameter_cm=0.8), ON)
        assert code(answer)[3] == str(GROUPS.index(group) * 2)


@settings(max_examples=40)
@given(regions=st.lists(st.sampled_from(sorted(REGIONS)), min_size=1, max_size=5))
def test_regions_are_never_listed_side_by_side(infection: Chooser, regions: list[str]) -> None:
    """However the wounds of one session are told, one code stands once: both regions are 11006."""
    wounds: list[Facts] = [{"necrotizing_infection": True, "region": region} for region in regions]
    combined = infection.combine(_chosen(infection, *wounds))
    whole = REGIONS[regions[0]] if len(set(regions)) == 1 else "11006"
    assert [(line.code, line.units) for line in combined.lines] == [(whole, 1)]


def test_the_worked_case_of_every_page_reaches_its_own_code(release: Release) -> None:
    """Invented cases, each answered by the table that letters are answered by, where the family has one."""
    reached = []
    for title in release.pages():
        page, chooser = release.page(title.code), release.chooser(title.family)
        assert page is not None
        if chooser is None:
            continue
        answer = chooser.choose(dict(page.worked_case.facts), page.reviewed_on)
        assert isinstance(answer, Chosen)
        given_codes = {answer.code: answer.units, **dict(answer.add_ons)}
        assert given_codes[title.code] == page.worked_case.units
        reached.append(page.worked_case.outcome)
    assert len(reached) >= 450
