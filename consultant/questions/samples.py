"""Read biopsies of the skin: one subject for each place that was sampled, or one with their number, by technique."""

import re
from collections.abc import Iterable
from typing import Final

from consultant.questions import counting, findings, items, lesion_words, sites
from consultant.questions.aside import Aside
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sites import Site
from consultant.questions.vocabulary import Vocabulary
from knowledge.model import Phrase

_OF_SKIN: Final = ("tangential", "punch", "incisional")
_BIOPSY: Final = re.compile(r"\b(?:biops(?:y|ies|ied)|bx'?(?:d|s|es)?|punch(?:es|ed)?)\b", re.IGNORECASE)
# What is sampled of these is no skin; a biopsy of breast, bone or bowel has codes of its own.
_ORGAN: Final = re.compile(
    r"\b(?:breasts?|prostat\w*|liver|kidney|renal|lung|thyroid|bones?|marrow|lymph|nodes?|colon\w*|polyps?|endometri\w*"
    r"|cervi(?:x|cal)|muscles?|nerve(?!s? (?:fib|dens))|arter\w+|needle|core|fna|gastric|esophag\w*|bladder"
    r"|uter\w+|transbronchial)\b"
    r"(?! (?:skin|carcinoma|cell))",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"[^.;\n]{0,40}?\b(?:last|in (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|20\d\d)|(?:weeks?|months?|days?) (?:ago|earlier|before))\b|[ \t]\d{1,2}/\d{1,2}(?:/\d{2,4})?\)",
    re.IGNORECASE,
)

Told = tuple[Phrase, Span]


def read(
    text: str,
    sentences: Sentences,
    vocabulary: Vocabulary,
    told: Iterable[Told],
    aside: Aside,
    removed: tuple[Subject, ...],
) -> tuple[Subject, ...]:
    """Return the biopsies that were taken; `removed` are lesions that were dealt with otherwise.

    A biopsy of a lesion that was removed as well is part of how it was proved, and no service of its own.
    """
    if not _BIOPSY.search(text):
        return ()
    if listed := _listed(text, sentences, vocabulary, aside):
        return listed
    by_technique = _by_technique(text, sentences, told, aside)
    places = [site for site in sites.find(text, vocabulary) if _of_skin(aside, site)]
    gone = {str(fact.value) for subject in removed for fact in subject.facts if fact.name == "site"}
    subjects: list[Subject] = []
    starts = sorted(span.start for spans in by_technique.values() for span in spans)
    for technique, spans in by_technique.items():
        own = _own_places(text, sentences, spans, starts, places)
        if removed:
            own = [site for site in own if not any(sites.kin(site.word, word) for word in gone)]
            if not own:
                continue
        subjects += _subjects(text, sentences, technique, spans, own, alone=len(by_technique) == 1)
    if len(subjects) == 1 and len(by_technique) == 1 and not any(f.name == "site" for f in subjects[0].facts):
        words = {site.word for site in places}
        if len(words) == 1 and not removed:
            subjects[0] = Subject("lesion", (*subjects[0].facts, *sites.facts(places[0])))
    return tuple(subjects)


# Beside a biopsy that is called one, "4 mm punch of the left shin" is one too.
_BARE_PUNCH: Final = re.compile(
    r"\b\d(?:\.\d)?[ \t-]?mm punch(?:es)?\b(?! (?:excision|tool|instrument|biops|bx|was used|used))", re.IGNORECASE
)
_OTHERWISE: Final = re.compile(
    r"\b(?:excis\w*|remov\w*|graft\w*|shav\w*|cryo\w*|destr\w*|curett\w*|scar\w*|closed|mohs)\b", re.IGNORECASE
)
_WAYS: Final = {
    "tangential": re.compile(
        r"\b(?:shav(?:e|ed|ing)|tangential(?:ly)?|scoop(?:ed)?|saucer\w*|derma-?blade|(?:curved|flexible|razor) blade"
        r"|double-?edged? razor|curette biops\w*|horizontal plane)\b(?! (?:removal|excision))",
        re.IGNORECASE,
    ),
    "punch": re.compile(r"\b(?:punch(?:es|ed)?|trephine)\b(?! excision)", re.IGNORECASE),
    "incisional": re.compile(
        r"\b(?:incisional(?:ly)?|wedge|elliptical (?:wedge|piece|sample)|ellipse|incised)\b(?! removal)", re.IGNORECASE
    ),
}
_SAME_WAY: Final = re.compile(
    r"\b(?:same(?: way| technique| method)?|ditto|likewise|as (?:above|for [A-H1-9]))\b", re.IGNORECASE
)
_REMOVED: Final = re.compile(
    r"(?<!suture )(?<!sutures )(?<!stitch )(?<!staple )\b(?:removal(?! of (?:the )?(?:sutures|stitches|staples))"
    r"|removed|excis(?:ed|ion)|cryo\w*|froze|frozen|destroy\w*|destruction|ed ?& ?c|mohs"
    r"|curett(?:ed|age)|\w*desiccat\w*|electrosurg\w*|lasered)\b",
    re.IGNORECASE,
)


