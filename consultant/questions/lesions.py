"""Read the lesions of a letter: which there are, and which fact belongs to which."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from consultant.questions import breasts, findings, lesion_words, sites, size_headings
from consultant.questions.aside import Aside
from consultant.questions.findings import Mention
from consultant.questions.grouping import Grouping
from consultant.questions.layers import depths, tumor_depths
from consultant.questions.listing import Item
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.pieces import Lesion, Unit
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure, Role
from consultant.questions.vocabulary import Vocabulary

NOUN: Final = re.compile(
    r"\b(?:lesions?|moles?|nev(?:us|i)|cysts?|bccs?|sccs?|melanomas?|carcinomas?|(?-i:AKs?|SKs?|DN"
    r"|DF)|keratos[ei]s|papules?|nodules?|macules?"
    r"|growths?|tumou?rs?|basal cells?|squamous cells?|skin (?:cancers?|tags?)|dermatofibromas?"
    r"|(?:angio|fibro)?lipomas?|hemangiomas?|neurofibromas?|spots?|warts?|seb(?:orrheic)? k'?s?|seborrheics"
    r"|(?:lipomatous|fatty|adipose) (?:mass(?:es)?|tumou?rs?|growths?|lumps?)"
    r"|\w*sarcomas?|desmoids?|(?:soft[- ]tissue |subcutaneous )mass(?:es)?|lumps?|(?-i:SCCIS|SCCis)|verrucae?|cancers?"
    r"|acrochordons?|pyogenic granulomas?|fibromas?|lentigo|lentigines|bowen'?s?|merkel)\b",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"\b(?:and|plus|also|as well as|another|other one|except|other than|apart from|aside from)\b"
    r"|[;,&+\n](?=[ \t\n])|(?<=[ \t])/(?=[ \t])|\n(?=(?:both|all|each)\b)|(?<=\)) (?!(?:from|of|on|at|off|to)\b)",
    re.IGNORECASE,
)
# "Three nevi: chin 0.4 cm, nose 0.6 cm": what stands before the colon is said of all.
_HEADING: Final = re.compile(
    r"\b(?:lesions|moles|nevi|cysts|bccs|sccs|melanomas|keratoses|lipomas|growths|spots|sites|excisions"
    r"|following)\b[^:.;\n]{0,40}:(?=\s)",
    re.IGNORECASE,
)
_EXCISED_BEHIND: Final = re.compile(r"[ \t](?:was |were )?excised\b(?! (?:diameter|size|with|w/))", re.IGNORECASE)
_EXCISED_BEFORE: Final = re.compile(r"\bexcis(?:ed|ion)(?: of)?:?[ \t]$", re.IGNORECASE)
_CLOSED_BEHIND: Final = re.compile(
    r"(?:,|\.)[ \t](?:(?!\d)[^.;\n]){0,40}?\b(?:clos(?:ed|ure)|sutur\w+|repair\w*|stitch\w*|layer\w*)\b", re.IGNORECASE
)
_CUT_FROM: Final = re.compile(r"[ \t](?:from|off)\b", re.IGNORECASE)
# What is cut out of these is no lesion of the skin; wounds are read by the room next door.
_NOT_SKIN: Final = re.compile(
    r"\b(?:mesh|wounds?|ulcers?|debrid\w*|necro\w*|abscess\w*|gangren\w*|lac(?:eration)?s?|hernias?|bowel|colon\w*"
    r"|polyps?"
    r"|rect(?:um|al)|ovar\w*|uter\w*|cervi\w*|thyroid\w*|lymph|nodes?|tonsil\w*|hemorrhoids?|gallbladder|lungs?"
    r"|kidneys?"
    r"|nails?|bones?|breasts?|foreign body|bursa|ganglion|neuroma)\b",
    re.IGNORECASE,
)
# Tissues that a wound or a tumor lies in, and no places of the skin.
_TISSUES: Final = frozenset(
    (
        "muscle",
        "nerve",
        "bone marrow",
        "lymph node",
        "breast mass",
        "breast lump",
        "breast tissue",
        "liver",
        "lung",
        "kidney",
    )
)
_CODES_OF: Final = re.compile(
    r"[ \t](?:series|codes?|cpts?|category|groups?|grouping|range|family|section|table|(?:excision|lesion) codes?)\b",
    re.IGNORECASE,
)
_NEAR: Final = re.compile(
    r"\b(?:near|close to|next to|adjacent to|not on|not the)[ \t](?:the[ \t]|his[ \t]|her[ \t]|an?[ \t])?$",
    re.IGNORECASE,
)
# Of several values of these facts the first one stands and the others are no conflict.
_MANY_ALLOWED: Final = frozenset({"site", "margin_cm", "technique", "depth", "laterality", "lesion_size_in_words"})


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the lesions of the text in its order, and the names of facts that conflict within one lesion."""
    measures = tuple(_doubted(text, measures))
    if breasts.meant(text):
        return (), ()
    named = NOUN.search(text) or any(m.role in (Role.MARGIN, Role.EXCISED) for m in measures)
    named = named or lesion_words.mohs_done(text, sentences)
    if not named and not _excised_unnamed(text, sentences, vocabulary, measures):
        return (), ()
    subjects, conflicts = _lesions(text, sentences, vocabulary, measures, past=False)
    if not any(_sized(subject) for subject in subjects):
        # Coders often ask days later: a removal "last week" that is all the letter measures is the one asked about.
        retold = _lesions(text, sentences, vocabulary, measures, past=True)
        if any(_sized(subject) for subject in retold[0]):
            return retold
    return subjects, conflicts


