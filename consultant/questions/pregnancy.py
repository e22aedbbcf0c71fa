"""Read what a prenatal note writes in figures: the completed weeks of gestation, and which pregnancy it is (G3P1)."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from consultant.questions.counting import number
from consultant.questions.model import Fact, Span

_WEEKS: Final = re.compile(
    r"(?<![\d./])(?P<a>\d{1,2})[ \t]?w(?:ee)?k?s?[ \t]?\d?(?:d|[ \t]days?)?(?:ays)?[ \t]?(?:gestation\w*"
    r"|pregnant|GA|EGA|IUP|preg)\b"
    r"|(?<![\d./])(?P<f>\d{1,2})[ \t]?w(?:ee)?k?s?[ \t,]{1,2}(?=(?-i:G)\d|gravida|primi)"
    r"|(?<![\d./])(?P<b>\d{1,2})[ \t]?(?:w[ \t]?\d[ \t]?d|(?:w(?:ee)?ks?[ \t]?)?(?:and[ \t]|\+[ \t]?)?\d[ /]7|\+\d\b)"
    r"|(?<![\d./])(?P<c>\d{1,2})[ \t-]?(?:weeks?|wks?)(?:,?[ \t](?:and[ \t])?\d[ \t](?:days?|d))?"
    r"(?=[^.\n]{0,24}\b(?:pregnan\w+|gestation\w*|GA|EGA|prenatal|OB|trimester|by (?:LMP|US|ultrasound))\b)"
    r"|(?<![\d./-])(?P<e>\d{1,2})[ \t-]?(?:weeks?|wks?)(?:,?[ \t](?:and[ \t])?\d[ \t]?(?:days?|d)\b)"
    r"|\b(?:at|now|is|she'?s|documented|weeks of|EGA|GA|gestational age|gestation)(?:[ \t](?:of"
    r"|is))?[ \t:]{1,2}(?P<d>\d{1,2})[ \t-]?(?:w|wks?|weeks?)\b",
    re.IGNORECASE,
)
_IN_WORDS: Final = re.compile(
    r"\b(?P<a>(?:twenty|thirty|forty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen))[ -](?:weeks?|wks?)"
    r"(?:,?[ ](?:and[ ])?(?:one|two|three|four|five|six|\d)[ ]days?\b|(?=[ ](?:pregnant|gestation\w*|along|today)\b))",
    re.IGNORECASE,
)
_ANY_WEEKS: Final = re.compile(
    r"(?<![\d./-])(?P<a>\d{1,2})[ \t-]?(?:weeks?|wks?)\b"
    r"(?![ \t](?:ago|later|before|prior|post|after|old|from|apart|off|of (?!pregnan|gestat)))",
    re.IGNORECASE,
)
"""Weeks that nothing calls those of the pregnancy: taken where no others are told."""
_NOT_WEEKS: Final = re.compile(
    r"\b(?:in|every|return|after|for|x|over|within|until|past|last|next|again in|q)[ \t]$", re.IGNORECASE
)
_GRAVIDA: Final = re.compile(
    r"(?<!\w)(?:G[ \t]?(?P<g>\d{1,2})(?=[ \t,]?P|\b)|gravida[ \t](?P<h>\d{1,2}))", re.IGNORECASE
)
_BABY: Final = re.compile(
    r"\b(?:baby|child|kid|pregnancy)[ \t]?(?:#|no\.?|number|nr\.?)[ \t]?(?P<n>\d|one|two"
    r"|three|four|five|six)\b",
    re.IGNORECASE,
)
_WEEKS_ASKED: Final = re.compile(
    r"\b(?:weeks?|gestation(?:al age)?|GA)[ \t-]codes?\b|\bcodes?\b[^.;\n]{0,40}\b(?:weeks?|gestation\w*"
    r"|GA)\b(?![ \t]?\d)"
    r"|\bZ3A\b|\bincl(?:\.|uding)? (?:the )?(?:weeks?|gestation\w*|GA)\b|(?:\+|&|\bplus|\bwith) (?:the )?(?:weeks?"
    r"|GA)\b(?![ \t]?\d)",
    re.IGNORECASE,
)
_WEEKS_NOT: Final = re.compile(r"\b(?:no|not|without|skip|leave out)\b[^.;\n]{0,24}\b(?:weeks?|Z3A)\b", re.IGNORECASE)
_BORN: Final = re.compile(
    r"\bdelivery summary\b|\blive[- ]?born\b|\bapgars?\b|\bdelivered (?:today|this (?:morning|admission|stay)"
    r"|vaginally|by c)"
    r"|\b(?:admit\w*|induc\w*|labor)\b[^.;\n]{0,40}\b(?:and|then) delivered\b",
    re.IGNORECASE,
)
"""What only the record of the birth itself tells."""
_PREGNANT: Final = re.compile(
    r"\b(?:pregnan\w*|prenatal|antenatal|gestation\w*|(?:primi|multi)?gravid\w*|trimester|obstetric\w*|(?:a[12])?gdm\w*"
    r"|gest\.?[ \t](?:htn|hypertension|diabetes|dm)|pre-?eclampsia|hellp|primip\w*|multip\w*|nullip\w*|preg|preterm"
    r"|ectopic|missed (?:ab|abortion|miscarriage)|miscarr\w*|embryo\w*|f[o]?etal"
    r"|post[ -]?partum|puerper\w*|deliver(?:y|ed)|c-section|cesarean|lactat\w*|breastfeed\w*|(?-i:UPT|IUP|ROB|NOB"
    r"|NSVD|IVF)|(?-i:PP)[ \t](?:visit|check|exam)|hcg|vbac|[gG]\d{1,2}[ ,]?[pP]\d|(?-i:OB|EGA|AMA))\b",
    re.IGNORECASE,
)


def told(text: str) -> bool:
    """Tell whether the letter is about a pregnancy, a birth or the weeks after it."""
    return bool(_PREGNANT.search(text))


def _weeks(text: str, pattern: re.Pattern[str]) -> Iterator[Fact]:
    for match in pattern.finditer(text):
        weeks = number(next(group for group in match.groups() if group))
        if 3 <= weeks <= 44 and not _NOT_WEEKS.search(text, max(0, match.start() - 12), match.start()):
            yield Fact("gestation_weeks", weeks, Span(*match.span()))


def counted(text: str) -> Iterator[Fact]:
    """Yield the weeks and the count of pregnancies where the letter is about a pregnancy."""
    if not told(text):
        return
    yield from islice(chain(_weeks(text, _WEEKS), _weeks(text, _IN_WORDS), _weeks(text, _ANY_WEEKS)), 1)
    asked = _WEEKS_ASKED.search(text)
    place = Span(*asked.span()) if asked else Span(0, 0)
    yield Fact("weeks_code", bool(asked) and not _WEEKS_NOT.search(text), place, certain=False)
    if born := _BORN.search(text):
        yield Fact("pregnancy_stage", "childbirth", Span(*born.span()))
    baby = _BABY.search(text)
    if baby and not _GRAVIDA.search(text):
        yield Fact("gravidity", "first" if baby["n"] in ("1", "one") else "later", Span(*baby.span()))
    gravida = _GRAVIDA.search(text)
    if gravida:
        number = int(gravida["g"] or gravida["h"])
        yield Fact("gravidity", "first" if number == 1 else "later", Span(*gravida.span()))
