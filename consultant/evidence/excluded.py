"""GY: what Medicare excludes by statute, on the lines of a letter that has it submitted for the denial.

Routine foot care without a systemic condition, cosmetic removals and the routine physical are excluded (Social Security
Act, section 1862(a)(7), (10) and (13)); without the words that say so a line is left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from consultant.evidence.asked import direct
from consultant.evidence.class_findings import ROUTINE, for_medicare
from consultant.evidence.conditions import named_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from consultant.questions.model import Subject

_GY: Final = "GY"
_SUBMITTED: Final = re.compile(
    r"\b(?:denials?|den(?:y|ied|ies)|secondary|supplement\w*|retiree|submit\w*|insists?|demands?|excluded|exclusion"
    r"|(?:not|never|non-?) ?covered|statutor\w+|(?-i:GY))\b",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"\b(?:signed|have|has|got|with) (?:an? |the |a signed |voluntary )*(?:ABN|notice)\b"
    r"|(?<!no )\bABN (?:is |was )?(?:on file|signed|obtained)|\b(?-i:G[AXZ])\b",
    re.IGNORECASE,
)
"""A notice that was given, or a question between the modifiers, is left to the rules of notices."""
_HEALTHY: Final = re.compile(
    r"\b(?:no|without|not any|nothing|denies)\b[^.;\n]{0,60}\bsystemic\b|\bhealthy\b"
    r"|\bno diabetes\b[^.;\n]{0,80}\b(?:pulses|vascular|circulat\w+|PVD|PAD|neuropath\w+|nerve)\b"
    r"|\bno (?:class findings|qualifying (?:condition|diagnosis|disease))\b",
    re.IGNORECASE,
)
_FOR_LOOKS: Final = re.compile(
    r"(?<!not )(?<!n't )(?<!non-)(?<!never )\bcosmetic(?:ally)?\b"
    r"|\b(?:purely|only|just|solely) for (?:looks|appearance|her looks|his looks)\b",
    re.IGNORECASE,
)
_SICK: Final = re.compile(
    r"\b(?:irritated|inflamed|bleeding|bleeds|painful|itch\w*|infected|catch(?:es|ing)? on)\b", re.IGNORECASE
)
_DENIED: Final = re.compile(r"\b(?:no|not|without|never|denies|nor|or)\b[^.;\n]{0,40}$", re.IGNORECASE)
_PHYSICAL: Final = re.compile(r"993[89]\d")
_REMOVAL: Final = re.compile(r"1(?:12[01]\d|13\d\d|14[0-4]\d|7[01]\d\d)")


def excluded(
    inquiry: Inquiry, lines: Sequence[tuple[Line, tuple[Subject, ...]]]
) -> tuple[list[tuple[Line, tuple[Subject, ...]]], tuple[Finding, ...]]:
    """Give GY to each line of a service that the letter tells to be excluded and to be submitted all the same."""
    text = inquiry.question.text
    if not (for_medicare(inquiry) and _SUBMITTED.search(text)) or _NOTICE.search(text):
        return list(lines), ()
    out = [line.code for line, _ in lines if _is_excluded(line.code, text)]
    held = named_rule(inquiry.release, "modifiers_hcpcs", "mhc-abn-four") if out else None
    if held is None:
        return list(lines), ()
    changed = [
        (replace(line, modifiers=(*line.modifiers, _GY)) if line.code in out else line, subjects)
        for line, subjects in lines
    ]
    told = f"GY on {', '.join(dict.fromkeys(out))}: the law excludes what your letter tells of. {held.text}"
    return changed, (direct(FindingKind.MODIFIER, "excluded", told, held.citations),)


def _is_excluded(code: str, text: str) -> bool:
    if code in ROUTINE:
        return bool(_HEALTHY.search(text))
    if _REMOVAL.fullmatch(code):
        sick = any(not _DENIED.search(text, max(0, m.start() - 60), m.start()) for m in _SICK.finditer(text))
        return bool(_FOR_LOOKS.search(text)) and not sick
    return bool(_PHYSICAL.fullmatch(code))
