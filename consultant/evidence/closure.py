"""May the closure of an excision be billed: what the excision includes, and what may be reported beside it.

The sentence follows the class of the closure; its sources are the statements on closure of the code's own page.
Which repair code it is depends on class, site group and length of the closed wound, and is chosen by the family of
repairs where the letter tells all of them (`closed_apart`); else the class is named and no code.
"""

import re
from collections.abc import Iterator

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.inquiry import Inquiry, Picked
from consultant.evidence.joining import CODE, joined
from consultant.evidence.model import Finding, FindingKind
from consultant.questions.model import Subject
from knowledge.model import Citation, CodePage

ALL_CLOSURES_INCLUDED = frozenset({"11400", "11420", "11440"})
"""Benign excisions of 0.5 cm or less, in which Medicare includes every closure (NCCI Policy Manual, chapter III)."""

_EXCISIONS = ("11400", "11646")
"""The first and last code of CPT's excision of benign and malignant lesions."""

# The classes of closure of CPT's repair section, by the first and last code of each.
REPAIRS = (
    ("simple", "12001", "12018"),
    ("intermediate", "12031", "12057"),
    ("complex", "13100", "13153"),
    ("adjacent_tissue_transfer", "14000", "14302"),
)

_BESIDE = {
    "lesion_excision": frozenset({"intermediate", "complex"}),
    "mohs": frozenset({"simple", "intermediate", "complex"}),
}
# What these remove, their closure is part of: every class of it, or all but the complex one (CPT, the guidelines before
# each range; NCCI Policy Manual, chapter III).
_PART_OF = {
    "hidradenitis": ("none", "simple", "intermediate", "complex"),
    "pilonidal": ("none", "simple", "intermediate"),
    "soft_tissue_tumor_excision": ("none", "simple", "intermediate"),
    "soft_tissue_tumor_radical": ("none", "simple", "intermediate"),
}
_OF_A_CLOSURE = frozenset({"closure_class", "closure_length_cm", "site", "site_group", "laterality"})

_CLOSURE = re.compile(r"\bclos|\brepair|\bsutur|\btissue transfer|\bflap", re.IGNORECASE)


def closure(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report for each excised lesion, once for each answer, whether its closure may be billed."""
    excisions = _excisions(inquiry)
    return joined((page.code, finding) for page, given in excisions for finding in _of(inquiry, page, given))


def class_of(code: str) -> str | None:
    """Return the class of closure that a repair code stands for, None for every other code."""
    return next((name for name, first, last in REPAIRS if first <= code <= last and len(code) == len(first)), None)


def closed_apart(row: Picked) -> Subject | None:
    """Return the closure of one lesion as a repair of its own; None where it is part of the removal or not told.

    An excision includes the simple closure, the smallest benign ones every closure; Mohs surgery includes none
    (CPT, Excision and Mohs micrographic surgery guidelines; NCCI Policy Manual, chapter III).
    """
    given = row.subject.values()
    classes = _BESIDE.get(row.family, frozenset())
    if given.get("closure_class") not in classes or "closure_length_cm" not in given:
        return None
    if row.chosen.code in ALL_CLOSURES_INCLUDED:
        return None
    told = {fact.name: fact for fact in reversed(row.subject.facts) if fact.name in _OF_A_CLOSURE}
    sure = told["closure_length_cm"].certain and told["closure_class"].certain
    return Subject("repair", tuple(told.values())) if sure else None


def _excisions(inquiry: Inquiry) -> Iterator[tuple[CodePage, str | None]]:
    """Give each excised lesion's page with the class of its closure, and a bare code's where the letter asks of it."""
    told = {str(row.values()["closure_class"]) for row in inquiry.question.subjects if "closure_class" in row.values()}
    named = sorted(told | {name for code in inquiry.asked if (name := class_of(code))})
    classes: list[str | None] = [*named] if named else [None]
    for row in inquiry.picked:
        given = inquiry.values(row.subject).get("closure_class")
        page = inquiry.release.page(row.chosen.code)
        if page and row.subject.kind == "lesion" and is_excision(page.code):
            yield from ((page, name) for name in ([str(given)] if given else classes))
    if not inquiry.picked and (named or Aspect.CLOSURE in inquiry.aspects):
        yield from ((page, name) for page in inquiry.pages if is_excision(page.code) for name in classes)


def is_excision(code: str) -> bool:
    """Tell whether a code is an excision of a skin lesion, beside which a layered or complex closure is reported."""
    return _EXCISIONS[0] <= code <= _EXCISIONS[1] and len(code) == len(_EXCISIONS[0])


def _of(inquiry: Inquiry, page: CodePage, given: str | None) -> Iterator[Finding]:
    """Say what becomes of the closure of one excision."""
    if given is None and Aspect.CLOSURE not in inquiry.aspects:
        return
    for text, citations in _sentences(inquiry, page, given):
        if citations:
            yield direct(FindingKind.WHY, f"closure.{given or 'asked'}", text, citations)


def _sentences(inquiry: Inquiry, page: CodePage, given: str | None) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """Word the answer by class of closure, each sentence with what supports it."""
    included = closure_citations(inquiry, page, r"simple|includ")
    every = closure_citations(inquiry, page, r"\b(all|any|every)\b.{0,20}\b(clos|repair)|0\.5 cm")
    apart = closure_citations(inquiry, page, r"intermediate|complex|separate")
    transfer = closure_citations(inquiry, page, r"transfer")
    if given in _PART_OF.get(page.family, ()):
        yield (
            f"The {given} closure is part of {CODE} and is not billed beside it.",
            closure_citations(inquiry, page, r"includ|in the code|part of"),
        )
        return
    if given in (None, "none", "simple"):
        yield f"A simple closure is included in {CODE} and is not billed.", included
    if page.code in ALL_CLOSURES_INCLUDED and given in (None, "intermediate", "complex"):
        yield f"Medicare (NCCI) includes every closure in {CODE}, also an intermediate or complex one.", every or apart
    elif given in ("intermediate", "complex"):
        text = f"The {given} closure may be reported beside {CODE} when the record supports that class"
        if any(row.family == "repair" for row in inquiry.picked):
            yield f"{text}.", apart
        else:
            yield f"{text}; its code depends on site group and length in cm and is not chosen here.", apart
    elif given is None:
        yield (
            f"An intermediate or complex closure may be reported beside {CODE} when the record supports that class.",
            apart,
        )
    if given == "adjacent_tissue_transfer":
        yield f"An adjacent tissue transfer includes the excision: report the transfer alone, not {CODE}.", transfer


def closure_citations(inquiry: Inquiry, page: CodePage, about: str) -> tuple[Citation, ...]:
    """Return the citations of the page's statements and the family's rules that speak of closure in these words."""
    said = [(row.text, row.citations) for row in page.included]
    said += [(row.text, row.citations) for row in page.separately_reportable]
    rules = inquiry.release.rules(family=page.family)
    said += [(row.text, row.citations) for row in rules if not row.codes or page.code in row.codes]
    speaking = [
        citations for text, citations in said if _CLOSURE.search(text) and re.search(about, text, re.IGNORECASE)
    ]
    cited = dict.fromkeys(citation for citations in speaking for citation in citations)
    return tuple(sorted(cited, key=lambda citation: not citation.verified))[:2]
