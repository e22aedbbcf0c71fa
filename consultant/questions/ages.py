"""Read the age of the patient in whole years, however it is told: "42 y", "aged forty-two", "15 mo WCC", "Pt, 64,"."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span

_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORD: Final = (
    r"(?:(?:" + "|".join(_TENS) + r")(?:[ -](?:" + "|".join(ONES[:9]) + r"))?|"
    r"" + "|".join(sorted(ONES, key=len, reverse=True)) + r")"
)
_NUMBER: Final = rf"(?:\d{{1,3}}|{_WORD})"
_START: Final = r"(?<![\w.$/%-])"
_CHECK: Final = (
    r"(?:old|well|wcc|wcv|check(?:[- ]?up)?|baby|infant|toddler|newborn|physical|epsdt|preventive|shots|vaccines"
    r"|of age|child|boy|girl|m|f|male|female|est\w*|new (?:pt|patient))"
)
"""What follows an age in months or weeks."""
_PERSON: Final = (
    r"(?:patient|pts?|client|member|beneficiary|(?:wo)?man|(?:fe)?male|lady|gentleman|boy|girl|child|infant|kid|teen"
    r"|teenager|son|daughter|mother|father|mom|dad|\[PERSON_\d+\]|medicare|commercial|medicaid|aetna|cigna|bcbs|uhc"
    r"|humana|anthem|blue cross)"
)
_YEARS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"{_START}(?P<n>{_NUMBER})[ \t-]{{0,2}}(?:y/?o[fm]?|yo[fm]?|y\.o\.?|yrs?\.?[ \t-]old"
            rf"|years?[ \t-]{{1,2}}old"
            rf"|years? of age|yrs? of age)\b(?! ago)"
        ),
        (
            rf"{_START}(?P<n>\d{{1,2}}|{_WORD})[ \t-]?(?:y|yrs?|years?)\.?,?[ \t](?:and[ \t]"
            rf"|&[ \t])?{_NUMBER}[ \t-]?(?:m|mos?"
            rf"|months?)\b"
        ),
        r"(?<![\w.$/%-])(?P<n>\d{1,3})[ \t-]{0,2}year\b(?![ \t-](?:ago|follow|history|hx|of|supply|period|rule|later))",
        # "42 y," and "5y 2m" are ages; "3 y of pain" is none.
        (
            r"(?<![\w.$/%(-])(?<!\bin )(?P<n>\d{1,3}) ?(?:y|yrs?)\.?(?=[ \t]?[,;/\n]|[ \t](?:m|f|male|female"
            r"|est\w*|new|here|came|commercial|medicaid|medicare|aetna|cigna|bcbs|uhc|humana"
            r"|in for|with|w/|\d{1,2} ?m(?:o|os|onths?)?\b)|\.[ \t\n])"
        ),
        (
            rf"\bage[ds]?\b[ \t]{{0,2}}(?:[:=]|of|is|was|at|on DOS)?[ \t:=]{{0,3}}(?P<n>\d{{1,3}}(?![\w.%/-])"
            rf"|\d{{1,3}}(?=y)"
            rf"|{_WORD}\b)(?![ \t-]{{1,2}}(?:months?|mos?|m/o|weeks?|wks?|days?)\b)(?![ \t]?(?:to|-|–|and|or)[ \t]?\d)"
        ),
        (
            r"\b(?:s?he|(?:the|this|our|my) (?:patient|pt|man|woman|lady|gentleman|boy|girl|child|kid))(?:['’]s"
            r"|[ \t]is)[ \t]"
            rf"(?:only[ \t]|just[ \t]|now[ \t])?(?P<n>\d{{1,2}}|{_WORD})(?=[ \t]?(?:[,;!)]|\.(?:[ \t\n]|$)"
            rf"|[ \t](?:and|with|but|now)\b)"
            r"(?![ \t,]{1,2}(?:and[ \t])?(?:weeks?|months?|days?|lb|kg|cm|of)\b))"
        ),
        rf"\bturn(?:ed|s)[ \t](?P<n>{_NUMBER})\b(?![/-])",
        r"(?<![\w.$/%-])(?P<n>\d{2}) ?[/-]? ?(?-i:[FM])(?=[\s,.;:)]|$)",
        (
            rf"\b(?:child|kid|boy|girl|teen(?:ager)?|toddler),? (?:of|aged?) (?P<n>{_NUMBER})(?=[ \t]?[,.;:)\n]"
            rf"|[ \t]\w)"
            r"(?![ \t](?:months?|mos?|weeks?|wks?|days?)\b)"
        ),
        r"\bteen(?:ager)?,? (?P<n>1\d)(?=[ \t]?[,.;:)\n]|[ \t](?:new|est|here|for|with|in)\b)",
        (
            r"(?<![\w.$/%-])(?<!\d )(?<!y/o )(?<!yo )(?-i:[FM])(?:[/,]? ?)(?P<n>\d{2})(?=[\s,.;:)])(?![ \t]?(?:cm|mm"
            r"|min|mg|pack|pk))"
        ),
        (
            rf"{_START}(?P<n>{_NUMBER})[ \t-]{{1,2}}(?:yr|year)s?[ \t-](?:well|wcc|check|physical|visit for|male|female"
            rf"|boy|girl|child|woman|man|est\w*|m|f)\b"
        ),
        r"\b(?:(?:wo)?man|(?:fe)?male),?[ \t](?P<n>\d\d)(?=[ \t,.;])",
        r"(?<=[,;:][ \t])(?P<n>\d\d)(?=,[ \t](?:m|f|male|female|est\w*|new|known)\b)",
        # "Twenty-nine, male, with us since school" begins its sentence with the age.
        (
            rf"(?:(?<=[,;:.!(][ \t])|(?<=\n)|\A)(?P<n>\d\d|{_WORD})(?=,[ \t](?:(?:a|an|our|the)[ \t])?"
            r"(?:(?:healthy|established|new|known|married|single|retired)[ \t])?(?:male|female|man|woman|lady|gentleman"
            r"|boy|girl|guy|mother of|father of)\b)"
        ),
        (
            r"\b(?:child|boy|girl|son|daughter|kid|toddler|teen\w*|patient|pt|he|she|(?:wo)?man|lady|gentleman|gent"
            r"|(?:fe)?male|fellow|guy|person|member|beneficiary|retiree|widow(?:er)?)[ \t](?:of|is"
            rf"|was)[ \t](?P<n>\d{{1,2}}|{_WORD})"
            r"(?=[ \t]?[,.;:)\n]|[ \t](?:and|now|with|years?|but"
            r"|on)\b)(?![ \t](?:and[ \t])?(?:\w+[ \t])?(?:weeks|months|mo"
            r"|days|lb|kg|cm|lesions?|visits?)\b)"
        ),
    )
)
# A bare number behind a word for the patient or his plan is taken where nothing else tells an age.
_BARE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"\b{_PERSON}\b[^.;:\n\d]{{0,40}}:[ \t](?:age[ \t])?(?P<n>\d{{2}})(?=,[ \t](?:[a-z]+[ \t])?(?:medicare"
            rf"|medicaid|commercial"
            r"|aetna|cigna|bcbs|uhc|humana|anthem|tricare|male|female|new|est\w*)\b)"
        ),
        r"(?<=[a-z)],[ \t])(?P<n>[1-9]\d)(?=,[ \t])",
        (
            rf"(?:\b|(?=\[)){_PERSON}(?:[ \t]?[,(][ \t]?|[ \t])(?P<n>\d{{1,3}})(?=[ \t]?[,);]|\.[ \t\n]|\.?$"
            rf"|[ \t](?:years|who|came|comes|is|here|with|w/|was|had|presents?|seen"
            rf"|in for)\b)(?![ \t,)]{{1,3}}(?:min|months?"
            rf"|weeks?|days?|cm|mm|units?|of)\b)"
        ),
        (
            r"(?<=[,;(][ \t])(?P<n>\d\d)(?=[,;)][ \t](?:average|asymptomatic|healthy|no (?:symptoms|complaints|risk)"
            r"|medicare"
            r"|commercial|aetna|cigna|bcbs|uhc|never)\b)"
        ),
    )
)
_MONTHS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_START}(?P<n>{_NUMBER})[ \t-]{{0,2}}(?:months?|mos?\.?|m/o|mth?s?)[ \t-]{{0,2}}{_CHECK}\b",
        rf"\bage[ds]?[ \t]{{0,2}}(?:[:=]|of)?[ \t]{{0,2}}(?P<n>{_NUMBER})[ \t-]{{0,2}}(?:months?|mos?|m/o)\b",
        (
            rf"\b(?:baby|infant|child|boy|girl|son|daughter|toddler|patient|pt)(?:[ \t](?:is|was|of)|,)[ \t](?:now )?"
            rf"(?P<n>{_NUMBER})[ \t-]{{0,2}}(?:months?|mos?)\b"
        ),
        rf"\b(?:well[ -](?:child|baby)|wcc)\b[^.;\n\d]{{0,16}}?\b(?P<n>{_NUMBER})[ \t-]{{0,2}}(?:months?|mos?)\b",
    )
)
_NEWBORN: Final = (
    r"(?<!since )(?<!since the )(?<!as a )(?<!since a )\b(?:newborn|neonate)\b"
    r"(?![ \t](?:periods?|screen\w*|nursery|hearing|stay|course|records?|days|history)\b)"
)
"""A newborn of today; a history begins at birth as well."""
_YOUNG: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _NEWBORN,
        (
            rf"{_START}{_NUMBER}[ \t-]{{0,2}}(?:weeks?|wks?|days?|d)[ \t-]{{0,2}}(?:old|well|wcc|check|baby|infant"
            rf"|of (?:age"
            rf"|life)|newborn)\b"
        ),
        rf"\bage[ds]?[ \t]{{0,2}}[:=]?[ \t]{{0,2}}{_NUMBER}[ \t-]{{0,2}}(?:weeks?|wks?|days?)\b",
    )
)
# Who turns five soon is four.
_SOON: Final = re.compile(
    rf"\b(?:almost|nearly|turning|will turn|about to turn)[ \t](?P<n>{_NUMBER})\b(?![ \t]?(?:%|min|hours?|weeks?"
    rf"|months?|days?|cm|mm|lesions?|units?|percent|years?\b(?! old)))",
    re.IGNORECASE,
)
_ANOTHER: Final = re.compile(
    r"(?:\b(?:mother|father|aunt|uncle|sister|brother|grand\w+|sibling|mom|dad|coder|biller|nurse)(?:[ \t](?:is|was)"
    r"|'s)?[ \t,(]{1,3}|\b(?:mother|father|mom|dad|parents?|grand\w+)[ \t](?:says?|said|thinks?"
    r"|claims?)[ \t](?:that[ \t])?|\b(?:cancer|diagnos\w+|menopause|quit|stopped|smok\w+|onset|surgery|died|death"
    r"|dx'?d?|since)"
    r"(?:[ \t]\w+){0,2}?[ \t,(]{1,3}(?:at |from )(?:the )?(?:age of |age |aged )?"
    r"|\b(?:ppd|p\.?p\.?d\.?|packs?(?: ?(?:/|a|per) ?day)?|smoked|smoking|smokes)[ \t](?:(?:x|for|about|over)[ \t]?)?"
    r"|\b(?:over|under|until|through|from|between|least|starts?|for|past|last|after|within|every|to)[ \t]"
    r"(?:the )?(?:age of |age |aged |ages )?)$",
    re.IGNORECASE,
)
"""Words before an age that is somebody else's, of another time, or a rule's."""
# "For the 71 y/o gentleman" tells of one patient, "for 65 year old patients" of a rule.
_FOR_ONE: Final = re.compile(r"\b(?:for|to|from|after) (?:the|an?|this|that|our|my) $", re.IGNORECASE)
_ONE: Final = re.compile(
    r"[ \t,-]{1,2}(?:\w+[ \t]){0,2}?(?:patient|pt|(?:wo)?man|(?:fe)?male|lady|gentleman|guy|boy|girl|child|kid|baby"
    r"|infant|m|f)\b",
    re.IGNORECASE,
)
_OLDEST: Final = 120


def read(text: str) -> Iterator[Fact]:
    """Yield each age that the letter tells, in whole years; a bare number counts where nothing else tells one."""
    months = [(number // 12, match) for number, match in _of(text, _MONTHS)]
    # An age in months is told more closely than by a word for the youngest, which may be of another or of once.
    found = [row for row in _told(text) if not months or row[1].groupdict()] or months
    if not found:
        found = [(number, match) for number, match in _of(text, _BARE) if number > 0]
    for number, match in found:
        if number <= _OLDEST:
            yield Fact("age_years", number, Span(*match.span()))


def _told(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    yield from _of(text, _YEARS)
    yield from ((0, match) for pattern in _YOUNG for match in pattern.finditer(text) if not _another(text, match))
    yield from ((number - 1, match) for number, match in _of(text, (_SOON,)) if number > 1)


def _of(text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, re.Match[str]]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            if not _another(text, match):
                yield _number(match["n"]), match


def _another(text: str, match: re.Match[str]) -> bool:
    if _FOR_ONE.search(text, max(0, match.start() - 12), match.start()) and _ONE.match(text, match.end()):
        return False
    return bool(_ANOTHER.search(text, max(0, match.start() - 48), match.start()))


def _number(written: str) -> int:
    """Return a number in digits or in words."""
    if written.isdigit():
        return int(written)
    ten, _, one = written.lower().replace("-", " ").partition(" ")
    if ten in ONES:
        return ONES.index(ten) + 1
    return 20 + 10 * _TENS.index(ten) + (ONES.index(one) + 1 if one else 0)
