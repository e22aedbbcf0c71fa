"""What a modifier is for, where a letter asks of modifiers and of no code or case."""

from collections.abc import Iterator

from consultant.evidence.asked import direct
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind


def modifier_pages(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the purpose of each modifier that is asked about, what tells it from the others, and what decides it."""
    if inquiry.in_play or inquiry.consulted:
        return ()
    return tuple(finding for modifier in inquiry.modifiers for finding in _of(inquiry, modifier))


def _of(inquiry: Inquiry, modifier: str) -> Iterator[Finding]:
    page = inquiry.release.modifier(modifier)
    if page is None:
        return
    rule = f"modifier.{modifier}"
    for said in page.purpose[:1]:
        yield direct(FindingKind.MODIFIER, rule, f"{modifier}: {said.text}", said.citations)
    for row in page.neighbours:
        if row.code in inquiry.modifiers:
            yield direct(
                FindingKind.MODIFIER,
                f"{rule}.neighbour",
                f"{row.code}, in place of {modifier}: {row.text}",
                row.citations,
            )
    for criterion in page.criteria:
        needed = "one of these is needed" if page.any_of else "needed"
        yield Finding(FindingKind.MODIFIER, f"{rule}.criterion", f"{modifier}, {needed}: {criterion}", page.citations)
    for name, rows in (("goes", page.goes_on), ("not", page.not_on), ("decides", page.decided_by)):
        for said in rows:
            yield Finding(FindingKind.MODIFIER, f"{rule}.{name}", f"{modifier}: {said.text}", said.citations)
