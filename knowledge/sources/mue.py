"""NCCI medically unlikely edits of Medicare: practitioner, outpatient hospital and DME supplier services.

A CSV text or a workbook: a notice in one quoted cell of several lines, a header, and a row for each code. Rows have no
dates; only names tell the date from which the file holds. The adjudication indicator comes with its label, as in
`3 Date of Service Edit: Clinical`. Some values are confidential and in no file: absence is not "no limit" (NCCI Policy
Manual, chapter I; layout read off the release of 2026Q3).
"""

import re
from collections.abc import Iterator
from datetime import date

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import MueRow, Setting
from knowledge.sources.tabular import Entry
from knowledge.sources.values import Odd, Quarter

_COLUMNS = {
    "code": r"hcpcscptcode",
    "units": r".*muevalues?",
    "indicator": r"mueadjudicationindicator|mai",
    "rationale": r"muerationale",
}
_SETTINGS: dict[str, Setting] = {
    "practitioner": "practitioner",
    "hospital": "outpatient_hospital",
    "dme": "dme",
}
"""A word in the header of the values, or in a name -> setting."""

_EFFECTIVE = re.compile(r"eff(?:ective)?[-_ ]*(\d{1,2})[-_.](\d{1,2})[-_.](\d{4})", re.IGNORECASE)
_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])", re.IGNORECASE)
_NAMES = (
    "a name such as MCR_MUE_PractitionerServices_Eff_07-01-2026.csv or "
    "medicare-ncci-2026-q3-practitioner-services-mue-table.zip"
)
_INDICATOR = re.compile(r"([123])(?:\D.*)?")


def _recognises(member: Member) -> bool:
    names = (tabular.plain(cell) for row in tabular.top(member) for cell in row)
    return any(re.fullmatch(r"mueadjudicationindicator|.{0,40}servicesmuevalues?", name) for name in names)


def _edition(member: Member) -> Edition:
    tabular.whole_of_medicare(member)
    effective = _effective(member)
    quarter = Quarter(effective.year, (effective.month + 2) // 3)
    return Edition(quarter.name, effective, quarter.last, setting=_setting(member))


def _effective(member: Member) -> date:
    """Return the first day on which the file holds, from a name."""
    if found := tabular.named(member, _EFFECTIVE):
        try:
            return date(int(found[3]), int(found[1]), int(found[2]))
        except ValueError:
            raise SourceRefused(member.place, _NAMES, f"{found[0]}, which is no day") from None
    if found := tabular.named(member, _QUARTER):
        return Quarter(int(found[1]), int(found[2])).first
    raise SourceRefused(member.place, _NAMES, "one that does not tell from when the edits hold")


def _setting(member: Member) -> Setting:
    """Return whose claims the values are for: the header says it, and names do where it does not."""
    heads = [
        name
        for row in tabular.top(member)
        for cell in row
        if re.fullmatch(r".{0,40}muevalues?", name := tabular.plain(cell))
    ]
    for text in (*heads, *map(str.lower, member.names)):
        for word, setting in _SETTINGS.items():
            if word in text:
                return setting
    raise SourceRefused(member.place, _NAMES, "a header and names that do not tell the setting")


def _rows(member: Member, reading: Reading) -> Iterator[MueRow]:
    rows = tabular.rows_of(member)
    places = tabular.header(member, rows, _COLUMNS)
    yield from tabular.kept(member, reading, tabular.entries(member, rows, places), _row)


def _row(entry: Entry) -> MueRow:
    code, units, indicator = values.code(entry["code"]), entry["units"], _INDICATOR.fullmatch(entry["indicator"])
    if not units.isdecimal():
        raise Odd(f'"{units}" is not a whole number of units')
    if not indicator:
        raise Odd(f'"{entry["indicator"]}" is not an adjudication indicator')
    if not entry["rationale"]:
        raise Odd("the rationale is empty")
    return MueRow(code, int(units), indicator[1], entry["rationale"])


FORMAT = Format(
    kind="mue",
    title="NCCI medically unlikely edits of Medicare",
    expects="a CSV text or a workbook with HCPCS/CPT Code, MUE Values, MUE Adjudication Indicator and MUE Rationale, "
    "named MCR_MUE_PractitionerServices_Eff_07-01-2026.csv or alike",
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
