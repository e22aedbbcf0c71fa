"""Read lengths and areas, convert them to cm and cm2, and say what each measures.

A number alone does not tell whether it is a lesion, a margin or a wound. The nearest label decides: each label
between two measures belongs to the nearer one, and a comma or an "and" in between counts as distance. A size in
words ("dime-sized") is marked as uncertain and never made into a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from consultant.questions import size_headings, unitless
from consultant.questions.passages import Sentences


class Role(StrEnum):
    """What a length measures."""

    LESION = "lesion"
    MARGIN = "margin"
    EXCISED = "excised"
    CLOSURE = "closure"
    OTHER = "other"
    """A depth, a defect, a specimen, an instrument, a distance: nothing that chooses a code here."""
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the text, in cm or, for an area, in cm2."""

    start: int
    end: int
    greatest: float
    least: float
    """The least of the numbers: the narrowest of a range of margins, the shorter side of a rectangle."""
    sides: tuple[float, ...] = ()
    """Every number as written, where there are two or three: 10 x 12 cm."""
    form: str = "single"
    """single, sides, range, list, area or sum."""
    certain: bool = True
    role: Role = Role.UNSAID


_N: Final = r"(?:\d{1,3}(?:\.\d{1,2})?|0,\d|\.\d{1,2})"
_U: Final = r"(?:cms?|centimet(?:er|re)s?|mms?|millimet(?:er|re)s?|inch(?:es)?|\")"
_X: Final = r"[ \t]{0,2}(?:x|×|X|\*|by)[ \t]{0,2}"
_START: Final = r"(?<![\w.,/$-])"
_AREA_UNIT: Final = (
    r"(?:sq(?:uare)?s?\.?[ \t]?(?:cms?|centimet(?:er|re)s?|in(?:ch(?:es)?)?)|cm[ \t]?(?:2|²|\^2|sq(?:uared)?)|cm²|scm)"
)


def _form(name: str, pattern: str) -> tuple[str, re.Pattern[str]]:
    return name, re.compile(pattern, re.IGNORECASE)


_FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    _form("area", rf"{_START}(?P<a>\d{{1,4}}(?:\.\d{{1,2}})?)[ \t-]?(?P<u>{_AREA_UNIT})(?!\w)"),
    _form(
        "sum",
        rf"{_START}(?P<a>{_N})[ \t]?(?P<u1>{_U})?[ \t]?\+[ \t]?(?P<b>{_N})[ \t]?(?:{_U})?[ \t]?\+[ \t]?(?P<c>{_N})"
        rf"[ \t]?(?P<u>{_U})?(?:[ \t]?=[ \t]?(?P<d>{_N})[ \t]?(?P<u2>{_U})?)?(?!\w|\.\d)",
    ),
    _form(
        "sides",
        rf"{_START}(?P<a>{_N})[ \t]?(?P<u1>{_U})?{_X}(?P<b>{_N})[ \t]?(?P<u2>{_U})?"
        rf"(?:{_X}(?P<c>{_N})[ \t]?(?P<u3>{_U})?)?"
        r"(?!\w|\.\d)",
    ),
    _form(
        "list",
        rf"{_START}(?P<many>(?:{_N}[ \t]?(?:{_U})?,[ \t]?){{1,7}}and[ \t]{_N}|(?:{_N}[ \t]?(?:{_U})?,[ \t]?){{2,7}}{_N}"
        rf"|(?:{_N}[ \t]?(?:{_U})?,[ \t]?){{0,7}}{_N}[ \t]?(?:{_U})?[ \t]and[ \t]{_N})[ \t-]?(?P<u>{_U})(?!\w)",
    ),
    _form(
        "range",
        rf"{_START}(?P<a>{_N})[ \t]?(?P<u1>{_U})?[ \t]?(?:-|–|—|to)[ \t]?(?P<b>{_N})[ \t-]?(?P<u>{_U})(?!\w)",
    ),
    _form("single", rf"(?<![\w.,/$])(?<!\d-)(?P<a>{_N})[ \t-]?(?P<u>{_U})(?!\w)"),
    # Coders leave the unit away next to a label; the fact is then marked as uncertain.
    _form(
        "bare",
        rf"(?<=margins )(?P<a>\d?\.\d{{1,2}})(?!\w|\.\d|[ \t]?{_U})"
        rf"|(?<=margin )(?P<m>\d?\.\d{{1,2}})(?!\w|\.\d|[ \t]?{_U})"
        rf"|(?<![\w.,/$-])(?P<b>\d?\.\d{{1,2}})(?=[ \t](?:\w+ )?(?:margins?|lesion|nevus|cyst|bcc|scc)\b)"
        r"|(?:(?<=size )|(?<=size: )|(?<=diameter )|(?<=diameter: )|(?<=measured )|(?<=measuring )|(?<=measures ))"
        rf"(?P<e>\d?\.\d{{1,2}})(?!\w|\.\d|[ \t]?(?:{_U}|x|×|by))"
        rf"|(?<=lesion )(?P<c>\d?\.\d{{1,2}})(?!\w|\.\d|[ \t]?{_U})|(?<=of )(?P<d>0?\.\d{{1,2}})(?![\w%]|\.\d"
        rf"|[ \t]?{_U})(?=[^\n]{{0,12}})",
    ),
)
_APPROXIMATE: Final = re.compile(
    r"(?:\b(?:approx\w{0,9}\.?|about|around|roughly|circa|ca\.?|est\w{0,7}|almost|nearly|maybe|up to|less than"
    r"|more than"
    r"|over|under|at least)|[~≈<>≤≥])[ \t]{0,2}$",
    re.IGNORECASE,
)


