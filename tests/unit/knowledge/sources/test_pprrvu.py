"""Relative values: the same rows from both layouts and from 31 and 32 columns, without texts that others own."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.sources.pprrvu import FORMAT
from knowledge.sources.reading import SourceRefused, members
from knowledge.sources.rows import FeeRow
from tests.unit.knowledge.sources.official_files import (
    STRANGERS,
    WEB_PAGE,
    only,
    read,
    rows_alone,
    shared,
    write,
    zipped,
)

CSV, TEXT = "PPRRVU2025_Oct.csv", "PPRRVU2025_Oct.txt"
TITLE = "2025 National Physician Fee Schedule Relative Value File October Release"

STACKED = (
    (",,,,,,,,,,,,,,,,,,,,,,,,,,,,NON-FACILITY,FACILITY,"),
    (",,,,NOT USED,,,,,,,,,,,,,,,,,,,,,PHYSICIAN,,DIAGNOSTIC,PE USED,PE USED,MP USED"),
    (",,,,FOR,,,NON-FAC,,FACILITY ,,,,,,,,,,,,,,,,SUPERVISION OF,,IMAGING,FOR OPPS,FOR OPPS,FOR OPPS"),
    (
        ",,,STATUS,MEDICARE ,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,"
        "ASST,CO-,TEAM,ENDO,CONV,DIAGNOSTIC,CALCULATION,FAMILY,PAYMENT,PAYMENT,PAYMENT"
    ),
    (
        "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,"
        "PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
    ),
)
"""The header of 31 columns over five lines."""

ROWS = (
    "11042,,Owned by others,A,,1.01,2.57,,0.64,,0.12,3.70,1.77,0,000,0.10,0.80,0.10,2,0,1,0,0,,32.3465,09,0,99,0,0,0",
    "45380,53,Owned by others,A,,1.74,6.00,,1.12,,0.20,7.94,3.06,0,000,0,0,0,3,0,1,0,0,45378,32.3465,09,0,99,0,0,0",
    "0001F,,Owned by others,I,,0.00,0.00,NA,0.00,NA,0.00,0.00,0.00,9,XXX,0,0,0,9,9,9,9,9,,32.3465,09,0,99,0,0,0",
    "D0150,,Owned by others,R,+,0.00,0.00,,0.00,,0.00,0.00,0.00,0,YYY,0,0,0,0,0,0,0,0,,32.3465,09,0,99,0,0,0",
    "G0168,26,Invented \xae text,A,,0.31,1.88,,0.07,NA,0.04,2.23,0.42,0,000,0,1.00,0,0,0,1,0,0,,32.3465,6A,0,99,0,0,0",
)
SOUND = tuple(ROWS[0].replace("11042", str(code), 1) for code in range(11000, 11200))


def table(*rows: str, title: str = TITLE, stacked: tuple[str, ...] = STACKED) -> str:
    """Return a CSV text in the official layout: a preamble and a header over several lines."""
    blank = "," * stacked[-1].count(",")
    preamble = [f",,{line}{blank[2:]}" for line in (title, "A notice", "Another", " ", "RELEASED 09/11/2025")]
    return "".join(f"{line}\r\n" for line in (*preamble, *stacked[1:], *rows))


def more(line: str, cell: str) -> str:
    """Return a line of 31 columns with the one that came in 2026, before the endoscopic base."""
    cells = line.split(",")
    return ",".join([*cells[:23], cell, *cells[23:]])


WIDE = tuple(more(line, cell) for line, cell in zip(STACKED, ("", "", "", "PRIC", "IND"), strict=True))
"""The header of 32 columns."""


def text(*rows: str) -> str:
    """Return a text in the official layout: HDR lines and records of 172 characters."""
    heading = "".join(f"{f'HDR A NOTICE, LINE {number}':50}\r\n" for number in range(7))
    return heading + "".join(f"{_record(row.split(','))}\r\n" for row in rows)


def _record(cells: list[str]) -> str:
    """Return a record of the text from the cells of the CSV, at the places of the record layout."""
    code, modifier, description, status, _, work, nonfacility, na_nonfacility, facility, na_facility, mp = cells[:11]
    shares = "".join(f"{Decimal(cell):.2f}".removeprefix("0")[:3] for cell in cells[15:18])
    record = (
        f"{code:5}{modifier:2}{description:50}{status} {work:>6} {nonfacility:>6}{na_nonfacility:2} {facility:>6}"
        f"{na_facility:2} {mp:>5} {cells[11]:>6}{cells[12]:>6}{cells[13]}{cells[14]:3}{shares}{''.join(cells[18:23])}"
        f"{'':7}{cells[23]:5}{cells[24]:>8} {cells[25]:2}"
    )
    return f"{record:172}"


def content(name: str, *rows: str) -> str:
    """Return rows in the layout of a name."""
    return table(*rows) if name.endswith("csv") else text(*rows)


@pytest.mark.parametrize("name", [CSV, TEXT])
def test_a_row_is_a_code_with_values_and_indicators(tmp_path: Path, name: str) -> None:
    """Every column stands where the header, or the record layout, says."""
    member = write(tmp_path, name, content(name, *ROWS))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (5, 5, [])
    assert outcome.rows[0] == FeeRow(
        code="11042",
        modifier="",
        description=None,
        status="A",
        global_days="000",
        multiple="2",
        bilateral="0",
        assistant="1",
        co_surgeon="0",
        team="0",
        pctc="0",
        work=Decimal("1.01"),
        pe_nonfacility=Decimal("2.57"),
        pe_facility=Decimal("0.64"),
        malpractice=Decimal("0.12"),
        total_nonfacility=Decimal("3.70"),
        total_facility=Decimal("1.77"),
        na_nonfacility=False,
        na_facility=False,
        preoperative=Decimal("0.10"),
        intraoperative=Decimal("0.80"),
        postoperative=Decimal("0.10"),
        endoscopic_base="",
        supervision="09",
        conversion_factor=Decimal("32.3465"),
    )
    rows = {row.code: row for row in outcome.rows if isinstance(row, FeeRow)}
    assert (rows["45380"].modifier, rows["45380"].endoscopic_base) == ("53", "45378")
    assert (rows["0001F"].na_nonfacility, rows["0001F"].na_facility) == (True, True)
    assert (rows["G0168"].na_nonfacility, rows["G0168"].na_facility) == (False, True)
    assert rows["G0168"].supervision == "6A"


@pytest.mark.parametrize("name", [CSV, TEXT])
def test_descriptions_that_others_own_are_left_out(tmp_path: Path, name: str) -> None:
    """Those of CPT and dental codes; the text of HCPCS Level II is public, in Latin-1."""
    rows = read(FORMAT, write(tmp_path, name, content(name, *ROWS))).rows
    told = {row.code: row.description for row in rows if isinstance(row, FeeRow)}
    assert told == {"11042": None, "45380": None, "0001F": None, "D0150": None, "G0168": "Invented \xae text"}


def test_descriptions_are_kept_where_there_is_a_licence(tmp_path: Path) -> None:
    """The operator says so; the reader does not ask."""
    rows = read(FORMAT, write(tmp_path, CSV, table(*ROWS)), licensed=True).rows
    assert [row.description for row in rows if isinstance(row, FeeRow)] == [
        *["Owned by others"] * 4,
        "Invented \xae text",
    ]


def test_both_layouts_give_the_same_rows(tmp_path: Path) -> None:
    """One release is published in both."""
    both = [read(FORMAT, write(tmp_path, name, content(name, *ROWS))).rows for name in (CSV, TEXT)]
    assert both[0] == both[1]


def test_the_column_that_came_in_2026_shifts_nothing(tmp_path: Path) -> None:
    """Columns are found by name."""
    narrow = read(FORMAT, write(tmp_path, CSV, table(*ROWS))).rows
    wide = table(*(more(row, "1") for row in ROWS), stacked=WIDE)
    assert read(FORMAT, write(tmp_path, CSV, wide)).rows == narrow


@pytest.mark.parametrize(
    ("name", "edition", "first", "last"),
    [
        ("PPRRVU2025_Oct.txt", "PPRRVU2025_Oct", date(2025, 10, 1), date(2025, 12, 31)),
        ("PPRRVU24_JUL.txt", "PPRRVU2024_Jul", date(2024, 7, 1), date(2024, 9, 30)),
        ("PPRRVU25_JAN1.txt", "PPRRVU2025_Jan", date(2025, 1, 1), date(2025, 3, 31)),
        ("PPRRVU2026_Jan_nonQPP.txt", "PPRRVU2026_Jan_nonQPP", date(2026, 1, 1), date(2026, 3, 31)),
        ("PPRRVU2026_Jan_QPP.txt", "PPRRVU2026_Jan_QPP", date(2026, 1, 1), date(2026, 3, 31)),
        ("rvu25b.zip", "PPRRVU2025_Apr", date(2025, 4, 1), date(2025, 6, 30)),
        ("rvu26ar_1.zip", "PPRRVU2026_Jan", date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_a_name_tells_the_edition(tmp_path: Path, name: str, edition: str, first: date, last: date) -> None:
    """That of the file, or that of the zip, in which A to D are the quarters."""
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"values.txt": text(*ROWS)}))
    else:
        member = write(tmp_path, name, text(*ROWS))
    told = FORMAT.edition(member)
    assert (told.name, told.effective, told.ended) == (edition, first, last)


def test_the_title_tells_the_edition_of_a_renamed_file(tmp_path: Path) -> None:
    """The CSV text says in its first line what it is."""
    assert FORMAT.edition(write(tmp_path, "values.csv", table(*ROWS))).name == "PPRRVU2025_Oct"


def test_the_two_files_of_one_quarter_are_two_editions(tmp_path: Path) -> None:
    """Their conversion factors differ, so that one must not stand for the other."""
    names = ("PPRRVU2026_Apr_nonQPP.txt", "PPRRVU2026_Apr_QPP.txt")
    assert len({FORMAT.edition(write(tmp_path, name, text(*ROWS))).name for name in names}) == 2


def test_an_open_edition_is_refused(tmp_path: Path) -> None:
    """The message says which names CMS uses."""
    with pytest.raises(SourceRefused, match=r"PPRRVU2025_Oct\.csv"):
        FORMAT.edition(write(tmp_path, "values.txt", text(*ROWS)))


def test_a_name_against_the_title_is_refused(tmp_path: Path) -> None:
    """One of them is wrong, and nobody can tell which."""
    with pytest.raises(SourceRefused, match="2025Q3 in the name and 2025Q4 in the title"):
        FORMAT.edition(write(tmp_path, "PPRRVU2025_Jul.csv", table(*ROWS)))


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


def test_the_cap_file_beside_it_is_not_taken_for_it(tmp_path: Path) -> None:
    """The zip also holds prices by locality, which begin with the same columns."""
    other = "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILITY PRICE\r\n11042,,A,01112,05,1.00,2.00\r\n"
    assert not FORMAT.recognises(write(tmp_path, "OPPSCAP_Oct.csv", other))


@pytest.mark.parametrize(("old", "new", "missing"), [("WORK", "LABOR", "work"), ("MULT", "MANY", "multiple")])
def test_another_header_is_refused_whole(tmp_path: Path, old: str, new: str, missing: str) -> None:
    """The message names the column that is missing."""
    stacked = tuple(line.replace(old, new) for line in STACKED)
    member = write(tmp_path, CSV, table(*ROWS, stacked=stacked))
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match=f"line 9: .*no column for {missing} was seen"):
        read(FORMAT, member)


@pytest.mark.parametrize("damaged", ["100", "1.1E+04", "11042.0", "1-Jan"])
def test_a_code_that_a_spreadsheet_changed_refuses_the_whole_file(tmp_path: Path, damaged: str) -> None:
    """What happened to one code happened to others; the message names the line."""
    with pytest.raises(SourceRefused, match="line 10: codes of five characters"):
        read(FORMAT, write(tmp_path, CSV, table(ROWS[0].replace("11042", damaged), *SOUND)))


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, "0010Z", "not a code"),
        (1, "2", "not a value of modifier"),
        (3, "", "not a value of status"),
        (5, "x", "not a number"),
        (7, "N", "not a value of na nonfacility"),
        (14, "10", "not a value of global days"),
        (15, "10", "not a share"),
        (18, "8", "not a value of multiple"),
        (21, "3", "not a value of co surgeon"),
        (25, "9", "not a value of supervision"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, place: int, value: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    cells = ROWS[0].split(",")
    cells[place] = value
    outcome = read(FORMAT, write(tmp_path, CSV, table(",".join(cells), *SOUND)))
    assert (outcome.reading.read, outcome.reading.kept) == (201, 200)
    ((line, why),) = outcome.reading.refused
    assert line == 10
    assert reason in why


def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what its header says."""
    odd = (ROWS[0].replace(",000,", ",10,"),) * 7
    with pytest.raises(SourceRefused, match="7 of 207 rows"):
        read(FORMAT, write(tmp_path, CSV, table(*SOUND, *odd)))


