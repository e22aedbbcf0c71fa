"""Read lesions that are counted and not measured: keratoses, warts, molluscum and skin tags, one subject for each kind.

Their codes follow from how many were treated, wherever they were; a size or a finding of pathology decides nothing.
"""

import re
from collections.abc import Iterable
from typing import Final

from consultant.questions import counting, findings, lesion_words, sites
from consultant.questions.aside import Aside
from consultant.questions.counting import Count
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.vocabulary import Vocabulary
from knowledge.model import Phrase

_COUNTED: Final = frozenset({"actinic_keratosis", "other_premalignant", "wart", "molluscum"})
"""Kinds that are coded by their number as soon as they are destroyed, or told of with a number."""
_IF_DESTROYED: Final = frozenset({"seborrheic_keratosis", "other_benign"})
"""Kinds that are as often shaved or cut out."""
_TAGS: Final = "skin_tag"
_UNCOUNTED: Final = frozenset({"acne_frozen", "acne_peeled"})
_GRANULATION: Final = "granulation_tissue"
# Granulation tissue is what a healing wound is full of; only its cautery by a chemical is a service.
_CAUTERY: Final = re.compile(r"\b(?:silver nitrate|chemical(?:ly)? cauter\w+|cauteri[sz]\w+|cautery)\b", re.IGNORECASE)

# "As she also had warts of the fingers, she froze 4 of those."
_OF_THOSE: Final = re.compile(
    r"\b(?:froze|frozen|treat\w*|destroy\w*|remov\w*|did|snip\w*|burn\w*|zap\w*|dabb\w*|shav\w*|t(?:ook|aken) off)[ \t]"
    rf"(?:\w+[ \t]){{0,2}}?(?P<n>{counting.NUMBER})[ \t]of[ \t](?:those|these|them)\b(?! were (?:not|left))",
    re.IGNORECASE,
)

_NEAR: Final = 28
"""Characters between a kind of lesion and the place that it is said to be at."""
_OF_SO_MANY: Final = re.compile(
    r"\b(?:of|had|has|with|out of|total)[ \t](?:the[ \t]|his[ \t]|her[ \t])?\w+[ \t]", re.IGNORECASE
)

