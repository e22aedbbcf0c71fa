"""Reads the official rows that the content carries: codes, dates, indicators and units, each with its edition.

A field that does not look like what its column holds is refused: a shifted column would otherwise be read as a rule.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from knowledge.reading import ContentRefused, Problem, said, worded

LISTING = "facts.yaml"
TAKEN = "taken.csv"
"""The codes that the script which writes partial tables took rows about: of any other they say nothing."""

Row = tuple[str, ...]

_CODE = r"\d{4}[0-9AFMTU]|[A-V]\d{4}"
_DAY = r"\d{4}-\d\d-\d\d"
_DAY_OR_NONE = rf"({_DAY})?"
_AMOUNT = r"(\d+\.\d+)?"

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # Values of the indicators: PPRRVU record layout, CMS.
        "fee": {
            "code": _CODE,
            "modifier": r"([0-9A-Z]{2})?",
            "status": r"[A-Z]",
            "global_days": r"000|010|090|MMM|XXX|YYY|ZZZ",
            "multiple": r"[0-79]",
            "bilateral": r"[01239]",
            "assistant": r"[0129]",
            "co_surgeon": r"[0129]",
            "team": r"[0129]",
            "pctc": r"[0-9]",
            # Relative value units and the conversion factor, as the file gives them.
            "work": _AMOUNT,
            "pe_nonfacility": _AMOUNT,
            "pe_facility": _AMOUNT,
            "malpractice": _AMOUNT,
            "conversion_factor": _AMOUNT,
        },
        # The adjudication indicator is 1, 2 or 3 (CMS, MUE file).
        "mue": {
            "code": _CODE,
            "setting": r"practitioner|outpatient_hospital|dme",
            "units": r"\d+",
            "indicator": r"[123]",
            "rationale": r".+",
        },
        # CCCCC stands for primaries that the contractor defines (CMS, add-on code file).
        "add_on": {
            "add_on": _CODE,
            "kind": r"[123]",
            "primary": rf"{_CODE}|CCCCC",
            "effective": _DAY_OR_NONE,
            "deleted": _DAY_OR_NONE,
        },
        # The modifier indicator is 0, 1 or 9 (NCCI Policy Manual, chapter I).
        "ptp": {
            "column_one": _CODE,
            # Several codes, parted by blanks, where all else is the same: the rows of a code else fill pages.
            "column_two": rf"({_CODE})( ({_CODE}))*",
            "effective": _DAY_OR_NONE,
            "deleted": _DAY_OR_NONE,
            "indicator": r"[019]",
            "rationale": r".+",
        },
    }
)
"""Kind of file -> its columns in order, each with what a field may hold."""
_AMOUNTS = ("work", "pe_nonfacility", "pe_facility", "malpractice", "conversion_factor")
_OPTIONAL = {"ptp": ("effective",), "fee": _AMOUNTS}
"""Columns that a file of a kind may leave out, all of them: a ptp file that gives no effective dates, for one."""
_KEYS = {"fee": 2, "mue": 2, "add_on": 5, "ptp": 4}
"""How many of the first fields tell a row from the others."""


class FactListing(BaseModel):
    """One entry of facts.yaml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: Literal["fee", "mue", "add_on", "ptp"]
    file: Annotated[str, StringConstraints(pattern=r"^[\w.-]+\.csv$")]
    edition: Annotated[str, StringConstraints(min_length=1)]
    effective: date
    ended: date
    setting: Literal["practitioner", "outpatient_hospital", "dme"] = "practitioner"
    """The services that a ptp file is for; the rows of a mue file name their own."""
    partial: bool = False
    """True where only rows about codes that the families name were taken from the official file."""
    note: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """The rows of one edition of one file."""

    kind: str
    edition: str
    effective: date
    """First date of service that the edition holds for."""
    ended: date
    """The last one."""
    settings: tuple[str, ...]
    """The settings of care that the edition speaks for; empty where it makes no difference."""
    note: str
    partial: bool
    rows: tuple[Row, ...]
    """As in `COLUMNS`, without repetitions."""


def read_facts(folder: Path) -> tuple[FactTable, ...]:
    """Read every table that facts.yaml names; raises `ContentRefused` with file, line and what was expected."""
    path = folder / LISTING
    if not path.exists():
        return ()
    listing = _listing(path)
    return tuple(_table(folder, row) for row in listing)


