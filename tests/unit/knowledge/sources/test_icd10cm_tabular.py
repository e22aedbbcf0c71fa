"""The tabular list of ICD-10-CM: every instructional note at its node, and where categories and blocks stand."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from knowledge.sources.icd10cm_tabular import FORMAT
from knowledge.sources.reading import Member, SourceRefused, members
from knowledge.sources.rows import IcdNote
from tests.unit.knowledge.sources.official_files import (
    STRANGERS,
    WEB_PAGE,
    Outcome,
    only,
    read,
    rows_alone,
    shared,
    write,
    zipped,
)
from tests.unit.knowledge.sources.test_icd10cm_order import LINES, order

NAME = "icd10cm_tabular_2026.xml"
HEAD = """<?xml version="1.0" encoding="utf-8"?>
"""
OPENING = """<ICD10CM.tabular>
  <version>2026</version>
  <introduction><introSection type="title"><title>List</title><instruction><note>Not a note</note></instruction>
  </introSection></introduction>
"""
BODY = """  <chapter>
    <name>1</name><desc>Invented chapter</desc>
    <includes><note>what the chapter includes</note></includes>
    <useAdditionalCode><note>code to identify:</note><note>the one (Z00.0)</note></useAdditionalCode>
    <sectionIndex><sectionRef first="A00" last="A09" id="A00-A09">Invented block</sectionRef></sectionIndex>
    <section id="A00-A09">
      <desc>Invented block (A00-A09)</desc>
      <excludes1><note>another block (B00-B09)</note></excludes1>
      <diag>
        <name>A00</name><desc>Invented disease</desc>
        <notes><note>Read   this
          first</note></notes>
        <excludes2><note>a &lt; b &amp; c</note></excludes2>
        <codeFirst><note>cause</note></codeFirst>
        <codeAlso><note>the other</note></codeAlso>
        <sevenChrNote><note>The appropriate 7th character is to be added</note></sevenChrNote>
        <sevenChrDef>
          <extension char="A">initial encounter</extension>
          <extension char="B">another encounter</extension>
          <note>\tencounter NOS</note>
        </sevenChrDef>
        <diag placeholder="true">
          <name>A00.1X</name><desc>Deeper</desc>
          <inclusionTerm><note>One name</note><note>Other name</note></inclusionTerm>
        </diag>
      </diag>
    </section>
    <section id="B20"><desc>Block of one</desc><codeAlso><note>of the block</note></codeAlso>
      <diag><name>B20</name><desc>One</desc><includes><note>of the category</note></includes></diag>
    </section>
    <section id="QA0-QA9"><desc>By gene</desc><diag><name>QA0</name><desc>x</desc>
      <visualImpairment><visCategory><heading>h</heading><value>v</value></visCategory></visualImpairment>
    </diag></section>
  </chapter>
