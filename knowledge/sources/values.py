"""What stands in the cells of official releases: codes and how they are damaged, numbers, days, quarters.

A row that does not hold raises `Odd` and is left out. A code that a spreadsheet changed raises `Damaged`, and refuses
the file: what happened to one code happened to others, and not all of them show it.
"""

import re
from collections.abc import Container, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_CODE = re.compile(r"\d{4}[0-9AFMTU]|[A-V]\d{4}")
"""A CPT code of category I, II or III, a PLA, MAAA or administration code, or a HCPCS Level II code."""
_DAMAGES = (
    (re.compile(r"\d{1,4}"), "lost its leading zeros"),
    (re.compile(r"\d+\.0*"), "was made a number"),
    (re.compile(r"\d+(\.\d+)?E[+-]?\d+", re.IGNORECASE), "was made a number in scientific notation"),
    (re.compile(r"\d{1,4}[-/](\d{1,2}|[A-Z]{3})([-/]\d{1,4})?([T ].*)?", re.IGNORECASE), "was made a date"),
)


class Odd(ValueError):
    """A single row does not hold; the text says why."""


class Damaged(ValueError):
    """A spreadsheet changed a code, so that no code of the file can be trusted; the text says how."""


class Quarter(NamedTuple):
    """A quarter of a calendar year, from 1 to 4."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As CMS writes it: 2026Q3."""
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        following = Quarter(self.year + self.number // 4, self.number % 4 + 1)
        return following.first - timedelta(days=1)


MONTHS: Mapping[str, int] = {"jan": 1, "apr": 2, "jul": 3, "oct": 4}
"""The first three letters of the month in which a quarterly release takes effect -> its quarter."""


def code(text: str) -> str:
    """Return a CPT or HCPCS code; raise `Damaged` or `Odd` where it is none."""
    if not _CODE.fullmatch(text):
        for shape, how in _DAMAGES:
            if shape.fullmatch(text):
                raise Damaged(f'the code "{text}", which {how}')
        raise Odd(f'"{text}" is not a code')
    return text


def number(text: str) -> Decimal:
    """Return an amount or a value, without dollar signs and thousands separators; raise `Odd` where it is none."""
    try:
        value = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Odd(f'"{text}" is not a number')
    return value


def day(text: str) -> date:
    """Return a day written as YYYYMMDD; raise `Odd` where it is none."""
    try:
        if len(text) == 8 and text.isdecimal():
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    raise Odd(f'"{text}" is not a day written as YYYYMMDD')


def among(text: str, allowed: Container[str], what: str) -> str:
    """Return a text that a column may hold; raise `Odd` for another: a shifted column would be read as a rule."""
    if text not in allowed:
        raise Odd(f'"{text}" is not a {what}')
    return text
