"""The page that says what the curated content covers: families, codes, rules, how much was confirmed, last review."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from knowledge.compiling import Compiled, compile_family
from knowledge.limiting import LIMITS, count_limits
from knowledge.reading import read_common, read_family
from knowledge.verify import citations_of

_OPENING = """# What the knowledge base covers

This page is written by `python scripts/coverage.py` from the content itself, and a test holds it to it. A statement
counts as confirmed when at least one of its sources was read in the primary document or its row of a file; drafts mark
every other. What a family leaves out is named in it, and a question beyond all of them is handed to the reviewer.
"""


def coverage_page(content: Path) -> str:
    """Return the page in Markdown; the content must hold."""
    common = read_common(content / "common.yaml")
    families = [compile_family(read_family(path, common)) for path in sorted((content / "families").glob("*.yaml"))]
    codes = sum(len(family.pages) for family in families)
    choosers = sum(family.table is not None for family in families)
    rules = sum(len(family.rules) for family in families)
    modifiers = sum(len(family.modifier_pages) for family in families)
    totals = (
        f"{len(families)} families, {choosers} of them with a chooser; {codes} codes and {modifiers} modifiers with a "
        f"page; {rules:,} rules; {count_limits(content / LIMITS)} limits of sex or age (`{LIMITS}`)."
    )
    lines = [_OPENING, totals, "", "| family | codes with a page | chooser | rules | confirmed | reviewed |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [_row(family) for family in families]
    return "\n".join(lines) + "\n"


def _row(family: Compiled) -> str:
    own = family.family
    pages = ", ".join((*_spans(own.codes), *_spans([page.code for page in family.modifier_pages])))
    confirmed = _confirmed(family)
    return (
        f"| {own.title} (`{own.id}`) | {pages or '-'} | {'yes' if family.table else 'no'} | {len(family.rules)} | "
        f"{confirmed:.0%} | {own.reviewed_on.isoformat()} |"
    )


def _confirmed(family: Compiled) -> float:
    """Return the share of statements of which at least one source was confirmed."""
    parts = (*family.pages, *family.modifier_pages, *family.rules, family.family, family.table)
    cited = [row for part in parts for row in citations_of(part)]
    return sum(any(one.verified for one in row) for row in cited) / len(cited) if cited else 0.0


def _spans(codes: Iterable[str]) -> Iterator[str]:
    """Yield codes in order, three or more consecutive ones of one kind as a span."""
    counted = sorted(code for code in codes if len(code) == 5 and code[1:].isdigit())
    keyed = [(code, int(code) if code.isdigit() else int(code[1:]), place) for place, code in enumerate(counted)]
    for _, group in groupby(keyed, key=lambda row: (row[0].isdigit() or row[0][0], row[1] - row[2])):
        run = [code for code, _, _ in group]
        yield f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run)
    yield from sorted(set(codes) - set(counted))
