"""The side of each diagnosis against that of the letter, of its line's own subject and of the sender's modifiers.

A code that would agree is looked up among the codes of the edition by its description, never put together. The rules
are those of ICD-10-CM guideline I.B.13: the side, the bilateral code, both codes where there is none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from consultant.evidence import sides
from consultant.evidence.citing import of_code
from consultant.evidence.conditions import cited_rule, reported
from consultant.evidence.inquiry import PROCEDURE_SYSTEMS, Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.sides import BOTH, OTHER
from consultant.questions.model import Subject
from knowledge.model import CodeEntry


@dataclass(frozen=True, slots=True)
class _Told:
    """A side or an eyelid, and who says so: "the letter speaks of the right"."""

    side: str
    words: str


def laterality(inquiry: Inquiry) -> Iterator[Finding]:
    """Report diagnoses that name another side than the letter or a modifier, or leave open a side that is given."""
    for code in reported(inquiry):
        entry = inquiry.release.icd10(code, inquiry.on)
        if entry and entry.description:
            yield from _lids(inquiry, entry)
            yield from _sides(inquiry, entry)


def _sides(inquiry: Inquiry, entry: CodeEntry) -> Iterator[Finding]:
    """Compare the side of one code."""
    description = entry.description or ""
    own = sides.side_of(description)
    told = _told_side(inquiry, entry)
    if told is None or own == told.side:
        return
    if own is None:
        found = _for_side(inquiry, entry, told.side)
        if found:
            text = f"{entry.code} leaves the side open; {told.words}: {_either(found)}."
            yield _finding(inquiry, entry, text, "ig-unspecified-side")
    elif told.side == BOTH:
        yield from _one_of_two(inquiry, entry, own, told)
    elif own == BOTH:
        found = _alike(inquiry, entry, told.side)
        if found:
            yield _finding(inquiry, entry, f"{entry.code} names both sides; {told.words}: {_either(found)}.", None)
    else:
        # A word such as "left" is a side only where the code set also has the other: not in left ventricular failure.
        found = _described(inquiry, entry, sides.turned(description, own, told.side))
        if found:
            yield _finding(inquiry, entry, f"{entry.code} names the {own} side; {told.words}: {_either(found)}.", None)


def _one_of_two(inquiry: Inquiry, entry: CodeEntry, own: str, told: _Told) -> Iterator[Finding]:
    """Report a code of one side where both sides are meant, unless the sender also gives the code of the other."""
    other = _described(inquiry, entry, sides.turned(entry.description or "", own, OTHER[own]))
    if not other or {row.code for row in other} & set(reported(inquiry)):
        return
    category = entry.code[:3]
    if both := _alike(inquiry, entry, BOTH):
        instead = _either(both)
    elif any(sides.side_of(row.description or "") == BOTH for row in inquiry.release.below(category, inquiry.on)):
        # Some title of both sides is there; that none is worded alike does not prove that none fits.
        instead = f"look for a code of both sides in {category}"
    else:
        instead = f"{other[0].code} goes with it, as {category} has no bilateral code"
    text = f"{entry.code} names the {own} side; {told.words}: {instead}."
    yield _finding(inquiry, entry, text, "ig-both-sides")


def _lids(inquiry: Inquiry, entry: CodeEntry) -> Iterator[Finding]:
    """Compare the eyelid, upper or lower, of one code."""
    description = entry.description or ""
    own, told = sides.lid_of(description), _told_lid(inquiry)
    if own is None or told is None or own == told.side:
        return
    found = _described(inquiry, entry, sides.turned(description, own, told.side))
    if found:
        yield _finding(inquiry, entry, f"{entry.code} names the {own} eyelid; {told.words}: {_either(found)}.", None)


def _told_side(inquiry: Inquiry, entry: CodeEntry) -> _Told | None:
    """Return the one side that the letter gives for the part of the body of a code, else that of the modifiers."""
    parts = sides.parts_of(entry.description or "")
    subjects = _subjects(inquiry, entry.code)
    told = {side for subject in subjects for side in _of_subject(subject, parts)}
    told |= {side for side, named in sides.told(inquiry.question.text) if parts & named}
    if told == set(OTHER):
        return None
    if len(told) == 1:
        side = told.pop()
        return _Told(side, "the letter says both sides" if side == BOTH else f"the letter speaks of the {side}")
    return None if told else _by_modifier(inquiry, sides.MODIFIER_SIDES)


def _told_lid(inquiry: Inquiry) -> _Told | None:
    """Return the one eyelid that the letter names, else that of the modifiers."""
    if lid := sides.lid_of(inquiry.question.text):
        return _Told(lid, f"the letter speaks of the {lid} one")
    # Where the letter tells of eyelids and not of one of them, a modifier tells of one service among several.
    return None if "eyelid" in sides.parts_of(inquiry.question.text) else _by_modifier(inquiry, sides.MODIFIER_LIDS)


def _subjects(inquiry: Inquiry, code: str) -> tuple[Subject, ...]:
    """Return the subjects of the one line that a diagnosis stands on; all of the letter where it is not one line."""
    lines = {line.code for line in inquiry.lines if code in line.diagnoses}
    own = tuple(row.subject for row in inquiry.picked if row.chosen.code in lines)
    return own if len(lines) == 1 and own else inquiry.question.subjects


def _of_subject(subject: Subject, parts: frozenset[str]) -> Iterator[str]:
    """Yield the sides of a subject, unless it lies at another part of the body than the code."""
    values = subject.values()
    place = sides.parts_of(str(values.get("site", "")))
    if not parts or not values.get("site") or place & parts:
        yield from (str(f.value) for f in subject.facts if f.name == "laterality" and f.value in {*OTHER, BOTH})


def _by_modifier(inquiry: Inquiry, meaning: dict[str, str]) -> _Told | None:
    """Return what the modifiers on the sender's procedure codes say, where all of them say one thing."""
    rows = [row for row in inquiry.question.codes if row.system in PROCEDURE_SYSTEMS]
    told = {(meaning[one], one, row.code) for row in rows for one in row.modifiers if one in meaning}
    if len({side for side, _, _ in told}) != 1:
        return None
    side, modifier, code = sorted(told)[0]
    meant = "both sides" if side == BOTH else f"the {side} side" if side in OTHER else f"the {side} eyelid"
    return _Told(side, f"modifier {modifier} on {code} says {meant}")


