"""Say how great the risk of management is that a note tells by what was decided: a drug, an operation, an admission.

The rows follow the examples of the risk column in the CPT guidelines for evaluation and management.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from consultant.questions.drug_names import DRUG
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sections import Part

_CHANGED: Final = (
    r"(?:stepped up|steps? up|advanc|escalat|upp|bump|doubl|halv|taper|wean"
    r"|restart|resum|start|initiat|increas|decreas|adjust|titrat|rais|lower|switch|chang|continu|stopp?|add|renew|refill)"
)
RISK: Final = tuple(
    (value, re.compile(pattern, re.IGNORECASE))
    for value, pattern in (
        (
            "high",
            (
                r"\bcath lab (?:was )?(?:activat\w+|alert\w*|called)|\b(?:activat\w+|called) (?:the )?cath lab\b"
                r"|\bdecision (?:regarding|about|on|for|to) (?:hospitali[sz]\w+|admi\w+|escalat\w+)\b"
                r"|\b(?:sent|arranged|set up) (?:\w+ ){0,4}?(?:for|as|a) (?:a )?direct(?:ly)? admi(?:t|ssion)\b"
                r"|\b(?:decided|decides|elected|chose) (?:to (?:admit|hospitali[sz]e)|on (?:admission"
                r"|hospitali[sz]ation))\b"
                r"|\bdecision:? (?:was )?(?:for |on )?(?:\w+ ){0,3}?(?:/ ?|and |for )?(?:admission"
                r"|hospitali[sz]ation|admit)\b"
                r"|\bemergen(?:t|cy) (?:\w+ )?(?:pci|cath\w*|surgery|operation|laparotomy|appendectomy|craniotomy"
                r"|thrombectomy"
                r"|intubation|dialysis|endoscopy)\b"
                r"|\b(?:taken|took \w+|goes|went|sent) (?:straight |directly )?to (?:the )?(?:cath lab|OR\b"
                r"|operating room|ICU)"
                r"|\b(?:tPA|tenecteplase|alteplase|thrombolytics?)\b[^.;\n]{0,16}\b(?:given|started|pushed"
                r"|administered)\b"
                r"|\b(?:admi\w+|escalat\w+|transfer\w*) to (?:the )?(?:ICU|intensive care)\b"
                r"|\bparenteral (?:controlled|opioid|narcotic)\w*"
                r"|\bmajor surgery with (?:identified )?(?:\w+ )?risk factors\b|\b(?:intensive|toxicity) (?:drug "
                r"|lab )?monitoring\b"
                r"|\b(?:DNR|de-?escalat\w+ care)\b"
            ),
        ),
        (
            "moderate",
            (
                r"\bprescri(?:bed|bes|be\b|ption (?:for|was|sent|given|renewed|drug|med\w*|management"
                r"|strength))\b|\brx'?d\b"
                r"|\brx\b:?[ ](?!none|no\b|drug|plan|benefit|card|number|refused|declin|was\b|is\b|for\b)[a-z]{4,}"
                r"|\bprescription (?!drug|plan|benefit|card|strength|med|management|for|was|sent|given|renewed"
                r"|needed)[a-z]{4,}"
                r"|\b(?:meds?|medications?|drugs?|regimen|doses?)\b(?: (?:were|was|are|all|both|reviewed|and"
                r"|reconciled|list|&|/)){0,4}"
                r"[ /](?:re-?ordered|continued|renewed|refilled|adjusted|changed|increased|titrated|optimi[sz]ed"
                r"|switched)\b"
                r"|\bcontinu(?:e|ed|es|ing) (?:(?:all|on|her|his|the|same|current|home|present|chronic|daily"
                r"|both) )*(?:meds\b"
                r"|medications?|regimen|drugs)"
                r"|\b(?:refill|renew)(?:ed|s|al)?\b[^.;\n]{0,24}\b(?:rx|scripts?|meds?|medications?|drugs?"
                r"|prescriptions?|both"
                r"|all|her|his)\b|\b(?:rx|script|e-?prescribed)\b[^.;\n]{0,16}\b(?:sent|given|renewed|refilled"
                r"|for|changed)\b"
                r"|\b(?:meds?|medications?|drugs?|prescriptions?|rx) (?:were |was |are )?(?:refill|renew"
                r"|adjust|chang|increas"
                r"|start)\w*"
            ),
        ),
        (
            "moderate",
            (
                rf"(?<!on )\b{DRUG} (?-i:IV|IM)\b|(?<!on )\b(?:toradol|ketorolac|morphine|dilaudid) (?:iv|im)\b"
                rf"|\b{DRUG} (?:rx|script|prescription)\b(?! (?:refused|declin|not|plan))"
                rf"|(?<!on )\b(?:iv|im) {DRUG}\b|(?<!on )\b(?:iv|im) (?:vanc|toradol|ketorolac|morphine"
                rf"|dilaudid)\b"
                rf"|\b{_CHANGED}(?:ed|es|e|s|ing)?\b(?:[^.;\n]|(?<=\d)\.(?=\d)){{0,24}}?\b(?:{DRUG}|dose of)\b"
                rf"|\b{DRUG}(?:[^.;,\n]|(?<=\d)\.(?=\d)){{0,24}}?\b(?:started|added|increased|decreased|doubled|stopped|refilled|renewed"
                rf"|titrated|resumed|continued|tapered|switched|changed|adjusted|ordered)\b"
                rf"|\b{DRUG}(?: \d+(?:\.\d+)? ?(?:mg|mcg|units?)?)? (?:up|down|back up|back down|upped"
                rf"|from \S+ ?\w*) to \d"
                rf"|\b(?:gave|given|got|put on|placed on|sent (?:home )?(?:with|on|in)|home (?:with"
                rf"|on))(?: an?)?(?: \w+)?"
                rf" {DRUG}\b[^.;\n]{{0,24}}?(?:\bfor \w+ days|\bx ?\d+ ?d|\bbid\b|\btid\b|\brx\b)"
                rf"|\b(?:bump|up|cut|drop|raise|lower|increase|decrease)\w* (?:the |her |his )?{DRUG}\b"
                rf"|\b{DRUG}(?: dose| \d+(?:\.\d+)? ?(?:mg|mcg|units?))?,? (?:was |were |is )?{_CHANGED}(?:ed|d)\b"
                rf"|\b{DRUG}[^.;\n]{{0,40}}?\((?:rx|prescription|prescribed)\b"
                rf"|\b{DRUG}(?: \w+){{0,2}} (?:sent|called in|e-?prescribed|prescribed|dispensed|given)\b"
            ),
        ),
        (
            "moderate",
            (
                r"\b(?:minor|major) surgery with (?:identified )?(?:\w+ )?risk factors\b"
                r"|\bdecision (?:for|regarding|about) (?:elective )?major surgery\b(?! with)"
            ),
        ),
        ("low", r"\b(?:OTC|over[- ]the[- ]counter|physical therapy referral)\b"),
    )
)

_SIG: Final = re.compile(
    rf"\b{DRUG}(?:-\w+)?\b[^.;\n]{{0,40}}?\b(?:bid|tid|qid|qhs|qam|q\d{{1,2}}h|daily|nightly|weekly|gtts?"
    r"|x ?\d{1,2} ?d(?:ays?)?|for \d{1,2} days|once a day|twice a day|\d{1,2} d\b|refills?|#\d)",
    re.IGNORECASE,
)


_NAMES_DRUG: Final = re.compile(rf"\b(?:{DRUG}|iv|im|dose of)", re.IGNORECASE)
_OF_DRUGS: Final = RISK[2]
_CLAUSE_END: Final = re.compile(r"[;\n]|(?<!\d)\.|\.(?!\d)")
"""What no row of drugs reads beyond."""


def matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield what each row finds, with the risk of the row."""
    for row in RISK:
        value, pattern = row
        for start, end in _with_drugs(text) if row is _OF_DRUGS else ((0, len(text)),):
            yield from ((value, match) for match in pattern.finditer(text, start, end))


def _with_drugs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the clauses that name a drug: to look through all others for what was done with one takes the longest."""
    bounds = [0, *(match.end() for match in _CLAUSE_END.finditer(text)), len(text)]
    yield from ((start, end) for start, end in pairwise(bounds) if _NAMES_DRUG.search(text, start, end))


def ordered(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield the risk of a prescription that stands with its dose in the plan of a note."""
    for start, end in _with_drugs(text):
        for match in _SIG.finditer(text, start, end):
            if (
                sentences.part(match.start()) is Part.PLAN
                and status(sentences, match.start(), match.end(), act=True) is not Status.NEGATED
            ):
                yield Fact("risk", "moderate", Span(*match.span()))