_SO_MANY_TAGS: Final = re.compile(
    rf"(?<![\w.#/$-])(?:[x×][ \t]?)?{counting.NUMBER}[ \t]+"
    r"(?:(?!(?:price|name|id|dog|ear|anal|rectal)\b)[a-z'-]+[ \t]+){0,2}?"
    r"(?P<tags>tags?)\b(?![ \t-](?:team|line|along|sutures?|stitch))",
    re.IGNORECASE,
)
"""Tags that a coder counts are those of skin, whatever is said of them: "22 tags off the neck"."""
_NUMBER_INSIDE: Final = re.compile(rf"(?<![\w.-])(?P<n>{counting.NUMBER})(?=[ \t])", re.IGNORECASE)
"""A number among the words of the phrase itself: "clipped forty-one tags"."""
_SO_MANY_LESIONS: Final = re.compile(
    rf"(?<![\w.#/$-])(?P<n>{counting.NUMBER})[ \t](?:lesions|spots|papules|bumps|growths)\b", re.IGNORECASE
)
Told = tuple[Phrase, Span]


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, told: Iterable[Told], aside: Aside
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return one subject for each kind of counted lesion that was treated, and the names of facts that conflict."""
    named = _named(text, sentences, told, aside)
    if not named:
        return (), ()
    acts = [
        mention.fact
        for mention in findings.find(lesion_words.TECHNIQUE, text, sentences)
        if not aside.holds(mention.fact.span.start) and mention.fact.certain
    ]
    done = {fact.value for fact in acts}
    places = [(site.start, site.end) for site in sites.find(text, vocabulary) if not aside.holds(site.start)]
    subjects: list[Subject] = []
    torn = False
    for kind, spans in named.items():
        destroyed = next((fact for fact in acts if fact.value == "destruction"), None)
        if kind in _UNCOUNTED or (kind == _GRANULATION and _CAUTERY.search(text)):
            subjects.append(Subject("lesion", (Fact("lesion_kind", kind, spans[0]),)))
            continue
        if kind != _TAGS and (not destroyed if kind in _IF_DESTROYED else kind not in _COUNTED):
            continue
        if kind != _TAGS and done - {"destruction", "biopsy", "mohs"}:
            continue
        others = sorted(span.start for other, rows in named.items() if other != kind for span in rows)
        counts = _counts(text, sentences, spans, acts, places, others)
        if not counts and not acts and kind != _TAGS:
            continue
        torn = torn or len({count.number for count in counts}) > 1
        facts = [Fact("lesion_kind", kind, spans[0])]
        facts += [Fact("technique", "destruction", destroyed.span)] if destroyed and kind != _TAGS else []
        facts += [Fact("lesion_count", count.number, Span(count.start, count.end)) for count in counts]
        subjects.append(Subject("lesion", (*facts, *_site(text, sentences, vocabulary, spans, aside))))
    return tuple(subjects), ("lesion_count",) if torn else ()


def _named(text: str, sentences: Sentences, told: Iterable[Told], aside: Aside) -> dict[str, list[Span]]:
    """Return where each kind of lesion is named that was treated; several families list the same words."""
    named: dict[str, dict[Span, None]] = {}
    for phrase, span in told:
        if phrase.fact == "lesion_kind" and isinstance(phrase.value, str) and not aside.holds(span.start):
            meant = status(sentences, span.start, span.end, act=False)
            if meant in (Status.AFFIRMED, Status.UNCERTAIN):
                named.setdefault(phrase.value, {})[span] = None
    known = [span for rows in named.values() for span in rows]
    for match in _SO_MANY_TAGS.finditer(text):
        span = Span(*match.span("tags"))
        apart = not aside.holds(span.start) and not any(row.start < span.end and span.start < row.end for row in known)
        if apart and status(sentences, *match.span(), act=False) is Status.AFFIRMED:
            named.setdefault(_TAGS, {})[span] = None
    return {kind: list(rows) for kind, rows in named.items()}


def _counts(
    text: str,
    sentences: Sentences,
    spans: list[Span],
    acts: list[Fact],
    places: list[tuple[int, int]],
    others: list[int],
) -> list[Count]:
    """Return how many there were: one number, or several that cannot all hold.

    `places` are the sites of the text, `others` where other kinds of lesions are named; a number behind one is its own.
    """
    alone = not others
    if alone and (whole := counting.total(text)):
        return [whole]
    starts = [start for start, _ in places]
    found: list[Count] = []
    ones: list[Count] = []
    for span in spans:
        around = sentences.around(span.start)
        end = min((start for start in others if span.end <= start < around.end), default=around.end)
        since = around.start if alone else span.end
        done = any(around.start <= act.span.start < around.end for act in acts)
        # A number before another kind is that one's: "15 skin tags and 4 AKs, snip for tags".
        other = max((start for start in others if around.start <= start < span.start), default=around.start)
        count = counting.beside(text, span.start, span.end, since=other)
        behind = counting.behind_places(text, since, end, places)
        spread = counting.at_places(text, since, end, starts)
        if count:
            further = [row for row in counting.at_places(text, span.end, end, starts) if row.start != count.start]
            parts = sum(other.number for other in further)
            if further and parts not in (0, count.number):
                # "5 tags from the eyelid and 11 from the neck": the first number is one of the parts.
                count = counting.added([count, *further])
            found.append(count._replace(done=done))
        elif behind:
            found.append(counting.added(behind)._replace(done=done))
        elif len(spread) > 1:
            found.append(counting.added(spread)._replace(done=done))
        elif those := _NUMBER_INSIDE.search(text, span.start, span.end) or _OF_THOSE.search(text, span.end, end):
            found.append(Count(counting.number(those["n"]), *those.span("n"), done))
        elif counting.is_one(text, span.start, span.end, since=around.start):
            ones.append(Count(1, span.start, span.end, done))
    if found:
        # Several families may list the same words.
        found = list({count.start: count for count in found}.values())
        apart = len(found) > 1 and (_each_placed(text, sentences, spans, starts) or _by_headings(text, found, places))
        return [counting.summed(found)] if apart else counting.settled(found)
    anywhere = _anywhere(text, places) if alone else []
    return anywhere or counting.settled(ones) or (_lesions(text) if alone else [])


def _lesions(text: str) -> list[Count]:
    """Return the one number of lesions that a letter about one kind of them gives."""
    given = {counting.number(match["n"]): match for match in _SO_MANY_LESIONS.finditer(text)}
    return [Count(number, *match.span("n")) for number, match in given.items()] if len(given) == 1 else []


def _by_headings(text: str, found: list[Count], places: list[tuple[int, int]]) -> bool:
    """Tell whether every number stands in a line or sentence that begins with its place: "Right axilla: nine tags"."""
    lines = [max(text.rfind(end, 0, count.start) for end in ("\n", ". ", "; ")) + 1 for count in found]
    return len(set(lines)) == len(lines) and all(
        any(line <= start and end <= count.start and ":" in text[end : count.start] for start, end in places)
        and re.fullmatch(r"[^.;]{0,40}:[ \t]*", text[line : count.start])
        for line, count in zip(lines, found, strict=True)
    )


def _each_placed(text: str, sentences: Sentences, spans: list[Span], starts: list[int]) -> bool:
    """Tell whether one sentence names the kind place by place: "4 AK lesions on the face and 2 on a hand"."""
    first = sentences.around(spans[0].start)
    return (
        len({sentences.around(span.start) for span in spans}) == 1
        and all(any(span.end <= start < span.end + _NEAR for start in starts) for span in spans)
        and not _OF_SO_MANY.search(text, first.start, spans[-1].start)
    )


def _anywhere(text: str, places: list[tuple[int, int]]) -> list[Count]:
    """Return how many there were by the numbers at places anywhere in a letter about one kind of lesion."""
    if behind := counting.behind_places(text, 0, len(text), places):
        return [counting.added(behind)]
    spread = counting.at_places(text, 0, len(text), [start for start, _ in places])
    if len(spread) > 1:
        return [counting.added(spread)]
    single = counting.lone(text)
    return [single] if single else []


def _site(text: str, sentences: Sentences, vocabulary: Vocabulary, spans: list[Span], aside: Aside) -> list[Fact]:
    """Return the one place that the lesions were at, where their sentences name no more than one."""
    found = [
        site
        for site in sites.find(text, vocabulary)
        if not aside.holds(site.start)
        and any(sentences.around(site.start) == sentences.around(span.start) for span in spans)
    ]
    return sites.facts(found[0]) if len({site.word for site in found}) == 1 else []
