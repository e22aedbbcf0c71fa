"""ICD-10-CM as the build reads it: every code with its official description, parents and instructional notes.

The table comes from the package simple_icd_10_cm, which carries the public files of the April 2026 update (fiscal year
2026). It takes seconds and much memory to load, so only the build imports this module.
"""

import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from types import ModuleType

from knowledge.reading import ContentRefused

_FILE = "code-list-April-2026.txt"
"""The file by which the edition below is known; a package that carries another holds another edition."""


@dataclass(frozen=True, slots=True)
class IcdEdition:
    """Which edition of ICD-10-CM a table is."""

    name: str
    effective: date | None
    ended: date | None
    note: str


SHIPPED = IcdEdition(
    "FY2026 (April 2026 update)",
    date(2025, 10, 1),
    date(2026, 9, 30),
    "ICD-10-CM from the files of the package simple_icd_10_cm 1.5.",
)
UPDATED = date(2026, 4, 1)
"""The first day of the update itself; for the months before it, it stands in."""


@dataclass(frozen=True, slots=True)
class IcdRow:
    """One category or code with the notes that stand at itself, not those of the codes above it."""

    code: str
    """With its point."""
    parent: str | None
    """The code or category above it; None for a three-character category."""
    description: str
    billable: bool
    notes: tuple[tuple[str, str], ...]
    """(kind, text) of the kinds excludes1, excludes2, code_first, use_additional, seventh_character (the sentence that
    asks for one), code_also, includes, inclusion_term, seventh_value (`A initial encounter`) and note, in this order.

    A category also has those of its block and chapter, but for `note`.
    """


def standing(imported: Collection[date | None]) -> IcdEdition | None:
    """Return the shipped edition for the days that imported editions of its fiscal year leave to it; None for none.

    `imported` are the first days of those editions.
    """
    begun = SHIPPED.effective in imported
    if UPDATED not in imported:
        return replace(SHIPPED, effective=UPDATED) if begun else SHIPPED
    if begun:
        return None
    return replace(SHIPPED, name=f"{SHIPPED.name}, as shipped", ended=UPDATED - timedelta(days=1))


def icd10cm() -> Iterator[IcdRow]:
    """Yield every category and code once; chapters and blocks are no codes, and only their notes are kept.

    Raises `ContentRefused` when the package that is installed holds another edition than the one named here.
    """
    with warnings.catch_warnings():
        # The package reads its files by an interface that Python has deprecated; that is for its keepers to mend.
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10_cm as table

    if not (files(table) / "data" / _FILE).is_file():
        mend = (
            "install the locked version, or change the edition and its dates in knowledge/codesets.py with the package"
        )
        raise ContentRefused(
            [f"The package simple_icd_10_cm does not carry {_FILE}, so it is not {SHIPPED.name}; {mend}."]
        )
    # A block of one category bears its name (B20, Z66) and stands in the list beside it.
    for code in dict.fromkeys(table.get_all_codes(with_dots=True)):
        category = table.is_category(code)
        if table.is_chapter_or_block(code) and not category:
            continue
        above = [code, *table.get_ancestors(code, prioritize_blocks=False)] if category else []
        notes = [_notes(table, code, block=False)]
        notes += [_notes(table, name, block=True) for name in dict.fromkeys(above) if table.is_chapter_or_block(name)]
        yield IcdRow(
            code=code,
            parent=None if category else table.get_parent(code),
            description=table.get_description(code),
            billable=table.is_leaf(code),
            notes=tuple(row for rows in notes for row in rows),
        )


def _notes(table: ModuleType, name: str, *, block: bool) -> Iterator[tuple[str, str]]:
    """Yield the notes of one code, or of the block or chapter of this name."""
    for kind, read in (
        ("excludes1", table.get_excludes1),
        ("excludes2", table.get_excludes2),
        ("code_first", table.get_code_first),
        ("use_additional", table.get_use_additional_code),
        ("seventh_character", table.get_seven_chr_note),
        ("code_also", table.get_code_also),
        ("includes", table.get_includes),
        ("inclusion_term", table.get_inclusion_term),
    ):
        found: str | list[str] | None = read(name, prioritize_blocks=block)
        for text in [found] if isinstance(found, str) else found or []:
            if text:
                yield kind, text
    if not block:
        values: dict[str, str] = table.get_seven_chr_def(name, prioritize_blocks=False)
        for character, text in values.items():
            yield "seventh_value", " ".join(f"{character} {text}".split())
        # What is noted of a whole chapter would stand at each of its categories, and says little of any.
        if text := table.get_notes(name, prioritize_blocks=False):
            yield "note", text
