"""Modifiers that a letter names without the word: "58, 78 or 79?", "GA GZ or GY", "99291 w/ 52", "add 25 to it".

A number of two digits is mostly a count, an age or minutes; it is taken for a modifier only in the company in which
coders name one.
"""

import re
from typing import Final

from consultant.evidence.inquiry import Inquiry

_ONE = r"(?:\d{2}|[A-Z][A-Z0-9])"
_JOIN = r"(?:\s*,\s*(?:or\s+|and\s+)?|\s+(?:or|vs\.?|versus|and|nor)\s+|\s*/\s*|\s+)"
_MEASURE = r"(?!\s*(?:%|cm|mm|mg|ml|sq|percent|min|day|week|month|year|hour|unit|y/?o|lesion|wound|of\b)|[\d.:/-]*\d)"
_LISTED = re.compile(rf"(?<![\w.$/:-]){_ONE}(?:{_JOIN}{_ONE})+(?!\w){_MEASURE}")
_LED: Final = re.compile(
    rf"(?:\b(?:w/|with|append|add|use|using|put|need|needs|take|takes|a|the|of|modifiers?|mods?|is|does|when is)\s*-?|"
    rf"(?<=\d{{5}})-)(?P<one>{_ONE})(?!\w){_MEASURE}",
)
_NAMES = re.compile(r"(?<![\w.$-])(?:[A-Z][A-Z0-9])(?!\w)")
_WORDS = frozenset(
    {"AS", "CO", "PO", "PT", "SA", "AT", "AD", "E1", "E2", "E3", "E4", "G0", "CR", "RI", "LD", "GG", "SB"}
)
"""Modifiers that are mostly something else in a letter: a word, a state, a physical therapist."""


def named_modifiers(inquiry: Inquiry) -> frozenset[str]:
    """Return the modifiers that the letter names, with those that were read already."""
    text = inquiry.question.text
    found = set(inquiry.modifiers)
    held = {page.code for page in inquiry.release.modifier_pages()}
    for match in _LISTED.finditer(text):
        listed = re.findall(_ONE, match[0])
        if all(row in held for row in listed):
            found |= set(listed)
    found |= {match["one"] for match in _LED.finditer(text) if match["one"] in held and match["one"].isdigit()}
    found |= {row for row in _NAMES.findall(text) if row in held and row not in _WORDS}
    return frozenset(found)
