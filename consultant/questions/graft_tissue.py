"""Read how the tissue of a soft-tissue graft was taken, cut out or by suction, and which place only gave it."""

import re
from collections.abc import Iterator, Sequence
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
_OBTAINED: Final = (
    r"(?:obtained|harvested|taken|removed|procured|gotten|got|acquired|collected|gained|cannula\w*|lipo\w*|suction\w*"
    r"|aspirat\w*|excis\w*|open(?:ed|ly)?|incis\w*|cut|syringe)"
)
# What the letter does not say or cannot tell: how the fat was taken.
_NOT_TOLD: Final = re.compile(
    r"\b(?:(?:do|does|did|can|could|is|was|are)(?:n[’']?t| ?not)|not|never|nothing|nowhere|no (?:mention|word"
    r"|idea|note)|silent"
    r"|unclear|unknown|unspecified|undocumented|illegible|missing|omits?|leaves? (?:it )?open|wonder\w*"
    r"|unsure)\b[^.;?\n]{0,60}"
    rf"\b(?:how|whether|if|about)\b[^.;?\n]{{0,48}}\b{_OBTAINED}\b"
    rf"|\b(?:harvest\w*|donor|technique|method|how (?:it|the fat|fat))\b[^.;?\n]{{0,32}}\b(?:(?:is|was|are"
    rf"|were)(?:n[’']?t| not)|not|never)"
    r" (?:\w+ )?(?:said|stated|told|given|documented|described|mentioned|specified|recorded|dictated|clear)\b"
    r"|\b(?:harvest (?:method|technique)|method of harvest)\b[^.;?\n]{0,16}\b(?:unclear|unknown|unspecified"
    r"|missing|not)\b",
    re.IGNORECASE,
)
_DONOR: Final = re.compile(
    r"\b(?:from|out of|off|donor|harvest\w*|suction\w*|liposuct\w*|aspirat\w*)\b"
    r"(?:(?!\b(?:in|into|to|inject\w*)\b)[^.;:,\n]){0,30}$",
    re.IGNORECASE,
)


_BY_HARVEST: Final = frozenset({"liposuction_fat", "excised"})


_EAR: Final = r"(?:ears?|auricle|auricular|helix|helical|conchal?|tragus|tragal|alar?|nasal rim|septum)"
_PIECE: Final = (
    r"(?:pieces?|block|unit|one|whole|together|en bloc|through[- ]and[- ]through|full[- ]thickness|sandwich)"
)
_BOTH: Final = r"(?:skin\b[^.;\n]{0,40}\bcartilage|cartilage\b[^.;\n]{0,40}\bskin)"
_TAKEN: Final = r"(?:cut out|excised|harvested|taken|removed|obtained|resected|cut)"
# Skin and cartilage that were taken from the ear in one and set in elsewhere, whatever that is called.
_COMPOSITE: Final = re.compile(
    rf"\b{_BOTH}\b[^.;\n]{{0,60}}\b{_TAKEN}\b[^.;\n]{{0,24}}\b(?:from|of)\b[^.;\n]{{0,40}}\b{_EAR}\b"
    rf"|\b{_TAKEN}\b[^.;\n]{{0,40}}\b{_EAR}\b[^.;\n]{{0,60}}\b{_BOTH}\b"
    rf"|\b(?:wedge|graft|piece) (?:of|from) (?:the )?(?:\w+ )?(?:ear|auricle|helix|concha"
    rf"|helical \w+)\b[^.;\n]{{0,40}}\b{_BOTH}\b",
    re.IGNORECASE,
)
_IN_ONE: Final = re.compile(rf"\b{_PIECE}\b", re.IGNORECASE)
_SET_IN: Final = re.compile(
    r"\b(?:set|sewn|sutured|inset|placed|laid|put|transferred|grafted|fitted)\b(?: (?:down|it|was))* ?(?:in"
    r"|into|onto|on|to|at)\b|\binset\b|\bgraft\b",
    re.IGNORECASE,
)


def composite(text: str, zones: Zones) -> list[Fact]:
    """Return the graft of skin and cartilage in one piece that a note tells in its own words."""
    for match in _COMPOSITE.finditer(text):
        sentence = zones.sentences.around(match.start())
        whole = _IN_ONE.search(text, sentence.start, sentence.end) and _SET_IN.search(text, match.end())
        if whole and zones.done(*match.span()) is Status.AFFIRMED:
            return [Fact("tissue_graft_kind", "composite", Span(*match.span()))]
    return []


def settled(text: str, zones: Zones, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts with fat that was cut out where the note tells of a cut and of no suction.

    Where the letter says that it does not tell how the fat was taken, only that fat was grafted is left.
    """
    untold = _NOT_TOLD.search(text)
    if untold and not any(not untold.start() <= row.start < untold.end() for row in _every(text, zones, _SUCKED)):
        rest = [fact for fact in facts if fact.name != "tissue_graft_kind" or fact.value not in _BY_HARVEST]
        return [*rest, Fact("fat_graft", True, Span(*untold.span()))] if len(rest) < len(facts) else rest
    cut = _first(text, zones, _CUT_OUT)
    if cut is None or _first(text, zones, _SUCKED):
        return list(facts)
    fat = [fact for fact in facts if fact.name == "tissue_graft_kind" and fact.value == "liposuction_fat"]
    rest = [fact for fact in facts if fact not in fat]
    return [*rest, Fact("tissue_graft_kind", "excised", cut)] if fat else rest


def gives(text: str, at: int) -> bool:
    """Tell whether the place that is named at a position only gave the graft."""
    return bool(_DONOR.search(text, max(0, at - 48), at))


def _every(text: str, zones: Zones, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if zones.done(*match.span()) is Status.AFFIRMED:
            yield Span(*match.span())


def _first(text: str, zones: Zones, pattern: re.Pattern[str]) -> Span | None:
    return next(_every(text, zones, pattern), None)


_FAT: Final = re.compile(r"\b(?:fat|lipo(?!ma)\w*|adipose)\b", re.IGNORECASE)
_EARLIER: Final = re.compile(
    r"\b(?:after|p|post|s/p|following|from|since|old|prior|previous)[ \t]"
    r"(?:(?:the|her|a|an|prior|previous|old|both|bilateral|left|right)[ \t]){0,2}$",
    re.IGNORECASE,
)


def filled_after(text: str, place: int) -> bool:
    """Tell whether an operation named here is the earlier one whose dent is filled with fat now."""
    return _FAT.search(text) is not None and _EARLIER.search(text, max(0, place - 32), place) is not None
