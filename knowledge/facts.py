"""Reads the official rows that the content carries: codes, dates, indicators and units, each with its edition."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge.reading import ContentRefused

COLUMNS = {
    "fee": "code,modifier,status,global_days,multiple,bilateral,assistant,co_surgeon,team,pctc",
    "mue": "code,setting,units,indicator,rationale",
    "add_on": "add_on,kind,primary,effective,deleted",
    "ptp": "column_one,column_two,deleted,indicator,rationale",
}
"""The header that each kind of file must have."""


@dataclass(frozen=True, slots=True)
class FactTable:
    """The rows of one edition of one file."""

    kind: str
    edition: str
    effective: date
    """First date of service that the edition holds for."""
    ended: date
    """The last one."""
    note: str
    rows: tuple[tuple[str, ...], ...]


def read_facts(folder: Path) -> tuple[FactTable, ...]:
    """Read every table that facts.yaml names; raises `ContentRefused` with file, line and what was expected."""
    listing = folder / "facts.yaml"
    if not listing.exists():
        return ()
    try:
        entries = YAML(typ="safe").load(listing)
        return tuple(
            FactTable(
                kind=entry["kind"],
                edition=entry["edition"],
                effective=entry["effective"],
                ended=entry["ended"],
                note=entry["note"],
                rows=_rows(folder / entry["file"], entry["kind"]),
            )
            for entry in entries
        )
    except (YAMLError, KeyError, TypeError) as error:
        expected = "kind, file, edition, effective, ended and note were expected"
        raise ContentRefused([f"facts.yaml: {expected} ({error})"]) from None


def _rows(path: Path, kind: str) -> tuple[tuple[str, ...], ...]:
    wanted = COLUMNS[kind].split(",")
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        header = next(reader, [])
        if header != wanted:
            found = ",".join(header)
            raise ContentRefused([f"{path.name} line 1: the columns {COLUMNS[kind]} were expected, not {found}"])
        rows = []
        for row in reader:
            if len(row) != len(wanted):
                raise ContentRefused([f"{path.name} line {reader.line_num}: {len(wanted)} fields were expected"])
            rows.append(tuple(row))
    return tuple(rows)
