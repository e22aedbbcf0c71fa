"""Decide the class of a repair by what was done, as CPT's repair guideline does, before the word of a header.

Layers make a repair intermediate; so does the cleaning of a heavily contaminated wound that was closed in one layer.
A layered repair with one feature more is complex: extensive undermining, an exposed deep structure, edges that were cut
back, a free margin, retention sutures. Undermining is extensive from the greatest width
of the wound on, along one edge.
"""

import re
from collections.abc import Sequence
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Status
from consultant.questions.sizes import Measure
from consultant.questions.zones import Zones


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_LAYERS: Final = _pattern(
    r"layered|(?:two|2|three|3|multiple|several)[ -]layers?|in layers|multi-?layer(?:ed)?|deep (?:dermal "
    r"|layer |subcut\w* )?(?:layer|sutures|stitches|\d-0|vicryl|monocryl|pds)"
    r"|deep (?:layer|tissues?|dermis) (?:was |were )?(?:closed|approximated|repaired|re-?approximated)"
    r"|(?:subcutaneous|dermal|deep|buried) (?:layer|tissues?|fascia|sutures?|stitches)"
    r"(?: (?:was|were))? ?(?:closed|approximated|re-?approximated|placed|repaired|sutured|closure)?"
    r"|(?:buried|deep|dermal|subcut\w*|sub-?q|subdermal) (?:layer |absorbable |interrupted |inverted "
    r"|simple |with |w/ ?|x ?\d+ )*"
    r"(?:\d-0 )(?:\w+ )?(?:vicryl|monocryl|pds|dexon|chromic|maxon|polysorb|sutures?)"
    r"|\d-0 (?:\w+ )?(?:vicryl|monocryl|pds|dexon|chromic|maxon|polysorb)(?: sutures?)? (?:buried|deep|sub-?q|subcut\w*"
    r"|dermal|deep dermal|subdermal|to (?:the )?deep\w*)"
    r"|buried (?:absorbable |interrupted |dermal )?(?:sutures?|vicryl|monocryl|stitches|knots)"
    r"|deep (?:with )?(?:absorbable )?(?:vicryl|monocryl|pds|sutures)|deep,? then|superficial fascia (?:was )?closed"
    r"|(?:vicryl|monocryl|pds|dexon|chromic(?: gut)?|absorbables?)(?: sutures?)?(?: x ?\d+)?,? (?:(?:to|in|for|into"
    r"|at|through)(?: the)? )?(?:deep|fat|fatty layer|sub-?q|subcu\w*|dermis|dermal|fascia\w*)"
    r"|(?:\d-0 )?(?:vicryl|monocryl|pds|dexon|chromic(?: gut)?|absorbables?)(?: sutures?| stitch\w*)? (?:below"
    r"|beneath|underneath|in the fat)"
    r"|deep (?:dermals?|stitch(?:es)?|absorbables?)|(?:deep|subcut\w*|sub-?q|dermis) (?:and|\+|&|then"
    r"|plus) (?:the )?(?:skin"
    r"|superficial)|both layers"
    r"|(?:muscle|mucosa|orbicularis|galea|fascia|fat|dermis|subcut\w*(?: tissues?| layer)?)(?: (?!not)\w+){0,4}?"
    r" (?:brought together"
    r"|approximated|re-?approximated|reattached|closed|repaired|sutured|sewn)"
)
_PARTICLES: Final = r"(?:particulate|particles|debris|gravel|dirt|glass|grit|soil|asphalt|sand|mud|cinders?|splinters)"
_CONTAMINATED: Final = _pattern(
    r"(?:heavily|grossly|heavy|gross|extensive(?:ly)?|severe(?:ly)?|very) (?:\w+ )?(?:contaminat\w+|soiled"
    r"|dirty|filthy)|contaminat\w+ (?:heavily|grossly|badly)|road[- ]?rash debris|filthy"
    r"|(?:packed|filled|loaded|caked|impregnated) with (?:\w+ ){0,3}?"
    + _PARTICLES
    + r"|full of (?:\w+ ){0,2}?"
    + _PARTICLES
    + r"|(?:embedded|ground[- ]in|impacted|deeply embedded) (?:\w+ ){0,2}?"
    + _PARTICLES
    + r"|"
    + _PARTICLES
    + r"(?: was| were)? (?:embedded|ground[- ]in|ground into|driven into)"
)
_SOILED: Final = _pattern(r"contaminat\w+|soiled|dirty")
"""Contamination whose extent only the cleaning tells."""
_CLEANED: Final = _pattern(
    r"(?:(?:extensive|meticulous|thorough|copious|vigorous)(?:ly)?|prolonged|lengthy|\d+|twenty\S*|thirty"
    r"|forty) ?(?:\w+ ){0,4}?(?:clean\w*|scrub\w*|irrigat\w*|lavage\w*|wash\w*)"
    r"|(?:clean\w*|scrubb\w*|irrigat\w*|lavaged?|wash\w*) (?:\w+ ){0,2}?(?:extensively|meticulously|thoroughly"
    r"|copiously|vigorously|at length|for (?:\d+|twenty|thirty|forty) ?min\w*)"
    r"|(?:remov\w+|picked out|extract\w+|pick\w+|took out|debrid\w+) (?:of )?(?:the |all |out |many "
    r"|multiple |visible )*(?:\w+ ){0,2}?(?:particulate|particles|debris|gravel|dirt|glass|grit|soil|foreign"
    r"|asphalt|sand|mud|wood|road)"
    r"|(?:particulate|particles|debris|gravel|dirt|glass|grit|soil|asphalt|sand)(?: \w+){0,3} (?:removed"
    r"|picked out|scrubbed|cleaned)|extensive cleaning"
)
_EXTENSIVELY: Final = _pattern(
    r"(?:extensive(?:ly)?|prolonged|lengthy) (?:\w+ ){0,3}?(?:clean\w*|scrub\w*|irrigat\w*|lavage\w*|wash\w*|debrid\w+)"
    r"|(?:clean\w*|scrubb\w*|irrigat\w*|lavaged?|wash\w*) (?:\w+ ){0,2}?(?:extensively|at length)"
    r"|(?:remov\w+|picked out|pick\w+|took out) (?:of )?(?:the |all |out |many |multiple |visible )*(?:\w+ ){0,2}?"
    + _PARTICLES
    + "|"
    + _PARTICLES
    + r"(?: \w+){0,3} (?:removed|picked out|picked|scrubbed out|taken out|debrided)"
)
_FEATURES: Final = (
    _pattern(r"retention (?:sutures?|stitch\w*)"),
    _pattern(
        r"(?:extensive(?:ly)?|wide(?:ly)?|widely|extensive) (?:\w+ )?undermin\w+"
        r"|undermin\w+ (?:\w+ ){0,3}?(?:extensive(?:ly)?|widely)"
    ),
    _pattern(
        r"(?:exposed|exposure of|exposing|visible)(?: the)? (?:\w+ )?(?:bone|cartilage|tendons?|periosteum"
        r"|perichondrium|(?:\w+ )?(?:artery|nerve|vessel))"
        r"|(?:bone|cartilage|tendons?|skull|calvarium|periosteum) (?:was |were |is )?exposed"
        r"|down to exposed (?:bone|cartilage)"
    ),
    _pattern(
        r"(?:debrid\w+|excis\w+|trimm\w+|freshen\w+|resect\w+"
        r"|sharply removed)(?: of)? (?:the )?(?:\w+ ){0,3}?(?:wound )?(?:edges|margins|borders)"
        r"|(?:edges|margins|borders)(?: (?:were|was))?(?: sharply)? (?:debrided|excised|trimmed|freshened"
        r"|resected|cut back)"
    ),
    _pattern(
        r"(?:across|involv\w+|through|crossing|crosses|into|of|at) (?:the )?(?:free (?:margin|edge"
        r"|border) of the (?:\w+ ){0,2}?(?:rim|border|helix|lip|nostril)|vermilion(?: border)?"
        r"|vermillion(?: border)?|helical rim|nostril rim|alar rim)"
        r"|vermill?ion border (?:was |were )?(?:involved|realigned|aligned|approximated|lined up|crossed)"
        r"|through[- ]and[- ]through helical"
    ),
)
_UNDERMINED: Final = re.compile(r"\bundermin\w+\b[^.;\n\d]{0,40}$", re.IGNORECASE)
_UNDERMINED_BEHIND: Final = re.compile(r"[^.;,\n\d]{0,24}?\bundermin\w+\b", re.IGNORECASE)
_WIDE: Final = re.compile(r"[ \t]?(?:wide|in width|across|at (?:its |the )?widest|width)", re.IGNORECASE)
_WIDTH: Final = re.compile(r"\b(?:width|widest|wide)\b[^.;,\n\d]{0,20}$", re.IGNORECASE)
_EDGE: Final = _pattern(
    r"(?:entire|whole|full|complete|one|both|all|each|every|either|lateral|medial"
    r"|length of the)(?: \w+){0,3} (?:edges?|sides?|margins?|borders?|length)|all around|circumferential\w*"
)
_LIMITED: Final = _pattern(r"(?:limited|minimal|slight|no|without|minor) (?:\w+ )?undermining")


