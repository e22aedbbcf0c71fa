"""Tell whether a letter asks for the code of its visit, or names the visit in passing.

Half of all letters name the office or the floor. A visit is asked about where its level or its time is told, where the
question names it, or where nothing else is in the letter that a code could be asked for.
"""

import re
from collections.abc import Iterable
from typing import Final

from consultant.questions.model import Fact, Subject
from consultant.questions.passages import Sentences
from consultant.questions.visit_kinds import STANDS, Kind
from consultant.questions.visit_words import BY_FIGURE, SERVICES
from consultant.questions.wanted import asks_code, only_visit, without_diagnoses

_VISIT_CODE: Final = re.compile(
    r"(?<!\d-)(?<!to )\b(?:99(?:20[2-5]|21[1-5]|28[1-5]|22[1-3]|23[1-9]|30[4-9]|31[056]|34[1-9]|350))\b"
    r"(?![ \t]?(?:-|–|to|thru|through)[ \t]?9\d{4})"
)
"""The code of a visit; the ends of a range are those of a rule."""
_POLICY: Final = re.compile(
    r"\b(?:split(?:[ /-]+or)?[ /-]*shared?|shared? visits?|(?-i:FS)|split visits?|incident[- ]to"
    r"|primary care exception"
    r"|teaching (?:physician|doc\w*)|(?<!mdm )(?<!time )(?<!level )attestation(?![ \t]?:)"
    r"|preceptor|(?-i:GC|GE) modifier"
    r"|modifier (?-i:GC|GE)|substantive"
    r"|supervis(?:e|es|ed|ing|ion)|who (?:bills|reports|can bill|may bill)|under (?:his|her) (?:own )?npi|(?:attending"
    r"|teaching physician|physician|doctor) (?:only )?(?:co-?)?signed|cosign\w*"
    r"|(?:whose|which|under (?:the|whose|which|md'?s?|doctor'?s?)) (?:npi|number(?! (?:is it|do i|now|to (?:use|bill)"
    r"|replaced?|goes|comes|for))|name|physician'?s? npi))\b",
    re.IGNORECASE,
)
# How often a code that is named may stand is a question about the code.
_ASKS_LIMIT: Final = re.compile(
    r"\b(?:allowed|permitted|paid) per day\b|\b(?-i:MUE)\b|\bmedically unlikely\b|\btwice (?:on|in) (?:one|a"
    r"|the same) day\b",
    re.IGNORECASE,
)
# What a practice does with all of its visits is a question on the rule, whatever each of them would be.
_ALL: Final = re.compile(
    r"\b(?:all|any|every|each|most) (?:of )?(?:the |our |these |acute |walk-?in |new |such )*(?:visits?|patients"
    r"|encounters?|claims)\b"
    r"|\b(?:we|our \w+|my \w+) (?:run|are|is|own|operate|opened?|staff) (?:an? |the )[^.;\n]{0,40}\b(?:clinic"
    r"|urgent care|center"
    r"|practice|group|department|office)\b",
    re.IGNORECASE,
)
_ONE: Final = re.compile(
    r"\b\d{1,3}[- ]?(?:y/?o|yo|year)|\b(?:this|the|a|an|one|our) (?:\w+ )?(?:patient|pt|woman|man|lady|gentleman"
    r"|resident|boy|girl|child"
    r"|visit)\b|\b(?:she|he) (?:was|had|has|came|is)\b|\bdos\b|\d{1,2}/\d{1,2}/\d{2}",
    re.IGNORECASE,
)
_OTHER_CODE: Final = re.compile(r"(?<![\w.$#/-])(?!9[89]\d{3})\d{5}(?![\w-]|\.\d)|\b[AJQ]\d{4}\b")
_DIAGNOSIS_CODE: Final = re.compile(r"\b[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}\b")
_OF_A_LEVEL: Final = re.compile(r"\b(?:e/?m|levels?|visit codes?|992\d[\dx]|993\d[\dx])\b", re.IGNORECASE)
# "The sepsis code" is none of a visit.
_ASKS_ANOTHER: Final = re.compile(
    r"\bcode (?:the |it |them |this )(?:\w+ ){0,2}or not\b|\b(?:which|what|the|right|correct|an?|my|our"
    r"|need) (?!(?:cpt|hcpcs|e/?m|em|visit|office|clinic"
    r"|consult\w*|level|service|billing|new|initial"
    r"|subsequent|home|hospital|ed|er|emergency|admission|discharge|prolonged|add-on|right|correct|same|best"
    r"|proper|these|the|is|\w?99\d+|two|three"
    r"|exact|other|single|g|specific|inpatient|outpatient|observation|nursing|snf|physician'?s?|professional"
    r"|pro|established|patient|code|highest"
    r"|higher|lower|medicare|video|phone|telehealth|audio|preventive|wellness|awv|tcm|ccm|base|nurse"
    r"|house)\b)[\w/'-]+ codes?\b"
    r"|\bcodes? (?:for|of) (?:the |an? |this |that |her |his )?(?!the\b|an?\b|pt\b|patients?\b|visit|e/?m|service"
    r"|day|that|this|it\b|office"
    r"|encounter|exam|doctor|physician"
    r"|dr|np|pa|md|work|whole|first|second|initial|discharge|admission|consult|critical|nurse|counsel|our|his|my|your"
    r"|their|these"
    r"|her|\d|level|them|us|me|new"
    r"|est|house|home|hospital|ed\b|er\b|professional|talk|call|month|staff|time|patient)\w+",
    re.IGNORECASE,
)
_ELEMENTS: Final = frozenset({"problems", "data", "risk"})
_VISITING: Final = re.compile(
    r"\b(?:visits?|visited|seen|saw|sees|e/?m|levels?|h ?& ?p|house ?call|rounds?|rounded|discharged?|d/c|dc"
    r"|(?-i:OV)|appointment|appt|progress note|admi\w+|encounter|pro ?-?fee|(?-i:ED|ER|EM)|er (?=doc|phys|att"
    r"|visit|note)"
    r"|came|consult\w*|exam\w*|physical|follow\w*|f/u|992\d\d|993\d\d|evaluated)\b",
    re.IGNORECASE,
)
_ASKS_DIAGNOSES: Final = re.compile(
    r"\b(?:icd(?:-?10)?(?:-cm)?|dx|diagnos[ei]s) (?:codes?|coding)\b|\bicd(?:-?10)?\b|\b(?:which|what) (?:dx"
    r"|diagnos[ei]s)\b",
    re.IGNORECASE,
)
_ASKS_VISIT: Final = re.compile(
    # "Is 45 min a 4 or a 5": the levels of a visit by their last figure.
    rf"{BY_FIGURE}|"
    r"\b(?:which|what)\b[^.?\n]{0,40}\b(?:visit|e/?m|level)\b[^.?\n]{0,60}\?|\b(?:level|e/?m(?: code"
    r"| level)?)[ \t]?\?|\bcode (?:for|of) the (?:\w+ )?(?:visit|e/?m)\b"
    r"|\b(?:e/?m|visit|ed|er)(?: level)? codes?\b|\b(?:e/?m|visit)[ \t]?(?:\+|plus|and|with|&)[ \t][^.?\n]{0,30}\?"
    r"|\bcode (?:both|all)(?: \w+)? (?:parts|services)\b",
    re.IGNORECASE,
)
_ASKS_LEVEL: Final = re.compile(
    rf"{BY_FIGURE}|"
    r"\b(?:which|what) number (?:is it|do i|now|to (?:use|bill)|goes|comes)\b|"
    r"\b\d{5}(?:[ \t]?x[ \t]?\d)? (?:or|vs\.?) \d{5}\b"
    r"|\b(?:which|what)\b[^.?\n]{0,24}\b(?:codes?|cpt|level|e/?m|units?)\b|\b(?:codes?|cpt|units?)\b[^.\n]{0,24}\?"
    r"|\b(?:give|tell|need|want)\b[^.\n]{0,30}\bcodes?\b|\be/?m codes?\b|\bcodes?\b[^.\n]{0,40}\b(?:pls|please|plz)\b"
    r"|\b(?:add[- ]?on )?codes? only\b|\b(?:level|code) (?:this|it|these)\b",
    re.IGNORECASE,
)


