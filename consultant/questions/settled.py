"""Find what a letter says to be coded already, or not to be its question: "the visit is coded", "I have the J code".

A service that is named there is background, wherever else the letter tells of it.
"""

import re
from collections.abc import Iterable
from typing import Final

from consultant.questions.model import Span

_CODED: Final = (
    r"(?:coded|billed|captured|entered|keyed|reported|handled|taken care of|settled|clear|fine|sorted|on the claim"
    r"|on (?:the|my|our) (?:claim|superbill|sheet)|in place|not (?:the|my|our) question|not in question|not needed"
    r"|not asked"
    r"|no question)"
)
_BILLED_ALREADY: Final = (
    rf"\b(?:(?:is|are|was|were|has been|have been|itself is)[ \t](?:already[ \t]|all[ \t])?{_CODED}|(?:is"
    rf"|are)[ \t](?:already[ \t])?done"
    r"|already[ \t](?:on|in|coded|billed|entered|have|done|keyed|reported)|(?:coded|billed|done"
    r"|entered)[ \t](?:already|separately)"
    r"|not[ \t]needed|codes?[ \t](?:(?:is|are)[ \t])?(?:in|done)"
    r"|(?<=\d)[ \t](?:is|are)[ \t](?:already[ \t])?in(?=[).,;\n]|$))(?!\w)"
)
_CODE_ALREADY: Final = r",[ \t](?:code[ \t])?(?:[A-Z]\d{4}|\d{5})[ \t](?:is[ \t])?already\b"
_IN_BRACKETS: Final = r"\((?:already[ \t])?(?:billed|coded|on the claim)\)"
_WE_HAVE: Final = (
    r"\b(?:i|we)[ \t](?:already[ \t])?(?:have|got|know)[ \t](?:the[ \t]|how[ \t]to[ \t](?:code"
    r"|bill)[ \t])?"
    r"(?:(?!\bbut\b|,[ \t](?:and[ \t]|so[ \t])?(?:(?:i|we|only|just|now)\b|need\w*|want\w*))[^.;?\n]){0,60}"
    r"\b(?:codes?|already|that|it|visit)\b"
)
_NO_NEED: Final = r"\b(?:i|we)[ \t](?:do not|don'?t)[ \t]need[ \t](?:(?!\bbut\b)[^.;?\n]){0,48}"
_END_OF_SETTLED: Final = re.compile("|".join((_BILLED_ALREADY, _CODE_ALREADY, _IN_BRACKETS)), re.IGNORECASE)
"""The end of a stretch that begins with what is settled: most letters have none, and it alone is found much sooner."""
_OURS: Final = re.compile(f"{_WE_HAVE}|{_NO_NEED}", re.IGNORECASE)
_SETTLED: Final = re.compile(
    rf"(?:(?:(?!\b(?:but|and then|while)\b)[^.;,\n(?]){{0,72}}{_BILLED_ALREADY})|{_WE_HAVE}"
    rf"|[^.;,\n(?]{{0,48}}{_CODE_ALREADY}|[^.;,\n(?]{{0,48}}{_IN_BRACKETS}|{_NO_NEED}",
    re.IGNORECASE,
)
_DRUG: Final = re.compile(
    r"\b(?:drugs?|j[- ]?codes?|product|medications?|hcpcs|vaccine|supply|serum)\b(?![ \t]admin)", re.IGNORECASE
)
_NO_DRUGS: Final = re.compile(
    r"\b(?:no|not|without|skip|exclud\w+|leav\w+ (?:out|off)|don'?t (?:need|want))[ \t](?:the[ \t]|any[ \t])?"
    r"(?:drugs?|j[- ]?codes?|hcpcs|meds|medicines?)(?:[ \t](?:codes?|lines?|supply))?[ \t]*(?:[,.;)\n]|$|and\b|or\b"
    r"|please\b)",
    re.IGNORECASE,
)
"""A request without the drugs: "code the infusions, no drugs, no E/M"."""
_ADMINISTRATION: Final = re.compile(
    r"\b(?:admin\w*|infusions?|injections?|shots?|push(?:es)?|9(?:63[67]|64[0-4])\d\d?|9047\d|20610)\b", re.IGNORECASE
)
_DRUG_ASKED: Final = re.compile(
    r"\b(?:j[- ]?codes?|drugs?[ \t](?:(?:and|&|\+)[ \t]?admin\w*[ \t])?(?:codes?|lines?|units?)|hcpcs|(?-i:J\d{4})"
    r"|(?:codes?|units?"
    r"|lines?|modifiers?)\b[^.;\n]{0,48}(?:\bfor|\band|[&+/,])[ \t]?(?:the )?drug)\b",
    re.IGNORECASE,
)
_ADMINISTRATION_ASKED: Final = re.compile(
    r"\b(?:admin\w*|(?:infusion|injection|push|hydration|shot)[ \t](?:codes?|units?|time|fee|charge)|(?:codes?"
    r"|units?|bill"
    r"|report)[ \t](?:and units[ \t])?"
    r"(?:for[ \t])?(?:the[ \t])?(?:infusion|injection|push|hydration|shot)|96[34]\d\d"
    r"|(?:infusion|injection|push|shot)[ \t]?(?:and|&|\+|/|plus)[ \t]?(?:the[ \t])?drugs?)\b",
    re.IGNORECASE,
)


class Settled:
    """The stretches of one text that tell of what is coded already."""

    def __init__(self, text: str) -> None:
        settled = _SETTLED if _END_OF_SETTLED.search(text) else _OURS
        self.spans = tuple(Span(*match.span()) for match in settled.finditer(text))
        rest = text
        for span in self.spans:
            rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
        told = [text[span.start : span.end] for span in self.spans]
        drug, administration = bool(_DRUG_ASKED.search(rest)), bool(_ADMINISTRATION_ASKED.search(rest))
        left_out = bool(_NO_DRUGS.search(text)) and bool(_ADMINISTRATION.search(text))
        self.drug = _any(_DRUG, told) or left_out or (administration and not drug)
        """Whether the code of the drug itself is not asked for."""
        self.administration = _any(_ADMINISTRATION, told) or (drug and not administration)
        """Whether the code of giving it is not asked for."""

    def covers(self, span: Span) -> bool:
        """Tell whether a place lies in a stretch that is settled."""
        return any(row.start <= span.start and span.end <= row.end for row in self.spans)


def _any(pattern: re.Pattern[str], told: Iterable[str]) -> bool:
    return any(pattern.search(row) for row in told)
