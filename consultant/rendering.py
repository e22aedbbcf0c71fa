"""The Jinja environments of letters and pages, and the filters that both share.

Text from a letter or a reviewer comes in as plain text. It is read into blocks once (titles, paragraphs, lists, claim
lines, sources) and written out again, as HTML whose every word is escaped or as plain text in 76 columns.
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from consultant.tags import NOTHING, joined, tag

WIDTH = 76
"""Characters in a line of plain text, so that a quoting mail program still keeps it under 80."""

NO_TITLES: Mapping[str, str] = MappingProxyType({})

_MAX_TITLE = 60
_MAX_INDENT = 8
_ENTRY = re.compile(r"( *)(-|\*|•|\d{1,2}[.)]|\[\d{1,3}\])\s+(?=\S)")
# A run of citation marks, or a code with modifiers, a range, a date.
_APART = re.compile(r"((?:\[\d{1,3}\])+|(?<![\w-])[A-Z0-9.]{1,12}(?:-[A-Z0-9.]{1,12}){1,4}(?![\w-]))")
_TOGETHER = re.compile(r" (?=\[\d{1,3}\])|(?<=\d) (?=(?:cm2?|mm)\b)")
_SOURCE = re.compile(r"\[\d{1,3}\]")
# One claim line, worded as `drafting.outline.line_text` words it, with its citation marks.
_LINE = re.compile(
    r"(?P<code>(?:CPT|HCPCS|ICD-10-CM) [A-Z0-9.]{3,8}(?:-[A-Z0-9]{2})*), (?P<units>\d+) units?"
    r"(?:, diagnos[ie]s (?P<diagnoses>[A-Z0-9., ]+?))?\s*(?P<marks>(?:\[\d{1,3}\])*)"
)
_FLAT = Markup(' width="100%" border="0" cellpadding="0" cellspacing="0"')
_MARK, _WHOLE = Markup(' class="mark"'), Markup(' class="whole"')
_COLUMNS = (("code", "Code"), ("units", "Units"), ("diagnoses", "Diagnosis"), ("marks", "Source"))
# What is read as one word: a code with its system, a number with its unit, a mark with the word it stands after; and
# what would look like a list mark, were it to begin a line.
_GLUE = re.compile(
    r"(?<=\bCPT) (?=\d)|(?<=\bHCPCS) (?=[A-V\d])|(?<=\bICD-10-CM) (?=[A-Z])|(?<=\bmodifier) (?=[A-Z\d]{2}\b)"
    r"|(?<=\d) (?=(?:cm2?|mm|units?|minutes?|min|percent|%)\b)|(?<=[^\s\]]) (?=\[\d{1,3}\])"
    r"|(?<=[\w.]\w) (?=(?:[-*•]|\d{1,2}[.)]) )"
)
_GLUED = "\ue000"
_CLOSINGS = frozenset({"best", "best regards", "kind regards", "regards", "sincerely", "thank you", "thanks"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One paragraph or list entry, unwrapped to one line."""

    mark: str
    """As written: "-", "1.", "[1]"; empty for a paragraph."""
    indent: int
    """Columns before the mark."""
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two blank lines: a title or entries."""

    title: str | None
    key: str | None
    """The key of a known title; None for a title of the writer's own and for entries."""
    entries: tuple[Entry, ...] = ()


def plain(text: str) -> str:
    """Return the text with LF line ends, without tabs, control characters and marks that turn reading direction."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return _NOT_PLAIN.sub(_seen, unix)


_NOT_PLAIN = re.compile(r"[^ -~\n]+")
# Control, format (the direction overrides and joiners among them), surrogate, private use, line and paragraph ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def _seen(run: re.Match[str]) -> str:
    return "".join(char for char in run[0] if unicodedata.category(char) not in _UNSEEN)


def read(text: str, titles: Mapping[str, str] = NO_TITLES) -> tuple[Block, ...]:
    """Read a body into blocks; `titles` are the known ones by key, with which a block may begin."""
    known = {title.lower(): key for key, title in titles.items()}
    stretches = [
        stretch.split("\n") for stretch in re.split(r"\n(?: *\n)+", plain(text).strip("\n")) if stretch.strip()
    ]
    found: list[Block] = []
    for lines, after in zip(stretches, [*stretches, []][1:], strict=True):
        first = lines[0].strip().removesuffix(":")
        key = known.get(first.lower())
        if key is not None or (_reads_as_title(lines[0]) and _may_follow(lines, after)):
            found.append(Block(first, key))
            lines = lines[1:]
        if lines:
            found.append(Block(None, None, tuple(_entries(lines))))
    return tuple(found)


def _reads_as_title(line: str) -> bool:
    """Tell whether a line is short, unmarked and ends without a point, as a title does."""
    words = line.strip()
    unmarked = not _ENTRY.match(line) and not _SOURCE.search(line) and words.lower() not in _CLOSINGS
    return unmarked and len(words) <= _MAX_TITLE and words[:1].isupper() and words[-1:] not in '.,;:?!)]"'


def _may_follow(lines: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether what comes after a first line can stand under it as under a title."""
    if len(lines) == 1:
        return bool(after)
    return bool(_ENTRY.match(lines[1])) and not _SOURCE.match(lines[1])


