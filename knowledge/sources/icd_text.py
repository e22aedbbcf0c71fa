"""What the readers of ICD-10 share: the form of codes, their point, and the editions of a fiscal year."""

import re
from datetime import date

from knowledge.sources import tabular
from knowledge.sources.reading import Edition, Member, SourceRefused

CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.?[0-9A-Z]{1,4})?")
"""A category or code of ICD-10-CM, with or without its point."""

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MONTH = re.compile(r"(?<![a-z])(jan|apr)(?:uary|il)?(?![a-z])", re.IGNORECASE)
_UPDATES = {"jan": (1, "January"), "apr": (4, "April")}
"""ICD-10 is renewed on 1 October; what cannot wait comes on 1 April, and came on 1 January in 2021."""


def pointed(code: str) -> str:
    """Return an ICD-10-CM code with its point after the third character."""
    bare = code.replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def fiscal_year(member: Member, year: int | None = None) -> Edition:
    """Return which edition of ICD-10 a member is, from its names: FY2026, or FY2026 (April 2026 update).

    A year that stands in the content goes before the names. An edition holds to 30 September, the end of the fiscal
    year; one of 1 January or 1 April takes the place of the one before it from that day.
    """
    named = tabular.named(member, _YEAR)
    if year is None and named is None:
        expected = "a name with the fiscal year, such as icd10cm_order_2026.txt"
        raise SourceRefused(member.place, expected, f'"{" in ".join(member.names)}"')
    year = year or int(named[1] if named else 0)
    update = tabular.named(member, _MONTH)
    ended = date(year, 9, 30)
    if update is None:
        return Edition(f"FY{year}", date(year - 1, 10, 1), ended)
    month, name = _UPDATES[update[1].lower()]
    return Edition(f"FY{year} ({name} {year} update)", date(year, month, 1), ended)
