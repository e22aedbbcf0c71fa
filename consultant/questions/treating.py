"""Put together what a letter tells of one kind of care: a subject for each wound, with the facts of its own part."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from consultant.questions import (
    amounts_of_care,
    care,
    care_words,
    classes,
    depths,
    extents,
    flap_stages,
    graft_tissue,
    necrotizing,
    regions,
    treated_part,
)
from consultant.questions.care import Kind
from consultant.questions.extents import Extent
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.regions import Parting, Region
from consultant.questions.sites import Site, kin
from consultant.questions.sizes import Measure
from consultant.questions.zones import Zones

_SEVERAL: Final = re.compile(
    r"\b(?:wounds|ulcers|both|each|(?:second|other|another) (?:wound|ulcer)"
    r"|(?:wound|ulcer|site) ?(?:#|no\.? ?)?(?:2|two|b|ii))\b",
    re.IGNORECASE,
)
_UNTREATED: Final = re.compile(
    r"\b(?:not|never) (?:\w+ )?(?:debrided|treated|dressed|touched|cut|incised|released)|\b(?:cleansed|cleaned|dressed"
    r"|intact)(?: \w+){0,3} only\b|\bspared\b|\bgot nothing\b|\bnothing (?:was )?(?:done|put|applied|given)\b"
    r"|\b(?:needed|required|received) (?:nothing|no (?:treatment|dressing|care))\b",
    re.IGNORECASE,
)
_DISEASE: Final = re.compile(
    r"\b(?:disease|eczema|dermatitis|rash|eruption|erythroderma|psoriasis|pemphig\w+|blistering|involve(?:s|d|ment)"
    r"|affect(?:s|ed|ing)|covers|covering)\b(?:(?!\bdebrid\w*|\bremov\w*|\btreated\b)[^.;,\n\d]){0,40}$"
    r"|\bof (?:the |a )?(?:total )?$",
    re.IGNORECASE,
)
_DISEASE_BEHIND: Final = re.compile(
    r"[^.;,\n\d]{0,24}?\b(?:(?:is|was|were|are) (?:affected|involved|diseased|red|sick)|(?:affected|involved"
    r"|diseased)\b"
    r"|(?:of (?:his|her|the|their) (?:skin|body)|BSA|TBSA|body surface) (?:affected|involved|is (?:red|sick"
    r"|affected)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with all that was found in it."""

    text: str
    sentences: Sentences
    zones: Zones
    measures: tuple[Measure, ...]
    places: tuple[Site, ...]
    facts: tuple[Fact, ...]
    depths: tuple[Fact, ...]


def infected(letter: Letter, infection: Sequence[Fact]) -> Subject:
    """Return the debridement of a necrotizing infection: one wound, by its region, depth and area."""
    areas = extents.areas(letter.text, letter.measures)
    facts = [
        *infection[:1],
        *necrotizing.region(letter.text, letter.sentences, letter.places),
        *depths.read(letter.text, letter.sentences, letter.zones),
        *_added(areas),
        *infection[1:],
        *(
            fact
            for fact in letter.facts
            if fact.name in ("procedure", "debridement_method") and care.anchor(fact) == "debridement"
        ),
    ]
    return Subject("wound", tuple(facts))


def _added(areas: Sequence[Extent]) -> list[Fact]:
    """Return the areas of one infection; they add up, and that their depth is the same is only likely."""
    if len(areas) < 2:
        return [fact for row in areas for fact in row.facts]
    first, last = areas[0].facts[0], areas[-1].facts[0]
    total = round(sum(row.size for row in areas), 2)
    return [Fact("area_cm2", total, Span(first.span.start, last.span.end), certain=False)]


