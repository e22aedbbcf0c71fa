"""Read debrided wounds: necrotizing soft-tissue infections by region, others by site, depth and area."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from consultant.questions import findings, sites
from consultant.questions.findings import Mention
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sizes import Measure, Role
from consultant.questions.vocabulary import Vocabulary

_NECROTIZING: Final = re.compile(
    r"\b(?:necroti[sz]ing (?:fas[ck]iitis|soft[ -]tissue (?:infections?|disease)|infections?"
    r"|cellulitis|myositis|wounds?)|(?-i:NSTIs?)|(?-i:NF)"
    r"(?= (?:of|in|right|left|rt|lt|[RL]|abd\w*|perine\w*|scrot\w*|thigh|leg|arm)\b)"
    r"|nec(?:ro(?:ti[sz]ing)?)?\.?[ \t]?(?:soft[ -]tissue |s\.?t\.? )?inf(?:ection|xn|x)?s?\b"
    r"|nec(?:rotic)? fas[ck]\w{0,5}|fournier'?s?(?: gangrene)?|gas gangrene|necroti[sz]ing)\b",
    re.IGNORECASE,
)
_WOUND: Final = re.compile(
    (
        r"\bdebrid(?:ed|ement|ing)\b|\b(?:1100[4-8]|1104[2-7]|9759[78])\b|\b(?:wound|ulcer|gangrene"
        r"|decubitus)s?\b[^.\n]{0,80}?\b(?:debrid\w{2,5}|excis\w{2,3} down|sharp\w{0,2})\b"
    ),
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
    r"[ \t](?:surger|pain|hysterectomy|ct\b|approach|hernia|incision|mesh|compartment|x-?ray|exam)", re.IGNORECASE
)
_SPARED: Final = re.compile(r"\b(?:not|spared|spares|sparing|uninvolved|without|no|only)\b", re.IGNORECASE)
_ONLY_EXPOSED: Final = re.compile(
    (
        r"\b(?:exposed|exposing|exposure of|visible|visuali[sz]ed|probe[sd]? to|overlying|over the"
        r"|healthy|viable|intact)[ \t](?:\w+[ \t])?$"
    ),
    re.IGNORECASE,
)
_EXPOSED_BEHIND: Final = re.compile(
    r"[ \t](?:was |were |is )?(?:only )?(?:exposed|visible|intact|healthy|viable|visuali[sz]ed|spared|uninvolved|not )",
    re.IGNORECASE,
)
_DOWN_TO: Final = re.compile(
    r"\b(?:down to|to the level of|up to|as far as|to)(?: the)?(?: level of)?(?: the)?[ \t]$", re.IGNORECASE
)
_SEVERAL: Final = re.compile(
    r"\b(?:wounds|ulcers|both|each|(?:second|other|another) (?:wound|ulcer)"
    r"|(?:wound|ulcer|site) ?(?:#|no\.? ?)?(?:2|two|b|ii))\b",
    re.IGNORECASE,
)
_MESH_CUE: Final = re.compile(r"\b(?:mesh|prosthetic material|prosthesis)\b", re.IGNORECASE)
_BEFORE_DEBRIDEMENT: Final = re.compile(
    r"\b(?:pre|before|prior to|initial)\b(?:(?!\bpost|\bafter)[^.;]){0,24}$", re.IGNORECASE
)


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the wounds of the letter, if it tells of any, and the names of facts that conflict.

    Several areas are several wounds where the letter speaks of wounds or ulcers, and else two values for one of them.
    `area_cm2` comes from an area as written, else from two sides of a debrided wound. A depth counts when the
    tissue was removed: exposed bone does not, and "down to fascia" is uncertain.
    """
    infection = list(_infection(text, sentences))
    mesh = [mention.fact for mention in findings.find(findings.MESH, text, sentences)] if _MESH_CUE.search(text) else []
    if not infection and not _WOUND.search(text) and not mesh:
        return (), ()
    regions = list(_regions(text, sentences))
    told_apart = bool(_SEVERAL.search(text)) and not infection
    areas = _parts(list(_areas(text, vocabulary, measures, apart=told_apart)))
    depths = _depth(text, sentences)
    facts = [
        *_first(infection),
        *_region(text, vocabulary, regions),
        *depths,
        *areas,
        *_mesh(mesh),
    ]
    if not infection and not any(
        fact.name in ("depth_removed", "area_cm2", "mesh_removed", "mesh_infected") for fact in facts
    ):
        return (), ()
    # Areas of different depths are different wounds, however the letter calls them.
    apart = len({fact.value for fact in areas}) > 1 and len({fact.value for fact in depths}) > 1
    several = told_apart or (apart and not infection)
    if len(areas) > 1 and several:
        shared = [fact for fact in facts if fact.name not in ("area_cm2", "depth_removed")]
        return tuple(
            Subject("wound", (*shared, *told)) for told in _owned(areas, _depth(text, sentences, every=True))
        ), ()
    torn = []
    if len({fact.value for fact in areas if fact.certain}) > 1:
        torn.append("area_cm2")
    # Of several wounds with one area it is not known which part of it was how deep, nor whether "to bone" went into it
    # where the letter says for sure that less was removed.
    less = depths[:1] and not depths[0].certain and any(fact.certain for fact in depths)
    if (several or less) and len({fact.value for fact in depths}) > 1 and not infection:
        torn.append("depth_removed")
    return (Subject("wound", tuple(facts)),), tuple(torn)


