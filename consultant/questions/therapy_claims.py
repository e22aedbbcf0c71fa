"""Read what a Medicare claim of therapy says beside its codes: the yearly threshold, and who gave the service."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span

_LIMIT: Final = (
    r"(?:thresholds?|therapy (?:cap|limit)|(?-i:KX) (?:limit|amount)|(?:yearly|annual|dollar|therapy|medicare)"
    r" (?:cap|limit|amount)|cap\b|limit\b|\$ ?2,?[34]\d\d\b)"
)
_NOT_OVER: Final = re.compile(
    r"\b(?:under|below|beneath|within|short of|(?:far|well|way|miles|long way) (?:from|off|below|under)|nowhere near"
    r"|not (?:\w+ ){0,3}(?:reached|met|exceeded|over|past|above|near|hit|at)|(?:has|have|had|did)n'?t (?:\w+ )?(?:reach"
    rf"|reached|met|meet|exceeded?|hit|passed)|less than|before)\b[^.;\n]{{0,32}}?(?<![\w$]){_LIMIT}"
    rf"|(?<![\w$]){_LIMIT}[^.;\n]{{0,24}}\b(?:not (?:\w+ )?(?:met|reached|exceeded|hit|passed|over)|isn'?t (?:met"
    r"|reached)|far away|ok(?:ay)?|n/a)\b",
    re.IGNORECASE,
)
_OVER: Final = re.compile(
    r"\b(?:over|above|past|beyond|exceed(?:s|ed|ing)?|crossed|passed|surpass\w*|reached|met|hit|through|more than"
    rf"|went over|gone over|blew through|used up)\b[^.;\n]{{0,32}}?(?<![\w$]){_LIMIT}"
    rf"|(?<![\w$]){_LIMIT}[^.;\n]{{0,24}}\b(?:exceeded|met|reached|passed|crossed|surpassed|used up|exhausted|hit)\b",
    re.IGNORECASE,
)
_NEEDED: Final = re.compile(
    r"\bmedical(?:ly)? necess\w+|\b(?:necessity|need)\b[^.;\n]{0,48}\b(?:documented|shown|justified|supported"
    r"|in the (?:note|record|chart)|clear)\b|\bskilled (?:\w+ ){0,3}(?:still )?(?:needed|necessary|required"
    r"|justified)\b"
    r"|\b(?:documented|documents|supports?|justif\w+)\b[^.;\n]{0,48}\b(?:necess\w+|continued|continuing|going on"
    r"|need)\b"
    r"|\bstill (?:needs?|requires?) (?:skilled|therapy)\b",
    re.IGNORECASE,
)
_NOT_NEEDED: Final = re.compile(
    r"\b(?:no|not|nothing|without|lack\w*|missing|isn'?t|doesn'?t|never)\b[^.;\n]{0,40}"
    r"\b(?:medical(?:ly)? necess\w+|necessity)",
    re.IGNORECASE,
)
_ASSISTANT: Final = (
    r"(?:(?-i:PTAs?|COTAs?|OTAs?)|(?:physical|occupational) therap(?:y|ist) assistant|therapy assistant)"
)
_BY_ASSISTANT: Final = re.compile(
    rf"\b{_ASSISTANT}(?:['\u2019]s)?\b(?:[ \t]\w+){{0,2}}?[ \t](?:gave|did|does|treated|treats|provided|performed|ran"
    r"|worked|rendered|delivered|furnished|handled|saw|took|carried)\b"
    rf"|(?:\b(?:by|with|from)|\bw/)[ \t](?:the|our|a|an|my)?[ \t]?(?:\w+[ \t])?{_ASSISTANT}(?![\w-])",
    re.IGNORECASE,
)
_BY_THERAPIST: Final = re.compile(
    r"\b(?:PT|OT|DPT|OTR|therapist)s?\b[^.;\n]{0,24}\b(?:and|&|with|plus|then)\b[^.;\n]{0,16}"
    rf"(?:{_ASSISTANT}|\bassistant)"
    rf"|(?:{_ASSISTANT})[^.;\n]{{0,24}}\b(?:and|&|plus|then)\b[^.;\n]{{0,16}}\b(?:PT|OT|OTR|therapist)\b"
    r"|\b(?-i:PT|OT|DPT|OTR)\b(?:[ \t]\w+){0,2}?[ \t](?:gave|did|treated|provided|performed|worked|took over)\b"
    r"|\b(?:part|half|some|first|last|\d{1,2} min\w*)\b[^.;\n]{0,24}\bassistant\b"
    rf"|\b(?:no|not|never|without|isn'?t)\b[^.;\n]{{0,16}}(?:{_ASSISTANT}|\bassistant)",
    re.IGNORECASE,
)


def told(text: str) -> Iterator[Fact]:
    """Yield whether Medicare's yearly threshold is passed with the need on record, and whether an assistant gave all.

    A threshold that was passed without a word on the need, and a session shared with an assistant, yield nothing.
    """
    under, over, needed = _NOT_OVER.search(text), _OVER.search(text), _NEEDED.search(text)
    if under:
        yield Fact("above_threshold", value=False, span=Span(*under.span()))
    elif over and needed and not _NOT_NEEDED.search(text):
        yield Fact("above_threshold", value=True, span=Span(*over.span()))
    assistant = _BY_ASSISTANT.search(text)
    if assistant and not _BY_THERAPIST.search(text):
        yield Fact("by_assistant", value=True, span=Span(*assistant.span()))