def of_kind(letter: Letter, kind: Kind, others: Sequence[Kind]) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the subjects of one kind of care, and the names of facts in conflict."""
    text, sentences = letter.text, letter.sentences
    if kind.name == "soft_tissue":
        letter = replace(letter, places=tuple(row for row in letter.places if not graft_tissue.gives(text, row.start)))
    own = [fact for fact in letter.facts if fact.name in kind.takes and care.anchor(fact) in (kind.name, None)]
    anchors = [fact.span.start for fact in letter.facts if care.anchor(fact) == kind.name]
    measured = _extents(letter, kind)
    parting = regions.part(text, sentences, measured, letter.places)
    done = [*anchors, *(fact.span.start for fact in letter.depths)]
    chosen = [
        row
        for row in parting.regions
        if kind.name != "debridement" or any(map(row.holds, done)) or regions.treated(text, row)
    ]
    chosen = _about(letter, kind, others, parting, chosen)
    if kind.name in ("debridement", "open_fracture"):
        own += letter.depths
    own = _settled(letter, kind, own, measured)
    shares = parting.of(text, sentences, own) if len(parting.regions) > 1 else [own]
    # What makes it this kind of care is true of each wound that the letter gives for it.
    marks = [fact for fact in own if care.anchor(fact) == kind.name and not fact.name.startswith("closure")]
    shares = [[*facts, *(row for row in marks if row.name not in {fact.name for fact in facts})] for facts in shares]
    made: list[tuple[Region, list[Fact]]] = []
    paired = regions.paired(sentences, parting, letter.places)
    placed: Site | None = None
    for region, facts in zip(parting.regions, shares, strict=True):
        if region in chosen:
            site = paired.get(region) or regions.site_of(sentences, region, letter.places, anchors)
            site = (regions.recipient(text, letter.places) if kind.name == "flap" else None) or site
            site = site or (regions.other_side(text, region, placed) if placed else None)
            placed = site or placed
            made.append((region, _facts(letter, kind, region, facts, site)))
    if kind.name == "repair":
        _share_of_both(text, [facts for _, facts in made])
    made = _once(text, made)
    torn = _torn(letter, kind, made)
    if torn and len(made) > 1:
        made = made[:1]
    if kind.name == "repair":
        made = [row for row in made if any(fact.name.startswith("closure") for fact in row[1])]
    return tuple(Subject(kind.subject, tuple(facts)) for _, facts in made if facts), torn


_BOTH: Final = re.compile(r"\b(?:both|each|all)\b[^.;\d]{0,24}$", re.IGNORECASE)


def _share_of_both(text: str, each: Sequence[list[Fact]]) -> None:
    """Give the wound before the closure that is told of both: "3 cm and 5 cm, both in two layers"."""
    for before, behind in reversed(list(pairwise(each))):
        told = [fact for fact in behind if fact.name.startswith("closure_") and fact.name != "closure_length_cm"]
        known = {fact.name for fact in before}
        before += [
            fact
            for fact in told
            if fact.name not in known and _BOTH.search(text, max(0, fact.span.start - 40), fact.span.start)
        ]


def _settled(letter: Letter, kind: Kind, facts: list[Fact], measured: Sequence[Extent]) -> list[Fact]:
    """Return the facts of one kind of care with those that follow from others, and without those that others settle."""
    affirmed = {fact.name for fact in facts if fact.value is True}
    if "open_fracture" in affirmed:
        # A closed fracture beside an open one is another bone.
        facts = [fact for fact in facts if fact.name != "open_fracture" or fact.value]
    if kind.name == "soft_tissue":
        return graft_tissue.settled(letter.text, letter.zones, facts)
    if kind.name == "burn":
        if any(fact.value == "escharotomy" for fact in facts) and any(fact.value == "third" for fact in facts):
            # Only a full-thickness burn has an eschar to cut; the other depths are those of other places.
            facts = [fact for fact in facts if fact.name != "burn_degree" or fact.value == "third"]
        if len(measured) < 2 and any(fact.value == "second" for fact in facts if fact.name == "burn_degree"):
            # The reddened skin around a blistered burn is treated with it.
            facts = [fact for fact in facts if fact.name != "burn_degree" or fact.value != "first"]
        if measured:
            facts = [fact for fact in facts if fact.name != "burn_size"]
        if not any(fact.name == "burn_act" for fact in facts):
            facts += [
                Fact("burn_act", "dressing", span)
                for span in care_words.dressed(letter.text, letter.zones, letter.facts)
            ]
        facts += care_words.cuts(letter.text, letter.zones, facts)
    if kind.name == "flap":
        facts = flap_stages.one(letter.text, facts)
    if kind.name == "extensive" and not any(fact.name == "procedure" for fact in facts):
        told = next(fact for fact in letter.facts if fact.name == "extensive_skin_disease")
        facts.append(Fact("procedure", "extensive_skin_debridement", told.span, told.certain))
    return facts


def _extents(letter: Letter, kind: Kind) -> list[Extent]:
    """Return how much was treated, by what the kind of care is measured in."""
    text = letter.text
    if kind.extent == "area":
        return treated_part.left(text, letter.places, extents.areas(text, letter.measures))
    if kind.extent == "length":
        return extents.lengths(text, letter.measures)
    if kind.extent == "percent":
        name = "body_surface_percent" if kind.name == "extensive" else "body_area_percent"
        found = amounts_of_care.percents(text, name, letter.sentences.spans, _UNTREATED)
        return _debrided(text, found) if kind.name == "extensive" else found
    if kind.extent == "volume":
        return amounts_of_care.volumes(text)
    if kind.extent == "defect":
        return extents.defects(text, letter.measures, letter.sentences.spans)
    return []


def _debrided(text: str, found: list[Extent]) -> list[Extent]:
    """Leave out the extent of the disease where that of the debrided skin is told beside it."""
    own = [
        row
        for row in found
        if not _DISEASE.search(text, max(0, row.start - 56), row.start) and not _DISEASE_BEHIND.match(text, row.end)
    ]
    return own or found


def _about(letter: Letter, kind: Kind, others: Sequence[Kind], parting: Parting, chosen: list[Region]) -> list[Region]:
    """Return the regions that tell of this kind of care, of several kinds that are measured alike."""
    rivals = {row.name for row in others if row.extent == kind.extent and row is not kind}
    if not rivals or len(chosen) < 2:
        return chosen
    by_region: dict[Region, set[str]] = {region: set() for region in chosen}
    for fact in letter.facts:
        name = care.anchor(fact)
        place = parting.place(fact.span.start)
        if name and place is not None and parting.regions[place] in by_region:
            by_region[parting.regions[place]].add(name)
    mine = [region for region in chosen if kind.name in by_region[region]]
    silent = [region for region in chosen if not by_region[region] & {kind.name, *rivals}]
    if mine:
        return mine if any(by_region[region] & rivals for region in chosen) else [*mine, *silent]
    return silent or chosen


def _facts(letter: Letter, kind: Kind, region: Region, facts: Sequence[Fact], site: Site | None) -> list[Fact]:
    """Return all facts of one wound: how much, where, and what the letter says of it."""
    found = list(region.extent.facts) if region.extent else []
    found += list(necrotizing.of_site(site)) if site else []
    if kind.name == "repair":
        named = [fact for fact in facts if fact.name == "closure_class"]
        method = _methods([fact for fact in facts if fact.name == "closure_method"])
        named = classes.read(letter.text, letter.zones, letter.measures, region.start, region.end, named) or named
        method = method or _strips(letter, named)
        found += [*_class(named, method), *method]
    elif kind.name in ("debridement", "open_fracture"):
        found += _deepest([fact for fact in facts if fact.name == "depth_removed"])
        found += [fact for fact in facts if fact.name != "depth_removed"]
    else:
        found += list(facts)
    return list({(fact.name, fact.value): fact for fact in reversed(found)}.values())[::-1]


_RANKS: Final = {"bone": 0, "muscle": 1, "fascia": 2, "subcutaneous": 3, "skin": 4}


def _deepest(facts: Iterable[Fact]) -> list[Fact]:
    """Return each depth once, the deepest first."""
    ordered = sorted(facts, key=lambda fact: (_RANKS[str(fact.value)], not fact.certain, fact.span.start))
    return list({fact.value: fact for fact in reversed(ordered)}.values())[::-1]


def _methods(facts: Sequence[Fact]) -> list[Fact]:
    """Return what held the edges; glue or strips over sutures or staples change nothing (CPT, repair guideline)."""
    sewn = [fact for fact in facts if fact.value in ("sutures", "staples")]
    return sewn[:1] or list(facts[:1])


_STRIPS: Final = re.compile(r"\b(?:steri-? ?strips?|butterfl\w+|adhesive strips?|wound strips?)\b", re.IGNORECASE)


def _strips(letter: Letter, named: Sequence[Fact]) -> list[Fact]:
    """Return the strips that held the edges where nothing else of a closure is told: they are no repair."""
    strips = [fact for fact in named if _STRIPS.fullmatch(letter.text, fact.span.start, fact.span.end)]
    return [replace(strips[0], name="closure_method", value="strips")] if strips and len(strips) == len(named) else []


def _class(named: Sequence[Fact], method: Sequence[Fact]) -> list[Fact]:
    """Return the class of a repair; edges that only glue or staples hold, with no layer told, are a simple repair."""
    if method and method[0].value == "strips":
        return []
    if not named and method and method[0].value in ("adhesive", "staples"):
        return [replace(method[0], name="closure_class", value="simple")]
    each = {fact.value: fact for fact in sorted(named, key=lambda fact: not fact.certain, reverse=True)}
    return list(each.values())[::-1]


_SECOND: Final = re.compile(
    r"\b(?:repair|wound|laceration|lac|cut|site)[ \t]?#?(?:2|two|b|ii)\b|#[ \t]?2\b|\b(?:second|another|other) (?:one"
    r"|wound|lac\w*|cut|repair)\b",
    re.IGNORECASE,
)


def _once(text: str, made: list[tuple[Region, list[Fact]]]) -> list[tuple[Region, list[Fact]]]:
    """Join a wound that is told a second time, as in the subject line: the same size at the same site, or at none."""
    kept: list[tuple[Region, list[Fact]]] = []
    numbered = bool(_SECOND.search(text))
    for region, facts in made:
        values = {fact.name: fact.value for fact in facts}
        same = next(
            (row for row in kept if _again(values, {fact.name: fact.value for fact in row[1]}, numbered=numbered)), None
        )
        if same is None:
            kept.append((region, facts))
        else:
            known = {fact.name for fact in same[1]}
            same[1].extend(fact for fact in facts if fact.name not in known)
    return kept


def _again(values: Mapping[str, object], other: Mapping[str, object], *, numbered: bool) -> bool:
    sized = [name for name in ("area_cm2", "closure_length_cm", "body_area_percent", "injected_ml") if name in values]
    if not sized or any(values[name] != other.get(name) for name in sized):
        return False
    site, place = values.get("site"), other.get("site")
    same_place = site is None or place is None or site == place or (not numbered and kin(str(site), str(place)))
    side, other_side = values.get("laterality"), other.get("laterality")
    return same_place and (side in (None, other_side) or other_side is None)


def _torn(letter: Letter, kind: Kind, made: Sequence[tuple[Region, list[Fact]]]) -> tuple[str, ...]:
    """Return the names of facts for which the letter gives two values of one wound."""
    torn: list[str] = []
    if kind.name == "debridement":
        sited = {tuple(str(fact.value) for fact in facts if fact.name in ("site", "laterality")) for _, facts in made}
        deep = {tuple(str(fact.value) for fact in facts if fact.name == "depth_removed") for _, facts in made}
        areas = {fact.value for _, facts in made for fact in facts if fact.name == "area_cm2"}
        apart = _SEVERAL.search(letter.text) or len(deep) > 1 or (len(sited) == len(made) and len(made) > 1)
        if len(areas) > 1 and not apart:
            torn.append("area_cm2")
        if len(made) == 1:
            facts = [fact for fact in made[0][1] if fact.name == "depth_removed"]
            less = facts[:1] and not facts[0].certain and any(fact.certain for fact in facts)
            if (_SEVERAL.search(letter.text) or less) and len({fact.value for fact in facts}) > 1:
                torn.append("depth_removed")
    for _, facts in made:
        for name in _ONE_VALUE & kind.takes:
            torn += [name] * (len({fact.value for fact in facts if fact.name == name and fact.certain}) > 1)
    return tuple(dict.fromkeys(torn))


_ONE_VALUE: Final = frozenset(
    {"closure_class", "graft_kind", "burn_degree", "reclosure_kind", "npwt_pump", "muscle_donor", "within_global"}
)
