"""Read biopsies and excisions of the breast: the act, the imaging that guided it, markers and axillary nodes."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.questions import breast_lesions, breast_nodes, breast_sides, breast_told, graft_tissue
from consultant.questions.aside import Aside
from consultant.questions.breast_told import words
from consultant.questions.counting import NUMBER
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_BREAST: Final = words(
    r"breasts?|brests?|lumpectom(?:y|ies)|mastectom(?:y|ies)|fibroadenomas?|gynecomastia|mammary|mammotome|lactiferous|DCIS"
    r"|(?:stereo\w*|us|ultrasound|mri?|tomo)[- ]guided (?:vacuum\w* )?cores?"
)
# A lesion of the skin over the breast is one of the trunk.
_OF_SKIN: Final = re.compile(
    r"\bskin (?:lesion |cancer )?(?:of|on|over)\b[^.;\n]{0,16}\bbreast|\bbreast skin\b|\b(?:inframammary|bcc|scc"
    r"|melanoma|nev(?:us|i)|moles?"
    r"|keratos[ei]s|(?:tangential |a )?shave (?:biops\w+|removal|excision|technique)|shaved off|(?:epidermal"
    r"|epidermoid|sebaceous|inclusion) cysts?|basal cell|squamous cell|skin tags?"
    r"|lipomas?|seb k'?s?|(?-i:SKs?|AKs?))\b",
    re.IGNORECASE,
)
_OF_BREAST: Final = words(r"lumpectom(?:y|ies)|mastectom(?:y|ies)|fibroadenomas?|gynecomastia")
_BIOPSY: Final = r"(?:biops(?:y|ies|ied)|bx'?(?:s|es)?)"
# What may stand between the imaging and the core: the needle and what drives it.
_NEEDLE: Final = r"(?:(?:\d{1,2}[- ]?(?:g|ga|gauge)|vacuum\w*|vac|vab|large|spring\w*|needle|percutaneous)[- ]){0,3}"
_GUIDED_CORE: Final = (
    rf"(?:us|u/s|ultrasound|sono\w*|stereo\w*|mri?|tomo\w*|image|imaging|palpation)[- ](?:guid\w+[- ])?{_NEEDLE}cores?"
    r"|tru(?:e)?-?[ ]?cuts?(?: needles?)?(?: cores?)?|\d{1,2}[- ]?(?:g|ga|gauge)[- ](?:\w+ )?cores?"
    r"|cores?(?: (?:of|from|in|through|thru|the|her|a|right|left|rt|lt|r|l)){1,3} breast"
)
_LESION: Final = (
    r"(?:lesions?|mass(?:es)?|lumps?|nodules?|fibroadenomas?|papillomas?|tumou?rs?|phyll?odes|calcifications?|area)"
)
_GAP: Final = r"(?:(?!\b(?:no|not|without|before|prior)\b)[^.;\n]){0,60}?"
_REMOVED: Final = (
    r"(?:took|excised|removed|resected|taken (?:out|off)|took (?:out|off)|cut (?:it |this |them |the \w+ )?out)"
)
_WHOLE_BREAST: Final = (
    r"(?:simple|total|complete|skin[- ]sparing|nipple[- ]sparing|prophylactic|risk[- ]reducing|preventive|bilateral"
    r"|double|contralateral)"
)
_A_BREAST: Final = r"(?:the |her |his )?(?:\w+ )?breast"
_DEVICE: Final = (
    r"(?:needles?|(?:hook-?)?wires?|(?:mag)?seeds?|savi scouts?|scouts?|clips?|markers?|reflectors?|device|tags?)"
)
# Each act by its words; the first that was done wins among those that would read the same words.
ACTS: Final = tuple(
    (procedure, words(pattern))
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
                r"(?:partial|segmental) mastectomy|segmental (?:resection|excision)|lumpectomy|quadrantectomy"
                r"|tylectomy|segmentectomy"
                r"|breast[- ]conserving (?:surgery"
                r"|excision)"
                rf"|segments? of (?:the )?(?:\w+ )?breast|{_REMOVED}{_GAP}\b(?:rim|cuff|margins?) of"
                r" (?:[\w.]+ ){0,6}?(?:normal|healthy|uninvolved|surrounding)"
                r"|(?:attention|care) (?:was |being )?(?:paid |given |taken )?to (?:\w+ ){0,3}(?:margins|rim|cuff)\b"
                r"|with (?:an? )?(?:\w+ )?(?:rim|cuff|margins?) of (?:[\w.]+ ){0,4}?(?:normal|healthy|uninvolved"
                r"|surrounding)"
            ),
        ),
        (
            "complete_mastectomy",
            (
                rf"(?<!modified )\(?{_WHOLE_BREAST}[)/, ]{{1,2}}(?:\(?(?!radical|partial"
                rf"|segmental)\w+(?:[- ]\w+)?[)/,]? ){{0,2}}"
                r"mastectom(?:y|ies)"
                rf"|mastectom(?:y|ies)[ ,:(-]{{1,3}}{_WHOLE_BREAST}\b"
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
                rf"(?:excis(?:ed|ion|ional)|exc'?d?|removal|removed|took(?: out)?"
                rf"|taken out)(?! of (?:the )?skin){_GAP}\b(?:breast|{_LESION})"
                rf"|{_LESION}{_GAP}\bcut (?:it |them )?out|{_LESION}{_GAP}\b(?:was|were)"
                rf" (?:excised|removed)|{_LESION}(?: (?:was|came|shelled|popped|taken|lifted|dissected))* out(?! of)"
                rf"|(?:shelled|enucleat\w+|popped|lifted|dissected)(?: out)?{_GAP}\b{_LESION}"
                rf"|excisional(?: breast)? {_BIOPSY}"
            ),
        ),
        (
            "breast_core_biopsy",
            (
                rf"(?:core|needle|vacuum|percutaneous|stereo\w*|mammotome|ultrasound|sono\w*|us|mri?|tomo\w*|image"
                rf"|imaging)[- ]?{_GAP}{_BIOPSY}"
                rf"|{_GUIDED_CORE}|(?-i:CNBs?)"
                rf"|{_BIOPSY}{_GAP}\b(?:under|with|by) (?:ultrasound|stereo\w*|mri?)|breast {_BIOPSY}"
                rf"|(?:cores?|samples) (?:were |was )?(?:taken|obtained|acquired|pulled|sent)|cores?[ \t]?[:=x][ \t]?\d"
                rf"|(?:{NUMBER}|several|multiple) (?:[\w-]+ ){{0,3}}?cores?\b|(?:cored|sampled)\b{_GAP}\bbreast"
                rf"|sampled{_GAP}\b(?:breast|{_LESION})"
                rf"|(?:breast|{_LESION}){_GAP}\bsampled|{_BIOPSY} (?:of )?(?:the |an? |her )?"
                rf"(?:\w+ )?breast"
            ),
        ),
        (
            "breast_cyst_aspiration",
            (
                rf"(?:a[sp]p[ie]rat\w*|punctur\w+|needle asp\.?|asp|drain(?:ed|age|ing)|empt(?:ied|ying)|tapped"
                rf"|needled)"
                rf"{_GAP}cysts?|cysts?{_GAP}(?:a[sp]p[ie]rat\w*|drained|emptied|punctured|tapped|needled)"
            ),
        ),
        (
            "breast_localization",
            (
                r"(?:needle|wire|seed|radioactive seed|breast|clip|marker|magseed|savi scout|reflector|scout"
                r"|tag)[- ](?:locali[sz]ation"
                r"|placement|locs?\b)|locs? of (?:the )?(?:\w+ )?breast"
                rf"|locali[sz](?:ation|ing) {_DEVICE}|{_DEVICE}{_GAP}\b(?:placed|inserted|deployed|put|passed"
                rf"|left) ?(?:in)?"
                rf"|(?:put|plac(?:ed|ement of|ing)|insert(?:ed|ion of)|deploy(?:ed|ment of)|dropped|passed|introduced)"
                rf" (?:in )?(?:an? |the |{NUMBER} |both )?(?:[\w-]+ ){{0,3}}?(?:[\w]+-)?{_DEVICE}"
            ),
        ),
    )
)
# "Papilloma of the right breast. Excised, no margins": the lesion and what was done stand in sentences of their own.
_NAMED: Final = words(_LESION)
_EXCISED: Final = words(r"excised|excision|enucleated|shelled out")
# An act covers what is part of it: the clip of a core biopsy, the sample of an excision.
_COVERS: Final = {
    "breast_core_biopsy": {"breast_localization", "breast_cyst_aspiration"},
    "breast_open_biopsy": {"breast_localization", "breast_core_biopsy"},
    "breast_lesion_excision": {"breast_localization", "breast_core_biopsy"},
    "breast_cyst_aspiration": {"breast_localization"},
}
_EXCISIONS: Final = frozenset(name for name, _ in ACTS[:9]) | {"breast_lesion_excision"}
_MARKED: Final = words(
    r"(?:wires?|(?:needle|clip|radiolog\w+(?: marker)?)[- ]?(?:locali[sz]ed|locali[sz]ation|guided|directed)"
    r"|locali[sz]ed (?:by|with) (?:an? )?(?:needle|clip|marker)|(?:radar |magnetic |radioactive |iodine "
    r"|reflector )?seeds?"
    r"|magseeds?|reflectors?|savi(?: scout)?|locali[sz]ers?|(?:marker|clip) (?:by radiology|preop\w*)"
    r"|pre-?op\w* (?:placed |placement of (?:an? )?)?(?:marker|localiz\w+)|radiolog\w+ markers?)(?:[- ](?:locali[sz]ed"
    r"|locali[sz]ation|guided|directed|placed|in place))?"
)
_UNMARKED: Final = words(
    r"(?:no|without(?: an?)?|not) (?:wire|marker|seed|needle|radiologic\w* marker|preop\w* locali[sz]ation"
    r"|locali[sz]\w+)"
    r"|(?<!non-)(?<!not )(?<!non)palpable(?: \w+)?"
)
# An operation that the letter names only to say what came before it.
_AHEAD_OF: Final = re.compile(
    r"\b(?:before|prior to|ahead of|in preparation for|pending|awaiting)[ \t]"
    r"(?:(?:the|her|his|a|an|planned|\w+'s)[ \t]){0,2}$",
    re.IGNORECASE,
)
_BY_OTHERS: Final = re.compile(
    r"[^.;,\n)]{0,32}\b(?:elsewhere|outside (?:hospital|facility)|at another)\b", re.IGNORECASE
)


def meant(text: str) -> bool:
    """Tell whether a letter is about the breast itself and not about the skin over it."""
    return bool(_BREAST.search(text)) and (bool(_OF_BREAST.search(text)) or not _OF_SKIN.search(text))


def read(text: str, sentences: Sentences, aside: Aside) -> tuple[Subject, ...]:  # noqa: C901 - one act after another
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
    subjects: list[Subject] = []
    for procedure, span in found.items():
        facts = [Fact("procedure", procedure, span)]
        facts += breast_nodes.read(text, sentences, aside) if "mastectomy" in procedure else []
        facts += _marker(text, sentences, aside) if procedure == "breast_lesion_excision" else []
        groups = breast_lesions.read(text, sentences, aside, span)
        if procedure not in _GUIDED:
            count = groups[0].counts if procedure not in _EXCISIONS or procedure in _ONE_BY_ONE else ()
            sides = breast_sides.read(text, sentences, aside)
            subjects += breast_nodes.by_side(text, [*facts, *count], sides)
            continue
        for group in groups:
            own = [*facts, *([group.guidance] if group.guidance else []), *group.counts]
            subjects.append(Subject("procedure", _sided(own, group.sides)))
    return tuple(subjects)


def _sided(facts: Sequence[Fact], sides: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts with the side; a needle in each breast makes two lesions and no 50."""
    if not any(fact.value == "bilateral" for fact in sides):
        return (*facts, *sides)
    return tuple(
        Fact(fact.name, 2, fact.span) if fact.name == "lesion_count" and fact.value == 1 else fact for fact in facts
    )


