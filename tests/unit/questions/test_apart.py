"""A letter about several patients or days is read question by question; a list of one session stays whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.questions.apart import parts
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\n1) 44 yo, shaved a mole of the back 3/2/26, code?\n2) 71 yo lady, wax out of both ears 3/9/26, code?",
        "Two patients:\nA. Shaved a mole of the back, 0.6 cm. Code?\nB. Wax removed from both ears. Code?",
        "Patient 1: shaved a mole on 3/2/2026, which code?\nPatient 2: wax removed 3/9/2026, which code?",
        "First: pt had a mole shaved on 3/2/26, code?\nSecond: another pt had wax removed on 3/4/26, code?",
        "#1 - a mole of the back was shaved, 3/2/26, code?\n\n#2 - wax of both ears was removed, 3/9/26, code?",
        "Subject: mole, wax\n\nHi, a mole of a back was shaved 3/2/26. CPT?\n\nWax of two ears, out 3/9/26. CPT?",
        "Subject: mole / wax\n\nWe shaved a mole of the back. Which code? On another patient wax was removed. Code?",
        "Chart 1: a mole of the back was shaved, code?\nChart 2: wax of both ears was removed, code?",
        "We shaved a mole of the back, which code? My other chart: wax of both ears removed. Code?",
        "We shaved a mole of the back, which code? Then, from the ENT upstairs: wax, both ears. CPT?",
        "Two quick ones\n- the mole of a back was shaved March 2 2026, code?\n- on April 9 2026 wax was removed, code?",
        (
            "The first is a mole of the back, shaved to the middle of the dermis, 0.6 cm in size, by our dermatologist "
            "herself. Code?\n\nThe second is the wax of both ears, out by a physician with a curette, under direct "
            "vision, the left ear and then the right one. Code?"
        ),
    ],
)
def test_cases_are_told_apart_by_patient_by_day_or_because_the_letter_says_so(text):
    found = parts(text)
    assert len(found) == 2
    assert all(len(part) == len(text) and part.count("\n") == text.count("\n") for part in found)
    assert "mole" in found[0]
    assert "wax" not in found[0].lower()
    assert "wax" in found[1].lower()
    assert "mole" not in found[1].lower()


@pytest.mark.parametrize(
    "text",
    [
        "1) excised a BCC of the nose, 1.2 cm, on 3/2/26, code?\n2) may I bill the layered closure of 2.5 cm as well?",
        "On 3/2/26:\n1. left cheek, shave, 0.6 cm\n2. back, shave, 0.9 cm\nCodes?",
        "1. 3/2/26 left cheek, shave, 0.6 cm\n2. 3/2/26 back, shave, 0.9 cm\nCodes?",
        "1) 44 yo, mole shaved 3/2/26, code?\n2) the same patient had wax removed 3/9/26, code?",
        "2) 44 yo, mole shaved 3/2/26, code?\n3) 71 yo, wax removed 3/9/26, code?",
        "One patient, one question: mole shaved on 3/2/26, code?",
        "We shaved a mole of the back on 3/2/26, code?\n\nShe came back on 3/9/26 with the wound open. Code?",
        "We shaved a mole of the back on 3/2/26, code?\n\nThe pathology report of 3/9/26 says nevus. Which ICD-10?",
        "We shaved a mole on March 2, 2026, code?\n\nOn 3/2/26 wax was removed too. May we bill it?",
        "We shaved a separate 11 mm mole, code?\n\nNothing else was done on 3/2/26, is that all?",
        "On 3/2/26 wrote the doctor:\n> mole shaved 3/2/26, code?\n\nWax out on 3/9/26, code?",
        "HISTORY: mole shaved 3/2/26, code?\n\nPLAN: wax out on 3/9/26, code?\n",
        "1) which code for the mole of 3/2/26?\n2) may we bill the closure?\n3) what must the note say?",
    ],
)
def test_what_may_be_of_one_session_stays_whole(text):
    assert parts(text) == ()


def test_the_end_of_the_letter_belongs_to_all_of_its_questions():
    text = "1) 44 yo, mole shaved 3/2/26\n2) 71 yo, wax out 3/9/26\n\nBoth Medicare. Thank you."
    assert all(part.endswith("Both Medicare. Thank you.") for part in parts(text))


def test_the_subject_line_tells_of_one_item_only_but_for_the_payer():
    text = "Subject: Medicare, mole and wax\n\nMole of a back shaved 3/2/26. CPT?\n\nWax of two ears out 3/9/26. CPT?"
    first, second = parts(text)
    assert first.startswith("         Medicare              \n\nMole")
    assert "mole" not in second.lower()


@given(st.text(alphabet="1234ab).:-> \n\tpt 3/2code? other pt MSubject:", max_size=200))
def test_parting_never_fails_and_keeps_every_place(text):
    assert all(len(part) == len(text) for part in parts(text))


def test_each_question_has_its_own_facts_and_all_have_those_of_the_letter(release):
    text = (
        "Subject: two charts\n\nTwo patients, both Medicare.\n\n1) 44 yo, shaved a 0.6 cm nevus of the back 3/2/2026. "
        "Code?\n\n2) 71 yo, impacted wax of both ears taken out with a curette by the doctor on 3/9/2026. Code?\n"
    )
    question = read(text, today=TODAY, vocabulary=vocabulary_of(release))
    assert [part.date_of_service for part in question.parts] == [date(2026, 3, 2), date(2026, 3, 9)]
    for part in question.parts:
        assert {"payer": "medicare"}.items() <= {fact.name: fact.value for fact in part.facts}.items()
    for row in question.subjects:
        for fact in row.facts:
            assert text[fact.span.start : fact.span.end].strip()
    assert len(question.subjects) == sum(len(part.subjects) for part in question.parts)
