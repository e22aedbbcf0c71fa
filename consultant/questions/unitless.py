"""Read sizes without a unit: those of a wound are in cm, and of two side by side the last has the unit of both."""

import re
from typing import Final

_WOUND: Final = re.compile(
    r"\b(?:ulcers?|wounds?|vlus?|dfus?|decub\w*|pressure (?:injur|sore)\w*"
    r"|debrid\w*)\b",
    re.IGNORECASE,
)
_SIZED: Final = re.compile(
    r"\b(?:ulcers?|wounds?|vlus?|dfus?|decub\w*|sacr\w+|ankle|leg|heel|foot|calf|shin|toe|hip|buttock|ischium|trochanter"
    r"|coccyx|malleol\w+|bed|defect|measur\w+|sized?|now|post|area|stage \w+)(?:[ \t:=,(]|was|is|at|of|now"
    r"|debridement)*$",
    re.IGNORECASE,
)
_FLAP: Final = re.compile(
    r"\b(?:flaps?|tissue (?:transfer|rearrangement)|[zwv](?:-?y)?[ -]?plast(?:y|ies))\b", re.IGNORECASE
)
_FLAP_SIZED: Final = re.compile(
    r"\b(?:holes?|defects?|wounds?|flaps?|primary|secondary|donor|bed|gap)(?:[ \t:=,(~]|was|is|at|of|about"
    r"|itself|site|area|raised"
    r"|cut|lifted|elevated|designed|measur\w+|sized?)*$",
    re.IGNORECASE,
)
_DRESSING: Final = re.compile(
    r"(?:'?s\b|[ \t](?:gauze|dressings?|foam|pads?|sponges?|sheets?|pieces?|mesh|bandage|kerlix|days?|weeks?"
    r"|daily|reps|sets))",
    re.IGNORECASE,
)


def of_a_wound(text: str, start: int, end: int) -> bool:
    """Tell whether two sides without a unit are those of a wound, which coders give in cm: "sacral ulcer 4 x 5".

    The defects of a flap are told so, too: "hole 2x2, rhombic flap raised 2 x 2.5".
    """
    named = _WOUND.search(text) and _SIZED.search(text, max(0, start - 40), start)
    flap = _FLAP.search(text) and _FLAP_SIZED.search(text, max(0, start - 40), start)
    return bool(named or flap) and not _DRESSING.match(text, end)


_NEXT_SIDES: Final = re.compile(
    r"(?=[ \t,;+)])(?:(?!\d)[^.;\n]){1,32}\d[\d.]*[ \t]{0,2}(?:x|×|\*|by)[ \t]{0,2}\d[\d.]*[ \t]?(?P<u>cm|mm)s?\b"
    r"(?![ \t]{0,2}(?:x|×|by)\b)",
    re.IGNORECASE,
)


_NEXT_AREA: Final = re.compile(
    r"(?:(?!\d)[^.;\n]){0,40}?(?:,|\band\b|\bplus\b|\+|\bwith\b)[ \t](?:(?:and|about|another"
    r"|then)[ \t])?(?P<a>\d{1,3}(?:\.\d{1,2})?)"
    r"(?=[ \t](?:for|of|in|at|on|from|by|under|where|secondary|primary|donor|flap)\b)",
    re.IGNORECASE,
)


def area_behind(text: str, end: int) -> tuple[float, int, int] | None:
    """Return the area that shares the unit of the one before, with its place: "2.5 sq cm for the wound, 4.5 for it"."""
    following = _NEXT_AREA.match(text, end)
    return (float(following["a"]), *following.span("a")) if following else None


def unit_beside(text: str, end: int) -> str | None:
    """Return the unit that the next sides of the sentence have: "primary 1.5 x 1.5, secondary 2 x 1.5 cm"."""
    following = _NEXT_SIDES.match(text, end)
    return following["u"] if following else None
