"""Modifier 25 on the visit for a problem beside a preventive visit or a minor procedure of the same date.

The visit for the problem is reported beside the other service only where it is significant and separately
identifiable, and is marked so (CPT, Preventive Medicine Services and modifier 25). Both stand on the claim only where
the letter tells a level for the problem; 25 stands there where its own words also call that work separate.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from consultant.evidence.asked import Aspect
from consultant.evidence.conditions import named_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from knowledge.official_model import Fee

_SEPARATE = re.compile(
    r"\b(?:separate\w*|significant\w*|distinct\w*|own note|(?:own|its) (?:documentation|heading|section"
    r"|paragraph|assessment|part)"
    r"|apart (?:in|from)|documented apart|above and beyond)\b",
    re.IGNORECASE,
)
_SUPPORTED = re.compile(
    r"\b(?:supports?|meets?|reach(?:es|ed)?|justif\w+|qualif\w+ (?:as|for)|level(?:l?ed)? (?:it )?(?:as|at|to)"
    r"|works? out"
    r"(?: to| as)|comes? to|amounts? to|documented (?:as|to)|audited (?:as|to)|(?:is|was|part|work|problem|portion)"
    r"(?: coded| scored)?(?: as)?) (?:an? |the |at least )?(?P<code>992(?:0[2-5]|1[2-5]))\b(?![^.?\n]{0,40}\?)",
    re.IGNORECASE,
)
_PREVENTIVE = ("preventive_visit.check", "medicare_wellness.wellness_visit")
_PROBLEM = ("office_visit.practitioner", "emergency_visit.practitioner", "home_residence.", "nursing_facility.")
_CRITICAL = "critical_care."
_BILLED_APART = re.compile(
    r"\bseparately (?:bill|report|charg|pa[iy])\w*[ \t]procedures?|\bprocedures?\b[^.;\n]{0,40}\b(?:separately"
    r"|by (?:itself|themselves)"
    r"|on (?:its|their) own)\b",
    re.IGNORECASE,
)
_PLANNING = ("99497", "99498")
_WELLNESS = ("G0438", "G0439")
_MINOR = ("000", "010")
"""The global periods of minor procedures, which hold the visit that decided on them."""


def problem_visit(inquiry: Inquiry, lines: Sequence[Line]) -> tuple[list[Line], tuple[Finding, ...]]:
    """Return the lines, 25 on the visit for the problem where the letter supports it, and the reason."""
    preventive = any(line.rule.startswith(_PREVENTIVE) for line in lines)
    minor = any(
        isinstance(fee := inquiry.fee(line.code), Fee) and fee.global_days in _MINOR
        for line in lines
        if not line.rule.startswith(_PROBLEM)
    )
    # A procedure that the letter names by its code, and that no family chose, holds its visit like any other.
    minor = minor or any(fee.global_days in _MINOR and not code.startswith("99") for code, fee in inquiry.fees)
    critical = bool(
        Aspect.MODIFIER in inquiry.aspects
        and _BILLED_APART.search(inquiry.question.text)
        and any(line.rule.startswith(_CRITICAL) and line.code == "99291" for line in lines)
    )
    minor = minor or critical
    other = "the preventive visit" if preventive else "the procedure"
    if not ((preventive or minor) and _SEPARATE.search(inquiry.question.text)):
        return list(lines), ()
    lines = [*lines, *_told(inquiry, lines)]
    marked, findings = [], []
    taking = (*_PROBLEM, _CRITICAL) if critical else _PROBLEM
    for line in lines:
        if line.rule.startswith(taking) and not line.modifiers:
            text = (
                f"25 stands on {line.code}: your letter calls the work on the problem separate from {other} "
                "of the date, and the record has to show the same."
            )
            findings.append(Finding(FindingKind.MODIFIER, "problem_visit.25", text, line.citations))
            marked.append(replace(line, modifiers=("25",)))
        else:
            marked.append(line)
    return marked, tuple(findings)


def waived_share(inquiry: Inquiry, lines: Sequence[Line]) -> tuple[list[Line], tuple[Finding, ...]]:
    """Return the lines, 33 on advance care planning beside Medicare's annual wellness visit, and the reason.

    On that day and by the same practitioner Medicare waives the patient's share of it.
    """
    rule = named_rule(inquiry.release, "transitional_and_chronic_care", "tcc-acp-wellness")
    if rule is None or not any(line.code in _WELLNESS for line in lines):
        return list(lines), ()
    marked = [
        replace(line, modifiers=("33",)) if line.code in _PLANNING and not line.modifiers else line for line in lines
    ]
    if marked == list(lines):
        return marked, ()
    return marked, (Finding(FindingKind.MODIFIER, "wellness.33", rule.text, rule.citations),)


def _told(inquiry: Inquiry, lines: Sequence[Line]) -> list[Line]:
    """Return the visit for the problem where the letter tells what its separate work supports by the code itself."""
    told = {match["code"] for match in _SUPPORTED.finditer(inquiry.question.text)}
    if len(told) != 1 or any(line.rule.startswith(_PROBLEM) for line in lines):
        return []
    code = told.pop()
    page = inquiry.release.page(code)
    if page is None or not page.sources or code not in inquiry.in_force:
        return []
    return [Line("CPT", code, 1, (), (), f"{_PROBLEM[0]}.told", page.sources[:1])]
