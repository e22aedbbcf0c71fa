"""Read a thread by its last word: what a newer mail corrects is corrected in the older ones, and every place stays.

"Sorry, 16 mm", "it was the left, not the right", "the 50 below is a typo": the older mail is read with the number or
the word that holds now. Without such words two mails may tell of two things, and both stand as written.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from consultant.questions import counting, exchange
from consultant.questions.exchange import Thread
from consultant.questions.spelling import Mended, replaced, without_overlaps

_MOST: Final = 12
"""Corrections of one kind that are followed in one letter."""
_NUMBER: Final = r"(?<![\w.,/$#-])(?P<{0}>\d{{1,4}}(?:\.\d{{1,2}})?)(?![\w/-]|[.,]\d)"
_UNIT: Final = r"(?:sq\.?[ \t]?cm|cm(?:2|²|\^2)?|mm|inch(?:es)?|in\b|min(?:ute)?s?|hours?|h\b|ml|cc|mg|mcg|units?|%)"
_LEFT_OUT: Final = rf"[ \t]?{_UNIT}?[ \t]?(?:total[ \t]?)?[,;(–-]?[ \t]*(?:and[ \t])?"
# "It is 25 sq cm, not 52", "15 instead of 5".
_NOT: Final = re.compile(
    _NUMBER.format("new")
    + _LEFT_OUT
    + r"(?P<not>(?:not|instead of|rather than|and never|in place of)[ \t](?:the[ \t])?"
    + _NUMBER.format("old")
    + rf"(?:[ \t]?{_UNIT}(?!\w))?)",
    re.IGNORECASE,
)
# "The 50 below was a typo": what holds instead stands elsewhere.
_WRONG: Final = re.compile(
    _NUMBER.format("old")
    + rf"(?:[ \t]?{_UNIT})?[ \t](?:(?:below|above|before|earlier|there|I (?:wrote|sent|gave|told you|typed)|in"
    r"|the|my|his|her|note|mail|log|chart|first)[ \t]){0,5}"
    r"(?:was|is|were)[ \t](?:an?[ \t])?(?:typo\w*|slip|mistake|error|wrong|incorrect|mistyped|transposed|misread)",
    re.IGNORECASE,
)
_SLIP: Final = re.compile(
    r"\b(?:sorry|oops|whoops|typo\w*|correct(?:ed|ion|ing|s)?|amend\w*|actually|should (?:be|read|have)|meant"
    r"|mistake\w*"
    r"|mistyped|misread|mis-?typed|transposed|make (?:that|it)|my bad|wrong|in error|addend\w+|re-?measured"
    r"|measured (?:it )?again|re-?counted|counted (?:it|them)(?: again)?|scratch that|not right|apolog\w+|my error"
    r"|instead)\b",
    re.IGNORECASE,
)
_MEASURE: Final = re.compile(
    _NUMBER.format("n")
    + r"[ \t-]?(?P<unit>sq\.?[ \t]?cm|cm(?:2|²|\^2)?|mm|min(?:ute)?s?|ml|cc|mg|mcg|units?)(?!\w)(?![ \t]?[x×])",
    re.IGNORECASE,
)
_KIND: Final = {"sq": "area", "cm2": "area", "cm²": "area", "cm^": "area", "cm": "length", "mm": "length",
                "mi": "time", "ml": "volume", "cc": "volume", "mg": "dose", "mc": "dose", "un": "units"}  # fmt: skip
_ABOUT: Final = re.compile(
    rf"\b(?:about|approx(?:imately|\.)?|around|roughly|some|circa|ca\.|~|maybe|nearly|almost)[ \t]?"
    rf"(?P<n>{counting.NUMBER})(?=[ \t\"”,.])(?![ \t](?:minutes?|min|hours?|days?|weeks?|months?|years?|ago|percent"
    r"|of the|cm|mm|sq|ml|cc|mg)\b)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    rf"\b(?:count(?:ed|s|ing)?|exact(?:ly)?|tall(?:y|ied)|log|it'?s|(?:there|they|it) (?:were|was|are|is))\b"
    rf"[^.;\n]{{0,40}}?(?<![\w.,/$#-])(?P<n>{counting.NUMBER})(?![\w/%-]|[.,]\d|[ \t]?(?:{_UNIT}|years?|days?))",
    re.IGNORECASE,
)
_WORD: Final = re.compile(
    r"\b(?:(?:it|this|that|he|she|they|side|one)(?:'s|[ \t](?:was|is|were|meant))|should (?:be|read|have been)|meant"
    r"|correct(?:ed|ion)?:?(?: to)?|sorry,?)[ \t](?:the[ \t]|an?[ \t]|on the[ \t]|really[ \t]|actually[ \t]){0,2}"
    r"(?P<new>left|right|benign|malignant|simple|intermediate|complex|partial|total|new|established|upper|lower"
    r"|inpatient|observation|unilateral|bilateral|superficial|deep|medial|lateral)\b[^.;\n]{0,24}?,?[ \t]"
    r"(?P<not>(?:and[ \t])?not[ \t](?:the[ \t]|an?[ \t]|on the[ \t])?(?P<old>left|right|benign|malignant|simple"
    r"|intermediate|complex|partial|total|new|established|upper|lower|inpatient|observation|unilateral|bilateral"
    r"|superficial|deep|medial|lateral))\b",
    re.IGNORECASE,
)
# "The neck one I only inspected": of the two that an older mail listed, one was treated.
_LET_BE: Final = re.compile(
    r"\b(?:the|his|her)[ ](?P<site>[a-z]+(?:[ ](?!one|lesion|mole)[a-z]+)?)"
    r"[ ](?:one|lesion|mole|spot|nevus|cyst|growth)[ ,]+"
    r"[^.;\n]{0,24}?\b(?:(?:only|just)[ ](?:inspected|looked at|examined|checked|observed|watched)|left alone"
    r"|(?:didn'?t|did not|wasn'?t|was not|never)[ ](?:touch|treat|remov|excis|biops|shav|freez|frozen|cut)\w*)\b",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"\b(?:two|2) (?P<one>moles|lesions|spots|cysts|growths|tumou?rs|wounds|sites)\b", re.IGNORECASE
)
_LETTERS: Final = {"left": r"left|(?-i:L|LT|Lt)", "right": r"right|(?-i:R|RT|Rt)"}


def read(text: str, thread: Thread) -> Mended:
    """Return the joined mails of a thread with the older ones corrected; nothing is changed where it is one mail."""
    if not thread.ranks:
        return Mended(text)
    edits = list(_corrections(text, thread))
    if thread.asks:
        edits += exchange.answered(text, thread)
    return replaced(text, without_overlaps(edits))


def _corrections(text: str, thread: Thread) -> Iterator[tuple[int, int, str]]:
    for match in islice(_NOT.finditer(text), _MOST):
        if match["new"] != match["old"]:
            found = list(
                _older(text, thread, match.start(), rf"(?<![\w.,/$#-]){re.escape(match['old'])}(?![\w/-]|[.,]\d)")
            )
            yield from ((*place, match["new"]) for place in found)
            if found:
                yield (*match.span("not"), "")
    for match in islice(_WRONG.finditer(text), _MOST):
        number = re.escape(match["old"])
        places = list(
            _older(text, thread, match.start(), rf"(?<![\w.,/$#-]){number}(?:[ \t]?{_UNIT})?(?![\w/-]|[.,]\d)")
        )
        yield from ((*place, "") for place in places)
        if places:
            yield (*match.span(), "")
    for match in islice(_WORD.finditer(text), _MOST):
        new, old = match["new"].lower(), match["old"].lower()
        if new != old:
            yield from (
                (*place, new) for place in _older(text, thread, match.start(), rf"\b(?:{_LETTERS.get(old, old)})\b")
            )
    for match in islice(_LET_BE.finditer(text), _MOST):
        yield from _let_be(text, thread, match)
    yield from _measured(text, thread)
    yield from _counted(text, thread)


def _older(text: str, thread: Thread, place: int, pattern: str) -> Iterator[tuple[int, int]]:
    """Yield where older mails than that of a place hold a pattern."""
    rank = thread.rank(place)
    for match in re.finditer(pattern, text, re.IGNORECASE):
        if thread.rank(match.start()) > rank:
            yield match.span()


def _let_be(text: str, thread: Thread, match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Yield one of two things that older mails list, where a newer one says that nothing was done to it."""
    site = re.escape(match["site"])
    listed = rf"(?:,? (?:and|&|\+) (?:the |his |her )?{site}\b(?! and)|(?<!, )(?<!and )\b{site} (?:and|&|\+) (?:the )?)"
    for start, end in _older(text, thread, match.start(), listed):
        yield start, end, ""
        line = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start), 0)
        for pair in _PAIR.finditer(text[line:start]):
            yield line + pair.start(), line + pair.end(), f"one {pair['one'][:-1]}"


