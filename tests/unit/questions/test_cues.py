"""Phrases that families list say facts; what is denied, past or planned, or said of another lesion, does not."""

from datetime import date

import pytest

from consultant.questions.phrases import Cues
from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from knowledge.model import Phrase

TODAY = date(2026, 3, 5)
PHRASES = (
    Phrase("office visit", "encounter", "visit_kind", "office_visit", entry=True),
    Phrase("new patient", "encounter", "new_patient", value=True, entry=False),
    Phrase("low MDM", "encounter", "mdm_level", "low", entry=False),
    Phrase("MDM low", "encounter", "mdm_level", "low", entry=False),
    Phrase("punch biopsy", "lesion", "biopsy_technique", "punch", entry=False),
    Phrase("shave biopsy", "lesion", "biopsy_technique", "tangential", entry=False),
    Phrase("actinic keratosis", "lesion", "lesion_kind", "actinic_keratosis", entry=False, counts="lesion_count"),
    Phrase("actinic keratoses", "lesion", "lesion_kind", "actinic_keratosis", entry=False, counts="lesion_count"),
    Phrase("I&D", "procedure", "procedure", "abscess_drainage", entry=True),
    Phrase("abscess", "procedure", "drained", "abscess", entry=False),
    Phrase("AK", "procedure", "procedure", "capitals", entry=True),
    Phrase("hypertension", "diagnosis", "condition", "hypertension", entry=True),
)
SITES = {"nose": "face", "left cheek": "face", "cheek": "face", "scalp": "scalp"}
WORDS = Vocabulary(SITES, Cues(PHRASES))


def subjects(text: str) -> list[tuple[str, dict[str, object]]]:
    """Return the subjects of a letter as (kind, facts)."""
    question = read(text, today=TODAY, vocabulary=WORDS)
    return [(subject.kind, dict(subject.values())) for subject in question.subjects]


def test_a_visit_is_read_with_its_time_and_level() -> None:
    """Fillers between the words of a phrase change nothing."""
    told = subjects("Office visit of a new patient on 3/2/2026, 34 minutes in total, MDM was low. Which code?")
    assert told == [
        ("encounter", {"visit_kind": "office_visit", "new_patient": True, "mdm_level": "low", "total_minutes": 34})
    ]


def test_every_fact_points_to_its_words() -> None:
    """The span of a fact is where the phrase stands in the letter."""
    text = "Office visit, 34 minutes. Which code?"
    question = read(text, today=TODAY, vocabulary=WORDS)
    words = {fact.name: text[fact.span.start : fact.span.end] for fact in question.subjects[0].facts}
    assert words == {"visit_kind": "Office visit", "total_minutes": "34 minutes"}


@pytest.mark.parametrize(
    "text",
    [
        "No I&D was done. Which code?",
        "We plan an I&D for next week. Which code do we use?",
        "Is this the time of the visit?",
        "ak is not capitals here; which code?",
    ],
)
def test_what_is_denied_or_planned_or_only_alike_is_no_fact(text: str) -> None:
    """A phrase has to be affirmed, and an abbreviation written as one."""
    assert subjects(text) == []


def test_a_procedure_is_read_by_the_phrase_that_leads_into_a_family() -> None:
    """Other phrases of the kind come with it, and none makes a subject of its own."""
    assert subjects("I&D of an abscess on 3/2/2026. Which code?") == [
        ("procedure", {"procedure": "abscess_drainage", "drained": "abscess"})
    ]
    assert subjects("What is an abscess? Which code?") == []


def test_each_lesion_takes_the_phrase_of_its_own_part_of_the_sentence() -> None:
    """A punch of the nose and a shave of the cheek are not mixed up."""
    told = subjects(
        "DOS 3/2/2026. Punch biopsy of a 0.6 cm lesion of the nose, and shave biopsy of a lesion of the left cheek. "
        "Which codes?"
    )
    assert [(facts["site"], facts["biopsy_technique"]) for _, facts in told] == [
        ("nose", "punch"),
        ("left cheek", "tangential"),
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Destruction of 17 actinic keratoses of the scalp. CPT?", 17),
        ("Destruction of three actinic keratoses of the scalp. CPT?", 3),
        ("Destruction of actinic keratoses x 16, scalp. CPT?", 16),
        ("Destruction of a 2 cm actinic keratosis of the scalp. CPT?", None),
    ],
)
def test_a_number_in_front_of_a_phrase_counts_and_a_size_does_not(text: str, count: int | None) -> None:
    """Seventeen keratoses are seventeen; two centimetres are a size."""
    ((kind, facts),) = subjects(text)
    assert kind == "lesion"
    assert facts.get("lesion_count") == count


def test_a_diagnosis_is_chosen_only_where_the_letter_asks_for_one() -> None:
    """Half of all letters name hypertension in passing."""
    assert subjects("Patient with hypertension; which code for the visit?") == []
    assert subjects("Which ICD-10 code for hypertension?") == [("diagnosis", {"condition": "hypertension"})]
