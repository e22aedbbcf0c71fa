"""Tell whether a letter wants the cause of an injury coded, the injury itself, or both, and which parts of the cause.

How an injury came about is told in every note, and is coded where the letter asks for it (ICD-10-CM I.C.20).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.questions.holding import Said
from consultant.questions.model import Fact, Span

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
    r"\b(?:ext(?:ernal|\.)?[- ]?causes?(?:[ \t](?:of injury|status|set))?(?:[ \t]+codes?)?|(?:[vwxy]|cause"
    r"|mechanism|status|place"
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
    r"\b(?:ext(?:ernal|\.)?[- ]?causes?|cause codes?|e[- ]codes?|[vwxy] codes?|how it happened|mechanism codes?"
    r"|[vwxy] ?(?:\+|/|&|and|,) ?(?:all )?(?:the )?[vwxy] ?codes?|causes?,? (?:and |& |\+ ?)?(?:place|status|activity)"
    r"|chapter 20|W\d\d|codes? for the (?:dog|cat|animal|bite|fall|glass|knife|accident|cause)"
    r"|all (?:the )?(?:dx|diagnosis|icd\S*) codes?|all codes)\b"
    r"(?![^.;\n]{0,24}\b(?:I have|(?:is|are) (?:done|coded|settled|clear|entered|keyed|in|billed|handled)|not needed"
    r"|already)\b)",
    re.IGNORECASE,
)
_ALL_PARTS: Final = (
    r"\b(?:all|full|whole|complete)[ \t](?:of[ \t])?(?:the[ \t]|set of[ \t])?(?:ext(?:ernal|\.)?[- ]?causes?|[vwxy]"
    r"|cause)[ -]codes?\b"
    r"|\b(?:full|complete|whole) ext(?:ernal|\.)?[- ]?cause\b"
)
_PARTS: Final = {
    "place_of_occurrence": re.compile(
        r"\b(?:places?(?: of occurrence)?|where (?:it happened|/)|location) ?(?:codes?|,|and|&|\+|/|\?)"
        r"|\bplace of occurrence\b|\bY92"
        r"|(?:\b(?:and|plus|with|also|incl(?:\.|uding)?|cause|status|activity),?|[&+,/]) (?:the )?place\b(?! (?:to"
        r"|for|where|in)\b)"
        rf"|{_ALL_PARTS}",
        re.IGNORECASE,
    ),
    "injury_activity": re.compile(
        r"\bactivit(?:y|ies)(?: codes?|,| and| &|\?|/| ?\+)|(?:\b(?:and|plus|with|incl(?:\.|uding)?)"
        r"|[&,+/]) (?:the )?activity\b|\bY93"
        rf"|\bdoing what\b|\bwhat (?:s?he|they|the patient|pt) (?:was|were) doing\b|{_ALL_PARTS}",
        re.IGNORECASE,
    ),
}
_PART_WORDS: Final = {"place_of_occurrence": r"places?|Y92", "injury_activity": r"activit(?:y|ies)|Y93"}
_PARTS_NOT: Final = {
    name: re.compile(
        r"\b(?:no|without|not|neither|nor|except|don't|leave out|skip)\b(?:(?!\b(?:just|only|but)\b)[^.;\n]){0,40}"
        rf"\b(?:{words})\b"
        rf"|\b(?:{words})\b(?:(?!\b\w+ codes?\b|\b(?:injury|wound|burn|no)\b)[^.;\n]){{0,40}}"
        r"\b(?:not|never|handled|already|done|left out|is coded|are coded)\b"
        rf"|\bso (?:is|are|was|were)\b[^.;\n]{{0,32}}\b(?:{words})\b",
        re.IGNORECASE,
    )
    for name, words in _PART_WORDS.items()
}


_DWELLINGS: Final = {
    "nursing": r"nursing home|nursing facility|SNF|long[- ]term care|memory care",
    "apartment": r"apartment|apt|condo(?:minium)?|flat\b(?! (?:surface|ground))",
    "house": r"single[- ]family|(?:own|his|her|their|family|private|detached|my) (?:own )?house",
    "home": r"(?:at|in(?:side)?)"
    r" (?:(?:his|her|their|the patient'?s) (?:own )?)?home\b|home (?:kitchen|bath\w*|bedroom|yard|garden)"
    r"|(?:his|her|their) own (?:kitchen|bath\w*|bedroom|yard|garden)",
}
"""Where people live, the more particular kind first (Y92.0 and Y92.1)."""
_ROOMS: Final = {
    "kitchen": r"kitchen",
    "dining": r"dining room",
    "bathroom": r"bath ?room|shower|bathtub",
    "bedroom": r"bed ?room",
    "driveway": r"driveway",
    "garage": r"garage",
    "pool": r"(?:swimming )?pool",
    "garden": r"(?:back |front )?yard|backyard|garden(?!ing)",
}
_KNOWN: Final = {
    "nursing": {"kitchen", "bathroom", "bedroom"},
    "apartment": {"kitchen", "bathroom", "bedroom"},
    "house": set(_ROOMS),
    "home": {"kitchen", "dining", "bathroom", "bedroom", "garden"},
}


def placed(text: str) -> Iterator[Fact]:
    """Yield the room of a dwelling where the two are told apart: "at home in his house ... in the kitchen"."""
    if _PARTS_NOT["place_of_occurrence"].search(text) or not _PARTS["place_of_occurrence"].search(text):
        return
    kind = next((name for name, words in _DWELLINGS.items() if re.search(rf"\b(?:{words})", text, re.I)), None)
    rooms = [(name, found) for name, words in _ROOMS.items() if (found := re.search(rf"\b(?:{words})\b", text, re.I))]
    if kind and len(rooms) == 1 and rooms[0][0] in _KNOWN[kind]:
        room, found = rooms[0]
        yield Fact("place_of_occurrence", f"{room}_{kind}", Span(*found.span()))


def wanted(text: str, said: Sequence[Said]) -> list[Said]:
    """Leave out the cause where the letter does not ask for it, and the injury where it asks for nothing else."""
    off = {name for name, asked in _PARTS.items() if _PARTS_NOT[name].search(text) or not asked.search(text)}
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
