"""Answer the questions of a letter one by one: each claim of the verdict goes to the question that it speaks to.

A claim belongs to the question that names its codes, asks for its kind of answer, or shares most of its words. A
question to which nothing speaks is told where in the letter its answer stands, or that a coder adds it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from consultant.drafting.model import Claim
from consultant.evidence.asked import Aspect, aspects_in
from knowledge.search_wording import stems

CODE: Final = "code"
"""The kind of answer that a claim line or its open question is."""

_ASKS_CODE: Final = re.compile(
    r"\b(?:which|what|whats|right|correct|cpt|procedure)\b[^?.]{0,40}\b(?:codes?|cpt|hcpcs|level|dx|icd)\b"
    r"|\b(?:codes?|cpt|level|dx)\s*\?|\bhow (?:do|would|should|to|is|are)\b[^?.]{0,40}\bcode"
    r"|\bwhat (?:do|can) \w+ bill",
    re.IGNORECASE,
)
_MEANT: Final = re.compile(r"\b(?:it|its|they|them|that|this|those|these|both)\b", re.IGNORECASE)
"""Words by which a question speaks of the codes of the one before it."""
_CODES: Final = re.compile(r"\b(?:\d{5}|[A-V]\d{4}|[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4})\b")
_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        CODE: "Code",
        Aspect.CLOSURE: "Closure",
        Aspect.BUNDLING: "Edits",
        Aspect.UNITS: "Units",
        Aspect.ADD_ON: "Add-on",
        Aspect.GLOBAL_PERIOD: "Global period",
        Aspect.INDICATORS: "Indicators",
        Aspect.MODIFIER: "Modifier",
        Aspect.DIAGNOSIS: "Diagnosis",
        Aspect.DOCUMENTATION: "Documentation",
        Aspect.INCLUDED: "Included",
        Aspect.DIFFERENCE: "Difference",
    }
)
_SECTIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        Aspect.DOCUMENTATION: ("documentation", "Documentation"),
        Aspect.DIAGNOSIS: ("diagnoses", "Diagnoses"),
        Aspect.MODIFIER: ("modifiers", "Modifiers"),
        Aspect.BUNDLING: ("edits", "Edits checked"),
        Aspect.UNITS: ("edits", "Edits checked"),
        Aspect.ADD_ON: ("edits", "Edits checked"),
        Aspect.GLOBAL_PERIOD: ("edits", "Edits checked"),
        Aspect.INDICATORS: ("edits", "Edits checked"),
    }
)
_OF_CODE, _OF_KIND, _MOST_WORDS = 3, 4, 3
_ALSO = 4
"""How well a claim has to fit a question to answer it beside another one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of the verdict with the kind of answer that it is, where that is known."""

    claim: Claim
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class _Ask:
    kinds: frozenset[str]
    codes: frozenset[str]
    words: frozenset[str]


def numbered(
    asks: Sequence[str], said: Sequence[Said], others: Mapping[str, Sequence[Claim]], whole: Claim
) -> list[Claim]:
    """Return the claims in the order of the questions, each with its question's number and label.

    `others` are the claims of the sections below; `whole` is what is said of a question that nothing speaks to.
    """
    questions: list[_Ask] = []
    for text in asks:
        question = _read(text)
        if questions and not question.codes and _MEANT.search(text):
            question = replace(question, codes=questions[-1].codes)
        questions.append(question)
    given: list[list[Claim]] = [[] for _ in questions]
    for row in said:
        given[_best(questions, row)].append(row.claim)
    found: list[Claim] = []
    for number, (question, claims) in enumerate(zip(questions, given, strict=True), 1):
        label = next((name for kind, name in _LABELS.items() if kind in question.kinds), "Answer")
        told = claims or [_elsewhere(question, others) or _answered(question, questions, said) or whole]
        found += [replace(claim, question=number, label=label) for claim in told]
    return found


def _read(text: str) -> _Ask:
    kinds = {str(aspect) for aspect in aspects_in(text)}
    if _ASKS_CODE.search(text):
        kinds.add(CODE)
    return _Ask(frozenset(kinds), frozenset(_CODES.findall(text.upper())), frozenset(stems(text)))


def _best(questions: Sequence[_Ask], row: Said) -> int:
    """Return the place of the question that a claim speaks to, the first of those that it fits alike."""
    return max(range(len(questions)), key=lambda place: (_fits(questions[place], row), -place))


def _fits(question: _Ask, row: Said) -> int:
    codes, words = frozenset(_CODES.findall(row.claim.text)), frozenset(stems(row.claim.text))
    of_code, of_kind = _OF_CODE * bool(codes & question.codes), _OF_KIND * (row.kind in question.kinds)
    return of_code + of_kind + min(len(words & question.words), _MOST_WORDS)


def _answered(question: _Ask, questions: Sequence[_Ask], said: Sequence[Said]) -> Claim | None:
    """Point to the answer of another question that speaks to this one as well."""
    row = max(said, key=lambda row: _fits(question, row), default=None)
    if row is None or _fits(question, row) < _ALSO:
        return None
    return Claim(f"See the answer to question {_best(questions, row) + 1}.", row.claim.citations[:1])


def _elsewhere(question: _Ask, others: Mapping[str, Sequence[Claim]]) -> Claim | None:
    """Point to the section that answers a question of this kind, where it has anything to say."""
    for kind, (key, title) in _SECTIONS.items():
        if kind in question.kinds and others.get(key):
            return Claim(f"See the section {title}.", _cited(others[key]))
    return None


def _cited(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for claim in claims for key in claim.citations))[:1]
