"""Read over slips of the pen: a mistyped word is read as the one that it was meant to be, and every place stays true.

Only words in small letters are mended: what begins with a capital may be a name.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from consultant.questions.model import Span

T = TypeVar("T")
_WORD: Final = re.compile(r"(?<![\w'@./&-])[a-z]{4,24}(?![\w'@&]|[./-]\w)")
_MAYBE_SEVERAL: Final = re.compile(r"(?<=[a-z]{3})\(s\)(?!\w)")
MOST: Final = 200
"""Different unknown words that are looked up in one letter; what has more is no English text."""


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
        word = match[0]
        if word not in known:
            if len(known) >= MOST:
                break
            known[word] = spelled(word)
        meant = known[word]
        if meant is not None:
            edits.append((match.start(), match.end(), meant))
    # "Code(s)" is read as the plural.
    edits += [(*match.span(), "s") for match in _MAYBE_SEVERAL.finditer(text)]
    return replaced(text, sorted(edits))


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
