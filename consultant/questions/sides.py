"""Find the side that a stretch of text names without a place of the body: of an eye, or of what stands before it."""

import re
from typing import Final

from consultant.questions.model import Fact, Span

_SIDES: Final = re.compile(
    r"(?<!\bis )(?<!\bit )(?<!\bthat )(?<!\bthis )(?<!\bstill )(?<!\bnot )(?<!\bI )(?<!\bcode )(?<!\bbe )(?<!\d )"
    r"(?<!\bwas )(?<!\bare )(?<![\w/])(?:(?P<right>(?-i:OD)|right|rt)|(?P<left>(?-i:OS)|left|lt)"
    r"|(?P<bilateral>(?-i:OU)|both eyes|bilateral\w*"
    r"|b/l|bilat))\b(?!\s+(?:hand(?:ed)|open|in place|intact|alone|over|as is|the|it|on purpose|off|out)\b"
    r"|[ \t]*(?:\?|codes?\b|one\b|now\b|answer\b|or wrong|away\b|dx\b|diagnos|way\b|icd|after\b|before\b))",
    re.IGNORECASE,
)


def side_of(text: str, within: Span, of: Span, taken: frozenset[int] = frozenset()) -> Fact | None:
    """Return the side nearest to a place, behind it before in front of it; `taken` are where sides of others begin."""
    found = [match for match in _SIDES.finditer(text, within.start, within.end) if match.start() not in taken]
    if not found:
        return None
    best = min(found, key=lambda match: (_gap(match, of), match.start()))
    return Fact("laterality", str(best.lastgroup), Span(*best.span()))


def _gap(match: re.Match[str], of: Span) -> int:
    # What stands behind a disease tells its side more often than what stands before it.
    return match.start() - of.end if match.start() >= of.end else 2 * (of.start - match.end()) + 1
