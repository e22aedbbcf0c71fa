"""PTP edits: every window of every pair, in the edition, setting and part that the names tell, or nothing at all."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.sources.ptp import FORMAT
from knowledge.sources.reading import SourceRefused, members
from knowledge.sources.rows import PtpRow
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

NAME = "ccipra-v322r0-f1.txt"
ZIP = "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip"
REASON = "Invented reason"

HEADING = (
    "Notice of the owner of the codes, an invented one, with 2026, commas, and a sign \xae.",
    "Column1/Column2 Edits",
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
ROWS = (
    f"00100\t36000\t*\t19960101\t*\t1\t{REASON}",
    f"00100\t36010\t\t20010101\t\t0\t{REASON}",
    f"0591T\t0592T\t\t20200101\t20201231\t0\t{REASON}",
    f"G0168\tJ1100\t\t20240401\t20240401\t9\t{REASON}",
)


def text(*rows: str, heading: tuple[str, ...] = HEADING) -> str:
    """Return a file in the official layout."""
    return "".join(f"{line}\r\n" for line in (*heading, *rows))


def plenty(*rows: str) -> str:
    """Return a file with so many sound rows that a few others do not refuse it."""
    return text(*rows, *(f"{number}\t36000\t\t20200101\t*\t1\t{REASON}" for number in range(11000, 11200)))


def test_a_row_is_a_pair_with_its_window_indicator_and_rationale(tmp_path: Path) -> None:
    """A star, or nothing, means that an edit stands; the deletion date is the last day on which it held."""
    outcome = read(FORMAT, write(tmp_path, NAME, text(*ROWS)))
    assert outcome.rows == [
        PtpRow("00100", "36000", date(1996, 1, 1), None, "1", REASON),
        PtpRow("00100", "36010", date(2001, 1, 1), None, "0", REASON),
        PtpRow("0591T", "0592T", date(2020, 1, 1), date(2020, 12, 31), "0", REASON),
        PtpRow("G0168", "J1100", date(2024, 4, 1), date(2024, 4, 1), "9", REASON),
    ]
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (4, 4, [])


def test_a_pair_that_recurs_keeps_every_window(tmp_path: Path) -> None:
    """An edit that was deleted and came back is two rows, even where all but the dates is alike."""
    again = (
        f"13121\t13120\t\t20230101\t*\t1\t{REASON}",
        f"13121\t13120\t\t20100101\t20151231\t1\t{REASON}",
        f"13120\t13121\t\t20050101\t20051231\t0\t{REASON}",
    )
    rows = read(FORMAT, write(tmp_path, NAME, text(*again))).rows
    assert [row[2:4] for row in rows] == [
        (date(2023, 1, 1), None),
        (date(2010, 1, 1), date(2015, 12, 31)),
        (date(2005, 1, 1), date(2005, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("name", "edition", "first", "last", "setting", "part"),
    [
        (ZIP, "2026Q3 (v32.2)", date(2026, 7, 1), date(2026, 9, 30), "practitioner", 1),
        (
            "medicare-ncci-2026-q4-hospital-ptp-edits-ccioph-v323r0-f2.zip",
            "2026Q4 (v32.3)",
            date(2026, 10, 1),
            date(2026, 12, 31),
            "outpatient_hospital",
            2,
        ),
        ("ccipra-v300r1-f4.TXT", "2024Q1 (v30.0)", date(2024, 1, 1), date(2024, 3, 31), "practitioner", 4),
        ("2025q2-practitioner-f3.txt", "2025Q2 (v31.1)", date(2025, 4, 1), date(2025, 6, 30), "practitioner", 3),
    ],
)
def test_names_tell_edition_setting_and_part(
    tmp_path: Path, name: str, edition: str, first: date, last: date, setting: str, part: int
) -> None:
    """The name of the zip tells what that of the text in it leaves open."""
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"edits.txt": text(*ROWS)}))
    else:
        member = write(tmp_path, name, text(*ROWS))
    told = FORMAT.edition(member)
    assert (told.name, told.effective, told.ended) == (edition, first, last)
    assert (told.setting, told.part) == (setting, (part, 4))


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("edits.txt", "a name such as medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip"),
        ("ccipra-v322r0.txt", "part"),
        ("v322r0-f1.txt", "setting"),
        ("2026q2-ccipra-v322r0-f1.txt", "two quarters"),
        ("medicaid-ncci-2026q3-practitioner-ptp-edits-f1.txt", "Medicaid"),
        ("2026q3-practitioner-ptp-additions-deletions-revisions-f1.txt", "list of changes"),
    ],
)
def test_a_name_that_leaves_the_edition_open_is_refused(tmp_path: Path, name: str, seen: str) -> None:
    """A part taken for the whole, or another programme's edits, would be read as "no edit"."""
    with pytest.raises(SourceRefused, match=seen):
        FORMAT.edition(write(tmp_path, name, text(*ROWS)))


def test_the_workbook_beside_the_text_is_passed_over(tmp_path: Path) -> None:
    """Both hold the same rows; only one is read."""
    twin = workbook([line.split("\t") for line in (*HEADING, *ROWS)])
    inside = members(zipped(tmp_path / ZIP, {"ccipra-v322r0-f1.TXT": text(*ROWS), "ccipra-v322r0-f1.xlsx": twin}))
    assert [member.name for member in inside if FORMAT.recognises(member)] == ["ccipra-v322r0-f1.TXT"]


