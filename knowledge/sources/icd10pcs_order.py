"""The order file of ICD-10-PCS (CMS, in the public domain): every code and the tables that the codes stand in."""

import re
from collections.abc import Iterator

from knowledge.sources.icd_orders import OrderLine, known_by, order_rows
from knowledge.sources.icd_text import fiscal_year
from knowledge.sources.reading import Format, Member, Reading
from knowledge.sources.rows import PcsRow
from knowledge.sources.values import Odd

_EXPECTS = "an order file of ICD-10-PCS (order number, code, 0 or 1, short and long title in fixed columns)"
_CODE = re.compile(r"[0-9A-HJ-NP-Z]{3}(?:[0-9A-HJ-NP-Z]{4})?")
"""Three characters of a table, or seven of a code; O and I are not used, so as not to be read as 0 and 1."""
_FIRST = re.compile(r"[0-9][0-9A-HJ-NP-Z]{2}(?:[0-9A-HJ-NP-Z]{4})?")
"""The file begins with section 0, and every code of ICD-10-CM with a letter: so the two order files are told apart."""
_LAST = ("X",)
"""The last section, new technology."""
_LENGTHS = {True: 7, False: 3}
"""Characters of a code that is valid for claims, and of a table."""


def _recognises(member: Member) -> bool:
    return known_by(member, _FIRST)


def _row(line: OrderLine) -> PcsRow:
    if len(line.code) != _LENGTHS[line.valid]:
        raise Odd(f"{line.code} has {len(line.code)} characters and is marked {int(line.valid)}")
    return PcsRow(line.code, line.valid, line.short_description, line.long_description)


def _rows(member: Member, reading: Reading) -> Iterator[PcsRow]:
    return order_rows(member, reading, _row, code=_CODE, last=_LAST, expects=_EXPECTS)


FORMAT = Format(
    kind="icd10pcs",
    title="ICD-10-PCS order file",
    expects=_EXPECTS,
    recognises=_recognises,
    edition=fiscal_year,
    rows=_rows,
)
