"""OPPS Addendum B: status, APC and amounts of each code, of the quarter that a title or a name tells."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.sources.opps import FORMAT
from knowledge.sources.reading import SourceRefused, members
from knowledge.sources.rows import OppsRow
from tests.unit.knowledge.sources.official_files import (
    STRANGERS,
    WEB_PAGE,
    only,
    read,
    rows_alone,
    workbook,
    write,
    zipped,
)

NAME = "2026_April_Web_Addendum_B.csv"
TITLE = "Addendum B.-Final OPPS Payment by HCPCS Code for CY 2026"
HEADING = (
    "HCPCS Code",
    "Short Descriptor",
    "SI",
    "APC",
    "Relative Weight",
    "Payment Rate",
    "National Unadjusted Copayment",
    "Minimum Unadjusted Copayment",
    "Note: an invented one, of $1,676.00",
)
ROWS = (
    ("0001F", "Invented", "E1", "", "", "", "", "", ""),
    ("11042", "Invented, one \xae", "T", "5052", "4.0815", "$1,373.11 ", ".", "$74.63 ", ""),
    ("J1100", "Invented", "K", "701", "", "$0.52", "", "", ""),
)
WANTED = [
    OppsRow("0001F", "E1", "", "", None, None, None, None),
    OppsRow("11042", "T", "", "5052", Decimal("4.0815"), Decimal("1373.11"), None, Decimal("74.63")),
    OppsRow("J1100", "K", "", "0701", None, Decimal("0.52"), None, None),
]
SOUND = tuple((str(code), "Invented", "N", *[""] * 6) for code in range(11000, 11200))


def table(*rows: tuple[str, ...], title: str = TITLE, heading: tuple[str, ...] = HEADING) -> list[tuple[str, ...]]:
    """Return the rows of a file in the official layout."""
    blank = ("",) * len(heading)
    return [(title, *blank[1:]), blank, heading, *rows]


def text(rows: list[tuple[str, ...]], mark: str = ",") -> str:
    """Return rows as text with CRLF, cells that hold the mark in quotes."""
    return "".join(mark.join(f'"{cell}"' if mark in cell else cell for cell in row) + "\r\n" for row in rows)


def test_a_row_is_a_code_with_status_apc_and_amounts(tmp_path: Path) -> None:
    """Dollar signs and separators are no part of an amount, and a lone point is none."""
    member = write(tmp_path, NAME, text(table(*ROWS)))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == WANTED
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (3, 3, [])


def test_tabs_serve_as_well_as_commas(tmp_path: Path) -> None:
    """Some releases are tab-delimited."""
    member = write(tmp_path, NAME.replace("csv", "txt"), text(table(*ROWS), mark="\t"))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


def test_a_workbook_gives_the_rows_of_the_text(tmp_path: Path) -> None:
    """It holds APCs and amounts as numbers."""
    rows: list[tuple[object, ...]] = [*table(*ROWS)]
    rows[4] = (11042, "Invented", "T", 5052, 4.0815, 1373.11, "", 74.63)
    rows[5] = ("J1100", "Invented", "K", 701, "", 0.52)
    member = write(tmp_path, NAME.replace("csv", "xlsx"), workbook(rows))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


def test_comment_indicators_are_read_where_there_is_a_column(tmp_path: Path) -> None:
    """Not every release has it, and it may stand anywhere."""
    heading = ("HCPCS Code", "Short Descriptor", "CI", *HEADING[2:])
    rows = [(*row[:2], "CH", *row[2:]) for row in ROWS]
    outcome = read(FORMAT, write(tmp_path, NAME, text(table(*rows, heading=heading))))
    assert outcome.rows == [row._replace(comment_indicator="CH") for row in WANTED]


def test_the_mark_of_utf_8_in_front_is_no_part_of_a_name(tmp_path: Path) -> None:
    """Spreadsheets put it there, and some releases begin with the header."""
    member = write(tmp_path, NAME, b"\xef\xbb\xbf" + text(table(*ROWS)[2:]).encode("latin-1"))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


@pytest.mark.parametrize("above", [0, 8, 17])
def test_the_header_is_found_below_titles(tmp_path: Path, above: int) -> None:
    """How many lines stand above it varies with the release."""
    rows = [("A line of a notice", *[""] * 8)] * above + table(*ROWS)[2:]
    member = write(tmp_path, NAME, text(rows))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


@pytest.mark.parametrize(
    ("name", "title", "edition", "first", "last"),
    [
        (NAME, TITLE, "April 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026 July Web Addendum B.07.13.26.csv", TITLE, "July 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("October 2025 Web Addendum B.09.26.25.csv", TITLE, "October 2025", date(2025, 10, 1), date(2025, 12, 31)),
        ("b.csv", "Addendum B for January 2026", "January 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("b.csv", "OPPS, Effective January 1, 2026", "January 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("cy-2026-april-opps-addendum-b.zip", TITLE, "April 2026", date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_a_title_or_a_name_tells_the_quarter(
    tmp_path: Path, name: str, title: str, edition: str, first: date, last: date
) -> None:
    """The year alone does not."""
    content = text(table(*ROWS, title=title))
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"b.csv": content}))
    else:
        member = write(tmp_path, name, content)
    told = FORMAT.edition(member)
    assert (told.name, told.effective, told.ended) == (edition, first, last)


@pytest.mark.parametrize(
    ("title", "name", "seen"),
    [
        (TITLE, "addendum-b.csv", "January 2026"),
        ("Addendum B for July 2026", NAME, "2026Q2 in the name and 2026Q3 in the title"),
    ],
)
def test_an_open_or_doubtful_quarter_is_refused(tmp_path: Path, title: str, name: str, seen: str) -> None:
    """Payment changes with every quarter."""
    with pytest.raises(SourceRefused, match=seen):
        FORMAT.edition(write(tmp_path, name, text(table(*ROWS, title=title))))


@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_not_recognised(tmp_path: Path, content: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing."""
    path = tmp_path / (f"{NAME}.gz" if content[:2] == b"\x1f\x8b" else NAME)
    path.write_bytes(content)
    try:
        inside = members(path)
    except SourceRefused:
        return
    assert not any(FORMAT.recognises(member) for member in inside)


