"""Extracts the starter tables under knowledge/content/facts/ from public CMS releases on disk.

    python scripts/extract_starter.py FOLDER_OF_RELEASES knowledge/content

Only codes, dates, indicators and units are taken, never a descriptor: of the curated codes, of the ranges around them,
and of every other code that a family names. Run it again when a family is added or a newer release lies in the folder,
and change the editions in facts.yaml, which this script does not write: a person vouches for them.
"""

import argparse
import csv
import gzip
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

from ruamel.yaml import YAML

FEES = "pprrvu/PPRRVU2025_Oct.csv.gz"
UNITS = "ncci/mue_{setting}_2024q3.csv.gz"
PAIRS = "ncci/ncci_ptp_practitioner_2024q3.csv.gz"
ADD_ONS = "aoc/AOC_V2026Q2-MCR.xlsx"
"""The releases that are read; the editions in facts.yaml are those of these files."""

NEIGHBOURS = (
    "10060-10180",
    "11000-11047",
    "11102-11107",
    "11300-11313",
    "11400-11471",
    "11600-11646",
    "12001-13160",
    "14000-14302",
    "15002-15005",
    "17000-17286",
    "49623",
    "97597-97598",
)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


# Quoted, or in a text on its own; a span of codes names its ends only.
_NAMED = re.compile(r"(?<![\w.])(\d{5}|[A-V]\d{4})(?![\w.]*\d)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The codes whose rows are taken."""

    curated: frozenset[str]
    """Those that have a page."""
    near: frozenset[str]
    """Every other code that a family names; the ranges of `NEIGHBOURS` come on top."""

    def held(self, code: str) -> bool:
        """Tell whether rows of a code are taken."""
        return code in self.near or code in self.curated or within(code, NEIGHBOURS)


def curated(content: Path) -> frozenset[str]:
    """Return every code that has a page."""
    families = (YAML(typ="safe").load(path) for path in sorted((content / "families").glob("*.yaml")))
    return frozenset(str(code) for family in families for code in family["codes"])


def named(content: Path) -> frozenset[str]:
    """Return every code that looks like a procedure code in the families."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((content / "families").glob("*.yaml")))
    return frozenset(code for text in texts for code in _NAMED.findall(text))


def within(code: str, ranges: Iterable[str]) -> bool:
    """Tell whether a five-digit code lies in one of the ranges, both ends included; a range may be one code."""
    bounds = ((row.partition("-")[0], row.partition("-")[2] or row) for row in ranges)
    return code.isdigit() and len(code) == 5 and any(low <= code <= high for low, high in bounds)


def rows_of(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a compressed CSV file; CMS files are in Latin-1."""
    with gzip.open(path, "rt", encoding="latin-1", newline="") as lines:
        yield from csv.reader(lines)


def fees(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield code, modifier and indicators from PPRRVU, by the names of its tenth line and the lines above it."""
    rows = rows_of(source / FEES)
    stacked: list[list[str]] = []
    for row in rows:
        stacked.append(row)
        if row[0] == "HCPCS":
            break
    names = [
        " ".join(line[column].strip() for line in stacked[-3:] if column < len(line)).split() for column in range(31)
    ]
    columns = ("STATUS CODE", "GLOB DAYS", "MULT PROC", "BILAT SURG", "ASST SURG", "CO- SURG", "TEAM SURG", "PCTC IND")
    places = [next(place for place, name in enumerate(names) if " ".join(name).endswith(want)) for want in columns]
    for row in rows:
        if wanted.held(row[0]):
            yield [row[0], row[1].strip(), *(row[place].strip() for place in places)]


def mues(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield code, setting, units, adjudication indicator and rationale."""
    for setting in ("practitioner", "outpatient_hospital"):
        for row in rows_of(source / UNITS.format(setting=setting)):
            if wanted.held(row[0]):
                yield [row[0], setting, row[1], row[2], row[3]]


def edits(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield PTP pairs of which one code is curated and the other curated or a neighbour, deleted ones too."""
    for row in rows_of(source / PAIRS):
        one, two, deleted, indicator, rationale = row[:5]
        if {one, two} & wanted.curated and wanted.held(one) and wanted.held(two):
            ends = "" if deleted == "99991231" else f"{deleted[:4]}-{deleted[4:6]}-{deleted[6:]}"
            yield [one, two, ends, indicator, rationale]


def add_ons(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield add-on code, type, primary code and window of each add-on edit; dates there are YYYYDDD."""
    for row in _sheet(source / ADD_ONS):
        if len(row) < 7 or row[0] not in {"1", "2", "3"} or not wanted.held(row[1]):
            continue
        ends = sorted(_day(row[place]) for place in (2, 4, 6) if row[place])
        yield [row[1], row[0], row[3], _day(row[5]), ends[0] if ends else ""]


def _day(text: str) -> str:
    """Return a day written as YYYYDDD in ISO 8601; empty stays empty."""
    return (date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)).isoformat() if text else ""


def _sheet(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the first sheet of a workbook as eight cells of text."""
    with zipfile.ZipFile(path) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(part.text or "" for part in row.iter(f"{_SHEET}t")) for row in shared.iter(f"{_SHEET}si")]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    for row in sheet.iter(f"{_SHEET}row"):
        cells = [""] * 8
        for cell in row.iter(f"{_SHEET}c"):
            value = cell.findtext(f"{_SHEET}v") or ""
            place = ord(cell.get("r", "A1")[0]) - ord("A")
            cells[place] = texts[int(value)] if cell.get("t") == "s" and value else value
        yield cells


TABLES = {
    "fee.csv": (
        fees,
        (
            "code",
            "modifier",
            "status",
            "global_days",
            "multiple",
            "bilateral",
            "assistant",
            "co_surgeon",
            "team",
            "pctc",
        ),
    ),
    "mue.csv": (mues, ("code", "setting", "units", "indicator", "rationale")),
    "ptp.csv": (edits, ("column_one", "column_two", "deleted", "indicator", "rationale")),
    "add_on.csv": (add_ons, ("add_on", "kind", "primary", "effective", "deleted")),
}


def main() -> None:
    """Write every table, sorted, and say how many rows it has."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, help="folder with the releases (see its README)")
    parser.add_argument("content", type=Path, help="folder with families/ and facts/; the tables are written to facts/")
    asked = parser.parse_args()
    wanted = Wanted(curated(asked.content), named(asked.content))
    for name, (extract, header) in TABLES.items():
        rows = sorted(extract(asked.source, wanted))
        with (asked.content / "facts" / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
