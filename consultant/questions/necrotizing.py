"""Read necrotizing soft-tissue infections: the infection, the region that was debrided, and mesh that came out."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.questions import findings
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sites import Site

_NECROTIZING: Final = re.compile(
    r"\b(?:necroti[sz]ing (?:fas[ck]iitis|soft[ -]tissue (?:infections?|disease)|infections?"
    r"|cellulitis|myositis|wounds?)|(?-i:NSTIs?)|(?-i:NF)"
    r"(?= (?:of|in|right|left|rt|lt|[RL]|abd\w*|perine\w*|scrot\w*|thigh|leg|arm)\b)"
    r"|nec(?:ro(?:ti[sz]ing)?)?\.?[ \t]?(?:soft[ -]tissue |s\.?t\.? )?inf(?:ection|xn|x)?s?\b"
    r"|nec fas[ck]\w{0,5}|necrotic fas[ck]iitis|fournier'?s?(?: gangrene)?|gas gangrene|necroti[sz]ing)\b",
    re.IGNORECASE,
)
_CORE: Final = (
    (
        "genitalia_perineum",
        re.compile(
            r"\b(?:perineum|perineal|genital(?:ia|s)?|scrot(?:um|al)|peni(?:s|le)|vulvar?|labia(?:l)?"
            r"|perirectal|perianal|testic\w{2,5}"
            r"|fournier'?s?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "abdominal_wall",
        re.compile(
            (
                r"\b(?:(?:anterior |lower |lateral )?abdom(?:en|inal)(?: wall)?|abd(?:ominal)? wall|flank"
                r"|suprapubic|pannus)\b"
            ),
            re.IGNORECASE,
        ),
    ),
)
_NOT_REGION: Final = re.compile(
    r"[ \t](?:surger|pain|hysterectomy|ct\b|approach|hernia|incision|mesh|compartment|x-?ray|exam)"
    r"|(?:[ \t]?(?:\+|&|/|,|and|or)[ \t]?(?:the[ \t])?(?:perineum|genital\w*|scrotum|penis|vulva|labia|groins?|flanks?"
    r"|anus|rectum)){1,3}[ \t,:(-]{1,3}(?:(?:was|were|are|both|all)[ \t]){0,2}(?:fine|ok(?:ay)?|clean|spared|clear"
    r"|normal|uninvolved|unaffected|healthy|intact|not (?:involved|affected|touched))\b"
    r"|[ \t,:(-]{1,3}(?:(?:was|were|is|are|itself|looked|appeared|remained|all|entirely|completely"
    r"|skin) ){0,3}(?:clean|spared"
    r"|clear|healthy|viable|normal|soft|intact|benign|uninvolved|unaffected|unremarkable|ok(?:ay)?\b|fine|free of"
    r"|not (?:involved|affected|touched|debrided|included)|untouched)",
    re.IGNORECASE,
)
_MESH_CUE: Final = re.compile(r"\b(?:mesh|prosthetic material|prosthesis)\b", re.IGNORECASE)


def read(text: str, sentences: Sentences) -> list[Fact]:
    """Return what the letter says of a necrotizing infection and of mesh; nothing where it speaks of neither."""
    mesh = [mention.fact for mention in findings.find(findings.MESH, text, sentences)] if _MESH_CUE.search(text) else []
    return [*_first(list(_infection(text, sentences))), *_once(mesh)]


def region(text: str, sentences: Sentences, places: Sequence[Site]) -> Iterator[Fact]:
    """Yield the region of a debridement, and the first site beside the regions that have codes of their own."""
    regions = list(_regions(text, sentences))
    names = {name for name, _ in regions}
    if len(names) > 1:
        yield Fact("region", "both", regions[-1][1])
    elif regions:
        yield Fact("region", regions[0][0], regions[0][1])
    for site in [site for site in places if not any(p.search(site.word) for _, p in _CORE)][:1]:
        if not regions:
            yield Fact("region", "other", Span(site.start, site.end))
        yield from of_site(site)


def of_site(site: Site) -> Iterator[Fact]:
    """Yield the site and its side as facts."""
    yield Fact("site", site.word, Span(site.start, site.end))
    if site.side:
        yield Fact("laterality", site.side, Span(site.side_start, site.side_end))


def _infection(text: str, sentences: Sentences) -> Iterator[Fact]:
    for match in _NECROTIZING.finditer(text):
        meant = status(sentences, match.start(), match.end(), act=False)
        if meant is Status.NEGATED:
            yield Fact("necrotizing_infection", False, Span(*match.span()))
        elif meant is not Status.HISTORICAL:
            yield Fact("necrotizing_infection", True, Span(*match.span()), meant is not Status.UNCERTAIN)


def _first(facts: list[Fact]) -> list[Fact]:
    """Return the fact to believe: affirmed before denied, certain before not."""
    return sorted(facts, key=lambda fact: (not fact.value, not fact.certain, fact.span.start))[:1]


def _regions(text: str, sentences: Sentences) -> Iterator[tuple[str, Span]]:
    for name, pattern in _CORE:
        for match in pattern.finditer(text):
            if _NOT_REGION.match(text, match.end()):
                continue
            if status(sentences, match.start(), match.end(), act=False) not in (Status.NEGATED, Status.HISTORICAL):
                yield name, Span(*match.span())


def _once(facts: list[Fact]) -> Iterator[Fact]:
    """Yield one fact of each name; an explicit denial stands before an affirmation that contains its words."""
    for name in ("mesh_removed", "mesh_infected"):
        yield from [fact for fact in facts if fact.name == name][:1]
