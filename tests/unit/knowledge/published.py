"""Small official releases as files in the layouts in which they are published; every row of them is invented."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.build import build
from knowledge.imports import Report, import_files
from knowledge.official_model import PtpAnswer, Setting
from knowledge.release import Release, open_release
from tests.unit.knowledge.conftest import ICD
from tests.unit.knowledge.sources import (
    test_add_on,
    test_coverage,
    test_gpci,
    test_hcpcs,
    test_icd10cm_order,
    test_mue,
    test_opps,
    test_pprrvu,
    test_ptp,
)
from tests.unit.knowledge.sources.official_files import zipped

PtpLine = tuple[str, str, str, str, str]
"""Column one, column two, first and last day as YYYYMMDD or `*`, indicator."""

REASON = "Invented reason"
STARTS = ("26000", "37000", "61000")
"""The codes at which the second, third and fourth part of the PTP edits begin."""
FILLING: tuple[PtpLine, ...] = tuple(
    (code, "36000", "20100101", "*", "0") for code in ("10040", "30000", "40490", "61000")
)
"""One row for each part: no part of a release is empty."""
_SETTINGS = {"practitioner": ("practitioner", "ccipra"), "outpatient_hospital": ("hospital", "ccioph")}


# Rows of files that several tests import.

WINDOWS: tuple[PtpLine, ...] = (
    ("11440", "12011", "20100101", "20151231", "1"),
    ("11440", "12011", "20200101", "*", "0"),
    ("11440", "12013", "20200401", "20200401", "9"),
    ("00100", "36010", "19960101", "*", "0"),
)
MANY: tuple[PtpLine, ...] = tuple((str(code), "36000", "20100101", "*", "0") for code in range(10000, 16000))
"""So many edits that a scan over them is felt, and that their text is far longer than what a file is known by."""
ALASKA = '02102,AK,01,"ALASKA, ALL*",1.5,1.081,0.592'
ORDER = (("D22", 0, "Invented category"), ("D2239", 1, "Nevus as it was called"), ("Z99", 1, "Last"))
NOTES = "<diag><name>D22</name><excludes1><note>as it was noted</note></excludes1></diag>"
PCS = (("001", 0, "Bypass"), ("0016070", 1, "Bypass of an invented part"), ("XY0VX83", 1, "Last"))


@dataclass(frozen=True)
class Operator:
    """An operator's folders: the curated content, the releases, and the files that were downloaded."""

    content: Path
    releases: Path
    files: Path

    def take(self, *paths: Path, licensed: bool = False) -> list[Report]:
        """Import files."""
        return list(import_files(paths, self.releases, licensed=licensed))

    def build(self) -> Path:
        """Build a release of the content and what was imported, and use it."""
        return build(self.content, into=self.releases, icd=ICD)

    def release(self, *paths: Path, licensed: bool = False) -> Release:
        """Import files, build, and open the release; whoever asks closes it."""
        self.take(*paths, licensed=licensed)
        return open_release(self.build())


def in_force(release: Release, pair: tuple[str, str], on: date, setting: Setting = "practitioner") -> list[str]:
    """Return the indicators of the edits of a pair that apply on a day."""
    answer = release.edits(pair, on, setting)
    assert isinstance(answer, PtpAnswer)
    return [edit.indicator for edit in answer.edits if edit.in_force(on)]


