"""HCPCS Level II of CMS (no CPT in it): codes and modifiers with descriptions, coverage and dates.

Published once a quarter, until 2019 once a year, as a text and a workbook with the same rows. The text has records of
320 characters (HCPC_recordlayout.txt): 1-5 code, a modifier in 4-5; 6-10 sequence; 11 record, 3 and 4 the first and the
next of a code, 7 and 8 of a modifier; 12-91 long description, to be put together; 92-119 short; 120-127 pricing, four
of two; 205-229 cross-references, five of five; 230 coverage; 257-259 BETOS; 261-265 types of service; 269, 277 and 285
days added, effective and terminated; 293 action. The workbook names its columns, and lacks the effective days of old
codes. Notices of CMS stand above the records and the header.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import HcpcsRow
from knowledge.sources.tabular import Entry
from knowledge.sources.values import Odd, Quarter

_EXPECTS = (
    "HCPCS Level II, as a text with records of 320 characters (HCPC2026_APR_ANWEB.txt) or as a workbook with the "
    "columns HCPC, SEQNUM, RECID, LONG DESCRIPTION and so on"
)
_FIELDS = {
    "code": slice(0, 5),
    "record": slice(10, 11),
    "long": slice(11, 91),
    "short": slice(91, 119),
    **{f"price{n}": slice(117 + 2 * n, 119 + 2 * n) for n in range(1, 5)},
    **{f"xref{n}": slice(199 + 5 * n, 204 + 5 * n) for n in range(1, 6)},
    "cov": slice(229, 230),
    "betos": slice(256, 259),
    **{f"tos{n}": slice(259 + n, 260 + n) for n in range(1, 6)},
    "added": slice(268, 276),
    "effective": slice(276, 284),
    "terminated": slice(284, 292),
    "action": slice(292, 293),
}
"""Where the fields of a record stand, by our names of the columns."""
_COLUMNS = {
    "code": r"hcpcs?(code)?",
    "record": r"recid",
    "long": r"longdescription",
    "short": r"shortdescription",
    **{name: name for name in _FIELDS if re.fullmatch(r"(price|xref|tos)\d|cov|betos", name)},
    "added": r"adddt",
    "effective": r"acteffdt",
    "terminated": r"termdt",
    "action": r"actioncd",
}
"""The shapes of the names of the workbook's columns."""
_FIRST, _NEXT = frozenset("37"), frozenset("48")
_RECORD = re.compile(r"(?:[A-Z]\d{4}|   [0-9A-Z]{2})\d{5}[3478]")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_CODE = re.compile(r"[A-CE-Z]\d{4}")
"""A code of Level II; D codes are dental (CDT), the property of others, and not in this file."""
_LAST = "V"
"""The first letter of the last codes; a text without them broke off."""

_MONTH = r"(?P<month>jan|apr|jul|oct)[a-z]*"
_RELEASES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"HCPC[-_ ]?(?P<year>20\d\d)[-_ ]{_MONTH}",
        rf"(?<![a-z]){_MONTH}[-_ ](?P<year>20\d\d)[-_ ]alpha[-_ ]?numeric",
        r"HCPC[-_ ]?(?P<year>20\d\d)(?P<month>)",
        r"(?P<year>20\d\d)(?P<month>)[-_ ]alpha[-_ ]?numeric",
    )
)
"""How names tell the release; one with a month goes first, as the text of a quarter may be named by its year alone."""
_NAMES = "a name such as HCPC2026_APR_ANWEB.txt or april-2026-alpha-numeric-hcpcs-file.zip"


def _recognises(member: Member) -> bool:
    if any(_RECORD.match(line) and line[10] in _FIRST and len(line) >= 293 for line in tabular.top_lines(member)):
        return True
    needed = {"recid", "longdescription", "actioncd"}
    return any(needed <= set(map(tabular.plain, row)) for row in tabular.top(member))


