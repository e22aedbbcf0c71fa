"""Read how much was treated: areas, lengths of closures, and defects of flaps.

Which numbers count depends on what was done: the donor site of a graft, the product that was opened, the size before a
debridement and the width of a wound are written like any other size and choose no code.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span
from consultant.questions.sizes import Measure, Role


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was treated in one place, as facts that belong together."""

    start: int
    end: int
    facts: tuple[Fact, ...]

    @property
    def size(self) -> float:
        """The first number."""
        return float(self.facts[0].value)


_NOT_TREATED: Final = re.compile(
    r"\b(?:donor|harvest\w*|product|dermatome|remainder|leftover|discard\w*|wasted|pre-?(?:op|debridement)?"
    r"|before|prior to|initial(?:ly)?"
    r"|last (?:week|visit|time|month|year|\w+day)|ago|yesterday|previous(?:ly)?|tunnel\w*|undermin\w*"
    r"|sinus)\b(?:(?!\bpost|\bafter"
    r"|\bwound surface)[^.;\n]){0,24}$",
    re.IGNORECASE,
)
_NOT_TREATED_BEHIND: Final = re.compile(
    r"[ \t]{0,2}\(?(?:of (?:the )?(?:product|sheet|graft material|membrane)|donor|product|pieces?|sheets?"
    r"|(?:was |were |got |being )?(?:discarded|wasted|opened|harvested|left ?over|thrown (?:out|away)"
    r"|tossed|trashed|unused"
    r"|not used|trimmed off)"
    r"|before|pre-?debridement|prior to|allograft\b|unit size)",
    re.IGNORECASE,
)
_TAKEN: Final = re.compile(
    r"\b(?:sheet|skin|graft|stsg|ftsg)s?\b[^.;\n]{0,24}?\b(?:was|were|is)?[ \t]?(?:taken|cut|obtained|raised|procured"
    r"|removed)\b[^.;\n]{0,12}?\b(?:from|off|with)\b(?:(?!\b(?:laid|placed|applied|sewn|over|onto"
    r"|to cover)\b)[^.;\n]){0,48}$",
    re.IGNORECASE,
)
"""The size of a sheet where it was taken is that of no bed."""
_SHEETS: Final = re.compile(r"\b(?:sheets?|pieces?|grafts)(?:[ \t]?x[ \t]?\d)?[ \t]?[(=][ \t]?$", re.IGNORECASE)
_EQUALS: Final = re.compile(
    r"[ \t]{0,2}[(=,:~-]{1,2}[ \t]{0,2}(?:i\.?e\.? |total |area |about |approx\.? )?$", re.IGNORECASE
)


def areas(
    text: str,
    measures: Sequence[Measure],
    within: Iterable[Role] = (Role.UNSAID, Role.LESION, Role.OTHER, Role.CLOSURE),
) -> list[Extent]:
    """Return the areas that were treated in cm2, in the order of the text: as written, or the product of two sides."""
    roles = set(within)
    found: list[Extent] = []
    for measure in measures:
        if measure.form == "area":
            value = round(measure.greatest * _times(text, measure), 2)
        elif measure.form == "sides" and measure.role in roles:
            value = round(measure.sides[0] * measure.sides[1] * _times(text, measure), 2)
        else:
            continue
        extent = Extent(
            measure.start, measure.end, (Fact("area_cm2", value, Span(measure.start, measure.end), measure.certain),)
        )
        last = found[-1] if found else None
        if measure.form == "area" and last and _EQUALS.fullmatch(text, last.end, measure.start):
            # "3.5 x 4.0 cm (14 sq cm)" is one size, written twice.
            found[-1] = replace(extent, start=last.start)
        else:
            found.append(extent)
    kept = [row for row in found if not _untreated(text, row)]
    return without_total(kept or [row for row in found if not _of_donor(text, row)])


def _untreated(text: str, extent: Extent) -> bool:
    line = max(text.rfind("\n", 0, extent.start) + 1, extent.start - 44)
    return _product(text, extent) or bool(
        _NOT_TREATED.search(text, line, extent.start)
        or _TAKEN.search(text, max(0, extent.start - 100), extent.start)
        or _NOT_TREATED_BEHIND.match(text, extent.end)
    )


