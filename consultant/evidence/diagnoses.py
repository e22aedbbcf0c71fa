"""ICD-10-CM codes of the letter: valid and billable on the date, what supports what, and the checks of each code.

The checks have rooms of their own: `seventh` (length and 7th character), `laterality`, `patients` (sex and age),
`sequence` (the order that notes ask for). They are silent where nothing is wrong.
"""

import re
from collections.abc import Iterator
from itertools import permutations
from typing import Final

from consultant.evidence import seventh
from consultant.evidence.asked import direct
from consultant.evidence.citing import of_code, of_release
from consultant.evidence.conditions import begins, names, reported
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.laterality import laterality
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.patients import patients
from consultant.evidence.sequence import sequence
from knowledge.model import CodeEntry

_VALID: Final = re.compile(
    r"\b(?:valid|billable|invalid|still (?:good|ok|okay|active|a code|in use|exist\w*|current)|expired|deleted|retired"
    r"|specific enough|complete code|header code|full code|exists?|good code|gone|truncated|current)\b",
    re.IGNORECASE,
)
"""Words that ask whether a code may be used as it stands."""


def diagnoses(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report what the release says of each diagnosis code that the sender wrote or that stands on a line."""
    others = (code for code in reported(inquiry) if code not in inquiry.diagnoses)
    agreed = (row for code in others for row in seventh.agreement(inquiry, code))
    checks = (laterality, patients, sequence, _excluded)
    return (*_each(inquiry), *agreed, *(row for check in checks for row in check(inquiry)))


def supporting(inquiry: Inquiry, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sender's diagnosis codes that are billable on the date and begin like one of these."""
    entries = ((code, inquiry.release.icd10(code, inquiry.on)) for code in inquiry.diagnoses)
    return tuple(code for code, entry in entries if entry and entry.billable and begins(code, prefixes))


def _each(inquiry: Inquiry) -> Iterator[Finding]:
    """Report validity, billability, length and support, code by code."""
    for code in inquiry.diagnoses:
        entry = inquiry.release.icd10(code, inquiry.on)
        if entry is None:
            text = f"{code} is not in the ICD-10-CM edition held for {inquiry.on.isoformat()}."
            yield Finding(FindingKind.DIAGNOSIS, "icd.unknown", text, (of_release(inquiry.release, "ICD-10-CM"),))
            yield from seventh.length(inquiry, code)
            continue
        cited = (of_code(inquiry.release, entry),)
        say = direct if _asks_validity(inquiry, code) else Finding
        yield say(FindingKind.DIAGNOSIS, "icd.valid", _validity(inquiry, entry), cited)
        yield from seventh.length(inquiry, code)
        yield from seventh.agreement(inquiry, code)
        for row in inquiry.picked:
            if row.chosen.diagnoses and entry.billable and not begins(code, row.chosen.diagnoses):
                usual = ", ".join(row.chosen.diagnoses)
                text = f"{code} is not among the diagnoses that usually support {row.chosen.code} ({usual})."
                cited_rows = tuple(c for said in row.chosen.statements for c in said.citations) or cited
                yield Finding(FindingKind.DIAGNOSIS, "icd.support", text, cited_rows[:1])


def _asks_validity(inquiry: Inquiry, code: str) -> bool:
    """Tell whether a letter asks of a diagnosis code that it names whether the code may stand on a claim."""
    sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z])|\n", inquiry.question.text)
    named = re.compile(
        rf"(?<![\w.]){re.escape(code)}(?![\w.]*\d)|(?<![\w.]){code.replace('.', '')}(?!\w)", re.IGNORECASE
    )
    return any(_VALID.search(row) and named.search(row) for row in sentences)


def _validity(inquiry: Inquiry, entry: CodeEntry) -> str:
    """Word validity and billability on the date; of another edition than that of the date, that it is another."""
    named = f"{entry.code} ({entry.description})" if entry.description else entry.code
    on = inquiry.on.isoformat()
    began = entry.effective is None or entry.effective <= inquiry.on
    current = began and (entry.ended is None or inquiry.on <= entry.ended)
    when = f"on {on}" if current else f"in {entry.edition}; we hold no ICD-10-CM edition for {on}"
    if entry.billable:
        return f"{named} is valid and billable {when}."
    if seventh.lacks_seventh(inquiry, entry):
        return f"{named} is not complete and not billable {when}."
    return f"{named} is a category and not billable {when}. Report one of its more specific codes."


def _excluded(inquiry: Inquiry) -> Iterator[Finding]:
    """Report pairs of codes of which one excludes the other (Excludes1: never together)."""
    for code, other in permutations(reported(inquiry), 2):
        entry = inquiry.release.icd10(code, inquiry.on)
        for note in inquiry.release.excludes(code, inquiry.on) if entry else ():
            if entry and names(note, other):
                text = f"Excludes1 at {code} names {other} ({note}): do not report both for the same condition."
                yield Finding(FindingKind.DIAGNOSIS, "icd.excludes1", text, (of_code(inquiry.release, entry),))
