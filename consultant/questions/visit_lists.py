"""Cut a letter that asks about several visits into the parts that tell of one each: items, dated lines, sentences.

"7/8 subsequent day, 52 minutes; 7/9 discharge, 38 minutes" asks for two codes. Each part is read by itself, with
blanks for the rest of the letter, so that its level, its minutes and its patient are its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from consultant.questions import acquaintance, mdm_told, minutes, visit_kinds
from consultant.questions.minutes import Whose
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences
from consultant.questions.stay_words import DAY
from consultant.questions.visit_kinds import Kind

_DATED: Final = re.compile(
    r"(?m)^[ \t>*|•-]{0,8}(?:\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b|(?:hospital )?day ?#?\d\b|(?-i:HD) ?#?\d\b"
    r"|(?:pt|patient|visit|chart|encounter) ?#?[1-9A-H]\b|(?:mon|tue|wed|thu|fri)[a-z]{0,6}\b)",
    re.IGNORECASE,
)
# The day of a heading is none of a visit: "DISCHARGED: 01/14/2026".
_HEADED: Final = re.compile(
    r"\b(?:admi\w+|discharged?|d/c|dos|dob|date(?: of \w+)?|born|seen|from|to|until|since|effective)[ \t]?:?[ \t]*$",
    re.IGNORECASE,
)
# Days that are told one behind the other in a line.
_IN_LINE: Final = re.compile(
    rf"(?:(?<=[.;,:?!)] )|(?<=\n)|\A)(?:{DAY}|(?:pt|patient|visit|chart|encounter)[ \t]?#?[1-9A-H]\b)", re.IGNORECASE
)
_DAY_FIRST: Final = re.compile(rf"[ \t>*|\u2022-]*{DAY}", re.IGNORECASE)
# A level that stands by itself in a part that names its visit: "Day 1: initial, high."
_BARE_LEVEL: Final = re.compile(
    r"(?:(?<=[,:] )|(?<=initial )|(?<=progress )|(?<=subsequent )|(?<=admission )|(?<=admit )|(?<=rounds )|(?<=note )"
    r"|(?<=h&p ))(?P<level>straight ?forward|low|moderate|mod|high)(?=[ \t]*(?:[.,;)\n]|\Z))",
    re.IGNORECASE,
)
_MEASURED: Final = re.compile(
    r"\d[ \t-]?m(?:in|\b)|\bh(?:ou)?rs?\b|\bmdm\b|\bdecision\b|\b(?:straightforward|low|moderate?|high)\b"
    r"|\bd(?:ischarge|/?c\b)",
    re.IGNORECASE,
)
_OVER: Final = re.compile(r"\n[ \t]*\n")
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of several: its part of the letter with blanks around it, and what that part makes of it."""

    text: str
    sentences: Sentences
    span: Span
    kind: Kind
    acquainted: tuple[Fact, ...]
    level: Fact | None = None
    """A level that stands by itself, where the part tells neither another nor minutes."""


def parts(text: str, sentences: Sentences, whole: Kind | None) -> tuple[Part, ...]:
    """Return the visits that the letter tells one by one, none where it tells of one; `whole` is what it tells of."""
    if whole is None or whole.value in ("hospital_same_day", "hospital_one_encounter"):
        # Both encounters of a stay of one date are one code.
        return ()
    for cut, told_apart in (
        (_items(text, sentences), False),
        (_dated(text), False),
        (_in_line(text), False),
        (_said(text, sentences), True),
    ):
        found = [part for span in cut[: _MOST + 1] if (part := _part(text, span, whole))]
        if len(found) > 1 and not told_apart:
            found = _with_unnamed(text, cut, found, whole)
        kinds = {(part.kind.value, part.acquainted[:1] and part.acquainted[0].value) for part in found}
        if 1 < len(found) <= _MOST and (len(kinds) > 1 or not told_apart):
            return tuple(found)
    return ()


def _with_unnamed(text: str, cut: Sequence[Span], found: list[Part], whole: Kind) -> list[Part]:
    """Return the visits with those days of the stay that tell a level or minutes and not which visit they were."""
    if not whole.value.startswith("hospital_"):
        return found
    told = {part.span.start for part in found}
    kind = Kind("hospital_visit", whole.span, whole.mentions, sure=True)
    rest = (
        _measured(_alone(text, span), span, kind)
        for span in cut
        if span.start not in told and _DAY_FIRST.match(text, span.start)
    )
    return sorted([*found, *filter(None, rest)], key=lambda part: part.span.start)


def _items(text: str, sentences: Sentences) -> Sequence[Span]:
    return tuple(_until_next(text, [item.start for item in (sentences.items or sentences.bare)]))


def _dated(text: str) -> Sequence[Span]:
    return tuple(_until_next(text, [match.start() for match in _DATED.finditer(text)]))


def _in_line(text: str) -> Sequence[Span]:
    found = [
        match.start()
        for match in _IN_LINE.finditer(text)
        if not _HEADED.search(text, max(0, match.start() - 24), match.start())
    ]
    return tuple(
        Span(row.start, min(end for end in (row.end, text.find("\n", row.start, row.end)) if end >= 0))
        for row in _until_next(text, found)
    )


def _said(text: str, sentences: Sentences) -> Sequence[Span]:
    found: list[Span] = []
    at = 0
    while at < len(text) and len(found) < 40:
        row = sentences.around(at)
        if row.end <= at:
            break
        if text[row.start : row.end].strip():
            found.append(row)
        at = row.end + 1
    return found


def _until_next(text: str, starts: Sequence[int]) -> Iterator[Span]:
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(text)
        over = _OVER.search(text, start, end)
        yield Span(start, over.start() if over else end)


def _part(text: str, span: Span, whole: Kind) -> Part | None:
    """Return a part as a visit of its own: it says which one it was, and its level or its minutes."""
    if not _MEASURED.search(text[span.start : span.end]):
        return None
    alone = _alone(text, span)
    within = Sentences(alone)
    acquainted = next(acquaintance.labelled(alone, within), None)
    kind = visit_kinds.of_part(alone, within, whole, told=acquainted.span if acquainted else None)
    return None if kind is None else _measured(alone, span, kind)


def _alone(text: str, span: Span) -> str:
    """Return the text with blanks for all but a part, so that every place stays."""
    before, behind = (re.sub(r"[^\n]", " ", row) for row in (text[: span.start], text[span.end :]))
    return before + text[span.start : span.end] + behind


def _measured(alone: str, span: Span, kind: Kind) -> Part | None:
    """Return a part with its visit where it tells a level or minutes of its own, or is a discharge."""
    within = Sentences(alone)
    counted = any(time.whose is Whose.OWN for time in minutes.find(alone, within))
    leveled = next(mdm_told.levels(alone, within), None)
    bare = None if counted or leveled else _BARE_LEVEL.search(alone)
    if not (counted or leveled or bare or kind.value.endswith("_discharge")):
        return None
    level = Fact("mdm_level", mdm_told.level(bare["level"]), Span(*bare.span())) if bare else None
    return Part(alone, within, span, kind, tuple(acquaintance.labelled(alone, within)), level)