def _entries(lines: Iterable[str]) -> list[Entry]:
    """Join wrapped lines; a list mark opens a new entry."""
    found: list[Entry] = []
    for line in lines:
        mark = _ENTRY.match(line)
        # A wrapped paragraph may begin a line with a citation mark; only a list of sources begins with one.
        if mark and found and _SOURCE.match(mark[2]) and not _SOURCE.match(found[0].mark):
            mark = None
        if mark:
            found.append(Entry(mark[2], min(len(mark[1]), _MAX_INDENT), _joined(line[mark.end() :])))
        elif found:
            last = found[-1]
            found[-1] = Entry(last.mark, last.indent, _joined(f"{last.text} {line}"))
        else:
            found.append(Entry("", 0, _joined(line)))
    return found


def _joined(text: str) -> str:
    """Return the words with one space between them."""
    return " ".join(text.split())


def blocks(text: str, titles: Mapping[str, str] = NO_TITLES) -> Markup:
    """Write a plain body as simple HTML: h2, p, ul, ol, and tables for claim lines and sources; every word escaped."""
    return Markup("\n").join([piece for block in read(text, titles) for piece in _block_html(block)])


def _block_html(block: Block) -> list[Markup]:
    """Write one block."""
    if block.title is not None:
        return [tag("h2", escape(block.title), Markup(' class="title title-{}"').format(block.key or "own"))]
    if all(_SOURCE.fullmatch(entry.mark) for entry in block.entries):
        return [_sources(block.entries)]
    rows = [_LINE.fullmatch(entry.text) for entry in block.entries if entry.mark == "-"]
    lines = [row for row in rows if row]
    if lines and len(lines) == len(block.entries):
        return [_claim_lines(lines)]
    pieces: list[Markup] = []
    listed: list[Entry] = []
    for entry in block.entries:
        if entry.mark:
            listed.append(entry)
        else:
            pieces.append(tag("p", _inline(entry.text)))
    return [*pieces, *_lists(listed)]


def _lists(entries: Sequence[Entry]) -> list[Markup]:
    """Write entries as lists, deeper ones inside the entry above them; a change of mark begins a new list."""
    written: list[Markup] = []
    position = 0
    while position < len(entries):
        base, ordered = entries[position].indent, entries[position].mark[0].isdigit()
        items: list[Markup] = []
        while position < len(entries) and entries[position].mark[0].isdigit() == ordered:
            entry, below = entries[position], position + 1
            while below < len(entries) and entries[below].indent > base:
                below += 1
            inner = joined(_lists(entries[position + 1 : below]))
            text = f"{entry.mark} {entry.text}" if _SOURCE.fullmatch(entry.mark) else entry.text
            # The number is the writer's, for askers answer by it.
            value = Markup(' value="{}"').format(int(entry.mark.rstrip(".)"))) if ordered else NOTHING
            items.append(tag("li", _inline(text) + inner, value))
            position = below
        written.append(tag("ol" if ordered else "ul", joined(items)))
    return written


def _claim_lines(rows: Sequence[re.Match[str]]) -> Markup:
    """Write claim lines as a table; a column that no line fills is left out."""
    columns = [(key, title) for key, title in _COLUMNS if any(row[key] for row in rows)]
    head = joined(tag("th", escape(title), Markup(' scope="col" align="left"')) for _, title in columns)
    cells = [[_cell(key, _inline(row[key] or "")) for key, _ in columns] for row in rows]
    body = joined(tag("tr", joined(row)) for row in cells)
    inner = tag("thead", tag("tr", head)) + tag("tbody", body)
    return tag("table", inner, Markup(' class="claim-lines"') + _FLAT)


