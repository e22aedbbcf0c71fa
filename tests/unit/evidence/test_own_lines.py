"""A letter that names its own code and asks for the modifier: a line where the facts decide it, none where not."""

from collections.abc import Callable
from datetime import date

import pytest

from consultant.drafting.engine import draft_letter
from consultant.evidence.model import Evidence
from knowledge.release import Release

TODAY = date(2026, 9, 15)


@pytest.fixture
def told(release: Release) -> Callable[[str], Evidence]:
    """Return what the release says to a letter."""
    return lambda text: draft_letter(text, today=TODAY, release=release)[1]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Medicare, 64721 done bilaterally in one session. Modifier 50 or RT/LT?", [("64721", ("50",))]),
        ("27447 both knees in the same session, our ASC claim. Which modifier?", []),
        ("Aetna: 27447 for both knees, same session, which modifier?", []),
        ("47562 on both sides in the same session, which modifier?", []),
        ("Medicare, total hips, left and right at one sitting, 27130. How do we bill it?", [("27130", ("50",))]),
        ("Medicare: bilateral 64721. Modifier?", [("64721", ("50",))]),
        ("Medicare: bilateral disease, 64721 on the left last month, right now. Modifier?", []),
        (
            "26055: index finger of the L hand and thumb of the R hand, modifiers?",
            [("26055", ("F1",)), ("26055", ("F5",))],
        ),
        ("28285 right 3rd and left 2nd toes, T modifiers?", [("28285", ("T7",)), ("28285", ("T1",))]),
        ("11721 of the right great toe and left 2nd toe, which T modifier?", []),
        ("Colonoscopy 45378 aborted at the sigmoid, physician claim. 52 or 53?", [("45378", ("53",))]),
        ("Colonoscopy 45378 reached the cecum and was stopped for time. Modifier 52 or 53?", []),
        (
            "Visit 99214 on 6/17/26, she decided to operate and did 47562 on 6/18/26. Which modifier on the visit?",
            [("99214", ("57",)), ("47562", ())],
        ),
        ("Visit 99214 on 6/10/26, she decided to operate and did 47562 on 6/18/26. Which modifier?", []),
        ("99213 the day before 27447, surgery was already decided in May. Which modifier?", []),
    ],
)
def test_the_facts_decide_the_modifier(
    told: Callable[[str], Evidence], text: str, lines: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Indicator, payer, place and dates all count; a doubt leaves the line away."""
    assert [(line.code, line.modifiers) for line in told(text).lines] == lines


def test_a_digit_has_its_modifier(told: Callable[[str], Evidence]) -> None:
    """Side and number of a finger or toe name one modifier."""
    said = " ".join(row.text for row in told("Modifiers for right hallux, L 4th toe and left ring finger?").findings)
    assert all(words in said for words in ("T5 is the right", "T3 is the left", "F3 is the left"))


def test_a_rule_states_a_pair_that_no_row_holds(told: Callable[[str], Evidence]) -> None:
    """A pair beyond the part of the file that is held is quoted from the policy rule."""
    said = " ".join(row.text for row in told("NCCI edit between 43235 and 43239, DOS 8/20/2024?").findings)
    assert "43239 (column one) and 43235 (column two) are a PTP pair, modifier indicator 0" in said


def test_stitches_in_the_period_ask_nothing(told: Callable[[str], Evidence]) -> None:
    """The excision is coded already; what is asked is whether the visit is inside."""
    evidence = told("11402 on 5/4/2026, visit 5/13/2026 to have the stitches out. Billable or in the global period?")
    assert not evidence.missing
    assert any("removal of stitches" in row.text for row in evidence.findings)


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        (
            (
                "Same surgeon, 90-day global of an amputation. Staged debridement 5/7/26: stump of the right leg, "
                "5 x 3 cm, muscle removed sharply. Code and modifier?"
            ),
            ("58",),
        ),
        (
            (
                "Same surgeon, 90-day global of an amputation, unplanned return to the OR 5/7/26: right leg stump "
                "5 x 3 cm, muscle debrided sharply. Code and modifier?"
            ),
            ("78",),
        ),
        (
            (
                "Same surgeon, 90-day global of a hernia repair. Unrelated: ulcer of the right leg 5 x 3 cm, muscle "
                "debrided sharply 5/7/26. Code and modifier?"
            ),
            ("79",),
        ),
        (
            (
                "An amputation by another surgeon, its 90-day global runs. Staged debridement 5/7/26: leg 5 x 3 cm, "
                "muscle removed sharply. Code and modifier?"
            ),
            (),
        ),
        (
            (
                "Same surgeon, global of the amputation is over. Planned second debridement 5/7/26: right "
                "leg 5 x 3 cm, muscle removed sharply. Code and modifier?"
            ),
            (),
        ),
    ],
)
def test_a_later_operation_has_the_modifier_that_the_letter_tells(
    told: Callable[[str], Evidence], text: str, modifiers: tuple[str, ...]
) -> None:
    """Same surgeon, a period that runs, and one reason; where one of them lacks there is none."""
    assert [(line.code, line.modifiers) for line in told(text).lines] == [("11043", modifiers)]
