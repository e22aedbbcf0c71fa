"""Read how the tissue of a soft-tissue graft was taken, cut out or by suction, and which place only gave it."""

import re
from collections.abc import Sequence
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Status
from consultant.questions.zones import Zones

_TISSUE: Final = r"(?:fat|adipose(?: tissue)?|dermis|dermal fat|fascia|soft tissue)"
_CUT: Final = r"(?:cut out|excised|sharply|resected|dissected (?:out|free)|cut free)"
_CUT_OUT: Final = re.compile(
    rf"\b(?:block|piece|strip|wedge|graft|segment|cylinder|plug)\b[^.;\n]{{0,20}}?\b{_TISSUE}\b[^;\n]{{0,60}}?\b{_CUT}\b"
    rf"|\b{_CUT}\b[^.;\n]{{0,40}}?\b(?:block|piece|strip|wedge|graft|segment) of {_TISSUE}\b|\bby direct excision\b",
    re.IGNORECASE,
)
_SUCKED: Final = re.compile(
    r"\b(?:lipo\w*|suction(?:ed)?|aspirat(?:ed|e|ion)|cannula\w*|centrifug\w*|spun)\b(?! drain)", re.IGNORECASE
)
_DONOR: Final = re.compile(
    r"\b(?:from|out of|off|donor|harvest\w*|suction\w*|liposuct\w*|aspirat\w*)\b"
    r"(?:(?!\b(?:in|into|to|inject\w*)\b)[^.;:,\n]){0,30}$",
    re.IGNORECASE,
)


def settled(text: str, zones: Zones, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts with fat that was cut out where the note tells of a cut and of no suction."""
    cut = _first(text, zones, _CUT_OUT)
    if cut is None or _first(text, zones, _SUCKED):
        return list(facts)
    fat = [fact for fact in facts if fact.name == "tissue_graft_kind" and fact.value == "liposuction_fat"]
    rest = [fact for fact in facts if fact not in fat]
    return [*rest, Fact("tissue_graft_kind", "excised", cut)] if fat else rest


def gives(text: str, at: int) -> bool:
    """Tell whether the place that is named at a position only gave the graft."""
    return bool(_DONOR.search(text, max(0, at - 48), at))


def _first(text: str, zones: Zones, pattern: re.Pattern[str]) -> Span | None:
    for match in pattern.finditer(text):
        if zones.done(*match.span()) is Status.AFFIRMED:
            return Span(*match.span())
    return None
