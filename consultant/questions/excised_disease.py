"""Read what is cut out for a disease that has codes of its own: hidradenitis by region, pilonidal disease by extent.

A note names the disease as its diagnosis and the excision as its procedure, often lines apart; size and pathology of
the specimen decide nothing here.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions import classes, findings, lesion_words, sites
from consultant.questions.aside import Aside
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure
from consultant.questions.vocabulary import Vocabulary
from consultant.questions.wanted import asks_code
from consultant.questions.zones import Zones

_DISEASES: Final = (
    ("hidradenitis_excision", re.compile(r"\bhidradenitis\b|(?-i:\bHS\b)(?! (?:student|degree))", re.IGNORECASE)),
    ("pilonidal_excision", re.compile(r"\bpilonidal\b", re.IGNORECASE)),
)
_CUT: Final = re.compile(
    r"\b(?:remov(?:ed|al)|resect(?:ed|ion)|cystectomy|unroof\w*|deroof\w*|marsupiali[sz]\w+|pit[- ]?picking"
    r"|cleft[- ]?lift|bascom|taken out|took out)\b",
    re.IGNORECASE,
)
_EXTENTS: Final = tuple(
    (value, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for value, words in (
        ("simple", r"simple(?! (?:closure|repair|sutur\w+|interrupted|running|layer|mastectomy)\b)|uncomplicated"),
        ("extensive", r"extensive(?:ly)?(?! (?:cleaning|cleansing|undermining|counsel\w+)\b)"),
        ("complicated", r"complicated"),
    )
)
_GENERAL: Final = re.compile(
    r"(?:what (?:makes|is|counts|does)|when (?:is|does|do)|how (?:is|are|does)|do|does|is|are|can|why)\b", re.IGNORECASE
)
_ASKED: Final = re.compile(r"(?:[ \t]?[,/]|[ \t](?:or|vs\.?|versus)\b)|[^.;\n]{0,24}\?", re.IGNORECASE)
_WEIGHED: Final = re.compile(r"\b(?:or|vs\.?|versus|/|neither|nor|called?|call it)[ \t](?:an? )?$", re.IGNORECASE)
_REGIONS: Final = {
    "axilla": "axilla axillary armpit axillary_fold",
    "groin": "groin inguinal inguinal_fold",
    "perianal": "perineum perineal perianal anal_verge umbilicus periumbilical navel umbilical",
}
_REGION: Final = {word.replace("_", " "): region for region, words in _REGIONS.items() for word in words.split()}


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...], aside: Aside
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return one subject for each region that the disease was cut out of, and the names of facts that conflict."""
    named = next(_named(text, sentences, aside), None)
    if named is None:
        return (), ()
    procedure, place = named
    acts = [
        mention.fact.span
        for mention in findings.find(lesion_words.TECHNIQUE, text, sentences)
        if mention.fact.value == "excision"
    ]
    acts += [
        Span(*match.span())
        for match in _CUT.finditer(text)
        if status(sentences, match.start(), match.end(), act=True) in (Status.AFFIRMED, Status.UNCERTAIN)
    ]
    acts = [span for span in acts if not aside.holds(span.start) and not _of_a_rule(text, sentences, span)]
    if not acts:
        return (), ()
    fact = Fact("procedure", procedure, place)
    if procedure == "pilonidal_excision":
        extents = _extents(text, sentences)
        torn = ("pilonidal_extent",) if len(extents) > 1 else ()
        return (Subject("procedure", (fact, *extents)),), torn
    return _by_region(text, sentences, vocabulary, measures, aside, fact)


def _of_a_rule(text: str, sentences: Sentences, span: Span) -> bool:
    """Tell whether an act stands in a question about a rule: "what makes a pilonidal excision extensive?"."""
    sentence = sentences.around(span.start)
    words = text[sentence.start : sentence.end].strip()
    return words.endswith("?") and bool(_GENERAL.match(words)) and not asks_code(words)


def _named(text: str, sentences: Sentences, aside: Aside) -> Iterator[tuple[str, Span]]:
    for procedure, pattern in _DISEASES:
        for match in pattern.finditer(text):
            meant = status(sentences, match.start(), match.end(), act=False)
            if meant in (Status.AFFIRMED, Status.UNCERTAIN) and not aside.holds(match.start()):
                yield procedure, Span(*match.span())


