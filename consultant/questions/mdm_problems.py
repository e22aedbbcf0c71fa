"""Say how complex a problem is that a note names by its disease: an ear infection, a pneumonia, a heart attack.

The definitions are those of the CPT guidelines for evaluation and management: one acute uncomplicated illness or injury
is low, one with systemic symptoms moderate, a threat to life or bodily function high.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sections import Part

_HIGH: Final = re.compile(
    r"\b(?:(?-i:STEMI|NSTEMI|MI|CVA|DKA|HHS|ARDS|SAH|GIB)\b(?! protocol)|st[- ]?(?:segment )?elevation"
    r"|(?:(?:acute|bilateral|saddle|submassive|massive|segmental|with|has|for|new) (?-i:PE)|(?-i:PE)(?= (?:on|by"
    r"|seen)))"
    r"|(?:acute )?myocardial infarction|heart attack|(?:septic|cardiogenic|hypovolemic|hemorrhagic|anaphylactic) shock"
    r"|sepsis|septicemia|pulmonary embol\w+|(?:acute|ischemic|hemorrhagic) stroke|acute respiratory (?:failure"
    r"|distress)"
    r"|hypoxic respiratory failure|(?:intracranial|subarachnoid|subdural) (?:hemorrhage|hematoma|bleed)|anaphylaxis"
    r"|cardiac arrest|status epilepticus|meningitis|peritonitis|aortic dissection|ruptured \w+|tension pneumothorax"
    r"|diabetic ketoacidosis|perforated \w+|acute limb ischemia|testicular torsion|(?:active )?suicidal ideation with"
    r"|suicid\w+ (?:with|and) (?:a )?plan|ventricular (?:tachycardia|fibrillation)|necrotizing fasciitis)\b",
    re.IGNORECASE,
)
_MODERATE: Final = re.compile(
    r"\b(?:pyelonephritis|pneumonia|(?-i:CAP)(?= )|with systemic symptoms|acute colitis|diverticulitis|cholecystitis"
    r"|appendicitis|pancreatitis|acute hepatitis|cellulitis with (?:fever|chills|systemic)|concussion"
    r"|head injury with (?:brief |a )?(?:loss|(?-i:LOC))|(?:brief|short) loss of consciousness|influenza with"
    r"|febrile illness"
    r"|(?:breast|thyroid|neck|adnexal|testicular|pulmonary|lung|liver|renal|kidney) (?:lump|mass|nodule)"
    r"|(?:unexplained|unintended) weight loss|new[- ]onset (?:seizure|syncope|atrial fibrillation)"
    r"|(?:deep vein thrombosis|(?-i:DVT))|displaced (?:\w+ )?fracture|open fracture|multiple (?:injuries|trauma)"
    r"|acute kidney injury|(?-i:AKI)|gastrointestinal bleed\w*|bowel obstruction|(?:small bowel"
    r"|large bowel) obstruction|(?-i:SBO)|(?:supracondylar|colles|bimalleolar|trimalleolar|hip"
    r"|pelvic|femur|femoral|tibial|radius|radial) (?:\w+ )?(?:fracture|fx)|kidney stones?|nephrolithiasis"
    r"|renal colic|pyelo\b|hyponatremia"
    r"|hyperkalemia|rhabdomyolysis|acute (?:encephalopathy|delirium|urinary retention|blood loss anemia)|(?:copd"
    r"|asthma|chf) exacerbation"
    r"|dehydration|syncope|new[- ]onset \w+)\b",
    re.IGNORECASE,
)
_LOW: Final = re.compile(
    r"\b(?:swimmer'?s ear|otitis(?: externa| media)?|ear infection|strep(?:tococcal)? (?:throat|pharyngitis)"
    r"|strep (?:test )?(?:is |was |came back )?pos\w*"
    r"|pharyngitis"
    r"|tonsillitis|sinusitis|(?-i:UTI|URI|AOM|OM)|cystitis|urinary tract infection|bladder infection|conjunctivitis"
    r"|pink ?eye|(?:acute )?bronchitis|allergic rhinitis|hay fever|(?:contact|allergic) dermatitis|poison (?:ivy|oak)"
    r"|impetigo|shingles|herpes zoster|vaginitis|yeast infection|(?:ankle|wrist|knee|thumb|finger|foot|cervical|lumbar"
    r"|back|muscle|simple|mild|neck|shoulder) (?:sprain|strain)|sprain(?:ed)?(?: (?:right|left|of))?"
    r"|strain(?:ed)? (?:back|muscle)"
    r"|gastroenteritis|hemorrhoids?|epicondylitis|tennis elbow|bursitis|tendin?itis|plantar fasciitis|urticaria|hives"
    r"|hordeolum|stye|paronychia|uncomplicated (?:illness|injury|infection)|simple (?:cystitis|fracture)"
    r"|lacerations?|lac\b"
    r"|(?:stubbed|broken) toe|toe fracture|(?:mild )?cellulitis|mild eczema|viral (?:illness|syndrome|uri)"
    r"|influenza|flu\b(?! (?:shot|vaccin\w*))|covid(?:-19)?(?= (?:infection|positive|illness))|croup|bronchiolitis"
    r"|dental pain|toothache"
    r"|(?:neck|back|ankle|wrist|knee|shoulder) (?:injury|pain)(?=[^.;\n]{0,40}\b(?:sprain|strain|x-?ray))"
    r"|(?:muscle )?spasm"
    r"|contusion|abscess|puncture wound|foreign body|cerumen impaction|thrush|scabies|folliculitis|corneal abrasion"
    r"|constipation)\b",
    re.IGNORECASE,
)
_SYSTEMIC: Final = re.compile(
    r"(?: of (?:the |her |his )?(?:\w+ ){1,2})?[ \t]{0,2}\b(?:with|and|has|plus|w/)[^.;\n]{0,24}\b(?:fever(?: of)?"
    r"|systemic symptoms|rigors|tachycardi\w+)\b",
    re.IGNORECASE,
)
_MINOR: Final = re.compile(
    r"\b(?:insect bite|bug bite|mosquito bites?|tinea (?:corporis|pedis|cruris)|ringworm|athlete'?s foot|diaper rash"
    r"|minor (?:abrasion|scrape|bruise)|(?:common|head) cold)\b",
    re.IGNORECASE,
)
_OVER: Final = re.compile(
    r"\b(?:after|following|recent|resolved|prior|previous|past|family|treated for|clear of|ruled? out|no sign of"
    r"|risk of"
    r"|prevent\w*|protocol|vaccine|vaccinated|screen\w*|if)\b[^.;,\n]{0,20}$",
    re.IGNORECASE,
)
_GONE: Final = re.compile(
    r"[ \t,(-]{0,3}(?:\w+ ){0,2}(?:resolved|resolving|years? ago|months? ago|in (?:19|20)\d\d|ruled out|vaccin\w+"
    r"|prophylaxis)\b",
    re.IGNORECASE,
)


def read(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield how complex each acute problem is that the letter names as one of this encounter."""
    low: dict[str, Span] = {}
    minor: dict[str, Span] = {}
    for value, pattern in (("high", _HIGH), ("moderate", _MODERATE), ("low", _LOW), ("straightforward", _MINOR)):
        for match in pattern.finditer(text):
            if not _here(text, sentences, match, sure=value == "high"):
                continue
            span = Span(*match.span())
            if value == "low" and _SYSTEMIC.match(text, span.end):
                yield Fact("problems", "moderate", span)
            elif value == "low":
                low.setdefault(match[0].lower(), span)
            elif value == "straightforward":
                minor.setdefault(match[0].lower(), span)
            else:
                yield Fact("problems", value, span)
    if low:
        yield Fact("problems", "low", next(iter(low.values())))
    elif minor:
        yield Fact("problems", "low" if len(minor) > 1 else "straightforward", next(iter(minor.values())))


def _here(text: str, sentences: Sentences, match: re.Match[str], *, sure: bool) -> bool:
    """Tell whether a disease was a problem of this encounter and no memory, fear or denial of one."""
    sentence = sentences.around(match.start())
    if _OVER.search(text[sentence.start : match.start()]) or _GONE.match(text, match.end()):
        return False
    meant = status(sentences, match.start(), match.end(), act=False)
    in_plan = meant is Status.PLANNED and sentences.part(match.start()) is Part.PLAN
    return in_plan or meant is Status.AFFIRMED or (meant is Status.UNCERTAIN and not sure)
