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
from knowledge.search_asked import Asked, Reader, Word
from knowledge.search_codes import Range
from knowledge.search_ranking import Plan, Ranker
from knowledge.search_spelling import Spelling, lexicon
from knowledge.search_wording import ANALYZER, analyzer, indexed, stem
from knowledge.vocabulary import Vocabulary, vocabulary

WORDS = "words.json"
"""The compiled table of the vocabulary and the words of the release, in the folder of the index."""
EXCERPT = 200
_NAMED, _BELOW, _IN_RANGE = 10_000.0, 5_000.0, 1_000.0
"""Scores of a code that is named, of those below it, of those in a range: they come before whatever words agree."""
_CANDIDATES = 100
"""How many entries are ranked; twice as many for a single stem, which many entries have alike."""
_MOST_SOUGHT = 10
"""How many words of a sentence, the rarest, an entry is looked for by; all of them rank it."""
_MOST_IN_RANGE = 5_000
_MOST_LETTERS = 4
"""How many letters of ICD-10-CM a range may go over."""
_FIELDS = {"words": 1.0, "above": 0.7, "body": 0.3, "later": 1.0}
"""The fields of words and what they weigh. `later` holds the words of later encounters instead of `words`: half of all
codes, which are looked at only where somebody asks for one."""
_PART = "\x1f"
"""Stands between the fields of a stored row."""
_LATER = re.compile(r"\b(?:subsequent encounter|sequela)\b|encounter for (?:open|fracture)\b", re.IGNORECASE)
_LATER_WORDS = {stem(word) for word in ("subsequent", "sequela", "healing", "delayed", "nonunion", "malunion", "open")}
_EARLIER = {field: weight for field, weight in _FIELDS.items() if field != "later"}
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
    for name in _FIELDS:
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_bytes_field("row", stored=True)
    return builder.build()


def write_index(folder: Path, entries: Iterable[Entry], wordings: Iterable[str] = ()) -> None:
    """Write the index into a new folder; an empty body stands for the title.

    `wordings` are no entries: ways of saying whose words a misspelled one may be meant for.
    """
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(ANALYZER, analyzer())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    texts = list(wordings)
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
    later = bool(_LATER.search(entry.title))
    standing = _LATER_ENCOUNTER if later else _BILLABLE if entry.billable else _CATEGORY
    # The title of a family names all of its pages and tells none from another; a category names what lies below it.
    above, body = (entry.above, entry.body) if entry.kind == "code" else ((), " ".join((entry.body, *entry.above)))
    plan = Plan.of(entry.title, entry.terms, above, body, standing)
    row = (entry.kind, plan.written(), entry.key, entry.system, entry.title, _excerpt(entry.body))
    names = indexed("; ".join((entry.title, *entry.terms)))
    return tantivy.Document(
        row=_PART.join(part.replace(_PART, " ") for part in row).encode(),
        system=entry.system,
        code=entry.key.upper(),
        body=indexed(entry.body),
        **{"later" if later else "words": names},
        **({} if later else {"above": indexed("; ".join(entry.above))}),
    )


class _Row(NamedTuple):
    """An entry as the index stores it; what only a hit needs is parted later."""

    kind: Any
    plan: Plan
    rest: str

    @property
    def key(self) -> str:
        """The code, or the name of a rule or family."""
        return self.rest.partition(_PART)[0]

    @classmethod
    def read(cls, stored: str) -> "_Row":
        """Read what `_document` wrote."""
        kind, plan, rest = stored.split(_PART, 2)
        return cls(kind, Plan.read(plan), rest)

    def hit(self, score: float, why: Iterable[str]) -> Hit:
        """Return it as a reader sees it."""
        key, system, title, excerpt = self.rest.split(_PART)
        return Hit(self.kind, key, title, excerpt or _excerpt(title), score, system, tuple(why))


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
        return tuple(row.hit(score, ranker.why(row.plan, row.key)) for score, row in found.values())

    @cached_property
    def _reader(self) -> Reader:
        """Parse the table at the first search, so that opening a release stays cheap."""
        return Reader(self.vocabulary, held=self._held, rarity=self._rarity, spelled=self.spelling.correct)

    @cached_property
    def spelling(self) -> Spelling:
        """What corrects a word by the words of the release."""
        return Spelling(self._words["lexicon"], self.vocabulary.plain)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The table of how coders write that the release was built with."""
        return Vocabulary.from_tree(self._words["vocabulary"])

    @cached_property
    def _words(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self._table))

    def _held(self, code: str) -> bool:
        return bool(self._searcher.doc_freq("code", code))

    def _rarity(self, stem: str) -> float:
        """Return how much a stem says: 0 where it is absent, more the rarer it is."""
        count = next(filter(None, (self._searcher.doc_freq(field, stem) for field in _FIELDS)), 0)
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
            most = max(limit, _CANDIDATES if len(asked.stems) > 1 else 2 * _CANDIDATES)
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
        later = any(part in _LATER_WORDS for word in words for reading in word.readings for part in reading.stems)
        affirmed = sorted((word for word in words if not word.denied), key=lambda word: -word.weight) or words
        should = [(tantivy.Occur.Should, self._any_of(word, later=later)) for word in affirmed[:_MOST_SOUGHT]]
        must = [among] if among is not None else []
        if systems is not None:
            must.append(tantivy.Query.term_set_query(self._schema, "system", list(systems)))
        quiet = [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in must]
        if quiet and should and among is None:
            should = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))]
        return tantivy.Query.boolean_query([*quiet, *should])

    def _any_of(self, word: Word, *, later: bool) -> Any:
        """Ask for any stem of any reading of a word."""
        factors: dict[str, float] = {}
        for reading in word.readings:
            for part in reading.stems:
                factors[part] = max(factors.get(part, 0.0), reading.factor)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._anywhere(part, factor, later=later)) for part, factor in factors.items()]
        )

    def _anywhere(self, part: str, factor: float, *, later: bool) -> Any:
        """Ask for a stem in the field where it says most."""
        fields = _FIELDS if later else _EARLIER
        held = [(field, boost) for field, boost in fields.items() if self._searcher.doc_freq(field, part)]
        queries = [tantivy.Query.boost_query(self._term(field, part), factor * boost) for field, boost in held]
        if len(queries) == 1:
            return queries[0]
        return tantivy.Query.disjunction_max_query(queries) if queries else tantivy.Query.empty_query()

    def _found(self, query: Any, most: int) -> list[tuple[float, _Row]]:
        found = self._searcher.search(query, most, count=False).hits
        rows = [(score, cast("Any", self._searcher.doc(address).get_first("row"))) for score, address in found]
        return [(score, _Row.read(row.decode())) for score, row in rows]


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
