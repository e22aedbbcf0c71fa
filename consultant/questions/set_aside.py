"""Find what a letter tells of the patient and does not want coded: looked at only, coded already, "leave it out".

Such words stand behind the thing in its sentence, or in front of it. A sentence that asks whether something is to be
left out leaves it in.
"""

import re
from collections.abc import Iterable
from typing import Final

from consultant.questions.model import Span
from consultant.questions.passages import Sentences

_BEHIND: Final = re.compile(
    r"\b(?:leave|leaving|left|keep|keeping|kept)[ \t](?:it|that|this|them|those|these)[ \t](?:out|off|aside|alone)\b"
    r"|\b(?:(?:do|did|does|need|should|shall|will)(?:[ \t]not|n't)|not|never)[ \t](?:\w+[ \t]){0,3}?"
    r"(?:write (?:it |them )?up|written up|manage[d]?|address(?:ed)?|evaluat(?:e|ed)|assess(?:ed)?|cod(?:e"
    r"|ed) (?:it|that|them|those)"
    r"|(?:to be )?coded|wanted|on (?:this|the|my) (?:list|claim)|on those|part of (?:this|the) (?:question|claim"
    r"|visit))\b"
    r"|\b(?:do not|don't|did not|didn't)[ \t](?:\w+[ \t])?(?:want|need)[ \t](?:it|that|this|them|those|these)\b"
    r"|\b(?:looked at|noted|mentioned|seen|observed|listed) only\b|\bonly (?:looked at|noted|mentioned|observed)\b"
    r"|\b(?:to|must|should|can|will|shall) (?:stay|remain|be (?:left|kept|taken)|come|go) (?:off|out)\b(?! of)"
    r"|\bnot (?:biopsied|sampled)(?:,| and| or) not treated\b"
    r"|\bleav(?:e|ing)[ \t](?:it|that|this|them|those|these)[ \t](?:be|as (?:it|they) (?:is|are)|as is)\b"
    r"|\b(?:(?:is|are|was|were|has been|have been)[ \t])?(?:already[ \t](?:coded|done|picked|chosen|assigned"
    r"|selected|on the claim|taken care of)"
    r"|coded (?:already|separately|elsewhere|by (?:the|an?|another)\b))"
    r"|\b(?:is|are|was|were|has been|have been)[ \t]coded\b(?![ \t](?:as|with|to|by|at|under|correct\w*|right|wrong))"
    r"|\((?:already )?coded(?: already)?\)"
    r"|\b(?:is|are|was|were)[ \t](?:not (?:my|the|our|in) question|for (?:another|a later) (?:visit|claim|day"
    r"|letter))\b"
    r"|\bignore (?:it|that|this|them|those)\b"
    r"|\b(?:already|have)[ \t](?:put|used|assigned|entered|gave|given|got|have|picked)[ \t](?:in[ \t]|down[ \t])?"
    r"(?-i:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"\b(?:leav(?:e|ing) (?:out|off|aside)|ignor(?:e|ing)|skip|forget(?: about)?|nothing (?:for|about|on)"
    r"|(?:do not|don't|no need to|needn't) (?:code|list|want|need|add|include)(?: (?:a |any )?codes? for)?"
    r"|not asking (?:about|for)"
    r"|(?:i|we) (?:already )?(?:have|coded)(?: (?:a |the )?codes? for)?(?= the[^.;\n]*\balready\b)|without coding)[ \t]"
    r"(?:(?:the|her|his|any|a|an|old|about)[ \t]){0,3}[\w /-]{0,40}$",
    re.IGNORECASE,
)
# What is to stay off the claim stays off it wherever else the note names it.
_OFF_CLAIM: Final = re.compile(
    r"[^.;\n]{0,24}?\b(?:stays?|remains?|kept|left|leave|keep)[ \t](?:off|out of)[ \t]"
    r"(?:the|this|my|our)[ \t](?:\w+[ \t])?claim\b",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"[\s,]*(?:\w+[ \t]){0,2}(?:and|or|,)[\s\w]{0,16}", re.IGNORECASE)


class SetAside:
    """The text of one letter, asked what in it is not to be coded; `named` are the things that it tells of."""

    def __init__(self, text: str, sentences: Sentences, named: Iterable[Span]) -> None:
        self._text = text
        self._sentences = sentences
        self._named = sorted({(span.start, span.end) for span in named})

    def off_claim(self, span: Span) -> bool:
        """Tell whether the letter keeps what this stretch names off the claim, wherever it names it."""
        here = self._sentences.around(span.start)
        asks = self._text[here.start : here.end].rstrip().endswith("?")
        return not asks and _OFF_CLAIM.match(self._text, span.end, here.end) is not None

    def holds(self, span: Span) -> bool:
        """Tell whether the letter sets aside what this stretch names."""
        here = self._sentences.around(span.start)
        if self._text[here.start : here.end].rstrip().endswith("?"):
            return False
        if _BEFORE.search(self._text, here.start, span.start):
            return True
        end = here.end
        reached = span.end
        for start, stop in self._named:
            if reached <= start < here.end:
                if not _JOINED.fullmatch(self._text, reached, start):
                    end = start
                    break
                reached = stop
        return bool(_BEHIND.search(self._text, span.end, end))
