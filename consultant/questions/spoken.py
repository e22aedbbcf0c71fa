"""Write the numbers of a dictation as digits: "one point one centimeters" is 1.1 cm, and "number two," an item.

Only what measures or labels is rewritten; a count in words ("three nevi") is read as it stands.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.counting import NUMBER, number
from consultant.questions.spelling import Mended, replaced, without_overlaps

_DIGIT: Final = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|\d)"
_UNIT: Final = r"(?:centimet(?:er|re)s?|cms?|millimet(?:er|re)s?|mms?|square|sq)(?:\b|(?=\.))"
_MEASURE: Final = re.compile(
    rf"(?<![\w.-])(?:(?P<whole>zero|oh|{NUMBER})[ \t]+)?point[ \t]+(?P<part>{_DIGIT}(?:[ \t]+{_DIGIT})?)(?![\w.-])",
    re.IGNORECASE,
)
_BEFORE_UNIT: Final = re.compile(
    rf"(?<![\w.-])(?P<n>(?!single|solitary|a couple){NUMBER})(?=[ \t-]+{_UNIT})", re.IGNORECASE
)
# "Six by five cm": the unit stands behind the second side only.
_FIRST_SIDE: Final = re.compile(
    rf"(?<![\w.-])(?P<n>(?!single|solitary|a couple){NUMBER})(?=[ \t]+(?:by|x)[ \t]+{NUMBER}[ \t-]+{_UNIT})",
    re.IGNORECASE,
)
_AREA: Final = r"(?:sq(?:uare)?\.?[ \t]?(?:cm|centimet(?:er|re)s?)|cm2|cm²)"
# "The right took 60 sq cm, the left 50.": the second number of a pair has the unit of the first.
_LIKEWISE: Final = re.compile(
    rf"\d[ \t]?(?P<unit>{_AREA}),?[ \t](?:and[ \t]|while[ \t]|but[ \t])?(?:the[ \t])?"
    r"(?:right|left|other|second|rt|lt"
    r"|(?-i:[RL]))\b(?:[ \t][a-z]+){0,3}?[ \t](?P<n>\d{1,4}(?:\.\d{1,2})?)(?=[.,;)][\s]|[.)]?$)",
    re.IGNORECASE | re.MULTILINE,
)
_HALF: Final = re.compile(
    rf"(?<![\w.-])(?:(?P<n>{NUMBER})[ \t]+and[ \t]+a[ \t]+half|(?P<half>a[ \t]+half|half[ \t]+an?))(?=[ \t-]+{_UNIT})",
    re.IGNORECASE,
)
_LONG_UNIT: Final = re.compile(r"\b(?:milli|centi)met(?:er|re)s?\b", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"(?P<lead>(?:^|(?<=[.:;\n]))[ \t\n]*)(?:number|lesion|site|specimen|spot)[ \t]+(?P<n>one"
    r"|two|three|four|five|six)(?:,|:|[ \t]+(?:is|was))(?=[ \t])",
    re.IGNORECASE,
)


def read(text: str) -> Mended:
    """Return the text with spoken measures and labels in digits, and the way back to the places as written."""
    return replaced(text, without_overlaps(_edits(text)))


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _MEASURE.finditer(text):
        if match["whole"] and match["whole"].isdigit() and match["part"].isdigit():
            continue
        yield (*match.span(), f"{_value(match['whole'])}.{''.join(_value(word) for word in match['part'].split())}")
    for match in _HALF.finditer(text):
        yield (*match.span(), f"{_value(match['n'])}.5")
    for pattern in (_BEFORE_UNIT, _FIRST_SIDE):
        for match in pattern.finditer(text):
            if not match["n"].isdigit():
                yield (*match.span(), _value(match["n"]))
    for match in _LIKEWISE.finditer(text):
        yield (*match.span("n"), f"{match['n']} sq cm")
    for match in _LONG_UNIT.finditer(text):
        yield (*match.span(), "mm" if match[0].lower().startswith("mil") else "cm")
    yield from _labels(text)


def _labels(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the spoken labels of items, where the first two are there."""
    labels = list(_LABEL.finditer(text))
    if {"one", "two"} <= {match["n"].lower() for match in labels}:
        for match in labels:
            yield match.end("lead"), match.end(), f"{_value(match['n'])})"


def _value(word: str | None) -> str:
    if not word or word.lower() in ("zero", "oh"):
        return "0"
    return str(number(word))
