"""One table of ICD-10-CM from the two files of an edition: the codes of the order file, the notes of the tabular list.

It has the shape of the shipped table (`knowledge.codesets`), so that a build takes either.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from knowledge.codesets import IcdRow
from knowledge.sources.icd10cm_tabular import STANDS_IN
from knowledge.sources.reading import Edition
from knowledge.sources.rows import IcdNote, IcdOrderRow

KINDS = (
    "excludes1",
    "excludes2",
    "code_first",
    "use_additional",
    "seventh_character",
    "code_also",
    "includes",
    "inclusion_term",
    "seventh_value",
    "note",
)
"""Kinds of notes of a row, in their order."""
_IN_LINES = frozenset({"code_first", "use_additional", "code_also", "note"})
"""Kinds whose texts at one node are lines of one note: "code to identify:", then what to identify."""

_Notes = Mapping[str, tuple[tuple[str, str], ...]]


def icd_rows(order: Iterable[IcdOrderRow], notes: Iterable[IcdNote]) -> Iterator[IcdRow]:
    """Yield the categories and codes of an order file, each with its parent and the notes of the tabular list.

    The notes are read first and held; the order is streamed. A parent stands before its codes, as it does in the file:
    it is the nearest shorter code that the file lists, so that placeholders (W00.0XXA under W00.0) need no node of
    their own. Notes of codes that the order file does not list are left out, and so is what is noted (kind `note`) of
    whole blocks and chapters, which says little of any one category.
    """
    own, places = _sorted(notes)
    listed: dict[str, str] = {}
    for row in order:
        bare = row.code.replace(".", "")
        parent = next((listed[bare[:end]] for end in range(len(bare) - 1, 2, -1) if bare[:end] in listed), None)
        listed[bare] = row.code
        around = [] if parent else _around(row.code, places)
        inherited = (note for node in around for note in own.get(node, ()) if note[0] != "note")
        yield IcdRow(
            code=row.code,
            parent=parent,
            description=row.long_description,
            billable=row.billable,
            notes=(*own.get(row.code, ()), *inherited),
        )


def tabular_for(order: Edition, tabulars: Iterable[Edition]) -> Edition | None:
    """Return the tabular list that goes with an order file: of its fiscal year, the last that held on its first day.

    Updates of a fiscal year are not always published with a tabular list of their own. Where the year has later lists
    only, the first of them is returned; None where it has none.
    """

    def first(edition: Edition) -> date:
        return edition.effective or date.min

    year = sorted((edition for edition in tabulars if edition.ended == order.ended), key=first)
    return next((edition for edition in reversed(year) if first(edition) <= first(order)), year[0] if year else None)


def _sorted(notes: Iterable[IcdNote]) -> tuple[_Notes, Mapping[str, str]]:
    """Return the notes of each node in the order of their kinds, and the node around each category and block."""
    places: dict[str, str] = {}
    found: dict[str, dict[str, list[str]]] = {}
    for node, kind, text in notes:
        if kind == STANDS_IN:
            places[node] = text
        else:
            found.setdefault(node, {}).setdefault(kind, []).append(text)
    return {node: tuple(_told(kinds)) for node, kinds in found.items()}, places


def _told(kinds: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        texts = kinds.get(kind, [])
        for text in ["\n".join(texts)] if kind in _IN_LINES and texts else texts:
            yield kind, text


def _around(category: str, places: Mapping[str, str]) -> tuple[str, ...]:
    """Return the block and the chapter around a category; a block of that category alone is one node with it."""
    first = places.get(category, "")
    return first, places.get(first, "")
