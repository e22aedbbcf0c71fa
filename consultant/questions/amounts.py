"""Read the amounts that units of services and drugs follow from: minutes, doses, what was thrown away, time gone by.

Minutes stand as a length ("1 hr 10 min") or between a start and a stop ("0905 to 1112"); doses in grams, milligrams or
micrograms. What a vial holds and what a billing unit is are no doses, and a range of minutes is no time.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from consultant.questions.model import Span

LONG_AGO: Final = 999
"""Months since a service that was never given before, as the families ask for it."""


class Amount(NamedTuple):
    """A number with its place."""

    value: int | float
    span: Span


class Use(StrEnum):
    """What became of an amount of a drug."""

    GIVEN = "given"
    WASTED = "wasted"
    HELD = "held"
    """What a vial holds."""


class Dose(NamedTuple):
    """An amount of a drug in mg."""

    mg: float
    use: Use
    span: Span


_NUMBERS: Final = (
    "a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_SPELLED: Final = {
    **{word: max(place, 1) for place, word in enumerate(_NUMBERS)},
    "an": 1,
    "half an": 0.5,
    "half a": 0.5,
}
_SMALL: Final = "|".join(sorted(_SPELLED, key=len, reverse=True))
_LENGTH: Final = re.compile(
    rf"(?<![\w.$/:-])(?:(?P<h>\d{{1,2}}(?:\.\d{{1,2}})?|{_SMALL})[ \t-]{{0,2}}(?:hours?|hrs?|h)\b"
    rf"(?:[ \t,]{{0,2}}(?:and[ \t]|&[ \t])?(?P<hm>\d{{1,2}})[ \t-]{{0,2}}m(?:in\w*)?\b)?"
    rf"|(?P<low>\d{{1,3}}[ \t]{{0,2}}(?:to|-|–)[ \t]{{0,2}})?(?P<n>\d{{1,3}})[ \t-]{{0,2}}min(?:ute|s|uts?)?s?\b)",
    re.IGNORECASE,
)
_HOUR: Final = (
    r"(?<![\w/:.$-]){0}(?P<h{1}>[01]?\d|2[0-3]){2}(?P<m{1}>[0-5]\d)(?:[ \t]?(?P<p{1}>[ap])\.?m\b\.?)?(?![\w/:])"
)
_BEGAN: Final = (
    r"(?:start\w*|began|begin|begun|hung|from|on|ran|running|given)(?:[ \t]\w+){0,3}?(?:[ \t](?:time|at))?[ \t:@]{0,3}"
)
_ENDED: Final = r"(?:stop\w*|end\w*|finish\w*|complet\w*|to|until|till|off|done)(?:[ \t](?:time|at))?[ \t:@]{0,3}"
_BETWEEN: Final = r"[ \t]{0,2}(?:-|–|to|until|till|through|thru)[ \t]{0,2}"
_CLOCKS: Final = (
    re.compile(_HOUR.format("", 1, ":") + _BETWEEN + _HOUR.format("", 2, ":").removeprefix(r"(?<![\w/:.$-])"), re.I),
    re.compile(
        _HOUR.format(_BEGAN, 1, ":?")
        + r"[ \t,;.]{0,3}(?:and[ \t]|was[ \t])?(?:\w+[ \t])?"
        + _HOUR.format(_ENDED, 2, ":?").removeprefix(r"(?<![\w/:.$-])"),
        re.I,
    ),
    # "10:02 infliximab START ... 12:20 infliximab STOP": a flowsheet writes the time before the event.
    re.compile(
        _HOUR.format("", 1, ":")
        + r"(?:(?!\d\d?:\d\d)[^\n]){0,60}?\b(?:start\w*|begun|began|hung)\b"
        + r"(?:(?!\bst(?:art|op)\w*)[\s\S]){0,200}?"
        + _HOUR.format("", 2, ":")
        + r"(?:(?!\d\d?:\d\d)[^\n]){0,60}?\b(?:stop\w*|end(?:ed)?|finish\w*|complet\w*|done)\b",
        re.I,
    ),
    # "at 10:15 a liter was hung, by itself, and it ran until 11:40".
    re.compile(
        r"\b(?:at|from)[ \t]"
        + _HOUR.format("", 1, ":")
        + r"(?:(?!\d:\d\d)[^.;]){0,200}?\b(?:until|till|through|to|(?:stop\w*|end\w*|finish\w*|off|down)(?: at)?)[ \t]"
        + _HOUR.format("", 2, ":").removeprefix(r"(?<![\w/:.$-])"),
        re.I,
    ),
)
_NOT_ITS_TIME: Final = re.compile(
    r"[ \t]{0,2}(?:ago|later|after|before|earlier|prior|apart|or (?:less|more)|units?\b|each|per|increments?|rule)",
    re.I,
)
_THRESHOLD: Final = re.compile(
    r"\b(?:every|each|per|first|within|beyond|at least|more than|less than|over the|needs?|requires?|from)[ \t]{0,2}$",
    re.I,
)


def minutes(text: str) -> tuple[Amount, ...]:
    """Return every length of time that may be that of a service, in the order of the text."""
    found = [row for match in _LENGTH.finditer(text) if (row := _length(text, match))]
    taken: list[Span] = []
    for pattern in _CLOCKS:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if not any(span.start < other.end and other.start < span.end for other in taken):
                taken.append(span)
                found.append(Amount(_between(match), span))
    return tuple(sorted((row for row in found if 0 < row.value < 1440), key=lambda row: row.span.start))


def _length(text: str, match: re.Match[str]) -> Amount | None:
    if match["low"] or _NOT_ITS_TIME.match(text, match.end()):
        return None
    if _THRESHOLD.search(text, max(0, match.start() - 16), match.start()):
        return None
    if match["n"]:
        return Amount(int(match["n"]), Span(*match.span()))
    written = match["h"].lower()
    hours = _SPELLED.get(written)
    total = 60 * (float(written) if hours is None else hours) + int(match["hm"] or 0)
    return Amount(int(total), Span(*match.span()))


def _between(match: re.Match[str]) -> int:
    start, stop = (_of_day(match, end) for end in ("1", "2"))
    return stop - start if stop > start else stop + 720 - start


def _of_day(match: re.Match[str], end: str) -> int:
    hour, half = int(match[f"h{end}"]), (match[f"p{end}"] or "").lower()
    return 60 * (hour % 12 + 12 * (half == "p") if half else hour) + int(match[f"m{end}"])


_MG: Final = {"mg": 1.0, "milligram": 1.0, "g": 1000.0, "gm": 1000.0, "gram": 1000.0}
_MCG: Final = 0.001
_DOSE: Final = re.compile(
    rf"(?<![\w.$/-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,5}}(?:\.\d{{1,3}})?|{_SMALL})[ \t-]{{0,2}}"
    r"(?P<unit>mgs?|milligrams?|mcgs?|micrograms?|µg|grams?|gms?|g)\b(?![ \t]?(?:/|per\b))(?!-\w)",
    re.IGNORECASE,
)
_HELD: Final = re.compile(
    r"[ \t-]{0,2}(?:\w+[ \t-]){0,3}(?:vials?|ampules?|ampoules?|bottles?|syringes?|containers?|packages?|kits?|sdv"
    r"|mdv|opened)\b",
    re.I,
)
_BEFORE_HELD: Final = re.compile(
    r"\b(?:vials?|ampules?|comes (?:as|in)|supplied (?:as|in))[^.;,]{0,24}$|\b(?:opened|total (?:in"
    r"|of) (?:the )?vials)[ \t:=]{0,3}(?:a total of )?$",
    re.I,
)
_WASTE: Final = (
    r"(?:wast\w*|discard\w*|thr(?:own|ew)\w*(?:[ \t]\w+)?[ \t]?(?:away|out)|left[ -]?over|unused|dispos\w*|tossed"
    r"|trash\w*|dump\w*|binned|poured (?:out|off)|down the (?:drain|sink)|squirted|destroyed|not (?:used|given)"
    r"|remain(?:ing|der)|(?<!was )(?<!is )left (?:in|over)|residual)"
)
_WASTED_BEHIND: Final = re.compile(rf"(?:(?!\band\b|\n[^\n]{{0,48}}[:\d])[^.;,\d]){{0,32}}\b{_WASTE}", re.I)
"""A line that tells an amount of its own says nothing of the one before: "total opened 700 mg / discarded: 60 mg"."""
_WASTED_BEFORE: Final = re.compile(rf"\b{_WASTE}(?:[ \t]\w+){{0,3}}[ \t:(.=|-]{{0,20}}$", re.I)
# "Last time it was 400 mg", "had 80 mg on the left in 2024": a dose of another day.
_OF_ANOTHER_DAY: Final = re.compile(
    r"\b(?:had|last (?:time|visit|dose|month|year)|previous(?:ly)?|prior dose|history of|h/o|next (?:time|dose|visit)"
    r"|ordered(?! and (?:given|infused|administered|injected|received))|allerg\w+)\b[^.;\n\d]{0,28}$",
    re.I,
)
_IN_ANOTHER_YEAR: Final = re.compile(
    r"(?:(?!\bthis\b)[^.;\n]){0,32}\b(?:in|on|back in|since) "
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? )?"
    r"(?:19|20)\d\d\b|[^.;\n]{0,24}\b(?:(?:years?|months?|weeks?) ago|last (?:time|visit|month|year|week)|yesterday)\b",
    re.I,
)
_UNIT_OF_CODE: Final = re.compile(r"\b(?:per|each|every|unit (?:is|of)|code (?:is|for)|up to|=)[ \t]{0,2}$", re.I)
_NO_WASTE: Final = re.compile(
    r"\b(?:no|nothing|none|zero|without(?: any)?|0)(?:[ \t]\w+){0,3}[ \t]"
    r"(?:wast\w*|discard\w*|thrown (?:away|out)|tossed|dumped|trashed|left ?over)|\bno(?:thing)? (?:was )?tossed\b"
    r"|\bno(?:thing)? (?:waste|discard)\w*|\ball of it\b"
    r"|\b(?:whole|full) (?:vial|bottle|syringe|amp\w*)\b|\bentire (?:vial|bottle|contents|dose|syringe|amp\w*)\b"
    r"|\ball (?:of the (?:vial|drug|dose) )?(?:was |were )?(?:given|used|injected|administered|infused)\b"
    r"|\bnone (?:was |is |were )?(?:left|remain\w*|wasted|discarded|over|tossed|thrown|dumped)\b"
    r"|\b(?:both|all|each|every) (?:vials? |syringes? |pens? |of them |\d )?(?:were |was |is |are )?(?:empt(?:y"
    r"|ied)|used up|finished)\b"
    r"|\b(?:vial|it) (?:was )?(?:empty|emptied|used up)\b"
    r"|\b(?:waste|wastage|discarded|wasted|left over)[ \t]?[:=]?[ \t]?(?:none|0|zero|nil)\b(?!\.\d)"
    r"|\bused (?:it )?up\b",
    re.I,
)


def doses(text: str) -> tuple[Dose, ...]:
    """Return the amounts of drugs in mg, in the order of the text."""
    found = tuple(_doses(text))
    if any(row.use is Use.GIVEN for row in found):
        return found
    return (*found, *_by_volume(text))


_STRENGTH: Final = re.compile(
    r"(?<![\w.])(?P<n>\d{1,4}(?:\.\d{1,2})?)[ \t]?mgs?[ \t]?(?:/|per|in)[ \t]?"
    r"(?P<per>\d{1,3}(?:\.\d)?)?[ \t]?(?:ml|cc)\b"
    r"|\b(?:kenalog|depo-?medrol)[ \t-]?(?P<brand>10|40|80)\b(?![ \t]?mg)",
    re.IGNORECASE,
)
_VOLUME: Final = re.compile(
    rf"(?<![\w.$/-])(?P<n>\d{{1,2}}(?:\.\d{{1,2}})?|\.\d{{1,2}}|{_SMALL})[ \t-]{{0,2}}(?:mls?|ccs?)\b"
    r"(?![ \t]?(?:of[ \t])?(?:\d\S*[ \t])?(?:lido\w*|xylo\w*|marcaine|bupi\w*|ropi\w*"
    r"|(?:normal )?saline|ns\b|vials?|sdv|mdv"
    r"|multi\w*|single\w*|bottle))",
    re.IGNORECASE,
)
_DRAWN: Final = re.compile(r"\b(?:aspirat\w*|withdr\w+|drain\w*)\b[^.;\n]{0,16}$", re.IGNORECASE)


def _by_volume(text: str) -> Iterator[Dose]:
    """Yield the dose that one volume of one strength makes: 1 mL of 40 mg/mL."""
    strengths = {
        float(match["brand"] or match["n"]) / float(match["per"] or 1): match for match in _STRENGTH.finditer(text)
    }
    taken = [match.span() for match in _STRENGTH.finditer(text)]
    volumes = [
        match
        for match in _VOLUME.finditer(text)
        if not any(start <= match.start() < end for start, end in taken)
        and not _WASTED_BEHIND.match(text, match.end())
        and not re.search(
            r"\b(?:aspirat\w*|withdr\w+|drain\w*)\b[^.;\n]{0,16}$",
            text[max(0, match.start() - 32) : match.start()],
            re.I,
        )
    ]
    amounts = {_number(match["n"]): match for match in volumes}
    if len(strengths) == len(amounts) == 1:
        ((strength, _),), ((volume, match),) = strengths.items(), amounts.items()
        yield Dose(round(strength * volume, 4), Use.GIVEN, Span(*match.span()))


def _number(written: str) -> float:
    number = _SPELLED.get(written.lower())
    return float(written) if number is None else number


def _another_year(text: str, match: re.Match[str]) -> bool:
    """Tell whether a dose is dated to an earlier time."""
    return bool(_IN_ANOTHER_YEAR.match(text, match.end()))


def nothing_wasted(text: str) -> Span | None:
    """Return where the letter says that all of the drug was given, None where it does not."""
    match = _NO_WASTE.search(text)
    return Span(*match.span()) if match else None


def _doses(text: str) -> Iterator[Dose]:
    for match in _DOSE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _UNIT_OF_CODE.search(before) or _OF_ANOTHER_DAY.search(before) or _another_year(text, match):
            continue
        written = match["n"].lower().replace(",", "")
        number = _SPELLED.get(written)
        unit = match["unit"].lower().removesuffix("s") if len(match["unit"]) > 1 else match["unit"].lower()
        mg = (float(written) if number is None else number) * _MG.get(unit, _MCG)
        use = Use.GIVEN
        if _HELD.match(text, match.end()) or _BEFORE_HELD.search(before):
            use = Use.HELD
        elif _WASTED_BEHIND.match(text, match.end()) or _WASTED_BEFORE.search(before):
            use = Use.WASTED
        yield Dose(round(mg, 4), use, Span(*match.span()))


_GAP: Final = re.compile(
    rf"(?<![\w.$/-])(?P<n>\d{{1,3}}(?:\.\d)?|{_SMALL})\+?[ \t-]{{0,2}}(?P<unit>years?|yrs?|months?|mos?)"
    r"[ \t-]{0,2}(?:and more[ \t])?(?P<how>ago|before|earlier|prior|since|later|back|previous\w*|after)\b",
    re.IGNORECASE,
)
_LAST: Final = re.compile(
    r"\b(?:last|previous|prior|most recent|another|earlier|had)\b[^.;\n]{0,48}?\b(?:in|on|was|of|from|done)[ \t]"
    r"(?:(?:(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?[ \t](?:of[ \t])?)?"
    r"(?P<year>(?:19|20)\d\d)\b"
    r"|(?P<m>\d{1,2})/(?:\d{1,2}/)?(?P<y>(?:19|20)?\d\d)\b)"
    r"|\b(?:last|previous|prior|most recent)[ \t](?:\w+[ \t]){0,2}?"
    r"(?:(?P<named>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?[ \t])?(?P<bare>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NEVER: Final = re.compile(
    r"\b(?:never|nvr)\b[^.;\n]{0,32}\b(?:had|before|done|billed|screened|received)\b|\bno (?:prior|previous|earlier)\b"
    r"|\bfirst(?: ever)?(?: \w+)? (?:screening|screen|exam|one|test|time)\b|\bnone before\b"
    r"|\bfirst[ -](?:\w+[ \t])?ever\b"
    r"|,[ \t]first(?=[.,;]|$)",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def months_since(text: str, on: date | None) -> tuple[Amount, ...]:
    """Return how many full months lie behind the earlier services that the letter tells of, the last of them first.

    `on` is the day of the service.
    """
    found = []
    for match in _GAP.finditer(text):
        number = _SPELLED.get(match["n"].lower())
        count = float(match["n"]) if number is None else number
        months = count * (12 if match["unit"][0].lower() == "y" else 1)
        found.append(Amount(int(months), Span(*match.span())))
    for match in _LAST.finditer(text) if on else ():
        year = int(match["year"] or match["y"] or match["bare"])
        written = match["month"] or match["named"]
        month = _MONTHS.index(written.lower()) + 1 if written else int(match["m"] or 12)
        year += 2000 if year < 100 else 0
        gap = 12 * (on.year - year) + on.month - month if on else 0
        # What the patient had in the month of the service is the service.
        if gap > 0 or (gap == 0 and not match[0].lower().startswith("had")):
            found.append(Amount(gap, Span(*match.span())))
    found += [Amount(LONG_AGO, Span(*match.span())) for match in _NEVER.finditer(text)]
    return tuple(sorted(found, key=lambda row: (row.value, row.span.start)))


_SINCE: Final = re.compile(
    r"(?:\b(?:part b|medicare)\b[^.;\n]{0,40}?\b(?:since|began|started|effective|eff)\b(?: on| in)?"
    r"|\b(?:part b|enrolled|eligible)\b[^.;,\n]{0,24}?\b(?:from|on|in|of)\b)[ \t:]{0,3}(?P<day>(?:(?:jan|feb|mar|apr"
    r"|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?[ \t](?:\d{1,2},?[ \t])?(?:19|20)\d\d)"
    r"|\d{1,2}/(?:\d{1,2}/)?(?:19|20)?\d\d|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?P<word>[a-z]{3})|(?P<m>\d{1,2})/", re.IGNORECASE)
_FOR_YEARS: Final = re.compile(
    r"\b(?:for|many|several)[ \t](?:many[ \t]|several[ \t])?years\b|\bfor ages\b", re.IGNORECASE
)


def months_enrolled(text: str, on: date | None) -> tuple[Amount, ...]:
    """Return for how many months Part B had been in force on the day of the service."""
    found = [Amount(LONG_AGO, Span(*match.span())) for match in _FOR_YEARS.finditer(text)]
    for match in _SINCE.finditer(text) if on else ():
        written = match["day"]
        year = int(re.findall(r"\d+", written)[-1])
        year += 2000 if year < 100 else 0
        first = _DATE.match(written)
        month = 12 if first is None else int(first["m"]) if first["m"] else _MONTHS.index(first["word"].lower()) + 1
        gap = 12 * (on.year - year) + on.month - month if on else 0
        if gap >= 0:
            found.append(Amount(gap, Span(*match.span())))
    return tuple(found)


__all__ = ["LONG_AGO", "Amount", "Dose", "Use", "doses", "minutes", "months_enrolled", "months_since", "nothing_wasted"]
