"""Tests of therapy, tests of a practice and screenings: what a day or a note as a whole says of them."""

import pytest

from consultant.questions import labs, screenings, therapy
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status


@pytest.mark.parametrize(
    ("minutes", "units"),
    [((24, 16), [2, 1]), ((20, 13), [1, 1]), ((10, 10), [1, 0]), ((7, 7), [1, 0]), ((33, 7), [2, 1]), ((3, 3), [0, 0])],
)
def test_medicare_gives_units_by_the_total_of_the_date(minutes: tuple[int, ...], units: list[int]) -> None:
    """Whole units come first, and the rest goes to what has the most minutes left."""
    assert therapy.allotted(minutes) == units


def test_a_line_of_drills_with_minutes_is_a_service() -> None:
    """What the drills are for names the service; a service that the same line names needs none."""
    text = "PT note.\n- leg press and heel raises: 20 minutes\n- tandem stance on foam pad: 12 minutes"
    made = list(
        therapy.completed(text, Sentences(text), (_subject(text, "procedure", "traction", "PT"),), medicare=True)
    )
    told = {str(row.values()["procedure"]): row.values() for row in made}
    assert told["therapeutic_exercise"]["allotted_units"] == 1
    assert told["neuromuscular_reeducation"]["other_timed_services"] is True
    assert {row["discipline"] for row in told.values()} == {"pt"}


def test_what_a_friend_would_call_it_is_no_service() -> None:
    """A group told of as such is one, whatever else somebody would bill."""
    text = "PT clinic. We had four patients together. My friend tells me to bill therapeutic exercise."
    given = (_subject(text, "procedure", "therapeutic_exercise", "therapeutic exercise"),)
    made = list(therapy.completed(text, Sentences(text), given, medicare=True))
    assert [row.values()["procedure"] for row in made] == ["group_therapy"]


def test_a_part_of_a_test_and_a_test_sent_out_are_left_out() -> None:
    """The hemoglobin of a count is part of it, and what Quest bills is not the practice's."""
    text = "CBC with diff, hemoglobin on the printout. CMP sent out to Quest."
    given = (
        _subject(text, "test_name", "cbc", "CBC"),
        _subject(text, "test_name", "hemoglobin", "hemoglobin"),
        _subject(text, "test_name", "comprehensive_panel", "CMP"),
    )
    made = list(labs.completed(text, Sentences(text), given))
    assert [row.values()["test_name"] for row in made] == ["cbc"]


def test_one_cartridge_for_several_agents_is_one_test() -> None:
    """Agents named together with one device are the combined test."""
    text = "One cartridge for COVID, flu A and flu B, read by the analyzer."
    given = (_subject(text, "test_name", "sars_cov_2", "COVID"), _subject(text, "test_name", "influenza", "flu A"))
    made = list(labs.completed(text, Sentences(text), given))
    assert [row.values()["test_name"] for row in made] == ["sars_cov_2_influenza"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Indication: colorectal cancer screening, average risk. Colonoscope advanced to the cecum. No polyps.", True),
        ("Indication: colorectal cancer screening. Colonoscopy to the cecum, polyp snared in the sigmoid.", False),
        ("Colonoscopy to the cecum for rectal bleeding. Screening was two years ago.", False),
        (
            (
                "Colon cancer screening, high risk: two adenomas removed June 2023. Consent: "
                "bleeding, possible biopsy. "
                "Colonoscope to the cecum. No biopsies were taken and nothing was removed."
            ),
            True,
        ),
        ("Positive FIT, colorectal screening. No bleeding, no anemia. Colonoscope advanced to the cecum.", True),
    ],
)
def test_a_report_tells_of_a_screening_colonoscopy(text: str, found: bool) -> None:
    """A scope to the cecum for screening, from which nothing was taken."""
    assert bool(list(screenings.completed(text, Sentences(text), (), medicare=True))) is found


def test_a_heading_that_is_answered_no_denies() -> None:
    """A form denies by what stands behind its colon."""
    text = "STREP: not tested. RSV: negative."
    sentences = Sentences(text)
    assert status(sentences, 0, 5, act=True) is Status.NEGATED
    assert status(sentences, 19, 22, act=True) is Status.AFFIRMED


def _subject(text: str, name: str, value: str, words: str) -> Subject:
    start = text.index(words)
    return Subject("procedure", (Fact(name, value, Span(start, start + len(words))),))
