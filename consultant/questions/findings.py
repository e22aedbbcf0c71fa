"""The tables of what a letter says of a lesion or a wound: words to values, one row for each way to say it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status


@dataclass(frozen=True, slots=True)
class Row:
    """One way to say a fact: the group `v` is the word that the span points at, or the whole match without it."""

    name: str
    value: str | bool
    pattern: re.Pattern[str]
    act: bool = False
    """True for things done, whose past and plan are no facts; False for findings."""
    rank: int = 1
    """Where several values of one fact stand, the lowest rank wins: a report before a clinical impression."""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact with its rank and whether it was only a common noun."""

    fact: Fact
    rank: int


_Value = str | bool


def _row(name: str, value: _Value, pattern: str, *, act: bool = False, rank: int = 1, certain: bool = True) -> Row:
    return Row(name, value, re.compile(pattern, re.IGNORECASE), act, rank, certain)


_PATH: Final = r"\b(?:path(?:ology)?|bx|biopsy|histo(?:logy)?|report|results?|derm ?path)\b[^.;\n]{0,40}?\b"
# "Benign or malignant?" and "a benign code" ask for the pathology and do not tell it.
_ON_PATH: Final = r"\b(?=,? (?:on|per|by|in|from) (?:the )?(?:final )?(?:path|histo|bx|biops|derm ?path|report))"
_NO_CODE_NAME: Final = (
    r"(?!,? (?:or|vs\.?|versus) (?:a )?(?:malignant|benign)\b)"
    r"(?! (?:lesion )?(?:excision )?(?:codes?|cpt|series|category)\b)"
)
PATHOLOGY: Final[tuple[Row, ...]] = (
    _row("pathology", "in_situ", _PATH + r"(?P<v>in[ -]situ|bowen'?s?|lentigo maligna|mis|scc ?is)\b", rank=0),
    _row("pathology", "uncertain", _PATH + r"(?P<v>uncertain behaviou?r|dysplastic|atypical|atypia|spitz)\b", rank=0),
    _row(
        "pathology",
        "malignant",
        _PATH + r"(?P<v>malignan(?:t|cy)|(?:bcc|scc|melanoma)(?! in[ -]situ| ?is\b)|basal cell"
        r"|squamous cell(?! carcinoma in[ -]situ)|carcinoma(?! in[ -]situ)|cancer)\b",
        rank=0,
    ),
    _row(
        "pathology",
        "benign",
        _PATH + r"(?P<v>benign|(?<!dysplastic )(?<!atypical )nevus|seborrheic|cyst|fibroma|lipoma)\b",
        rank=0,
    ),
    *(
        _row("pathology", value, rf"\b(?P<v>{words})" + _ON_PATH, rank=0)
        for value, words in (
            ("in_situ", r"(?:melanoma |scc )?in[ -]situ|bowen'?s?|lentigo maligna"),
            ("uncertain", r"dysplastic(?: nev(?:us|i))?|atypical(?: nev(?:us|i))?|atypia"),
            ("malignant", r"malignan(?:t|cy)|bccs?|sccs?|melanomas?|carcinomas?|cancer"),
            ("benign", r"benign|(?<!dysplastic )(?<!atypical )nev(?:us|i)|cysts?|lipomas?|verrucas?"),
        )
    ),
    _row(
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
    _row("pathology", "unspecified", r"\b(?P<v>unspecified behaviou?r)\b"),
    _row(
        "pathology",
        "uncertain",
        (
            r"\b(?P<v>uncertain behaviou?r|dysplastic nev(?:us|i)|atypical nev(?:us|i)|atypical mole"
            r"|spitz nevus|(?-i:DN))\b"
        ),
    ),
    _row(
        "pathology",
        "in_situ",
        r"\b(?P<v>(?:melanoma|scc|squamous cell(?: carcinoma)?|carcinoma)[ -]in[ -]situ|in[ -]situ"
        r"|bowen'?s?(?: disease)?|lentigo maligna"
        r"|(?-i:MIS|SCCIS|SCCis))\b",
    ),
    _row(
        "pathology",
        "malignant",
        r"\b(?P<v>(?<!benign or )(?<!benign vs )malignan(?:t|cy)"
        + _NO_CODE_NAME
        + r"|(?:superficial |nodular |infiltrative )?(?:bcc|scc)s?(?! in[ -]situ"
        r"| ?is\b)|basal cells?(?: carcinomas?| ca\b)?"
        r"|squamous cell(?: carcinoma| ca\b)?(?! in[ -]situ)|melanomas?(?! in[ -]situ)"
        r"|merkel cell(?: carcinoma)?|carcinoma(?! in[ -]situ)"
        r"|skin cancer|cancer(?:ous)?|dfsp|sarcoma|(?-i:MM))\b(?! specialist)",
    ),
    _row(
        "pathology",
        "benign",
        r"(?<!malignant or )(?<!malignant vs )\b(?P<v>benign|non-?malignant|non-?cancerous)\b" + _NO_CODE_NAME,
    ),
    _row(
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
    _row("pathology", "benign", r"\b(?P<v>moles?)\b", rank=3, certain=False),
)
TECHNIQUE: Final[tuple[Row, ...]] = (
    _row("technique", "mohs", r"\bmohs\b", act=True, rank=0),
    _row("technique", "shave", r"\b(?:shaved?|shaving|saucerized?|shave removal)\b(?! biops| bx)", act=True),
    _row(
        "technique",
        "biopsy",
        r"\b(?:(?:punch|shave|tangential|incisional|excisional) )?(?:biops(?:y|ies|ied)"
        r"|bx'?d?)\b(?![ -]?(?:proven|confirmed|showed|report|results?|path"
        r"|was (?:bcc|scc|positive)|site|came))",
        act=True,
        rank=2,
    ),
    _row(
        "technique",
        "destruction",
        r"\b(?:destruction|destroyed|cryo(?:therapy|surgery|ed)?|ln2|liquid nitrogen|froze|frozen off"
        r"|electrodesiccat\w{1,4}|ed ?& ?c|edc"
        r"|curett(?:ed|age)|laser(?:ed)? ablat\w{1,4}|ablated)\b",
        act=True,
    ),
    _row("technique", "debridement", r"\bdebrid(?:ed|ement|ing)\b", act=True, rank=3),
    _row(
        "technique",
        "excision",
        r"\b(?:(?:re-?)?excis(?:ed|ion|ing|e)|(?:re-?)?exc'?d?|wide local|wle|elliptical|ellipse|cut out)\b",
        act=True,
    ),
)
_CLOSING: Final = r"(?:repair(?:ed|s)?|clos(?:ures?|ed|ing)|sutur(?:e|ed|es|ing))"
_ALONE: Final = r"(?=[ \t]*(?:[.,;\n)]|$))"
_IS: Final = r"(?:[ \t]{0,2}[:=(-][ \t]{0,2}|[ \t](?:was |is |as |were )?(?:a )?)"
CLOSURE: Final[tuple[Row, ...]] = (
    _row(
        "closure_class",
        "adjacent_tissue_transfer",
        r"\b(?:adjacent tissue (?:transfer|rearrangement)|(?-i:ATT)|(?:rotation|advancement|transposition|rhomb\w{2,4}"
        r"|bilobed?|island|local|keystone|v-?y) flaps?|flap (?:closure|repair)|z-?plasty|w-?plasty)\b",
        act=True,
    ),
    _row(
        "closure_class",
        "graft",
        r"\b(?:(?:full|split)[ -]thickness (?:skin )?graft|ftsg|stsg|skin graft(?:ed)?)\b",
        act=True,
    ),
    _row(
        "closure_class",
        "complex",
        rf"\bcomplex(?:ly)?(?: linear| layered| wound)? {_CLOSING}|\b{_CLOSING}{_IS}complex\b"
        r"|\bcomplex(?= (?:at |of )?\d)|(?<=[,;=:] )complex" + _ALONE,
        act=True,
    ),
    _row(
        "closure_class",
        "intermediate",
        rf"\bintermediate(?: layered| wound| linear)?(?: {_CLOSING})?\b(?! care| level| mdm)|\b(?:layered"
        rf"|two[ -]layer(?:ed)?|2[ -]layer(?:ed)?|multi-?layer(?:ed)?)"
        rf"(?: {_CLOSING})?\b|\b{_CLOSING} in (?:two |2 |multiple )?layers|\bin layers\b"
        rf"|\bdeep (?:dermal )?(?:sutures|stitches|vicryl)"
        r"|(?<!single )(?<!single-)(?<!one )(?<!one-)(?<!1 )(?<!1-)\blayer(?:ed)? closure\b",
        act=True,
    ),
    _row(
        "closure_class",
        "simple",
        rf"\bsimple(?: linear| one[ -]layer| single[ -]layer)? {_CLOSING}|\bsingle[ -]layer|\bone[ -]layer"
        rf"|\b{_CLOSING}{_IS}simpl[ey]\b"
        r"|\b(?:steri-?strips?|dermabond|tissue adhesive)\b|(?<=[,;=:] )simple" + _ALONE,
        act=True,
    ),
    _row(
        "closure_class",
        "none",
        (
            r"\b(?:left open|secondary intent(?:ion)?|second intent(?:ion)?|granulate in|(?:no|without"
            r"|w/o) (?:closure|repair|sutures?)|not closed|not sutured)\b"
        ),
        act=True,
    ),
)
DEPTH: Final[tuple[Row, ...]] = (
    _row("depth", "bone", r"\b(?:bone|periosteum|osseous)\b", act=True, rank=0),
    _row("depth", "muscle", r"\b(?:muscles?|muscular|submuscular|tendon)\b", act=True, rank=1),
    _row("depth", "fascia", r"\b(?:(?:sub)?fascial?)\b", act=True, rank=2),
    _row(
        "depth",
        "subcutaneous",
        (
            r"\b(?:subcutaneous(?:ly)?|sub-?q|subcu|adipose|fat)\b(?! (?:sutures?|closure|stitch\w*"
            r"|layer (?:was )?closed|vicryl|tissues? (?:was |were )?(?:closed|approximated)))"
        ),
        act=True,
        rank=3,
    ),
    _row(
        "depth",
        "skin",
        (
            r"\b(?:full[ -]thickness(?: (?:of|through)(?: the)? (?:skin|dermis))?(?! (?:skin )?graft)"
            r"|through (?:the )?dermis|epidermis|dermis|dermal only|skin only)\b"
        ),
        act=True,
        rank=4,
    ),
)
RE_EXCISION: Final = _row(
    "re_excision",
    True,
    r"\b(?:re-?\s?excis(?:ed|ion|ions|e|ing)|wider excision|re-exc|excised again|positive margins?)\b",
    act=False,
)
MESH: Final[tuple[Row, ...]] = (
    _row(
        "mesh_removed",
        False,
        r"\bmesh\b[^.;\n]{0,48}?\b(?:left in (?:place|situ)|not (?:removed|explanted|excised)|kept|retained|intact)\b"
        r"|\bmesh\b[^.;\n]{0,48}?\b(?:was|were|is) left(?: (?:alone|behind|there))?(?=[ \t]*(?:[.,;\n)]|$))"
        r"|\bno mesh\b|\bwithout (?:mesh removal|removing (?:the )?mesh|removal of (?:the )?mesh)\b",
    ),
    _row(
        "mesh_removed",
        True,
        r"\b(?:remov(?:al|ed|ing)|explant(?:ed|ation)?|excis(?:ed|ion)|took out|taken out)(?: of)?(?: the"
        r"| an?| his| her| all)?(?: (?:infected|prosthetic|old|non-?infected|exposed|hernia|abdominal"
        r"|wall))*"
        r" (?:mesh|prosthetic material|prosthesis)\b|\b(?:mesh"
        r"|prosthetic material)(?: \w+){0,3}? (?:remov(?:al|ed)|explant(?:ed|ation)?|excised|taken out"
        r"|came out|out)\b",
        act=True,
        rank=2,
    ),
    _row(
        "mesh_infected",
        False,
        (
            r"\b(?:non-?infected|uninfected|not infected|clean) (?:\w+ )?(?:mesh|prosthetic)\b"
            r"|\bmesh (?:\w+ ){0,5}?(?:not infected|uninfected|wasn'?t infected|clean)\b"
        ),
    ),
    _row(
        "mesh_infected",
        True,
        (
            r"\b(?<!non-)(?<!non)infected (?:\w+ ){0,2}(?:mesh|prosthetic|prosthesis)\b|\b(?:mesh"
            r"|prosthetic material) (?:was |is |also |that was )?infected\b|\bmesh infection\b"
            r"|\bmesh\b[^.;\n]{0,24}?\b(?:b/c(?: of)?|because of|due to|d/t|2/2|secondary to|for)"
            r" (?:an? |the )?infection\b"
        ),
        rank=2,
    ),
)


# "Bill it as benign for now, or as malignant" weighs what to report and tells no finding.
_WEIGHED: Final = re.compile(
    r"\b(?:bill|code|coded|claim|submit|report(?! (?:came|reads|says|shows))|charge)\b[^.?;\n]{0,20}\bas(?: an?)?[ \t]$"
    r"|\bor[ \t]as(?: an?)?[ \t]$",
    re.IGNORECASE,
)


def find(rows: tuple[Row, ...], text: str, sentences: Sentences) -> Iterator[Mention]:
    """Yield every fact that the text affirms or thinks likely; denied, past and planned ones are left out."""
    taken: set[tuple[str, int]] = set()
    for row in rows:
        for match in row.pattern.finditer(text):
            start, end = match.span("v" if "v" in row.pattern.groupindex else 0)
            if (row.name, start) in taken or (row.name, end) in taken:
                continue
            taken |= {(row.name, start), (row.name, end)}
            if row.name == "pathology" and _WEIGHED.search(text, max(0, start - 48), start):
                continue
            meant = (
                Status.AFFIRMED
                if row.value in (False, "none", "pending")
                else status(sentences, start, end, act=row.act)
            )
            if meant in (Status.AFFIRMED, Status.UNCERTAIN):
                certain = row.certain and meant is Status.AFFIRMED
                yield Mention(Fact(row.name, row.value, Span(start, end), certain), row.rank)
