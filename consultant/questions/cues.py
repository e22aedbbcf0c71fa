"""Read facts by the phrases that families list for them (`cues`): how coders write a kind of visit, a level, a method.

The phrases come from the knowledge base, so that a curator teaches the reader a new family without touching Python.
What only looks like one, because it is denied, past or planned, is no fact of the encounter.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from consultant.questions import (
    at_visit,
    diagnosing,
    foot_exams,
    joints,
    labs,
    lesion_words,
    monitoring,
    nails,
    needles,
    over,
    polyps,
    portions,
    procedures,
    screenings,
    strongest,
    therapy,
    visits,
    wellness,
)
from consultant.questions.aside import Aside
from consultant.questions.beside import names_service
from consultant.questions.model import Fact, Span, Subject, Topic, TopicFound
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.phrases import Cues
from consultant.questions.sharing import joined
from consultant.questions.visit_asking import coded as names_visit
from consultant.questions.visit_asking import without_looked_at
from consultant.questions.vocabulary import Vocabulary
from consultant.questions.wanted import Wanted, asks_code, asks_of, asks_several, only_visit
from knowledge.model import Phrase

_ABSCESS: Final = re.compile(
    r"\b(?:abscess\w*|furuncle|boil|carbuncle|paronychia|h(?:a)?ematoma|seroma|bulla|cyst|pus|purulen\w+"
    r"|fluctuan\w+|foreign bod\w+|splinter)\b",
    re.IGNORECASE,
)
# A test that is told with its value is what somebody knows of the patient.
_RESULT: Final = re.compile(
    r"[ \t]*(?:level|today|value|result)?[ \t]*(?:[:=(]|of|was|is|at|came back(?: at)?)?[ \t]*[<>~]?\d", re.IGNORECASE
)
_TAKEN: Final = frozenset({"wound", "repair"})
_DEEDS: Final = frozenset({"technique", "closure_method"})
BY_ACT: Final = frozenset(
    ("hidradenitis", "pilonidal", "paring", "skin_injection_and_implants", "breast_biopsy", "breast_excision")
)
"""Families whose services are read by act and object (`skin_services`, `breasts`, `excised_disease`)."""
_READ_WHOLE: Final = frozenset({"breast_guidance", "axillary_dissection"})
"""Facts that the reader of the breast weighs by itself."""
_ONLY_NAMED: Final = frozenset({"drug_name", "procedure", "administration_order"})
_DONE_THINGS: Final = frozenset({"lesion", "procedure"})
"""Kinds of subject that are coded because they were treated; what was let be, is past or coded elsewhere is none."""
_DONE: Final = frozenset(
    {
        "technique",
        "closure_class",
        "closure_method",
        "depth_removed",
        "area_cm2",
        "margin_cm",
        "excised_diameter_cm",
        "lesion_count",
        "tumor_depth",
    }
    | {"necrotizing_infection", "procedure"}
)
_TREATED: Final = re.compile(
    r"\b(?:snip\w*|removed|froze|frozen|treated|shaved|cut off|burned off|lanced|sewn|clipped|injected|drained"
    r"|packed)\b"
    r"|(?<![\w.-])\d{5}(?![\w.-]|\.\d)",
    re.IGNORECASE,
)
_GERMS: Final = frozenset({"organism", "sepsis_pneumonia"})
"""Facts that name a germ, whose name is that of its test: a sepsis "due to group A strep"."""
_ONLY_DRUG: Final = frozenset({"drug_name"})
"""What a note of a visit tells of a drug that it only names."""
_Told = tuple[Phrase, Fact]


def read(  # noqa: C901 - one kind of subject after another
    text: str,
    sentences: Sentences,
    cues: Cues,
    subjects: tuple[Subject, ...],
    topics: tuple[TopicFound, ...],
    want: frozenset[Wanted],
    *,
    vocabulary: Vocabulary,
    on: date | None = None,
    payer: object = None,
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the subjects with the facts that phrases say of them, and the names of facts that phrases say twice.

    Subjects that phrases alone tell of stand behind those of the other readers. `on` is the date of service.
    """
    aside = Aside(text, sentences)
    every = tuple(row for row in cues.find(text) if not over.holds(text, *row))
    if lesion_words.aim_untold(text):
        every = tuple(row for row in every if row[0].fact != "biopsy_technique")
    phrases = [row for row in every if row[0].subject not in _DONE_THINGS or not aside.holds(row[1].start)]
    told: dict[str, list[_Told]] = {}
    for phrase, span in phrases:
        meant = status(sentences, span.start, span.end, act=phrase.fact in _DEEDS)
        if meant in (Status.AFFIRMED, Status.UNCERTAIN) and phrase.family not in procedures.APART:
            rows = told.setdefault(phrase.subject, [])
            if phrase.value != "":
                rows.append((phrase, Fact(phrase.fact, phrase.value, span, meant is Status.AFFIRMED)))
            rows += [(phrase, fact) for fact in portions.beside(text, sentences, phrase, span)]
    selecting = any(row.topic in (Topic.CODE_SELECTION, Topic.CROSSWALK, Topic.OTHER) for row in topics)
    diagnoses: tuple[Subject, ...] = ()
    if not want or Wanted.DIAGNOSIS in want:
        of_patient = [row for row in phrases if row[0].subject == "diagnosis"]
        diagnoses = diagnosing.read(text, sentences, vocabulary, of_patient)
    apart = any(phrase.entry and phrase.family in procedures.APART for phrase, _ in phrases)
    apart = (apart or wellness.named(text)) and payer in procedures.MEDICARE
    want = want or _by_content(text, subjects, told, diagnoses if selecting and not apart else ())
    visit = Wanted.SERVICE in want and only_visit(text) and not any(row.kind in _TAKEN for row in subjects)
    # A carcinoma of which only the diagnosis is asked is no removal, and what was tested, given and treated at a visit
    # is told for its level.
    subjects = () if visit or Wanted.SERVICE not in want else subjects
    found: list[Subject] = []
    for kind in dict.fromkeys(subject.kind for subject in subjects):
        alike = [subject for subject in subjects if subject.kind == kind]
        # The care of wounds has taken its phrases by itself, each kind of care its own; services that readers found by
        # act and object take those of their own families.
        rows = told.get(kind, [])
        own = [
            fact
            for phrase, fact in rows
            if kind != "procedure" or (phrase.family in BY_ACT and fact.name not in _READ_WHOLE)
        ]
        found += alike if kind in _TAKEN else joined(alike, sentences, own)
    found.sort(key=lambda row: [subject.kind for subject in subjects].index(row.kind))
    made: tuple[Subject, ...] = ()
    seen: tuple[Subject, ...] = ()
    if Wanted.SERVICE in want and (selecting or asks_code(text)) and not visit:
        made = procedures.read(text, sentences, _of_services(every, aside, found), on, payer)
        medicare = payer in procedures.MEDICARE
        made = needles.without_failed(text, made)
        made = tuple(foot_exams.completed(text, sentences, made))
        made = tuple(labs.completed(text, sentences, made))
        made = tuple(therapy.completed(text, sentences, made, medicare=medicare))
        made = tuple(screenings.completed(text, sentences, made, medicare=medicare))
        made = tuple(wellness.completed(text, sentences, made, on, medicare=medicare))
        found, made = polyps.instead(text, sentences, *_weighed(text, sentences, found, made))
    elif visit:
        # Medicare's wellness visit is a visit too.
        made = tuple(wellness.completed(text, sentences, (), on, medicare=payer in procedures.MEDICARE))
    found = without_looked_at(text, found)
    made = _wanted_of(text, found, made)
    kinds = {subject.kind for subject in found}
    if Wanted.SERVICE in want:
        served = [fact.span for kind in ("procedure", "drug") for row, fact in told.get(kind, ()) if row.entry]
        served += [fact.span for subject in made for fact in subject.facts[:1]]
        done = bool(made) or any(fact.name in _DONE for subject in subjects for fact in subject.facts)
        asking = _asking(topics, text)
        alone = not (kinds or made)
        # Tests that nothing asks about are what a visit looked at, where the visit is told for its level.
        looked_at = all(
            "test_name" in row.values() or (row.kind == "drug" and set(row.values()) <= _ONLY_DRUG) for row in made
        )
        tests = not kinds and looked_at and not asks_of(text, tests=True)
        tests = tests and not (any(row.kind == "drug" for row in made) and asks_of(text, tests=False))
        seen = tuple(
            visits.read(
                text,
                sentences,
                told.get("encounter", []),
                served,
                alone=alone,
                tests=tests,
                done=done,
                selecting=asking,
            )
        )
        found, seen = screenings.beside(found, seen, made)
        seen, made = wellness.with_visit(seen, made), screenings.with_visit(seen, made)
        if any(row.values().get("visit_kind") in monitoring.SCORED for row in seen):
            # The scores that follow a mood are part of its care of the month.
            made = tuple(row for row in made if "questionnaire" not in row.values())
        if any("discipline" in row.values() for row in made):
            # What a therapist does is no visit of a physician.
            seen = tuple(row for row in seen if row.values().get("visit_kind") != "office_visit" or names_visit(text))
        found += seen
        made = tuple(row for row in made if not at_visit.of_visit(text, sentences, row, seen, made))
    found += made
    measured = {
        fact for row in seen for fact in row.facts if fact.name.endswith("_minutes") or fact.name == "mdm_level"
    }
    twice = _torn(found, _facts(told, made) | measured)
    if Wanted.DIAGNOSIS in want:
        return (*found, *diagnoses), (*twice, *strongest.torn(diagnoses))
    return tuple(found), twice


