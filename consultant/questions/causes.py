"""Tell whether a letter wants the cause of an injury coded, the injury itself, or both, and which parts of the cause.

How an injury came about is told in every note, and is coded where the letter asks for it (ICD-10-CM I.C.20).
"""

import re
from collections.abc import Sequence
from typing import Final

from consultant.questions.holding import Said

FAMILY: Final = "icd_external_cause"
_INJURY_SETTLED: Final = re.compile(
    r"\b(?:injury|lac(?:eration)?|wound|wrist|hand|fracture|sprain|burn|bite|s|other|main|diagnosis|dx)"
    r"[ -]codes?\b[^.;\n]{0,40}?"
    r"\b(?:done|have|coded|on the claim|already|fine|clear)\b"
    r"|\b(?:injury|lac(?:eration)?|cut|wound|fracture|fx|sprain|strain|burn|bite"
    r"|contusion)\b(?:(?!cause)[^.;\n]){0,40}?"
    r"(?:\b(?:(?:is|are|was|were)[ \t](?:all )?(?:coded|settled|done)|already (?:coded|done|on|picked|chosen"
    r"|assigned|selected)|coded already"
    r"|has its code"
    r"|has (?:already )?been coded)\b|\((?:already )?coded(?: already)?\))"
    r"|\b(?:have|has|got|coded|picked|assigned)[ \t](?:already )?(?:the |my |an? )?(?:injury|lac(?:eration)?"
    r"|wound|fracture"
    r"|burn|bite|sprain|S)[ -]?(?:codes?)?[ \t](?:already|myself|in place)\b"
    r"|\b(?:external[- ]causes?(?:[ -]codes?)?|[wxy][ -]codes?)\b[^.;\n]{0,12}\bonly\b"
    r"|\bonly\b(?:(?!\b(?:dx|diagnos\w+|icd\S*|injury|wound) )[^.;\n]){0,24}\bexternal[- ]cause",
    re.IGNORECASE,
)
_OF_CAUSE: Final = re.compile(
    r"\b(?:external[- ]?causes?(?:[ \t](?:of injury|status))?(?:[ \t]+codes?)?|(?:[vwxy]|cause|mechanism|status|place"
    r"|activity)[ \t-]codes?|codes? for the (?:\w+ )?(?:cause|fall|bite|knife|glass|accident|mechanism|external cause"
    r"(?: status)?|status|place|activity)|how it happened|e[- ]codes?)\b",
    re.IGNORECASE,
)
_CAUSE_LEFT: Final = re.compile(
    r"\b(?:leav(?:e|ing) (?:off|out)|skip(?:ping)?|without|no|not|don'?t (?:need|want|report|code|add)"
    r"|do not (?:need|want|report|code|add)|never mind|forget|except|omit(?:ting)?|drop)"
    r"[ \t](?:(?:the|any|an?|our|about)[ \t]){0,2}"
    r"(?:external[- ]causes?|cause codes?|e[- ]codes?|[wxy][ -]codes?|mechanism)\b[^.;,\n]{0,16}"
    r"|\bexternal[- ]causes?(?: codes?)?[^.;\n]{0,16}\b(?:not needed|not required|not wanted|left (?:off|out))\b",
    re.IGNORECASE,
)
_CODES_ASKED: Final = re.compile(
    r"\b(?:codes|dx|diagnos\w+|icd\S*|(?:which|what|whats|wat|need|give|right|correct|full|complete)[ \t]"
    r"(?:is |are )?(?:the )?(?:\w+ )?codes?|all codes|injury code|both)\b",
    re.IGNORECASE,
)
_CAUSE_ASKED: Final = re.compile(
    r"\b(?:external[- ]causes?|cause codes?|e[- ]codes?|[vwxy] codes?|how it happened|mechanism codes?"
    r"|chapter 20|W\d\d|codes? for the (?:dog|cat|animal|bite|fall|glass|knife|accident|cause)"
    r"|all (?:the )?(?:dx|diagnosis|icd\S*) codes?|all codes)\b"
    r"(?![^.;\n]{0,24}\b(?:I have|(?:is|are) (?:done|coded|settled|clear)|not needed|already)\b)",
    re.IGNORECASE,
)
_PARTS: Final = {
    "place_of_occurrence": re.compile(
        r"\b(?:places?(?: of occurrence)?|where it happened|location) ?(?:codes?|,|and|&)|\bplace of occurrence\b|\bY92"
        r"|\ball (?:the )?(?:external[- ]causes?|[vwxy]|cause) codes\b|\b(?:activity|cause|status),? (?:and"
        r"|&) (?:the )?place\b",
        re.IGNORECASE,
    ),
    "injury_activity": re.compile(
        r"\bactivit(?:y|ies)(?: codes?|,| and| &|\?)|\b(?:and|&|,) (?:the )?activity\b|\bY93"
        r"|\ball (?:the )?(?:external[- ]causes?|[vwxy]|cause) codes\b",
        re.IGNORECASE,
    ),
}
_PARTS_NOT: Final = re.compile(
    r"\b(?:no|without|not|neither|nor|except|don't|leave out|skip)\b[^.;\n]{0,40}\b(?:places?|activit(?:y|ies)"
    r"|Y9[23])\b"
    r"|\b(?:places?|activit(?:y|ies)|Y9[23])\b[^.;\n]{0,40}\b(?:not|never|handled|already|done|left out|is coded"
    r"|are coded)\b",
    re.IGNORECASE,
)


def wanted(text: str, said: Sequence[Said]) -> list[Said]:
    """Leave out the cause where the letter does not ask for it, and the injury where it asks for nothing else."""
    off = {name for name, asked in _PARTS.items() if _PARTS_NOT.search(text) or not asked.search(text)}
    said = [row for row in said if row.fact.name not in off]
    left = _CAUSE_LEFT.search(text)
    if (left or not _CAUSE_ASKED.search(text)) and any(
        row.phrase.entry and row.phrase.family != FAMILY for row in said
    ):
        return [row for row in said if row.phrase.family != FAMILY]
    if _alone(text) and any(row.phrase.family == FAMILY for row in said):
        return [row for row in said if row.phrase.family in ("", FAMILY)]
    return said


def _alone(text: str) -> bool:
    """Tell whether the injury itself needs no code: it has one, or the letter asks of nothing but its cause."""
    asked = re.sub(r"(?i)\A[ \t]*subject:[^\n]*", "", text)
    rest = _OF_CAUSE.sub(" ", asked)
    if _CAUSE_LEFT.search(text):
        return False
    return bool(_INJURY_SETTLED.search(text)) or (rest != asked and not _CODES_ASKED.search(rest))
