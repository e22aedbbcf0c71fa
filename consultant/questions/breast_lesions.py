"""Read the lesions of the breast that a needle reached: how many by which imaging, and on which side.

Each kind of guidance has its own lesions and its own side: "stereo on the left, then a nodule of the right by US".
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from consultant.questions import breast_sides, counting
from consultant.questions.aside import Aside
from consultant.questions.counting import NUMBER, Count
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


_GUIDANCE: Final = tuple(
    (value, _words(pattern))
    for value, pattern in (
        ("stereotactic", r"stereo(?:tactic(?:ally)?)?(?:[- ]guid\w+)?|prone table"),
        ("tomosynthesis", r"tomo(?:synthesis)?(?:[- ]guid\w+)?|dbt|3d[- ]guided"),
        ("mri", r"mri?(?:[- ]guid\w+)?|magnetic resonance"),
        ("ultrasound", r"ultra-?sound(?:[- ]guid\w+)?|sono\w*|(?-i:U/?S)(?:[- ]guid\w+)?|u/s(?:[- ]guid\w+)?"),
        (
            "mammographic",
            (
                r"mammo(?:graph\w+|gram)?[- ](?:guid\w+|control)|(?:under|by|with|via|using|guidance:?) "
                r"(?:\w+[- ]){0,3}mammo(?:graph\w+|grams?)?(?! (?:was|is|were|after|showed))|"
                r"(?:two|2)[- ]view mammo(?:graph\w+|grams?)"
            ),
        ),
        (
            "none",
            (
                r"(?:without|no) (?:imaging|image|u/?s|ultra-?sound|sono\w*)(?: (?:guidance|in (?:the )?room"
                r"|used|at all))?"
                r"|by (?:palpation|feel|touch|hand)"
                r"|palpation[- ]guided|freehand"
            ),
        ),
    )
)
_GUIDES: Final = re.compile(r"guid\w+|stereo|tomo|prone|palpation|imag|mammo|feel|touch", re.IGNORECASE)
_GUIDED_BY: Final = re.compile(
    r"\b(?:under|using|with|by|via|guidance:?)[ \t](?:(?:real[- ]time|direct|live|handheld)[ \t])?$", re.IGNORECASE
)
# "MRI bx", "US vacuum core": the imaging that stands with the act guided it.
_GUIDED_ACT: Final = re.compile(
    r"[ \t-](?:(?:vac\w*|core|needle|wire|seed|\d{1,2}g)[ \t-]){0,3}(?:bx'?s?|biops\w+|cores?|locs?"
    r"|locali[sz]\w+|aspirat\w+)\b",
    re.IGNORECASE,
)
# A guidance that the letter gives only for an image: what was seen, read or billed besides.
_LOOKED: Final = re.compile(
    r"[ \t](?:(?:tech\w*|report|images?|machine|unit|department|showed|shows|found|demonstrated)\b"
    r"|(?:was |were )?(?:coded|billed|normal|negative))",
    re.IGNORECASE,
)
# A sentence that weighs which imaging it may have been tells of none.
_WEIGHED: Final = re.compile(
    r"\b(?:(?:could|might|may)(?: have)? be(?:en)?|either"
    r"|(?:has|have|owns?|uses?) (?:\w+ ){0,2}(?:machine|unit|table|suite|room)"
    r"|(?:the )?one or the other|not (?:say|said|told|stated?|mention\w*)|unclear|unknown"
    r"|went to the|was (?:once )?told|(?:block|room) time"
    r"|(?:does|did)n'?t (?:say|state|mention))\b",
    re.IGNORECASE,
)
_THINGS: Final = (
    r"(?:(?:[\w-]+ ){0,3}(?:lesions?|mass(?:es)?|lumps?|nodules?|clusters?|sites?|areas?|cysts?|foc(?:us|i)"
    r"|fibroadenomas?|biopsies|papillomas?|densit(?:y|ies)|distortions?|targets?"
    r"|calcifications|calcs|spots?))"
)
_SINGLE: Final = re.compile(
    r"\b(?:lesion|mass|lump|nodule|cyst|fibroadenoma|focus|papilloma|cluster|distortion|density)\b", re.IGNORECASE
)
_SEVERAL: Final = re.compile(
    r"\b(?:masses|lesions|cysts|lumps|nodules|biopsies|bx'?s|bxes|localizations)\b", re.IGNORECASE
)
# What stands behind a number that counts no lesion: a measure, an hour of the dial, a needle, a pass of it.
_OF_NUMBER: Final = (
    r"(?:[cm]m|ml|cc|mg|g|ga|gauge|years?|months?|weeks?|days?|o'?clock|cores?|passes|samples?|clips?|x|by|units?"
    r"|[\w-]*biops(?:y|ies) (?:codes?|lines?)|times|per|in each|for each)\b"
)
# The devices that mark lesions count them, but for those that bracket one: "two wires", "3 seeds".
_DEVICES: Final = re.compile(
    rf"(?<![\w.#/$:-])(?P<n>{NUMBER})[ \t]+(?:(?!{_OF_NUMBER})[\w-]+ ){{0,2}}?(?:[\w]+-)?(?:needles|wires"
    rf"|hookwires|seeds|magseeds|scouts"
    r"|reflectors|tags|markers)\b",
    re.IGNORECASE,
)
_ACT_TIMES: Final = re.compile(
    rf"\w{{0,8}}[ \t]?\(?(?:x|×)[ \t]?(?P<n>{NUMBER})\b(?![ \t]?(?:x|by|cm"
    rf"|mm))",
    re.IGNORECASE,
)
_MARKING: Final = re.compile(
    r"\b(?:locs?|locali[sz]\w+|placement|placed|wires?|seeds?|clips?"
    r"|markers?)\b",
    re.IGNORECASE,
)
_BRACKETING: Final = re.compile(
    r"\bbracket\w*|\b(?:one|single|same|large|each end of) (?:(?!per\b|in\b|for\b|each\b)\w+ ){0,2}(?:lesion"
    r"|mass|area|span)\b",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(rf"(?<![\w.#/$:-])(?P<n>{NUMBER})[ \t]+(?!{_OF_NUMBER})(?={_THINGS}\b)", re.IGNORECASE)
# "Two cysts of the left breast, right breast one": the number alone stands for the thing counted before.
_BARE: Final = re.compile(
    rf"\b(?:left|right|other)[ \t](?:breast|side)[ \t:,–-]{{1,3}}(?:(?:just|only|had|was)[ \t])?"
    rf"(?P<n>{NUMBER})(?=[.,;)\n]|$)",
    re.IGNORECASE,
)
# "Mass x1", "cysts x 2", "lesions (2)".
_TIMES: Final = re.compile(
    rf"\b{_THINGS}[ \t]?\(?(?:x|×)[ \t]?(?P<n>{NUMBER})\b(?![ \t]?(?:x|by|cm|mm|cores?|passes))", re.IGNORECASE
)
# "Two lesions, one with MRI and one by ultrasound": the number ahead counts the lesions of every kind of guidance.
_ONE_OF: Final = re.compile(
    r"(?:[:–—]|,|\s-|\()[ \t]*(?=(?:the[ \t])?(?:one|1|first|1st|other|second|2nd)\b|(?:the[ \t])?(?:1[0-2]"
    r"|[1-9])(?::[03]0|[ \t]?o'?[ \t]?clock))|[:—][ \t]*",
    re.IGNORECASE,
)
_NOT_SO_MANY: Final = re.compile(
    r"\b(?:not|(?:is|are|was|were)(?:n[’']?t| no)|never|rather than|instead of)[ \t]$", re.IGNORECASE
)
_SMALL_THINGS: Final = re.compile(r"[\w-]+(?: [\w-]+)? (?:cores?|passes|clips?|samples?|needles?)\b", re.IGNORECASE)
# The hours of the dial by which lesions are told apart.
_CLOCK: Final = re.compile(
    r"(?<![\w:./-])(?P<h>1[0-2]|[1-9])(?::[03]0(?![\w:]|[ \t]?[ap]m)(?:[ \t]o'?clock)?|[ \t]?o'?[ \t]?clock|[ \t]oc\b"
    r"|(?:[ \t](?:and|&)[ \t](?=(?:1[0-2]|[1-9])[ \t]?o'?clock)))",
    re.IGNORECASE,
)


_LET_BE: Final = re.compile(
    r"\b(?:neither|not|never|left alone|prior|previous|simple cyst|stable|benign-appearing|(?:19|20)[01]\d)\b",
    re.IGNORECASE,
)


class Group(NamedTuple):
    """The lesions of one kind of guidance."""

    guidance: Fact | None
    counts: tuple[Fact, ...]
    sides: tuple[Fact, ...]


def read(text: str, sentences: Sentences, aside: Aside, act: Span) -> tuple[Group, ...]:
    """Return the lesions by their guidance; one group where a single kind guided or none is told.

    `act` are the words of what was done; where they stand in the singular and nothing is counted, it was one lesion.
    """
    mentions = _mentions(text, sentences, aside)
    values = list(dict.fromkeys(value for value, _ in mentions))
    every = tuple(breast_sides.read(text, sentences, aside))
    if len(values) < 2:
        guidance = [Fact("breast_guidance", value, span) for value, span in mentions[:1]]
        counted = _count(text, aside, ((0, len(text)),))
        several = any(int(fact.value) > 1 for fact in counted)
        count = counted if several else _by_devices(text, act) or counted or _by_act(text, act)
        return (Group(guidance[0] if guidance else None, count, every),)
    parts = _parts(text, sentences, mentions)
    groups = []
    for value in values:
        own = [(part, span) for part, (name, span) in zip(parts, mentions, strict=True) if name == value]
        stretches = tuple(dict.fromkeys((part.start, part.end) for part, _ in own))
        count = _count(text, aside, stretches) or (Fact("lesion_count", 1, own[0][1], certain=False),)
        sides = [fact for start, end in stretches for fact in breast_sides.within(text, sentences, aside, start, end)]
        told = {fact.value for fact in sides}
        side = sides[:1] if len(told) == 1 else [fact for fact in every if fact.value != "bilateral"]
        groups.append(Group(Fact("breast_guidance", value, own[0][1]), count, tuple(side)))
    return tuple(groups)


def _mentions(text: str, sentences: Sentences, aside: Aside) -> list[tuple[str, Span]]:
    """Return what is said to have guided the needle, else the imaging that is named, in the order of the text."""
    said: list[tuple[str, Span]] = []
    named: list[tuple[str, Span]] = []
    for value, pattern in _GUIDANCE:
        for match in pattern.finditer(text):
            if (
                aside.holds(match.start())
                or _LOOKED.match(text, match.end())
                or status(sentences, match.start(), match.end(), act=True)
                in (Status.HISTORICAL, Status.PLANNED, *([] if value == "none" else [Status.NEGATED]))
                or breast_sides.told_around(sentences, match.start(), _WEIGHED)
            ):
                continue
            row = (value, Span(*match.span()))
            named.append(row)
            before = _GUIDED_BY.search(text, max(0, match.start() - 24), match.start())
            if _GUIDES.search(match[0]) or before or _GUIDED_ACT.match(text, match.end()):
                said.append(row)
    rows = sorted(said or named, key=lambda row: row[1].start)
    if not said and len({value for value, _ in rows}) > 1:
        return []
    told = {value for value, _ in rows}
    return [row for row in rows if row[0] != "none"] if told - {"none"} else rows


def _parts(text: str, sentences: Sentences, mentions: Sequence[tuple[str, Span]]) -> list[Span]:
    """Return the stretch that each mention speaks of: its sentence, cut where another guidance shares it."""
    parts: list[Span] = []
    for at, (_, span) in enumerate(mentions):
        sentence = sentences.around(span.start)
        start, end = sentence.start, sentence.end
        if at and mentions[at - 1][1].start >= start:
            start = _cut(text, mentions[at - 1][1].end, span.start)
        elif heads := list(_ONE_OF.finditer(text, start, span.start)):
            start = heads[-1].end()
        if at + 1 < len(mentions) and mentions[at + 1][1].start < end:
            end = _cut(text, span.end, mentions[at + 1][1].start)
        parts.append(Span(start, end))
    return parts


_CUT: Final = re.compile(r"[,;:]|\b(?:and|then|plus|while|but)\b|\n", re.IGNORECASE)


def _cut(text: str, start: int, end: int) -> int:
    """Return where what is told of one thing ends and the next one begins."""
    return next((match.end() for match in _CUT.finditer(text, start, end)), start)


def _count(text: str, aside: Aside, stretches: Sequence[tuple[int, int]]) -> tuple[Fact, ...]:
    """Return how many lesions there were; one where the letter speaks of a single one alone."""
    every = [
        Count(counting.number(match["n"]), *match.span("n"))
        for start, end in stretches
        for match in (*_COUNT.finditer(text, start, end), *_TIMES.finditer(text, start, end))
        if not re.match(r"o'?clock", text[match.end() :], re.IGNORECASE)
        and not _SMALL_THINGS.match(text, match.end())
        and not _NOT_SO_MANY.search(text, max(0, match.start() - 24), match.start())
    ]
    # A marker that is placed before an operation is told of like something past.
    rows = [row for row in every if not aside.holds(row.start)] or every
    if len(stretches) == 1 and (sides := counting.by_sides(text, *stretches[0])):
        return (Fact("lesion_count", sides.number, Span(sides.start, sides.end)),)
    hours = _hours(text, aside, stretches)
    settled = counting.settled(rows)
    bare = [match for start, end in stretches for match in _BARE.finditer(text, start, end)]
    if len(rows) == 1 and len(bare) == 1 and not rows[0].start <= bare[0].start("n") < rows[0].end:
        settled = [counting.added([*rows, Count(counting.number(bare[0]["n"]), *bare[0].span("n"))])]
    if len(settled) == 1 and (settled[0].number > 1 or len(hours) < 2):
        return (Fact("lesion_count", settled[0].number, Span(settled[0].start, settled[0].end)),)
    if len(hours) > 1:
        return (Fact("lesion_count", len(hours), Span(hours[0].start, hours[-1].end), certain=False),)
    if settled:
        ordinary = [count for count in settled if count.number > 1] or settled
        return tuple(Fact("lesion_count", count.number, Span(count.start, count.end)) for count in ordinary)
    if any(_SEVERAL.search(text, start, end) for start, end in stretches):
        return ()
    singles = (match for start, end in stretches for match in _SINGLE.finditer(text, start, end))
    return tuple(Fact("lesion_count", 1, Span(*match.span())) for match in singles if not aside.holds(match.start()))[
        :1
    ]


def _by_devices(text: str, act: Span) -> tuple[Fact, ...]:
    """Return how many lesions were marked where the act counts the devices and none brackets a lesion with others."""
    match = _DEVICES.search(text, max(0, act.start - 16), act.end)
    if match is None or _BRACKETING.search(text):
        return ()
    return (Fact("lesion_count", counting.number(match["n"]), Span(*match.span("n"))),)


def _by_act(text: str, act: Span) -> tuple[Fact, ...]:
    """Return one lesion where nothing of the letter speaks of several; how many several are is to be asked."""
    times = _ACT_TIMES.match(text, act.end)
    if times and _MARKING.search(text, act.start, act.end):
        return (Fact("lesion_count", counting.number(times["n"]), Span(*times.span("n"))),)
    # "Core bx x5" may count the passes of the needle.
    return () if times or _SEVERAL.search(text) else (Fact("lesion_count", 1, act, certain=False),)


def _hours(text: str, aside: Aside, stretches: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the first mention of each hour of the dial at which something was reached."""
    found: dict[str, Span] = {}
    for start, end in stretches:
        for match in _CLOCK.finditer(text, start, end):
            if not aside.holds(match.start()) and not _LET_BE.search(
                text, max(0, match.start() - 72), match.end() + 64
            ):
                found.setdefault(match["h"], Span(*match.span()))
    return sorted(found.values(), key=lambda span: span.start)
