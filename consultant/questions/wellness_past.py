"""Read when Medicare's preventive services were given before: each month of the past with what was given in it.

A letter tells of several months: since when Part B runs, the first visit, the last one, the screening beside it. Each
belongs to what its own part of the sentence names; where that says only "the last one", to what was named before.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from consultant.questions.model import Span
from consultant.questions.passages import Sentences

Month = tuple[int, int]
"""Year and month."""

MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WHEN: Final = (
    r"(?:(?P<m>\d{1,2})[/-](?:\d{1,2}[/-])?(?P<y>20\d\d|\d\d)\b|(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]*\.?,? (?:of )?(?:\d{1,2}(?:st|nd|rd|th)?,? )?(?P<y2>20\d\d|['’]\d\d\b)"
    r"|(?P<y4>20\d\d)-(?P<m4>\d\d)(?:-\d\d)?\b|(?P<y3>20\d\d)\b)"
)
_DATE: Final = re.compile(r"(?<![\w/.-])" + WHEN, re.IGNORECASE)
_SERVICES: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("welcome", r"\b(?:ippe|welcome|G0402|initial preventive)\b"),
        ("wellness", r"\b(?:awvs?|wellness|annual visits?|G0438|G0439)\b"),
        ("depression_screening", r"\b(?:G0444|depression|phq(?:-?\d)?)\b"),
        ("alcohol_screening", r"\b(?:G0442|alcohol|audit(?:-c)?)\b"),
        ("heart_counseling", r"\b(?:G0446|cardiovascular|cvd|heart)\b"),
        ("activity_nutrition", r"\b(?:G0136|sdoh|social|nutrition)\b"),
    )
)
_VISITS: Final = frozenset({"welcome", "wellness"})
_LAST: Final = re.compile(
    r"\b(?:last|latest|previous\w*|prior|most recent|(?:that|which|it) was|earlier|before)\b", re.I
)
_OTHER: Final = re.compile(
    r"\b(?:part b|enrol\w*|entitle\w*|eligib\w*|effective|dob|birth|born|turn(?:ed|s)|card|medicare (?:since|start\w*"
    r"|began|from|in)|diagnos\w+|surgery|admitted|moved|smok\w+|quit)\b",
    re.IGNORECASE,
)
_SAME: Final = re.compile(r"\b(?:same|that) (?:\w+ )?(?:day|date|month|visit|time)\b", re.IGNORECASE)


_NEXT: Final = 56


class Given(NamedTuple):
    """A service that was given in a month of the past."""

    services: frozenset[str]
    month: Month
    span: Span


def given(text: str, sentences: Sentences, on: Month) -> tuple[Given, ...]:
    """Return what the letter says was given before the month `on`, in its order; a bare year counts as its last month.

    `services` is empty where nothing says what was given.
    """
    return tuple(_given(text, sentences, on))


def _given(text: str, sentences: Sentences, on: Month) -> Iterator[Given]:
    behind, before = 0, frozenset[str]()
    for match in _DATE.finditer(text):
        sentence = sentences.around(match.start())
        words = text[max(sentence.start, behind) : match.start()]
        words = words[-160:]
        month = month_of(match)
        behind = match.end()
        # What stands next to the date was given then; what stands further away may be what the letter is about.
        named = _named(words[-_NEXT:]) or _named(words)
        if (_OTHER.search(words) and not named) or _of_entry(words):
            continue
        if month is None or month >= on:
            before = named or before
            continue
        if not named and _LAST.search(words):
            named = before or _named(text[max(0, sentence.start - 200) : match.start()])
        elif not named:
            # "On 3/4/2025 she had her first one": what follows the date says what it was.
            named = _named(text[match.end() : min(sentence.end, match.end() + 60)].split(",")[0])
        if named:
            yield Given(named, month, Span(*match.span()))
        before = named or before


_ENTRY: Final = re.compile(
    r"(?:\A|[,;:(/]|\b(?:and|with|has|had|on|but|her|his|the|pt|patient)\b)[ \t]{0,2}(?:(?:medicare )?part b|medicare"
    r"|mcr|enrol\w*"
    r"|entitle\w*|eligib\w*|on b)\b[^,;:()\d]{0,32}\Z",
    re.IGNORECASE,
)
_THEREAT: Final = re.compile(r"\b(?:when|once|after|upon|as|at the time)\b[^,;:()]{0,40}\Z", re.IGNORECASE)


def _of_entry(words: str) -> bool:
    """Tell whether the words next to a date say when Part B began, and name no service in that part of the sentence."""
    entry = _ENTRY.search(words)
    return entry is not None and not _named(entry[0]) and not _THEREAT.search(words)


def _named(words: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _SERVICES if pattern.search(words))


def last_visit(rows: Sequence[Given]) -> tuple[Given, bool] | None:
    """Return the last visit of the past, and whether any was a wellness visit and not the welcome visit."""
    visits = [row for row in rows if row.services & _VISITS]
    if not visits:
        return None
    return max(visits, key=lambda row: row.month), any("wellness" in row.services for row in visits)


def last_of(text: str, sentences: Sentences, rows: Sequence[Given], service: str) -> Given | None:
    """Return when a service other than the visit was last given: by its own date, or "on the same day" as the visit."""
    own = [row for row in rows if service in row.services]
    visit = last_visit(rows)
    pattern = dict(_SERVICES).get(service)
    for match in pattern.finditer(text) if visit and pattern else ():
        sentence = sentences.around(match.start())
        part = text[max(sentence.start, match.start() - 60) : sentence.end]
        if visit and _SAME.search(part) and _LAST.search(part):
            return visit[0]
    return max(own, key=lambda row: row.month) if own else None


def month_of(match: re.Match[str]) -> Month | None:
    """Return year and month of a date; of a year alone its last month, so that no time is made up."""
    if match["y"] and match["m"]:
        year, month = int(match["y"]), int(match["m"])
        return (year if year > 99 else 2000 + year, month) if 1 <= month <= 12 else None
    if match["name"]:
        return 2000 + int(match["y2"][-2:]), MONTH_NAMES.index(match["name"].lower()[:3]) + 1
    if match["y4"]:
        return (int(match["y4"]), int(match["m4"])) if 1 <= int(match["m4"]) <= 12 else None
    return (int(match["y3"]), 12) if match["y3"] else None


_TESTS: Final = {
    "colonoscopy": r"colonoscop\w+|scopes?|polyps?|adenomas?|surveillance|polypectomy",
    "sigmoidoscopy": r"sigmoidoscop\w+|flex sig",
    "mammogram": r"mammo\w*|comparison\w*|3d",
    "pelvic_breast_exam": r"pelvic\w*|breast exams?|G0101|paps?|well woman",
    "pap_collection": r"paps?|Q0091|smears?|pelvic",
    "hpv_test": r"hpv|cotest\w*",
    "psa": r"psa|G0103",
    "prostate_exam": r"dre|rectal|prostate|G0102",
    "bone_density": r"dexa|dxa|bone (?:mineral )?density|7708\d",
    "lung_ct": r"ldct|low[- ]dose|lung|ct",
    "glaucoma_by_doctor": r"glaucoma|G0117",
    "stool_immunochemical": r"fit|ifobt|fobt|stool",
    "stool_dna": r"cologuard|stool dna",
    "hepatitis_b_test": r"hep\w* b|hbv|hbsag",
    "hepatitis_c_risk": r"hep\w* c|hcv",
    "hiv_combination": r"hiv",
}
"""Words that stand beside the date of an earlier test."""


_ONE_BEFORE: Final = re.compile(
    r"\b(?:(?:the|her|his) (?:last|previous|prior|earlier|most recent) (?:one|test|draw)|the (?:one|test"
    r"|draw) before(?: (?:this|that|it))?"
    r"|(?:the )?last time)\b",
    re.IGNORECASE,
)
"""The test that the sentence before named."""


def tests_before(text: str, sentences: Sentences, on: Month, test: str) -> list[tuple[Month, Span]]:
    """Return the months of the past that words for a test stand beside, each with its place."""
    words = _TESTS.get(test)
    if words is None:
        return []
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    found = []
    for match in _DATE.finditer(text):
        month = month_of(match)
        sentence = sentences.around(match.start())
        around = text[max(sentence.start, match.start() - 80) : min(sentence.end, match.end() + 60)]
        named = pattern.search(around) or (
            _ONE_BEFORE.search(around) and pattern.search(text, max(0, sentence.start - 160), sentence.start)
        )
        if month and month < on and named and not _OTHER.search(around):
            found.append((month, Span(*match.span())))
    return found
