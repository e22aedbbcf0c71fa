"""The order file of ICD-10-PCS: tables and codes, in the layout of the file of ICD-10-CM."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.sources.icd10pcs_order import FORMAT
from knowledge.sources.reading import Member, SourceRefused
from knowledge.sources.rows import PcsRow
from tests.unit.knowledge.sources.official_files import STRANGERS, WEB_PAGE, only, read, rows_alone, write, zipped
from tests.unit.knowledge.sources.test_icd10cm_order import Line, order

NAME = "icd10pcs_order_2026.txt"
LINES: tuple[Line, ...] = (
    ("001", 0, "Invented system, bypass", "Invented System, Bypass"),
    ("0016070", 1, "Bypass invented part", "Bypass Invented Part, Open Approach"),
    ("B00", 0, "Invented imaging", "Invented Imaging"),
    ("B00B0ZZ", 1, "Image it", "Image It"),
    ("XY0VX83", 1, "Invented technology", "Invented Technology"),
)
MANY = tuple((f"001{number:03}Z", 1, "Invented", "Invented") for number in range(200))


def test_tables_and_codes_are_rows(tmp_path: Path) -> None:
    """A code has seven characters and is valid for claims; the table above it has three and is not."""
    member = write(tmp_path, NAME, order(*LINES))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == [
        PcsRow("001", False, "Invented system, bypass", "Invented System, Bypass"),
        PcsRow("0016070", True, "Bypass invented part", "Bypass Invented Part, Open Approach"),
        PcsRow("B00", False, "Invented imaging", "Invented Imaging"),
        PcsRow("B00B0ZZ", True, "Image it", "Image It"),
        PcsRow("XY0VX83", True, "Invented technology", "Invented Technology"),
    ]
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (5, 5, [])


@pytest.mark.parametrize(
    ("zip_name", "edition", "first"),
    [
        ("2026-icd-10-pcs-order-file-long-and-abbreviated-titles.zip", "FY2026", date(2025, 10, 1)),
        ("april-1-2026-icd-10-pcs-order-file.zip", "FY2026 (April 2026 update)", date(2026, 4, 1)),
    ],
)
def test_names_tell_the_fiscal_year_and_its_update(tmp_path: Path, zip_name: str, edition: str, first: date) -> None:
    """The text keeps the name of the year, the zip tells the update."""
    told = FORMAT.edition(only(zipped(tmp_path / zip_name, {NAME: order(*LINES)})))
    assert (told.name, told.effective, told.ended) == (edition, first, date(2026, 9, 30))


@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_not_recognised(tmp_path: Path, content: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing."""
    (tmp_path / NAME).write_bytes(content)
    assert not FORMAT.recognises(Member(tmp_path / NAME))


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (("0016", 1, "Invented", "Invented"), "columns of an order file"),
        (("0O16070", 1, "Invented", "Invented"), "columns of an order file"),
        (("0016070", 0, "Invented", "Invented"), "7 characters and is marked 0"),
        (("001", 1, "Invented", "Invented"), "3 characters and is marked 1"),
    ],
)
def test_an_odd_line_is_left_out_and_named(tmp_path: Path, odd: Line, reason: str) -> None:
    """One line that does not hold costs only itself; O and I are no characters of a code."""
    outcome = read(FORMAT, write(tmp_path, NAME, order(*MANY, odd, LINES[-1])))
    assert (outcome.reading.read, outcome.reading.kept) == (202, 201)
    ((line, why),) = outcome.reading.refused
    assert line == 201
    assert reason in why


def test_many_odd_lines_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what it seems."""
    odd = (("0016", 1, "Invented", "Invented"),) * 10
    with pytest.raises(SourceRefused, match="10 of 211 rows"):
        read(FORMAT, write(tmp_path, NAME, order(*MANY, *odd, LINES[-1])))


def test_a_file_that_broke_off_is_refused(tmp_path: Path) -> None:
    """The last section is X."""
    with pytest.raises(SourceRefused, match=r'begins with X was expected, and "B00B0ZZ" as the last'):
        read(FORMAT, write(tmp_path, NAME, order(*LINES[:4])))


def test_a_gap_refuses_the_whole_file(tmp_path: Path) -> None:
    """Codes that got lost would pass for codes that do not exist."""
    with pytest.raises(SourceRefused, match="line 3: order number 00003"):
        read(FORMAT, write(tmp_path, NAME, order(*LINES[:2]) + order(*LINES[2:], first=4)))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a web page"):
        rows_alone(FORMAT, write(tmp_path, NAME, WEB_PAGE))