def _product(text: str, extent: Extent) -> bool:
    """Tell whether a size is that of the sheets that were used: "4 x 4.5 cm sheets x2 (36 sq cm)"."""
    return bool(_SHEETS.search(text, max(0, extent.start - 20), extent.start))


def _of_donor(text: str, extent: Extent) -> bool:
    around = text[max(0, extent.start - 40) : extent.end + 16]
    return bool(re.search(r"\b(?:donor|harvest\w*|product|opened|discard\w*)\b", around, re.IGNORECASE))


_FINAL: Final = re.compile(
    r"\b(?:final(?:ly)?|(?:repair(?:ed)?|closure|closed|total|wound|incision|scar) length|after (?:repair"
    r"|closure)|length of (?:the )?(?:repair|closure))\b"
    r"[^.;\n\d]{0,24}$",
    re.IGNORECASE,
)
_FINAL_BEHIND: Final = re.compile(
    r"[ \t]{0,2}(?:\(?final|final|repair length|after (?:repair|closure)|(?:in )?total length|once closed|when closed)",
    re.IGNORECASE,
)
_NO_LENGTH_BEHIND: Final = re.compile(
    r"[ \t]?(?:wide|in width|deep|in depth|apart|from(?! an? | his | her | the fall| fall| being| when| getting|"
    r" broken| glass| hitting)|beyond|undermin|above|below|proximal|distal|at (?:its"
    r"|the) widest|thick)",
    re.IGNORECASE,
)
_NO_LENGTH: Final = re.compile(
    r"\b(?:undermin\w*|width|widest|depth|defect|margins?)\b[^.;,\n\d]{0,28}$", re.IGNORECASE
)


_COUNTED: Final = {word: number for number, word in enumerate(ONES[:9], 1)}
_SO_MANY: Final = re.compile(
    rf"(?<![\w.#/-])(?P<n>[2-9]|{'|'.join(ONES[1:9])})[ \t](?:(?!cm|mm|x\b|layers?|sutures?|staples?"
    rf"|stitch)[\w-]+[ \t]){{0,3}}?"
    r"(?:wounds|lac(?:eration)?s|cuts|repairs|closures|ulcers|gashes|bites|punctures)\b",
    re.IGNORECASE,
)
_OF_EACH: Final = re.compile(r"[ \t]?(?:in length|long|lengths?)?,?[ \t]?(?:each|apiece)\b", re.IGNORECASE)
_EACH_OF: Final = re.compile(
    r"\beach(?: one)?(?: of (?:them|these|which))?(?: was| is| measur\w+| about|:| \()*[ \t]?$", re.IGNORECASE
)
_BETWEEN: Final = re.compile(
    rf"(?<![\w.#/-])(?P<n>[2-9]|{'|'.join(ONES[1:9])})[ \t](?:simple |linear |small |separate |clean )?$", re.IGNORECASE
)
_WOUNDS_BEHIND: Final = re.compile(
    r"[ \t-](?:long )?(?:\w+ ){0,2}?(?:wounds|lac(?:eration)?s|cuts|repairs|ulcers|gashes)\b", re.IGNORECASE
)


def _times(text: str, measure: Measure) -> int:
    """Return how many wounds have this one size: "two lacerations, 1.5 cm each", "three 2 cm cuts"."""
    before = text[max(0, measure.start - 100) : measure.start]
    between = _BETWEEN.search(before)
    if between and _WOUNDS_BEHIND.match(text, measure.end):
        match: re.Match[str] | None = between
    elif _OF_EACH.match(text, measure.end) or _EACH_OF.search(before):
        match = next(iter(reversed(list(_SO_MANY.finditer(before)))), None)
    else:
        return 1
    if match is None:
        return 2 if re.search(r"\bboth\b", before, re.IGNORECASE) else 1
    return int(match["n"]) if match["n"].isdigit() else _COUNTED[match["n"].lower()]


