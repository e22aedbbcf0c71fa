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
    Phrase("wart", "lesion", "lesion_kind", "wart", entry=False, counts="lesion_count"),
    Phrase("lipoma", "lesion", "soft_tissue_tumor", value=True, entry=False),
    Phrase("subcutaneous lipoma", "diagnosis", "condition", "lipoma", entry=True),
    Phrase("skin tag", "lesion", "lesion_kind", "skin_tag", entry=True, counts="lesion_count"),
    Phrase("skin tag", "diagnosis", "condition", "skin_tag", entry=True),
    Phrase("IV infusion", "drug", "procedure", "iv_infusion", entry=True),
    Phrase("IV push", "drug", "procedure", "iv_push", entry=True),
    Phrase("Remicade", "drug", "drug_name", "infliximab", entry=True),
    Phrase("ceftriaxone", "drug", "drug_name", "ceftriaxone", entry=False, counts="vial_count"),
    Phrase("IM injection", "drug", "procedure", "injection", entry=True, counts="vial_count"),
)
SITES = {"nose": "face", "left cheek": "face", "cheek": "face", "scalp": "scalp"}
WORDS = Vocabulary(SITES, Cues(PHRASES))


def subjects(text: str) -> list[tuple[str, dict[str, object]]]:
    """Return the subjects of a letter as (kind, facts)."""
    question = read(text, today=TODAY, vocabulary=WORDS)
    return [(subject.kind, dict(subject.values())) for subject in question.subjects]


def test_a_visit_is_read_with_its_time_and_level() -> None:
    """Fillers between the words of a phrase change nothing."""
    text = "Office visit of a new patient on 3/2/2026, 34 minutes in total, MDM was low. Which code?"
    assert subjects(text) == [("encounter", {"visit_kind": "office_visit", "mdm_level": "low", "total_minutes": 34})]
    told = {fact.name: fact.value for fact in read(text, today=TODAY, vocabulary=WORDS).facts}
    assert told["new_patient"] is True


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
        ("Destruction of a 2 cm actinic keratosis of the scalp. CPT?", 1),
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


def conflicts(text: str) -> tuple[str, ...]:
    """Return the names of the facts that a letter contradicts itself on."""
    return read(text, today=TODAY, vocabulary=WORDS).conflicts


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Destroyed 6 warts and 3 actinic keratoses of the scalp. CPT?", set()),
        ("Destroyed 5 actinic keratoses of the scalp, left one, and 11 of the nose. CPT?", set()),
        ("The note has 6 actinic keratoses destroyed. The log has 9 actinic keratoses destroyed.", {"lesion_count"}),
        ("Destroyed 16 actinic keratoses of the scalp: 5 on the left and 11 on the right. CPT?", set()),
        ("Office visit, low MDM. MDM low. Which level?", set()),
    ],
)
def test_a_second_value_is_a_conflict_and_not_ignored(text: str, names: set[str]) -> None:
    """Of two values said for sure of one subject, choosing the first would lose the other; a sum is no second one."""
    assert set(conflicts(text)) - {"site_group"} == names


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Office visit, 50 minutes, of which 10 minutes were for a separate test. Which code?", 40),
        ("Office visit; the nurse took 15 minutes, the physician 22 minutes. Which code?", 22),
        ("Office visit; 12 minutes face to face, 34 minutes in total. Which code?", 34),
        ("Office visit, low MDM, IV infusion for 90 minutes. Which code?", None),
        ("Office visit, 32 minutes; the IV infusion ran 90 minutes. Which code?", 32),
    ],
)
def test_minutes_are_the_visits_only_where_the_letter_says_so(text: str, minutes: int | None) -> None:
    """Of several times none is picked unless one is the total or the practitioner's; an infusion has its own."""
    visit = next(facts for kind, facts in subjects(text) if kind == "encounter")
    assert visit.get("total_minutes") == minutes


def test_two_times_of_which_none_is_the_total_are_asked_about() -> None:
    """Either could be the time of the visit, and the level follows from it."""
    assert conflicts("Office visit; 25 minutes and 41 minutes are both written. Which code?") == ("total_minutes",)


def test_a_dose_counts_nothing() -> None:
    """One gram is not one injection."""
    ((_, facts),) = subjects("Ceftriaxone 1 g IM injection on 3/2/2026. Which code?")
    assert "vial_count" not in facts


def test_each_of_several_services_takes_what_its_own_part_says() -> None:
    """The drug of the infusion is not the drug of the push."""
    told = subjects("IV infusion of Remicade, and IV push of another drug, on 3/2/2026. Which codes?")
    assert told == [
        ("drug", {"drug_name": "infliximab", "procedure": "iv_infusion"}),
        ("drug", {"procedure": "iv_push"}),
    ]


def test_a_phrase_of_one_kind_hides_none_of_another() -> None:
    """A subcutaneous lipoma is a diagnosis, and the lesion is a lipoma all the same."""
    ((kind, facts),) = subjects("Excised a 2 cm subcutaneous lipoma of the scalp. Which CPT code?")
    assert (kind, facts["soft_tissue_tumor"]) == ("lesion", True)


@pytest.mark.parametrize("text", ["ICD-10 for suspected hypertension?", "Which dx code for probable hypertension?"])
def test_an_uncertain_diagnosis_is_not_chosen(text: str) -> None:
    """Outside a hospital stay it is not coded as though it were established (ICD-10-CM guidelines, section IV.H)."""
    assert subjects(text) == []


def test_a_letter_that_asks_for_a_diagnosis_alone_tells_of_no_removal() -> None:
    """A skin tag may be removed, but nobody says that it was."""
    assert subjects("Which ICD-10 code for a skin tag of the nose?") == [
        ("diagnosis", {"condition": "skin_tag", "site": "nose"})
    ]
    assert [kind for kind, _ in subjects("Which CPT code and which ICD-10 code for a skin tag of the nose?")] == [
        "lesion",
        "diagnosis",
    ]


def test_a_new_patient_who_was_seen_here_last_year_is_asked_about() -> None:
    """Whoever was seen within three years is established (CPT)."""
    text = "New patient, office visit, low MDM; was last seen by our group 2 years ago. Which code?"
    assert conflicts(text) == ("new_patient",)
    assert conflicts("New patient, office visit, low MDM; seen by a cardiologist 2 years ago. Which code?") == ()
