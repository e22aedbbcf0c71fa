"""Reads a family's YAML file; what is wrong in it is said with the file, the line and the field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from knowledge.common import Common, put_in
from knowledge.schema import FamilyContent

Place = tuple[str | int, ...]
"""The way to a field: ("codes", "11440", "diagnoses", 0)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file, and where."""

    place: Place
    message: str


class ContentRefused(Exception):
    """The curated content does not hold; every problem is a line of its own."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problems" if len(self.problems) > 1 else "1 problem"
        super().__init__(f"The curated content was refused ({count}):\n" + "\n".join(self.problems))


def read_family(path: Path, common: Common | None = None) -> FamilyContent:
    """Return the family in a file, what it takes from `common.yaml` put in.

    `ContentRefused` names file, line and field of all that is wrong.
    """
    tree = _tree(path)
    problems = put_in(tree, common or Common())
    if problems:
        raise ContentRefused(worded(path, [Problem(place, message) for place, message in problems]))
    try:
        family = FamilyContent.model_validate(tree)
    except ValidationError as error:
        raise ContentRefused(worded(path, said(error))) from error
    if family.id != path.stem:
        raise ContentRefused(
            worded(path, [Problem(("id",), f"the file of {family.id} must be named {family.id}.yaml")])
        )
    return family


def read_common(path: Path) -> Common:
    """Return what families share; nothing where there is no such file."""
    if not path.exists():
        return Common()
    try:
        return Common.model_validate(_tree(path))
    except ValidationError as error:
        raise ContentRefused(worded(path, said(error))) from error


def _tree(path: Path) -> object:
    """Read a YAML file as plain values."""
    try:
        return YAML(typ="safe").load(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentRefused([f"{path.name} line {line}: {' '.join(str(error.problem).split())}"]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ContentRefused([f"{path.name}: it is not YAML in UTF-8: {' '.join(str(error).split())}"]) from error


_MEANINGS = {
    "extra_forbidden": "no such field is known here; in { } a text with a comma stands in quotes",
    "missing": "it is missing",
    "too_short": "at least one is needed",
    "string_too_short": "a longer text was expected",
    "string_type": "{input} must stand in quotes",
    "string_pattern_mismatch": "{input} does not have the form of what belongs here",
    "literal_error": "{input} is not among {expected}",
    "date_type": "a day without quotes was expected, such as 2026-11-20, not {input}",
    "bool_type": "true or false was expected, not {input}",
    "list_type": "a list was expected, each row after a hyphen or all of them in [ ]",
    "dict_type": "fields were expected, not {input}",
    "model_type": "fields were expected, not {input}",
}
"""What Pydantic's refusals mean to a curator, by their type."""


def said(error: ValidationError) -> list[Problem]:
    """Return what a schema refused, in words for curators."""
    found = []
    for row in error.errors():
        given = row["input"]
        words = {"input": f'"{given}"' if isinstance(given, str) else str(given), **row.get("ctx", {})}
        text = _MEANINGS.get(row["type"])
        # Values are put in one by one: the braces of a text are its own.
        for name, value in words.items():
            text = text and text.replace("{" + name + "}", str(value))
        # Pydantic marks a key that is wrong itself by a step of its own.
        place = tuple(step for step in row["loc"] if step != "[key]")
        found.append(Problem(place, text or row["msg"]))
    return found


def worded(path: Path, problems: Iterable[Problem]) -> list[str]:
    """Return problems as sentences with file, line and field: `sample.yaml line 41, codes.11440.diagnoses.0: ...`."""
    tree = YAML(typ="rt").load(path)
    rows = []
    for problem in problems:
        line, real = _locate(tree, problem.place)
        field = ".".join(str(step) for step in real)
        rows.append((line, f"{path.name} line {line}, {field or 'the file'}: {problem.message}"))
    return list(dict.fromkeys(text for _, text in sorted(rows)))


def _locate(tree: object, place: Place) -> tuple[int, Place]:
    """Return the line (from 1) of a field, and the steps that exist: the names of type unions are no steps."""
    line, node = 1, tree
    real: list[str | int] = []
    for number, step in enumerate(place):
        last = number == len(place) - 1
        if isinstance(node, dict) and step in node:
            line = node.lc.key(step)[0] + 1  # type: ignore[attr-defined] # ruamel's round-trip mapping
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0] + 1  # type: ignore[attr-defined] # ruamel's round-trip sequence
        elif last and isinstance(node, dict) and isinstance(step, str):
            # A required field that is missing has no line; that of what should hold it is the nearest.
            real.append(step)
            continue
        else:
            continue
        node = node[step]  # type: ignore[index] # a mapping's key or a sequence's place, as tested above
        real.append(step)
    return line, tuple(real)


def walk(node: object, place: Place = ()) -> Iterable[tuple[Place, BaseModel]]:
    """Yield every part of the content with its place, outermost first."""
    if isinstance(node, BaseModel):
        yield place, node
        for name in type(node).model_fields:
            yield from walk(getattr(node, name), (*place, name))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*place, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from walk(value, (*place, number))
