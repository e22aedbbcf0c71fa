"""All that was done on a day: the visit with its shots and tests, an injection with its drug, each tumor by itself."""

import pytest

from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from tests.unit.questions.conftest import TODAY
from tests.unit.questions.telling import told


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("New pt, 8 month well baby visit, Aetna, Pentacel given. How do I bill the visit and the shot?", True),
        ("Physical, established pt, age 39, commercial; one wart of the hand frozen. Code both", True),
        ("52 yo est physical, Cigna, urine dip non-automated. CPTs?", True),
        ("Est pt, 39, one wart of the hand frozen at his physical. Code for the freezing?", False),
    ],
)
def test_the_preventive_visit_is_wanted_where_all_of_the_day_is(text: str, kinds: bool, words: Vocabulary) -> None:
    assert ("preventive_visit" in told(text, words, "visit_kind")) is kinds


def test_a_test_at_a_preventive_visit_is_none_of_its_level(words: Vocabulary) -> None:
    letter = "52 yo est physical, Cigna, urine dip non-automated without microscopy. CPTs?"
    assert told(letter, words, "test_name") == ["urinalysis"]


@pytest.mark.parametrize(
    ("text", "milligrams"),
    [
        ("Injected 3 keloids with K10, 0.8 mL in all. CPT and J units?", [8]),
        ("Injected 3 keloids with TAC 5, 2 mL. CPT and drug code?", [10]),
        ("Gave K40 1 cc into the right knee. Codes?", [40]),
        ("Right knee injected with 40 mg of kenalog. Codes?", [40]),
        ("Right knee injected with 40 mg of kenalog. Which procedure code?", []),
        ("Injected 3 keloids; TAC 0.1% cream at home. CPT and drug code?", []),
    ],
)
def test_a_drug_stands_beside_its_injection(text: str, milligrams: list[int], words: Vocabulary) -> None:
    assert told(text, words, "dose_mg") == milligrams


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Second degree burn of the hand debrided, <5%. CPT?", ["small"]),
        ("Second degree burns dressed, less than 5% TBSA, forearm. CPT?", ["small"]),
        ("Second degree burns of both legs dressed, >10% BSA. CPT?", ["large"]),
        ("Second degree burns dressed, under 10 percent. CPT?", []),
    ],
)
def test_a_burn_is_sized_by_a_bound(text: str, size: list[str], words: Vocabulary) -> None:
    assert told(text, words, "burn_size") == size
    assert told(text, words, "body_area_percent") == []


@pytest.mark.parametrize(
    ("text", "count"), [("Molluscum, 16 curetted", 16), ("AK 9 LN2", 9), ("Warts 12 cauterized", 12)]
)
def test_a_number_before_the_act_counts(text: str, count: int, words: Vocabulary) -> None:
    assert told(f"{text}. CPT?", words, "lesion_count") == [count]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("Mohs of the left cheek 2 stages and the right hand 1 stage. CPTs?", [2, 1]),
        ("Mohs: 2 stages on the left cheek and 1 stage on the right forearm. CPTs?", [2, 1]),
    ],
)
def test_tumors_of_one_sentence_have_stages_of_their_own(text: str, stages: list[int], words: Vocabulary) -> None:
    assert told(text, words, "stage_count") == stages


def test_acts_behind_their_digits_keep_them(words: Vocabulary) -> None:
    letter = "Ingrown: right hallux matrixectomy with phenol, and left hallux avulsion. CPTs?"
    assert told(letter, words, "procedure") == ["nail_matrix_removal", "nail_avulsion"]
    assert told(letter, words, "digit") == ["right toe 1", "left toe 1"]


def test_what_was_only_offered_was_not_given(words: Vocabulary) -> None:
    letter = "Pentacel was given. Beyfortus was offered, the parents want to wait. Which administration codes?"
    assert told(letter, words, "vaccine_kind") == ["other_vaccine"]


def test_the_strength_of_a_drug_counts_no_lesions(words: Vocabulary) -> None:
    assert told("Injected Kenalog 40 into her keloids. CPT?", words, "lesion_count") == []


def test_a_gel_named_with_its_knees_was_injected_there(words: Vocabulary) -> None:
    letter = "Synvisc-One L and R knee today, drug is on the claim. Which CPT?"
    assert told(letter, words, "procedure") == ["joint_injection"]
    assert told(letter, words, "laterality") == ["bilateral"]


def test_a_flap_told_by_its_whole_area_has_no_parts(words: Vocabulary) -> None:
    letter = "Rotation flap of the scalp, 95 sq cm altogether (the defect alone was 38). Codes and units?"
    assert told(letter, words, "defect_area_cm2") == [95]
    assert told(letter, words, "secondary_defect_cm2") == []


def test_a_word_cut_short_tells_where_a_tumor_lay(words: Vocabulary) -> None:
    assert told("Lipoma of the back in the subcut fat, 4 cm, excised. CPT?", words, "tumor_depth") == ["subcutaneous"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Pared with #10 blade: L submet 1, L submet 5, L medial hallux, R submet 2, R heel rim. Hyperkeratotic.", [5]),
        ("Calluses bilateral feet, five, pared with #10 blade.", [5]),
        ("Pared callus under the right first met head only.", [1]),
        ("Pared corns on the toes of both feet.", []),
    ],
)
def test_pared_lesions_are_counted_by_their_places(text: str, count: list[int], words: Vocabulary) -> None:
    assert told(f"{text} CPT?", words, "lesion_count") == count


def test_an_operation_before_the_fat_is_none_of_today(words: Vocabulary) -> None:
    letter = "Lipo of the abdomen, fat injected into both breasts after lumpectomy, 60 cc R and 60 cc L. CPT and units?"
    assert told(letter, words, "procedure") == []
    assert told(letter, words, "injected_ml") == [60, 60]
    assert told("Lumpectomy of the left breast after a wire was placed. CPT?", words, "procedure") == [
        "partial_mastectomy"
    ]


def test_what_was_held_is_not_administered(words: Vocabulary) -> None:
    letter = "Paclitaxel infused for 2 hours by IV. Neulasta Onpro: held, counts fine. Administration codes?"
    assert "on_body_injector" not in told(letter, words, "procedure")
    assert told(letter, words, "procedure") == ["iv_infusion"]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (
            "Resident worked up the ED patient, attending was there for the key portions. MDM high, Medicare.",
            ["present"],
        ),
        ("Office, est Medicare pt, resident under the primary care exception applies. Low MDM.", ["exception"]),
        ("Office, est Medicare pt, the doctor alone. Low MDM.", []),
        ("Office, est Medicare pt, an aide of the nursing home came with the resident. Low MDM.", []),
    ],
)
def test_how_a_resident_took_part_is_told(text: str, how: list[str], words: Vocabulary) -> None:
    assert told(f"{text} Code and modifier?", words, "teaching") == how


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Office pt was last seen here 3 yrs 4 months ago, moderate MDM.", True),
        ("Office pt was last seen here 2 yrs and 4 months ago, moderate MDM.", False),
        ("Est girl, 18, full yearly checkup.", False),
    ],
)
def test_years_and_months_since_an_earlier_visit_add_up(text: str, new: bool, words: Vocabulary) -> None:
    question = read(f"{text} Which code?", today=TODAY, vocabulary=words)
    assert [fact.value for fact in question.facts if fact.name == "new_patient"] == [new]