</ICD10CM.tabular>
"""
WANTED = [
    IcdNote("1", "includes", "what the chapter includes"),
    IcdNote("1", "use_additional", "code to identify:"),
    IcdNote("1", "use_additional", "the one (Z00.0)"),
    IcdNote("A00-A09", "stands_in", "1"),
    IcdNote("A00-A09", "excludes1", "another block (B00-B09)"),
    IcdNote("A00", "stands_in", "A00-A09"),
    IcdNote("A00", "note", "Read this first"),
    IcdNote("A00", "excludes2", "a < b & c"),
    IcdNote("A00", "code_first", "cause"),
    IcdNote("A00", "code_also", "the other"),
    IcdNote("A00", "seventh_character", "The appropriate 7th character is to be added"),
    IcdNote("A00", "seventh_value", "A initial encounter"),
    IcdNote("A00", "seventh_value", "B another encounter; encounter NOS"),
    IcdNote("A00.1X", "inclusion_term", "One name"),
    IcdNote("A00.1X", "inclusion_term", "Other name"),
    IcdNote("B20", "stands_in", "1"),
    IcdNote("B20", "code_also", "of the block"),
    IcdNote("B20", "includes", "of the category"),
    IcdNote("QA0-QA9", "stands_in", "1"),
    IcdNote("QA0", "stands_in", "QA0-QA9"),
]


def tabular(body: str = BODY, opening: str = OPENING, head: str = HEAD) -> str:
    """Return a file in the official layout."""
    return f"{head}{opening}{body}"


def with_diagnoses(diagnoses: str) -> str:
    """Return a file with one block of these diagnoses beside 200 that hold."""
    sound = "".join(
        f"<diag><name>A{number:02}</name><includes><note>n</note></includes></diag>" for number in range(100)
    )
    return tabular(
        f'<chapter><name>1</name><section id="A00-A99">{sound}{diagnoses}</section></chapter></ICD10CM.tabular>'
    )


def test_every_note_is_a_row_at_its_node(tmp_path: Path) -> None:
    """Chapters, blocks and diagnoses at every depth have notes; what explains the list itself is none."""
    member = write(tmp_path, NAME, tabular())
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == WANTED
    assert (outcome.reading.read, outcome.reading.kept) == (len(WANTED), len(WANTED))
    assert outcome.reading.refused == []


def test_text_in_utf_8_is_read_as_such(tmp_path: Path) -> None:
    """The list names diseases after people."""
    member = write(tmp_path, NAME, tabular(BODY.replace("One name", "Ménière’s")).encode("utf-8"))
    assert IcdNote("A00.1X", "inclusion_term", "Ménière’s") in read(FORMAT, member).rows


@pytest.mark.parametrize(
    ("name", "edition", "first"),
    [
        (NAME, "FY2026", date(2025, 10, 1)),
        ("icd10c-tabular-April-1-2026.xml", "FY2026 (April 2026 update)", date(2026, 4, 1)),
        ("tabular.xml", "FY2026", date(2025, 10, 1)),
    ],
)
def test_the_file_tells_the_year_and_its_name_the_update(tmp_path: Path, name: str, edition: str, first: date) -> None:
    """The year stands in the file."""
    told = FORMAT.edition(write(tmp_path, name, tabular()))
    assert (told.name, told.effective, told.ended) == (edition, first, date(2026, 9, 30))


def test_it_has_the_edition_of_the_order_file_in_the_same_zip(tmp_path: Path) -> None:
    """Only one of the two may tell in its name that it is an update; addenda and other years do not count."""
    files: dict[str, bytes | str] = {"icd10cm-order-April-2026.txt": order(*LINES), NAME: tabular()}
    files["icd10cm_order_addenda_2026.txt"] = "Add:"
    path = zipped(tmp_path / "icd.zip", files)
    (member,) = (row for row in members(path) if FORMAT.recognises(row))
    assert FORMAT.edition(member).name == "FY2026 (April 2026 update)"
    path = zipped(tmp_path / "two.zip", {"icd10cm-order-April-2025.txt": order(*LINES), NAME: tabular()})
    (member,) = (row for row in members(path) if FORMAT.recognises(row))
    assert FORMAT.edition(member).name == "FY2026"


@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_not_recognised(tmp_path: Path, content: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing."""
    (tmp_path / NAME).write_bytes(content)
    assert not FORMAT.recognises(Member(tmp_path / NAME))


HOSTILE = """<!DOCTYPE ICD10CM.tabular [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
"""
OUTSIDE = """<!DOCTYPE ICD10CM.tabular [<!ENTITY a SYSTEM "file:///etc/hostname">]>
"""
PARAMETER = """<!DOCTYPE ICD10CM.tabular [<!ENTITY % a "<!ENTITY b 'boom'>">%a;]>
"""