def _parts(areas: list[Fact]) -> list[Fact]:
    """Return the areas without the one that is the total of the others, which would count twice."""
    numbers = [float(fact.value) for fact in areas]
    rest = [fact for fact, number in zip(areas, numbers, strict=True) if abs(2 * number - sum(numbers)) > 0.01]
    return rest if len(areas) > 2 and len(rest) == len(areas) - 1 else areas


def _owned(areas: list[Fact], depths: list[Fact]) -> list[list[Fact]]:
    """Return each area of several wounds with its depth: the one told of all, or the one told beside each alike.

    Where the letter tells areas and depths in no order that pairs them, the depth is left to be asked for.
    """
    if len({row.value for row in depths}) < 2:
        return [[area, *depths[:1]] for area in areas]
    told = sorted([*areas, *depths], key=lambda row: row.span.start)
    pairs = [told[place : place + 2] for place in range(0, len(told), 2)]
    order = [row.name for row in pairs[0]]
    if len(set(order)) < 2 or any([row.name for row in pair] != order for pair in pairs):
        return [[area] for area in areas]
    return [sorted(pair, key=lambda row: row.name) for pair in pairs]


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


def _region(text: str, vocabulary: Vocabulary, regions: list[tuple[str, Span]]) -> Iterator[Fact]:
    names = {name for name, _ in regions}
    if len(names) > 1:
        yield Fact("region", "both", regions[-1][1])
    elif regions:
        yield Fact("region", regions[0][0], regions[0][1])
    elsewhere = [site for site in sites.find(text, vocabulary) if not any(p.search(site.word) for _, p in _CORE)]
    for site in elsewhere[:1]:
        span = Span(site.start, site.end)
        if not regions:
            yield Fact("region", "other", span)
        yield Fact("site", site.word, span)
        if site.side:
            yield Fact("laterality", site.side, Span(site.side_start, site.side_end))


def _depth(text: str, sentences: Sentences, *, every: bool = False) -> list[Fact]:
    """Return the deepest tissue that was removed first, the others behind it, with `every` as often as it is told."""
    found: list[Mention] = []
    for mention in findings.find(findings.DEPTH, text, sentences):
        start, end = mention.fact.span.start, mention.fact.span.end
        before = text[max(0, start - 40) : start]
        if _ONLY_EXPOSED.search(before) or _EXPOSED_BEHIND.match(text, end):
            continue
        certain = mention.fact.certain and not _DOWN_TO.search(before)
        found.append(Mention(replace(mention.fact, name="depth_removed", certain=certain), mention.rank))
    if every:
        return [mention.fact for mention in found]
    found.sort(key=lambda mention: (mention.rank, not mention.fact.certain, mention.fact.span.start))
    seen: dict[object, Fact] = {}
    for mention in found:
        seen.setdefault(mention.fact.value, mention.fact)
    return list(seen.values())


def _areas(text: str, vocabulary: Vocabulary, measures: tuple[Measure, ...], *, apart: bool) -> Iterator[Fact]:
    """Yield areas as written; without one, the product of the sides of what was debrided; `apart` as told of wounds.

    Wounds at several sites add up, as areas of the same depth do (CPT 2026, debridement guidelines); that their
    depth is the same is only likely.
    """
    written = [measure for measure in measures if measure.form == "area"]
    after = [m for m in written if not _BEFORE_DEBRIDEMENT.search(text, max(0, m.start - 40), m.start)] or written
    for measure in after:
        yield Fact("area_cm2", measure.greatest, Span(measure.start, measure.end), measure.certain)
    if written:
        return
    sided = [m for m in measures if m.form == "sides" and m.role in (Role.UNSAID, Role.LESION, Role.OTHER)]
    sided = [m for m in sided if not _BEFORE_DEBRIDEMENT.search(text, max(0, m.start - 40), m.start)] or sided
    products = [round(measure.sides[0] * measure.sides[1], 2) for measure in sided]
    if len(sided) > 1 and not apart and _at_own_sites(text, vocabulary, sided):
        yield Fact("area_cm2", round(sum(products), 2), Span(sided[0].start, sided[-1].end), certain=False)
        return
    for measure, area in zip(sided, products, strict=True):
        yield Fact("area_cm2", area, Span(measure.start, measure.end), measure.certain)


def _at_own_sites(text: str, vocabulary: Vocabulary, measures: list[Measure]) -> bool:
    """Tell whether each measure has a site of its own within a few words: "22 x 10 cm arm, 8 x 5 cm chest"."""
    places = list(sites.find(text, vocabulary))
    near = []
    for measure in measures:
        gaps = [(min(abs(p.start - measure.end), abs(measure.start - p.end)), p.start, p.word) for p in places]
        near += [nearest[1:] for nearest in [min(gaps, default=(99, 0, ""))] if nearest[0] <= 16]
    return len(near) == len(measures) == len({start for start, _ in near}) == len({word for _, word in near})


def _mesh(facts: list[Fact]) -> Iterator[Fact]:
    """Yield one fact of each name; an explicit denial stands before an affirmation that contains its words."""
    for name in ("mesh_removed", "mesh_infected"):
        yield from [fact for fact in facts if fact.name == name][:1]
