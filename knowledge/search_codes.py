"""Codes and ranges of codes in what a person typed: e11621, 11042-59, 11400-11446, 11400-46, 114xx, E11.-."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from knowledge.modifiers import MODIFIERS

Held = Callable[[str], bool]
"""Tells whether the release holds a code, in capitals."""

_ICD = r"[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?"
_ANY = rf"\d{{4}}[0-9AFMTU]|[A-V]\d{{4}}|{_ICD}"
_ALONE, _END = r"(?<![\w.-])", r"(?!\w|\.\w)"
_CODE = re.compile(rf"{_ALONE}({_ANY})(?:-([0-9A-Z]{{2}}))?{_END}", re.IGNORECASE)
_RANGE = re.compile(rf"{_ALONE}({_ANY})\s?(?:-|to\b|thru\b|through\b)\s?({_ANY}){_END}", re.IGNORECASE)
_SHORT_RANGE = re.compile(rf"{_ALONE}(\d{{3}})(\d\d)-(\d\d)(?![\w-]|\.\w)")
# The x of 114xx stands for any character; one within a code, as in S01.01XA, is a placeholder of its own.
_BELOW = re.compile(
    rf"{_ALONE}(\d{{2,4}}(?=[x*])|[A-Z]\d[0-9A-WYZ](?:\.[0-9A-WYZ]{{0,3}})?)\.?(?:[x*]{{1,4}}|-)(?![\w-])",
    re.IGNORECASE,
)
_ICD_CODE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_POINTLESS = re.compile(r"([A-Z]\d[0-9A-Z])([0-9A-Z]{1,4})")
_LAST = "~"
"""Comes after every letter and digit."""


class Range(NamedTuple):
    """Codes from one to another, both among them, and how that was typed."""

    first: str
    last: str
    said: str

    def holds(self, key: str) -> bool:
        """Tell whether a code lies in it; what lies below the last one does."""
        return self.first <= key <= self.last or key.startswith(self.last)

    def beginnings(self) -> list[str]:
        """Return what its codes begin with: what both ends have alike, or each letter from one to the other."""
        pairs = enumerate(zip(self.first, self.last, strict=False))
        alike = next((at for at, (one, other) in pairs if one != other), min(len(self.first), len(self.last)))
        if alike:
            return [self.first[:alike]]
        return [chr(number) for number in range(ord(self.first[0]), ord(self.last[0]) + 1)]


def below(codes: Iterable[str]) -> tuple[Range, ...]:
    """Return what may lie below codes: those of ICD-10-CM are categories of longer ones."""
    return tuple(Range(code, code + _LAST, code) for code in codes if _ICD_CODE.fullmatch(code))


def ranges_in(text: str, held: Held) -> tuple[tuple[Range, ...], str]:
    """Take the ranges out of a text; return them and what is left of it."""
    ranges: list[Range] = []

    def take(found: re.Match[str], one: str, other: str) -> str:
        first, last = sorted((one, other))
        if first[0].isdigit() != last[0].isdigit():
            return found[0].replace("-", " ")
        ranges.append(Range(first, last, found[0]))
        return " "

    def whole(found: re.Match[str]) -> str:
        return take(found, *(_key(part, held) or part.upper() for part in found.groups()))

    def short(found: re.Match[str]) -> str:
        beginning, first, last = found.groups()
        return found[0] if last in MODIFIERS else take(found, beginning + first, beginning + last)

    def all_below(found: re.Match[str]) -> str:
        first = found[1].upper()
        return found[0] if _key(found[0], held) else take(found, first.rstrip("."), first + _LAST)

    text = _BELOW.sub(all_below, _SHORT_RANGE.sub(short, _RANGE.sub(whole, text)))
    return tuple(ranges), text


def codes_in(text: str, held: Held) -> tuple[tuple[str, ...], str]:
    """Take the codes out of a text that the release holds; a modifier behind one is a code of its own."""
    codes: list[str] = []

    def take(found: re.Match[str]) -> str:
        key = _key(found[1], held)
        if key is None:
            # What has the shape of a code and nothing else is no word: L57.1, 11043.
            return " " if "." in found[1] or found[1].isdigit() else found[0]
        codes.append(key)
        modifier = (found[2] or "").upper()
        if modifier in MODIFIERS and held(modifier):
            codes.append(modifier)
        return " "

    text = _CODE.sub(take, text)
    return tuple(dict.fromkeys(codes)), text


def _key(word: str, held: Held) -> str | None:
    """Return the code that a word is: in capitals, with the point of an ICD-10-CM code."""
    word = word.upper()
    pointless = _POINTLESS.fullmatch(word)
    keys = (word, f"{pointless[1]}.{pointless[2]}") if pointless else (word,)
    return next(filter(held, keys), None)
