"""Extracts the starter tables under knowledge/content/facts/ from public CMS releases on disk.

    python scripts/extract_starter.py /work/shared/data knowledge/content/facts

Only codes, dates, indicators and units are taken, never a descriptor. Run it again when a newer release lies in the
folder, and change the editions in facts.yaml, which this script does not write: a person vouches for them.
"""

import argparse
import csv
import gzip
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

CURATED = ("11004-11006", "11008", "11400-11446", "11600-11646")
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


def within(code: str, ranges: Iterable[str]) -> bool:
    """Tell whether a five-digit code lies in one of the ranges, both ends included."""
    bounds = ((row.partition("-")[0], row.partition("-")[2] or row) for row in ranges)
    return code.isdigit() and len(code) == 5 and any(low <= code <= high for low, high in bounds)


def rows_of(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a compressed CSV file; CMS files are in Latin-1."""
    with gzip.open(path, "rt", encoding="latin-1", newline="") as lines:
        yield from csv.reader(lines)


def fees(source: Path) -> Iterator[list[str]]:
    """Yield code, modifier and indicators from PPRRVU, by the names of its tenth line and the lines above it."""
    rows = rows_of(source / "pprrvu" / "PPRRVU2025_Oct.csv.gz")
    stacked: list[list[str]] = []
    for row in rows:
        stacked.append(row)
        if row[0] == "HCPCS":
            break
    names = [
        " ".join(line[column].strip() for line in stacked[-3:] if column < len(line)).split() for column in range(31)
    ]
    wanted = ("STATUS CODE", "GLOB DAYS", "MULT PROC", "BILAT SURG", "ASST SURG", "CO- SURG", "TEAM SURG", "PCTC IND")
    places = [next(place for place, name in enumerate(names) if " ".join(name).endswith(want)) for want in wanted]
    for row in rows:
        if within(row[0], NEIGHBOURS):
            yield [row[0], row[1].strip(), *(row[place].strip() for place in places)]


def mues(source: Path) -> Iterator[list[str]]:
    """Yield code, setting, units, adjudication indicator and rationale."""
    for setting in ("practitioner", "outpatient_hospital"):
        for row in rows_of(source / "ncci" / f"mue_{setting}_2024q3.csv.gz"):
            if within(row[0], NEIGHBOURS):
                yield [row[0], setting, row[1], row[2], row[3]]


def edits(source: Path) -> Iterator[list[str]]:
    """Yield PTP pairs of which one code is curated and the other curated or a neighbour, deleted ones too."""
    for row in rows_of(source / "ncci" / "ncci_ptp_practitioner_2024q3.csv.gz"):
        one, two, deleted, indicator, rationale = row[:5]
        near = within(one, NEIGHBOURS) and within(two, NEIGHBOURS)
        if near and (within(one, CURATED) or within(two, CURATED)):
            ends = "" if deleted == "99991231" else f"{deleted[:4]}-{deleted[4:6]}-{deleted[6:]}"
            yield [one, two, ends, indicator, rationale]


def add_ons(source: Path) -> Iterator[list[str]]:
    """Yield add-on code, type, primary code and window of each add-on edit; dates there are YYYYDDD."""
    for row in _sheet(source / "aoc" / "AOC_V2026Q2-MCR.xlsx"):
        if len(row) < 7 or row[0] not in {"1", "2", "3"} or not within(row[1], NEIGHBOURS):
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
    parser.add_argument("into", type=Path, help="folder to write the tables to")
    asked = parser.parse_args()
    for name, (extract, header) in TABLES.items():
        rows = sorted(extract(asked.source))
        with (asked.into / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
