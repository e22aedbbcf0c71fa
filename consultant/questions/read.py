"""Read a masked letter as a question: one pure function over the readers of this room."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from consultant.questions import (
    abbreviated,
    apart,
    asks,
    beside,
    breasts,
    codes,
    corrected,
    cues,
    encounter,
    exchange,
    excised_disease,
    hearsay,
    injection,
    joints,
    language,
    nails,
    referred,
    scope,
    sizes,
    skin,
    skin_services,
    specialty,
    spoken,
    tabled,
    topics,
    uncovered,
    wounds,
)
from consultant.questions.aside import Aside
from consultant.questions.model import Question, Subject, Topic, TopicFound
from consultant.questions.passages import Sentences, unwrapped
from consultant.questions.spelling import mend
from consultant.questions.vocabulary import Vocabulary
from consultant.questions.wanted import Wanted, wanted

READ_AT_MOST: Final = 16_000
"""Characters that are read of one letter, some six pages; what is longer is for a person, whatever its start says."""

_TITLED: Final = re.compile(r"\s*(?:subj\w*:)?[^\n]*\bop(?:erative)? (?:note|report)\b[^\n]*\n", re.IGNORECASE)


def read(text: str, *, today: date, vocabulary: Vocabulary) -> Question:
    """Return all that is understood of a masked letter (subject line and new text).

    Every span points into `text`. `today` bounds what may be a date of service. Never raises on any text, and
    takes time linear in its length, of which no more than `READ_AT_MOST` is read.
    """
    question = _mended(text, today=today, vocabulary=vocabulary)
    several = tuple(_mended(part, today=today, vocabulary=vocabulary) for part in apart.parts(text[:READ_AT_MOST]))
    # Questions on rules tell no case, and what stands beside them may be what they are about.
    if not any(part.subjects for part in several):
        return question
    return replace(question, parts=several, subjects=tuple(row for part in several for row in part.subjects))


def _mended(text: str, *, today: date, vocabulary: Vocabulary) -> Question:
    """Read a text whose slips are mended first; its places are those of the text as written."""
    thread = exchange.read(text[:READ_AT_MOST])
    newer = corrected.read(thread.mails.text, thread)
    told = tabled.read(newer.text)
    mended = mend(unwrapped(told.text), vocabulary.spelled)
    dictated = spoken.read(mended.text)
    full = abbreviated.read(dictated.text)

    def older(place: int) -> bool:
        joined = newer.written(told.written(mended.written(dictated.written(full.written(place)))))
        return thread.rank(joined) > exchange.NEWEST

    asking = exchange.asking(full.text, older) if thread.asks else full.text
    found = full.back(_read(full.text, asking, today=today, vocabulary=vocabulary))
    question = thread.mails.back(newer.back(told.back(mended.back(dictated.back(found)))))
    return replace(question, text=text, unread_from=READ_AT_MOST if len(text) > READ_AT_MOST else None)


def _read(text: str, asking: str, *, today: date, vocabulary: Vocabulary) -> Question:
    """Read a text without slips; `asking` is the same without the questions that others asked before."""
    sentences = Sentences(text)
    mentioned = codes.read(text, vocabulary)
    found = topics.find(asking, mentioned)
    want = wanted(asking, mentioned)
    written, within = text, sentences
    # Facts are read without what colleagues think and other payers did; what is asked may stand in either.
    text = hearsay.without(text, sentences)
    sentences = Sentences(text) if text != written else sentences
    selecting = (
        any(row.topic in (Topic.CODE_SELECTION, Topic.CROSSWALK, Topic.OTHER) for row in found) and not mentioned
    )
    subjects, torn = (
        ((), ()) if want == {Wanted.DIAGNOSIS} else _subjects(text, sentences, vocabulary, selecting=selecting)
    )
    dates = encounter.service_dates(written, today)
    facts, contradicted = encounter.read(text, sentences, dates[0][0] if dates else today, dated=bool(dates))
    subjects, twice = cues.read(
        text,
        sentences,
        vocabulary.cues,
        subjects,
        found,
        want,
        vocabulary=vocabulary,
        on=dates[0][0] if dates else today,
        payer=next((fact.value for fact in facts if fact.name == "payer"), None),
    )
    subjects = _without_shots(text, subjects)
    if found[0].topic is Topic.OTHER and subjects:
        # A case told without a question asks for its code.
        found = (TopicFound(Topic.CODE_SELECTION, 0.5, tuple(subject.kind for subject in subjects[:3])),)
    elif (
        len(found) == 1
        and found[0].topic is Topic.DOCUMENTATION
        and subjects
        and _TITLED.match(text)
        and "?" not in text
    ):
        # "Op report" names what is pasted and asks nothing of it.
        found = (TopicFound(Topic.CODE_SELECTION, 0.5, tuple(subject.kind for subject in subjects[:3])),)
    if any("new_patient" in row.values() for row in subjects if row.kind == "encounter"):
        contradicted = tuple(name for name in contradicted if name != "new_patient")
    several = ("date_of_service",) if len({day for day, _ in dates}) > 1 else ()
    return Question(
        text=written,
        language=language.detect(written),
        topics=found,
        specialty=specialty.find(written),
        codes=mentioned,
        subjects=subjects,
        facts=facts,
        date_of_service=dates[0][0] if dates else None,
        conflicts=tuple(dict.fromkeys((*torn, *twice, *contradicted, *several))),
        out_of_scope=scope.why_out(written, mentioned, found),
        beside=beside.read(text, sentences, vocabulary.cues, subjects, mentioned),
        asks=asks.read(asking, within),
        uncovered=uncovered.read(written, within, vocabulary.strange, vocabulary.uncovered),
        injection=injection.find(written),
    )


_ADMINISTERED: Final = ("procedure", "administration_purpose", "administration_order", "infusion_minutes")


_NOT_INTO_A_PATIENT: Final = re.compile(
    r"\bshot (?:[\w-]+ ){0,3}(?:films?|x-?rays?|images?|views?|pictures?)\b"
    r"|\b(?:films?|x-?rays?|images?|views?|pictures?|studies) (?:\w+ ){0,3}shot\b|\bshot (?:of"
    r"|by) (?:the )?(?:hospital|tech\w*)\b",
    re.IGNORECASE,
)
_INTO_A_PART: Final = re.compile(
    r"\b(?:shots?|inject\w*)\b[^.\n]{0,40}\b(?:joints?|bursa\w*|intra-?articular\w*|tendons?|sheath"
    r"|trigger points?|epidural"
    r"|facets?|nerves?|ganglion|carpal tunnel|plantar fascia|intravitreal|knees?|shoulders?|sacroiliac|SI)\b",
    re.IGNORECASE,
)
"""What is injected into a joint, a tendon, a nerve or an eye goes neither under the skin nor into a muscle."""


def _without_shots(text: str, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Leave out the shot that is the injection into lesions itself, or that numbs what is opened, without a dose."""
    if any("joint_size" in row.values() or row.values().get("procedure") in joints.PROCEDURES for row in subjects):
        # The needle in a joint gives the drug; only the drug itself is left of it.
        kept = (
            replace(row, facts=tuple(fact for fact in row.facts if fact.name not in _ADMINISTERED))
            if row.kind == "drug" and row.values().get("procedure") == "injection"
            else row
            for row in subjects
        )
        return tuple(row for row in kept if row.facts)
    elsewhere = bool(_NOT_INTO_A_PATIENT.search(text) or _INTO_A_PART.search(text))
    into_lesions = any(
        subject.values().get("procedure") == "intralesional_injection" or "drainage_act" in subject.values()
        for subject in subjects
    )
    if not (elsewhere or into_lesions):
        return subjects
    # A drug that is named beside a joint may be asked about itself; one that went into lesions is theirs.
    own = {"dose_mg"} if into_lesions else {"dose_mg", "drug_name", "vaccine_kind"}
    return tuple(
        row
        for row in subjects
        if row.kind != "drug" or row.values().get("procedure") != "injection" or own & set(row.values())
    )


