"""The level of decision making and its elements are read from what a note shows and from what somebody calls them."""

import pytest

from consultant.questions import elements, mdm_told, stays
from consultant.questions.passages import Sentences


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("MDM for the admission scores high (we audited it).", {"high"}),
        ("Decision making was high, nobody disputes this.", {"high"}),
        ("His note supports a low level of decision making, both by problems and by risk.", {"low"}),
        ("The visit, E/M: our auditor scored the note as moderate.", {"moderate"}),
        ("Two of three elements come out at moderate.", {"moderate"}),
        ("MDM was judged to be of low complexity.", {"low"}),
        ("Low complexity, 21 minutes on the phone.", {"low"}),
        ("High complexity for the whole period.", {"high"}),
        ("Moderate complexity lab done in house.", set()),
        ("Level? The doc circled low.", {"low"}),
        ("Is the MDM high or moderate?", set()),
        ("High MDM needs two elements.", set()),
        ("The physician's MDM is not high.", set()),
        ("She wants high MDM.", set()),
        ("Does that make the MDM moderate?", set()),
        ("Low risk, high fever, E/M?", set()),
    ],
)
def test_a_level_in_words_is_taken_where_it_is_given(text: str, level: set[str]) -> None:
    """What is asked, wanted or needed by a rule is no level of the visit."""
    assert {fact.value for fact in mdm_told.levels(text, Sentences(text))} == level


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Problems moderate, data limited, risk low because nothing was prescribed.", ("moderate", "low", "low")),
        ("Risk: moderate (Rx). Data: minimal. Problems: low.", ("low", "straightforward", "moderate")),
        ("Problems and risk are both moderate.", ("moderate", None, "moderate")),
        ("risk - FNA on another date, the auditor gives low because of no factors", (None, None, "low")),
        ("low risk, moderate data, and the problems were high", ("high", "moderate", "low")),
        ("I get moderate for problems and low for risk", ("moderate", None, "low")),
    ],
)
def test_an_element_has_the_level_that_it_is_called(text: str, told: tuple[str | None, ...]) -> None:
    """A note, an auditor or the writer names the element before its level or behind it."""
    found = {fact.name: fact.value for fact in reversed(list(mdm_told.of_elements(text, Sentences(text))))}
    assert tuple(found.get(name) for name in ("problems", "data", "risk")) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Acute pyelonephritis with systemic symptoms, CBC, BMP and UA reviewed. Home on prescription cipro.",
            ("moderate", "moderate", "moderate"),
        ),
        ("UTI, dipstick positive, Bactrim sent.", ("low", "straightforward", "moderate")),
        ("Rx cipro/dex otic drops. Acute swimmer's ear R, no fever.", ("low", None, "moderate")),
        (
            "HTN, hypothyroidism, OA - all stable at goal, meds reviewed and continued/renewed. No labs.",
            ("moderate", "straightforward", "moderate"),
        ),
        (
            "T2DM not at goal, metformin dose increased; HTN stable. A1c + BMP ordered.",
            ("moderate", "low", "moderate"),
        ),
        (
            "ST elevation; spoke to the interventional cardiologist, he took her to the cath lab; labs: BMP, CBC, BNP.",
            ("high", "high", "high"),
        ),
        ("Migraine not controlled, started topiramate. No tests.", ("moderate", "straightforward", "moderate")),
        ("Rapid strep positive, amoxicillin sent.", ("low", "straightforward", "moderate")),
        ("2 cm chin lac, glued. Mother gives the history.", ("low", "low", None)),
        ("CHF exacerbation, on IV Lasix. BMP, CBC and Mg daily.", ("moderate", "moderate", None)),
        ("One xray ordered. Simple R ankle sprain.", ("low", "straightforward", None)),
        ("Reviewed Dr. Finch's note, the outside ultrasound report and the TSH result.", (None, "moderate", None)),
        ("H/o stroke 2019, PE ruled out, no sepsis.", (None, None, None)),
        ("Follow-up after pneumonia.", (None, None, None)),
    ],
)
def test_a_note_shows_problems_data_and_risk(text: str, told: tuple[str | None, ...]) -> None:
    """Diseases by their names, tests as a list, what was decided; nothing of what is past or ruled out."""
    found = {fact.name: fact.value for fact in elements.read(text, Sentences(text))}
    assert tuple(found.get(name) for name in ("problems", "data", "risk")) == told


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Placed in observation at 06:10 on 8/12/2026 and discharged home at 16:20; H&P at 06:40.", "over_8"),
        ("Observation from 08:10 to 13:15 on 2/26/2026.", "under_8"),
        ("obs in at 6 am, out at 4 pm", "over_8"),
        ("Admitted 0700 hrs, d/c 1430 hrs same date", "under_8"),
        ("In the hospital for less than 8 hours.", "under_8"),
        ("The stay lasted seven and a half hours.", "under_8"),
        ("Arrived 7:15 am, admitted 8 am, discharged 3 pm, note signed 6 pm", "under_8"),
        ("in at 8:00, out at 5:15", "over_8"),
        ("If the stay is under 8 hours we bill 99221.", None),
        ("Obs stay 0900-2000, admit and d/c by our MD.", "over_8"),
        ("In obs 9a-3p on one date.", "under_8"),
        ("Placed 0715, discharged 1820, obs.", "over_8"),
        ("Inpatient data of 2024-2026.", None),
    ],
)
def test_the_hours_of_a_stay_follow_from_the_clock(text: str, length: str | None) -> None:
    """Less than eight hours, or eight and more; what a rule says of hours is none of a stay."""
    assert next((fact.value for fact in stays.length(text)), None) == length


@pytest.mark.parametrize(
    "text",
    [
        "No mod or high MDM that month.",
        "MDM not moderate or high.",
        "Decision making did not reach moderate.",
        "62 min, without complex MDM.",
    ],
)
def test_a_level_below_moderate_is_low(text: str) -> None:
    assert [fact.value for fact in mdm_told.below_moderate(text, Sentences(text))] == ["low"]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Our hospitalist is the attending of record.", True),
        ("We were the admitting physician of record.", True),
        ("We are not the attending of record.", False),
        ("Dr. Brown of another group is the admitting physician of record.", False),
        ("The hospitalist is the attending, she wrote the H&P.", False),
    ],
)
def test_the_physician_of_record_is_the_writers_own(text: str, own: bool) -> None:
    """A stay has one, and a consultant's letter names him as well."""
    assert bool([*stays.of_record(text, Sentences(text))]) is own
