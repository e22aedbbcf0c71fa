"""Scores one draft, as `consultant draft --json` prints it, against what the examination expects of its letter."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bench.letters import TODAY, Expected, Letter, Line
from bench.statements import holds
from knowledge.release import Release

# A code as any reader would take it for one; the check is the examination's own and shares nothing with the engine's.
_CODE = re.compile(r"(?<![\w.$-])(\d{5}|\d{4}[FTUM]|[A-V]\d{4}|[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4})(?![\w-]|\.\d)")


@dataclass(frozen=True, slots=True)
class Score:
    """What was right and wrong in one draft."""

    letter: Letter
    outcome: str
    outcome_right: bool
    codes_right: bool | None
    """Codes and units as expected; None where the letter has no claim to compare."""
    lines_right: bool | None
    """Codes, units and modifiers, and the diagnoses where they are expected, as expected."""
    asked: tuple[str, ...]
    asked_right: int
    """How many of the questions asked may be asked."""
    wanted: int
    wanted_asked: int
    """How many facts had to be asked for, and how many of them were."""
    violations: tuple[str, ...]
    """Codes on a claim line that must not stand there."""
    unstated: tuple[dict[str, object], ...]
    """Expected statements that the text lacks."""
    invented: tuple[str, ...]
    uncited: int
    repeated: tuple[str, ...]
    """Planted identifiers that the draft repeats."""
    confidence: float
    milliseconds: float
    signs: Mapping[str, float]
    """The signs of doubt that the confidence was made of."""

    @property
    def right(self) -> bool:
        """Whether a reviewer would have nothing to change: outcome, claim, questions and statements."""
        return (
            self.outcome_right
            and self.lines_right is not False
            and self.asked_right == len(self.asked)
            and self.wanted_asked == self.wanted
            and not (self.violations or self.unstated or self.invented or self.uncited or self.repeated)
        )


def score(
    letter: Letter,
    made: dict[str, Any],
    release: Release,
    milliseconds: float,
    signs: Mapping[str, float] | None = None,
) -> Score:
    """Compare a draft with what was expected."""
    expect = letter.expect
    asked = tuple(row["fact"] for row in made["missing"])
    may = {name for row in (*expect.missing, *expect.may_ask) for name in row.split("|")}
    wanted_asked = sum(bool(set(row.split("|")) & set(asked)) for row in expect.missing)
    answering = "answer" in expect.outcome and bool(expect.choices)
    return Score(
        letter=letter,
        outcome=made["outcome"],
        outcome_right=made["outcome"] in expect.outcome,
        codes_right=_claim_right(expect, made, modifiers=False) if answering else None,
        lines_right=_claim_right(expect, made, modifiers=True) if answering else None,
        asked=asked,
        asked_right=sum(name in may for name in asked),
        wanted=len(expect.missing),
        wanted_asked=wanted_asked,
        violations=_violations(expect.must_not, made),
        unstated=tuple(check for check in expect.checks if not holds(check, f"{made['subject']}\n{made['text']}")),
        invented=_invented(letter.text, made, release),
        uncited=sum(
            not row["citations"] or not set(row["citations"]) <= set(made["citations"]) for row in made["claims"]
        ),
        repeated=repeated(letter.phi, made),
        confidence=made["confidence"],
        milliseconds=milliseconds,
        signs=signs or {},
    )


def _cited(keys: Sequence[str], citations: dict[str, Any]) -> bool:
    return bool(keys) and set(keys) <= set(citations)


def _claim_right(expect: Expected, made: dict[str, Any], *, modifiers: bool) -> bool:
    return any(_same(choice, made["lines"], modifiers=modifiers) for choice in expect.choices)


def _same(wanted: Sequence[Line], lines: Sequence[dict[str, Any]], *, modifiers: bool) -> bool:
    """Tell whether each wanted line stands in the draft once and no other."""
    left = list(lines)
    for line in wanted:
        fitting = next((row for row in left if _fits(line, row, modifiers=modifiers)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left


def _fits(line: Line, row: dict[str, Any], *, modifiers: bool) -> bool:
    if (row["code"], row["units"]) != (line.code, line.units):
        return False
    given, needed = set(row["modifiers"]), set(line.modifiers)
    if modifiers and not needed <= given <= needed | set(line.optional_modifiers):
        return False
    return not (modifiers and line.diagnoses) or set(line.diagnoses) == set(row["diagnoses"])


def _violations(must_not: Iterable[str], made: dict[str, Any]) -> tuple[str, ...]:
    """Return what stands on a claim line and must not: a code, or a code with one modifier."""
    billed = {row["code"] for row in made["lines"]}
    billed |= {f"{row['code']}-{modifier}" for row in made["lines"] for modifier in row["modifiers"]}
    billed |= {code for row in made["lines"] for code in row["diagnoses"]}
    return tuple(code for code in must_not if code in billed)


def _invented(asked: str, made: dict[str, Any], release: Release) -> tuple[str, ...]:
    """Return codes of the draft that the release neither holds nor speaks of and that the letter does not name."""
    text = made["text"].partition("\nSources\n")[0]
    named = {*_CODE.findall(text), *(row["code"] for row in made["lines"])}
    named |= {code for row in made["lines"] for code in row["diagnoses"]}
    letter = asked.upper()
    ours = (code for code in named if code not in letter and code.replace(".", "") not in letter)
    primaries = {code for row in set(_CODE.findall(letter)) for code in _CODE.findall(repr(_added_to(row, release)))}
    return tuple(sorted(code for code in ours if code not in primaries and not _known(code, release)))


def _added_to(code: str, release: Release) -> object:
    """Return the rows of an add-on code, which name primary codes that need no row of their own."""
    return release.addon(code, TODAY, nearest=True)


def _known(code: str, release: Release) -> bool:
    """Tell whether the release holds a code in any edition, or speaks of it."""
    return bool(release.systems_of(code, TODAY)) or code in _spoken_of(release)


@lru_cache(maxsize=2)
def _spoken_of(release: Release) -> frozenset[str]:
    """Return every code that stands in the words of the release's families, pages and choosers."""
    codes = [row.code for row in release.pages()]
    pages = map(release.page, codes)
    add_ons = (release.addon(code, TODAY, nearest=True) for code in codes)
    told = (*release.rules(), *pages, *add_ons, *release.choosers(), *release.families())
    return frozenset(_CODE.findall(repr(told)))


def repeated(planted: Iterable[str], made: dict[str, Any]) -> tuple[str, ...]:
    """Return planted identifiers of which a telling part stands in the draft."""
    shown = f"{made['subject']}\n{made['text']}\n{made['html']}".lower()
    return tuple(row for row in planted if any(part in shown for part in _parts(row.lower())))


def _parts(planted: str) -> tuple[str, ...]:
    """Return the whole and each of its words that could identify somebody by itself."""
    words = (
        word
        for word in re.findall(r"[\w-]+", planted)
        if len(word) > 5 or (any(map(str.isdigit, word)) and len(word) > 4)
    )
    return (planted, *words)
