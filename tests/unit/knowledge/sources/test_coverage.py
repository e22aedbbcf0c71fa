"""The Medicare Coverage Database: documents, the codes of articles, and the LCDs that articles belong to."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from knowledge.sources import reading
from knowledge.sources.coverage import FORMAT
from knowledge.sources.reading import Member, SourceRefused, members
from knowledge.sources.rows import CoverageCode, CoverageDocument, CoverageLink
from tests.unit.knowledge.sources.official_files import STRANGERS, WEB_PAGE, read, rows_alone, write, zipped

Table = list[tuple[str, ...]]
DAY = "2026-04-01 00:00:00"


def rows_of(*lines: str) -> Table:
    """Return rows whose cells are divided by bars."""
    return [tuple(line.split("|")) for line in lines]


ARTICLE = rows_of(
    "article_id|article_version|article_type|title|article_pub_date|article_eff_date|article_end_date|description|"
    "status|last_updated|article_rev_end_date|date_retired|keywords|display_id|reference_article",
    "52369|17|6|Billing and Coding: Invented &amp;lt;i&amp;gt;things&amp;lt;/i&amp;gt; &amp;amp; others|2026-03-01|"
    f'{DAY}||A <b>text</b>,\nwith "quotes"|A|2026-08-20 11:49:28.133000||||A52369|N',
    f"60000|1|6|Retired one|2020-01-01|04/01/2020|12/31/2025||R|{DAY}|N/A|11/30/2025|||N",
)
LCD = rows_of(
    "lcd_id|lcd_version|title|determination_number|orig_det_eff_date|ent_det_end_date|rev_eff_date|rev_end_date|"
    "indication|status|last_updated|display_id|date_retired",
    "33777|25|Invented procedures|L33777|2015-10-01 00:00:00|N/A|2025-05-01 00:00:00|N/A|"
    "text|A|2026-09-24 16:02:11|L33777|",
    f"38000|2|Proposed &#8211; one|DL38000|2024-02-01|||||P|{DAY}|DL38000|",
)
NCD = rows_of(
    "NCD_id|NCD_vrsn_num|natl_cvrg_type|NCD_mnl_sect|NCD_mnl_sect_title|NCD_efctv_dt|NCD_impltn_dt|NCD_trmntn_dt|"
    "itm_srvc_desc|last_updt_tmstmp|NCD_AMA",
    "279|1|True|190.11|Invented monitoring|2008-03-19 00:00:00|||x|2026-08-28 11:49:28|False",
    f"20|3|True|30.4|Electric sleep - RETIRED|2023-04-10||2021-01-01|x|{DAY}|False",
)
_LISTED = ("article_id", "article_version")
PROCEDURES: Table = [
    (*_LISTED, "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range", "last_updated", "long_description"),
    ("52369", "17", "29877", "9", "1", "N", DAY, "a descriptor that is not taken"),
    ("52369", "17", "g0289", "9", "2", "N", DAY, ""),
    ("52369", "17", "XX000", "9", "3", "N", DAY, "Not Applicable"),
]
COVERED: Table = [
    (*_LISTED, "icd10_code_id", "icd10_code_version", "icd10_covered_group", "range", "last_updated", "description"),
    ("52369", "17", "M23.200", "20", "1", "B", DAY, "x"),
    ("52369", "17", "M23201", "20", "1", "E", DAY, "x"),
    ("52369", "17", "QA0.0101", "20", "", "N", DAY, "x"),
    ("52369", "17", "XX000", "20", "1", "N", DAY, "Not Applicable"),
]
NOT_COVERED: Table = [
    tuple(name.replace("covered", "noncovered") for name in COVERED[0]),
    ("52369", "17", "M17.11", "20", "1", "N", DAY, "x"),
]
RELATED: Table = [
    (*_LISTED, "related_num", "r_article_id", "r_article_version", "r_lcd_id", "r_lcd_version", "r_contractor_id"),
    ("52369", "17", "1", "", "", "33777", "25", "140"),
    ("52369", "17", "2", "", "", "33777", "25", "141"),
    ("52369", "17", "3", "52370", "3", "", "", "140"),
    ("60000", "1", "1", "60001", "3", "0", "0", "140"),
    ("60000", "1", "2", "", "", "33777", "25", "140"),
]
OTHERS: dict[str, Table] = {
    "article_x_code_table": [(*_LISTED, "code_table_row", "hcpc_code_id"), ("52369", "17", "1", "J1100")],
    "article_x_hcpc_code_group": [(*_LISTED, "hcpc_code_group", "paragraph"), ("52369", "17", "1", "text")],
    "article_x_icd10_covered_group": [(*_LISTED, "icd10_covered_group", "paragraph"), ("52369", "17", "1", "text")],
    "lcd_x_hcpc_code": [("lcd_id", "lcd_version", "hcpc_code_id", "hcpc_code_group"), ("33312", "1", "E0953", "1")],
    "lcd_related_documents": [("lcd_id", "r_article_id", "r_lcd_id"), ("33777", "52369", "")],
    "contractor": [("contractor_id", "contractor_bus_name"), ("140", "Invented")],
}
CODES = [
    CoverageCode("52369", "17", "29877", "procedure", 1),
    CoverageCode("52369", "17", "G0289", "procedure", 2),
]


def table(rows: Table) -> bytes:
    """Return a table as CMS exports it: UTF-8, CRLF, quotes where they are needed."""
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()


def archive(files: dict[str, bytes]) -> bytes:
    """Return a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return made.getvalue()