def read_taken(folder: Path) -> tuple[str, ...]:
    """Return the codes about which rows of partial tables were taken, one a line of `taken.csv`; none without it."""
    path = folder / TAKEN
    if not path.exists():
        return ()
    codes = path.read_text(encoding="utf-8").split()
    wrong = [
        f"{path.name} line {number}: {code} is no code"
        for number, code in enumerate(codes, 1)
        if not re.fullmatch(_CODE, code)
    ]
    if wrong:
        raise ContentRefused(wrong)
    return tuple(codes)


def _listing(path: Path) -> list[FactListing]:
    try:
        tree = YAML(typ="safe").load(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentRefused([f"{path.name} line {line}: {error.problem}"]) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ContentRefused([f"{path.name}: it is not YAML in UTF-8: {error}"]) from None
    try:
        rows = TypeAdapter(list[FactListing]).validate_python(tree)
    except ValidationError as error:
        raise ContentRefused(worded(path, said(error))) from None
    wrong = [
        Problem((number, "ended"), f"the edition {row.edition} ends before it begins")
        for number, row in enumerate(rows)
        if row.ended < row.effective
    ]
    names = [(row.kind, row.edition) for row in rows]
    wrong += [
        Problem((number, "edition"), f"{row.kind} has two editions of the name {row.edition}; give each its own")
        for number, row in enumerate(rows)
        if names.index((row.kind, row.edition)) < number
    ]
    if wrong:
        raise ContentRefused(worded(path, wrong))
    return rows


def _table(folder: Path, listing: FactListing) -> FactTable:
    rows = tuple(dict.fromkeys(_rows(folder / listing.file, listing.kind)))
    settings = {"mue": tuple(sorted({row[1] for row in rows})), "ptp": (listing.setting,)} if rows else {}
    return FactTable(
        kind=listing.kind,
        edition=listing.edition,
        effective=listing.effective,
        ended=listing.ended,
        settings=settings.get(listing.kind, ()),
        note=listing.note,
        partial=listing.partial,
        rows=rows,
    )


def _rows(path: Path, kind: str) -> Iterator[Row]:
    """Yield the rows of one file, columns that it may leave out as empty."""
    columns = COLUMNS[kind]
    left_out = _OPTIONAL.get(kind, ())
    keys: dict[Row, Row] = {}
    try:
        lines = path.open(encoding="utf-8", newline="")
    except FileNotFoundError:
        raise ContentRefused([f"{LISTING}: the file {path.name} that it names is not beside it"]) from None
    with lines:
        reader = csv.reader(lines)
        header = next(reader, [])
        short = bool(left_out) and header == [name for name in columns if name not in left_out]
        if header != list(columns) and not short:
            found = ",".join(header) or "none"
            raise ContentRefused([f"{path.name} line 1: the columns {','.join(columns)} were expected, not {found}"])
        for fields in reader:
            row = tuple(fields)
            if short and len(fields) == len(header):
                given = dict(zip(header, fields, strict=True))
                row = tuple(given.get(name, "") for name in columns)
            _check(path, reader.line_num, row, columns)
            for one in _single(kind, row):
                if keys.setdefault(one[: _KEYS[kind]], one) != one:
                    key = " ".join(filter(None, one[: _KEYS[kind]]))
                    twice = f"{key} stands twice with different values"
                    raise ContentRefused([f"{path.name} line {reader.line_num}: {twice}"])
                yield one


def _single(kind: str, row: Row) -> Iterator[Row]:
    """Yield a row for each code of column two."""
    if kind != "ptp":
        yield row
        return
    one, several, *rest = row
    yield from ((one, two, *rest) for two in several.split())


def _check(path: Path, line: int, row: Row, columns: Mapping[str, str]) -> None:
    """Raise what is wrong in one row."""
    if len(row) != len(columns):
        raise ContentRefused([f"{path.name} line {line}: {len(columns)} fields were expected, not {len(row)}"])
    for (name, pattern), value in zip(columns.items(), row, strict=True):
        if not re.fullmatch(pattern, value):
            raise ContentRefused([f'{path.name} line {line}, {name}: "{value}" is not what this column holds'])
        if pattern == _DAY_OR_NONE and value:
            try:
                date.fromisoformat(value)
            except ValueError:
                raise ContentRefused([f"{path.name} line {line}, {name}: {value} is not a day"]) from None
