"""Read procedures, tests, therapies, drugs and their administration by the phrases that families list for them.

One thing that was done is one subject, with what its own part of the letter says of it: how many, how long, which dose.
What is only background (coded already, denied, past, planned, or of another kind than the letter asks for) is none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from consultant.questions import amounts, drugs, infusions, labs, portions
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.said import Said
from consultant.questions.settled import Settled
from knowledge.model import Phrase

_KINDS: Final = frozenset({"procedure", "drug"})
APART: Final = frozenset({"medicare_wellness"})
"""Families whose services are named like encounters and billed by themselves, beside a visit or without one."""
MEDICARE: Final = frozenset({"medicare", "medicare_advantage"})
_DOUBTED: Final = re.compile(
    r"\b(?:whether|(?:can'?t|cannot|could ?n'?t) (?:see|tell|find)|(?:do|does)n'?t know"
    r"|not sure|unsure|unclear|silent|no mention"
    r"|(?:do|does|did)(?:n'?t| not) (?:say|mention|state|tell|specify)"
    r"|(?:not|never) (?:stated|documented|mentioned|specified)|dont say|doesnt say)\b[^.;]{0,64}$",
    re.IGNORECASE,
)
_AGO: Final = re.compile(r"[^.;,\n]{0,56}\b(?:years?|months?|mos?|yrs?|weeks?)[ \t]ago\b", re.IGNORECASE)
_FIRST_WAS: Final = re.compile(
    r"(?:,?[ \t]\(?(?:exam|eval\w*|visit|one|LOPS|with|the|for|diagnosis|dx|of|code"
    r"|(?-i:G\d{4}))\)?,?)*[ \t](?:(?:was|were|had been"
    r"|took place)\b(?![^.;\n]{0,24}\btoday)"
    r"|(?:(?:back|done|billed|paid|performed|given)[ \t])?(?:in|last)[ \t](?:jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov"
    r"|dec|20\d\d|year|spring|summer|fall|winter)|(?:back|billed|paid|already)\b"
    r"|then(?=[.;,]|$))",
    re.IGNORECASE,
)
# "The date of the first exam" and "since the first one" tell that this one is another.
_OF_THE_FIRST: Final = re.compile(
    r"\b(?:dates? of|when (?:was|is)|since|after|months? from|(?:billed|paid)(?: for)?)[ \t](?:the|her|his)?[ \t]?$",
    re.IGNORECASE,
)
_WITH_CODE: Final = re.compile(r"[ \t]{0,2}\((?:cpt |hcpcs )?(?:[A-Z]\d{4}|\d{5})\)", re.IGNORECASE)
# A code that stands between a service and its minutes is only the proposal of whoever wrote the line.
_CODE_OF: Final = re.compile(r"[ \t](?:one|code)\b[ \t](?:instead|is|would|was)\b|[ \t]code\b[.?,]", re.IGNORECASE)
"""Behind "the diagnostic code" no test was diagnostic: somebody proposes a code."""
_TIMED: Final = re.compile(r"[\s.:,=|–-]{0,40}\d{1,3}[ \t]?-?(?:m|min\w*)\b", re.IGNORECASE)
_RESULT: Final = re.compile(
    r"[^.;,\n]{0,24}?\b(?:(?:was|is|were|came back|read|resulted)[ \t])?(?:negative|neg|positive|normal|nonreactive)\b"
    r"|[ \t](?:until|till)\b",
    re.IGNORECASE,
)
_HAD: Final = re.compile(r"\b(?:had|received|tried|underwent|got)\b[^.;]{0,24}$", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"[^.;\n]{0,32}\b(?:in[ \t](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|last|earlier|before"
    r"|the (?:week|month|year)"
    r"|without (?:benefit|success|relief))\b",
    re.IGNORECASE,
)
_BY_MOUTH: Final = re.compile(
    r"[^.;,\n]{0,24}\b(?:by mouth|orally|oral|(?-i:PO)|tablets?|at home|ointment|cream)\b", re.IGNORECASE
)
_OF_VACCINES: Final = re.compile(r"[ \t](?:vaccin\w*|vax\w*|shots?|boosters?|immuni[sz]\w*|jabs?)\b", re.IGNORECASE)
"""Behind "flu and COVID" no test of both, but two vaccines."""
_VACCINATED: Final = re.compile(r"(?:vaccinated|immuni[sz]ed|got|had|received)\b", re.IGNORECASE)
_COUNT_DOUBTED: Final = re.compile(
    r"\b(?:cannot|can'?t|can not|could(?: not|n'?t)|do(?:es)?(?: not|n'?t)|not (?:sure|clear|stated|documented)"
    r"|unclear|unsure"
    r"|no idea|without saying)\b[^.?\n]{0,32}\bhow many\b|\band (?:maybe|perhaps|possibly) (?:others?|more|another)\b",
    re.IGNORECASE,
)
_OR: Final = re.compile(r"\bor\b|/|\bvs\.?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the phrases of one family say."""

    kind: str
    entries: tuple[Said, ...]
    """One for each value that leads into the family, the first mention of each."""
    details: tuple[Said, ...]
    places: tuple[tuple[Span, ...], ...]
    """Everywhere that each of the entries is named."""


