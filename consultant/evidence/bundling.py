"""PTP edits (NCCI) between the codes in play, both orders, in the edition for the date of service.

"No edit found in edition E" and "we hold no edition for that date" are two sentences; the second is never
replaced by the first, as a coder would bill on it.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.asked_modifiers import named_modifiers
from consultant.evidence.citing import PTP_SOURCE, of_edition, of_ptp
from consultant.evidence.conditions import named_rule
from consultant.evidence.editions import not_held
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.told_pairs import told_pair
from consultant.questions.model import Topic
from knowledge.model import Rule
from knowledge.official_model import NoEdition, PtpAnswer, PtpEdit

# What the modifier indicator of an edit permits (NCCI Policy Manual, chapter I).
_INDICATORS = {
    "0": "no modifier bypasses it",
    "1": "an NCCI-associated modifier may bypass it when the record supports one",
    "9": "the edit is void",
}

NEAREST = "ptp.nearest"
"""The rule by which another edition than that of the date has no edit of a pair."""

_VISIT = re.compile(r"99[2-4]\d\d|92(?:00|01)[24]")
"""Visits: evaluation and management, and the eye visits."""

_LIFTING = frozenset({"25", "59", "XE", "XP", "XS", "XU"})
_PART = (
    r"(?:lesions?|sites?|polyps?|wounds?|structures?|organs?|toes?|fingers?|digits?|legs?|arms?|feet|foot|hands?|sides?"
    r"|knees?|shoulders?|joints?|areas?|regions?|nails?|segments?|levels?|compartments?|limbs?|quadrants?|ulcers?|spots?"
    r"|places?|tumou?rs?|lobes?|vessels?|incisions?|part of the \w+)"
)
_APART = (
    (
        "XE",
        "another encounter of the day",
        re.compile(r"\b(?:different|separate|another|second) (?:encounter|session|trip|visit)\b", re.IGNORECASE),
    ),
    (
        "XP",
        "another practitioner",
        re.compile(r"\b(?:different|another) (?:practitioner|provider|physician|doctor|surgeon)\b", re.IGNORECASE),
    ),
    (
        "XS",
        "another lesion, site or organ",
        re.compile(
            rf"\b(?:different|separate|another|other|distinct|second|diff|opposite|not the same) (?:\w+ )?{_PART}\b"
            r"|\bcontralateral\b|\belsewhere\b",
            re.IGNORECASE,
        ),
    ),
)
"""X modifier, what it needs, and the words that tell it (NCCI Policy Manual, chapter I, section E)."""


def bundling(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report every PTP edit in force between the codes in play, each pair without one, and editions not held."""
    if not (
        inquiry.lines or inquiry.plain or inquiry.modifiers or Aspect.BUNDLING in inquiry.aspects or _lifted(inquiry)
    ):
        return ()
    return tuple(_once(_pairs(inquiry)))


def _lifted(inquiry: Inquiry) -> bool:
    """Tell whether the letter names several codes and a modifier that would lift a pair of them."""
    return len(inquiry.asked) > 1 and bool(_LIFTING & named_modifiers(inquiry))


def _pairs(inquiry: Inquiry) -> Iterator[Finding]:
    """Look up each pair of codes in play."""
    # A code of the sender's that the facts rule out is looked up only where the pair itself is the question.
    asked_of_pairs = inquiry.question.topic is Topic.NCCI_EDIT or (
        Aspect.BUNDLING in inquiry.aspects and len(inquiry.asked) > 1
    )
    beside = () if asked_of_pairs or not inquiry.lines else inquiry.asked
    left = {code for code in beside if code not in inquiry.chosen and _kin(inquiry, code)}
    for first, second in combinations([code for code in inquiry.in_force if code not in left], 2):
        answer = inquiry.release.edits((first, second), inquiry.on, inquiry.setting, nearest=True)
        if isinstance(answer, NoEdition):
            if told := told_pair(inquiry, first, second):
                yield _by_rule(inquiry, *told)
                continue
            yield not_held(inquiry, "PTP", answer.held, "Whether an edit applies was therefore not checked.")
            continue
        if not answer.for_date:
            yield not_held(inquiry, "PTP", (answer.edition,))
        yield from _edits(inquiry, first, second, answer)


def _kin(inquiry: Inquiry, code: str) -> bool:
    """Tell whether a code belongs to a family from which the claim already has the right code."""
    families = {row.family for row in inquiry.picked}
    return bool(families & set(inquiry.release.family_of(code)))