def written(folder: Path, name: str, content: bytes | str) -> Path:
    """Write one file, text in Latin-1."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    return path


def ptp(
    folder: Path, rows: Iterable[PtpLine] = (), *, year: int = 2026, quarter: int = 2, setting: str = "practitioner"
) -> tuple[Path, ...]:
    """Write the PTP edits of a quarter as four zips."""
    folder.mkdir(parents=True, exist_ok=True)
    name, prefix = _SETTINGS[setting]
    version = f"v{year - 1994}{quarter - 1}r0"
    parts: list[list[PtpLine]] = [[row] for row in FILLING]
    for row in rows:
        parts[sum(row[0] >= start for start in STARTS)].append(row)
    return tuple(
        zipped(
            folder / f"medicare-ncci-{year}q{quarter}-{name}-ptp-edits-{prefix}-{version}-f{number}.zip",
            {f"{prefix}-{version}-f{number}.TXT": ptp_text(part)},
        )
        for number, part in enumerate(parts, start=1)
    )


def ptp_text(rows: Iterable[PtpLine]) -> str:
    """Return rows as one part of the PTP edits."""
    lines = (f"{one}\t{two}\t\t{first}\t{last}\t{mark}\t{REASON}" for one, two, first, last, mark in rows)
    return test_ptp.text(*lines)


def mue(
    folder: Path, limits: dict[str, int], *, day: str = "04-01-2026", setting: str = "PractitionerServices"
) -> Path:
    """Write the units of some codes as the MUEs that hold from a day."""
    rows = [(code, str(units), "3 Date of Service Edit: Clinical", "Clinical: Data") for code, units in limits.items()]
    title = {"PractitionerServices": "Practitioner", "OutpatientHospitalServices": "Outpatient Hospital"}[setting]
    table = test_mue.table(*rows, units=f"{title} Services MUE Values")
    return written(folder, f"MCR_MUE_{setting}_Eff_{day}.csv", test_mue.text(table))


def add_on(folder: Path, *rows: tuple[str, str, str, str, str], name: str = "AOC_V2026Q2-MCR.xlsx") -> Path:
    """Write add-on code edits: kind, add-on code, primary code, first and last day as YYYYDDD."""
    table = test_add_on.table(
        *((kind, code, "", primary, "", first, last, "") for kind, code, primary, first, last in rows)
    )
    return written(folder, name, table)


def fee_row(
    code: str,
    modifier: str = "",
    *,
    units: Sequence[str] = ("1.01", "2.57", "0.64", "0.12"),
    status: str = "A",
    factor: str = "32.3465",
    description: str = "Owned by others",
) -> str:
    """Return a row of the fee schedule with its work, practice expense (office, facility) and malpractice units."""
    work, office, facility, malpractice = units
    return (
        f"{code},{modifier},{description},{status},,{work},{office},,{facility},,{malpractice},3.70,1.77,0,000,0.10,"
        f"0.80,0.10,2,0,1,0,0,,{factor},09,0,99,0,0,0"
    )


def fee(folder: Path, *rows: str, year: int = 2026, month: str = "April", track: str = "") -> Path:
    """Write rows of the fee schedule; `track` is QPP or nonQPP where there are two."""
    title = f"{year} National Physician Fee Schedule Relative Value File {month} Release"
    name = "_".join(filter(None, (f"PPRRVU{year}", month[:3], track)))
    return written(folder, f"{name}.csv", test_pprrvu.table(*rows, title=title))


def gpci(folder: Path, *rows: str, year: int = 2026) -> Path:
    """Write the indices of some localities."""
    heading, title = (text.replace("2025", str(year)) for text in (test_gpci.HEADING, test_gpci.TITLE))
    return written(folder, f"GPCI{year}.csv", test_gpci.text(*rows, heading=heading, title=title))


def hcpcs(folder: Path, *records: str, name: str = "HCPC2026_APR_ANWEB.txt") -> Path:
    """Write records of HCPCS Level II."""
    return written(folder, name, test_hcpcs.text(*records))


def order(folder: Path, *lines: tuple[str, int, str], name: str = "icd10cm_order_2021.txt") -> Path:
    """Write an order file of ICD-10-CM or ICD-10-PCS: code without its point, whether it is billable, description."""
    rows = ((code, valid, text[:60], text) for code, valid, text in lines)
    return written(folder, name, test_icd10cm_order.order(*rows))


def tabular(folder: Path, diagnoses: str, *, year: int = 2021, name: str = "") -> Path:
    """Write a tabular list of ICD-10-CM with one block of diagnoses."""
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.tabular><version>{year}</version><chapter><name>2</name>'
        f'<section id="D10-D36">{diagnoses}</section></chapter></ICD10CM.tabular>\n'
    )
    return written(folder, name or f"icd10cm_tabular_{year}.xml", text)


def articles(folder: Path, day: str = "2026-08-20", **tables: test_coverage.Table) -> Path:
    """Write an export of coverage articles as it is packed; tables that are given take the place of the usual ones."""
    packed = test_coverage.export("current_article", {**test_coverage.ARTICLES, **tables})
    return written(folder, f"current_article_{day}.zip", packed)


def lcds(folder: Path, day: str = "2026-08-20") -> Path:
    """Write an export of LCDs as it is packed."""
    return written(folder, f"current_lcd_{day}.zip", test_coverage.export("current_lcd", {"lcd": test_coverage.LCD}))


def opps(folder: Path, *rows: tuple[str, ...], name: str = "2026_April_Web_Addendum_B.csv") -> Path:
    """Write Addendum B: code, status indicator, APC, payment rate."""
    made = [(code, "Invented", status, apc, "", rate, "", "", "") for code, status, apc, rate in rows]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(test_opps.table(*made))
    return written(folder, name, text.getvalue())