def _for_side(inquiry: Inquiry, entry: CodeEntry, side: str) -> tuple[CodeEntry, ...]:
    """Return the codes like one that leaves the side open, for a side; of an eyelid, the upper and the lower one."""
    description = entry.description or ""
    found = _described(inquiry, entry, sides.turned(description, "unspecified", side))
    if found or side == BOTH:
        return found
    told = _told_lid(inquiry)
    lids = (told.side,) if told else ("upper", "lower")
    return _described(
        inquiry, entry, chain.from_iterable(sides.turned(description, "unspecified", f"{side} {lid}") for lid in lids)
    )


def _described(inquiry: Inquiry, entry: CodeEntry, descriptions: Iterable[str]) -> tuple[CodeEntry, ...]:
    """Return the codes of the same category that are described so, and billable where the code itself is."""
    wanted = frozenset(descriptions)
    rows = inquiry.release.below(entry.code[:3], inquiry.on) if wanted else ()
    return tuple(row for row in rows if (row.description or "").lower() in wanted and row.billable == entry.billable)


def _alike(inquiry: Inquiry, entry: CodeEntry, side: str) -> tuple[CodeEntry, ...]:
    """Return the codes of the same category for a side, or for both, that say the same but for the side."""
    wanted = sides.aside(entry.description or "")
    rows = ((row, row.description or "") for row in inquiry.release.below(entry.code[:3], inquiry.on))
    return tuple(
        row
        for row, text in rows
        if sides.side_of(text) == side and sides.aside(text) == wanted and row.billable == entry.billable
    )


def _either(rows: Iterable[CodeEntry]) -> str:
    return " or ".join(row.code for row in rows)


def _finding(inquiry: Inquiry, entry: CodeEntry, text: str, rule: str | None) -> Finding:
    cited = cited_rule(inquiry.release, "icd_general_rules", rule) if rule else ()
    return Finding(FindingKind.DIAGNOSIS, "icd.laterality", text, (of_code(inquiry.release, entry), *cited))
