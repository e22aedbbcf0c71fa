"""The reference of a case as people read it: `C-2026-000123`."""

import re

PATTERN = r"C-\d{4}-\d{6,9}"

_WHOLE = re.compile(r"C-(\d{4})-(\d{6,9})", re.IGNORECASE)


def case_reference(year: int, number: int) -> str:
    """Return the reference of the case with this number; raise `ValueError` outside 1000..9999 and 1..999,999,999."""
    if not (1000 <= year <= 9999 and 1 <= number <= 999_999_999):
        raise ValueError(f"No case reference can be made of the year {year} and the number {number}.")
    return f"C-{year}-{number:06}"


def parse_reference(text: str) -> tuple[int, int] | None:
    """Return the year and number of a reference, in either case of letters, or None when it is none."""
    match = _WHOLE.fullmatch(text.strip()) if text.isascii() else None
    if match is None or int(match[2]) == 0 or case_reference(int(match[1]), int(match[2])) != match[0].upper():
        return None
    return int(match[1]), int(match[2])
