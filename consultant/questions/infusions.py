"""Read what ran into a vein one by one: from a flowsheet, a table of starts and stops, or a run-on sentence.

Each clause or line with a drug and a way is one event; a line that only says that something stopped ends what ran.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from consultant.questions import amounts
from consultant.questions.model import Span

INFUSION: Final = "iv_infusion"
PUSH: Final = "iv_push"
INJECTION: Final = "injection"
HYDRATION: Final = "hydration"
FLUSH: Final = "port_flush"
_APART: Final = 30
"""Minutes that must lie between two pushes of one drug for the second to count (CPT 96376)."""

_CLOCK: Final = re.compile(
    r"(?<![\w/:.$#-])(?:(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)|(?P<hh>[01]\d|2[0-3])(?P<mm>[0-5]\d)"
    r"(?=[ \t]?(?:h|hrs?)?\b)"
    r"(?![ \t]{0,2}(?:m[lgc]|cc|units?|iu|mcg|g)\b))(?:[ \t]?(?P<p>[ap])\.?m\b\.?)?(?![\w/:%]|\.\d)",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    r"(?<![\w/:.$#-])(?P<h>[01]?\d|2[0-3]):?(?P<m>[0-5]\d)[ \t]?(?P<p>[ap]m)?[ \t]{0,2}(?:-|–|to|until|till|thru"
    r"|through)[ \t]{0,2}(?P<h2>[01]?\d|2[0-3]):?(?P<m2>[0-5]\d)[ \t]?(?P<p2>[ap]m)?(?![\w/:%])",
    re.IGNORECASE,
)
_STARTED: Final = re.compile(r"\b(?:start\w*|began|begun|hung|up at|initiat\w+|spiked|on at)\b", re.IGNORECASE)
_STOPPED: Final = re.compile(
    r"\b(?:stop\w*|end(?:ed|s)?|finish\w*|complet\w*|infused|done|off|down at|dry|disconnect\w*)\b", re.IGNORECASE
)
_PUSHED: Final = re.compile(
    r"\b(?:iv[ -]?push(?:ed)?|ivp|push(?:ed)?|slow (?:iv )?push|iv inj\w*|intravenous (?:push|inj\w*))\b", re.IGNORECASE
)
_INFUSED: Final = re.compile(
    r"\b(?:infus\w+|ivpb|piggy-?back|drip|hung|bag|ran|run|iv over|(?:over|x|for|in)[ \t]{1,2}\d{1,3}"
    r"[ \t-]{0,2}(?:min|m\b|hours?|hrs?))",
    re.IGNORECASE,
)
_SHOT: Final = re.compile(
    r"\b(?:(?-i:IM|SQ|SC|SubQ)(?! (?:group|practice|clinic|doc\w*|physicians?|providers?|office|dept|department"
    r"|residents?|attending|partner|side|team|specialty)\b)"
    r"|intramuscular\w*|sub-?q|subcut\w*|(?:deltoid|gluteal|gluteus|ventrogluteal)\b)",
    re.IGNORECASE,
)
_SWALLOWED: Final = re.compile(
    r"\b(?:by mouth|(?-i:PO|SL|PR)|p\.o\.|oral(?:ly)?|tablets?|tabs?|sublingual|nebuli[sz]\w+|inhal\w+)\b",
    re.IGNORECASE,
)
_NOT_GIVEN: Final = re.compile(
    r"\b(?:held|not (?:given|infused|used|needed|ordered)|never (?:given|started)|omitted|refused|declined|cancel\w+"
    r"|on hold|last (?:cycle|time|visit|week)|next (?:cycle|dose|visit))\b",
    re.IGNORECASE,
)
_CARRIER: Final = re.compile(
    r"\b(?:in|with|w/|via|mixed (?:in|with)|diluted (?:in|with)|and|of)[ \t]{1,2}(?:an?[ \t])?"
    r"(?:[\d,.]{1,5}[ \t]{0,2}(?:ml|cc|l)\b[ \t]{0,2}(?:bag )?(?:of[ \t])?)?(?:0?\.9[ \t]?%[ \t]?)?$",
    re.IGNORECASE,
)
_KEPT_OPEN: Final = re.compile(
    r"\b(?:kvo|tko|keep[- ](?:vein[- ])?open|flush\w*|carrier|lock(?:ed)?|to keep the (?:vein|line))\b", re.IGNORECASE
)
_AGAIN: Final = re.compile(
    r"\b(?:again|second|2nd|third|3rd|repeat\w*|another|once more|same drug|more of the same)\b", re.IGNORECASE
)
_GENERIC: Final = re.compile(
    r"chemo\w*|antibiotics?|iv (?:antibiotic|iron)|hydration|rehydration|antineoplastic|biologic infusion"
    r"|monoclonal antibody|steroid injection|iv fluids?|fluids iv",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r",[ \t]|;|\.(?=\s)|\n|\b(?:and then|then|followed by|and|plus|along with|after that|next|before that)\b|[+&]",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"[ \t,;(]{0,3}(?:and|&|then|\+)?[ \t]?(?:again|once more|at|from)?[ \t]?", re.IGNORECASE)
_STOP: Final = re.compile(r"(?<=[.;])\s+|\n")
_TWO_SITES: Final = re.compile(
    r"\b(?:second|two|2|another|separate|different|other) (?:iv|access|peripheral|lines?|sites?|ports?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that was given: which drug, how, what for, and for how long."""

    name: str
    span: Span
    within: Span
    """The clause or line that tells of it."""
    way: str
    purpose: str
    start: int | None = None
    """Minutes of the day."""
    minutes: int | None = None
    again: bool = False
    order: str | None = None


