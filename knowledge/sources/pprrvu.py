"""The relative value file of the Medicare physician fee schedule (PPRRVU), as CSV or as a text of fixed records.

Quarterly, in the zips rvuYYa to rvuYYd. The names of the CSV's columns are spread over several lines and repeat (RVU,
TOTAL, INDICATOR), so that they are put together; a column more came in 2026. From 2026 on there are two files with
conversion factors of their own, for qualifying participants of alternative payment models (QPP) and others (nonQPP).
Descriptions of CPT and dental codes are the property of others and are left out where no licence is given (record
layout: RVU25D.pdf, CMS).
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import takewhile

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import FeeRow
from knowledge.sources.tabular import Entry
from knowledge.sources.values import Odd, Quarter

_COLUMNS = {
    "code": r"hcpcs",
    "modifier": r"mod",
    "description": r"description",
    "status": r"statuscode",
    "work": r"workrvu",
    "pe_nonfacility": r"nonfac(ility)?pervu",
    "na_nonfacility": r"nonfac(ility)?naindicator",
    "pe_facility": r"fac(ility)?pervu",
    "na_facility": r"fac(ility)?naindicator",
    "malpractice": r"mprvu",
    "total_nonfacility": r"nonfac(ility)?total",
    "total_facility": r"fac(ility)?total",
    "pctc": r"pctcind",
    "global_days": r"globdays",
    "preoperative": r"preop",
    "intraoperative": r"intraop",
    "postoperative": r"postop",
    "multiple": r"multproc",
    "bilateral": r"bilatsurg",
    "assistant": r"asstsurg",
    "co_surgeon": r"cosurg",
    "team": r"teamsurg",
    "endoscopic_base": r"endobase",
    "conversion_factor": r"convfactor",
    "supervision": r"supervisionofdiagnosticprocedures",
}
_ABOVE = 2
"""Lines above the last one of the header that belong to the names."""

_FIELDS = {
    "code": slice(0, 5),
    "modifier": slice(5, 7),
    "description": slice(7, 57),
    "status": slice(57, 58),
    "work": slice(59, 65),
    "pe_nonfacility": slice(66, 72),
    "na_nonfacility": slice(72, 74),
    "pe_facility": slice(75, 81),
    "na_facility": slice(81, 83),
    "malpractice": slice(84, 89),
    "total_nonfacility": slice(90, 96),
    "total_facility": slice(96, 102),
    "pctc": slice(102, 103),
    "global_days": slice(103, 106),
    "preoperative": slice(106, 109),
    "intraoperative": slice(109, 112),
    "postoperative": slice(112, 115),
    "multiple": slice(115, 116),
    "bilateral": slice(116, 117),
    "assistant": slice(117, 118),
    "co_surgeon": slice(118, 119),
    "team": slice(119, 120),
    "endoscopic_base": slice(127, 132),
    "conversion_factor": slice(132, 140),
    "supervision": slice(141, 143),
}
"""Where the fields of a record of the text stand."""
_RECORD = re.compile(r"[A-Z0-9]{5}.{52}[A-Z] [ \d.]{6} [ \d.]{6}.*")

_VALUES: dict[str, frozenset[str]] = {
    "global_days": frozenset({"000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"}),
    "multiple": frozenset("012345679"),
    "bilateral": frozenset("01239"),
    "assistant": frozenset("0129"),
    "co_surgeon": frozenset("0129"),
    "team": frozenset("0129"),
    "pctc": frozenset("0123456789"),
}
"""Indicator -> its values (record layout, CMS)."""
_SHAPES = {
    "status": re.compile(r"[A-Z]"),
    "modifier": re.compile(r"([0-9A-Z]{2})?"),
    "supervision": re.compile(r"[0-9A-Z]{2}"),
    "na_nonfacility": re.compile(r"(NA)?"),
    "na_facility": re.compile(r"(NA)?"),
}

_NAME = re.compile(r"PPRRVU[-_]?(?:20)?(\d\d)[-_]?(JAN|APR|JUL|OCT)", re.IGNORECASE)
_ZIP = re.compile(r"rvu(\d\d)([a-d])", re.IGNORECASE)
_TITLE = re.compile(r"(20\d\d) national physician fee schedule relative value file (jan|apr|jul|oct)", re.IGNORECASE)
_QPP = re.compile(r"(non)?[-_ ]?qpp", re.IGNORECASE)
_MONTHS = ("Jan", "Apr", "Jul", "Oct")
_NAMES = "a name such as PPRRVU2025_Oct.csv, PPRRVU2026_Jan_nonQPP.txt or rvu25d.zip"


def _recognises(member: Member) -> bool:
    names = [[tabular.plain(cell) for cell in row] for row in tabular.top(member)]
    titled = any("physicianfeeschedulerelativevaluefile" in cell for row in names for cell in row)
    return titled or any(row[:3] == ["hcpcs", "mod", "description"] for row in names) or _is_fixed(member)


def _is_fixed(member: Member) -> bool:
    """Tell whether a member is the text of fixed records, below lines that begin with HDR."""
    lines = tabular.top_lines(member)
    return any(len(line) > _FIELDS["supervision"].stop and _RECORD.fullmatch(line) for line in lines)


def _edition(member: Member) -> Edition:
    named = next(filter(None, (_named(member, shape) for shape in (_NAME, _ZIP))), None)
    titled = next((_quarter(found) for cell in _titles(member) if (found := _TITLE.search(cell))), None)
    quarter = named or titled
    if quarter is None:
        raise SourceRefused(member.place, _NAMES, "one that does not tell the release")
    if titled and titled != quarter:
        raise SourceRefused(member.place, _NAMES, f"{quarter.name} in the name and {titled.name} in the title")
    month = _MONTHS[quarter.number - 1]
    track = next((found for text in (*member.names, *_titles(member)) if (found := _QPP.search(text))), None)
    suffix = "" if track is None else "_nonQPP" if track[1] else "_QPP"
    return Edition(f"PPRRVU{quarter.year}_{month}{suffix}", quarter.first, quarter.last)


def _named(member: Member, shape: re.Pattern[str]) -> Quarter | None:
    found = tabular.named(member, shape)
    return _quarter(found) if found else None


def _quarter(found: re.Match[str]) -> Quarter:
    """Return the quarter of a release told as a year and a month, or a letter from a to d."""
    year, release = int(found[1]), found[2].lower()
    return Quarter(year if year > 2000 else 2000 + year, values.MONTHS.get(release) or "abcd".index(release) + 1)


def _titles(member: Member) -> list[str]:
    """Return the cells above the header."""
    rows = takewhile(lambda row: tabular.plain(row[0]) != "hcpcs", filter(None, tabular.top(member)))
    return [cell for row in rows for cell in row if cell]


def _rows(member: Member, reading: Reading) -> Iterator[FeeRow]:
    parse = partial(_row, licensed=reading.licensed)
    if _is_fixed(member):
        yield from tabular.kept(
            member, reading, tabular.cut(member, _FIELDS, _FIELDS["supervision"].stop, skipping="HDR"), parse
        )
        return
    rows = tabular.rows_of(member)
    places = tabular.header(member, rows, _COLUMNS, above=_ABOVE)
    yield from tabular.kept(member, reading, tabular.entries(member, rows, places), parse)


def _row(entry: Entry, *, licensed: bool) -> FeeRow:
    code = values.code(entry["code"])
    for name, allowed in _VALUES.items():
        values.among(entry[name], allowed, f"value of {name.replace('_', ' ')}")
    for name, shape in _SHAPES.items():
        if not shape.fullmatch(entry[name]):
            raise Odd(f'"{entry[name]}" is not a value of {name.replace("_", " ")}')
    return FeeRow(
        code=code,
        modifier=entry["modifier"],
        description=None if _is_owned(code) and not licensed else entry["description"],
        status=entry["status"],
        global_days=entry["global_days"],
        multiple=entry["multiple"],
        bilateral=entry["bilateral"],
        assistant=entry["assistant"],
        co_surgeon=entry["co_surgeon"],
        team=entry["team"],
        pctc=entry["pctc"],
        work=values.number(entry["work"]),
        pe_nonfacility=values.number(entry["pe_nonfacility"]),
        pe_facility=values.number(entry["pe_facility"]),
        malpractice=values.number(entry["malpractice"]),
        total_nonfacility=values.number(entry["total_nonfacility"]),
        total_facility=values.number(entry["total_facility"]),
        na_nonfacility=entry["na_nonfacility"] == "NA",
        na_facility=entry["na_facility"] == "NA",
        preoperative=_share(entry["preoperative"]),
        intraoperative=_share(entry["intraoperative"]),
        postoperative=_share(entry["postoperative"]),
        endoscopic_base=entry["endoscopic_base"] and values.code(entry["endoscopic_base"]),
        supervision=entry["supervision"],
        conversion_factor=values.number(entry["conversion_factor"]),
    )


def _is_owned(code: str) -> bool:
    """Tell whether the text of a code belongs to the AMA (CPT begins with a digit) or the ADA (D codes)."""
    return code[0].isdecimal() or code[0] == "D"


def _share(text: str) -> Decimal:
    """Return a share of the global package."""
    share = values.number(text)
    if not 0 <= share <= 1:
        raise Odd(f'"{text}" is not a share from 0 to 1')
    return share


FORMAT = Format(
    kind="fee",
    title="Physician fee schedule relative values",
    expects="a CSV text with the header HCPCS, MOD, DESCRIPTION over several lines, or a text of records of 172 "
    "characters, named PPRRVU2025_Oct.csv or alike",
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
