"""Curated content: strict, every statement with its source, every problem with file, line and field."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from knowledge.build import CONTENT, build
from knowledge.compiling import REQUIRED, compile_family
from knowledge.reading import ContentRefused, read_family
from knowledge.schema import FamilyContent

Tree = dict[str, Any]

TEXT = (Path(__file__).parent / "sample_excision.yaml").read_text("utf-8")


def _line(text: str) -> int:
    """Return the line of the sample that holds a text, from 1."""
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if text in line)


BROKEN = {
    "a code that is not quoted": ('  "11440":\n', "  11440:\n", "codes.11440"),
    "an unknown field": ("reviewed_on: 2026-11-20", "reviewed_on: 2026-11-20\nreviewer: nobody", "line 7, reviewer"),
    "a statement without a source": (
        "  - {text: Simple closure is included., cites: [cpt-excision]}",
        "  - {text: Simple closure is included., cites: []}",
        f"line {_line('Simple closure is included.')}, included.0.cites",
    ),
    "a field twice": ("reviewed_on: 2026-11-20", "reviewed_on: 2026-11-20\nreviewed_on: 2026-11-21", "line 7: "),
    "a date as text": ("reviewed_on: 2026-11-20", 'reviewed_on: "2026-11-20"', "line 6, reviewed_on"),
    "a diagnosis without its point": (
        "code: D22.3,",
        "code: D223,",
        f"line {_line('code: D22.3,')}, shared.0.diagnoses.0.code",
    ),
    "a topic that no letter has": ("topics: [ncci_edit, code_selection]", "topics: [gossip]", "rules.0.topics.0"),
    "a sentence that says nothing": (
        "  - {text: Simple closure is included., cites: [cpt-excision]}",
        "  - {text: x, cites: [cpt-excision]}",
        "included.0.text",
    ),
    "text that is no YAML": ("title: Excision", "title: [Excision", "line "),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_line_and_field(name: str, tmp_path: Path) -> None:
    """A curator finds the place without searching."""
    old, new, where = BROKEN[name]
    assert old in TEXT
    path = tmp_path / "sample_excision.yaml"
    # What stands before the chooser can be tried without it, in a fraction of the time.
    head = TEXT.partition("chooser:")[0]
    path.write_text((head if old in head else TEXT).replace(old, new, 1), "utf-8")
    with pytest.raises(ContentRefused) as refused:
        read_family(path)
    assert refused.value.problems[0].startswith("sample_excision.yaml")
    assert any(str(where) in problem for problem in refused.value.problems), refused.value.problems


def test_bytes_that_are_no_text_are_refused_in_words(tmp_path: Path) -> None:
    """A file in another encoding is no traceback."""
    path = tmp_path / "sample_excision.yaml"
    path.write_bytes(b"id: caf\xe9\n")
    with pytest.raises(ContentRefused, match=r"sample_excision\.yaml"):
        read_family(path)


def test_a_file_is_named_after_its_family(tmp_path: Path) -> None:
    """Otherwise two files could hold one family."""
    path = tmp_path / "another.yaml"
    path.write_text(TEXT, "utf-8")
    with pytest.raises(ContentRefused, match=r"must be named sample_excision\.yaml"):
        read_family(path)


@pytest.mark.parametrize("section", REQUIRED)
def test_a_page_without_a_section_is_refused(section: str, tree: Tree, complaints: Callable[[Tree], list[str]]) -> None:
    """A coder looks for each of these sections on every page."""
    for part in tree["shared"]:
        part.pop(section, None)
    assert f"codes.11440: its page has no {section}" in complaints(tree)


def test_a_placeholder_that_a_code_does_not_define_is_refused(
    tree: Tree, complaints: Callable[[Tree], list[str]]
) -> None:
    """A page never shows a raw placeholder."""
    del tree["codes"]["11441"]["words"]["size_words"]
    assert "shared.0: the placeholder {size_words} is not among the words of 11441" in complaints(tree)


def test_a_placeholder_outside_shared_sections_is_refused(tree: Tree, complaints: Callable[[Tree], list[str]]) -> None:
    """What speaks for the family has no code to fill it from."""
    tree["rules"][0]["text"] = "See {code}."
    assert any(row.startswith("rules: a placeholder, {code}") for row in complaints(tree))


def test_pages_are_filled_from_the_words_of_each_code(tree: Tree) -> None:
    """One text serves many codes and each page comes out specific."""
    small, large = compile_family(FamilyContent.model_validate(tree)).pages
    assert (small.title, large.title) == (
        "Excision of a benign lesion, face, 0.5 cm or less",
        "Excision of a benign lesion, face, over 0.5 cm",
    )
    assert dict(large.worked_case.facts)["lesion_diameter_cm"] == 0.4
    assert [row.code for row in small.neighbours] == ["11310"]
    assert [row.code for row in large.neighbours] == ["11310", "11440"]


def test_what_is_said_of_one_code_follows_what_it_shares(tree: Tree) -> None:
    """A code adds to a shared list and replaces a shared title."""
    own = {"title": "Another title", "included": [{"text": "Its own dressing.", "cites": ["ncci-3"]}]}
    tree["codes"]["11440"].update(own)
    page = compile_family(FamilyContent.model_validate(tree)).pages[0]
    assert page.title == "Another title"
    assert [row.text for row in page.included] == ["Simple closure.", "Its own dressing."]


CASES: dict[str, tuple[Tree, str]] = {
    "gives another code": ({"lesion": 0.9}, "gives 11441, which is not the code of this page"),
    "leaves a fact open": ({"lesion": "none"}, "leaves open: lesion_diameter_cm"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_worked_case_is_run_through_the_chooser(
    name: str, tree: Tree, complaints: Callable[[Tree], list[str]]
) -> None:
    """An example that the table does not answer so is refused."""
    words, expected = CASES[name]
    tree["codes"]["11440"]["words"].update(words)
    assert any(expected in row for row in complaints(tree)), complaints(tree)


def test_a_worked_case_outside_the_family_is_refused(tree: Tree, complaints: Callable[[Tree], list[str]]) -> None:
    """A case must be one that the chooser speaks for."""
    tree["shared"][0]["worked_case"]["facts"]["technique"] = "shave"
    assert any("no entry condition holds" in row for row in complaints(tree))


def test_a_worked_case_uses_facts_that_a_letter_is_read_for(
    tree: Tree, complaints: Callable[[Tree], list[str]]
) -> None:
    """A misspelt fact would otherwise go unnoticed."""
    tree["shared"][0]["worked_case"]["facts"]["marginn_cm"] = 1
    assert any("marginn_cm" in row for row in complaints(tree))


def _built_with(content: Path, tree: Tree, name: str = "sample_excision") -> str:
    """Build with a changed family and return the refusal."""
    YAML(typ="safe").dump(tree, content / "families" / f"{name}.yaml")
    with pytest.raises(ContentRefused) as refused:
        build(content, into=content.parent / "refused", icd=())
    assert not (content.parent / "refused").exists()
    return str(refused.value)


def test_a_diagnosis_that_does_not_exist_is_refused(content: Path, tree: Tree) -> None:
    """Every ICD-10-CM code of the content is one of the edition that is compiled in."""
    assert "D22.3 is not a code or category of the ICD-10-CM edition" in _built_with(content, tree)


def test_a_code_that_no_fee_schedule_has_is_refused(content: Path, tree: Tree) -> None:
    """A page is about a code that exists."""
    (content / "facts" / "fee.csv").write_text(
        "code,modifier,status,global_days,multiple,bilateral,assistant,co_surgeon,team,pctc\n11441,,A,010,2,0,1,0,0,0\n"
    )
    assert "11440 is an unknown code" in _built_with(content, tree)


def test_two_families_cannot_have_one_code(content: Path, tree: Tree) -> None:
    """A code has one page."""
    tree["id"] = "second"
    assert "11440 has a page in the family sample_excision already" in _built_with(content, tree, "second")


def test_content_without_a_family_is_refused(content: Path) -> None:
    """An empty folder is a wrong path, not an empty knowledge base."""
    (content / "families" / "sample_excision.yaml").unlink()
    with pytest.raises(ContentRefused, match="a file for each family was expected"):
        build(content, into=content.parent / "refused", icd=())


def test_two_families_cannot_read_a_word_for_a_place_differently(content: Path, tree: Tree) -> None:
    """Letters are read with the words of all families at once."""
    tree["id"] = "second"
    tree["chooser"]["sites"][0]["groups"] = {"face": ["chin", "forearm"], "elsewhere": ["back"]}
    said = _built_with(content, tree, "second")
    assert '"forearm" stands for elsewhere in the family sample_excision' in said
    assert "the family sample_excision has a rule small-closure already" in said


def test_every_file_that_is_wrong_is_named_at_once(content: Path, tree: Tree) -> None:
    """A curator mends all of it in one go."""
    tree["reviewer"] = "nobody"
    for name in ("first", "second"):
        tree["id"] = name
        YAML(typ="safe").dump(tree, content / "families" / f"{name}.yaml")
    with pytest.raises(ContentRefused) as refused:
        build(content, into=content.parent / "refused", icd=())
    assert [problem.partition(" ")[0] for problem in refused.value.problems] == ["first.yaml", "second.yaml"]


# What official descriptors of these chapters look like: the parts by which they are built, none of them whole.
OFFICIAL = re.compile(
    r"list separately in addition to|except skin tag|excised diameter 0\.5 cm or less|excised diameter over|"
    r"\(unless listed elsewhere\)|including margins,|\bfirst 20 sq cm or less\b|\(eg, |"
    r", skin, subcutaneous tissue, muscle",
    re.IGNORECASE,
)


def test_no_official_descriptor_stands_in_the_content() -> None:
    """CPT is described in our own words; the turns of phrase of its descriptors are nowhere in what is shipped."""
    files = [path for path in CONTENT.rglob("*") if path.is_file()]
    assert len(files) >= 7
    found = [
        f"{path.name} line {number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if OFFICIAL.search(line)
    ]
    assert found == []
