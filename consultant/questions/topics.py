"""What a letter is about: a table of cues with weights, one row for each way to ask."""

import re
from dataclasses import dataclass
from math import exp
from typing import Final

from consultant.questions.asking_lines import IN_PASSING
from consultant.questions.model import CodeMention, Topic, TopicFound
from consultant.questions.visit_words import BY_FIGURE


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for a topic; the weights of a topic's cues add up."""

    topic: Topic
    weight: float
    pattern: re.Pattern[str]


def _cue(topic: Topic, weight: float, pattern: str) -> Cue:
    return Cue(topic, weight, re.compile(pattern, re.IGNORECASE))


CUES: Final[tuple[Cue, ...]] = (
    _cue(
        Topic.CODE_SELECTION,
        2.0,
        r"\b(?:which|what)(?:'s| is| are| would be)?(?: the)?(?: \w+){0,3}? (?:cpts?|code|codes|hcpcs|dx"
        r"|icd(?:-?10)?)\b",
    ),
    _cue(
        Topic.CODE_SELECTION,
        1.6,
        (
            r"\bhow (?:do|would|should|can|to)(?: \w+){0,3} (?:code|bill|report)\b|\bhow (?:is|are|was|were"
            r"|should|would|can|do|does)(?: (?!do\b)[\w'/-]+){1,12}? (?:be )?(?:coded|billed|reported)\b"
            r"(?=[^.?\n]{0,24}\?)|\bhow (?:do|does|would|should|must|will|to)(?: [\w'/-]+){0,3} (?:put|list"
            r"|enter|show|lay|write|set|file|submit|send)\b(?=[^.?\n]{0,32}\b(?:claim|lines?|1500|bill|form|cms)\b)"
            r"|\bhow (?:do|does|would|should|will) (?:the |my |our )?(?:\w+ )?(?:claim|lines?|charges?)"
            r" (?:read|look|go|appear)\b[^.?\n]{0,24}\?|\bhow (?:is|are) (?:this"
            r"|it|that) (?:coded|billed|reported)\b|\bbest code\b"
        ),
    ),
    _cue(
        Topic.CODE_SELECTION,
        1.2,
        (
            r"\b(?:correct|right|appropriate|proper|best|better|accurate) (?:cpt )?(?:code|codes|coding)\b"
            r"|\bcode (?:for|this|these|it)\b|\bcoding (?:this|for)\b"
        ),
    ),
    _cue(
        Topic.CODE_SELECTION,
        1.0,
        (
            r"\b(?:codes?|cpt|levels?)\s*\?|(?<![\w.])9\d{2,3}[xX_]{1,2}\b[^.?\n]{0,24}\?|[.,;]\s{1,2}\d{5}\s?\?"
            r"|\bhelp (?:me )?(?:with )?cod(?:e|ing)\b|\b\d{5} (?:or"
            r"|vs\.?|versus) \d{5}\b"
            r"|\bwhat (?:do|would|should) (?:i|we|you) (?:bill|code|report|use)\b"
        ),
    ),
    _cue(
        Topic.CODE_SELECTION,
        0.7,
        (
            r"\b(?:excis(?:ed|ion)|margins?|lesion|debrided|laceration|cyst|nevus|mole)\b[^\n]{0,60}\d ?(?:cm"
            r"|mm)\b|\d ?(?:cm|mm)\b[^\n]{0,40}\b(?:lesion|nevus|bcc|scc|cyst|laceration)\b"
        ),
    ),
    _cue(
        Topic.CODE_SELECTION,
        1.0,
        # Which of two codes, how much of one, or whether one may stand: coders ask for a level or a code in passing.
        (
            rf"{BY_FIGURE}|\b(?:which|what) number (?:is it|do i|now|to (?:use|bill)|goes|comes)\b|"
            r"\b(?:which|what|wich|waht) (?:\w+ ){0,2}(?:level|e/?m)\b|\blevel(?: by \w+)?(?: pls"
            r"| please)?[ \t]?\?|\blevel (?:this|these)\b"
            r"|\bcod(?:e|es|s|ing)\b[^.?\n]{0,24}\bunits?\b|\blines?,? (?:and|with|w/|n|\+|&) (?:the )?units?\b"
            r"|\bhow many (?:\w+ ){0,3}add-?[ ]?ons?\b|\b(?:exact|correct"
            r"|right) lines?\b|\bis (?:it|this|that) \d{5}\b[^.?\n]{0,40}\?|\b(?:need|want|give me"
            r"|tell me)\b[^.?\n]{0,40}\b(?:codes?|cpts?|hcpcs(?! (?:\w+ )?mod))\b|\bcod(?:e|es) (?:pls|please)\b"
            r"|\b[A-V]\d{4} (?:or|vs\.?|versus) [A-V]\d{4}\b|\b(?:add|may"
            r"|can)\b[^.?\n]{0,12}\b(?-i:G\d{4})\b[^.\n]{0,40}\?"
            r"|\b(?-i:G\d{4})\b (?:ok|okay|right|correct|yes)\b[^.\n]{0,12}\?|\bis (?-i:G\d{4}) (?:right|ok"
            r"|correct|payable)\b"
            r"|\bhow many units\b(?![^?\n]{0,30}\b(?:allow|per day|max|mue|paid|limit))|\bwhat (?:goes"
            r"|belongs|should go|do (?:we|i) put|would you put) on\b|\b(?:anything|something"
            r"|what)(?: at all)? (?:to|can (?:i|we)) bill\b"
            r"|\b(?:admin\w*|procedure|cpt|codes?|drug)(?: codes?)? only\b|\b(?:cpt|codes?) (?:just|only) for\b"
            r"|\b(?:tell|give|send) (?:me|us) the (?:e/?m|visit level|level|line|lines|charges?)\b"
            r"|\be/?m\?|\bcpt\b(?:[^.?\n]|(?<=\bincl)\.|(?<=\bw)\.){0,30}\?|\bhow many (?-i:\d{5}|[A-V]\d{4})\b"
            r"|\b(?:pro ?-?fee|profee|e/?m|code|lvl|level)s? (?:pls|please|plz)\b|\b(?:lvl|level)\b[ \t]?(?:\?|\n|$)"
            r"|\b(?:bill|report|code)\b[^.?\n]{0,40}\band which\b|\bwhich(?: (?:one|level))?[ \t]?\?"
            r"|\b(?:help (?:me )?)?level (?:dr|the|my|our|this|these|a)\b"
            r"|\bwhat (?:is|would be) (?:it|correct|right)\b[^.\n]{0,16}\?|\bwhich (?:one )?is (?:it|correct|right)\b"
            r"|\bwhich (?:one|ones|of (?:them|these|those|the two)) (?:to (?:use|bill|report|code|send|put)|(?:i"
            r"|we) (?:should|need)|should|do|would|must|can|goes?|belongs?"
            r"|is mine|are mine)\b"
            r"|\b(?:hcpcs|cpts?|codes?|j[- ]?codes?)[ \t]?(?:x|×|\*|/|\+|&|and|w/|with)[ \t]?(?:units?|qty|quantity"
            r"|mods?)\b"
            r"|(?:->|=>|→|:)[ \t]?(?:drug |claim )?(?:lines?|codes?|cpts?|hcpcs)[ \t]?(?:\?|$|\n)|\b(?:drug"
            r"|claim) lines?[ \t]?\?"
            r"|\b(?:one|1) code or (?:two|2)\b|\blevel(?:ed|led)? (?:it )?on (?:time|mdm)\b|\bplease (?:code|level)\b"
            r"|\bdo (?:i|we) (?:use|bill"
            r"|report) (?-i:[A-V]\d{4})\b"
            r"|\b(?:can|may|should) (?:i|we) (?:also )?bil (?:\w+ ){0,2}(?:\d{5}|(?-i:[A-V]\d{4}))\b(?!-\d| with\b)"
        ),
    ),
    _cue(
        Topic.CODE_SELECTION,
        0.8,
        (
            r"\b(?:take|use|report|bill|code|is it|be) (?:the |it |as )?\d{5} or (?:the |is it )?\d{5}\b[^.?\n]{0,24}\?"
            r"|\b\d{5}\b[^?\n]{0,60}\b(?:is|was|would) (?:that|this|it)(?: be)? (?:really |still "
            r"|the )?(?:right|rite|correct"
            r"|ok(?:ay)?|appropriate|true|proper|it)\b[^.?\n]{0,24}\?"
            r"|\b\d{5},? (?:or|vs\.?|versus) (?:is it |do i |do we |just |only |bill )*(?:the "
            r"|an? )?(?:office )?(?:visit|e/?m\b"
            r"|nothing|neither)"
            r"|\b(?:is|would|does) \d{5} (?:correct|right|ok|appropriate|the)\b|\b(?:should|can|could"
            r"|may) (?:i|we) (?:use|bill|code|report) (?:\w+ ){0,2}\d{5}\b"
        ),
    ),
    Cue(Topic.CODE_SELECTION, 1.0, IN_PASSING),
    _cue(
        Topic.GUIDELINE,
        1.6,
        (
            r"\b(?:guidelines?|official (?:rule|guidance)|coding conventions?|chapter (?:specific|guideline)"
            r"|cpt (?:rules?|says|instruct\w*)|parenthetical|sequenc(?:e|ing)|code first|excludes ?[12])\b"
        ),
    ),
    _cue(
        Topic.GUIDELINE,
        1.0,
        (
            r"\b(?:what (?:is|are) the rules?|the rule (?:for|on|about)|how (?:are|is"
            r"|do you) (?:\w+ ){0,4}(?:measured?|counted|defined|calculated?|add(?:ed)?)|definition of"
            r"|what counts as|global period|global days|how many units|time thresholds?|difference between)\b"
        ),
    ),
    # A question that names no code and asks for none is for a rule; anything that says more of its topic outweighs it.
    _cue(
        Topic.GUIDELINE,
        0.6,
        (
            r"(?:^|[.?!,:;-]\s|\n)[ \t]*(?:and |or |so |but )?(?:can|may|could|should|does|do|did|must|is|are"
            r"|was|were"
            r"|has|have|will|would|how (?:often|long|many|much)|when|who|whose|why)\b"
            r"(?![^?\n]{0,100}\b(?:codes?|cpt|hcpcs|dx|icd\S*|bill it)\b)[^?\n]{3,240}\?"
        ),
    ),
    _cue(Topic.MODIFIER, 2.0, r"\bmod(?:ifi|if|ify|fi)ers?\b|\bmods?\b(?! (?:erate|mdm))"),
    _cue(
        Topic.MODIFIER,
        1.4,
        (
            r"(?<![\w.])-(?:2[2-7]|5[0-9]|6[26]|7[6-9]|8[0-2]|9[15])\b(?! ?(?:cm|mm))|\b\d{5}-(?:2[2-7]"
            r"|5[0-9]|6[26]|7[6-9]|8[0-2]|9[15]|[RL]T|X[EPSU])\b|\bX[EPSU]\b"
        ),
    ),
    _cue(
        Topic.MODIFIER,
        0.8,
        (
            r"\b(?:append|bilateral(?:ly)?|separately identifiable|distinct procedural|assistant surgeon"
            r"|co-?surgeon|same day e/?m|unrelated|staged)\b"
        ),
    ),
    _cue(
        Topic.CROSSWALK,
        2.2,
        (
            r"\b(?:cross-?walk(?:s|ed|ing)?|maps? (?:to|from)|mapping|icd-?9 (?:to|code)|equivalent (?:code"
            r"|cpt|icd)|replac(?:es|ed|ement) (?:code|for|by|of)|what replaced|successor|gems?\b|convert(?:ed"
            r"|s)? (?:to|from))"
        ),
    ),
    _cue(
        Topic.CROSSWALK,
        1.4,
        (
            r"\b(?:deleted code|was deleted|(?:new|old) code for|no longer (?:valid|active)|cpt to (?:icd"
            r"|hcpcs|asa)|icd(?:-?10)? (?:codes? )?(?:that |which )?(?:support|go(?:es)? with|pairs? with))\b"
        ),
    ),
    _cue(Topic.NCCI_EDIT, 2.2, r"\b(?:ncci|cci|ptp|procedure[- ]to[- ]procedure|mue|mues|medically unlikely|mai)\b"),
    _cue(
        Topic.NCCI_EDIT,
        1.4,
        r"\b(?:can|may|could|should|do|does)\b[^.?\n]{0,60}\b(?:too|also|as well|separately|additionally"
        r"|in addition)\b"
        r"|\b(?:do|does|is|are)\b[^.?\n]{0,40}\binclud(?:e|es|ed)\b",
    ),
    _cue(
        Topic.NCCI_EDIT,
        1.6,
        (
            r"\b(?:bundl(?:e|ed|es|ing)|unbundl\w{0,4}|column (?:1|2|one|two)|edit pair|(?:hit|hitting|kicked"
            r"|edit)\b[^.]{0,20}\bedits?|inclusive (?:to|of)|(?:an|any|the|no|active) edits?"
            r"|edits? (?:between|for|on)|mutually exclusive|separate(?:ly)? (?:report"
            r"|bill|pa)\w*|included in)\b"
        ),
    ),
    _cue(
        Topic.NCCI_EDIT,
        1.3,
        (
            r"\b(?:bill(?:ed)?|report(?:ed)?|code(?:d)?|use)\b[^.?\n]{0,60}\b(?:together|with|and"
            r"|along with)\b[^.?\n]{0,30}\b\d{5}\b|\bboth (?:codes|\d{5})\b|\b\d{5}(?:-\w\w)? (?:and|with|\+"
            r"|&|plus) \+?[A-Z]?\d{4,5}\b[^.\n]{0,40}\b(?:together|same (?:day|session|visit|lesion))\b"
        ),
    ),
    _cue(
        Topic.NCCI_EDIT,
        1.2,
        (
            r"\b(?:can|could|may|should|is|are) (?:the |an? |this |that |these )?(?:\w+ ){1,3}(?:be )?(?:billed"
            r"|billable|payable"
            r"|reportable|reported|coded|charged|paid) (?:with|along|separately|together|in addition|too|also"
            r"|as well|on top)\b"
            r"|\b(?:may|can|could|should|do) (?:i|we|you|they|he|she)(?: \w+){0,2} (?:also|separately"
            r"|additionally)?\s?(?:bill|code|report|charge)(?: for)? (?:the |a |an |both |layered "
            r"|intermediate |complex )*(?:repair|closure|both|debridement|biopsy)\b"
        ),
    ),
    _cue(
        Topic.NCCI_EDIT,
        0.9,
        r"\bmax(?:imum)? (?:number of )?units\b|\bunits? (?:limit|denied|exceed\w*)|\bexceeds? units\b",
    ),
    _cue(
        Topic.COMPLIANCE,
        2.0,
        (
            r"\b(?:(?<!certificate of )(?<!cert of )complian(?:ce|t)|fraud|abuse|false claims?|oig"
            r"|(?!(?-i:AUDIT)(?:-?C\b|[ ](?:administered|score\w*|given"
            r"|tool|form|questionnaire|screen\w*|completed|done|was|is|of|=|\d)|[ ]?[:=(]))audit(?:ed|or"
            r"|ors|s|ing)?|upcod\w{0,4}"
            r"|overpayment|overpaid|refund|self[- ]disclos\w*|kickback|stark|hipaa|whistle\w*|rac\b|tpe\b"
            r"|upic|incident[- ]to|legal to bill|is it ok to change)"
        ),
    ),
    _cue(
        Topic.COMPLIANCE,
        1.2,
        (
            r"\b(?:pressur\w{2,4}|told (?:us|me) to (?:bill|code|change)|always bill|cloned?|copy[- ]forward"
            r"|late entr(?:y|ies)|split[/ -]shared|waiv\w{1,4} (?:copays?|co-pays?|coinsurance))\b"
        ),
    ),
    _cue(
        Topic.MEDICARE_COVERAGE,
        2.0,
        (
            r"\b(?:(?:lcd|ncd)s?|abn|advance beneficiary|medically necessary|medical necessity|coverage"
            r"|non-?covered|does (?:medicare|medicaid|\w+) (?:cover|pay|allow)|covered (?:by|under|service|dx"
            r"|diagnos\w+))\b"
        ),
    ),
    _cue(
        Topic.MEDICARE_COVERAGE,
        1.2,
        (
            r"\b(?:medicare|mac|novitas|noridian|palmetto|wps|first coast|ngs|cgs)\b[^.?\n]{0,50}\b(?:cover"
            r"|pay|allow|accept|reimburse|frequency|limit|deny|policy)\w{0,4}|\b(?:cosmetic|frequency limit"
            r"|g2211|g0101|awv|annual wellness|modifier g[azyx])\b"
        ),
    ),
    _cue(
        Topic.DOCUMENTATION,
        2.0,
        (
            r"\bdocument(?:ation|ed|ing|s)?\b(?! (?:id|number))|\bwhat (?:does|must|should"
            r"|needs? to be in) (?:the )?(?:\w+ )?(?:note|op(?:erative)? (?:note|report)|record|chart)\b"
        ),
    ),
    _cue(
        Topic.DOCUMENTATION,
        1.2,
        (
            r"\b(?:op(?:erative)? (?:note|report)|addend(?:um|a)|query the (?:provider|physician|surgeon"
            r"|doctor)|provider query|signature requirement\w*|attestation|note (?:supports?|need|must|lacks?"
            r"|doesn'?t)|chart note|scribe)\b"
        ),
    ),
)


