"""Read whether a patient is new: no professional service from the same specialty of the group in three years (CPT).

What a letter tells of earlier visits decides; a name for the visit, such as "follow-up", is taken where nothing else is
told. Where a letter calls a patient new who was seen here within three years, both are returned, and one is asked for.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span
from consultant.questions.passages import TO_COME, Sentences, Status, status
from consultant.questions.sections import Part

_US: Final = r"(?:us|our|ours|my|you|this|the same|the group|the practice|the clinic|the office|here|anyone|any)"
_OF: Final = (
    r"(?:(?:original |traditional )?medicare|medicaid|commercial|adult|female|male|self[- ]pay|aetna|cigna"
    r"|bcbs|uhc|humana|tricare"
    r"|pediatric|peds|video|audio|telehealth|office|clinic|\d{1,3} ?(?:y/?o|yo|year[- ]old))[ -]"
)
"""What may stand between "new" and "patient"."""
_NEW: Final = re.compile(
    rf"\bnew (?:{_OF}){{0,2}}(?:patient|pt|client)s?\b(?! codes?\b)|\bnp (?:here|visit|to us)\b|\bnew (?:office|outpt"
    rf"|outpatient|home) (?:visit|pt)\b|\bfirst[- ]time (?:patient|pt|visitor)\b"
    r"|(?<=[,;] )new(?=[,;] (?:straight|low|mod|high|\d{1,3} min))"
    r"|\b(?:visit|house call|(?:mrs?|ms|pt|patient)\.?(?: (?-i:[A-Z])| \d)?|PERSON_\d+\]),? (?:is "
    r"|was )?(?:brand[- ])?new(?=[,;:)]|[ \t]*(?:\n|$))"
    r"|(?<![\w-])new (?=\d{1,3} ?(?:y/?o|yo|yrs?|years?[- ]old|(?-i:[MF]))\b)",
    re.IGNORECASE,
)
_NEW_HERE: Final = re.compile(
    r"\b(?:is |are |was |brand )?new to (?:us|our|the) ?(?:group|practice|clinic|office"
    r"|specialty)?\b(?! (?:doctor|dr|provider|physician))"
    rf"|\bn(?:e)?ver (?:been |was |had been )?(?:seen|treated|a patient|here)\b(?: (?:before|here|by|in|at"
    rf"|of)\b[^.;\n]{{0,24}}?\b{_US}\b)?"
    rf"|\bnever (?:a patient of )?(?:ours|us|seen)\b|\bno (?:prior|previous|earlier) (?:visits?|services?"
    rf"|encounters?)\b[^.;\n]{{0,24}}\b{_US}\b"
    rf"|\b(?:nobody|no one|none of (?:us|our \w+))(?: (?:here|in|of|from|at))?(?: (?:our|the|this|my) \w+)?"
    rf"[^.;,\n]{{0,24}}\b(?:seen|saw|met|treated)\b|\bfirst (?:ever )?(?:(?:office|clinic|well|newborn"
    rf"|outpatient) )?(?:visit|time|appointment)"
    rf"(?: of (?:his|her|its) life)? (?:here|(?:with|to|for|at) (?:us|our)|in our)\b"
    rf"|\b(?:our|the) (?:doctors?|docs?|group|practice|pediatricians?|providers?) (?:had |has |have )?(?:never"
    rf"|not) (?:yet )?"
    rf"(?:seen|saw|met|treated)\b"
    r"|\bnever (?:ever )?(?:set foot|been|come|walked)(?: \w+)? (?:in|into|to|inside) (?:our|the|this|my) "
    r"(?:practi[cs]e|office|clinic|group|department)\b"
    r"|\bnever (?:darkened our doors?|(?:been|come) through (?:our|the|this|my) doors?"
    r"|(?:laid|set) eyes on (?:him|her|them|this \w+|the \w+))\b"
    r"|\bnor (?:ever )?(?:been )?seen by (?:anyone|anybody) (?:in|of|from) (?:the|our|this) (?:group|practice|clinic)\b"
    r"|\bfirst (?:time|house call|home visit|visit)(?: ever)? (?:with|seeing|meeting|for) (?:this|the) (?:new )?"
    r"(?:patient|pt|resident|client|family)\b"
    r"|\bfirst (?:ever )?(?:time|visit)(?: ever)? (?:in|at|with|to) (?:our|the|this|my) (?:practi[cs]e|office"
    r"|clinic|group)\b"
    r"|\b(?:none|no one|nobody|not one|neither) of (?:our|the|my) (?:\w+ ){1,2}(?:knows?|has met|met|has ever|ever)\b"
    r"|\b(?:establishing|establish) (?:primary |pcp )?care\b|\bnever (?:set foot|stepped|come"
    r"|came) (?:foot )?(?:in|into"
    r"|to) (?:our|the|this|my) (?:practi[cs]e|office|clinic|group|door)\b"
    r"|\b(?:hasn'?t|has not|haven'?t|have not|hadn'?t|had not) (?:ever )?been (?:here|seen here|(?:in"
    r"|to) (?:our|the|this)"
    r" (?:practi[cs]e|office|clinic|group))(?: (?:before|ever))?\b(?! (?:since|for|in|lately|this|recently))"
    r"|\bfirst (?:ever )?visit(?: ever)? (?:with|to) us\b"
    r"|\bfirst[- ]ever (?:(?:home|house|office|clinic) )?(?:visit|call|encounter|appointment|contact)\b"
    r"|\bfirst (?:(?:home|house|office|clinic) )?(?:visit|call|encounter|appointment|contact)(?: ever)? (?:of|by|from)"
    r" (?:anyone (?:in|of|from) )?(?:our|the|this|my) (?:practi[cs]e|office|clinic|group|doctors?|geriatrician|np|pa)\b"
    r"|\b(?:never|not) (?:before|previously|ever|yet)(?: been)? (?:seen|treated|met)\b"
    r"|\bnot (?:been )?(?:seen|treated) before\b(?! (?:for|with) (?:this|that|the))"
    rf"|\b(?:(?:previously )?unknown|a (?:total |complete )?stranger|not (?:yet )?known) to {_US}\b"
    rf"|\bnever had (?:an? |any )?(?:visit|appointment|encounter|contact)s? (?:with|at|in|here)\b(?: {_US})?"
    r"|\bwe (?:had |have |'?d |'?ve )?never (?:before )?(?:seen|saw|met|treated)\b"
    r"|\b(?:our|my|his|her|the group'?s|the practice'?s) (?:very )?first (?:ever )?(?:time|visit)"
    r" (?:seeing|with|to|for|meeting)\b(?! (?:this|that) (?:problem|complaint|year|month))",
    re.IGNORECASE,
)
_ESTABLISHED: Final = re.compile(
    rf"\b(?:established|estab|est\.?|existing|returning|known|return) (?:{_OF}){{0,2}}(?:patient|pt|resident"
    rf"|client)s?\b(?! codes?\b)|\b(?:established|estab|est\.?) (?:girl|boy|kid|child|teen|man|woman|male|female)\b"
    r"|\b(?:established|estab|est\.?) (?:(?:annual|adult|full|yearly) )?(?:physical|well|wc[cv]|preventive|check-?up)\b"
    rf"|(?:(?<=[.,;:(/)] )|(?<=^)|(?<=\n))(?:established|estab|est'?d?)(?=[,;.)/]| (?:medicare"
    r"|medicaid|aetna|bcbs|uhc|cigna|humana|commercial|mcr|video|tele\w+|f/?u|[mf]\b|male|female|\d)| ?\(|\s*\n|\s*$)"
    r"|(?<=\d)[ -]?(?:y/?o|yrs?|years?[ -]old)?,? ?(?:m|f|male|female|man|woman)?,? (?:established|estab)\b"
    r"|\b(?:patient"
    rf"|pt) (?:is |was )?established\b"
    r"|\b(?:visit|call|ov|appt|appointment|office|clinic|video|telehealth|(?:mrs?|ms|pt"
    r"|patient)\.?(?: (?-i:[A-Z])| \d)?|PERSON_\d+\]),? (?:is |was )?"
    r"(?:est|estab|established)(?=[,;:)]|\.?[ \t]*(?:\n|$)|\.[ ](?=(?-i:[A-Z])))"
    r"|\best(?:ab\w*)?\.? (?:with|w/|in|to|at) (?:us|our|the|this)\b|\b(?:well )?known to (?:us|our|the practice"
    r"|practice|the group|the clinic|me|you|this practice|dr\.? \[?\w+|(?:the|our) (?:doctor|physician|np|pa"
    r"|\w+ologist))"
    r"(?!\w)|(?<!not )\b(?:patient|pt|client|lady|gentleman|man|woman|resident) of (?:ours|our practice"
    r"|this practice|mine)\b|\b(?:patient|pt) of (?:this|our) (?:office|clinic|group|practice) (?:since|for|from)\b"
    r"|\bpcp\b[^.;\n]{0,80}\bfor (?:almost |nearly |over |about |more than |the last |the past )?\w+ (?:years|yrs)\b"
    r"|\b(?:patient|pt|ours|with us|followed|seen|here|comes|coming)(?: here| by us| with us| to us)?"
    r" (?:since (?:birth|infancy|childhood|(?:the |she was |he was )?(?:newborn|nursery|day one)"
    r"|(?:\w+ )?(?:high )?school"
    r"|college|kindergarten|delivery|forever|(?:s?he|they) (?:was|were)|(?:\w+ )?(?:19|20)\d\d)|from (?:birth|infancy)"
    r"|for (?:the (?:last|past) )?(?:\w+ ){1,2}(?:years|yrs))\b"
    r"|\b(?:s?he|they|we|i|dr\.? \[?\w+\]?|our \w+)(?:'s|'ve| has| have)? (?:been )?(?:seen|seeing|followed"
    r"|following|treated"
    r"|treating|known|looked after)\b[^.;,\n]{0,40}\bsince (?!then|yesterday|this|last|(?:the|her|his"
    r"|an?) (?:fall|accident"
    r"|surgery|injury|onset|diagnosis))"
    r"|\b(?:seen|sees|see|followed|follows|comes|visits|here)\b[^.;,\n]{0,20}?\b(?:q ?\d{0,2} ?(?:mo?s?|months?"
    r"|w|wks?|weeks?|yrs?)"
    r"|every (?:\w+ )?(?:months?|weeks?|quarter|year|summer)|(?:once|twice|\w+ times) (?:a|per|each) (?:year|month))\b"
    r"|\b(?:whom|who|that) (?:we|our \w+|i|dr\.? \[?\w+\]?) (?:have |has |had |'ve )?(?:long "
    r"|already )?(?:followed|follows?"
    r"|treated|treats?|known|knows?|seen|sees?|managed|manages?|looked after|looks after|cared for|cares for)"
    r" (?:for|since)\b"
    r"|\b(?:been|is|was) (?:ours|one of ours|our (?:patient|pt)|with (?:us|him|her|them|our \w+|the (?:practice"
    r"|doctor))) (?:since"
    r"|for (?:ages|years|decades|(?:a )?(?:very )?long(?: time)?|forever|(?:\w+ ){1,3}(?:years|yrs|months))"
    r"|from (?:the (?:very )?(?:day|moment|start|beginning)|birth))\b"
    r"|\b(?:had|have|'ve had) (?:him|her|them) since (?:s?he|they|birth|the day|(?:19|20)\d\d)\b"
    r"|\b(?:so|thus|hence|i\.?e\.?|that is|therefore),? established\b(?! (?:patients?|pts?) codes?\b)"
    r"|\b(?:is|are|was|were|been|stays?) (?:a patient )?with (?:dr\.? \[?\w+\]?|us|our \w+|the practice|the group)"
    r" (?:since|for (?:\w+ ){0,3}?(?:years|yrs|months|decades))\b"
    r"|\b(?:dr\.? \[?\w+\]?|our (?:doctor|doc|physician|np|pa|\w+ologist)|he|she|we) (?:has |have )?(?:followed|follows"
    r"|treated|treats|managed?|manages|runs?|run|looked after"
    r"|looks after) (?:(?!not\b)\w+ ){1,8}?(?:since (?:19|20)\d\d"
    r"|for (?:the (?:last|past) )?(?:\w+ ){0,2}?(?:years|yrs|months))\b"
    r"|\b(?:(?:patient|pt) of (?:ours|our practice)|our (?:long[- ]?(?:time|term|standing) )?(?:patient|pt)"
    r"|ours) (?:for|since)\b"
    r"|\b(?:been|has been|keeps?) (?:comm?ing|going) (?:to (?:us|our|this|the)|here)\b|\b(?:established"
    r"|est(?:ab)?\.?) (?:office"
    r"|clinic|home"
    r"|outpatient|virtual|video|telehealth|phone)? ?(?:visit|e/?m|f/?u)\b|\b(?:comes|goes) (?:here|to us)\b"
    r"|\b(?:we|i|dr\.? \[?\w+\]?)(?: have|'ve)? known (?:(?:him|her|them|the \w+) )?(?:since|for)\b|\bis ours\b"
    r"|\b(?:has|have|had) (?:been )?(?:followed|following|seen|seeing|treated|treating|known"
    r"|with the practice|a patient)\b"
    r"[^.;\n]{0,32}\b(?:since (?:19|20)\d\d|for (?:\w+ )?(?:years|months|decades))\b|\blong[- ]?(?:time|term"
    r"|standing) (?:patient|pt)\b|\bhas been (?:seeing|coming to"
    r"|followed by|with) (?:us|our)\b"
    r"|\b(?:patient|pt|follow(?:ed|s)|seen|sees|cared for)\b[^.;,\n]{0,16}\b(?:by|of|with) (?:dr\.? \[?\w+\]?"
    r"|another \w+|(?:my|his|her|a|our)"
    r" partner|a colleague)[^.;\n]{0,16}\b(?:of|in|from) (?:our|the same|this|my) (?:group|practice|office|clinic)\b"
    r"(?=[^.\n]{0,24}\b(?:too|also|as well|same specialty|same))"
    r"|\bestab(?:lished)? (?:\d{1,3}[- ]?(?:y/?o|yo|years?[- ]old)|male|female|man|woman|boy|girl|child|infant|baby"
    r"|lady|gentleman|gent|guy|fellow|adult|teen\w*|kid|toddler|person|member|beneficiary|adolescent|family)\b"
    r"|(?<![\w/-])est(?:\.|ab\.?|'d)?,? (?=\d{1,3} ?(?:y/?o|yo|yrs?|years?[- ]old|(?-i:[MF]))\b)"
    r"|(?:(?<=\bshe's )|(?<=\bhe's )|(?<=\bshe is )|(?<=\bhe is )|(?<=\bpt is )|(?<=\bpatient is )|(?<=\bpt )"
    r"|(?<=\bpatient ))not (?:a )?new\b(?! (?:to|onset|problem|complaint|symptom))"
    r"|\bestablishd (?:pt|patient)\b|\bestblished (?:pt|patient)\b",
    re.IGNORECASE,
)
_FOLLOWED: Final = re.compile(
    r"\b(?:follow[- ]?up|f/u|return|recheck) (?:office |clinic |home )?(?:visit|patient|pt|appointment"
    r"|appt)s?\b|\bfollow[- ]?up of (?:an? |the )?"
    r"|\b(?:f/?u|follow[- ]?up|recheck|rtc)\b(?=[ ](?:\d|for\b|of\b|on\b)|[,:])",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"\b(?:registered|scheduled|listed|booked|entered|checked in"
    r"|(?<!house )(?<!phone )(?<!home )(?<!video )calls?|called"
    r"|says?|thinks?|marked|keyed"
    r"|sent|billed|coded|submitted|charged|reported|claimed)\b[^.;\n]{0,40}$",
    re.IGNORECASE,
)
# "Does that make a patient established?" is a question about the rule.
_IN_GENERAL: Final = re.compile(
    r"\b(?:make|makes|count|counts|considered|treated|is (?:this|she|he|it|the patient)|mean"
    r"|means)\b[^.;\n]{0,24}$",
    re.IGNORECASE,
)
_MONTHS: Final = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_SEEN: Final = re.compile(
    r"\b(?:seen|saw|visit(?:ed)?|treated|was (?:last )?in|been (?:here|in)|here|came(?: in| here)?|comm?ing"
    r"|last (?:chec?k[- ]?up|physical|well (?:visit|check|child)|appointment|appt|annual|phys)"
    r"|with us)\b(?P<where>(?:[^.;\n]|(?<=\b[DM][rs])\.|(?<=\bMrs)\.){0,72}?)"
    r"(?:\b(?:(?P<years>\d{1,2}) ?(?:years?|yrs?|y),?(?: and)? )?"
    r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|a)(?: and a half)? (?P<unit>years?|yrs?"
    r"|months?|mos?|weeks?|days?) (?:ago|earlier|before|back)\b"
    rf"|\b(?:in|on|since|back in|of)? ?(?:(?P<m>\d{{1,2}})/(?:\d{{1,2}}/)?(?P<y>20\d\d|\d\d)\b"
    rf"|(?P<name>{_MONTHS})[a-z]*\.?,? (?:of )?(?:\d{{1,2}},? )?(?P<y2>20\d\d)\b|(?P<y3>20\d\d)\b)"
    rf"|\b(?:in|since|on) (?P<month>{_MONTHS})[a-z]*\b(?!\.?,? (?:of )?(?:\d|this year))"
    r"|\b(?P<last>last|earlier this) (?:year|month|week|spring|summer|fall|winter)\b)",
    re.IGNORECASE,
)
# Where nobody knows who saw the patient, an earlier visit settles nothing.
_DOUBT: Final = re.compile(
    r"\b(?:can(?:not|'?t| not)|unable to|no way to|not able to|could(?:n'?t| not)) (?:tell|say|find(?: out)?|see|verify"
    r"|confirm|determine)\b[^.;\n]{0,60}\b(?:whether|if|who|which|what|when|chart|records?|seen|new|established)\b"
    r"|\b(?:not (?:sure|certain|clear)|unsure|unclear|uncertain|no idea|nobody (?:knows|can tell)|(?:don'?t"
    r"|do not) know"
    r"|doesn'?t (?:know|remember)|can'?t remember)\b[^.;\n]{0,24}\b(?:whether|if|who|which|what|when|how long)\b"
    r"[^.;\n]{0,60}\b(?:seen|saw|here|before|visit\w*|patient|specialty|years?|was|new|established|partner|ours)\b"
    r"|\b(?:may|might|could) (?:have )?(?:already )?(?:been |be )?(?:seen|an? (?:established|existing) |a patient"
    r"|here)\b"
    r"|\b(?:nobody|no one|none of us) (?:knows|can tell|remembers|could say)\b"
    r"|\b(?:thinks?|believes?|swears?|remembers?) (?:that )?(?:he|she|they|i) (?:was|were|has been|had been"
    r"|may have been)"
    r" (?:seen|here|treated|a patient)\b"
    r"|\b(?:maybe|perhaps|possibly|apparently) (?:\w+ ){0,3}(?:seen|saw|here|treated|established)\b"
    r"|\b(?:thinks?|believes?|says?|claims?|told|swears?|remembers?) (?:\w+ ){0,4}(?:that )?[\"'“]?(?:he|she|they|pt"
    r"|patient|saw"
    r"|was|has|had|i)\b[^.;\n]{0,32}\b(?:somebody|someone|somewhere|a doctor|one of)\b",
    re.IGNORECASE,
)
_HERE: Final = re.compile(
    r"\b(?:us|our|we|here|same|partner|colleague|group|practice|office|clinic|my|me)\b", re.IGNORECASE
)
_OTHER_SPECIALTY: Final = re.compile(
    r"(?<!not a )(?<!not in a )(?<!no )\b(?:different|another|other) (?:sub)?specialty\b", re.IGNORECASE
)
_FIELD: Final = (
    r"(?:cardiology|electrophysiology|(?-i:EP|GI|ENT|ID|PM&R|GYN|OB)|cards|interventional|neurology|neurosurgery|ortho"
    r"|orthop(?:a)?edics|derm|dermatology|mohs|pulmonary|pulmonology|nephrology|urology|oncology|hematology"
    r"|endocrinology"
    r"|endo|rheumatology|rheum|neuro|pulm|onc|heme?|gastro|hand|spine|gastroenterology|ob/?gyn|gynecology"
    r"|pediatrics|peds|psychiatry|podiatry|surgery|vascular|pain"
    r"|pain management|sports medicine|family (?:medicine|practice)|internal medicine|geriatrics|allergy|ophthalmology"
    r"|optometry|palliative|sleep medicine|(?:his|her|their|its|our|that|this|the same|the) (?:sub)?specialty"
    r"|th(?:at|is|e) (?:department|division|section|service))"
)
_NOBODY_OF_IT: Final = re.compile(
    rf"\b(?:nobody|no ?one|none|not one|no other \w+|never (?:\w+ ){{1,3}}by (?:anyone|anybody))(?: else)?"
    rf" (?:in|of|from|at|within)"
    rf" (?:(?:our|the|this|my|his|her) )?(?:(?:\w+ )?(?:doctors?|docs?|physicians?|providers?|group|team"
    rf"|staff) (?:in|of) "
    rf"(?:the )?)?{_FIELD}\b[^.;,\n]{{0,32}}\b(?:seen|saw|sees|met|treated|touched|visited)\b"
    rf"|\b(?:never|not) (?:ever |yet )?(?:saw|seen|been (?:to|in|by)|visited|treated by|seen (?:in|by)) (?:our "
    rf"|the |this "
    rf"|anyone (?:in|of|from) )?(?:our |the |this )?{_FIELD} (?:before|until|till|here|team|group|clinic|department)\b"
    r"|\b(?:not |isn'?t |is not )(?:of |in )?the same (?:exact )?(?:sub)?special(?:ty|ity|isation|ization)\b"
    r"|\b(?:different|another|other|separate|distinct) (?:taxonom\w+|specialty (?:code|number|designation))\b"
    r"|\btaxonom\w+(?: codes?| numbers?)? (?:are|is|also )?(?:differ\w*|not the same)\b",
    re.IGNORECASE,
)
"""What says that those who saw the patient before were of another specialty."""
# Medicare enrols each specialty under a number of two characters (Claims Processing Manual, chapter 26, 10.8).
_ENROLLED: Final = re.compile(
    r"\bspecialt(?:y|ies)(?: codes?| numbers?| no\.?| #)?[ \t:(#]{1,2}(?P<one>[0-9C][0-9])\b"
    r"(?:[^.;?\n]{0,48}?\b(?:is|was|as|are|vs\.?|versus|and|not|under|has)[ \t(]+(?:code |as |under |a )*"
    r"(?P<other>[0-9C][0-9])\b)?",
    re.IGNORECASE,
)
_CODES: Final = re.compile(
    r"(?<![\w.$#/-])(?:(?P<new>9920[2-5]|9934[1245]|9938[1-7])|(?P<known>9921[1-5]|9934[7-9]|99350"
    r"|9939[1-7]))(?![\w]|-\d\d\d)"
)
"""Codes of visits for new and for established patients."""
_EARLIER: Final = re.compile(r"\b(?:last|previous\w*|prior|before|earlier)\b", re.IGNORECASE)
_NUMBERS: Final = {"a": 1, **{word: number for number, word in enumerate(ONES[:8], 1)}}
_DAYS: Final = {"y": 365.25, "m": 30.4, "w": 7.0, "d": 1.0}
_NAMES: Final = tuple(_MONTHS.split("|"))


def labelled(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield what a part of a letter calls its patient: new, or established."""
    yield from _labels(text, sentences, _NEW, new=True)
    yield from _labels(text, sentences, _ESTABLISHED, new=False)


def read(text: str, sentences: Sentences, on: date | None, *, dated: bool = True) -> Iterator[Fact]:
    """Yield whether the patient is new, from the strongest that the letter says; `on` is the date of service."""
    labels = [*_labels(text, sentences, _NEW, new=True), *_labels(text, sentences, _ESTABLISHED, new=False)]
    if not labels and _DOUBT.search(text):
        return
    told = [*_labels(text, sentences, _NEW_HERE, new=True), *_seen(text, sentences, on, dated=dated)]
    if labels or told:
        yield from (*labels, *told)
        return
    followed = tuple(
        fact
        for fact in _labels(text, sentences, _FOLLOWED, new=False)
        if sentences.part(fact.span.start) is not Part.PLAN and not TO_COME.match(text, fact.span.end)
    )
    yield from followed or _by_codes(text)


def _by_codes(text: str) -> Iterator[Fact]:
    """Yield what the codes of visits that the letter weighs against each other have in common: "99213 or 99214?"."""
    found = list(_CODES.finditer(text))
    if len({match[0] for match in found}) > 1 and len({match.lastgroup for match in found}) == 1:
        yield Fact("new_patient", found[0].lastgroup == "new", Span(*found[0].span()))


def _labels(text: str, sentences: Sentences, pattern: re.Pattern[str], *, new: bool) -> Iterator[Fact]:
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 56) : match.start()]
        if re.search(
            r"\b(?:vs\.?|versus|not|unlike|instead of|or|whether|if)[ \t](?:an? |the )?$", before, re.IGNORECASE
        ):
            continue
        if re.match(r"[ \t]*(?:or|vs\.?|/)[ \t]*(?:new|est)", text[match.end() : match.end() + 16], re.IGNORECASE):
            continue
        if _IN_GENERAL.search(before) or re.match(r"[ \t]{0,2}\?", text[match.end() : match.end() + 3]):
            continue
        negative = match[0].lower().startswith(("never", "no ", "no-", "nobody", "none", "not ", "nor "))
        negative = negative or bool(re.match(r"ha(?:s|ve|d)(?:n'?t| not)\b", match[0], re.IGNORECASE))
        meant = status(sentences, match.start(), match.end(), act=False)
        if negative or (meant in (Status.AFFIRMED, Status.HISTORICAL) and not (new and _LABELLED.search(before))):
            yield Fact("new_patient", new, Span(*match.span()))
        elif meant is Status.UNCERTAIN and not (new and _LABELLED.search(before)):
            yield Fact("new_patient", new, Span(*match.span()), certain=False)


def _seen(text: str, sentences: Sentences, on: date | None, *, dated: bool) -> Iterator[Fact]:
    """Yield what an earlier visit here makes of the patient, where the letter says how long ago it was."""
    for match in _SEEN.finditer(text):
        sentence = sentences.around(match.start())
        lead = text[max(sentence.start, match.start() - 40) : match.start()]
        around = f"{lead} {match[0]} {text[match.end() : min(sentence.end, match.end() + 60)]}"
        if not _HERE.search(around) or match.end() > sentence.end:
            continue
        # A day that is written beside a visit of no known date may be that of the visit itself.
        days = None if match["m"] and not dated else _ago(match, on)
        if days is None or re.search(r"\b(?:not|n't|never|nobody)\b[^.;\n]{0,16}$", lead, re.IGNORECASE):
            continue
        new = (
            days > 3 * _DAYS["y"]
            or _of_another(text)
            or bool(_OTHER_SPECIALTY.search(f"{around} {text[match.end() : match.end() + 160]}"))
        )
        yield Fact("new_patient", new, Span(*match.span()))


def _of_another(text: str) -> bool:
    """Tell whether the letter says that nobody of the specialty of this visit saw the patient before."""
    numbers = {one.upper() for match in _ENROLLED.finditer(text) for one in match.groups() if one}
    if len(numbers) > 1:
        return True
    return any("?" not in text[match.end() : match.end() + 2] for match in _NOBODY_OF_IT.finditer(text))


def _ago(match: re.Match[str], on: date | None) -> float | None:
    """Return how many days ago an earlier visit was, None where it is the visit itself or too near to three years."""
    if match["last"]:
        return 180.0
    if match["month"]:
        # A month without its year is one of the past year, where it is called an earlier one.
        return 180.0 if _EARLIER.search(match[0]) else None
    if match["n"]:
        number = _NUMBERS.get(match["n"].lower()) or int(match["n"])
        days = number * _DAYS[match["unit"][0].lower()] + int(match["years"] or 0) * _DAYS["y"]
        return days if number != 3 or match["unit"][0].lower() != "y" else None
    if on is None:
        return None
    month = int(match["m"]) if match["m"] else (_NAMES.index(match["name"].lower()[:3]) + 1 if match["name"] else 0)
    year = int(match["y"] or match["y2"] or match["y3"])
    year = year if year > 99 else 2000 + year
    if not month:
        # A year alone tells it unless its visit may lie on either side of three years ago.
        span = on.year - year
        return None if span <= 0 or span == 3 else 365.25 * span
    if not 1 <= month <= 12:
        return None
    months = 12 * (on.year - year) + on.month - month
    return 30.4 * months if months > 0 and months != 36 else None
