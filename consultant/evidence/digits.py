"""The modifier of each finger and toe that a letter names by side and number: "R 2nd toe" is T6.

CMS, HCPCS Level II modifiers: FA and F1 to F9 the fingers, TA and T1 to T9 the toes, thumb and great toe first, the
left side before the right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from consultant.evidence.asked import Aspect, direct
from consultant.evidence.conditions import named_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind, Line
from consultant.questions.model import Subject

_PLACES: Final = {
    "thumb": 1, "great": 1, "big": 1, "first": 1, "1st": 1, "hallux": 1,
    "second": 2, "2nd": 2, "index": 2,
    "third": 3, "3rd": 3, "middle": 3, "long": 3,
    "fourth": 4, "4th": 4, "ring": 4,
    "fifth": 5, "5th": 5, "little": 5, "small": 5, "pinky": 5, "pinkie": 5, "baby": 5, "halluces": 1,
}  # fmt: skip
_SIDE: Final = r"(?:left|right|(?-i:L|R|Lt|Rt|LT|RT))\b\.?"
_PART: Final = r"(?:toe-?(?:nail)?|finger-?(?:nail)?|digit)s?\b(?:[ \t]of[ \t](?:the[ \t])?(?=foot\b|hand\b))?"
_PLACE: Final = rf"(?:{'|'.join(_PLACES)})(?:e?s)?\b"
_ONE: Final = (
    rf"(?:(?P<side>{_SIDE})[:,]?[ \t]+(?P<limb>foot|hand)?[:,]?[ \t]*)?(?:the[ \t]+)?\b(?P<place>{_PLACE})"
    rf"(?:[ \t-]+(?P<part>{_PART}))?"
)
_BARE: Final = re.sub(r"\?P<\w+>", "?:", _ONE)
_NAMED: Final = re.compile(
    rf"(?P<list>{_BARE}(?:[ \t]*(?:,|&|\+|/|\band\b|\bplus\b)+[ \t]*(?:and[ \t]+)?{_BARE})*)"
    rf"(?:[ \t]{{0,2}}[,(-]?[ \t]?(?:(?:of|on)[ \t])?(?:the[ \t]|his[ \t]|her[ \t])?"
    rf"(?:(?P<behind>{_SIDE})(?![ \t:]*(?:(?:foot|hand)[ \t:]+)?(?:the[ \t]+)?{_PLACE})[ \t]?)?(?P<limb>foot|hand)?)",
    re.IGNORECASE,
)
"""One or several digits with what they share: "left index and middle fingers", "ring finger of the R hand"."""
_EACH: Final = re.compile(_ONE, re.IGNORECASE)
_SIDE_APART: Final = re.compile(
    rf"\b(?:on|of|at)[ \t]+(?:(?:the|his|her)[ \t]+)?(?P<side>{_SIDE})"
    r"(?:[ \t]+(?P<of>hand|foot|side))?,?(?:[ \t]+(?:it|that|this))?(?:[ \t]+(?:was|is|were|we did|only|just))*"
    r"[ \t]+(?:(?:the|his|her)[ \t]+)?(?P<place>" + "|".join(_PLACES) + r")(?:[ \t]+(?P<part>toes?|fingers?))?\b",
    re.IGNORECASE,
)
"""On the left it was the index finger."""
_FINGERS_ONLY: Final = frozenset({"thumb", "index", "middle", "ring", "pinky", "pinkie"})
_ASKS: Final = re.compile(r"\bmod(?:ifier)?s?\b|\bT-?\b[^?\n]{0,40}\?|\b(?:T\d|TA|F\d|FA)\b", re.IGNORECASE)
_RULES: Final = {"toe": "mhc-toes", "finger": "mhc-fingers"}


def digits(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report the modifier of each finger and toe that the letter names, where it asks for modifiers."""
    text = inquiry.question.text
    if not (Aspect.MODIFIER in inquiry.aspects or _ASKS.search(text)):
        return ()
    named = dict.fromkeys(_digits(text))
    found = []
    for part, rule in _RULES.items():
        words = [
            f"{modifier} is the {side} {place}{_named(place, part)}"
            for kind, side, place, modifier in named
            if kind == part
        ]
        held = named_rule(inquiry.release, "modifiers_hcpcs", rule)
        if words and held:
            told = f"{'; '.join(words)}. They already tell the side, so no RT or LT goes with them."
            found.append(direct(FindingKind.MODIFIER, f"digit.{part}", told, held.citations))
    return tuple(found)


