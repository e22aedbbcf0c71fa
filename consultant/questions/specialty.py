"""Which specialty a letter comes from, by the words of its cases; None where nothing speaks clearly."""

import re
from typing import Final

_TABLE: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for name, words in {
        "dermatology": (
            r"derm(?:atolog\w+)?|lesions?|nev(?:us|i)|moles?|bcc|scc|melanoma|basal cell|squamous|mohs"
            r"|actinic|(?-i:AKs?|SKs?)|keratos[ei]s|shave|punch|cryo\w*|acne|psoriasis|rash|warts?|cysts?"
        ),
        "general surgery": (
            r"general surg\w+|hernia|mesh|chole\w*|appendectomy|bowel|colectomy|necrotizing|nsti|fournier'?s?"
            r"|abdominal wall|abscess|i&d|debrid\w+|mastectomy|laparoscop\w*|pilonidal"
        ),
        "plastic surgery": (
            r"plastic(?:s| surg\w+)|flaps?|adjacent tissue|skin grafts?|ftsg|stsg|reconstruction"
            r"|breast implant|blepharoplasty|z-?plasty|panniculectomy"
        ),
        "family medicine": (
            r"family (?:medicine|practice|doctor)|primary care|pcp|fp clinic|wellness|awv|annual physical"
            r"|preventive|well child|flu shot|diabetes|hypertension|g2211|992[01]\d"
        ),
        "internal medicine": r"internal medicine|internist|hospitalist|copd|ckd|tcm|ccm",
        "cardiology": (
            r"cardiolog\w*|echo(?:cardiogram)?|ekg|ecg|stress test|cath(?:eterization)?|stents?|pci|pacemaker"
            r"|afib|9300\d|93306|holter|angioplasty"
        ),
        "orthopedics": (
            r"ortho(?:p\w+)?|fractures?|arthroscop\w*|knee|rotator cuff|joint injection|20610|casting|orif"
            r"|meniscus|total hip|carpal tunnel|arthroplasty"
        ),
        "podiatry": (
            r"podiatr\w*|nails?|bunion\w*|foot ulcer|callus|hammertoe|diabetic foot|routine foot care"
            r"|1172[01]|onycho\w*"
        ),
        "ophthalmology": r"ophthalm\w*|cataract|eyelid|retina\w*|glaucoma|intravitreal|yag|92014|66984",
        "otolaryngology": r"ent|otolaryng\w*|sinus|tonsil\w*|septoplasty|turbinates?|tympan\w*|laryngoscopy",
        "urology": r"urolog\w*|cystoscop\w*|prostat\w*|vasectomy|ureter\w*|turp|psa|lithotripsy|circumcision",
        "obstetrics and gynecology": (
            r"ob-?/?gyn|obstetric\w*|gynecolog\w*|pregnan\w*|delivery|postpartum|hysterectomy|colposcopy|iud"
            r"|pap smear"
        ),
        "gastroenterology": r"gastroenterolog\w*|gi clinic|colonoscop\w*|egd|polyps?|polypectomy|4538\d|4323\d",
        "emergency medicine": r"emergency (?:department|room|medicine)|(?-i:ED|ER)|lacerations?|critical care|9928\d",
        "wound care": (
            r"wound care|wound (?:center|clinic)|ulcers?|debrid\w+|1104[2-7]|9759[78]|skin substitutes?|npwt"
            r"|wound vac|decubitus"
        ),
        "radiology": r"radiolog\w*|mri|ct scan|ultrasound|x-?rays?|mammogra\w*|interventional radiology|fluoroscop\w*",
        "anesthesia": r"anesthesi\w*|crna|nerve block|asa units?|epidural",
        "oncology": r"oncolog\w*|chemo\w*|infusion|9641\d|radiation therapy",
        "behavioral health": r"psych\w*|therapist|behavioral health|9083\d|counseling",
        "physical therapy": r"physical therap\w*|pt eval|97110|97140|8[- ]minute rule|therapeutic exercise",
        "pediatrics": r"pediatric\w*|peds|newborn|well[- ]child|infant",
    }.items()
}


def find(text: str) -> str | None:
    """Return the specialty with the most different cues; None when none has two, or one that names the specialty."""
    sample = text[:20_000]
    scores: dict[str, int] = {}
    for name, pattern in _TABLE.items():
        words = {match[0].lower() for match in pattern.finditer(sample)}
        named = any(word.startswith(name[:5]) for word in words)
        scores[name] = len(words) + 3 * named
    best = max(scores, key=lambda name: scores[name])
    tied = [name for name, score in scores.items() if score == scores[best]]
    return best if scores[best] >= 1 and len(tied) == 1 else (tied[0] if scores[best] >= 2 else None)
