"""Read how much was treated where no ruler measures it: shares of the body surface in percent, and volumes in ml."""

import re
from collections.abc import Sequence
from typing import Final

from consultant.questions.extents import Extent, without_total
from consultant.questions.model import Fact, Span

_PERCENT: Final = re.compile(r"(?<![\w.])(?P<n>\d{1,2}(?:\.\d{1,2})?)[ \t]?(?:%|per ?cent\b|pct\b)", re.IGNORECASE)
_BODY: Final = re.compile(r"\b(?:t?bsa|body|surface)\b", re.IGNORECASE)
_BURNED: Final = re.compile(
    r"\b(?:burn\w*|scald\w*|blister\w*|partial|deg(?:ree)?|thickness|reddened|redness|palms?)\b", re.IGNORECASE
)
_PER: Final = re.compile(
    r"\b(?:each|per|every|further|additional|first|over|under|below|above|less than|more than)[ \t](?:\w+[ \t])?$",
    re.IGNORECASE,
)
_NOT_BODY: Final = re.compile(
    r"[ \t](?:slough|granul\w*|necro\w*|fibrin|eschar|epithel\w*|lidocaine|xylocaine|silver|saline|healed|viable)",
    re.IGNORECASE,
)


_REDDENED: Final = re.compile(
    r"\b(?:(?:first|1st)[- ]deg\w*|erythema\w*|superficial(?![- ]partial)"
    r"|(?:without|no) (?:any )?blister\w*|sunburn\w*)",
    re.IGNORECASE,
)
_BLISTERED: Final = re.compile(
    r"\b(?:partial|(?:second|2nd)[- ]deg\w*|(?:third|3rd)[- ]deg\w*|full[- ]thickness"
    r"|(?<!without )(?<!no )(?<!any )blister\w*)",
    re.IGNORECASE,
)
_SAID_AGAIN: Final = re.compile(r"\b(?:the|this|that|these|those) (?:whole|entire|same|full)[ \t]$", re.IGNORECASE)


def _only_reddened(sentence: str) -> bool:
    """Tell whether a sentence tells of a first-degree burn alone, whose share no code follows from."""
    return bool(_REDDENED.search(sentence)) and not _BLISTERED.search(sentence)


def percents(text: str, name: str, spans: Sequence[Span], barred: re.Pattern[str]) -> list[Extent]:
    """Return the shares of the body surface in percent; `barred` finds in a clause that it was not treated."""
    found: list[Extent] = []
    for match in _PERCENT.finditer(text):
        if _NOT_BODY.match(text, match.end()) or _PER.search(text, max(0, match.start() - 24), match.start()):
            continue
        sentence = next((row for row in spans if row.start <= match.start() < row.end), Span(0, len(text)))
        burned = name == "body_area_percent" and _BURNED.search(text, sentence.start, sentence.end)
        if not burned and not _BODY.search(text):
            continue
        if barred.search(text, match.start(), min(sentence.end, match.end() + 60)):
            continue
        if name == "body_area_percent" and _only_reddened(text[sentence.start : sentence.end]):
            continue
        if found and _SAID_AGAIN.search(text, max(0, match.start() - 24), match.start()):
            # "Blisters of the whole 6%" is the share that was told before.
            continue
        fact = Fact(name, _plain(float(match["n"])), Span(*match.span()))
        found.append(Extent(*match.span(), (fact,)))
    return without_total(found)


_VOLUME: Final = re.compile(
    r"(?<![\w.])(?P<n>\d{1,4}(?:\.\d{1,2})?)[ \t-]?(?:cc|mls?|millilit(?:er|re)s?)\b", re.IGNORECASE
)
_INJECTED: Final = re.compile(
    r"\b(?:with|inject\w*|transfer\w*|graft\w*|plac\w*|deposit\w*)(?: (?:a )?total(?: of)?)?[ \t]$", re.IGNORECASE
)
_INJECTED_BEHIND: Final = re.compile(
    r"(?:[ \t](?:of )?(?:\w+ )?(?:fat|lipoaspirate|graft))?[ \t](?:was |were |then |got "
    r"|all )*(?:re-?)?(?:injected|placed"
    r"|transferred|grafted|(?:put|went|goes|go|gone|given)(?: back)? (?:in|into|to)|deposited|layered"
    r"|instilled|transplanted)\b"
    r"|(?:[ \t](?:of )?(?:\w+ )?(?:fat|lipoaspirate|graft))?[ \t](?:in)?to (?!(?:\w+ )?(?:syringes?|canisters?"
    r"|tubes?|cups?))",
    re.IGNORECASE,
)
_NO_VOLUME: Final = re.compile(
    r"\b(?:harvest\w*|suck\w*|suction\w*|lipo(?!fill|transfer|graft|inject|struct)\w*|vacuumed|remov\w*|took off"
    r"|drew off|spun|aspirat\w*"
    r"|lipoaspirate|tumescent|lidocaine|marcaine|epinephrine|saline|ebl|blood"
    r"|infiltrat\w*|donor|yield\w*|syringes?)\b(?:(?!->|=>|→|\bthen\b)[^.;:,\n]){0,24}$"
    r"|\btumescent(?: (?:fluid|solution|infiltrat\w+))?,[ \t]?$",
    re.IGNORECASE,
)
_NO_VOLUME_BEHIND: Final = re.compile(
    r"(?:[ \t]+(?:of|was|were|per|(?:good|usable|clean|pure|viable|processed|purified|\w+) fat))*[ \t]+(?:off\b|on the"
    r" (?:back|side|mayo) (?:table|stand)|available|ready|usable|obtained|collected|sucked|suctioned|out of the"
    r" (?:abdomen|belly|flanks?|thighs?)|from the (?:abdomen|belly|flanks?|thighs?|donor)|lipoaspirate|tumescent"
    r"|lidocaine|saline|blood|aspirated"
    r"|harvested|syringes?|was discarded|discarded|aspirate|left[ -]?over|unused|wasted|remain\w*)",
    re.IGNORECASE,
)


# "30 cc each": of one cheek, and so twice as much of both.
_EACH: Final = re.compile(
    r"(?:[ \t]of fat|[ \t]fat)?,?[ \t](?:in(?:to)?[ \t]|on[ \t]|for[ \t])?(?:each\b|apiece|per (?:side|cheek"
    r"|breast|hand|hip"
    r"|buttock|temple)|a side|bilaterally)",
    re.IGNORECASE,
)
_EACH_BEFORE: Final = re.compile(
    r"\beach (?:side|cheek|breast|hand|hip|buttock|temple|one)?\b[^.;\n\d]{0,28}$", re.IGNORECASE
)


def volumes(text: str) -> list[Extent]:
    """Return the volumes that were injected, in ml."""
    found = []
    for match in _VOLUME.finditer(text):
        given = _INJECTED.search(text, max(0, match.start() - 32), match.start()) or _INJECTED_BEHIND.match(
            text, match.end()
        )
        other = _NO_VOLUME.search(text, max(0, match.start() - 44), match.start())
        if not given and (other or _NO_VOLUME_BEHIND.match(text, match.end())):
            continue
        times = (
            2
            if _EACH.match(text, match.end()) or _EACH_BEFORE.search(text, max(0, match.start() - 40), match.start())
            else 1
        )
        fact = Fact("injected_ml", _plain(times * float(match["n"])), Span(*match.span()))
        found.append(Extent(*match.span(), (fact,)))
    return without_total(found)


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
