"""Read Medicare's preventive services: which one it was, since when Part B runs, and what was given when before."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from consultant.questions import visit_kinds, welcome_ecg
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.wellness_past import WHEN, Month, given, last_of, last_visit, month_of, tests_before

_VISIT: Final = re.compile(
    r"\b(?:(?-i:AWV|IPPE)|awvs?|ippe|wellness (?:visit|exam)s?|welcome to medicare|welcome visit|G0402|G0438"
    r"|G0439)\b",
    re.IGNORECASE,
)
_PART_B: Final = tuple(
    re.compile(pattern + WHEN, re.IGNORECASE)
    for pattern in (
        (r"\b(?:part b|medicare(?: coverage)?)\b[^.;\n]{0,30}?\b(?:began|begin\w*|start\w*|effective|eff|since|from"
            r"|as of|enroll\w*|entitle\w*|kicked in)\b[^.;\n]{0,16}?"),
        r"\bpart b(?:[:, (]{1,3}|\b[^.;\n]{0,16}?\b(?:on|in|date|of)\b[^.;\n]{0,8}?)",
        (r"\b(?:enroll\w*|entitle\w*|picked up|got|signed up|went on(?:to)?|joined)\b[^.;\n]{0,16}?"
            r"\b(?:part b|medicare)\b[^.;\n\d]{0,16}?"),
    )
)  # fmt: skip
_PART_B_LONG: Final = re.compile(
    r"\b(?:part b|medicare)\b[^.;\n]{0,16}\bfor (?:many|several|(?:\d{1,2}|two|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)(?: or more)?) (?:years|yrs)\b",
    re.IGNORECASE,
)
_PART_B_AGO: Final = re.compile(
    r"\b(?:part b|enroll\w*|joined medicare)\b[^.;,\n\d]{0,24}\b(?P<n>\d{1,2}) months? (?:ago|before|earlier)\b",
    re.IGNORECASE,
)
_FIRST_YEAR: Final = re.compile(
    r"\b(?:within|in|during) (?:the |her |his |their )?(?:first|1st) (?:12 months|twelve months|year) (?:of|on"
    r"|with) (?:part b|medicare)\b"
    r"|\bnew to (?:medicare|part b)\b",
    re.IGNORECASE,
)
_NEVER: Final = re.compile(
    r"\b(?:never|no|not) (?:\w+ ){0,3}?(?:an? |any )?(?:prior |previous |earlier |other )?(?:(?-i:AWV|IPPE)"
    r"|awv|ippe|wellness|welcome)\b|\bnothing before\b"
    r"|\bnever had (?:one|it|either|any|them|that)\b(?! (?:removed|treated|surgery))"
    r"|\bfirst(?:[- ]ever)? (?:(?-i:AWV)|awv|annual wellness|medicare wellness|wellness)\b(?! visit \(g0438\))"
    r"|\bno (?:prior|previous|earlier) (?:ones?|wellness|awv)\b"
    r"|\b(?:prior|previous|earlier|past)\b[^.;:\n]{0,24}\b(?:awvs?|ippe|wellness|welcome)\b[^.;:\n]{0,24}:[ \t]{0,2}"
    r"(?:none|never|nil|no)\b"
    r"|\b(?:never|not|no|hasn'?t|hadn'?t|without)\b (?:\w+ ){0,3}?(?:an? |any )?(?:other |prior "
    r"|earlier )?medicare (?:preventive|wellness"
    r"|annual|welcome) (?:visit|exam|service|physical)s?\b|\bneither (?:the |an? )?(?:welcome|ippe|awv|wellness"
    r"|annual)\b"
    r"|\b(?:history|hets|portal|eligibility|look-?up)\b[^.;\n]{0,24}\b(?:shows?|says?|lists?|has) (?:none|nothing"
    r"|no (?:prior|previous|earlier|awv|ippe))",
    re.IGNORECASE,
)
_NONE_YET: Final = re.compile(
    r"\b(?:none|never|not|no) (?:ever |done |had |yet )?(?:before|previous\w*|prior|earlier|ever)\b"
    r"|\bfirst (?:time|ever)\b|\bnever had (?:one|it|any|this|a (?:prior|screening|scan))\b"
    r"|\bnever (?:been )?(?:screened|scanned)\b|\bnever had an? (?:\w+ ){1,3}(?:screen\w*|scan|test|ultrasound|ct)\b",
    re.IGNORECASE,
)
_SUBSEQUENT: Final = re.compile(r"(?<!or )\bsubsequent (?:(?-i:AWV)|awv|annual wellness|wellness)\b", re.IGNORECASE)
_AGO: Final = re.compile(
    r"\b(?:last|previous|prior)\b[^.;\n]{0,40}?\b(?P<n>\d{1,2}|eleven|twelve|thirteen|fourteen|fifteen"
    r"|eighteen) months? (?:ago|earlier|before)\b"
    r"|\b(?P<since>\d{1,2}) months? (?:since|after|from) (?:the |her |his |their )?(?:last|prior|previous)\b"
    r"|\b(?P<long>(?:over|more than) (?:a|one|1) year (?:ago|since|earlier)|(?:two|2|three|3) years ago)\b",
    re.IGNORECASE,
)
_LAST: Final = re.compile(r"\blast\b(?:[^.;\n]|\n(?!\s)){0,40}?" + WHEN, re.IGNORECASE)
_LAST_BEHIND: Final = re.compile(
    WHEN + r"[ \t,;(]{1,3}(?:(?:was|is|being) )?(?:the |her |his |their )?(?:last|most recent)\b(?![^.;\n]{0,24}\d)",
    re.IGNORECASE,
)
_NUMBERS: Final = {"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "eighteen": 18}
_WELCOMED: Final = re.compile(
    r"\b(?:welcome to medicare|welcome visit|ippe|initial preventive physical)\b(?:[^.;\n\d]){0,40}?(?<![\w/.-])"
    + WHEN,
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(r"\b(?:last|previous|prior|earlier|already|since|ago|history|after)\b", re.IGNORECASE)
_BRACKET: Final = re.compile(
    r"[ \t]{0,2}\((?:\w+[ \t]){0,3}?(?:last|had|prior|previous|first|since|initial)\b", re.IGNORECASE
)
_UNTIL: Final = re.compile(r"[^.;,\n]{0,24}\b(?:until|till|before (?:now|today|this))\b", re.IGNORECASE)
_YEARLY: Final = frozenset(
    (
        "mammogram", "prostate_exam", "psa", "lung_ct", "glaucoma_by_doctor", "glaucoma_supervised",
        "stool_immunochemical", "hepatitis_b_test", "hepatitis_c_risk", "hiv_combination", "hiv_antibody",
    )
)  # fmt: skip
"""Tests that Medicare pays once in a year."""
_NOT_IN_A_YEAR: Final = re.compile(
    r"\b(?:none|not(?: had)?(?: one)?|no(?: other| prior)? (?:screen\w*|one)?) ?(?:done |given |billed )?(?:in"
    r"|for|within)"
    r" (?:the |over an? |more than an? |an? )?(?:(?:past|last|previous|full|whole|prior) )?(?:year|12 months"
    r"|twelve months"
    r"|two years|2 years|2 yrs)\b",
    re.IGNORECASE,
)
"""What says that a service of every year was not given in the last one."""
_FIRST_EVER: Final = 999
"""How the family counts a service that was never given before."""


_EARLIER: Final = frozenset({"earlier_wellness", "no_wellness_before", "welcome_before", "wellness_before"})


def named(text: str) -> bool:
    """Tell whether a letter names Medicare's wellness visit or welcome visit."""
    return bool(_VISIT.search(text))