def _label(role: Role, bonus: int, pattern: str) -> tuple[Role, int, re.Pattern[str]]:
    return role, bonus, re.compile(pattern, re.IGNORECASE)


# Labels in order of precedence; the bonus is the distance that a telling label may bridge.
_LABELS: Final[tuple[tuple[Role, int, re.Pattern[str]], ...]] = (
    _label(
        Role.EXCISED,
        8,
        r"\b(?:(?:excised|total|overall|final)\b[^.;,\n\d]{0,24}?(?:incl(?:uding|usive of|udes?|\.)?|with|w/|plus)"
        r" (?:the |all |both )?margins?(?=:?[ \t]{1,2}[\d.])"
        r"|excised (?:diam(?:eter|\.)?|size|area|lesion)|excision (?:diameter|size|measur\w{1,4}|was)"
        r"(?= [\d.])|total (?:excised|excision)"
        r"(?: (?:diameter|size))?|(?:total|overall|combined) (?:diameter|size|width)"
        r"|total(?: of)?(?= [\d.])|size of (?:the )?excision"
        r"|(?:measur\w+|size|diameter|came to)\b[^.;\n\d]{0,24}?,? ?(?:with|w/|incl\w*|plus|and|\+|&) ?(?:the |its "
        r"|narrowest )*margins?(?=[ \t]?[:=]?[ \t]{0,2}[\d.])"
        r"|(?:tumou?r|lesion|mass) ?(?:incl\w*|plus|\+) ?(?:the |its |narrowest )*margins?(?=[ \t:=]{0,3}[\d.])"
        r"|(?:incl(?:uding|udes?|\.)?|with|w/|plus|counting) (?:the |all |its |their |narrowest "
        r"|both )*margins?\b(?: included)?(?!(?: of| were| was|:)?[ \t]{0,2}\.?\d)"
        r"|margins? (?:are |were |was |all |both |already )*(?:included|counted in|figured in|factored in|built in"
        r"|added in)|inclusive of (?:the )?margins?)",
    ),
    _label(
        Role.MARGIN,
        2,
        (
            r"\b(?<!incl )(?<!incl\. )(?<!including )(?<!with all )(?<!no )(?<!without )(?<!without a )(?<!zero )"
            r"(?<!any )(?<!no further )(?<!no additional )"
            r"(?:(?<!lid )(?<!vermilion )(?<!lip )margins?(?! (?:are |were |was |all |both |already )*(?:counted"
            r"|figured|factored|built|added)\b)|marg|mgns?|cuff|(?<!helical )(?<!nostril )(?<!alar"
            r" )(?<!orbital )(?<!lid )rim)\b"
            r"|(?<=[cm]m )(?:(?:clear|clinical|clinically|normal|free|safety|surgical|skin|healthy|uninvolved"
            r"|tumor-free|peripheral)[ \t]){0,2}(?:borders?|collar|halo|perimeter|clearance)\b"
            r"|\b(?:border|collar|halo|perimeter|clearance) of(?= (?:about |at least )?\.?\d)"
            r"|(?<=[cm]m )(?:superior|inferior|lateral|medial"
            r"|anterior|posterior"
            r"|peripheral)(?:ly)?\b(?! to)|(?<=[cm]m )(?:(?:(?:was |were )?(?:taken |cut |removed |added ))?"
            r"(?:all (?:the way )?)?a?round(?: (?:it|them|the lesion"
            r"|the edge)\b)?|circumferential(?:ly)?"
            r"|(?:(?:of )?(?:(?:normal|healthy|clear|uninvolved|surrounding|extra|free|more)[ \t]){0,2}(?:skin|tissue)"
            r"[ \t]|of \w+ )?(?:(?:taken|removed|excised|cut|left|added)[ \t])?(?:on |at |to |from )?"
            r"(?:each|every|all|either|both) (?:sides?|edges?|directions?|ends?|ways?)"
            r"|(?:beyond|outside|past) (?:the |its )?(?:\w+ )?(?:edges?|borders?|outline|lesion|tumou?r)"
            r"|of (?:normal|healthy|clear|surrounding|uninvolved)(?:[ -]\w+)? (?:skin|tissue))\b"
        ),
    ),
    _label(
        Role.OTHER,
        2,
        r"\b(?:deep|depth"
        r"|(?<!full )(?<!full-)(?<!split )(?<!split-)(?<!partial )(?<!partial-)thick(?:ness)?"
        r"|breslow|defects?|specimen(?:[ \t](?:after|in|was|were|is|fixed|fixation|formalin|received|itself|the|lab|on"
        r"|path\w*|measur\w+|size[ds]?|of|and|its|at|grossing|gross\w*)){0,8}|(?:base|crater)(?=:? (?:was |is "
        r"|measur\w+ |of )?\d)"
        r"|(?<=[cm]m )after fixation|fixed"
        r"|path(?:ology)?(?: report)?(?: size)?(?= (?:meas|size|says|shows|was|of|report))"
        r"|per path\w{0,4}|punch|curette|(?<=[cm]m )blade|needle|catheter|trocar|flap|graft|away from|distal to"
        r"|proximal to|superior to|ellip(?:se|tical incision)"
        r"|inferior to|(?<=[cm]m )from the|apart|tall|post-?op(?:erative)?(?: (?:size|wound|defect)){1,2}"
        r"|tunnel\w{0,4}|gross\w{0,2})\b",
    ),
    _label(Role.OTHER, 6, r"\b(?<!no )(?<!without )undermin\w{1,5}\b"),
    # The line in which the edges meet is the closed wound.
    _label(
        Role.CLOSURE,
        4,
        r"\b(?:(?:straight|single|linear|curved|final|closing|suture|closure|incision|scar) line|linear(?:ly)? clos\w+"
        r"|(?:pulled|brought|drawn|sewn|sewed) together|approximat(?:ed|ion)|closed wound|repair line)\b"
        r"|(?<=[cm]m )long\b(?! and|[, ]+\d|x)",
    ),
    _label(
        Role.CLOSURE,
        1,
        r"\b(?<!none )(?<!not )(?<!no )(?<!without )(?<!never )(?:(?:closed|final|sutured|repaired|resulting)"
        r" wound(?: (?:was|measur\w+|of|length)){0,2}"
        r"|repair(?:ed|s)?|closures?|closed"
        r"|sutur\w{1,3}|layered|wound length|incisi?on(?: length)?"
        r"|final length|lac(?:eration)?s?|stitch\w{0,3}"
        r"|intermediate|complex|simple|length)\b",
    ),
    _label(
        Role.LESION,
        1,
        r"\b(?:lesions?|moles?|nev(?:us|i)|cysts?|bcc|scc|mm|melanoma|carcinoma|ak|sk|dn|keratos[ei]s"
        r"|scars?|papules?|nodules?|plaques?|macules?|tumou?rs?"
        r"|growths?|mass(?:es)?|spots?|tags?|warts?|lipomas?|fibromas?|dermatofibromas?|hemangiomas?"
        r"|granulomas?|basal|squamous|seb k'?s?|excis(?:ed|ion) of)\b",
    ),
    # A size that heads its line is that of the thing which the lines are about.
    _label(Role.LESION, 4, r"(?:(?<=\n)|(?<=\n )|(?<=\n  )|(?<=\n   )|(?<=\n    )|(?<=\n\t))(?:size|diameter|diam)\b"),
    # What a specimen measures is the lesion's size where the note gives the same.
    _label(
        Role.LESION,
        14,
        r"\b(?:same as|matches|agrees with|identical to)(?: (?:in|what))? (?:your|the|his|her|my)(?: op(?:erative)?"
        r"| own| clinical)? (?:note|report|measurement|exam)\b",
    ),
    # These say that something was measured, not what.
    _label(Role.LESION, -12, r"\b(?:diameter|size[ds]?|measur\w{1,4}|dimensions?|wide|across)\b"),
)
_FILLER: Final = re.compile(
    r"\b(?:of|was|were|is|are|a|an|the|about|approximately|approx|at|to|each|both|in|clear|surgical)\b|[:=.]"
)
_BREAKS: Final = re.compile(r"[,;()]|\b(?:and|with|w/|plus|by|on|then)\b", re.IGNORECASE)
_REACH: Final = 44


