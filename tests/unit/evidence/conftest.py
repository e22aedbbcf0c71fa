"""Builders for questions, and a release of invented rows for what the starter release cannot show (edits, editions)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from consultant.evidence.asked import aspects
from consultant.evidence.inquiry import Inquiry
from consultant.questions.model import CodeMention, Fact, Question, Span, Subject, Topic, TopicFound
from knowledge.limits import Limits
from knowledge.model import CodeEntry, Rule
from knowledge.official_model import (
    AddOn,
    Fee,
    Mue,
    NoEdition,
    PairEdits,
    PtpAnswer,
    PtpEdit,
    SourceEdition,
)

ON = date(2026, 3, 2)
NOWHERE = Span(0, 0)


@dataclass
class HeldRows:
    """A release of just these rows; every file of which no row is given is one that is not held."""

    version: str = "2026.4+sha256:0123456789ab"
    ptp_edition: str | None = None
    ptp_rows: tuple[PtpEdit, ...] = ()
    for_date: bool = True
    mues: dict[str, Mue] = field(default_factory=dict)
    add_ons: dict[str, AddOn] = field(default_factory=dict)
    fee_rows: dict[str, Fee] = field(default_factory=dict)
    icd: dict[str, CodeEntry] = field(default_factory=dict)
    excluded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cpt: frozenset[str] = frozenset({"11441", "12051", "11004", "11008"})

    def modifier_pages(self) -> tuple[object, ...]:
        return ()

    def sources(self) -> tuple[SourceEdition, ...]:
        return ()

    def systems_of(self, code: str, on: date) -> tuple[str, ...]:
        return ("CPT",) if code in self.cpt else ()

    def edits(self, codes: Sequence[str], on: date, setting: str, *, nearest: bool) -> PtpAnswer | NoEdition:
        if self.ptp_edition is None:
            return NoEdition("ptp", on, ())
        pairs = tuple(
            PairEdits(a, b, tuple(row for row in self.ptp_rows if {row.column_one, row.column_two} == {a, b}))
            for a, b in combinations(codes, 2)
        )
        return PtpAnswer(self.ptp_edition, pairs, self.for_date)

    def mue(self, code: str, on: date, setting: str, *, nearest: bool) -> Mue | NoEdition | None:
        return self.mues.get(code) if self.mues else NoEdition("mue", on, ())

    def addon(self, code: str, on: date, *, nearest: bool) -> tuple[AddOn, ...] | NoEdition:
        return tuple(row for row in (self.add_ons.get(code),) if row) if self.add_ons else NoEdition("add_on", on, ())

    def modifier(self, code: str) -> None:
        return None

    def fee(self, code: str, on: date, modifier: str = "", *, nearest: bool) -> Fee | NoEdition | None:
        return self.fee_rows.get(code) if self.fee_rows else NoEdition("fee", on, ())

    def icd10(self, code: str, on: date) -> CodeEntry | None:
        return self.icd.get(code)

    def excludes(self, code: str, on: date) -> tuple[str, ...]:
        return self.excluded.get(code, ())

    def notes(self, code: str, on: date) -> None:
        return None

    def below(self, code: str, on: date) -> tuple[CodeEntry, ...]:
        return tuple(row for held, row in sorted(self.icd.items()) if held != code and held.startswith(code))

    @property
    def limits(self) -> Limits:
        return Limits()

    def rules(self, **_: str | None) -> tuple[Rule, ...]:
        return ()

    def family(self, family: str) -> None:
        return None

    def family_of(self, code: str) -> tuple[str, ...]:
        return ()

    def page(self, code: str) -> None:
        return None


@pytest.fixture
def rows() -> type[HeldRows]:
    return HeldRows


@pytest.fixture
def make_subject() -> Callable[..., Subject]:
    def build(kind: str = "lesion", **facts: Any) -> Subject:
        return Subject(kind, tuple(Fact(name, value, NOWHERE) for name, value in facts.items()))

    return build


@pytest.fixture
def make_question() -> Callable[..., Question]:
    def build(
        text: str = "Which code?",
        codes: Iterable[str] = (),
        topic: Topic = Topic.CODE_SELECTION,
        facts: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Question:
        question = Question(
            text=text,
            language="en",
            topics=(TopicFound(topic, 0.9, ("which",)),),
            specialty=None,
            codes=tuple(_mention(code) for code in codes),
            subjects=(),
            facts=tuple(Fact(name, value, NOWHERE) for name, value in (facts or {}).items()),
            date_of_service=ON,
        )
        return replace(question, **changes)

    return build


def _mention(written: str) -> CodeMention:
    code, *modifiers = written.split("-")
    system = "ICD-10-CM" if "." in code else "MODIFIER" if len(code) == 2 else "CPT"
    return CodeMention(system, code, NOWHERE, tuple(modifiers))


@pytest.fixture
def make_inquiry() -> Callable[..., Inquiry]:
    def build(question: Question, release: Any) -> Inquiry:
        return Inquiry(question, release, question.date_of_service or ON, aspects(question))

    return build
