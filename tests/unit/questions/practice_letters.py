"""Invented letters of practices about excised lesions and necrotizing infections: terse, rambling, mistyped, op notes.

What each says was decided by reading it, before any rule saw it; now that rules were mended with them, they hold
without exception and measure nothing any more.
"""

from tests.unit.questions.letters import Expected, lesion

_MIXED = (
    Expected(
        "mole off L cheek 5mm w 1mm margins path benign intradermal nevus, stitched up simple. code pls",
        subjects=(lesion(0.5, 0.1, "cheek", laterality="left", pathology="benign"),),
        topics=("code_selection",),
    ),
    Expected(
        "Doc did 3 today: (1) R temple BCC 0.9 cm, 4 mm margins (2) L ear SCC 1.1 cm, 5 mm margins (3) back nevus, "
        "benign, 0.6 cm, 2 mm margins. Only the ear got an intermediate repair 3.2 cm. How to bill + modifiers?",
        subjects=(
            lesion(0.9, 0.4, "temple", laterality="right", pathology="malignant"),
            lesion(
                1.1,
                0.5,
                "ear",
                laterality="left",
                pathology="malignant",
                closure_class="intermediate",
                closure_length_cm=3.2,
            ),
            lesion(0.6, 0.2, "back", pathology="benign"),
        ),
        topics=("code_selection", "modifier"),
    ),
    Expected(
        "PREOPERATIVE DIAGNOSIS: Squamous cell carcinoma, right forearm.\n"
        "POSTOPERATIVE DIAGNOSIS: Same.\n"
        "PROCEDURE: Excision of squamous cell carcinoma right forearm with intermediate closure.\n"
        "The lesion measured 1.4 cm and was excised with 0.5 cm margins circumferentially down to the subcutaneous "
        "fat. The 4.5 cm wound was closed in layers with 3-0 Vicryl and 4-0 nylon.\n"
        "Surgeon wants 11604 and 12032. Correct?",
        ("11604", "12032"),
        (
            lesion(
                1.4,
                0.5,
                "forearm",
                laterality="right",
                pathology="malignant",
                technique="excision",
                closure_class="intermediate",
                closure_length_cm=4.5,
            ),
        ),
    ),
    Expected(
        "two cysts excised, scalp 1.5 cm & neck 0.8cm, both epidermal inclusion cysts on path, no margins taken, "
        "simple closure x2. 11422 and 11421?",
        ("11422", "11421"),
        (
            lesion(1.5, site="scalp", pathology="benign", closure_class="simple", margin_cm=0.0),
            lesion(0.8, site="neck", pathology="benign", closure_class="simple", margin_cm=0.0),
        ),
    ),
    Expected(
        "Hello, hope you are well! I am rather new to derm coding so forgive me. Our PA removed a suspicious looking "
        "mole from a patient's upper back. She says it was about 7 mm across and she took it out with 3 mm all "
        "around. Pathology came back last night as melanoma in situ. I was going to use 11602 but our biller says "
        "we need to use the in situ dx D03.59. Which is right?",
        ("11602", "D03.59"),
        (lesion(0.7, 0.3, "upper back", pathology="in_situ"),),
    ),
    Expected(
        "Lesion A - chin - 4 mm - margins 1 mm - nevus. Lesion B - nose - 3 mm - margins 1 mm - nevus. simple repairs",
        subjects=(
            lesion(0.4, 0.1, "chin", pathology="benign", closure_class="simple"),
            lesion(0.3, 0.1, "nose", pathology="benign", closure_class="simple"),
        ),
    ),
    Expected(
        "excised total diameter incl margins 2.3 cm, malignant melanoma L calf, closed w complex repair 6 cm - 11603 "
        "+ 13121?",
        ("11603", "13121"),
        (
            lesion(
                site="calf",
                laterality="left",
                excised_diameter_cm=2.3,
                pathology="malignant",
                closure_class="complex",
                closure_length_cm=6.0,
            ),
        ),
    ),
    Expected(
        "pt came in for f/u of acne. Also excised 0.6 cm dermatofibroma rt thigh w/ 0.1 cm margin. 99213-25 and 11401?",
        ("99213-25", "11401"),
        (lesion(0.6, 0.1, "thigh", laterality="right", pathology="benign"),),
    ),
    Expected(
        "Re-excision of dysplastic nevus, abdomen, residual 0.8cm scar, 5mm margins, path: no residual. "
        "benign or malignant code set?",
        subjects=(lesion(0.8, 0.5, "abdomen", re_excision=True, pathology="uncertain"),),
    ),
    Expected(
        "Pt had a BCC on the nose removed in 2023. On 5/12/26 we excised a new BCC of the left eyelid, 0.5cm, "
        "margins 0.2 cm, and closed w/ an advancement flap. Can we bill the excision as well as 14060?",
        ("14060",),
        (
            lesion(
                0.5,
                0.2,
                "eyelid",
                laterality="left",
                pathology="malignant",
                closure_class="adjacent_tissue_transfer",
            ),
        ),
        topics=("ncci_edit",),
        date="2026-05-12",
    ),
    Expected(
        "5/1/26 11442 denied as bundled with 12051. Lesion forehead 1.2cm w/ 2mm margins, benign. layered closure "
        "2.4cm. should we have put a 59 on it? or is denial right",
        ("11442", "12051"),
        (lesion(1.2, 0.2, "forehead", pathology="benign", closure_class="intermediate", closure_length_cm=2.4),),
        topics=("ncci_edit",),
        date="2026-05-01",
    ),
    Expected(
        "Site: Right hand\nLesion size (pre-excision): 0.8 x 0.6 cm\nMargin: 0.2 cm\nExcised diameter: 1.2 cm\n"
        "Path: verruca\nClosure: simple\n\nCPT?",
        subjects=(
            lesion(
                0.8,
                0.2,
                "hand",
                laterality="right",
                excised_diameter_cm=1.2,
                pathology="benign",
                closure_class="simple",
            ),
        ),
    ),
    Expected(
        "Four nevi on the trunk, 0.3, 0.4, 0.4 and 1.2 cm, each w/ 0.1 margin. benign. How many "
        "units of 11400 and what "
        "modifier?",
        ("11400",),
        (
            lesion(0.3, 0.1, "trunk", pathology="benign"),
            lesion(0.4, 0.1, "trunk", pathology="benign"),
            lesion(0.4, 0.1, "trunk", pathology="benign"),
            lesion(1.2, 0.1, "trunk", pathology="benign"),
        ),
        topics=("modifier",),
    ),
    Expected(
        "the path isnt back yet on a lesion we took off pts scalp friday (1.0cm, .2 margins). biller wants to drop the "
        "claim now w/ 11422 - ok or wait?",
        ("11422",),
        (lesion(1.0, 0.2, "scalp", pathology="pending"),),
    ),
    Expected(
        "Provider shaved a 0.7cm SK off the neck then cauterized the base. Billed as 11421. Isnt this a shave 11306?",
        ("11421", "11306"),
        (lesion(0.7, site="neck", technique="shave", pathology="benign"),),
    ),
    Expected(
        "First lesion: lower lip, 6mm SCC, 4mm margins, complex closure 2.1cm. Second lesion: dorsal hand, 1.0cm SCC, "
        "margins 5mm, intermediate closure 3cm. Medicare. Please advise codes and any modifiers",
        subjects=(
            lesion(0.6, 0.4, "lower lip", pathology="malignant", closure_class="complex", closure_length_cm=2.1),
            lesion(1.0, 0.5, "dorsal hand", pathology="malignant", closure_class="intermediate", closure_length_cm=3.0),
        ),
        facts={"payer": "medicare"},
        topics=("modifier",),
    ),
    Expected(
        "BCC excised, L shoulder. Note only says 'lesion removed with adequate margins, specimen 2.1 x 1.4 x 0.6 cm'. "
        "Can I use the specimen size from path for the code?",
        subjects=(lesion(None, None, "shoulder", laterality="left", pathology="malignant"),),
    ),
    Expected(
        "lipoma upper arm, 3.5 cm, subcutaneous, excised thru 4cm incison. 11404 or 24071?",
        ("11404", "24071"),
        (lesion(3.5, site="upper arm", pathology="benign", technique="excision"),),
    ),
)

