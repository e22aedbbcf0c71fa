"""Paragraphs of format=flowed text put together again (RFC 3676)."""

import re

_DEPTH = re.compile(r">*")


def unflow(rows: list[str], *, delsp: bool) -> list[str]:
    """Return the lines with soft breaks undone and stuffed blanks removed; quoted lines keep one mark a level."""
    out: list[str] = []
    paragraph: list[str] = []
    open_depth = 0
    for row in rows:
        marks = _DEPTH.match(row)
        depth = marks.end() if marks else 0
        content = row[depth:]
        # A blank was stuffed before what would else look like a quote or an mbox separator (4.4).
        content = content[1:] if content.startswith(" ") else content
        if paragraph and depth != open_depth:
            out.append(_line(open_depth, paragraph))
            paragraph = []
        open_depth = depth
        # The signature separator ends in a blank and yet is never flowed (4.3).
        soft = content.endswith(" ") and content != "-- "
        paragraph.append(content[:-1] if soft and delsp else content)
        if not soft:
            out.append(_line(depth, paragraph))
            paragraph = []
    if paragraph:
        out.append(_line(open_depth, paragraph))
    return out


def _line(depth: int, paragraph: list[str]) -> str:
    text = "".join(paragraph)
    return f"{'>' * depth} {text}" if depth else text
