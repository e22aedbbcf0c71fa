"""Read the lesions of a letter: which there are, and which fact belongs to which."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from consultant.questions import findings, sites, sizes
from consultant.questions.findings import Mention
from consultant.questions.grouping import Grouping, Unit
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure, Role
from consultant.questions.vocabulary import Vocabulary

NOUN: Final = re.compile(
    r"\b(?:lesions?|moles?|nev(?:us|i)|cysts?|bccs?|sccs?|melanomas?|carcinomas?|(?-i:AKs?|SKs?|DN"
    r"|DF)|keratos[ei]s|papules?|nodules?|macules?"
    r"|growths?|tumou?rs?|basal cells?|squamous cells?|skin (?:cancers?|tags?)|dermatofibromas?"
    r"|lipomas?|hemangiomas?|neurofibromas?|spots?|warts?"
    r"|pyogenic granulomas?|fibromas?|lentigo|lentigines|bowen'?s?|merkel)\b",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"\b(?:and|plus|also|as well as|another|other one)\b|[;,&+\n](?=[ \t\n])|(?<=\)) ", re.IGNORECASE
)
# Of several values of these facts the first one stands and the others are no conflict.
_MANY_ALLOWED: Final = frozenset({"site", "margin_cm", "technique", "depth", "laterality", "lesion_size_in_words"})


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the lesions of the text in its order, and the names of facts that conflict within one lesion."""
    if not NOUN.search(text) and not any(m.role in (Role.MARGIN, Role.EXCISED) for m in measures):
        return (), ()
    units = _units(text, sentences, vocabulary, measures)
    lesions = [lesion for lesion in Grouping(text).group(units) if lesion.mentions]
    subjects, conflicts = [], []
    for lesion in lesions:
        facts, torn = _settled(lesion.mentions)
        subjects.append(Subject("lesion", facts))
        conflicts += torn
    return tuple(subjects), tuple(dict.fromkeys(conflicts))


def _units(text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...]) -> list[Unit]:
    """Cut the text into sentences and those at commas and conjunctions, and put everything found into its piece."""
    units: list[Unit] = []
    busy = [(m.start, m.end) for m in measures]
    for sentence in sentences.spans:
        if _bygone(text, sentences, sentence):
            continue
        cuts = [
            match.start()
            for match in _CUT.finditer(text, sentence.start, sentence.end)
            if not any(start < match.end() and match.start() < end for start, end in busy)
        ]
        bounds = [sentence.start, *cuts, sentence.end]
        units += [Unit(a, b, first=a == sentence.start) for a, b in pairwise(bounds) if a < b]
    rows = (*findings.PATHOLOGY, *findings.TECHNIQUE, *findings.CLOSURE, findings.RE_EXCISION)
    found = [*findings.find(rows, text, sentences), *_depths(text, sentences)]
    placed: list[tuple[int, object]] = [(m.fact.span.start, m) for m in found]
    # Where a lesion was in the past or will be treated later is no site of this encounter, and its size no size.
    placed += [(s.start, s) for s in sites.find(text, vocabulary) if _of_today(sentences, s.start, s.end)]
    placed += [(m.start, m) for m in measures if _of_today(sentences, m.start, m.end)]
    placed += [(match.start(), match) for match in sizes.SIZE_WORDS.finditer(text)]
    placed.sort(key=lambda item: item[0])
    index = 0
    for position, thing in placed:
        while index + 1 < len(units) and position >= units[index].end:
            index += 1
        if units and units[index].start <= position < units[index].end:
            _put(units[index], thing)
    for unit in units:
        unit.noun = bool(NOUN.search(text, unit.start, unit.end))
    return units


def _bygone(text: str, sentences: Sentences, sentence: Span) -> bool:
    """Tell whether a sentence speaks only of a removal that was long ago or is still to come.

    A biopsy of last month does not make the lesion a past one: its finding is the finding of today.
    """
    meant = [
        status(sentences, match.start(), match.end(), act=True)
        for row in findings.TECHNIQUE
        if row.value != "biopsy"
        for match in row.pattern.finditer(text, sentence.start, sentence.end)
    ]
    return bool(meant) and all(one in (Status.HISTORICAL, Status.PLANNED) for one in meant)


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


def _depths(text: str, sentences: Sentences) -> Iterator[Mention]:
    """Yield depths only where the text speaks of how deep was cut or lay: "to fascia", "subcutaneous lipoma"."""
    for mention in findings.find(findings.DEPTH, text, sentences):
        before = text[max(0, mention.fact.span.start - 28) : mention.fact.span.start]
        deep = re.search(
            r"\b(?:to|through|into|level of|including|down|depth|deep)\b[^.;,]{0,20}$", before, re.IGNORECASE
        )
        mass = re.match(r"[ \t](?:lipoma|mass|tumou?r|lesion|cyst)", text[mention.fact.span.end :][:12], re.IGNORECASE)
        if deep or mass or mention.fact.value == "skin":
            yield mention


def _settled(mentions: Iterable[Mention]) -> tuple[tuple[Fact, ...], list[str]]:
    """Order the facts of one lesion, the one to believe first, and name those whose values cannot both be true."""
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


def _order(mention: Mention) -> tuple[str, bool, int, float, int]:
    fact = mention.fact
    narrow = float(fact.value) if fact.name == "margin_cm" else 0.0
    return fact.name, not fact.certain, mention.rank, narrow, fact.span.start
