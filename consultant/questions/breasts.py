"""Read biopsies and excisions of the breast: the act, the imaging that guided it, markers and axillary nodes."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions import breast_sides, counting
from consultant.questions.aside import Aside
from consultant.questions.counting import NUMBER, Count
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


_BREAST: Final = _words(
    r"breasts?|lumpectom(?:y|ies)|mastectom(?:y|ies)|fibroadenomas?|gynecomastia|mammary|mammotome|lactiferous|DCIS"
)
# A lesion of the skin over the breast is one of the trunk.
_OF_SKIN: Final = re.compile(
    r"\bskin (?:lesion |cancer )?(?:of|on|over)\b[^.;\n]{0,16}\bbreast|\bbreast skin\b|\b(?:inframammary|bcc|scc"
    r"|melanoma|nev(?:us|i)|moles?"
    r"|keratos[ei]s|shav\w+|(?:epidermal|epidermoid|sebaceous|inclusion) cysts?|basal cell|squamous cell|skin tags?"
    r"|lipomas?)\b",
    re.IGNORECASE,
)
_OF_BREAST: Final = _words(r"lumpectom(?:y|ies)|mastectom(?:y|ies)|fibroadenomas?|gynecomastia")
_BIOPSY: Final = r"(?:biops(?:y|ies|ied)|bx'?(?:s|es)?)"
_LESION: Final = (
    r"(?:lesions?|mass(?:es)?|lumps?|nodules?|fibroadenomas?|papillomas?|tumou?rs?|phyll?odes|calcifications?|area)"
)
_GAP: Final = r"(?:(?!\b(?:no|not|without|before|prior)\b)[^.;\n]){0,60}?"
_REMOVED: Final = r"(?:excised|removed|resected|taken (?:out|off)|took (?:out|off)|cut out)"
_A_BREAST: Final = r"(?:the |her |his )?(?:\w+ )?breast"
# Each act by its words; the first that was done wins among those that would read the same words.
ACTS: Final = tuple(
    (procedure, _words(pattern))
    for procedure, pattern in (
        ("gynecomastia_mastectomy", r"gynecomastia"),
        (
            "radical_mastectomy_with_internal_nodes",
            r"urban(?: type)? (?:radical )?mastectomy|mastectomy with internal mammary nodes",
        ),
        ("radical_mastectomy", r"halsted(?: radical)?(?: mastectomy)?|(?<!modified )radical mastectomy"),
        ("modified_radical_mastectomy", r"modified radical mastectomy|(?-i:MRM)"),
        (
            "partial_mastectomy",
            (
                r"(?:partial|segmental) mastectomy|lumpectomy|quadrantectomy|tylectomy|segmentectomy"
                r"|breast[- ]conserving (?:surgery"
                r"|excision)"
                rf"|segments? of (?:the )?(?:\w+ )?breast|{_REMOVED}{_GAP}\b(?:rim|cuff|margins?) of"
                r" (?:[\w.]+ ){0,6}?(?:normal|healthy|uninvolved|surrounding)"
                r"|(?:attention|care) (?:was |being )?(?:paid |given |taken )?to (?:\w+ ){0,3}margins"
            ),
        ),
        (
            "complete_mastectomy",
            (
                r"(?:simple|total|complete|skin[- ]sparing|nipple[- ]sparing|prophylactic|risk[- ]reducing"
                r"|bilateral) (?:\w+[- ]\w+ )?"
                r"mastectom(?:y|ies)"
                rf"|(?:total|complete|whole|entire) (?:removal|excision|resection) of {_A_BREAST}"
                rf"|(?:entire|whole|all (?:of )?the) (?:\w+ ){{0,2}}breast(?: tissue)?{_GAP}\b{_REMOVED}"
                rf"|{_REMOVED} (?:the )?(?:entire|whole) (?:\w+ ){{0,2}}breast"
                r"|breast (?:was |tissue was )?(?:\w+ )?(?:removed|taken|lifted|dissected|elevated|swept) (?:\w+ )?off"
                r" (?:of )?(?:the )?(?:pector\w+|chest wall|muscle)"
            ),
        ),
        ("fibroadenoma_cryoablation", rf"cryo\w*{_GAP}fibroadenomas?|fibroadenomas?{_GAP}cryo\w*"),
        ("duct_fistula_excision", r"(?:lactiferous|mammary|milk) duct fistula|periareolar fistula"),
        (
            "nipple_duct_exploration",
            r"(?:nipple|duct(?:al)?) exploration|microdochectomy|exploration of (?:the )?nipple",
        ),
        (
            "breast_open_biopsy",
            (
                rf"(?:open|incisional)(?: incisional| surgical)?(?: breast)? {_BIOPSY}|{_BIOPSY}{_GAP}\b(?:open"
                rf"|incisional)"
            ),
        ),
        (
            "breast_lesion_excision",
            (
                rf"(?:excis(?:ed|ion|ional)|removal|removed)(?! of (?:the )?skin){_GAP}\b(?:breast|{_LESION})"
                rf"|{_LESION}{_GAP}\b(?:was|were)"
                rf" (?:excised|removed)|excisional(?: breast)? {_BIOPSY}"
            ),
        ),
        (
            "breast_core_biopsy",
            (
                rf"(?:core|needle|vacuum|percutaneous|stereo\w*|mammotome|ultrasound|sono\w*|us|mri?|tomo\w*|image"
                rf"|imaging)[- ]?{_GAP}{_BIOPSY}"
                rf"|{_BIOPSY}{_GAP}\b(?:under|with|by) (?:ultrasound|stereo\w*|mri?)|breast {_BIOPSY}"
                rf"|(?:cores?|samples) (?:were |was )?(?:taken|obtained|acquired)|sampled{_GAP}\b(?:breast|{_LESION})"
                rf"|(?:breast|{_LESION}){_GAP}\bsampled|{_BIOPSY} (?:of )?(?:the |an? |her )?"
                rf"(?:\w+ )?breast"
            ),
        ),
        (
            "breast_cyst_aspiration",
            rf"(?:aspirat(?:ed|ion)|puncture|needle asp\.?|asp){_GAP}cysts?|cysts?{_GAP}aspirat(?:ed|ion)",
        ),
        (
            "breast_localization",
            (
                r"(?:needle|wire|seed|radioactive seed|breast|clip|marker|magseed|savi scout)[- ](?:locali[sz]ation"
                r"|placement)"
                rf"|locali[sz](?:ation|ing) (?:wire|needle|seed|clip|device)s?|(?:wire|seed|magseed|savi scout"
                rf"|reflector|clip){_GAP}"
                r"\b(?:placed|inserted|deployed)|put (?:in )?(?:an? |the )(?:\w+ )?(?:wire|seed|clip|marker|reflector)"
                r"|plac(?:ed|ement of) (?:an? )?(?:\w+ )?(?:wire|seed|clip|marker"
                r"|reflector)s?"
            ),
        ),
    )
)
# An act covers what is part of it: the clip of a core biopsy, the sample of an excision.
_COVERS: Final = {
    "breast_core_biopsy": {"breast_localization", "breast_cyst_aspiration"},
    "breast_open_biopsy": {"breast_localization", "breast_core_biopsy"},
    "breast_lesion_excision": {"breast_localization", "breast_core_biopsy"},
    "breast_cyst_aspiration": {"breast_localization"},
}
_EXCISIONS: Final = frozenset(name for name, _ in ACTS[:9]) | {"breast_lesion_excision"}
_GUIDANCE: Final = tuple(
    (value, _words(pattern))
    for value, pattern in (
        ("stereotactic", r"stereo(?:tactic(?:ally)?)?(?:[- ]guid\w+)?|prone table"),
        ("tomosynthesis", r"tomo(?:synthesis)?|dbt|3d[- ]guided"),
        ("mri", r"mri?(?:[- ]guid\w+)?|magnetic resonance"),
        ("ultrasound", r"ultrasound(?:[- ]guid\w+)?|sono\w*|(?-i:U/?S)(?:[- ]guid\w+)?"),
        ("mammographic", r"mammo(?:graph\w+|gram)?[- ](?:guid\w+|control)|under mammograph\w+|by mammograph\w+"),
        ("none", r"(?:without|no) (?:imaging|image)(?: guidance)?|by palpation|palpation[- ]guided|freehand"),
    )
)
_GUIDES: Final = re.compile(r"guid\w+|stereo|tomo|prone|palpation|imag|mammo", re.IGNORECASE)
_GUIDED_BY: Final = re.compile(r"\b(?:under|using|with|by|via)[ \t](?:real[- ]time[ \t]|direct[ \t])?$", re.IGNORECASE)
_MARKED: Final = _words(
    r"(?:wire|needle|seed|magseed|reflector|savi(?: scout)?|clip|radiolog\w+(?: marker)?)[- ]?(?:locali[sz]ed"
    r"|locali[sz]ation|guided"
    rf"|directed)|locali[sz]ed (?:by|with) (?:an? )?(?:wire|needle|seed|clip|marker|magseed)|(?:wire|seed|marker"
    rf"|reflector|clip){_GAP}"
    r"\b(?:placed|by radiology|in place|preop\w*)|pre-?op\w* (?:placed |placement of (?:an? )?)?(?:wire|seed|marker"
    r"|localiz\w+)"
)
_UNMARKED: Final = _words(
    r"(?:no|without(?: an?)?|not) (?:wire|marker|seed|needle|radiologic\w* marker|preop\w* locali[sz]ation"
    r"|locali[sz]\w+)"
    r"|palpable(?: \w+)?"
)
_CLEARED: Final = r"(?:clear(?:ed|ing)|dissect(?:ed|ion of)|remov(?:ed|ing)|clearance of|empt(?:ied|ying))"
_LEVELS: Final = r"levels? (?:i|1)\b"
_NODES: Final = _words(
    rf"{_CLEARED} (?:\w+ ){{0,3}}{_LEVELS}|{_LEVELS}[^.;\n]{{0,24}}?\b(?:were |was )?(?:fully |completely )?{_CLEARED}"
    rf"|axill(?:a|ary (?:contents|fat pad))(?: (?:was|were))?(?: (?:fully|completely|then|formally))? {_CLEARED}|"
    r"(?:full |complete |formal )?(?:axillary|ax\.?) (?:lymph )?(?:node )?(?:dissection|lymphadenectomy|clearance)"
    r"|ALND|axillary contents"
    r"|levels? (?:i|1)(?:,? (?:and|&|-|to) (?:ii|2|iii|3))? (?:nodes?|axillary)"
)
_NO_NODES: Final = _words(
    r"(?:no|without(?: any)?|not) (?:axillary |lymph |sentinel )*(?:nodes?|dissection|surgery of the axilla"
    r"|axillary (?:surgery|dissection))"
    r"|sentinel(?: lymph)?(?: node)?(?: (?:biops\w+|bx|mapping))?|SLNB?|slnbx?"
)
_IORT: Final = _words(r"IORT|intra-?operative radi(?:ation|otherapy)|(?:radiation|brachytherapy) applicator")
_THINGS: Final = (
    r"(?:(?:\w+ ){0,3}(?:lesions?|mass(?:es)?|lumps?|nodules?|clusters?|sites?|areas?|cysts?|foc(?:us|i)"
    r"|fibroadenomas?|biopsies"
    r"|calcifications|spots?))"
)
_SINGLE: Final = re.compile(r"\b(?:lesion|mass|lump|nodule|cyst|fibroadenoma|focus|papilloma)\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\b(?:masses|lesions|cysts|lumps|nodules)\b", re.IGNORECASE)
# What stands behind a number that counts no lesion: a measure, an hour of the dial, a needle, a pass of it.
_OF_NUMBER: Final = r"(?:[cm]m|ml|cc|mg|g|gauge|ga|year|month|week|day|o'?clock|cores?|passes|samples?|clips?|x|by)\b"
_COUNT: Final = re.compile(rf"(?<![\w.#/$-])(?P<n>{NUMBER})[ \t]+(?!{_OF_NUMBER})(?={_THINGS}\b)", re.IGNORECASE)
# An operation that the letter names only to say what came before it.
_AHEAD_OF: Final = re.compile(
    r"\b(?:before|prior to|ahead of|in preparation for|pending|awaiting)[ \t]"
    r"(?:(?:the|her|his|a|an|planned|\w+'s)[ \t]){0,2}$",
    re.IGNORECASE,
)
_BY_OTHERS: Final = re.compile(
    r"[^.;,\n)]{0,32}\b(?:elsewhere|outside (?:hospital|facility)|at another)\b", re.IGNORECASE
)
# A sentence that weighs which imaging it may have been tells of none.
_WEIGHED: Final = re.compile(
    r"\b(?:(?:could|might|may)(?: have)? be(?:en)?|either"
    r"|(?:has|have|owns?|uses?) (?:\w+ ){0,2}(?:machine|unit|table|suite|room)"
    r"|(?:the )?one or the other|not (?:say|said|told|stated?|mention\w*)|unclear|unknown"
    r"|(?:does|did)n'?t (?:say|state|mention))\b",
    re.IGNORECASE,
)


def meant(text: str) -> bool:
    """Tell whether a letter is about the breast itself and not about the skin over it."""
    return bool(_BREAST.search(text)) and (bool(_OF_BREAST.search(text)) or not _OF_SKIN.search(text))


def read(text: str, sentences: Sentences, aside: Aside) -> tuple[Subject, ...]:
    """Return one subject for each act on the breast that was done, with what its code follows from."""
    if not meant(text):
        return ()
    found = dict(_acts(text, sentences, aside))
    for act, covered in _COVERS.items():
        if act in found:
            for name in covered:
                found.pop(name, None)
    if _EXCISIONS & found.keys():
        for name in ("breast_core_biopsy", "breast_localization"):
            found.pop(name, None)
        if len(_EXCISIONS & found.keys()) > 1:
            found.pop("breast_lesion_excision", None)
    subjects = []
    for procedure, span in found.items():
        facts = [Fact("procedure", procedure, span)]
        facts += _axilla(text, sentences, aside) if "mastectomy" in procedure else []
        facts += _marker(text, sentences, aside) if procedure == "breast_lesion_excision" else []
        facts += _guidance(text, sentences, aside) if procedure in ("breast_core_biopsy", "breast_localization") else []
        facts += _count(text, aside) if procedure not in _EXCISIONS or procedure in _ONE_BY_ONE else []
        subjects.append(Subject("procedure", _sided(facts, breast_sides.read(text, sentences, aside))))
    return tuple(subjects)


def _sided(facts: list[Fact], sides: list[Fact]) -> tuple[Fact, ...]:
    """Return the facts with the side; a needle in each breast makes two lesions and no 50."""
    both = any(fact.value == "bilateral" for fact in sides)
    if not both or facts[0].value not in ("breast_core_biopsy", "breast_localization"):
        return (*facts, *sides)
    return tuple(
        Fact(fact.name, 2, fact.span) if fact.name == "lesion_count" and fact.value == 1 else fact for fact in facts
    )


_ONE_BY_ONE: Final = frozenset({"breast_lesion_excision", "fibroadenoma_cryoablation"})


def _acts(text: str, sentences: Sentences, aside: Aside) -> Iterator[tuple[str, Span]]:
    yield from list(_acts_done(text, sentences, aside, ahead=False)) or _acts_done(text, sentences, aside, ahead=True)


def _acts_done(text: str, sentences: Sentences, aside: Aside, *, ahead: bool) -> Iterator[tuple[str, Span]]:
    """Yield the acts that were done; `ahead` takes those, too, that the letter names as what came later."""
    taken: list[Span] = []
    for procedure, pattern in ACTS:
        for match in pattern.finditer(text):
            if aside.holds(match.start()) or any(match.start() < one.end and one.start < match.end() for one in taken):
                continue
            later = _AHEAD_OF.search(text, max(0, match.start() - 32), match.start())
            if _BY_OTHERS.match(text, match.end()) or (later and not ahead):
                continue
            if status(sentences, match.start(), match.end(), act=True) in (Status.AFFIRMED, Status.UNCERTAIN):
                taken.append(Span(*match.span()))
                yield procedure, Span(*match.span())
                break


def _told(text: str, sentences: Sentences, aside: Aside, pattern: re.Pattern[str]) -> Span | None:
    """Return where the letter affirms the words of a pattern."""
    for match in pattern.finditer(text):
        meant = status(sentences, match.start(), match.end(), act=True)
        if meant is Status.AFFIRMED and not aside.holds(match.start()):
            return Span(*match.span())
    return None


def _denied(text: str, sentences: Sentences, aside: Aside, pattern: re.Pattern[str]) -> Span | None:
    """Return where the letter has the words of a pattern, which may hold their own denial, and does not weigh them."""
    for match in pattern.finditer(text):
        meant = status(sentences, match.start(), match.end(), act=False)
        if meant in (Status.AFFIRMED, Status.NEGATED) and not aside.holds(match.start()):
            return Span(*match.span())
    return None


def _axilla(text: str, sentences: Sentences, aside: Aside) -> list[Fact]:
    facts = []
    if span := _told(text, sentences, aside, _NODES):
        facts.append(Fact("axillary_dissection", True, span))
    elif span := _denied(text, sentences, aside, _NO_NODES) or _denied(text, sentences, aside, _NODES):
        facts.append(Fact("axillary_dissection", False, span))
    if span := _told(text, sentences, aside, _IORT):
        facts.append(Fact("radiation_applicator", True, span))
    return facts


def _marker(text: str, sentences: Sentences, aside: Aside) -> list[Fact]:
    if span := _denied(text, sentences, aside, _UNMARKED):
        return [Fact("radiologic_marker", False, span)]
    span = _told(text, sentences, aside, _MARKED)
    return [Fact("radiologic_marker", True, span)] if span else []


def _guidance(text: str, sentences: Sentences, aside: Aside) -> list[Fact]:
    """Return what guided the needle: what is said to have guided it, else the only imaging that is named."""
    said: dict[str, Span] = {}
    named: dict[str, Span] = {}
    for value, pattern in _GUIDANCE:
        for match in pattern.finditer(text):
            if (
                aside.holds(match.start())
                or status(sentences, match.start(), match.end(), act=True)
                in (
                    Status.HISTORICAL,
                    Status.PLANNED,
                    Status.NEGATED,
                )
                or breast_sides.told_around(sentences, match.start(), _WEIGHED)
            ):
                continue
            named.setdefault(value, Span(*match.span()))
            if _GUIDES.search(match[0]) or _GUIDED_BY.search(text, max(0, match.start() - 24), match.start()):
                said.setdefault(value, Span(*match.span()))
    rows = said or named
    if len(rows) != 1:
        return []
    ((value, span),) = rows.items()
    return [Fact("breast_guidance", value, span)]


def _count(text: str, aside: Aside) -> list[Fact]:
    """Return how many lesions there were; one where the letter speaks of a single one alone."""
    rows = [
        Count(counting.number(match["n"]), *match.span("n"))
        for match in _COUNT.finditer(text)
        if not aside.holds(match.start()) and not re.match(r"o'?clock", text[match.end() :], re.IGNORECASE)
    ]
    settled = counting.settled(rows)
    if settled:
        return [Fact("lesion_count", count.number, Span(count.start, count.end)) for count in settled]
    if _SEVERAL.search(text):
        return []
    singles = (match for match in _SINGLE.finditer(text) if not aside.holds(match.start()))
    return [Fact("lesion_count", 1, Span(*match.span())) for match in singles][:1]
