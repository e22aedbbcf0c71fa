"""Read what decides G2211: whether the practitioner cares for the patient over time, and what modifier 25 is for.

Medicare pays the add-on for lasting care of all of the patient's needs or of one serious or complex condition, and not
beside a visit with 25 unless that stands for a vaccine, a wellness visit or another preventive service of Part B.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status

FACTS: Final = frozenset({"relationship", "visit_25"})
_RELATIONSHIPS: Final = tuple(
    (value, re.compile(pattern, re.IGNORECASE))
    for value, pattern in (
        ("single", (r"\burgent care\b|\bone[- ]time\b|\bsecond opinion\b|\bwalk[- ]?in\b"
                r"|\bwill not (?:be )?(?:see|follow)\w*|\bno (?:further "
                r"|planned )?follow[- ]?up (?:with us|planned|here)\b|\b(?:back|return\w*|goes) to (?:his"
                r"|her|their|the) (?:own )?(?:pcp|doctor)\b|\bcover(?:s|ed|ing) for\b|\btraveler\b"
                r"|\bvacation\w* patient\b")),
        ("focal_point", (r"\b(?:looks?|looking|looked) after (?:all|everything|her whole|his whole|the whole)\b"
                r"|\bfamily (?:doctor|physician|practitioner|doc|np)\b[^.\n]{0,24}\b(?:for|since)\b"
                r"|\b(?:her|his|our|their|a|the) long[- ]?(?:time|standing|term) (?:\w+ ){0,2}(?:patient|pt)\b"
                r"|\b(?:handles?|manages?|coordinates?|sees? to|responsible for) (?:all|everything)\b"
                r"|\bprimary (?:care )?(?:doctor|physician|provider|practitioner|clinician)\b"
                r"|(?<!by )(?<!from )(?<!to )(?<!with )\b(?:(?:pt|patient)'?s|her|his|their) own (?:pcp"
                r"|family doc\w*)\b"
                r"|\b(?:we are|i am|is|whose|as|acts as|being|our|been) (?:\w+ ){0,2}pcp\b"
                r"|\b(?:all|everything)\b[^.\n]{0,24}\b(?:comes?|goes|go|runs?) (?:through|by|past) (?:me|us|him|her)\b"
                r"|(?<!by )(?<!by the )(?<!the )\bpcp\b(?=[ ,;]{0,2}(?:saw|for|of|since|est|visit|we are|\d"
                r"|here|is ours|sees|follow))|\bfocal point\b|\b(?:all|everything)\b[^.\n]{0,24}\b(?:care"
                r"|conditions|needs|problems)\b|\btakes care of (?:all|everything)\b")),
        ("serious_condition", (r"\b(?:treat|follow|manag|car)(?:s|es|ed|ing"
                r"|e)?\b[^.\n]{0,80}\b(?:for (?:\w+ ){0,2}(?:years?|months?)|since|long[- ]?term|over time"
                r"|every (?:\d|\w+) (?:months?|weeks?)|ongoing\w*|follows (?:her|him|them))\b|\b(?:ongoing"
                r"|longitudinal|continuous|continuing|long[- ]term) (?:\w+ )?(?:care|management|treatment"
                r"|relationship|follow[- ]?up)\b|\bfollows (?:her|him|the patient|pt) for\b"
                r"|\bbeen (?:seeing|treating|following|managing)\b[^.\n]{0,60}\bfor\b")),
    )
)  # fmt: skip
_NO_25: Final = re.compile(
    r"\b(?:no|without|w/o|not|nor|isn'?t)\b[^.;\n]{0,24}?\b(?:(?:modifier|mod)s?\b\.?(?: ?-?25\b)?|-?25\b)"
    r"|\bnothing else\b|\bno other (?:service|procedure|code)s?\b"
    r"|\bonly (?:the|a) visit\b|\b(?:visit|e/?m) (?:only|alone)\b",
    re.IGNORECASE,
)
_25: Final = re.compile(r"(?<![\w.])-?25\b(?! ?(?:min|mg|ml|years|y/?o|%))")
_PREVENTIVE: Final = re.compile(
    r"\b(?:flu|influenza|covid\w*|pneumo\w+|shingles|hep\w* b)?[ ]?(?:vaccin\w+|immuni[sz]ation|shots?)\b"
    r"|\b(?:(?-i:AWV)|annual wellness|wellness visit"
    r"|G0438|G0439|G0402|G0008|G0009|G0010|preventive)\b",
    re.IGNORECASE,
)
_PROCEDURE: Final = re.compile(
    r"\b(?:procedure|injection|inj|biopsy|bx|excision|destruction|cryo\w*|removal|joint|aspiration|lavage|repair)\b"
    r"|(?<![\w.$/-])(?:[1-6]\d{4}|69\d{3})\b(?!-)|\b(?:93\d{3}|96372|94\d{3})\b",
    re.IGNORECASE,
)
_NO_PROCEDURE: Final = re.compile(r"\bno (?:\w+ )?(?:procedures?|injections?)\b", re.IGNORECASE)


def read(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield the relationship and the use of 25, each once; nothing of what the letter does not tell."""
    for value, pattern in _RELATIONSHIPS:
        match = next((match for match in pattern.finditer(text) if _affirmed(sentences, match, value)), None)
        if match:
            yield Fact("relationship", value, Span(*match.span()))
            break
    none, used = _NO_25.search(text), _25.search(text)
    preventive, procedure = _PREVENTIVE.search(text), _PROCEDURE.search(text)
    if none:
        yield Fact("visit_25", "no_25", Span(*none.span()))
    elif procedure and not _NO_PROCEDURE.search(text):
        yield Fact("visit_25", "other_service", Span(*procedure.span()))
    elif preventive:
        yield Fact("visit_25", "preventive", Span(*preventive.span()))
    elif used and procedure:
        yield Fact("visit_25", "other_service", Span(*used.span()))


def _affirmed(sentences: Sentences, match: re.Match[str], value: str) -> bool:
    meant = status(sentences, match.start(), match.end(), act=False)
    return meant in (Status.AFFIRMED, Status.UNCERTAIN) or (value == "single" and meant is not Status.PLANNED)