_GUIDED: Final = frozenset({"breast_core_biopsy", "breast_localization"})
_ONE_BY_ONE: Final = frozenset({"breast_lesion_excision", "fibroadenoma_cryoablation"})


def _acts(text: str, sentences: Sentences, aside: Aside) -> Iterator[tuple[str, Span]]:
    done = list(_acts_done(text, sentences, aside, ahead=False)) or list(_acts_done(text, sentences, aside, ahead=True))
    span = None if done or not _NAMED.search(text) else breast_told.told(text, sentences, aside, _EXCISED)
    yield from [("breast_lesion_excision", span)] if span else done


def _acts_done(text: str, sentences: Sentences, aside: Aside, *, ahead: bool) -> Iterator[tuple[str, Span]]:
    """Yield the acts that were done; `ahead` takes those, too, that the letter names as what came later."""
    taken: list[Span] = []
    for procedure, pattern in ACTS:
        for match in pattern.finditer(text):
            if aside.holds(match.start()) or any(match.start() < one.end and one.start < match.end() for one in taken):
                continue
            if graft_tissue.filled_after(text, match.start()):
                continue
            later = _AHEAD_OF.search(text, max(0, match.start() - 32), match.start())
            if _BY_OTHERS.match(text, match.end()) or (later and not ahead):
                continue
            # A wire that may have been put in is asked for, and is no act.
            sure = procedure == "breast_localization"
            meant = status(sentences, match.start(), match.end(), act=True)
            if meant is Status.AFFIRMED or (meant is Status.UNCERTAIN and not sure):
                taken.append(Span(*match.span()))
                yield procedure, Span(*match.span())
                break


def _marker(text: str, sentences: Sentences, aside: Aside) -> list[Fact]:
    if breast_told.weighed(sentences, _MARKED):
        return []
    if span := breast_told.denied(text, sentences, aside, _UNMARKED):
        return [Fact("radiologic_marker", False, span)]
    span = breast_told.told(text, sentences, aside, _MARKED, earlier=True)
    return [Fact("radiologic_marker", True, span)] if span else []
