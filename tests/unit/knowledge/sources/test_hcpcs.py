"""HCPCS Level II: codes and modifiers from the text of fixed columns or from the workbook, with their days."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from knowledge.sources.hcpcs import FORMAT
from knowledge.sources.reading import Member, SourceRefused, members
from knowledge.sources.rows import HcpcsRow
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

NAME = "HCPC2026_APR_ANWEB.txt"
NOTICE = "***Disclaimers\t\t\r\n\t\t\r\n*Inclusion of a code does not imply any coverage.\xa0\t\t\r\n\r\n"
PLACES = {"price": (120, 2), "xref": (205, 5), "tos": (261, 1)}
"""Where the first of several fields stands, from 1, and how many characters each has."""


def record(  # each argument is a field of the layout
    code: str,
    kind: str = "3",
    long: str = "",
    short: str = "",
    sequence: int = 100,
    added: str = "",
    effective: str = "",
    terminated: str = "",
    action: str = "",
    coverage: str = "",
    betos: str = "",
    **several: tuple[str, ...],
) -> str:
    """Return one record of 320 characters."""
    fields = {1: f"{code:>5}{sequence:05}{kind}", 12: long, 92: short, 230: coverage, 257: betos}
    fields |= {269: added, 277: effective, 285: terminated, 293: action}
    for name, texts in several.items():
        start, width = PLACES[name]
        fields |= {start + place * width: text for place, text in enumerate(texts)}
    line = [" "] * 320
    for start, text in fields.items():
        line[start - 1 : start - 1 + len(text)] = text
    return "".join(line)


MODIFIER = record("ZZ", "7", "Invented modifier", "Invented", added="20240101", effective="20240101", action="N")
DRUG = record(
    "J9999",
    long="Invented drug, for injection, each milligram, with a description of such a",
    short="Invented  drug",
    added="20200101",
    effective="20260401",
    action="C",
    coverage="D",
    betos="O1E",
    price=("51", "55"),
    tos=("1", "P"),
    xref=("J9998",),
)
DRUG_ON = record("J9999", "4", "length that a second record goes on with it", sequence=200)
DRUG_END = record("J9999", "4", "and a third ends it", sequence=300)
ENDED = record(
    "V5999",
    long="Invented service",
    added="19990101",
    effective="00000000",
    terminated="20251231",
    action="D",
    coverage="C",
)
RECORDS = (MODIFIER, DRUG, DRUG_ON, DRUG_END, ENDED)

LONG = (
    "Invented drug, for injection, each milligram, with a description of such a length that a second record goes on "
    "with it and a third ends it"
)
WANTED = [
    HcpcsRow(
        code="ZZ",
        is_modifier=True,
        long_description="Invented modifier",
        short_description="Invented",
        pricing=(),
        coverage="",
        betos="",
        type_of_service=(),
        crossref=(),
        added=date(2024, 1, 1),
        effective=date(2024, 1, 1),
        terminated=None,
        action="N",
    ),
    HcpcsRow(
        code="J9999",
        is_modifier=False,
        long_description=LONG,
        short_description="Invented drug",
        pricing=("51", "55"),
        coverage="D",
        betos="O1E",
        type_of_service=("1", "P"),
        crossref=("J9998",),
        added=date(2020, 1, 1),
        effective=date(2026, 4, 1),
        terminated=None,
        action="C",
    ),
    HcpcsRow(
        code="V5999",
        is_modifier=False,
        long_description="Invented service",
        short_description="",
        pricing=(),
        coverage="C",
        betos="",
        type_of_service=(),
        crossref=(),
        added=date(1999, 1, 1),
        effective=None,
        terminated=date(2025, 12, 31),
        action="D",
    ),
]
SOUND = tuple(record(f"G{number:04}", long="Invented") for number in range(1, 201))


def text(*records: str, notice: str = NOTICE) -> str:
    """Return a text in the official layout, with CRLF."""
    return notice + "".join(f"{line}\r\n" for line in records)


SEVERAL = ("PRICE1", "PRICE2", "PRICE3", "PRICE4", "XREF1", "XREF2", "XREF3", "XREF4", "XREF5", "TOS1", "TOS2", "TOS3")
HEADING = ("HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", *SEVERAL, "TOS4", "TOS5", "COV", "BETOS")
HEADING += ("ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD ")


def sheet(*rows: Mapping[str, object], heading: tuple[str, ...] = HEADING) -> bytes:
    """Return a workbook in the official layout; the notice stands above the header."""
    cells = [[row.get(name.strip(), "") for name in heading] for row in rows]
    return workbook([["***Disclaimers"], [], heading, *cells])


ON_SHEET: tuple[Mapping[str, object], ...] = (
    {"HCPC": "   ZZ", "SEQNUM": "0010", "RECID": "7", "LONG DESCRIPTION": "Invented modifier"}
    | {"SHORT DESCRIPTION": "Invented", "ADD DT": "20240101", "ACT EFF DT": "20240101", "ACTION CD": "N"},
    {"HCPC": "J9999", "SEQNUM": "0010", "RECID": "3", "LONG DESCRIPTION": LONG.removesuffix(" and a third ends it")}
    | {"SHORT DESCRIPTION": "Invented drug", "PRICE1": 51, "PRICE2": "55", "XREF1": "J9998", "COV": "D", "TOS1": 1}
    | {"BETOS": "O1E", "TOS2": "P", "ADD DT": "20200101", "ACT EFF DT": 20260401.0, "ACTION CD": "C"},
    {"HCPC": "J9999", "SEQNUM": "0020", "RECID": "4", "LONG DESCRIPTION": "and a third ends it"},
    {"HCPC": "V5999", "SEQNUM": "0010", "RECID": "3", "LONG DESCRIPTION": "Invented service", "COV": "C"}
    | {"ADD DT": "19990101", "TERM DT": "20251231", "ACTION CD": "D"},
)


def test_records_of_one_code_become_one_row(tmp_path: Path) -> None:
    """Long descriptions go on over several records, and a modifier stands at the right of the code."""
    member = write(tmp_path, NAME, text(*RECORDS))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == WANTED
    assert (outcome.reading.read, outcome.reading.kept, outcome.reading.refused) == (3, 3, [])


def test_a_text_without_notice_is_read(tmp_path: Path) -> None:
    """Newer releases begin with the first record."""
    member = write(tmp_path, NAME, text(*RECORDS, notice=""))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


def test_the_workbook_gives_the_rows_of_the_text(tmp_path: Path) -> None:
    """It holds some numbers as numbers, and the longest descriptions in two rows."""
    member = write(tmp_path, NAME.replace("txt", "xlsx"), sheet(*ON_SHEET))
    assert FORMAT.recognises(member)
    assert read(FORMAT, member).rows == WANTED


def test_columns_of_the_workbook_are_found_by_name(tmp_path: Path) -> None:
    """Their order is no promise of CMS."""
    member = write(tmp_path, NAME.replace("txt", "xlsx"), sheet(*ON_SHEET, heading=HEADING[::-1]))
    assert read(FORMAT, member).rows == WANTED


def test_of_two_twins_in_a_zip_the_text_is_taken(tmp_path: Path) -> None:
    """It knows the effective days of old codes, which the workbook lacks; no other file of the zip is taken."""
    path = zipped(
        tmp_path / "april-2026-alpha-numeric-hcpcs-file.zip",
        {
            "HCPC2026_APR_ANWEB.xlsx": sheet(*ON_SHEET),
            "HCPC2026_APR_ANWEB.txt": text(*RECORDS),
            "HCPC2026_APR_Trans_Alpha.xlsx": workbook([("HCPCS/MOD", "TYPE OF CHANGE"), ("   ZZ", "ADD")]),
            "NOC codes_APR 2026.xlsx": workbook([("HCPCS", "LONG DESCRIPTION"), ("J3490", "Invented")]),
            "HCPC2026_APR_recordlayout.txt": "Field name  Positions\r\nHCPC code  1-5\r\nRECID  11\r\n",
            "proc_notes_APR2026.txt": "   PROCESSING NOTES\r\n 0001--THIS PROCESSING NOTE DELETED 1/1/97.  *\r\n",
            "Changes_by_HCPCSCode.prn": "      ZZ    ADD   Invented   Invented modifier\r\n",
        },
    )
    assert [member.name for member in members(path) if FORMAT.recognises(member)] == ["HCPC2026_APR_ANWEB.txt"]


@pytest.mark.parametrize(
    ("name", "edition", "first", "last"),
    [
        ("HCPC2026_APR_ANWEB.txt", "2026_APR", date(2026, 4, 1), date(2026, 6, 30)),
        ("HCPC2026_JUL_ANWEB_06172026.txt", "2026_JUL", date(2026, 7, 1), date(2026, 9, 30)),
        ("HCPC2025_OCT_ANWEB_v3.txt", "2025_OCT", date(2025, 10, 1), date(2025, 12, 31)),
        ("HCPC2024_JAN_CONTR_ANWEB_disc.txt", "2024_JAN", date(2024, 1, 1), date(2024, 3, 31)),
        ("HCPC2019_CONTR_ANWEB.txt", "2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("april-2021-alpha-numeric-hcpcs-file.zip", "2021_APR", date(2021, 4, 1), date(2021, 6, 30)),
        ("2018-Alpha-Numeric-HCPCS-File.zip", "2018", date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_names_tell_the_quarter_or_the_year(tmp_path: Path, name: str, edition: str, first: date, last: date) -> None:
    """A quarter holds to its end, an annual file to that of the year; the zip tells what the text does not."""
    if name.endswith(".zip"):
        member = only(zipped(tmp_path / name, {"alpha.txt": text(*RECORDS)}))
    else:
        member = write(tmp_path, name, text(*RECORDS))
    told = FORMAT.edition(member)
    assert (told.name, told.effective, told.ended) == (edition, first, last)


def test_a_month_in_the_name_of_the_zip_goes_before_a_year_in_that_of_the_text(tmp_path: Path) -> None:
    """The text of a quarter may be named by its year alone."""
    path = zipped(tmp_path / "october-2020-alpha-numeric-hcpcs-file.zip", {"HCPC2020_ANWEB.txt": text(*RECORDS)})
    assert FORMAT.edition(only(path)).name == "2020_OCT"


def test_names_without_a_release_are_refused(tmp_path: Path) -> None:
    """No column of the file tells the release."""
    with pytest.raises(SourceRefused, match="HCPC2026_APR_ANWEB"):
        FORMAT.edition(write(tmp_path, "codes.txt", text(*RECORDS)))


@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_not_recognised(tmp_path: Path, content: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing."""
    (tmp_path / NAME).write_bytes(content)
    assert not FORMAT.recognises(Member(tmp_path / NAME))


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (record("J12X4", long="Invented"), "not a code of HCPCS"),
        (record("D0120", long="Invented"), "not a code of HCPCS"),
        (record("Z", "7", long="Invented"), "not a modifier of HCPCS"),
        (record("J0001"), "no description"),
        (record("J0001", "4", long="Invented"), "without the first"),
        (record("J0001", "9", long="Invented"), "without the first"),
        (record("J0001", long="Invented", added="20241301"), "not a day"),
        (record("J0001", long="Invented", terminated="2024"), "not a day"),
        ("A sentence that does not belong here.", "without the first"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, odd: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    outcome = read(FORMAT, write(tmp_path, NAME, text(*SOUND, odd, ENDED)))
    assert (outcome.reading.read, outcome.reading.kept) == (202, 201)
    ((line, why),) = outcome.reading.refused
    assert line == 4 + 201
    assert reason in why


def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path) -> None:
    """A file of which some percent do not hold is not what it seems."""
    odd = [record(f"J{number:03}X", long="Invented") for number in range(10)]
    with pytest.raises(SourceRefused, match="10 of 211 rows"):
        read(FORMAT, write(tmp_path, NAME, text(*SOUND, *odd, ENDED)))


