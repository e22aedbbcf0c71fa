"""Precedents between the rooms: what an approval leaves behind, and what research of a like question finds of it."""

from collections.abc import Iterator
from datetime import date

import structlog
from pydantic import ValidationError

from consultant.drafting import reading
from consultant.drafting.anew import approved_lines, decide_anew, decided
from consultant.drafting.checks import identifies
from consultant.drafting.stored import DRAFT, EVIDENCE, QUESTION
from consultant.evidence import precedents
from consultant.evidence.model import Evidence
from consultant.evidence.precedents import Earlier
from consultant.parts import Parts
from consultant.questions.model import Question
from consultant.records import precedents as rows
from consultant.records.cases import CaseNow
from consultant.records.outgoing import Kind
from consultant.records.precedents import PrecedentRow
from consultant.records.store import Tx
from knowledge.release import Release

log = structlog.get_logger(__name__)


def remember(tx: Tx, case: CaseNow, review_id: int, kind: Kind, text: str) -> None:
    """Note an answer in the transaction of its approval; a question back takes the case's earlier one away."""
    if kind is not Kind.ANSWER or case.question is None:
        rows.forget(tx, case.id)
        return
    question, evidence = QUESTION.validate_python(case.question), _evidence(case)
    families = evidence.families if evidence else ()
    keys = precedents.keys(question, families, _codes(evidence, text))
    rows.remember(tx, case.id, review_id, case.question, families, keys)


def _evidence(case: CaseNow) -> Evidence | None:
    try:
        return EVIDENCE.validate_python(case.evidence) if case.evidence else None
    except ValidationError:
        # Evidence that another version of the service wrote must not stand in the way of an approval.
        return None


def _codes(evidence: Evidence | None, text: str) -> Iterator[str]:
    """Yield the codes of the lines, of what was rejected, and of the letter as approved."""
    if evidence:
        yield from (line.code for line in evidence.lines)
        yield from (row.code for row in evidence.rejected)
    # The list of sources names rows and ranges that the answer does not speak of.
    said = (entry.text for entry in reading.entries(text) if entry.section != "sources")
    yield from (code for words in said for code in reading.codes(words))


def candidates(parts: Parts, case_id: int, question: Question, release: Release, today: date) -> tuple[Earlier, ...]:
    """Read the earlier answers that a case's question could be like, in one short transaction."""
    keys = precedents.sought(question, release, today=today)
    with parts.store.read() as tx:
        found = rows.candidates(tx, case_id, keys)
    return tuple(earlier for row in found if (earlier := _earlier(row)))


def _earlier(row: PrecedentRow) -> Earlier | None:
    """Return an answered case as values; None where it cannot be read or was found to name a person."""
    if "no_identifiers" in row.failed_checks:
        return None
    try:
        question, drawn = QUESTION.validate_python(row.question), DRAFT.validate_python(row.document)
    except ValidationError:
        # A row that another version of the service wrote is no precedent, and no reason to hold up a case.
        return None
    return Earlier(
        review_id=row.review_id,
        reference=row.reference,
        reviewer=row.reviewer,
        credential=row.credential,
        approved_at=row.approved_at,
        question=question,
        families=row.families,
        on=drawn.date_of_service,
        release=drawn.release,
        drawn=decided(drawn),
        lines=approved_lines(row.text),
    )


def fallen(row: PrecedentRow, weighed_by: str, release: Release) -> str | None:
    """Say what a release that came after a precedent was weighed makes otherwise; None where it bears it out.

    Raises `LookupError` where it cannot be shown any more.
    """
    earlier = _earlier(row)
    # The text passed when it was approved; what the rules have learnt to find since is looked for where it is shown.
    if earlier is None or identifies(row.text, DRAFT.validate_python(row.document), release):
        raise LookupError(f"{row.reference} cannot be read, or its text may name a person.")
    if release.version in (weighed_by, earlier.release):
        return None
    try:
        return precedents.contradiction(earlier, decide_anew(earlier, release))
    except Exception as error:
        log.exception("precedent left out", case=row.reference)
        raise LookupError(f"{row.reference} cannot be decided anew.") from error


def beside(question: Question, evidence: Evidence, earlier: tuple[Earlier, ...], release: Release) -> Evidence:
    """Return the evidence with its precedents; without them where an earlier question cannot be decided anew."""
    try:
        return precedents.weigh(question, evidence, earlier, lambda row: decide_anew(row, release))
    except Exception:
        # A precedent is an aid. What goes wrong with one must not keep a letter from its reviewer.
        log.exception("precedents left out")
        return evidence