_INTO_VEIN: Final = re.compile(
    r"\b(?:IV|I\.V\.|intravenous\w*)[ \t](?:\w+[ \t]){0,2}?(?:over|x|for|in)[ \t]{1,2}\d{1,3}[ \t-]{0,2}(?:min"
    r"|hours?|hrs?)"
    r"|\b(?:ran|run|running)\b[^.;\n]{0,40}\b(?:IV|I\.V\.|intravenous\w*)(?!\w)",
    re.IGNORECASE,
)


def timed(text: str) -> bool:
    """Tell whether something ran into a vein for a time that is told beside it."""
    return bool(_INTO_VEIN.search(text))


def read(text: str, substances: Iterable[tuple[str, Span]]) -> tuple[Given, ...]:
    """Return what was given, in order, each with its place among the services into the vein; empty where it is unclear.

    `substances` are the drugs and fluids that the letter names, with what they are for.
    """
    named = sorted({(span.start, span.end): value for value, span in substances}.items())
    named = [row for row in named if not _GENERIC.fullmatch(text[row[0][0] : row[0][1]])] or named
    pieces = list(_pieces(text, [Span(*span) for span, _ in named]))
    events: list[Given] = []
    for piece in pieces:
        words = text[piece.start : piece.end]
        inside = [(Span(*span), value) for span, value in named if piece.start <= span[0] < piece.end]
        inside = [row for row in inside if not _carries(text, row, piece)]
        if not inside:
            if events:
                events[-1] = _ended(events[-1], words)
            continue
        if _NOT_GIVEN.search(words) or _swallowed(text, inside[0][0], piece):
            continue
        events = _with(events, _event(text, inside[0], piece))
    return tuple(_ordered(_once(events), two=bool(_TWO_SITES.search(text))))


def _carries(text: str, row: tuple[Span, str], piece: Span) -> bool:
    """Tell whether a fluid only carries a drug, or keeps the vein open."""
    span, purpose = row
    if purpose != HYDRATION:
        return False
    before = text[max(piece.start, span.start - 32) : span.start]
    return bool(_CARRIER.search(before) or _KEPT_OPEN.search(text[piece.start : piece.end]))


def _swallowed(text: str, span: Span, piece: Span) -> bool:
    """Tell whether a drug was given by mouth; another one of its sentence may have been."""
    stop = _CUT.search(text, span.end, piece.end)
    return bool(_SWALLOWED.search(text, max(piece.start, span.start - 8), stop.start() if stop else piece.end))


def _pieces(text: str, named: Sequence[Span]) -> Iterator[Span]:
    """Yield lines and sentences, cut once more where one of them names several drugs."""
    bounds = sorted({0, len(text), *(match.end() for match in _STOP.finditer(text))})
    for start, end in pairwise(bounds):
        inside = [span for span in named if start <= span.start < end]
        cuts = [start]
        for one, other in pairwise(inside):
            between = list(_CUT.finditer(text, one.end, other.start))
            if between:
                # A time or a dose that leads the next drug goes with it.
                clock = next((m for m in _CLOCK.finditer(text, one.end, other.start)), None)
                ahead = [
                    m for m in between if clock and m.start() < clock.start() and not _RANGE.match(text, clock.start())
                ]
                cuts.append((ahead or between)[-1].start())
            elif _CLOCK.search(text, one.end, other.start) and not _CLOCK.search(text, start, one.start):
                # Two lines that a mail program joined: the hours of the first stand before the second.
                cuts.append(other.start)
        yield from (Span(*row) for row in pairwise([*cuts, end]))


def _event(text: str, row: tuple[Span, str], piece: Span) -> Given | None:
    span, purpose = row
    words = text[piece.start : piece.end]
    start, length = _time(words)
    told = [row.value for row in amounts.minutes(words)]
    if length is None and told:
        length = int(told[0])
    way = _way(words, start is not None and length is not None)
    stopped = _STOPPED.search(words) and not _STARTED.search(words)
    if way is None and (purpose == HYDRATION and length):
        way = INFUSION
    if way is None and not stopped:
        return None
    return Given(
        name=text[span.start : span.end].lower(),
        span=span,
        within=piece,
        way=way or "",
        purpose=purpose,
        start=start,
        minutes=length,
        again=bool(_AGAIN.search(words)),
    )


def _way(words: str, ran: bool) -> str | None:  # noqa: FBT001 - the only flag of a private reader
    if _SHOT.search(words):
        return INJECTION
    if _PUSHED.search(words):
        return PUSH
    if ran or _INFUSED.search(words) or _STARTED.search(words):
        return INFUSION
    return None


