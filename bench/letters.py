"""The examination letters of `bench/questions`: each with what a certified coder would answer, and its source.

Families are dealt into the two halves by the SHA-256 of their names, so nobody chose which ones are kept for the end.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from ruamel.yaml import YAML

FOLDER = Path(__file__).with_name("questions")
TODAY = date(2026, 9, 15)
"""The day on which every letter is taken to come, so that figures of different days can be compared."""

Half = Literal["working", "held_out", "trial"]
"""The two halves of the examination; `trial` letters were written while families were mended and count in neither."""
HALVES: tuple[Half, ...] = ("working", "held_out")
Outcome = Literal["answer", "ask_back", "hand_over"]
ONE_BY_ONE = frozenset({"edit", "mue", "add_on", "global"})
"""The kinds of question that a row of an official file answers."""


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Strict):
    """A claim line that the answer must have."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()
    optional_modifiers: tuple[str, ...] = ()
    """Modifiers that some payers want: neither asked for nor wrong."""
    diagnoses: tuple[str, ...] = ()
    """Compared only where given."""


class Expected(_Strict):
    """What the right draft is."""

    outcome: Annotated[tuple[Outcome, ...], BeforeValidator(_listed)]
    lines: tuple[Line, ...] | None = None
    lines_anyof: tuple[tuple[Line, ...], ...] = ()
    missing: tuple[str, ...] = ()
    """Facts that the reply must ask for; `a|b` where either question will do."""
    may_ask: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    """Codes, or codes with a modifier as in 11441-59, that must not stand on a claim line."""
    checks: tuple[dict[str, object], ...] = ()
    """What the text must state; `bench.statements` has the table of kinds."""

    @property
    def choices(self) -> tuple[tuple[Line, ...], ...]:
        """The claims that are equally right; empty where the letter asks for none."""
        return self.lines_anyof or ((self.lines,) if self.lines is not None else ())


class Letter(_Strict):
    """One letter of the examination."""

    id: str
    family: str
    kind: Literal[
        "selection",
        "edit",
        "mue",
        "add_on",
        "global",
        "modifier",
        "diagnosis",
        "rule",
        "coverage",
        "documentation",
        "out_of_scope",
        "outside",
        "hostile",
    ]
    style: Literal["terse", "ordinary", "rambling", "typos", "op_note", "several", "thread"]
    text: str
    phi: tuple[str, ...] = ()
    """Every identifier that was planted, word for word; all are invented."""
    expect: Expected
    source: str
    note: str = ""
    theme: str = Field(default="", description="What a letter outside of all families is about.")


def read(half: Half) -> tuple[Letter, ...]:
    """Return the letters of one half, in the order of their files."""
    return tuple(letter for path in sorted((FOLDER / half).glob("*.yaml")) for letter in _of(path))


def _of(path: Path) -> Iterator[Letter]:
    for row in YAML(typ="safe", pure=True).load(path):
        yield Letter.model_validate(row)


def half_of(family: str, families: frozenset[str]) -> Half:
    """Return the half that a family is dealt to: the first half of all names in the order of their SHA-256 is kept."""
    ordered = sorted(families, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return "held_out" if family in ordered[: len(ordered) // 2] else "working"
