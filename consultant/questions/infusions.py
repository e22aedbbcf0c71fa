"""Read what ran into a vein one by one: from a flowsheet, a table of starts and stops, or a run-on sentence.

Each clause or line with a drug and a way is one event; a line that only says that something stopped ends what ran.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from consultant.questions import amounts, flowsheet_hours
from consultant.questions.model import Span

INFUSION: Final = "iv_infusion"
PUSH: Final = "iv_push"
INJECTION: Final = "injection"
HYDRATION: Final = "hydration"
PUMP: Final = "iv_pump"
FLUSH: Final = "port_flush"
_APART: Final = 30
"""Minutes that must lie between two pushes of one drug for the second to count (CPT 96376)."""

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
_PUMPED: Final = re.compile(
    r"\b(?:(?:ambulatory|portable|elastomeric|home|cadd|continuous|infusion|take-?home|5-?fu)[ \t-](?:infusion )?pump"
    r"|pump (?:connect\w*|start\w*|hook\w*|attach\w*|placed|on\b)|(?:connect\w*|hook\w*|attach\w*"
    r"|start\w*)[^.;\n]{0,24}\bpump)\b",
    re.IGNORECASE,
)
_LONG: Final = re.compile(r"\b(?:over|x|for)[ \t]{0,2}(?:9|[1-9]\d)[ \t-]?(?:hours?|hrs?|h)\b", re.IGNORECASE)
_NONE_OF: Final = re.compile(r"\b(?:no|without|not any)[ \t]$", re.IGNORECASE)
_ALL_RUNNING: Final = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)
_FOR_MINUTES: Final = re.compile(r"[^.;,\n]{0,24}?(?<![\w.])\d{1,3}[ \t-]?(?:min|hours?\b|hrs?\b)", re.IGNORECASE)
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
_AT_ONCE: Final = re.compile(
    r"\b(?:at the same time|side by side|concurrent\w*|simultaneous\w*|alongside|in parallel|together with|running with"
    r"|co-?infus\w+|while (?:the |it |this )?\w+ (?:is |was )?r[au]n\w*)\b",
    re.IGNORECASE,
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
    beside: bool = False
    """Whether the clause says that it ran at the same time as another one."""
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
            events = _closed(events, words)
            continue
        if _NONE_OF.search(text, piece.start, inside[0][0].start):
            continue
        if _NOT_GIVEN.search(words) or _swallowed(text, inside[0][0], piece):
            continue
        event = _event(text, inside[0], piece)
        events = _with(events, event)
        events += _pushed_again(event, words)
    return tuple(_ordered(_once(events), two=bool(_TWO_SITES.search(text))))


def _pushed_again(event: Given | None, words: str) -> list[Given]:
    """Return the second push that one clause tells with its hour: "IV push at 20:10 and again at 21:00"."""
    clocks = [flowsheet_hours.minute(match) for match in flowsheet_hours.CLOCK.finditer(words)]
    if event is None or event.way != PUSH or not event.again or len(clocks) != 2:
        return []
    return [replace(event, start=clocks[1], minutes=None)]


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
                clock = next((m for m in flowsheet_hours.CLOCK.finditer(text, one.end, other.start)), None)
                ahead = [
                    m
                    for m in between
                    if clock and m.start() < clock.start() and not flowsheet_hours.RANGE.match(text, clock.start())
                ]
                cuts.append((ahead or between)[-1].start())
            elif flowsheet_hours.CLOCK.search(text, one.end, other.start) and not flowsheet_hours.CLOCK.search(
                text, start, one.start
            ):
                # Two lines that a mail program joined: the hours of the first stand before the second.
                cuts.append(other.start)
        yield from (Span(*row) for row in pairwise([*cuts, end]))


def _event(text: str, row: tuple[Span, str], piece: Span) -> Given | None:
    span, purpose = row
    words = text[piece.start : piece.end]
    start, length = flowsheet_hours.told(words)
    told = [row.value for row in amounts.minutes(words)]
    if length is None and told:
        length = int(told[0])
    way = _way(words, start is not None and length is not None)
    if way is None and _INFUSED.search(text) and _FOR_MINUTES.match(text, span.end, piece.end):
        # "Zosyn IVPB 30 min, then vanco 95 min": the way of the first is that of the next.
        way = INFUSION
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
        beside=bool(_AT_ONCE.search(words)),
    )


def _way(words: str, ran: bool) -> str | None:  # noqa: FBT001 - the only flag of a private reader
    if _PUMPED.search(words) and _LONG.search(words):
        return PUMP
    if _SHOT.search(words):
        return INJECTION
    if _PUSHED.search(words):
        return PUSH
    if ran or _INFUSED.search(words) or _STARTED.search(words):
        return INFUSION
    return None


def _ended(event: Given, words: str) -> Given:
    """Return an infusion with its minutes where a line without a drug says when it stopped."""
    clocks = [flowsheet_hours.minute(match) for match in flowsheet_hours.CLOCK.finditer(words)]
    running = event.way == INFUSION and event.start is not None and event.minutes is None
    if running and len(clocks) == 1 and _STOPPED.search(words) and event.start is not None:
        return replace(event, minutes=flowsheet_hours.gap(event.start, clocks[0]))
    return event


def _closed(events: list[Given], words: str) -> list[Given]:
    """End what ran at a line without a drug: the last one, or all of it where the line says so."""
    if _ALL_RUNNING.search(words):
        return [_ended(row, words) for row in events]
    return [*events[:-1], *(_ended(row, words) for row in events[-1:])]


def _with(events: list[Given], new: Given | None) -> list[Given]:
    """Add an event; one that says only that its drug stopped ends the one that ran."""
    if new is None:
        return events
    for at in range(len(events) - 1, -1, -1):
        old = events[at]
        running = _same_drug(old, new) and old.way == INFUSION and old.minutes is None and old.start is not None
        if running and new.start is not None and new.way in ("", INFUSION) and _is_end(old, new):
            return [
                *events[:at],
                replace(old, minutes=flowsheet_hours.gap(old.start or 0, new.start)),
                *events[at + 1 :],
            ]
    return [*events, new] if new.way else events


def _same_drug(old: Given, new: Given) -> bool:
    """Tell whether two events are of one drug, however it is written: "0.9% NaCl" and "NaCl", "5-FU" and "5FU"."""
    one, other = (re.sub(r"[^a-z0-9]", "", row.name) for row in (old, new))
    return old.purpose == new.purpose and (one.endswith(other) or other.endswith(one))


def _is_end(old: Given, new: Given) -> bool:
    """Tell whether an event is the end of one that ran: "12:25 paclitaxel stopped (190 minutes)"."""
    return new.minutes is None or abs(flowsheet_hours.gap(old.start or 0, new.start or 0) - new.minutes) <= _SLACK


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
            if flowsheet_hours.gap(old.start, event.start) > _APART:
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
        elif (row.beside and row.way == INFUSION) or any(
            _beside(row, other) for other in veins if other is first or events.index(other) < events.index(row)
        ):
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
