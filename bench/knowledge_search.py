"""Measures the search of a release beside the plainest one that SQLite offers: how often it is right, and how fast.

    .venv/bin/python bench/knowledge_search.py [--held-out] [release folder]

Without a folder a release is built into a temporary one. Each query is asked five times and its median counts.
"""

import argparse
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.build import build
from knowledge.layout import DATABASE
from knowledge.release import open_release

CASES = Path(__file__).with_name("search_cases")
TIMES = 5
SENTENCE = 20
Ask = Callable[[str, int], Sequence[str]]
Case = tuple[str, tuple[str, ...]]


def main() -> None:
    """Measure both and print a table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("folder", nargs="?", type=Path, help="the folder of one release")
    options.add_argument("--held-out", action="store_true", help="use the half that nothing was tuned on")
    options.add_argument("--misses", action="store_true", help="print what is not among the first five")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder = given.folder or build(into=Path(root))
        cases = read(CASES / ("held_out.yaml" if given.held_out else "working.yaml"))
        with open_release(folder) as release:
            table = plainest(folder / DATABASE)
            known = {code for (code,) in table.execute("SELECT key FROM entry")}
            held = [case for case in cases if known & set(case[1])]
            print(
                f"{release.version}: {len(known):,} codes, {len(held)} of {len(cases)} descriptions have a code in it"
            )
            report("this search", lambda text, limit: [hit.key for hit in release.search(text, limit)], held, cases)
            report("SQLite FTS5, any word", lambda text, limit: any_word(table, text, limit), held, cases)
            for text, codes in held if given.misses else ():
                found = [hit.key for hit in release.search(text, 5)]
                if not set(found) & set(codes):
                    print(f"  {text}: {', '.join(codes)} was meant, {', '.join(found)} was found")


def read(path: Path) -> list[Case]:
    """Return the descriptions of a file, each with the codes that are right."""
    return [(case["ask"], tuple(case["codes"])) for case in YAML(typ="safe").load(path)]


def plainest(database: Path) -> sqlite3.Connection:
    """Return a full-text table over every description and page, in memory."""
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE entry USING fts5(key UNINDEXED, text, tokenize = 'porter')")
    table.execute("ATTACH ? AS release", (f"file:{database}?mode=ro",))
    for query in (
        "SELECT DISTINCT code, description FROM release.code WHERE description IS NOT NULL",
        "SELECT code, title || ' ' || document FROM release.page",
    ):
        table.execute(f"INSERT INTO entry {query}")
    return table


def any_word(table: sqlite3.Connection, text: str, limit: int) -> list[str]:
    """Ask for entries with any of the words, ranked by BM25."""
    words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
    rows = table.execute("SELECT key FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT ?", (words, 2 * limit))
    return list(dict.fromkeys(key for (key,) in rows))[:limit]


def report(name: str, ask: Ask, held: Sequence[Case], cases: Sequence[Case]) -> None:
    """Print how often a search is right, and how long it takes for a few words and for a sentence."""
    ranks = [next((at for at, key in enumerate(ask(text, 10)) if key in codes), 99) for text, codes in held]
    right = [sum(rank < first for rank in ranks) / len(ranks) for first in (1, 5)]
    few = timed(ask, [text for text, _ in cases if 2 <= len(text.split()) <= 5])
    many = timed(ask, list(sentences(cases)))
    print(
        f"{name:>22}: right first {right[0]:.1%}, in the first five {right[1]:.1%}; "
        f"2 to 5 words {few}; {SENTENCE} words {many}"
    )


def timed(ask: Ask, texts: Sequence[str]) -> str:
    """Return the median and the 95th percentile of the queries, by the clock and by the time of the processor."""
    took = [[_once(ask, text) for _ in range(TIMES)] for text in texts]
    said = []
    for place, name in ((0, "ms"), (1, "ms of the processor")):
        medians = [statistics.median(one[place] for one in times) for times in took]
        said.append(f"p50 {statistics.median(medians):.2f} p95 {statistics.quantiles(medians, n=20)[-1]:.2f} {name}")
    return ", ".join(said)


def _once(ask: Ask, text: str) -> tuple[float, float]:
    """Return the milliseconds of one query, by the clock and by the processor, which other work does not lengthen."""
    began, used = time.perf_counter(), time.thread_time()
    ask(text, 10)
    return 1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - used)


def sentences(cases: Sequence[Case]) -> Iterator[str]:
    """Yield sentences of twenty words, made of what was typed."""
    words = " and ".join(text for text, _ in cases).split()
    for at in range(0, len(words) - SENTENCE, SENTENCE // 2):
        yield " ".join(words[at : at + SENTENCE])


if __name__ == "__main__":
    main()
