"""Read what families of care over a time ask for: chronic conditions counted, the beneficiary, the hours of a stay."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status

_CHRONIC: Final = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|single)\+?[ \t](?:\w+[ \t-]){0,3}?"
    r"(?:chronic[ \t](?:\w+[ \t])?(?:conditions?|illness(?:es)?|diseases?|problems?)|chronic\b)",
    re.IGNORECASE,
)
_CHRONIC_BEHIND: Final = re.compile(
    r"\bchronic (?:\w+ )?(?:conditions?|illness(?:es)?|diseases?|problems?)[ \t]?(?:\(|: ?"
    r"|x ?)(?P<n>\d)\b",
    re.IGNORECASE,
)
_COUNTS: Final = {**{word: number for number, word in enumerate(ONES[:8], 1)}, "single": 1}
_NO_QMB: Final = re.compile(r"\b(?:not|no|isn'?t|non)[- ]?(?:a |an )?(?:(?-i:QMB)|qualified medicare)\b", re.IGNORECASE)
_QMB: Final = re.compile(r"\b(?-i:QMB)\b|\bqualified medicare beneficiary\b", re.IGNORECASE)


_RECORD: Final = r"(?:admitting|attending|principal|primary|responsible)"
_DOCTOR: Final = (
    r"(?:(?:our|my) (?:\w+ )?(?:doctors?|docs?|physicians?|hospitalists?|internists?|attendings?|surgeons?|mds?|dos?"
    r"|providers?|\w+ologists?|team|service|group)|i|we)"
)
# Of "Dr. Lake" and "she" nobody knows whether they are the writer's own.
_OF_RECORD: Final = re.compile(
    rf"\b{_DOCTOR}(?:,? (?:who|the hospitalist|on record))?(?:'s|'m|'re| is| was| are| were| am| being| as| =)[ \t]"
    rf"(?:also |listed as |down as )?(?:the |an? )?{_RECORD}(?: (?:and|/) {_RECORD})?(?:[ \t](?:doctor|doc|physician|md"
    r"|provider|practitioner|team|service|hospitalist)s?)?(?:[ \t](?:of|on) record)?\b"
    rf"(?! (?:\w+ )?(?:was|is|care|diagnosis|procedure))"
    rf"|\b(?:we|i) (?:are|am|were|was) the {_RECORD}\b|\b{_DOCTOR}(?: is| was|,) (?:the )?(?:physician|doctor|provider)"
    r" of record\b",
    re.IGNORECASE,
)


def _hours(name: str) -> str:
    """Return the pattern of a number of hours with its bound; its groups begin with `name`."""
    return (
        rf"(?P<{name}bound>less than|under|fewer than|<|not (?:even|quite)|just under|over|more than|greater than|>"
        rf"|at least|just over)?[ \t]{{0,2}}(?P<{name}n>\d{{1,2}}(?:\.\d{{1,2}})?|one|two|three|four|five|six|seven"
        rf"|eight"
        rf"|nine|ten|eleven|twelve|thirteen|fourteen)(?P<{name}half>[ \t]and[ \t]a[ \t]half)?[ \t-]{{0,2}}(?:hours?"
        rf"|hrs?|h)\b"
    )


_STAY: Final = re.compile(
    rf"(?<![\w.:/]){_hours('a')}(?=[^.;\n]{{0,24}}\b(?:stay|in house"
    r"|in (?:the )?(?:hospital|obs\w*|unit)|of obs\w*|total|later|after (?:the )?(?:order|admission))\b)"
    r"|\b(?:stay\w*|in (?:the )?(?:hospital|house)|obs\w*"
    rf"|there|lasted)\b[^.;\n]{{0,24}}?(?<![\w.:/]){_hours('b')}",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"(?<![\w/:.$-])(?:(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d))?[ \t]?(?P<half>[ap])\.?m\b"
    r"|(?P<h2>[01]?\d|2[0-3]):(?P<m2>[0-5]\d)(?![\w:/]|\.\d)|(?P<h3>[01]\d|2[0-3])(?P<m3>[0-5]\d)(?:[ \t]?(?:h|hrs"
    r"|hours)\b)"
    # Four figures after a word for coming or going: "placed 0715".
    r"|(?:(?<=at )|(?<=placed )|(?<=discharged )|(?<=admitted )|(?<=admit )|(?<=in )|(?<=out )|(?<=left )|(?<=from )"
    r"|(?<=to )|(?<=until )|(?<=till )|(?<=d/c )|(?<=dc ))"
    r"(?P<h4>[01]\d|2[0-3])(?P<m4>[0-5]\d)(?![\w/-])|(?P<word>noon|midnight)\b)",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    r"(?<![\w/:.$-])(?:(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)"
    r"|(?P<h2>\d{1,2})(?::(?P<m2>[0-5]\d))?[ \t]?(?P<half>[ap])\.?m?\.?)"
    r"[ \t]?(?:-|\u2013|to|until|till|thru|through)[ \t]?(?:(?P<h3>[01]\d|2[0-3])(?P<m3>[0-5]\d)|(?P<h4>\d{1,2})"
    r"(?::(?P<m4>[0-5]\d))?[ \t]?(?P<half2>[ap])\.?m?\.?)(?![\w/-])",
    re.IGNORECASE,
)
"""From one hour to another without a word between them: "0900-2000", "9a-8p"."""
_OF_A_STAY: Final = re.compile(
    r"\b(?:stay\w*|obs\w*|in (?:the )?(?:house|hospital)|admi\w+|inpatient|same (?:date|day))\b", re.IGNORECASE
)
_LEAST: Final = 0.5
"""Hours of a stay; what is shorter is a span of years, or a visit."""
_CAME: Final = re.compile(
    r"\b(?:plac\w+|admi\w+|order\w*|obs\w*|arriv\w+|came|in at|from|start\w*|began|begin\w*|put)\b", re.IGNORECASE
)
_LEFT: Final = re.compile(
    r"\b(?:dischar\w+|d/?c'?d?|left|leav\w+|let (?:him|her|them|the patient|pt) go|home|out|released|until|till|to"
    r"|through|thru|end\w*|gone)\b",
    re.IGNORECASE,
)
_NOT_THE_STAY: Final = re.compile(
    r"\b(?:dictat\w+|sign\w*|note|h ?& ?p|seen|saw|visit\w*|exam\w*|repeat\w*|labs?|troponin"
    r"|recheck\w*)\b[^.;,\n]{0,24}$",
    re.IGNORECASE,
)


_HOUR_WORDS: Final = (*ONES[:9], "ten", "eleven", "twelve", "thirteen", "fourteen")
_RULE: Final = re.compile(
    r"\b(?:if|when|at least|minimum|rule|needs?|requires?|must|unless|threshold)\b", re.IGNORECASE
)


# Conditions as the problem lists of practices name them, each once however it is written.
_CONDITIONS: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"copd|emphysema|chronic obstructive[\w ]*|chronic bronchitis",
        r"(?-i:DM|DM1|DM2|T1DM|T2DM|IDDM|NIDDM)|diabet\w*|t[12]dm",
        r"(?-i:CKD|ESRD)|ckd|chronic kidney disease|renal insufficiency",
        r"(?-i:CHF|HF|HFrEF|HFpEF)|chf|(?:congestive )?heart failure|cardiomyopathy",
        r"(?-i:HTN)|htn|hypertension|high blood pressure",
        r"(?-i:HLD)|hld|hyperlipid\w+|dyslipid\w+|high cholesterol|hypercholesterol\w+",
        r"(?-i:AF|AFIB)|a[- ]?fib|atrial fib\w*",
        r"(?-i:CAD|IHD)|cad|coronary(?: artery)?(?: disease)?|ischemic heart disease",
        r"(?-i:PAD|PVD)|peripheral (?:arterial|artery|vascular) disease",
        r"dementia|alzheimer\w*|lewy body",
        r"parkinson\w*",
        r"asthma",
        r"depress\w+|(?-i:MDD)",
        r"anxiety|(?-i:GAD)",
        r"bipolar\w*|schizo\w+",
        r"(?-i:OA|DJD)|osteoarthritis",
        r"(?-i:RA)|rheumatoid(?: arthritis)?",
        r"osteopor\w+",
        r"obesity|morbid obesity",
        r"hypothyroid\w*|hyperthyroid\w*",
        r"cirrhosis|chronic liver disease|chronic hepatitis",
        r"epilepsy|seizure disorder",
        r"(?-i:MS)|multiple sclerosis",
        r"(?-i:HIV)",
        r"chronic (?:\w+ ){0,2}pain",
        r"(?-i:OSA)|sleep apnea",
        r"stroke|(?-i:CVA)",
        r"gout",
        r"lupus|(?-i:SLE)",
        r"neuropathy",
        r"glaucoma",
        r"(?:\w+ )?cancer",
    )
)
_SEVERAL: Final = 2


def chronic_count(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield how many chronic conditions the letter counts, or else how many it names where those are several."""
    match = _CHRONIC.search(text) or _CHRONIC_BEHIND.search(text)
    if match:
        number = _COUNTS.get(match["n"].lower()) or int(match["n"])
        yield Fact("chronic_count", number, Span(*match.span()))
        return
    named = []
    for pattern in _CONDITIONS:
        found = next((row for row in pattern.finditer(text) if _has(sentences, row)), None)
        if found:
            named.append(found)
    if len(named) >= _SEVERAL:
        yield Fact("chronic_count", len(named), Span(*min(named, key=lambda row: row.start()).span()))


