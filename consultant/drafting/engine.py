"""One letter in, one draft out, on values alone: what the pipeline does in steps, and `consultant draft` in one go."""

from collections.abc import Sequence
from datetime import date

from consultant.drafting.model import Draft
from consultant.drafting.write import draft
from consultant.evidence.gather import gather
from consultant.evidence.model import Evidence
from consultant.privacy import phi
from consultant.questions.model import Question
from consultant.questions.read import read
from consultant.questions.vocabulary import vocabulary_of
from knowledge.release import Release


def draft_letter(
    text: str, *, today: date, release: Release, names: Sequence[str] = ()
) -> tuple[Question, Evidence, Draft]:
    """Mask, read, gather and draft one letter.

    `today` stands in for a date of service that the letter does not give; `names` are those of sender and
    signature, masked wherever they stand. Nothing after the first line sees the text as it came.
    """
    masked = phi.mask(text, names, today=today)
    question = read(masked.text, today=today, vocabulary=vocabulary_of(release))
    evidence = gather(question, release, today=today)
    return question, evidence, draft(question, evidence, masked.placeholders)