def export(name: str, tables: dict[str, Table]) -> bytes:
    """Return a download as CMS packs it: a zip of tables, an Access database and a dictionary."""
    inner = archive({f"{key}.csv": table(rows) for key, rows in tables.items()} | {"readme_first.txt": b"Read me"})
    return archive({f"{name}_csv.zip": inner, "readme_first.txt": b"Read me", "dictionary.pdf": b"%PDF-1.4"})


ARTICLES = {
    "article": ARTICLE,
    "article_related_documents": RELATED,
    "article_x_hcpc_code": PROCEDURES,
    "article_x_icd10_covered": COVERED,
    "article_x_icd10_noncovered": NOT_COVERED,
}


def many(rows: Table, count: int = 200) -> Table:
    """Return a table with its first row many times."""
    return [rows[0], *[rows[1]] * count]


@pytest.mark.parametrize(
    ("name", "rows", "wanted"),
    [
        (
            "article",
            ARTICLE,
            [
                CoverageDocument(
                    kind="article",
                    id="52369",
                    version="17",
                    display="A52369",
                    title="Billing and Coding: Invented things & others",
                    status="A",
                    effective=date(2026, 4, 1),
                    ended=None,
                ),
                CoverageDocument(
                    kind="article",
                    id="60000",
                    version="1",
                    display="A60000",
                    title="Retired one",
                    status="R",
                    effective=date(2020, 4, 1),
                    ended=date(2025, 11, 30),
                ),
            ],
        ),
        (
            "lcd",
            LCD,
            [
                CoverageDocument(
                    kind="lcd",
                    id="33777",
                    version="25",
                    display="L33777",
                    title="Invented procedures",
                    status="A",
                    effective=date(2025, 5, 1),
                    ended=None,
                ),
                CoverageDocument(
                    kind="lcd",
                    id="38000",
                    version="2",
                    display="DL38000",
                    title="Proposed – one",
                    status="P",
                    effective=date(2024, 2, 1),
                    ended=None,
                ),
            ],
        ),
        (
            "ncd_trkg",
            NCD,
            [
                CoverageDocument(
                    kind="ncd",
                    id="279",
                    version="1",
                    display="190.11",
                    title="Invented monitoring",
                    status="",
                    effective=date(2008, 3, 19),
                    ended=None,
                ),
                CoverageDocument(
                    kind="ncd",
                    id="20",
                    version="3",
                    display="30.4",
                    title="Electric sleep - RETIRED",
                    status="R",
                    effective=date(2023, 4, 10),
                    ended=date(2021, 1, 1),
                ),
            ],
        ),
        ("article_x_hcpc_code", PROCEDURES, CODES),
        (
            "article_x_icd10_covered",
            COVERED,
            [
                CoverageCode("52369", "17", "M23.200", "supports", 1),
                CoverageCode("52369", "17", "M23.201", "supports", 1),
                CoverageCode("52369", "17", "QA0.0101", "supports", 0),
            ],
        ),
        ("article_x_icd10_noncovered", NOT_COVERED, [CoverageCode("52369", "17", "M17.11", "conflicts", 1)]),
        ("article_related_documents", RELATED, [CoverageLink("52369", "33777"), CoverageLink("60000", "33777")]),
    ],
)
def test_each_table_gives_its_rows(tmp_path: Path, name: str, rows: Table, wanted: list[object]) -> None:
    """Days come in two forms or as N/A, titles with escaped markup; what says nothing is no row."""
    member = write(tmp_path, f"{name}_2026-09-28.csv", table(rows))
    assert FORMAT.recognises(member)
    outcome = read(FORMAT, member)
    assert outcome.rows == wanted
    assert outcome.reading.refused == []
    assert outcome.reading.read == outcome.reading.kept


