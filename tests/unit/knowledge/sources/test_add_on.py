"""Add-on code edits: type, primaries and window, the same from the workbook and from the text with fixed fields."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from knowledge.sources.add_on import FORMAT
from knowledge.sources.reading import SourceRefused, members
from knowledge.sources.rows import AddOnRow
from tests.unit.knowledge.sources.official_files import (
    STRANGERS,
    WEB_PAGE,
    only,
    read,
    rows_alone,
    shared,
    workbook,
    write,
    zipped,
)

BOOK, TEXT = "AOC_V2026Q2-MCR.xlsx", "AOC_V2026Q2-F-MCR.txt"
HEADING = (
    "AOC_Edit_Type",
    "Add-On_Code",
    "AOC_DelDT",
    "Primary_Code",
    "Primary_Code_DelDT",
    "AOC_Edit_EffDT",
    "AOC_Edit_DelDT",
    "Special_Instruction_Notes",
)
ROWS = (
    ("1", "0071U", "", "0070U", "", "2018274", "", ""),
    ("1", "U0005", "2023181", "U0003", "2023365", "2021274", "2024060", ""),
    ("2", "01953", "", "CCCCC", "", "2013091", "", "Contractor defined \xae"),
    ("3", "11008", "", "11004", "2020366", "2013091", "2022001", ""),
)
WANTED = [
    AddOnRow("0071U", "1", "0070U", date(2018, 10, 1), None, ""),
    AddOnRow("U0005", "1", "U0003", date(2021, 10, 1), date(2023, 6, 30), ""),
    AddOnRow("01953", "2", "CCCCC", date(2013, 4, 1), None, "Contractor defined \xae"),
    AddOnRow("11008", "3", "11004", date(2013, 4, 1), date(2020, 12, 31), ""),
]
SOUND = tuple(("1", str(code), "", "10000", "", "2013091", "", "") for code in range(11000, 11200))


def table(*rows: tuple[object, ...]) -> bytes:
    """Return a workbook in the official layout."""
    return workbook([("Notice, an invented one", *[""] * 7), HEADING, *rows])


def text(*rows: tuple[str, ...]) -> str:
    """Return a text in the official layout: fields at fixed places, the type first."""
    widths = (1, 5, 7, 5, 7, 7, 7, 58)
    return "".join("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + "\r\n" for row in rows)


def content(name: str, *rows: tuple[str, ...]) -> bytes | str:
    """Return rows in the layout of a name."""
    return table(*rows) if name == BOOK else text(*rows)


@pytest.mark.parametrize("name", [BOOK, TEXT])
def test_both_layouts_give_the_same_rows(tmp_path: Path, name: str) -> None:
    """An edit ends with the first of three deletions; the type is no part of the code."""
    member = write(tmp_path, name, content(name, *ROWS))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == WANTED
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (4, 4, [])


def test_trailing_blanks_may_be_missing_from_the_text(tmp_path: Path) -> None:
    """Most lines end with blanks, which editors and mail take away."""
    short = "".join(f"{line.rstrip()}\n" for line in text(*ROWS).splitlines())
    assert read(FORMAT, write(tmp_path, TEXT, short)).rows == WANTED


@pytest.mark.parametrize(
    ("name", "edition", "first", "last"),
    [
        (BOOK, "2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("AOC_V2025Q4_01-MCR.xlsx", "2025Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("AOC_V2020-MCR.xlsx", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("medicare-ncci-2026-q3-add-on-code-edits.zip", "2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_a_name_tells_the_edition(tmp_path: Path, name: str, edition: str, first: date, last: date) -> None:
    """A quarter, or a year before there were quarters."""
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"edits.xlsx": table(*ROWS)}))
    else:
        member = write(tmp_path, name, table(*ROWS))
    told = FORMAT.edition(member)
    assert (told.name, told.effective, told.ended) == (edition, first, last)


@pytest.mark.parametrize(("name", "seen"), [("edits.xlsx", "AOC_V2026Q2-MCR"), ("AOC_V2026Q2-MCD-1.xlsx", "Medicaid")])
def test_a_name_that_leaves_the_edition_open_is_refused(tmp_path: Path, name: str, seen: str) -> None:
    """The message says which names CMS uses."""
    with pytest.raises(SourceRefused, match=seen):
        FORMAT.edition(write(tmp_path, name, table(*ROWS)))


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_not_recognised(tmp_path: Path, stranger: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing."""
    path = tmp_path / (f"{TEXT}.gz" if stranger[:2] == b"\x1f\x8b" else TEXT)
    path.write_bytes(stranger)
    try:
        inside = members(path)
    except SourceRefused:
        return
    assert not any(FORMAT.recognises(member) for member in inside)


