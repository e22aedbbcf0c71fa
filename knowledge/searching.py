"""Search over pages, rules, families and code descriptions: written once by the build, read by every process.

The index finds what shares words with the question, by word statistics; the ranking chooses among what it finds. The
table of abbreviations and the words of the release, for misspellings, lie beside the index.
"""

import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import tantivy

from knowledge.model import Hit
from knowledge.search_asked import Asked, Range, Reader, Word
from knowledge.search_ranking import Plan, Ranker
from knowledge.search_spelling import Spelling, lexicon
from knowledge.search_wording import ANALYZER, analyzer, indexed
from knowledge.vocabulary import Vocabulary, vocabulary

WORDS = "words.json"
"""The compiled table of the vocabulary and the words of the release, in the folder of the index."""
EXCERPT = 200
_NAMED, _BELOW, _IN_RANGE = 10_000.0, 5_000.0, 1_000.0
"""Scores of a code that is named, of those below it, of those in a range: they come before whatever words agree."""
_CANDIDATES = 100
"""How many entries are ranked; twice as many for a single word, which many entries have alike."""
_MOST_IN_RANGE = 5_000
_MOST_LETTERS = 4
"""How many letters of ICD-10-CM a range may go over."""
_FIELDS = (("words", 1.0), ("above", 0.7), ("body", 0.3))
_PART = "\x1f"
"""Stands between the fields of a stored row."""
_LATER = re.compile(r"\b(?:subsequent encounter|sequela)\b|encounter for (?:open|fracture)\b", re.IGNORECASE)
_BILLABLE, _CATEGORY, _LATER_ENCOUNTER = 1.0, 0.85, 0.8


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a search may find."""

    kind: str
    """page, rule, family, code or modifier."""
    key: str
    title: str
    body: str = ""
    """Running text; its words count less than those of the title and the terms."""
    system: str = ""
    """CPT, HCPCS, ICD-10-CM or MODIFIER; none for rules and families."""
    terms: tuple[str, ...] = ()
    """Other names of the same thing, such as the inclusion terms of ICD-10-CM."""
    above: tuple[str, ...] = ()
    """Names of what it lies in, such as a category; they find it, and do not tell it from its neighbours."""
    billable: bool = True


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in ("code", "system"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    # Words are asked for one by one, so that their positions need not be kept.
    for name, _ in _FIELDS:
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_float_field("standing", fast=True)
    builder.add_bytes_field("row", stored=True)
    return builder.build()


def write_index(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the index into a new folder; an empty body stands for the title."""
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(ANALYZER, analyzer())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    texts: list[str] = []
    for entry in entries:
        writer.add_document(_document(entry))
        texts += (entry.title, entry.body, *entry.terms)
    writer.commit()
    writer.wait_merging_threads()
    for lock in folder.glob(".*.lock"):
        lock.unlink()
    table = {"vocabulary": vocabulary().as_tree(), "lexicon": lexicon(texts)}
    (folder / WORDS).write_text(json.dumps(table, separators=(",", ":"), sort_keys=True), encoding="utf-8")


def _document(entry: Entry) -> Any:
    standing = _LATER_ENCOUNTER if _LATER.search(entry.title) else _BILLABLE if entry.billable else _CATEGORY
    plan = Plan.of(entry.title, entry.terms, entry.above, entry.body, standing)
    row = (entry.kind, entry.key, entry.system, entry.title, _excerpt(entry.body), plan.written())
    return tantivy.Document(
        row=_PART.join(row).encode(),
        system=entry.system,
        code=entry.key.upper(),
        words=indexed("; ".join((entry.title, *entry.terms))),
        above=indexed("; ".join(entry.above)),
        body=indexed(entry.body),
        # tantivy takes a score times the logarithm to the base 2 of 2 and this.
        standing=2.0 ** (2.0 * standing - 0.4 + (0.2 if entry.kind == "page" else 0.0)) - 2.0,
    )


class _Row(NamedTuple):
    """An entry as the index stores it."""

    kind: Any
    key: str
    system: str
    title: str
    excerpt: str
    plan: Plan