def _wanted_of(text: str, found: Iterable[Subject], made: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Leave out drugs and tests that a note of another service only mentions: no sentence that asks speaks of them."""
    drugs = [row for row in made if row.kind == "drug"]
    tests = [row for row in made if "test_name" in row.values()]
    others = [*found, *(row for row in made if row not in drugs and row not in tests)]
    of_drugs, of_tests = asks_of(text, tests=False), asks_of(text, tests=True)
    # Who asks for the codes of an injection and tells the dose wants that of the drug as well.
    of_drugs = of_drugs or (asks_several(text) and needles.gave(others, drugs))
    if not others and of_drugs == of_tests:
        return made
    left = [*([] if of_drugs else drugs), *([] if of_tests else tests)]
    return tuple(row for row in made if row not in left)


def _asking(topics: Sequence[TopicFound], text: str) -> bool:
    """Tell whether a code is asked for; a case told without any question asks for its code."""
    return any(row.topic in (Topic.CODE_SELECTION, Topic.CROSSWALK) for row in topics) or (
        topics[0].topic is Topic.OTHER and "?" not in text
    )


def _of_services(
    phrases: Iterable[tuple[Phrase, Span]], aside: Aside, found: Iterable[Subject]
) -> list[tuple[Phrase, Span]]:
    """Return the phrases of what was done, without those of families that another reader has read by act and object."""
    by_act = any(subject.kind == "procedure" for subject in found)
    sampled = [fact.span for row in found if row.kind == "lesion" for fact in row.facts if fact.value == "biopsy"]
    of_nails = any(
        fact.name in ("nail_count", "digit") or str(fact.value).startswith("nail_")
        for row in found
        for fact in row.facts
    )
    of_joints = any(row.values().get("procedure") in joints.PROCEDURES for row in found)
    of_breast = any(row.values().get("procedure") == "breast_cyst_aspiration" for row in found)
    return [
        (phrase, span)
        for phrase, span in phrases
        if not (phrase.entry and phrase.family != "medicare_screening" and aside.holds(span.start))
        and not (by_act and phrase.family in BY_ACT)
        # A biopsy of the skin of a breast is none of the breast.
        and not (phrase.family == "breast_biopsy" and _overlaps(span, sampled))
        and not (of_nails and phrase.family == nails.FAMILY)
        # What a needle draws from a joint, a ganglion or a cyst of the breast is no abscess.
        and not ((of_joints or of_breast) and phrase.family == "incision_and_drainage")
    ]


def _facts(told: Mapping[str, list[_Told]], made: Iterable[Subject]) -> AbstractSet[Fact]:
    """Return every fact that a phrase or a number beside one says."""
    return {fact for rows in told.values() for _, fact in rows} | {fact for row in made for fact in row.facts}


def _weighed(
    text: str, sentences: Sentences, found: list[Subject], made: tuple[Subject, ...]
) -> tuple[list[Subject], tuple[Subject, ...]]:
    """Weigh lesions, wounds and repairs against services that phrases tell of.

    Where nothing is said to have been done to a lesion, it is only what the service was done for; where something was,
    a service beside it counts only if the letter asks about it.
    """
    treated = any(
        row.kind == "wound" or (row.kind == "repair" and any(fact.name in _DONE for fact in row.facts)) for row in found
    )
    if treated and not _ABSCESS.search(text):
        # The incision of a wound, and the washing out of a broken bone, drain no abscess.
        made = tuple(row for row in made if row.facts[0].value != "abscess_drainage")
    if not (found and made):
        return found, made
    # What one service holds is no other one: nails trimmed at a foot exam. The longer words say what was done: a punch
    # biopsy of the nail bed is none of skin.
    held = [fact.span for row in made if row.kind != "drug" for fact in row.facts if fact.value is not False]
    named = [row.facts[0].span for row in made if row.kind != "drug"]
    found = [
        row
        for row in found
        if not (row.kind == "procedure" and _overlaps(row.facts[0].span, held))
        and not any(fact.name == "technique" and _overlaps(fact.span, named) for fact in row.facts)
    ]
    # A drug of which the letter says no more than its name or its way is part of the service that it was given in:
    # the steroid of an injection into keloids, the subcutaneous fat that was cut out.
    full = tuple(row for row in made if row.kind != "drug" or {fact.name for fact in row.facts} - _ONLY_NAMED)
    if found and all(row.kind == "procedure" for row in found):
        # The screening that found the lesion is told for its history.
        return found, tuple(
            row
            for row in full
            if "screening_test" not in row.values() or at_visit.asked(text, sentences, row.facts[0].span)
        )
    # The layer of an abscess that was drained is no tumor's, and simple drainage no simple closure.
    drained = all(row.facts[0].name == "drainage_act" for row in made)
    deeds = _DONE - {"tumor_depth", "closure_class"} if drained else _DONE
    if not treated and not any(fact.name in deeds for subject in found for fact in subject.facts):
        return [], made
    asked = tuple(row for row in full if at_visit.asked(text, sentences, row.facts[0].span))
    if asked:
        # A closure of which no class is said is that of the wound that the service left.
        found = [
            row for row in found if row.kind != "repair" or any(fact.name == "closure_class" for fact in row.facts)
        ]
    return found, asked


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _torn(subjects: Iterable[Subject], told: AbstractSet[Fact]) -> tuple[str, ...]:
    """Name the facts for which phrases say two values of one subject, both for sure: one of them would be ignored."""
    values: dict[tuple[int, str], set[object]] = {}
    for place, subject in enumerate(subjects):
        for fact in subject.facts:
            if fact in told and fact.certain:
                values.setdefault((place, fact.name), set()).add(fact.value)
    return tuple(dict.fromkeys(name for (_, name), given in values.items() if len(given) > 1))


def _by_content(
    text: str, subjects: Collection[Subject], told: Mapping[str, list[_Told]], diagnoses: tuple[Subject, ...]
) -> frozenset[Wanted]:
    """Return what a letter wants that asks for "the code": that of what was done, or else of what the patient has."""
    done = any(fact.name in _DONE for subject in subjects for fact in subject.facts) or names_service(text)
    done = done or any(subject.kind in _TAKEN for subject in subjects) or bool(_TREATED.search(text))
    germs = [fact.span for row in diagnoses for fact in row.facts if fact.name in _GERMS]
    served = any(
        phrase.entry
        and not (phrase.fact == "test_name" and (_RESULT.match(text, fact.span.end) or _overlaps(fact.span, germs)))
        for kind in ("procedure", "drug", "encounter")
        for phrase, fact in told.get(kind, ())
    )
    watched = any(row.values().get("condition") == "follow_up_cancer" for row in diagnoses) and not subjects
    # Nothing is closed at a visit that only looks at a wound which heals.
    watched = watched or any(row.values().get("complication_encounter") == "healing" for row in diagnoses)
    if diagnoses and not served and (watched or not done):
        return frozenset({Wanted.DIAGNOSIS})
    return frozenset({Wanted.SERVICE})
