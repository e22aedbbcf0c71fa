"""Invented letters, one for each kind, from which the golden files are made."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from consultant.drafting.correspondence import (
    AcknowledgementContext,
    AnswerContext,
    Context,
    HandOverContext,
    LetterKind,
    QuestionContext,
)
from consultant.mail.letter import Address

DESK = Address("Coding consultation desk", "desk@clinic.example")
ASKER = Address("Testa Sampleton", "testa@clinic.example")
NEW_YORK = ZoneInfo("America/New_York")
ASKED_AT = datetime(2026, 3, 3, 15, 5, tzinfo=UTC)

ANSWER_BODY = """\
Verdict

Report 11441 on 2026-03-02, payer not named. [1] The simple closure is part of
the excision and is not reported apart. [2]

Claim lines

- CPT 11441, 1 unit, diagnosis D22.39 [1]
- CPT 99213-25, 1 unit [3]

Why

- Excised diameter: 0.4 cm and twice the narrowest margin of 0.2 cm give
  0.8 cm, which falls into the interval 0.6 to 1.0 cm. [1]
- Not reported here: 12011. A simple closure belongs to the excision of a benign
  lesion. [2]

Edits checked

- PTP 11441 with 12011: the pair is in force from 2010-01-01, modifier
  indicator 1, in edition 2026 Q1. [4]

Sources

[1] Code row 11441, edition 2026, effective 2026-01-01
[2] NCCI Policy Manual, Chapter III, section A, edition 2026, effective
    2026-01-01
[3] NCCI Policy Manual, Chapter I, section D, edition 2026 (not confirmed in
    the primary source)
[4] PTP edits, practitioner, row 11441 with 12011, edition 2026 Q1, effective
    2010-01-01
"""

QUESTION_BODY = """\
Verdict

The code is 11440, 11441 or 11442; 2 facts are still needed to say which. [1]

What we still need

1. What was the excised diameter, in cm: the lesion with its narrowest margins?
   - 0.5 or less: 11440
   - 0.6 to 1.0: 11441
   - 1.1 to 2.0: 11442
2. Which pathology was found?
   - benign: as above
   - malignant: 11640, 11641 or 11642

Sources

[1] Code rows 11440-11442, edition 2026, effective 2026-01-01
"""

ASKED_TEXT = """\
Hi,

[PERSON_1] came in on 03/02/2026 with a mole on the chin, 0.4 cm, margins 0.2 cm each side. Path says benign. \
Which code, and may I bill the repair & the visit?

Thanks,
[PERSON_2]
"""


def acknowledgement() -> AcknowledgementContext:
    """Return the values of an acknowledgement."""
    return AcknowledgementContext(
        desk=DESK,
        zone=NEW_YORK,
        reference="C-2026-000123",
        asker_name=ASKER.name,
        asked_subject="Mole on chin: excision and repair",
        expect_by=datetime(2026, 3, 4, 15, 5, tzinfo=UTC),
    )


def answer() -> AnswerContext:
    """Return the values of an answer with claim lines and sources."""
    return AnswerContext(
        desk=DESK,
        zone=NEW_YORK,
        reference="C-2026-000123",
        asker_name=ASKER.name,
        asked_subject="Mole on chin: excision and repair",
        subject="Your coding question: 11441",
        body=ANSWER_BODY,
        asked_text=ASKED_TEXT,
        asked_at=ASKED_AT,
        reviewer_name="Dana Modell",
        reviewer_credential="CPC",
        date_of_service=date(2026, 3, 2),
        date_assumed=False,
        release="2026.4+sha256:0123456789abcdef",
    )


def question() -> QuestionContext:
    """Return the values of a question back to a long letter without name, date of service or usable subject."""
    return QuestionContext(
        desk=DESK,
        zone=NEW_YORK,
        reference="C-2026-000124",
        asker_name="",
        asked_subject="Mole of [PERSON_1]",
        subject="Your coding question: 2 things we need to know",
        body=QUESTION_BODY,
        asked_text="\n".join(f"Line {number} of a long letter." for number in range(1, 61)),
        asked_at=ASKED_AT,
        reviewer_name="Dana Modell",
        reviewer_credential="",
        date_of_service=date(2026, 3, 3),
        date_assumed=True,
        release="2026.4+sha256:0123456789abcdef",
    )


def hand_over() -> HandOverContext:
    """Return the values of a hand-over notice to a letter without a subject."""
    return HandOverContext(
        desk=DESK, zone=NEW_YORK, reference="C-2026-000125", asker_name="Sampleton, Testa, CPC", asked_subject=""
    )


CONTEXTS: dict[LetterKind, Context] = {
    LetterKind.ACKNOWLEDGEMENT: acknowledgement(),
    LetterKind.ANSWER: answer(),
    LetterKind.QUESTION: question(),
    LetterKind.HAND_OVER: hand_over(),
}


def with_body(body: str) -> AnswerContext:
    """Return the answer with another body."""
    return replace(answer(), body=body)