def _subjects(
    text: str, sentences: Sentences, vocabulary: Vocabulary, *, selecting: bool
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return lesions, wounds and repairs; what one reader claimed for sure is not offered to the next."""
    measures = sizes.find(text, sentences)
    treated = wounds.read(text, sentences, vocabulary, measures, selecting=selecting)
    if treated.infected:
        return treated.subjects, treated.torn
    aside = Aside(text, sentences)
    excised, torn_excised = excised_disease.read(text, sentences, vocabulary, measures, aside)
    if excised:
        # What is cut out for such a disease is no lesion of the skin, and its closure is part of it.
        return excised, torn_excised
    told = tuple(vocabulary.cues.find(text))
    of_breast = breasts.read(text, sentences, aside)
    of_nails = nails.read(text, sentences, told, aside)
    served = (*of_breast, *skin_services.read(text, sentences, vocabulary, measures, aside), *of_nails)
    if not served and not treated.kinds:
        served = joints.read(text, sentences, aside)
    found_lesions, torn_lesions = skin.read(text, sentences, vocabulary, measures, told)
    if treated.kinds and referred.after_mohs(text):
        # What another surgeon cut out in layers is on his claim; the defect is what is repaired here.
        found_lesions = tuple(one for one in found_lesions if one.values().get("technique") not in (None, "mohs"))
    # The longer words say what was done: a punch biopsy of the nail bed is none of skin.
    work = [row.facts[0].span for row in of_nails]
    found_lesions = tuple(
        one
        for one in found_lesions
        if not any(
            fact.name == "technique" and fact.span.start < span.end and span.start < fact.span.end
            for fact in one.facts
            for span in work
        )
    )
    if of_breast:
        # What the letter tells of a lesion without a skin of its own is told of the breast.
        found_lesions = ()
    if served or (found_lesions and not treated.outranks(found_lesions)):
        # Without an infection a size in a letter about a lesion is the lesion's.
        return (*found_lesions, *served, *treated.beside(found_lesions)), torn_lesions
    return treated.subjects, treated.torn
