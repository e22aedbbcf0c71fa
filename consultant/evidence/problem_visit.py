"""Modifier 25 on the visit for a problem beside a preventive visit or a minor procedure of the same date.

The visit for the problem is reported beside the other service only where it is significant and separately
identifiable, and is marked so (CPT, Preventive Medicine Services and modifier 25). Both stand on the claim only where
the letter tells a level for the problem; 25 stands there where its own words also call that work separate.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from knowledge.official_model import Fee

_SEPARATE = re.compile(
    r"\b(?:separate\w*|significant\w*|distinct\w*|own note|(?:own|its) documentation|above and beyond)\b", re.IGNORECASE
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
    other = "the preventive visit" if preventive else "the procedure"
    if not ((preventive or minor) and _SEPARATE.search(inquiry.question.text)):
        return list(lines), ()
    lines = [*lines, *_told(inquiry, lines)]
    marked, findings = [], []
    for line in lines:
        if line.rule.startswith(_PROBLEM) and not line.modifiers:
            text = (
                f"25 stands on {line.code}: your letter calls the work on the problem separate from {other} "
                "of the date, and the record has to show the same."
            )
            findings.append(Finding(FindingKind.MODIFIER, "problem_visit.25", text, line.citations))
            marked.append(replace(line, modifiers=("25",)))
        else:
            marked.append(line)
    return marked, tuple(findings)


def _told(inquiry: Inquiry, lines: Sequence[Line]) -> list[Line]:
    """Return the visit for the problem where the letter tells what its separate work supports by the code itself."""
    told = {match["code"] for match in _SUPPORTED.finditer(inquiry.question.text)}
    if len(told) != 1 or any(line.rule.startswith(_PROBLEM) for line in lines):
        return []
    code = told.pop()
    page = inquiry.release.page(code)
    if page is None or not page.sources or code not in inquiry.in_force:
        return []
    return [Line("CPT", code, 1, (), (), f"{_PROBLEM}.told", page.sources[:1])]
