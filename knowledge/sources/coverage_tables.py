"""The tables of the Medicare Coverage Database that are read: their columns, and what a row of each says.

Columns are those of the exports of 2026 and of CMS's data dictionaries for NCDs, LCDs and articles. Some tables also
hold CPT descriptors, which are the property of others and never taken.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import unescape
from typing import Literal

from knowledge.sources import values
from knowledge.sources.icd_text import CODE, pointed
from knowledge.sources.rows import CoverageCode, CoverageDocument, CoverageLink
from knowledge.sources.values import Odd

Cells = Sequence[str]
CoverageRow = CoverageDocument | CoverageCode | CoverageLink

_NOT_APPLICABLE = frozenset({"", "XX000"})
"""What contractors put where a list of codes is required and they have none."""
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T].*)?")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?")


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """One table of the export."""

    kind: Literal["ncd", "lcd", "article"]
    """The kind of documents in whose export it stands."""
    columns: tuple[str, ...]
    """Columns that are read, in small letters; the table is known by them."""
    parse: Callable[[Cells], CoverageRow]
    """Make a row of the cells of these columns; raises `Odd`."""
    holds: Callable[[Cells], bool] = bool
    """Tell whether a row says anything of what is read."""
    repeats: bool = False
    """True where the same is said once for each contractor."""


def day(text: str) -> date | None:
    """Read a day written `2026-04-01 00:00:00` or 04/01/2026, None for N/A or nothing; raise `Odd` for another text."""
    if text.upper() in {"", "N/A"}:
        return None
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _US_DAY.fullmatch(text):
            return date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise Odd(f'"{text[:40]}" is not a day')


def _first_of(texts: Cells) -> date | None:
    return min(filter(None, map(day, texts)), default=None)


def _number(text: str, what: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Odd(f'"{text[:40]}" is not the number of {what}')
    return text


def _title(text: str) -> str:
    """Return a title as plain text: characters and markup in it are escaped, some of them twice."""
    for _ in range(3):
        text = unescape(text)
    plain = " ".join(_TAG.sub("", text).split())
    if not plain:
        raise Odd("the document has no title")
    return plain


def _article(cells: Cells) -> CoverageDocument:
    number, version, display, title, status, effective, *ends = cells
    return CoverageDocument(
        kind="article",
        id=_number(number, "an article"),
        version=_number(version, "a version"),
        display=display or f"A{number}",
        title=_title(title),
        status=status,
        effective=day(effective),
        ended=_first_of(ends),
    )


def _lcd(cells: Cells) -> CoverageDocument:
    number, version, display, title, status, revised, original, *ends = cells
    return CoverageDocument(
        kind="lcd",
        id=_number(number, "an LCD"),
        version=_number(version, "a version"),
        display=display or f"L{number}",
        title=_title(title),
        status=status,
        effective=day(revised) or day(original),
        ended=_first_of(ends),
    )


def _ncd(cells: Cells) -> CoverageDocument:
    number, version, section, title, effective, ended = cells
    title = _title(title)
    return CoverageDocument(
        kind="ncd",
        id=_number(number, "an NCD"),
        version=_number(version, "a version"),
        display=section or number,
        title=title,
        # NCDs have no status. Those that were withdrawn stay in the export, most without an end; the title tells them.
        status="R" if "RETIRED" in title.upper() else "",
        effective=day(effective),
        ended=day(ended),
    )


def _code(cells: Cells, role: Literal["procedure", "supports", "conflicts"]) -> CoverageCode:
    number, version, code, group = cells
    if role == "procedure":
        code = values.code(code.upper())
    elif CODE.fullmatch(code.upper()):
        code = pointed(code.upper())
    else:
        raise Odd(f'"{code[:40]}" is not a code of ICD-10-CM')
    place = int(_number(group or "0", "a group"))
    return CoverageCode(_number(number, "an article"), _number(version, "a version"), code, role, place)


def _has_code(cells: Cells) -> bool:
    return cells[2].upper() not in _NOT_APPLICABLE


def _link(cells: Cells) -> CoverageLink:
    article, lcd = cells
    return CoverageLink(_number(article, "an article"), _number(lcd, "an LCD"))


def _has_lcd(cells: Cells) -> bool:
    # The other rows of this table name articles that belong together.
    return cells[1] not in {"", "0"}


_DOCUMENT = ("display_id", "title", "status")
_ARTICLE_ENDS = ("article_end_date", "article_rev_end_date", "date_retired")
_LCD_ENDS = ("rev_end_date", "ent_det_end_date", "date_retired")
_LISTED = ("article_id", "article_version")
_PROCEDURES = (*_LISTED, "hcpc_code_id", "hcpc_code_group")
_COVERED = (*_LISTED, "icd10_code_id", "icd10_covered_group")
_NOT_COVERED = (*_LISTED, "icd10_code_id", "icd10_noncovered_group")
_NCD = ("ncd_id", "ncd_vrsn_num", "ncd_mnl_sect", "ncd_mnl_sect_title", "ncd_efctv_dt", "ncd_trmntn_dt")

TABLES = (
    CoverageTable("article", (*_LISTED, *_DOCUMENT, "article_eff_date", *_ARTICLE_ENDS), _article),
    CoverageTable("lcd", ("lcd_id", "lcd_version", *_DOCUMENT, "rev_eff_date", "orig_det_eff_date", *_LCD_ENDS), _lcd),
    CoverageTable("ncd", _NCD, _ncd),
    CoverageTable("article", _PROCEDURES, partial(_code, role="procedure"), _has_code),
    CoverageTable("article", _COVERED, partial(_code, role="supports"), _has_code),
    CoverageTable("article", _NOT_COVERED, partial(_code, role="conflicts"), _has_code),
    CoverageTable("article", ("article_id", "r_lcd_id"), _link, _has_lcd, repeats=True),
)
"""The tables that are read; no header fits two of them."""
