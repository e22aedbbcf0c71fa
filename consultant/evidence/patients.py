"""Sex and age of the patient against the patients that a code is for. What is found is a question, never a refusal."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from consultant.evidence.citing import of_code
from consultant.evidence.conditions import reported
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from knowledge.limits import Limit
from knowledge.model import Citation

_CHECK: Final = "check the code or the record"
# Where a letter speaks of somebody beside the patient, an age or a sex in it may be theirs.
_SOMEBODY_ELSE: Final = re.compile(
    r"\b(?:mother|father|mom|mum|dad|parents?|wife|husband|spouse|sister|brother|siblings?|daughters?|sons?|aunt|uncle"
    r"|grand(?:mother|father)|donors?|recipients?|twins?|bab(?:y|ies)|newborns?|infants?|neonates?"
    r"|(?:two|three|both|several|other|another|second|next|2|3) (?:patients?|pts?|women|men|children|cases)"
    r"|(?:patient|pt|case) ?#?(?:[AB12]|one|two)\b(?!\d))\b",
    re.IGNORECASE,
)


def patients(inquiry: Inquiry) -> Iterator[Finding]:
    """Report codes whose sex or ages are not those that the letter plainly gives for its one patient."""
    sex, age = _sex(inquiry), _age(inquiry)
    if sex is None and age is None:
        return
    found = [*_of_diagnoses(inquiry, sex, age), *_of_procedures(inquiry, sex, age)]
    yield from found
    other = inquiry.release.limits.other_sex
    if other and any(row.rule.endswith(".sex") for row in found):
        yield Finding(FindingKind.DIAGNOSIS, "icd.other_sex", other.text, other.citations)


def _of_diagnoses(inquiry: Inquiry, sex: str | None, age: int | None) -> Iterator[Finding]:
    for code in reported(inquiry):
        entry = inquiry.release.icd10(code, inquiry.on)
        limits = inquiry.release.limits.of(code, inquiry.on) if entry else ()
        cited = (of_code(inquiry.release, entry),) if entry else ()
        yield from _against(code, limits, sex, age, FindingKind.DIAGNOSIS, cited)


def _of_procedures(inquiry: Inquiry, sex: str | None, age: int | None) -> Iterator[Finding]:
    """Check the codes that the sender wrote; a family whose chooser was consulted has had its say on the age."""
    for code in inquiry.asked:
        if not set(inquiry.release.family_of(code)) & set(inquiry.consulted):
            limits = inquiry.release.limits.of(code, inquiry.on)
            yield from _against(code, limits, sex, age, FindingKind.CAVEAT, ())


def _against(
    code: str,
    limits: Iterable[Limit],
    sex: str | None,
    age: int | None,
    kind: FindingKind,
    cited: tuple[Citation, ...],
) -> Iterator[Finding]:
    prefix = "icd" if kind is FindingKind.DIAGNOSIS else "procedure"
    for limit in limits:
        # What nobody confirmed is not lent the certainty of the row that it is said of.
        sources = (*limit.citations, *cited) if any(row.verified for row in limit.citations) else limit.citations
        if sex is not None and not limit.admits_sex(sex):
            text = f"{code} {limit.about} and the letter says {sex}: {_CHECK}."
            yield Finding(kind, f"{prefix}.sex", text, sources)
        if age is not None and not limit.admits_age(age):
            right = f"right where {limit.unless}, else {_CHECK}" if limit.unless else _CHECK
            text = f"{code} {limit.about} and the letter gives the age {_years(age)}: {right}."
            yield Finding(kind, f"{prefix}.age", text, sources)


def _years(age: int) -> str:
    return str(age) if age else "under 1 year"


def _sex(inquiry: Inquiry) -> str | None:
    value = _certain(inquiry, "sex")
    return value if isinstance(value, str) else None


def _age(inquiry: Inquiry) -> int | None:
    value = _certain(inquiry, "age_years")
    return int(value) if isinstance(value, int | float) else None


def _certain(inquiry: Inquiry, name: str) -> str | float | int | None:
    """Return a fact of the one patient of a letter; None where it is unsure, torn, or may be of somebody else."""
    question = inquiry.question
    if {"age_years", "sex"} & set(question.conflicts) or _SOMEBODY_ELSE.search(question.text):
        return None
    values = {fact.value for fact in question.facts if fact.name == name and fact.certain}
    return values.pop() if len(values) == 1 else None
