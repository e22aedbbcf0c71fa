"""Read the three elements of medical decision making from what a note says was found, looked at and decided.

The words of the CPT table ("one stable chronic illness") are phrases of the knowledge base; this reads what notes say
instead: two named illnesses at their goal, three tests that were looked at, a drug that was prescribed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from consultant.questions import mdm_problems, mdm_risk
from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sections import Part

ORDER: Final = ("straightforward", "low", "moderate", "high")
"""The values of every element and level, from the lowest."""

_CHRONIC: Final = re.compile(
    r"\b(?:hypertension|(?-i:HTN|DM2?|T2DM|T1DM|HLD|CHF|HFrEF|HFpEF|CKD|COPD|CAD|RA|OA|GERD|BPH|OSA|MS|SLE|AFib)"
    r"|diabet(?:es|ic)|hyperlipid\w+|high cholesterol|(?-i:IBS|IBD|PTSD|OAB|PVD|PAD|HIV|ADD|PCOS|DJD)|lupus"
    r"|cirrhosis|eczema|rosacea|acne|insomnia|asthma|heart failure|kidney disease|hypothyroid\w+|depression|anxiety"
    r"|migraines?|a-?fib|atrial fibrillation|coronary artery disease|rheumatoid arthritis|osteoarthritis|gout"
    r"|epilepsy"
    r"|seizure disorder|osteoporosis|psoriasis|parkinson\w*|dementia|glaucoma|ulcerative colitis|crohn'?s|adhd"
    r"|erectile dysfunction|(?-i:ED)(?=,? (?:stable|controlled|on \w+fil|well[- ]controlled))"
    r"|chronic (?!care\b|kidney|obstructive|heart|systolic|diastolic|atrial|migraine|conditions?\b|illness|disease"
    r"|problem|medic|med\b|pain manag|dose)[a-z]+"
    r"|bipolar|multiple sclerosis|sleep apnea|anemia|obesity|neuropathy|hypogonadism|endometriosis|spinal stenosis)\b",
    re.IGNORECASE,
)
_SAME: Final = {
    "htn": "hypertension", "dm": "diabetes", "dm2": "diabetes", "t2dm": "diabetes", "t1dm": "diabetes",
    "hld": "hyperlipid", "hyperlipidemia": "hyperlipid", "high cholesterol": "hyperlipid", "chf": "heart failure",
    "ckd": "kidney disease", "cad": "coronary artery disease", "ra": "rheumatoid arthritis", "oa": "osteoarthritis",
}  # fmt: skip
_AT_GOAL: Final = re.compile(
    r"\b(?:stable|at goal|well[- ]controlled|controlled|(?:in|at) (?:good )?control)\b", re.IGNORECASE
)
_BOTH_STABLE: Final = re.compile(
    r"\b(?:both|all(?: (?:two|three|of (?:them|these)))?|the two|these)(?: (?:of (?:them|these)|conditions|problems"
    r"|illnesses|diseases))? (?:are|were|remain|remained|stay) (?:\w+ )?(?:stable|controlled|at goal)\b(?!,? but)",
    re.IGNORECASE,
)
_NOT_AT_GOAL: Final = re.compile(
    r"\b(?:uncontrolled|(?:poorly|not|un)[ -]?(?:well[- ])?controlled|not (?:yet )?(?:at|to) (?:the |her "
    r"|his |treatment |a )?(?:\w+ )?(?:goal|target)|not (?:controlled|in control)|out of control|above (?:the )?target"
    r"|above goal|unstable|worsening|worse|progress(?:ing|ed)|exacerbation|flar(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
_SEVERE: Final = re.compile(
    r"\bsevere(?:ly)? (?:exacerbation|worsening|progression|flare|decompensat\w+)\b", re.IGNORECASE
)
_PROBLEMS: Final = tuple(
    (value, re.compile(pattern, re.IGNORECASE))
    for value, pattern in (
        ("moderate", (r"\b(?:two|2|three|3|four|4|several|multiple|both) (?:\w+ )?stable (?:chronic )?(?:\w+ "
                r")?(?:problems|illnesses|conditions|diseases|dx|chronic)\b")),
        ("moderate", (r"\b(?:two|2|three|3|four|4) (?:or more )?chronic (?:\w+ )?(?:problems|illnesses"
                r"|conditions|diseases)[^.;\n]{0,16}\b(?:stable|at goal|controlled)\b")),
        ("moderate", (r"\bchronic (?:illness|condition|disease|problem)[^.;\n]{0,24}\b(?:exacerbation"
                r"|progression|worsening|side effects?|not at (?:\w+ )?goal|uncontrolled)\b")),
        ("moderate", r"\bnew problem\b[^.;\n]{0,40}\buncertain prognosis\b|\buncertain prognosis\b"),
        ("high", r"\b(?:threat|threatens?|threatening) (?:to )?(?:life|limb|organ|bodily function)\b"),
    )
)  # fmt: skip
_TEST: Final = re.compile(
    r"\b(?:(?-i:CBC|CMP|BMP|A1C|A1c|HbA1c|TSH|UA|BNP|ESR|CRP|INR|PSA|LFTs?|ABG|CXR|CT|MRI|EKG|ECG|EEG|KUB|hCG"
    r"|HCG)|troponins?"
    r"|(?-i:Mg|ANA|PFTs?|CTA|MRA|PT/INR|LP|renal US|abdominal US|pelvic US|venous US|BUN|GFR|UDS|NT-proBNP)"
    r"|(?-i:WBC|PTH|T4|RF|RPR|UPEP|SPEP|VBG|GC|FSH|LH|HSV|RSV|ANCA|CK|CPK|EMG|NCS|HIDA|MRCP|FOBT|FIT)|uric acid"
    r"|procalcitonin|creatinine|potassium|sodium|lipase|amylase|ammonia|cortisol|folate|iron (?:studies|panel)|sed rate"
    r"|(?:thyroid|renal|liver|kidney) (?:panel|function(?: tests?)?|enzymes)|holter|event monitor|electrolytes"
    r"|(?:wound|sputum|stool|urine|vaginal|nasal) (?:culture|studies|panel|swab)|covid swab|monospot|urine protein"
    r"|dopplers?|dipstick"
    r"|urine (?:dip|drug screen)|magnesium|lipids?(?! (?:panel|profile))|glucose|colonoscopy report"
    r"|urinalysis|lipid (?:panel|profile)|d-?dimer|lactate|ferritin|vitamin d|b12|blood cultures?"
    r"|urine culture|(?:throat )?culture"
    r"|rapid strep|strep(?: test)?(?= (?:test|done|neg\w*|pos\w*|in)\b)|flu test|covid(?:-19)? test|(?:chest"
    r"|knee|ankle|hip|wrist|foot|hand) (?:x-?rays?|films?|radiographs?)"
    r"|x-?rays?|ultrasound|echocardiogram|echo|mammogram|bone density|dexa|pregnancy test|hepatic panel"
    r"|metabolic panel"
    r"|hemoglobin|hemogram|spirometry|stress test|sleep study|biopsy report|pathology report)\b",
    re.IGNORECASE,
)
_PART_OF: Final = {
    "wbc": "cbc", "hemoglobin": "cbc", "hemogram": "cbc", "creatinine": "bmp", "potassium": "bmp", "sodium": "bmp",
    "electrolytes": "bmp", "bun": "bmp", "gfr": "bmp", "metabolic panel": "bmp",
}  # fmt: skip
"""Results that one panel gives: a panel is one unique test (CPT, E/M guidelines), whatever of it a note names."""
_LOOKED_AT: Final = re.compile(
    r"\b(?:review\w*|order\w*|obtained|drawn|sent|results?|labs?|data|looked at|checked|repeat\w*|check|get|done"
    r"|monitor\w*|trend\w*|daily|follow\w*)\b",
    re.IGNORECASE,
)
# A result is the sign that somebody looked.
_RESULT: Final = re.compile(
    r"[ \t]{0,2}(?:(?:test|panel|screen|level)[ \t])?(?:[:=(]|was|is|came back|came|were|today)?[ \t]{0,2}(?:pos\w*"
    r"|neg\w*|\+|normal"
    r"|abnormal|unremarkable|clear\b|clean\b|elevated|low\b|high\b|shows?\b|showed|without|\d)",
    re.IGNORECASE,
)
_SHOWN_BY: Final = re.compile(r"\b(?:on|by|via|per)[ \t](?:the[ \t]|her[ \t]|his[ \t])?$", re.IGNORECASE)
_BILLED: Final = re.compile(
    r"\b(?:billed|we bill|our own billing|billing for it|in the office \(billed\))\b", re.IGNORECASE
)
_NO_TESTS: Final = re.compile(
    r"\b(?:no|without) (?:\w+ )?(?:labs?|tests?|testing|work-?up|imaging|data|studies)\b(?! billed)"
    r"|\bnothing (?:was )?ordered\b"
    r"|\bno (?:\w+ )?(?:labs?|tests?) or (?:labs?|imaging|films|records)\b",
    re.IGNORECASE,
)
_NOTE_SECTION: Final = re.compile(
    r"(?m)^[ \t]*(?:DATA|LABS?|RESULTS|STUDIES|LABS?/IMAGING)\b[^\n]{0,12}:", re.IGNORECASE
)
_FROM_OUTSIDE: Final = (
    r"(?:outside|external|hospital|referring|pcp'?s?|prior|old|transfer|nursing home|(?-i:SNF|ED|ER)|urgent care"
    r"|discharge"
    r"|cardiolog\w+|specialist'?s?|consult\w*|ems|school|(?<!our )(?:dr\.? \[?|\[)\w+\]?'s)"
)
_OUTSIDE_NOTES: Final = re.compile(
    rf"\b(?:{_FROM_OUTSIDE} (?:\w+ )?(?:records?|notes?|letters?|summary)|(?:records?|notes?) from"
    rf"|op(?:erative)? reports? from)\b"
    r"(?=[^.;\n]{0,40}\b(?:review|read|obtain|looked|summar))"
    rf"|\b(?:review\w*|read|went through|looked at|obtained) (?:of )?(?:the |an? |her |his )?{_FROM_OUTSIDE} "
    r"(?:\w+ )?(?:records?|notes?|letters?|summary|reports?)\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\b(?P<n>\d|two|three|four|five|six) (?:unique |different |separate |distinct |other |blood |lab )*"
    r"(?:labs?|tests?|studies|lab results|results|items of data)\b",
    re.IGNORECASE,
)
_HISTORIAN: Final = re.compile(
    r"\b(?:mother|father|mom|dad|parents?|daughter|son|wife|husband|spouse|caregiver|sister|brother|grand\w+|ems)"
    r" (?:gives?|gave|provides?|provided|supplie[sd]|tells|told) (?:\w+ )?(?:the |all |most of the |her "
    r"|his )?history\b|\bindependent historian\b|\bhistory (?:was )?(?:obtained |given |taken |provided )?(?:from"
    r"|by) (?:the "
    r"|her |his |a )?"
    r"(?:mother|father|mom|dad|parents?|daughter|son|wife|husband|spouse|caregiver|sister|brother|grand\w+|ems)\b",
    re.IGNORECASE,
)
_INTERPRETED: Final = re.compile(
    r"\bmy (?:own )?(?:reading|read|interpretation)\b|\b(?:viewed|read|interpreted|looked at) by me\b"
    r"|\bi (?:personally )?(?:viewed|read|interpreted)\b|\bindependent(?:ly)? (?:interpret\w+|read"
    r"|review of (?:the )?(?:image|film|tracing)s?)\b|\b(?:own"
    r"|personally) (?:interpret\w+|read\w*)\b"
    r"|\b(?:her|his|their|my|an?) own (?:documented |written |separate )?(?:read\w*|interpret\w+|review) (?:of|on) "
    r"|\b(?:he|she|physician|provider|doctor|attending|np|pa|md) (?:also |personally |himself |herself )?(?:read"
    r"|interpreted"
    r"|over-?read) (?:the |her |his |it\b|them\b|an? |x-?rays?|films?|ekg|ecg|ct|cxr|image)(?! report)"
    r"|\b(?:wet|preliminary|own|bedside) read(?:ing)?\b(?! by (?:the )?radiolog)"
    r"|\binterpreted (?:\w+ ){0,4}(?:myself|himself|herself|independently)\b",
    re.IGNORECASE,
)
_TALKED: Final = re.compile(
    r"(?:\b(?:discuss\w*|talk(?:ed|s)|sp(?:oke|eaks)|spoken|conferred|case|(?:phone )?call)\b"
    r"(?:[^.;\n]|(?<=\bDr)\.){0,40}\b(?:with|w/|to)|\bd/w|\bcalled|\bconsulted(?: with)?|\bpaged) (?:the |an? |her "
    r"|on[- ]call "
    r"|his |outside |interventional |vascular |general |pediatric )*(?:(?:dr\.? )?(?:\w+,? )?(?:cardiolog|neurolog"
    r"|radiolog"
    r"|oncolog|surgeon|orthoped|nephrolog|pulmonolog|gastroenterolog|specialist|hospitalist|psychiatr|external"
    r"|consultant"
    r"|urolog|ob/?gyn|intensivist|on[- ]call|cards|neuro\b|ortho\b|GI\b|ID\b|rheumatolog|hematolog|endocrinolog"
    r"|dermatolog|case manager|social worker|pharmacist|infectious)\w*)"
    r"|\b(?:cardiolog\w+|neurolog\w+|neurosurg\w*|orthop?\w*|cards|urology|nephrolog\w+|pulmonolog\w+"
    r"|gastroenterolog\w+|GI|surgery|psychiatry"
    r"|ob/?gyn|ENT|ID|poison control|hospitalist)(?: \w+){0,2}? (?:was |were )?(?:consulted|called|paged|contacted"
    r"|recommend\w*|agree[sd]?"
    r"|advis\w+)\b(?! (?:for|tomorrow|to (?:see|follow)))",
    re.IGNORECASE,
)


def read(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield what a note shows of each element, the highest value of each; nothing of what it does not speak of."""
    yield from _highest(
        "problems", [*_named(text, sentences), *_illnesses(text, sentences), *mdm_problems.read(text, sentences)]
    )
    yield from _data(text, sentences)
    yield from _highest(
        "risk", [*_meant_of("risk", mdm_risk.matches(text), sentences), *mdm_risk.ordered(text, sentences)]
    )


