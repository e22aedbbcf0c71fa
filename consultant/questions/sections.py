"""Find the parts of a note that its headings set apart from the service of the day: the history and the plan.

What stands under "PAST SURGICAL HISTORY:" was done before, whatever its tense, and what stands under "PLAN:" is still
to come. A part ends where the next heading or an empty line begins.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """What a part of a note tells of."""

    HISTORY = "history"
    """Told before the service, and may tell of the disease of today as well."""
    PAST = "past"
    """Only of what was before: past, surgical and family history."""
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text that a heading sets apart, from the heading to its end."""

    start: int
    end: int
    part: Part


_HEADING: Final = re.compile(
    r"(?:^|\n)[ \t>*]{0,8}(?P<name>[A-Za-z][A-Za-z/&'() -]{1,44}?)[ \t]{0,2}:(?=\s)"
    r"|(?<=[.;] )(?P<abbreviated>[A-Z][A-Z/ ]{1,30}):(?=\s)|\n[ \t>]{0,8}\n",
    re.ASCII,
)
_NAMES: Final = (
    (
        Part.PAST,
        re.compile(
            r"(?:past|prior|previous|family|social|surgical|personal)[ \w,/&-]{0,24}(?:history|hx)"
            r"|pmh(?:x|/psh)?|psh(?:x)?|fh(?:x)?|pmhx?/pshx?|background"
            r"|(?:past|prior|previous)(?: (?:procedures?|surger\w+|treatments?))?",
            re.IGNORECASE,
        ),
    ),
    (Part.HISTORY, re.compile(r"(?:medical |relevant |pertinent |brief )?(?:history|hx)", re.IGNORECASE)),
    (
        Part.PLAN,
        re.compile(
            r"(?:treatment |post-?op(?:erative)? |follow[- ]?up |further )?plans?|follow[- ]?up|f/?u|rtc"
            r"|recommendations?|next(?: steps?| visits?| one)?|dispo(?:sition)?|after ?care|return(?: visit)?",
            re.IGNORECASE,
        ),
    ),
)


def find(text: str) -> tuple[Section, ...]:
    """Return the parts of the text that tell of the past or of what is planned, in order."""
    found: list[Section] = []
    opened: tuple[int, Part] | None = None
    for match in _HEADING.finditer(text):
        name = match["name"] or match["abbreviated"]
        if name is None and opened is not None and not text[opened[0] : match.start()].partition(":")[2].strip():
            # A heading on a line of its own may have an empty line behind it.
            continue
        if opened is not None:
            found.append(Section(opened[0], match.start(), opened[1]))
        part = next((part for part, pattern in _NAMES if pattern.fullmatch(name)), None) if name else None
        opened = (match.start(), part) if part else None
    if opened is not None:
        found.append(Section(opened[0], len(text), opened[1]))
    return tuple(found)


class Sections:
    """The parts of one text, found once and asked by position."""

    def __init__(self, text: str) -> None:
        self._found = find(text)
        self._starts = [section.start for section in self._found]

    def part(self, position: int) -> Part | None:
        """Return what the part around a position tells of, None where no heading sets it apart."""
        index = bisect_right(self._starts, position) - 1
        return self._found[index].part if index >= 0 and position < self._found[index].end else None
