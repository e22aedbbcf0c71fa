"""Find the toes and fingers that a letter names: "R hallux", "left 2nd toenail", "great toe, left", "nails 1-5"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from consultant.questions.model import Span

_PLACES: Final = {
    "thumb": 1, "thumbnail": 1, "great": 1, "big": 1, "first": 1, "1st": 1, "hallux": 1, "halluces": 1,
    "second": 2, "2nd": 2, "index": 2, "third": 3, "3rd": 3, "middle": 3, "long": 3,
    "fourth": 4, "4th": 4, "ring": 4, "fifth": 5, "5th": 5, "little": 5, "small": 5, "pinky": 5,
}  # fmt: skip
_SIDE: Final = r"left|right|lt|rt|[lr]|both|bilateral|bilat\.?|b/l"
_ORDINAL: Final = r"great|big|first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|little|small|pinky"
_NAMED: Final = re.compile(
    rf"\b(?:(?P<side>{_SIDE})\.?[ \t]+(?:foot[ \t]+|hand[ \t]+)?)?(?:the[ \t]+)?(?:"
    rf"(?P<toe>{_ORDINAL})(?:(?:[ \t]*(?:,|and|&|/)[ \t]*)+(?P<more>{_ORDINAL}))?"
    rf"[ \t]+(?:toe-?(?:nail)?s?|pedal digits?)"
    r"|(?P<hallux>hallux|halluces)"
    r"|(?P<thumb>thumb(?:nail)?)s?|(?P<finger>index|middle|long|ring|little|small|pinky)[ \t]+finger-?(?:nail)?s?"
    r"|(?:toe|digit)[ \t#]{1,2}(?P<number>[1-5])(?![\d-]))\b"
    rf"(?:[ \t]*(?:,|\(|of the|on the)[ \t]*(?P<behind>left|right|lt|rt|[lr])\b(?![ \t]+(?:{_ORDINAL}|hallux)))?",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"\b(?:nails?|toenails?|toes?|digits?|fingernails?)[ \t#]{0,2}(?P<list>[1-9](?!\d)(?:[ \t]?(?:,|-|–|&|through"
    r"|thru|to|and|on|the|#|right|left|rt|lt|foot|hand|both|feet|[1-9](?!\d)))*)(?![ \t]?(?:cm|mm|x|units?))",
    re.IGNORECASE,
)
_RUN: Final = re.compile(r"(?P<first>[1-9])(?:[ \t]?(?:-|–|through|thru|to)[ \t]?#?(?P<last>[1-9]))?", re.IGNORECASE)
_BOTH: Final = re.compile(r"[ \t]{0,2}(?:bilat\w*|both|b/l|each foot)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Digit:
    """One toe or finger: "left toe 1", its side where the letter gives one, and where it is named."""

    name: str
    side: str | None
    span: Span


def find(text: str) -> Iterator[Digit]:
    """Yield every toe and finger that the text names, both where it says both."""
    for match in _NAMED.finditer(text):
        kind = "finger" if match["thumb"] or match["finger"] else "toe"
        words = [match["toe"], match["more"], match["hallux"], match["thumb"], match["finger"]]
        numbers = [_PLACES[word.lower()] for word in words if word]
        numbers += [int(match["number"])] if match["number"] else []
        written = (match["side"] or match["behind"] or "").lower()
        plural = written[:1] == "b" or (match["hallux"] or "").lower() == "halluces"
        sides = ("left", "right") if plural else ({"l": "left", "r": "right"}.get(written[:1]),)
        for number in numbers:
            for side in sides:
                yield Digit(f"{side or 'one'} {kind} {number}", side, Span(*match.span()))


def numbered(text: str, within: Span) -> tuple[int, Span] | None:
    """Return how many nails are named by their numbers: "nails 1 through 5 on the right and 1 and 2 on the left"."""
    for match in _LISTED.finditer(text, within.start, within.end):
        count = 0
        for row in _RUN.finditer(text, *match.span("list")):
            count += int(row["last"]) - int(row["first"]) + 1 if row["last"] else 1
        if count > 0:
            both = _BOTH.match(text, match.end()) or _BOTH.search(match["list"])
            return count * (2 if both else 1), Span(*match.span())
    return None


def named(digits: Iterable[Digit]) -> list[Digit]:
    """Leave out those whose side is not told, where it is told elsewhere of the same digit or of any other."""
    found = list(digits)
    return [digit for digit in found if digit.side] or found
