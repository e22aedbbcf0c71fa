"""What a letter says of lesions: the finding, and what was done, words to values."""

import re
from dataclasses import replace
from typing import Final

from consultant.questions.findings import Row, find, row
from consultant.questions.passages import Sentences

# "Bill it as benign for now, or as malignant" weighs what to report and tells no finding.
_WEIGHED: Final = re.compile(
    r"\b(?:bill|code|coded|claim|submit|report(?! (?:came|reads|says|shows))|charge)\b[^.?;\n]{0,20}\bas(?: an?)?[ \t]$"
    r"|\bor[ \t]as(?: an?)?[ \t]$",
    re.IGNORECASE,
)
# "So is this a benign excision now?" asks for the finding.
_ASKS: Final = re.compile(
    r"(?:^|[.,;:\n(]|\b(?:so|or|and|whether|if)\b)[ \t]*(?:(?:is|are|was|were|would|should|does|do|can|whether|if)"
    r"[ \t])(?:this|it|that|these|they|the|we|i|you)\b[^.;\n?]{0,60}$",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(r"[^.;\n?]{0,60}\?")
# A superbill or a person may call a service what the note does not: "he writes excision on the superbill".
_CALLED: Final = re.compile(
    r"\b(?:(?:my|our|the)[ \t]\w+|he|she|they|dr\.?|doctor|doc|surgeon|provider|physician"
    r"|superbill|pa|np|i|we|manager|coder|biller|boss"
    r"|colleague|coworker|supervisor|scheduler|scrubber|software|front desk|slip|ticket|sheet)[ \t]"
    r"(?:just[ \t]|only[ \t]|also[ \t]|now[ \t])?(?:writes?|wrote|calls?|called|circled|marked"
    r"|checked|ticked|says?|said"
    r"|wants?|thinks?|thought|suggests?|insists?(?: on)?|booked|had|has)[ \t]"
    r"(?:it[ \t]|this[ \t]|that[ \t])?(?:an?[ \t])?[\"\u201c']?$",
    re.IGNORECASE,
)
_BEFORE_SURGERY: Final = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:pre|post)[- ]?op(?:erative)?[ \t](?:diagnos[ei]s|dx)|diagnos[ei]s|indications?|dx|assessment)"
    r"[ \t]?:[^\n]*$",
    re.IGNORECASE,
)
_PROVED: Final = re.compile(
    r"\b(?:proven|proved|confirmed|diagnosed|positive|shown|known|per|earlier|previous|prior|last|initial|original)"
    r"[ \t](?:on|by|with|in|from|per)?[ \t]?(?:an?[ \t]|the[ \t])?(?:\w+[ \t])?$",
    re.IGNORECASE,
)


def _no_finding(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 96) : start]
    return bool(_WEIGHED.search(before) or (_ASKS.search(before) and _ASKED.match(text, end)))


def proves(text: str, start: int, _end: int) -> bool:
    """Tell whether a biopsy is named as what proved the lesion, not as what was done to it."""
    before = text[max(0, start - 160) : start]
    named = _PROVED.search(before) or _BEFORE_SURGERY.search(before) or _CALLED.search(before)
    return bool(named) or aim_untold(text)


