"""A service that a letter names and that no subject tells of is noticed; what was not done here is not."""

from datetime import date

import pytest

from consultant.questions.phrases import Cues
from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from knowledge.model import Phrase

PHRASES = (
    Phrase("office visit", "encounter", "visit_kind", "office_visit", entry=True),
    Phrase("low MDM", "encounter", "mdm_level", "low", entry=False),
    Phrase("I&D", "procedure", "procedure", "abscess_drainage", entry=True),
    Phrase("simple sutures", "repair", "closure_class", "simple", entry=True),
    Phrase("BCC", "diagnosis", "condition", "basal_cell", entry=True),
)
WORDS = Vocabulary({"nose": "face", "back": "trunk", "forearm": "arm", "axilla": "trunk"}, Cues(PHRASES))
EXCISION = "Excised a 1 cm BCC of the nose with 0.2 cm margins on 3/2/2026"


def beside(text: str) -> list[str]:
    question = read(text, today=date(2026, 3, 5), vocabulary=WORDS)
    return [question.text[span.start : span.end] for span in question.beside]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{EXCISION}, and I&D in the axilla. Codes?", ["I&D"]),
        (f"{EXCISION}, and a sentinel node biopsy of the axilla. Codes?", ["sentinel node biopsy"]),
        ("Office visit, low MDM, with 2 punch biopsies. Codes?", []),
        ("Office visit, low MDM, EKG done in the office. Codes?", ["EKG"]),
        ("Office visit, low MDM, allergy shot given. Code?", ["shot"]),
        ("Knee arthroscopy and a simple repair of a 3 cm laceration of the forearm. Codes?", ["arthroscopy"]),
        (f"{EXCISION}, closed with simple interrupted sutures. Code?", []),
        (f"{EXCISION}, and simple sutures of a 3 cm laceration of the forearm. Codes?", ["laceration"]),
        (f"{EXCISION}. Which CPT and which ICD-10 code?", []),
    ],
)
def test_a_service_that_no_subject_tells_of_is_named(text: str, named: list[str]) -> None:
    """Whatever is answered of such a letter is part of a claim."""
    assert beside(text) == named


@pytest.mark.parametrize(
    "text",
    [
        f"{EXCISION}. Which code?",
        f"{EXCISION}. No I&D was done. Which code?",
        f"{EXCISION}. An I&D is planned for next week. Which code?",
        f"{EXCISION}, after injection of lidocaine. Which code?",
        f"{EXCISION}, dx C44.311. Which CPT code?",
        "Office visit, low MDM. Status post appendectomy. Which code?",
        "What is an EKG?",
    ],
)
def test_what_is_coded_denied_planned_or_past_is_not(text: str) -> None:
    """A sentence about a service that was never done would be wrong itself."""
    assert beside(text) == []
