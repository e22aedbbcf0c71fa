"""Builders for drafts: invented evidence, and a release that holds just the rows that a test names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from consultant.evidence.model import Evidence, Finding, FindingKind, Line, Missing, Rejected
from consultant.questions.model import Question, Topic, TopicFound
from knowledge.model import Citation

ON = date(2026, 3, 2)
BOOK = Citation("Invented code book", "section 1", "2026", date(2026, 1, 1))
MANUAL = Citation("Invented manual", "chapter 3", "2025", None, verified=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the golden drafts be written anew: name this folder on the command line, else pytest does not see it."""
    parser.addoption("--refresh-drafts", action="store_true", help="write tests/unit/drafting/golden anew")


class HeldRows:
    """Stands for a release in checks: which codes, modifiers and rules it holds."""

    def __init__(self, held: dict[str, str]) -> None:
        self._held = held

    def systems_of(self, code: str, on: date) -> tuple[str, ...]:
        return (self._held[code],) if code in self._held else ()

    def rules(self, **_: str | None) -> tuple[object, ...]:
        return ()

    def page(self, code: str) -> None:
        return None

    def addon(self, code: str, on: date, *, nearest: bool = False) -> tuple[object, ...]:
        return ()

    def choosers(self) -> tuple[object, ...]:
        return ()

    def pages(self) -> tuple[object, ...]:
        return ()


@pytest.fixture
def held() -> HeldRows:
    return HeldRows({"11441": "CPT", "12051": "CPT", "D22.39": "ICD-10-CM", "59": "MODIFIER"})


@pytest.fixture
def make_question() -> Callable[..., Question]:
    def build(**changes: Any) -> Question:
        question = Question(
            text="Which code for an invented mole on the chin?",
            language="en",
            topics=(TopicFound(Topic.CODE_SELECTION, 0.9, ("which code",)),),
            specialty="dermatology",
            codes=(),
            subjects=(),
            facts=(),
            date_of_service=ON,
        )
        return replace(question, **changes)

    return build


@pytest.fixture
def make_evidence() -> Callable[..., Evidence]:
    def build(**changes: Any) -> Evidence:
        evidence = Evidence(
            date_of_service=ON,
            date_assumed=False,
            release="2026.4+sha256:0123456789ab",
            lines=(Line("CPT", "11441", 1, (), ("D22.39",), "excision.face.2", (BOOK,)),),
            rejected=(Rejected("CPT", "12011", "A simple closure is included in the excision.", (MANUAL,)),),
            missing=(),
            findings=(
                Finding(FindingKind.WHY, "excision.face.2", "Excised diameter: 0.4 + 2 x 0.2 = 0.8 cm.", (BOOK,)),
                Finding(FindingKind.DOCUMENTATION, "page.document", "the site", (BOOK,), present=True),
                Finding(FindingKind.DOCUMENTATION, "page.document", "the margin", (BOOK,), present=False),
            ),
            families=("excision",),
        )
        return replace(evidence, **changes)

    return build


@pytest.fixture
def asking() -> Missing:
    return Missing(
        "margin_cm", "What was the narrowest margin, in cm?", (("0.05 or less", "11440"), ("more", "11441")), (BOOK,)
    )
