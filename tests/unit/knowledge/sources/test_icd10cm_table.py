"""One table of ICD-10-CM from an order file and a tabular list, in the shape of the shipped one."""

from datetime import date
from typing import cast

import pytest

from knowledge.codesets import IcdRow
from knowledge.sources.icd10cm_table import icd_rows, tabular_for
from knowledge.sources.reading import Edition
from knowledge.sources.rows import IcdNote, IcdOrderRow
from tests.unit.knowledge.sources.test_icd10cm_order import order_of_2021
from tests.unit.knowledge.sources.test_icd10cm_tabular import tabular_of_2021

ORDER = [
    IcdOrderRow("A00", False, "Disease", "Invented disease"),
    IcdOrderRow("A00.1", False, "Kind", "Invented kind"),
    IcdOrderRow("A00.1X", False, "Place", "Invented place"),
    IcdOrderRow("A00.1X1A", True, "Place, init", "Invented place, initial encounter"),
    IcdOrderRow("A00.2XXA", True, "Other, init", "Invented other, initial encounter"),
    IcdOrderRow("B20", True, "One", "Invented one"),
    IcdOrderRow("C7A", True, "Third", "Invented third"),
]
NOTES = [
    IcdNote("1", "note", "of the chapter"),
    IcdNote("1", "use_additional", "code to identify:"),
    IcdNote("1", "use_additional", "the one (Z00.0)"),
    IcdNote("A00-A09", "stands_in", "1"),
    IcdNote("A00-A09", "excludes1", "another block"),
    IcdNote("A00", "stands_in", "A00-A09"),
    IcdNote("A00", "note", "first line"),
    IcdNote("A00", "note", "second line"),
    IcdNote("A00", "inclusion_term", "One name"),
    IcdNote("A00", "inclusion_term", "Other name"),
    IcdNote("A00", "seventh_value", "A initial encounter"),
    IcdNote("A00", "excludes2", "something"),
    IcdNote("A00.1X", "code_also", "the other"),
    IcdNote("A00.9", "includes", "a code that the order file does not list"),
    IcdNote("B20", "stands_in", "1"),
    IcdNote("B20", "includes", "of the block and the category"),
]


def rows() -> dict[str, IcdRow]:
    """Return the merged rows by code."""
    return {row.code: row for row in icd_rows(ORDER, NOTES)}


def test_rows_stand_in_the_order_of_the_order_file() -> None:
    """Descriptions are the long ones, and only billable codes are valid for claims."""
    merged = list(icd_rows(ORDER, NOTES))
    assert [(row.code, row.billable, row.description) for row in merged] == [
        (row.code, row.billable, row.long_description) for row in ORDER
    ]


def test_the_parent_is_the_nearest_shorter_code_that_is_listed() -> None:
    """Placeholders before a seventh character need no line of their own."""
    parents = {code: row.parent for code, row in rows().items()}
    assert parents == {
        "A00": None,
        "A00.1": "A00",
        "A00.1X": "A00.1",
        "A00.1X1A": "A00.1X",
        "A00.2XXA": "A00",
        "B20": None,
        "C7A": None,
    }


def test_a_category_has_the_notes_of_its_block_and_chapter_after_its_own() -> None:
    """Lines of one instruction stay together; what is noted of a whole chapter is left out."""
    assert rows()["A00"].notes == (
        ("excludes2", "something"),
        ("inclusion_term", "One name"),
        ("inclusion_term", "Other name"),
        ("seventh_value", "A initial encounter"),
        ("note", "first line\nsecond line"),
        ("excludes1", "another block"),
        ("use_additional", "code to identify:\nthe one (Z00.0)"),
    )


def test_a_block_of_one_category_is_one_node_with_it() -> None:
    """B20 names both, and its notes come once."""
    assert rows()["B20"].notes == (
        ("includes", "of the block and the category"),
        ("use_additional", "code to identify:\nthe one (Z00.0)"),
    )


def test_other_codes_have_their_own_notes_alone() -> None:
    """Readers of a release look at the codes above as well."""
    merged = rows()
    assert merged["A00.1X"].notes == (("code_also", "the other"),)
    assert merged["A00.1X1A"].notes == merged["C7A"].notes == ()


FIRST = Edition("FY2026", date(2025, 10, 1), date(2026, 9, 30))
UPDATE = Edition("FY2026 (April 2026 update)", date(2026, 4, 1), date(2026, 9, 30))
OTHER = Edition("FY2025", date(2024, 10, 1), date(2025, 9, 30))


@pytest.mark.parametrize(
    ("order", "held", "found"),
    [
        (UPDATE, [FIRST, UPDATE, OTHER], UPDATE),
        (UPDATE, [FIRST, OTHER], FIRST),
        (FIRST, [UPDATE, FIRST], FIRST),
        (FIRST, [UPDATE, OTHER], UPDATE),
        (FIRST, [OTHER], None),
        (FIRST, [], None),
    ],
)
def test_the_tabular_list_of_the_fiscal_year_goes_with_an_order_file(
    order: Edition, held: list[Edition], found: Edition | None
) -> None:
    """That of another year never does."""
    assert tabular_for(order, held) == found


def test_the_release_of_2021_has_every_parent_and_note() -> None:
    """Only categories have no parent, and no note of a listed code is lost."""
    lines = cast("list[IcdOrderRow]", order_of_2021().rows)
    notes = cast("list[IcdNote]", tabular_of_2021().rows)
    merged = {row.code: row for row in icd_rows(lines, notes)}
    assert {len(row.code) for row in merged.values() if row.parent is None} == {3}
    assert [merged[code].parent for code in ("S52.501A", "W00.0XXA", "T36.0X1A")] == ["S52.501", "W00.0", "T36.0X1"]
    told = {(row.code, kind) for row in merged.values() for kind, _ in row.notes}
    assert {(row.node, row.kind) for row in notes if row.node in merged and row.kind != "stands_in"} <= told