# Whether a shave removed the lesion or sampled it is what its codes turn on (CPT, shaving and biopsy guidelines).
_REMOVE: Final = r"(?:remov\w*|take it off|get rid|treat\w*|therap\w+)"
_SAMPLE: Final = r"(?:sampl\w*|biops\w*|bx|diagnos\w*)"
_AIM_UNTOLD: Final = re.compile(
    r"\b(?:nothing|not|n'?t|no|unclear|silent|never|unsure|vague|ambiguous)\b[^.?\n]{0,48}"
    rf"\b(?:whether|if|intent\w*|aim|purpose|why)\b[^.?\n]{{0,60}}\b(?:{_REMOVE}\b[^.?\n]{{0,32}}\b{_SAMPLE}"
    rf"|{_SAMPLE}\b[^.?\n]{{0,32}}\b{_REMOVE})\b"
    rf"|\b(?:tangential|shave) (?:biops\w+|bx)\b[^.?\n]{{0,24}}\b(?:and|\+|&)\b[^.?\n]{{0,16}}\bshave (?:removal"
    rf"|excision)\b"
    r"[^.?\n]{0,16}\b(?:circled|checked|ticked|marked|picked|both)\b"
    r"|\bshave (?:removal|excision)\b[^.?\n]{0,24}\b(?:and|\+|&)\b[^.?\n]{0,16}\b(?:tangential|shave) (?:biops\w+|bx)\b"
    r"[^.?\n]{0,16}\b(?:circled|checked|ticked|marked|picked|both)\b"
    r"|\b(?:no|without(?: an?| any)?) (?:stated |documented )?(?:intent|intention|purpose)\b",
    re.IGNORECASE,
)


def aim_untold(text: str) -> bool:
    """Tell whether a letter leaves open if a shave was to remove the lesion or to sample it."""
    return bool(_AIM_UNTOLD.search(text))


