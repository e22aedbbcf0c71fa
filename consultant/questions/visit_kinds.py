"""Decide which visit or which other encounter service a letter asks about.

A kind of visit follows from where the patient was seen and which visit of a stay it was, from all the words that speak
of either. Services that are more than a visit (a consultation, critical care, a telephone visit) go before the place
that is named beside them. What the letter calls coded already, and what belongs to somebody else, is set aside.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from consultant.questions.model import Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.stay_words import HEADS, IN_PART, LEFT, ONE_DATE, TWO_STAYS
from consultant.questions.visit_words import (
    BOUND_FOR,
    EMERGENCY_DOCTOR,
    HANDED_OVER,
    PHASES,
    PLACES,
    SERVICE_WORDS,
    SERVICES,
    TOLD_BY_CODE,
    VISIT_SETTLED,
    WELLNESS,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of visit or service with the words that speak most clearly of it."""

    value: str
    span: Span
    mentions: tuple[Span, ...]
    sure: bool
    """False where only a place was named, and nothing says that a visit is meant."""


_BY_PHASE: Final = {
    ("hospital", "initial"): "hospital_initial",
    ("hospital", "subsequent"): "hospital_subsequent",
    ("hospital", "same_day"): "hospital_same_day",
    ("hospital", "discharge"): "hospital_discharge",
    ("hospital", ""): "hospital_visit",
    ("nursing", "initial"): "nursing_initial",
    ("nursing", "subsequent"): "nursing_subsequent",
    ("nursing", "discharge"): "nursing_discharge",
    ("nursing", "same_day"): "nursing_discharge",
    # A visit in a nursing facility that nobody calls the first or the last is a later one, as most are.
    ("nursing", ""): "nursing_subsequent",
}
_BY_PLACE: Final = {"home": "home_visit", "emergency": "emergency_visit", "office": "office_visit"}
_PLACE_OF: Final = {
    **{value: place for (place, _), value in _BY_PHASE.items()},
    **{value: place for place, value in _BY_PLACE.items()},
    "hospital_one_encounter": "hospital",
    "nurse_visit": "office",
    "emergency_minimal": "emergency",
}
STANDS: Final = frozenset({"nurse_visit", "emergency_minimal", "hospital_one_encounter"})
"""Kinds that only phrases tell, and that go before what place and visit of the stay would make."""