_SHAVED_OFF: Final = re.compile(r"\bshaved?[- ](?:removals?|removed|excisions?|off)\b", re.IGNORECASE)


def _listed(text: str, sentences: Sentences, vocabulary: Vocabulary, aside: Aside) -> tuple[Subject, ...]:
    """Return the samples of a list, one for each of its things that was sampled, where two of them were."""
    places = [site for site in sites.find(text, vocabulary) if _of_skin(aside, site)]
    removing = _SHAVED_OFF.search(text)
    found: list[Subject] = []
    before: str | None = None
    for row in items.find(text, sentences, places):
        if removing and not any(_BIOPSY.search(text, span.start, span.end) for span in row.spans):
            # Where lesions are shaved off, a shave is a biopsy only where it is called one.
            continue
        told = _way(text, sentences, row, aside, before)
        if told is None:
            continue
        before, span = told
        technique = before
        own = next((site for site in places if row.holds(site.start)), None)
        facts = [Fact("technique", "biopsy", span), Fact("biopsy_technique", technique, span)]
        facts += [Fact("lesion_count", 1, span), *(sites.facts(own) if own else ())]
        found.append(Subject("lesion", tuple(facts)))
    return tuple(found) if len(found) > 1 else ()


def _of_skin(aside: Aside, site: Site) -> bool:
    """Tell whether a site may be where skin was sampled; the nerve of "nerve fiber density" is none."""
    return site.word not in ("nerve", "muscle") and not aside.holds(site.start)


_PART: Final = re.compile(
    r"\b(?P<part>distal|proximal|upper|lower|mid(?:dle)?|medial|lateral|anterior|posterior|inner|outer)[ \t-]"
    r"(?:(?:left|right|lt|rt|l|r)[ \t])?$",
    re.IGNORECASE,
)


def _way(text: str, sentences: Sentences, row: items.Told, aside: Aside, before: str | None) -> tuple[str, Span] | None:
    """Return by which technique a thing of a list was sampled, None where it was removed or let be."""
    ways = sorted(
        (match.start(), technique, Span(*match.span()))
        for span in row.spans
        for technique, pattern in _WAYS.items()
        for match in pattern.finditer(text, span.start, span.end)
        if status(sentences, match.start(), match.end(), act=True) is Status.AFFIRMED
        and not aside.holds(match.start())
        and not _EARLIER.match(text, match.end())
    )
    if any(
        status(sentences, match.start(), match.end(), act=True) is Status.AFFIRMED and not aside.holds(match.start())
        for span in row.spans
        for match in _REMOVED.finditer(text, span.start, span.end)
    ):
        return None
    if ways:
        _, technique, span = ways[0]
        return technique, span
    for span in row.spans:
        if before and (same := _SAME_WAY.search(text, span.start, span.end)):
            return before, Span(*same.span())
    return None


def _by_technique(text: str, sentences: Sentences, told: Iterable[Told], aside: Aside) -> dict[str | None, list[Span]]:
    """Return where biopsies are told of by technique; under None those of which none tells it."""
    found: dict[str | None, list[Span]] = {}
    spoken = [(phrase.value, span) for phrase, span in told if phrase.fact == "biopsy_technique"]
    for value, span in spoken:
        if value in _OF_SKIN and _taken(text, sentences, aside, span):
            found.setdefault(str(value), []).append(span)
    if found:
        held = [span for spans in found.values() for span in spans]
        found_bare = [
            Span(*match.span())
            for match in _BARE_PUNCH.finditer(text)
            if not any(span.start < match.end() and match.start() < span.end for span in held)
        ]
        for span in found_bare:
            if _taken(text, sentences, aside, span):
                found.setdefault("punch", []).append(span)
    if found or spoken:
        return found
    generic = [
        mention.fact.span
        for mention in findings.find(lesion_words.TECHNIQUE, text, sentences)
        if mention.fact.value == "biopsy" and mention.fact.certain
    ]
    generic = [span for span in generic if _taken(text, sentences, aside, span)]
    by_way = [span for span in generic if _by_way(text, sentences, span)]
    if by_way:
        # A question names the service once more: "code for the biopsy?"
        generic = [span for span in generic if span in by_way or text[sentences.around(span.start).end - 1] != "?"]
    if not generic and not _OTHERWISE.search(text):
        # "6 mm punch of the scalp", and nothing that it could be but a sample.
        bare = [Span(*match.span()) for match in _BARE_PUNCH.finditer(text)]
        return {"punch": taken} if (taken := [span for span in bare if _taken(text, sentences, aside, span)]) else {}
    for span in generic:
        found.setdefault(_by_way(text, sentences, span), []).append(span)
    return found


_BY: Final = re.compile(r"\b(?:by|with|w/|via|using|through)[ \t]?(?:[\w.-]+[ \t]){0,3}$", re.IGNORECASE)
_METHOD: Final = re.compile(r"[ \t](?:technique|method)\b", re.IGNORECASE)