# "Five biopsied, all by shave" tells how they were sampled.
_SAMPLED_BY: Final = re.compile(
    r"\b(?:biops(?:y|ies|ied)|bx'?(?:d|s|es)?|sampled)\b[^.;\n]{0,48}?\b(?:by|via|with|w/|using)[ \t]?(?:an? )?"
    r"(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)


def _no_shave(text: str, start: int, end: int) -> bool:
    sampled = _SAMPLED_BY.search(text[max(0, start - 96) : start])
    return _no_act(text, start, end) or aim_untold(text) or bool(sampled)


def _no_act(text: str, start: int, _end: int) -> bool:
    return bool(_CALLED.search(text[max(0, start - 64) : start]))


_PATH: Final = r"\b(?:path(?:ology)?|bx|biopsy|histo(?:logy)?|report|results?|derm ?path)\b[^.;\n]{0,40}?\b"
# "Benign or malignant?" and "a benign code" ask for the pathology and do not tell it.
_ON_PATH: Final = r"\b(?=,? (?:on|per|by|in|from) (?:the )?(?:final )?(?:path|histo|bx|biops|derm ?path|report))"
_NO_CODE_NAME: Final = (
    r"(?!,? (?:or|vs\.?|versus) (?:a )?(?:malignant|benign)\b)"
    r"(?! (?:lesion )?(?:excision )?(?:codes?|cpt|series|category)\b)"
)
_FINDINGS: Final[tuple[Row, ...]] = (
    row("pathology", "in_situ", _PATH + r"(?P<v>in[ -]situ|bowen'?s?|lentigo maligna|mis|scc ?is)\b", rank=0),
    row("pathology", "uncertain", _PATH + r"(?P<v>uncertain behaviou?r|dysplastic|atypical|atypia|spitz)\b", rank=0),
    row(
        "pathology",
        "malignant",
        _PATH + r"(?P<v>malignan(?:t|cy)|(?:bcc|scc|melanoma)(?! in[ -]situ| ?is\b)|basal cell"
        r"|squamous cell(?! carcinoma in[ -]situ)|carcinoma(?! in[ -]situ)|cancer)\b",
        rank=0,
    ),
    row(
        "pathology",
        "benign",
        _PATH + r"(?P<v>benign|(?<!dysplastic )(?<!atypical )nevus|seborrheic|cyst|fibroma|lipoma)\b",
        rank=0,
    ),
    *(
        row("pathology", value, rf"\b(?P<v>{words})" + _ON_PATH, rank=0)
        for value, words in (
            ("in_situ", r"(?:melanoma |scc )?in[ -]situ|bowen'?s?|lentigo maligna"),
            ("uncertain", r"dysplastic(?: nev(?:us|i))?|atypical(?: nev(?:us|i))?|atypia"),
            ("malignant", r"malignan(?:t|cy)|bccs?|sccs?|melanomas?|carcinomas?|cancer"),
            ("benign", r"benign|(?<!dysplastic )(?<!atypical )nev(?:us|i)|cysts?|lipomas?|verrucas?"),
        )
    ),
    row(
        "pathology",
        "pending",
        r"\b(?P<v>(?:path(?:ology)?|bx|biopsy|results?|report)\b[^.;\n]{0,14}?\b(?:pending"
        r"|not (?:yet )?(?:back|in|available|resulted)"
        r"|will (?:take|be|follow)|takes|to follow|is due|due (?:back|in|next)"
        r"|outstanding|isn'?t back|hasn'?t come back|awaited)|(?:await(?:s|ing)?|waiting (?:for|on)"
        r"|pending|before(?: the)?|without)"
        r"(?: the| final)? (?:path(?:ology)?|histology|biopsy results?)|path\?|no path(?:ology)? (?:yet|report))",
        rank=0,
    ),
    row("pathology", "unspecified", r"\b(?P<v>unspecified behaviou?r)\b"),
    row(
        "pathology",
        "uncertain",
        (
            r"\b(?P<v>uncertain behaviou?r|dysplastic nev(?:us|i)|atypical nev(?:us|i)|atypical mole"
            r"|spitz nevus|(?-i:DN))\b"
        ),
    ),
    row(
        "pathology",
        "in_situ",
        r"\b(?P<v>(?:melanoma|scc|squamous cell(?: carcinoma)?|carcinoma)[ -]in[ -]situ|in[ -]situ"
        r"|bowen'?s?(?: disease)?|lentigo maligna"
        r"|(?-i:MIS|SCCIS|SCCis|SCC IS))\b",
    ),
    row(
        "pathology",
        "malignant",
        r"\b(?P<v>(?<!benign or )(?<!benign vs )malignan(?:t|cy)"
        + _NO_CODE_NAME
        + r"|(?:superficial |nodular |infiltrative )?(?:bcc|scc)s?(?! in[ -]situ"
        r"| ?is\b)|basal cells?(?: carcinomas?| ca\b)?"
        r"|squamous cell(?: carcinoma| ca\b)?(?! in[ -]situ)|melanomas?(?! in[ -]situ)"
        r"|merkel cell(?: carcinoma)?|carcinoma(?! in[ -]situ)"
        r"|skin cancers?|cancer(?:ous|s)?|dfsp|sarcoma|(?-i:MM))\b(?! specialist)",
    ),
    row(
        "pathology",
        "benign",
        r"(?<!malignant or )(?<!malignant vs )\b(?P<v>benign|non-?malignant|non-?cancerous)\b" + _NO_CODE_NAME,
    ),
    row(
        "pathology",
        "benign",
        r"\b(?P<v>(?:intradermal |compound |junctional |blue "
        r"|melanocytic )?(?<!dysplastic )(?<!atypical )(?<!spitz )nev(?:us|i)"
        r"|seborrheic keratos[ei]s|seb k'?s?|(?-i:SKs?)|(?:epidermal |sebaceous |pilar |inclusion "
        r"|epidermoid |trichilemmal )*cysts?|(?-i:EIC)"
        r"|dermatofibromas?|(?-i:DF)|lipomas?|neurofibromas?|hemangiomas?|pyogenic granulomas?|fibromas?"
        r"|angiomas?|skin tags?|acrochordons?"
        r"|warts?|verrucas?|verrucae|papillomas?|keloids?)\b",
        rank=2,
    ),
    row("pathology", "benign", r"\b(?P<v>moles?)\b", rank=3, certain=False),
)
PATHOLOGY: Final = tuple(replace(one, barred=_no_finding) for one in _FINDINGS)
_ACTS: Final[tuple[Row, ...]] = (
    row("technique", "mohs", r"\b(?:mohs|micrographic(?:ally)?|(?-i:MMS))\b", act=True, rank=0),
    # Only Mohs surgery is told by the blocks of its stages.
    row(
        "technique",
        "mohs",
        r"\b(?:(?:first|second|third|fourth|1st|2nd|3rd|one|two|three|four|[1-6]) (?:stages?|layers?)|(?:stage"
        r"|layer) (?:i{1,3}|iv|[1-6]))"
        r"\b[^\n]{0,160}?\bblocks?\b|\bblocks? (?:in|for|on|per|of) (?:the |each |every )?(?:\w+ )?(?:stages?"
        r"|layers?)\b",
        act=True,
        rank=1,
    ),
    row(
        "technique",
        "shave",
        r"\b(?:shaved?|shaving|saucerized?|saucerization (?:removal|excision|shave|of)"
        r"|shave (?:removal|excision)|tangential (?:shave|excision|removal)"
        r"|(?:tangentially|horizontally)[ \t](?:removed|excised|taken off|cut off|sliced|shaved)"
        r"|(?:removed|excised|taken off|cut off)[ \t](?:tangentially|horizontally)"
        r"|planed (?:off|down|flat|flush)|sliced (?:\w+[ \t]){0,3}?(?:off|horizontally|tangentially|flush))\b"
        r"(?! (?:biops|bx))",
        act=True,
    ),
    row(
        "technique",
        "biopsy",
        r"\b(?:(?:punch|shave|tangential|incisional|excisional) )?(?:biops(?:y|ies|ied)"
        r"|bx'?(?:d|s|es)?)\b(?![ -]?(?:pro?v\w*|confirm\w*|showed|shows|report|results?|path"
        r"|was (?:bcc|scc|positive)|site|came|of \d|from \d"
        r"|(?:(?:was|were|done|taken|performed|made)[ \t]){0,2}(?:in (?:jan|feb"
        r"|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|20\d\d)|last (?:week|month|year|visit)|elsewhere|earlier|before"
        r"|(?:a|two|three|several|\d) (?:weeks?|months?) ago)))",
        act=True,
        rank=2,
    ),
    row(
        "technique",
        "destruction",
        r"\b(?:destruction|destroy(?:ed|ing)|cryo(?:therapy|surgery|ed|ablat\w{2,4}|destruct\w{2,4})?"
        r"|ln2|liquid (?:nitrogen|n2)|froze|frozen(?! sections?|:| (?:path|diagnos|report|shows?"
        r"|said|read)|[ \t]?\))|freez(?:e|ing)"
        r"|electrodesiccat\w{1,4}|electrosurg\w{2,4}|desiccat\w{1,4}|ed ?& ?c|(?-i:C&(?:E?D|E))"
        r"|edc|electrofulgurat\w{2,4}"
        r"|(?<!base )(?<!base was )(?<!bed )(?<!edges )(?<!wound )hyfrecat\w{2,4}"
        r"(?! for (?:hemostasis|bleeding))|zapp?(?:ed|ing)|canthacur|cryo-?(?:spray|probe)\w{0,3}"
        r"|(?:treated|sprayed|hit|dabbed|touched) (?:\w+ ){0,3}?(?:with|w/) (?:n2|nitrogen)|burn(?:ed|t) (?:\w+ )?off"
        r"|scraped (?:and|&|\+) (?:burn(?:ed|t)|cauteri[sz]ed)|curett(?:ed|age)|cantharidin|cantharone|podophyll\w{2,3}"
        r"|laser(?:ed)?(?! (?:hair|safety|clinic))|pulsed dye|pdl|v-?beam|ablated)\b",
        act=True,
    ),
    row("technique", "debridement", r"\bdebrid(?:ed|ement|ing)\b", act=True, rank=3),
    row(
        "technique",
        "excision",
        r"(?<!shave )(?<!tangential )(?<!tangentially )(?<!horizontally )"
        r"(?<!saucerization )\b(?:(?:re-?)?excis(?:ed|ion|ing|e)|(?:re-?)?exc'?d?|wide local"
        r"|wle|elliptical(?! (?:wedge|piece|sample|biops))"
        r"|ellipse|cut out)\b",
        act=True,
    ),
)
TECHNIQUE: Final = tuple(
    replace(one, barred={"biopsy": proves, "shave": _no_shave}.get(str(one.value), _no_act)) for one in _ACTS
)
# The defect, the wound and the surgeon of Mohs surgery are named where somebody else did it.
_OF_MOHS: Final = re.compile(
    r"[ \t]+(?:surg(?:ery|ical)[ \t]+)?(?:defects?|wounds?|holes?|sites?|surgeons?|repairs?|closures?|reconstructi\w+"
    r"|patients?|doctors?|fellow\w*|lab|tech\w*|codes?)\b",
    re.IGNORECASE,
)


def mohs_done(text: str, sentences: Sentences) -> bool:
    """Tell whether Mohs surgery was done here, though no word says to what: "Mohs of the nose, two stages"."""
    return any(
        mention.fact.value == "mohs" and not _OF_MOHS.match(text, mention.fact.span.end)
        for mention in find(TECHNIQUE, text, sentences)
    )


SOFT_TISSUE: Final = row(
    "soft_tissue_tumor",
    True,
    r"(?<!kaposi )(?<!kaposi's )\b(?:(?:myxo|lipo|leiomyo|fibro|myxofibro|rhabdomyo|chondro|neurofibro)?sarcomas?"
    r"|desmoid(?: tumou?r)?"
    r"|hibernomas?|schwannomas?|nodular fasciitis|fibromatosis|elastofibromas?|angiolipomas?|myxomas?|lipoblastomas?"
    r"|(?:lumps?|balls?|wads?|mass(?:es)?) of (?:\w+[ \t])?fat|adipose (?:mass(?:es)?|tumou?rs?|lumps?)"
    r"|fatty (?:growths?|lumps?)"
    r"|(?:intra-?muscular|inter-?muscular|sub-?fascial) (?:\w+ )?(?:hemangiomas?|mass(?:es)?|tumou?rs?"
    r"|lesions?|nodules?"
    r"|lumps?|growths?)"
    r"|glomus tumou?rs?|(?:subcutaneous|subfascial|intramuscular|deep|fatty"
    r"|lipomatous)[ \t](?:\w+[ \t])?(?:mass(?:es)?|tumou?rs?)"
    r"|(?:mass|tumou?r|lump)\b[^.;\n]{0,40}\b(?:above|below|beneath|under|deep to|superficial to"
    r"|within|in)[ \t](?:the[ \t])?"
    r"(?:deep[ \t]|muscle[ \t]|\w+[ \t])?(?:fascia|muscle|subcutaneous (?:tissue|fat)))\b"
    r"(?! (?:codes?|cpt|series|section|chapter))",
)
NO_MARGIN: Final = re.compile(
    r"\b(?:no|without(?: an?| any)?|zero|0 ?(?:mm|cm)) (?:(?:extra |additional |further |added |surrounding |skin "
    r"|surgical )?margins?\b|(?:(?:extra|additional|further|normal|healthy|surrounding) )*(?:skin|tissue)"
    r"(?: (?:was|were))?(?: (?:taken|removed|excised|cut|included))? (?:beyond|outside|around|past)\b)"
    r"(?!'| (?:\w+ )?(?:given|document\w*|record\w*|state[ds]?|noted|mention\w*|listed|measure\w*|in|involve\w*"
    r"|positive|on|info\w*"
    r"|specified|told|written|dictated|available|anywhere|left|status|at all|size|number|control))(?![ \t]?[:=?])",
    re.IGNORECASE,
)
"""What was cut out along its edge, as a cyst is; "no margin documented" leaves the margin open."""
RE_EXCISION: Final = row(
    "re_excision",
    True,
    r"\b(?:re-?\s?excis(?:ed|ion|ions|e|ing)|wider (?:excision|removal)|re-exc|excised again"
    r"|positive (?:deep |lateral |peripheral )?margins?|margins? (?:was|were|is|are|came back) (?:still )?positive)\b",
)
