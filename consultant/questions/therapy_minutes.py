"""Read how many minutes each service of therapy took: from dotted lists, tables, run-on lines and sentences.

A number stands behind its service ("manual therapy .... 14 min", "TherEx 23, gait 8") or before it ("15 min of gait
training"); short names count where a number of minutes goes with them. An evaluation holds its own minutes, so that
those of no other service are read from them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from consultant.questions.amounts import Amount
from consultant.questions.model import Span

EVALUATION: Final = "evaluation"
"""The name under which the minutes of an evaluation of either discipline are read."""
_SHORT: Final = (
    (
        "therapeutic_exercise",
        r"(?-i:TE)|ther[ -]?ex\w*|therap\w* ex\w*|(?:exercises?|ex)(?! (?:tolerance|program|class|group|only))",
    ),
    ("manual_therapy", r"(?-i:MT)|manual(?: (?:tx|therapy|work|tech\w*))?|mobs|STM|MFR"),
    (
        "neuromuscular_reeducation",
        r"(?-i:NMR|NMRE|NMRED|NRE)|neuro(?:[ -]?musc?(?:ular|\.)?)?(?:[ -]re-?(?:ed\w*|train\w*))?|nm re-?ed\w*",
    ),
    ("therapeutic_activities", r"(?-i:TA)|ther(?:ap\w*)?[ -]?act\w*|t-?act|funct?(?:ional)? act\w*|dynamic act\w*"),
    ("gait_training", r"gait(?: (?:trng|train\w*))?|amb(?:ulation)? (?:trng|train\w*)"),
    ("self_care_training", r"self[ -]care|(?-i:ADLs?)|home (?:mgmt|management)"),
    ("ultrasound", r"(?-i:US)|ultrasound|u/s"),
    ("iontophoresis", r"ionto\w*"),
    ("aquatic_therapy", r"aquatics?|pool"),
    ("massage", r"massage"),
    (EVALUATION, r"eval(?:uation|s)?|re-?eval(?:uation)?|initial exam(?:ination)?"),
)
_NAMES: Final = tuple((value, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)) for value, words in _SHORT)
_BEHIND: Final = re.compile(
    r"(?:[ \t]*(?:\([^()\n\d]{0,60}\)|[(-]?[ \t]?(?:cpt[ \t]?)?9[27]\d{3}\b\)?))?(?:[ \t]+[a-z/'-]+){0,6}?"
    r"[\s|.:,\-–=~_*…()]{0,40}?(?:(?:for|took|was|at|lasted|x|of)[ \t]+)?"
    r"(?<!\w)(?<!\d\.)(?P<n>\d{1,2})(?P<unit>[ \t]?-?[ \t]?(?:m|min\w*|['\u2019\u2032])(?!\w))?"
    r"(?!\.?\d|[ \t-]?(?:x|units?|reps?|sets?|lbs?|deg|%|/"
    r"|st|nd|rd|th|o'clock|y/?o|yrs?"
    r"|days?|weeks?|visits?|years?|times)\b)",
    re.IGNORECASE,
)
# Between a service and minutes that are called so there may stand what it was done with, and how.
_FAR_BEHIND: Final = re.compile(
    r"(?:[ \t]*\([^()\n]{0,60}\))?(?:,?[ \t]+(?:[a-z][a-z/'-]*|1:1|1[ -]on[ -]1)){1,14}?"
    r"[ \t]{0,2}[,:(-]{0,2}[ \t]{0,2}(?P<n>\d{1,2})(?P<unit>[ \t-]?min\w*)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"(?<![\w./-])(?P<n>\d{1,2})[ \t-]?(?:min\w*|m)[ \t]+"
    r"(?:(?:of|for|on|in|were|was|spent|the|direct|one-on-one|1:1|more)[ \t]+){0,4}"
    r"(?:(?!(?:and|then|plus|with|before|after)\b)[a-z-]+[ \t]+){0,2}$",
    re.IGNORECASE,
)
# "Under 8 minutes" tells of the rule, not of the service.
_LIMIT: Final = re.compile(
    r"\b(?:under|below|less|fewer|more|over|least|most|beyond|than|needs?|rule|until)\b", re.IGNORECASE
)
_MINUTES: Final = re.compile(r"\bmin(?:ute)?s?\b|\d ?(?:m\b|['\u2019\u2032](?![\w\d]))", re.IGNORECASE)
_REACH: Final = 72


def mentions(text: str, found: Mapping[str, Iterable[Span]]) -> list[tuple[int, int, str]]:
    """Return every place where a service is named, by the words that named it once or by its short name."""
    places: dict[tuple[int, int], str] = {}
    for value, spans in found.items():
        for words in {text[span.start : span.end].lower() for span in spans}:
            for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE):
                places[match.span()] = value
    for value, pattern in _NAMES:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in places):
                places[match.span()] = value
    return sorted((start, end, value) for (start, end), value in places.items())


def read(text: str, found: Mapping[str, Iterable[Span]]) -> dict[str, list[Amount]]:
    """Return the minutes of each service, each length with its place; nothing where the letter speaks of no minutes."""
    if not _MINUTES.search(text):
        return {}
    minutes: dict[str, list[Amount]] = {}
    full = {text[span.start : span.end].lower() for spans in found.values() for span in spans}
    pairs = list(_pairs(text, mentions(text, found)))
    named = {value for value, _, words in pairs if words in full}
    for value, amount, words in pairs:
        if value in named and words not in full:
            # What a letter names in full it need not name in short.
            continue
        rows = minutes.setdefault(value, [])
        if all(row.span != amount.span for row in rows):
            rows.append(amount)
    return minutes


def _pairs(text: str, places: list[tuple[int, int, str]]) -> Iterator[tuple[str, Amount, str]]:
    used: set[int] = set()
    for at, (start, end, value) in enumerate(places):
        floor = places[at - 1][1] if at else 0
        before = _BEFORE.search(text, max(floor, start - 48), start)
        if before and before.start("n") not in used:
            used.add(before.start("n"))
            yield value, Amount(int(before["n"]), Span(*before.span())), text[start:end].lower()
            continue
        stop = min(places[at + 1][0] if at + 1 < len(places) else len(text), end + _REACH)
        behind = _BEHIND.match(text, end, stop) or _FAR_BEHIND.match(text, end, stop)
        if (
            behind is None
            or behind.start("n") in used
            or _LIMIT.search(text, end, behind.start("n"))
            or text.count("\n", end, behind.start("n")) > 1
        ):
            continue
        if _BEFORE.search(text, max(end, behind.start("n") - 1), places[at + 1][0]) if at + 1 < len(places) else None:
            continue
        used.add(behind.start("n"))
        yield value, Amount(int(behind["n"]), Span(*behind.span("n"))), text[start:end].lower()