def read(
    text: str, sentences: Sentences, phrases: Iterable[tuple[Phrase, Span]], on: date | None, payer: object = None
) -> tuple[Subject, ...]:
    """Return the subjects in the order in which the letter names them; `on` is the date of service, if it is given."""
    medicare = payer in MEDICARE
    wanted = [row for row in phrases if row[0].subject in _KINDS or (medicare and row[0].family in APART)]
    settled = Settled(text)
    said = _unique(_meant(text, sentences, wanted, settled), text)
    families = [_family(rows) for rows in _by_family(said).values()]
    # "Vancomycin ran 100 minutes IV": the drug and its minutes tell how it was given, in no phrase of the family.
    ran = [row for row in families if row.kind == "drug" and not row.entries] if infusions.timed(text) else []
    families = _weighed([row for row in families if row.entries], text)
    if sum(len(row.entries) for row in families) > 1:
        families = [left for row in families if (left := _without_code(row, text)).entries] or families
    found: list[Subject] = []
    medicines = [row for row in (*families, *ran) if row.kind == "drug"]
    if medicines:
        facts = [(row.entries, row.details, row.places) for row in medicines]
        found += drugs.subjects(text, sentences, settled, facts)
    for row in families:
        if row.kind != "drug":
            found += _subjects(text, sentences, row, on)
    return tuple(sorted(found, key=lambda row: row.facts[0].span.start))


def _meant(text: str, sentences: Sentences, phrases: Iterable[tuple[Phrase, Span]], settled: Settled) -> Iterator[Said]:
    """Yield what the phrases say, without what is denied, past, planned, doubted or coded already."""
    coded: set[tuple[str, object]] = set()
    rows: list[Said] = []
    for phrase, span in phrases:
        meant = status(sentences, span.start, span.end, act=phrase.entry)
        if meant is Status.NEGATED and phrase.entry and _RESULT.match(text, span.end):
            # A test that was negative was done, and what never came until now came now.
            meant = Status.AFFIRMED
        doubted = _DOUBTED.search(text, max(sentences.around(span.start).start, span.start - 90), span.end)
        if phrase.entry and settled.covers(span):
            coded.add((phrase.fact, phrase.value))
        if not phrase.entry and (doubted or _of_before(text, phrase, span) or _CODE_OF.match(text, span.end)):
            continue
        if meant is Status.NEGATED and phrase.value is True and not phrase.entry:
            rows.append(Said(phrase, Fact(phrase.fact, value=False, span=span)))
        elif meant in (Status.AFFIRMED, Status.UNCERTAIN):
            if phrase.value != "":
                rows.append(Said(phrase, Fact(phrase.fact, _value(text, phrase, span), span, meant is Status.AFFIRMED)))
            rows += [Said(phrase, fact, counted=True) for fact in portions.beside(text, sentences, phrase, span)]
    # "No needle before the incision" denies no incision that the letter tells of elsewhere.
    told = {(row.phrase.family, row.fact.name) for row in rows if row.fact.value is True}
    for row in rows:
        denied = row.fact.value is False and row.phrase.value is True and (row.phrase.family, row.fact.name) in told
        if row.counted or not (denied or (row.fact.name, row.fact.value) in coded):
            yield row


