"""The order files of ICD-10-CM and ICD-10-PCS: every code and the headers above it, one layout of fixed columns.

Layout (icd10OrderFiles.pdf, in the packages of both): 1-5 order number, 7-13 code without its point, 15 whether it is
valid for claims (1) or a header (0), 17-76 abbreviated title, 78 on full title. The addenda beside them
(`icd10cm_order_addenda_2026.txt`) list changes only and have another layout.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from knowledge.sources import tabular
from knowledge.sources.reading import Member, Reading, SourceRefused
from knowledge.sources.values import Odd

_Row = TypeVar("_Row")

_LINE = re.compile(r"(\d{5}) ([A-Z0-9 ]{7}) ([01]) (.{60}) (\S.*)")
_LOOKED_AT = 20
"""Lines at the head of a file by which it is known."""


class OrderLine(NamedTuple):
    """One line of an order file."""

    code: str
    """Without its point."""
    valid: bool
    short_description: str
    long_description: str


def known_by(member: Member, code: re.Pattern[str]) -> bool:
    """Tell whether a member is an order file whose first code has the form given."""
    try:
        head = member.head()
    except (SourceRefused, OSError):
        return False
    lines = [line for line in head.decode("latin-1").splitlines()[:_LOOKED_AT] if line.strip()]
    found = [match for line in lines if (match := _LINE.fullmatch(line.rstrip()))]
    # A line or two may be damaged, or cut where the head ends.
    return bool(found) and len(found) >= len(lines) - 2 and code.fullmatch(found[0][2].rstrip()) is not None


def order_rows(
    member: Member,
    reading: Reading,
    parse: Callable[[OrderLine], _Row],
    *,
    code: re.Pattern[str],
    last: tuple[str, ...],
    expects: str,
) -> Iterator[_Row]:
    """Yield what `parse` makes of the lines of an order file whose codes have the form given.

    Raises `SourceRefused` for a file that is not whole. Its numbers run from 00001 without a gap, and its last code
    begins with one of `last`: codes that got lost would pass for codes that do not exist.
    """

    def line(text: str) -> _Row:
        found = _LINE.fullmatch(text)
        if not found or not code.fullmatch(found[2].rstrip()):
            raise Odd(f'"{text[:80].rstrip()}" does not have a code and titles in the columns of an order file')
        return parse(OrderLine(found[2].rstrip(), found[3] == "1", found[4].strip(), found[5].strip()))

    yield from tabular.kept(member, reading, _lines(member, last, expects), line)


def _lines(member: Member, last: tuple[str, ...], expects: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of an order file with their numbers."""
    number, text = 0, ""
    for number, text in enumerate(_filled(member), start=1):
        if number == 1 and not _LINE.fullmatch(text):
            raise SourceRefused(member.place, expects, f'"{text[:80]}"', line=1)
        if text[:5].isdecimal() and int(text[:5]) != number:
            raise SourceRefused(member.place, f"order number {number:05}", f"{text[:5]}, so lines are missing", number)
        yield number, text
    final = text[6:13].rstrip()
    if not final.startswith(last):
        expected = f"a whole file, whose last code begins with {' or '.join(last)}"
        raise SourceRefused(member.place, expected, f'"{final}" as the last', number)


def _filled(member: Member) -> Iterator[str]:
    """Yield the lines of a file without those at its end that are empty or hold the end mark of old systems."""
    empty = 0
    for text in tabular.lines_of(member):
        if not text.strip("\x1a \t"):
            empty += 1
            continue
        yield from [""] * empty
        empty = 0
        yield text.rstrip()
