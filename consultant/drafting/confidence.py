"""How likely a reviewer has nothing to change in a draft, from 0 to 1. It orders the queue and does nothing else.

The estimate is a logistic regression over the signs below. Its weights were fitted by `python -m bench.calibration` to
letters whose answers are known and on which the engine was not mended, with no weight above zero, so that a doubt never
makes a draft look better; docs/accuracy.md shows how well it holds.
"""

from collections.abc import Mapping
from math import exp, log2
from types import MappingProxyType

from consultant.drafting.model import Outcome
from consultant.evidence.asked import is_direct
from consultant.evidence.model import Evidence, FindingKind
from consultant.questions.model import Question
from knowledge.model import Citation

BASE = 1.12
"""The log-odds of a short letter with one certain case, answered by one claim line from confirmed sources."""

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "handed_over": -0.59,
        "asked": -0.17,
        "stated": -0.24,
        "row": 0.00,
        "lines": 0.00,
        "questions": -0.64,
        "doubtful": -0.26,
        "conflicts": -1.09,
        "date_assumed": 0.00,
        "unverified": -0.41,
        "beside": -0.15,
        "length": -0.85,
        "topics": 0.00,
        "subjects": -0.41,
        "diagnoses": 0.00,
    }
)

_INSTRUCTED = 0.60
"""What is left of the estimate where a letter tries to give orders: a person reads it first, whatever it asks."""


def confidence(
    question: Question, evidence: Evidence, outcome: Outcome, citations: tuple[tuple[str, Citation], ...]
) -> float:
    """Estimate how likely a reviewer changes nothing."""
    odds = BASE + sum(WEIGHTS[name] * sign for name, sign in signs(question, evidence, outcome, citations).items())
    estimate = 1 / (1 + exp(-odds))
    return round(estimate * (_INSTRUCTED if question.injection else 1.0), 3)


def signs(
    question: Question, evidence: Evidence, outcome: Outcome, citations: tuple[tuple[str, Citation], ...]
) -> dict[str, float]:
    """Return the signs of doubt of a draft: 0 or 1 where one is there or not, else how much of it, with a limit."""
    facts = [*question.facts, *(fact for subject in question.subjects for fact in subject.facts)]
    answered = outcome is Outcome.ANSWER and not evidence.lines
    by_row = any(is_direct(row) and row.kind is FindingKind.EDIT for row in evidence.findings)
    unverified = [not citation.verified for _, citation in citations]
    return {
        "handed_over": outcome is Outcome.HAND_OVER,
        "asked": outcome is Outcome.ASK_BACK,
        "stated": answered and not by_row,
        "row": answered and by_row,
        "lines": _up_to(3, len(evidence.lines) - 1),
        "questions": _up_to(3, len(evidence.missing) - 1),
        "doubtful": _up_to(3, sum(not fact.certain for fact in facts)),
        "conflicts": _up_to(2, len(question.conflicts)),
        "date_assumed": evidence.date_assumed,
        "unverified": sum(unverified) / len(unverified) if unverified else 0.0,
        "beside": _up_to(3, len(question.beside)),
        "length": _up_to(4, log2(max(len(question.text), 1) / 400)),
        "topics": _up_to(3, len(question.topics) - 1),
        "subjects": _up_to(4, len(question.subjects) - 1),
        "diagnoses": any(line.system == "ICD-10-CM" for line in evidence.lines),
    }


def _up_to(most: float, value: float) -> float:
    return min(max(value, 0.0), most)
