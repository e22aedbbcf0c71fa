"""Proves a release that was built, by what is in it: every byte, every table, every code, every source.

The build refuses content that does not hold; this is for the release itself, after it was copied, kept for a year, or
built by somebody else.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path

from knowledge.choosers import Chooser
from knowledge.compiling import case_problem
from knowledge.editions import rivals
from knowledge.faults import ReleaseDamaged
from knowledge.layout import MANIFEST
from knowledge.limits import ends
from knowledge.model import Citation, CodePage, Diagnosis, system_of
from knowledge.release import Release
from knowledge.tables import Axis
from knowledge.version import checksum


@dataclass(frozen=True, slots=True)
class Sourced:
    """How the statements of a release are sourced."""

    statements: int
    unverified: int
    """Statements of which every citation is unverified; drafts say so of each."""


def verify(release: Release) -> tuple[str, ...]:
    """Return what is wrong with a release, one sentence each; empty when it holds."""
    try:
        return tuple(_problems(release))
    except ReleaseDamaged as error:
        return (str(error),)


def sourced(release: Release) -> Sourced:
    """Count the statements of all pages, rules, families and choosers, and those that nobody confirmed.

    A sentence that several pages share counts once a page, as it is read there.
    """
    tables = (row.table for row in release.choosers())
    parts = (*_pages(release), *release.rules(), *release.families(), *tables, release.limits)
    rows = [cited for part in parts for cited in citations_of(part)]
    return Sourced(len(rows), sum(not any(row.verified for row in cited) for cited in rows))


def _problems(release: Release) -> Iterator[str]:
    yield from _files(release.folder)
    yield from _editions(release)
    sound: dict[str, Chooser] = {}
    for chooser in release.choosers():
        wrong = tuple(_chooser(release, chooser))
        yield from wrong
        if not wrong:
            sound[chooser.family] = chooser
    for page in _pages(release):
        yield from _page(release, page, sound)
    yield from _licensed(release)
    yield from _limits(release)
    for part in (*_pages(release), *release.rules(), *release.families()):
        if any(not cited for cited in citations_of(part)):
            yield f"{getattr(part, 'code', None) or getattr(part, 'id', '')}: a statement has no source."


def _limits(release: Release) -> Iterator[str]:
    """Report limits of sex and age without a source, and those of codes that the release does not hold."""
    for row in release.limits.rows:
        if not row.citations:
            yield f"The limit {row.id} has no source."
        for code in (code for codes in row.codes for code in dict.fromkeys(ends(codes))):
            if not release.systems_of(code, row.effective):
                yield f"The limit {row.id} names {code}, which is in no code set held."


def _licensed(release: Release) -> Iterator[str]:
    """Report official texts of CPT or dental codes in a release whose builder held no licence for them."""
    held = release.descriptors()
    if held and not release.licensed:
        named = ", ".join(held[:5])
        yield f"{len(held)} CPT or dental codes carry official descriptors ({named}), and no licence is recorded."


def _files(folder: Path) -> Iterator[str]:
    """Compare every byte with the manifest."""
    for name, file in json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"].items():
        path = folder / name
        if not path.is_file():
            yield f"{path} is missing."
        elif checksum(path) != file["sha256"]:
            yield f"{path} is not as it was written: its checksum differs."


def _editions(release: Release) -> Iterator[str]:
    """Report editions of one file that hold for the same days, where none could be told to be the right one."""
    for one, other in rivals(release.sources()):
        yield f"The editions {one.edition} and {other.edition} of {one.kind} hold for the same days."


def _pages(release: Release) -> tuple[CodePage, ...]:
    return tuple(page for row in release.pages() if (page := release.page(row.code)))


def _page(release: Release, page: CodePage, sound: Mapping[str, Chooser]) -> Iterator[str]:
    """Check the sources of a page, its codes, and that a sound chooser gives the outcome of its worked case."""
    if not page.sources:
        yield f"{page.code} has no source."
    if release.code(page.system, page.code, page.reviewed_on) is None:
        yield f"{page.code} has a page and is in no code set."
    for row in page.diagnoses:
        yield from _diagnosis(release, page, row)
    if release.family(page.family) is None:
        yield f"{page.code} belongs to {page.family}, which is not there."
    yield from (f"{page.code}: {text}" for text in _descriptors(page))
    problem = case_problem(sound[page.family], page) if page.family in sound else None
    if problem:
        yield f"{page.code}: {problem}."
    if not any(hit.key == page.code for hit in release.search(page.code, 3)):
        yield f"A search for {page.code} does not find its page."


def _diagnosis(release: Release, page: CodePage, row: Diagnosis) -> Iterator[str]:
    """Check that a diagnosis is in an edition for its date: that of the ICD-10-CM edition cited, else of the review."""
    cited = max((one.effective for one in row.citations if one.source == "ICD-10-CM" and one.effective), default=None)
    entry = release.icd10(row.code, cited or page.reviewed_on)
    if entry is None:
        yield f"{page.code} names {row.code}, which is not in the ICD-10-CM edition held."
    elif cited and not entry.for_date:
        yield f"{page.code} names {row.code} for {cited.isoformat()}, and no ICD-10-CM edition is held for that day."


_HALLMARKS = ("list separately in addition to code for primary procedure", "(separate procedure)", "; each additional ")
"""What official descriptors of CPT are known by and our own words never need."""


def _descriptors(node: object) -> Iterator[str]:
    """Yield each text of a value that reads like an official descriptor."""
    for text in _texts(node):
        found = [mark for mark in _HALLMARKS if mark in text.lower()]
        if found:
            yield f'the text "{text[:60]}" reads like an official descriptor ("{found[0].strip()}").'


def _texts(node: object) -> Iterator[str]:
    """Yield every text of a value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for one in node:
            yield from _texts(one)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _texts(getattr(node, field.name))


