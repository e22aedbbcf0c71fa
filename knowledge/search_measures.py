"""Sizes, areas, times, ages and counts: "2cm" as it is typed, and "over 1.0 to 2.0 cm" as a title says it."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_COUNTED = (
    r"lesions?|growths?|spots?|warts?|tags?|aks?|keratos[ei]s|(?:toe|finger)?nails?|corns?|callus(?:es)?|keloids?|"
    r"sites?|wounds?|biops(?:y|ies)|vaccines?|components?|regions?|areas?"
)
_UNITS = (
    # the unit that it is kept in, how many of those it is, its words
    ("cm2", 1.0, r"sq(?:uare)?\.? ?(?:cms?|centimet(?:er|re)s?)|cms?2|cm²"),
    ("cm2", 6.4516, r"sq(?:uare)?\.? ?in(?:ch(?:es)?)?"),
    ("cm", 1.0, r"cms?|centimet(?:er|re)s?"),
    ("cm", 0.1, r"mms?|millimet(?:er|re)s?"),
    ("cm", 2.54, r"inch(?:es)?"),
    ("minute", 1.0, r"min(?:ute)?s?"),
    ("minute", 60.0, r"h(?:ou)?rs?"),
    ("day", 1.0, r"days?"),
    ("year", 1.0, r"y/?o|y(?:ea)?rs?(?:[ -]old)?"),
    ("%", 1.0, r"%|percent"),
    ("count", 1.0, _COUNTED),
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_NUMBERS)})\b")
_ONE = re.compile(r"\b(first|initial|each|per|an|additional|addl) (hours?|hrs?)\b", re.IGNORECASE)
_PART = re.compile(
    r"(?P<number>(?<![\w.])(?:\d{1,4}(?:\.\d{1,3})?|\.\d{1,3})(?![\d.]*\d))"
    rf"|(?P<spelled>\b(?:{'|'.join(_NUMBERS)})\b(?! layer))"
    rf"|(?:(?<=\d)|(?<![\w²]))(?:{'|'.join(f'(?P<u{at}>{words})' for at, (_, _, words) in enumerate(_UNITS))})(?![\w²])"
    r"|(?P<word>[a-z]+|[-–])"
)
_TO = (["and", "up", "to"], ["up", "to"], ["to"], ["through"], ["-"], ["–"])
_JOINING = {"to", "through", "-", "–", "or", "and", "up"}
_MORE = {"more", "over", "older", "above", "longer", "larger", "greater"}
_LESS = {"less", "under", "younger", "below", "fewer", "smaller", "shorter"}
_OVER = re.compile(r"\b(?:over|above|beyond|exceeding|(?:more|longer|larger|greater|older) than)$")
_UP_TO = re.compile(
    r"\b(?:up to|at most|first|under|below|within|no more than|not more than|not over|"
    r"(?:less|smaller|shorter|younger|fewer) than)$"
)
_NO_UNIT = ("", 1.0)
_JUST = 0.001
"""How far beyond a limit lies what is over it; no size is told more closely."""


class Span(NamedTuple):
    """A stretch of amounts of one unit, its lower end left out where `over`; the unit "" stands for bare numbers."""

    unit: str
    low: float
    high: float
    over: bool = False

    def __str__(self) -> str:
        """Say it as a person does: 2 cm, 4 to 6 nails."""
        unit = {"cm2": "sq cm", "count": "", "%": "%"}.get(self.unit, self.unit)
        return f"{self.amount:.4g} {unit}".strip()

    def measures(self, asked: "Span") -> bool:
        """Tell whether it is of the kind that is asked for: a title often counts without a noun, "15 or more"."""
        return self.unit == asked.unit or (self.unit == "" and asked.unit == "count")

    def holds(self, amount: float) -> bool:
        """Tell whether an amount lies in it."""
        return (self.low < amount if self.over else self.low <= amount) and amount <= self.high

    @property
    def amount(self) -> float:
        """The amount that a person means who types this."""
        if math.isinf(self.high):
            return self.low + _JUST if self.over else self.low
        return self.high


class _Part(NamedTuple):
    kind: str
    word: str
    amount: float
    """The number, or the factor of a unit."""
    start: int
    end: int


def spans(text: str) -> tuple[Span, ...]:
    """Return what a text measures or counts; numbers without a unit only where they are a stretch."""
    return tuple(span for span, _, _ in measured(numbered(text)) if span.unit or span.low != span.high)


def numbered(text: str) -> str:
    """Put in the number that nobody types: the first hour is one hour."""
    return _ONE.sub(r"\1 1 \2", text)


def measured(text: str) -> Iterator[tuple[Span, int, int]]:
    """Yield what a text measures or counts, with where it stands; of what is counted only the number."""
    text = text.lower()
    if not _NUMBER.search(text):
        return
    parts = [_part(found) for found in _PART.finditer(text)]
    at = 0
    while at < len(parts):
        if parts[at].kind != "number":
            at += 1
            continue
        began = at
        span, at = _span(parts, at)
        kept = ("number",) if span.unit == "count" else ("number", "unit")
        last = [part for part in parts[began:at] if part.kind in kept][-1]
        yield span, parts[began].start, last.end


def _part(found: re.Match[str]) -> _Part:
    kind, word, amount = str(found.lastgroup), found[0], 0.0
    if kind == "number":
        amount = float(word)
    elif kind == "spelled":
        kind, amount = "number", 1.0 + _NUMBERS.index(word)
    elif kind != "word":
        word, amount, _ = _UNITS[int(kind[1:])]
        kind = "unit"
    return _Part(kind, word, amount, found.start(), found.end())


def _span(parts: Sequence[_Part], at: int) -> tuple[Span, int]:
    """Read the stretch that begins with the number at a place; return it with the place after it."""
    before = " ".join(_words(parts, at - 3, at))
    amount, unit, at = _measured(parts, at)
    said = _words(parts, at, at + 3)
    to = next((len(words) for words in _TO if said[: len(words)] == words), 0)
    if to and at + to < len(parts) and parts[at + to].kind == "number":
        high, later, at = _measured(parts, at + to)
        (name, high_factor), (_, low_factor) = later or unit or _NO_UNIT, unit or later or _NO_UNIT
        return Span(name, amount * low_factor, high * high_factor, bool(_OVER.search(before))), at
    if len(said) > 1 and said[0] in {"or", "and"} and said[1] in _MORE | _LESS:
        at += 2
        if unit is None and at < len(parts) and parts[at].kind == "unit":
            unit, at = (parts[at].word, parts[at].amount), at + 1
        name, factor = unit or _NO_UNIT
        return Span(name, amount * factor, math.inf) if said[1] in _MORE else Span(name, 0.0, amount * factor), at
    name, factor = unit or _NO_UNIT
    amount *= factor
    if _UP_TO.search(before):
        return Span(name, 0.0, amount), at
    if _OVER.search(before):
        return Span(name, amount, math.inf, over=True), at
    return Span(name, amount, amount), at


def _words(parts: Sequence[_Part], start: int, end: int) -> list[str]:
    return [part.word for part in parts[max(0, start) : max(0, end)] if part.kind == "word"]


def _measured(parts: Sequence[_Part], at: int) -> tuple[float, tuple[str, float] | None, int]:
    """Return a number, its unit where one follows (one word may stand before what is counted), and what comes next."""
    amount, after = parts[at].amount, at + 1
    if [part.kind for part in parts[after : after + 2]] == ["word", "unit"] and parts[after].word == "-":
        after += 1
    if after < len(parts) and parts[after].kind == "unit":
        return amount, (parts[after].word, parts[after].amount), after + 1
    following = parts[after + 1 : after + 2]
    counted = bool(following) and following[0].kind == "unit" and following[0].word == "count"
    if counted and parts[after].kind == "word" and parts[after].word not in _JOINING:
        return amount, ("count", 1.0), after + 2
    return amount, None, after
