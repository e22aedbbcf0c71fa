"""The documentation list of each chosen or asked code: what the letter itself says, and what it does not."""

import re
from collections.abc import Iterable

from consultant.evidence.asked import Aspect
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.questions.model import Subject
from knowledge.model import CodePage, DocumentationItem

_REPORT = re.compile(r"\b(?:path\w*|dermpath|histo\w*|report\w*|bx|biops\w*)\b", re.IGNORECASE)
"""Words by which a letter speaks of what pathology found."""


def documentation(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report what the record must show: for a chosen code against the letter, for an asked code as a plain list."""
    against = [_against(inquiry, page, item) for page in _chosen_pages(inquiry) for item in page.documentation]
    if Aspect.DOCUMENTATION not in inquiry.aspects or inquiry.chosen:
        # What the record of another code would need is beside the point once the claim is known.
        return _once(against)
    pages = [page for page in inquiry.pages if page.code in inquiry.asked]
    several = len(pages) > 1
    asked = [_listed(page, item, f"{page.code}: " if several else "") for page in pages for item in page.documentation]
    return _once([*against, *asked])


def _chosen_pages(inquiry: Inquiry) -> tuple[CodePage, ...]:
    """Return one page for each family on the claim: its codes ask for the same things."""
    pages = (page for code in inquiry.chosen if (page := inquiry.release.page(code)))
    return tuple({page.family: page for page in reversed(list(pages))}.values())


def _against(inquiry: Inquiry, page: CodePage, item: DocumentationItem) -> Finding:
    """Compare one thing with the facts of each subject; a thing without facts cannot be told from a letter."""
    subjects = [row.subject for row in inquiry.picked if row.family == page.family]
    present = all(_told(inquiry, subject, item) for subject in subjects) if item.facts else None
    return Finding(
        FindingKind.DOCUMENTATION, f"{page.family}.documentation", _plain(item.text), item.citations, present
    )


def _told(inquiry: Inquiry, subject: Subject, item: DocumentationItem) -> bool:
    """Tell whether the letter gives one of the facts that show a thing."""
    known = {fact.name for fact in (*subject.facts, *inquiry.question.facts)}
    known |= {"date_of_service"} if inquiry.question.date_of_service else set()
    if not _REPORT.search(inquiry.question.text):
        # "Nevus" tells what it was and not that a report says so.
        known.discard("pathology")
    return any(name in known for name in item.facts)


def _listed(page: CodePage, item: DocumentationItem, start: str) -> Finding:
    """List one thing that the record must show for a code that the sender names."""
    rule = f"{page.family}.documentation.list"
    return Finding(FindingKind.DOCUMENTATION, rule, start + _plain(item.text), item.citations)


def _plain(text: str) -> str:
    """Return the item without its full stop, as it stands in a list."""
    return text.rstrip(".")


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the first of findings that say the same."""
    return tuple({row.text: row for row in reversed(list(findings))}.values())[::-1]
