"""What one family cannot prove of itself: its codes against the official rows, ICD-10-CM, and the other families."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from knowledge.compiling import compile_family, problems_of
from knowledge.facts import FactTable
from knowledge.filling import PLACEHOLDER
from knowledge.model import system_of
from knowledge.reading import ContentRefused, Place, Problem, walk, worded
from knowledge.schema import DiagnosisContent, FamilyContent
from knowledge.table_schema import ChooserContent

Read = tuple[Path, FamilyContent]


def refuse_problems(families: Sequence[Read], facts: Sequence[FactTable], icd: Mapping[str, bool]) -> None:
    """Raise `ContentRefused` with all that is wrong in all families at once; `icd` tells which codes are billable."""
    wrong: list[str] = []
    for path, family in families:
        others = [other for _, other in families if other is not family]
        wrong += problems_across(path, family, others, facts, icd)
    if wrong:
        raise ContentRefused(wrong)


def problems_across(
    path: Path,
    family: FamilyContent,
    others: Sequence[FamilyContent],
    facts: Sequence[FactTable],
    icd: Mapping[str, bool],
) -> list[str]:
    """Return what is wrong in a family by itself, or else against official rows, ICD-10-CM and other families."""
    found = list(problems_of(family))
    if not found:
        found += _strange_add_ons(family, others)
        found += _strange_codes(family, facts)
        found += _strange_diagnoses(family, icd)
        found += _strange_outcomes(family, icd)
        found += _taken(family, others)
    return worded(path, found) if found else []


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


def _strange_add_ons(family: FamilyContent, others: Sequence[FamilyContent]) -> Iterator[Problem]:
    """Find add-on codes of a chooser that have a page in no family."""
    paged = {code for one in (family, *others) for code in one.codes}
    for number, row in enumerate(family.chooser.add_ons if family.chooser else ()):
        if system_of(row.code) != "ICD-10-CM" and row.code not in paged:
            yield Problem(("chooser", "add_ons", number), f"{row.code} is an unknown code: no family has a page of it")


def _strange_diagnoses(family: FamilyContent, icd: Mapping[str, bool]) -> Iterator[Problem]:
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


def _strange_outcomes(family: FamilyContent, icd: Mapping[str, bool]) -> Iterator[Problem]:
    """Find diagnoses that a chooser gives and that are not there, or that are headings and no codes."""
    chooser = family.chooser
    if chooser is None:
        return
    rows: list[tuple[Place, str | None]] = [(("chooser", "rows", n), row.code) for n, row in enumerate(chooser.rows)]
    rows += [(("chooser", "add_ons", n), row.code) for n, row in enumerate(chooser.add_ons)]
    for place, code in rows:
        if code and system_of(code) == "ICD-10-CM" and not icd.get(code):
            heading = f"{code} is a heading with codes below it, and not billable"
            yield Problem(place, heading if code in icd else _not_icd(code))
    for number, rule in enumerate(family.rules):
        for code in rule.diagnoses:
            if code not in icd:
                yield Problem(("rules", number), _not_icd(code))


def _taken(family: FamilyContent, before: Sequence[FamilyContent]) -> Iterator[Problem]:
    """Find what a family before this one has already: a code, a rule, a modifier's page, a fact of another kind."""
    for other in before:
        for code in family.codes:
            if code in other.codes:
                yield Problem(("codes", code), f"{code} has a page in the family {other.id} already")
        for code in family.modifier_pages:
            if code in other.modifier_pages:
                yield Problem(("modifier_pages", code), f"{code} has a page in the family {other.id} already")
        ids = {rule.id for rule in other.rules}
        for number, rule in enumerate(family.rules):
            if rule.id in ids:
                yield Problem(("rules", number, "id"), f"the family {other.id} has a rule {rule.id} already")
        if family.chooser and other.chooser:
            yield from _facts_apart(family.chooser, other.chooser, other.id)
            yield from _words_apart(family.chooser, other.chooser, other.id)


def _facts_apart(chooser: ChooserContent, other: ChooserContent, name: str) -> Iterator[Problem]:
    """Find facts that mean another thing in another family: one name has one kind and one unit."""
    for fact, own in chooser.facts.items():
        theirs = other.facts.get(fact)
        if theirs and (own.kind, own.unit) != (theirs.kind, theirs.unit):
            said = f"{theirs.kind}{f' in {theirs.unit}' if theirs.unit else ''}"
            yield Problem(("chooser", "facts", fact), f"{fact} is a {said} in the family {name}; take another name")


def _words_apart(chooser: ChooserContent, other: ChooserContent, name: str) -> Iterator[Problem]:
    """Find words for a place that stand for another value of the same fact in another family."""
    words = {(row.fact, word): group for row in other.sites for group, own in row.groups.items() for word in own}
    for number, sites in enumerate(chooser.sites):
        for group, own in sites.groups.items():
            for word in own:
                if words.get((sites.fact, word), group) != group:
                    place = ("chooser", "sites", number, "groups", group)
                    yield Problem(place, f'"{word}" stands for {words[sites.fact, word]} in the family {name}')
