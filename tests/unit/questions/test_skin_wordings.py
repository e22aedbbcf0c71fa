"""Ways in which coders tell of work on the skin, each with the facts that a chooser needs of it."""

from datetime import date

import pytest

from consultant.questions import needles
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary, vocabulary_of
from knowledge.release import Release

TODAY = date(2026, 3, 5)


@pytest.fixture(scope="module")
def words(release: Release) -> Vocabulary:
    """What the release lends to the reader."""
    return vocabulary_of(release, TODAY)


def told(text: str, words: Vocabulary, name: str) -> list[object]:
    """Return one fact of every subject of a letter that has it."""
    rows = [subject.values() for subject in read(text, today=TODAY, vocabulary=words).subjects]
    return [row[name] for row in rows if name in row]


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("Nevus of the calf 0.8 cm excised, 2 mm of skin on each side, path benign. CPT?", "margin_cm", [0.2]),
        ("Nevus of the calf 0.8 cm excised, 3 mm beyond the visible border, path benign. CPT?", "margin_cm", [0.3]),
        (
            "Nevus of the calf 0.8 cm excised with 2 mm margins, closed in layers, the closed wound measured 3.2 cm. CPT?",
            "closure_length_cm",
            [3.2],
        ),
        (
            "Mohs, BCC of the nose. Stage I ... 7 blocks. Stage II ... 4 blocks. Stage III ... 3 blocks. Units?",
            "extra_block_count",
            [2],
        ),
        (
            "Mohs, BCC of the back, stage 1: 6 blocks, stage 2: 4 blocks. 10 blocks total. Units?",
            "extra_block_count",
            [1],
        ),
        (
            "Mohs of a BCC of the back, 2 stages. Second intention and a graft were talked through. "
            "Layered closure 4.0 cm. Codes?",
            "closure_class",
            ["intermediate"],
        ),
        ("Mohs of a BCC of the back, 2 stages, left to heal by second intention. Codes?", "closure_class", ["none"]),
        (
            "Both scraped and curetted:\na. R leg, Bowen's disease, 1.3 cm. Which code?\nb. L ear, BCC, 0.6 cm. Which code?"
            "\nc. Do the two get combined since both are curettage?",
            "lesion_diameter_cm",
            [1.3, 0.6],
        ),
        (
            "Froze 9 AKs (5 forehead, 4 hands) and also 3 inflamed seb kers on the chest. Codes?",
            "lesion_count",
            [9, 3],
        ),
        (
            "Pulsed dye laser to a port wine stain of the cheek, 8 cm by 4 cm. In the spring they had treated a larger "
            "area, about 60 sq cm. Code?",
            "area_cm2",
            [32.0],
        ),
        (
            "Epidermoid cyst of the scrotal skin 1.2 cm excised, 2 mm margins. My colleague wants the trunk series "
            "because it is near the groin. CPT?",
            "site_group",
            ["scalp_neck_hands_feet_genitalia"],
        ),
        (
            "Hidradenitis of the right axilla excised, edges undermined 5 cm on both long sides (wound 5 cm wide), "
            "layered closure 11 cm. Code?",
            "closure_class",
            ["complex"],
        ),
        (
            "Hidradenitis. 1) right axilla excised, retention sutures, layered closure. 2) perineum excised, two-layer "
            "closure, no undermining. Codes?",
            "closure_class",
            ["complex", "intermediate"],
        ),
        (
            "Punch biopsies for nerve fiber density: R distal leg, R distal thigh and R proximal thigh. Codes?",
            "lesion_count",
            [1, 1, 1],
        ),
        ("Forearm hematoma; cut with a 15 blade, old clot squeezed out. Code?", "incision_made", [True]),
        ("Fishhook in the forearm, hook removed whole. Provider put 10120. Does it hold up?", "incision_made", []),
        (
            "Forehead flap from 6/9; she cut the pedicle and inset the flap at the nose. Which code?",
            "flap_stage",
            ["division"],
        ),
        ("BCC of the nose excised, skin beside it rotated into the defect. Which code?", "flap_kind", ["local"]),
        ("The skin of the cheek was cut through the full thickness of dermis, BCC 1 cm. CPT?", "graft_kind", []),
        (
            "Papule of the nose 0.7 cm, shaved. Nothing says whether it was to be removed or sampled. Code?",
            "technique",
            [],
        ),
        (
            "Medicare, LOPS known since 2025. Next foot exam with monofilament and shoes, clipped all nails. G codes?",
            "first_lops_exam",
            [False],
        ),
    ],
)
def test_a_usual_wording_is_understood(text: str, name: str, values: list[object], words: Vocabulary) -> None:
    """The same thing is said in many ways."""
    assert told(text, words, name) == values


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("An 18 gauge needle got two drops, so it was incised.", ["hematoma_drainage"]),
        ("Aspiration was attempted without success, then cut.", ["hematoma_drainage"]),
        (
            "Aspirated 10 mL on the left; hematoma of the right leg incised.",
            ["puncture_aspiration", "hematoma_drainage"],
        ),
    ],
)
def test_a_needle_in_vain_is_part_of_the_cut(text: str, left: list[str]) -> None:
    """What was converted is reported once (NCCI Policy Manual, chapter 1)."""
    acts = ("puncture_aspiration", "hematoma_drainage")
    made = [Subject("procedure", (Fact("drainage_act", act, Span(0, 1)),)) for act in acts]
    assert [row.values()["drainage_act"] for row in needles.without_failed(text, made)] == left
