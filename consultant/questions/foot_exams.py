"""Read Medicare's foot exam of a diabetic patient with lost protective sensation from a note that never calls it so.

The exam is told by its parts: the lost sensation, a look at the feet or shoes, and teaching. Whether it is the first
one follows from what the letter says of another.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_EXAM: Final = "lops_foot_exam"
_ROUTINE: Final = frozenset({"nail_trimming", "nail_debridement", "hyperkeratosis_paring"})
_MONTHS: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
_LOST: Final = re.compile(
    r"\bLOPS\b|\b(?:loss of|lost|los[et]|losing) (?:\w+ )?protective sensation\b"
    r"|\bprotective sensation (?:is |was |has been )?(?:lost|absent|gone|missing|diminished)\b"
    r"|\binsensate\b|\b(?:monofilament|semmes\S*|5\.07|10[- ]?g)\b[^.;\n]{0,60}\b(?:not felt|n'?t feel|absent|negative"
    r"|unable|insensate|failed)\b|\b(?:unable to|could ?n'?t|could not|cannot|can'?t|did ?n'?t"
    r"|failed to) feel\b[^.;\n]{0,40}"
    r"\b(?:monofilament|semmes\S*|5\.07|10[- ]?g)\b",
    re.IGNORECASE,
)
_LOOKED: Final = re.compile(
    r"\b(?:re-?)?exam(?:s|ined|ination)?\b|\b(?:re-?)?eval(?:s|uated|uation)?\b|\b(?:re-?)?check(?:s|ed)?\b|\bassess\w*"
    r"|\binspect\w*|\blooked at\b|\b(?:LOPS|foot) (?:visit|check|recheck)\b",
    re.IGNORECASE,
)
_TAUGHT: Final = re.compile(
    r"\b(?:taught|teach\w*|educat\w*|pt ed|counsel\w*|instruct(?:ed|ions?) (?:on|in|about)|self-?care"
    r"|shoes?|footwear|foot ?gear)\b",
    re.IGNORECASE,
)
_CARE: Final = re.compile(
    r"\b(?:trimm?(?:ed|ing)?|clipp?(?:ed|ing)|cut(?:ting)?|debrid\w+|par(?:ed|ing)|shaved(?: down)?|reduc(?:ed|tion)"
    r"|ground(?: down)?|filed|thinned)\b",
    re.IGNORECASE,
)
_CARED_FOR: Final = re.compile(r"\b(?:toe-?)?nails?\b|\bcorns?\b|\bcall?us(?:es)?\b|\bhyperkerato\w+", re.IGNORECASE)
_CARE_NAMED: Final = re.compile(
    r"\b(?:(?:toe-?)?nails?|corns?|call?us(?:es)?)(?:,? (?:or|and|/) (?:\w+ )?(?:corns?|call?us(?:es)?|nails?))? "
    r"(?:work|care|treatment|trimming|debridement)\b|\b(?:trimming|paring|debridement|routine foot care)\b",
    re.IGNORECASE,
)
_NO_CARE: Final = re.compile(
    r"\b(?:(?:exam|eval\w*|education|teaching|counseling|check)(?: (?:and|&|/|\+) (?:exam|education|teaching"
    r"|footwear check))? only|only (?:the )?(?:exam|education))\b"
    r"|\bno (?:nails?|corns?|call?us(?:es)?)(?:,? (?:or|nor|and|/) (?:\w+ )?(?:corns?|call?us(?:es)?|nails?))*"
    r" (?:were |was )?(?:treated|touched|trimmed|cut|pared|debrided|done)\b"
    r"|\b(?:nails?|corns?|call?us(?:es)?)\b[^.;\n]{0,16}\b(?:were ?n'?t|was ?n'?t|were not|was not|not|left)"
    r" (?:touched|cut|trimmed|treated|done|alone|needed)\b",
    re.IGNORECASE,
)
_LATER: Final = re.compile(
    r"\b(?:re-?(?:check|exam\w*|eval\w*)|repeat(?:ed|ing)?\b(?: the)?(?: \w+)? (?:exam\w*|eval\w*|check|teaching"
    r"|education)"
    r"|(?:exam\w*|education|teaching|counseling) (?:was |were )?(?:repeated|reinforced|done again)"
    r"|(?:second|third|fourth|2nd|3rd|4th|next|subsequent|another|follow[- ]?up|f/?u|semi-?annual|twice-yearly)"
    r" (?:\w+ ){0,2}?(?:exam\w*|eval\w*|visit|check|one)"
    r"|(?:six|6)[- ]?(?:months?|mos?|mo)[- ](?:\w+ )?(?:re-?check|exam\w*|eval\w*|visit|check|f/?u|follow[- ]?up)"
    r"|(?:months?|mos?|years?|yrs?) (?:after|since|from) (?:(?:the|her|his|that) )?(?:first|initial|last"
    r"|previous|prior)"
    r"|LOPS (?:on file|known|established|since)|(?:known|established) (?:LOPS|loss)"
    r"|(?:already|previously) (?:been )?(?:dx'?d|diagnosed|documented|established|evaluated)"
    r"|(?:initial|first|prior|previous|last) (?:(?:LOPS|foot|diabetic) )?(?:exam\w*|eval\w*|visit|one|check)"
    rf"(?:,? \(?G0245\)?)?,? (?:was|in|on|then|done|billed|paid|last|back)(?: (?:in|on|done|last|billed"
    rf"|back))? ?(?:{_MONTHS}"
    r"|20\d\d|\d{1,2}/|year|then)?)\b",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(
    r"\b(?:first|very first|initial|1st)(?: ever)?(?: (?:LOPS|diabetic|foot|medicare|comprehensive))*"
    r" (?:exam\w*|eval\w*|check|visit|assessment)\b(?! (?:was|in|then|last|billed)\b)"
    r"|\b(?:LOPS|loss of protective sensation|protective sensation)\b[^.;\n]{0,24}\b(?:first|newly|just|today) "
    r"(?:diagnosed|dx'?d|found|identified|detected)\b"
    r"|\b(?:newly|new|just) (?:diagnosed|dx'?d|dx|found|identified|onset)(?: with| of)? (?:LOPS|loss)"
    r"|\bLOPS (?:was |is )?(?:newly|first|just) (?:diagnosed|dx'?d|found|identified)\b"
    r"|\b(?:no|never(?: had)?(?: an?y?)?|without(?: an?y?)?) (?:prior|previous|earlier)?\s?(?:LOPS|G024[56]|foot) "
    r"(?:exam\w*|eval\w*)\b",
    re.IGNORECASE,
)


def completed(text: str, sentences: Sentences, made: Sequence[Subject]) -> Iterator[Subject]:
    """Yield the subjects with what the letter says of a foot exam; one that no phrase called so stands behind them."""
    exams = [row for row in made if row.values().get("procedure") == _EXAM]
    exam = exams[0] if exams else _told(text, sentences)
    if exam is None:
        yield from made
        return
    names = {fact.name for fact in exam.facts}
    if "first_lops_exam" not in names and (first := _first(text, sentences)):
        exam = Subject(exam.kind, (*exam.facts, first))
    if "routine_care_given" not in names:
        exam = Subject(exam.kind, (*exam.facts, *_care(text, sentences)))
    if exams:
        yield from (exam if row is exams[0] else row for row in made)
        return
    # The nails that were trimmed at the exam are part of what G0247 stands for.
    yield from (row for row in made if row.values().get("procedure") not in _ROUTINE)
    yield exam


def _told(text: str, sentences: Sentences) -> Subject | None:
    """Return the exam that is told by its parts: lost sensation, and a look at the feet with teaching."""
    lost = next(_stated(text, sentences, _LOST), None)
    looked = next(_stated(text, sentences, _LOOKED), None)
    taught = next(_stated(text, sentences, _TAUGHT), None)
    if lost is None or looked is None or taught is None:
        return None
    return Subject("procedure", (Fact("procedure", _EXAM, looked), Fact("lops_documented", value=True, span=lost)))


def _first(text: str, sentences: Sentences) -> Fact | None:
    """Return whether it is the first exam: what tells of one before it goes before the word itself."""
    for pattern, first in ((_LATER, False), (_FIRST, True)):
        for match in pattern.finditer(text):
            if not _asks(text, sentences, match.start()):
                return Fact("first_lops_exam", first, Span(*match.span()))
    return None


def _care(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield every place where nails, corns or calluses were treated, or the one that says that they were not."""
    done = []
    denied = _NO_CARE.search(text)
    for match in _CARE.finditer(text):
        sentence = sentences.around(match.start())
        meant = status(sentences, match.start(), match.end(), act=True)
        if _CARED_FOR.search(text, sentence.start, sentence.end) and not _asks(text, sentences, match.start()):
            if meant is Status.AFFIRMED and not _NO_CARE.search(text, sentence.start, sentence.end):
                done.append(Fact("routine_care_given", value=True, span=Span(*match.span())))
            elif meant is Status.NEGATED:
                denied = denied or match
    for match in _CARE_NAMED.finditer(text):
        if status(sentences, match.start(), match.end(), act=True) is Status.NEGATED:
            denied = denied or match
    if done:
        yield from done
    elif denied:
        yield Fact("routine_care_given", value=False, span=Span(*denied.span()))


def _stated(text: str, sentences: Sentences, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        meant = status(sentences, match.start(), match.end(), act=False)
        if meant is Status.AFFIRMED and not _asks(text, sentences, match.start()):
            yield Span(*match.span())


def _asks(text: str, sentences: Sentences, place: int) -> bool:
    sentence = sentences.around(place)
    return text[sentence.start : sentence.end].rstrip().endswith("?")