def read(
    text: str, zones: Zones, measures: Sequence[Measure], start: int, end: int, told: Sequence[Fact]
) -> list[Fact]:
    """Return the class of the repair that a stretch of the letter tells of; `told` are the classes that it names.

    The features decide where they are told; what the letter only calls the repair is kept where they are not.
    """
    layers = _first(text, zones, _LAYERS, start, end)
    named = [fact for fact in told if fact.value in ("simple", "intermediate", "complex")]
    if layers is None:
        # "Say whether any was closed in layers" tells of none, where the letter names another class for sure.
        sure = any(fact.certain for fact in named)
        layers = next((fact.span for fact in named if fact.value == "intermediate" and fact.certain >= sure), None)
    feature = next((span for row in _FEATURES if (span := _first(text, zones, row, start, end))), None)
    undermined = _undermined(text, measures, start, end)
    if undermined is not None:
        extensive, span = undermined
        if extensive:
            feature = feature or span
    if layers and feature:
        return [Fact("closure_class", "complex", Span(feature.start, feature.end))]
    if layers:
        plain = [fact for fact in named if fact.value == "complex" and fact.certain]
        limited = _LIMITED.search(text, start, end) or (undermined is not None and not undermined[0])
        if plain and not limited:
            return plain[:1]
        conflict = [fact for fact in named if fact.value == "simple" and fact.certain and _says_simple(text, fact)]
        layered = Fact("closure_class", "intermediate", Span(layers.start, layers.end))
        return [layered, *conflict[:1]]
    soiled = _first(text, zones, _CONTAMINATED, start, end)
    cleaned = _first(text, zones, _CLEANED, start, end)
    if soiled is None and _first(text, zones, _EXTENSIVELY, start, end):
        soiled = _first(text, zones, _SOILED, start, end)
    if soiled and cleaned:
        return [Fact("closure_class", "intermediate", Span(soiled.start, soiled.end))]
    return [fact for fact in named if fact.certain] or list(named)


