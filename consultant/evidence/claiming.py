"""What stands on the claim and what must not: the choosers' codes combined into lines, and the codes rejected."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from consultant.evidence.apart import parted
from consultant.evidence.both_sides import both_sides
from consultant.evidence.class_findings import by_class
from consultant.evidence.closure import ALL_CLOSURES_INCLUDED, class_of, closure_citations, is_excision
from consultant.evidence.diagnoses import supporting
from consultant.evidence.digits import by_digit
from consultant.evidence.excluded import excluded
from consultant.evidence.inquiry import Inquiry, Picked
from consultant.evidence.model import Finding, FindingKind, Line, Rejected
from consultant.evidence.own_lines import own_lines
from consultant.evidence.pointing import pointed
from consultant.evidence.problem_visit import problem_visit, waived_share
from consultant.evidence.sequencing import sequenced
from consultant.evidence.staged import staged
from consultant.questions.model import Subject
from knowledge.choosers import CombinedLine, Outside


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim lines, what must not stand on one, and the rules that joined or parted the lines."""

    lines: tuple[Line, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    findings: tuple[Finding, ...] = ()


def claim(inquiry: Inquiry, outside: tuple[tuple[str, Outside], ...]) -> Claim:
    """Combine what the choosers picked, family by family, and reject the sender's codes that contradict it."""
    found: list[tuple[Line, tuple[Subject, ...]]] = []
    findings: list[Finding] = []
    for family in dict.fromkeys(row.family for row in inquiry.picked):
        picks = [row for row in inquiry.picked if row.family == family]
        chooser = inquiry.release.chooser(family)
        if chooser is None:
            continue
        combined = chooser.combine([row.chosen for row in picks])
        for row in combined.lines:
            subjects = tuple(picks[place].subject for place in row.subjects)
            line, later = _line(inquiry, family, picks, row), staged(inquiry, family, row.code, subjects)
            found.append((replace(line, modifiers=(later[0],)) if later else line, subjects))
            findings += later[1:] if later else ()
        findings += [
            Finding(FindingKind.WHY, f"{family}.combine", note.text, note.citations) for note in combined.notes
        ]
    found, classed = by_class(inquiry, by_digit(found))
    findings += classed
    found, denied = excluded(inquiry, found)
    findings += denied
    sided = [both_sides(inquiry, line, subjects) for line, subjects in found]
    findings += [finding for _, said in sided for finding in said]
    apart = parted(inquiry, [(line, subjects) for (line, _), (_, subjects) in zip(sided, found, strict=True)])
    sites = {
        line.code: frozenset(str(subject.values()["site"]) for subject in subjects if "site" in subject.values())
        for line, subjects in found
    }
    lines = list(pointed(sequenced(apart.lines, inquiry.release, inquiry.on), sites))
    lines, told = problem_visit(inquiry, lines)
    lines, waived = waived_share(inquiry, lines)
    lines, asked = own_lines(inquiry, lines)
    findings += (*apart.findings, *told, *waived, *asked)
    rejected = {
        row.code: row
        for row in (*apart.rejected, *_beside(inquiry, lines), *_other(inquiry, lines), *_left(inquiry, outside))
    }
    return Claim(tuple(lines), tuple(rejected.values()), tuple(findings))


def _line(inquiry: Inquiry, family: str, picks: list[Picked], combined: CombinedLine) -> Line:
    """Turn one combined line into a claim line, with the sender's diagnoses that support it."""
    parts = [picks[place].chosen for place in combined.subjects]
    prefixes = tuple(dict.fromkeys(prefix for part in parts for prefix in part.diagnoses))
    rule = "+".join(dict.fromkeys(f"{family}.{part.row}" for part in parts))
    rows = [row for part in parts for row in part.citations]
    said = [row for part in parts for statement in part.statements for row in statement.citations]
    diagnoses = supporting(inquiry, prefixes)
    return Line(
        combined.system,
        combined.code,
        combined.units,
        combined.modifiers,
        diagnoses,
        rule,
        tuple(dict.fromkeys((*rows, *said)))[:2],
    )


def _beside(inquiry: Inquiry, lines: list[Line]) -> Iterator[Rejected]:
    """Reject repair codes that the sender names and that the excisions on the claim include."""
    excisions = [page for line in lines if (page := inquiry.release.page(line.code)) and is_excision(page.code)]
    if not excisions:
        return
    page = excisions[0]
    every = all(row.code in ALL_CLOSURES_INCLUDED for row in excisions)
    for code in inquiry.asked:
        kind = class_of(code)
        if kind == "simple":
            cited = closure_citations(inquiry, page, r"simple|includ")
            yield Rejected("CPT", code, f"A simple closure is included in {page.code}.", cited)
        elif kind in ("intermediate", "complex") and every:
            cited = closure_citations(inquiry, page, r"\b(all|any|every)\b|0\.5 cm")
            yield Rejected("CPT", code, f"Medicare (NCCI) includes every closure in {page.code}.", cited)


def _other(inquiry: Inquiry, lines: list[Line]) -> Iterator[Rejected]:
    """Reject codes of the same family that the sender names and that the facts do not lead to."""
    reported = {line.code for line in lines}
    for code in inquiry.asked:
        for row in inquiry.picked:
            if code not in reported and row.family in inquiry.release.family_of(code):
                right = next((line for line in lines if line.rule.startswith(row.family)), None)
                if right:
                    reason = f"The facts of your letter lead to {right.code}."
                    yield Rejected(right.system, code, reason, right.citations)


def _left(inquiry: Inquiry, outside: tuple[tuple[str, Outside], ...]) -> Iterator[Rejected]:
    """Reject codes of a family that the facts lead out of, and that gives no code for another subject."""
    chosen = {row.family for row in inquiry.picked}
    for family, way_out in outside:
        for code in inquiry.asked:
            if family not in chosen and family in inquiry.release.family_of(code):
                yield Rejected("CPT", code, way_out.reason.text, way_out.reason.citations)