def _value(text: str, phrase: Phrase, span: Span) -> str | float | int | bool:
    """Return what a phrase says; of "the first exam was in January" that this one is a later one."""
    first = phrase.fact == "first_lops_exam" and phrase.value is True
    later = first and (
        _FIRST_WAS.match(text, span.end) or _OF_THE_FIRST.search(text, max(0, span.start - 40), span.start)
    )
    return False if later else phrase.value


def _of_before(text: str, phrase: Phrase, span: Span) -> bool:
    """Tell whether a detail is that of an earlier service: the method of a test that was done last month elsewhere."""
    ago = phrase.value is True and _AGO.match(text, span.end) is not None
    return ago or (phrase.family == "laboratory" and _earlier(text, span, phrase.family))


def _unique(said: Iterable[Said], text: str) -> tuple[Said, ...]:
    """Leave out what lies within a longer phrase of another kind: the influenza of an influenza vaccine is no test."""
    rows = tuple(said)
    doors = [row for row in rows if row.phrase.entry and not row.counted]
    given = drugs.given(text)
    doors = [row for row in doors if not (row.fact.name == "test_name" and _OF_VACCINES.match(text, row.fact.span.end))]
    return tuple(row for row in rows if row.counted or not any(_hidden(row, other, given=given) for other in doors))


def _hidden(row: Said, other: Said, *, given: bool) -> bool:
    one, span = row.fact.span, other.fact.span
    if row.phrase.subject == other.phrase.subject:
        return False
    if given and other.fact.name == "vaccine_kind" and row.fact.name == "test_name":
        return one.start < span.end and span.start < one.end
    return span.start <= one.start and one.end <= span.end and span != one


def _by_family(said: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for row in said:
        found.setdefault(row.phrase.family or row.phrase.subject, []).append(row)
    return found


def _family(rows: Sequence[Said]) -> _Found:
    """Part what leads into a family from what is said besides, and drop alternatives that the letter asks between."""
    doors = [row for row in rows if row.phrase.entry and not row.counted]
    details = [row for row in rows if row not in doors]
    first = {(row.fact.name, row.fact.value): row for row in reversed(doors)}
    entries = tuple(sorted(first.values(), key=lambda row: row.fact.span.start))
    places = tuple(
        tuple(row.fact.span for row in doors if row.fact.value == entry.fact.value and row.fact.name == entry.fact.name)
        for entry in entries
    )
    return _Found(rows[0].phrase.subject, entries, tuple(details), places)


def _weighed(families: Sequence[_Found], text: str) -> list[_Found]:
    """Leave out entries that another family takes for a detail of its own service: trimming at a foot exam."""
    kept = []
    for row in families:
        taken = [
            other.fact.span
            for rival in families
            if rival is not row and "drug" not in (rival.kind, row.kind)
            for other in rival.details
            if not other.counted and other.fact.value is not False
        ]
        left = [
            (entry, spans)
            for entry, places in zip(row.entries, row.places, strict=True)
            if not (entry.fact.name == "vaccine_kind" and _earlier(text, entry.fact.span, entry.phrase.family))
            and (
                spans := tuple(
                    span
                    for span in places
                    if not _within(span, taken) and not _earlier(text, span, entry.phrase.family)
                )
            )
        ]
        if left:
            kept.append(
                replace(row, entries=tuple(entry for entry, _ in left), places=tuple(spans for _, spans in left))
            )
    return kept


def _without_code(found: _Found, text: str) -> _Found:
    """Leave out what the letter gives with its code behind it, where it tells of something else too."""
    left = [
        (entry, spans)
        for entry, spans in zip(found.entries, found.places, strict=True)
        if not any(
            (match := _WITH_CODE.match(text, span.end)) and not _TIMED.match(text, match.end()) for span in spans
        )
    ]
    return replace(found, entries=tuple(entry for entry, _ in left), places=tuple(spans for _, spans in left))


def _earlier(text: str, span: Span, family: str) -> bool:
    """Tell whether the words around a service put it before this one: "had ultrasound treatment in March"."""
    before, behind = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 48]
    if _VACCINATED.match(text, span.start) and _BEFORE.match(behind):
        return True
    swallowed = family.startswith("drug_") and _BY_MOUTH.match(behind)
    return bool(_HAD.search(before) and _BEFORE.match(behind)) or bool(swallowed)


