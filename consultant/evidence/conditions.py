"""The diagnosis codes of a letter as the checks see them, and how a note of ICD-10-CM names others."""

import re
from collections.abc import Iterable
from typing import Final

from consultant.evidence.inquiry import Inquiry
from knowledge.limits import within
from knowledge.model import Citation, Rule
from knowledge.release import Release

_NAMED: Final = re.compile(
    r"(?P<codes>[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?:-[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)?)"
    r"(?P<some>-?,?[ \t]with (?:fifth|sixth|fourth|final|7th))?"
)
"""A code, category or range; where only some of its codes are meant (T36-T50 with fifth or sixth character 5)."""


def reported(inquiry: Inquiry) -> tuple[str, ...]:
    """Return every diagnosis code that the sender wrote or that stands on a line, once each, in order."""
    on_lines = [code for line in inquiry.lines for code in line.diagnoses]
    on_lines += [line.code for line in inquiry.lines if line.system == "ICD-10-CM"]
    return tuple(dict.fromkeys((*inquiry.diagnoses, *on_lines)))


def begins(code: str, prefixes: Iterable[str]) -> bool:
    """Tell whether a code begins like one of the prefixes, the point and a closing "-" aside."""
    plain = code.replace(".", "")
    return any(plain.startswith(prefix.rstrip("-").replace(".", "")) for prefix in prefixes)


def names(note: str, code: str) -> bool:
    """Tell whether a note names a code, by itself, by a category above it or within a range.

    A range of which only some codes are meant, by one of their characters, names none for sure.
    """
    return any(within(code, found["codes"]) for found in _NAMED.finditer(note) if not found["some"])


def named_rule(release: Release, family: str, rule: str) -> Rule | None:
    """Return a rule of the content by its name; None where the release does not hold it."""
    return next((row for row in release.rules(family=family) if row.id == rule), None)


def cited_rule(release: Release, family: str, rule: str) -> tuple[Citation, ...]:
    """Return the sources of a rule of the content by its name, the confirmed ones first; none where it is not held."""
    found = named_rule(release, family, rule)
    return tuple(sorted(found.citations, key=lambda citation: not citation.verified))[:1] if found else ()
