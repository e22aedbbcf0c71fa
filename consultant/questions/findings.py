"""The tables of what a letter says of a lesion or a wound: words to values, one row for each way to say it."""

import re
from collections.abc import Callable, Iterator
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
    barred: Callable[[str, int, int], bool] | None = None
    """Tells of a place (text, start, end) whether the words there ask for the fact instead of telling it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact with its rank and whether it was only a common noun."""

    fact: Fact
    rank: int


_Value = str | bool


def row(
    name: str,
    value: _Value,
    pattern: str,
    *,
    act: bool = False,
    rank: int = 1,
    certain: bool = True,
    barred: Callable[[str, int, int], bool] | None = None,
) -> Row:
    """Return a row whose pattern reads without case."""
    return Row(name, value, re.compile(pattern, re.IGNORECASE), act, rank, certain, barred)


_CLOSING: Final = r"(?:repair(?:ed|s)?|clos(?:ures?|ed|ing)|sutur(?:e|ed|es|ing))"
_ALONE: Final = r"(?=[ \t]*(?:[.,;\n)|]|$))"
_IS: Final = r"(?:[ \t]{0,2}[:=(-][ \t]{0,2}|[ \t](?:was |is |as |were )?(?:a )?)"
_THREAD: Final = r"(?:vicryl|monocryl|pds|dexon|chromic|maxon|polysorb|absorbables?)"
# A thread that lies deep, or a deep layer that was closed, makes two layers.
_DEEP_STITCH: Final = (
    r"\b(?:deep|buried|dermal|sub-?cut\w*|sub-?q|subdermal|fat)(?:[ \t](?:dermal|dermis|layers?|absorbable|interrupted"
    r"|inverted|running|stitch\w*|was|were|with|w/?|using|of|\d-0|closed|approximated|re-?approximated|repaired"
    r"|sutures?|tissues?|x[ ]?\d+|buried)){0,7}[ \t](?:\d-0[ \t])?" + _THREAD + r"\b"
    r"|\b"
    + _THREAD
    + r"(?:[ \t]sutures?)?(?:[ \t]x[ ]?\d+)?,?[ \t](?:(?:was[ \t]|were[ \t])?(?:placed[ \t])?(?:to|in|for"
    r"|into|at)[ \t](?:the[ \t])?)?(?:deep|below|beneath|underneath|fat|sub-?q|sub-?cu\w*|dermis|dermal|fascia)\b"
    r"|\b(?:deep|dermal|subcutaneous|fat)[ \t](?:layers?|dermis)[ \t](?:was[ \t]|were[ \t])?(?:then[ \t])?(?:closed"
    r"|approximated|re-?approximated|sutured|repaired)\b"
)
# "Second intention, linear closure and graft were talked through": ways to close that were weighed are none of them.
_NOT_WEIGHED: Final = (
    r"(?<!options of )(?<!options include )(?<!options: )(?<!options were )(?<!discussed )(?<!offered )"
    r"(?![^.;\n]{0,90}\b(?:(?:were|was) (?:talked|discussed|reviewed|considered|offered|weighed)|vs\.?|versus"
    r"|declined)\b)"
)
_LEFT_OPEN: Final = (
    r"\b(?:left open|(?:left|allowed) to (?:heal|granulate)|secondary intent(?:ion)?|second intent(?:ion)?"
    r"|granulate in|(?:no|without|w/o) (?:closure|repair|sutures?)|not closed|not sutured)\b"
)
# "Took the cancer in one layer": a layer of Mohs surgery that was cut out, and no closure.
_CUT_LAYER: Final = re.compile(
    r"\b(?:took|taken|remov\w+|excis\w+|clear(?:ed)?|resect\w+|mohs|margins?|free|negative|done|finished|completed?)\b"
    r"(?:(?!\bclos|\bsutur|\brepair|\bsew)[^.;\n]){0,60}\b(?:in|after|with|by|on)[ \t](?:the[ \t]|only[ \t]"
    r"|just[ \t])?$",
    re.IGNORECASE,
)


def _no_closure(text: str, start: int, _end: int) -> bool:
    return bool(
        re.match(r"(?:one|single)", text[start:], re.IGNORECASE) and _CUT_LAYER.search(text, max(0, start - 96), start)
    )


