"""Invented letters as coders write them, terse, rambling and mistyped, each with what a reader should understand.

Both parts hold without exception, so they guard the rules and measure them no longer: a figure of what a new letter
can expect needs letters that no rule has seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | float | int | bool


@dataclass(frozen=True)
class Expected:
    """A letter and what it says; what is not named here is not judged, except codes, which are judged in full."""

    text: str
    codes: tuple[str, ...] = ()
    """system-free: 11042-59 x2, L72.0, mod 25; in any order."""
    subjects: tuple[Mapping[str, Value | None], ...] = ()
    """One mapping of facts for each subject; a fact that must be absent has the value None."""
    facts: Mapping[str, Value] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    """Each must be among the topics found; the first must be the strongest."""
    date: str | None = None
    conflicts: tuple[str, ...] = ()
    out_of_scope: bool = False
    language: str = "en"
    specialty: str | None = None


T, S, F = (
    "trunk_arms_legs",
    "scalp_neck_hands_feet_genitalia",
    "face_ears_eyelids_nose_lips_mucosa",
)


def lesion(
    size: float | None = None, margin: float | None = None, site: str | None = None, **more: Value | None
) -> dict[str, Value | None]:
    """Return the facts of a lesion: diameter and margin in cm, the site word, and others by name."""
    facts: dict[str, Value | None] = {**more}
    if size is not None:
        facts["lesion_diameter_cm"] = size
    if margin is not None:
        facts["margin_cm"] = margin
    if site is not None:
        facts["site"] = site
    return facts


FIRST = (
    Expected(
        "lesion on the chin, 0.4 cm with 0.2 cm margins, benign: which code, and may I bill the repair?",
        subjects=(lesion(0.4, 0.2, "chin", site_group=F, pathology="benign"),),
        topics=("code_selection", "ncci_edit"),
    ),
    Expected(
        "Two lesions: a 0.6 cm nevus on the back and a 1.2 cm BCC on the nose, margins 0.2 and 0.4. Which codes?",
        subjects=(lesion(0.6, site="back", pathology="benign"), lesion(1.2, site="nose", pathology="malignant")),
        topics=("code_selection",),
    ),
    Expected(
        (
            "Lesion 1: L cheek, 0.5 cm, margins 0.1 cm. Lesion 2: scalp 1.1 cm, margins 0.3 cm. Both benign"
            " per path. Simple closure both."
        ),
        subjects=(
            lesion(0.5, 0.1, "cheek", laterality="left", pathology="benign", closure_class="simple"),
            lesion(1.1, 0.3, "scalp", pathology="benign", closure_class="simple"),
        ),
    ),
    Expected(
        (
            "BCC rt forearm excised 3/2/26, lesion 1.1 x 0.8 cm, margins 4 mm, layered closure 3.4 cm. Can"
            " we bill 12032 too? Medicare"
        ),
        ("12032",),
        (
            lesion(
                1.1,
                0.4,
                "forearm",
                laterality="right",
                pathology="malignant",
                technique="excision",
                closure_class="intermediate",
                closure_length_cm=3.4,
            ),
        ),
        {"payer": "medicare"},
        ("code_selection", "ncci_edit"),
        "2026-03-02",
    ),
    Expected(
        "3 nevi excised from the back, 0.4, 0.6 and 0.8 cm, margins 0.1 cm each. codes?",
        subjects=(lesion(0.4, 0.1, "back"), lesion(0.6, 0.1, "back"), lesion(0.8, 0.1, "back")),
    ),
    Expected(
        "dime-sized mole on r forearm, shaved. what cpt code?",
        subjects=(lesion(site="forearm", laterality="right", technique="shave", lesion_diameter_cm=None),),
        topics=("code_selection",),
    ),
    Expected(
        "lesion 2.0 cm on the arm, likely BCC, path pending. Later the op note says lesion 2.5 cm.",
        subjects=(lesion(2.0, site="arm", pathology="pending"),),
        conflicts=("lesion_diameter_cm",),
    ),
    Expected(
        (
            "Pt has a history of melanoma. Today a 0.7 cm benign nevus was excised from the neck with 0.2 cm"
            " margins. Will excise scalp lesion next week."
        ),
        subjects=(lesion(0.7, 0.2, "neck", pathology="benign", technique="excision"),),
    ),
    Expected(
        (
            "r/o melanoma, 0.9 cm pigmented lesion of left calf, excised with 3 mm margins, path came back"
            " dysplastic nevus. Benign or malignant code?"
        ),
        subjects=(lesion(0.9, 0.3, "calf", laterality="left", pathology="uncertain"),),
    ),
    Expected(
        "excised diameter 1.6 cm SCC left ear, complex closure 2.2 cm",
        subjects=(
            lesion(
                site="ear",
                excised_diameter_cm=1.6,
                pathology="malignant",
                closure_class="complex",
                closure_length_cm=2.2,
            ),
        ),
    ),
    Expected(
        "0.4 + 0.2 + 0.2 = 0.8 cm, cyst on upper lip. 11441?",
        ("11441",),
        (lesion(0.4, 0.2, "upper lip", pathology="benign"),),
        topics=("code_selection",),
    ),
    Expected(
        "Re-excision of melanoma scalp for positive margins, lesion/scar 1.5 cm, margins 0.5 to 0.8 cm",
        subjects=(lesion(1.5, 0.5, "scalp", re_excision=True, pathology="malignant"),),
    ),
    Expected(
        (
            "Pt with Fournier's gangrene, debrided perineum and abdominal wall incl. muscle and fascia, 10 x"
            " 12 cm. Infected mesh removed. 11006 and 11008?"
        ),
        ("11006", "11008"),
        (
            {
                "necrotizing_infection": True,
                "region": "both",
                "depth_removed": "muscle",
                "area_cm2": 120.0,
                "mesh_removed": True,
                "mesh_infected": True,
            },
        ),
        specialty="general surgery",
    ),
    Expected(
        "NSTI of abdominal wall debrided to fascia, no muscle debrided. mesh left in place. Is it 11005?",
        ("11005",),
        (
            {
                "necrotizing_infection": True,
                "region": "abdominal_wall",
                "depth_removed": "fascia",
                "mesh_removed": False,
            },
        ),
    ),
    Expected(
        "Necrotizing fasciitis left thigh, debrided skin, subcutaneous tissue and fascia, 45 sq cm. Which code?",
        subjects=(
            {
                "necrotizing_infection": True,
                "region": "other",
                "site": "thigh",
                "depth_removed": "fascia",
                "area_cm2": 45.0,
            },
        ),
        topics=("code_selection",),
    ),
    Expected(
        "Hernia repair, removed non-infected mesh, 49623?",
        ("49623",),
        ({"mesh_removed": True, "mesh_infected": False},),
    ),
    Expected(
        "Can I bill 99213-25 with 17000 and 17003 x3 for Medicare? 67 yo male new patient in the office",
        ("99213-25", "17000", "17003 x3"),
        (),
        {"payer": "medicare", "age_years": 67, "sex": "male", "new_patient": True, "setting": "office"},
        ("modifier", "ncci_edit"),
    ),
    Expected(
        "11042 + 11045 x3, total area 75 sq cm, subq",
        ("11042", "11045 x3"),
        ({"area_cm2": 75.0, "depth_removed": "subcutaneous"},),
    ),
    Expected(
        "Is mod 59 or XS right on 11102 when billed with 17000?",
        ("mod 59", "mod XS", "11102", "17000"),
        topics=("modifier",),
    ),
    Expected("does 11400-11446 include simple closure?", (), topics=("ncci_edit",)),
    Expected(
        "What replaced 1144x? I also see 20610-50 denied, RT/LT instead?",
        ("20610-50", "mod RT", "mod LT"),
        topics=("crosswalk",),
    ),
    Expected("J3301 x 4 units with 20610, dx M17.11, I10", ("J3301 x4", "20610", "M17.11", "I10")),
    Expected("dx code for epidermal cyst: L72.0 or D22.39?", ("L72.0", "D22.39"), topics=("code_selection",)),
    Expected("Please call 555-555-0142, zip 90210, we paid $11,440 in 2026 for MRN 11042", ()),
    Expected(
        "What is the MUE for 97598 in the outpatient hospital?",
        ("97598",),
        facts={"setting": "hospital_outpatient"},
        topics=("ncci_edit",),
    ),
    Expected(
        "Does the LCD from Novitas cover 11721 for L60.2?",
        ("11721", "L60.2"),
        facts={"payer": "medicare"},
        topics=("medicare_coverage",),
    ),
    Expected("What must the note document for 11043?", ("11043",), topics=("documentation",)),
    Expected(
        "Our auditor says we upcode 99214. Is it compliant to change the level after the fact?",
        ("99214",),
        topics=("compliance",),
    ),
    Expected("ICD-9 to ICD-10 crosswalk for 216.3?", (), topics=("crosswalk",)),
    Expected(
        "What do the official guidelines say about sequencing E11.621 and L97.412?",
        ("E11.621", "L97.412"),
        topics=("guideline",),
    ),
    Expected("What is the status of our claim from last month?", out_of_scope=True, topics=("other",)),
    Expected(
        "Claim denied CO-97 for 11440 with 12051, how should this be coded?", ("11440", "12051"), out_of_scope=False
    ),
    Expected("Should my mother take antibiotics for the rash?", out_of_scope=True),
    Expected("We offer billing services and can increase your revenue, click here for a free demo", out_of_scope=True),
    Expected("Are you hiring? I attached my resume", out_of_scope=True),
    Expected("Can we sue the payer for not paying?", out_of_scope=True),
    Expected(
        "Hola, ¿qué código se usa para la escisión de un quiste en la espalda de la paciente? Gracias", language="es"
    ),
    Expected("Bonjour, quel code pour une lésion de la peau sur le visage ? Merci de votre réponse", language="fr"),
    Expected("11042?", ("11042",), language="en"),
    Expected("   \n ", (), language="und", topics=("other",)),
    Expected(
        "3.2 cm laceration of left forehead, simple repair w sutures in the ED, 12013?",
        ("12013",),
        ({"closure_length_cm": 3.2, "site": "forehead", "closure_class": "simple"},),
        {"setting": "emergency"},
    ),
    Expected(
        "DOS 4/1/2026 in one place and date of service 4/3/2026 in the other, 11042",
        ("11042",),
        date="2026-04-01",
        conflicts=("date_of_service",),
    ),
    Expected(
        "AK x 5 destroyed with LN2 on the scalp, also a 4 mm punch biopsy of left hand nodule. 17000, 17003, 11104-59?",
        ("17000", "17003", "11104-59"),
    ),
    Expected(
        "Excision of 1.0cm cyst left cheek & 1.0cm cyst right cheek, no margins, intermediate closure 1.5cm each",
        subjects=(
            lesion(1.0, site="cheek", laterality="left", closure_class="intermediate"),
            lesion(1.0, site="cheek", laterality="right", closure_class="intermediate"),
        ),
    ),
    Expected(
        "excision of two BCCs on the nose, 0.4 cm and 0.7 cm, 0.3 cm margins for both",
        subjects=(lesion(0.4, 0.3, "nose", pathology="malignant"), lesion(0.7, 0.3, "nose", pathology="malignant")),
    ),
    Expected(
        "We took the patient back for 2nd debridement next day for Fournier's, 11004-58?",
        ("11004-58",),
        ({"region": "genitalia_perineum", "site": None},),
    ),
)
