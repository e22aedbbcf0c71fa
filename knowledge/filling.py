"""Placeholders in shared sections: one text for many codes, each page whole and specific."""

import re
from collections.abc import Mapping
from typing import TypeVar

from knowledge.model import Value
from knowledge.reading import Place, Problem
from knowledge.schema import CodeContent, FamilyContent, Sections

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_S = TypeVar("_S", bound=Sections)


def placeholders(node: object) -> set[str]:
    """Return the names of all placeholders in a text or in the texts of a nested value."""
    if isinstance(node, str):
        return set(PLACEHOLDER.findall(node))
    if isinstance(node, Mapping):
        return {name for value in node.values() for name in placeholders(value)}
    if isinstance(node, list | tuple):
        return {name for value in node for name in placeholders(value)}
    return set()


def words_of(code: str, content: CodeContent) -> dict[str, Value]:
    """Return what the placeholders stand for on the page of a code."""
    return {**content.words, "code": code}


def fill(sections: _S, words: Mapping[str, Value]) -> _S:
    """Return the sections with their placeholders filled and checked against the schema again."""
    tree = sections.model_dump()
    case = tree.get("worked_case")
    filled = {name: _fill(value, words) for name, value in tree.items()}
    if case:
        facts = {name: _value(value, words) for name, value in case["facts"].items()}
        filled["worked_case"] = {**{name: _fill(value, words) for name, value in case.items()}, "facts": facts}
    return type(sections).model_validate(filled)


def parts_of(family: FamilyContent, code: str) -> list[tuple[Place, Sections]]:
    """Return the sections that make up a code's page, with their places: the shared ones in order, then its own."""
    own = family.codes[code]
    words = words_of(code, own)
    parts: list[tuple[Place, Sections]] = []
    for number, shared in enumerate(family.shared):
        if (shared.codes == "all" or code in shared.codes) and set(shared.needs) <= set(words):
            parts.append((("shared", number), shared))
    return [*parts, (("codes", code), own)]


def problems_of(family: FamilyContent) -> list[Problem]:
    """Return placeholders that a code does not define, and those that stand where none is filled."""
    found = []
    for code, own in family.codes.items():
        words = words_of(code, own)
        for place, sections in parts_of(family, code):
            used = placeholders(sections.model_dump(exclude={"words"}))
            found += [
                Problem(place, f"the placeholder {{{name}}} is not among the words of {code}")
                for name in sorted(used - set(words))
            ]
    for name in type(family).model_fields:
        if name not in {"chooser", "shared", "codes"}:
            part = family.model_dump(include={name})
            found += [
                Problem((name,), f"a placeholder, {{{used}}}, is filled only in shared sections and codes")
                for used in sorted(placeholders(part))
            ]
    return found


def _fill(node: object, words: Mapping[str, Value]) -> object:
    """Fill the texts of a nested value."""
    if isinstance(node, str):
        return PLACEHOLDER.sub(lambda found: str(words[found[1]]), node)
    if isinstance(node, dict):
        return {key: _fill(value, words) for key, value in node.items()}
    return [_fill(value, words) for value in node] if isinstance(node, list) else node


def _value(value: Value, words: Mapping[str, Value]) -> Value:
    """Return the value of a fact: a placeholder alone takes its word as it is, so that a number stays a number."""
    alone = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return words[alone[1]] if alone else str(_fill(value, words)) if isinstance(value, str) else value