def _says_simple(text: str, fact: Fact) -> bool:
    """Tell whether the letter calls the repair simple, which a strip or glue over the skin does not."""
    return bool(re.search(r"simpl", text[fact.span.start : fact.span.end], re.IGNORECASE))


def _first(text: str, zones: Zones, pattern: re.Pattern[str], start: int, end: int) -> Span | None:
    """Return the first place in a stretch where something is told as done."""
    for match in pattern.finditer(text, start, end):
        if zones.done(match.start(), match.end()) is Status.AFFIRMED:
            return Span(*match.span())
    return None


def _undermined(text: str, measures: Sequence[Measure], start: int, end: int) -> tuple[bool, Span] | None:
    """Compare how far was undermined with how wide the wound is; None where one of the two is not told."""
    rows = [row for row in measures if start <= row.start < end and row.form in ("single", "bare", "range")]
    far = [
        row
        for row in rows
        if _UNDERMINED.search(text, max(start, row.start - 60), row.start)
        or _UNDERMINED_BEHIND.match(text, row.end, end)
    ]
    wide = [
        row
        for row in rows
        if row not in far and (_WIDE.match(text, row.end) or _WIDTH.search(text, max(start, row.start - 32), row.start))
    ]
    if not far or not wide:
        return None
    distance, width = max(row.greatest for row in far), max(row.greatest for row in wide)
    edge = _EDGE.search(text, max(start, far[0].start - 80), min(end, far[0].end + 80))
    span = Span(far[0].start, far[0].end)
    if distance < width:
        return False, span
    return (True, span) if edge else None
