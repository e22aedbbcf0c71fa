"""Find what names a person in a text and put placeholders in its place: `[PERSON_1]`, `[DATE_1]`, `[PHONE_1]`.

Masking is defence in depth for what is stored as text, indexed, drafted and logged, and a flag to the reviewer.
It is not Safe Harbor de-identification (45 CFR 164.514(b)(2)): dates of service stay readable because they decide
the code set (see `dates`), and a name that nothing introduces may pass.

The text is read in passes over a working copy in which each masked stretch has shrunk to one sentinel character,
until a pass finds nothing new. A placeholder that was there before is such a stretch too: that is why masking
masked text changes nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from consultant import clock
from consultant.privacy import dates, identifiers, names
from consultant.privacy.identifiers import SENTINEL
from consultant.privacy.wordlists import NOT_A_NAME

KINDS: Final = (
    "PERSON", "DATE", "AGE", "PHONE", "EMAIL", "URL", "IP", "SSN", "ID", "ADDRESS", "ZIP", "DEVICE", "PLATE",
)  # fmt: skip
PLACEHOLDER: Final = re.compile(r"\[(" + "|".join(KINDS) + r")_(\d{1,6})\]")

# Each pass masks at least one stretch; letters need two or three, and only a made-up text would need more.
_PASSES: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier: where it stood in the text that was given, and what stands for it."""

    kind: str
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text and what was masked in it."""

    text: str
    spans: tuple[Found, ...]
    """In the order of the text; they never overlap. Offsets are characters of the text before masking."""
    placeholders: tuple[str, ...]
    """Each placeholder of this masking once, in the order of the text, without brackets: PERSON_1."""


def mask(text: str, names: Sequence[str] = (), *, today: date | None = None) -> Masked:
    """Mask every identifier that the rules find and every one of the names given (sender, signature, address book).

    `today`, the clock's day in UTC where it is left out, bounds what may be a date of service (see `dates`).
    The same value gets the same placeholder, and behind that of a date of birth stands the age on the day of the
    service. Never raises, takes time linear in the text, and changes nothing else outside the spans.
    """
    day = today or clock.now().date()
    reading = _Reading(text, names, day)
    spans = reading.spans()
    served = dates.served(text, [(span.start, span.end) for span in spans if span.kind == "DATE"], today=day)
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += (text[position : span.start], span.placeholder, _age(text, span, served))
        position = span.end
    pieces.append(text[position:])
    used = tuple(dict.fromkeys(span.placeholder[1:-1] for span in spans))
    return Masked("".join(pieces), spans, used)


def _age(text: str, span: Found, served: date) -> str:
    """Return the age on the day of the service behind a masked date of birth: whole years below 90 name nobody.

    The age decides codes (preventive visits, vaccines, screenings), and HIPAA counts none below 90 among the
    identifiers (45 CFR 164.514(b)(2)(i)(C)).
    """
    years = dates.age(text, span.start, span.end, served) if span.kind == "DATE" else None
    return "" if years is None else f" (age {years})"


class _Reading:
    """One masking under way: what is masked so far, and who is who."""

    def __init__(self, text: str, given: Sequence[str], today: date) -> None:
        self._text = text
        self._today = today
        self._opaque = [match.span() for match in PLACEHOLDER.finditer(text)]
        self._found: list[tuple[int, int, str, str]] = []
        self._persons: dict[str, int] = {}
        self._person_count = 0
        for name in given:
            # A display name such as "Billing Team" names nobody.
            if any(word not in NOT_A_NAME for word in names.tokens_of(name)):
                self._person(name)

    def spans(self) -> tuple[Found, ...]:
        for _ in range(_PASSES):
            if not self._one_pass():
                break
        return self._numbered()

    def _one_pass(self) -> bool:
        work, starts, offsets = self._working_copy()
        taken = bytearray(len(work))
        for match in identifiers.KEPT.finditer(work):
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
        before = len(self._found)
        for start, end, kind, value in self._candidates(work):
            if start >= end or any(taken[start:end]) or SENTINEL in work[start:end]:
                continue
            taken[start:end] = b"\x01" * (end - start)
            shift = offsets[bisect_right(starts, start) - 1]
            self._found.append((start + shift, end + shift, kind, value))
        return len(self._found) > before

    def _candidates(self, work: str) -> Iterator[tuple[int, int, str, str]]:
        """Yield start, end, kind and value in order of precedence; persons are registered as they come."""
        for rule in identifiers.RULES:
            for start, end in rule.find(work):
                yield start, end, rule.kind, _normal(work[start:end])
        for start, end in dates.find(work, today=self._today):
            yield start, end, "DATE", _normal(work[start:end])
        for start, end in names.find(work):
            yield start, end, "PERSON", self._person(work[start:end])
        for start, end, person in names.again(work, self._persons):
            yield start, end, "PERSON", str(person)

    def _person(self, name: str) -> str:
        """Return the number of the person of this name, as text; a shared word means the same person."""
        words = names.tokens_of(name)
        number = next((self._persons[word] for word in words if word in self._persons), None)
        if number is None:
            self._person_count += 1
            number = self._person_count
        for word in words:
            self._persons.setdefault(word, number)
        return str(number)

    def _working_copy(self) -> tuple[str, list[int], list[int]]:
        """Return the text with one sentinel for each masked stretch, and what to add to its offsets from where on."""
        pieces: list[str] = []
        starts, offsets = [0], [0]
        position = length = 0
        for start, end in sorted([*self._opaque, *((span[0], span[1]) for span in self._found)]):
            pieces += (self._text[position:start], SENTINEL)
            length += start - position + 1
            position = end
            starts.append(length)
            offsets.append(end - length)
        pieces.append(self._text[position:])
        return "".join(pieces), starts, offsets

    def _numbered(self) -> tuple[Found, ...]:
        highest = dict.fromkeys(KINDS, 0)
        for match in PLACEHOLDER.finditer(self._text):
            highest[match[1]] = max(highest[match[1]], int(match[2]))
        numbers: dict[tuple[str, str], int] = {}
        spans = []
        for start, end, kind, value in sorted(self._found):
            if (kind, value) not in numbers:
                highest[kind] += 1
                numbers[kind, value] = highest[kind]
            spans.append(Found(kind, start, end, f"[{kind}_{numbers[kind, value]}]"))
        return tuple(spans)


def _normal(value: str) -> str:
    """Return what two writings of the same value have in common: letters and digits, in lower case."""
    return "".join(character for character in value.lower() if character.isalnum())