def completed(
    text: str, sentences: Sentences, subjects: Iterable[Subject], on: date | None, *, medicare: bool
) -> Iterator[Subject]:
    """Yield the subjects, a preventive service of Medicare with what the letter tells of its times.

    A wellness visit that no phrase tells of is added where `medicare` pays; `on` is the day of the service.
    """
    yield from _beside(list(_completed(text, sentences, subjects, on, medicare=medicare)))


def _completed(
    text: str, sentences: Sentences, subjects: Iterable[Subject], on: date | None, *, medicare: bool
) -> Iterator[Subject]:
    month = (on.year, on.month) if on else None
    found = beside = False
    subjects = list(subjects)
    if medicare and not any(str(row.values().get("wellness_service")).startswith("ecg") for row in subjects):
        subjects += welcome_ecg.read(text, sentences)
    services = {row.values().get("wellness_service") for row in subjects} - {None}
    if len(services) > 1 and any(_aside(text, sentences, match) for match in _VISIT.finditer(text)):
        # The visit is coded already, and a service beside it is asked for.
        subjects = [row for row in subjects if row.values().get("wellness_service") != "wellness_visit"]
    if any(row.values().get("questionnaire") == "substance_assessment" for row in subjects):
        # The screening that a brief intervention follows is part of it: the two are never paid together.
        subjects = [row for row in subjects if row.values().get("wellness_service") != "alcohol_screening"]
    for subject in subjects:
        values = subject.values()
        service = values.get("wellness_service")
        found = found or service == "wellness_visit"
        beside = beside or service not in (None, "wellness_visit")
        if service is not None:
            yield _with_times(text, sentences, subject, month)
        elif "screening_test" in values and "months_since_last" not in values:
            # What is paid every year is free where none was given in the last one.
            yearly = str(values["screening_test"]) if values["screening_test"] in _YEARLY else ""
            last = tuple(_last(text, sentences, month, yearly))
            if month and not last:
                last = tuple(_tested(text, sentences, month, str(values["screening_test"])))
            yield Subject(subject.kind, (*subject.facts, *last))
        else:
            yield subject
    named = [match for match in _VISIT.finditer(text) if _meant(sentences, match)]
    if beside:
        # Beside another service only a visit of this day counts, and not the one that the letter remembers.
        named = [match for match in named if _this_day(text, sentences, match)]
    if medicare and named and not found and not any(_aside(text, sentences, match) for match in named):
        added = Fact("wellness_service", "wellness_visit", Span(*named[0].span()))
        yield _with_times(text, sentences, Subject("encounter", (added,)), month)


