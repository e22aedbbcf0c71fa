"""The length of a diagnosis code: what it lacks or has too much, its 7th character, and whether the letter agrees.

Sources are ICD-10-CM guidelines I.A.4 and I.A.5 (placeholder, 7th characters) and I.C.19.a (their meaning in injuries),
which the content holds as rules, and the codes and notes of the edition. No code is put together: each is looked up.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.evidence.citing import of_code
from consultant.evidence.conditions import cited_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.questions.passages import Sentences, Status, status
from knowledge.limits import within
from knowledge.model import Citation, CodeEntry

_GENERAL: Final = "icd_general_rules"
_INJURY: Final = "icd_injury_seventh_character"
_MOST: Final = 6
"""How many codes are named; of more only their number is said."""
_PLACE: Final = 7
# What the characters mean (I.C.19.a); "initial encounter" alone misleads those who take it for the first visit.
_MEANT: Final = {
    "initial": "while it is actively treated",
    "subsequent": "in routine care while it heals",
    "sequela": "for what it left behind",
}
# Complications are left out: with them, active treatment is that of the complication, which the letter rarely tells.
_INJURIES: Final = "S00-T34"


def lacks_seventh(inquiry: Inquiry, entry: CodeEntry) -> bool:
    """Tell whether a code wants nothing but its 7th character."""
    return not entry.billable and _wants_seventh(inquiry.release.below(entry.code, inquiry.on))


def length(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    """Report what a code that is not billable lacks or has too much, with the codes that the edition holds instead."""
    entry = inquiry.release.icd10(code, inquiry.on)
    if entry is None:
        yield from _beyond(inquiry, code)
    elif not entry.billable:
        below = inquiry.release.below(code, inquiry.on)
        yield _asks(inquiry, entry, below) if _wants_seventh(below) else _lists(inquiry, entry, below)


def agreement(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    """Report an injury code whose 7th character is another than that of the care which the letter plainly tells of."""
    entry = inquiry.release.icd10(code, inquiry.on)
    if entry is None or not entry.billable or _size(code) != _PLACE or not within(code, _INJURIES):
        return
    own = _care(_meaning(inquiry, code))
    told = _told(inquiry)
    if own is None or told is None or own == told:
        return
    right = [row for row in _siblings(inquiry, code) if _care(_meaning(inquiry, row.code)) == told]
    instead = f" ({right[0].code})" if len(right) == 1 else ""
    word = "active treatment" if told == "initial" else "routine care while it heals"
    other = "active treatment" if own == "initial" else "routine care while it heals"
    rule = "iinj-active" if told == "initial" else "iinj-healing"
    text = f"{code} says {other} ({code[-1]}) and the letter tells of {word}: check the 7th character{instead}."
    cited = (*cited_rule(inquiry.release, _INJURY, rule), of_code(inquiry.release, entry))
    yield Finding(FindingKind.DIAGNOSIS, "icd.seventh", text, cited)


def _wants_seventh(below: Sequence[CodeEntry]) -> bool:
    return bool(below) and all(_size(row.code) == _PLACE for row in below)


def _size(code: str) -> int:
    return len(code.replace(".", ""))


def _asks(inquiry: Inquiry, entry: CodeEntry, below: Sequence[CodeEntry]) -> Finding:
    """Name the 7th characters that a code may take, each with its meaning."""
    first = below[0].code
    padded = first[len(entry.code) : -1].strip(".")
    rule = "ig-placeholder" if padded else "ig-seventh-character"
    cited = (of_code(inquiry.release, entry), *cited_rule(inquiry.release, _GENERAL, rule))
    if len(below) <= _MOST:
        named = "; ".join(f"{row.code} {_worded(_meaning(inquiry, row.code))}" for row in below)
        text = f"{entry.code} needs a 7th character: {named}."
    else:
        named = "; ".join(f"{row.code[-1]} {_meaning(inquiry, row.code)}" for row in below)
        text = f"{entry.code} needs a 7th character, as in {first}: {named}."
    if padded:
        text += f" {padded} holds the empty place, as the 7th character stands in seventh place."
    if all(_care(_meaning(inquiry, row.code)) or row.code[-1] == "S" for row in below):
        cited = (*cited, *cited_rule(inquiry.release, _INJURY, "iinj-active"))
    return Finding(FindingKind.DIAGNOSIS, "icd.seventh", text, tuple(dict.fromkeys(cited)))


def _lists(inquiry: Inquiry, entry: CodeEntry, below: Sequence[CodeEntry]) -> Finding:
    """Say which billable codes stand below a category, or how many."""
    codes = [row.code for row in below if row.billable]
    listed = f"{len(codes)} billable codes stand below {entry.code}"
    if len(codes) <= _MOST:
        listed = f"Below {entry.code} {'stands' if len(codes) == 1 else 'stand'} {', '.join(codes)}"
    return Finding(FindingKind.DIAGNOSIS, "icd.below", f"{listed}.", (of_code(inquiry.release, entry),))


def _beyond(inquiry: Inquiry, code: str) -> Iterator[Finding]:
    """Say of a code that is not held what is, from the nearest shorter code upwards."""
    shorter = (code[:end].rstrip(".") for end in range(len(code) - 1, 2, -1))
    near = next((row for part in shorter if (row := inquiry.release.icd10(part, inquiry.on))), None)
    if near is None:
        return
    below = inquiry.release.below(near.code, inquiry.on)
    cited: tuple[Citation, ...] = (of_code(inquiry.release, near),)
    if near.billable:
        text = f"{near.code} is the code that is held; it takes no further character."
        yield Finding(FindingKind.DIAGNOSIS, "icd.length", text, cited)
    elif not _wants_seventh(below):
        yield _lists(inquiry, near, below)
    else:
        meant = [row.code for row in below if row.code[-1] == code[-1]]
        characters = ", ".join(row.code[-1] for row in below)
        if meant and _size(code) < _PLACE:
            text = f"The 7th character stands in seventh place, behind the placeholder X: {meant[0]}."
            cited = (*cited, *cited_rule(inquiry.release, _GENERAL, "ig-placeholder"))
        else:
            text = f"The 7th characters of {near.code} are {characters}, as in {below[0].code}."
        yield Finding(FindingKind.DIAGNOSIS, "icd.seventh", text, cited)


def _meaning(inquiry: Inquiry, code: str) -> str:
    """Return what the edition says of the 7th character of a code; empty where it says nothing."""
    notes = inquiry.release.notes(code, inquiry.on)
    values = (value.split(" ", 1) for value in notes.seventh_values) if notes else ()
    return next((text for character, text in values if character == code[-1]), "")


def _care(meaning: str) -> str | None:
    """Return whether a 7th character speaks of the initial or of a subsequent encounter; None for any other."""
    word = meaning.split(" ", 1)[0]
    return word if word in ("initial", "subsequent") else None


def _worded(meaning: str) -> str:
    said = _MEANT.get(meaning.split(" ", 1)[0])
    return f"{meaning}, {said}" if said else meaning


def _siblings(inquiry: Inquiry, code: str) -> tuple[CodeEntry, ...]:
    """Return the codes that differ from one in the 7th character alone."""
    category = inquiry.release.below(code[:3], inquiry.on)
    return tuple(row for row in category if len(row.code) == len(code) and row.code[:-1] == code[:-1])


def _told(inquiry: Inquiry) -> str | None:
    """Return the kind of care that the letter plainly tells of, by the content's own phrases; None where it is torn."""
    text = inquiry.question.text
    sentences = Sentences(text)
    told: set[str] = set()
    for phrase in inquiry.release.phrases():
        if phrase.fact != "injury_encounter":
            continue
        for found in re.finditer(rf"(?<!\w){re.escape(phrase.text)}s?(?!\w)", text, re.IGNORECASE):
            if status(sentences, found.start(), found.end(), act=True) is Status.AFFIRMED:
                told.add(str(phrase.value))
    care = {"active": "initial", "healing": "subsequent"}
    return care.get(told.pop()) if len(told) == 1 else None