def _sized(subject: Subject) -> bool:
    return any(fact.name in ("lesion_diameter_cm", "excised_diameter_cm") for fact in subject.facts)


def _lesions(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...], *, past: bool
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    units = _units(text, sentences, vocabulary, measures, past=past)
    subjects, conflicts = [], []
    grouped = Grouping(text, Aside(text, sentences, past=past)).group(units)
    _share_no_margin(text, sentences, grouped)
    for lesion in grouped:
        if lesion.mentions:
            facts, torn = _settled(lesion.mentions)
            subjects.append(Subject("lesion", facts))
            conflicts += torn
    return tuple(subjects), tuple(dict.fromkeys(conflicts))


_OF_ALL: Final = re.compile(r"\b(?:both|all|each|every|either)\b", re.IGNORECASE)


def _share_no_margin(text: str, sentences: Sentences, grouped: Iterable[Lesion]) -> None:
    """Give each lesion the "no margin" that is said of all: "both cysts excised along the wall, no margin"."""
    rows = list(grouped)
    told = [mention for row in rows for mention in row.mentions if mention.fact.name == "margin_cm"]
    if not told or any(mention.fact.value != 0 for mention in told):
        return
    sentence = sentences.around(told[0].fact.span.start)
    if _OF_ALL.search(text, sentence.start, sentence.end):
        for row in rows:
            row.mentions += [] if row.has("margin_cm") else told[:1]


def _excised_unnamed(text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]) -> bool:
    """Tell whether something with a size was excised from the skin, though no word says what: "excised 0.6 cm"."""
    if _NOT_SKIN.search(text) or not any(m.role in (Role.LESION, Role.UNSAID) and m.form != "area" for m in measures):
        return False
    excised = any(
        mention.fact.value in ("excision", "shave")
        for mention in findings.find(lesion_words.TECHNIQUE, text, sentences)
    )
    told = any(True for _ in findings.find(lesion_words.PATHOLOGY, text, sentences)) or any(
        sites.find(text, vocabulary)
    )
    return excised and told


def _doubted(text: str, measures: tuple[Measure, ...]) -> Iterator[Measure]:
    """Mark a size as uncertain where "0.6 cm excised" may be the lesion or, without a margin, what was cut out."""
    margins = any(m.role is Role.MARGIN for m in measures)
    sized = any(m.role in (Role.LESION, Role.UNSAID, Role.EXCISED) and m.form != "area" for m in measures)
    for measure in measures:
        if not sized and measure.role is Role.CLOSURE and _CLOSED_BEHIND.match(text, measure.end):
            # "Lipoma, 4.2 cm, closed in layers": the only size is that of the lesion.
            measure = replace(measure, role=Role.UNSAID)
        beside = _EXCISED_BEHIND.match(text, measure.end) or _EXCISED_BEFORE.search(
            text, max(0, measure.start - 24), measure.start
        )
        if measure.role is Role.OTHER and _CUT_FROM.match(text, measure.end) and beside:
            # "Excised 0.6 cm from the chin" is a size; without the excision it is a distance.
            measure = replace(measure, role=Role.UNSAID)
        doubted = measure.role is Role.UNSAID and measure.form != "area" and beside and not margins
        yield replace(measure, certain=False) if doubted else measure