_THEN: Final = re.compile(
    r"\b(?:last|previous|prior|earlier|before|was|had|since|ago|history|never|no)\b", re.IGNORECASE
)
_NOW: Final = re.compile(
    r"\b(?:again|today|now|same (?:day|visit|date)|did|does|performed|provided|gave|together|plus|and the|along with"
    r"|with (?:the|it)|this (?:date|visit|time)|G0438|G0439|subsequent|initial|performed|completed|and|plus)\b"
    r"|\(last\b",
    re.IGNORECASE,
)


def _this_day(text: str, sentences: Sentences, match: re.Match[str]) -> bool:
    """Tell whether a wellness visit is told of the day of the service."""
    sentence = sentences.around(match.start())
    part = text[max(sentence.start, match.start() - 48) : min(sentence.end, match.end() + 32)]
    return bool(_NOW.search(part)) and not _THEN.search(text, max(sentence.start, match.start() - 48), match.start())


def _with_times(text: str, sentences: Sentences, subject: Subject, on: Month | None) -> Subject:
    """Return the service with what was not read of it yet; a dated service before wins over a guess at its months."""
    service = str(subject.values()["wellness_service"])
    visit = service == "wellness_visit"
    before = _before(text, sentences, on) if visit else _last(text, sentences, on, service)
    more = [*_part_b(text, on), *before]
    told = {fact.name for fact in more}
    kept = [
        fact
        for fact in subject.facts
        if not (fact.name == "months_since_last" and fact.name in told) and not _alternative(text, fact)
    ]
    now = _welcomed_now(text, on) if visit else None
    if now and not any(fact.name == "months_since_last" for fact in more):
        # The welcome visit that bears the date of the service is the one that is asked about.
        kept = [fact for fact in kept if fact.name not in _EARLIER]
        more = [*(fact for fact in more if fact.name != "earlier_wellness"), Fact("earlier_wellness", "none", now)]
    names = {fact.name for fact in kept}
    earlier = bool(names & _EARLIER)
    more = [fact for fact in more if fact.name not in names and not (earlier and fact.name == "earlier_wellness")]
    return Subject(subject.kind, (*kept, *more))


def _welcomed_now(text: str, on: Month | None) -> Span | None:
    """Return where the letter gives its welcome visit the date of the service: "had her welcome visit on 8/20"."""
    for match in _WELCOMED.finditer(text) if on else ():
        if month_of(match) == on and not _BEFORE.search(
            text[max(0, match.start() - 32) : match.start()].rpartition(",")[2] + match[0]
        ):
            return Span(*match.span())
    return None


def _alternative(text: str, fact: Fact) -> bool:
    """Tell whether a word for an earlier visit is one of two that the letter asks between: "initial or subsequent"."""
    return fact.name in _EARLIER and text[max(0, fact.span.start - 3) : fact.span.start].lower() == "or "


def _beside(subjects: list[Subject]) -> Iterator[Subject]:
    """Yield the services, each with which visit stands beside it on the date, where the letter tells of that visit."""
    visit = next((row.values() for row in subjects if row.values().get("wellness_service") == "wellness_visit"), None)
    for row in subjects:
        if visit is None or row.values().get("wellness_service") in (None, "wellness_visit"):
            yield row
            continue
        later = "wellness_visit" in {visit.get(name) for name in _EARLIER}
        span = row.facts[0].span
        fact = Fact("same_day_wellness", "later" if later else "welcome_or_first", span)
        known = bool({*visit} & _EARLIER)
        rest = (one for one in row.facts if one.name != "same_day_wellness")
        yield Subject(row.kind, (*rest, *([fact] if known else ())))