def test_a_workbook_by_itself_gives_the_rows_of_the_text(tmp_path: Path) -> None:
    """Who has only the workbook is served too; five digits kept as a number are still a code."""
    numbered: list[list[object]] = [list(line.split("\t")) for line in (*HEADING, *ROWS)]
    numbered[6][1] = 36000
    numbered[6][3] = 19960101
    book = write(tmp_path, "ccipra-v322r0-f1.xlsx", workbook(numbered))
    assert FORMAT.recognises(book)
    assert read(FORMAT, book).rows == read(FORMAT, write(tmp_path, NAME, text(*ROWS))).rows


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


def test_the_text_is_recognised_whatever_its_name(tmp_path: Path) -> None:
    """A renamed file is still what it is."""
    assert FORMAT.recognises(write(tmp_path, "download.txt", text(*ROWS)))


@pytest.mark.parametrize(
    "heading",
    [
        (*HEADING[:2], HEADING[2].replace("Effective", "Begin"), *HEADING[3:]),
        (*HEADING[:2], HEADING[2].replace("\tModifier", ""), *HEADING[3:]),
        HEADING[:2],
        (),
    ],
    ids=["another column", "a missing column", "no header", "rows alone"],
)
def test_another_header_is_refused_whole(tmp_path: Path, heading: tuple[str, ...]) -> None:
    """Columns are found by name; where one is not there, none is guessed."""
    member = write(tmp_path, NAME, text(*ROWS, heading=heading))
    assert FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match=r"header with .* was expected"):
        rows_alone(FORMAT, member)


def test_columns_in_another_order_are_read_by_name(tmp_path: Path) -> None:
    """The deletion date before the effective date changes no window."""

    def turned(line: str) -> str:
        cells = line.split("\t")
        return "\t".join([*cells[:3], cells[4], cells[3], *cells[5:]]) if len(cells) > 4 else line

    straight = read(FORMAT, write(tmp_path, NAME, text(*ROWS))).rows
    other = text(*map(turned, ROWS), heading=tuple(map(turned, HEADING)))
    assert read(FORMAT, write(tmp_path, NAME, other)).rows == straight


@pytest.mark.parametrize("damaged", ["100", "1.1E+04", "11042.0", "1-Jan", "2026-01-01"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_code_that_a_spreadsheet_changed_refuses_the_whole_file(tmp_path: Path, damaged: str, place: int) -> None:
    """What happened to one code happened to others; the message names the line."""
    cells = ROWS[0].split("\t")
    cells[place] = damaged
    member = write(tmp_path, NAME, plenty(*ROWS, "\t".join(cells)))
    with pytest.raises(SourceRefused, match=r"line 11: codes of five characters.*nothing of the file was taken"):
        rows_alone(FORMAT, member)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"0010Z\t36000\t\t20200101\t*\t1\t{REASON}", "not a code"),
        (f"00100\t36000\t\t20200132\t*\t1\t{REASON}", "not a day"),
        (f"00100\t36000\t\t\t*\t1\t{REASON}", "not a day"),
        (f"00100\t36000\t\t20200101\t2020\t1\t{REASON}", "not a day"),
        (f"00100\t36000\t\t20200101\t20190101\t1\t{REASON}", "before it took effect"),
        (f"00100\t36000\t\t20200101\t*\t2\t{REASON}", "not a modifier indicator"),
        ("00100\t36000\t\t20200101\t*\t1\t", "rationale is empty"),
        ("00100\t36000\t\t20200101\t*", "7 fields were expected, not 5"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, row: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    outcome = read(FORMAT, write(tmp_path, NAME, plenty(row)))
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused_count) == (201, 200, 1)
    ((line, why),) = outcome.reading.refused
    assert line == 7
    assert reason in why


def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what its header says."""
    odd = (f"00100\t36000\t\t20200101\t*\t2\t{REASON}",) * 7
    with pytest.raises(SourceRefused, match="7 of 207 rows that do not hold"):
        read(FORMAT, write(tmp_path, NAME, plenty(*odd)))


def test_a_text_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    """It would pass for a release with fewer edits."""
    content = plenty().removesuffix(f"\t1\t{REASON}\r\n")
    with pytest.raises(SourceRefused, match="line 206: a whole last row"):
        read(FORMAT, write(tmp_path, NAME, content))


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    """Neither below the rows nor between them."""
    outcome = read(FORMAT, write(tmp_path, NAME, text(ROWS[0], "", ROWS[1], "", "\t\t\t\t\t\t"[:4])))
    assert (outcome.reading.read, outcome.reading.kept) == (2, 2)


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    """A release without edits does not exist."""
    with pytest.raises(SourceRefused, match="nothing below it"):
        rows_alone(FORMAT, write(tmp_path, NAME, text()))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    member = write(tmp_path, NAME, WEB_PAGE)
    with pytest.raises(SourceRefused, match=rf"{NAME}: a text was expected, and a web page"):
        rows_alone(FORMAT, member)


def test_a_truncated_zip_is_refused_whole(tmp_path: Path) -> None:
    """Its directory stands at its end."""
    path = zipped(tmp_path / ZIP, {"ccipra-v322r0-f1.TXT": plenty()})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceRefused, match="a whole zip file was expected"):
        members(path)


def test_a_zip_with_a_damaged_member_is_refused_whole(tmp_path: Path) -> None:
    """Bytes that changed under way are found out."""
    path = zipped(tmp_path / ZIP, {"ccipra-v322r0-f1.TXT": plenty()})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    member = only(path)
    with pytest.raises(SourceRefused, match="cut off or damaged"):
        rows_alone(FORMAT, member)