def _measured(text: str, thread: Thread) -> Iterator[tuple[int, int, str]]:
    """Yield the one measure of older mails that a newer one gives anew: "sorry, 16 mm"."""
    for slip in islice(_SLIP.finditer(text), _MOST):
        rank = thread.rank(slip.start())
        near = [
            match
            for match in _MEASURE.finditer(text, max(0, slip.start() - 60), slip.end() + 60)
            if thread.rank(match.start()) == rank
        ]
        if len({match[0].lower() for match in near}) != 1:
            continue
        kind = _kind(near[0]["unit"])
        old = [
            match
            for match in _MEASURE.finditer(text)
            if thread.rank(match.start()) > rank and _kind(match["unit"]) == kind
        ]
        if len(old) == 1 and old[0][0].lower() != near[0][0].lower():
            yield (*old[0].span(), near[0][0])


def _counted(text: str, thread: Thread) -> Iterator[tuple[int, int, str]]:
    """Yield the one rough number of older mails that a newer one counted: "about thirty" where there were 31."""
    rough = list(_ABOUT.finditer(text))
    if len(rough) != 1:
        return
    for match in _COUNTED.finditer(text):
        if thread.rank(match.start()) < thread.rank(rough[0].start()):
            yield (*rough[0].span(), match["n"])
            return


def _kind(unit: str) -> str:
    low = re.sub(r"[ \t.]", "", unit.lower())
    return _KIND.get(low[:3]) or _KIND.get(low[:2], low)
