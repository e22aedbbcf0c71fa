"""The evidence of a case as the page shows it: grouped by what it proves, its citations numbered in order of use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from consultant.evidence.model import Evidence, Finding, FindingKind
from consultant.questions.model import Question
from knowledge.model import Citation

T = TypeVar("T")
_EVIDENCE = TypeAdapter(Evidence)
_QUESTION = TypeAdapter(Question)

TITLES: Mapping[FindingKind, str] = {
    FindingKind.WHY: "Why",
    FindingKind.EDIT: "Edits that were checked",
    FindingKind.MODIFIER: "Modifiers",
    FindingKind.DIAGNOSIS: "Diagnoses",
    FindingKind.DOCUMENTATION: "Documentation",
    FindingKind.CAVEAT: "Payer caveats",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence, ready to be shown."""

    evidence: Evidence
    groups: tuple[tuple[str, tuple[Finding, ...]], ...]
    """Findings under the title of their kind, empty kinds left out."""
    sources: tuple[Citation, ...]
    numbers: Mapping[Citation, int]
    """The number of each citation, from 1."""

    @property
    def unverified(self) -> int:
        """How many of the citations could not be confirmed in the primary source."""
        return sum(not citation.verified for citation in self.sources)


def shown(stored: dict[str, Any] | None) -> Shown | None:
    """Return the evidence that a case holds; None when there is none, or none that this version can read."""
    evidence = _read(_EVIDENCE, stored)
    if evidence is None:
        return None
    sources = tuple(dict.fromkeys(_citations(evidence)))
    groups = ((TITLES[kind], tuple(row for row in evidence.findings if row.kind is kind)) for kind in FindingKind)
    numbers = {citation: number for number, citation in enumerate(sources, start=1)}
    return Shown(evidence, tuple((title, rows) for title, rows in groups if rows), sources, numbers)


def question_of(stored: dict[str, Any] | None) -> Question | None:
    """Return what was read of the letters, or None."""
    return _read(_QUESTION, stored)


def _read(adapter: TypeAdapter[T], stored: dict[str, Any] | None) -> T | None:
    if stored is None:
        return None
    try:
        return adapter.validate_python(stored)
    except ValidationError:
        # A row that another version of the service wrote must not keep the letter from being read.
        return None


def _citations(evidence: Evidence) -> Iterator[Citation]:
    for rows in (evidence.lines, evidence.rejected, evidence.missing, evidence.findings):
        for row in rows:
            yield from row.citations
