"""Why the choosers picked their codes: arithmetic and statements, said once for all subjects that share them."""

from collections.abc import Iterator, Sequence

from consultant.evidence.inquiry import Inquiry, Picked
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.wording import label, said, several, words
from knowledge.model import Statement


def reasons(inquiry: Inquiry, picked: Sequence[Picked]) -> tuple[Finding, ...]:
    """Give the statements behind the chosen codes, and every fact that the letter gives as a guess."""
    return (*_statements(inquiry, picked), *(row for pick in picked for row in _guesses(pick)))


def _statements(inquiry: Inquiry, picked: Sequence[Picked]) -> Iterator[Finding]:
    """Give each statement once, led by the subjects that it holds for where it does not hold for all."""
    shared: dict[tuple[str, Statement], list[Picked]] = {}
    for pick in picked:
        for statement in pick.chosen.statements:
            shared.setdefault((pick.family, statement), []).append(pick)
    for (family, statement), picks in shared.items():
        kind = picks[0].subject.kind
        everywhere = len(picks) == sum(row.kind == kind for row in inquiry.question.subjects)
        names = " and ".join(label(inquiry, pick.subject) for pick in picks)
        start = f"{names[0].upper()}{names[1:]}: " if several(inquiry, picks[0].subject) and not everywhere else ""
        rule = f"{family}.{picks[0].chosen.row}"
        yield Finding(FindingKind.WHY, rule, start + statement.text, statement.citations)


def _guesses(pick: Picked) -> Iterator[Finding]:
    """Say of each fact that the letter gives as a guess that the code stands or falls with it."""
    cited = pick.chosen.citations or pick.chosen.statements[0].citations
    for fact in pick.subject.facts:
        if not fact.certain:
            guess = f"Your letter gives the {words(fact.name)} as approximate or likely"
            text = f"{guess}; {pick.chosen.code} holds only if it is {said(fact.value)}."
            yield Finding(FindingKind.CAVEAT, f"{pick.family}.{pick.chosen.row}.uncertain", text, cited[:1])
