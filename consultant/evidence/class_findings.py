"""Q7, Q8 or Q9: what the class findings of a letter meet, on the lines of routine foot care for Medicare."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.conditions import named_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from consultant.questions.class_findings import read
from consultant.questions.model import Subject

ROUTINE: Final = frozenset({"11055", "11056", "11057", "11719", "11720", "11721", "G0127"})
"""The codes of routine foot care."""
_ASKS: Final = re.compile(r"\bQ[- ]?mod\w*|\bQ[789]\b|\bclass (?:[ABC]\b|findings?)", re.IGNORECASE)


def for_medicare(inquiry: Inquiry) -> bool:
    """Tell whether the letter names original Medicare as the payer."""
    return any(fact.name == "payer" and fact.value == "medicare" for fact in inquiry.question.facts)


def by_class(
    inquiry: Inquiry, lines: Sequence[tuple[Line, tuple[Subject, ...]]]
) -> tuple[list[tuple[Line, tuple[Subject, ...]]], tuple[Finding, ...]]:
    """Give each line of routine care the modifier that the findings meet, for Medicare or where one is asked for."""
    asked = bool(_ASKS.search(inquiry.question.text))
    if not any(line.code in ROUTINE for line, _ in lines) or not (asked or for_medicare(inquiry)):
        return list(lines), ()
    held = named_rule(inquiry.release, "routine_foot_care", "rfc-q-modifiers")
    found = read(inquiry.question.text)
    modifier = found.modifier
    if not (held and modifier):
        return list(lines), ()
    told = "; ".join(
        f"class {name}: {', '.join(dict.fromkeys(rows))}"
        for name, rows in (("A", found.a), ("B", found.b), ("C", found.c))
        if rows
    )
    text = f"{modifier} fits the class findings of your letter ({told or 'as it says'}). {held.text}"
    say = direct if asked or Aspect.MODIFIER in inquiry.aspects else Finding
    changed = [
        (replace(line, modifiers=(modifier, *line.modifiers)) if line.code in ROUTINE else line, subjects)
        for line, subjects in lines
    ]
    return changed, (say(FindingKind.MODIFIER, "class_findings", text, held.citations),)