_INFECTION = (
    Expected(
        "NSTI perineum + scrotum, OR debridement skin/subq/muscle/fascia, 11004? ICU pt 58M",
        ("11004",),
        ({"necrotizing_infection": True, "region": "genitalia_perineum", "depth_removed": "muscle"},),
        {"setting": "hospital_inpatient"},
    ),
    Expected(
        "Pt w/ fourniers, taken to OR 3x in one week for debridements of scrotum. 11004 each time? modifier 58 or 78? "
        "global days?",
        ("11004", "mod 58", "mod 78"),
        ({"necrotizing_infection": True, "region": "genitalia_perineum"},),
        topics=("modifier",),
    ),
    Expected(
        "Surgeon debrided necrotizing fasciitis of the abdominal wall including fascia and muscle, 15 x 20 cm and "
        "removed infected mesh from prior hernia repair. 11005 with +11008, can we also add 11045?",
        ("11005", "11008", "11045"),
        (
            {
                "necrotizing_infection": True,
                "region": "abdominal_wall",
                "depth_removed": "muscle",
                "area_cm2": 300.0,
                "mesh_removed": True,
                "mesh_infected": True,
            },
        ),
    ),
    Expected(
        "nec fasc R lower leg, debrided skin subq and fascia 180 sq cm, what cpt? not the abd or perineum so not 11004 "
        "right?",
        ("11004",),
        (
            {
                "necrotizing_infection": True,
                "region": "other",
                "laterality": "right",
                "depth_removed": "fascia",
                "area_cm2": 180.0,
            },
        ),
    ),
    Expected(
        "OPERATIVE NOTE: The necrotic skin, subcutaneous tissue and fascia of the perineum and the "
        "lower abdominal wall "
        "were sharply excised. Muscle appeared viable and was left alone. Total area debrided 240 sq cm. Findings "
        "consistent with necrotizing soft tissue infection.\n\nCode: 11006?",
        ("11006",),
        (
            {
                "necrotizing_infection": True,
                "region": "both",
                "depth_removed": "fascia",
                "area_cm2": 240.0,
            },
        ),
    ),
    Expected(
        "mesh infection abd wall, no necrotizing infection. surgeon took out the infected mesh & "
        "drained abscess. 11008?",
        ("11008",),
        ({"necrotizing_infection": False, "mesh_removed": True, "mesh_infected": True},),
    ),
    Expected(
        "r/o necrotizing fasciitis thigh - explored, fascia healthy, only abscess drained. can we use 11043?",
        ("11043",),
        (),
    ),
    Expected(
        "Infected mesh removed during debridement for nec. soft tissue inf. of abdominal wall - do "
        "i append 51 to 11008?",
        ("11008", "mod 51"),
        (
            {
                "necrotizing_infection": True,
                "region": "abdominal_wall",
                "mesh_removed": True,
                "mesh_infected": True,
            },
        ),
        topics=("modifier",),
    ),
    Expected(
        "fournier gangrene 67 yo male debrided to incl external genitalia, perineum AND abdominal wall. testicle "
        "placed in a thigh pouch, orchiectomy not done. colostomy by another surgeon. which code 11004 11005 or 11006?",
        ("11004", "11005", "11006"),
        ({"necrotizing_infection": True, "region": "both"},),
        {"age_years": 67, "sex": "male"},
        ("code_selection",),
    ),
    Expected(
        "debrided sacral decub down to and incl bone 6x5 cm. not NSTI. 11044 + 11047 x 1?",
        ("11044", "11047 x1"),
        ({"depth_removed": "bone", "area_cm2": 30.0},),
    ),
    Expected(
        "2nd look debridement next day DOS 4/22/2026, necrotizing infection of abd wall, wound 12 x 8 cm, fascia "
        "excised, mesh left intact. Medicare adv.",
        subjects=(
            {
                "necrotizing_infection": True,
                "region": "abdominal_wall",
                "depth_removed": "fascia",
                "area_cm2": 96.0,
                "mesh_removed": False,
            },
        ),
        facts={"payer": "medicare_advantage"},
        date="2026-04-22",
    ),
    Expected(
        "is 11008 allowed by itself? dr removed old hernia mesh b/c of infection during 49596, no debridement for "
        "necrotising infxn",
        ("11008", "49596"),
        ({"mesh_removed": True, "mesh_infected": True},),
    ),
)

