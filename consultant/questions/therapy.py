"""Read a day of therapy: what its drills were for, whose opinion of it counts for nothing, and Medicare's units.

A note of therapy tells of a service by its drills ("band rows, wall slides for strength: 24 minutes"). Medicare adds
up the timed minutes of the date and gives units by the total; here each service gets its part of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consultant.questions import amounts, therapy_claims, therapy_minutes
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.settled import Settled
from consultant.questions.wanted import asks_code

TIMED: Final = frozenset(
    (
        "attended_stimulation", "iontophoresis", "ultrasound", "therapeutic_exercise", "neuromuscular_reeducation",
        "aquatic_therapy", "gait_training", "massage", "cognitive_training", "manual_therapy", "therapeutic_activities",
        "self_care_training", "wheelchair_management", "performance_test", "orthotic_training_initial",
        "prosthetic_training_initial", "orthotic_prosthetic_subsequent",
    )
)  # fmt: skip
"""Services with units of 15 minutes."""
_UNTIMED: Final = frozenset(
    (
        "hot_cold_packs", "traction", "unattended_stimulation", "vasopneumatic", "paraffin", "whirlpool",
        "group_therapy", "pt_evaluation", "ot_evaluation", "pt_reevaluation", "ot_reevaluation", "speech_treatment",
    )
)  # fmt: skip
_DRILLS: Final = (
    (
        "neuromuscular_reeducation",
        (
            r"tandem (?:stance|walk\w*)|single[- ]leg (?:stance|balance)|foam (?:pad|beam)|wobble|bosu|proprioce\w+"
            r"|balance (?:drills?|work|board|tasks?|exercises?)|perturbation\w*|postural (?:control|training)"
        ),
    ),
    (
        "gait_training",
        (
            r"(?:stairs?|steps) (?:up|training|with|climb\w*)|walk(?:ing|ed)? (?:with|on|in) (?:a |the )?(?:walker|cane"
            r"|crutch\w*|parallel bars)|parallel bars|heel[- ]strike|treadmill gait"
        ),
    ),
    (
        "therapeutic_activities",
        (
            r"sit[- ]to[- ]stands?|lifting (?:crates?|boxes|a box)|(?:car|bed|chair|tub) transfers?|overhead reach\w*"
            r"|squat(?:ting)? to lift"
        ),
    ),
    (
        "therapeutic_exercise",
        (
            r"pulleys?|(?:thera)?bands?\b|wall slides?|leg press|(?:leg|arm|heel) (?:raises?|slides?|curls?)|quad sets?"
            r"|straight leg raises?|(?:ham\w*|calf|quad\w*|pec\w*) stretch\w*|stretch\w*|strengthening|weights"
            r"|dumbbells?"
            r"|(?:recumbent|upright|stationary) bike|bicycle|ergometer|(?:a|p|aa)?rom\b|range of motion"
        ),
    ),
)
_DRILL: Final = tuple((value, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for value, words in _DRILLS)
_OPINION: Final = re.compile(
    r"\b(?:colleague|boss|manager|supervisor|biller|auditor|friend|vendor|rep|software|front desk|partner|owner|spouse"
    r"|husband|wife)\b[^.\n]{0,40}?\b(?:says?|said|tells?|told|thinks?|claims?|wants?|insists?|argues?|billed)\b",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(
    r"\b(?:two|three|four|five|six|\d) (?:patients|people|persons|residents|clients)\b[^.\n]{0,24}\b(?:together"
    r"|at (?:once|the same time)|simultaneous\w*|in (?:a|one|the) (?:group|class))\b"
    r"|\bgroup of (?:two|three|four|five|six|\d)\b|\b(?:balance|exercise|therapy|walking|falls?|strength|PT|OT|back"
    r"|shoulder|knee) (?:group|class)\b|\bran (?:a|the) group\b",
    re.IGNORECASE,
)
_ONE_ON_ONE: Final = re.compile(r"\b(?:one|1)[ -](?:to|on|:)[ -](?:one|1)\b|\b1:1", re.IGNORECASE)
_NOTHING_ELSE: Final = re.compile(
    r"\b(?:no|not any|none|nothing|without)\b[^.;\n]{0,40}\b(?:other|else|further|additional)\b"
    r"(?:[^.;\n]{0,12}\b(?:treatments?|services?|therapy|modalit\w+|codes?|timed)\b)?"
    r"|\bonly (?:thing|treatment|service|code|one|modality|procedure|timed)\b|\b(?:was|is|were|thats?|that's) all\b",
    re.IGNORECASE,
)
_EVALUATION: Final = re.compile(r"\b(?P<re>re-?)?eval(?:uation|uated)?\b", re.IGNORECASE)
# "Re: OT eval" replies to a letter about an evaluation; it evaluates nobody anew.
_REPLY: Final = re.compile(r"re[ \t]?:", re.IGNORECASE)
_TOTAL: Final = re.compile(
    r"\btot(?:a)?l\b[^.;\n]{0,40}?\b(?:timed|treatment|one[- ](?:to|on)[- ]one|direct|billable)\b"
    r"[^.;\n\d]{0,24}(?P<n>\d{1,3})",
    re.IGNORECASE,
)
# "PT eval, moderate" gives the complexity without its word.
_GRADED: Final = re.compile(
    r"\b(?:eval(?:uation)?|exam(?:ination)?)\b,? ?[(:-]? ?(?P<before>low|mod(?:erate)?|high)(?=[ \t]?[,.;)\n]|$)"
    r"|\b(?P<behind>low|mod(?:erate)?|high)[ -](?:level |complexity )?(?:(?:PT|OT|initial) ){0,2}eval(?:uation)?\b",
    re.IGNORECASE,
)
_GRADES: Final = {"low": "low", "mod": "moderate", "hig": "high"}
_EVALUATED: Final = frozenset({"pt_evaluation", "ot_evaluation"})
_COMPLEXITY: Final = "evaluation_complexity"
_DISCIPLINES: Final = (
    ("pt", re.compile(r"\b(?-i:PT|PTs|PTA|DPT)\b|\bphysical therap\w+|\bphysiotherap\w+", re.IGNORECASE)),
    ("ot", re.compile(r"\b(?-i:OT|OTR|COTA)\b|\boccupational therap\w+|\bhand therapist", re.IGNORECASE)),
    ("slp", re.compile(r"\b(?-i:SLP|ST)\b|\bspeech[- ](?:language )?(?:therap\w+|path\w+)", re.IGNORECASE)),
)
_OF_SERVICE: Final = {
    "speech_treatment": "slp", "pt_evaluation": "pt", "pt_reevaluation": "pt", "ot_evaluation": "ot",
    "ot_reevaluation": "ot",
}  # fmt: skip
_NOBODY: Final = re.compile(r"\b(?:no|not|without|nor)[ \t](?:an?[ \t]|any[ \t])?\Z", re.IGNORECASE)
_SETTING: Final = re.compile(r"\btherap\w*|\bmodalit\w+|\brehab\w*|\bchiro\w*|\b97010\b", re.IGNORECASE)
_FACT: Final = "procedure"
_MINUTES: Final = "service_minutes"
_OTHERS: Final = "other_timed_services"


def completed(text: str, sentences: Sentences, subjects: Sequence[Subject], *, medicare: bool) -> Iterator[Subject]:
    """Yield the subjects, those of therapy with what the day as a whole says of them."""
    given = [row for row in subjects if row.values().get(_FACT) in TIMED | _UNTIMED]
    named = _discipline(text) is not None and len(therapy_minutes.read(text, {})) > 1
    if not given and not named and not _GROUP.search(text):
        yield from subjects
        return
    rest = [row for row in subjects if row not in given]
    given = [row for row in given if not _opinion(text, sentences, row.facts[0].span)]
    given = [row for row in given if not _REPLY.match(text, row.facts[0].span.start)]
    if not _SETTING.search(text) and _discipline(text) is None:
        # The ice that soothes after another procedure is no therapy.
        given = [row for row in given if row.values()[_FACT] != "hot_cold_packs" or _asked(text, sentences, row)]
    therapy = bool(given) or any(pattern.search(text) for _, pattern in _DISCIPLINES)
    given += _drilled(text, sentences, given)
    if therapy and not any(row.values()[_FACT] == "group_therapy" for row in given):
        group = _GROUP.search(text)
        if group and not any(row.values()[_FACT] in TIMED and _own(text, sentences, row) for row in given):
            given = [row for row in given if row.values()[_FACT] not in TIMED]
            given.append(Subject("procedure", (Fact(_FACT, "group_therapy", Span(*group.span())),)))
    given = _timed(text, [*given, *_evaluated(text, sentences, given)])
    timed = [row for row in given if row.values()[_FACT] in TIMED]
    minutes = [row.values().get(_MINUTES) for row in timed]
    shares = allotted([int(n) for n in minutes if isinstance(n, int | float)]) if None not in minutes else None
    discipline = _discipline(text)
    done: list[Subject] = []
    for row in given:
        # How many units somebody would send is no share of the minutes.
        facts = [fact for fact in row.facts if fact.name != "allotted_units"]
        told = {fact.name for fact in facts}
        if row in timed and _OTHERS not in told and (others := _others(text, timed, given)):
            facts.append(others)
        if medicare and shares and row in timed and len(timed) > 1:
            share = shares[timed.index(row)]
            facts.append(Fact("allotted_units", share, row.facts[0].span))
        if of_service := _of_service(row) or discipline:
            facts.append(of_service)
        facts += therapy_claims.told(text)
        graded = _GRADED.search(text) if row.values()[_FACT] in _EVALUATED else None
        if graded and _COMPLEXITY not in told:
            level = _GRADES[(graded["before"] or graded["behind"]).lower()[:3]]
            facts.append(Fact(_COMPLEXITY, level, Span(*graded.span())))
        done.append(Subject(row.kind, tuple(facts)))
    yield from sorted((*rest, *done), key=lambda row: row.facts[0].span.start)


def allotted(minutes: Sequence[int]) -> list[int]:
    """Return the units of each service of a date by Medicare's count: whole ones first, the rest by what is left."""
    units = [length // 15 for length in minutes]
    total = max(0, (sum(minutes) + 7) // 15)
    left = sorted(range(len(minutes)), key=lambda at: -(minutes[at] % 15))
    for at in left[: max(0, total - sum(units))]:
        units[at] += 1
    return units


def _opinion(text: str, sentences: Sentences, span: Span) -> bool:
    """Tell whether a service is only what somebody would call it: "my friend tells me to give them exercise"."""
    return bool(_OPINION.search(text, sentences.around(span.start).start, span.start))


def _own(text: str, sentences: Sentences, row: Subject) -> bool:
    """Tell whether a service beside a group was given to one patient alone, for minutes of its own."""
    if _MINUTES not in row.values():
        return False
    sentence = sentences.around(row.facts[0].span.start)
    return bool(_ONE_ON_ONE.search(text, sentence.start, sentence.end))


def _asked(text: str, sentences: Sentences, row: Subject) -> bool:
    sentence = sentences.around(row.facts[0].span.start)
    return asks_code(text[sentence.start : sentence.end])


def _drilled(text: str, sentences: Sentences, given: Iterable[Subject]) -> Iterator[Subject]:
    """Yield services that the letter tells of by their drills and minutes alone, each once."""
    named = {sentences.around(row.facts[0].span.start) for row in given}
    known = {row.values()[_FACT] for row in given}
    for time in amounts.minutes(text):
        sentence = sentences.around(time.span.start)
        if sentence in named:
            continue
        for value, pattern in _DRILL:
            match = pattern.search(text, sentence.start, sentence.end)
            if match and value not in known and _done(sentences, match):
                known.add(value)
                facts = (Fact(_FACT, value, Span(*match.span())), Fact(_MINUTES, time.value, time.span))
                yield Subject("procedure", facts)
                break


def _done(sentences: Sentences, match: re.Match[str]) -> bool:
    return status(sentences, match.start(), match.end(), act=True) is Status.AFFIRMED


def _timed(text: str, given: Sequence[Subject]) -> list[Subject]:
    """Return the services with their own minutes, and those that a list tells of by their short names."""
    found = {str(row.values()[_FACT]): [row.facts[0].span] for row in given}
    read = therapy_minutes.read(text, found)
    if len(read) < 2:
        return list(given)
    taken = {amount.span for rows in read.values() for amount in rows}
    done = []
    for row in given:
        own = read.get(str(row.values()[_FACT]))
        facts = [fact for fact in row.facts if fact.name != _MINUTES or not (own or _held(fact.span, taken))]
        if own:
            facts.append(Fact(_MINUTES, int(sum({part.span: part.value for part in own}.values())), own[0].span))
        done.append(Subject(row.kind, tuple(facts)))
    for value, rows in read.items():
        if value not in found and value in TIMED:
            facts = [Fact(_FACT, value, rows[0].span), Fact(_MINUTES, int(rows[0].value), rows[0].span)]
            done.append(Subject("procedure", tuple(facts)))
    return done


def _held(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _evaluated(text: str, sentences: Sentences, given: Sequence[Subject]) -> Iterator[Subject]:
    """Yield the evaluation of a first visit that the letter names without its discipline."""
    discipline = _discipline(text)
    known = {str(row.values()[_FACT]) for row in given}
    if discipline is None or discipline.value not in ("pt", "ot") or any("evaluation" in name for name in known):
        return
    complexity = next((fact for row in given for fact in row.facts if fact.name == _COMPLEXITY), None)
    settled = Settled(text)
    for match in _EVALUATION.finditer(text):
        span = Span(*match.span())
        if complexity is None or settled.covers(span) or not _done(sentences, match):
            continue
        name = f"{discipline.value}_{'re' if match['re'] else ''}evaluation"
        yield Subject("procedure", (Fact(_FACT, name, span), complexity))
        return


def _others(text: str, timed: Sequence[Subject], given: Sequence[Subject]) -> Fact | None:
    """Return whether other timed services were given, where the letter or its own count of minutes says so."""
    lengths = [row.values().get(_MINUTES) for row in timed]
    if len(timed) > 1:
        return Fact(_OTHERS, value=True, span=timed[1].facts[0].span)
    if none := _NOTHING_ELSE.search(text):
        return Fact(_OTHERS, value=False, span=Span(*none.span()))
    if len(given) > 1:
        # A letter that lists the untimed services of the visit has listed the timed ones.
        return Fact(_OTHERS, value=False, span=timed[0].facts[0].span, certain=False)
    total = _TOTAL.search(text)
    if total and lengths[0] is not None and int(total["n"]) == lengths[0]:
        return Fact(_OTHERS, value=False, span=Span(*total.span()))
    return None


def _of_service(row: Subject) -> Fact | None:
    """Return the discipline that a service tells by itself, whatever other therapy the letter speaks of."""
    name = _OF_SERVICE.get(str(row.values()[_FACT]))
    return Fact("discipline", name, row.facts[0].span) if name else None


def _discipline(text: str) -> Fact | None:
    """Return the one discipline that the letter names."""
    found = [
        (name, match)
        for name, pattern in _DISCIPLINES
        if (
            match := next(
                (
                    row
                    for row in pattern.finditer(text)
                    if not _NOBODY.search(text[max(0, row.start() - 12) : row.start()])
                ),
                None,
            )
        )
    ]
    return Fact("discipline", found[0][0], Span(*found[0][1].span())) if len(found) == 1 else None
