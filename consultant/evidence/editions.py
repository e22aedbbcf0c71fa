"""Editions that are not held for the date of service: said in a sentence of their own, never as "no edit"."""

from collections.abc import Iterable
from dataclasses import replace

from consultant.evidence.citing import of_release
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.wording import joined

PREFIX = "edition."
"""Begins the rule of every such finding; what follows is the kind of file."""

_PTP = "PTP"
_NEAREST = "nearest edition "


def not_held(inquiry: Inquiry, kind: str, held: tuple[str, ...], unchecked: str = "") -> Finding:
    """Say that no edition of a kind of file is held for the date, and which one is nearest."""
    nearest = f"; the nearest held is {held[-1]}" if held else ""
    text = f"We hold no {kind} edition for {inquiry.on.isoformat()}{nearest}. {unchecked}".strip()
    section = _NEAREST + held[-1] if held else "editions held"
    return Finding(FindingKind.EDIT, PREFIX + kind, text, (of_release(inquiry.release, section),))


def gathered(inquiry: Inquiry, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put the sentence on PTP editions before what was checked, and one for the other kinds of file behind it."""
    rows = list(findings)
    said = list({row.rule: row for row in rows if row.rule.startswith(PREFIX)}.values())
    others = [row for row in said if row.rule != PREFIX + _PTP and row.citations[0].section.startswith(_NEAREST)]
    apart = [row for row in said if row not in others]
    apart = [replace(row, citations=(of_release(inquiry.release),)) for row in apart]
    checked = [row for row in rows if not row.rule.startswith(PREFIX)]
    if len(others) < 2:
        others = [replace(row, citations=(of_release(inquiry.release),)) for row in others]
        return (*apart, *checked, *others)
    kinds = [row.rule.removeprefix(PREFIX) for row in others]
    nearest = [row.citations[0].section.removeprefix(_NEAREST) for row in others]
    text = (
        f"We hold no {joined(kinds, 'or')} edition for {inquiry.on.isoformat()} either; "
        f"the nearest held are {joined(nearest)}."
    )
    text = text if apart else text.replace(" either;", ";")
    cited = (of_release(inquiry.release),)
    return (*apart, *checked, Finding(FindingKind.EDIT, f"{PREFIX}{'+'.join(kinds)}", text, cited))
