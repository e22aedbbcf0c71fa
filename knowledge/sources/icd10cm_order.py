"""The order file of ICD-10-CM (CDC and CMS, in the public domain): every category and code with its descriptions.

It alone lists codes with their seventh characters; the tabular list, read next door, gives the notes.
"""

import re
from collections.abc import Iterator

from knowledge.sources.icd_orders import OrderLine, known_by, order_rows
from knowledge.sources.icd_text import fiscal_year, pointed
from knowledge.sources.reading import Format, Member, Reading
from knowledge.sources.rows import IcdOrderRow

_EXPECTS = "an order file of ICD-10-CM (order number, code, 0 or 1, short and long title in fixed columns)"
_CODE = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_LAST = ("U", "Z")
"""The order is that of the chapters: the last is 22 (U00-U85), and before fiscal year 2020 it was 21 (Z00-Z99)."""


def _recognises(member: Member) -> bool:
    return known_by(member, _CODE)


def _row(line: OrderLine) -> IcdOrderRow:
    return IcdOrderRow(pointed(line.code), line.valid, line.short_description, line.long_description)


def _rows(member: Member, reading: Reading) -> Iterator[IcdOrderRow]:
    return order_rows(member, reading, _row, code=_CODE, last=_LAST, expects=_EXPECTS)


FORMAT = Format(
    kind="icd10cm",
    title="ICD-10-CM order file",
    expects=_EXPECTS,
    recognises=_recognises,
    edition=fiscal_year,
    rows=_rows,
)