def test_the_text_of_a_whole_document_may_stand_in_a_cell(tmp_path: Path) -> None:
    """Some have more characters than the standard library allows by itself."""
    longest = tuple("x" * 200_000 if cell == "text" else cell for cell in LCD[1])
    assert len(read(FORMAT, write(tmp_path, "lcd.csv", table([LCD[0], longest]))).rows) == 1


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    """Exports gain columns, and their order is no promise."""
    turned = [row[::-1] for row in PROCEDURES]
    assert read(FORMAT, write(tmp_path, "codes-20260928.csv", table(turned))).rows == CODES


def test_text_of_older_exports_is_read_too(tmp_path: Path) -> None:
    """It is Windows-1252, and that of newer ones may begin with a mark."""
    text = table(ARTICLE[:2]).decode().replace("Invented", "Invented \N{EN DASH}")
    for content in (text.encode("cp1252"), text.encode("utf-8"), text.encode("utf-8-sig")):
        (row,) = read(FORMAT, write(tmp_path, "article.csv", content)).rows
        assert isinstance(row, CoverageDocument)
        assert row.title == "Billing and Coding: Invented – things & others"


@pytest.mark.parametrize("name", OTHERS)
def test_other_tables_of_the_export_are_left_alone(tmp_path: Path, name: str) -> None:
    """Some have columns of the same names."""
    member = write(tmp_path, f"{name}.csv", table(OTHERS[name]))
    assert not FORMAT.recognises(member)
    with pytest.raises(SourceRefused, match="a table of the Medicare Coverage Database"):
        FORMAT.edition(member)


@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_not_recognised(tmp_path: Path, content: bytes) -> None:
    """Recognition looks at content, never at the name, and raises nothing."""
    (tmp_path / "article.csv").write_bytes(content)
    assert not FORMAT.recognises(Member(tmp_path / "article.csv"))


def test_tables_are_found_in_zips_in_zips(tmp_path: Path) -> None:
    """CMS packs the tables of each kind, those with a database, and all of them once more."""
    path = tmp_path / "all_data.zip"
    files = {
        "current_article.zip": export("current_article", ARTICLES | OTHERS),
        "current_lcd.zip": export("current_lcd", {"lcd": LCD}),
        "ncd.zip": export("ncd", {"ncd_trkg": NCD}),
    }
    path.write_bytes(archive(files))
    found = [member for member in members(path) if FORMAT.recognises(member)]
    assert [member.inner for member in found] == [
        *(f"current_article.zip/current_article_csv.zip/{name}.csv" for name in ARTICLES),
        "current_lcd.zip/current_lcd_csv.zip/lcd.csv",
        "ncd.zip/ncd_csv.zip/ncd_trkg.csv",
    ]
    assert found[0].names == ("article.csv", "current_article_csv.zip", "current_article.zip", "all_data.zip")
    assert found[0].place == "all_data.zip: current_article.zip/current_article_csv.zip/article.csv"
    assert [len(read(FORMAT, member).rows) for member in found] == [2, 2, 2, 3, 1, 2, 2]


def test_members_of_two_inner_zips_can_be_read_in_turn(tmp_path: Path) -> None:
    """Only one of them is held in memory, and a reader of the other keeps its own."""
    path = tmp_path / "both.zip"
    path.write_bytes(archive({"a.zip": archive({"x.txt": b"one\ntwo\n"}), "b.zip": archive({"x.txt": b"three\n"})}))
    first, second = members(path)
    lines = first.lines()
    assert next(lines) == "one"
    assert list(second.lines()) == ["three"]
    assert list(lines) == ["two"]