_LEFT_OUT: Final = re.compile(
    r"\b(?:not|not asking (?:about|for)|(?:don'?t|do not) need|leave out|leaving out|forget|ignore|skip|never mind"
    r"|minus|except|apart from)[ \t]"
    r"(?:the|his|her|my|our|any|an?)[ \t](?:\w+[ \t])?(?:visit|e/?m|consult(?:ation)?|admission|h ?& ?p|rounds?)\b"
    r"(?![ \t](?:is|was|note|to|at|on)\b)"
    r"|\b(?:no|w/o|without(?: an?| any)?)[ \t](?:separate[ \t]|other[ \t]|additional[ \t]|sep[ \t])?(?:e/?m|(?-i:OV))\b"
    r"(?![ \t](?:codes?|levels?|time)\b)",
    re.IGNORECASE,
)
"""What says that the visit is no part of the question."""

_ASKS_ALL: Final = re.compile(
    r"\b(?:codes|cpts|everything|both|all of (?:it|this|that)|the whole (?:visit|day|claim|thing))\b"
    r"|\b(?:visit|physical|check-?up|wcc|wcv|well[- ](?:child|baby))\b[^.?\n]{0,12}(?:\band\b|[+&]|\bplus\b)",
    re.IGNORECASE,
)
"""What asks for all that was done on the day."""


