"""How coders name the places of visits, the visits of a stay, and the services that are more than a visit."""

import re
from typing import Final


def _rows(*rows: tuple[str, int, str]) -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple((name, weight, re.compile(pattern, re.IGNORECASE)) for name, weight, pattern in rows)


_NURSING: Final = (
    r"(?:skilled nursing(?: facility)?|nursing (?:home|facility)|(?-i:SNF|NF|NH|LTC|LTCF)"
    r"|long[- ]term care(?: facility)?)"
)
_EMERGENCY: Final = (
    r"(?:emerg(?:ency)?\.? (?:department|dept\.?|room)|(?-i:ED|ER)"
    r"|(?<!\w)er(?= (?:visit|doc|physician|level|attending|provider|note|chart|md|pa\b|np\b|code|e/?m)))"
)
_RESIDENCE: Final = (
    r"(?:assisted living|(?-i:ALF)|group home|rest home|boarding home|board[- ]and[- ]care|domiciliary|residential care"
    r"|memory care|boarding house|rooming house|halfway house|sober living|group residence|(?:homeless"
    r"|women'?s) shelter|hostel"
    r"|retirement community|independent living|(?:adult )?foster (?:care )?home|adult family home|personal care home)"
)
# Whoever calls the writer in is somebody else.
_NO_CALLER: Final = (
    r"(?! (?:called|calls|paged|asked|requested|consulted|signed (?:him|her|them|out)|handed|referred|rang)\b)"
)
EMERGENCY_DOCTOR: Final = re.compile(
    r"\b(?:(?-i:EM|ED|ER)|er|emergency(?: medicine| department| room)?) (?:doc|doctor|physician|attending|provider"
    rf"|(?-i:PA|NP|MD|DO)|pro(?:fessional)?|group)s?\b{_NO_CALLER}",
    re.IGNORECASE,
)
HANDED_OVER: Final = re.compile(
    r"[^.;\n]{0,32}?\b(?:under|by|to|with) (?:the |an? |another |their )?(?:hospitalist|admitting|inpatient"
    r"|medicine|medical"
    r"|surgical|icu|on[- ]call|other)(?: (?:hospitalist|team|service|group|physician|doctor|doc|attending|md))?s?\b",
    re.IGNORECASE,
)
"""To whom the physician of the emergency department gave the patient: their visit is not his."""
_WHOSE: Final = (
    r"(?:(?:his|her|their|the|a|my|patient'?s|pt'?s)(?: (?:patient|pt|daughter|son|sister|brother|mother|father|parent"
    r"|niece|family|caregiver|friend)'?s?)?)"
)
_DWELLING: Final = (
    r"(?:(?:private )?(?:home|house|residence)|(?:senior )?(?:apartment|apt)|flat|condo(?:minium)?|trailer|mobile home"
    r"|town ?(?:house|home)|duplex|farm ?house|cabin|camper|(?-i:RV)|(?:hotel|motel)(?: room)?|shelter"
    r"|campground|cruise ship)\b"
    r"(?! (?:health|care|page|phone|office|screen|dialysis|infusion|sleep|monitor|cuff|exercise|remedy|bp\b|blood|o2"
    r"|oxygen|glucose|visit(?:ing)? nurse))"
)
_HOSPITAL: Final = r"(?:hospital|inpatient|inpt|observation|(?-i:OBS|obs|Obs))"
# Whoever comes up from the emergency department is seen elsewhere.
_NOT_FROM: Final = "".join(
    rf"(?<!\b{word} )"
    for word in ("from", "from the", "through", "through the", "via", "via the", "to", "to the", "his")
)
BOUND_FOR: Final = re.compile(
    r"\b(?:discharg\w+|transfer\w*|dispo\w*|going|goes|sent|send|went|return\w*|back"
    r"|(?<!sick )(?<!house )calls?|called|hand-?off|report"
    r"|placement"
    r"|accept\w+|papers?|paperwork|forms?|orders?|referr\w+|summary|spoke|records?|talk\w*|discuss\w*|notes?"
    r"|sign-?out)(?: (?:her|him|them|it|home|out))?"
    r" (?:to|at|with|for) (?:an? |the |her |his |another )?$|(?<!discharged )(?<!discharge )\bfrom (?:an? |the |her "
    r"|his )?$",
    re.IGNORECASE,
)
"""What stands before the place that a patient goes to or came from, which is not where this visit was."""
PLACES: Final = _rows(
    ("nursing", 4, rf"\b{_NURSING}\b|\bpos ?3[12]\b|\b(?-i:LTC) resident\b|\bregulatory visit\b"),
    ("home", 4, rf"\bhouse ?calls?\b|\bhome visits?\b|\bresidence visit\b|\b{_RESIDENCE}\b|\bpos ?1[234]\b"),
    ("home", 3, (r"\b(?:visit|visited|saw|seen|see|went to see|went out|patient|pt|evaluated|exam(?:ined)?)\b"
            rf"[^.;\n]{{0,36}}\b(?:at|in|to) {_WHOSE} (?:own )?{_DWELLING}|\b(?:visit|visited|saw|seen"
            r"|see)\b(?: \w+){0,3} at home\b")),
    ("home", 4, r"\b(?:visited|seen|saw \w+) at home\b"),
    ("home", 2, (r"(?<!to )(?<!to the )(?<!from )(?<!from the )\b(?:pt|patient)'?s (?:own )?(?:house|apartment"
            r"|apt|residence)\b|\bvisiting (?:doctor|physician|provider)s?(?= (?:program|service|practice|visit))")),
    ("hospital", 3, (rf"\b{_HOSPITAL} (?:visit|care|day|progress|admission|h&p|discharge|follow|stay|rounds?)\w*"
            rf"|\bhosp (?:visit|discharge|care|admission|d/?c)\b|\bhospital day\b|\b(?-i:HD) ?#?\d\b"
            rf"|\bpos ?21\b|\b(?:initial|subsequent)(?: \w+)? (?:hospital|inpatient|inpt|observation"
            rf"|hosp)\b")),
    # To whom an emergency physician hands the patient over is somebody else.
    ("hospital", 2, (r"(?<!\bby )(?<!\bby the )(?<!\bto )(?<!\bto the )(?<!\bcalled )(?<!\bpaged )(?<!\bcalled the )"
            r"(?<!\bpaged the )(?<!\bwith )(?<!\bwith the )\bhospitalist'?s?\b")),
    ("hospital", 2, (r"\b(?:day|visit|night) (?:of|in|during) (?:the |her |his |this |that )?(?:same )?(?:hospital )?"
            r"stay\b|\bsent (?:her|him|them|pt"
            r"|the (?:patient|pt)) home from the (?:hospital|ward|floor|unit)\b|\bexpired in the hospital\b")),
    ("hospital", 2, (r"\bh ?& ?p\b|\b(?:in)?pa?tient(?<!\bpatient)\b|\binpt\b|\b(?:in|to"
            r"|placed in|under) (?:observation|obs)\b|\b(?-i:obs|OBS|Obs)\b|\bdischarge (?:day|management"
            r"|mgmt|summary)\b|\bon the (?:floor|ward)\b|\brounded\b|\bdc day\b")),
    ("hospital", 3, r"\badm(?:it(?:ted)?|ission)? ?(?:and|&|\+|/|then) ?(?:discharged?|d/?c'?d?|disch)\b"),
    ("hospital", 3, rf"\b(?:discharged?|d/?c) from (?:the |our )?{_HOSPITAL}\b|\b{_HOSPITAL} d/?c\b"),
    ("hospital", 1, r"\badmitted\b|\badmission\b|\bhosp(?:ital)?\b|\bobservation\b"),
    ("emergency", 4, (rf"\b{_EMERGENCY} (?:visit|doc|doctor|physician|provider|attending|e/?m|level|chart|coding"
            rf"|record|code)s?\b{_NO_CALLER}|\bemergency (?:medicine )?(?:physician|visit|doctor|doc|attending"
            rf"|provider|pa\b|np\b)"
            r"|\b(?-i:EM) (?:doc|doctor|physician|attending|provider|md|resident|group)\b"
            rf"|\b(?:i am|i'm|as) (?:an |the )?{_EMERGENCY} (?:attending|doc\w*|physician)\b|\bvisit (?:in"
            rf"|to) the {_EMERGENCY}\b|\bpos ?23\b")),
    ("emergency", 2, rf"{_NOT_FROM}\b{_EMERGENCY}\b(?! ?& ?c)(?! (?:course|note)\b)"),
    ("emergency", 1, (rf"\b(?:present(?:s|ed)?|came|brought|arriv(?:ed|es))\b(?: \w+){{0,3}} (?:to|at|into)"
            rf" (?:the |our )?{_EMERGENCY}\b")),
    ("office", 4, (r"\b(?:office|clinic|outpatient|sick|problem) visits?\b|\boffice or other outpatient\b"
            r"|\burgent care\b|\bpos ?(?:11|20)\b|\boffice follow[- ]?up\b"
            r"|\bfollow[- ]?up (?:visit )?in (?:the |our )?(?:office|clinic)\b")),
    ("office", 3, (r"\b(?:seen|saw|see|visit\w*|came|evaluated|treated|presents?|back|pa?tient|pt|np|ep"
            r"|follow[- ]?up)\b(?: \w+){0,4}? (?:in|(?<!new )to|at) (?:(?:the|our|his|her|my|a|family practice"
            r"|pcp) )?(?:office|clinic|practice|hospital outpatient)\b")),
    ("office", 2, (r"\b(?:new|est\.?|estab\w*|established) (?:patient|pt)\b[^.;\n]{0,20}?\b(?:visit|office|e/?m"
            r"|clinic|level)\b|\b(?:office|clinic|ofc|offc|ofce|offic)\b|\b(?-i:OV)\b|\be/?m (?:level|code)\b")),
    ("emergency", 4, r"\b9928[xX_*]"),
    ("hospital", 3, r"\b992[23][xX_*]"),
    ("home", 4, r"\b993[45][xX_*]"),
    ("office", 2, r"\b992[01][xX_*]\b|\b99(?:20[xX]|21[xX]|2[xX]{2})(?!\w)"),
    ("office", 1, (r"\b(?:new|est\.?|estab\w*|established|returning|return) (?:patient|pt)s?\b"
            r"|\b(?:follow[- ]?up|f/u) visit\b"
            r"|\b992(?:0[2-5]|1[1-5])\b|\boutpt\b|\boutpatient\b")),
)  # fmt: skip
TOLD_BY_CODE: Final = _rows(
    ("nursing", 2, r"\b993(?:0[4-9]|1[056])\b"),
    ("home", 2, r"\b993(?:4[1-9]|50)\b"),
    ("hospital", 2, r"\b992(?:2[1-3]|3[1-9])\b"),
    ("emergency", 2, r"\b9928[1-5]\b"),
)
PHASES: Final = _rows(
    ("initial", 1, r"\b992(?:2[1-3])\b|\b9930[4-6]\b"),
    ("subsequent", 1, r"\b9923[1-3]\b|\b99(?:30[7-9]|310)\b"),
    ("discharge", 1, r"\b9923[89]\b|\b9931[56]\b"),
    ("same_day", 1, r"\b9923[4-6]\b"),
    ("same_day", 9, (r"\b(?:admi\w+|placed in obs\w*|obs\w*)\b[^.\n]{0,80}\b(?:discharge\w*"
            r"|d/?c'?d?|(?:sent|went|let) home|released)\b[^.\n]{0,60}\bsame (?:calendar )?(?:day|date)\b"
            r"|\bin and out of (?:the )?(?:obs\w*|hospital)\b"
            r"|\bsame[- ](?:calendar )?(?:day"
            r"|date)(?: hospital| obs\w*)? admi\w+\b[^.\n]{0,16}\b(?:discharge|d/?c)\b"
            r"|\badm(?:it(?:ted)?|ission)? ?(?:and|&|\+|/|then) ?(?:discharged?|d/?c'?d?|disch)\b[^.\n]{0,48}"
            r"\b(?:same|one|single)\b|\b(?:one|same|single)[- ](?:calendar )?(?:date|day)\b[^.\n]{0,48}"
            r"\badm(?:it(?:ted)?|ission)? ?(?:and|&|\+|/|then) ?(?:discharged?|d/?c'?d?|disch)\b|\bsame (?:day"
            r"|date)\b[^.\n]{0,24}\badmi\w+[^.\n]{0,16}\bdischarge\w*|\bin and out\b[^.\n]{0,20}\bsame\b")),
    ("discharge", 3, (r"\b(?:discharge|(?-i:DC|D/C)) (?:day|management|mgmt|visit|code|summary|services?|took"
                r"|lasted|work|paperwork)\b"
            r"|\bday of (?:the )?discharge\b|\b(?:hosp(?:ital)?|obs\w*|snf|nursing \w+|nf"
            r"|inpatient) (?:discharge|d/?c)\b|\b(?:dc|d/c) (?:day|mgmt|visit)\b|\bour (?:doctor|physician"
            r"|np|pa) discharged\b|\b(?:visit|type|service|kind|encounter)(?: type)?:[ ]?(?:discharge|d/?c)\b")),
    ("discharge", 3, (r"\bfor (?:the |her |his )?(?:final )?discharge\b(?! (?:planning|goals?))"
            r"|\bdischarge from (?:the |our )?(?:snf"
            r"|nursing|rehab|hosp(?:ital)?|facility|obs\w*|inpatient|unit|ward|floor|stay|icu)\b|\b(?:nh"
            r"|nursing home|rehab) discharge\b|\bfinal (?:exam|visit)\b")),
    ("discharge", 2, (r"\b(?:sent|went|going|goes) (?:her |him |them |pt |the patient )?home (?:from (?:the |our "
            r"|rehab )?(?:hospital|ward|floor|unit|snf|facility|rehab)|today)\b|\bexpired in the\b")),
    ("discharge", 3, r"\bdays? of (?:the )?discharge\b|\bon the discharge of\b|\bdischarge[- ]day\b"),
    ("discharge", 1, r"\bdischarged\b|\bd/c'?d\b|\bdc'd\b"),
    # Codes that the letter weighs against each other are those of one visit of the stay.
    ("discharge", 6, (r"\b9923[89](?: or |,? ?vs\.? ?| versus | ?/ ?)(?:99)?23[89]\b|\b9931[56](?: or "
                     r"|,? ?vs\.? ?| versus "
                     r"| ?/ ?)9931[56]\b")),
    ("subsequent", 6, (r"\b9923[1-3](?: or |,? ?vs\.? ?| versus | ?/ ?)9923[1-3]\b|\b99(?:30[7-9]|310)(?: or "
                      r"|,? ?vs\.? ?"
                      r"| versus | ?/ ?)99(?:30[7-9]|310)\b")),
    ("initial", 6, (r"\b9922[1-3](?: or |,? ?vs\.? ?| versus | ?/ ?)9922[1-3]\b|\b9930[4-6](?: or |,? ?vs\.? ?| versus "
                   r"| ?/ ?)9930[4-6]\b")),
    # The day of a death in the hospital is reported as the discharge (CPT, 99238 and 99239).
    ("discharge", 2, r"\bpronounced (?:dead|death|the|him|her|pt)\b|\bdeath pronouncement\b"),
    ("subsequent", 3, (r"\bsub\w*quent\b|\bprogress note\b|\bhospital day (?:#[ \t]?)?(?:[2-9]|1\d|two|three)\b"
            r"|\b(?-i:HD) ?#?[2-9]\b|\b(?:inpatient |inpt )?day [2-9]\b"
            r"|\b(?:second|third|fourth|fifth|2nd|3rd|[4-9]th) (?:hospital )?(?:day|visit) (?:of|in|during)\b"
            r"|\bdaily (?:hospital "
            r"|inpatient |inpt )?visit\b|\bdaily (?:visit|note|rounds?)\b"
            r"|\brounds?\b|\bregulatory\b|\bmandated visit\b|\bmonthly visit\b|\b(?:30"
            r"|60)[- ]day visit\b")),
    ("subsequent", 4, r"\brounded\b"),
    ("subsequent", 2, (r"\bfollow[- ]?ups?\b(?![ \t]*(?:\n|:|in \d|with\b))|\bf/u\b|\bnext day\b|\broutine visit\b"
     "|\bacute visit\b"
            r"|\bchange (?:of|in) condition\b")),
    ("initial", 3, (r"\binitial\b|\bh ?& ?p\b|\bfirst (?:\w+ )?visit\b|\bfirst day\b|\bday of admission\b"
            r"|\b(?:put|brought) (?:in|under|on|into) obs\w*|\badmission (?:visit|note|exam|day|code)\b"
            r"|\b(?:snf|nursing home|nursing facility|nf"
            r"|hospital|inpatient|inpt|obs\w*) admi(?:ssion|t)\b|\bplaced in obs\w*|\bnew admission\b")),
    ("initial", 2, r"\badmitted\b|\badmission\b|\badmits?\b|\bnewly admitted\b|\badm(?:'?d)?\b"),
)  # fmt: skip
# Medicare's wellness visit is told by what was given before, and has no level.
WELLNESS: Final = re.compile(
    r"\b(?:(?-i:AWV|IPPE)|wellness (?:visit|exam)s?|welcome (?:to medicare|visit)|G0402|G043[89])\b", re.IGNORECASE
)
# A visit that the letter says is coded, wherever it told of it.
VISIT_SETTLED: Final = re.compile(
    r"\b(?:visits?|e/?m|check-?ups?|physical)(?: itself| code| part|,? that one|,? this one)?"
    r"(?: \((?:that|this|it|the) ?(?:one|visit|code|part)?| ?\(| which| that one| that| this)?[ \t]?"
    r"(?:'?s|is|was|are|were|has been|have been|itself is)?[ \t](?:long |all )?(?:all?ready (?:been )?)?"
    r"(?:co?de?d|billed|on the claim|entered|reported|keyed|submitted|taken care of|settled|done)(?: all?ready"
    r"| separately)?"
    r"(?=[ \t]*[).,;\n(]|[ \t](?:and|so|but|i|we)\b|$)",
    re.IGNORECASE,
)
BY_FIGURE: Final = (
    r"\b(?:an?|the|level|lvl) [1-5] or (?:is it )?(?:an? |the |level |lvl )?[1-5](?=[ \t]*(?:[?,;:)\n]|\.(?!\d)|$"
    r"|\b(?:for|here|by|on|then|please|pls|plz|if|with|when)\b))"
)
"""How coders ask which level of a visit it is: "a 4 or a 5?"."""
_MGMT: Final = r"(?:management|mgmt|mgmnt|mgt)"
# Professionals who report no evaluation and management.
_NO_EM: Final = (
    r"(?:dieti[ct]ian|nutritionist|(?-i:RDN?|LCSW|SLP)|social worker|(?:physical|occupational|speech) therapist"
    r"|speech pathologist)"
)
# Services that are more than the place they were given in; the first that is told and not set aside is meant.
SERVICES: Final = (
    "complexity_add_on", "prolonged_without_patient", "prolonged_staff", "critical_care", "transitional_care",
    "chronic_care_personal", "chronic_care_staff", "principal_care_personal", "principal_care_staff",
    "advanced_primary_care", "advance_care_planning", "portal_messages", "image_review_other", "image_review",
    "telephone_other", "brief_check_in_other", "brief_check_in", "tobacco_counseling", "substance_screening",
    "group_counseling", "preventive_counseling", "consultation", "audio_visit", "video_visit", "preventive_visit",
)  # fmt: skip
SERVICE_WORDS: Final = tuple(
    (value, re.compile(pattern, re.IGNORECASE))
    for value, pattern in (
        ("complexity_add_on", (r"\bG2211\b|\bcomplexity add[- ]?on\b|\b(?:longitudinal|visit complexity"
                               r"|lasting care)(?: \w+)? (?:add[- ]?on|code)\b"
                r"|\badd[- ]?on (?:code )?(?:for|of) (?:the )?(?:longitudinal|complexity|lasting)\b"
                r"|\bcomplexity (?:add[- ]?on|thing|extra|g[- ]?code|bit|piece|charge|one)\b")),
        ("prolonged_without_patient", (r"\b9935[89]\b|\b(?:review\w*|read|went through|sat with"
                r"|synthesis)\b[^.\n]{0,60}\b(?:records|charts?|boxes)\b[^\n]{0,160}\b(?:without (?:the "
                r"|any )?(?:patient|pt|visit)|w/o (?:the )?(?:pt|patient)|no (?:pt|patient) contact"
                r"|day (?:before|after)|next day|another (?:day|date))\b"
                r"|\brecords? review\b[^.\n]{0,80}\b(?:without (?:the )?(?:patient|pt)|w/o (?:the )?(?:pt"
                r"|patient)|no (?:pt|patient) contact)\b|\b(?:without (?:the |any )?(?:patient|pt|visit)"
                r"|no (?:pt|patient) contact)\b[^.\n]{0,80}\brecords\b")),
        ("prolonged_without_patient", (r"\bprolonged\b[^.\n]{0,40}\b(?:non[- ]?face[- ]to[- ]face|(?:without"
                r"|w/?o)(?: any| the)? (?:direct |face[- ]to[- ]face )?(?:(?:patient|pt) )?(?:contact"
                r"|face[- ]to[- ]face))\b"
                r"|\bnon[- ]?face[- ]to[- ]face prolonged\b")),
        ("prolonged_staff", (r"\b9941[56]\b|\bstaff prolonged\b|\bprolonged (?:\w+ )?staff\b"
                r"|\bprolonged\b[^.\n]{0,40}\b(?:rn|nurse|staff)\b|\b(?:rn|nurse"
                r"|clinical staff)\b[^.\n]{0,60}\bprolonged\b|\b(?-i:RNs?|LPNs?|MAs?)\b[^.\n]{0,60}\b(?:min\w*"
                r"|hours?)\b[^.\n]{0,32}\b(?:beyond|past|after|over and above|on top of) (?:the |that "
                r"|a )?(?:office )?(?:visit|typical)\b")),
        ("critical_care", (r"\bcrit(?:ical)?\.? care\b|\b(?-i:CC) (?:minutes|time|mins?)\b|\b9929[12]\b"
                          r"|\bcritically ill\b")),
        ("transitional_care", r"\b(?-i:TCM)\b|\btransition\w* (?:of )?care\b|\b9949[56]\b"),
        ("chronic_care_personal", r"\b(?:9949[1]|99437)\b"),
        ("chronic_care_staff", rf"\bccm\b|\bchronic care (?:{_MGMT}|staff|coordination)\b|\b99(?:490|439|487|489)\b"),
        ("principal_care_personal", (r"\b(?:himself|herself|personally|physician"
                rf"|doctor)\b[^.\n]{{0,30}}\b(?:principal care|(?-i:PCM))\b|\b(?:principal care {_MGMT}"
                r"|(?-i:PCM))\b[^.\n]{0,30}\b(?:by (?:the |our )?(?:physician|doctor|md|\w+ologist)"
                r"|personally|himself|herself)\b")),
        ("chronic_care_personal", (rf"\b(?:himself|herself|personally)\b[^.\n]{{0,30}}\b(?:chronic care {_MGMT}"
                rf"|ccm)\b|\b(?:chronic care {_MGMT}|ccm)\b[^.\n]{{0,30}}\b(?:by (?:the "
                r"|our )?(?:physician|doctor|md|\w+ologist)|personally|himself|herself)\b")),
        ("principal_care_staff", r"\bprincipal care\b|\b(?-i:PCM)\b"),
        ("advanced_primary_care", r"\b(?-i:APCM)\b|\badvanced primary care\b"),
        ("advance_care_planning", (r"\b9949[78]\b|\badvance care plan\w*|\b(?-i:ACP)\b|\bliving will\b"
                                   r"|\bhealth ?care (?:proxy|agent|power of attorney)\b"
                r"|\badvance directives?\b|\b(?-i:POLST|MOLST|DPOA)\b")),
        ("telephone_other", (rf"\b{_NO_EM}'?s? (?:(?:tele)?phone(?:d| call| visit| assessment)?|called|calls?)\b"
                rf"|\b(?:(?:tele)?phone (?:call|visit|assessment|session)|call)s? (?:by|from) (?:an? |the "
                rf"|our )?{_NO_EM}\b")),
        ("portal_messages", (r"\bportal\b[^.\n]{0,24}\bme?ss?a?ge?s?\b|\bmychart\b[^.\n]{0,20}\bme?ss?a?ge?s?\b"
                r"|\be-?visits?\b|\b9942[123]\b|\b(?:portal|mychart)\b[^.\n]{0,16}\b(?:threads?|exchange"
                r"|correspondence)\b")),
        ("image_review", (r"\bG2010\b|\b(?:sent|sends|e-?mailed|texted|uploaded|submitted|messaged)\b[^.\n]{0,32}"
                r"\b(?:photos?|pictures?|images?|pics?|video clips?)\b|\b(?:photos?|pictures?|images?|pics?)\b"
                r"[^.\n]{0,40}\b(?:sent|submitted|uploaded|e-?mailed|texted|(?:through|via|by|over) (?:the |our )?"
                r"(?:portal|mychart|e-?mail|text))\b")),
        ("brief_check_in", (r"\b(?:[5-9]|10)[- ]min(?:ute)?s?\b[^.\n]{0,16}\b(?:tele)?phone call\b"
                r"|\b(?:called|phoned|rang)\b[^\n]{0,140}\b(?:talked|spoke)\b[^.\n]{0,40}\b(?:[5-9]|10) min"
                r"|\bvirtual check[- ]?in\b|\bcheck[- ]in call\b|\bbrief (?:check[- ]?in"
                r"|communication)\b|\b98016\b|\bG2012\b|\bG2252\b|\b(?:call|talked|spoke"
                r"|phone)\w*\b[^.\n]{0,90}\bto see (?:if|whether)\b[^.\n]{0,24}\b(?:come in|be seen"
                r"|visit)\b")),
        ("tobacco_counseling", (r"\b9940[67]\b|\b(?:smoking|tobacco|nicotine|vap(?:e"
                r"|ing))\b[^.\n]{0,20}\b(?:cessation|counsel\w*"
                r"|quit\w*)\b|\bcounsel\w*[^.\n]{0,24}\b(?:smoking|tobacco|nicotine|vaping|cigarettes?|quit\w*)\b"
                r"|\b(?:smok\w+|tobacco|cigar\w*|vap\w+|nicotine|ppd)\b[^.\n]{0,120}"
                r"\bcounsel\w*\b[^.\n]{0,24}\b(?:stop\w*|cessation|giving (?:it |them )?up|kick\w*)\b"
                r"|\b(?:talk\w*|discuss\w*|coach\w*|spent|advis\w*)\b[^.\n]{0,40}\b(?:smoking|tobacco|cigarettes?"
                r"|nicotine|vaping|quitting|stopping smoking)\b[^.\n]{0,32}\d{1,2}[ -]?min"
                r"|\bspent \d{1,2} min\w*[^.\n]{0,40}\b(?:smoking|tobacco|cigarettes?|nicotine|vaping|quitting)\b")),
        ("substance_screening", r"\b9940[89]\b|\b(?-i:SBIRT)\b"),
        ("preventive_counseling", r"\b9940[1-4]\b"),
        ("consultation", (r"\bconsult(?:s|ation|ations)?(?: (?:code|level|visit|note|service)s?)?\b(?! (?:with"
                r"|pending|was not))|\bconsulted on\b|\b9924[2-5]\b|\b9925[2-5]\b|\b(?:asked|requested?"
                r"|at the request|referred)\b[^.\n]{0,50}\b(?:opinion|consult\w*)\b"
                r"|\bopinion\b[^.\n]{0,24}\b(?:letter|report|sent)\b")),
        ("audio_visit", (r"\baudio[- ]only\b(?=[^.;\n]{0,40}\b(?:visit|encounter|codes?|telehealth|telemedicine"
                r"|appointment|e/?m))|\b(?:visit|seen|encounter)\b[^.;\n]{0,24}\baudio[- ]only\b"
                r"|\b(?:called|phoned|spoke|talked|seen|phone|telephone|call)\b[^.;\n]{0,60}\baudio[- ]only\b"
                r"|\baudio[- ]only\b[^.;\n]{0,60}\b(?:mdm|minutes|min|decision|established|new (?:patient|pt))\b"
                r"|\b(?:tele)?phone (?:(?:call|only) )?(?:visit|encounter|appointment|appt|e/?m)s?\b"
                r"|\b(?:(?:tele)?phone|voice)-only (?:visit|encounter|appointment|appt|e/?m|telehealth)\b"
                r"|(?<=[,;] )(?:tele)?phone(?: only)?(?=[,;])|\bvisits? by (?:tele)?phone\b"
                r"|\bseen by (?:tele)?phone\b"
                r"|\b9800[89]\b(?! ?(?:-|to|thru|through) ?9)|(?<!-)(?<!to )\b9801[0-5]\b(?! ?(?:-"
                r"|to|thru|through) ?9)")),
        ("video_visit", (r"\bsynchronous (?:audio|video)\b(?! only)|\baudio ?(?:\+|&|and|/|-) ?(?:and )?video\b"
                r"|\bvideo[- ]?(?:visit|call|encounter|appointment|appt|consult|chat|session|telehealth|telemed\w*"
                r"|conference)s?\b|\b(?:by|over|via|through) (?:(?:live|secure|interactive|two[- ]way|2[- ]way"
                r"|real[- ]time) )?"
                r"(?:video|zoom|face ?time|webex|tele-?video)\b(?![- ](?:laryng|assist|eeg|capsule|otoscop"
                r"|strobo|fluoro"
                r"|swallow|scop|thorac|guid|monitor))|\bon (?:zoom|face ?time|webex)\b|\b(?:zoom|face ?time"
                r"|doxy\.me|webex"
                r"|teladoc|amwell|a/v) (?:visit|call|encounter|appointment|appt|session)s?\b|\bdoxy\.me\b"
                r"|(?<=[,;] )(?:(?:live|synchronous|two-way|2-way) )?(?:video|tele-?video|zoom)(?=[,;])"
                r"|\b(?:seen|visit|saw"
                r"|evaluated|encounter|appointment)\b[^.;\n]{0,32}\b(?:by|over|via|through|on|with"
                r"|using) (?:audio[- /]?(?:and[- ]|& ?)?)?(?:video|zoom|doxy\w*|facetime|telehealth"
                r"|telemedicine)\b|\b(?:telehealth|telemedicine|tele|zoom|virtual) (?:visit|encounter"
                r"|appointment|appt|e/?m)s?\b|(?<!-)(?<!to )\b9800[0-7]\b(?! ?(?:-|to|thru|through) ?9)")),
        ("preventive_visit", (r"\b(?:annual|yearly|routine|preventive|complete|full|new|pt|patient|y/o|yo|old"
                r"|school|sports|camp|est|estab\w*) (?:\w+ )?physicals?\b|\bphysicals?\b(?=[ ,:]{1,2}(?:[\d[]|on"
                r"|exam (?:on|for|code|new|est)|for|plus|and|is|was|with|w/|today|code|visit|new|est|of an?\b)|[ ]?\?)"
                r"|\b(?:wk|week|mo|month|year|yr)s?[- ](?:check|check-?up|visit) (?:of|for) (?:a |the "
                r"|our )?(?:baby|newborn|infant"
                r"|child)\b|\bwellness (?:check|physical)s?\b(?! (?:call|letter))|(?<![\w-])(?-i:CPE)\b"
                r"|\bwell[- ]?(?:ch\w{0,2}ld|baby|woman|man|adult|visit|check|exam)\b(?! clinic)|\bwell baby\b"
                r"|\bpreventive (?:code|cpt|visit|exam|medicine (?:visit|exam|e/?m)|service)s?\b"
                r"|\b(?:annual|yearly) (?:gyn\w* |well\w* )?(?:exam|check|preventive)|\bcomplete annual\b"
                r"|\bcheck[- ]?up\b|\b993[89][1-7]\b")),
    )
)  # fmt: skip