def _units(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...], *, past: bool
) -> list[Unit]:
    """Cut the text into sentences and those at commas and conjunctions, and put everything found into its piece.

    With `past`, what was done before counts as well.
    """
    units: list[Unit] = []
    aside = Aside(text, sentences, past=past)
    labels = _labels(text, sentences, vocabulary, measures)
    # Neither within a measure nor within a label is cut, nor at the blank behind "1)".
    busy = [(m.start, m.end) for m in measures] + [(item.start, item.end + 1) for item in sentences.items]
    for sentence in sentences.spans:
        cuts = [
            match.start()
            for match in _CUT.finditer(text, sentence.start, sentence.end)
            if not any(start < match.end() and match.start() < end for start, end in busy)
        ]
        cuts += [match.end() - 1 for match in _HEADING.finditer(text, sentence.start, sentence.end)]
        bounds = [sentence.start, *sorted(set(cuts)), sentence.end]
        label = labels.get(sentence.start)
        pieces = [Unit(a, b, first=a == sentence.start) for a, b in pairwise(bounds) if a < b]
        pieces[0].label = label
        units += pieces
    acts = (*lesion_words.TECHNIQUE, *findings.CLOSURE)
    if past:
        acts = tuple(replace(row, act=False) for row in acts)
    rows = (*lesion_words.PATHOLOGY, *acts, lesion_words.RE_EXCISION, lesion_words.SOFT_TISSUE)
    found = [*findings.find(rows, text, sentences), *depths(text, sentences), *tumor_depths(text, sentences)]
    placed: list[tuple[int, object]] = [(m.fact.span.start, m) for m in found]
    # Where a lesion was in the past or will be treated later is no site of this encounter, and its size no size.
    places = _meant(text, [site for site in sites.find(text, vocabulary) if site.word not in _TISSUES])
    placed += [(s.start, s) for s in places if _of_today(sentences, s.start, s.end)]
    placed += [(m.start, m) for m in measures if _of_today(sentences, m.start, m.end)]
    bare = [Fact("margin_cm", 0.0, Span(*match.span())) for match in lesion_words.NO_MARGIN.finditer(text)]
    placed += [(fact.span.start, Mention(fact, 2)) for fact in bare]
    placed += [(match.start(), match) for match in size_headings.SIZE_WORDS.finditer(text)]
    placed = sorted((item for item in placed if not aside.holds(item[0])), key=lambda item: item[0])
    index = 0
    for position, thing in placed:
        while index + 1 < len(units) and position >= units[index].end:
            index += 1
        if units and units[index].start <= position < units[index].end:
            _put(units[index], thing)
    for unit in units:
        unit.noun = any(not aside.holds(noun.start()) for noun in NOUN.finditer(text, unit.start, unit.end))
    return units


def _labels(text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]) -> dict[int, str]:
    """Return the number of each item of a list of lesions, by where the item begins.

    A list is one of lesions when a word says so or when two of its items have a size or a site of their own; the
    items of any other list are facts of one lesion ("1. site: back 2. size: 1 cm") or questions.
    """
    places = [site.start for site in sites.find(text, vocabulary)] if sentences.items else []
    lengths = [m.start for m in measures if m.role in (Role.LESION, Role.UNSAID, Role.EXCISED)]
    runs: list[list[tuple[Item, int]]] = []
    for item, end in zip(sentences.items, [*(i.start for i in sentences.items[1:]), len(text)], strict=False):
        if not runs or (item.number == 1 and not item.named):
            runs.append([])
        runs[-1].append((item, end))
    labels: dict[int, str] = {}
    told = [*places, *lengths]
    for run in runs:
        sized = sum(any(item.start <= place < end for place in lengths) for item, end in run)
        placed = sum(any(item.start <= place < end for place in places) for item, end in run)
        if not sized and all("?" in text[item.start : end] for item, end in run):
            # A list of questions names lesions that are told of elsewhere.
            continue
        labels |= {
            item.start: str(item.number)
            for item, end in run
            if item.named
            # A question behind the lesions of a list is none of them.
            or ((sized > 1 or placed > 1) and not _only_asks(text, item.start, end, told))
        }
    if labels:
        return labels
    # Bullets and lines of a table are lesions where two of them give both a size and a site, and only those that do.
    places = [site.start for site in sites.find(text, vocabulary)] if sentences.bare else []
    ends = [sentences.around(item.start).end for item in sentences.bare]
    full = [
        item
        for item, end in zip(sentences.bare, ends, strict=True)
        if any(item.start <= place < end for place in places) and any(item.start <= place < end for place in lengths)
    ]
    return {item.start: f"line {item.number}" for item in full} if len(full) > 1 else {}