def test_records_at_other_places_are_refused_whole(tmp_path: Path) -> None:
    """A layout that moved by a character holds in no row."""
    lines = text(*SOUND).splitlines(keepends=True)
    moved = "".join(line if line.startswith("HDR") else f"{line[:110]} {line[110:]}" for line in lines)
    member = write(tmp_path, TEXT, moved)
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match="200 of 200 rows that do not hold"):
        rows_alone(FORMAT, member)


@pytest.mark.parametrize("name", [CSV, TEXT])
def test_a_text_that_is_cut_off_is_refused_whole(tmp_path: Path, name: str) -> None:
    """It would pass for a release with fewer codes."""
    whole = content(name, *SOUND)
    with pytest.raises(SourceRefused, match="a whole last row"):
        read(FORMAT, write(tmp_path, name, whole[: len(whole) - 60]))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a web page"):
        rows_alone(FORMAT, write(tmp_path, CSV, WEB_PAGE))


def test_both_layouts_of_october_2025_agree_row_by_row() -> None:
    """The release at full size: 19,090 rows, none of them odd."""
    both = [read(FORMAT, only(shared(f"pprrvu/{name}.gz"))) for name in (CSV, TEXT)]
    assert [len(outcome.rows) for outcome in both] == [19_090, 19_090]
    assert [outcome.reading.refused_count for outcome in both] == [0, 0]
    assert both[0].rows == both[1].rows
    assert {outcome.edition.name for outcome in both} == {"PPRRVU2025_Oct"}
    assert len({row.code for row in both[0].rows if isinstance(row, FeeRow)}) == 16_852
