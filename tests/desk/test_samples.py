"""Every sample letter of the embedded size leads to the draft that it is there to show."""

import pytest

from consultant.local.samples import sample, samples
from consultant.records import cases
from tests.builders import ASKER, DESK, make_letter

EXPECTED = {
    "lesion-benign": ("answer", ["11441"]),
    "lesion-malignant": ("answer", ["11642", "12052"]),
    "margin-missing": ("ask_back", []),
    "closure": ("answer", ["11402", "12032"]),
    "nsti-mesh": ("answer", ["11006", "11008"]),
    "two-lesions": ("answer", ["11421", "11622"]),
    "pathology-pending": ("ask_back", []),
    "bare-code": ("answer", []),
    "html-only": ("answer", ["11004"]),
    "attachment": ("answer", ["11442"]),
    "spanish": ("hand_over", []),
    "empty": ("ask_back", []),
    "out-of-scope": ("hand_over", []),
}


def test_every_sample_is_expected():
    assert {each.key for each in samples()} == set(EXPECTED)


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_a_sample_gets_its_draft(desk, key):
    desk.ask(sample(key).letter(f"Testa Sampleton <{ASKER}>", DESK))
    with desk.parts.store.read() as tx:
        case = cases.current(tx, 1)
        draft = cases.last_draft(tx, 1)
    outcome, codes = EXPECTED[key]
    assert case.outcome == outcome
    assert sorted(line["code"] for line in case.evidence["lines"]) == codes
    assert "Sampleton" not in draft.text


@pytest.mark.parametrize(
    "text",
    [
        "Colonoscopy with snare removal of two polyps on 5/2/2026. What codes?",
        "Total knee replacement, left, DOS 08/12/2026. Which codes and units?",
        "Cataract extraction with lens, right eye, DOS 2026-03-01. Which CPT?",
        "MRI of the brain without contrast on 09/01/2026. Which code?",
    ],
)
def test_what_no_family_chooses_is_handed_over_and_not_guessed(desk, text):
    desk.ask(make_letter(text, subject="Question"))
    with desk.parts.store.read() as tx:
        case = cases.current(tx, 1)
    assert case.outcome == "hand_over"
    assert case.evidence["lines"] == []
