"""Extracts the starter tables under knowledge/content/facts/ from public CMS releases on disk.

    python scripts/extract_starter.py FOLDER_OF_RELEASES knowledge/content

Only codes, dates, indicators, units and relative values are taken, never a descriptor: of the codes that have a page,
of every other code that a family names, and of those that coders often ask about (`facts/often_asked.csv`). Run it
again when a family is added or a newer release lies in the folder, and change the editions in facts.yaml, which this
script does not write: a person vouches for them.
"""

import argparse
import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.sources import add_on, pprrvu
from knowledge.sources.reading import Format, Member, Reading, digest
from knowledge.sources.rows import AddOnRow, FeeRow

FEES = "pprrvu/PPRRVU2025_Oct.csv.gz"
UNITS = "ncci/mue_{setting}_2024q3.csv.gz"
PAIRS = "ncci/ncci_ptp_practitioner_2024q3.csv.gz"
ADD_ONS = "aoc/AOC_V2026Q2-MCR.xlsx"
"""The releases that are read; the editions in facts.yaml are those of these files."""

# Quoted, or in a text on its own; a span of codes names its ends only.
_NAMED = re.compile(r"(?<![\w.])(\d{5}|[A-V]\d{4})(?![\w.]*\d)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The codes whose rows are taken."""

    curated: frozenset[str]
    """Those that have a page."""
    near: frozenset[str]
    """Every other code that a family names."""
    spans: tuple[tuple[str, str], ...]
    """First and last code of those that are often asked about."""

    def held(self, code: str) -> bool:
        """Tell whether rows of a code are taken."""
        return code in self.near or code in self.curated or any(first <= code <= last for first, last in self.spans)


def wanted_by(content: Path) -> Wanted:
    """Return the codes that have a page, those that the families seem to name, and those often asked about."""
    curated: set[str] = set()
    named: set[str] = set()
    for path in sorted((content / "families").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        curated |= {str(code) for code in YAML(typ="safe").load(text).get("codes", {})}
        named |= set(_NAMED.findall(text))
    often = (content / "facts" / "often_asked.csv").read_text(encoding="utf-8").split()
    spans = tuple((row.partition("-")[0], row.rpartition("-")[2]) for row in often)
    return Wanted(frozenset(curated), frozenset(named), spans)


def rows_of(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a compressed CSV file; CMS files are in Latin-1."""
    with gzip.open(path, "rt", encoding="latin-1", newline="") as lines:
        yield from csv.reader(lines)


def published(known: Format, path: Path) -> Iterator[tuple[object, ...]]:
    """Yield the typed rows of a file as published."""
    member = Member(path)
    yield from known.rows(member, Reading(known.kind, known.edition(member), member.place, digest(member)))


def fees(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield code, modifier, indicators and relative values from PPRRVU."""
    for row in published(pprrvu.FORMAT, source / FEES):
        if isinstance(row, FeeRow) and wanted.held(row.code):
            yield [str(getattr(row, name)) for name in TABLES["fee.csv"][1]]


def mues(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield code, setting, units, adjudication indicator and rationale."""
    for setting in ("practitioner", "outpatient_hospital"):
        for row in rows_of(source / UNITS.format(setting=setting)):
            if wanted.held(row[0]):
                yield [row[0], setting, row[1], row[2], row[3]]


def edits(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield PTP pairs of which both codes are wanted, deleted ones too.

    The codes of column two for which all else is the same stand in one row.
    """
    together: dict[tuple[str, str, str, str], set[str]] = {}
    for row in rows_of(source / PAIRS):
        one, two, deleted, indicator, rationale = row[:5]
        if wanted.held(one) and wanted.held(two):
            ends = "" if deleted == "99991231" else f"{deleted[:4]}-{deleted[4:6]}-{deleted[6:]}"
            together.setdefault((one, ends, indicator, rationale), set()).add(two)
    for (one, ends, indicator, rationale), codes in together.items():
        yield [one, " ".join(sorted(codes)), ends, indicator, rationale]


def add_ons(source: Path, wanted: Wanted) -> Iterator[list[str]]:
    """Yield add-on code, type, primary code and window of each add-on edit."""
    for row in published(add_on.FORMAT, source / ADD_ONS):
        if isinstance(row, AddOnRow) and wanted.held(row.add_on):
            window = [day.isoformat() if day else "" for day in (row.effective, row.deleted)]
            yield [row.add_on, row.kind, row.primary_code, *window]


_INDICATORS = "status global_days multiple bilateral assistant co_surgeon team pctc"
_VALUES = "work pe_nonfacility pe_facility malpractice conversion_factor"
TABLES = {
    "fee.csv": (fees, tuple(f"code modifier {_INDICATORS} {_VALUES}".split())),
    "mue.csv": (mues, ("code", "setting", "units", "indicator", "rationale")),
    "ptp.csv": (edits, ("column_one", "column_two", "deleted", "indicator", "rationale")),
    "add_on.csv": (add_ons, ("add_on", "kind", "primary", "effective", "deleted")),
}


def main() -> None:
    """Write every table, sorted, and the codes that rows were taken about; say how many rows each has."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, help="folder with the releases (see its README)")
    parser.add_argument("content", type=Path, help="folder with families/ and facts/; the tables are written to facts/")
    asked = parser.parse_args()
    wanted = wanted_by(asked.content)
    taken: set[str] = set()
    for name, (extract, header) in TABLES.items():
        rows = sorted(extract(asked.source, wanted))
        taken |= {row[0] for row in rows}
        with (asked.content / "facts" / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        print(f"{name}: {len(rows)} rows")
    codes = sorted(taken | wanted.curated)
    (asked.content / "facts" / "taken.csv").write_text("".join(f"{code}\n" for code in codes), encoding="utf-8")
    print(f"taken.csv: {len(codes)} codes")


if __name__ == "__main__":
    main()
