"""The order file of ICD-10-CM: every category and code in the order of the file, and the edition by its names."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from knowledge.sources import icd10cm_order, icd10pcs_order
from knowledge.sources.icd10cm_order import FORMAT
from knowledge.sources.reading import Member, SourceRefused, members
from knowledge.sources.rows import IcdOrderRow
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

NAME = "icd10cm_order_2026.txt"
Line = tuple[str, int, str, str]
LINES: tuple[Line, ...] = (
    ("A00", 0, "Invented disease", "Invented disease of the whole body"),
    ("A000", 1, "Inv dis, first kind", "Invented disease, first kind"),
    ("QA0", 0, "Invented, by gene", "Invented, by gene"),
    ("W000", 0, "Fall, invented", "Fall, invented"),
    ("W000XXA", 1, "Fall, invented, init", "Fall, invented, initial encounter"),
    ("Z99", 1, "Last", "Last"),
)


def order(*lines: Line, first: int = 1) -> str:
    """Return a file in the official layout, with CRLF."""
    return "".join(
        f"{number:05} {code:<7} {valid} {short:<60} {long}\r\n"
        for number, (code, valid, short, long) in enumerate(lines, start=first)
    )


MANY: tuple[Line, ...] = (*((f"A{number:03}", 1, "Invented", "Invented") for number in range(200)), LINES[-1])


def test_every_line_is_a_row_with_its_point(tmp_path: Path) -> None:
    """Headers (0) are rows too; a category may have letters after its first (QA0)."""
    member = write(tmp_path, NAME, order(*LINES))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == [
        IcdOrderRow("A00", False, "Invented disease", "Invented disease of the whole body"),
        IcdOrderRow("A00.0", True, "Inv dis, first kind", "Invented disease, first kind"),
        IcdOrderRow("QA0", False, "Invented, by gene", "Invented, by gene"),
        IcdOrderRow("W00.0", False, "Fall, invented", "Fall, invented"),
        IcdOrderRow("W00.0XXA", True, "Fall, invented, init", "Fall, invented, initial encounter"),
        IcdOrderRow("Z99", True, "Last", "Last"),
    ]
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (6, 6, [])


@pytest.mark.parametrize(
    ("name", "edition", "first"),
    [
        ("icd10cm_order_2021.txt", "FY2021", date(2020, 10, 1)),
        ("icd10cm-order-2026.txt", "FY2026", date(2025, 10, 1)),
        ("icd10cm-order-Jan-2021.txt", "FY2021 (January 2021 update)", date(2021, 1, 1)),
        ("icd10cm-order-April-2026.txt", "FY2026 (April 2026 update)", date(2026, 4, 1)),
        ("icd10cm-order-April-1-2026.txt", "FY2026 (April 2026 update)", date(2026, 4, 1)),
        ("april-1-2026-code-descriptions-tabular-order.zip", "FY2026 (April 2026 update)", date(2026, 4, 1)),
        ("2026-code-descriptions-tabular-order-april.zip", "FY2026 (April 2026 update)", date(2026, 4, 1)),
        ("2026-code-descriptions-tabular-order.zip", "FY2026", date(2025, 10, 1)),
    ],
)
def test_names_tell_the_fiscal_year_and_its_update(tmp_path: Path, name: str, edition: str, first: date) -> None:
    """An update takes the place of the edition before it from its day; all end with the fiscal year."""
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"icd10cm_order_2026.txt": order(*LINES)}))
    else:
        member = write(tmp_path, name, order(*LINES))
    told = FORMAT.edition(member)
    assert (told.name, told.effective) == (edition, first)
    assert told.ended == date(int(edition[2:6]), 9, 30)


def test_a_name_without_a_year_is_refused(tmp_path: Path) -> None:
    """Nothing in the file tells the year."""
    with pytest.raises(SourceRefused, match=r'a name with the fiscal year.*"order.txt" was seen'):
        FORMAT.edition(write(tmp_path, "order.txt", order(*LINES)))


def test_the_two_order_files_are_told_apart(tmp_path: Path) -> None:
    """They have one layout; codes of ICD-10-CM begin with a letter, the first of ICD-10-PCS with a digit."""
    procedures = (("001", 0, "Nervous system, bypass", "x"), ("0016070", 1, "Bypass", "x"), ("XY0", 0, "New", "x"))
    diagnoses, other = write(tmp_path, "a.txt", order(*LINES)), write(tmp_path, "b.txt", order(*procedures))
    assert [f.FORMAT.recognises(diagnoses) for f in (icd10cm_order, icd10pcs_order)] == [True, False]
    assert [f.FORMAT.recognises(other) for f in (icd10cm_order, icd10pcs_order)] == [False, True]


ADDENDA = "Add:         A000    1 Invented, short                                  Invented\r\n" * 9


@pytest.mark.parametrize(
    "content",
    [*STRANGERS.values(), ADDENDA.encode(), b"A000\r\nA001\r\n", b"A000    Invented disease\r\n"],
    ids=[*STRANGERS, "addenda", "codes alone", "codes and titles"],
)
def test_a_stranger_is_not_recognised(tmp_path: Path, content: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing; addenda list changes only."""
    (tmp_path / NAME).write_bytes(content)
    assert not FORMAT.recognises(Member(tmp_path / NAME))