@pytest.mark.parametrize("doctype", [HOSTILE, OUTSIDE, PARAMETER], ids=["nested", "external", "parameter"])
def test_entities_are_refused_before_they_are_unfolded(tmp_path: Path, doctype: str) -> None:
    """The official list declares none; a hostile one unfolds without end or reads other files."""
    member = write(tmp_path, NAME, tabular(BODY.replace("cause", "&b;"), head=HEAD + doctype))
    with pytest.raises(SourceRefused, match='without entities was expected, and the entity "a" was seen'):
        rows_alone(FORMAT, member)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (WEB_PAGE, 'the root "html"'),
        (b"", "an empty file"),
        (b"A00 Invented disease\r\n", "a text that is no XML"),
        (b"<index><title>Alphabetic</title></index>", 'the root "index"'),
        (tabular()[:900].encode(), "a damaged one"),
        (tabular(BODY.replace("</excludes2>", "")).encode(), "a damaged one"),
        (tabular(BODY.replace("cause", "&b;")).encode(), "a damaged one"),
        (tabular("</ICD10CM.tabular>").encode(), "one without diagnoses"),
        (tabular("<a>" * 60 + "</a>" * 60 + "</ICD10CM.tabular>").encode(), "more than 50 deep"),
        (tabular(BODY.replace("cause", "cause " * 20_000)).encode(), "a text of more than 100,000 characters"),
        (tabular(BODY.replace("cause", "caus\xe9")).encode("latin-1"), "bytes that are none"),
    ],
)
def test_what_is_no_whole_tabular_list_is_refused(tmp_path: Path, content: bytes, seen: str) -> None:
    """The message says what was expected and what was seen."""
    with pytest.raises(SourceRefused, match=seen):
        rows_alone(FORMAT, write(tmp_path, NAME, content))


@pytest.mark.parametrize(
    ("diagnosis", "reasons"),
    [
        ("<diag><name>A0</name></diag>", ['"A0" is no name of a diag']),
        (
            "<diag><name>A0.1</name><includes><note>n</note></includes></diag>",
            ['"A0.1" is no name of a diag', "a node without a name"],
        ),
        ("<diag><name>A00.1</name><includes><note> </note></includes></diag>", ["includes note of A00.1 has no text"]),
        (
            '<diag><name>A00.1</name><sevenChrDef><extension char="">x</extension></sevenChrDef></diag>',
            ["seventh_value note of A00.1 has no text"],
        ),
    ],
)
def test_an_odd_node_is_left_out_and_named(tmp_path: Path, diagnosis: str, reasons: list[str]) -> None:
    """One node or note that does not hold costs only itself."""
    outcome = read(FORMAT, write(tmp_path, NAME, with_diagnoses(diagnosis)))
    assert outcome.reading.kept == outcome.reading.read - len(reasons) == len(outcome.rows)
    for (line, why), reason in zip(outcome.reading.refused, reasons, strict=True):
        assert line == 6
        assert reason in why


def test_many_odd_nodes_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what it seems."""
    with pytest.raises(SourceRefused, match="10 of 211 rows"):
        rows_alone(FORMAT, write(tmp_path, NAME, with_diagnoses("<diag><name>?</name></diag>" * 10)))


def test_a_file_in_a_zip_is_read_as_by_itself(tmp_path: Path) -> None:
    """CDC packs the list with its index."""
    path = zipped(tmp_path / "icd10cm-table-and-index-2026.zip", {"Table/" + NAME: tabular()})
    assert read(FORMAT, only(path)).rows == WANTED


@cache
def tabular_of_2021() -> Outcome:
    """Read the list of fiscal year 2021; skips the test where it is not at hand."""
    (member,) = (row for row in members(shared("icd10cm/icd10cm_2021.zip")) if FORMAT.recognises(row))
    return read(FORMAT, member)


def test_the_list_of_2021_is_read_whole() -> None:
    """It has 45,017 diagnoses; every note is a row, and so is the place of every category and block."""
    outcome = tabular_of_2021()
    content = Member(shared("icd10cm/icd10cm_2021.zip"), "icd10cm_tabular_2021.xml").content()
    kinds = Counter(row.kind for row in outcome.rows if isinstance(row, IcdNote))
    assert content.count(b"<diag>") + content.count(b"<diag ") == 45_017
    assert kinds.pop("seventh_value") == content.count(b"<extension ") == 1787
    blocks, single, categories = content.count(b"<section "), 38, 1911
    assert kinds.pop("stands_in") == blocks + categories - single
    # Of the other notes, 8 explain the list, and 7 go on with the seventh character above them.
    assert kinds.total() == content.count(b"<note>") - 8 - 7
    assert kinds["inclusion_term"] == 11_617
    assert kinds["excludes1"] == 5441
    assert outcome.reading.refused == []
    assert outcome.edition.name == "FY2021 (January 2021 update)"
