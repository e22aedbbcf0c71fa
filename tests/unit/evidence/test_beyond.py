"""The desk keeps silent about what no family holds, and still answers what stands beside it."""

import pytest

from bench.letters import TODAY
from consultant.drafting.engine import draft_letter


def drafted(text, release):
    _, evidence, draft = draft_letter(text, today=TODAY, release=release)
    return draft.outcome, {line.code for line in evidence.lines}, draft.text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Subject: sleep study\n\nOvernight polysomnography 8/18/2026 in our lab, Medicare. Which code?",
            "sleep studies",
        ),
        (
            "Incised and evacuated a thrombosed external hemorrhoid 5/4/2026. What code for the thrombosed hemorrhoid?",
            "hemorrhoid surgery",
        ),
        ("Code for EGD with cold forceps biopsies, three from the antrum?", "upper endoscopies"),
        (
            "Subject: IUD\n\nIUD put in 3/3/2026 at her office visit, new patient. What do we bill for the IUD?",
            "intrauterine",
        ),
    ],
)
def test_a_letter_that_asks_for_what_no_family_holds_is_handed_over_with_its_name(text, name, release):
    outcome, lines, words = drafted(text, release)
    assert (outcome, lines) == ("hand_over", set())
    assert name in " ".join(words.split())


def test_what_a_family_holds_is_answered_beside_it(release):
    outcome, lines, words = drafted(
        "Shaved a 0.8 cm benign nevus of the back on 5/4/2026, dermal, no sutures, and did an EKG because of chest "
        "pain. Which codes for the shave and the EKG?",
        release,
    )
    assert (outcome, lines) == ("answer", {"11301"})
    assert "EKG" in words


@pytest.mark.parametrize(
    "text",
    [
        "Does 45378 have an NCCI edit with 45380?",
        "Colonoscopy 45378 stopped because the patient became unstable. Modifier 52 or 53?",
    ],
)
def test_rules_are_answered_of_any_code(text, release):
    assert drafted(text, release)[0] == "answer"
