"""Read work on nails by its act and the nails it was done to: how many there were, and of which toe or finger.

Debridement and trimming are counted for the session. Surgery is counted nail by nail, never by border, and each nail
takes the modifier of its digit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from consultant.questions import counting, nail_digits
from consultant.questions.aside import Aside
from consultant.questions.counting import NUMBER
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.nail_digits import Digit
from consultant.questions.nail_words import ACTS, AGAIN, DEBRIDEMENT, NAIL, OF_NAIL, SURGERY, TRIMMING, words
from consultant.questions.passages import Sentences, Status, quoted, status
from knowledge.model import Phrase

FAMILY: Final = "nails"
_COUNTED: Final = (DEBRIDEMENT, TRIMMING)
_MANY: Final = 6
"""So many debrided nails are 11721, beside which no trimming is paid."""


_OTHERS: Final = frozenset(
    {"nail_biopsy", "nail_bed_repair", "nail_bed_graft", "nail_fold_wedge", "subungual_hematoma_evacuation"}
)
_GENERIC: Final = words(
    r"(?:toe|finger)?-?nails?[ \t](?:x ?\d{1,2}[ \t]|were[ \t]|was[ \t]|all[ \t]){0,3}"
    r"(?:done|removed|treated|cared for|addressed|serviced)"
    r"|nail (?:care|removal|procedure)[ \t](?:was[ \t])?(?:done|performed|provided)|removed"
)
_DENIED_INSIDE: Final = words(
    r"not|never|no|n't|untouched|intact|left(?![ \t](?:great|big|hallux|foot|hand|thumb\w*|index|middle|long|ring"
    r"|little|small|[1-5](?:st|nd|rd|th)|first|second|third|fourth|fifth|toe\w*|finger\w*)\b)"
)
_SPARED: Final = re.compile(
    r"\bmatri(?:x|ces)\b[^.;\n]{0,24}\b(?:not|left|untouched|intact|spared|alone)\b|\b(?:no|without|not)"
    r"[ \t](?:\w+[ \t]"
    r"){0,3}(?:phenol|matri[xc])",
    re.IGNORECASE,
)
# What a doctor does on some days says nothing of this one.
_HABIT: Final = words(
    r"half and half|sometimes|now and then|usually|at times|either|some days|other times|would be|kind (?:where|with)"
)
_OTHER_SERVICE: Final = words(
    r"ulcers?|ulcerations?|wounds?|wound care|callus(?:es)?|callosit\w+|corns?|hyperkeratot\w+|fracture\w*"
)
_FOOT_EXAM: Final = re.compile(r"\bLOPS\b|loss of protective sensation|\bG024[567]\b", re.IGNORECASE)
_NOUN: Final = (
    r"(?:(?!and\b|or\b|of\b|on\b|mm\b|cm\b|g\b|ga\b|gauge\b|needles?\b|through\b|cc\b|ml\b|blade\b)[a-z'/,-]+[ \t]+)"
    r"{0,6}?"
    r"(?:(?:toe-?|finger-?)?(?:nails?|nailplates)|toes?)\b"
)
_NUMBERED: Final = re.compile(rf"(?<![\w.#/$-])(?P<n>{NUMBER})[ \t]+(?=(?P<noun>{_NOUN}))", re.IGNORECASE)
_BEHIND: Final = re.compile(
    rf"nails?,?[ \t](?:all|total(?: of)?)[ \t](?P<a>{NUMBER})\b"
    r"|nails?[ \t]{0,2}(?:\([ \t]?)?(?:[x×][ \t]?(?P<n>\d{1,2})|\((?P<m>\d{1,2})\)|[:=][ \t]?(?P<k>\d{1,2})\b)"
    r"|nails?[ \t](?:debrid\w+|trim\w*|avuls\w+|cut|clipp\w+|burr\w+)[ \t]{0,2}[x×][ \t]?(?P<j>\d{1,2})\b",
    re.IGNORECASE,
)
_BY_SIDE: Final = re.compile(
    rf"(?<![\w.#/$-])(?P<n>{NUMBER})[ \t]+(?:more[ \t]|others?[ \t])?(?:on|of|from)[ \t](?:the[ \t]|his[ \t]|her[ \t])?"
    rf"(?:left|right|lt|rt|[lr]\b)|\b(?:left|right|lt|rt|[lr])(?:[ \t](?:foot|hand))?[ \t:(=x,-]{{1,3}}(?:all[ \t])?"
    rf"(?:(?P<one>(?:only[ \t])?(?:the[ \t])?(?:hallux|great toe|big toe|thumb)(?:nail)?\b)|(?P<m>{NUMBER})\b)"
    rf"(?![ \t]?(?:st|nd|rd|th|cm|mm|toe)\b)",
    re.IGNORECASE,
)
_EACH: Final = re.compile(r"[^.;\n]{0,40}\b(?:each|both) (?:foot|side|feet)\b|[^.;\n]{0,24}\bbilat\w*", re.IGNORECASE)
_NORMAL: Final = words(
    r"normal|healthy|fine|not (?:dystrophic|thick\w*|mycotic|treated|touch\w*)|nondystrophic|unaffected"
)
_SINGLE: Final = words(
    r"(?:the|an?|one|single|his|her|this|that|ingrown)[ \t]+(?:[a-z-]+[ \t]+){0,2}(?:toe|finger)?nail(?!s)"
)
_ONE_BED: Final = words(r"nail-?[ \t]?bed")
_BEDS: Final = words(
    r"nail-?[ \t]?beds|nail-?[ \t]?bed (?:\w+ )?(?:lacerations|lacs|injuries|repairs)|fingers|toes|both|two|three"
)
_BOUNDS: Final = re.compile(r"\b(?:and|then|with|plus)\b|[,;&]", re.IGNORECASE)


@dataclass(slots=True)
class _Act:
    """One kind of work, where it is told, and the digits of its own words."""

    procedure: str
    spans: list[Span]
    digits: list[Digit] = field(default_factory=list)


def read(text: str, sentences: Sentences, told: Iterable[tuple[Phrase, Span]], aside: Aside) -> tuple[Subject, ...]:
    """Return one subject for each kind of work that was done, or one without its kind where none is told."""
    if not OF_NAIL.search(text) or _FOOT_EXAM.search(text):
        return ()
    of_family = [(phrase, span) for phrase, span in told if phrase.family == FAMILY]
    acts = _acts(text, sentences, of_family, aside)
    if not acts:
        return _unnamed(text, sentences, aside)
    found = nail_digits.named(digit for digit in nail_digits.find(text) if _said(sentences, aside, digit.span))
    _share_digits(sentences, acts, found)
    _one_code_for_a_nail(sentences, acts)
    subjects = [_subject(text, sentences, act, of_family, aside, alone=len(acts) == 1) for act in acts]
    return tuple(_without_trimming(subjects))


def _acts(text: str, sentences: Sentences, phrases: Sequence[tuple[Phrase, Span]], aside: Aside) -> list[_Act]:
    """Return the kinds of work that were done, in the order of the letter."""
    found: dict[str, list[Span]] = {}
    for procedure, pattern in ACTS.items():
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if _done(text, sentences, aside, span, procedure) and not _DENIED_INSIDE.search(match[0]):
                found.setdefault(procedure, []).append(span)
    for phrase, span in phrases:
        if phrase.value in _OTHERS and _said(sentences, aside, span):
            found.setdefault(str(phrase.value), []).append(span)
    for procedure in SURGERY:
        # "Right hallux, same treatment": what was done to the nail before was done to this one too.
        if procedure in found:
            first = found[procedure][0].start
            again = (Span(*match.span()) for match in AGAIN.finditer(text, first))
            found[procedure] += [span for span in again if _said(sentences, aside, span)]
            break
    if found.keys() & set(SURGERY) and TRIMMING in found:
        # The border that is cut to be taken out is not trimmed.
        found = {name: spans for name, spans in found.items() if name != TRIMMING}
    if "nail_bed_repair" in found or "nail_bed_graft" in found:
        found.pop("nail_avulsion", None)
    return sorted((_Act(name, spans) for name, spans in found.items()), key=lambda act: act.spans[0].start)


def _said(sentences: Sentences, aside: Aside, span: Span) -> bool:
    meant = status(sentences, span.start, span.end, act=True)
    return meant in (Status.AFFIRMED, Status.UNCERTAIN) and not aside.holds(span.start)


def _done(text: str, sentences: Sentences, aside: Aside, span: Span, procedure: str) -> bool:
    """Tell whether an act was done, and to nails."""
    sentence = sentences.around(span.start)
    if not _said(sentences, aside, span) or _HABIT.search(text, sentence.start, sentence.end):
        return False
    if text[sentence.start : sentence.end].rstrip().endswith("?") and len(text.strip()) > sentence.end - sentence.start:
        asked = re.search(
            r"\b(?:which|what|is|are|can|do|does|may|should|or)\b", text[sentence.start : span.start], re.I
        )
        if asked:
            return False
    if procedure in SURGERY:
        return True
    things = [match.start() for match in NAIL.finditer(text, sentence.start, sentence.end)]
    others = [match.start() for match in _OTHER_SERVICE.finditer(text, sentence.start, sentence.end)]
    if not things:
        return procedure == DEBRIDEMENT and not others and bool(re.search(r"\bonychomyc|\bmycotic", text, re.I))
    clause = _BOUNDS.search(text, span.end, sentence.end)
    behind = range(span.end, clause.start() if clause else sentence.end)
    if any(place in behind for place in (*things, *others)):
        # "Trimmed five nails and debrided two corns": what stands behind the act within its clause is its object.
        return min(place for place in (*things, *others) if place in behind) in things
    nearest = min(abs(place - span.start) for place in things)
    return not any(abs(place - span.start) < nearest for place in others)


def _share_digits(sentences: Sentences, acts: list[_Act], digits: list[Digit]) -> None:
    """Give each kind of work the digits of its own words; what names none takes those of the letter."""
    starts = sorted(span.start for act in acts for span in act.spans)
    surgical = [act for act in acts if act.procedure not in _COUNTED]
    for act in acts:
        if act.procedure in _COUNTED:
            continue
        # What an older letter of the thread says of the digits holds where the newer one says nothing.
        fresh = [span for span in act.spans if not quoted(sentences.text, span.start)] or act.spans
        for span in fresh:
            sentence = sentences.around(span.start)
            end = min((start for start in starts if start > span.start), default=sentence.end)
            since = max((start for start in starts if start < span.start), default=sentence.start)
            behind = [row for row in digits if span.start <= row.span.start < min(end, sentence.end)]
            before = [row for row in digits if max(since, sentence.start) <= row.span.start < span.start]
            # Of one kind of surgery every digit of its sentence had it: "left hallux avulsion, right hallux avulsion".
            if _digit_first(sentence, starts, digits):
                behind = []
            act.digits += [*before, *behind] if len(surgical) == 1 and len(fresh) > 1 else behind or before
    if surgical and not any(act.digits for act in surgical):
        for act in surgical:
            act.digits = list(digits)


def _digit_first(sentence: Span, starts: Sequence[int], digits: Sequence[Digit]) -> bool:
    """Tell whether acts stand behind their digits: "right hallux matrixectomy, left hallux avulsion"."""
    acts = [start for start in starts if sentence.start <= start < sentence.end]
    places = [row.span.start for row in digits if sentence.start <= row.span.start < sentence.end]
    return len(acts) > 1 and bool(places) and min(places) < acts[0] and max(places) < acts[-1]


def _one_code_for_a_nail(sentences: Sentences, acts: list[_Act]) -> None:
    """Leave the less extensive surgery out where it is that of the same nail."""
    greater = next((act for act in acts if act.procedure == SURGERY[0]), None)
    lesser = next((act for act in acts if act.procedure == SURGERY[1]), None)
    if greater is None or lesser is None:
        return
    if not greater.digits:
        greater.digits = lesser.digits
    for span in greater.spans:
        # "Border avulsed and its matrix destroyed": the nail that the sentence names had both.
        sentence = sentences.around(span.start)
        its = [digit for digit in lesser.digits if sentence.start <= digit.span.start < sentence.end]
        mine = any(sentence.start <= digit.span.start < sentence.end for digit in greater.digits)
        greater.digits = greater.digits if mine else [*greater.digits, *its]
    own = {digit.name for digit in greater.digits}
    left = [digit for digit in lesser.digits if digit.name not in own]
    if left:
        lesser.digits = left
    else:
        acts.remove(lesser)


def _subject(
    text: str,
    sentences: Sentences,
    act: _Act,
    phrases: Sequence[tuple[Phrase, Span]],
    aside: Aside,
    *,
    alone: bool,
) -> Subject:
    facts = [Fact("procedure", act.procedure, act.spans[0])]
    if act.procedure == TRIMMING:
        facts += _dystrophic(sentences, act, phrases, aside)
    if act.procedure not in _COUNTED and act.digits:
        unique = list({digit.name: digit for digit in act.digits}.values())
        facts.append(Fact("nail_count", len(unique), unique[0].span))
        facts += [Fact("digit", digit.name, digit.span) for digit in unique if digit.side]
        return Subject("procedure", tuple(facts))
    counted = _count(text, sentences, act, aside, alone=alone)
    if counted is not None:
        facts.append(Fact("nail_count", *counted))
    elif act.procedure not in _COUNTED and (match := _SINGLE.search(text) or _one_bed(text, act)):
        facts.append(Fact("nail_count", 1, Span(*match.span())))
    return Subject("procedure", tuple(facts))


def _one_bed(text: str, act: _Act) -> re.Match[str] | None:
    """Return where one nail bed is named, of a repair that speaks of no more than one."""
    return _ONE_BED.search(text) if act.procedure == "nail_bed_repair" and not _BEDS.search(text) else None


def _dystrophic(
    sentences: Sentences, act: _Act, phrases: Sequence[tuple[Phrase, Span]], aside: Aside
) -> Iterator[Fact]:
    """Yield whether the trimmed nails were dystrophic, as the sentence of the act says it before others do."""
    told = [
        Fact("nails_dystrophic", phrase.value, span)
        for phrase, span in phrases
        if phrase.fact == "nails_dystrophic"
        and not aside.holds(span.start)
        and status(sentences, span.start, span.end, act=False) is Status.AFFIRMED
    ]
    near = {sentences.around(span.start) for span in act.spans}
    own = [fact for fact in told if sentences.around(fact.span.start) in near] or told
    if len({fact.value for fact in own}) == 1:
        yield own[0]


def _count(text: str, sentences: Sentences, act: _Act, aside: Aside, *, alone: bool) -> tuple[int, Span] | None:
    """Return how many nails there were: as told with the act, or else as the letter counts them at all."""
    for span in act.spans:
        sentence = sentences.around(span.start)
        if counted := _numbers(text, sentence, span):
            return counted
    if not alone:
        return None
    near = {sentences.around(span.start) for span in act.spans}
    rows = [
        counted
        for sentence in sentences.spans
        if sentence not in near
        and not aside.holds(sentence.start)
        and not _NORMAL.search(text, sentence.start, sentence.end)
        and sentences.part(sentence.start) is None
        and NAIL.search(text, sentence.start, sentence.end)
        and (counted := _numbers(text, sentence, None))
    ]
    return rows[0] if len({number for number, _ in rows}) == 1 else None


def _numbers(text: str, sentence: Span, act: Span | None) -> tuple[int, Span] | None:
    """Return the number of nails that one sentence gives; of several the one that the act was done to."""
    sides = [
        (1 if match["one"] else counting.number(match["n"] or match["m"]), Span(*match.span()))
        for match in _BY_SIDE.finditer(text, sentence.start, sentence.end)
    ]
    plain = [
        (counting.number(match["n"]) * _doubled(text, match), Span(*match.span("n")))
        for match in _NUMBERED.finditer(text, sentence.start, sentence.end)
        if not _NORMAL.search(match["noun"])
    ]
    plain += [
        (counting.number(match["a"] or match["n"] or match["m"] or match["k"] or match["j"]), Span(*match.span()))
        for match in _BEHIND.finditer(text, sentence.start, sentence.end)
    ]
    if len(sides) > 1 and all(number in {row for row, _ in sides} for number, _ in plain):
        return sum(number for number, _ in sides), sides[0][1]
    if plain:
        # Numbers of several kinds of work in one sentence: the nearest one is that of the act.
        return min(plain, key=lambda row: abs(row[1].start - act.start)) if act else plain[0]
    return nail_digits.numbered(text, sentence) or (sides[0] if sides else None)


def _doubled(text: str, match: re.Match[str]) -> int:
    """Return 2 for "five nails on each foot", where no more than the five of one foot are told."""
    each = _EACH.match(text, match.end())
    return 2 if each and "each" in each[0].lower() and counting.number(match["n"]) <= 5 else 1


def _without_trimming(subjects: list[Subject]) -> list[Subject]:
    """Leave out the trimming of other nails beside six or more debrided ones: 11721 alone is paid (indicator 0)."""
    debrided = [row.values() for row in subjects if row.values().get("procedure") == DEBRIDEMENT]
    many = any(isinstance(count := row.get("nail_count"), int) and count >= _MANY for row in debrided)
    return [row for row in subjects if not (many and row.values().get("procedure") == TRIMMING)]


def _unnamed(text: str, sentences: Sentences, aside: Aside) -> tuple[Subject, ...]:
    """Return the nails to which something was done that the letter does not name."""
    if not NAIL.search(text):
        return ()
    for match in _GENERIC.finditer(text):
        sentence = sentences.around(match.start())
        other = _OTHER_SERVICE.search(text, sentence.start, sentence.end)
        if other or not _said(sentences, aside, Span(*match.span())):
            continue
        if match[0].lower() == "removed" and not re.search(r"\b(?:ingrown|onychocrypto\w+)\b", text, re.I):
            continue
        spared = _SPARED.search(text)
        counted = _numbers(text, sentence, Span(*match.span()))
        told = nail_digits.named(row for row in nail_digits.find(text) if _said(sentences, aside, row.span))
        digits = {row.name: row for row in told}
        facts = [Fact("procedure", "nail_avulsion", Span(*spared.span()))] if spared and "remov" in match[0] else []
        number = counted[0] if counted else max(len(digits), 1)
        facts.append(Fact("nail_count", number, counted[1] if counted else Span(*match.span())))
        facts += [
            Fact("digit", row.name, row.span) for row in digits.values() if facts[0].name == "procedure" and row.side
        ]
        return (Subject("procedure", tuple(facts)),)
    return ()