def told_digits(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the modifiers of the fingers and toes that the letter names by side and place, once each, in order."""
    return tuple(dict.fromkeys(modifier for _, _, _, modifier in _digits(inquiry.question.text)))


def by_digit(lines: Sequence[tuple[Line, tuple[Subject, ...]]]) -> list[tuple[Line, tuple[Subject, ...]]]:
    """Give each nail its line with the modifier of its digit, where the letter names the digit of every nail.

    An add-on code stands for the digits behind the first; several units of it stay on one line without modifiers.
    """
    left: dict[int, list[str]] = {}
    found: list[tuple[Line, tuple[Subject, ...]]] = []
    for line, subjects in lines:
        marks = left.setdefault(id(subjects[0]), _modifiers_of(subjects[0])) if len(subjects) == 1 else []
        own, rest = marks[: line.units], marks[line.units :]
        parted = line.units > 1 and not rest
        if len(own) != line.units or line.modifiers or (line.units > 1 and not (parted and _alone(lines, subjects))):
            found.append((line, subjects))
            continue
        left[id(subjects[0])] = rest
        found += [(replace(line, units=1, modifiers=(one,)), subjects) for one in own]
    return found


def _alone(lines: Sequence[tuple[Line, tuple[Subject, ...]]], subjects: tuple[Subject, ...]) -> bool:
    """Tell whether one line alone stands for a subject, without an add-on code beside it."""
    return sum(other == subjects for _, other in lines) == 1


def _modifiers_of(subject: Subject) -> list[str]:
    """Return the modifiers of the digits of a subject, none where one of them is not known."""
    named = [str(fact.value).split() for fact in subject.facts if fact.name == "digit"]
    if len(named) != subject.values().get("nail_count"):
        return []
    return [
        f"{part[0].upper()}{(int(place) - 1 + (5 if side == 'right' else 0)) or 'A'}" for side, part, place in named
    ]


def _named(place: str, part: str) -> str:
    """Return the word of the part behind its place, where the place does not name it already."""
    return "" if place.lower().startswith(("thumb", "hall")) else f" {part}"


def _digits(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield part, side, place and modifier of each digit, in the order of the letter."""
    found = [*_listed(text), *_apart(text)]
    for _, side, place, kind in sorted(found, key=lambda row: row[0]):
        if kind is not None:
            told = "left" if side.lower().startswith("l") else "right"
            number = _number(place.lower()) - 1 + (5 if told == "right" else 0)
            yield kind, told, place, f"{kind[0].upper()}{number or 'A'}"


_Named = tuple[int, str, str, str | None]
"""Where a digit is named, its side and place as written, and whether it is a toe or a finger."""


def _listed(text: str) -> Iterator[_Named]:
    """Yield the digits that have their side with them or share one."""
    for group in _NAMED.finditer(text):
        rows = list(_EACH.finditer(group["list"]))
        words = [row[name] for row in rows for name in ("limb", "part") if row[name]]
        shared = group["limb"] or " ".join(words)
        side = None
        for row in rows:
            side = row["side"] or side or group["behind"]
            own = f"{row['part'] or ''} {row['limb'] or ''}"
            kind = _kind(row["place"].lower(), own) or _kind(row["place"].lower(), shared)
            if side is not None:
                yield group.start() + row.start(), side, row["place"], kind


def _apart(text: str) -> Iterator[_Named]:
    """Yield the digits of which the side stands in words of its own."""
    for match in _SIDE_APART.finditer(text):
        kind = _kind(match["place"].lower(), match["part"] or match["of"] or "")
        yield match.start("place"), match["side"], match["place"], kind


def _kind(place: str, part: str) -> str | None:
    """Tell a toe from a finger, by the name of the digit or by the word that stands with it."""
    if place.startswith("hall"):
        return "toe"
    if place.rstrip("s") in _FINGERS_ONLY:
        return "finger"
    part = part.lower()
    return "toe" if "toe" in part or "foot" in part else "finger" if "finger" in part or "hand" in part else None


def _number(place: str) -> int:
    return _PLACES.get(place) or _PLACES[place.removesuffix("s")]