def _sources(entries: Sequence[Entry]) -> Markup:
    """Write the list of sources, each under its number."""
    rows = [
        _cell("number", escape(entry.mark), Markup(' width="36"')) + _cell("source", _inline(entry.text))
        for entry in entries
    ]
    inner = joined(tag("tr", row) for row in rows)
    return tag("table", inner, Markup(' class="sources" role="presentation"') + _FLAT)


def _cell(name: str, inner: Markup, more: Markup = NOTHING) -> Markup:
    """Write one cell of a table; `name` is ours."""
    return tag("td", inner, Markup(' class="{}"{} valign="top"').format(name, more))


def _inline(text: str) -> Markup:
    """Escape running text, set citation marks apart, and keep marks, units and hyphenated codes whole."""
    pieces = _APART.split(_TOGETHER.sub("\N{NO-BREAK SPACE}", text))
    # The pattern has one group, so every second piece is a match.
    return joined(_set_apart(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces))


def _set_apart(piece: str) -> Markup:
    """Write a run of citation marks, or a word with hyphens that no mail program may break."""
    return tag("span", escape(piece), _MARK if piece.startswith("[") else _WHOLE)


def wrap(text: str, width: int = WIDTH, titles: Mapping[str, str] = NO_TITLES) -> str:
    """Write a plain body in lines of at most `width`, entries with a hanging indent, titles in capitals.

    A code is never broken, nor parted from its system; a number stays with its unit. A single word that is longer
    than the line, such as a link, stays whole.
    """
    return "\n\n".join(_block_text(block, width) for block in read(text, titles))


def _block_text(block: Block, width: int) -> str:
    """Write one block as plain text."""
    if block.title is not None:
        return block.title.upper()
    return "\n".join(_filled(entry.text, width, " " * entry.indent, entry.mark) for entry in block.entries)


def fill(text: str, width: int = WIDTH) -> str:
    """Write one paragraph in lines of at most `width`, as `wrap` does."""
    return _filled(_joined(plain(text)), width)


def _filled(text: str, width: int, margin: str = "", mark: str = "") -> str:
    """Wrap one entry, its further lines indented under its first word."""
    first = f"{margin}{mark} " if mark else margin
    filled = textwrap.fill(
        _GLUE.sub(_GLUED, text),
        width,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(_GLUED, " ")


def quote(text: str, width: int = WIDTH) -> str:
    """Write text as a quote: each line behind "> ", wrapped so that the whole is at most `width` wide."""
    lines = [piece for line in plain(text).split("\n") for piece in quote_lines(line, width)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def quote_lines(line: str, width: int = WIDTH) -> list[str]:
    """Return one line as the lines that it takes up in a quote; an empty one takes one."""
    return textwrap.wrap(line, width - len("> "), break_on_hyphens=False) or [""]


def when(value: datetime, zone: tzinfo) -> str:
    """Write a moment as a person in this time zone does: Tuesday, March 3, 2026, 4:05 PM EST."""
    if value.tzinfo is None:
        raise ValueError(f"The time {value.isoformat()} has no time zone; give an aware datetime.")
    local = value.astimezone(zone)
    return (
        f"{local:%A}, {day(local)}, {local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'} {local:%Z}"
    )


def day(value: date) -> str:
    """Write a date: March 3, 2026."""
    return f"{value:%B} {value.day}, {value.year}"


FILTERS: dict[str, Callable[..., Any]] = {
    "blocks": blocks,
    "day": day,
    "fill": fill,
    "quote": quote,
    "when": when,
    "wrap": wrap,
}
"""The filters that letters and pages share."""

WEB_FILTERS: dict[str, Callable[..., Any]] = {}
"""Filters of pages only; the web adds its own before it first asks for the environment."""


def template_root() -> Path:
    """Return the folder of templates: inside the package in a wheel, beside it in the repository."""
    packaged = Path(__file__).parent / "_templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "templates"


@cache
def email_environment() -> Environment:
    """Return the environment of letters, rooted in templates/email."""
    return _environment("email", {})


@cache
def web_environment() -> Environment:
    """Return the environment of pages, rooted in templates/web."""
    return _environment("web", WEB_FILTERS)


def _environment(folder: str, filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """Build an environment in which a missing value raises and HTML is escaped."""
    environment = Environment(
        loader=FileSystemLoader(template_root() / folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "xml"), default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.filters.update(filters)
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def inlined(html: str) -> str:
    """Move the rules of the letter's own style sheet onto its elements; a sheet marked `keep` stays in the head.

    Nothing is ever fetched. Rules can only come from our own templates, as everything else is escaped.
    """
    inlined_html: str = _inliner().inline(html)
    return inlined_html.replace(' data-css-inline="keep"', "", 1)