@pytest.mark.parametrize(
    "heading",
    [
        "APC,Group Title,SI,Relative Weight,Payment Rate",
        "HCPCS Code,Short Descriptor,Subject to Multiple Procedure Discounting,Payment Indicator,Payment Rate",
    ],
    ids=["Addendum A", "ambulatory surgery"],
)
def test_other_addenda_are_not_taken_for_it(tmp_path: Path, heading: str) -> None:
    """They lie in the same zip or beside it."""
    assert not FORMAT.recognises(write(tmp_path, NAME, f"Payment for CY 2026,,,,\r\n{heading}\r\n5052,Group,T,4,5\r\n"))


def test_another_header_is_refused_whole(tmp_path: Path) -> None:
    """The message names the column that is missing."""
    heading = (*HEADING[:2], "Status", *HEADING[3:])
    member = write(tmp_path, NAME, text(table(*ROWS, heading=heading)))
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match=r"line 3: .*no column for status indicator was seen"):
        read(FORMAT, member)


@pytest.mark.parametrize("damaged", ["100", "1.1E+04", "11042.0", "1-Jan"])
def test_a_code_that_a_spreadsheet_changed_refuses_the_whole_file(tmp_path: Path, damaged: str) -> None:
    """What happened to one code happened to others; the message names the line."""
    with pytest.raises(SourceRefused, match="line 4: codes of five characters"):
        read(FORMAT, write(tmp_path, NAME, text(table((damaged, *ROWS[0][1:]), *SOUND))))


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, "0010Z", "not a code"),
        (2, "", "not a status indicator"),
        (2, "T12", "not a status indicator"),
        (3, "50522", "not an APC"),
        (5, "call", "not a number"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, place: int, value: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    row = (*ROWS[1][:place], value, *ROWS[1][place + 1 :])
    outcome = read(FORMAT, write(tmp_path, NAME, text(table(row, *SOUND))))
    assert (outcome.reading.read, outcome.reading.kept) == (201, 200)
    ((line, why),) = outcome.reading.refused
    assert line == 4
    assert reason in why


def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what its header says."""
    odd = (("11042", "Invented", "", *[""] * 6),) * 7
    with pytest.raises(SourceRefused, match="7 of 207 rows"):
        read(FORMAT, write(tmp_path, NAME, text(table(*SOUND, *odd))))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a web page"):
        rows_alone(FORMAT, write(tmp_path, NAME, WEB_PAGE))