def highest(facts: list[Fact]) -> Fact | None:
    """Return the fact with the highest of the four levels."""
    known = [fact for fact in facts if fact.value in ORDER]
    return max(known, key=lambda fact: (ORDER.index(str(fact.value)), -fact.span.start), default=None)


def _highest(name: str, facts: list[Fact]) -> Iterator[Fact]:
    found = highest([fact for fact in facts if fact.name == name])
    if found:
        yield found


def _named(text: str, sentences: Sentences) -> Iterator[Fact]:
    found = ((value, match) for value, pattern in _PROBLEMS for match in pattern.finditer(text))
    return _meant_of("problems", found, sentences)


def _meant_of(name: str, found: Iterable[tuple[str, re.Match[str]]], sentences: Sentences) -> Iterator[Fact]:
    for value, match in found:
        if _meant(sentences, match, act=name == "risk"):
            yield Fact(name, value, Span(*match.span()))


def _meant(sentences: Sentences, match: re.Match[str], *, act: bool) -> bool:
    # What stands under the plan of a visit is what was decided at it.
    meant = status(sentences, match.start(), match.end(), act=act)
    in_plan = meant is Status.PLANNED and sentences.part(match.start()) is Part.PLAN
    return in_plan or meant in (Status.AFFIRMED, Status.UNCERTAIN)