_CONSULT_PLACES: Final = {
    "office": "consult_outpatient",
    "home": "consult_home",
    "emergency": "consult_emergency",
    "hospital": "consult_inpatient",
    "observation": "consult_observation",
    "nursing": "consult_nursing",
}
_OBSERVATION: Final = re.compile(r"\bobservation\b|\b(?-i:obs|OBS)\b", re.IGNORECASE)
# The consultant's own patient: a word that only somebody else's place explains is no place of the consultation.
_ASIDE: Final = re.compile(
    r"\b(?:was|were) (?:done|provided|performed) (?:back )?(?:in (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|the (?:spring|summer|fall|winter))|last)|\b(?:was|were|got) paid\b"
    r"|\bbelongs? to (?:another|a different|someone|somebody|the other)\b"
    r"|\b(?:is|are|r|was|were|being|be|be being|r being) (?:being )?(?:coded|billed|handled|done|entered) by"
    r" (?:some\s?one|somebody|another|a different|others|the other)\b|"
    r"\balready (?:been )?(?:coded|billed|on (?:the|our|this)|reported|submitted|paid|out|sent|entered|keyed)\b"
    r"|\b(?:is|was|are|has been|have been|itself is|visits? is) (?:long |already |all )?(?:coded|billed|paid"
    r"|fine|on the claim"
    r"|taken care of|settled|submitted|clear)\b|\b(?:that|this|which) ?(?:one )?(?:i|wa)?['’]?s (?:(?:long "
    r"|already |all )?(?:coded"
    r"|billed|paid)|(?:long |already |all )done)\b|\b(?:that|this) one'?s (?:long |already |all )?(?:coded"
    r"|billed|paid|done)\b"
    r"|\bi (?:do not|don'?t) ask\b|\bnot (?:asking about|my question|the question)\b|\bknow how to (?:code|bill)\b"
    r"|\bno question about\b|\bbilled (?:his|her|their) own\b|\bhas (?:already )?billed\b|\b(?:is"
    r"|that is) (?:his|her|their) business\b",
    re.IGNORECASE,
)
_TURN: Final = re.compile(r"[,;]|\b(?:but|and then|which code)\b", re.IGNORECASE)
# "Besides the well visit, which code is it for": what is named so is no part of the question.
_BESIDE_IT: Final = re.compile(
    r"\b(?:besides?|apart from|aside from|other than|in addition to|on top of)[ \t](?:the |a |an |our |that |this |her "
    r"|his )?(?:\w+ )?$",
    re.IGNORECASE,
)
# "He documented it apart from the physical" says how it was written.
_WRITTEN: Final = re.compile(r"\b(?:document|chart|writ|wrote|noted|kept|recorded)\w*[^.;,\n]{0,24}$", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(?m)^[ \t]*>.*$")
# A line of a note that begins with a heading in capitals, or is its title.
_HEADING: Final = re.compile(r"(?m)^[A-Z][A-Z0-9 ,/&()#-]{2,60}(?::|$)[^\n]*")
_NOTE: Final = 4
_NONE: Final = re.compile(r"s?[ \t]{0,2}:[ \t]{0,2}(?:none|no|not|n/a|nil|declin\w+|deferred|0)\b|s:", re.IGNORECASE)
_QUOTES: Final = re.compile(r"\b(?:template|says|told|labell?ed|software|calls it)\b[^.\n]{0,30}$", re.IGNORECASE)
_OF_A_VISIT: Final = re.compile(
    r"\b(?:MDM|medical decision[- ]making|decision making|(?:low|moderate|high|straightforward) complexity)\b"
    r"|\b992[01][xX]\b|\b(?:for|code|bill|level) (?:the|this|that|her|his|my|our) visit\b|\bvisit(?: codes?)?[ \t]?\?"
    r"|\blevel[ \t]?\?|\b\d{1,3}[ -]?min(?:ute)?s?\b|\b(?:which|what) level\b|\blevel (?:for|of) (?:this|the|her"
    r"|his)\b|\bonly the visit\b"
    r"|\bneed the visit\b"
    r"|\be/?m\b|\bvisit code\b"
    r"|\bcode (?:for|of) the visit\b",
    re.IGNORECASE,
)
_OUTPATIENT: Final = re.compile(
    r"\b(?:family (?:medicine|practice)|primary care|internal medicine|pediatric\w*|follow[- ]?up|f/u"
    r"|(?-i:RTC)|return in"
    r"|saw (?:the )?(?:pt|patient)|first time|never (?:been )?(?:seen|here)|(?:has|have) been with|well known|np|est"
    r"|(?:at|the|this|his|her|that|today'?s|visit) (?:\w+ )?visit|visit (?:of|on|with|for)|(?-i:DOS)|comes|came"
    r"|known to|(?:sees|saw|seen by) (?:our|my|the|dr\.?) \[?\w+"
    r"|last seen|last visit|progress note|established|new (?:patient|pt))\b",
    re.IGNORECASE,
)
_ONE_DAY: Final = 9
_ENOUGH: Final = 2
_TITLE: Final = 3
_OWN_PLACE: Final = 3
"""What a part of a letter needs of its own to stand in another place than the rest."""
_BY_PHRASE: Final = 3
"""What a phrase of the knowledge base counts."""
_ORDER: Final = ("nursing", "home", "hospital", "emergency", "office")


def decide(text: str, sentences: Sentences, told: Iterable[tuple[str, Span]]) -> tuple[Kind, ...]:
    """Return the services and the visit that the letter tells of, services first; nothing where it tells of none.

    `told` are the kinds that phrases of the knowledge base name, with their places.
    """
    phrases = [(value, span) for value, span in told if not aside(text, sentences, span)]
    until = _asking_part(text)
    found = _decide(text, sentences, [row for row in phrases if row[1].start < until], until)
    if until < len(text) and not any(kind.sure for kind in found):
        # The letter itself does not say what it asks about: the note below it does.
        return _decide(text, sentences, phrases, len(text))
    return found


def _decide(text: str, sentences: Sentences, phrases: list[tuple[str, Span]], until: int) -> tuple[Kind, ...]:
    services = tuple(_services(text, sentences, phrases, until))
    visit = _visit(text, sentences, phrases, until)
    found = [_placed(text, kind, visit) if kind.value == "consultation" else kind for kind in services]
    return (*found, *((visit,) if visit else ()))


def _asking_part(text: str) -> int:
    """Return where the letter goes over into a note that it quotes: behind the title of one with several headings."""
    headings = list(_HEADING.finditer(text))
    if len(headings) < _NOTE:
        return len(text)
    title = headings[0]
    return title.end() if text[: title.start()].strip().count("\n") else len(text)


def aside(text: str, sentences: Sentences, span: Span) -> bool:
    """Tell whether the letter sets a service aside: it is coded already, or somebody else's."""
    sentence = sentences.around(span.start)
    behind = _ASIDE.search(text, span.end, min(sentence.end, span.end + 80))
    if behind and not _TURN.search(text[span.end : behind.start()].rstrip().removesuffix(",")):
        return True
    before = text[max(sentence.start, span.start - 40) : span.start]
    beside = _BESIDE_IT.search(before)
    if beside and not _WRITTEN.search(before, 0, beside.start()):
        return True
    return bool(
        re.search(r"\b(?:already (?:coded|billed)|has (?:already )?billed|not asking about)[^,;]{0,24}$", before)
    )


def settled(text: str) -> bool:
    """Tell whether the letter says of its visit, wherever it told of it, that it is coded: "the visit is billed"."""
    return any("?" not in text[match.end() : match.end() + 2] for match in VISIT_SETTLED.finditer(text))


def quoted(text: str) -> tuple[Span, ...]:
    """Return the lines of earlier mails that stand below the letter."""
    lines = tuple(Span(*match.span()) for match in _QUOTED.finditer(text))
    return lines if any(not text[line.start : line.start + 1].isspace() for line in lines) else ()


def _meant(sentences: Sentences, span: Span) -> bool:
    return status(sentences, span.start, span.end, act=True) in (Status.AFFIRMED, Status.UNCERTAIN)


def _services(text: str, sentences: Sentences, phrases: list[tuple[str, Span]], until: int) -> Iterator[Kind]:
    """Yield the services that are more than a visit, the most specific first."""
    spans: dict[str, list[Span]] = {}
    set_aside: set[str] = set()
    for value, pattern in SERVICE_WORDS:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if aside(text, sentences, span):
                set_aside.add(value)
            elif _meant(sentences, span) and not _NONE.match(text, span.end):
                spans.setdefault(value, []).append(span)
    for value, span in phrases:
        service = "consultation" if value.startswith("consult_") else value
        if service in SERVICES:
            spans.setdefault(service, []).append(span)
    for value in SERVICES:
        if value in spans and value not in set_aside and any(span.start < until for span in spans[value]):
            found = sorted(spans[value], key=lambda span: span.start)
            yield Kind(value, found[0], tuple(found), sure=True)


@dataclass(slots=True)
class _Weighed:
    """How much speaks for one place, and how much of it the letter sets aside."""

    weight: int = 0
    gone: int = 0
    clearest: tuple[int, Span] | None = None
    mentions: list[Span] = field(default_factory=list)

    def tell(self, weight: int, spans: list[Span]) -> None:
        """Count one way to name the place once, however often it is used."""
        if spans:
            self.weight += weight
            self.mentions += spans
            if self.clearest is None or weight > self.clearest[0]:
                self.clearest = (weight, spans[0])


def _visit(text: str, sentences: Sentences, phrases: list[tuple[str, Span]], until: int) -> Kind | None:
    """Return the visit that place and visit of the stay make, with the clearest words for it."""
    weighed = {place: _Weighed() for place in _ORDER}
    emergency = bool(EMERGENCY_DOCTOR.search(text, 0, until))
    for place, weight, pattern in (*PLACES, *TOLD_BY_CODE):
        meant = []
        for match in pattern.finditer(text, 0, until):
            span = Span(*match.span())
            if aside(text, sentences, span):
                weighed[place].gone += weight
            elif (
                _meant(sentences, span)
                and not (
                    place in ("nursing", "emergency") and BOUND_FOR.search(text, max(0, span.start - 48), span.start)
                )
                and not (emergency and place == "hospital" and HANDED_OVER.match(text, span.end))
            ):
                meant.append(span)
        weighed[place].tell(weight, meant)
    for value, span in phrases:
        handed = emergency and value.startswith("hospital_") and HANDED_OVER.match(text, span.end)
        if value in _PLACE_OF and not handed:
            weighed[_PLACE_OF[value]].tell(_BY_PHRASE, [span])
    place = max(_ORDER, key=lambda name: (weighed[name].weight - weighed[name].gone, -_ORDER.index(name)))
    found = weighed[place]
    if found.clearest is None or found.weight <= found.gone:
        # Where no place is told, the words of outpatient care make it one of the office, as most are.
        asked = None if WELLNESS.search(text) else _OF_A_VISIT.search(text, 0, until)
        asked = asked if _OUTPATIENT.search(text) else None
        return Kind("office_visit", Span(*asked.span()), (Span(*asked.span()),), sure=False) if asked else None
    standing = next((row for row in phrases if row[0] in STANDS and _PLACE_OF[row[0]] == place), None)
    if standing:
        return Kind(standing[0], standing[1], (standing[1],), sure=True)
    kind = _BY_PLACE.get(place) or _BY_PHASE[place, _phase(text, sentences, until)]
    return Kind(kind, found.clearest[1], tuple(found.mentions), sure=found.weight >= _ENOUGH)


def of_part(text: str, sentences: Sentences, whole: Kind, *, told: Span | None) -> Kind | None:
    """Return the visit that a part of a letter tells by itself, in the place that the letter tells of if not its own.

    What it begins with behind its day, "Day 3 (6/3): discharge", says more of it than the number of that day.

    None where the part says neither the place nor which visit of a stay it was; `told` is where it calls the
    patient new or established.
    """
    weights = dict.fromkeys(_ORDER, 0)
    spans: list[Span] = []
    for place, weight, pattern in PLACES:
        meant = [Span(*match.span()) for match in pattern.finditer(text)]
        meant = [span for span in meant if _meant(sentences, span) and not aside(text, sentences, span)]
        weights[place] += weight if meant else 0
        spans += meant
    place = max(_ORDER, key=lambda name: weights[name])
    here = _PLACE_OF.get(whole.value, "office")
    if weights[place] < _OWN_PLACE or (place == "hospital" and here == "nursing"):
        place = here
    head = HEADS.match(text) or IN_PART.search(text)
    phase = str(head.lastgroup) if head else ""
    spans += [Span(*head.span(phase))] if head else []
    for name, weight, pattern in PHASES:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if weight >= _OWN_PLACE and _tells_phase(text, sentences, span):
                spans.append(span)
                phase = phase or name
    spans += [told] if told else []
    if not spans or (place in ("hospital", "nursing") and not phase) or not (phase or told or place != here):
        return None
    kind = _BY_PLACE.get(place) or _BY_PHASE[place, phase if head else _phase(text, sentences, len(text))]
    return Kind(kind, spans[0], tuple(spans), sure=True)


def _phase(text: str, sentences: Sentences, until: int) -> str:
    """Return which visit of a stay it was; empty where nothing says it."""
    weights: Counter[str] = Counter()
    title = len(text) - len(text.lstrip())
    title = text.find("\n", title) if text[title : title + 8].lower() == "subject:" else 0
    for end in dict.fromkeys((until, len(text))):
        for phase, weight, pattern in PHASES:
            spans = [Span(*match.span()) for match in pattern.finditer(text, 0, end)]
            if any(_tells_phase(text, sentences, span) for span in spans):
                weights[phase] += weight
                # What a letter is about stands in its first line.
                weights[phase] += _TITLE * (weight >= _OWN_PLACE and any(span.end <= title for span in spans))
        if weights:
            break
    left = weights["discharge"] or LEFT.search(text)
    if weights["initial"] and left and ONE_DATE.search(text) and not TWO_STAYS.search(text):
        weights["same_day"] += _ONE_DAY
    order = ("same_day", "discharge", "initial", "subsequent")
    if weights["initial"] == weights["subsequent"] == max(weights.values(), default=0) and weights["initial"]:
        return ""
    return max(weights, key=lambda name: (weights[name], -order.index(name)), default="")


def _tells_phase(text: str, sentences: Sentences, span: Span) -> bool:
    """Tell whether words for a visit of the stay are the writer's own and not a template's or of another day."""
    quoted_words = _QUOTES.search(text, max(0, span.start - 40), span.start)
    return _meant(sentences, span) and not quoted_words and not aside(text, sentences, span)


def _placed(text: str, kind: Kind, visit: Kind | None) -> Kind:
    """Return a consultation with the place where it was given."""
    place = _PLACE_OF.get(visit.value) if visit else None
    if place == "hospital" and _OBSERVATION.search(text):
        place = "observation"
    value = _CONSULT_PLACES.get(place or "", "consult_unplaced")
    return Kind(value, kind.span, kind.mentions, kind.sure)