def test_a_text_that_broke_off_is_refused(tmp_path: Path) -> None:
    """Codes that got lost would pass for codes that do not exist."""
    with pytest.raises(SourceRefused, match="ends with the V codes was expected, and G0200 as the last was seen"):
        read(FORMAT, write(tmp_path, NAME, text(MODIFIER, *SOUND)))


def test_a_text_without_records_is_refused(tmp_path: Path) -> None:
    """Its name alone does not make it a release."""
    with pytest.raises(SourceRefused, match=r'Level II.*"A line of prose" and no record'):
        rows_alone(FORMAT, write(tmp_path, NAME, "A line of prose\r\n" * 30))
    with pytest.raises(SourceRefused, match=r"Level II.*no record was seen"):
        rows_alone(FORMAT, write(tmp_path, NAME, "A line of prose\r\n"))


def test_a_web_page_with_the_name_of_a_release_is_refused(tmp_path: Path) -> None:
    """A download that failed says so in HTML."""
    with pytest.raises(SourceRefused, match="a web page"):
        rows_alone(FORMAT, write(tmp_path, NAME, WEB_PAGE))


def test_a_workbook_with_another_header_is_refused(tmp_path: Path) -> None:
    """The message names the column that is missing."""
    heading = tuple("DESCRIPTION" if name == "LONG DESCRIPTION" else name for name in HEADING)
    member = write(tmp_path, NAME.replace("txt", "xlsx"), sheet(*ON_SHEET, heading=heading))
    with pytest.raises(SourceRefused, match="no column for long was seen"):
        rows_alone(FORMAT, member)


