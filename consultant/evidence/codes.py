"""Answers about a code that the sender names: whether it is held, what it is for, how it differs, what supports it.

Global days, units and modifiers of such a code are answered by the rooms of their rows (`fees`, `units`, `modifiers`).
"""

import re
from collections.abc import Iterator
from itertools import permutations

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.citing import of_code, of_release
from consultant.evidence.inquiry import PROCEDURE_SYSTEMS, Inquiry, held
from consultant.evidence.model import Finding, FindingKind
from knowledge.model import Citation, CodePage

# Aspects that other rooms answer from their own rows: a plain description beside them would only be in the way.
_ANSWERED_ELSEWHERE = frozenset(
    {Aspect.GLOBAL_PERIOD, Aspect.INDICATORS, Aspect.ADD_ON, Aspect.UNITS, Aspect.MODIFIER, Aspect.BUNDLING}
)

_ENDED = re.compile(r"\b(?:ended on|(?:was|were) deleted)\b")
"""How a rule says that a code is no longer one."""


def codes(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report what the pages say of the codes that the sender names, by what the letter asks."""
    return (*_not_held(inquiry), *_differences(inquiry), *_each(inquiry))


def _not_held(inquiry: Inquiry) -> Iterator[Finding]:
    """Say which named codes are not in force, or not held, on the date of service."""
    on = inquiry.on.isoformat()
    for code in inquiry.asked:
        if held(inquiry.release, code, inquiry.on):
            continue
        page = inquiry.release.page(code)
        if page and page.ended and page.ended < inquiry.on:
            text = f"{code} is not in force on {on}: it ended on {page.ended.isoformat()}."
            yield direct(FindingKind.CAVEAT, "code.ended", text, page.sources[:1])
        elif page and page.effective and page.effective > inquiry.on:
            text = f"{code} is not in force on {on}: it begins on {page.effective.isoformat()}."
            yield direct(FindingKind.CAVEAT, "code.begins", text, page.sources[:1])
        elif rule := next(
            (row for row in inquiry.release.rules() if code in row.text and _ENDED.search(row.text)), None
        ):
            yield direct(FindingKind.CAVEAT, "code.ended", rule.text, rule.citations)
        else:
            text = f"We hold no code {code} for {on}, so nothing is said of it here."
            yield Finding(FindingKind.CAVEAT, "code.not_held", text, (of_release(inquiry.release, "code sets"),))


def _differences(inquiry: Inquiry) -> Iterator[Finding]:
    """Say how two named codes differ, from either page's list of neighbours."""
    if Aspect.DIFFERENCE not in inquiry.aspects or len(inquiry.asked) < 2:
        return
    told: set[frozenset[str]] = set()
    for code, other in permutations(inquiry.asked, 2):
        page = inquiry.release.page(code)
        remark = next((row for row in page.neighbours if row.code == other), None) if page else None
        if page and remark and frozenset((code, other)) not in told:
            told.add(frozenset((code, other)))
            yield direct(FindingKind.WHY, "page.title", _is_for(page), _title_citations(page))
            yield direct(FindingKind.WHY, "neighbour", f"{other} differs: {remark.text}", remark.citations)
    for page in inquiry.pages:
        if page.code in inquiry.asked and not any(page.code in pair for pair in told):
            yield direct(FindingKind.WHY, "page.title", _is_for(page), _title_citations(page))


def _each(inquiry: Inquiry) -> Iterator[Finding]:
    """Answer code by code, unless the letter tells a case, of which a chooser speaks."""
    if inquiry.consulted:
        return
    for page in inquiry.pages:
        cited = _title_citations(page)
        if Aspect.DOCUMENTATION in inquiry.aspects:
            things = len(page.documentation)
            text = f"The record for {page.code} must show {things} things, listed under Documentation."
            yield direct(FindingKind.WHY, "page.documentation", text, page.documentation[0].citations)
        if Aspect.DIAGNOSIS in inquiry.aspects:
            yield from _support(page)
        if not inquiry.aspects & (_ANSWERED_ELSEWHERE | {Aspect.DIFFERENCE, Aspect.DOCUMENTATION, Aspect.DIAGNOSIS}):
            yield direct(FindingKind.WHY, "page.title", _is_for(page), cited)
            for said in page.applies_when:
                yield Finding(FindingKind.WHY, "page.applies", f"{page.code}: {said.text}", said.citations)
            for said in page.does_not_apply[:3]:
                yield Finding(FindingKind.WHY, "page.not", f"{page.code}, not: {said.text}", said.citations)
    for code in inquiry.in_force:
        if inquiry.release.page(code) is None and Aspect.DIFFERENCE not in inquiry.aspects:
            yield from _bare_row(inquiry, code)


def _support(page: CodePage) -> Iterator[Finding]:
    """Name the diagnoses that support a code, and those that conflict with it."""
    supports = [row for row in page.diagnoses if row.role == "supports"]
    if supports:
        named = ", ".join(row.code for row in supports)
        cited = tuple(dict.fromkeys(citation for row in supports for citation in row.citations))
        yield direct(FindingKind.DIAGNOSIS, "page.diagnoses", f"Diagnoses that support {page.code}: {named}.", cited)
    for row in page.diagnoses:
        yield Finding(FindingKind.DIAGNOSIS, f"page.{row.role}", f"{row.code} {row.role}: {row.text}", row.citations)


def _bare_row(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    """Say of a code that is known by its row alone that it is, and no more."""
    entry = next((row for system in PROCEDURE_SYSTEMS if (row := inquiry.release.code(system, code, inquiry.on))), None)
    if entry:
        text = f"We hold rows of {code} in the official files ({entry.edition}), but no page on its use."
        yield Finding(FindingKind.CAVEAT, "code.row_only", text, (of_code(inquiry.release, entry),))


def _is_for(page: CodePage) -> str:
    """Say what a code is for, by the title of its page."""
    return f"{page.code} is for this: {page.title[0].lower()}{page.title[1:].rstrip('.')}."


def _title_citations(page: CodePage) -> tuple[Citation, ...]:
    """Return what a page's description cites."""
    return page.description[0].citations