def lengths(text: str, measures: Sequence[Measure]) -> list[Extent]:
    """Return the lengths of what was closed in cm; where the length after the repair is given, only that."""
    rows = [m for m in measures if m.form != "area" and m.role is not Role.MARGIN]
    rows = [m for m in rows if not _NO_LENGTH_BEHIND.match(text, m.end)]
    rows = [m for m in rows if not _NO_LENGTH.search(text, max(0, m.start - 40), m.start)]
    finals = [m for m in rows if _FINAL.search(text, max(0, m.start - 60), m.start) or _FINAL_BEHIND.match(text, m.end)]
    found = []
    for m in finals or rows:
        if m.form == "list":
            found += [
                Extent(m.start, m.end, (Fact("closure_length_cm", side, Span(m.start, m.end), m.certain),))
                for side in m.sides
            ]
        else:
            size = round(m.greatest * _times(text, m), 2)
            fact = Fact("closure_length_cm", size, Span(m.start, m.end), m.certain)
            found.append(Extent(m.start, m.end, (fact,)))
    return without_total(found)


_BOTH: Final = (
    r"defects? (?:and|plus|\+|&) (?:the )?flap|flap (?:and|plus|\+|&) (?:the )?defect"
    r"|primary (?:defect )?(?:and|plus|\+|&|with) (?:the )?secondary|secondary (?:defect )?(?:and|plus|\+"
    r"|&) (?:the )?primary|total|combined|together"
    r"|altogether|overall|in all|all told|both defects"
    r"|(?:defect|hole|wound|primary)(?: itself)?(?: (?:and|plus|with) | ?[+&] ?)(?:the |its |that of the )?"
    r"(?:donor|secondary|second|flap)"
    r"(?: (?:defect|site|area|bed))?"
)
_OF_BOTH: Final = re.compile(r"second|donor|flap", re.IGNORECASE)
_DEFECTS: Final = tuple(
    (name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for name, words in (
        ("defect_area_cm2", _BOTH),
        (
            "secondary_defect_cm2",
            (
                r"secondary|flap (?:donor|defect|site|bed)|donor (?:site|defect|area|bed)|second(?:ary)? defect"
                r"|(?:bed|area|place|gap|skin|defect|wound|site)s?\b[^.;\n]{0,16}\bflaps?\b[^.;\n]{0,16}"
                r"\b(?:left|moved|raised|taken|came|come|rotated|advanced|transposed|lifted|cut|elevated|harvested)"
                r"(?: (?:behind|from))?"
                r"|left (?:behind )?by the (?:\w+ )?flaps?|flaps? (?:itself )?(?:measur\w+|of|dimensions?|size"
                r"|area|was|is|designed|about|approximately|raised|cut|lifted|elevated|turned|:)?(?=[ \t:,(=]*$)"
                r"|(?:flaps?|donors?)(?=[ \t:,(=]*$)"
            ),
        ),
        ("primary_defect_cm2", r"primary|mohs|excision(?:al)?|original|defect|wound|hole"),
    )
)


def defects(text: str, measures: Sequence[Measure], spans: Sequence[Span]) -> list[Extent]:
    """Return the defects of flaps in cm2: the primary and the secondary one of each place together, or their sum."""
    found: list[Extent] = []
    last = 0
    rows = [m for m in measures if m.form in ("area", "sides")]
    for place, measure in enumerate(rows):
        sentence = next((row for row in spans if row.start <= measure.start < row.end), Span(0, len(text)))
        start = max(sentence.start, last, measure.start - 64)
        end = min(sentence.end, measure.end + 40, *[m.start for m in rows[place + 1 : place + 2]] or [len(text)])
        last = measure.end
        name = _named_before(text, start, measure)
        if close := _CLOSE.match(text, measure.end, sentence.end):
            # "5 x 5 cm primary, 40 sq cm secondary": what names the first says nothing of the second.
            name, last = f"{close['which'].lower()}_defect_cm2", close.end()
        elif (given := _GIVEN_FOR.match(text, measure.end, sentence.end)) and (said := _label(given[0], before=False)):
            # "2.5 sq cm for the wound, 4.5 for the flap bed": what each is given for stands behind it.
            name, last = said, given.end()
        if name is None:
            following = rows[place + 1].start if place + 1 < len(rows) else None
            # What stands behind a comma names the size that follows it: "36 sq cm, secondary defect 110".
            stop = _PAUSE.search(text, measure.end, end) if following == end else None
            name = _label(text[measure.end : stop.start() if stop else end], before=False)
        if name is None and _EXCISED.search(text, start, measure.start):
            name = "primary_defect_cm2"
        if name is None:
            continue
        value = measure.greatest if measure.form == "area" else round(measure.sides[0] * measure.sides[1], 2)
        fact = Fact(name, value, Span(measure.start, measure.end), measure.certain)
        names = {row.name for row in found[-1].facts} if found else set()
        if found and name not in names and "defect_area_cm2" not in {name, *names}:
            found[-1] = Extent(found[-1].start, measure.end, (*found[-1].facts, fact))
        elif not any(row.facts[0].value == value and row.facts[0].name == name for row in found):
            found.append(Extent(measure.start, measure.end, (fact,)))
    whole = [row for row in found if row.facts[0].name == "defect_area_cm2"]
    parts = [row for row in found if row not in whole]
    # "12 and 20, 32 sq cm in all": the sum says what its parts say.
    if len(whole) == 1 and len(parts) == 1:
        return whole
    return found


def _named_before(text: str, start: int, measure: Measure) -> str | None:
    """Return what the words before a measure call it; of a whole flap it is the sum."""
    words = text[start : measure.start]
    name = _label(words, before=True)
    if name == "secondary_defect_cm2" and _IN_ALL.match(text, measure.end):
        # "Rotation flap, 95 sq cm altogether": what stands before it is the flap, and not what it left.
        return _label(_FLAP_ITSELF.sub("", words), before=True) or "defect_area_cm2"
    return name


_IN_ALL: Final = re.compile(r",?[ \t](?:altogether|in all|all told|in total|total|combined|overall|together)\b", re.I)
_FLAP_ITSELF: Final = re.compile(r"\bflaps?[ \t:,(=]*$", re.IGNORECASE)
_GIVEN_FOR: Final = re.compile(
    r"[ \t](?:for|at|in|under|where) (?:the |its |his |her )?[^.;,\n\d]{0,40}?(?=[,;.\n+]|[ \t](?:and|plus"
    r"|with|then)\b|$)",
    re.IGNORECASE,
)
_PAUSE: Final = re.compile(r"[,;+]|\b(?:and|plus|then|with)\b", re.IGNORECASE)
# The hole that an excision left, where nothing else names it.
_EXCISED: Final = re.compile(
    r"\b(?:exc\w*|resect\w*|remov\w*|lesions?|tumou?rs?|cancer|scc|bcc|melanoma|nevus|carcinoma|scar)\b", re.IGNORECASE
)
_CLOSE: Final = re.compile(
    r"[ \t]?\(?(?P<which>primary|secondary)(?: defect)?\)?(?=[ \t]?(?:[,;.+&)/]|$)|[ \t](?:and|plus|with|then)\b)",
    re.IGNORECASE,
)


def _label(words: str, *, before: bool) -> str | None:
    """Return what the nearest label says of a measure; "primary and secondary" is one label."""
    best: tuple[int, str] | None = None
    for name, pattern in _DEFECTS:
        for match in pattern.finditer(words):
            distance = len(words) - match.end() if before else match.start()
            if name == "defect_area_cm2":
                if not _OF_BOTH.search(match[0]) and _DEFECTS[1][1].search(words):
                    # "The area the flaps came from, 56 sq cm together": the sum of what two flaps left.
                    continue
                return name
            if best is None or distance < best[0] - (8 if name == "primary_defect_cm2" else 0):
                best = (distance, name)
    return best[1] if best else None


def without_total(extents: list[Extent]) -> list[Extent]:
    """Return the extents without the one that is the total of the others, which would count twice."""
    for total in {row.size for row in extents}:
        # "40 ml were obtained: 26, 8 and 6, in all 40": a total may be told twice.
        rest = [row for row in extents if abs(row.size - total) > 0.01]
        if len(rest) > 1 and abs(sum(row.size for row in rest) - total) < 0.01:
            return rest
    return extents
