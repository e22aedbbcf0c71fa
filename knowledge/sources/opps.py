"""OPPS Addendum B: status indicator, APC and payment of each HCPCS code in the hospital outpatient department.

A CSV or tab text or a workbook, quarterly. Titles stand above the header, notes to the right of the columns; amounts
come with dollar signs and thousands separators, and a lone point where there is none.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import OppsRow
from knowledge.sources.tabular import Entry
from knowledge.sources.values import Odd, Quarter

_COLUMNS = {
    "code": r"hcpcs(code)?",
    "status_indicator": r"si|statusindicator",
    "apc": r"apc",
    "relative_weight": r"relativeweight",
    "payment_rate": r"paymentrate",
    "national_copayment": r"nationalunadjustedcopayment",
    "minimum_copayment": r"minimumunadjustedcopayment",
}
_NEEDED = {"apc", "paymentrate"}
_COMMENT = r"ci|commentindicator"
"""The column of comment indicators, which not every release has."""

_MONTH = r"(?P<month>jan|apr|jul|oct)[a-z]*"
_RELEASES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?<![a-z]){_MONTH}[-_. ]*(?:\d{{1,2}}, *)?(?P<year>20\d\d)",
        rf"(?P<year>20\d\d)[-_. ]*{_MONTH}",
    )
)
"""How titles and names tell the release: January 2026, January 1, 2026, 2026_April, cy-2026-april."""
_FIRST_MONTHS = ("January", "April", "July", "October")
_NAMES = 'the release in a title ("January 2026") or a name (2026_April_Web_Addendum_B.csv)'


def _recognises(member: Member) -> bool:
    rows = tabular.top(member)
    titled = any(tabular.plain(cell).startswith("addendumb") for row in rows for cell in row)
    # Addendum A has no codes, and those of ambulatory surgery no APC.
    return any(_names_codes(row) and (titled or set(map(tabular.plain, row)) >= _NEEDED) for row in rows)


def _names_codes(row: list[str]) -> bool:
    """Tell whether a row has the column of codes."""
    return any(re.fullmatch(_COLUMNS["code"], tabular.plain(cell)) for cell in row)


def _edition(member: Member) -> Edition:
    above = takewhile(lambda row: not _names_codes(row), tabular.top(member))
    titles = [cell for row in above for cell in row]
    told = [found for texts in (member.names, titles) if (found := _release(texts))]
    if not told:
        raise SourceRefused(member.place, _NAMES, "none")
    if len(set(told)) > 1:
        raise SourceRefused(member.place, _NAMES, f"{told[0].name} in the name and {told[1].name} in the title")
    quarter = told[0]
    return Edition(f"{_FIRST_MONTHS[quarter.number - 1]} {quarter.year}", quarter.first, quarter.last)


def _release(texts: list[str] | tuple[str, ...]) -> Quarter | None:
    """Return the first release that a text tells."""
    found = (found for text in texts for shape in _RELEASES if (found := shape.search(text)))
    return next((Quarter(int(row["year"]), values.MONTHS[row["month"].lower()]) for row in found), None)


def _rows(member: Member, reading: Reading) -> Iterator[OppsRow]:
    rows = tabular.rows_of(member)
    places = tabular.header(member, rows, _COLUMNS, {"comment_indicator": _COMMENT})
    yield from tabular.kept(member, reading, tabular.entries(member, rows, places), _row)


def _row(entry: Entry) -> OppsRow:
    status, apc = entry["status_indicator"], entry["apc"]
    if not re.fullmatch(r"[A-Z][0-9]?", status):
        raise Odd(f'"{status}" is not a status indicator')
    if not re.fullmatch(r"\d{0,4}", apc):
        raise Odd(f'"{apc}" is not an APC')
    return OppsRow(
        code=values.code(entry["code"]),
        status_indicator=status,
        comment_indicator=entry.get("comment_indicator", ""),
        # APCs have four digits; workbooks hold them as numbers.
        apc=apc and apc.zfill(4),
        relative_weight=_amount(entry["relative_weight"]),
        payment_rate=_amount(entry["payment_rate"]),
        national_copayment=_amount(entry["national_copayment"]),
        minimum_copayment=_amount(entry["minimum_copayment"]),
    )


def _amount(text: str) -> Decimal | None:
    """Return a weight or US dollars; None where the cell holds none."""
    return None if text.strip("$ .-").upper() in {"", "NA", "N/A"} else values.number(text)


FORMAT = Format(
    kind="opps",
    title="OPPS Addendum B",
    expects="a CSV or tab text or a workbook with HCPCS Code, SI, APC, Relative Weight, Payment Rate and copayments",
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
