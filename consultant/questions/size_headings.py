"""Read sizes in words, and what the heading of a list says of each: "excised diameter: cheek 10 mm, neck 22"."""

import re
from typing import Final

SIZE_WORDS: Final = re.compile(
    r"\b(?:dime|nickel|penny|quarter|pea|grape|egg|walnut|golf[- ]ball|pencil[- ]eraser|eraser|fist"
    r"|palm|pinhead|marble|lentil)"
    r"[- ]?(?:sized?|shaped and sized)\b|\bsize of an? (?:dime|nickel|penny|quarter|pea|grape|egg"
    r"|walnut|golf ball|fist|palm|marble)\b",
    re.IGNORECASE,
)
# "Do I add the two to 1.1 cm?", "she got 11311 by summing them, 1.1 cm": a sum of sizes is the size of nothing.
ADDED_UP: Final = re.compile(
    r"\b(?:(?:add(?:ed|ing)?|sum(?:s|med|ming)?|combin(?:ed?|ing)|lump(?:ed|ing)?|total(?:ed|l?ing))\b[^.;?\n\d]{0,60}"
    r"\b(?:to|into|and (?:use|bill|code|report|call it)|as|for|make|making|get|equals?)"
    r"|add(?:s)? up to|which (?:makes|is))"
    r"[ \t](?:a total of |one |a )?$",
    re.IGNORECASE,
)
_EXCISED: Final = re.compile(
    r"\b(?:excised (?:diameter|size|width)s?|margins? (?:are |were |was |all |both |already )*(?:included|counted in"
    r"|figured in|factored in|built in|added in)|(?:incl(?:uding|usive of|\.)?|with|w/) (?:the |all )?margins?)"
    r"[^\n:.;\d]{0,48}:(?=\s)",
    re.IGNORECASE,
)
_NO_LIST: Final = re.compile(r"\n[ \t]*\n|[.;](?=\s)|\n(?![ \t]*(?:[-*•–]|\(?\d[.)]|[A-H][.)]|#|[A-Za-z ]{2,30}[:,-]))")
_REACH: Final = 400


def excised(text: str, start: int) -> bool:
    """Tell whether a size stands in a list that is headed as excised diameters."""
    since = max(0, start - _REACH)
    heads = list(_EXCISED.finditer(text, since, start))
    return bool(heads) and not _NO_LIST.search(text, heads[-1].end(), start)
