"""Read the encounters of a letter: which visit or service is asked about, its level, its time, and what else decides.

The kind is decided in `visit_kinds`, times are read in `minutes`, the elements of medical decision making in
`elements`; here each service takes what belongs to it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consultant.questions import (
    care_days,
    continuity,
    elements,
    mdm_told,
    minutes,
    monitoring,
    staff_time,
    stays,
    visit_asking,
    visit_kinds,
    visit_lists,
)
from consultant.questions.minutes import Time, Whose
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.visit_kinds import Kind
from consultant.questions.visit_time import (
    LOGGED,
    MINUTES_OF,
    OTHER_DAY_TIME,
    STAFF_TIME,
    WITHOUT_LEVEL,
    WITHOUT_TIME,
)
from consultant.questions.visit_words import SERVICES
from knowledge.model import Phrase

_LEVELS: Final = frozenset({"mdm_level", "problems", "data", "risk"})
_ELEMENTS: Final = ("problems", "data", "risk")
_READ_ELSEWHERE: Final = frozenset({"new_patient", "visit_kind", "total_minutes", "of_record"})
"""Facts of phrases that are decided here or belong to the whole letter."""
_BESIDE_A_VISIT: Final = frozenset(
    {"advance_care_planning", "tobacco_counseling", "substance_screening", "preventive_visit", "complexity_add_on"}
)
"""Services that are reported beside a visit of the same date."""
_TIMED_BESIDE: Final = frozenset({"tobacco_counseling", "substance_screening", "advance_care_planning"})
"""Counseling that a preventive visit does not hold where its minutes are told."""
_UNTIMED: Final = re.compile(
    r"\b(?:no|without(?: a| any)?) (?:documented |recorded |total )?(?:time|minutes)\b(?! limit)(?: statement"
    r"| documented| in the"
    r"| recorded| noted| given)?|\b(?:time|minutes)(?: (?:is|was|were|are|spent))* (?:not|never|n'?t"
    r"|nowhere) (?:\w+ )?(?:documented|written"
    r"|recorded|noted|stated|given|mentioned|charted|in the)|\b(?:did not|didn'?t|never|forgot to|does not"
    r"|doesn'?t) (?:write|document"
    r"|record|note|state|give|mention|chart|say)\b[^.;\n]{0,24}\b(?:time|minutes|how long)\b|\buntimed\b"
    r"|\bnothing about (?:the )?time\b|\bfor (?:quite )?a (?:good |long |little )?while\b|\ba long (?:time"
    r"|while|talk)\b"
    r"|\b(?:nobody|no one) (?:wrote|noted|recorded|documented|clocked|timed)\b[^.;\n]{0,24}\b(?:time|minutes|it|long)\b"
    r"|\bno clock\b",
    re.IGNORECASE,
)
"""What says that a note gives no time."""
_PLANNING: Final = re.compile(
    r"\badvance (?:care|directive)|\b(?-i:ACP)\b|\b9949[78]\b|\bgoals of care (?:code|talk|visit|meeting)",
    re.IGNORECASE,
)
_INITIAL: Final = frozenset({"hospital_initial", "hospital_one_encounter", "hospital_same_day", "nursing_initial"})
"""Visits whose code Medicare wants marked for the physician of record."""
_MINUTES: Final = re.compile(r"\d[ \t-]?min", re.IGNORECASE)
_TALKED: Final = re.compile(r"\b(?:discussion|talk\w*|spoke|conversation|call|phone)\b", re.IGNORECASE)


def read(
    text: str, sentences: Sentences, rows: list[tuple[Phrase, Fact]], served: Iterable[Span], *,
    alone: bool, tests: bool, done: bool, selecting: bool,
) -> Iterator[Subject]:  # fmt: skip
    """Yield the encounters that a letter asks about, each with its own facts.

    `rows` are the phrases for encounters that the letter holds; `served` are the places of other services, whose
    minutes are not the visit's. `alone` tells whether there is no other subject, `tests` whether there are none but
    tests that nothing asks about, `done` whether something was done to one, and `selecting` whether the letter asks
    for a code.
    """
    below = visit_kinds.quoted(text)
    own = [row for row in rows if not any(line.start <= row[1].span.start < line.end for line in below)] or rows
    named = [row for row in own if row[1].name == "visit_kind" and _tight(text, *row)]
    kinds = visit_kinds.decide(text, sentences, [(str(fact.value), fact.span) for _, fact in named])
    if not alone and visit_kinds.settled(text):
        # Only what was done at the visit is asked for.
        kinds = tuple(kind for kind in kinds if visit_asking.special(kind) and kind.value != "preventive_visit")
    served = tuple(served)
    times = _apart_from(minutes.find(text, sentences), served, sentences)
    levels = tuple(_levels(text, sentences, own))
    ruled = visit_asking.not_of_a_visit(text, measured=bool(levels or times))
    by_month = () if ruled or not selecting else tuple(monitoring.read(text, sentences, minutes.find(text, sentences)))
    if by_month:
        beside = any(visit_asking.special(kind) for kind in kinds)
        # Beside another service of the month the minutes of the letter are that one's.
        yield from (row for row in by_month if not beside or "month_minutes" not in row.values())
        if not beside:
            return
    several = visit_lists.parts(text, sentences, _of_visits(kinds)) if not ruled else ()
    if several:
        role = tuple(stays.of_record(text, sentences))
        yield from (_listed(part, own, role) for part in several)
        return
    for kind in () if ruled else _chosen(text, kinds, levels):
        facts = [*_of(text, sentences, kind, own, levels, times)]
        if kind.value == "complexity_add_on":
            facts = _on_visit(facts, kinds)
        facts.insert(0, _called(text, kind, facts))
        # A time that holds work of others is a time all the same, and the letter asks what it makes.
        phrased = any(fact.name in _LEVELS for _, fact in own) or staff_time.mixed(text)
        called = any(fact.name == "visit_kind" and fact.value == kind.value for _, fact in own)
        if visit_asking.wanted(
            text,
            sentences,
            kind,
            facts,
            phrased=phrased,
            named=called,
            alone=alone,
            tests=tests,
            done=done,
            selecting=selecting,
        ):
            yield Subject("encounter", tuple(facts))


_MODE: Final = re.compile(
    r"\b(?:audio\w*|video\w*|a/?v|zoom|doxy\w*|facetime|teams|webex|webcam|camera|on screen|skype"
    r"|(?:tele)?phone\w*|called?"
    r"|calls?|voice|televideo|visual\w*|93|GT)\b",
    re.IGNORECASE,
)
_MEDICARE: Final = re.compile(r"\b(?:medicare|MCR)\b", re.IGNORECASE)


def _of_visits(kinds: tuple[Kind, ...]) -> Kind | None:
    """Return the visit of a letter that asks about no other service."""
    return kinds[0] if kinds and not visit_asking.special(kinds[0]) else None


_BASES: Final = {"office_visit": "office", "home_visit": "home", "emergency_visit": "another"}


def _on_visit(facts: list[Fact], kinds: tuple[Kind, ...]) -> list[Fact]:
    """Return the facts of the add-on with the visit that the letter tells of: a rule may name the codes of others."""
    told = any(fact.name == "base_visit" for fact in facts)
    visit = next((kind for kind in kinds if (kind.sure or not told) and kind.value in _BASES), None)
    if visit is None:
        return facts
    base = Fact("base_visit", _BASES[visit.value], visit.span)
    return [*(fact for fact in facts if fact.name != "base_visit"), base]


def _listed(part: visit_lists.Part, rows: list[tuple[Phrase, Fact]], role: tuple[Fact, ...]) -> Subject:
    """Return one visit of several with what its own part tells of it; the `role` of the practitioner is of all."""
    text, sentences = part.text, part.sentences
    own = [(phrase, fact) for phrase, fact in rows if part.span.start <= fact.span.start < part.span.end]
    levels, times = tuple(_levels(text, sentences, own)), minutes.find(text, sentences)
    levels = (part.level,) if part.level else levels
    facts = tuple(_of(text, sentences, part.kind, own, levels, times))
    if part.kind.value in _INITIAL and role and role[0].name not in {fact.name for fact in facts}:
        facts += role
    return Subject("encounter", (_called(text, part.kind, facts), *part.acquainted[:1], *facts))


def _called(text: str, kind: Kind, facts: Iterable[Fact]) -> Fact:
    """Return the kind of visit; a discharge of which the letter says that no time was written is one of its own.

    Of one by telehealth, whose mode the codes of 2025 ask for, nobody may have told it.
    """
    # For original Medicare both modes are the same office code.
    if kind.value in ("video_visit", "audio_visit") and not _MODE.search(text) and not _MEDICARE.search(text):
        return Fact("telehealth", value=True, span=kind.span)
    untimed = kind.value.endswith("_discharge") and not any(fact.name == "total_minutes" for fact in facts)
    untimed = untimed and bool(_UNTIMED.search(text))
    return Fact("visit_kind", f"{kind.value}_untimed" if untimed else kind.value, kind.span)


def _tight(text: str, phrase: Phrase, fact: Fact) -> bool:
    """Tell whether a phrase for a service stands together: strewn over a sentence its words say something else."""
    if fact.value not in SERVICES and fact.value not in visit_kinds.STANDS:
        return "," not in text[fact.span.start : fact.span.end]
    if "]" in text[fact.span.start : fact.span.end]:
        # The name of what was masked is no word of the letter.
        return False
    written = text[fact.span.start : fact.span.end].split()
    return len([word for word in written if word.lower() not in ("the", "a", "an", "of")]) <= len(phrase.text.split())


def _chosen(text: str, kinds: tuple[Kind, ...], levels: tuple[Fact, ...]) -> tuple[Kind, ...]:
    """Return the service that is meant, and the visit beside it where the letter tells its level and no code of it."""
    if len(kinds) > 1 and kinds[0].value == "advance_care_planning" and not _PLANNING.search(text):
        # Goals of care within a note of a visit are part of it, unless the letter tells their minutes.
        kinds = kinds if _has_minutes(text, kinds[0]) else kinds[1:]
    if not kinds:
        return ()
    if both := _with_check(text, kinds):
        return both
    first = kinds[0]
    beside = [kind for kind in kinds[1:] if not visit_asking.special(kind)]
    if (
        first.value in _BESIDE_A_VISIT
        and beside
        and any(fact.name in ("mdm_level", "problems") for fact in levels)
        and not visit_asking.coded(text)
    ):
        return (first, beside[0])
    level = next((fact for fact in levels if fact.name == "mdm_level"), None)
    if first.value == "preventive_visit" and level and not visit_asking.coded(text):
        # A preventive visit has no level of decision making: it is that of the visit for a problem beside it.
        return (first, Kind("office_visit", level.span, (level.span,), sure=False))
    return (first,)


def _with_check(text: str, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """Return a preventive visit and the counseling beside it that has minutes of its own; empty without both."""
    check = next((kind for kind in kinds if kind.value == "preventive_visit"), None)
    timed = next((kind for kind in kinds if kind.value in _TIMED_BESIDE and _has_minutes(text, kind)), None)
    return (check, timed) if check and timed else ()


def _has_minutes(text: str, kind: Kind) -> bool:
    return any(_MINUTES.search(text, max(0, span.start - 24), span.end + 60) for span in kind.mentions)


def _of(
    text: str, sentences: Sentences, kind: Kind, rows: list[tuple[Phrase, Fact]], levels: tuple[Fact, ...],
    times: tuple[Time, ...],
) -> Iterator[Fact]:  # fmt: skip
    """Yield what belongs to one service: its level, its time, and the facts that only its family asks."""
    if kind.value not in WITHOUT_LEVEL:
        yield from levels
    if kind.value not in WITHOUT_TIME:
        yield from _time_of(text, kind, times)
    if kind.value.startswith("chronic_care") and not any(fact.name == "mdm_level" for fact in levels):
        yield from mdm_told.below_moderate(text, sentences)
    taken = _LEVELS | _READ_ELSEWHERE | continuity.FACTS
    if kind.value == "transitional_care":
        # "Nobody called within two business days" is no contact, whatever its words are part of.
        days = tuple(care_days.read(text, sentences, _year(text)))
        taken |= {fact.name for fact in days}
        yield from days
    yield from {(fact.name, fact.value): fact for _, fact in reversed(rows) if fact.name not in taken}.values()
    if kind.value == "complexity_add_on":
        newest = tuple(continuity.read(_unquoted(text), sentences))
        # What an older mail of the thread tells holds where the newer one says nothing of it.
        told = {fact.name for fact in newest}
        yield from newest
        yield from (fact for fact in continuity.read(text, sentences) if fact.name not in told)
    if kind.value.startswith(("chronic_care", "advanced_primary")):
        yield from stays.chronic_count(text, sentences)
    if kind.value == "advanced_primary_care":
        yield from stays.beneficiary(text)
    if kind.value.startswith("hospital_"):
        yield from stays.length(text)
    if kind.value in _INITIAL:
        yield from stays.of_record(text, sentences)


def _levels(text: str, sentences: Sentences, rows: list[tuple[Phrase, Fact]]) -> Iterator[Fact]:
    """Yield the level of decision making where it is told, and otherwise its elements, each by its highest value."""
    told = [fact for _, fact in rows if fact.name == "mdm_level"] + list(mdm_told.levels(text, sentences))
    named = list(mdm_told.of_elements(text, sentences))
    sure = {fact.value: fact for fact in reversed(told)}
    yield from sorted(sure.values(), key=lambda fact: (not fact.certain, fact.span.start))
    of_phrases = [fact for _, fact in rows]
    phrased = {
        name: next((fact for fact in named if fact.name == name), None)
        or elements.highest([fact for fact in of_phrases if fact.name == name])
        for name in _ELEMENTS
    }
    if told:
        # A level that is told is the coder's; elements beside it count where all three are told as well.
        if all(phrased.values()):
            yield from (fact for fact in phrased.values() if fact)
        return
    seen = {fact.name: fact for fact in elements.read(text, sentences)}
    for name in _ELEMENTS:
        fact = elements.highest([fact for fact in (phrased[name], seen.get(name)) if fact])
        if phrased[name] and (name == "data" or phrased[name] in named):
            # What the letter calls an element is what it is; what it tells beside it was counted by the writer.
            fact = phrased[name]
        if fact:
            yield fact


def _time_of(text: str, kind: Kind, times: tuple[Time, ...]) -> Iterator[Fact]:
    """Yield the minutes of one service: those in the part that names it, or else all that count for it."""
    counted = {Whose.OWN}
    if kind.value in STAFF_TIME:
        counted.add(Whose.STAFF)
    if kind.value in OTHER_DAY_TIME:
        counted.add(Whose.OTHER_DAY)
    own = [time for time in times if any(time.around.start <= span.start < time.around.end for span in kind.mentions)]
    if kind.value == "prolonged_staff":
        own = [time for time in times if time.whose is Whose.STAFF]
    # Beside a visit a service has minutes of its own; otherwise all that is told is of the one that is asked about.
    first, then = (own, times) if kind.value in _BESIDE_A_VISIT or kind.value == "prolonged_staff" else (times, own)
    found = (minutes.listed(text, times, counted) or staff_time.summed(text, times)) if kind.value in LOGGED else None
    found = found or minutes.chosen(first, counted) or minutes.chosen(then, counted)
    name = MINUTES_OF.get(kind.value, "total_minutes")
    if Whose.STAFF not in counted and staff_time.mixed(text):
        return
    if found is None:
        yield from (Fact(name, time.minutes, time.span) for time in minutes.unsettled(times))
        return
    length = staff_time.beyond_typical(text, *found) if kind.value == "prolonged_staff" else found[0]
    yield Fact(name, length, found[1])
    if kind.value == "audio_visit" and _TALKED.search(text, max(0, found[1].start - 48), found[1].end + 48):
        yield Fact("discussion_minutes", found[0], found[1])


def _unquoted(text: str) -> str:
    """Return the text with blanks for the lines of earlier mails, so that every place stays."""
    for line in visit_kinds.quoted(text):
        text = text[: line.start] + " " * (line.end - line.start) + text[line.end :]
    return text


def _year(text: str) -> int:
    """Return the year that the letter's dates are of."""
    match = re.search(r"\b(?:(20\d\d)|\d{1,2}/\d{1,2}/(\d\d))\b", text)
    return int(match[1] or f"20{match[2]}") if match else 2000


def _apart_from(times: Sequence[Time], spans: Iterable[Span], sentences: Sentences) -> tuple[Time, ...]:
    """Return the times that do not stand in a part of a sentence that tells of another service."""
    parts = sorted((time.around.start, time.around.end, place) for place, time in enumerate(times))
    starts = [start for start, _, _ in parts]
    taken: set[int] = set()
    for span in spans:
        at = bisect_right(starts, span.start) - 1
        if at >= 0 and span.start < parts[at][1] and sentences.around(span.start) == sentences.around(parts[at][0]):
            taken.add(parts[at][2])
    return tuple(time for place, time in enumerate(times) if place not in taken)
