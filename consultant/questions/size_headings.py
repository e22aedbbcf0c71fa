"""Tell what the heading of a list of sizes says of each: "excised diameter, margins included: cheek 10 mm, neck 22"."""

import re
from typing import Final

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
