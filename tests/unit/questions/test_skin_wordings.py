"""Ways in which coders tell of work on the skin, each with the facts that a chooser needs of it."""

import pytest

from consultant.questions import needles
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from tests.unit.questions.conftest import TODAY
from tests.unit.questions.telling import told


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("Nevus of the calf 0.8 cm excised, 2 mm of skin on each side, path benign. CPT?", "margin_cm", [0.2]),
        (
            "Medicare, LOPS found in May and G0245 billed the first exam then. Now exam, teaching, shoes. G code?",
            "first_lops_exam",
            [False],
        ),
        ("Calluses pared, four of them. CPT?", "lesion_count", [4]),
        ("Pared 2 calluses of the right foot, 3 left foot. CPT?", "lesion_count", [5]),
        ("Pared 3 calluses, 2 on the left and 1 on the right. CPT?", "lesion_count", [3]),
        ("Callus paring x2, heel. CPT?", "lesion_count", [2]),
        ("Toenail debridement x9. CPT?", "nail_count", [9]),
        ("19 tags off the neck by scissors, code and units?", "lesion_count", [19]),
        ("The specimen was lifted off and tagged at 12 o'clock, 2 sutures. CPT?", "lesion_count", []),
        ("12 skin tags and 5 AKs, snip for tags, LN2 for AKs. CPT?", "lesion_count", [12, 5]),
        ("LN2 x4 AKs of the scalp. CPT?", "lesion_count", [4]),
        ("Tags snipped. Neck: nine skin tags. Left axilla: four skin tags. CPT?", "lesion_count", [13]),
        ("Neck: nine skin tags removed.\nLeft axilla: four skin tags, snipped.\nCPT?", "lesion_count", [13]),
        ("Kenalog injected into keloid plaques, 1 cc total. CPT?", "lesion_count", []),
        ("Implanon out, new implanon in through the same cut. CPT?", "procedure", ["drug_implant_exchange"]),
        ("Mohs st I only, 4 blocks, right cheek. CPT?", "stage_count", [1]),
        ("Paramedian forehead flap to the nose, pedicle left attached. CPT?", "flap_stage", ["formation"]),
        ("Hyperkeratoses trimmed, 6 in number. CPT?", "lesion_count", [6]),
        ("Corns pared, a pair of them. CPT?", "lesion_count", [2]),
        ("Boil of the flank drained, left side, gauze placed. CPT?", "drainage_complexity", []),
        ("Abscess of the flank drained, a Penrose drain was left in. CPT?", "drainage_complexity", ["complicated"]),
        ("Abscess of the flank, I&D, called uncomplicated. CPT?", "drainage_complexity", ["simple"]),
        ("Took out the Nexplanon, no new one. CPT?", "procedure", ["drug_implant_removal"]),
        ("Flu and COVID vaccines to an adult, Aetna. Admin codes?", "vaccine_kind", ["influenza", "covid_19"]),
        ("Zoladex 10 mg IM (one injection), admin code?", "administration_purpose", ["hormonal"]),
        ("Cefepime 1 g IV over 40 minutes, only drug, office. Admin code?", "infusion_minutes", [40]),
        ("Crushed thumb, nailbed laceration sewn with chromic. CPT?", "nail_count", [1]),
        ("Nevus of the calf 0.8 cm excised, 3 mm beyond the visible border, path benign. CPT?", "margin_cm", [0.3]),
        (
            (
                "Nevus of the calf 0.8 cm excised with 2 mm margins, closed in layers, the closed wound measured "
                "3.2 cm. CPT?"
            ),
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
            (
                "Mohs of a BCC of the back, 2 stages. Second intention and a graft were talked through. "
                "Layered closure 4.0 cm. Codes?"
            ),
            "closure_class",
            ["intermediate"],
        ),
        ("Mohs of a BCC of the back, 2 stages, left to heal by second intention. Codes?", "closure_class", ["none"]),
        (
            (
                "Both curetted:\na. R leg, Bowen's disease, 1.3 cm. Which code?\nb. L ear, BCC, 0.6 cm. Which code?"
                "\nc. Do the two get combined since both are curettage?"
            ),
            "lesion_diameter_cm",
            [1.3, 0.6],
        ),
        (
            "Froze 9 AKs (5 forehead, 4 hands) and also 3 inflamed seb kers on the chest. Codes?",
            "lesion_count",
            [9, 3],
        ),
        (
            (
                "Pulsed dye laser to a port wine stain of the cheek, 8 cm by 4 cm. In spring they had treated more, "
                "about 60 sq cm. Code?"
            ),
            "area_cm2",
            [32.0],
        ),
        (
            (
                "Epidermoid cyst of the scrotal skin 1.2 cm excised, 2 mm margins. My colleague wants the trunk series "
                "because it is near the groin. CPT?"
            ),
            "site_group",
            ["scalp_neck_hands_feet_genitalia"],
        ),
        (
            (
                "Hidradenitis of the right axilla excised, edges undermined 5 cm on both long sides (wound 5 cm wide), "
                "layered closure 11 cm. Code?"
            ),
            "closure_class",
            ["complex"],
        ),
        (
            (
                "Hidradenitis. 1) axilla excised, retention sutures, layered closure. 2) perineum excised, layered "
                "closure, no undermining. Codes?"
            ),
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
            "The PA cut out a mole of the instep, 7 mm, she took 2 mm around it, path benign nevus. CPT?",
            "margin_cm",
            [0.2],
        ),
        (
            "Both cysts, scalp 2.2 cm and back 1.5 cm, excised along the wall, no margin. Path benign. CPT?",
            "margin_cm",
            [0, 0],
        ),
        ("Nevus of the back 0.8 cm excised, no margin documented. Path benign. CPT?", "margin_cm", []),
        (
            "exc lesion R forearm, cyst benign per path\n  size 1.8\n  margins 1 mm\ncpt pls",
            "lesion_diameter_cm",
            [1.8],
        ),
        (
            "Shave removals, nevi:\n\nSite        Size\nL cheek     0.4 cm\nChin        0.7 cm\n\nCodes?",
            "lesion_diameter_cm",
            [0.4, 0.7],
        ),
        (
            "BCCs treated by curettage: chest 1.1 cm, left lower eyelid margin 0.4 cm. Codes?",
            "lesion_diameter_cm",
            [1.1, 0.4],
        ),
        ("SCC R helix Mohs x3 stages (blocks 6/2/1), I read the slides. Units?", "extra_block_count", [1]),
        ("SCC R helix Mohs x3 stages (blocks 6/2/1), I read the slides. Units?", "stage_count", [3]),
        ("snipped tags w/ scissors, 12 rt axilla, 9 left axilla, 7 around the neck. codes?", "lesion_count", [28]),
        (
            "Acrochordons: fifteen by scissors on the neck and another six frozen in the groin. Units?",
            "lesion_count",
            [21],
        ),
        (
            (
                "Left hallux nail border avulsed and its matrix destroyed with phenol. Right hallux, same "
                "treatment. Codes?"
            ),
            "nail_count",
            [2],
        ),
        (
            "Wound 1: scalp 5 cm, closed with 9 staples. Wound 2: elbow 3 cm, 3-0 Vicryl deep and nylon skin. Codes?",
            "closure_class",
            ["simple", "intermediate"],
        ),
        (
            "Closed: left forearm 3 cm and right forearm 5 cm, both in two layers. Codes?",
            "closure_class",
            ["intermediate", "intermediate"],
        ),
        (
            "Lip laceration 2 cm, muscle brought together with Vicryl, skin with nylon. Code?",
            "closure_class",
            ["intermediate"],
        ),
        (
            "Calf laceration 9 cm from a fall on rocks, closed with nylon in one layer. Code?",
            "closure_length_cm",
            [9.0],
        ),
        ("Deep wedge bx R shin, plus 4mm punch L shin. Codes?", "biopsy_technique", ["incisional", "punch"]),
        (
            "We stuck a needle into a chest wall seroma and drew off 45 mL. Code?",
            "drainage_act",
            ["puncture_aspiration"],
        ),
        ("SQ lipoma L forearm 3.2 cm excised. CPT?", "tumor_depth", ["subcutaneous"]),
        (
            "Eight days after the hernia repair the skin gaped 2 cm; packed with gauze. Code?",
            "reclosure_kind",
            ["superficial_packed"],
        ),
        (
            (
                "Medicare, LOPS known since 2025. Next foot exam with monofilament and shoes, clipped all nails. G "
                "codes?"
            ),
            "first_lops_exam",
            [False],
        ),
        ("Nevus of the calf 0.8 cm excised, 0.2 cm skin either side, benign. CPT?", "margin_cm", [0.2]),
        ("Nevus of the calf 0.8 cm excised, 3 mm taken on every side, benign. CPT?", "margin_cm", [0.3]),
        ("Nevus of the calf 0.8 cm excised with a 3 mm clear border, benign. CPT?", "margin_cm", [0.3]),
        ("Cyst of the calf 0.8 cm excised, no skin taken beyond the wall. CPT?", "margin_cm", [0.0]),
        (
            "Nevi excised, excised diameter, margins already counted in: R ear - 9 mm / nape - 21 mm. CPT?",
            "excised_diameter_cm",
            [0.9, 2.1],
        ),
        ("Nevus of the calf excised, total diameter with margins 1.3 cm, benign. CPT?", "excised_diameter_cm", [1.3]),
        ("Mohs of the lip, cleared in two passes. Codes?", "stage_count", [2]),
        ("MMS left brow, one layer. Codes?", "stage_count", [1]),
        ("Papule of the chin 0.4 cm planed off flat to the skin. CPT?", "technique", ["shave"]),
        ("Nevus of the chin (0.4 cm) was taken off tangentially, not biopsied. CPT?", "technique", ["shave"]),
        ("Four nevi biopsied, all by shave. CPT?", "biopsy_technique", ["tangential"]),
        ("Bx'd the chin with a 3 mm punch. Code for the bx?", "biopsy_technique", ["punch"]),
        ("A dozen AKs were frozen. CPT?", "lesion_count", [12]),
        ("AKs, 5, were frozen. CPT?", "lesion_count", [5]),
        ("Skin tag removal x 3. CPT?", "lesion_count", [3]),
        ("Frozen: 1. AK, 2. wart of the thumb. CPT?", "lesion_count", []),
        ("Froze 2 AK lesions on the nose and 3 AK lesions on the ears. CPT?", "lesion_count", [5]),
        ("Defect of the brow closed by O-to-T, 2 x 2 primary, 3 x 2 cm secondary. CPT?", "primary_defect_cm2", [4.0]),
        ("Defect of the brow closed by O-to-T, 2 x 2 primary, 3 x 2 cm secondary. CPT?", "secondary_defect_cm2", [6.0]),
        ("Free gracilis to the leg. CPT?", "flap_kind", ["free_muscle"]),
        ("Porcine skin graft laid on the calf wound, 20 sq cm. CPT?", "closure_class", []),
        (
            "Lacerations sutured: trunk 5 cm, scalp 6 cm, hand 3 cm, all simple. CPT?",
            "closure_class",
            ["simple", "simple", "simple"],
        ),
        ("Simple repair 1: face 2 cm. Simple repair 2: ear 2 cm. CPT?", "closure_length_cm", [2.0, 2.0]),
        ("Head lac 2.4 cm, single layer of nylon on the scalp. CPT?", "site", ["scalp"]),
        ("Drained a cyst of the left breast with a needle. CPT?", "procedure", ["breast_cyst_aspiration"]),
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


def test_two_things_done_in_one_line_are_told_apart(words: Vocabulary) -> None:
    """What was snipped is not what was shaved beside it."""
    text = "3 tags snipped at the groin + shave of 0.7 cm mole of the groin. Codes?"
    rows = [subject.values() for subject in read(text, today=TODAY, vocabulary=words).subjects]
    assert [(row.get("technique"), row.get("lesion_kind"), row.get("lesion_count")) for row in rows] == [
        ("shave", None, None),
        (None, "skin_tag", 3),
    ]
