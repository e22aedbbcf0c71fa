"""Tell which sizes without a unit are those of a wound: coders give these in cm and often leave that out."""

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
_DRESSING: Final = re.compile(
    r"(?:'?s\b|[ \t](?:gauze|dressings?|foam|pads?|sponges?|sheets?|pieces?|mesh|bandage|kerlix|days?|weeks?"
    r"|daily|reps|sets))",
    re.IGNORECASE,
)


def of_a_wound(text: str, start: int, end: int) -> bool:
    """Tell whether two sides without a unit are those of a wound, which coders give in cm: "sacral ulcer 4 x 5"."""
    named = _WOUND.search(text) and _SIZED.search(text, max(0, start - 40), start)
    return bool(named) and not _DRESSING.match(text, end)
