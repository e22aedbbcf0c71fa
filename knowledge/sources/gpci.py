"""Geographic practice cost indices by Medicare locality (Addendum E of the physician fee schedule), as CSV.

A title, a header, a row for each locality, and notes. A payment is (work x PW + practice expense x PE + malpractice x
MP) x conversion factor. Where a file gives the work index with and without its floor of 1.0, that with it is taken.
"""

import re
from collections.abc import Iterator
from datetime import date

from knowledge.sources import tabular, values
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused
from knowledge.sources.rows import GpciRow
from knowledge.sources.tabular import Entry
from knowledge.sources.values import Damaged, Odd

_COLUMNS = {
    "contractor": r"medicareadministrativecontractor(mac)?|mac",
    "state": r"state",
    "locality": r"localitynumber",
    "locality_name": r"localityname",
    "work": r"(20\d\d)?pwgpci.*",
    "practice_expense": r"(20\d\d)?pegpci",
    "malpractice": r"(20\d\d)?mpgpci",
}
_FLOORED = r"(20\d\d)?pwgpciwith(10)?floor"
_WORK = re.compile(_COLUMNS["work"])
_YEAR = re.compile(r"20\d\d")


def _recognises(member: Member) -> bool:
    names = [tabular.plain(cell) for row in tabular.top(member) for cell in row]
    titled = any("geographicpracticecostindices" in name for name in names)
    return any(_WORK.fullmatch(name) for name in names) or (titled and any("gpci" in name for name in names))


def _edition(member: Member) -> Edition:
    cells = [cell for row in tabular.top(member) for cell in row]
    columns = [cell for cell in cells if _WORK.fullmatch(tabular.plain(cell))]
    titles = [cell for cell in cells if "geographicpracticecost" in tabular.plain(cell)]
    found = next((found for text in (*columns, *titles, *member.names) if (found := _YEAR.search(text))), None)
    if found is None:
        raise SourceRefused(
            member.place, "a year in the header, the title or the name (GPCI2025.csv)", "none in any of them"
        )
    year = int(found[0])
    return Edition(f"GPCI{year}", date(year, 1, 1), date(year, 12, 31))


def _rows(member: Member, reading: Reading) -> Iterator[GpciRow]:
    rows = tabular.rows_of(member)
    places = tabular.header(member, rows, _COLUMNS, {"floored": _FLOORED})
    yield from tabular.kept(member, reading, tabular.entries(member, rows, places), _row)


def _row(entry: Entry) -> GpciRow:
    return GpciRow(
        contractor=_digits(entry["contractor"], 5, "contractor number"),
        state=_state(entry["state"]),
        locality=_digits(entry["locality"], 2, "locality number"),
        # Asterisks point to the notes below the rows.
        locality_name=entry["locality_name"].rstrip("* "),
        work=values.number(entry.get("floored") or entry["work"]),
        practice_expense=values.number(entry["practice_expense"]),
        malpractice=values.number(entry["malpractice"]),
    )


def _digits(text: str, width: int, what: str) -> str:
    """Return a number of a fixed width as text; raise `Damaged` where a spreadsheet took its zeros away."""
    if text.isdecimal() and len(text) == width:
        return text
    if text.isdecimal() and len(text) < width:
        raise Damaged(f'the {what} "{text}", which lost its leading zeros')
    raise Odd(f'"{text}" is not a {what}')


def _state(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise Odd(f'"{text}" is not a state')
    return text


FORMAT = Format(
    kind="gpci",
    title="Geographic practice cost indices",
    expects="a CSV text with contractor, state, locality number and name, PW GPCI, PE GPCI and MP GPCI",
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
