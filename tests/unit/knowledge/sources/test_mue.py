"""MUEs: units and indicator of each code, in the setting that the header tells and from the day that a name tells."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.sources.mue import FORMAT
from knowledge.sources.reading import SourceRefused, members
from knowledge.sources.rows import MueRow
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

NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
NOTICE = "Notice of the owner of the codes,\nan invented one \xae,\nin one cell"
REST = ("MUE Adjudication Indicator", "MUE Rationale")
ROWS = (
    ("0001A", "1", "1 Line Edit", "CMS Policy"),
    ("11042", "1", "2 Date of Service Edit: Policy", "Anatomic Consideration"),
    ("J1100", "90000", "3 Date of Service Edit: Clinical", "Clinical: Data"),
)
WANTED = [
    MueRow("0001A", 1, "1", "CMS Policy"),
    MueRow("11042", 1, "2", "Anatomic Consideration"),
    MueRow("J1100", 90000, "3", "Clinical: Data"),
]


def table(*rows: tuple[str, ...], units: str = "Practitioner Services MUE Values") -> list[tuple[str, ...]]:
    """Return the rows of a file in the official layout."""
    return [(NOTICE, "", "", ""), ("HCPCS/\nCPT Code", units, *REST), *rows]


def text(rows: list[tuple[str, ...]]) -> str:
    """Return rows as CMS writes them: cells with a comma or a line break in quotes, CRLF."""
    quoted = ([f'"{cell}"' if {",", "\n"} & set(cell) else cell for cell in row] for row in rows)
    return "".join(f"{','.join(cells)}\r\n" for cells in quoted)


def plenty(*rows: tuple[str, ...]) -> str:
    """Return a file with so many sound rows that a few others do not refuse it."""
    sound = (str(number) for number in range(11000, 11200))
    return text(table(*rows, *((code, "1", "2 Date of Service Edit: Policy", "CMS Policy") for code in sound)))


def test_a_row_is_a_code_with_units_and_indicator(tmp_path: Path) -> None:
    """Of the indicator, the digit counts; its label is in the file only."""
    outcome = read(FORMAT, write(tmp_path, NAME, text(table(*ROWS))))
    assert outcome.rows == WANTED
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (3, 3, [])


def test_a_workbook_gives_the_rows_of_the_text(tmp_path: Path) -> None:
    """Units and five digits kept as numbers are what they are."""
    rows: list[tuple[object, ...]] = [*table(*ROWS)]
    rows[3] = (11042, 1, *rows[3][2:])
    member = write(tmp_path, NAME.replace("csv", "xlsx"), workbook(rows))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


@pytest.mark.parametrize(
    ("heading", "setting"),
    [
        ("Practitioner Services MUE Values", "practitioner"),
        ("Outpatient Hospital Services MUE Values", "outpatient_hospital"),
        ("Facility Outpatient Hospital Services MUE Values", "outpatient_hospital"),
        ("DME Supplier Services MUE Values", "dme"),
    ],
)
def test_the_header_tells_the_setting(tmp_path: Path, heading: str, setting: str) -> None:
    """The same name with another header is another table."""
    member = write(tmp_path, "table-effective-10-01-2026.csv", text(table(*ROWS, units=heading)))
    assert FORMAT.recognises(member)
    assert FORMAT.edition(member).setting == setting


@pytest.mark.parametrize(
    ("name", "edition", "first", "last"),
    [
        (NAME, "2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("MCR_MUE_PractitionerServices_Eff_1_1_2019.csv", "2019Q1", date(2019, 1, 1), date(2019, 3, 31)),
        ("mue-effective-11-15-2025.csv", "2025Q4", date(2025, 11, 15), date(2025, 12, 31)),
        (
            "practitionerservicesmuetable-effective-10-01-2026.zip",
            "2026Q4",
            date(2026, 10, 1),
            date(2026, 12, 31),
        ),
        (
            "medicare-ncci-2026-q2-practitioner-services-mue-table.zip",
            "2026Q2",
            date(2026, 4, 1),
            date(2026, 6, 30),
        ),
    ],
)
def test_a_name_tells_from_when_the_edits_hold(
    tmp_path: Path, name: str, edition: str, first: date, last: date
) -> None:
    """Rows have no dates; the edition is the quarter and ends with it."""
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"table.csv": text(table(*ROWS))}))
    else:
        member = write(tmp_path, name, text(table(*ROWS)))
    told = FORMAT.edition(member)
    assert (told.name, told.effective, told.ended) == (edition, first, last)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("table.csv", "MCR_MUE_PractitionerServices_Eff_07-01-2026"),
        ("MCR_MUE_PractitionerServices_Eff_13-01-2026.csv", "no day"),
        ("MCD_MUE_PractitionerServices_Eff_07-01-2026.csv", "Medicaid"),
        ("MUE_PractitionerServices_Changes_Eff_07-01-2026.csv", "list of changes"),
    ],
)
def test_a_name_that_leaves_the_edition_open_is_refused(tmp_path: Path, name: str, seen: str) -> None:
    """The message says which names CMS uses."""
    with pytest.raises(SourceRefused, match=seen):
        FORMAT.edition(write(tmp_path, name, text(table(*ROWS))))


def test_a_table_of_no_known_setting_is_refused(tmp_path: Path) -> None:
    """Nobody guesses whose claims it is for."""
    member = write(tmp_path, "table_Eff_07-01-2026.csv", text(table(*ROWS, units="MUE Values")))
    with pytest.raises(SourceRefused, match="setting"):
        FORMAT.edition(member)


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
    """The message names the column that is missing, and the line of the header that came nearest."""
    wrong = text(table(*ROWS)).replace("MUE Rationale", "Why")
    member = write(tmp_path, NAME, wrong)
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match=r"line 5: a header with .* no column for rationale was seen"):
        read(FORMAT, member)


@pytest.mark.parametrize("damaged", ["100", "1.1E+04", "11042.0", "1-Jan"])
def test_a_code_that_a_spreadsheet_changed_refuses_the_whole_file(tmp_path: Path, damaged: str) -> None:
    """What happened to one code happened to others; the message names the line."""
    member = write(tmp_path, NAME, plenty((damaged, *ROWS[0][1:])))
    with pytest.raises(SourceRefused, match=r"line 6: codes of five characters"):
        read(FORMAT, member)


def test_a_workbook_whose_codes_lost_their_zeros_is_refused_whole(tmp_path: Path) -> None:
    """00100 kept as a number is 100."""
    rows: list[tuple[object, ...]] = [*table(*ROWS), (100, 1, "2 Date of Service Edit: Policy", "CMS Policy")]
    with pytest.raises(SourceRefused, match=r"line 6: .*lost its leading zeros"):
        read(FORMAT, write(tmp_path, NAME.replace("csv", "xlsx"), workbook(rows)))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("0010Z", *ROWS[0][1:]), "not a code"),
        (("00100", "none", *ROWS[0][2:]), "not a whole number"),
        (("00100", "1.5", *ROWS[0][2:]), "not a whole number"),
        (("00100", "1", "4 Another Edit", "CMS Policy"), "not an adjudication indicator"),
        (("00100", "1", "12", "CMS Policy"), "not an adjudication indicator"),
        (("00100", "1", "2 Date of Service Edit: Policy", ""), "rationale is empty"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, row: tuple[str, ...], reason: str) -> None:
    """One row that does not hold costs only itself."""
    outcome = read(FORMAT, write(tmp_path, NAME, plenty(row)))
    assert (outcome.reading.read, outcome.reading.kept) == (201, 200)
    ((line, why),) = outcome.reading.refused
    assert line == 6
    assert reason in why


def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what its header says."""
    odd = (("00100", "none", *ROWS[0][2:]),) * 7
    with pytest.raises(SourceRefused, match="7 of 207 rows"):
        read(FORMAT, write(tmp_path, NAME, plenty(*odd)))


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    """A table without codes does not exist."""
    with pytest.raises(SourceRefused, match="at least one row"):
        read(FORMAT, write(tmp_path, NAME, text(table())))


def test_a_text_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    """It would pass for a table with fewer codes."""
    with pytest.raises(SourceRefused, match="a whole last row"):
        read(FORMAT, write(tmp_path, NAME, plenty().rpartition(",2 Date")[0]))


def test_a_quote_that_never_ends_is_refused_whole(tmp_path: Path) -> None:
    """A notice without its second quote would swallow every row."""
    content = plenty().replace("in one cell", "in one cell" + "x" * 140_000, 1).replace('x",,,', "x,,,", 1)
    with pytest.raises(SourceRefused, match="was expected"):
        rows_alone(FORMAT, write(tmp_path, NAME, content))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a table as text or workbook was expected, and a web page"):
        rows_alone(FORMAT, write(tmp_path, NAME, WEB_PAGE))
