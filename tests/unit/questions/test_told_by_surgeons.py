"""How surgeons tell of flaps, grafts, closures, Mohs surgery and the breast, with the facts that a chooser needs."""

import pytest

from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from tests.unit.questions.conftest import TODAY
from tests.unit.questions.telling import told


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("Chin: hole 2 x 1.5, rhomboid flap raised 2 x 2. CPT?", "primary_defect_cm2", [3.0]),
        ("Chin: hole 2 x 1.5, rhomboid flap raised 2 x 2. CPT?", "secondary_defect_cm2", [4.0]),
        ("V-Y flap, ala: 2 sq cm for the defect, 5 for the flap donor. Code?", "secondary_defect_cm2", [5.0]),
        (
            "Arm rotation flap after removal of an SCC (3x4 = 12 sq cm), secondary defect 15 sq cm. CPT?",
            "primary_defect_cm2",
            [12.0],
        ),
        ("Bilobed nasal flap, wound 1 x 1, flap bed 2 x 1. Code?", "site", ["nasal"]),
        ("Scalp rotation flap, primary defect 9 sq cm, secondary 20 sq cm. CPT?", "site", ["scalp"]),
        ("Soleus swung over to cover the bare tibia, on its pedicle. Which CPT?", "flap_kind", ["muscle"]),
        ("Free latissimus dorsi flap with anastomosis to the leg. CPT?", "flap_kind", ["free_muscle"]),
        ("Full-thickness graft from the groin, 2 x 2 cm, to the palm. The groin was closed. CPT?", "site", ["palm"]),
    ],
)
def test_flaps_and_grafts_are_measured_where_they_went(
    text: str, name: str, values: list[object], words: Vocabulary
) -> None:
    assert told(text, words, name) == values


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("Flank lipo -> 90 cc fat injected left breast. Codes?", "injected_ml", [90]),
        ("Fat by liposuction of the belly, then 60 ml into the right breast. Codes?", "injected_ml", [60]),
        ("Autologous fat graft of the cheek, 8 cc. Not stated whether suctioned or cut out.", "fat_graft", [True]),
        ("Fat grafted to the cheek by liposuction, harvest volume not recorded. CPT?", "fat_graft", []),
        (
            "A piece of skin and cartilage, kept as one unit, was cut from the helix and sewn into the nostril. CPT?",
            "tissue_graft_kind",
            ["composite"],
        ),
    ],
)
def test_tissue_is_grafted_as_it_was_taken(text: str, name: str, values: list[object], words: Vocabulary) -> None:
    assert told(text, words, name) == values


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        (
            "Scalp lac 5 cm stapled, cheek lac 2 cm Dermabond only. Closure codes?",
            "closure_method",
            ["staples", "adhesive"],
        ),
        ("Chin 1 cm, Dermabond alone. Closure code?", "closure_method", ["adhesive"]),
        ("Wound of the arm, 3 cm. Dermis closed with 4-0 Vicryl, skin glued. CPT?", "closure_class", ["intermediate"]),
        ("Box cutter, left palm 3 cm. PDS in the fat, glue over the skin. Code?", "closure_class", ["intermediate"]),
        ("BCC of the back 1 cm, margin 3 mm, closed in layers, no undermining, 4 cm long.", "closure_length_cm", [4.0]),
        (
            (
                "SCC of the chest 1.5 cm, 5 mm margin. 2-0 Vicryl deep. Defect 2.5 cm at its widest, undermined 3 cm"
                " along the whole upper edge, straight line, 6 cm. Codes?"
            ),
            "closure_class",
            ["complex"],
        ),
        ("SCC of the ear 1 cm, 3 mm margin, taken in one layer. Closed in layers, 3 cm.", "closure_class", []),
    ],
)
def test_a_closure_is_what_was_done(text: str, name: str, values: list[object], words: Vocabulary) -> None:
    assert told(text, words, name) == (values or ["intermediate"])


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        (
            "Mohs of two basal cells. Left shin: two stages, 3 blocks each. Right arm: one stage, 2 blocks. Codes?",
            "stage_count",
            [2, 1],
        ),
        ("Squamous cell. Two blocks in the first stage, one in the second. Which codes?", "technique", ["mohs"]),
        (
            "Mohs of the temple, 1 cm lesion, 3 mm margins; the pathologist read the slides. Codes?",
            "technique",
            ["excision"],
        ),
        (
            "Mohs of the lip, two stages, then an advancement flap by the same surgeon: defect 3 cm2, donor 4 cm2.",
            "technique",
            ["mohs"],
        ),
        (
            "Mohs of the lip, two stages, then an advancement flap by the same surgeon: defect 3 cm2, donor 4 cm2.",
            "secondary_defect_cm2",
            [4.0],
        ),
        ("Fatty tumor of the back, 4 cm, lay in the fat, fascia never opened. CPT?", "tumor_depth", ["subcutaneous"]),
        ("Intramuscular hemangioma of the calf, 4 cm. CPT?", "tumor_depth", ["subfascial"]),
        (
            "Lipoma of the brow, 2.3 cm. No tumor lay in the fat; it was under the muscle.",
            "tumor_depth",
            ["subfascial"],
        ),
        ("Lipoma of the arm, 4 cm, he did not go through the fascia. CPT?", "tumor_depth", ["subcutaneous"]),
    ],
)
def test_tumors_are_told_by_stages_and_depth(text: str, name: str, values: list[object], words: Vocabulary) -> None:
    assert told(text, words, name) == values


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("Total (simple) mastectomy, both breasts, no nodes. CPT?", "procedure", ["complete_mastectomy"]),
        ("Open exc of left breast mass, whole mass out, no wire. CPT?", "procedure", ["breast_lesion_excision"]),
        ("Tru-cut of a lump of the right breast by feel. Code?", "procedure", ["breast_core_biopsy"]),
        ("US-guided 14G core left breast mass. CPT?", "procedure", ["breast_core_biopsy"]),
        (
            "Partial mastectomy, left breast. I cannot tell whether it was sentinel or full axillary dissection.",
            "axillary_dissection",
            [],
        ),
        ("Partial mastectomy, left breast, with full axillary dissection.", "axillary_dissection", [True]),
        ("Total mastectomy, both breasts, with ALND on the left. CPT?", "axillary_dissection", [True, False]),
        ("Total mastectomy, both breasts, with ALND on the left. CPT?", "laterality", ["left", "right"]),
        ("Papilloma of the left breast. Excised, no margins, no wire. Code?", "radiologic_marker", [False]),
        ("Left breast mass excised, unclear if a wire was put in. Code?", "radiologic_marker", []),
    ],
)
def test_work_on_the_breast_is_told_in_few_words(text: str, name: str, values: list[object], words: Vocabulary) -> None:
    assert told(text, words, name) == values


def test_patients_numbered_within_a_line_are_read_apart(words: Vocabulary) -> None:
    """The payer of one patient is not that of the next."""
    letter = "Two patients. 1. Medicare, chin lac 1 cm, glue alone. 2. Aetna, forehead lac 2 cm, glue alone. Codes?"
    payers = [[fact.value for fact in part.facts] for part in read(letter, today=TODAY, vocabulary=words).parts]
    assert payers == [["medicare"], ["aetna"]]


def test_a_margin_may_end_its_sentence(words: Vocabulary) -> None:
    letter = "Excised: 1. nevus of the cheek 0.4 cm, margin 0.1. 2. nevus of the nose 0.6 cm, margin 0.2. Codes?"
    assert told(letter, words, "margin_cm") == [0.1, 0.2]
