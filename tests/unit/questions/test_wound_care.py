"""Each kind of wound care is a subject of its own, told of the wound that it was given to, here and now."""

from datetime import date

import pytest

from consultant.questions.model import Question
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


@pytest.fixture
def told(release: Release):  # type: ignore[no-untyped-def]
    """Return what a letter says of its wounds and repairs, fact by fact."""

    def of(text: str, *names: str) -> list[tuple[object, ...]]:
        question: Question = read(text, today=date(2026, 9, 15), vocabulary=vocabulary_of(release))
        subjects = [row for row in question.subjects if row.kind in ("wound", "repair")]
        return [tuple(row.values().get(name) for name in names) for row in subjects]

    return of


@pytest.mark.parametrize(
    ("text", "wounds"),
    [
        (
            (
                "Wound 1, left heel: subcutaneous fat debrided, 14 sq cm.\n"
                "Wound 2, right calf: muscle debrided, 12 sq cm.\nWound 3, left shin: clean, not debrided.\nCodes?"
            ),
            [("heel", 14.0, "subcutaneous"), ("calf", 12.0, "muscle")],
        ),
        (
            "Right thigh ulcer debrided into fat, 3 x 4 cm (12 sq cm). HISTORY: bone debridement of the heel.\nCode?",
            [("thigh", 12.0, "subcutaneous")],
        ),
    ],
)
def test_a_debrided_wound_has_its_own_site_area_and_depth(told, text, wounds) -> None:  # type: ignore[no-untyped-def]
    """What was only dressed, what lies in the past, and a size written twice make no further wound."""
    assert told(text, "site", "area_cm2", "depth_removed") == wounds


def test_preparation_and_graft_of_one_bed_are_two_services(told) -> None:  # type: ignore[no-untyped-def]
    """The donor site counts for neither."""
    text = (
        "1. Surgical preparation of the recipient site on the left leg, 120 sq cm.\n2. Split-thickness skin graft to "
        "the same site, 120 sq cm. Donor right thigh 140 sq cm.\n\nCPT?"
    )
    assert told(text, "graft_kind", "area_cm2") == [("preparation", 120.0), ("split", 120.0)]


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ("closed in layers, undermined 1 cm on both sides, wound 2 cm wide", "intermediate"),
        ("closed in layers, undermined 2 cm along the entire edge, wound 2 cm wide", "complex"),
        ("closed in layers with retention sutures", "complex"),
        ("single layer, heavily contaminated, gravel removed with forceps", "intermediate"),
        ("contaminated, cleaned extensively, then one layer", "intermediate"),
        ("dirty wound, gravel picked out, one layer of nylon", "intermediate"),
        ("packed with asphalt, scrubbed at length, single layer", "intermediate"),
        ("contaminated, washed out with saline, single layer", "simple"),
        ("no contamination, irrigated copiously, single layer", "simple"),
        ("single layer closure", "simple"),
    ],
)
def test_the_features_of_a_repair_decide_its_class(told, details, kind) -> None:  # type: ignore[no-untyped-def]
    """CPT, repair guideline: undermining counts against the width of the wound."""
    text = f"Laceration of the left forearm, {details}, final length 5 cm. Which code?"
    assert told(text, "closure_class", "closure_length_cm") == [(kind, 5.0)]


@pytest.mark.parametrize(
    "text",
    [
        "What must the note say to support an excisional debridement into subcutaneous tissue?",
        "Is the preparation of the recipient site billable when we also place the split-thickness graft?",
    ],
)
def test_a_question_for_a_rule_is_no_case(told, text) -> None:  # type: ignore[no-untyped-def]
    """Nothing is to be asked back of a patient who is not there."""
    assert told(text) == []


def test_only_what_is_asked_for_is_a_subject(told) -> None:  # type: ignore[no-untyped-def]
    """What the letter says is bundled or coded elsewhere is not coded again."""
    text = (
        "Sacral ulcer debrided to include muscle, 8 x 8 cm, then a wound VAC on a durable pump. The VAC is not our "
        "question, I only need the debridement code."
    )
    assert told(text, "procedure") == [("wound_debridement",)]


@pytest.mark.parametrize(
    ("text", "names", "wounds"),
    [
        (
            "Sacral ulcer 8 x 7 cm. Muscle was excised with a rongeur from an area of 6 x 4 cm. CPT?",
            ("area_cm2",),
            [(24.0,)],
        ),
        (
            "Third-degree burns. Escharotomies: one cut along the right forearm, two on the left leg. CPT?",
            ("incision_count",),
            [(3,)],
        ),
        (
            "Third-degree burn. Three escharotomy incisions: medial, lateral, and one on the forearm. CPT?",
            ("incision_count",),
            [(3,)],
        ),
        (
            (
                "Full thickness burn of the arm. The eschar was opened along the radial side. A second cut was made "
                "along the ulnar side. Then one cut in each axillary line (two). CPT?"
            ),
            ("burn_act", "incision_count"),
            [("escharotomy", 4)],
        ),
        (
            (
                "Third-degree burns of both legs. Releasing incisions through the eschar, one on each side of a leg, "
                "4 cuts in all. CPT?"
            ),
            ("burn_act", "incision_count"),
            [("escharotomy", 4)],
        ),
        (
            "Eczema of about 60 percent of the body. Crusts debrided from 24 percent of body surface. CPT?",
            ("body_surface_percent",),
            [(24,)],
        ),
        (
            "Open tibia fracture, debridement: dead fat cut away, free cortical fragments removed with a rongeur. CPT?",
            ("depth_removed",),
            [("bone",)],
        ),
        (
            (
                "Fat grafting: sucked 600 mL off the abdomen, had 210 mL of fat on the back table, 80 cc were put into "
                "the right breast. CPT?"
            ),
            ("injected_ml",),
            [(80,)],
        ),
        (
            "2 VLUs. R medial ankle 4 x 4 and L lateral leg 3.5 x 3. Curetted fibrin off both, nothing deeper. CPT?",
            ("area_cm2", "depth_removed"),
            [(16.0, "skin"), (10.5, "skin")],
        ),
        (
            "Sacral ulcer 7 x 5 cm debrided to include muscle. Post-debridement size 7.2 x 5.1. CPT?",
            ("area_cm2",),
            [(36.72,)],
        ),
        (
            "Open toe wound debrided: skin and fat, the distal phalanx was soft, and was rongeured. 2 x 2 cm. CPT?",
            ("depth_removed",),
            [("bone",)],
        ),
        ("Heel ulcer debrided, dressed with 4 x 4 gauze. CPT?", ("area_cm2",), [(None,)]),
        ("Forehead flap laid on the nose. Pedicle will be divided in June. CPT?", ("flap_stage",), [("formation",)]),
        ("Forehead flap: pedicle clamped, then divided at the brow, inset at the nose. CPT?", ("site",), [("nose",)]),
        ("1.5 cm cut of the chin, 3 steri-strips, no stitches. CPT?", ("closure_method",), [("strips",)]),
    ],
)
def test_what_was_treated_is_told_from_what_stands_beside_it(told, text, names, wounds) -> None:  # type: ignore[no-untyped-def]
    """Whole wounds, sums told first, stages to come and places of origin are not what chooses the code."""
    assert told(text, *names) == wounds