def _edition(member: Member) -> Edition:
    """Return the quarter of the release, or its year, from the names: 2026_APR; 2019."""
    found = next((found for shape in _RELEASES if (found := tabular.named(member, shape))), None)
    if found is None:
        raise SourceRefused(member.place, _NAMES, f'"{" in ".join(member.names)}"')
    year, month = int(found["year"]), found["month"].lower()
    if not month:
        return Edition(str(year), date(year, 1, 1), date(year, 12, 31))
    quarter = Quarter(year, values.MONTHS[month])
    return Edition(f"{year}_{month.upper()}", quarter.first, quarter.last)


def _rows(member: Member, reading: Reading) -> Iterator[HcpcsRow]:
    entries = _of_workbook(member) if member.head()[:2] == b"PK" else _of_text(member)
    yield from tabular.kept(member, reading, _together(entries), _row)


def _of_workbook(member: Member) -> Iterator[tuple[int, Entry]]:
    rows = tabular.rows_of(member)
    places = tabular.header(member, rows, _COLUMNS)
    return tabular.entries(member, rows, places)


def _of_text(member: Member) -> Iterator[tuple[int, Entry]]:
    """Yield the records of a text, without the notices above the first."""
    begun, code = False, ""
    for line, text in enumerate(tabular.lines_of(member), start=1):
        begun = begun or _RECORD.match(text) is not None
        if not begun and line > tabular.TOP:
            raise SourceRefused(member.place, _EXPECTS, f'"{text.strip()[:80]}" and no record above it', line)
        if begun and text.strip("\x1a "):
            code = text[:5]
            yield line, {name: text[place] for name, place in _FIELDS.items()}
    if not begun:
        raise SourceRefused(member.place, _EXPECTS, "no record")
    if code < _LAST:
        raise SourceRefused(member.place, f"a whole file, which ends with the {_LAST} codes", f"{code} as the last")


def _together(records: Iterable[tuple[int, Entry]]) -> Iterator[tuple[int, Entry]]:
    """Yield one entry for each code, with the pieces of its long description put together."""
    first: tuple[int, dict[str, str]] | None = None
    for line, record in records:
        if first and record["record"].strip() in _NEXT and record["code"].strip() == first[1]["code"].strip():
            first[1]["long"] += f" {record['long']}"
            continue
        if first:
            yield first
        first = line, dict(record)
    if first:
        yield first


def _row(entry: Entry) -> HcpcsRow:
    entry = {name: " ".join(text.split()) for name, text in entry.items()}
    if entry["record"] not in _FIRST:
        raise Odd(f'"{entry["code"]}" has the record "{entry["record"]}" without the first of that code before it')
    is_modifier = entry["record"] == "7"
    if not (_MODIFIER if is_modifier else _CODE).fullmatch(entry["code"]):
        raise Odd(f'"{entry["code"]}" is not a {"modifier" if is_modifier else "code"} of HCPCS Level II')
    if not entry["long"]:
        raise Odd(f"{entry['code']} has no description")
    return HcpcsRow(
        code=entry["code"],
        is_modifier=is_modifier,
        long_description=entry["long"],
        short_description=entry["short"],
        pricing=_several(entry, "price"),
        coverage=entry["cov"],
        betos=entry["betos"],
        type_of_service=_several(entry, "tos"),
        crossref=_several(entry, "xref"),
        added=_day(entry["added"]),
        effective=_day(entry["effective"]),
        terminated=_day(entry["terminated"]),
        action=entry["action"],
    )


def _several(entry: Entry, name: str) -> tuple[str, ...]:
    """Return the fields that are filled of those with a number."""
    return tuple(text for field, text in entry.items() if field[:-1] == name and text)


def _day(text: str) -> date | None:
    return values.day(text.replace("-", "")) if text.strip("0") else None


FORMAT = Format(
    kind="hcpcs",
    title="HCPCS Level II",
    expects=_EXPECTS,
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
