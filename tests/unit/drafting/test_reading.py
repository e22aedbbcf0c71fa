"""Reading a body back: sections, entries, codes, modifiers, marks and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.drafting import reading
from consultant.evidence.model import Billed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Report 11441 once.", ("11441",)),
        ("Debridement is 11042-11047 elsewhere.", ("11042", "11047")),
        ("11400 to 11446, never 0019T or G0168", ("11400", "11446", "0019T", "G0168")),
        ("Diagnosis D22.39 or L97.- or M72.6.", ("D22.39", "L97", "M72.6")),
        ("A1c of 8.2 on 2026-03-02, 120 units, $11441 paid", ()),
        ("11441-59 and 11441-RT", ("11441",)),
        ("Case C-2026-000123, tel [PHONE_1]", ()),
        ("(11441), 11442; 11443.", ("11441", "11442", "11443")),
        ("S61.412A is a seventh character", ("S61.412A",)),
    ],
)
def test_every_code_form_is_seen_and_other_numbers_are_not(text: str, expected: tuple[str, ...]) -> None:
    """Codes of every set are found; dates, amounts and references are no codes."""
    assert reading.codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Modifier 59 or XS", ("59", "XS")),
        ("modifiers 25, 57 and LT apply", ("25", "57", "LT")),
        ("11441-59-RT", ("59", "RT")),
        ("the range 11400-11446", ()),
        ("the modifier is not needed", ()),
        ("modifier 59 on the repair", ("59",)),
    ],
)
def test_modifiers_are_seen_on_codes_and_behind_the_word(text: str, expected: tuple[str, ...]) -> None:
    """A modifier counts where it is written as one."""
    assert reading.modifiers(text) == expected


def test_entries_are_unwrapped_and_know_their_section() -> None:
    """Wrapped lines of one entry are read as one, under the title above them."""
    body = "Verdict\n\nReport 11441\nonce. [1]\n\nWhy\n\n- One reason [1]\n- Another that\n  runs on [2]\n\n"
    body += "Sources\n\n[1] A\n[2] B\n"
    assert [(entry.section, entry.text) for entry in reading.entries(body)] == [
        ("verdict", "Report 11441 once. [1]"),
        ("why", "- One reason [1]"),
        ("why", "- Another that runs on [2]"),
        ("sources", "[1] A"),
        ("sources", "[2] B"),
    ]


def test_a_title_directly_over_its_text_still_opens_its_section() -> None:
    """A reviewer who drops the blank line, adds a colon or writes CRLF loses no section."""
    assert reading.entries("Claim lines:\r\n- CPT 11441, 1 unit [1]")[0].section == "lines"


def test_links_are_seen_in_every_form() -> None:
    """What a mail program would make a link of counts as one."""
    text = "See https://example.org/a. Or www.clinic.example, or mailto:testa@example.org"
    assert reading.links(text) == ("https://example.org/a", "www.clinic.example", "mailto:testa@example.org")


@given(st.text(max_size=400))
def test_nothing_that_a_reviewer_types_makes_the_reading_fail(text: str) -> None:
    """Any text is read without an error."""
    for entry in reading.entries(text):
        reading.codes(entry.text), reading.modifiers(entry.text), reading.marks(entry.text), reading.links(entry.text)


def test_a_body_is_unwrapped_without_losing_its_lists() -> None:
    """Paragraphs and entries become one line each; what stood apart still does."""
    body = "Verdict\n\nReport 11441 for a\nservice. [1]\n\nWhy\n\n- One\n  reason. [1]\n- Another. [2]\n"
    assert (
        reading.unwrapped(body)
        == "Verdict\n\nReport 11441 for a service. [1]\n\nWhy\n\n- One reason. [1]\n- Another. [2]"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- CPT 11441, 1 unit [1]", (Billed("11441"),)),
        (
            "- CPT 11102-59-RT, 3 units, diagnosis D22.39, L72.0 [1][2]",
            (Billed("11102", 3, ("59", "RT"), ("D22.39", "L72.0")),),
        ),
        ("- ICD-10-CM E11.9, 1 unit [1]", (Billed("E11.9"),)),
        ("- 11720 x 2, modifier Q8", (Billed("11720", 2, ("Q8",)),)),
        ("- 11042 and 11045 x 3", (Billed("11042"), Billed("11045", 3))),
        ("- HCPCS J3301, 4 units", (Billed("J3301", 4),)),
        ("- No line is reported.", ()),
    ],
)
def test_claim_lines_are_read_as_the_engine_and_as_reviewers_write_them(
    text: str, expected: tuple[Billed, ...]
) -> None:
    """Code, units, modifiers and diagnoses; marks and systems are no part of a line."""
    assert reading.claim_lines(text) == expected