def with_visit(seen: tuple[Subject, ...], made: Iterable[Subject]) -> tuple[Subject, ...]:
    """Return the encounters, advance care planning with the wellness visit of the same date that bears it."""
    visit = next((row.facts[0] for row in made if row.values().get("wellness_service") == "wellness_visit"), None)
    if visit is None:
        return seen
    fact = Fact("wellness_same_day", value=True, span=visit.span)
    return tuple(
        Subject(row.kind, (*row.facts, fact)) if row.values().get("visit_kind") == "advance_care_planning" else row
        for row in seen
    )


def _aside(text: str, sentences: Sentences, match: re.Match[str]) -> bool:
    return visit_kinds.aside(text, sentences, Span(*match.span()))


def _meant(sentences: Sentences, match: re.Match[str]) -> bool:
    meant = status(sentences, match.start(), match.end(), act=True)
    # What never came until now came now.
    if meant in (Status.AFFIRMED, Status.UNCERTAIN) or _UNTIL.match(sentences.text, match.end()):
        return True
    # "Subsequent AWV (last one in 2025)": what the bracket tells is of the visit before.
    text = sentences.text
    return bool(_BRACKET.match(text, match.end())) and not _BEFORE.search(
        text, max(0, match.start() - 24), match.start()
    )


def _part_b(text: str, on: Month | None) -> Iterator[Fact]:
    match = next((found for pattern in _PART_B if (found := pattern.search(text))), None)
    if match and on and (since := month_of(match)):
        yield Fact("part_b_months", max(0, _between(since, on)), Span(*match.span()))
        return
    if recent := _PART_B_AGO.search(text):
        yield Fact("part_b_months", int(recent["n"]), Span(*recent.span()))
        return
    long = _PART_B_LONG.search(text)
    if long:
        yield Fact("part_b_months", 24, Span(*long.span()))
    first = _FIRST_YEAR.search(text)
    if first and not long:
        yield Fact("part_b_months", 12, Span(*first.span()))


def _before(text: str, sentences: Sentences, on: Month | None) -> Iterator[Fact]:
    """Yield what Medicare paid before, and how many full months lie between."""
    never, subsequent = _NEVER.search(text), _SUBSEQUENT.search(text)
    past = last_visit(given(text, sentences, on)) if on else None
    if past and on:
        last, wellness = past
        yield Fact("earlier_wellness", "wellness_visit" if wellness or subsequent else "welcome_visit", last.span)
        yield Fact("months_since_last", max(0, _between(last.month, on) - 1), last.span)
    elif never:
        yield Fact("earlier_wellness", "none", Span(*never.span()))
    elif subsequent:
        yield Fact("earlier_wellness", "wellness_visit", Span(*subsequent.span()))
        yield from _last(text, sentences, on, "wellness")


def _last(text: str, sentences: Sentences, on: Month | None, service: str) -> Iterator[Fact]:
    """Yield how many full months ago the same service was given."""
    ago, none = _AGO.search(text), _NONE_YET.search(text)
    dated = _LAST_BEHIND.search(text) or _LAST.search(text)
    own = last_of(text, sentences, given(text, sentences, on), service) if on else None
    if own and on:
        yield Fact("months_since_last", max(0, _between(own.month, on) - 1), own.span)
    elif ago:
        months = (
            12 if ago["long"] else (_NUMBERS.get((written := ago["n"] or ago["since"]).lower()) or int(written)) - 1
        )
        yield Fact("months_since_last", months, Span(*ago.span()))
    elif dated and on and (when := month_of(dated)) and when <= on:
        yield Fact("months_since_last", max(0, _between(when, on) - 1), Span(*dated.span()))
    elif service and (year := _NOT_IN_A_YEAR.search(text)):
        yield Fact("months_since_last", 12, Span(*year.span()))
    elif none:
        yield Fact("months_since_last", _FIRST_EVER, Span(*none.span()))


def _tested(text: str, sentences: Sentences, on: Month, test: str) -> Iterator[Fact]:
    """Yield how many full months ago a test was done by the latest date of the past that its words stand beside."""
    past = tests_before(text, sentences, on, test)
    if past:
        month, span = max(past)
        yield Fact("months_since_last", max(0, _between(month, on) - 1), span)


def _between(one: Month, other: Month) -> int:
    return 12 * (other[0] - one[0]) + other[1] - one[1]