def find(text: str, sentences: Sentences) -> tuple[Measure, ...]:
    """Return every measure of the text in order, each with its role."""
    taken = bytearray(len(text))
    # The label of the next item is no power: "margins 0.3 cm 2. cheek".
    for item in sentences.items:
        taken[item.start : item.end] = b"\x01" * (item.end - item.start)
    found: list[Measure] = []
    for form, pattern in _FORMS:
        for match in pattern.finditer(text):
            start, end = match.span()
            measure = None if any(taken[start:end]) else _measure(text, form, match)
            if measure:
                taken[start:end] = b"\x01" * (end - start)
                found.append(measure)
    areas = [(row, unitless.area_behind(text, row.end)) for row in found if row.form == "area"]
    found += [
        replace(row, start=more[1], end=more[2], greatest=more[0], least=more[0])
        for row, more in areas
        if more and not any(taken[more[1] : more[2]])
    ]
    found.sort(key=lambda measure: measure.start)
    return tuple(_with_roles(text, sentences, found))


def _measure(text: str, form: str, match: re.Match[str]) -> Measure | None:
    groups = match.groupdict()
    start, end = match.span()
    units = [unit for name in ("u", "u2", "u3", "u1") if (unit := groups.get(name))]
    certain = not _APPROXIMATE.search(text, max(0, start - 20), start)
    if form == "area":
        size = _number(groups["a"]) * (6.4516 if "in" in units[0].lower() else 1)
        return Measure(start, end, round(size, 2), round(size, 2), form="area", certain=certain)
    beside = unitless.unit_beside(text, end) if not units and form == "sides" else None
    unsaid = not units and form == "sides" and (beside or unitless.of_a_wound(text, start, end))
    if not units and form != "bare" and not unsaid and not (form == "sum" and "." in match[0]):
        return None
    if units and units[0] == '"' and (form == "bare" or _inside_quotes(text, start)):
        return None
    factor = _factor(units[0]) if units else _factor(beside or "cm")
    if form == "list":
        numbers = tuple(_number(n) * factor for n in re.findall(_N, match["many"]))
    else:
        written = [groups[name] for name in ("a", "b", "c", "d", "e", "m") if groups.get(name)]
        numbers = tuple(_number(n) * factor for n in written)
    numbers = tuple(round(number, 3) for number in numbers)
    if not numbers or max(numbers) <= 0 or max(numbers) > 300:
        return None
    if form == "sum":
        # 0.4 + 0.2 + 0.2: the lesion and a margin on each side.
        if len(numbers) < 3 or numbers[1] != numbers[2]:
            return None
        return Measure(start, end, numbers[0], numbers[1], numbers, "sum", bool(units) and certain, Role.LESION)
    if form == "range" and numbers[0] > numbers[1]:
        return None
    sides = numbers if len(numbers) > 1 else ()
    return Measure(
        start, end, max(numbers), min(numbers), sides, "single" if form == "bare" else form, certain and bool(units)
    )


