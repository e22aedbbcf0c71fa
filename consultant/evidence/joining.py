"""Joins findings that say the same of several codes, so that a draft says it once."""

from collections.abc import Iterable
from dataclasses import replace

from consultant.evidence.model import Finding

CODE = "\u241f"
"""Stands for the code in a finding that is to be joined; never part of a finding that leaves the room."""


def joined(rows: Iterable[tuple[str, Finding]]) -> tuple[Finding, ...]:
    """Return each finding once, its codes named together; each comes with the code that `CODE` stands for."""
    groups: dict[tuple[str, str, str], list[tuple[str, Finding]]] = {}
    for code, finding in rows:
        groups.setdefault((finding.kind, finding.rule, finding.text), []).append((code, finding))
    return tuple(_one(group) for group in groups.values())


def _one(group: list[tuple[str, Finding]]) -> Finding:
    """Join one group."""
    codes = list(dict.fromkeys(code for code, _ in group))
    named = f"{', '.join(codes[:-1])} and {codes[-1]}" if len(codes) > 1 else codes[0]
    cited = tuple(dict.fromkeys(citation for _, finding in group for citation in finding.citations))
    first = group[0][1]
    return replace(first, text=first.text.replace(CODE, named), citations=cited)