def _edits(inquiry: Inquiry, first: str, second: str, answer: PtpAnswer) -> Iterator[Finding]:
    """Say what the edition of the date has for one pair."""
    other = "" if answer.for_date else f" That is not the edition for {inquiry.on.isoformat()}."
    active = [edit for edit in answer.edits if edit.in_force(inquiry.on)]
    say = direct if Aspect.BUNDLING in inquiry.aspects else Finding
    for edit in active:
        yield say(FindingKind.EDIT, "ptp", _edit_sentence(edit) + other, (of_ptp(edit),))
        yield from _place_of_modifier(inquiry, edit)
    if not active:
        yield _none_found(inquiry, first, second, answer)
    for edit in answer.edits:
        if answer.for_date and edit not in active:
            text = f"An earlier window of the pair is not in force on {inquiry.on.isoformat()}: {_edit_sentence(edit)}"
            yield Finding(FindingKind.EDIT, "ptp.window", text, (of_ptp(edit),))


def _place_of_modifier(inquiry: Inquiry, edit: PtpEdit) -> Iterator[Finding]:
    """Say on which code of a pair a modifier stands, where the letter asks for one and the indicator lets it be."""
    rule = named_rule(inquiry.release, "ncci_policy", "np-not-dearer")
    asked = Aspect.MODIFIER in inquiry.aspects or bool(_LIFTING & named_modifiers(inquiry))
    if edit.indicator != "1" or rule is None or not asked:
        return
    visit = bool(_VISIT.match(edit.column_two))
    apart = None if visit else next((row for row in _APART if row[2].search(inquiry.question.text)), None)
    such = "25" if visit else f"59 or {apart[0] if apart else 'XS'}"
    text = (
        f"Where the record supports a modifier, such as {such}, it goes on {edit.column_two}, column two of the pair."
    )
    if apart:
        text += f" Your letter tells of {apart[1]}, which is what {apart[0]} or 59 needs."
    say = Finding if inquiry.lines else direct
    yield say(FindingKind.MODIFIER, "ptp.modifier", text, rule.citations)


def _none_found(inquiry: Inquiry, first: str, second: str, answer: PtpAnswer) -> Finding:
    """Say that an edition has no edit of a pair; of another edition than that of the date, that this proves nothing."""
    cited = (of_edition(inquiry.release, PTP_SOURCE, f"pairs of {first} and {second}", answer.edition),)
    if not answer.for_date:
        on = inquiry.on.isoformat()
        text = f"The nearest edition held, {answer.edition}, lists no pair of {first} and {second}; "
        text += f"it does not speak for {on}."
        return Finding(FindingKind.EDIT, NEAREST, text, cited)
    text = f"No PTP edit between {first} and {second} was found in edition {answer.edition}, in either order."
    say = direct if Aspect.BUNDLING in inquiry.aspects else Finding
    return say(FindingKind.EDIT, "ptp", text, cited)


def _edit_sentence(edit: PtpEdit) -> str:
    """Word one edit: columns, indicator, dates, edition."""
    since = f", effective {edit.effective.isoformat()}" if edit.effective else ""
    until = f", deleted {edit.deleted.isoformat()}" if edit.deleted else ", not deleted"
    meaning = _INDICATORS.get(edit.indicator, "meaning not published")
    return (
        f"{edit.column_one} (column one) and {edit.column_two} (column two) are a PTP pair, modifier indicator "
        f"{edit.indicator}: {meaning}. Edition {edit.edition}{since}{until}."
    )


def _by_rule(inquiry: Inquiry, one: str, two: str, indicator: str, edition: str, rule: Rule) -> Finding:
    """Word a pair that a rule states, with the sources of that rule."""
    meaning = _INDICATORS.get(indicator, "meaning not published")
    named = f", such as {' or '.join(rule.modifiers)}" if rule.modifiers else ""
    carries = f" The modifier goes on {two}{named}." if indicator == "1" else ""
    text = (
        f"{one} (column one) and {two} (column two) are a PTP pair, modifier indicator {indicator}: {meaning}.{carries}"
        f" The row is quoted from {edition}; check the edition for {inquiry.on.isoformat()}."
    )
    say = direct if Aspect.BUNDLING in inquiry.aspects else Finding
    return say(FindingKind.EDIT, "ptp", text, rule.citations)


def _once(findings: Iterator[Finding]) -> list[Finding]:
    """Keep the first of findings that say the same."""
    return list({finding.text: finding for finding in reversed(list(findings))}.values())[::-1]
