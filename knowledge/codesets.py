"""ICD-10-CM as the build reads it: every code with its official description, parents and instructional notes.

The table comes from the package simple_icd_10_cm, which carries the public files of the April 2026 update (fiscal year
2026). It takes seconds and much memory to load, so only the build imports this module.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

EDITION = "FY2026 (April 2026 update)"
EFFECTIVE = date(2025, 10, 1)
ENDED = date(2026, 9, 30)
NOTE = "ICD-10-CM from the files of the package simple_icd_10_cm 1.5."

NOTE_KINDS = ("excludes1", "excludes2", "code_first", "use_additional", "seventh_character")


@dataclass(frozen=True, slots=True)
class IcdRow:
    """One category or code with the notes that stand at itself, not those of its ancestors."""

    code: str
    """With its point."""
    parent: str | None
    """The category above it; None for a three-character category."""
    description: str
    billable: bool
    notes: tuple[tuple[str, str], ...]
    """(kind, text), kinds as in `NOTE_KINDS`."""


def icd10cm() -> Iterator[IcdRow]:
    """Yield every category and code, chapters and blocks left out."""
    with warnings.catch_warnings():
        # The package reads its files by an interface that Python has deprecated; that is for its keepers to mend.
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10_cm as table

    for code in table.get_all_codes(with_dots=True):
        if table.is_chapter_or_block(code):
            continue
        parent = table.get_parent(code)
        notes = (
            *(("excludes1", text) for text in table.get_excludes1(code)),
            *(("excludes2", text) for text in table.get_excludes2(code)),
            *(("code_first", text) for text in _texts(table.get_code_first(code))),
            *(("use_additional", text) for text in _texts(table.get_use_additional_code(code))),
            *(("seventh_character", text) for text in _texts(table.get_seven_chr_note(code))),
        )
        yield IcdRow(
            code=code,
            parent=None if table.is_chapter_or_block(parent) else parent,
            description=table.get_description(code),
            billable=table.is_leaf(code),
            notes=notes,
        )


def _texts(found: str | list[str] | None) -> tuple[str, ...]:
    """Return notes that the package gives as a text or a list alike."""
    if not found:
        return ()
    return (found,) if isinstance(found, str) else tuple(found)
