"""What a search may find: families, pages, rules and modifiers of the content, and the codes of the code sets."""

from collections.abc import Iterable, Iterator

from knowledge.codesets import IcdRow
from knowledge.compiling import Compiled
from knowledge.model import Statement
from knowledge.searching import Entry

_NAMES = ("inclusion_term", "includes")
"""The notes of ICD-10-CM that are other names of a code."""
_RULE_TITLE = 120


def family_entries(compiled: Compiled) -> Iterator[Entry]:
    """Yield a family, its pages, its modifiers and its rules."""
    family = compiled.family
    yield Entry("family", family.id, family.title, _text(family.purpose))
    for page in compiled.pages:
        # What a page does not apply to is left out: who looks for that means another code.
        body = _text((*page.description, *page.applies_when))
        yield Entry("page", page.code, page.title, body, page.system, above=(family.title,))
    for modifier in compiled.modifier_pages:
        yield Entry(
            "modifier", modifier.code, modifier.title, _text((*modifier.purpose, *modifier.goes_on)), "MODIFIER"
        )
    for rule in compiled.rules:
        named = " ".join((*rule.codes, *rule.modifiers))
        yield Entry("rule", rule.id, rule.text[:_RULE_TITLE], f"{rule.text} {named}".strip())


def diagnosis_entries(rows: Iterable[IcdRow]) -> Iterator[Entry]:
    """Yield every category and code of ICD-10-CM with its inclusion terms and those of the categories above it."""
    by_code = {row.code: row for row in rows}
    names = {code: tuple(text for kind, text in row.notes if kind in _NAMES) for code, row in by_code.items()}
    for code, row in by_code.items():
        above: list[str] = []
        parent = row.parent
        while parent is not None:
            above += names.get(parent, ())
            parent = by_code[parent].parent if parent in by_code else None
        yield Entry(
            "code",
            code,
            row.description,
            system="ICD-10-CM",
            terms=names[code],
            above=tuple(dict.fromkeys(above)),
            billable=row.billable,
        )


def code_entry(system: str, code: str, description: str) -> Entry:
    """Return a code of another code set with its official description."""
    return Entry("code", code, description, system=system)


def _text(statements: Iterable[Statement]) -> str:
    return " ".join(said.text for said in statements)
