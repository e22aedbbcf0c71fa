"""The table of how coders write, `vocabulary.yaml`: abbreviations, lay words, places, and words that say nothing.

The build compiles it into the search index, so that a release is always read with the table that it was built with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from knowledge.search_wording import plain, stem, stems, words

TABLE = Path(__file__).with_name("vocabulary.yaml")
Manner = Literal["abbreviation", "lay", "alike", "broader"]


class Sense(NamedTuple):
    """One wording that a word or phrase stands for, as stems, and in what manner."""

    manner: Manner
    wording: str
    stems: tuple[str, ...]


class _Table(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    reviewed_on: date
    abbreviations: dict[str, str]
    lay: dict[str, str]
    broader: dict[str, str]
    alike: list[list[str]]
    same: dict[str, list[str]]
    procedures: str
    stop: str
    plain: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The table, ready to be looked up."""

    abbreviations: Mapping[str, tuple[Sense, ...]]
    """By the words as typed, in lower case; capitals where only capitals are meant. Parted by one space."""
    phrases: Mapping[str, tuple[Sense, ...]]
    """By stems, parted by one space."""
    procedures: frozenset[str]
    """Stems."""
    stop: frozenset[str]
    """Words, not stems."""
    plain: frozenset[str]
    """Words that are spelled as they should be."""
    same: Mapping[str, str]
    """Words that the reader of letters takes for another: one or several, in lower case, to that one."""
    reviewed_on: date
    longest: int
    """How many words the longest key has."""

    def as_tree(self) -> dict[str, Any]:
        """Return plain values for `from_tree`."""
        tables = {name: {key: list(senses) for key, senses in getattr(self, name).items()} for name in _TABLES}
        return {
            **tables,
            **{name: sorted(getattr(self, name)) for name in _LISTS},
            "same": dict(self.same),
            "longest": self.longest,
            "reviewed_on": self.reviewed_on.isoformat(),
        }

    @classmethod
    def from_tree(cls, tree: dict[str, Any]) -> "Vocabulary":
        """Read what `as_tree` returned, after a way through JSON."""
        senses = {
            name: {
                key: tuple(Sense(manner, wording, tuple(parts)) for manner, wording, parts in held)
                for key, held in tree[name].items()
            }
            for name in _TABLES
        }
        lists = {name: frozenset(tree[name]) for name in _LISTS}
        return cls(
            abbreviations=senses["abbreviations"],
            phrases=senses["phrases"],
            procedures=lists["procedures"],
            stop=lists["stop"],
            plain=lists["plain"],
            same=tree["same"],
            reviewed_on=date.fromisoformat(tree["reviewed_on"]),
            longest=tree["longest"],
        )


_TABLES = ("abbreviations", "phrases")
_LISTS = ("procedures", "stop", "plain")
_JOINING = {"of", "to", "the", "in", "due", "by", "and", "or", "with", "on", "a"}
"""Words of a wording that say nothing by themselves."""


@cache
def vocabulary() -> Vocabulary:
    """Read the table; a mistake in it raises pydantic's or ruamel's error, as it is part of the program."""
    table = _Table.model_validate(YAML(typ="safe").load(TABLE.read_text("utf-8")))
    phrases: dict[str, list[Sense]] = {}
    for key, value in table.lay.items():
        phrases.setdefault(_stemmed(key), []).extend(_senses("lay", value))
    for key, value in table.broader.items():
        phrases.setdefault(_stemmed(key), []).extend(_senses("broader", value))
    for group in table.alike:
        for one in group:
            others = [other for other in group if _stemmed(other) != _stemmed(one)]
            phrases.setdefault(_stemmed(one), []).extend(_senses("alike", "|".join(others)))
    abbreviations = {
        (key if key.isupper() else plain(key).lower()): tuple(_senses("abbreviation", value))
        for key, value in table.abbreviations.items()
    }
    keys = (*phrases, *abbreviations)
    return Vocabulary(
        abbreviations=abbreviations,
        phrases={key: tuple(senses) for key, senses in phrases.items()},
        procedures=frozenset(map(stem, table.procedures.split())),
        stop=frozenset(table.stop.split()),
        plain=frozenset(_spelled(table)),
        same={variant: meant for meant, variants in table.same.items() for variant in variants},
        reviewed_on=table.reviewed_on,
        longest=max(len(key.split()) for key in keys),
    )


def _senses(manner: Manner, value: str) -> Iterable[Sense]:
    for wording in value.split("|"):
        parts = tuple(part for part in stems(wording) if part not in _JOINING)
        if parts:
            yield Sense(manner, wording.strip(), parts)


def _stemmed(key: str) -> str:
    return " ".join(stems(key))


def _spelled(table: _Table) -> Iterable[str]:
    """Yield every word of the table; none of them is a misspelling."""
    for text in (table.plain, table.stop, table.procedures, *table.lay, *table.lay.values(), *table.broader):
        yield from words(text)
