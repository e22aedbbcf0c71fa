"""Tell the wounds of a letter apart: which stretch of the text speaks of which wound, and where that wound is.

A wound is begun by an item of a list, by a heading that names a site, by a sentence with a site of its own, or, inside
of one sentence, by the comma or the "and" between two sizes. What stands before the first wound, and what is said of
"both" or "all", holds for every wound.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from consultant.questions.extents import Extent
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences
from consultant.questions.sites import Site, holds, kin

_CUT: Final = re.compile(r"[,;+&/\n]|\b(?:and|plus|then|also|as well as)\b", re.IGNORECASE)
_PLURAL: Final = re.compile(
    r"\b(?:both|all|each|every|either)\b(?! (?:sides?|margins?|edges?|the way|around|round|layers?|of (?:it"
    r"|this|that)|four|three)\b)"
    r"|\b(?:wounds|ulcers|lacerations|grafts|sites|repairs) (?:was|were)\b|\bboth\b",
    re.IGNORECASE,
)
_MANY: Final = re.compile(
    r"\b(?:two|three|four|five|six|(?<![\d.,/])[2-6]|multiple|several|numerous)[ \t](?!(?:cm|mm|centimet\w+"
    r"|inch\w*|in|sq|x|by)\b)"
    r"(?:\w+[ \t])?$",
    re.IGNORECASE,
)
_COLON: Final = re.compile(r":(?=\s)")
_SITE_BEHIND: Final = re.compile(r"[ \t](?:lac\w* |wound |cut )?(?:on|of|at|in|over|to)\b", re.IGNORECASE)
_OF_ALL: Final = re.compile(r"\b(?:all|both|each|every)\b[^.;]{0,40}$", re.IGNORECASE)
_HEADING: Final = re.compile(r"(?m)^[ \t]{0,8}(?P<name>[A-Z][\w/#., -]{1,44}?)[ \t]?:(?=\s)")
_NUMBERED: Final = re.compile(
    r"\b(?:wound|ulcer|procedure|laceration|lac|site|area|defect|burn|lesion|repair|incision"
    r"|location)s?[ \t]?(?:no\.?|number|num)?[ \t]?#?[ \t]?(?P<n>[1-9]|[A-F]|one|two|three|four)\b(?![.,]?\d"
    r"|[ \t]?(?:cm|mm|x)\b)",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"\b(?:same|that|this|said) (?:site|wound|ulcer|area|location|leg|foot|defect)\b", re.IGNORECASE
)
_NO_SITE_BEHIND: Final = re.compile(
    r"[ \t]?(?:flaps?\b|free flap|(?:advancement|rotation|island|interpolation|artery|fascial?|muscle"
    r"|myocutaneous|tendon|donor|vein|nerve|surg|pain|x-?ray|cast)"
    r"|,? (?:was |were |is |are )?(?:not involved|spared|uninvolved|unremarkable|normal|not affected"
    r"|without\b|clear\b|not debrided))",
    re.IGNORECASE,
)
_NO_SITE: Final = re.compile(
    r"\b(?:(?:harvest\w*|taken|obtained|raised|procured|elevated|incised|designed|rotated|advanced|moved"
    r"|mobili[sz]ed|recruited|removed by \w+|fat|\w*grafts?|skin|flap|sheet|stsg|ftsg|meshed) from"
    r"|donor(?: sites?| area)?"
    r"|dono?r:?|(?:ftsg|stsg|grafts?|skin|fat|cartilage)\b(?:(?!\b(?:to|onto|into|on)\b)[^.;\n]){0,24}\bfrom)[ \t]{0,2}"
    r"(?:was |from )?(?:the |his |her )?(?:(?!(?:on)?to\b|over\b|for\b|into\b|on\b|covering\b)\w+ ){0,3}$",
    re.IGNORECASE,
)
_NO_SITE_LINE: Final = re.compile(
    r"\b(?:closed fracture|abrasions?|s/p|status post|h/o)\b[^.;,\n]{0,40}$", re.IGNORECASE
)
_LIMB: Final = re.compile(
    r"\b(?:(?:fore|upper )?arm|(?:lower |upper )?leg|thigh|calf|calves|shin|knee|elbow|wrist|ankle|popliteal"
    r"|antecubital|pretibial)\b",
    re.IGNORECASE,
)
# "All simple" is one reading, with the word that says of whom.
_SAID_OF_ALL: Final = re.compile(r"(?:all|both|each)\b", re.IGNORECASE)
_DRESSED_ONLY: Final = re.compile(
    r"\b(?:not|never) (?:\w+ )?(?:debrided|treated|grafted|repaired|closed|touched|addressed|sutured)\b"
    r"|\bonly (?:dressed|cleaned|cleansed|dressing|inspected)\b"
    r"|\b(?:dressed|dressings?|dressing changed|cleaned|cleansed)(?: and dressed)?(?: with \w+)? only\b"
    r"|\bleft untreated\b|\bdressing change(?:d)? only\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Region:
    """The stretch of a letter that speaks of one wound."""

    start: int
    end: int
    extent: Extent | None

    def holds(self, position: int) -> bool:
        """Tell whether a place lies in it."""
        return self.start <= position < self.end


@dataclass(frozen=True, slots=True)
class Parting:
    """The wounds of a letter."""

    regions: tuple[Region, ...]
    together: bool
    """True where they stand side by side in one sentence, so that what follows them is said of all."""

    def of(self, text: str, sentences: Sentences, facts: Sequence[Fact]) -> list[list[Fact]]:
        """Return for each wound the facts that are its own, or those that are told of all."""
        own: list[list[Fact]] = [[] for _ in self.regions]
        shared: list[Fact] = []
        for fact in facts:
            place = self.place(fact.span.start)
            sentence = sentences.around(fact.span.start)
            inside = place is not None and self.regions[place].start <= sentence.start
            plural = _PLURAL.search(text, sentence.start, sentence.end) and (inside or place is None)
            before = max(sentence.start, fact.span.start - 48)
            of_all = _OF_ALL.search(text, before, fact.span.start) or _MANY.search(text, before, fact.span.start)
            of_all = of_all or _SAID_OF_ALL.match(text, fact.span.start, fact.span.end)
            if place is None or of_all or (plural and not _one_extent(self.regions, sentence)):
                shared.append(fact)
            else:
                own[place].append(fact)
        names = [{fact.name for fact in rows} for rows in own]
        last = self.regions[-1]
        for fact in list(own[-1]):
            # What stands behind the last wound and is told of no other one may be said of all of them.
            sentence = sentences.around(fact.span.start)
            behind = last.extent is not None and sentence.start > last.extent.end and not last.extent.start < last.start
            if behind and not any(fact.name in told for told in names[:-1]) and _closing(text, last, sentence):
                own[-1].remove(fact)
                shared.append(fact)
        return [[*rows, *(fact for fact in shared if fact.name not in {row.name for row in rows})] for rows in own]

    def place(self, position: int) -> int | None:
        """Return which region holds a place."""
        return next((number for number, region in enumerate(self.regions) if region.holds(position)), None)


def _one_extent(regions: Sequence[Region], sentence: Span) -> bool:
    inside = [row for row in regions if row.extent and sentence.start <= row.extent.start < sentence.end]
    return len(inside) == 1


def _closing(text: str, last: Region, sentence: Span) -> bool:
    """Tell whether a sentence stands on a line of its own behind the last wound of a list."""
    return "\n" in text[last.extent.end if last.extent else last.start : sentence.start + 1]


def part(text: str, sentences: Sentences, extents: Sequence[Extent], places: Sequence[Site]) -> Parting:
    """Return a region for each extent; of wounds without an extent the list or the headings alone tell."""
    starts = _starts(text, sentences, places, extents)
    if len(extents) < 2:
        return Parting((Region(0, len(text), extents[0] if extents else None),), together=False)
    bounds = []
    together = False
    first = extents[0]
    begun = [start for start in starts if start <= first.start]
    sentence = sentences.around(first.start)
    bounds.append(max(begun[-1] if begun else 0, 0) if begun else sentence.start)
    for left, right in pairwise(extents):
        bound, beside = _bound(text, sentences, left, right, starts, places)
        bounds.append(bound)
        together = together or beside
    if together and bounds[0] <= sentence.start:
        # "Two simple repairs: arm 4 cm, leg 5 cm": what stands before the first site is said of all.
        bounds[0] = _first_part(text, sentence, first, places)
    end = _end(text, sentences, extents, starts, together=together)
    spans = [*bounds, end]
    return Parting(
        tuple(Region(a, max(b, e.end), e) for (a, b), e in zip(pairwise(spans), extents, strict=True)), together
    )


def _first_part(text: str, sentence: Span, first: Extent, places: Sequence[Site]) -> int:
    """Return where the part of the first of several wounds of one sentence begins."""
    cuts = [match.end() for match in _CUT.finditer(text, sentence.start, first.start)]
    cuts += [match.end() for match in _COLON.finditer(text, sentence.start, first.start)]
    start = max(cuts, default=sentence.start)
    near = [site.start for site in places if sentence.start <= site.start < first.start]
    if cuts and (not near or near[-1] >= start or _SITE_BEHIND.match(text, first.end)):
        return start
    return near[-1] if near else first.start


def _starts(text: str, sentences: Sentences, places: Sequence[Site], extents: Sequence[Extent]) -> list[int]:
    """Return where the items and headings of wounds begin."""
    found = [row.start() for row in _NUMBERED.finditer(text) if _leads(text, row.start())]
    found += [
        row.start()
        for row in _HEADING.finditer(text)
        if any(row.start("name") <= site.start < row.end("name") for site in places)
    ]
    items = list(sentences.items)
    for item, end in zip(items, [*(row.start for row in items[1:]), len(text)], strict=False):
        if any(item.start <= row.start < end for row in extents):
            found.append(item.start)
    return sorted(set(found))


def _leads(text: str, position: int) -> bool:
    return text[max(0, position - 3) : position].strip(" \t(*-") in ("", ".", ",", ";", ":") or text[
        :position
    ].endswith("\n")


def _bound(
    text: str, sentences: Sentences, left: Extent, right: Extent, starts: Sequence[int], places: Sequence[Site]
) -> tuple[int, bool]:
    """Return where the wound of the right extent begins, and whether both stand in one sentence."""
    begun = [start for start in starts if left.end <= start <= right.start]
    if begun:
        return begun[-1], False
    sentence = sentences.around(right.start)
    if sentence.start >= left.end:
        between = [row for row in sentences.spans if left.end <= row.start <= sentence.start]
        sited = [row for row in between if any(row.start <= site.start < row.end for site in places)]
        return (sited[0] if sited else sentence).start, False
    cuts = list(_CUT.finditer(text, left.end, right.start))
    # "6 x 4 cm of it, and from the left ulcer only fat, 3 x 3 cm": the word that joins parts better than a comma.
    cuts = [cut for cut in cuts if cut[0] != ","] or cuts
    sited_cuts = [cut for cut in cuts if any(cut.end() <= site.start < right.start for site in places)]
    if sited_cuts:
        site = next(site for site in places if site.start >= sited_cuts[0].end())
        before = [cut for cut in cuts if cut.end() <= site.start]
        return before[-1].end(), True
    return (cuts[-1].end() if cuts else left.end), True


def _end(text: str, sentences: Sentences, extents: Sequence[Extent], starts: Sequence[int], *, together: bool) -> int:
    """Return where the last wound ends."""
    last = extents[-1]
    sentence = sentences.around(last.start)
    if together and sentence.start < extents[-2].end:
        return sentence.end
    further = [start for start in starts if start > last.end]
    blank = text.find("\n\n", last.end)
    ends = [len(text), *further[:1], *([blank] if blank >= 0 else [])]
    ends += [row.start() for row in _HEADING.finditer(text, last.end)][:1]
    return min(ends)


def treated(text: str, region: Region) -> bool:
    """Tell whether the wound was more than dressed."""
    if region.extent is None:
        return True
    return not _DRESSED_ONLY.search(text, region.start, min(region.end, region.extent.end + 60))


def usable(text: str, sentences: Sentences, site: Site) -> bool:
    """Tell whether a site may be where something was done: no donor site, no name of a flap, nothing spared."""
    sentence = sentences.around(site.start)
    before = text[max(sentence.start, site.start - 60) : site.start]
    return not (_NO_SITE_BEHIND.match(text, site.end) or _NO_SITE.search(before) or _NO_SITE_LINE.search(before))


def gave(text: str, sentences: Sentences, site: Site) -> bool:
    """Tell whether a place is named as the one that a graft was taken from."""
    sentence = sentences.around(site.start)
    return bool(_GAVE.search(text, max(sentence.start, site.start - 48), site.start))


_GAVE: Final = re.compile(
    r"\b(?:\w*grafts?|stsg|ftsg|skin|harvested|taken) from (?:the |his |her |an? )?(?:(?:left|right|upper"
    r"|lower|inner|outer|medial"
    r"|lateral|ipsilateral|contralateral) )*$|\bdonor(?: sites?| area)?(?: was| is|:)? (?:the |his "
    r"|her )?(?:(?:left|right) )?$",
    re.IGNORECASE,
)


def _alike(places: Sequence[Site]) -> bool:
    """Tell whether sites are one as far as any code goes: the same word, or places of the limbs."""
    words = {site.word for site in places}
    of_one = any(all(kin(whole, word) for word in words) for whole in words)
    return of_one or all(_LIMB.search(word) for word in words)


def site_of(sentences: Sentences, region: Region, places: Sequence[Site], anchors: Sequence[int]) -> Site | None:
    """Return the site of a wound: beside its size, beside what was done, or the only one that can be meant."""
    own = [site for site in places if region.holds(site.start)]
    if not own:
        return places[0] if places and _alike(places) else None
    if len({(site.word, site.side) for site in own}) == 1:
        return own[0]
    marks = [*([region.extent.start] if region.extent else []), *(at for at in anchors if region.holds(at))]
    for mark in marks:
        sentence = sentences.around(mark)
        beside = [site for site in own if sentence.start <= site.start < sentence.end]
        # Of a place and the greater one that it lies in, the nearer is meant: "head lac ... on the scalp".
        beside = [row for row in beside if row.word != "head" or not any(holds("head", {one.word}) for one in beside)]
        if beside:
            return min(beside, key=lambda site: abs(site.start - mark))
    return own[0]


_INSET: Final = re.compile(
    r"\b(?:inset|insetted|recipient(?: site| bed| area)?|sewn|sutured|laid)(?: down| again| finally| well| was| is)*"
    r"[ \t](?:(?:at|in|into|onto|on|to|over|of|is|was)[ \t])?(?:the |his |her )?(?:left |right |l |r |rt |lt )?$",
    re.IGNORECASE,
)


def recipient(text: str, places: Sequence[Site]) -> Site | None:
    """Return where a flap was set in, which is its place, whatever place it came from: "inset at the nose"."""
    for site in places:
        match = _INSET.search(text, max(0, site.start - 48), site.start)
        if match:
            return site
    return None


_SIDE_ALONE: Final = re.compile(
    r"\b(?:the|on|in|into|to)[ \t](?:the[ \t])?(?P<side>left|right)(?=[ \t]*(?:[.,;:()\n]|$|side\b|one\b))",
    re.IGNORECASE,
)


def other_side(text: str, region: Region, last: Site) -> Site | None:
    """Return the place of a wound that its side alone tells: "85 mL into the right breast, 60 into the left"."""
    end = region.extent.end + 40 if region.extent else region.end
    match = _SIDE_ALONE.search(text, region.start, max(region.end, min(end, len(text))))
    if match is None or match["side"].lower() == last.side:
        return None
    return replace(last, side=match["side"].lower(), side_start=match.start("side"), side_end=match.end("side"))


def paired(sentences: Sentences, parting: Parting, places: Sequence[Site]) -> dict[Region, Site]:
    """Return the site of each wound where a list of sites stands before as many sizes: "nose and ear, 4 and 3 cm"."""
    extents = [region.extent for region in parting.regions if region.extent]
    if not parting.together or len(extents) < len(parting.regions):
        return {}
    sentence = sentences.around(extents[0].start)
    before = [site for site in places if sentence.start <= site.start < extents[0].start]
    after = [site for site in places if extents[0].start <= site.start < sentence.end]
    if after or len(before) != len(extents) or extents[-1].start >= sentence.end:
        return {}
    return dict(zip(parting.regions, before, strict=True))
