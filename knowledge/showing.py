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
    NoEdition,
    Setting,
    Statement,
)
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


def describe(release: Release, code: str, on: date) -> str | None:
    """Return what the release holds of a code on a date of service; None where it holds nothing."""
    systems = release.systems_of(code, on)
    page = release.page(code)
    if not systems and page is None:
        return None
    lines = [f"{code} ({', '.join(systems)}) on {on.isoformat()}, release {release.version}", ""]
    for system in systems:
        entry = release.code(system, code, on)
        if entry:
            lines += _entry(entry, on)
    lines += ["", *_official(release, code, on)]
    if page is not None:
        lines += _page(page)
    notes = release.notes(code, on)
    if notes:
        lines += _notes(notes)
    return "\n".join(lines).rstrip() + "\n"


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
        ("Excludes1", notes.excludes1),
        ("Excludes2", notes.excludes2),
        ("Code first", notes.code_first),
        ("Use additional code", notes.use_additional),
        ("Seventh character", (notes.seventh_character,) if notes.seventh_character else ()),
    )
    for name, texts in rows:
        yield from (f"{name}: {text}" for text in texts)


def _official(release: Release, code: str, on: date) -> Iterator[str]:
    """Yield the rows of official files, each with its edition and whether that is the one for the date."""
    fee = release.fee(code, on, nearest=True)
    if fee is not None and not isinstance(fee, NoEdition):
        yield (
            f"Fee schedule {_for(fee.edition, for_date=fee.for_date)}: status {fee.status}, global {fee.global_days}, "
            f"multiple {fee.multiple}, bilateral {fee.bilateral}, assistant {fee.assistant}, "
            f"co-surgeons {fee.co_surgeon}"
        )
    settings: tuple[Setting, ...] = ("practitioner", "outpatient_hospital")
    for setting in settings:
        mue = release.mue(code, on, setting, nearest=True)
        if mue is not None and not isinstance(mue, NoEdition):
            yield f"MUE {setting} {_for(mue.edition, for_date=mue.for_date)}: {mue.units} units, MAI {mue.indicator}"
    add_ons = release.add_on(code, on, nearest=True)
    if not isinstance(add_ons, NoEdition):
        for row in add_ons:
            primaries = ", ".join(row.primaries)
            yield f"Add-on, type {row.kind}, {_for(row.edition, for_date=row.for_date)}: with {primaries}"


def _for(edition: str, *, for_date: bool) -> str:
    return edition if for_date else f"{edition} (not the edition for this date)"


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