_LATER = (
    Expected(
        "removed 2 lesions fr face today. nose = 4mm, nevus, margins 1mm, simple. upper lip = 6mm, SK, margins 1mm, "
        "intermediate 1.5cm. cpts?",
        subjects=(
            lesion(0.4, 0.1, "nose", pathology="benign", closure_class="simple"),
            lesion(0.6, 0.1, "upper lip", pathology="benign", closure_class="intermediate", closure_length_cm=1.5),
        ),
    ),
    Expected(
        "Op note says: 'A 1.1 x 0.9 cm ulcerated lesion of the left nasal ala was excised with 3 mm "
        "margins and sent to "
        "pathology. Defect repaired with a bilobed flap.' Path: infiltrative BCC, margins clear. Can the excision be "
        "billed with the flap?",
        subjects=(
            lesion(
                1.1,
                0.3,
                laterality="left",
                pathology="malignant",
                technique="excision",
                closure_class="adjacent_tissue_transfer",
            ),
        ),
        topics=("ncci_edit",),
    ),
    Expected(
        "Chest nevus 0.9cm excised, no mention of margins in note. dysplastic on path. what do i code?",
        subjects=(lesion(0.9, site="chest", pathology="uncertain", margin_cm=None),),
        topics=("code_selection",),
    ),
    Expected(
        "1. Cyst L shoulder 2.0cm\n2. Cyst R shoulder 1.5cm\n3. Lipoma back 4cm (subfascial)\nall excised, no margins",
        subjects=(
            lesion(2.0, site="shoulder", laterality="left", pathology="benign", technique="excision"),
            lesion(1.5, site="shoulder", laterality="right", pathology="benign", technique="excision"),
            lesion(4.0, site="back", pathology="benign", technique="excision"),
        ),
    ),
    Expected(
        "quick q - melanoma WLE R upper arm, bx site scar 1.0 cm, 1 cm margins, total 3 cm, complex closure 9cm. 11604 "
        "or 11606 and is 13121+13122 ok w/ it",
        ("11604", "11606", "13121", "13122"),
        (
            lesion(
                1.0,
                1.0,
                "upper arm",
                laterality="right",
                excised_diameter_cm=3.0,
                pathology="malignant",
                closure_class="complex",
                closure_length_cm=9.0,
            ),
        ),
    ),
    Expected(
        "We billed 11441 for a cheek lesion (0.5 cm + 2 mm margins both sides) and 12051. Payer "
        "wants records. Was this "
        "right? path = intradermal nevus",
        ("11441", "12051"),
        (lesion(0.5, 0.2, "cheek", pathology="benign"),),
    ),
    Expected(
        "Pathology shows SCC in both. Sites: right ear 0.7 cm and left ear 0.9 cm, 4 mm margins on "
        "each. Layered repair "
        "2.0 and 2.5 cm respectively.",
        subjects=(
            lesion(
                0.7,
                0.4,
                "ear",
                laterality="right",
                pathology="malignant",
                closure_class="intermediate",
                closure_length_cm=2.0,
            ),
            lesion(
                0.9,
                0.4,
                "ear",
                laterality="left",
                pathology="malignant",
                closure_class="intermediate",
                closure_length_cm=2.5,
            ),
        ),
    ),
    Expected(
        "72F fourniers, debrided vulva/perineum to fascia, sep incision lower abd wall debrided too incl fascia. one "
        "code 11006 or 11004+11005?",
        ("11006", "11004", "11005"),
        ({"necrotizing_infection": True, "region": "both"},),
    ),
    Expected(
        "Nec fasciitis of L arm and chest wall. Skin, fat, fascia and some muscle removed. 22 x 10 cm arm, 8 x 5 cm "
        "chest. 11043 + 11046 units?",
        ("11043", "11046"),
        ({"necrotizing_infection": True, "region": "other", "depth_removed": "muscle"},),
    ),
    Expected(
        "surgeon took pt back to OR 3 days later (5/8/2026) for planned repeat debridement of perineal NSTI, same "
        "surgeon. 11004-58? Humana",
        ("11004-58",),
        ({"necrotizing_infection": True, "region": "genitalia_perineum"},),
        {"payer": "humana"},
        date="2026-05-08",
    ),
    Expected(
        "abd wall NSTI. mesh was exposed but not infected and was left. coder wants 11005 + 11008, i say only 11005",
        ("11005", "11008"),
        (
            {
                "necrotizing_infection": True,
                "region": "abdominal_wall",
                "mesh_removed": False,
                "mesh_infected": False,
            },
        ),
    ),
    Expected(
        "Lesion exc from scalp last tues, 8mm, 2 mm margins, path came back pilar cyst. Simple closure. DOS 6/2/26",
        subjects=(lesion(0.8, 0.2, "scalp", pathology="benign", closure_class="simple", technique="excision"),),
        date="2026-06-02",
    ),
    Expected(
        "Path says SCC in situ. Excised lesion of L lower leg: clinical size 1.3 cm, margins 0.5 cm, excised diam "
        "2.3 cm. Layered closure, 5.0 cm. 11603/12032?",
        ("11603", "12032"),
        (
            lesion(
                1.3,
                0.5,
                "lower leg",
                laterality="left",
                pathology="in_situ",
                excised_diameter_cm=2.3,
                closure_class="intermediate",
                closure_length_cm=5.0,
            ),
        ),
    ),
    Expected(
        "NF right thigh, fascia excised 14 x 9 cm, no muscle. Is 11043 right since fascia?",
        ("11043",),
        (
            {
                "necrotizing_infection": True,
                "region": "other",
                "site": "thigh",
                "laterality": "right",
                "depth_removed": "fascia",
                "area_cm2": 126.0,
            },
        ),
    ),
    Expected(
        "removed a wart like growth from pts finger, 3 mm, margin of 1 mm, full thickness. path - verruca. 11420?",
        ("11420",),
        (lesion(0.3, 0.1, "finger", pathology="benign"),),
    ),
    Expected(
        "pt seen 4/1/26 for r/o melanoma mole back, exc 6 mm w/ 2 mm marg, path 4/6 = compound nevus. 11401?",
        ("11401",),
        (lesion(0.6, 0.2, "back", pathology="benign"),),
        date="2026-04-01",
    ),
)

LETTERS = (*_MIXED, *_INFECTION, *_LATER)
