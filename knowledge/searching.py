"""Search over pages, rules, families and ICD-10-CM descriptions: written once by the build, read by every process."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tantivy

from knowledge.model import Hit

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]*")
_LONGEST = 64
_POINT = "0dot0"
_MOST_WORDS = 40
_WEIGHTS = {"key": 6.0, "title": 3.0, "body": 1.0}
"""A code that is named outweighs any number of words that agree."""
EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a search may find."""

    kind: str
    key: str
    title: str
    body: str


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("kind", stored=True, tokenizer_name="raw")
    builder.add_text_field("key", stored=True, tokenizer_name="default")
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("body", stored=True, tokenizer_name="en_stem")
    return builder.build()


def write_index(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the index into an empty folder."""
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for entry in entries:
        writer.add_document(
            tantivy.Document(kind=entry.kind, key=_folded(entry.key), title=entry.title, body=entry.body)
        )
    writer.commit()
    writer.wait_merging_threads()


class Search:
    """The index of one release, safe for many threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index read-only."""
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __call__(self, text: str, limit: int = 10) -> tuple[Hit, ...]:
        """Return the best hits; never raises on what a person typed, and finds nothing where no word is left."""
        words = [word.rstrip(".")[:_LONGEST] for word in _WORD.findall(text)[:_MOST_WORDS]]
        if not words or limit < 1:
            return ()
        query = self._query(dict.fromkeys(words))
        found = self._searcher.search(query, limit).hits
        return tuple(self._hit(score, address) for score, address in found)

    def _query(self, words: Iterable[str]) -> Any:
        """Ask for any of the words, in any field, weighted; each word goes through the field's own analyser."""
        should = []
        for word in words:
            asked = f'"{_folded(word)}"'
            for field, weight in _WEIGHTS.items():
                query = self._index.parse_query(asked, [field])
                should.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)))
        return tantivy.Query.boolean_query(should)

    def _hit(self, score: float, address: Any) -> Hit:
        row = self._searcher.doc(address)
        kind, key, title, body = (cast("Any", row.get_first(name)) for name in ("kind", "key", "title", "body"))
        excerpt = body if len(body) <= EXCERPT else body[:EXCERPT].rpartition(" ")[0] + "…"
        return Hit(kind=kind, key=_unfolded(key), title=title, excerpt=excerpt, score=score)


def _folded(key: str) -> str:
    """Keep a code with a point one word, for the analyser would part it there."""
    return key.replace(".", _POINT)


def _unfolded(key: str) -> str:
    return key.replace(_POINT, ".")
