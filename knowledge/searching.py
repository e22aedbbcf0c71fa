"""Search over pages, rules, families and ICD-10-CM descriptions: written once by the build, read by every process."""

import re
import shutil
import tempfile
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
_WEIGHTS = {"title": 3.0, "body": 1.0}
_NAMED = 10_000.0
"""The score of a code that is named: it comes before whatever words agree."""
_POINTLESS = re.compile(r"([A-Za-z]\d[0-9A-Za-z])([0-9A-Za-z]{1,4})")
"""An ICD-10-CM code written without its point."""
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
    # Words are asked for one by one, so that their positions need not be kept.
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem", index_option="freq")
    builder.add_text_field("body", stored=True, tokenizer_name="en_stem", index_option="freq")
    return builder.build()


def write_index(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the index into an empty folder; an empty body stands for the title."""
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for entry in entries:
        writer.add_document(
            tantivy.Document(kind=entry.kind, key=_folded(entry.key), title=entry.title, body=entry.body)
        )
    writer.commit()
    writer.wait_merging_threads()
    for lock in folder.glob(".*.lock"):
        lock.unlink()


class Search:
    """The index of one release, safe for many threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index; nothing is written into its folder, which may lie on a read-only file system."""
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
            for key in _keys(word):
                named = self._index.parse_query(f'"{_folded(key)}"', ["key"])
                should.append((tantivy.Occur.Should, tantivy.Query.const_score_query(named, _NAMED)))
            for field, weight in _WEIGHTS.items():
                query = self._index.parse_query(f'"{_folded(word)}"', [field])
                should.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)))
        return tantivy.Query.boolean_query(should)

    def _hit(self, score: float, address: Any) -> Hit:
        row = self._searcher.doc(address)
        kind, key, title, body = (cast("Any", row.get_first(name)) for name in ("kind", "key", "title", "body"))
        return Hit(kind=kind, key=_unfolded(key), title=title, excerpt=_excerpt(body or title), score=score)


def _remove(links: Path) -> None:
    """Remove the links; a reload that tantivy began on its own may put a lock there in the midst of it."""
    for _ in range(5):
        shutil.rmtree(links, ignore_errors=True)
        if not links.exists():
            return


def _keys(word: str) -> tuple[str, ...]:
    """Return the codes that a word may be: itself, and with the point of an ICD-10-CM code; none without a digit."""
    if not any(letter.isdigit() for letter in word):
        return ()
    pointless = _POINTLESS.fullmatch(word)
    return (word, f"{pointless[1]}.{pointless[2]}") if pointless else (word,)


def _excerpt(text: str) -> str:
    if len(text) <= EXCERPT:
        return text
    cut = text[: EXCERPT - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _folded(key: str) -> str:
    """Keep a code with a point one word, for the analyser would part it there."""
    return key.replace(".", _POINT)


def _unfolded(key: str) -> str:
    return key.replace(_POINT, ".")