def _number(written: str) -> float:
    return float(written.replace(",", "."))


def _factor(unit: str) -> float:
    unit = unit.lower()
    return 0.1 if unit.startswith(("mm", "milli")) else 2.54 if unit.startswith(("inch", '"')) else 1.0


def _inside_quotes(text: str, start: int) -> bool:
    return text.count('"', max(0, start - 200), start) % 2 == 1


def _with_roles(text: str, sentences: Sentences, found: list[Measure]) -> Iterator[Measure]:
    """Give each length the role of its nearest label, each label spent on the nearer of its two neighbours."""
    lengths = [measure for measure in found if measure.form != "area"]
    scores: dict[int, dict[Role, float]] = {measure.start: {} for measure in lengths}
    for index, measure in enumerate(lengths):
        sentence = sentences.around(measure.start)
        previous = lengths[index - 1] if index and lengths[index - 1].end > sentence.start else None
        following = lengths[index + 1] if index + 1 < len(lengths) and lengths[index + 1].start < sentence.end else None
        if previous is None:
            _score(text, max(sentence.start, measure.start - _REACH), measure.start, None, measure, scores)
        stop = following.start if following else min(sentence.end, measure.end + _REACH)
        _score(text, measure.end, stop, measure, following, scores)
    for measure in found:
        if measure.form == "area" or measure.role is not Role.UNSAID:
            yield measure
            continue
        if size_headings.ADDED_UP.search(text, sentences.around(measure.start).start, measure.start):
            yield replace(measure, role=Role.OTHER)
            continue
        ranked = sorted(scores[measure.start].items(), key=lambda item: (item[1], list(Role).index(item[0])))
        role = ranked[0][0] if ranked else Role.UNSAID
        headed = role in (Role.LESION, Role.UNSAID, Role.OTHER) and size_headings.excised(text, measure.start)
        yield replace(measure, role=Role.EXCISED if headed else role)


