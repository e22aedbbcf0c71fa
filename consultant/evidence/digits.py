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
    "fifth": 5, "5th": 5, "little": 5, "small": 5, "pinky": 5, "pinkie": 5, "baby": 5,
}  # fmt: skip
_NAMED: Final = re.compile(
    r"\b(?P<side>left|right|(?-i:L|R|Lt|Rt|LT|RT))\.?[ \t]+(?P<place>"
    + "|".join(_PLACES)
    + r")(?:[ \t]+(?P<part>toes?|fingers?"
    r"|digits? of (?:the )?(?:foot|hand)))?\b",
    re.IGNORECASE,
)
_PLACE_FIRST: Final = re.compile(
    r"\b(?P<place>" + "|".join(_PLACES) + r")(?:[ \t]+(?P<part>toes?|fingers?))?[ \t]+(?:of|on|at)[ \t]+"
    r"(?:(?:the|his|her)[ \t]+)?(?P<side>left|right|(?-i:L|R|Lt|Rt|LT|RT))\b\.?(?:[ \t]+(?P<of>hand|foot|side))?",
    re.IGNORECASE,
)
"""The pinky of the right hand."""
_SIDE_APART: Final = re.compile(
    r"\b(?:on|of|at)[ \t]+(?:(?:the|his|her)[ \t]+)?(?P<side>left|right|(?-i:L|R|Lt|Rt|LT|RT))\b\.?"
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
    return "" if place.lower() in ("thumb", "hallux") else f" {part}"


def _digits(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield part, side, place and modifier of each digit, in the order of the letter."""
    found = [match for pattern in (_NAMED, _PLACE_FIRST, _SIDE_APART) for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        place, part = match["place"].lower(), (match["part"] or match.groupdict().get("of") or "").lower()
        if place == "hallux" or "toe" in part or "foot" in part:
            kind = "toe"
        elif place in _FINGERS_ONLY or "finger" in part or "hand" in part:
            kind = "finger"
        else:
            continue
        side = "left" if match["side"].lower().startswith("l") else "right"
        number = _PLACES[place] - 1 + (5 if side == "right" else 0)
        yield kind, side, match["place"], f"{kind[0].upper()}{number or 'A'}"
