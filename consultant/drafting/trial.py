"""A draft to try a language model on, for `consultant check`: two invented sentences and one source."""

from datetime import date

from consultant.drafting.model import Claim, Draft, Outcome, Section
from consultant.drafting.ports import Prompt
from consultant.drafting.rewriting import Unfit, judged, prompt
from knowledge.model import Citation

TRIAL = Draft(
    outcome=Outcome.ANSWER,
    topics=(),
    specialty=None,
    date_of_service=date(2026, 1, 1),
    date_assumed=False,
    release="trial",
    lines=(),
    rejected=(),
    missing=(),
    sections=(
        Section(
            "why",
            "Why",
            (
                Claim("An excised diameter of 0.8 cm is in the step over 0.5 to 1.0 cm.", ("c1",)),
                Claim("The lesion was cut out through the full thickness, so the excision codes apply.", ("c1",)),
            ),
        ),
    ),
    citations=(("c1", Citation("An invented source", "section 1", "2026", None)),),
    confidence=0.0,
    masked=(),
    subject="",
    text="",
)


def trial_prompt() -> Prompt:
    """Return the question that tries a model."""
    asked = prompt(TRIAL)
    assert asked is not None, "the trial has sentences that are open to a model"
    return asked


def trial_verdict(answer: str) -> str:
    """Say whether the model keeps to the rules on two easy sentences, as the end of a line of `consultant check`."""
    try:
        judged(TRIAL, answer)
    except Unfit as unfit:
        return f"its wording of a trial would not stand, and then the engine's does: {unfit}"
    return "its wording of a trial would stand"
