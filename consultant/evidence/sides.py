"""Words for sides: of a diagnosis's description, of a letter, and of the modifiers on a procedure."""

import re
from collections.abc import Iterator
from typing import Final

LEFT: Final = "left"
RIGHT: Final = "right"
BOTH: Final = "bilateral"
OTHER: Final = {LEFT: RIGHT, RIGHT: LEFT}

# Parts of the body that come in two, by the words of letters and of ICD-10-CM. A side in the letter speaks to a code
# only where both speak of one part: the right knee says nothing of an ear.
_PARTS: Final = {
    "eyelid": r"eyelids?|lids?|canthus",
    "eye": r"eyes?|cornea|retina|conjunctiva|cataract",
    "ear": r"ears?|earlobes?|auricle|pinna|helix|antihelix|tragus|concha",
    "breast": r"breasts?|nipples?|areola",
    "upper limb": r"shoulders?|arms?|elbows?|forearms?|wrists?|hands?|palms?|thumbs?|fingers?|axillae?|axilla"
    r"|upper limbs?|upper extremit(?:y|ies)",
    "lower limb": r"hips?|thighs?|knees?|legs?|cal(?:f|ves)|shins?|ankles?|heels?|midfoot|foot|feet|toes?"
    r"|lower limbs?|lower extremit(?:y|ies)",
}
_PART_WORDS: Final = {
    part: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for part, words in _PARTS.items()
}
_SIDE: Final = re.compile(r"\b(?:left|right|bilateral(?:ly)?|both)\b", re.IGNORECASE)
# The noun of a side stands close behind it: "right lower leg", "both upper eyelids". Another side begins another.
_NOUN: Final = re.compile(r"(?:[ \t-]{1,2}[\w'-]{1,20}){1,3}")
_SAYS_NO_MORE: Final = frozenset({"left", "right", "bilateral", "both", "unilateral", "side", "of", "the", "in", "and"})
_LID: Final = re.compile(r"\b(?P<lid>upper|lower)[ \t](?:eye)?lids?\b", re.IGNORECASE)

# CMS, HCPCS Level II modifiers: LT and RT, E1 to E4 the eyelids, F and T the fingers and toes; 50 is both sides (CPT).
_LEFT_MODIFIERS: Final = "LT E1 E2 FA F1 F2 F3 F4 TA T1 T2 T3 T4"
_RIGHT_MODIFIERS: Final = "RT E3 E4 F5 F6 F7 F8 F9 T5 T6 T7 T8 T9"
MODIFIER_SIDES: Final = {
    **dict.fromkeys(_LEFT_MODIFIERS.split(), LEFT),
    **dict.fromkeys(_RIGHT_MODIFIERS.split(), RIGHT),
    "50": BOTH,
}
MODIFIER_LIDS: Final = {"E1": "upper", "E2": "lower", "E3": "upper", "E4": "lower"}


def parts_of(text: str) -> frozenset[str]:
    """Return the paired parts of the body that a text names."""
    return frozenset(part for part, words in _PART_WORDS.items() if words.search(text))


def side_of(description: str) -> str | None:
    """Return the one side that a description names, `bilateral` for both; None where it names none or several."""
    named = {_canonical(found[0]) for found in _SIDE.finditer(description)}
    return named.pop() if len(named) == 1 else None


def lid_of(text: str) -> str | None:
    """Return the one eyelid, `upper` or `lower`, that a text names."""
    named = {found["lid"].lower() for found in _LID.finditer(text)}
    return named.pop() if len(named) == 1 else None


def told(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each side of a letter with the parts of the body that stand right behind it."""
    for found in _SIDE.finditer(text):
        noun = _NOUN.match(text, found.end())
        words = _SIDE.split(noun[0], maxsplit=1)[0] if noun else ""
        if parts := parts_of(words):
            yield _canonical(found[0]), parts


def turned(description: str, words: str, to: str) -> frozenset[str]:
    """Return a description with one of these words put as another, once for each place where it stands; lower case."""
    text = description.lower()
    return frozenset(
        f"{text[: found.start()]}{to}{text[found.end() :]}" for found in re.finditer(rf"\b{words}\b", text)
    )


def aside(description: str) -> frozenset[str]:
    """Return the words of a description without those for sides and those that only join.

    Titles of both sides are worded in their own way: "unilateral osteoarthritis, right knee", "bilateral osteoarthritis
    of knee".
    """
    return frozenset(re.findall(r"[\w-]+", description.lower())) - _SAYS_NO_MORE


def _canonical(word: str) -> str:
    word = word.lower()
    return word if word in OTHER else BOTH