def test_a_folder_called_like_a_zip_is_a_folder(tmp_path: Path) -> None:
    """Some tools unpack a zip into a folder of its name and pack that again."""
    path = zipped(tmp_path / "a.zip", {"b.zip/x.txt": "one\n"})
    (member,) = members(path)
    assert list(member.lines()) == ["one"]


def test_zips_are_opened_three_deep_and_no_deeper(tmp_path: Path) -> None:
    """A zip may hold itself."""
    content = archive({"x.txt": b"one"})
    for _ in range(4):
        content = archive({"a.zip": content})
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    (member,) = members(path)
    assert member.inner == "a.zip/a.zip/a.zip"
    assert member.head()[:2] == b"PK"


@pytest.mark.parametrize("damage", ["cut", "changed", "no zip"])
def test_a_damaged_inner_zip_refuses_the_file(tmp_path: Path, damage: str) -> None:
    """Nothing is taken of a download that came in part."""
    inner = archive({"lcd.csv": table(LCD)})
    hurt = {"cut": inner[:-40], "changed": inner[:60] + bytes(40) + inner[100:], "no zip": WEB_PAGE}[damage]
    path = tmp_path / "current_lcd.zip"
    path.write_bytes(archive({"current_lcd_csv.zip": hurt}))
    with pytest.raises(SourceRefused, match="whole"):
        _ = [rows_alone(FORMAT, member) for member in members(path)]