def _chooser(release: Release, chooser: Chooser) -> Iterator[str]:
    """Try every combination of parts, and a number in every stretch of every interval."""
    table = chooser.table
    rows = Counter(row.parts for row in table.rows)
    for cell in product(*([part.name for part in axis.parts] for axis in table.axes)):
        if rows[cell] != 1:
            wrong = "has no row" if not rows[cell] else "has more than one row"
            yield f"{chooser.family}: the combination {', '.join(cell)} {wrong}."
    for axis in table.axes:
        if axis.kind == "interval":
            yield from (f"{chooser.family}: {text}" for text in _interval(axis))
    given = {row.code for row in table.rows if row.code} | {row.code for row in table.add_ons}
    for code in sorted(given):
        if system_of(code) != "ICD-10-CM":
            if release.page(code) is None:
                yield f"{chooser.family}: it gives {code}, which has no page."
        else:
            entry = release.icd10(code, table.effective)
            if entry is None or not entry.billable:
                yield f"{chooser.family}: it gives {code}, which is no billable code of the ICD-10-CM edition held."


def _interval(axis: Axis) -> Iterator[str]:
    """Try each limit, and one number between, below and above the limits."""
    limits = sorted({limit for part in axis.parts for limit in (part.over, part.up_to) if limit})
    trials = [
        *limits,
        *((low + high) / 2 for low, high in pairwise([Decimal(0), *limits])),
        max(limits, default=Decimal(0)) + 1,
    ]
    for number in sorted(trials):
        parts = [part.name for part in axis.parts if part.contains(number)]
        if len(parts) != 1:
            wrong = f"lies in {' and '.join(parts)}" if parts else "lies in no part"
            yield f"{axis.fact} = {number} {wrong}."


def citations_of(node: object) -> Iterator[tuple[Citation, ...]]:
    """Yield the citations of every statement in a value."""
    if isinstance(node, tuple):
        for one in node:
            yield from citations_of(one)
    elif is_dataclass(node) and not isinstance(node, Citation):
        for field in fields(node):
            value = getattr(node, field.name)
            if field.name == "citations":
                yield value
            else:
                yield from citations_of(value)
