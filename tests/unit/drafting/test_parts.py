"""A letter about several patients gets an answer to each question, under its number and for its own day."""

from bench.letters import TODAY
from consultant.drafting.engine import draft_letter

LETTER = """Subject: two patients

Two patients, both commercial.

1) 44 yo, shaved a 0.6 cm benign nevus of the back on 3/2/2026. Code?

2) {second}
"""


def drafted(second, release):
    _, evidence, draft = draft_letter(LETTER.format(second=second), today=TODAY, release=release)
    return evidence, draft


def test_each_is_answered_for_its_own_day(release):
    wax = "71 yo, wax plug of the right ear removed with a curette on 3/9/2026 by the doctor, impacted. Code?"
    evidence, draft = drafted(wax, release)
    assert [line.code for line in evidence.lines] == ["11301", "69210"]
    assert draft.outcome == "answer"
    first, second = draft.text.split("\n2. Code:")
    assert "11301" in first
    assert "2026-03-02" in first
    assert "69210" in second
    assert "2026-03-09" in second


def test_what_is_open_names_its_question(release):
    _, draft = drafted("71 yo, laceration of the right forearm closed in layers on 3/9/2026. Code?", release)
    assert draft.outcome == "ask_back"
    assert any(row.question.startswith("Question 2: ") for row in draft.missing)
    assert not any(row.question.startswith("Question 1: ") for row in draft.missing)
    assert [line.code for line in draft.lines] == ["11301"]


def test_what_no_family_holds_is_said_under_its_own_number(release):
    evidence, draft = drafted("Overnight sleep study on 3/9/2026, 71 yo, read by our doctor. Which code?", release)
    assert [line.code for line in evidence.lines] == ["11301"]
    assert draft.outcome == "answer"
    assert "2. Answer: The knowledge base holds no curated content on sleep studies." in " ".join(draft.text.split())


def test_the_same_service_of_two_patients_is_two_lines(release):
    again = "71 yo, shaved a 0.7 cm benign nevus of the arm on 3/9/2026. Code?"
    evidence, _ = drafted(again, release)
    assert [(line.code, line.units) for line in evidence.lines] == [("11301", 1), ("11301", 1)]
