"""Read over slips of the pen: a mistyped word is read as the one that it was meant to be, and every place stays true.

What begins with a capital may be a name, so it is mended only where a sentence or a line begins, or where it is meant
for a word that is itself written so.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from consultant.questions.model import Span

T = TypeVar("T")
_WORD: Final = re.compile(r"(?<![\w'@./&-])[A-Za-z][a-z]{3,23}(?![\w'@&]|[./-]\w)")
_BEGINS: Final = re.compile(r"(?:\A|[\n?!:>*-]|(?<!\bDr)(?<!\bM[rs])(?<!\bMrs)(?<!\bSt)\.|\d[.)])[ \t\"'(]*\Z")
_CAPITALS: Final = frozenset({"medicare", "medicaid", "commercial", "advantage"})
"""Words that letters write with a capital inside of a sentence, and that are no names of persons."""
_SMALL: Final = {
    "teh": "the", "hte": "the", "adn": "and", "wsa": "was",
    "physcal": "physical", "fysical": "physical", "fisical": "physical", "physicial": "physical",
    "therepy": "therapy", "theraphy": "therapy", "exersise": "exercise", "excercise": "exercise",
}  # fmt: skip
_SMALL_WORD: Final = re.compile(rf"(?<![\w'@./&-])(?:{'|'.join(_SMALL)})(?![\w'@&]|[./-]\w)")
"""Small words with two letters in the wrong order, and slips that lie as near to a rarer word of the code sets."""
_SHORT: Final = {
    "avuls": "avulsion",
    "cmplx": "complex",
    "cplx": "complex",
    "cpts": "CPT codes",
    "debr": "debridement",
    "debrid": "debridement",
    "destr": "destruction",
    "excis": "excision",
    "icds": "ICD codes",
    "init": "initial",
    "interm": "intermediate",
    "intermed": "intermediate",
    "intramusc": "intramuscular",
    "preauric": "preauricular",
    "postauric": "postauricular",
    "shv": "shave",
    "smpl": "simple",
    "subcut": "subcutaneous",
    "tang": "tangential",
}
"""Words that coders cut short, and that are no words or names themselves."""
_SHORT_WORD: Final = re.compile(
    rf"(?<![\w'@./&-])(?:{'|'.join(_SHORT)})(?![\w'@&]|[./-]\w)\.?(?=\s|[,;:)?/+]|$)", re.IGNORECASE
)
_AT: Final = re.compile(r"(?<=[A-Za-z][ \t])@(?=[ \t][A-Za-z])")
"""The sign between two words: "new pt @ her apartment"; with a number it is a rate, a time or a price."""
_BELOW: Final = re.compile(
    r"(?:[<≤][ \t]?|\b(?:less than|under|below)[ \t])(?P<n>\d{1,2})[ \t]?(?:%|per ?cent\b)", re.I
)
_ABOVE: Final = re.compile(r"(?:[>≥][ \t]?|\b(?:more than|over|above)[ \t])(?P<n>\d{1,2})[ \t]?(?:%|per ?cent\b)", re.I)
_STRENGTH: Final = re.compile(
    r"(?<![\w'@./&-])(?-i:K|TAC)[ \t-]?(?P<n>10|20|40|2\.5|5)(?![\w%]|\.\d|[ \t]?(?:mg|mEq|%))"
)
"""Triamcinolone by its strength in mg/mL, as dermatologists write it."""
_MAYBE_SEVERAL: Final = re.compile(r"(?<=[a-z]{3})\(s\)(?!\w)")
MOST: Final = 200
"""Different unknown words that are looked up in one letter; what has more is no English text."""
_NO_NAME: Final = 8
"""Letters from which on a word with a capital is rather the beginning of a sentence than a name."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A text without slips, and the way from its places back to those of the text as written."""

    text: str
    starts: tuple[int, ...] = ()
    """Where each stretch that moved as one begins in the mended text."""
    shifts: tuple[int, ...] = ()
    """How far the places of each stretch lie behind those of the written text."""

    def written(self, place: int) -> int:
        """Return the place in the written text; inside of a mended word, no further than its end."""
        at = bisect_right(self.starts, place) - 1
        if at < 0:
            return place
        until = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text) + 1
        return min(place - self.shifts[at], max(until - self._shift(at + 1), 0))

    def _shift(self, at: int) -> int:
        return self.shifts[at] if at < len(self.shifts) else self.shifts[-1]

    def back(self, value: T) -> T:
        """Return a value of this room with every span in it pointing into the written text."""
        return self._back(value) if self.starts else value

    def _back(self, value: Any) -> Any:
        if isinstance(value, Span):
            return Span(self.written(value.start), self.written(value.end))
        if isinstance(value, tuple):
            return tuple(map(self._back, value))
        if is_dataclass(value) and not isinstance(value, type):
            held = {row.name: getattr(value, row.name) for row in fields(value) if row.init}
            return replace(value, **{name: self._back(part) for name, part in held.items()})
        return value


def mend(text: str, spelled: Callable[[str], str | None]) -> Mended:
    """Return the text with mistyped words as they were meant; `spelled` returns None for what is no slip."""
    known: dict[str, str | None] = {}
    edits: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if match[0] in _SMALL:
            continue
        if word not in known:
            if len(known) >= MOST:
                break
            known[word] = spelled(word)
        meant = known[word]
        if meant is None:
            continue
        if match[0] == word:
            edits.append((match.start(), match.end(), meant))
        elif meant in _CAPITALS or (len(word) >= _NO_NAME and _begins(text, match.start())):
            edits.append((match.start(), match.end(), meant.capitalize()))
    edits += [(*match.span(), _SMALL[match[0]]) for match in _SMALL_WORD.finditer(text)]
    edits += [(*match.span(), _SHORT[match[0].lower().rstrip(".")]) for match in _SHORT_WORD.finditer(text)]
    edits += [(*match.span(), "at") for match in _AT.finditer(text)]
    edits += [(*match.span(), f"less than {match['n']} percent") for match in _BELOW.finditer(text)]
    edits += [(*match.span(), f"more than {match['n']} percent") for match in _ABOVE.finditer(text)]
    edits += [(*match.span(), f"triamcinolone {match['n']} mg/mL") for match in _STRENGTH.finditer(text)]
    # "Code(s)" is read as the plural.
    edits += [(*match.span(), "s") for match in _MAYBE_SEVERAL.finditer(text)]
    return replaced(text, without_overlaps(edits))


def _begins(text: str, place: int) -> bool:
    """Tell whether a sentence, a line or an item begins here."""
    return bool(_BEGINS.search(text, max(0, place - 8), place))


def replaced(text: str, edits: Iterable[tuple[int, int, str]]) -> Mended:
    """Return the text with stretches (start, end) written anew, given in order; an empty stretch is an insertion."""
    pieces: list[str] = []
    starts: list[int] = [0]
    shifts: list[int] = [0]
    done = length = 0
    for start, end, meant in edits:
        pieces += [text[done:start], meant]
        length += start - done
        starts += [length, length + len(meant)]
        length += len(meant)
        done = end
        shifts += [shifts[-1], length - done]
    if not pieces:
        return Mended(text)
    return Mended("".join([*pieces, text[done:]]), tuple(starts), tuple(shifts))


def without_overlaps(edits: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return edits in order as `replaced` takes them; of two that overlap the earlier stays."""
    kept: list[tuple[int, int, str]] = []
    for edit in sorted(edits):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept
