"""Letters that are no coding questions: claim status, appeals, clinical or legal advice, job enquiries, advertising.

The rule is careful: a letter that asks anything about codes stays in scope, even when it tells of a denial.
"""

import re
from typing import Final

from consultant.questions.model import CodeMention, Topic, TopicFound


def _rule(sentence: str, pattern: str) -> tuple[str, re.Pattern[str]]:
    return sentence, re.compile(pattern, re.IGNORECASE)


_RULES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    _rule(
        "The letter asks where a claim or a payment stands; only the payer can say that.",
        r"\b(?:status of (?:my|our|the|a|this|that)\b[^.?\n]{0,30}\b(?:claim|payment|reimbursement"
        r"|check|eft|batch)s?|status (?:of|on|for) (?:(?:my|our|the|this|that|a|these|those) )?(?:\w+ )?(?:claims?"
        r"|payments?|reimbursements?)|claim status|check (?:on )?(?:the )?(?:status of )?(?:my|our|a|the"
        r"|this) (?:claim|payment)"
        r"|when will (?:we|i|it|the claim|they|you)(?: \w+){0,3} (?:paid|pay|payment|processed|process"
        r"|release)|has (?:the|our|my|this) claim(?: \w+){0,3} (?:been )?(?:paid|processed|received)"
        r"|where is (?:my|our|the) (?:payment|check|claim)|(?:any )?updates? (?:on|about|for)"
        r" (?:my |our |the |this |that )?(?:claim|payment)"
        r"|look up (?:the|our|my|this|that|a) claim"
        r"|whether (?:the|our|my|this) claim (?:has been|was|is) (?:paid|received|processed)"
        r"|when (?:it|the claim|the money|(?:the|our) payment) will (?:be paid|come|arrive)"
        r"|where is (?:my|our) money|look (?:it|this|that|them) up and tell|check(?:/eft)? (?:number|no\.?|#)"
        r"|(?:whether|if|when) (?:it|they|this|that)(?: \w+)? (?:was|were|has been|have been|got|will be)"
        r" (?:paid|processed|received|adjudicated)"
        r"(?! (?:correct|right|as|at|with|only|less|more|separate|under|by|twice)\w*)|has it been paid"
        r"|did (?:you|they) (?:get|receive|process) (?:it|our|the|my|this)"
        r"|(?:did not|didn'?t|have not|haven'?t) (?:hear|heard)(?: \w+){0,3} (?:since|back)"
        r"|claims?\b[^.?\n]{0,40}\b(?:not (?:been )?(?:paid|processed) yet|still (?:pending"
        r"|unpaid|processing|not paid|in process)|has ?n[o']?t (?:yet )?been (?:paid|processed)))\b",
    ),
    _rule(
        "The letter asks where an appeal or a review stands; only the payer can say that.",
        (
            r"\b(?:status of (?:my|our|the|an|this|that) (?:\w+ ){0,2}(?:appeal|reconsideration"
            r"|redetermination|prior auth\w*|authorization)|appeal status|(?:has|was) (?:my|our"
            r"|the) (?:appeal|authorization|prior auth)(?: \w+){0,2} (?:been )?(?:decided|approved|received"
            r"|processed))\b"
        ),
    ),
    _rule(
        "The letter asks for an amount of money, which the payer's own fee schedule or contract gives.",
        r"\b(?:(?:how much|what) (?:does|do|will|would|did) (?:(?!(?:cms|medicare|cpt)\b)[\w']+ ){1,3}(?:pay"
        r"|reimburse|allow)\b"
        r"(?=[^?\n]{0,30}\b[A-V\d]\d{4}\b)(?! (?:an? )?(?:assist|as\b|co-?surg|second))"
        r"|(?:allowed|allowable|contracted|payment|reimbursement) (?:amount|rate)s? (?:of|for|on|in)\b"
        r"|(?:need|send|give|tell|what is|what's|know|get) (?:me |us )?(?:the |your )?(?:\w+ )?(?:allowed"
        r"|allowable|contracted"
        r"|reimbursement|payment) (?:amount|rate)s?|(?:price|fee) list"
        r"|how much (?:can|should|do) (?:i|we) charge\b)(?![^?\n]{0,60}\b(?:percent|mod(?:ifier)?s?|reduc\w+|bilateral"
        r"|assist\w*|multiple)\b|[^?\n]{0,60}%)",
    ),
    _rule(
        "The letter asks for clinical advice, which only a treating clinician can give.",
        r"\b(?:(?:should|can|may|must) (?:i|she|he|(?:the|my|our|this|a) (?:patient|pt)"
        r"|my (?:mother|father|wife|husband|son|daughter|child)|we) (?:take|stop|hold|start|use|get|have) (?:\w+ ){0,4}"
        r"(?:medication|medicine|antibiotics?|dose|aspirin|insulin|thinners?|anticoagulants?|warfarin|biopsy done"
        r"|surgery|vaccine|chemo\w*)"
        r"|(?:what|which|how much) (?:(?:dose|dosage|medication|medicine|drug|treatment|antibiotic|cream"
        r"|ointment|dressing"
        r"|therapy)s?)\b(?! codes?)(?: (?!codes?\b|bill|report)\w+){0,3} (?:should|would|do|is best|is right"
        r"|is better|to use"
        r"|to give|to start|to prescribe)"
        r"|at (?:what|which) dose|what is the (?:right |usual |best )?(?:dose|dosage)|safe to (?:give|take|use"
        r"|start|stop)"
        r"|how (?:should|do) (?:i|we) treat|is (?:this|it|my \w+) (?:mole |lesion "
        r"|rash )?(?:cancer(?:ous)?|dangerous|serious|contagious)\?|side effects? of"
        r"|treatment options? for|best treatment)\b",
    ),
    _rule(
        "The letter asks for legal advice, which a lawyer has to give.",
        (
            r"\b(?:can (?:we|i|they) (?:sue|be sued)|sue (?:the|them|us|my|our)|lawsuit|legal advice"
            r"|attorneys?|malpractice (?:claim|suit|case)|subpoena|deposition|statute of limitations"
            r"|(?:review|draft) (?:a|our|my|the) contract|non-?compete|liable (?:for|if)"
            r"|(?:a|our|your|the) lawyers? (?:would|should|go|do|say|advise|choose|recommend)"
            r"|(?:face|go to|risk|facing) (?:prison|jail|charges)|department of justice|(?-i:DOJ)|prosecuted"
            r"|criminal(?:ly)? (?:liab\w+|exposure|charges?|penalt\w+|prosecut\w+))\b"
        ),
    ),
    _rule(
        "The letter is about a job or a course, not about a code.",
        r"\b(?:job (?:opening|opportunit\w+|posting|application)|(?:are you|is your \w+) hiring"
        r"|my (?:resume|cv|résumé)\b|attached (?:is )?(?:my )?(?:resume|cv)|apply(?:ing)? for (?:the|a"
        r"|your) (?:position|job|role)|remote coder position|looking for (?:a )?(?:job|work|position)"
        r"|study for the (?:cpc|ccs)|pass the (?:cpc|ccs)|how (?:do|can) i become)\b",
    ),
    _rule(
        "The letter advertises something.",
        r"\b(?:special offer|limited[- ]time|unsubscribe|click (?:here|below)|free (?:trial|demo"
        r"|consultation|quote)|book a (?:demo|call|meeting)|schedule a (?:quick )?(?:demo|call|chat)"
        r"|increase your (?:revenue|collections|traffic|ranking)|seo|guest post|backlinks?|our (?:team"
        r"|company|platform|solution|software|services) (?:can|helps?|offers?|provides?)\b(?! (?:me|us|it|the|a|an)\b)"
        r"|we (?:offer|provide|specialize in) (?:\w+ ){0,4}(?:services|solutions|outsourcing)|crypto"
        r"|lottery|wire transfer|loan offer|congratulations,? you)\b",
    ),
    _rule(
        "The letter asks for a patient's records, bill or appointment, which the practice has to answer.",
        (
            r"\b(?:(?:schedule|cancel|reschedule|book|make) (?:an?|my) appointment|copy of my (?:records|bill"
            r"|statement)|my (?:bill|statement|balance) (?:is|was|from)|pay my bill|(?:need|want|request\w*|get"
            r"|like) (?:an? |my |the )?refill)\b"
        ),
    ),
)
_SUED: Final = re.compile(
    r"\b(?:can|could|may|will|would)\b[^.?\n]{0,30}\b(?:be sued|sue)\b[^?\n]{0,60}\?", re.IGNORECASE
)
"""A question of the law, whatever code it is about."""
_ASKS_OF_CODES: Final = re.compile(
    (
        r"\b(?:cpt|hcpcs|icd(?:-?10)?|modifiers?|mods?|append|ncci|mue|lcd|(?:what|which|correct|right) codes?"
        r"|(?:what|which)(?:['’]s| is| are| would be)(?: the| my| our)?(?: right| correct)? codes?"
        r"|code for|coded|coding"
        r"|recode|bundl\w+|dx|bill (?:for|the|with|both)|e/?m)\b"
    ),
    re.IGNORECASE,
)


def why_out(text: str, codes: tuple[CodeMention, ...], topics: tuple[TopicFound, ...]) -> str | None:
    """Return why the letter is no coding question, as one sentence; None when it is one or when in doubt."""
    sample = text[:20_000]
    reason = next((sentence for sentence, pattern in _RULES if pattern.search(sample)), None)
    if reason is None:
        return None
    if _SUED.search(sample):
        return reason
    procedures = any(mention.system != "MODIFIER" for mention in codes)
    asks = bool(_ASKS_OF_CODES.search(sample))
    spoke = [
        found for found in topics if found.topic not in (Topic.OTHER, Topic.COMPLIANCE) and found.confidence >= 0.6
    ]
    advertises = "advertises" in reason or "job" in reason
    if advertises:
        return None if procedures and spoke else reason
    return None if asks and (spoke or codes) else reason
