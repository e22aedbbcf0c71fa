"""Reads `content/uncovered.yaml`, what no family holds; refuses what stands twice, and families that do not exist."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from knowledge.official_model import SourceEdition
from knowledge.reading import ContentRefused, Problem, read_tree, said, worded
from knowledge.schema import Key, Strict, Text
from knowledge.uncovered import Uncovered, UncoveredKind
from knowledge.version import digest_of

UNCOVERED = "uncovered.yaml"

Wording = Annotated[str, StringConstraints(min_length=2)]
"""How coders write it: an abbreviation in capitals, a word, or several."""


class UncoveredRow(Strict):
    """One thing that no family holds."""

    name: Text
    kind: Literal["service", "diagnosis", "subject"]
    words: Annotated[list[Wording], Field(min_length=1)]
    hides: Annotated[list[Key], Field(default_factory=list)]


class UncoveredContent(Strict):
    """The file `uncovered.yaml`."""

    reviewed_on: date
    uncovered: Annotated[list[UncoveredRow], Field(min_length=1)]


def read_uncovered(path: Path, families: Collection[str]) -> tuple[tuple[Uncovered, ...], date | None]:
    """Return the rows of a file and the day of their review; none where there is no such file.

    `families` holds the ids of all families. `ContentRefused` names line and field of all that is wrong.
    """
    if not path.exists():
        return (), None
    try:
        content = UncoveredContent.model_validate(read_tree(path))
    except ValidationError as error:
        raise ContentRefused(worded(path, said(error))) from error
    if problems := [*_twice(content), *_strangers(content, families)]:
        raise ContentRefused(worded(path, problems))
    rows = tuple(
        Uncovered(row.name, UncoveredKind(row.kind), tuple(row.words), tuple(row.hides)) for row in content.uncovered
    )
    return rows, content.reviewed_on


def edition_of_uncovered(rows: tuple[Uncovered, ...], reviewed: date) -> SourceEdition:
    """Return the rows as a source: other rows are another release."""
    note = "Services, diagnoses and matters of the office that no family holds."
    return SourceEdition("uncovered", reviewed.isoformat(), reviewed, None, len(rows), digest_of([repr(rows)]), note)


def _twice(content: UncoveredContent) -> Iterator[Problem]:
    """Find names that stand twice, and words that two rows claim: a reader would not know which of them is meant."""
    names: set[str] = set()
    owners: dict[str, str] = {}
    for number, row in enumerate(content.uncovered):
        if row.name in names:
            yield Problem(("uncovered", number, "name"), f"{row.name} stands twice")
        names.add(row.name)
        for place, word in enumerate(row.words):
            owner = owners.setdefault(word if word.isupper() else word.lower(), row.name)
            if owner != row.name:
                yield Problem(("uncovered", number, "words", place), f"{word} stands for {owner} already")


def _strangers(content: UncoveredContent, families: Collection[str]) -> Iterator[Problem]:
    for number, row in enumerate(content.uncovered):
        for place, family in enumerate(row.hides):
            if family not in families:
                yield Problem(("uncovered", number, "hides", place), f"there is no family {family}")
