"""ICD-10-CM codes of the letter: valid and billable on the date, Excludes1, laterality, and what supports the code."""

import re
from collections.abc import Iterator
from itertools import permutations

from consultant.evidence.citing import of_code, of_release
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from knowledge.model import CodeEntry

_SIDES = {"left": re.compile(r"\bleft\b", re.IGNORECASE), "right": re.compile(r"\bright\b", re.IGNORECASE)}


def diagnoses(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report what the release says of each diagnosis code that the sender wrote."""
    return (*_each(inquiry), *_excluded(inquiry))


def supporting(inquiry: Inquiry, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sender's diagnosis codes that are billable on the date and begin like one of these."""
    entries = ((code, inquiry.release.icd10(code, inquiry.on)) for code in inquiry.diagnoses)
    return tuple(code for code, entry in entries if entry and entry.billable and _begins(code, prefixes))


def _begins(code: str, prefixes: tuple[str, ...]) -> bool:
    """Tell whether a code begins like one of the prefixes, the point and a closing "-" aside."""
    plain = code.replace(".", "")
    return any(plain.startswith(prefix.rstrip("-").replace(".", "")) for prefix in prefixes)


def _each(inquiry: Inquiry) -> Iterator[Finding]:
    """Report validity, billability, side and support, code by code."""
    for code in inquiry.diagnoses:
        entry = inquiry.release.icd10(code, inquiry.on)
        if entry is None:
            text = f"{code} is not in the ICD-10-CM edition held for {inquiry.on.isoformat()}."
            yield Finding(FindingKind.DIAGNOSIS, "icd.unknown", text, (of_release(inquiry.release, "ICD-10-CM"),))
            continue
        cited = (of_code(inquiry.release, entry),)
        yield Finding(FindingKind.DIAGNOSIS, "icd.valid", _validity(inquiry, entry), cited)
        yield from _side(inquiry, entry)
        for row in inquiry.picked:
            if row.chosen.diagnoses and entry.billable and not _begins(code, row.chosen.diagnoses):
                usual = ", ".join(row.chosen.diagnoses)
                text = f"{code} is not among the diagnoses that usually support {row.chosen.code} ({usual})."
                cited_rows = tuple(c for said in row.chosen.statements for c in said.citations) or cited
                yield Finding(FindingKind.DIAGNOSIS, "icd.support", text, cited_rows[:1])


def _validity(inquiry: Inquiry, entry: CodeEntry) -> str:
    """Word validity and billability on the date; of another edition than that of the date, that it is another."""
    named = f"{entry.code} ({entry.description})" if entry.description else entry.code
    on = inquiry.on.isoformat()
    began = entry.effective is None or entry.effective <= inquiry.on
    current = began and (entry.ended is None or inquiry.on <= entry.ended)
    when = f"on {on}" if current else f"in {entry.edition}; we hold no ICD-10-CM edition for {on}"
    if entry.billable:
        return f"{named} is valid and billable {when}."
    return f"{named} is a category and not billable {when}. Report one of its more specific codes."


def _side(inquiry: Inquiry, entry: CodeEntry) -> Iterator[Finding]:
    """Report a code that names the other side than the letter does."""
    named = {side for side, pattern in _SIDES.items() if pattern.search(entry.description or "")}
    told = {
        str(fact.value)
        for subject in inquiry.question.subjects
        for fact in subject.facts
        if fact.name == "laterality" and fact.value in _SIDES
    }
    if len(named) == 1 and told and not named & told:
        text = f"{entry.code} names the {named.pop()} side; the letter speaks of the {' and '.join(sorted(told))}."
        yield Finding(FindingKind.DIAGNOSIS, "icd.laterality", text, (of_code(inquiry.release, entry),))


def _excluded(inquiry: Inquiry) -> Iterator[Finding]:
    """Report pairs of the sender's codes of which one excludes the other (Excludes1: never together)."""
    for code, other in permutations(inquiry.diagnoses, 2):
        entry = inquiry.release.icd10(code, inquiry.on)
        for note in inquiry.release.excludes(code, inquiry.on) if entry else ():
            if entry and any(_begins(other, (named,)) for named in _codes_in(note)):
                text = f"Excludes1 at {code} names {other} ({note}): do not report both for the same condition."
                yield Finding(FindingKind.DIAGNOSIS, "icd.excludes1", text, (of_code(inquiry.release, entry),))


def _codes_in(note: str) -> tuple[str, ...]:
    """Return the codes and categories that a note names."""
    return tuple(re.findall(r"[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?", note))
