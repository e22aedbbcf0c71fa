"""Reads a family's YAML file; what is wrong in it is said with the file, the line and the field."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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
    tree = read_tree(path)
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
        return Common.model_validate(read_tree(path))
    except ValidationError as error:
        raise ContentRefused(worded(path, said(error))) from error


def read_tree(path: Path) -> object:
    """Read a YAML file as plain values."""
    try:
        tree: object = YAML(typ="safe").load(path)
    except MarkedYAMLError as error:
        raise ContentRefused([_broken(path, error)]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).replace(str(path), path.name).split())
        raise ContentRefused(
            [f"{path.name}: it must be saved as UTF-8 without control characters: {reason}"]
        ) from error
    except ValueError as error:
        raise ContentRefused([_no_such_day(path, error)]) from error
    endless = [Problem(place, "a number that ends was expected") for place in _endless(tree, set())]
    if endless:
        raise ContentRefused(worded(path, endless))
    return tree


_QUOTE_IT = "or a text in it needs quotes: it holds a comma, a colon, a question mark or a quote"
_BROKEN = {
    "cannot start any token": "indent with spaces, not tabs; a text that begins with @ or % stands in quotes",
    "find expected key": "it does not fit the block of line {begun}: the indentation, or a text that needs quotes",
    "expected <block end>": "it does not fit the block of line {begun}: the indentation, or a text that needs quotes",
    "expected '-' indicator": "it does not fit the list of line {begun}: each row has its hyphen in one column",
    "values are not allowed": "a text with a colon and a space stands in quotes; or the line is indented too far",
    "expected ',' or '}'": f"the {{{{ of line {{begun}} is not closed, {_QUOTE_IT}",
    "expected ',' or ']'": f"the [ of line {{begun}} is not closed, {_QUOTE_IT}",
    "unexpected end of stream": "the quote of line {begun} is not closed",
    "find expected ':'": "line {begun} needs a colon and a space after its name, or more indentation as part of a text",
    "entries are not allowed": "a list begins on its own line or stands in [ ]; a text that begins with - is quoted",
    "undefined alias": "a text that begins with * stands in quotes",
    "or numeric character": "a text that begins with & or * stands in quotes",
    "determine a constructor": "a text that begins with ! stands in quotes",
    "unhashable key": "a text that begins with {{ or [ stands in quotes",
    "another document": "--- begins another document; a file holds one family",
}
"""What the YAML reader's refusals mean to a curator, by words that stand in them; `begun` is the line of the whole."""


def _broken(path: Path, error: MarkedYAMLError) -> str:
    """Say where a file stops being YAML, and what to do about it."""
    problem = " ".join(str(error.problem).split())
    meaning = next((said for words, said in _BROKEN.items() if words in problem), None)
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    begun = error.context_mark.line + 1 if error.context_mark else line
    return f"{path.name} line {line}: {meaning.format(begun=begun) if meaning else problem}"


_DAY = re.compile(r"(?<![\w.-])\d{4}-\d{1,2}-\d{1,2}(?![\w-])")


def _no_such_day(path: Path, error: ValueError) -> str:
    """Say which bare day of a file the calendar does not have; YAML reads it as a date and tells no line."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        for found in _DAY.finditer(line):
            try:
                date(*map(int, found[0].split("-")))
            except ValueError:
                return f"{path.name} line {number}: {found[0]} is no day of the calendar"
    return f"{path.name}: a day or a time in it does not exist: {error}"


def _endless(node: object, seen: set[int], place: Place = ()) -> Iterator[Place]:
    """Yield the places of numbers that YAML knows and no size or count can be: .inf and .nan."""
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    # A part may stand within itself by an alias.
    if rows and id(node) not in seen:
        seen.add(id(node))
        for step, value in rows:
            yield from _endless(value, seen, (*place, step))
    elif isinstance(node, float) and not math.isfinite(node):
        yield place


_MEANINGS = {
    "extra_forbidden": "no such field is known here; in { } a text with a comma stands in quotes",
    "missing": "it is missing",
    "too_short": "at least one is needed",
    "string_too_short": "a longer text was expected",
    "string_type": "{input} must stand in quotes",
    "string_pattern_mismatch": "{input} does not have the form of {form}",
    "literal_error": "{input} is not among {expected}",
    "int_type": "a number was expected, not {input}",
    "int_from_float": "a whole number was expected, not {input}",
    "float_type": "a number was expected, not {input}",
    "greater_than": "more than {gt} was expected, not {input}",
    "greater_than_equal": "{ge} or more was expected, not {input}",
    "invalid_key": "{input} is no name; in { } a comma ends the text, and decimals have a point",
    "value_error": "{error}",
    "date_type": "a day without quotes was expected, such as 2026-11-20, not {input}",
    "bool_type": "true or false was expected, not {input}",
    "list_type": "a list was expected, each row after a hyphen or all of them in [ ]",
    "dict_type": "fields were expected, not {input}",
    "model_type": "fields were expected, not {input}",
}
"""What Pydantic's refusals mean to a curator, by their type."""


_FORMS = {
    r"[A-V]\d{4}|[A-Z][0-9A-Z]": "a CPT or HCPCS code, or of an ICD-10-CM code with its point",
    r"[A-V]\d{4}": "a CPT or HCPCS code of five characters",
    "^[A-Z][0-9A-Z][0-9A-Z]": "an ICD-10-CM code or category with its point and no hyphen, such as D22.3 or D22",
    "^[0-9A-Z]{2}$": "a modifier: two digits or capitals",
    "^[a-z": "a name: lower case, digits and _",
}
"""What stands in a pattern of the schema -> what the pattern is for."""


_NO_STEP = re.compile(r"\[key\]|\w+\[.*\]|constrained-int|str|int|float|bool|[A-Z]\w+Content")
"""Steps of Pydantic's own: it marks a key that is wrong itself, and the member of a union that it tried."""


def said(error: ValidationError) -> list[Problem]:
    """Return what a schema refused, in words for curators; what could have stood in one place is one problem."""
    found: dict[Place, dict[str, None]] = {}
    for row in error.errors():
        given = row["input"]
        words = {"input": f'"{given}"' if isinstance(given, str) else str(given), **row.get("ctx", {})}
        pattern = str(words.get("pattern", ""))
        words["form"] = next((form for part, form in _FORMS.items() if part in pattern), "what belongs here")
        empty = given is None and row["type"].endswith("_type")
        text = "it is empty" if empty else _MEANINGS.get(row["type"])
        # Values are put in one by one: the braces of a text are its own.
        for name, value in words.items():
            text = text and text.replace("{" + name + "}", str(value))
        place = tuple(step for step in row["loc"] if not _NO_STEP.fullmatch(str(step)))
        found.setdefault(place, {})[text or row["msg"]] = None
    return [Problem(place, "; or ".join(texts)) for place, texts in found.items()]


def worded(path: Path, problems: Iterable[Problem]) -> list[str]:
    """Return problems as sentences with file, line and field: `sample.yaml line 41, codes.11440.diagnoses.0: ...`."""
    try:
        tree = YAML(typ="rt").load(path)
    except MarkedYAMLError as error:
        # The reader that knows the lines is the stricter one: it takes no tab after a colon.
        return [_broken(path, error)]
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
            # What is merged in by `<<` has no line of its own.
            if step in node.lc.data:  # type: ignore[attr-defined] # ruamel's round-trip mapping
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