def _within(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in others)


def _subjects(text: str, sentences: Sentences, found: _Found, on: date | None) -> Iterator[Subject]:
    """Yield one subject for each entry, each with what its part of the letter says."""
    found = _whole(found)
    details = _settled_alternatives(text, sentences, found.details)
    measures = dict(found.entries[0].phrase.measures)
    places = found.places
    own = portions.shared(sentences, places, details)
    numbers = _numbers(text, sentences, places, measures)
    gaps = list(_gaps(text, measures, on))
    for place, entry in enumerate(found.entries):
        things = list(portions.counted_things(text, sentences, places, found.entries, details))
        said = {fact.name for fact in own[place] if fact.certain}
        counted = {fact.name for fact in things if fact.name not in said}
        # What is named one by one is counted better than by the singular of a word.
        facts = [fact for fact in own[place] if fact.certain or fact.name not in counted]
        if _COUNT_DOUBTED.search(text):
            facts = [fact for fact in facts if not fact.name.endswith("_count")]
            counted = {name for name in counted if not name.endswith("_count")}
        facts += [*numbers[place], *gaps, *(fact for fact in things if fact.name in counted)]
        yield Subject(found.kind, (entry.fact, *_once(facts)))


def _whole(found: _Found) -> _Found:
    """Leave out tests that are part of another one, whose details are told where they are named."""
    part = labs.parts_of([str(row.fact.value) for row in found.entries])
    if not part:
        return found
    rows = list(zip(found.entries, found.places, strict=True))
    left = [row for row in rows if row[0].fact.value not in part]
    lost = tuple(span for row, spans in rows if row.fact.value in part for span in spans)
    entries, places = tuple(row for row, _ in left), tuple((*spans, *lost) for _, spans in left)
    return replace(found, entries=entries, places=places)


def _numbers(
    text: str, sentences: Sentences, places: Sequence[Sequence[Span]], measures: dict[str, str]
) -> list[list[Fact]]:
    """Return the minutes of each place, where the families know one number of minutes."""
    name = measures.get("minutes")
    if name in (None, "prolonged_minutes"):
        return [[] for _ in places]
    return [
        [Fact(name, row.value, row.span)] if row else []
        for row in portions.nearest(sentences, places, amounts.minutes(text))
    ]


def _gaps(text: str, measures: dict[str, str], on: date | None) -> Iterator[Fact]:
    """Yield the months since the service before, and those of the enrolment."""
    since = amounts.months_since(text, on)
    for name in dict.fromkeys((measures.get("months", "months_since_last"), "months_since_last")):
        yield from (Fact(name, row.value, row.span) for row in since[:1])
    yield from (Fact("part_b_months", row.value, row.span) for row in amounts.months_enrolled(text, on)[:1])


def _settled_alternatives(text: str, sentences: Sentences, details: Sequence[Said]) -> tuple[Said, ...]:
    """Leave out values between which the letter asks: "simple or complicated?" says neither."""
    asked: set[Said] = set()
    for row in details:
        sentence = sentences.around(row.fact.span.start)
        if row.counted or not text[sentence.start : sentence.end].rstrip().endswith("?"):
            continue
        for other in details:
            if (
                other.fact.name == row.fact.name
                and other.fact.value != row.fact.value
                and sentence.start <= other.fact.span.start < sentence.end
                and _OR.search(
                    text, min(row.fact.span.end, other.fact.span.end), max(row.fact.span.start, other.fact.span.start)
                )
            ):
                asked |= {row, other}
    return tuple(row for row in details if row not in asked)


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """Keep each mention of a value of a fact once, a certain one before a doubtful one."""
    ordered = sorted(facts, key=lambda fact: (not fact.certain, fact.span.start))
    return list({(fact.name, fact.value, fact.span): fact for fact in reversed(ordered)}.values())[::-1]
