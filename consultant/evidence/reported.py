"""What the release says of the diagnosis codes that an answer gives: valid and billable, and with which character."""

from collections.abc import Iterator

from consultant.evidence.citing import of_code
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind

_LONG = 6
"""From so many characters on, the point left out, coders leave the last one off: the side, the depth, the encounter."""


def reported(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report each diagnosis code of the answer, and that it is not billable without its last character."""
    written = set(inquiry.diagnoses)
    given = [code for line in inquiry.lines for code in (line.code, *line.diagnoses)]
    codes = dict.fromkeys(code for code in given if code not in written)
    return tuple(finding for code in codes for finding in _each(inquiry, code))


def _each(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    entry = inquiry.release.icd10(code, inquiry.on)
    if entry is None or not entry.billable:
        return
    when = f"on {inquiry.on.isoformat()}" if entry.for_date else f"in {entry.edition}"
    named = f"{code} ({entry.description})" if entry.description else code
    text = f"{named} is valid and billable {when}."
    short = code[:-1].rstrip("X").rstrip(".")
    above = inquiry.release.icd10(short, inquiry.on) if len(code.replace(".", "")) >= _LONG else None
    if above is not None and not above.billable:
        text += f" {short} is a category and not billable {when}."
    yield Finding(FindingKind.DIAGNOSIS, "icd.reported", text, (of_code(inquiry.release, entry),))
