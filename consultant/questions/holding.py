"""Tell what a letter says of the patient from what it only names.

That is what is denied, past, planned, suspected or a relative's, what stands in an earlier mail or under a heading of
the past, and what somebody would like to have coded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sites import Site
from knowledge.model import Phrase

DEEDS: Final = frozenset({"injury_encounter", "complication_encounter"})
# "History of" is said of a disease for life as well, and does not end it.
_LIFELONG: Final = frozenset({"diabetes", "hypertension", "chronic_kidney_disease", "follow_up_cancer"})
_RELATIVE: Final = re.compile(
    r"\b(?:mother|father|mom|dad|brother|sister|siblings?|parents?|grand(?:mother|father|parents?)|aunt|uncle"
    r"|cousin|son"
    r"|daughter|wife|husband|family (?:history|hx)|fam hx|fhx?)\b(?:'s)?",
    re.IGNORECASE,
)
_PATIENT: Final = re.compile(
    r"(?<!\bof )(?<!\bof the )(?<!\bis a )(?<!\balso a )(?<!\bare )"
    r"\b(?:patient|pt|he|she|himself|herself|who|i|we|doctor|provider)\b|[;.]",
    re.IGNORECASE,
)
_OPINION: Final = re.compile(
    r"\b(?:should be|ought to be|nearly|almost|borderline|means?|(?:cod|call|bill|report)(?:e|ed|ing)? (?:it"
    r"|this|that|them"
    r"|everything|all)\b[^.;\n]{0,30}\bas|wants?\b[^.;\n]{0,40}\b(?:as|coded)|instead of|screen(?:ed|ing)? for"
    r"|risk of"
    r"|work-?up for|monitor(?:ing)? for|prevention of|to prevent|evaluat\w+ for|concern(?:ed|s)? about)\b"
    r"(?! (?:used|reported|coded|assigned|billed|listed|sequenced|first))[^.;,\n]{0,32}$",
    re.IGNORECASE,
)
_SAYING: Final = re.compile(
    r"\b(?:template|software|encoder|manager|auditor|biller|lead|supervisor|boss|colleague|coder(?: \w)?|payer"
    r"|clearing ?house|speaker|trainer|instructor|presenter|vendor|EHR|EMR|tool|AI|chatbot|scrubber|cousin"
    r"|somebody|someone|office|hospital|intern|(?:Dr|Doctor)\.? [A-Z]\w+)\b[^.;\n]{0,40}?\b(?:wants?|says?"
    r"|said|proposes?"
    r"|suggests?|insists?|thinks?|claims?|codes|coded|put|puts|believes?|argues?|lists|told"
    r"|would (?:report|code|use|bill|assign|take|give|put)|offers?|picks?|picked)\b",
    re.IGNORECASE,
)
_FOUND: Final = re.compile(
    r"\b(?:documents?|documented|writes?|wrote|diagnos\w+|assessment|note says)\b", re.IGNORECASE
)
_GONE: Final = re.compile(
    r"\b(?:healed|resolved|former|previous|prior|(?<!year-)(?<!year )(?<!years )(?<!month-)(?<!month )(?<!yr )(?<!yrs )"
    r"(?<!y )(?<!week-)(?<!day-)old|remote)[ \t](?:\w+[ \t]){0,3}$",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(r"(?m)^[ \t>]*(?P<name>[A-Z][A-Za-z /&()-]{2,40}?)[ \t]?:(?=[ \t\n])")
_SECTIONS: Final = (
    (
        re.compile(r"^(?:PAST|PMH|PSH|PRIOR|PREVIOUS|FAMILY|FH|PLAN|FOLLOW|NEGATIVE|DENIES|RULED|RECOMMEND)", re.I),
        False,
    ),
    (re.compile(r"^(?:PRE-?OP|INDICATION|REASON|CHIEF|ADMIT(?:TING)? D|HPI|HISTORY|REFERR)", re.I), None),
)
_QUOTED: Final = re.compile(r"(?m)^[ \t]*>.*$")
_INTACT: Final = re.compile(
    r"[^.,;\n]{0,24}\b(?:intact|normal|clear|healed|unremarkable|warm|negative|not involved)\b"
    r"|,[ \t](?:(?:now|size|status)[ \t:]{1,2})?(?:well |fully |completely )?"
    r"(?:healed|closed|resolved|epithelialized)\b"
    r"|[ \t]*(?:skin)?[ \t]*(?:is|was)? ?(?:intact|normal|clear|healed)\b",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    r"(?:,? (?:and|or|nor) [\w ]{1,24}|, [\w ]{1,24}){0,2}[ \t]?[:=-][ \t]?(?:none|no|negative|neg|denie[sd]"
    r"|absent|not present)\b",
    re.IGNORECASE,
)
_LATER: Final = re.compile(
    r"[ \t,]{1,2}\d+(?: ?(?:to|-) ?\d+)? (?:days?|weeks?|wks?)\b(?! (?:ago|after|post|status|old))|"
    r"[^.;\n]{0,24}?\b(?:in|at|after) (?:about )?(?:\d+|one|two|three|a few|several)(?: ?(?:to"
    r"|-) ?\d+)? (?:days?|weeks?|wks?"
    r"|months?)\b",
    re.IGNORECASE,
)


_NO_HARM_OF: Final = re.compile(
    r"\b(?:no|without|not)\b[^.;,\n]{0,24}\b(?:complications?|problems?|rejection|failure|infection|issues?|sign\w*)"
    r"[ \t](?:of|with|from|in)[ \t](?:the[ \t]|his[ \t]|her[ \t])?$",
    re.IGNORECASE,
)
_NOT_SO: Final = re.compile(r"\bnon[ -]?$", re.IGNORECASE)
_NOT_KNOWN: Final = re.compile(
    r"(?:\b(?:do(?:es)?|did|can|could|would|is|am|are|was)[ \t]?(?:not|n't)|\b(?:cannot|not|never|nobody"
    r"|unable to|hard to))"
    r"[ \t](?:\w+[ \t]){0,2}(?:know|say|says|said|tell|sure|clear|stated?|documented?|written|see|recall)\b"
    r"[^.;?\n]{0,24}\b(?:whether|if|which of)\b[^.;?\n]*$|\bunclear (?:whether|if)\b[^.;?\n]*$",
    re.IGNORECASE,
)
"""What stands behind it is a list of what may be, however long it is."""
_ONCE: Final = re.compile(
    r"\b(?:in|since|from|during|back in|of)[ \t](?:(?:the|early|late|about|spring|summer|fall|autumn|winter"
    r"|of)[ \t]){0,4}"
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun"
    r"|jul|aug|sept?|oct|nov|dec)\.?[ \t])?(?:19|20)\d\d\b"
    r"|\b(?:last|the previous) (?:year|month|week|visit|note|time)\b|\byesterday'?s?\b"
    r"|\bwas[ \t](?:stage[ \t]|grade[ \t])?(?:[1-4]|two|three|four|I{1,3}V?)[ \t](?:in|on|at|last|before)\b"
    r"|\b(?:years?|yrs?)[ \t](?:ago|before|earlier|back)\b"
    r"|\b(?:first|last|previous|prior|older)(?:[ \t](?:one|baby|child|pregnancy|delivery|birth))?[ \t]"
    r"(?:was|were|by|delivered|born)\b"
    r"|\b(?:previously|formerly|used to be|years ago|at (?:the )?last visit|was still)\b",
    re.IGNORECASE,
)
"""A sentence about another year tells what was then, and yields to what is said of now."""
_POINTS_BACK: Final = re.compile(r"\s*(?:and |but )?(?:it|that one|this one|they|those)\b", re.IGNORECASE)
_CAUSES: Final = "icd_external_cause"
_CANCERS: Final = "icd_neoplasm"
_LONG_AGO: Final = re.compile(
    r"\b(?:years?|yrs?|decades?|long|ages)[ \t]ago\b|\bin the past\b|\bnot being treated\b", re.IGNORECASE
)
_BIRTHS: Final = frozenset({"normal_delivery"})
OF_NOW: Final = frozenset({"ckd_stage", "pressure_stage", "heart_failure_type", "retinopathy_stage", "ulcer_severity"})


@dataclass(frozen=True, slots=True)
class Said:
    """One phrase that holds of the patient."""

    phrase: Phrase
    fact: Fact
    weak: bool
    """Whether it yields to another value: a heading such as "preoperative diagnosis" says what was thought before."""


class Holding:
    """The text of one letter, asked for what holds of the patient."""

    def __init__(self, text: str, sentences: Sentences, *, quotes: bool = False) -> None:
        """Read a text; `quotes` says that what it quotes from older letters counts too."""
        self._text = text
        self._sentences = sentences
        self._headings = [(match.start(), match["name"]) for match in _HEADING.finditer(text)]
        self._quoted = [] if quotes else [match.span() for match in _QUOTED.finditer(text)]

    def said(self, phrase: Phrase, span: Span) -> Iterator[Said]:
        """Yield the phrase as a fact of the patient; what is denied of a yes or no is a no."""
        section = self._section(span.start)
        before = self._before(span)
        if section is False or self._in_quote(span.start) or self._of_others(phrase, before):
            return
        here = self._sentences.around(span.start)
        if _NOT_KNOWN.search(self._text[here.start : span.start]):
            return
        weak = section is None or self._of_then(phrase, here)
        meant = status(self._sentences, span.start, span.end, act=phrase.fact in DEEDS)
        kept = "histor" in phrase.fact or "histor" in str(phrase.value) or "histor" in phrase.text.lower()
        if _NONE.match(self._text[span.end : span.end + 48]):
            meant = Status.NEGATED
        if phrase.fact in DEEDS and _NOT_SO.search(before):
            return
        if phrase.fact in DEEDS and _LATER.match(self._text[span.end : span.end + 60]):
            return
        past = meant is Status.HISTORICAL and not kept and phrase.value not in _LIFELONG and phrase.value != "sequela"
        if meant is Status.NEGATED and phrase.value is True and _NO_HARM_OF.search(before):
            # No complication of a transplant says nothing against the transplant.
            return
        if meant is Status.NEGATED and phrase.value is True:
            yield Said(phrase, Fact(phrase.fact, False, span), weak)
        elif meant in (Status.NEGATED, Status.PLANNED, Status.UNCERTAIN) or past:
            return
        elif not (
            _OPINION.search(before) or self._claimed(before) or (_GONE.search(before) and phrase.value != "healed")
        ):
            yield Said(phrase, Fact(phrase.fact, phrase.value, span), weak)

    def _of_then(self, phrase: Phrase, here: Span) -> bool:
        """Tell whether a sentence about another year says a thing that may have changed since, or happened anew."""
        told = (phrase.family == _CAUSES and phrase.fact == "condition") or phrase.fact in OF_NOW
        told = told or (phrase.fact in DEEDS and phrase.value == "healing") or phrase.value in _BIRTHS
        if phrase.family == _CANCERS and _LONG_AGO.search(self._text, here.start, here.end):
            return True
        return told and bool(_ONCE.search(self._text, self._since(here), here.end))

    def _since(self, here: Span) -> int:
        """Return where a sentence begins, with the one before it where its first word points back."""
        if here.start > 0 and _POINTS_BACK.match(self._text, here.start, here.end):
            return self._sentences.around(here.start - 1).start
        return here.start

    def present(self, site: Site) -> bool:
        """Tell whether a place is one where something is now, and not one that is healed, intact or a relative's."""
        section = self._section(site.start)
        before, behind = self._before(Span(site.start, site.end)), self._text[site.end : site.end + 40]
        meant = status(self._sentences, site.start, site.end, act=False)
        gone = (
            _GONE.search(before)
            or self.old(site)
            or _INTACT.match(behind)
            or meant in (Status.NEGATED, Status.HISTORICAL)
        )
        return section is not False and not self._in_quote(site.start) and not gone and not _RELATIVE.search(before)

    def old(self, site: Site) -> bool:
        """Tell whether what is found at a place is called old or past."""
        named = min(site.start, site.side_start) if site.side else site.start
        return bool(_GONE.search(self._before(Span(named, site.end))))

    def _before(self, span: Span) -> str:
        """Return what stands before a place in its sentence."""
        return self._text[max(self._sentences.around(span.start).start, span.start - 90) : span.start]

    def _of_others(self, phrase: Phrase, before: str) -> bool:
        """Tell whether a phrase is said of a relative."""
        if phrase.fact.startswith("family") or _RELATIVE.search(phrase.text):
            return False
        relatives = list(_RELATIVE.finditer(before))
        return bool(relatives) and not _PATIENT.search(before, relatives[-1].end())

    @staticmethod
    def _claimed(before: str) -> bool:
        """Tell whether somebody who does not diagnose only says what follows: "my lead wants sepsis coded"."""
        said = _SAYING.search(before)
        return bool(said) and not _FOUND.search(before, said.start() if said else 0)

    def _section(self, position: int) -> bool | None:
        """Return what a heading says of the place: True it holds, None it held before, False it does not hold."""
        name = next((name for start, name in reversed(self._headings) if start <= position), "")
        paragraph = self._text.rfind("\n\n", 0, position)
        heading = next((start for start, _ in reversed(self._headings) if start <= position), 0)
        if heading < paragraph:
            return True
        return next((held for pattern, held in _SECTIONS if pattern.match(name)), True)

    def _in_quote(self, position: int) -> bool:
        return any(start <= position < end for start, end in self._quoted)