def special(kind: Kind) -> bool:
    """Tell whether it is a service that is more than a visit."""
    return kind.value.startswith("consult_") or kind.value in SERVICES


def coded(text: str) -> bool:
    """Tell whether the letter names a code of a visit."""
    return bool(_VISIT_CODE.search(text))


def without_looked_at(text: str, subjects: list[Subject]) -> list[Subject]:
    """Leave out a lesion to which nothing was done where it is asked who bills: the visit looked at it."""
    if not _POLICY.search(text) or any("technique" in row.values() for row in subjects):
        return subjects
    return [row for row in subjects if row.kind != "lesion"]


def not_of_a_visit(text: str, *, measured: bool) -> bool:
    """Tell whether the question is one on a rule: whose number the claim takes, or how often a code may stand."""
    if _ASKS_LIMIT.search(text) and coded(text):
        return True
    if not measured and _ALL.search(text) and not _ONE.search(text):
        return True
    return bool(_POLICY.search(text)) and not (measured and _ASKS_LEVEL.search(text))


def wanted(
    text: str,
    sentences: Sentences,
    kind: Kind,
    facts: Iterable[Fact],
    *,
    phrased: bool,
    named: bool,
    alone: bool,
    tests: bool,
    done: bool,
    selecting: bool,
) -> bool:
    """Tell whether the code of this visit or service is asked for.

    `phrased` tells whether an element of decision making is told in the words of the CPT table, `named` whether a
    phrase of the knowledge base names this kind, `alone` whether the letter has no other subject, `tests` whether it
    has only tests, `done` whether something was done to one, `selecting` whether a code is asked for.
    """
    if not alone and _LEFT_OUT.search(text):
        return False
    names = [fact.name for fact in facts]
    # Beside another service its minutes are none of a visit that nobody names.
    stay = kind.sure and kind.value.endswith("_discharge")
    timed = (alone or named or stay or special(kind)) and any(name.endswith("_minutes") for name in names)
    measured = phrased or timed or "mdm_level" in names
    # Two elements that a note shows are told for a level.
    leveled = len(_ELEMENTS & set(names)) > 1
    alone = alone or (tests and leveled)
    if special(kind):
        told = (
            selecting or (kind.value in SERVICES and asks_code(text)) or bool(set(names) - {"visit_kind", "base_visit"})
        )
        # A preventive visit is the occasion of much that is done on its day, and is on the claim beside it.
        whole = kind.value == "preventive_visit" and _ASKS_ALL.search(text) is not None
        return measured or (told and (alone or not done or whole or _in_a_question(sentences, kind)))
    if measured:
        return True
    of_disease = _DIAGNOSIS_CODE.search(text) and not _OF_A_LEVEL.search(text)
    if (
        not alone
        or of_disease
        or any(pattern.search(without_diagnoses(text)) for pattern in (_OTHER_CODE, _ASKS_DIAGNOSES, _ASKS_ANOTHER))
    ):
        return bool(_ASKS_VISIT.search(text)) or (alone and only_visit(text))
    visiting = kind.value in STANDS or bool(_VISITING.search(text))
    return (selecting or leveled) and (kind.sure or len(names) > 1) and visiting


def _in_a_question(sentences: Sentences, kind: Kind) -> bool:
    """Tell whether the service is named in a sentence that asks."""
    if "\n" in sentences.text.strip() and any(sentences.text[: span.start].count("\n") == 0 for span in kind.mentions):
        # The subject line says what a letter is about.
        return True
    asking = (sentences.around(span.start) for span in kind.mentions)
    return any(sentences.text[row.start : row.end].rstrip().endswith("?") for row in asking)