def _illnesses(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield how complex the named chronic illnesses are of which a sentence says whether they are at their goal."""
    stable: dict[str, Span] = {}
    named: dict[str, Span] = {}
    for match in _CHRONIC.finditer(text):
        sentence = sentences.around(match.start())
        # "Not at goal" denies the goal and not the illness.
        denied = _NOT_AT_GOAL.search(text, match.end(), min(sentence.end, match.end() + 32))
        if not denied and not _meant(sentences, match, act=False):
            continue
        reach = Span(max(sentence.start, match.start() - 48), min(sentence.end, match.end() + 64))
        written = match[0].lower()
        if _SEVERE.search(text, reach.start, reach.end):
            yield Fact("problems", "high", Span(*match.span()))
        elif _NOT_AT_GOAL.search(text, reach.start, reach.end):
            yield Fact("problems", "moderate", Span(*match.span()))
        else:
            named.setdefault(_SAME.get(written, written), Span(*match.span()))
            if _AT_GOAL.search(text, reach.start, reach.end):
                stable.setdefault(_SAME.get(written, written), Span(*match.span()))
    if not stable and len(named) > 1 and _BOTH_STABLE.search(text):
        # "Both are stable" is said of the two that the letter names.
        stable = named
    if stable:
        yield Fact("problems", "moderate" if len(stable) > 1 else "low", next(iter(stable.values())))


def _data(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield the amount of data: tests and outside notes counted, an own reading, a talk with another clinician."""
    tests: dict[str, Span] = {}
    for match in _TEST.finditer(text):
        sentence = sentences.around(match.start())
        line = text[sentence.start : sentence.end]
        if (
            _meant(sentences, match, act=True)
            and (
                _LOOKED_AT.search(line)
                or _RESULT.match(text, match.end())
                or _SHOWN_BY.search(text, sentence.start, match.start())
            )
            and not _BILLED.search(line)
        ):
            name = " ".join(match[0].lower().split())
            tests.setdefault(_PART_OF.get(name, name), Span(*match.span()))
    if "cmp" in tests:
        tests.pop("bmp", None)
    notes = [match for match in _OUTSIDE_NOTES.finditer(text) if _meant(sentences, match, act=True)]
    historian = [match for match in _HISTORIAN.finditer(text) if _meant(sentences, match, act=True)]
    others = [
        matches[0]
        for pattern in (_INTERPRETED, _TALKED)
        if (matches := [match for match in pattern.finditer(text) if _meant(sentences, match, act=True)])
    ]
    told = [match for match in _COUNTED.finditer(text) if _meant(sentences, match, act=True)]
    number = max([len(tests), *(_number(match["n"]) for match in told)])
    counted = number + len(notes[:1])
    categories = len(others) + (counted + len(historian[:1]) >= 3)
    places = [*tests.values(), *(Span(*match.span()) for match in (*told, *notes, *historian, *others))]
    none = _NO_TESTS.search(text) or _NOTE_SECTION.search(text)
    if categories:
        yield Fact("data", "high" if categories > 1 else "moderate", places[0])
    elif counted > 1 or historian:
        yield Fact("data", "low", places[0])
    elif counted:
        # One test or one outside note is less than limited.
        yield Fact("data", "straightforward", places[0])
    elif none:
        yield Fact("data", "straightforward", places[0] if places else Span(*none.span()))


def _number(word: str) -> int:
    return int(word) if word.isdigit() else ONES.index(word.lower()) + 1