class Search:
    """The index of one release, safe for many threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index; nothing is written into its folder, which may lie on a read-only file system."""
        self._table = (folder / WORDS).read_bytes()
        # tantivy takes its locks in the folder that it opens, so it is given one of links. Once the searcher stands
        # every file is mapped into memory, and the links may go.
        links = Path(tempfile.mkdtemp(prefix="consultant-index-"))
        try:
            for path in folder.iterdir():
                (links / path.name).symlink_to(path.absolute())
            self._index = tantivy.Index.open(str(links))
            self._index.config_reader(reload_policy="manual")
            self._searcher = self._index.searcher()
        finally:
            _remove(links)
        self._schema = self._index.schema

    def __call__(self, text: str, limit: int = 10, systems: Sequence[str] | None = None) -> tuple[Hit, ...]:
        """Return the best hits; never raises on what a person typed, and finds nothing where no word is left.

        `systems` keeps the entries of these code sets alone: CPT, HCPCS, ICD-10-CM, MODIFIER.
        """
        if limit < 1:
            return ()
        asked = self._reader(text)
        ranker = Ranker(asked)
        found: dict[tuple[str, str], tuple[float, _Row]] = {}
        for score, row in self._rows(asked, ranker, limit, systems):
            found.setdefault((row.kind, row.key), (score, row))
            if len(found) == limit:
                break
        return tuple(
            Hit(row.kind, row.key, row.title, row.excerpt, score, row.system, tuple(ranker.why(row.plan, row.key)))
            for score, row in found.values()
        )

    @cached_property
    def _reader(self) -> Reader:
        """Parse the table at the first search, so that opening a release stays cheap."""
        table = json.loads(self._table)
        words = Vocabulary.from_tree(table["vocabulary"])
        spelling = Spelling(table["lexicon"], words.plain)
        return Reader(words, held=self._held, rarity=self._rarity, spelled=spelling.correct)

    def _held(self, code: str) -> bool:
        return bool(self._searcher.doc_freq("code", code))

    def _rarity(self, stem: str) -> float:
        """Return how much a stem says: 0 where it is absent, more the rarer it is."""
        count = next(filter(None, (self._searcher.doc_freq(field, stem) for field, _ in _FIELDS)), 0)
        return math.log(2.0 + self._searcher.num_docs / count) if count else 0.0

    def _rows(
        self, asked: Asked, ranker: Ranker, limit: int, systems: Sequence[str] | None
    ) -> Iterator[tuple[float, _Row]]:
        """Yield what is found, the best first: codes that are named, then those in a range, then what words find."""
        for place, code in enumerate(asked.codes):
            rows = self._found(self._query((), systems, self._term("code", code)), 10)
            yield from ((_NAMED - place, row) for _, row in sorted(rows, key=lambda found: found[1].kind != "page"))
        for ranges, base in ((asked.below, _BELOW), (asked.ranges, _IN_RANGE)):
            keys = self._keys(ranges)
            if not (asked.words or asked.spans):
                # The first by number are the best, and no others need to be looked at.
                keys = keys[: limit + len(asked.codes)]
            if keys:
                among = tantivy.Query.term_set_query(self._schema, "code", keys)
                rows = self._found(self._query(asked.words, systems, among), max(limit, _CANDIDATES))
                ranked = bool(asked.words or asked.spans)
                yield from _sorted((base + ranked * ranker.score(row.plan, row.kind), row) for _, row in rows)
        if asked.words:
            most = max(limit, _CANDIDATES if len(asked.words) > 1 else 2 * _CANDIDATES)
            rows = self._found(self._query(asked.words, systems), most)
            # What the words weigh in the index breaks ties.
            yield from _sorted((ranker.score(row.plan, row.kind) + 0.001 * score, row) for score, row in rows)

    def _keys(self, ranges: Iterable[Range]) -> list[str]:
        """Return the codes in the ranges by number; a range may go over a few letters of ICD-10-CM."""
        keys: list[str] = []
        for one in ranges:
            for beginning in one.beginnings()[:_MOST_LETTERS]:
                held = self._searcher.terms_with_prefix("code", beginning)
                keys += sorted(key for key, _ in held if one.holds(key))
        return list(dict.fromkeys(keys))[:_MOST_IN_RANGE]

    def _term(self, field: str, value: str) -> Any:
        return tantivy.Query.term_query(self._schema, field, value, "freq")

    def _query(self, words: Sequence[Word], systems: Sequence[str] | None, among: Any = None) -> Any:
        """Ask for entries with any of the words; where `among` is given, for all of those, with words or without."""
        affirmed = [word for word in words if not word.denied] or words
        should = [(tantivy.Occur.Should, self._any_of(word)) for word in affirmed]
        must = [among] if among is not None else []
        if systems is not None:
            must.append(tantivy.Query.term_set_query(self._schema, "system", list(systems)))
        quiet = [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in must]
        if quiet and should and among is None:
            should = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))]
        return tantivy.Query.boolean_query([*quiet, *should])

    def _any_of(self, word: Word) -> Any:
        """Ask for any stem of any reading of a word."""
        factors: dict[str, float] = {}
        for reading in word.readings:
            for part in reading.stems:
                factors[part] = max(factors.get(part, 0.0), reading.factor)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._anywhere(part, factor)) for part, factor in factors.items()]
        )

    def _anywhere(self, part: str, factor: float) -> Any:
        """Ask for a stem in the field where it says most."""
        held = [(field, boost) for field, boost in _FIELDS if self._searcher.doc_freq(field, part)]
        queries = [tantivy.Query.boost_query(self._term(field, part), factor * boost) for field, boost in held]
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _found(self, query: Any, most: int) -> list[tuple[float, _Row]]:
        found = self._searcher.search(query, most, count=False, weight_by_field="standing").hits
        return [(score, self._row(address)) for score, address in found]

    def _row(self, address: Any) -> _Row:
        stored = bytes(cast("Any", self._searcher.doc(address).get_first("row"))).decode()
        kind, key, system, title, excerpt, plan = stored.split(_PART)
        return _Row(kind, key, system, title, excerpt or _excerpt(title), Plan.read(plan))


def _sorted(rows: Iterable[tuple[float, _Row]]) -> list[tuple[float, _Row]]:
    """Put the best first, and by number what is equally good."""
    return sorted(rows, key=lambda found: (-found[0], found[1].key, found[1].kind))


def _remove(links: Path) -> None:
    """Remove the links; a reload that tantivy began on its own may put a lock there in the midst of it."""
    for _ in range(5):
        shutil.rmtree(links, ignore_errors=True)
        if not links.exists():
            return


def _excerpt(text: str) -> str:
    if len(text) <= EXCERPT:
        return text
    cut = text[: EXCERPT - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"