def _only_asks(text: str, start: int, end: int, told: Iterable[int]) -> bool:
    """Tell whether the line of an item is a question that gives neither a size nor a site."""
    end = text.find("\n", start, end) if text.find("\n", start, end) > 0 else end
    return "?" in text[start:end] and not any(start <= place < end for place in told)


def _meant(text: str, found: list[Site]) -> list[Site]:
    """Leave out a site that only names codes, "the trunk series", or that a lesion lay near, where another is told."""
    kept = [site for site in found if not _CODES_OF.match(text, site.end)]
    own = [site for site in kept if not _NEAR.search(text, max(0, site.start - 24), site.start)]
    return own or kept


def _of_today(sentences: Sentences, start: int, end: int) -> bool:
    return status(sentences, start, end, act=False) in (Status.AFFIRMED, Status.UNCERTAIN)


def _put(unit: Unit, thing: object) -> None:
    if isinstance(thing, Mention):
        unit.mentions.append(thing)
    elif isinstance(thing, Site):
        unit.sites.append(thing)
    elif isinstance(thing, Measure):
        unit.measures.append(thing)
    elif isinstance(thing, re.Match):
        # Guessing a number from a coin would decide a code; the words are shown and the size is asked for.
        fact = Fact("lesion_size_in_words", thing[0].lower(), Span(*thing.span()), certain=False)
        unit.mentions.append(Mention(fact, 1))


def _settled(mentions: Iterable[Mention]) -> tuple[tuple[Fact, ...], list[str]]:
    """Order the facts of one lesion, the one to believe first, and name those whose values cannot both be true."""
    mentions = _proved(mentions)
    words = {str(mention.fact.value) for mention in mentions if mention.fact.name == "site"}
    # Of a place and the greater one that it lies in, the letter means the nearer: the occipital scalp, not the head.
    mentions = [
        replace(
            mention, rank=mention.rank + (mention.fact.name == "site" and sites.holds(str(mention.fact.value), words))
        )
        for mention in mentions
    ]
    ordered = sorted(mentions, key=_order)
    kept: list[Fact] = []
    torn: list[str] = []
    best: dict[str, Mention] = {}
    for mention in ordered:
        fact = mention.fact
        first = best.setdefault(fact.name, mention)
        if first is mention:
            kept.append(fact)
        elif fact.value != first.fact.value:
            weaker = mention.rank > first.rank or not fact.certain
            if fact.name not in _MANY_ALLOWED and not weaker:
                torn.append(fact.name)
            kept.append(fact)
    return tuple(kept), torn


def _proved(mentions: Iterable[Mention]) -> list[Mention]:
    """Leave out findings that others overrule: one that was pending once it is there, one of a second specimen.

    A re-excision is coded by what the first specimen showed (CPT, Excision - Malignant Lesions).
    """
    kept = list(mentions)
    found = {mention.fact.value for mention in kept if mention.fact.name == "pathology" and mention.fact.certain}
    reported = {
        mention.fact.value
        for mention in kept
        if mention.fact.name == "pathology" and mention.fact.certain and mention.rank == 0
    } - {"pending"}
    overruled: set[object] = {"pending", "unspecified"} if reported else set()
    if any(mention.fact.name == "re_excision" for mention in kept) and found & {"malignant", "in_situ"}:
        overruled |= {"benign", "pending", "unspecified"}
    return [mention for mention in kept if mention.fact.name != "pathology" or mention.fact.value not in overruled]


def _order(mention: Mention) -> tuple[str, bool, int, float, int]:
    fact = mention.fact
    narrow = float(fact.value) if fact.name == "margin_cm" else 0.0
    return fact.name, not fact.certain, mention.rank, narrow, fact.span.start
