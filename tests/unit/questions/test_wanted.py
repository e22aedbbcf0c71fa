"""Whether a letter wants the code of what was done or of what the patient has."""

import pytest

from consultant.questions.codes import read
from consultant.questions.vocabulary import Vocabulary
from consultant.questions.wanted import Wanted, asks_code, wanted

SERVICE, DIAGNOSIS = Wanted.SERVICE, Wanted.DIAGNOSIS


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I&D of an abscess. CPT + dx?", {SERVICE, DIAGNOSIS}),
        ("BCC cut out of the nose, 0.7 cm. codes + dx pls", {SERVICE, DIAGNOSIS}),
        ("Biopsy: invasive melanoma, right ear. icd10 please", {DIAGNOSIS}),
        ("The note says probable pneumonia. Do we code it as if it existed?", {DIAGNOSIS}),
        ("T2DM with CKD, glargine 22 units nightly. Which ones, for the diabetes and the kidney?", {DIAGNOSIS}),
        ("Which ICD-10-CM codes and in which order?", {DIAGNOSIS}),
        ("presure ulcer of the hip, need the L89 code", {DIAGNOSIS}),
        ("Which T81 code?", {DIAGNOSIS}),
        ("PREOPERATIVE DIAGNOSIS: lipoma. Which CPT do we report?", {SERVICE}),
        ("PROCEDURE: debridement. Diagnosis codes only, the procedure is coded.", {DIAGNOSIS}),
        ("The visit is already billed. What is the diagnosis code?", {DIAGNOSIS}),
        ("Can I bill 11042 with 97597?", {SERVICE}),
        ("excised with 0.5 cm margins, dx D03.59. Which code?", set()),
        ("Level of the visit?", {SERVICE}),
        ("Ext cause code for the chart.", {DIAGNOSIS}),
        ("Need the code for the sepsis.", {DIAGNOSIS}),
        ("Need the code for the laceration repair.", set()),
        ("What is the code?", set()),
        ("Only the E/M, I am not asking for dx codes.", {SERVICE}),
        ("Which CPT? I don't need the ICD-10 codes.", {SERVICE}),
        ("Diagnosis codes are not needed, just the level of the visit.", {SERVICE}),
        ("I don't need the CPT, I need the dx codes.", {SERVICE, DIAGNOSIS}),
    ],
)
def test_the_way_of_asking_tells_what_is_wanted(text: str, kinds: set[Wanted]) -> None:
    """Headings of a note and what is coded already ask for nothing."""
    assert wanted(text, read(text, Vocabulary({}))) == kinds


@pytest.mark.parametrize(
    ("text", "asks"), [("Is it 12001 and what?", True), ("The pair 15771 and 15877, and what's its indicator", False)]
)
def test_what_of_a_pair_is_no_code(text: str, asks: bool) -> None:
    assert asks_code(text) is asks
