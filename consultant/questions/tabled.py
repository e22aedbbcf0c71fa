"""Read a table as sentences: each row becomes a line of its own, each cell with the words of its column's head.

"wound | site | size (cm)" over "1 | left shin | 4 x 3" reads as "1) site: left shin, size: 4 x 3 cm". The readers of
sentences then need not know of tables, and every place stays true (`Mended`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from consultant.questions.spelling import Mended

_LINE: Final = re.compile(r"[^\n]*\n?")
_PIPE: Final = re.compile(r"[ \t]*\|[ \t]*")
_GAP: Final = re.compile(r"[ \t]*\t[ \t]*| {3,}|(?<=\S) {2}(?=\S)")
_RULE: Final = re.compile(r"[ \t]*[|+]?[ \t]*[:=_-]{2,}(?:[ \t]*[|+][ \t]*[:=_-]*|[ \t]+[:=_-]{2,}|[:=_-]*)*[ \t]*")
_NUMBER: Final = re.compile(r"\d|\bnone\b", re.IGNORECASE)
_LABEL_HEAD: Final = re.compile(
    r"(?:#|no\.?|nr\.?|num(?:ber)?|(?:wound|lesion|site|ulcer|lac(?:eration)?|specimen|repair|burn|item|area|line)"
    r"(?:[ \t]?(?:#|no\.?|number|id))?)?",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"(?:wound|lesion|site|ulcer|lac|#)?[ \t]*#?(?P<n>[1-9]|[A-H])[).:]?", re.IGNORECASE)
_UNIT: Final = re.compile(
    r"(?<![\w/])(?P<unit>sq\.?[ \t]?cm|cm(?:2|²|\^2)|cms?|mm|inch(?:es)?|ml|cc|mg|mcg|min(?:ute)?s?|hours?)(?![\w/])",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"\d+(?:\.\d+)?(?:[ \t]*(?:x|×|by)[ \t]*\d+(?:\.\d+)?){0,2}", re.IGNORECASE)
_SIDES: Final = re.compile(r"\d+(?:\.\d+)?(?:[ \t]*(?:x|×|by)[ \t]*\d+(?:\.\d+)?){1,2}", re.IGNORECASE)
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z /&'.,()#²^\d?-]{0,48}")
_SITE_HEAD: Final = re.compile(r"(?:body )?(?:sites?|locations?|wounds?|lesions?|regions?|where|areas?|place)", re.I)


_KNOWN_HEAD: Final = re.compile(
    r"(?:(?:body |anatomic(?:al)? )?(?:sites?|locations?|regions?|areas?|places?)|lesions?|wounds?|nails?"
    r"|digits?|where|what"
    r"|(?:lesion |wound |repair |closed |excised )?(?:size|length|diam(?:eter|\.)?|margins?|count|number|qty|how many|#"
    r"|technique|closure|method|path(?:ology)?|dx|diagnosis|how|blocks?|stage))[ \t]?(?:\(?(?:cm|mm|sq\.? ?cm)\)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: tuple[_Cell, ...]


def read(text: str) -> Mended:
    """Return the text with its tables told row by row, and the way back to the places of the text as written."""
    if "|" not in text and "\t" not in text and "  " not in text:
        return Mended(text)
    pieces: list[str] = []
    starts, shifts = [0], [0]
    done = length = 0
    for start, end, written in (change for table in _tables(text) for change in _changes(table)):
        pieces += [text[done:start], written]
        length += start - done
        # What is written in between is no place of its own: it ends the cell before it and stands for the one behind.
        starts += [length, length + min(1, len(written)), length + len(written)]
        shifts += [shifts[-1], length - end, length + len(written) - end]
        length += len(written)
        done = end
    if not pieces:
        return Mended(text)
    return Mended("".join([*pieces, text[done:]]), tuple(starts), tuple(shifts))


def _tables(text: str) -> Iterator[list[_Row]]:
    """Yield the rows of each table, its head first; a line of dashes is part of it and no row."""
    lines = [match for match in _LINE.finditer(text) if match[0]]
    for separator in (_PIPE, _GAP):
        rows = [(_row(match, separator), match[0].rstrip("\n")) for match in lines]
        for inside, group in groupby(rows, key=lambda row: bool(row[0]) or bool(_RULE.fullmatch(row[1]))):
            found = [row for row, _ in group if row]
            if inside and (_is_table(found, piped=separator is _PIPE) or _is_labelled(found)):
                yield found
        if separator is _PIPE and "|" in text:
            return


def _row(line: re.Match[str], separator: re.Pattern[str]) -> _Row | None:
    """Return a line as a row of a table; None where it has no two cells or is a rule between rows."""
    written = line[0].rstrip("\n")
    if _RULE.fullmatch(written):
        return None
    begin = len(written) - len(written.lstrip(" \t>|"))
    until = len(written.rstrip(" \t|"))
    if begin >= until:
        return None
    cells = []
    at = begin
    for match in separator.finditer(written, begin, until):
        cells.append(_Cell(line.start() + at, line.start() + match.start(), written[at : match.start()]))
        at = match.end()
    cells.append(_Cell(line.start() + at, line.start() + until, written[at:until]))
    return _Row(line.start(), line.start() + len(written), tuple(cells)) if len(cells) > 1 else None


def _is_table(rows: Sequence[_Row], *, piped: bool) -> bool:
    """Tell whether rows belong together: a head without numbers, and what stands under it as wide as it is."""
    if len(rows) < 2 or not _is_head(rows[0]):
        return False
    width = len(rows[0].cells)
    alike = all(len(row.cells) == width for row in rows[1:])
    # Two columns that only blanks part are a table where the head says so: "Site   Size".
    told = width > 2 or all(_KNOWN_HEAD.fullmatch(cell.text.strip()) for cell in rows[0].cells)
    return alike if piped else alike and told


def _is_labelled(rows: Sequence[_Row]) -> bool:
    """Tell whether rows without a head belong together: as wide as each other, and each with a label of its own."""
    labels = [match["n"] for row in rows if (match := _LABEL.fullmatch(row.cells[0].text))]
    alike = len({len(row.cells) for row in rows}) == 1
    return len(rows) > 1 and alike and len(set(labels)) == len(rows)


def _is_head(row: _Row) -> bool:
    words = [cell.text for cell in row.cells if cell.text.strip() not in ("", "#")]
    told = [_UNIT.sub("", word) for word in words]
    return bool(words) and all(_WORDS.fullmatch(word) for word in words) and not any(map(_NUMBER.search, told))


def _changes(rows: Sequence[_Row]) -> Iterator[tuple[int, int, str]]:
    """Yield what is written in place of which stretch: labels, heads, units and the marks between cells."""
    headed = not _is_labelled(rows)
    head, body = rows[0], rows[headed:]
    heads = [_head(cell.text) if headed else "" for cell in head.cells]
    units = [(headed and _unit(cell.text)) or _unit_of(body, column) for column, cell in enumerate(head.cells)]
    labelled = not headed or _LABEL_HEAD.fullmatch(head.cells[0].text.strip())
    if headed:
        # What the head says is said in every row; left in its own line it would be told of a wound that is none.
        yield head.start, head.end, " " * (head.end - head.start)
    for row in body:
        first = row.cells[0]
        label = _LABEL.fullmatch(first.text) if labelled else None
        opened = f"\n{label['n']}) " if label else "\n- "
        skipped = 1 if label else 0
        last = row.start
        for place, cell in enumerate(row.cells[skipped:]):
            column = place + skipped
            lead = opened if place == 0 else ", "
            yield last, cell.start, lead + (f"{heads[column]}: " if heads[column] and cell.text.strip() else "")
            last = cell.end
            if units[column] and _BARE.fullmatch(cell.text.strip()):
                yield cell.end, cell.end, f" {units[column]}"
        yield last, row.end, "."


def _head(words: str) -> str:
    """Return what the head of a column adds to its cells; a head of sites or a bare unit adds nothing."""
    plain = re.sub(r"[ \t]*[(\[][ \t]*[)\]]|,[ \t]*$", "", _UNIT.sub("", words)).strip(" \t,?")
    return "" if _SITE_HEAD.fullmatch(plain) or plain == "#" else plain


def _unit(words: str) -> str | None:
    found = _UNIT.search(words)
    return found["unit"] if found else None


def _unit_of(rows: Sequence[_Row], column: int) -> str | None:
    """Return the unit of lengths that a table writes somewhere, for the two sides of a size written without."""
    if not any(_SIDES.fullmatch(row.cells[column].text.strip()) for row in rows):
        return None
    told = (_UNIT.search(cell.text) for row in rows for cell in row.cells if _SIDES.match(cell.text.strip()))
    return next((match["unit"] for match in told if match and match["unit"].lower() in ("cm", "mm")), None)