def _extents(text: str, sentences: Sentences) -> list[Fact]:
    """Return what the note calls the excision; words that the letter weighs in a question tell nothing."""
    found = [
        Fact("pilonidal_extent", value, Span(*match.span()))
        for value, pattern in _EXTENTS
        for match in pattern.finditer(text)
        if not _ASKED.match(text, match.end())
        and not _WEIGHED.search(text, max(0, match.start() - 16), match.start())
        and status(sentences, match.start(), match.end(), act=False) is Status.AFFIRMED
    ]
    return list({fact.value: fact for fact in reversed(found)}.values())[::-1]


def _by_region(
    text: str,
    sentences: Sentences,
    vocabulary: Vocabulary,
    measures: tuple[Measure, ...],
    aside: Aside,
    procedure: Fact,
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return each region with the closure that is told beside it, else with the one told of all."""
    places: dict[str, list[Site]] = {}
    for site in sites.find(text, vocabulary):
        if not aside.holds(site.start) and status(sentences, site.start, site.end, act=False) is Status.AFFIRMED:
            places.setdefault(_REGION.get(site.word, "other"), []).append(site)
    if len(places) > 1:
        places.pop("other", None)
    closures = [
        mention.fact
        for mention in findings.find(findings.CLOSURE, text, sentences)
        if not aside.holds(mention.fact.span.start)
    ]
    # Nothing is told of the closure by "no flap and no graft".
    closures = [fact for fact in closures if fact.certain]
    zones = Zones(sentences)
    if not places:
        closures = _decided(text, zones, measures, (0, len(text)), closures)
        return (Subject("procedure", (procedure, *_classes(closures))),), _torn(closures)
    subjects = []
    torn: tuple[str, ...] = ()
    starts = sorted(site.start for found in places.values() for site in found)
    for found in places.values():
        own = closures if len(places) == 1 else [fact for fact in closures if _near(sentences, fact, found, places)]
        told = [site for site in found if any(fact.span.start > site.start for fact in own)] or found
        last = max(site.start for site in told)
        end = min((start for start in starts if start > last and len(places) > 1), default=len(text))
        own = _decided(text, zones, measures, (last if len(places) > 1 else 0, end), own)
        torn = torn or _torn(own)
        subjects.append(Subject("procedure", (procedure, *_place(found), *_classes(own))))
    return tuple(subjects), torn


def _decided(
    text: str, zones: Zones, measures: tuple[Measure, ...], stretch: tuple[int, int], closures: list[Fact]
) -> list[Fact]:
    """Return the closures with the class that was done in their stretch, where its features tell a complex one."""
    done = classes.read(text, zones, measures, *stretch, closures)
    return [*closures, *(fact for fact in done if fact.value == "complex" and fact not in closures)]


def _place(found: list[Site]) -> list[Fact]:
    """Return the site, and its side, which is both where each of them is named."""
    sides = {site.side: site for site in reversed(found) if site.side}
    first = found[0]
    facts = [Fact("site", first.word, Span(first.start, first.end))]
    if "bilateral" in sides or {"left", "right"} <= set(sides):
        where = sides.get("bilateral") or sides["right"]
        facts.append(Fact("laterality", "bilateral", Span(where.side_start, where.side_end)))
    elif sides:
        side, where = next(iter(sides.items()))
        facts.append(Fact("laterality", str(side), Span(where.side_start, where.side_end)))
    return facts


def _near(sentences: Sentences, fact: Fact, own: list[Site], places: dict[str, list[Site]]) -> bool:
    """Tell whether a closure is told of the region that its sentence begins with, or else of the one named before."""
    every = sorted((site for found in places.values() for site in found), key=lambda site: site.start)
    before = [site for site in every if site.start <= fact.span.start]
    sentence = sentences.around(fact.span.start)
    inside = [site for site in every if sentence.start <= site.start < sentence.end]
    return bool(inside or before) and (inside[0] if inside else before[-1]) in own


def _classes(closures: list[Fact]) -> list[Fact]:
    """Return each class once, complex before intermediate: a complex closure is closed in layers as well."""
    order = ("adjacent_tissue_transfer", "graft", "complex", "intermediate", "simple", "none")
    once = {fact.value: fact for fact in reversed(closures)}
    ranked = sorted(once.values(), key=lambda fact: order.index(str(fact.value)))
    return ranked[:1]


def _torn(closures: list[Fact]) -> tuple[str, ...]:
    """Name the class where it is said to be left open as well as closed."""
    values = {fact.value for fact in closures}
    return ("closure_class",) if "none" in values and len(values) > 1 else ()
