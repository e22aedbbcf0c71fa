"""The words that the release lends to the reader: sites of the body, phrases for facts, and the codes that exist."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Protocol
from weakref import WeakKeyDictionary

from consultant.questions.phrases import Cues
from knowledge.model import Phrase
from knowledge.uncovered import Uncovered


class Words(Protocol):
    """What a knowledge release offers to the reader of letters."""

    def site_groups(self) -> Mapping[str, str]:
        """Return every site word with its site group."""

    def phrases(self) -> Iterable[Phrase]:
        """Return every phrase by which coders write a value of a fact."""

    def same_words(self) -> Mapping[str, str]:
        """Return words that say the same: one or several, in lower case, to the one that they stand for."""

    @property
    def uncovered(self) -> tuple[Uncovered, ...]:
        """What letters ask about that no family holds."""

    def spelled(self, word: str) -> str | None:
        """Return the word that a mistyped one was meant to be, None where it is no slip."""

    def systems_of(self, code: str, on: date) -> tuple[str, ...]:
        """Return the code sets that hold this code on that day."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the reader of letters knows of the knowledge base; everything else it knows by itself."""

    sites: Mapping[str, str]
    """Site word to site group, as `release.site_groups()` gives it: {"chin": "face_ears_eyelids_nose_lips_mucosa"}."""
    cues: Cues = field(default_factory=Cues)
    """Phrases that say a fact."""
    strange: Cues = field(default_factory=Cues)
    """Phrases that name what no family holds; their values are the names in `uncovered`."""
    uncovered: Mapping[str, Uncovered] = field(default_factory=dict)
    """By name."""
    known: Callable[[str, str], bool] | None = None
    """`known("HCPCS", "J3301")`: True where the release holds that code. False proves nothing: it may hold few."""
    spelled: Callable[[str], str | None] = lambda _: None
    """`spelled("debridemnt")`: what was probably meant; None where nothing was mistyped."""
    pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    """Finds a site word, the longest first; None without sites."""

    def __post_init__(self) -> None:
        """Prepare the search: words in lower case, spaces and hyphens alike, a plural allowed."""
        sites = {" ".join(word.lower().split()): group for word, group in self.sites.items() if word.strip()}
        object.__setattr__(self, "sites", MappingProxyType(sites))
        words = sorted(sites, key=lambda word: (-len(word), word))
        written = "|".join(re.escape(word).replace(r"\ ", r"[ \t\n-]{1,2}") for word in words)
        compiled = re.compile(rf"(?<![\w-])(?:{written})(?:s|es)?(?!\w|[ -]sized)", re.IGNORECASE) if words else None
        object.__setattr__(self, "pattern", compiled)

    def site(self, written: str) -> tuple[str, str]:
        """Return the site word of the vocabulary and its group for a match of `pattern`."""
        word = " ".join(written.lower().replace("-", " ").split())
        for candidate in (word, word.removesuffix("s"), word.removesuffix("es"), " ".join(written.lower().split())):
            if candidate in self.sites:
                return candidate, self.sites[candidate]
        return next(((site, self.sites[site]) for site in self.sites if site.replace("-", " ") == word), (word, ""))


_KEPT: WeakKeyDictionary[Words, Vocabulary] = WeakKeyDictionary()


def _strange(rows: Iterable[Uncovered]) -> Iterator[Phrase]:
    for row in rows:
        yield from (Phrase(text, "uncovered", "uncovered", row.name, entry=True) for text in row.words)


def vocabulary_of(release: Words, on: date | None = None) -> Vocabulary:
    """Return the vocabulary of a release; with a day, codes that two code sets could hold are told apart by it."""

    def known(system: str, code: str) -> bool:
        return on is not None and system in release.systems_of(code, on)

    # A release does not change, and its words take longer to sort than a letter to read.
    kept = _KEPT.get(release)
    if kept is None:
        phrases, same = tuple(release.phrases()), release.same_words()
        strange = tuple(_strange(release.uncovered))
        kept = _KEPT[release] = Vocabulary(
            release.site_groups(),
            Cues(phrases, same),
            Cues(strange, same),
            {row.name: row for row in release.uncovered},
            spelled=release.spelled,
        )
    return replace(kept, known=known) if on else kept
