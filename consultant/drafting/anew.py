"""Decides an earlier question anew, and reads back what was approved: what a precedent is checked by."""

from dataclasses import replace

from consultant.drafting import reading
from consultant.drafting.model import Draft
from consultant.drafting.write import draft
from consultant.evidence.gather import gather
from consultant.evidence.model import Billed
from consultant.evidence.precedents import Decided, Earlier, billed
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


def decided(drawn: Draft) -> Decided:
    """Return what of a draft a later release can contradict."""
    return Decided(
        outcome=str(drawn.outcome),
        lines=billed(drawn.lines),
        rejected=tuple(row.code for row in drawn.rejected),
        verdict=tuple(claim.text for section in drawn.sections if section.key == "verdict" for claim in section.claims),
    )


def decide_anew(row: Earlier, release: Release) -> Decided:
    """Read an earlier question's masked text again and answer it for its own date of service from this release."""
    # The text is read again because a release brings its own words; the date is kept, because "yesterday" and "today"
    # were said on the day on which the letter came.
    question = replace(
        read(row.question.text, today=row.on, vocabulary=vocabulary_of(release)),
        date_of_service=row.question.date_of_service,
    )
    return decided(draft(question, gather(question, release, today=row.on), ()))


def approved_lines(text: str) -> tuple[Billed, ...]:
    """Return the claim lines of a text; none where a reviewer wrote it without that section."""
    rows = (row.text for row in reading.entries(text) if row.section == "lines")
    return tuple(line for row in rows for line in reading.claim_lines(row))
