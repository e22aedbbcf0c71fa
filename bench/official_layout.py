"""Writes the NCCI extracts at full size in the layout in which CMS publishes them, to measure importers with.

    python bench/official_layout.py OUT_FOLDER [--rows N]

The extracts hold codes, deletion dates, indicators and rationales, and no effective dates. **Every effective date
written here is a placeholder**: the same for the same pair in every run, never after the deletion date, and for a pair
with several windows the day after the window before it was deleted, so that windows stay apart. So is the notice above
the rows. What is written serves measurements and is never a source of facts.
"""

import argparse
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

EXTRACTS = Path(__file__).parents[2] / "shared" / "data" / "ncci"
"""Where the extracts lie; see the README of that folder."""

QUARTER, VERSION, EFFECTIVE = "2024q3", "v302r0", "07-01-2024"
"""The edition of the extracts, as names of CMS files spell it."""

STARTS = ("26000", "37000", "61000")
"""The column one codes at which the second, third and fourth part begin, much as CMS cuts them."""

SETTINGS = {
    "practitioner": ("practitioner", "ccipra", "PractitionerServices", "Practitioner"),
    "outpatient_hospital": ("hospital", "ccioph", "OutpatientHospitalServices", "Outpatient Hospital"),
}
"""Setting -> its name in a zip of PTP edits, in the member, in a MUE file, and in the header of that file."""

PTP_HEADING = (
    "Placeholder for the notice that CMS prints here. Effective dates below are placeholders.",
    "Column1/Column2 Edits",
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
MUE_NOTICE = "Placeholder for the notice\nthat CMS prints here,\nin one cell of several lines."
MUE_LABELS = {"1": "1 Line Edit", "2": "2 Date of Service Edit: Policy", "3": "3 Date of Service Edit: Clinical"}

_ALWAYS = "99991231"
"""How the extracts write that an edit stands."""
_FIRST = date(1996, 1, 1)
_YEARS = 26
"""Placeholders are quarters of 1996 and of the years after it, so many in all."""


def write_ptp(out: Path, setting: str, rows: int | None = None) -> tuple[Path, ...]:
    """Write the PTP edits of a setting as four zips; of about so many rows, whole pairs evenly taken, or all."""
    name, prefix, *_ = SETTINGS[setting]
    source = EXTRACTS / f"ncci_ptp_{setting}_{QUARTER}.csv.gz"
    keep = _taken(source, rows)
    out.mkdir(parents=True, exist_ok=True)
    paths = tuple(
        out / f"medicare-ncci-{QUARTER}-{name}-ptp-edits-{prefix}-{VERSION}-f{number}.zip"
        for number in range(1, len(STARTS) + 2)
    )
    with ExitStack() as opened:
        parts = [
            opened.enter_context(_member(path, f"{prefix}-{VERSION}-f{number}.TXT"))
            for number, path in enumerate(paths, start=1)
        ]
        for part in parts:
            part.writelines(f"{line}\r\n" for line in PTP_HEADING)
        for one, edits in groupby(_extract(source), key=itemgetter(0)):
            part = parts[sum(one >= start for start in STARTS)]
            # The windows of a pair do not stand side by side in the extract.
            for two, windows in groupby(sorted(edits, key=itemgetter(1)), key=itemgetter(1)):
                if keep(one + two):
                    part.writelines(_windows(one, two, windows))
    return paths


def write_mue(out: Path, setting: str) -> Path:
    """Write the MUEs of a setting as a zip with one CSV file."""
    *_, name, heading = SETTINGS[setting]
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name.lower()}muetable-effective-{EFFECTIVE}.zip"
    with _member(path, f"MCR_MUE_{name}_Eff_{EFFECTIVE}.csv") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow((MUE_NOTICE, "", "", ""))
        columns = (f"{heading} Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale")
        writer.writerow(("HCPCS/\nCPT Code", *columns))
        for code, units, indicator, rationale, _ in _extract(EXTRACTS / f"mue_{setting}_{QUARTER}.csv.gz"):
            writer.writerow((code, units, MUE_LABELS[indicator], rationale))
    return path


@contextmanager
def _member(path: Path, name: str) -> Iterator[IO[str]]:
    """Open the only member of a new zip for text."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book,
        book.open(name, "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, encoding="latin-1", newline="") as text,
    ):
        yield text


def _extract(path: Path) -> Iterator[list[str]]:
    """Yield the rows of an extract, without its header."""
    with gzip.open(path, "rt", encoding="latin-1", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        yield from rows


def _taken(path: Path, rows: int | None) -> Callable[[str], bool]:
    """Tell which pairs are written: all, or a share of them that is the same in every run."""
    if rows is None:
        return lambda _: True
    with gzip.open(path, "rb") as lines:
        whole = sum(1 for _ in lines) - 1
    limit = int(min(1, rows / whole) * 2**32)
    return lambda pair: zlib.crc32(pair.encode()) < limit


def _windows(one: str, two: str, windows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the lines of one pair, the newest window first."""
    lines = []
    begins = _quarter(one + two)
    for _, _, deleted, indicator, rationale in sorted(windows, key=itemgetter(2)):
        ends = None if deleted == _ALWAYS else date.fromisoformat(deleted)
        # CMS gives a void edit the same day for both dates (NCCI Policy Manual, chapter I).
        starts = ends if indicator == "9" and ends else min(begins, ends or begins)
        flag = "*" if starts == _FIRST else ""
        last = f"{ends:%Y%m%d}" if ends else "*"
        lines.append(f"{one}\t{two}\t{flag}\t{starts:%Y%m%d}\t{last}\t{indicator}\t{rationale}\r\n")
        begins = ends + timedelta(days=1) if ends else begins
    yield from reversed(lines)


def _quarter(pair: str) -> date:
    """Return the first day of a quarter, the same for the same pair in every run."""
    number = zlib.crc32(pair.encode()) % (_YEARS * 4)
    return date(_FIRST.year + number // 4, number % 4 * 3 + 1, 1)


def main() -> None:
    """Write everything, and name what was written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, help="folder to write into; it is made where it is missing")
    parser.add_argument("--rows", type=int, help="about how many PTP rows of each setting; all of them by default")
    asked = parser.parse_args()
    for setting in SETTINGS:
        for path in (*write_ptp(asked.out, setting, asked.rows), write_mue(asked.out, setting)):
            print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
