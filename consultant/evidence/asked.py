"""What a letter wants to know about its codes: the aspects that its own words name, and the mark of a direct answer.

Topics (`questions`) say what kind of letter it is; an aspect says which row of the knowledge base would answer it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from consultant.evidence.model import Finding, FindingKind
from consultant.questions.model import Question, Topic
from knowledge.model import Citation


class Aspect(StrEnum):
    """One thing that may be asked of a code."""

    GLOBAL_PERIOD = "global_period"
    INDICATORS = "indicators"
    ADD_ON = "add_on"
    UNITS = "units"
    DIFFERENCE = "difference"
    DOCUMENTATION = "documentation"
    CLOSURE = "closure"
    MODIFIER = "modifier"
    DIAGNOSIS = "diagnosis"
    BUNDLING = "bundling"
    INCLUDED = "included"


# The words that ask for each aspect. "Report" and "bill" alone ask for a code, which is no aspect.
_CUES: dict[Aspect, str] = {
    Aspect.GLOBAL_PERIOD: r"glob[ae]?l|globle|glbl|post[- ]?op(?:erative)?[- ](?:days?|period|window|time|care days)"
    r"|(?:follow-?up|f/?u|aftercare|bundled) days|days of (?:follow-?up|f/?u|post[- ]?op\w*|aftercare)"
    r"|(?:0?10|ten|0?90|ninety|zero|000)[- ]days?\b|(?:0?10|0)[- ](?:or|vs\.?)[- ]0?90"
    r"|\bfirst day\b[^.?\n]{0,40}\b(?:charge|bill|paid)"
    r"|\bwhen (?:can|may|could) (?:we|i|he|she|they|the doctor) (?:start |begin )?(?:charg|bill)\w*\b"
    r"[^.?\n]{0,40}\bvisit",
    Aspect.INDICATORS: r"assist(?:ant|ed|ing|s)?\b|\basst\b|co-?surg(?:eon|ery)?s?\b|co surgeons?|two surgeons|\bbilat"
    r"|mult(?:iple)?\.?[- ](?:proc|surg)|indicators?\b|\bindic\b|fee schedule|\bMPFS(?:DB)?\b|\bteam surg"
    r"|both (?:sides|knees|hips|wrists|eyes|ears|hands|feet)",
    Aspect.ADD_ON: r"add-? ?on|\bpar+ent codes?|prim\w{0,4}r(?:y|ies) codes?|\bprimr?y codes?|primarys\b"
    r"|\b(?:what|which) (?:is|are) (?:the|its|their) primar(?:y|ies)\b(?! care)"
    r"|\bwithout (?:its|a|the|any) (?:primary|parent|base)\b(?! care)|stand[- ]?alone|(?:report|bill)(?:ed)? alone"
    r"|\b(?:what|which) (?:\w+ )?(?:primar(?:y|ies)|parents?)\b(?! care)|\b(?:an?|its|any|the|needs?) (?:parent|base)\b"
    r"(?! (?:of|company|organi|was|is (?:here|present)|signed|called|brought|in the room|unit|rate|pay))"
    r"|\bby it(?:'?s)? ?self|\b(?:billed?|reported|coded|sent|used|paid|stand|go|alone) (?:all )?on its own\b"
    r"|\b(?:go|goes|used|billed|reported) (?:under|with) (?:any|another|other|which|what)\b|\bprimar(?:y"
    r"|ies) (?:for|of|to) \+?(?:\d{5}|[A-Z]\d{4})"
    r"|which codes? (can|may|does|do) \w+ (be (billed|reported)|go) with"
    r"|\b(which|what) (\w+ ){0,3}?codes? [^.?]{0,40}\b(billed|reported|coded|go|sit) with\b"
    r"|\b(?:which|what) (?:\w+ ){0,2}?codes? (?:must|has to|have to|needs? to|should|does it need to) (?:\w+ ){0,2}?"
    r"(?:be|stand|appear|sit|come) (?:\w+ ){0,2}?(?:on the (?:same )?(?:claim|bill)|beside|next to|in front of|before)",
    Aspect.UNITS: r"\bMUEs?\b|\bM\.U\.E|\bMAI\b|medically unlikely|how many units"
    r"|\b(?:right|correct|what|which) number of units\b"
    r"|max(imum)? (number of )?units|\bunits? of\b|units per"
    r"|exceed\w* (the )?(units?|limit)|denied for (\w+ )?units|second unit|how many (are )?allowed|allowed per day"
    r"|\bunits? (?:limit|cap|max\w*|edit|exceed\w*)|(?:limit|cap|max\w*|most|ceiling) (?:\w+ ){0,4}units?\b"
    r"|\b(?:too many|over(?:stated)?|excess(?:ive)?) units?\b|\bunits? (?:denied|cut|rejected)"
    r"|\b(?:daily|per[- ]day|day|dos) (?:max\w*|limit|cap|units?)\b|\bmax(?:imum)?(?: units?)? (?:per|a"
    r"|each) (?:day|dos|date)"
    r"|\b(?:how many|how often|max\w*|limit)\b[^.?\n]{0,50}\b(?:per|a|each|one|same) (?:day|date|dos|line)\b",
    Aspect.DIFFERENCE: r"differen(ce|t|tiate)|distinguish|\bvs\.?\b|\bversus\b|\bor\b(?=\s+(?:\d{5}))|compare",
    Aspect.DOCUMENTATION: r"document|\bnote\b|chart(?!s? review)|op(erative)? report|\brecord\b",
    Aspect.CLOSURE: r"repair|clos(e|ed|ure)\b|sutur|stitch|flap|tissue transfer|undermin",
    # "Does it need 78 or 58?": modifiers that are named by their numbers alone.
    Aspect.MODIFIER: r"modi?f(?:i?e?r|ie)|\bmods?\b|\bappend|(?<=\d{5})-\w\w\b"
    r"|(?<![\d.$/])-?(?:24|25|57|58|59|76|77|78|79),? (?:or|vs\.?|versus) (?:a |is it )?-?(?:24|25|57|58|59|76"
    r"|77|78|79)\b(?![.\d]|[ -]?(?:y|m|d|u|%|cm))"
    r"|\b(?:needs?|requires?|takes?|gets?|carr(?:y|ies)|add|with) (?:an? |the )?-?(?:24|25|57|58|59|76|77|78"
    r"|79)(?=[ ]?(?:\?|on (?:it|the|this|that)\b|here\b))",
    Aspect.DIAGNOSIS: r"diagnos|\bicd|\bdx\b|medical(ly)? necess",
    Aspect.BUNDLING: r"bun?de?l|\bncci\b|\bptp\b|\bcci\b|\bedits?\b|same (day|session|visit)|\btog[eai]?th?e?r\b"
    r"|separately"
    r"|\b(?:payable|billable|paid|pay|allowed|billed)\b[^.?\n]{0,30}\bw(?:/|ith\b)"
    r"|\bboth (?:payable|paid|billable|allowed|codes|pay)",
    Aspect.INCLUDED: r"includ|part of\b|separately",
}
_LOOSELY: dict[Aspect, str] = {
    Aspect.GLOBAL_PERIOD: r"\bdays?\b(?! (?:of service|supply))|\bperiod\b|\bhow long\b|\bwait\b|post[- ]?op"
    r"|follow[- ]?up|\bf/?u\b",
    Aspect.INDICATORS: r"\bassist|(?-i:\bAS\b)|(?<!\w)-?(?:50|62|66|80|82)\b(?! (?:minutes|min|units|y|mg|cm|sq|%))"
    r"|\bboth\b|\bsides?\b|indicator",
    Aspect.ADD_ON: r"\b(?:base|parent|primar(?:y|ies)|alone|list with|on its own|companion)\b(?! care)"
    r"|\bmust\b[^.?\n]{0,24}\b(?:on the (?:same )?claim|with)\b|\bgo(?:es)? (?:with|along)",
    Aspect.UNITS: r"\b(?:limits?|cap|max\w*|units?|most)\b|\btimes\b|[x×] ?\d"
    r"|\bhow (?:many|often)\b[^.?\n]{0,40}\b(?:bill|allow|paid|pay|report|charge|can|may|per)\w*\b",
    Aspect.BUNDLING: r"\b(?:with|w|alongside|along|same|both|combin\w*|include\w*|inclusive|incidental|allow\w*|column"
    r"|col|component|part of|incident\w*|conflict\w*|unbundl\w*|exclusive|pairs?|paired|concurrent\w*"
    r"|besides?|plus|and)\b|[&+/]",
}
"""Words that ask for a row where the letter names codes and nothing else of it has an answer."""
BY_ROW = frozenset({Aspect.GLOBAL_PERIOD, Aspect.INDICATORS, Aspect.ADD_ON, Aspect.UNITS, Aspect.BUNDLING})
"""What a row of an official file answers, for a code that stands in the letter."""
SPOKEN_OF = re.compile(
    r"\b(?:prim\w{0,4}r(?:y|ies)|par+ent|base|column (?:one|two|1|2)) codes?\b"
    r"|\b(?:goe?s?|sits?|billed|reported) w(?:ith|/) any of (?:the )?(?:\w+ ){0,3}codes?\b"
    r"|\bhcpcs mod(?:ifier)?s?\b"
    r"|\b(?:goe?s?|put|append\w*|belongs?) (?:it )?on(?:to)? (?:the |which |what )?(?:\w+ )?codes?\b",
    re.IGNORECASE,
)
"""Codes that a question speaks of without asking for them: those beside which another stands, or that a modifier is
put on. A row or a rule names them; no facts of the case do."""
_PATTERNS = {aspect: re.compile(cue, re.IGNORECASE) for aspect, cue in _CUES.items()}

_LOOSE = {aspect: re.compile(cue, re.IGNORECASE) for aspect, cue in _LOOSELY.items()}

_BY_TOPIC = {
    Topic.DOCUMENTATION: Aspect.DOCUMENTATION,
    Topic.NCCI_EDIT: Aspect.BUNDLING,
    Topic.MODIFIER: Aspect.MODIFIER,
}

_DIRECT = "direct."
SITUATION = "direct.situation."
"""The mark of the modifier that a told situation calls for."""
LED_OUT = "direct.outside."
"""The mark of a reason why facts lead out of a family that is the answer itself."""
_OF_THE_RECORD = re.compile(
    r"\b(?:document(?:ed|ation)?|notes?|charts?|records?|reports?)\b[^.?!]*\?"
    r"|\bwhat (?:to|should|must) (?:\w+ ){0,3}document",
    re.IGNORECASE,
)
_WHICH_MODIFIER = re.compile(
    r"\b(?:which|what) (?:\w+ ){0,2}mod(?:ifier)?s?\b|\bmod(?:ifier)?s?\b[^?]*\?", re.IGNORECASE
)
_OF_DAYS = re.compile(
    r"\bhow (?:many|long)\b|\b(?:days|period|global) (?:of|for|on)\b|\b(?:last day|ends?|ended|until|through|expires?"
    r"|over)\b|\b(?:what|which)(?:'?s| is| are)? (?:the |its |their )?(?:\w+ )?(?:global|post-?op)"
    r"|(?<!in the )(?<!in )\bglobals?(?: days)?\?"
    r"|\bfee schedule\b|\bstill (?:in|within)\b",
    re.IGNORECASE,
)
"""Words that ask how long a global period is, rather than what it holds."""


def aspects(question: Question) -> frozenset[Aspect]:
    """Return what the letter asks about, from its words and from the topics that were found."""
    said = {aspect for aspect, pattern in _PATTERNS.items() if pattern.search(question.text)}
    return frozenset(said | {_BY_TOPIC[found.topic] for found in question.topics if found.topic in _BY_TOPIC})


def loosely_asked(question: Question) -> frozenset[Aspect]:
    """Return which rows a letter may ask for that names codes and tells no case: by words that alone prove little."""
    said = frozenset(aspect for aspect, pattern in _LOOSE.items() if pattern.search(question.text))
    several = len({row.code for row in question.codes if row.system in ("CPT", "HCPCS")}) > 1
    return said if several else said - {Aspect.BUNDLING}


def aspects_in(text: str) -> frozenset[Aspect]:
    """Return what the words of one question ask about."""
    return frozenset(aspect for aspect, pattern in _PATTERNS.items() if pattern.search(text))


def asks_for_row(text: str) -> bool:
    """Tell whether the words of one question ask for a row of an official file, and not for what follows from it."""
    asked = aspects_in(text)
    if not asked & BY_ROW or _WHICH_MODIFIER.search(text):
        return False
    return asked & BY_ROW != {Aspect.GLOBAL_PERIOD} or bool(_OF_DAYS.search(text))


def direct(kind: FindingKind, rule: str, text: str, citations: Iterable[Citation]) -> Finding:
    """Return a finding that answers the question itself: the draft gives it in its verdict."""
    return Finding(kind, _DIRECT + rule, text, tuple(citations))


def is_direct(finding: Finding) -> bool:
    """Tell whether the finding answers what was asked, rather than supporting it."""
    return finding.rule.startswith(_DIRECT)


def is_plain(finding: Finding, question: Question) -> bool:
    """Tell whether a direct finding only says what a code is for, so that a rule that answers goes before it.

    That the record must show some things is an answer only where the letter asks about the record.
    """
    if finding.rule == f"{_DIRECT}page.title":
        return True
    return finding.rule == f"{_DIRECT}page.documentation" and not _OF_THE_RECORD.search(question.text)


def beneath(finding: Finding) -> Finding:
    """Return a direct finding as support for another answer."""
    return replace(finding, rule=finding.rule.removeprefix(_DIRECT))