def test_another_header_is_refused_whole(tmp_path: Path) -> None:
    """The message names the column that is missing."""
    heading = [name.replace("AOC_Edit_EffDT", "Begins") for name in HEADING]
    member = write(tmp_path, BOOK, workbook([heading, *ROWS]))
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match="no column for effective was seen"):
        read(FORMAT, member)


@pytest.mark.parametrize("damaged", [100, "100", "1.1E+04", "11042.0", "2026-01-01"])
@pytest.mark.parametrize("place", [1, 3])
def test_a_code_that_a_spreadsheet_changed_refuses_the_whole_file(tmp_path: Path, damaged: object, place: int) -> None:
    """What happened to one code happened to others; the message names the row."""
    row: list[object] = list(ROWS[0])
    row[place] = damaged
    with pytest.raises(SourceRefused, match="line 3: codes of five characters"):
        read(FORMAT, write(tmp_path, BOOK, table(tuple(row), *SOUND)))


@pytest.mark.parametrize("name", [BOOK, TEXT])
@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, "4", "not a type"),
        (1, "0071Z", "not a code"),
        (3, "CCCCX", "not a code"),
        (5, "2018366", "not a day"),
        (5, "2018000", "not a day"),
        (5, "", "not a day"),
        (6, "20181", "not a day"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, name: str, place: int, value: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    row = [*ROWS[0][:place], value, *ROWS[0][place + 1 :]]
    outcome = read(FORMAT, write(tmp_path, name, content(name, tuple(row), *SOUND)))
    assert (outcome.reading.read, outcome.reading.kept) == (201, 200)
    ((line, why),) = outcome.reading.refused
    assert line == (3 if name == BOOK else 1)
    assert reason in why


@pytest.mark.parametrize("name", [BOOK, TEXT])
def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path, name: str) -> None:
    """A file of which some percent do not hold is not what it looks like."""
    odd = (("1", "0071Z", *ROWS[0][2:]),) * 7
    with pytest.raises(SourceRefused, match="7 of 207 rows"):
        read(FORMAT, write(tmp_path, name, content(name, *SOUND, *odd)))


def test_a_text_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    """It would pass for a release with fewer edits."""
    with pytest.raises(SourceRefused, match="a whole last row"):
        read(FORMAT, write(tmp_path, TEXT, text(*SOUND)[:-80]))


def test_a_workbook_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    """A workbook is a zip, whose directory stands at its end."""
    path = tmp_path / BOOK
    path.write_bytes(table(*SOUND)[:-100])
    with pytest.raises(SourceRefused, match="a whole zip file"):
        members(path)


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a web page"):
        rows_alone(FORMAT, write(tmp_path, BOOK, WEB_PAGE))


def test_the_release_of_2026q2_is_read_whole() -> None:
    """Its counts by type and of the edits that stand are known."""
    outcome = read(FORMAT, only(shared(f"aoc/{BOOK}")))
    rows = [row for row in outcome.rows if isinstance(row, AddOnRow)]
    assert outcome.edition.name == "2026Q2"
    assert (len(rows), outcome.reading.refused_count) == (9000, 0)
    assert Counter(row.kind for row in rows) == {"1": 8293, "2": 47, "3": 660}
    assert sum(row.deleted is None for row in rows) == 7740
    assert sum(row.primary_code == "CCCCC" for row in rows) == 55