def test_an_inner_zip_beyond_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be unpacked into memory."""
    monkeypatch.setattr(reading, "_LARGEST_NESTED", 1000)
    path = tmp_path / "current_lcd.zip"
    path.write_bytes(export("current_lcd", {"lcd": LCD, **OTHERS}))
    with pytest.raises(SourceRefused, match="a zip of at most 1,000 bytes"):
        members(path)


@pytest.mark.parametrize(
    ("name", "edition", "day"),
    [
        ("current_article.zip", "articles 2026-08-20", date(2026, 8, 20)),
        ("current_article_2026-09-28.zip", "articles 2026-09-28", date(2026, 9, 28)),
        ("current_article 20260928.zip", "articles 2026-09-28", date(2026, 9, 28)),
        ("all_article.zip", "all articles 2026-08-20", date(2026, 8, 20)),
    ],
)
def test_all_tables_of_one_export_have_one_edition(tmp_path: Path, name: str, edition: str, day: date) -> None:
    """The name tells the day of the export, or else it is that of the last change of any document in it."""
    path = tmp_path / name
    path.write_bytes(export(name[:7].rstrip("_"), ARTICLES))
    told = [FORMAT.edition(member) for member in members(path) if FORMAT.recognises(member)]
    assert len(told) == len(ARTICLES)
    assert {(row.name, row.effective, row.ended) for row in told} == {(edition, day, None)}


def test_unpacked_tables_find_the_day_beside_them_or_in_themselves(tmp_path: Path) -> None:
    """A table alone tells only when its own rows last changed."""
    alone = write(tmp_path, "article_x_hcpc_code.csv", table(PROCEDURES))
    assert FORMAT.edition(alone).name == "articles 2026-04-01"
    write(tmp_path, "article.csv", table(ARTICLE))
    assert FORMAT.edition(alone).name == "articles 2026-08-20"
    assert FORMAT.edition(write(tmp_path, "lcd.csv", table(LCD))).name == "LCDs 2026-09-24"
    assert FORMAT.edition(write(tmp_path, "ncd_trkg.csv", table(NCD))).name == "NCDs 2026-08-28"


def test_a_table_without_any_day_is_refused(tmp_path: Path) -> None:
    """Its rows could not be told from those of another export."""
    bare = [tuple(row[place] for place in (0, 1, 2, 4)) for row in PROCEDURES]
    with pytest.raises(SourceRefused, match="the day of the export in the name"):
        FORMAT.edition(write(tmp_path, "codes.csv", table(bare)))


@pytest.mark.parametrize(
    ("rows", "place", "value", "reason"),
    [
        (ARTICLE, 0, "A52369", "not the number of an article"),
        (ARTICLE, 1, "", "not the number of a version"),
        (ARTICLE, 3, "<p> </p>", "no title"),
        (ARTICLE, 5, "in April", "not a day"),
        (ARTICLE, 5, "2026-02-30", "not a day"),
        (ARTICLE, 6, "13/01/2026", "not a day"),
        (LCD, 0, "", "not the number of an LCD"),
        (NCD, 0, "190.11", "not the number of an NCD"),
        (PROCEDURES, 2, "2987X", "not a code"),
        (PROCEDURES, 4, "one", "not the number of a group"),
        (COVERED, 2, "M2.3", "not a code of ICD-10-CM"),
        (COVERED, 2, "99213", "not a code of ICD-10-CM"),
        (NOT_COVERED, 1, "x", "not the number of a version"),
        (RELATED, 5, "L33777", "not the number of an LCD"),
    ],
)
def test_an_odd_row_is_left_out_and_named(tmp_path: Path, rows: Table, place: int, value: str, reason: str) -> None:
    """One row that does not hold costs only itself."""
    odd = (*rows[1][:place], value, *rows[1][place + 1 :])
    content = table([rows[0], odd, *many(rows)[1:]])
    outcome = read(FORMAT, write(tmp_path, "table_2026-09-28.csv", content))
    assert (outcome.reading.read, outcome.reading.kept) == (201, 200)
    ((line, why),) = outcome.reading.refused
    assert line == content.split(b"\r\n")[1].count(b"\n") + 2
    assert reason in why


def test_a_row_of_another_length_is_left_out(tmp_path: Path) -> None:
    """A cell too many shifts all that follow."""
    content = table([PROCEDURES[0], (*PROCEDURES[1], "more"), *many(PROCEDURES)[1:]])
    outcome = read(FORMAT, write(tmp_path, "table_2026-09-28.csv", content))
    assert outcome.reading.refused == [(2, "the row has more or fewer cells than the header")]


def test_a_table_that_broke_off_is_refused(tmp_path: Path) -> None:
    """Codes that got lost would pass for codes that no article names."""
    content = table(many(COVERED))[:-12]
    with pytest.raises(SourceRefused, match="line 201: a whole last row"):
        read(FORMAT, write(tmp_path, "table_2026-09-28.csv", content))


@pytest.mark.parametrize("rows", [PROCEDURES, COVERED])
def test_many_odd_rows_refuse_the_whole_file(tmp_path: Path, rows: Table) -> None:
    """A file of which some percent do not hold is not what its header says."""
    odd = (*rows[1][:2], "?????", *rows[1][3:])
    with pytest.raises(SourceRefused, match="10 of 210 rows"):
        read(FORMAT, write(tmp_path, "table_2026-09-28.csv", table([*many(rows), *[odd] * 10])))


@pytest.mark.parametrize("damaged", ["100", "1.1E+04", "29877.0"])
def test_a_code_that_a_spreadsheet_changed_refuses_the_whole_file(tmp_path: Path, damaged: str) -> None:
    """What happened to one code happened to others; the message names the line."""
    odd = (*PROCEDURES[1][:2], damaged, *PROCEDURES[1][3:])
    with pytest.raises(SourceRefused, match="line 202: codes of five characters"):
        read(FORMAT, write(tmp_path, "table_2026-09-28.csv", table([*many(PROCEDURES), odd])))


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (WEB_PAGE, "a web page"),
        (b"", "an empty file"),
        (b"article_id,title\r\n52369,x\r\n", '"article_id,title" was seen'),
        (b"%PDF-1.4", "a file that is no text"),
        (archive({}), "PK"),
    ],
)
def test_another_file_with_the_name_of_a_table_is_refused(tmp_path: Path, content: bytes, seen: str) -> None:
    """The message names the tables that are read and what was seen."""
    (tmp_path / "article.csv").write_bytes(content)
    with pytest.raises(SourceRefused, match="article_related_documents was expected") as caught:
        rows_alone(FORMAT, Member(tmp_path / "article.csv"))
    assert seen in str(caught.value)


def test_a_cell_without_an_end_is_refused(tmp_path: Path) -> None:
    """It would swallow the rest of the table."""
    content = table(PROCEDURES) + b'52369,17,"' + b"x" * 11_000_000
    with pytest.raises(SourceRefused, match="a cell without an end"):
        read(FORMAT, write(tmp_path, "table_2026-09-28.csv", content))
    assert csv.field_size_limit() < 11_000_000
