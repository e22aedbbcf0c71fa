"""What kind of code a letter wants: for what was done, for what the patient has, or for both.

A note names diagnoses beside every procedure and procedures beside every diagnosis; which of them are to be coded is
told by how the letter asks, by the codes that it names, and by what it says is coded already.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from consultant.questions.asking_lines import IN_PASSING
from consultant.questions.model import CodeMention
from consultant.questions.phrases import ICD_10_CM


class Wanted(StrEnum):
    """A kind of code that a letter asks for."""

    SERVICE = "service"
    DIAGNOSIS = "diagnosis"


BOTH: Final = frozenset(Wanted)
_DIAGNOSIS_WORD: Final = rf"(?:{ICD_10_CM}|diagnos[ei]s|diagnostic)"
_CATEGORY: Final = r"(?-i:[A-TV-Z]\d[0-9A-Z](?:\.\d{0,3})?)"
_DIAGNOSES: Final = re.compile(
    rf"(?:(?<!\bfor )|(?<=code for )|(?<=codes for ))\b{_DIAGNOSIS_WORD}[ \t]{{1,2}}(?:codes?|only)\b"
    rf"|\bcodes?[ \t](?:for|of)[ \t](?:the[ \t]|this[ \t])?diagnos"
    rf"|\b(?:which|what|whats|right|correct|proper|need|give|the|code|add|and|\+|plus)[ \t](?:the[ \t]|an?[ \t])?"
    rf"(?:\w+[ \t]){{0,2}}{_DIAGNOSIS_WORD}\b(?![ \t]?[:=]|[ \t](?:of|is|was|in|says|code[ \t]is)\b)"
    rf"|\b(?:icd(?:[- ]?10)?(?:[- ]?cm)?)\b[^.\n:]{{0,40}}\?|\b{_DIAGNOSIS_WORD}[ \t]?\?"
    rf"|\b(?:which|what|the|right|need|correct)[ \t](?:\w+[ \t]){{0,2}}{_CATEGORY}[ \t](?:codes?|category)\b"
    rf"|\b(?:which|what)[ \t]{_CATEGORY}(?![\w.])|\b(?:an?|any)[ \t]{_CATEGORY}[ \t]codes?|\b(?:7th"
    rf"|seventh)[ \t]char|\ball[ \t]\w+[ \t]char[ao]"
    rf"|\b{_DIAGNOSIS_WORD}(?:[ \t]codes?)?,?[ \t](?:please|pls|plz|needed|wanted)\b"
    rf"|\b{_DIAGNOSIS_WORD}(?:[ \t]codes?)?,?[ \t](?:(?:and|in|with|their|the|which|what|right|correct)[ \t]){{0,4}}"
    r"(?:order|sequence|sequencing)\b"
    r"|\b(?:code|sequence)[ \t](?:the|these|her|his)[ \t](?:\w+[ \t]){0,2}(?:diagnos[ei]s|conditions)\b"
    # A subject line that ends with the kind of code wants that kind: "suture removal dx".
    rf"|\A[ \t]*(?:subj\w*|re)[ \t]?:[^\n]{{0,60}}\b{_DIAGNOSIS_WORD}[ \t?.]*\n"
    rf"|\b(?:icd(?:[- ]?10)?(?:[- ]?cm)?)[ \t]codes?\b|\b{_DIAGNOSIS_WORD}[ \t](?:for|on|goes|to)[ \t]",
    re.IGNORECASE,
)
_ICD_CODE: Final = r"(?-i:[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?![\w.]*\d)"
_WITH_ARTICLE: Final = r"(?:the|an?|w?h?ich|what|right|correct|proper|full|exact)[ \t](?:\w+[ \t]){0,2}"
# A code of a disease is asked for by its name, or a code that the sender has is put to the question.
_DISEASE_ASKED: Final = re.compile(
    r"\bcodes?\b[^.?\n]{0,16}\bin (?:what |which )?(?:order|sequence)\b"
    r"|\bcodes?\b[^.?\n]{0,24}\b(?:gestational age|weeks of gestation|trimester)\b|\b(?:weeks?|trimester)[ \t]codes?\b"
    rf"|\b(?:which|what)\b[^.?\n]{{0,24}}\b{_CATEGORY}[ \t](?:lines?|rows?|ones?)\b"
    rf"|\b{_CATEGORY}[ \t]codes?\b|\bext(?:ernal|\.)?[- ][ ]?cause|\b(?:last|full|seventh|7th|sixth|6th|all"
    rf"|every)[ \t](?:\w+[ \t])?characters?\b"
    rf"|\b{_WITH_ARTICLE}(?:complication|ext(?:ernal)?[- ]cause|cause|wound|injury|laceration|lac|ulcer|diabetes"
    rf"|diabetic|htn"
    r"|hypertension|sepsis|ckd|kidney|cancer|neoplasm|melanoma|scar|pregnancy|ob"
    # The code of a screening test of Medicare is that of a service.
    r"|(?<!medicare )(?<!colorectal )(?<!prostate )(?<!depression )(?<!cancer )screening|status|history|condition"
    r"|disease|symptom|pressure|(?-i:[ZSTLENOCDWYV]))[ \t-]codes?\b"
    r"|(?:^|[.;?!,\n])[ \t]*(?:(?:just|only|need|the)[ \t]){0,2}(?:injury|external[- ]cause|cause|pregnancy|diabetes)"
    r"[ \t]codes?\b"
    r"|\b(?:(?:which|what)(?: \w+){0,3}(?: (?:codes?|ones?|order|sequence),?)?|codes?) (?:for|of)"
    r" (?:the |her |his )?(?:bite|dog bite|diabetes|kidneys?|hypertension|pregnancy|ulcers?|sepsis|cancer|infection"
    r"|fracture|laceration|burn|retinopathy|neuropathy|fall|injury|wound infection)\b(?![ \t](?:treatment|care|repair"
    r"|debridement|dressing|closure|visit|procedure|excision|treated|debrided))"
    rf"|\b(?:use|using|used|send|sending|sent|report|bill|code|coded|codes|add|put|list|lists|listed|give|gives"
    rf"|have|has"
    rf"|proposes?|suggests?|wants?|says?|keep|need|get|drop|take|is|and|or|with)[ \t](?:(?:in|down"
    rf"|up)[ \t])?(?:an?[ \t]"
    rf"|the[ \t])?{_ICD_CODE}"
    rf"|{_ICD_CODE}[ \t](?:or|vs\.?|versus|and|with|first|alone|instead|goe?s?|stands?|ok|okay|right|correct)\b"
    rf"|{_ICD_CODE}[ \t]?\?"
    rf"|\b(?:what|which)[ \t](?:is[ \t]the[ \t]|are[ \t]the[ \t])?codes?[ \t]and[ \t](?:in[ \t])?(?:what"
    rf"|which)[ \t](?:is[ \t])?(?:the[ \t])?(?:order|sequence)",
    re.IGNORECASE,
)
_BOTH_ASKED: Final = re.compile(
    rf"\b(?:need|want|give|send|which|what)\b[^.?\n]{{0,24}}\b{_DIAGNOSIS_WORD}\b[^.?\n]{{0,48}}"
    r"(?:\b(?:and|plus)\b|&|\+|,|2[.)])[^.?\n]{0,24}\b(?:cpts?|hcpcs|procedure|service)\b"
    rf"|\b(?:need|want|give|send|which|what)\b[^.?\n]{{0,24}}\b(?:cpts?|hcpcs)\b[^.?\n]{{0,48}}"
    rf"(?:\b(?:and|plus)\b|&|\+|,|2[.)])[^.?\n]{{0,24}}\b{_DIAGNOSIS_WORD}\b",
    re.IGNORECASE,
)
"""A sentence that asks for the codes of the service and of the disease wants both, whatever codes it brings along."""
_ON_IT: Final = re.compile(
    rf"{_ICD_CODE}[^.?\n]{{0,24}}\bbill(?:able|ed|ing)?\b|\bbillable\b[^.?\n]{{0,24}}{_ICD_CODE}", re.I
)
_SERVICES: Final = re.compile(
    r"\b(?:cpts?|hcpcs|procedure codes?|service codes?|modifiers?|bill|billed|billable"
    # The units of a drug that is taken every day are none of a claim.
    r"|units?(?![ \t](?:nightly|daily|at (?:bed|night)|in the (?:am|pm|morning|evening)|q(?:hs|am|pm|d)|[bt]id|sc\b"
    r"|sq\b|subcut\w*|each (?:night|morning)|every (?:night|morning|day)|with meals"
    r"|of (?:insulin|glargine|lantus|nph)))|e/?m"
    # The level of a low blood sugar, and that of an eGFR or a drug, is none of a visit.
    r"|levels?(?![ \t]?[123]\b(?![^.\n]{0,20}(?:visit|office|e/?m)))"
    r"|(?:visit|consult|repair|excision|debridement|injection|drug|vaccine|admin\w*) codes?|superbill|charge)\b"
    # "Codes + dx" asks for the codes of what was done, and for the diagnosis beside them.
    rf"|(?<!\bicd )(?<!\bicd10 )(?<!\bcause )\bcodes?[ \t]?(?:\+|and|&|plus|with)[ \t]?(?:the[ \t])?{_DIAGNOSIS_WORD}\b"
    r"|\b(?:benign|malignant)[ \t](?:excision|destruction)\b"
    r"|\b(?:is|was)[ \t](?:this|it|that)[ \t](?:now[ \t]|still[ \t])?an?[ \t](?:\w+[ \t]){0,2}"
    r"(?:excision|repair|biopsy|destruction|debridement|closure|visit|consult\w*)\b"
    r"|\bcodes?[ \t](?:for|of)[ \t](?:the[ \t]|an?[ \t]|this[ \t])?(?:visit|procedure|service)",
    re.IGNORECASE,
)
_OF_VISIT: Final = re.compile(
    rf"(?P<codes>\b{_DIAGNOSIS_WORD}(?:[ \t]codes?)?)[ \t](?:for|of|on)[ \t](?:the|this|that|her|his)[ \t]"
    r"(?:visit|service|procedure|claim|encounter)\b",
    re.IGNORECASE,
)
"""The diagnosis codes of a visit are no code for the visit."""
_SUPERBILL: Final = re.compile(
    r"\b(?:super[ \t-]?bill|charge (?:slip|sheet|ticket)|encounter form)[ \t](?:(?:only|just|jsut|simply)[ \t])?"
    r"(?:says?|reads?|has|shows?|lists?|gives?)\b",
    re.IGNORECASE,
)
"""A slip that says something is where the letter read it, and asks for no charge."""
_ONLY_DIAGNOSES: Final = re.compile(
    # A sample is taken "for diagnosis only"; a code is asked "for the diagnosis only".
    rf"(?:(?<!\bfor )|(?<=code for )|(?<=codes for ))\b{_DIAGNOSIS_WORD}(?:[ \t]codes?)?[ \t]only\b"
    rf"|\bonly[ \t](?:\w+[ \t]){{0,4}}{_DIAGNOSIS_WORD}\b",
    re.IGNORECASE,
)
# What the letter says not to be its question: "the procedure is coded", "level is not the question".
_IS_SETTLED: Final = (
    r"\b(?:(?:is|are|was|were|has been|have been)[ \t](?:already[ \t])?(?:coded|billed|handled|done|fine"
    r"|not the question|on the claim|in the global|inside the global|taken care of|clear)|(?:is|are)[ \t]settled"
    r"|(?:external cause|visit|procedure|cpt|e/m)[ \t]I have|not in question)\b"
)
_END_OF_SETTLED: Final = re.compile(_IS_SETTLED, re.IGNORECASE)
_SETTLED: Final = re.compile(rf"[^.?;,\n(]{{0,60}}{_IS_SETTLED}", re.IGNORECASE)


_UNCERTAIN_ASKED: Final = re.compile(
    r"\b(?:wrote|writes?|written|document(?:s|ed)|says|reads|assessment|a/p|impression|diagnos[ei]s|dx|states?|note)\b"
    r"[^.;\n]{0,70}\b(?:probabl[ey]|suspected|possible|likely|rule[- ]?out|r/o|presum\w+|questionable|consistent with"
    r"|compatible with|working diagnosis)\b(?=[\s\S]*(?:\b(?:do|should|can|may|must|could)[ \t](?:we|i|you|one)[ \t]"
    r"(?:\w+[ \t])?(?:code|report|use|list|put)\b"
    r"|\bcode (?:the|it|this|that|symptoms?|signs?)\b(?! visit)|\bas if (?:it|they)\b"
    r"|\brule\b[^.?\n]{0,24}\binpatient))",
    re.IGNORECASE,
)
"""A diagnosis that is only thought of is put to the question, and not the visit at which it was."""


_CODES_OF: Final = rf"{_DIAGNOSIS_WORD}(?:[ \t](?:codes?|coding|part|side))?\b"
_NO_DIAGNOSES: Final = re.compile(
    r"(?:\bnot|n['\u2019]t|\bdont|\bnever)[ \t](?:asking|ask|need(?:ing)?|want(?:ing)?|looking|worried|after"
    r"|interested)"
    r"(?:[ \t](?:for|about|in|after|you|to|give|me|tell|the|any|an?|help|with|my|your|her|his)){0,5}"
    rf"[ \t](?:\w+[ \t](?:and|or)[ \t])?{_CODES_OF}(?![ \t]?\?)"
    rf"|\b(?:no need (?:for|of)|without|skip|leave out|never mind|forget|ignore)[ \t](?:the[ \t]|any[ \t]|her[ \t]"
    rf"|his[ \t])?{_CODES_OF}"
    rf"|\bno[ \t]{_CODES_OF}[ \t](?:needed|wanted|required|please|pls|necessary)\b"
    rf"|\b{_CODES_OF}[ \t](?:is|are|isn['\u2019]t|aren['\u2019]t)[ \t](?:not[ \t])?(?:my|the|in)[ \t](?:question"
    rf"|issue)\b"
    rf"|\b{_CODES_OF}[ \t](?:(?:is|are)[ \t]not|isn['\u2019]t|aren['\u2019]t|not)[ \t](?:needed|wanted|necessary)\b",
    re.IGNORECASE,
)
"""That the codes of diseases are no part of the question: "I am not asking for dx codes"."""


def without_diagnoses(text: str) -> str:
    """Return the text with blanks for words by which it asks for no code of a disease."""
    return _NO_DIAGNOSES.sub(lambda match: " " * len(match[0]), text)


@lru_cache(maxsize=8)
def _unsettled(text: str) -> str:
    """Return the text with blanks for what it says not to be its question; asked several times of one letter."""
    text = without_diagnoses(text)
    if not _END_OF_SETTLED.search(text):
        # Most letters settle nothing, and the end alone is found much sooner than what leads to it.
        return text
    return _SETTLED.sub(lambda match: " " * len(match[0]), text)


_ASKS_CODE: Final = re.compile(
    r"\ball (?:the )?codes\b|\b(?:which|what|whats|what's|wat|need|give|correct|right"
    r"|best)\b[^.?\n]{0,48}\b(?:codes?|cpt|hcpcs)\b"
    r"|\b(?:cod(?:es?)?|cpt|hcpcs|dx)\b[^.?\n\w]{0,3}(?:\?|pls\b|please\b|units\b|only\b|$|\n)"
    r"|\b(?:procedure|cpt|hcpcs|admin\w*|drug|j|g)[ \t-]?codes?\b(?![ \t](?:is|are|was)\b)"
    r"|\b[A-Za-z]?\d{4,5}(?:[ \t]?x[ \t]?\d)?[ \t](?:or|vs\.?|versus)[ \t][A-Za-z]?\d{4,5}\b"
    r"|(?<![\w.$/-])\d{5}\b[^?]{0,40}\b(?:does|do|will|would|is|are|was)[ \t](?:it|that|this|they)\b[^.?\n]{0,24}"
    r"\b(?:hold(?:[ \t]up)?|stand(?:[ \t]up)?|supported|justified|fly)\b"
    r"|\bis[ \t](?:that|this|it)[ \t]the[ \t](?:right|correct)[ \t](?:one|code)\b"
    r"|\bwhich[ \t](?:one|of[ \t](?:them|these|those|the[ \t]two))[ \t](?:should|do|would)[ \t](?:i|we|you)[ \t]"
    r"(?:have|use|bill|report|put|send|code|pick)\b"
    r"|\b(?:cod(?:es?)?|cpt)[ \t](?:and|&|\+|n|or|w/?|with|for)[ \t]?(?:units?|mod\w*)"
    r"|\bhow[ \t](?:is|are|was|were|do|does|should|would|can"
    r"|must)[ \t](?:[\w'/-]+[ \t]){1,12}?(?:be[ \t])?(?:billed|coded"
    r"|reported|charged|submitted)\b[^.?\n]{0,24}\?"
    r"|\bhow[ \t](?:do|should|would|can|must)[ \t](?:i|we|you|this|it)\b[^.?\n]{0,24}\b(?:code|bill|report|coded"
    r"|billed|reported)\b"
    r"|(?<!\bz )(?<!\bdx )(?<!diagnosis )\b(?:codes?|units?)\b[^.\n]{0,32}\?|\bwhat(?:'s|[ \t]is"
    r"|[ \t]are)?[ \t](?:\w+[ \t])?(?:goes"
    r"|do[ \t](?:i|we)|should|billable|reportable|to[ \t](?:bill|report|submit|charge|drop))\b"
    r"|\bhow[ \t]many[ \t]units\b"
    # A code that somebody put down is put to the question: "the biller says G0438, right?"; "initial or subsequent?".
    r"|(?<![\w.$/-])(?:[A-V]\d{4}|\d{5})\b[^?\n]{0,60}\b(?:ok|okay|right|correct|agree)[ \t]?\?"
    r"|(?<![\w.$/-])(?:[A-V]\d{4}|\d{5})\b[^?\n]{0,24}\bor[ \t](?:is[ \t]it[ \t])?(?:something|anything|some|an|any)"
    r"(?:[ \t]?(?:else|other|different|another))(?:[ \t]code)?[ \t]?\?"
    r"|(?<![\w.$/-])(?:[A-V]\d{4}|\d{5})\b[^?\n]{0,24}\b(?:plus|and|with|\+)[ \t]what\b(?!['’]|[ \t](?:is|are"
    r"|the|its|their|indicator|mod|column|about|does|do)\w*)"
    r"|\b(?:initial|first|subsequent|welcome(?: visit)?|(?-i:AWV|IPPE))[ \t]or[ \t](?:an?[ \t]|the[ \t])?"
    r"(?:initial|first|subsequent|welcome|wellness|annual|(?-i:AWV|IPPE))\b"
    r"|\bcodes?\b[^.?\n]{0,60}\b(?:please|pls|plz)\b|\bso[ \t]\d{5}(?:,| and| \+| &) (?:\w+ )?\d{5}\b[^.\n]{0,40}\?"
    r"|(?<![\w.$/-])[A-Z]?\d{4,5}-(?:\d\d|[A-Z]\w)[ \t](?:or|vs\.?|versus)\b|\bx[ \t]?\d[ \t]or[ \t]x[ \t]?\d\b"
    r"|\bhow[ \t](?:should|do|would|must)[ \t](?:the[ \t]|my[ \t]|our[ \t])?(?:\w+[ \t]){0,2}(?:lines?"
    r"|claim)\b[^.?\n]{0,32}\b"
    r"(?:look|read|go out)\b|\b(?:one|1)[ \t]lines?[ \t]or[ \t](?:two|2|more)\b"
    r"|\bhow[ \t]many[ \t](?:\w+[ \t]){0,2}u?n[iu]?ts\b"
    r"|\bplease[ \t]code\b|\b(?:bill|report)[ \t]for\b|\bshould[ \t]it[ \t]have[ \t]been\b"
    # Lines and units are asked for like codes: "which lines go out", "tell me the units of 90460", "J1885 x 1 or x 2?".
    r"|\b(?:which|what|list|give|tell|need|send|confirm|how many)\b[^.?\n]{0,40}\b(?:lines|units)\b(?![ \t]of[ \t]serv)"
    r"|(?<![\w.-])[A-Z]?\d{4,5}[ \t]{0,2}[x×*][ \t]{0,2}\d{1,3}\b[^.\n]{0,24}(?:\bor\b|\?)"
    r"|\b(?:drug|product|admin\w*|vaccine|procedure|claim|charge|hcpcs|cpt|biopsy|therapy|billing)[ \t-]lines?\b[ \t]?"
    r"(?:[:?,+&]|and\b|with\b|w/)"
    # A level is the code of a visit: "which level?", "now the level", "they say the highest level".
    r"|\b(?:which|what|right|correct|highest|lowest|higher|lower|now[ \t]the|so[ \t]the|leaves[ \t]the)[ \t]"
    r"(?:visit[ \t]|e/?m[ \t])?(?:level|lvl)s?\b(?![ \t]of[ \t](?:evidence|care|risk|training))"
    r"|\b(?:hcpcs|cpts?|codes?|j[- ]?codes?)[ \t]?(?:x|×|\*|/)[ \t]?(?:units?|qty|quantity|mods?)\b"
    r"|(?:->|=>|=|→|:)[ \t]?(?:drug |claim |which |what )?(?:lines?|codes?|cpts?|hcpcs)[ \t]?(?:\?|$|\n)"
    r"|\blines?[ \t]?\?"
    r"|(?<!\w)units?[ \t]{0,2}(?:(?:of |for )?each|per[ \t](?:code|service|line)|pls|please|plz|needed|\?|:)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def asks_code(text: str) -> bool:
    """Tell whether a text asks for a code or its units in so many words."""
    return bool(_ASKS_CODE.search(text)) or bool(IN_PASSING.search(text))


_VISIT: Final = r"(?:visit|e/?m|check-?up|admission|admit|discharge(?: day)?|day of discharge|consult)"
_ONLY_VISIT: Final = re.compile(
    rf"\be/?m,?[ \t](?:please|pls|plz)\b|\bneed[ \t]the[ \t]visit\b|\b(?:only"
    rf"|just)\b(?:(?!\b(?:no|not|without)\b)[^.?;\n]){{0,20}}\b{_VISIT}\b(?:[ \t]code)?[^.?;\n]{{0,16}}(?:[.?,;\n]|$)"
    rf"|\b{_VISIT}[ \t](?:code |level )?only\b|\b(?:e/?m|visit|ed|er)[ \t]levels?\b"
    rf"|\b(?:which|what)[ \t](?:is[ \t])?(?:the[ \t]|right[ \t]|correct[ \t])*(?:level\b|{_VISIT}[ \t]codes?\b)"
    rf"|\b(?:code|cpt|level)[ \t]for[ \t](?:the|this|that)[ \t]{_VISIT}\b[^.?;\n]{{0,24}}\?"
    r"|\b(?:level|lvl)[ \t](?:for|of)[ \t](?:the|this|that|her|his|our)[ \t](?:(?:ed|er|office|clinic)[ \t])?"
    r"(?:doc|doctor|physician|provider|visit|chart|note|patient|pt|encounter)\b(?![^.?\n]{0,24}\b(?:and|plus|with)\b)"
    r"|\blevel[ \t](?:this|the|my|our|these)[ \t](?:(?:ed|er|office|clinic)[ \t])?(?:note|chart|visit|encounter"
    r"|record)\b"
    rf"|\b{_VISIT}[ \t]code[ \t]?(?:\?|\n|$)"
    rf"|\b(?:tell|give|send|need|want)\b[^.?;\n]{{0,32}}\b(?:ed "
    rf"|er )?{_VISIT}[ \t]codes?\b(?![^.?\n]{{0,24}}\b(?:and|plus|with)\b)",
    re.IGNORECASE,
)


_DRUGS: Final = re.compile(
    r"\b(?:drugs?|j[ -]?(?:codes?|units?)|hcpcs|inject\w*|infus\w*|shots?|admin\w*|vaccin\w*|immuni\w*|hydrat\w*"
    r"|push(?:es)?|vials?|mg|mcg|wast\w*|discard\w*|all codes|everything)\b",
    re.IGNORECASE,
)
_TESTS: Final = re.compile(
    r"\b(?:labs?|tests?|tested|swabs?|panels?|draws?|venipunctures?|specimens?|in[- ]house|analyzers?|all codes"
    r"|everything|8\d{4})\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\b(?:codes?|cpt|bill\w*|units?|report\w*|charge|coding)\b|\?", re.IGNORECASE)


_SEVERAL: Final = re.compile(
    r"(?<!procedure )(?<!visit )(?<!e/m )(?<!diagnosis )(?<!dx )(?<!icd )(?<!icd-10 )\bcodes\b(?! (?:only )?for\b)"
    r"|\beverything\b|\ball of (?:it|this|that)\b|\bhow\b[^.?\n]{0,24}\b(?:code|bill) (?:this|it)\b",
    re.IGNORECASE,
)


def asks_several(text: str) -> bool:
    """Tell whether a letter asks for all codes of what was done, and not for those of one part of it."""
    return bool(_SEVERAL.search(_unsettled(text)))


_NOT_VISIT: Final = re.compile(
    rf"\b(?:leav\w+|skip|forget|ignor\w+|never mind|disregard|not asking (?:about|for)|not|no|exclud\w+|without"
    rf"|apart from|other than|except|besides|beside|(?:\d{{5}}|procedure|removal|code),? (?:or|vs\.?|versus)(?: is it)?"
    rf"(?: just| only)?)\b[^.?;\n]{{0,24}}\b{_VISIT}\b(?:[ \t](?:code|level)s?)?",
    re.IGNORECASE,
)
"""What is left out of the question."""


def asks_of(text: str, *, tests: bool) -> bool:
    """Tell whether a sentence that asks, or the subject line, speaks of drugs given, or else of tests."""
    pattern = _TESTS if tests else _DRUGS
    lines = re.split(r"(?<=[.?!])\s+|\n", _unsettled(text))
    return any(pattern.search(line) and (_ASKS.search(line) or line.lower().startswith("sub")) for line in lines)


def only_visit(text: str) -> bool:
    """Tell whether a letter asks for the code of a visit and of nothing that was done at it."""
    rest = _unsettled(text)
    return _ONLY_VISIT.search(_NOT_VISIT.sub(lambda match: " " * len(match[0]), rest)) is not None


@lru_cache(maxsize=8)
def wanted(text: str, mentioned: tuple[CodeMention, ...]) -> frozenset[Wanted]:
    """Return what is wanted; empty where the letter asks for "the code" and only what it tells of can say which."""
    asked = _unsettled(text)
    asked = _ON_IT.sub(lambda match: re.sub(r"bill\w*", lambda word: " " * len(word[0]), match[0], flags=re.I), asked)
    asked = _OF_VISIT.sub(r"\g<codes>", asked)
    asked = _SUPERBILL.sub(" ", asked)
    diagnoses = bool(_DIAGNOSES.search(asked)) or bool(_DISEASE_ASKED.search(asked))
    diagnoses = diagnoses or bool(_UNCERTAIN_ASKED.search(asked))
    services = bool(_SERVICES.search(asked)) or any(row.system in ("CPT", "HCPCS") for row in mentioned)
    if _ONLY_DIAGNOSES.search(asked):
        return frozenset((Wanted.DIAGNOSIS,))
    if services and any(row.system == "ICD-10-CM" for row in mentioned) and not _BOTH_ASKED.search(asked):
        # A sender who asks of a service and brings the diagnoses along wants them checked, not chosen.
        diagnoses = False
    return frozenset(kind for kind, said in ((Wanted.DIAGNOSIS, diagnoses), (Wanted.SERVICE, services)) if said)