def _score(
    text: str, start: int, stop: int, left: Measure | None, right: Measure | None, scores: dict[int, dict[Role, float]]
) -> None:
    """Give each label between two measures to the nearer one; on a tie to the one that has no label yet."""
    if stop - start > 2 * _REACH and left and right:
        _score(text, start, start + _REACH, left, None, scores)
        _score(text, stop - _REACH, stop, None, right, scores)
        return
    for role, bonus, pattern in _LABELS:
        # A label may look a little past the stretch to see that a number follows, but must end within it.
        for match in pattern.finditer(text, start, stop + 8):
            if match.end() > stop:
                break
            to_left = _distance(text[start : match.start()]) if left else None
            to_right = _distance(text[match.end() : stop]) if right else None
            owner = _owner(left, right, to_left, to_right, scores)
            if owner:
                distance = (to_left if owner is left else to_right) or 0.0
                known = scores[owner.start].get(role, 1e9)
                scores[owner.start][role] = min(known, distance - bonus)


def _owner(
    left: Measure | None,
    right: Measure | None,
    to_left: float | None,
    to_right: float | None,
    scores: dict[int, dict[Role, float]],
) -> Measure | None:
    if left is None or to_left is None:
        return right
    if right is None or to_right is None:
        return left
    if abs(to_left - to_right) < 1.5:
        return right if scores[left.start] else left
    return left if to_left < to_right else right


def _distance(between: str) -> float:
    breaks = len(_BREAKS.findall(between))
    return len(_FILLER.sub("", between).strip()) + 10.0 * breaks