@pytest.mark.parametrize(
    "line",
    [
        "00202 A0?0    1 Invented",
        f"00202 A00     2 {'Invented':<60} Invented",
        f"00202 0016070 1 {'Invented':<60} Invented",
        f"00202 A00     1 {'Invented':<60} ",
        "garbage",
        "",
    ],
)
def test_an_odd_line_is_left_out_and_named(tmp_path: Path, line: str) -> None:
    """One line that does not hold costs only itself."""
    content = order(*MANY) + f"{line}\r\n" + order(LINES[-1], first=203)
    outcome = read(FORMAT, write(tmp_path, NAME, content))
    assert (outcome.reading.read, outcome.reading.kept) == (203, 202)
    ((number, why),) = outcome.reading.refused
    assert number == 202
    assert "columns of an order file" in why


def test_many_odd_lines_refuse_the_whole_file(tmp_path: Path) -> None:
    """Damaged codes are no oversight."""
    odd = tuple((f"a{number:03}", 1, "Invented", "Invented") for number in range(10))
    with pytest.raises(SourceRefused, match="10 of 212 rows"):
        read(FORMAT, write(tmp_path, NAME, order(*MANY, *odd, LINES[-1])))


def test_a_gap_refuses_the_whole_file(tmp_path: Path) -> None:
    """Codes that got lost would pass for codes that do not exist."""
    content = order(*LINES[:3]) + order(*LINES[3:], first=5)
    with pytest.raises(SourceRefused, match="line 4: order number 00004 was expected, and 00005, so lines are missing"):
        read(FORMAT, write(tmp_path, NAME, content))


def test_a_file_that_broke_off_is_refused(tmp_path: Path) -> None:
    """The last chapters are U and Z."""
    with pytest.raises(SourceRefused, match=r'begins with U or Z was expected, and "A000" as the last'):
        read(FORMAT, write(tmp_path, NAME, order(*LINES[:2])))


def test_empty_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    """Old systems close a text with a control character."""
    outcome = read(FORMAT, write(tmp_path, NAME, order(*LINES) + "\r\n\x1a"))
    assert (outcome.reading.read, outcome.reading.refused) == (6, [])


@pytest.mark.parametrize(
    ("content", "seen"),
    [(WEB_PAGE, "a web page"), (b"", "an empty file"), (b"name,city\r\n", '"name,city"')],
)
def test_another_file_with_the_name_of_a_release_is_refused(tmp_path: Path, content: bytes, seen: str) -> None:
    """The message says what was seen."""
    with pytest.raises(SourceRefused, match=seen):
        rows_alone(FORMAT, write(tmp_path, NAME, content))


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    """A member whose bytes were changed is known by its checksum."""
    path = zipped(tmp_path / "2026-code-descriptions.zip", {NAME: order(*MANY)})
    content = bytearray(path.read_bytes())
    content[120:160] = bytes(40)
    path.write_bytes(content)
    (member,) = members(path)
    assert not FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match="cut off or damaged"):
        rows_alone(FORMAT, member)


@cache
def order_of_2021() -> Outcome:
    """Read the file of fiscal year 2021; skips the test where it is not at hand."""
    (member,) = (row for row in members(shared("icd10cm/icd10cm_2021.zip")) if FORMAT.recognises(row))
    return read(FORMAT, member)


def test_the_file_of_2021_is_read_whole() -> None:
    """It has 95,358 lines, 72,621 of them valid for claims."""
    outcome = order_of_2021()
    assert outcome.edition.name == "FY2021 (January 2021 update)"
    valid = sum(isinstance(row, IcdOrderRow) and row.billable for row in outcome.rows)
    assert (len(outcome.rows), valid) == (95_358, 72_621)
    assert outcome.reading.refused == []
    assert outcome.rows[-1] == IcdOrderRow("U07.1", True, "COVID-19", "COVID-19")
