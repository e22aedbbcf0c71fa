"""A code as text, for the command line: what the release holds of it on a date, each statement with its source."""

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.model import (
    Citation,
    CodeEntry,
    CodePage,
    CodeRemark,
    Diagnosis,
    DiagnosisNotes,
    DocumentationItem,
    Family,
    ModifierPage,
    Rule,
    Statement,
)
from knowledge.official_model import NoEdition
from knowledge.official_text import official_lines
from knowledge.release import Release

_SECTIONS = (
    ("What is done", "description"),
    ("When it applies (all of these)", "applies_when"),
    ("When it does not", "does_not_apply"),
    ("What the record must show", "documentation"),
    ("Common mistakes", "common_mistakes"),
    ("Neighbours", "neighbours"),
    ("Diagnoses", "diagnoses"),
    ("Modifiers", "modifiers"),
    ("Included", "included"),
    ("Separately reportable", "separately_reportable"),
)

_MODIFIER_SECTIONS = (
    ("What it is for", "purpose"),
    ("Where it goes", "goes_on"),
    ("Where it does not go", "not_on"),
    ("What decides", "decided_by"),
    ("What the record must show", "documentation"),
    ("Common mistakes", "common_mistakes"),
    ("Neighbours", "neighbours"),
)


def describe(release: Release, code: str, on: date, locality: str | None = None) -> str | None:
    """Return what the release holds of a code, modifier or family on a date of service; None where it holds nothing.

    `locality` (contractor and number, 01112-05) adds the fee of a Medicare locality to the national one.
    """
    family = release.family(code.lower())
    if family is not None:
        return family_text(family, release.rules(family=family.id)) + "\n"
    modifier = release.modifier(code)
    if modifier is not None:
        return modifier_text(modifier) + "\n"
    systems = release.systems_of(code, on)
    page = release.page(code)
    if not systems and page is None:
        return None
    lines = [f"{code} ({', '.join(systems)}) on {on.isoformat()}, release {release.version}", ""]
    for system in systems:
        entry = release.code(system, code, on)
        if entry:
            lines += _entry(entry, on)
    if set(systems) & {"CPT", "HCPCS"}:
        lines += ["", *official_lines(release, code, on, locality)]
    lines += _coverage(release, code, on)
    if page is not None:
        lines += _page(page)
    notes = release.notes(code, on)
    if notes:
        lines += _notes(notes)
    return "\n".join(lines).rstrip() + "\n"


def page_text(page: CodePage) -> str:
    """Return a page by itself, without what official files say of the code."""
    return "\n".join([f"{page.code}: {page.title}", *_page(page)])


def family_text(family: Family, rules: Sequence[Rule]) -> str:
    """Return what holds for a family as a whole: what it is for, its rules, and what it leaves out."""
    lines = [f"{family.id}: {family.title}, reviewed on {family.reviewed_on.isoformat()}"]
    if family.codes:
        lines.append(f"Codes with a page: {', '.join(family.codes)}")
    for title, rows in (
        ("What it is for", family.purpose),
        ("Rules", rules),
        ("Not covered here", family.excluded_here),
    ):
        if rows:
            lines.append(f"\n{title}")
            lines += [f"- {row.text}{_sources(row.citations)}" for row in rows]
    lines += [f"\nWithout {section}: {why}" for section, why in family.without]
    return "\n".join(lines)


def modifier_text(page: ModifierPage) -> str:
    """Return the page of a modifier."""
    lines = [f"{page.code}: {page.title}"]
    for title, name in _MODIFIER_SECTIONS:
        rows = getattr(page, name)
        if rows:
            lines.append(f"\n{title}")
            lines += [f"- {_text(row)}{_sources(row.citations)}" for row in rows]
    lines.append(f"\nTest ({'any' if page.any_of else 'all'} of these){_sources(page.citations)}")
    lines += [f"- {text}" for text in page.criteria]
    return "\n".join(lines)


def _entry(entry: CodeEntry, on: date) -> Iterator[str]:
    """Yield what a code is, and for which days the entry is vouched where the date asked is none of them."""
    if entry.description:
        yield entry.description
    if entry.system == "ICD-10-CM" and not entry.billable:
        yield "A category: not billable, report one of the codes below it."
    if not entry.for_date:
        began = entry.effective.isoformat() if entry.effective else "the beginning"
        until = entry.ended.isoformat() if entry.ended else "further notice"
        yield f"From {entry.edition}, which holds from {began} to {until}; no edition is held for {on.isoformat()}."


def _notes(notes: DiagnosisNotes) -> Iterator[str]:
    """Yield the instructional notes of a diagnosis, its own and those of the categories above it."""
    rows = (
        ("Includes", notes.includes),
        ("Coded here", notes.inclusion_terms),
        ("Excludes1", notes.excludes1),
        ("Excludes2", notes.excludes2),
        ("Code first", notes.code_first),
        ("Use additional code", notes.use_additional),
        ("Code also", notes.code_also),
        ("Seventh character", (notes.seventh_character,) if notes.seventh_character else ()),
        ("Seventh character", notes.seventh_values),
    )
    for name, texts in rows:
        yield from (f"{name}: {text}" for text in texts)


def _coverage(release: Release, code: str, on: date) -> Iterator[str]:
    """Yield the coverage articles that speak of a code, where a coverage export is held."""
    answer = release.coverage(code, on, nearest=True)
    if isinstance(answer, NoEdition):
        return
    for row in answer.articles:
        belongs = f", of {', '.join(row.lcds)}" if row.lcds else ""
        yield f"Coverage ({row.edition}): {row.article} {row.title}{belongs}: {row.role}"


def _page(page: CodePage) -> Iterator[str]:
    for title, name in _SECTIONS:
        rows = getattr(page, name)
        if rows:
            yield f"\n{title}"
            yield from (f"- {_text(row)}{_sources(row.citations)}" for row in rows)
    case = page.worked_case
    yield f"\nA worked case\n{case.case}\n{case.reasoning} -> {case.outcome}{_sources(case.citations)}"


def _text(row: Statement | DocumentationItem | CodeRemark | Diagnosis) -> str:
    return f"{row.code}: {row.text}" if isinstance(row, CodeRemark | Diagnosis) else row.text


def _sources(citations: Sequence[Citation]) -> str:
    named = [f"{row.source}, {row.section}{'' if row.verified else ' (unverified)'}" for row in citations]
    return f" [{'; '.join(named)}]"