def _has(sentences: Sentences, match: re.Match[str]) -> bool:
    return status(sentences, *match.span(), act=False) is Status.AFFIRMED


def beneficiary(text: str) -> Iterator[Fact]:
    """Yield whether the patient is a Qualified Medicare Beneficiary."""
    match = _NO_QMB.search(text) or _QMB.search(text)
    if match:
        yield Fact("qmb", bool(not _NO_QMB.search(text)), Span(*match.span()))


def of_record(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield that the practitioner oversees the stay, where the letter says so of its own: the physician of record."""
    match = next((row for row in _OF_RECORD.finditer(text) if _has(sentences, row)), None)
    if match:
        yield Fact("of_record", value=True, span=Span(*match.span()))


def length(text: str) -> Iterator[Fact]:
    """Yield whether a stay on one date lasted less than eight hours, from its hours or from the hours of the clock."""
    told = _by_range(text) or _by_clock(text) or _by_hours(text)
    if told:
        yield Fact("stay_length", "under_8" if told[0] < 8 else "over_8", told[1])


def _by_range(text: str) -> tuple[float, Span] | None:
    for match in _RANGE.finditer(text):
        start = _hour(match["h"] or match["h2"], match["m"] or match["m2"], match["half"])
        stop = _hour(match["h3"] or match["h4"], match["m3"] or match["m4"], match["half2"])
        around = text[max(0, match.start() - 40) : match.start()] + text[match.end() : match.end() + 24]
        if (
            stop - start >= _LEAST
            and _OF_A_STAY.search(around)
            and not _NOT_THE_STAY.search(text[: match.start()][-40:])
        ):
            return stop - start, Span(*match.span())
    return None


def _hour(hour: str, minute: str | None, half: str | None) -> float:
    late = 12 * (half.lower() == "p") if half else 0
    return (int(hour) % 12 if half else int(hour)) + late + int(minute or 0) / 60


def _by_hours(text: str) -> tuple[float, Span] | None:
    for match in _STAY.finditer(text):
        side = "a" if match["an"] else "b"
        word, bound = match[f"{side}n"].lower(), (match[f"{side}bound"] or "").lower()
        hours = float(word) if word[0].isdigit() else float(_HOUR_WORDS.index(word) + 1)
        hours += 0.5 if match[f"{side}half"] else 0.0
        if bound.startswith(("less", "under", "fewer", "<", "not", "just under")):
            hours -= 0.1
        if not _RULE.search(text, max(0, match.start() - 32), match.start()):
            return hours, Span(*match.span())
    return None


def _by_clock(text: str) -> tuple[float, Span] | None:
    """Return the hours from the first clock that somebody came in at to the last that he left at, and their place."""
    came: tuple[float, re.Match[str]] | None = None
    left: tuple[float, re.Match[str]] | None = None
    before = 0
    for match in _CLOCK.finditer(text):
        start = max(before, text.rfind("\n\n", 0, match.start()), match.start() - 90)
        lead = text[start : match.start()]
        before = match.end()
        told_left = [found.start() for found in _LEFT.finditer(lead)]
        told_came = [found.start() for found in _CAME.finditer(lead)]
        at = _of_day(match)
        if came is None:
            if told_came and (not told_left or told_came[0] < told_left[0] or told_came[-1] > told_left[-1]):
                came = (at, match)
        elif told_left and not _NOT_THE_STAY.search(lead) and (not told_came or told_left[-1] > told_came[-1]):
            left = (at, match)
    if came is None or left is None:
        return None
    hours = left[0] - came[0]
    if hours <= 0 and not left[1]["half"] and left[0] < 12:
        # "In at 8, out at 5:15" without halves of the day.
        hours += 12
    return (hours, Span(came[1].start(), left[1].end())) if hours > 0 else None


def _of_day(match: re.Match[str]) -> float:
    if match["word"]:
        return 12.0 if match["word"].lower() == "noon" else 24.0
    hour = int(match["h"] or match["h2"] or match["h3"] or match["h4"])
    minute = int(match["m"] or match["m2"] or match["m3"] or match["m4"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    return hour + minute / 60
