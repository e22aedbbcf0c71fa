"""What a release answers of codes, pages, rules and words, and for which dates it vouches."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge.build import build
from knowledge.compiling import REQUIRED
from knowledge.release import Release, open_release
from knowledge.showing import describe
from tests.unit.knowledge.conftest import ICD

ON = date(2026, 3, 2)
Tree = dict[str, Any]


def test_every_curated_code_has_every_section(release: Release) -> None:
    """Nothing that a coder looks for is left out, save what a family says has no place in it."""
    pages = [release.page(title.code) for title in release.pages()]
    assert len(pages) >= 500
    for page in pages:
        assert page is not None
        family = release.family(page.family)
        assert family is not None
        without = {section for section, _ in family.without}
        assert {name for name in REQUIRED if not getattr(page, name)} <= without
        assert page.sources
        assert "{" not in repr(page)


def test_a_code_that_content_names_is_known(release: Release) -> None:
    """Neighbours and codes of other families are in the release, so that a draft may name them."""
    for title in release.pages():
        page = release.page(title.code)
        assert page is not None
        for row in (*page.neighbours, *page.separately_reportable):
            assert release.systems_of(row.code, ON), row.code


def test_codes_carry_their_own_words_and_dates(invented: Release) -> None:
    """CPT in our words, ICD-10-CM in the official ones, HCPCS and modifiers by number."""
    entry = invented.code("CPT", "11440", ON)
    assert entry is not None
    assert entry.description == "Excision of a benign lesion, face, 0.5 cm or less"
    assert invented.systems_of("G0168", ON) == ("HCPCS",)
    assert invented.systems_of("59", ON) == ("MODIFIER",)
    assert invented.systems_of("D22.39", ON) == ("ICD-10-CM",)
    assert invented.systems_of("11499", ON) == ()


@pytest.mark.parametrize(
    ("on", "for_date"),
    [
        (date(2025, 9, 30), False),
        (date(2025, 10, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 11, 23), False),
    ],
)
def test_a_diagnosis_is_vouched_for_on_the_days_of_its_edition(invented: Release, on: date, for_date: bool) -> None:
    """On other days the nearest edition answers, says which it is, and is no proof that the code is valid."""
    entry = invented.icd10("D22.39", on)
    assert entry is not None
    assert (entry.billable, entry.effective, entry.ended) == (True, date(2025, 10, 1), date(2026, 9, 30))
    assert (entry.edition, entry.for_date) == ("FY2026 (April 2026 update)", for_date)
    assert invented.systems_of("D22.39", on) == ("ICD-10-CM",)
    assert invented.icd10("D22.99", on) is None


def test_a_procedure_code_is_vouched_for_on_the_days_of_its_fee_schedule(invented: Release) -> None:
    """A row of 2025 proves nothing about 2026."""
    held, later = invented.code("CPT", "11441", date(2025, 12, 31)), invented.code("CPT", "11441", date(2026, 1, 1))
    assert held
    assert later
    assert (held.for_date, later.for_date) == (True, False)
    assert later.edition == "fees of 2025Q4"


def test_a_code_has_its_own_dates_where_the_curator_gives_them(content: Path, tmp_path: Path, tree: Tree) -> None:
    """A code that is newer than the fee schedule is held by its page, and one that ended is known for what it was."""
    tree["codes"]["11440"]["ended"] = date(2025, 11, 30)
    tree["codes"]["11442"] = {**tree["codes"].pop("11441"), "effective": date(2026, 1, 1)}
    tree["chooser"]["rows"][1]["code"] = "11442"
    YAML(typ="safe").dump(tree, content / "families" / "sample_excision.yaml")
    with open_release(build(content, into=tmp_path / "dated", icd=ICD)) as opened:
        ended = [opened.code("CPT", "11440", date(2025, 11, day)) for day in (30,)]
        ended += [opened.code("CPT", "11440", date(2025, 12, 1))]
        assert [entry and entry.for_date for entry in ended] == [True, False]
        began = [opened.code("CPT", "11442", on) for on in (date(2025, 12, 31), date(2026, 1, 1), ON)]
        assert [entry and (entry.for_date, entry.edition) for entry in began] == [
            (False, "sample_excision"),
            (True, "sample_excision"),
            (True, "sample_excision"),
        ]
        assert opened.systems_of("11442", ON) == ("CPT",)


def test_notes_are_those_of_the_code_and_of_all_above_it(invented: Release) -> None:
    """An Excludes1 note at a category binds every code below it; the nearest comes first."""
    assert invented.excludes("D22.39", ON) == ("nor with L82.1", "not with D23.-")
    assert invented.excludes("D22", ON) == ("not with D23.-",)
    notes = invented.notes("D22.39", ON)
    assert notes is not None
    assert notes.seventh_character == "add one"


def test_icd10cm_is_complete(release: Release) -> None:
    """The number of billable codes of FY2026 that CMS published, and codes read off the tables."""
    rows = release._rows(
        "SELECT count(*) FROM code JOIN code_set ON number = code_set WHERE billable AND system = 'ICD-10-CM'"
    )
    assert rows[0][0] == 74_719
    for code, billable in (
        ("D22.39", True),
        ("D22.3", False),
        ("M72.6", True),
        ("S01.80XA", True),
        ("S01.80", False),
        ("B20", True),
    ):
        entry = release.icd10(code, ON)
        assert entry is not None
        assert entry.billable is billable
    assert any("C46.0" in note for note in release.excludes("C44.01", ON))
    # E11.22 has no note of its own; that of its category E11 binds it.
    assert any("E09" in note for note in release.excludes("E11.22", ON))
    assert release.excludes("E11.22", ON) == release.excludes("E11", ON)


def test_rules_are_found_by_what_they_speak_of(invented: Release) -> None:
    """Every filter narrows; none of them is all."""
    assert [rule.id for rule in invented.rules()] == ["small-closure"]
    assert invented.rules(family="sample_excision", topic="ncci_edit", code="11440", modifier="59") == invented.rules()
    assert invented.rules(code="11441") == invented.rules(modifier="25") == invented.rules(topic="crosswalk") == ()


def test_families_and_choosers_are_found_by_name(invented: Release) -> None:
    """A code leads to its family and the family to its chooser."""
    assert invented.family_of("11440") == ("sample_excision",)
    family = invented.family("sample_excision")
    assert family is not None
    assert family.codes == ("11440", "11441")
    assert [chooser.family for chooser in invented.choosers()] == ["sample_excision"]
    assert invented.family("none") is None
    assert invented.chooser("none") is None
    assert invented.site_groups()["chin"] == "face"


SEARCHES = {
    "11440": ("page", "11440"),
    "Fournier gangrene": ("code", "N49.3"),
    "E11.621": ("code", "E11.621"),
    "e11.621": ("code", "E11.621"),
    "e11621": ("code", "E11.621"),
    "E11.22, what about it?": ("code", "E11.22"),
    "is 11600 right for a basal cell carcinoma of the back that was excised with simple closure": ("page", "11600"),
    "infected mesh removed": ("page", "11008"),
}


@pytest.mark.parametrize("text", SEARCHES)
def test_a_search_finds_what_was_meant_first(release: Release, text: str) -> None:
    """A code by its number, a disease by its name, a rule by its words."""
    first = release.search(text)[0]
    assert (first.kind, first.key) == SEARCHES[text]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=400) | st.text(alphabet='"\\+-:()[]{}^~*?/ANDORNOT \n\t.', max_size=60))
def test_no_text_breaks_a_search(release: Release, text: str) -> None:
    """What a person typed is words, never a query language."""
    assert len(release.search(text, 5)) <= 5


@pytest.mark.parametrize("text", ["", " ", '"', "AND", "a" * 5000, "kind:page", "\ud800", "0" * 64 + " x"])
def test_odd_texts_are_searched_for_in_peace(release: Release, text: str) -> None:
    """The known ways to break a query parser."""
    release.search(text)
    assert release.search("melanoma", 0) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    number=st.integers(0, 39),
    words=st.lists(st.sampled_from(["lesion", "excision", "benign", "mesh", "margin", "nevus", "skin", "closure"])),
)
@example(number=0, words=["excision", "benign", "skin", "lesion"] * 8)
def test_a_code_that_is_named_comes_first(release: Release, number: int, words: list[str]) -> None:
    """However many words of other pages stand around it."""
    code = release.pages()[number].code
    for text in (" ".join([code, *words]), " ".join([*words, code])):
        first = release.search(text, 3)[0]
        assert (first.kind, first.key) == ("page", code)


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_search_gives_no_more_than_it_was_asked_for(release: Release, limit: int) -> None:
    """The best come first, each with an excerpt that fits a line or two."""
    hits = release.search("melanoma of skin", limit)
    assert len(hits) == limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.excerpt and len(hit.excerpt) <= 200 for hit in hits)


def test_a_page_is_shown_with_its_rows_and_sources(release: Release) -> None:
    """Each row names its edition and whether that is the one for the date; each statement its source."""
    text = describe(release, "11441", ON) or ""
    assert text.startswith(f"11441 (CPT) on 2026-03-02, release {release.version}\n")
    assert "PPRRVU2025_Oct (not the edition for this date): status A, global 010" in text
    assert "MUE, practitioner, 2024Q3 (not the edition for this date)" in text
    for title in ("What is done", "When it applies", "Neighbours", "Diagnoses", "A worked case"):
        assert f"\n{title}" in text
    assert all(line.endswith("]") for line in text.splitlines() if line.startswith("- "))
    assert "(unverified)" in text
    assert "not the edition" not in (describe(release, "11441", date(2025, 12, 1)) or "").partition("MUE")[0]


def test_a_diagnosis_is_shown_with_its_notes_and_its_edition(release: Release) -> None:
    """A category is said to be one, and a date without an edition is said to have none."""
    held, later = describe(release, "E11.22", ON) or "", describe(release, "E11.22", date(2026, 11, 23)) or ""
    assert "Type 2 diabetes mellitus with diabetic chronic kidney disease" in held
    assert "Excludes1: " in held
    assert "Use additional code: " in held
    assert "no edition is held" not in held
    assert "which holds from 2025-10-01 to 2026-09-30; no edition is held for 2026-11-23." in later
    assert "not billable" in (describe(release, "E11", ON) or "")


def test_a_code_that_nobody_holds_is_not_shown(release: Release) -> None:
    """The caller says so; nothing is invented."""
    assert describe(release, "11499", ON) is None
    assert describe(release, "", ON) is None
