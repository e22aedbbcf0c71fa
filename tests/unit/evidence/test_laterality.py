"""Sides: the diagnosis against the letter, its line's own subject and the modifiers, with the code that would agree."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from consultant.evidence import sides
from consultant.evidence.diagnoses import diagnoses
from consultant.evidence.inquiry import Inquiry, Picked
from consultant.evidence.model import Line
from consultant.questions.model import Question
from knowledge.choosers import Chosen
from knowledge.model import Citation
from knowledge.release import Release

Questions = Callable[..., Question]
Inquiries = Callable[[Question, Any], Inquiry]
Subjects = Callable[..., Any]

BOOK = Citation("Invented book", "section 1", "2026", None)


def said(inquiry: Inquiry) -> list[str]:
    return [row.text for row in diagnoses(inquiry) if row.rule == "icd.laterality"]


@pytest.mark.parametrize(
    ("text", "codes", "expected"),
    [
        # The other side.
        (
            "BCC of the left ear.",
            ("C44.212",),
            ["C44.212 names the right side; the letter speaks of the left: C44.219."],
        ),
        (
            "Left breast cancer.",
            ("C50.911",),
            ["C50.911 names the right side; the letter speaks of the left: C50.912."],
        ),
        (
            "Wound of the left lower leg.",
            ("S81.811A",),
            ["S81.811A names the right side; the letter speaks of the left: S81.812A."],
        ),
        # No side, where the letter gives it.
        (
            "BCC of the right ear.",
            ("C44.211",),
            ["C44.211 leaves the side open; the letter speaks of the right: C44.212."],
        ),
        ("Right knee pain.", ("M25.569",), ["M25.569 leaves the side open; the letter speaks of the right: M25.561."]),
        (
            "BCC of the right eyelid.",
            ("C44.111",),
            ["C44.111 leaves the side open; the letter speaks of the right: C44.1121 or C44.1122."],
        ),
        (
            "BCC of the right lower eyelid.",
            ("C44.111",),
            ["C44.111 leaves the side open; the letter speaks of the right: C44.1122."],
        ),
        # Both sides.
        ("Pain in both knees.", ("M25.561", "M25.562"), []),
        (
            "Pain in both knees.",
            ("M25.561",),
            [
                (
                    "M25.561 names the right side; the letter says both sides: "
                    "M25.562 goes with it, as M25 has no bilateral code."
                )
            ],
        ),
        (
            "Bilateral knee arthritis.",
            ("M17.11",),
            ["M17.11 names the right side; the letter says both sides: M17.0."],
        ),
        (
            "Hearing loss of the right ear.",
            ("H90.3",),
            [],
        ),
        (
            "Otitis of the right ear.",
            ("H66.003",),
            ["H66.003 names both sides; the letter speaks of the right: H66.001."],
        ),
        (
            "Otitis of both ears.",
            ("H66.001",),
            ["H66.001 names the right side; the letter says both sides: H66.003."],
        ),
        # Eyelids.
        (
            "BCC of the right upper eyelid.",
            ("C44.1122",),
            ["C44.1122 names the lower eyelid; the letter speaks of the upper one: C44.1121."],
        ),
        # The letter agrees, speaks of another part of the body, or of both.
        ("BCC of the right ear.", ("C44.212",), []),
        ("BCC of the right ear, left knee pain.", ("C44.212", "M25.562"), []),
        ("Right leg wound and left leg wound.", ("S81.811A",), []),
        ("Right leg wound.", ("H90.12",), []),
        # Not every left is a side: the heart has one of its own.
        ("Right leg swelling.", ("I50.1",), []),
        ("Which side?", ("C44.212",), []),
        ("Right knee pain.", ("M25.50",), []),
    ],
)
def test_a_side_is_held_against_that_of_the_letter(
    release: Release, make_question: Questions, make_inquiry: Inquiries, text: str, codes: Iterable[str], expected: Any
) -> None:
    """Each finding names the code that would agree, as the edition has it."""
    assert said(make_inquiry(make_question(text, codes=codes), release)) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("11642-LT", "C44.212"), ["C44.212 names the right side; modifier LT on 11642 says the left side: C44.219."]),
        (("11642-RT", "C44.212"), []),
        (("20610-RT", "M25.569"), ["M25.569 leaves the side open; modifier RT on 20610 says the right side: M25.561."]),
        (
            ("67840-E4", "C44.1121"),
            ["C44.1121 names the upper eyelid; modifier E4 on 67840 says the lower eyelid: C44.1122."],
        ),
        (
            ("67840-E1", "C44.1121"),
            ["C44.1121 names the right side; modifier E1 on 67840 says the left side: C44.1191."],
        ),
        (("11730-TA", "L60.0"), []),
        (
            ("12001-F6", "S61.211A"),
            ["S61.211A names the left side; modifier F6 on 12001 says the right side: S61.210A."],
        ),
        (("20610-RT", "20610-LT", "M25.561"), []),
        (("11642-59", "C44.212"), []),
    ],
)
def test_a_side_is_held_against_the_modifiers_where_the_letter_gives_none(
    release: Release, make_question: Questions, make_inquiry: Inquiries, codes: Iterable[str], expected: list[str]
) -> None:
    """RT and LT, eyelids, fingers and toes, and 50; modifiers of both sides decide nothing."""
    assert said(make_inquiry(make_question("Which code?", codes=codes), release)) == expected


def test_each_line_is_held_against_its_own_subject(
    release: Release, make_question: Questions, make_inquiry: Inquiries, make_subject: Subjects
) -> None:
    """Of two lesions, the one that stands on the line of the diagnosis decides."""
    subjects = (make_subject(site="ear", laterality="left"), make_subject(site="ear", laterality="right"))
    question = make_question(codes=("C44.212", "C44.219"), subjects=subjects)
    inquiry = make_inquiry(question, release)
    assert said(inquiry) == []
    chosen = [
        Picked(subject, "invented", Chosen("CPT", code, 1, "row", (), (), (), (), (BOOK,)))
        for subject, code in zip(subjects, ("11642", "11643"), strict=True)
    ]
    lines = tuple(
        Line("CPT", code, 1, (), (diagnosis,), "row", (BOOK,))
        for code, diagnosis in (("11642", "C44.212"), ("11643", "C44.219"))
    )
    assert said(replace(inquiry, picked=tuple(chosen), lines=lines)) == [
        "C44.212 names the right side; the letter speaks of the left: C44.219.",
        "C44.219 names the left side; the letter speaks of the right: C44.212.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("right lower leg", [("right", {"lower limb"})]),
        ("both upper eyelids", [("bilateral", {"eyelid"})]),
        ("right and left ear", [("left", {"ear"})]),
        ("turn right, then the knee", []),
        ("left ventricular failure", []),
        ("all right", []),
    ],
)
def test_a_side_belongs_to_the_part_of_the_body_behind_it(text: str, expected: list[tuple[str, set[str]]]) -> None:
    """Words for sides that no paired part follows are none."""
    assert list(sides.told(text)) == expected