CLOSURE: Final[tuple[Row, ...]] = (
    row(
        "closure_class",
        "adjacent_tissue_transfer",
        r"\b(?:adjacent tissue (?:transfer|rearrangement)|(?-i:ATT)|(?:rotation|advancement|transposition|rhomb\w{2,4}"
        r"|bilobed?|island|local|keystone|v-?y) flaps?|limberg|dufourmentel|flap (?:closure|repair)|z-?plasty|w-?plasty"
        r"|o-to-[tzlus]|a-to-t|(?-i:O to [TZLUS]|A to T)|[oa](?:[- ]to[- ]|-)[tzlus][ -](?:flap|plasty|closure"
        r"|advancement|rotation|repair)s?"
        r"|[vy](?:[- ]to[- ]|-)[vy](?:[ -](?:flap|plasty|closure|advancement|repair)s?))\b",
        act=True,
    ),
    row(
        "closure_class",
        "graft",
        r"\b(?:(?:full|split)[ -]thickness (?:skin )?graft|ftsg|stsg|(?<!fish )(?<!pig )(?<!porcine )(?<!bovine )"
        r"(?<!cadaver )(?<!cadaveric )(?<!biologic )(?<!biological )(?<!donor )(?<!artificial )skin graft(?:ed)?)\b",
        act=True,
    ),
    row(
        "closure_class",
        "complex",
        rf"\bcomplex(?:ly)?(?: linear| layered| wound)? {_CLOSING}|\b{_CLOSING}{_IS}complex\b"
        r"|\bcomplex(?= (?:at |of )?\d)|\b(?:all|both|each) (?:were |are |was )?complex\b|(?<=[,;=:|(–-] )complex"
        + _ALONE,
        act=True,
    ),
    row(
        "closure_class",
        "intermediate",
        rf"\bintermediate(?: layered| wound| linear)?(?: {_CLOSING})?\b(?! care| level| mdm)|\b(?:layered"
        rf"|two[ -]layer(?:ed)?|2[ -]layer(?:ed)?|multi-?layer(?:ed)?)"
        rf"(?: {_CLOSING})?\b|\b{_CLOSING} in (?:two |2 |multiple )?layers|\bin layers\b"
        rf"|{_DEEP_STITCH}"
        rf"|\bdeep (?:dermal )?(?:sutures|stitches|vicryl)|\b(?:all|both|each) (?:were |are |was )?intermediate\b"
        r"|(?<=[,;=:(–-] )intermediate(?=[ \t]*(?:[.,;\n)]|$))"
        r"|(?<!single )(?<!single-)(?<!one )(?<!one-)(?<!1 )(?<!1-)\blayer(?:ed)? closure\b",
        act=True,
    ),
    row(
        "closure_class",
        "simple",
        rf"\bsimple(?: linear| one[ -]layer| single[ -]layer)? {_CLOSING}|\bsingle[ -]layer|\bone[ -]layer"
        rf"|\b{_CLOSING}{_IS}simpl[ey]\b"
        r"|\b(?:just|only)(?: the)? skin\b(?=[^.;\n]{0,32}(?:\d-0|nylon|prolene|ethilon|sutur|stitch|clos|staple|gut))"
        r"|\bskin[ -](?:layer |closure |sutures? )?only\b|\b(?:superficial|skin) layer only\b"
        r"|\bloosely (?:approximated|closed)\b"
        r"|\b(?:all|both|each)(?: (?:three|four|five|of them))?(?: (?:were|are|was|closed|sutured))* simple\b"
        r"(?! (?:interrupted|running))"
        r"|\b(?:steri-?strips?|dermabond|tissue adhesive)\b|(?<=[,;=:|(–-] )simple" + _ALONE,
        act=True,
        barred=_no_closure,
    ),
    row(
        "closure_class",
        "none",
        # What is looked for goes first: the words around it are only asked after where it stands.
        rf"(?={_LEFT_OPEN}){_NOT_WEIGHED}{_LEFT_OPEN}",
        act=True,
    ),
)
DEPTH: Final[tuple[Row, ...]] = (
    row("depth", "bone", r"\b(?:bone|periosteum|osseous)\b", act=True, rank=0),
    row("depth", "muscle", r"\b(?:muscles?|muscular|submuscular|tendon)\b", act=True, rank=1),
    row("depth", "fascia", r"\b(?:(?:sub)?fascial?)\b", act=True, rank=2),
    row(
        "depth",
        "subcutaneous",
        (
            r"\b(?:subcut(?:aneous(?:ly)?)?|sub[- ]?q|subcu|adipose|fat)\b(?! (?:sutures?|closure|stitch\w*"
            r"|layer (?:was )?closed|vicryl|tissues? (?:was |were )?(?:closed|approximated)))"
        ),
        act=True,
        rank=3,
    ),
    row(
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
MESH: Final[tuple[Row, ...]] = (
    row(
        "mesh_removed",
        False,
        r"\bmesh\b[^.;\n]{0,48}?\b(?:left in (?:place|situ)|not (?:removed|explanted|excised)|kept|retained|intact)\b"
        r"|\bmesh\b[^.;\n]{0,48}?\b(?:was|were|is) left(?: (?:alone|behind|there))?(?=[ \t]*(?:[.,;\n)]|$))"
        r"|\bno mesh\b|\bwithout (?:mesh removal|removing (?:the )?mesh|removal of (?:the )?mesh)\b",
    ),
    row(
        "mesh_removed",
        True,
        r"\b(?:remov(?:al|ed|ing)|explant(?:ed|ation)?|excis(?:ed|ion)|took out|taken out)(?: of)?(?: the"
        r"| an?| his| her| all)?(?: (?:infected|prosthetic|old|non-?infected|exposed|hernia|abdominal"
        r"|wall))*"
        r" (?:mesh|prosthetic material|prosthesis)\b|\b(?:mesh"
        r"|prosthetic material)(?: \w+){0,3}? (?:remov(?:al|ed)|explant(?:ed|ation)?|excised|taken out"
        r"|came out|out)\b"
        # The mesh is named first, and "it" was taken out: "mesh from the old repair. It was infected, we explanted it".
        r"|\bmesh\b[^;\n]{0,90}?\b(?:explant(?:ed|ing)|remov(?:ed|ing)|took|taking)[ \t]it(?:[ \t]out)?\b",
        act=True,
        rank=2,
    ),
    row(
        "mesh_infected",
        False,
        (
            r"\b(?:non-?infected|uninfected|not infected|clean) (?:\w+ )?(?:mesh|prosthetic)\b"
            r"|\bmesh (?:\w+ ){0,5}?(?:not infected|uninfected|wasn'?t infected|clean)\b"
        ),
    ),
    row(
        "mesh_infected",
        True,
        (
            r"\bmesh\b[^.;\n]{0,60}[.;,] (?:it|this|which) (?:was|is|looked) infected\b"
            r"|\b(?<!non-)(?<!non)infected (?:\w+ ){0,2}(?:mesh|prosthetic|prosthesis)\b|\b(?:mesh"
            r"|prosthetic material) (?:was |is |also |that was )?infected\b|\bmesh infection\b"
            r"|\bmesh\b[^.;\n]{0,24}?\b(?:b/c(?: of)?|because of|due to|d/t|2/2|secondary to|for)"
            r" (?:an? |the )?infection\b"
        ),
        rank=2,
    ),
)


def find(rows: tuple[Row, ...], text: str, sentences: Sentences) -> Iterator[Mention]:
    """Yield every fact that the text affirms or thinks likely; denied, past and planned ones are left out."""
    taken: set[tuple[str, int]] = set()
    for way in rows:
        for match in way.pattern.finditer(text):
            start, end = match.span("v" if "v" in way.pattern.groupindex else 0)
            if (way.name, start) in taken or (way.name, end) in taken:
                continue
            taken |= {(way.name, start), (way.name, end)}
            if way.barred is not None and way.barred(text, start, end):
                continue
            meant = (
                Status.AFFIRMED
                if way.value in (False, "none", "pending")
                else status(sentences, start, end, act=way.act)
            )
            if meant in (Status.AFFIRMED, Status.UNCERTAIN):
                certain = way.certain and meant is Status.AFFIRMED
                yield Mention(Fact(way.name, way.value, Span(start, end), certain), way.rank)
