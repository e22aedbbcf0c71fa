"""The order of diagnosis codes that the notes of ICD-10-CM fix: "code first", "use additional code" (I.A.13, I.B.7)."""

from collections.abc import Iterator
from itertools import combinations

from consultant.evidence.citing import of_code
from consultant.evidence.conditions import cited_rule, names
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind


def sequence(inquiry: Inquiry) -> Iterator[Finding]:
    """Report each pair of the sender's codes that stands in the other order than a note asks for."""
    for former, latter in combinations(inquiry.diagnoses, 2):
        found = _note(inquiry, latter, former)
        # Where each of two codes sends to the other, neither order is wrong.
        if found and not _note(inquiry, former, latter):
            at, kind, rule = found
            entry = inquiry.release.icd10(at, inquiry.on)
            if entry is None:
                continue
            text = f"Report {latter} before {former}: the note at {at} says {kind}."
            cited = (of_code(inquiry.release, entry), *cited_rule(inquiry.release, "icd_general_rules", rule))
            yield Finding(FindingKind.DIAGNOSIS, "icd.sequence", text, cited)


def _note(inquiry: Inquiry, first: str, second: str) -> tuple[str, str, str] | None:
    """Return (code with the note, kind, rule of the guidelines) of a note that puts one code before another."""
    behind = inquiry.release.notes(second, inquiry.on)
    if behind and any(names(note, first) for note in behind.code_first):
        return second, f'"code first" and names {first}', "ig-code-first"
    ahead = inquiry.release.notes(first, inquiry.on)
    if ahead and any(names(note, second) for note in ahead.use_additional):
        return first, f'"use additional code" and names {second}', "ig-use-additional"
    return None
