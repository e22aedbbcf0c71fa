"""For whom a code is: the sex or the ages that a code set itself gives, as rows of the content and not as Python.

A limit is a question to put to a record, never a refusal: the sex on file may differ from the anatomy that is treated,
and an age may be a slip of the pen.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.model import Citation, Statement, system_of

Sex = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class Limit:
    """What the title, a note or the definition of some codes says of the patients that they are for."""

    id: str
    codes: tuple[str, ...]
    """Codes, categories, or ranges of them with both ends: N40-N53, Z00.12, 99385. Each stands for all below it."""
    about: str
    """Goes on after the code: "is in the block of male genital organs (N40-N53)"."""
    sex: Sex | None
    youngest: int | None
    """In whole years, as is `oldest`; both ends belong to it."""
    oldest: int | None
    unless: str
    """When a code is right all the same, as a clause without its full stop; empty where the source says nothing."""
    effective: date
    """The first date of service that it is said for."""
    citations: tuple[Citation, ...]

    def covers(self, code: str) -> bool:
        """Tell whether a code of the same code set is one of these, or stands below one of them."""
        return any(within(code, codes) for codes in self.codes)

    def admits_age(self, years: int) -> bool:
        """Tell whether the limit leaves this age alone."""
        return (self.youngest is None or years >= self.youngest) and (self.oldest is None or years <= self.oldest)

    def admits_sex(self, sex: str) -> bool:
        """Tell whether the limit leaves this sex alone."""
        return self.sex is None or self.sex == sex


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a release, and what to do about a sex on file that is not that of the anatomy."""

    rows: tuple[Limit, ...] = ()
    other_sex: Statement | None = None

    def of(self, code: str, on: date) -> tuple[Limit, ...]:
        """Return what is said of the patients that a code is for, on a date of service."""
        return tuple(row for row in self.rows if row.effective <= on and row.covers(code))


def ends(codes: str) -> tuple[str, str]:
    """Return the first and the last code of a range; of a single code, that code twice."""
    first, _, last = codes.partition("-")
    return first, last or first


def within(code: str, codes: str) -> bool:
    """Tell whether a code lies in a range or below one of its ends; codes of another code set never do.

    Codes are compared by the characters that an end of the range has, so that O9A stands behind O99.
    """
    first, last = ends(codes)
    if system_of(code) != system_of(first):
        return False
    plain, low, high = (text.replace(".", "") for text in (code, first, last))
    return low <= plain[: len(low)] and plain[: len(high)] <= high
