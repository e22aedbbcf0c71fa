"""What one family cannot prove of itself: its codes against the official rows, ICD-10-CM, and the other families."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.compiling import compile_family, problems_of
from knowledge.facts import FactTable
from knowledge.filling import PLACEHOLDER
from knowledge.reading import ContentRefused, Problem, walk, worded
from knowledge.schema import DiagnosisContent, FamilyContent

Read = tuple[Path, FamilyContent]


def refuse_problems(families: Sequence[Read], facts: Sequence[FactTable], icd: set[str]) -> None:
    """Raise `ContentRefused` with all that is wrong in all families at once."""
    wrong: list[str] = []
    for place, (path, family) in enumerate(families):
        found = list(problems_of(family))
        if not found:
            found += _strange_codes(family, facts)
            found += _strange_diagnoses(family, icd)
            found += _taken(family, [other for _, other in families[:place]])
        wrong += worded(path, found) if found else ()
    if wrong:
        raise ContentRefused(wrong)


def _strange_codes(family: FamilyContent, facts: Sequence[FactTable]) -> Iterator[Problem]:
    """Find codes that no fee schedule lists, unless they began after the newest one or ended before the oldest."""
    schedules = [table for table in facts if table.kind == "fee"]
    if not schedules:
        return
    listed = {row[0] for table in schedules for row in table.rows}
    first, last = min(table.effective for table in schedules), max(table.ended for table in schedules)
    held = ", ".join(table.edition for table in schedules)
    for code, own in family.codes.items():
        newer = own.effective is not None and own.effective > last
        older = own.ended is not None and own.ended < first
        if code not in listed and not newer and not older:
            unknown = f"{code} is an unknown code: the fee schedule that is held ({held}) does not list it"
            yield Problem(
                ("codes", code), f"{unknown}; correct it, extend the extract, or give a newer code's `effective`"
            )


def _strange_diagnoses(family: FamilyContent, icd: set[str]) -> Iterator[Problem]:
    """Find diagnoses that ICD-10-CM does not have; those with a placeholder are looked up as each page fills them."""
    plain = set()
    for place, part in walk(family):
        if isinstance(part, DiagnosisContent) and not PLACEHOLDER.search(part.code):
            plain.add(part.code)
            if part.code not in icd:
                yield Problem(place, _not_icd(part.code))
    for page in compile_family(family).pages:
        for row in page.diagnoses:
            if row.code not in icd and row.code not in plain:
                yield Problem(("codes", page.code), _not_icd(row.code))


def _not_icd(code: str) -> str:
    return f"{code} is not a code or category of the ICD-10-CM edition that is held"


def _taken(family: FamilyContent, before: Sequence[FamilyContent]) -> Iterator[Problem]:
    """Find what a family before this one has already: a code, a rule, a word for a place with another meaning."""
    for other in before:
        for code in family.codes:
            if code in other.codes:
                yield Problem(("codes", code), f"{code} has a page in the family {other.id} already")
        ids = {rule.id for rule in other.rules}
        for number, rule in enumerate(family.rules):
            if rule.id in ids:
                yield Problem(("rules", number, "id"), f"the family {other.id} has a rule {rule.id} already")
        words = {
            (row.fact, word): group for row in other.chooser.sites for group, own in row.groups.items() for word in own
        }
        for number, sites in enumerate(family.chooser.sites):
            for group, own in sites.groups.items():
                for word in own:
                    if words.get((sites.fact, word), group) != group:
                        place = ("chooser", "sites", number, "groups", group)
                        yield Problem(place, f'"{word}" stands for {words[sites.fact, word]} in the family {other.id}')