def _time(words: str) -> tuple[int | None, int | None]:
    """Return when something started and how many minutes it ran, as far as a clause says."""
    ranges = list(_RANGE.finditer(words))
    if ranges:
        starts = [_of_day(match["h"], match["m"], match["p"]) for match in ranges]
        lengths = [
            _gap(start, _of_day(match["h2"], match["m2"], match["p2"]))
            for start, match in zip(starts, ranges, strict=True)
        ]
        joined = all(_AND.fullmatch(words, one.end(), other.start()) for one, other in pairwise(ranges))
        return starts[0], sum(lengths) if joined else lengths[0]
    clocks = [_minute(match) for match in _CLOCK.finditer(words)]
    if len(clocks) == 2:
        return clocks[0], _gap(*clocks)
    return (clocks[0] if clocks else None), None


def _minute(match: re.Match[str]) -> int:
    return _of_day(match["h"] or match["hh"], match["m"] or match["mm"], match["p"])


def _of_day(hour: str, minute: str, half: str | None) -> int:
    later = half is not None and half.lower().startswith("p") and int(hour) < 12
    return 60 * (int(hour) + 12 * later) + int(minute)


def _gap(start: int, stop: int) -> int:
    """Return the minutes between two hours; past noon a clock of twelve hours begins anew."""
    gap = stop - start
    while gap <= 0:
        gap += 720
    return gap


def _ended(event: Given, words: str) -> Given:
    """Return an infusion with its minutes where a line without a drug says when it stopped."""
    clocks = [_minute(match) for match in _CLOCK.finditer(words)]
    running = event.way == INFUSION and event.start is not None and event.minutes is None
    if running and len(clocks) == 1 and _STOPPED.search(words) and event.start is not None:
        return replace(event, minutes=_gap(event.start, clocks[0]))
    return event


def _with(events: list[Given], new: Given | None) -> list[Given]:
    """Add an event; one that says only that its drug stopped ends the one that ran."""
    if new is None:
        return events
    for at in range(len(events) - 1, -1, -1):
        old = events[at]
        running = old.name == new.name and old.way == INFUSION and old.minutes is None and old.start is not None
        if running and new.start is not None and new.way in ("", INFUSION) and _is_end(old, new):
            return [*events[:at], replace(old, minutes=_gap(old.start or 0, new.start)), *events[at + 1 :]]
    return [*events, new] if new.way else events


def _is_end(old: Given, new: Given) -> bool:
    """Tell whether an event is the end of one that ran: "12:25 paclitaxel stopped (190 minutes)"."""
    return new.minutes is None or abs(_gap(old.start or 0, new.start or 0) - new.minutes) <= _SLACK


_SLACK: Final = 5
"""Minutes by which a length that is written may differ from its two hours."""


def _once(events: Iterable[Given]) -> list[Given]:
    """Tell one event once, and add up what one drug ran at several times of the day."""
    found: list[Given] = []
    for event in events:
        old = next((row for row in found if row.name == event.name and row.way == event.way), None)
        if old is None:
            found.append(event)
        elif event.start is None or old.start is None or event.start == old.start:
            if event.again and event.way == PUSH and not old.again:
                found.append(replace(event, order="repeated"))
            elif old.minutes is None and event.minutes is not None:
                found[found.index(old)] = replace(event, again=old.again)
        elif event.way == PUSH:
            if _gap(old.start, event.start) > _APART:
                found.append(replace(event, order="repeated"))
        elif event.way == INFUSION and event.minutes and old.minutes:
            found[found.index(old)] = replace(old, minutes=old.minutes + event.minutes)
    return found


_RANK: Final = ("chemotherapy", "therapeutic", HYDRATION)


def _ordered(events: Sequence[Given], *, two: bool) -> Iterator[Given]:
    """Yield the events with their order: the first in rank is initial, what ran beside another one is concurrent."""
    veins = [row for row in events if row.way in (INFUSION, PUSH) and row.purpose in _RANK]

    def rank(row: Given) -> tuple[int, bool, bool]:
        return _RANK.index(row.purpose), row.way == PUSH or (row.minutes or 99) <= 15, row.order is not None

    first = min(veins, key=rank, default=None)
    for row in events:
        if row not in veins:
            yield replace(row, order="initial")
        elif two and len(veins) > 1:
            yield row
        elif row is first:
            yield replace(row, order="initial")
        elif row.order is not None:
            yield row
        elif any(_beside(row, other) for other in veins if other is first or events.index(other) < events.index(row)):
            yield replace(row, order="concurrent")
        else:
            yield replace(row, order="sequential")


def _beside(row: Given, other: Given) -> bool:
    """Tell whether an infusion ran wholly while another one did."""
    if row is other or INFUSION not in (row.way,) or other.way != INFUSION:
        return False
    if row.start is None or other.start is None or not row.minutes or not other.minutes:
        return False
    return other.start <= row.start and row.start + row.minutes <= other.start + other.minutes
