"""More invented letters: longer ones, payers, scope and other languages; see `letters` for how they are written."""

from tests.unit.questions.letters import Expected, lesion

SECOND = (
    Expected(
        (
            "hi! doc took off a sebaceous cyst from the pts upper back, 1.8cm, margins were 1mm all around."
            " intermediate closure 2.6cm. whats the right code & can i bill the closure"
        ),
        subjects=(
            lesion(1.8, 0.1, "upper back", pathology="benign", closure_class="intermediate", closure_length_cm=2.6),
        ),
        topics=("code_selection", "ncci_edit"),
    ),
    Expected(
        (
            "SCC in situ, right temple, lesion measured 0.8 cm, excised with 0.4 cm margin on each side. DOS"
            " March 9, 2026. Aetna"
        ),
        subjects=(lesion(0.8, 0.4, "temple", laterality="right", pathology="in_situ", technique="excision"),),
        facts={"payer": "aetna"},
        date="2026-03-09",
    ),
    Expected(
        (
            "1) left arm - 0.5 cm nevus, 2 mm margins\n2) right leg - 1.3 cm nevus, 2 mm margins\n3) nose -"
            " 0.3 cm nevus, 1 mm margins\nall excised, path benign. How do I code these?"
        ),
        subjects=(
            lesion(0.5, 0.2, "arm", laterality="left"),
            lesion(1.3, 0.2, "leg", laterality="right"),
            lesion(0.3, 0.1, "nose"),
        ),
        topics=("code_selection",),
    ),
    Expected(
        "Excision of basal cell carcinoma of the lower eyelid. Lesion 6 mm, margin 3 mm. Closed with a rotation flap.",
        subjects=(lesion(0.6, 0.3, "lower eyelid", pathology="malignant", closure_class="adjacent_tissue_transfer"),),
    ),
    Expected(
        "The lesion was not malignant per path. 2.2 cm lipoma back, subcutaneous, simple closure",
        subjects=(lesion(2.2, site="back", pathology="benign", closure_class="simple"),),
    ),
    Expected(
        "Provider documents approx 1 cm lesion on hand, removed w/ 0.3 cm margins; suspicious for SCC, awaiting path",
        subjects=(lesion(1.0, 0.3, "hand", pathology="pending"),),
    ),
    Expected(
        "Shave removal 0.7 cm SK on neck and cryo of two AKs on the forehead. 11306 and 17000, 17003?",
        ("11306", "17000", "17003"),
    ),
    Expected(
        (
            "Melanoma in situ of the back excised last year. Now he has a 0.5cm benign nevus on chest"
            " excised, margins 0.1cm each side."
        ),
        subjects=(lesion(0.5, 0.1, "chest", pathology="benign", technique="excision"),),
    ),
    Expected(
        (
            "lesion size: 1.4 cm\nmargins: 0.5 cm\nsite: left cheek\npath: BCC\nclosure: complex repair 4.1"
            " cm\npayer: BCBS\nDOS: 2026-02-11"
        ),
        subjects=(lesion(1.4, 0.5, "cheek", pathology="malignant", closure_class="complex", closure_length_cm=4.1),),
        facts={"payer": "blue_cross"},
        date="2026-02-11",
    ),
    Expected(
        "what code for wide local excision scalp melanoma 1.1cm, 1 cm margins, skin graft closure",
        subjects=(lesion(1.1, 1.0, "scalp", pathology="malignant", closure_class="graft", technique="excision"),),
        topics=("code_selection",),
    ),
    Expected(
        "half the record says 0.9 cm lesion left ear, addendum says lesion was 1.2 cm. No margins recorded. BCC.",
        subjects=(lesion(0.9, site="ear", pathology="malignant", margin_cm=None),),
        conflicts=("lesion_diameter_cm",),
    ),
    Expected(
        "Two moles, both 0.4 cm on the abdomen, excised, margins 0.2 cm, benign",
        subjects=(lesion(0.4, 0.2, "abdomen"), lesion(0.4, 0.2, "abdomen")),
    ),
    Expected(
        (
            "Necrotizing soft tissue infection of the scrotum and perineum, excisional debridement of skin,"
            " subq, muscle. Is 11004 billed once? 62 y/o man inpatient"
        ),
        ("11004",),
        ({"necrotizing_infection": True, "region": "genitalia_perineum", "depth_removed": "muscle"},),
        {"age_years": 62, "sex": "male", "setting": "hospital_inpatient"},
    ),
    Expected(
        "Return to OR for nec fasc abd wall, 20x15 cm area debrided incl fascia, explanted infected hernia mesh",
        subjects=(
            {
                "necrotizing_infection": True,
                "region": "abdominal_wall",
                "depth_removed": "fascia",
                "area_cm2": 300.0,
                "mesh_removed": True,
                "mesh_infected": True,
            },
        ),
    ),
    Expected(
        (
            "Diabetic foot ulcer, sharp debridement of subcutaneous tissue 24 cm2, bone exposed but not"
            " debrided. 11042 and 11045?"
        ),
        ("11042", "11045"),
        ({"depth_removed": "subcutaneous", "area_cm2": 24.0},),
    ),
    Expected(
        "11005 with +11008, mesh was not infected - can I still report it?",
        ("11005", "11008"),
        ({"mesh_infected": False},),
    ),
    Expected(
        "do I need a 25 modifier on 99214 when billing 11102 same day, dx D48.5 and I10?",
        ("99214", "11102", "D48.5", "I10", "mod 25"),
        topics=("modifier",),
    ),
    Expected(
        "97597 / 97598 x 2 units, POS 11, UHC",
        ("97597", "97598 x2"),
        (),
        {"payer": "united_healthcare", "setting": "office"},
    ),
    Expected("17110 vs. 17000 for inflamed SKs, L82.0", ("17110", "17000", "L82.0"), topics=("code_selection",)),
    Expected("G2211 with 99213-25 and G0439, medicare 2026", ("G2211", "99213-25", "G0439"), (), {"payer": "medicare"}),
    Expected("11721-Q8-59 and 11055", ("11721-Q8-59", "11055")),
    Expected(
        "is there an edit between 12032 & 11402? and does XS get around it",
        ("12032", "11402", "mod XS"),
        topics=("ncci_edit",),
    ),
    Expected("bill 11600 thru 11606 by size right?", ()),
    Expected("Can 64483-50 be reported with 64484-50 x 2?", ("64483-50", "64484-50 x2")),
    Expected("Invoice 20260 for $1,150 attached, account 88213. Please advise on 0213T", ("0213T",)),
    Expected("Sending back in 99204 letters, see room 12001", ("99204",)),
    Expected("dx: E11.621, L97.512 & Z79.4. cpt 11044", ("E11.621", "L97.512", "Z79.4", "11044")),
    Expected(
        "ABN needed for 11200? Medicare says cosmetic. Is it covered with L91.8?",
        ("11200", "L91.8"),
        (),
        {"payer": "medicare"},
        ("medicare_coverage",),
    ),
    Expected("What documentation supports an intermediate repair?", topics=("documentation",)),
    Expected("Payer says 11045 is bundled into 97597, is there a CCI edit?", ("11045", "97597"), topics=("ncci_edit",)),
    Expected("Which ICD-10 maps to old code 707.15?", (), topics=("crosswalk",)),
    Expected("What's the rule for counting lesions for 17003?", ("17003",), topics=("guideline",)),
    Expected("Manager told us to bill 99215 always. Is that fraud?", ("99215",), topics=("compliance",)),
    Expected("When will the claim be paid? It was sent 3 weeks ago.", out_of_scope=True),
    Expected("Has my appeal been decided yet?", out_of_scope=True),
    Expected("What dose of lidocaine should I use for a shave?", out_of_scope=True),
    Expected("We got a subpoena, are we liable for the coder's mistakes?", out_of_scope=True),
    Expected(
        "Appeal was denied again for 14040 with 11642, is the denial right under NCCI?",
        ("14040", "11642"),
        topics=("ncci_edit",),
    ),
    Expected("Guten Tag, welcher Code ist für die Exzision einer Zyste am Rücken richtig? Vielen Dank", language="de"),
    Expected("Olá, qual código devo usar para uma lesão de pele no nariz do paciente? Obrigado", language="pt"),
    Expected("thx for the quick answer!", topics=("other",)),
    Expected(
        "chin lac 2 cm, dermabond only, medicare pt. G0168?",
        ("G0168",),
        ({"closure_length_cm": 2.0, "site": "chin"},),
        {"payer": "medicare"},
    ),
    Expected("Seen on 5/4/2026 (DOB [DATE_1]); procedure on 5/4/2026: 20610-LT", ("20610-LT",), date="2026-05-04"),
)
