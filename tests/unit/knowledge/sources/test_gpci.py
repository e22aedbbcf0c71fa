"""GPCIs: three indices for each locality, of the year that the header tells."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.sources.gpci import FORMAT
from knowledge.sources.reading import SourceRefused, members
from knowledge.sources.rows import GpciRow
from tests.unit.knowledge.sources.official_files import STRANGERS, WEB_PAGE, only, read, rows_alone, shared, write

NAME = "GPCI2025.csv"
HEADING = (
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
    "2025 PW GPCI (with 1.0 Floor),2025 PE GPCI,2025 MP GPCI"
)
TITLE = "ADDENDUM E. FINAL CY 2025 GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE AND MEDICARE LOCALITY,,,,,,"
NOTES = ('"MAC assignments, an invented note",,,,,,', ",,,,,,", "*Work GPCI with a floor.,,,,,,")
ROWS = ('02102,AK,01,"ALASKA, ALL*",1.5,1.081,0.592', "10112,AL,00,ALABAMA,1,0.869,0.575")
SOUND = tuple(f"10112,AL,{number:02},PLACE {number},1.013,0.869,0.575" for number in range(100))


def text(*rows: str, heading: str = HEADING, title: str = TITLE) -> str:
    """Return a file in the official layout: title, blank line, header, rows, notes."""
    return "".join(f"{line}\r\n" for line in (title, ",,,,,,", heading, *rows, *NOTES))


def test_a_row_is_a_locality_with_its_three_indices(tmp_path: Path) -> None:
    """Numbers of contractors and localities keep their zeros; notes and the asterisks to them are left out."""
    outcome = read(FORMAT, write(tmp_path, NAME, text(*ROWS)))
    assert outcome.rows == [
        GpciRow("02102", "AK", "01", "ALASKA, ALL", Decimal("1.5"), Decimal("1.081"), Decimal("0.592")),
        GpciRow("10112", "AL", "00", "ALABAMA", Decimal(1), Decimal("0.869"), Decimal("0.575")),
    ]
    assert (outcome.reading.read, outcome.reading.kept) == (2, 2)
    assert outcome.edition.name == "GPCI2025"
    assert (outcome.edition.effective, outcome.edition.ended) == (date(2025, 1, 1), date(2025, 12, 31))


def test_the_work_index_with_its_floor_is_taken_where_both_are_given(tmp_path: Path) -> None:
    """The floor is law; the index without it is for comparison."""
    heading = HEADING.replace("2025 PW", "2025 PW GPCI (without 1.0 Floor),2025 PW")
    outcome = read(FORMAT, write(tmp_path, NAME, text("10112,AL,00,ALABAMA,0.972,1,0.869,0.575", heading=heading)))
    (row,) = outcome.rows
    assert isinstance(row, GpciRow)
    assert row.work == 1


def test_the_work_index_without_a_floor_is_taken_where_there_is_no_other(tmp_path: Path) -> None:
    """The floor ends when no law prolongs it."""
    heading = HEADING.replace("with 1.0", "without 1.0")
    assert len(read(FORMAT, write(tmp_path, NAME, text(*ROWS, heading=heading))).rows) == 2


@pytest.mark.parametrize(
    ("heading", "title", "name", "edition"),
    [
        (HEADING.replace("2025", "2026"), TITLE, NAME, "GPCI2026"),
        (HEADING.replace("2025 ", ""), TITLE, "GPCI2024.csv", "GPCI2025"),
        (HEADING.replace("2025 ", ""), TITLE.replace("2025 ", ""), "GPCI2024.csv", "GPCI2024"),
    ],
)
def test_the_year_is_told_by_the_header_then_the_title_then_the_name(
    tmp_path: Path, heading: str, title: str, name: str, edition: str
) -> None:
    """What stands in the file counts before what it is called."""
    assert FORMAT.edition(write(tmp_path, name, text(*ROWS, heading=heading, title=title))).name == edition


def test_a_file_without_a_year_is_refused(tmp_path: Path) -> None:
    """Indices of an unknown year price nothing."""
    bare = text(*ROWS, heading=HEADING.replace("2025 ", ""), title=TITLE.replace("2025 ", ""))
    with pytest.raises(SourceRefused, match="a year in the header"):
        FORMAT.edition(write(tmp_path, "gpci.csv", bare))


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


def test_another_header_is_refused_whole(tmp_path: Path) -> None:
    """The message names the column that is missing."""
    member = write(tmp_path, NAME, text(*ROWS, heading=HEADING.replace("2025 MP GPCI", "Other")))
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match=r"line 3: .*no column for malpractice was seen"):
        read(FORMAT, member)


@pytest.mark.parametrize("row", ["2102,AK,01,ALASKA,1.5,1.081,0.592", "02102,AK,1,ALASKA,1.5,1.081,0.592"])
def test_numbers_that_lost_their_zeros_refuse_the_whole_file(tmp_path: Path, row: str) -> None:
    """A locality without its zero is joined to nothing."""
    with pytest.raises(SourceRefused, match=r"line 4: .*lost its leading zeros"):
        read(FORMAT, write(tmp_path, NAME, text(row, *SOUND)))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("0210X,AK,01,ALASKA,1.5,1.081,0.592", "not a contractor number"),
        ("02102,Alaska,01,ALASKA,1.5,1.081,0.592", "not a state"),
        ("02102,AK,01,ALASKA,x,1.081,0.592", "not a number"),
        ("02102,AK,01,ALASKA,NaN,1.081,0.592", "not a number"),
        ("02102,AK,01,ALASKA,1.5,1.081", "not a number"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, row: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    outcome = read(FORMAT, write(tmp_path, NAME, text(row, *SOUND)))
    assert (outcome.reading.read, outcome.reading.kept) == (101, 100)
    ((line, why),) = outcome.reading.refused
    assert line == 4
    assert reason in why


def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what its header says."""
    odd = ("02102,AK,01,ALASKA,x,1.081,0.592",) * 4
    with pytest.raises(SourceRefused, match="4 of 104 rows"):
        read(FORMAT, write(tmp_path, NAME, text(*SOUND, *odd)))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a web page"):
        rows_alone(FORMAT, write(tmp_path, NAME, WEB_PAGE))


def test_the_release_of_2025_is_read_whole() -> None:
    """It has 109 localities, and four notes below them."""
    outcome = read(FORMAT, only(shared(f"gpci/{NAME}")))
    assert outcome.edition.name == "GPCI2025"
    assert (len(outcome.rows), outcome.reading.refused_count) == (109, 0)
    assert outcome.rows[0] == GpciRow("10112", "AL", "00", "ALABAMA", Decimal(1), Decimal("0.869"), Decimal("0.575"))