def test_a_zip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """Nothing of it is taken."""
    path = zipped(tmp_path / "2019-Alpha-Numeric-HCPCS-File.zip", {NAME: text(*RECORDS)})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SourceRefused, match="a whole zip file"):
        members(path)


def test_the_release_of_2019_is_read_whole() -> None:
    """It has 6,440 codes and 360 modifiers; the two twins differ in the days of old codes and in two codes' types."""
    path = shared("hcpcs/2019-Alpha-Numeric-HCPCS-File.zip")
    (member,) = (member for member in members(path) if FORMAT.recognises(member))
    outcome = read(FORMAT, member)
    rows = [row for row in outcome.rows if isinstance(row, HcpcsRow)]
    assert outcome.edition.name == "2019"
    assert (sum(not row.is_modifier for row in rows), sum(row.is_modifier for row in rows)) == (6440, 360)
    assert outcome.reading.refused == []
    by_code = {row.code: row for row in rows}
    assert by_code["G0503"].long_description.endswith(
        "treatment goals and are prepared for discharge from active treatment"
    )
    assert by_code["C9742"].crossref == ("31573", "31574")
    twin = Member(path, "HCPC2019_CONTR_ANWEB.xlsx")
    again = [row for row in read(FORMAT, twin).rows if isinstance(row, HcpcsRow)]
    differing = {
        name
        for one, other in zip(rows, again, strict=True)
        for name in HcpcsRow._fields
        if getattr(one, name) != getattr(other, name)
    }
    assert differing == {"effective", "type_of_service"}
