"""Blank what a letter tells of opinions on coding and of other payers once, before the facts of the encounter are read.

"My coworker says it must have been fat" is no depth that anybody found, and "some comp carrier paid us both in 2017"
names no payer of this patient. What somebody says that the doctor or the note says is told of the case and stays, and
so do codes, which are put to the question wherever they stand.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Span
from consultant.questions.passages import Sentences

_OFFICE: Final = (
    r"(?:co-?worker|colleague|(?:desk|cube|cubicle|office|team|class)[ -]?mate|(?:desk|cube|cubicle"
    r"|office)[ -]neighbou?r"
    r"|biller|coder|scheduler|(?:office |practice |billing |clinic )?manager|supervisor|boss|director|auditor"
    r"|trainer|trainee|teacher|instructor|predecessor|backup|temp|part-?timer|front desk|receptionist|window seat"
    r"|(?:supply |billing |front )clerk|vendor|founder|compliance officer|old-?timer|billing (?:office|lady|team)"
    r"|(?:friend|cousin|neighbou?r|wife|husband|(?:sister|brother|mother|father)-in-law)(?=,? who (?:codes|bills"
    r"|works))"
    r"|(?:another|the other|the new) one)"
)
"""Who works on claims, and saw no patient."""
_HOLDS: Final = (
    r"(?:(?:just |only |also |always |still |then |even |first |really |vaguely |simply )?(?:says?|said|thinks?|thought"
    r"|insists?|insisted|believes?|believed|claims|claimed|argues?|argued|figures?|guess(?:es|ed)?|swears?|swore|assumes?"
    r"|assumed|suggests?|suggested|proposes?|proposed|hints?|maintains?|reckons?|votes?|remembers?|recalls?|prefers?"
    r"|tends to|goes by|is (?:sure|certain|convinced)|wants? (?:to (?:bill|code|report|charge|add|use|put)|an? |it "
    r"|the (?:code|plain|ordinary))|wanted (?:to (?:bill|code|report|charge|add|use|put)|an? |it )|used to say"
    r"|keeps (?:saying|telling)|would (?:have )?(?:bill|code|coded|assume|say|said|take|use|put|go|call|pick)"
    r"|would like to (?:bill|code|report|charge|use))|[’']d (?:bill|code|assume|say|take|use|put|go|call|pick))"
)
_OPINION: Final = re.compile(
    rf"\b{_OFFICE}\b(?:(?!\b(?:i|we)\b)[^.;?!\n:\"“]){{0,90}}?(?:\b|(?=[’'])){_HOLDS}(?![\w’'])",
    re.IGNORECASE,
)
_CODING: Final = re.compile(
    r"\b(?:s?he|they|nurse (?:one|two)|one of (?:us|them)|another one)(?: then| also| now| just| always)?"
    r"(?: (?:suggest|propos)(?:s|es|ed) (?:(?:an?|the) )?(?:[\w-]+ )?(?:codes?|modifiers?|g[ -]codes?)\b"
    r"| want(?:s|ed) (?:to use )?an? (?:[\w-]+ )?(?:codes?|g[ -]codes?)\b"
    r"|[’']d (?:bill|code|report|charge)\b)"
    r"|\b(?:nurse (?:one|two)|one of (?:us|them)|another one) (?:wants?|would like) to (?:bill|code|report|charge)\b",
    re.IGNORECASE,
)
"""A code that somebody would like, whoever it is."""
_SERVICE: Final = re.compile(
    r"\b(?:the|my|our|an?) (?!(?:doctor|doc|surgeon|physician|provider|patho\w+|radiolog\w+|dermato\w+|patient|note|lab"
    r"|report|chart|path|dictation|record|family|label|template|macro)\b)[\w-]+(?: [\w-]+)? (?:says|thinks|said"
    r"|thought) (?:that )?(?:it[’']?s|it is|it was|that[’']?s) (?:just |only |simply )?an? (?:\w+ ){0,2}"
    r"(?:repair|visit|consult|consultation|g[ -]?code|modifier|dressing|level|thing)\b",
    re.IGNORECASE,
)
_TOLD_OF_CASE: Final = re.compile(
    r"\b(?:doctor|doc|surgeon|physician|provider|practitioner|dr\.?|nurse|pa|np|note|report|chart|record|dictation|path"
    r"|pathology|patient|pt|insurance|coverage)(?:[’']s)? (?:\w+ )?(?:did|does|has|had|was|were|is|says|said"
    r"|shows|wrote|writes|documents?|documented|removed|used|took|took|made|told|saw|gave|cut|excised|closed|only|also)\b",
    re.IGNORECASE,
)
"""What is told at second hand, and is told of the case all the same."""
_TURN: Final = re.compile(
    r",[ \t](?:but|however|though|whereas|and yet|so (?:i|we)|and (?:i|we|the (?:doctor|surgeon|note)))\b"
    r"|[ \t]but (?=(?:the|our|he|she|it|that|in|i|we)\b)|[ \t](?:because|bc|b/c|since|as (?:it|s?he|they|the"
    r"|this))\b|[ \t][–—-]{1,2}[ \t]|;",
    re.IGNORECASE,
)
"""Where an opinion ends within its sentence; the reason that is given for it is told of the case."""
_PAYER: Final = (
    r"(?:payers?|carriers?|insurers?|insurance (?:company|companies)|plans?|(?:comp|insurance) outfits?|contractors?)"
)
_SOME_PAYER: Final = re.compile(
    rf"\b(?:some|another|an?|one|certain|other|different) (?:[\w’'-]+ ){{0,3}}?{_PAYER}\b", re.IGNORECASE
)
_ONCE: Final = re.compile(
    r"\b(?:once(?! (?:a|an|per|daily|weekly|every|the|he|she|we|it)\b)|years ago|a while (?:ago|back)|in the past"
    r"|back then|in (?:my|our|her|his) (?:very )?(?:first|last|old|former|previous|other) \w+|in (?:my|our|her"
    r"|his) days"
    r"|used to|in (?:19|20)\d\d|since the days|back in (?:19|20)\d\d|one of (?:these|those)|something (?:similar|like)"
    r"|when (?:i|she|he|we) (?:was|were) (?:just )?(?:hired|new|young)|for a whole (?:year|month|while)"
    r"|before they noticed|any ?more|up north|down south|out west|back east|in another state)\b",
    re.IGNORECASE,
)
_OF_PATIENT: Final = re.compile(
    r"\b(?:(?:the |this |our )?(?:patient|pt|lady|gentleman)|this (?:man|woman|one|time)|date of service|dos)\b",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(
    r"\b(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|morning|thanks?,?"
    r"|thank you,?)(?: there)?,? (?P<name>consultant)\b"
    r"(?![ \t]\w)",
    re.IGNORECASE,
)
"""The desk by its name, which is no consultation."""
_CODE: Final = re.compile(r"(?<![\w.])(?:\d{5}|[A-Z]\d{4}|\d{4}F)(?:-\w\w)?(?![\w])")


def without(text: str, sentences: Sentences) -> str:
    """Return the text with hearsay blanked, character for character, so that every place stays; codes are left."""
    pieces, last = [], 0
    for span in sorted(_spans(text, sentences), key=lambda span: (span.start, -span.end)):
        if span.end > last:
            start = max(span.start, last)
            pieces += [text[last:start], _blank(text[start : span.end])]
            last = span.end
    return "".join([*pieces, text[last:]])


def _spans(text: str, sentences: Sentences) -> Iterator[Span]:
    yield from (Span(*match.span("name")) for match in _ADDRESSED.finditer(text))
    for sentence in sentences.spans:
        if sentence.end <= sentences.body:
            continue
        if _of_another_payer(text, sentence):
            yield sentence
            continue
        for pattern in (_OPINION, _CODING, _SERVICE):
            match = pattern.search(text, sentence.start, sentence.end)
            if match and not _TOLD_OF_CASE.search(text, match.end(), sentence.end):
                turn = _TURN.search(text, match.end(), sentence.end)
                yield Span(match.start(), turn.start() if turn else sentence.end)


def _of_another_payer(text: str, sentence: Span) -> bool:
    """Tell whether a sentence tells what another payer did at another time."""
    return bool(
        _SOME_PAYER.search(text, sentence.start, sentence.end)
        and _ONCE.search(text, sentence.start, sentence.end)
        and not _OF_PATIENT.search(text, sentence.start, sentence.end)
    )


def _blank(told: str) -> str:
    """Blank words, and leave codes, the breaks of lines and the mark that ends the sentence."""
    kept = {place for match in _CODE.finditer(told) for place in range(*match.span())}
    end = len(told.rstrip())
    return "".join(
        char if char in "\n?" or place in kept or (place == end - 1 and char in ".!") else " "
        for place, char in enumerate(told)
    )
