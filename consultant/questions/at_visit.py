"""Tell what a visit only looked at, took or decided from what its letter asks about."""

import re
from typing import Final

from consultant.questions.model import Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.wanted import asks_code

_HEADED: Final = re.compile(
    r"[ \t>*]{0,8}(?:subj(?:ect)?|re|procedures?(?: performed)?|operations?(?: performed)?"
    r"|title of (?:procedure|operation))\b[ \t]{0,2}:?",
    re.IGNORECASE,
)


def of_visit(
    text: str, sentences: Sentences, subject: Subject, visits_read: tuple[Subject, ...], made: tuple[Subject, ...]
) -> bool:
    """Tell whether a test, a drug or a form is only what a visit looked at or decided: a note of a visit names many."""
    values = subject.values()
    levels = {fact.name for row in visits_read for fact in row.facts} & {"mdm_level", "problems", "data", "risk"}
    # What is given in a hospital, a nursing facility or an emergency department is given by its staff.
    elsewhere = ("hospital_", "nursing_", "emergency_")
    there = any(str(row.values().get("visit_kind")).startswith(elsewhere) for row in visits_read)
    if there:
        levels |= {fact.name for row in visits_read for fact in row.facts} & {"total_minutes"}
    # A preventive visit has no level that a test could be told for.
    leveled = any(row.values().get("visit_kind") != "preventive_visit" for row in visits_read)
    seen = "test_name" in values and leveled
    seen = seen or (subject.kind == "drug" and bool(levels) and (there or "mdm_level" not in levels))
    if any(row.values().get("wellness_service") == "wellness_visit" for row in made):
        # A wellness visit takes a health risk assessment and hands out the schedule of screenings.
        seen = seen or values.get("questionnaire") == "patient_risk_questionnaire" or "screening_test" in values
    return seen and not asked(text, sentences, subject.facts[0].span)


def asked(text: str, sentences: Sentences, span: Span) -> bool:
    """Tell whether a place stands in a sentence that asks, in the subject line, or behind a heading."""
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    if _HEADED.match(line):
        return True
    sentence = sentences.around(span.start)
    return asks_code(text[sentence.start : sentence.end]) and sentence.end - sentence.start < len(text.strip())
