"""A first estimate of how far a draft can be trusted, from 0 to 1. It orders the queue and does nothing else.

The estimate starts from what kind of draft it is and is lowered for each thing that was not certain. The
factors are judgements, not measurements; `bench` compares them with what reviewers changed.
"""

from consultant.drafting.model import Outcome
from consultant.evidence.model import Evidence
from consultant.questions.model import Question
from knowledge.model import Citation

# Where an estimate starts: a chooser that ran to its end, statements without a chooser, a question back, nothing.
_CHOSEN = 0.98
_STATED = 0.85
_ASKED = 0.80
_HANDED_OVER = 0.20

# What one thing that was not certain leaves of the estimate.
_UNCERTAIN_FACT = 0.85
_CONFLICT = 0.70
_DATE_ASSUMED = 0.97
_EDITION_NOT_HELD = 0.98
_ALL_UNVERIFIED = 0.80
_INSTRUCTED = 0.60


def confidence(
    question: Question, evidence: Evidence, outcome: Outcome, citations: tuple[tuple[str, Citation], ...]
) -> float:
    """Estimate from certain facts, verified citations and editions held, how likely a reviewer changes nothing."""
    estimate = _start(evidence, outcome)
    facts = [*question.facts, *(fact for subject in question.subjects for fact in subject.facts)]
    estimate *= _UNCERTAIN_FACT ** sum(not fact.certain for fact in facts)
    estimate *= _CONFLICT ** len(question.conflicts)
    estimate *= _DATE_ASSUMED if evidence.date_assumed else 1.0
    not_held = {finding.rule for finding in evidence.findings if finding.rule.startswith("edition.")}
    estimate *= _EDITION_NOT_HELD ** len(not_held)
    if citations:
        unverified = sum(not citation.verified for _, citation in citations) / len(citations)
        estimate *= 1.0 - (1.0 - _ALL_UNVERIFIED) * unverified
    if question.injection:
        # A letter that tries to give orders is read by a person first.
        estimate *= _INSTRUCTED
    return round(min(max(estimate, 0.0), 1.0), 3)


def _start(evidence: Evidence, outcome: Outcome) -> float:
    """Return where the estimate starts for this kind of draft."""
    if outcome is Outcome.HAND_OVER:
        return _HANDED_OVER
    if outcome is Outcome.ASK_BACK:
        return _ASKED
    return _CHOSEN if evidence.lines else _STATED
