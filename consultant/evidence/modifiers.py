"""Modifiers that the letter asks about: each criterion, whether the letter states it, what the fee schedule permits.

Never a recommendation to append a modifier: whether the record supports it is for the coder who has the record.
"""

from collections.abc import Iterator

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.citing import of_fee, of_release
from consultant.evidence.criteria import FEE_FIELDS, beyond_letter, stated
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from knowledge.model import ModifierTest
from knowledge.official_model import Fee


def modifiers(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the test of every modifier that the letter asks about."""
    if not inquiry.modifiers:
        return tuple(_which(inquiry))
    return tuple(finding for modifier in inquiry.modifiers for finding in _of(inquiry, modifier))


def _which(inquiry: Inquiry) -> Iterator[Finding]:
    """Report which modifiers lift an edit by the pages of the codes, where the letter asks for one by no name."""
    if not (Aspect.MODIFIER in inquiry.aspects and Aspect.BUNDLING in inquiry.aspects and len(inquiry.asked) > 1):
        return
    for page in inquiry.pages:
        for remark in page.modifiers:
            if page.code in inquiry.asked and remark.code in _LIFTING:
                text = f"{remark.code} with {page.code}: {remark.text}"
                yield Finding(FindingKind.MODIFIER, f"modifier.{remark.code}.remark", text, remark.citations)


# The modifiers that lift a PTP edit of indicator 1 and name no place of the body (NCCI Policy Manual, chapter I, E).
_LIFTING = frozenset({"24", "25", "27", "57", "58", "59", "78", "79", "91", "XE", "XP", "XS", "XU"})


def _of(inquiry: Inquiry, modifier: str) -> Iterator[Finding]:
    """Report test, page remarks and indicators of one modifier."""
    tests = [row for family in inquiry.families for row in _tests(inquiry, family) if row.code == modifier]
    for test in tests[:1]:
        yield from _tested(inquiry, test)
    remarks = [row for page in inquiry.pages for row in page.modifiers if row.code == modifier]
    for remark in remarks[:1]:
        yield Finding(
            FindingKind.MODIFIER, f"modifier.{modifier}.remark", f"{modifier}: {remark.text}", remark.citations
        )
    permitted = list(_permitted(inquiry, modifier))
    yield from permitted
    explained = inquiry.release.modifier(modifier) is not None and not (inquiry.in_play or inquiry.consulted)
    if not (tests or remarks or permitted or explained):
        text = f"We hold no test for modifier {modifier} with these codes, so it was not tested."
        yield Finding(
            FindingKind.CAVEAT, f"modifier.{modifier}", text, (of_release(inquiry.release, "modifier tests"),)
        )


def _tests(inquiry: Inquiry, family: str) -> tuple[ModifierTest, ...]:
    """Return the modifier tests of a family."""
    held = inquiry.release.family(family)
    return held.modifiers if held else ()


def _tested(inquiry: Inquiry, test: ModifierTest) -> Iterator[Finding]:
    """Report in the verdict whether the letter's own words meet the test, and each criterion by itself."""
    asked = [row for row in test.criteria if not beyond_letter(row)]
    met = [row for row in asked if stated(row, inquiry.question)]
    rule = f"modifier.{test.code}"
    yield direct(FindingKind.MODIFIER, rule, _verdict(test, asked, met), test.citations)
    needed = "one of these is needed" if test.any_of and len(test.criteria) > 1 else "needed"
    for row in test.criteria:
        told = "your letter states it" if row in met else "your letter does not state it"
        told = "no letter can tell, check it" if row not in asked else told
        text = f"{test.code}, {needed}: {row.rstrip('.')}; {told}."
        yield Finding(FindingKind.MODIFIER, f"{rule}.criterion", text, test.citations, present=row in met)
    for row in test.do_not:
        yield Finding(FindingKind.MODIFIER, f"{rule}.not", f"{test.code}, do not: {row}", test.citations)


def _verdict(test: ModifierTest, asked: list[str], met: list[str]) -> str:
    """Word whether the letter's own words meet the test."""
    if met and (test.any_of or len(met) == len(asked)):
        return f"Modifier {test.code}: your letter states what it needs; it applies only if the record shows the same."
    if met:
        return f"Modifier {test.code}: your letter states {len(met)} of {len(asked)} criteria, and all are needed."
    return f"Your letter states none of the criteria of modifier {test.code}, so it does not support it."


def _permitted(inquiry: Inquiry, modifier: str) -> Iterator[Finding]:
    """Report whether the fee-schedule indicator of each code in play permits the modifier."""
    if modifier not in FEE_FIELDS:
        return
    field, permitting = FEE_FIELDS[modifier]
    for code in inquiry.in_force:
        fee = inquiry.fee(code)
        if not isinstance(fee, Fee):
            continue
        value = str(getattr(fee, field))
        verdict = "permits" if value in permitting else "does not permit"
        named = field.replace("_", "-")
        text = f"The {named} indicator of {code} is {value}, which {verdict} modifier {modifier} for Medicare."
        yield direct(FindingKind.MODIFIER, f"modifier.{modifier}.indicator", text, (of_fee(inquiry.release, fee),))