def _by_way(text: str, sentences: Sentences, span: Span) -> str | None:
    """Return the one technique that the sentence of a biopsy says it was taken by: "five biopsied, all by shave"."""
    sentence = sentences.around(span.start)
    told = {
        technique
        for technique, pattern in _WAYS.items()
        for match in pattern.finditer(text, sentence.start, sentence.end)
        if _BY.search(text, max(sentence.start, match.start() - 40), match.start())
        or _METHOD.match(text, match.end())
        or match[0].lower() == "punches"
    }
    return told.pop() if len(told) == 1 else None


def _taken(text: str, sentences: Sentences, aside: Aside, span: Span) -> bool:
    """Tell whether a biopsy of the skin was taken at this encounter."""
    sentence = sentences.around(span.start)
    return (
        status(sentences, span.start, span.end, act=True) is Status.AFFIRMED
        and not aside.holds(span.start)
        and not lesion_words.proves(text, span.start, span.end)
        and not _EARLIER.match(text, span.end)
        and not _ORGAN.search(text, sentence.start, sentence.end)
    )


def _own_places(
    text: str, sentences: Sentences, spans: list[Span], starts: list[int], places: list[Site]
) -> list[Site]:
    """Return the sites that stand with the mentions of one technique, up to the next technique."""
    found: dict[tuple[str, str | None, str], Site] = {}
    for span in spans:
        sentence = sentences.around(span.start)
        end = min((start for start in starts if start > span.start), default=sentence.end)
        since = max((start for start in starts if start < span.start), default=sentence.start)
        behind = [site for site in places if span.start <= site.start < min(end, sentence.end)]
        before = [site for site in places if max(since, sentence.start) <= site.start < span.start]
        for site in behind or before:
            # A proximal and a distal thigh are two places.
            part = _PART.search(text, max(0, site.start - 24), site.start)
            found.setdefault((site.word, site.side, part["part"].lower() if part else ""), site)
    return list(found.values())


_AT_SITES: Final = re.compile(
    rf"(?<![\w.#/$-])(?P<n>{counting.NUMBER})[ \t](?:separate[ \t]|different[ \t]|distinct[ \t]|skin[ \t])*"
    r"(?:sites|locations|places|lesions|areas|punches|spots|moles|nevi|growths|papules|plaques|nodules)\b",
    re.IGNORECASE,
)


_OF_SO_MANY: Final = re.compile(
    rf"[ \t](?:of|from)[ \t](?P<n>{counting.NUMBER})[ \t]"
    r"(?:(?:separate|different|distinct|pigmented|dark|new)[ \t]){0,2}"
    r"(?:sites|locations|lesions|areas|spots|moles|nevi|growths|papules|plaques|nodules|macules)\b",
    re.IGNORECASE,
)
"""How many things one kind of sample was taken of: "tangential biopsies of two moles"."""


_SEVERAL: Final = re.compile(
    r"\b(?:several|multiple|numerous|many|various)\b[^.;\n]{0,24}\b(?:lesions|biopsies|sites|spots|areas|places|punches)\b",
    re.IGNORECASE,
)


def _bounds(sentences: Sentences, span: Span) -> tuple[int, int]:
    sentence = sentences.around(span.start)
    return sentence.start, sentence.end


def _subjects(
    text: str, sentences: Sentences, technique: str | None, spans: list[Span], own: list[Site], *, alone: bool
) -> list[Subject]:
    facts = [Fact("technique", "biopsy", spans[0])]
    facts += [Fact("biopsy_technique", technique, spans[0])] if technique else []
    counts = [
        count
        for span in spans
        if (count := counting.beside(text, span.start, span.end, since=sentences.around(span.start).start))
    ]
    counts = counts or [
        counting.Count(counting.number(of["n"]), *of.span("n"))
        for span in spans
        if (of := _OF_SO_MANY.match(text, span.end))
    ]
    if not counts and alone:
        counts = [
            counting.Count(counting.number(match["n"]), *match.span("n"))
            for span in spans
            for match in _AT_SITES.finditer(text, *_bounds(sentences, span))
        ]
    settled = counting.settled(counts)
    most = max((count.number for count in settled), default=None)
    if most is None and _SEVERAL.search(text):
        # Several at two places are more than two, and nobody counted them.
        return [Subject("lesion", tuple(facts))]
    if len(own) > 1 and most in (None, len(own)):
        # Each place is one; a number of the letter is that of all of them.
        return [
            Subject("lesion", (*facts, Fact("lesion_count", 1, Span(site.start, site.end)), *sites.facts(site)))
            for site in own
        ]
    if most is not None and settled:
        facts.append(Fact("lesion_count", most, Span(settled[0].start, settled[0].end)))
    return [Subject("lesion", (*facts, *(sites.facts(own[0]) if len(own) == 1 else ())))]
