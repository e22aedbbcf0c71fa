"""From one code to others: those below, those that one looks at next, from procedures to diagnoses and back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge.model import Citation, CodeEntry, CodeRemark, Diagnosis, Related
from knowledge.official_model import NoEdition

if TYPE_CHECKING:
    from knowledge.release import Release


def related(release: "Release", code: str, on: date) -> tuple[Related, ...]:
    """Return neighbours, codes that go beside, and add-on and primary codes of the edition for the date or nearest."""
    page = release.page(code)
    found: dict[str, Related] = {}
    if page:
        for remark in (*page.neighbours, *page.separately_reportable):
            found.setdefault(remark.code, Related(remark.code, remark.text, remark.citations))
    for rows, words in (
        (release.addon(code, on, nearest=True), "primary code"),
        (release.addons_of(code, on, nearest=True), "add-on code"),
    ):
        for row in () if isinstance(rows, NoEdition) else rows:
            cited = Citation("Add-on code edits", f"rows of {row.add_on}", row.edition, None)
            for other in row.primaries if row.add_on == code else (row.add_on,):
                found.setdefault(other, Related(other, f"A possible {words} of {code}.", (cited,)))
    found.pop(code, None)
    return tuple(found.values())


def crosswalk(release: "Release", code: str) -> tuple[Diagnosis, ...] | tuple[CodeRemark, ...]:
    """Return the diagnoses that the page of a procedure names, or the procedures whose pages name a diagnosis.

    Pages name codes and categories; a diagnosis is found under itself and under every category above it.
    """
    page = release.page(code)
    if page is not None:
        return page.diagnoses
    above = {code[:end] for end in range(3, len(code) + 1)}
    found = []
    for title in release.pages():
        other = release.page(title.code)
        found += [
            CodeRemark(title.code, f"{row.role}: {row.text}", row.citations)
            for row in (other.diagnoses if other else ())
            if row.code in above or row.code.startswith(code)
        ]
    return tuple(found)


def below(rows: Callable[..., list[Any]], entry: CodeEntry, code_set: int) -> tuple[CodeEntry, ...]:
    """Return all codes below one of ICD-10-CM, in order, from the same edition.

    Every code begins with the code above it, so that those below stand next to it in the key and no other is read.
    """
    found = rows(
        "SELECT code, description, billable FROM code WHERE code > ?1 AND code < ?1 || '~' AND code_set = ?2",
        *(entry.code, code_set),
    )
    return tuple(replace(entry, code=row[0], description=row[1], billable=bool(row[2])) for row in sorted(found))
