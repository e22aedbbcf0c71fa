"""Tell the size of a whole wound from that of the part of it that was treated, which alone chooses a code."""

import re
from collections.abc import Sequence
from typing import Final

from consultant.questions.extents import Extent
from consultant.questions.sites import Site

_WHOLE: Final = re.compile(
    r"\b(?:ulcers?|wounds?|measur\w+|sized?|lesion|pre-?(?:op|debridement)|defect|sore|decub\w*|:)"
    r"(?:(?!\bdebrid|\bexcis|\bover\b|\bpost\b|\bafter\b)[^.;\n\d]){0,24}$",
    re.IGNORECASE,
)
_WHOLE_BEHIND: Final = re.compile(
    r"[ \t]?(?:\w+[ \t]){0,3}?(?:ulcer|wound|sore|decub\w*|defect|total|overall|before)\b", re.IGNORECASE
)
_PART: Final = re.compile(
    r"\b(?:debrid\w+|excis\w+|remov\w+|treated|of which|grafted|covered)\b(?:(?!\d[ \t]?(?:x|by|sq|cm))[^;]){0,120}$",
    re.IGNORECASE,
)
_TISSUE: Final = re.compile(r"[ \t]+(?:muscles?|fat|fascia|tissue|bone|skin|tendons?)\b", re.IGNORECASE)
_NEXT: Final = re.compile(
    r"\b(?:(?:wound|ulcer|site|lesion|area|defect)[ \t]?(?:#|no\.?)?[ \t]?(?:\d|[A-F]\b|two|three)"
    r"|second|another|other|next)",
    re.IGNORECASE,
)


def left(text: str, places: Sequence[Site], found: Sequence[Extent]) -> list[Extent]:
    """Leave out the size of a whole wound where that of its treated part follows: "8 x 7 cm ulcer; debrided 6 x 4"."""
    kept: list[Extent] = []
    for extent in found:
        last = kept[-1] if kept else None
        if last and (
            _after(text, places, last, extent) or (last.size >= extent.size and _part_of(text, places, last, extent))
        ):
            kept.pop()
        kept.append(extent)
    return kept


_AFTER: Final = re.compile(
    r"\b(?:post[- ]?(?:op\w*|debridement)?|after(?: the)? debridement|final)\b(?:(?!\d)[^.;\n]){0,24}$", re.IGNORECASE
)


def _after(text: str, places: Sequence[Site], before: Extent, after: Extent) -> bool:
    """Tell whether a size is that of the same wound once more, as it was when the work was done."""
    between = text[before.end : after.start]
    apart = _NEXT.search(between) or any(before.end <= site.start < after.start for site in places)
    return bool(_AFTER.search(text, before.end, after.start)) and not apart and "\n\n" not in between


def _part_of(text: str, places: Sequence[Site], whole: Extent, part: Extent) -> bool:
    before = text[max(0, whole.start - 40) : whole.start]
    if not (_WHOLE.search(before) or _WHOLE_BEHIND.match(text, whole.end)) or _PART.search(before):
        return False
    between = text[whole.end : part.start]
    apart = _NEXT.search(between) or any(
        whole.end <= site.start < part.start and not _TISSUE.match(text, site.end) for site in places
    )
    return not apart and "\n\n" not in between and bool(_PART.search(between))