def find(text: str, codes: tuple[CodeMention, ...]) -> tuple[TopicFound, ...]:
    """Return the topics that spoke, strongest first, with a confidence of 0 to 1 and the words; OTHER when none did."""
    weights: dict[Topic, float] = {}
    cues: dict[Topic, list[str]] = {}
    for cue in CUES:
        matches = [" ".join(match[0].lower().split()) for match in cue.pattern.finditer(text[:20_000])]
        if matches:
            # The same words again prove little more than the first time.
            weights[cue.topic] = weights.get(cue.topic, 0.0) + cue.weight * (1 + 0.15 * min(len(matches) - 1, 2))
            cues.setdefault(cue.topic, []).extend(dict.fromkeys(matches))
    if not weights and codes:
        # Codes alone, with a question mark or without, ask whether they are right.
        weights[Topic.CODE_SELECTION] = 0.8
        cues[Topic.CODE_SELECTION] = [mention.code for mention in codes[:3]]
    found = [TopicFound(topic, _confidence(weight), tuple(cues[topic][:6])) for topic, weight in weights.items()]
    found = [topic for topic in found if topic.confidence >= 0.35]
    found.sort(key=lambda topic: (-topic.confidence, list(Topic).index(topic.topic)))
    return tuple(found) or (TopicFound(Topic.OTHER, 0.0, ()),)


def _confidence(weight: float) -> float:
    """Turn a sum of weights into 0 to 1: 0.7 gives 0.42, 2 gives 0.79, 4 gives 0.96."""
    return round(1 - exp(-0.78 * weight), 2)
