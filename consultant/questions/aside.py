"""Find what a letter tells of things that were not treated at this encounter: earlier ones, planned ones, those let be.

"A second nevus was looked at and left alone" names a nevus, and none that is to be coded.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from consultant.questions import lesion_words
from consultant.questions.model import Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sections import Part

_UNTREATED: Final = re.compile(
    r"\b(?:not|never|nobody|no one|wasn'?t|weren'?t|isn'?t|didn'?t)\b[ \t](?:\w+[ \t]){0,2}?"
    r"(?:treat(?:ed)?|remov(?:ed?)|excised?|biopsied|touch(?:ed)?|addressed|operated|frozen|freeze|shaved?|injected"
    r"|pared"
    r"|need(?:ing)? treatment)\b(?![ \t](?:completely|entirely|fully|in full|with|by))"
    r"|\b(?:did|does|do)[ \t]nothing[ \t](?:to|with|about)[ \t](?:it|them|this|that)\b"
    r"|\bnothing[ \t](?:was[ \t])?done[ \t](?:to|with|about|for)[ \t](?:it|them|this|that)\b"
    r"|\bdeclin(?:ed|es|ing)\b|\bleft[ \t](?:alone|untreated|untouched|as is|for now|(?:for|until"
    r"|till)[ \t](?:(?:the|a|an)[ \t])?(?:next|another|later)[ \t]\w+)\b|\b(?:saved|postponed|put off|held)[ \t]"
    r"(?:for|until|till|to)[ \t](?:(?:the|a|an)[ \t])?(?:next|another|later|future)\b|\b(?:untreated|untouched)\b"
    r"|\b(?:was|were|is|are)[ \t](?:only[ \t]|just[ \t]|being[ \t])?(?:looked at|observed|monitored|watched|quiet)\b"
    r"|\breassur(?:ed|ance)\b|\b(?:watchful|watch and) wait\w*"
    r"|\b(?:treatment|removal) (?:was )?deferred\b|\bno treatment\b|(?<!needle )(?<!aspiration )(?<!syringe"
    r" )(?<!\bhe )(?<!\bshe )(?<!\bwe )(?<!\bi )\bgot nothing\b"
    r"|\b(?:will|to) be (?:treated|removed|excised|frozen|done|"
    r"seen|biopsied|addressed|watched|observed|monitored)\b|\basymptomatic\b",
    re.IGNORECASE,
)
# What the letter says to be coded by somebody or somewhere else: "my coworker already billed those".
_SETTLED: Final = re.compile(
    r"\b(?:already|separately)[ \t](?:billed|coded|reported|on the claim|charged)\b"
    r"|\b(?:coded|billed|reported|handled)[ \t](?:already|separately|elsewhere|by (?:my|the|our|another|somebody"
    r"|some ?one|somone|others))\b"
    r"|\bignore[ \t](?:them|it|those|these|that)\b",
    re.IGNORECASE,
)
# The part of a thing that was treated: the matrix of a nail that was taken off, a margin, the bed of a wound.
_PART_OF_IT: Final = re.compile(
    r"\b(?:matri(?:x|ces)|nail beds?|(?:lymph )?nodes?|axilla\w*|nipples?|margins?|fascia|muscles?|bone|fat"
    r"|cartilage)(?:[ \t](?:was|were|is|are))?[ \t]?$",
    re.IGNORECASE,
)
_MEANT_BEFORE: Final = re.compile(r"\b(?:those|them|these|that|it|which|this)\b", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"[;,:(]|\b(?:but|while|whereas|and)\b", re.IGNORECASE)
# A common word for a removal tells of the past where a time does: "removed in 2023".
_REMOVED: Final = re.compile(r"\b(?:removed|removal|taken off|treated)\b", re.IGNORECASE)
_EARLIER: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:ago|prior|previous(?:ly)?|earlier|s/p|status post|h/o|once|years? (?:back|before))\b",
    re.IGNORECASE,
)
# "History of two BCCs of the back, 2019": a disease with its year was before.
_HAD_ONCE: Final = re.compile(
    r"[\s\W]*(?:past |prior |personal )?(?:history|hx|h/o|s/p|status post)\b[^.;\n]{0,80}\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_MONTHS: Final = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|spring|summer|fall|autumn|winter"
)
# "In April he had 14 treated, but this time nine": what stands before the turn was then.
_THEN_AND_NOW: Final = re.compile(
    rf"[^.;\n]*?\b(?:in (?:{_MONTHS})(?! \d)|last (?:time|visit|session|year|month|week|{_MONTHS})|before that"
    rf"|back then"
    r"|earlier this year)\b[^.;\n]*?[,–-][ \t]?(?P<now>(?:but[ \t]|and[ \t]|while[ \t])?"
    r"(?:this time|today|(?:at |on )?this visit|now)\b)",
    re.IGNORECASE,
)
# "In the spring they had done a larger area": a time before with its pluperfect is all that the sentence tells.
_THEN: Final = re.compile(
    rf"[\s\W]*(?:and |but |also )?(?:(?:back )?in (?:the |early |late )?(?:{_MONTHS})(?: (?:of )?(?:20\d\d|last year))?"
    rf"|last (?:time|visit|session|year|month|week|{_MONTHS})|before that|earlier this year|previously"
    r"|(?:at|on|for|during) (?:the|her|his|their) (?:first|last|previous|prior|earlier) (?:visit|session"
    r"|treatment|time))"
    r"\b[^.;\n]{0,24}\b(?:(?:had|have|has)(?: (?:also|only|already))? (?!n)\w{3,}|(?:was|were) \w{3,}ed|(?:we"
    r"|they|he|she"
    r"|i) (?:did|treated|froze|removed|took|excised|lasered|shaved|opened|drained))\b",
    re.IGNORECASE,
)
_SUBJECTLESS: Final = re.compile(r"[,(–-][ \t]*$")
_SIZE: Final = re.compile(r"\d[ \t]?(?:cm|mm|sq)\b", re.IGNORECASE)


class Aside:
    """The stretches of one text that tell of nothing that was done at this encounter."""

    def __init__(self, text: str, sentences: Sentences, *, past: bool = False) -> None:
        self._spans = _stretches(text, sentences, past)
        self._starts = [span.start for span in self._spans]

    def holds(self, position: int) -> bool:
        """Tell whether what stands at a position was not treated at this encounter."""
        at = bisect_right(self._starts, position)
        return any(position < span.end for span in self._spans[max(0, at - 4) : at])


@lru_cache(maxsize=4)
def _stretches(text: str, sentences: Sentences, past: bool) -> tuple[Span, ...]:  # noqa: FBT001 - a key
    """Return the stretches in their order; each reader of a letter asks for the same."""
    found = [] if past else list(_earlier(text, sentences))
    found += [*_let_be(text, sentences), *_settled(text, sentences)]
    return tuple(sorted(found, key=lambda span: (span.start, -span.end)))


def _earlier(text: str, sentences: Sentences) -> Iterator[Span]:
    """Yield the sentences that tell only of what was before or is still to come."""
    for sentence in sentences.spans:
        part = sentences.part(sentence.start + len(text[sentence.start : sentence.end]) // 2)
        if (
            part in (Part.PAST, Part.PLAN)
            or (part is Part.HISTORY and _EARLIER.search(text, sentence.start, sentence.end))
            or _bygone(text, sentences, sentence)
            or _HAD_ONCE.match(text, sentence.start, sentence.end)
            or (_THEN.match(text, sentence.start, sentence.end) and not _THEN_AND_NOW.match(text, sentence.start))
        ):
            yield sentence
        elif then := _THEN_AND_NOW.match(text, sentence.start, sentence.end):
            yield Span(sentence.start, then.start("now"))


def _bygone(text: str, sentences: Sentences, sentence: Span) -> bool:
    """Tell whether a sentence speaks only of a removal that was long ago or is still to come.

    A biopsy of last month does not make the lesion a past one: its finding is the finding of today.
    """
    meant = [
        status(sentences, match.start(), match.end(), act=True)
        for row in lesion_words.TECHNIQUE
        if row.value != "biopsy"
        for match in row.pattern.finditer(text, sentence.start, sentence.end)
    ]
    meant += [
        one
        for match in _REMOVED.finditer(text, sentence.start, sentence.end)
        if (one := status(sentences, match.start(), match.end(), act=True)) is Status.HISTORICAL
    ]
    return bool(meant) and all(one in (Status.HISTORICAL, Status.PLANNED) for one in meant)


def _settled(text: str, sentences: Sentences) -> Iterator[Span]:
    """Yield the clause of what is coded already, and its whole sentence where a pronoun stands for what it names."""
    for match in _SETTLED.finditer(text):
        sentence = sentences.around(match.start())
        cuts = [cut.start() for cut in _CLAUSE.finditer(text, sentence.start, match.start())]
        start = cuts[-1] if cuts else sentence.start
        whole = _MEANT_BEFORE.search(text, start, min(sentence.end, match.end() + 8))
        # "(The visit is coded already)" says so of what stands in its brackets.
        bracket = text.find(")", match.end(), sentence.end) if text[start : start + 1] == "(" else -1
        if bracket > 0:
            yield Span(start, bracket)
        else:
            yield sentence if whole else Span(start, sentence.end)


def _let_be(text: str, sentences: Sentences) -> Iterator[Span]:
    """Yield what is said not to have been treated: its sentence, or its clause where the sentence tells of more."""
    for match in _UNTREATED.finditer(text):
        if _PART_OF_IT.search(text, max(0, match.start() - 24), match.start()):
            continue
        sentence = sentences.around(match.start())
        rest = ((sentence.start, match.start()), (match.end(), sentence.end))
        if "biops" in match[0].lower() and _acted(text, sentences, rest):
            # "Removed tangentially, not biopsied": what was not sampled was dealt with otherwise.
            yield Span(*match.span())
            continue
        # "1.4 cm lentigo of the forearm, not treated": the words without a subject are said of what was measured.
        of_all = _SUBJECTLESS.search(text, sentence.start, match.start()) and not _acted(text, sentences, rest)
        if of_all or not _tells(text, sentences, rest):
            yield sentence
            continue
        cuts = [cut.start() for cut in _CLAUSE.finditer(text, sentence.start, match.start())]
        ends = [cut.start() for cut in _CLAUSE.finditer(text, match.end(), sentence.end)]
        while (
            cuts
            and not text[cuts[-1] : match.start()].strip(" \t,;:()").removeprefix("and").removeprefix("but").strip()
        ):
            # "Mohs was offered and declined": the words without a subject are said of what stands before them.
            cuts.pop()
        yield Span(cuts[-1] if cuts else sentence.start, ends[0] if ends else sentence.end)


def _tells(text: str, sentences: Sentences, stretches: Iterable[tuple[int, int]]) -> bool:
    """Tell whether stretches of a sentence measure something or tell of an act that was done."""
    rows = tuple(stretches)
    return any(_SIZE.search(text, start, end) for start, end in rows) or _acted(text, sentences, rows)


def _acted(text: str, sentences: Sentences, stretches: Iterable[tuple[int, int]]) -> bool:
    """Tell whether stretches of a sentence tell of an act that was done."""
    for start, end in stretches:
        for row in lesion_words.TECHNIQUE:
            for match in row.pattern.finditer(text, start, end):
                if status(sentences, match.start(), match.end(), act=True) is Status.AFFIRMED:
                    return True
    return False
