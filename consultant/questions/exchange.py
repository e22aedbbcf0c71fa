"""Read a thread of mails as one letter: what the mail programs put around each mail is left out, and every place stays.

"From: the PA", "Sent: Monday, June 1, 2026", "On Tuesday coding wrote:" and the marks of a quotation tell of the mail
and nothing of the patient. The lines of a quoted paragraph are joined, behind one mark by which the readers know it.
What older mails asked is no question of this letter, where its own text asks one.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from consultant.questions.spelling import Mended, replaced, without_overlaps

_LINE: Final = re.compile(r"[^\n]+")
_MARKS: Final = re.compile(r"[ \t]*(?:>[ \t]?)+[ \t]*")
# "> 50% of the time" compares; "> 2. Which site?" is an item of a quoted list.
_COMPARISON: Final = re.compile(
    r"[ \t]*>[ \t]?=?[ \t]?[$]?\d[\d.,]*[ \t]?(?:%|cm|mm|sq|min|h(?:ou)?rs?\b|x\b|y)", re.IGNORECASE
)
_FROM: Final = re.compile(r"\*?from\*?[ \t]?:[ \t]*\S[^\n?]{0,70}", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"\*?(?:from|sent|to|cc|bcc|date|subject|subj|re|importance|priority|attachments?|reply-to|on behalf of)\*?[ \t]?:"
    r"[^\n]*",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"[-_=*~#]{3,}")
_MARKER: Final = re.compile(
    r"[-_=*~]{2,}[ \t]?[^\n]{0,40}\b(?:original|forward\w*|earlier|previous|older|reply|message|mail|from)\b[^\n]{0,50}"
    r"|begin forwarded message:?|forwarded message:?"
    # A rule with the name of the sender in it: "===== Surgeon, 7/13/26 =====", ">>> Plastics 4/8 >>>".
    r"|(?P<rule>[-=*~#]{3,}|>{3,}|<{3,})[ \t]*\w[^\n?]{1,60}?[ \t]*(?P=rule)",
    re.IGNORECASE,
)
_WROTE: Final = re.compile(
    r"(?:on[ \t](?:(?!\bwrote\b)[^\n?]){2,90}?\bwrote(?:[ \t]on[ \t][^\n:]{2,24})?"
    r"|(?:(?!\bwrote\b)[^\n?:.]){1,48}\bwrote[ \t]on[ \t][^\n:]{2,30}"
    r"|[^\n:?]{1,50}<[^\s<>]+@[^\s<>]+>[ \t]wrote|(?:(?!\bwrote\b)[^\n?:.,]){1,36}\bwrote(?=[ \t]?:[ \t]*$))[ \t]?:",
    re.IGNORECASE,
)
_BROKEN_WROTE: Final = re.compile(r"on[ \t][^\n?]{8,90}", re.IGNORECASE)
_WROTE_BELOW: Final = re.compile(r"[^\n?]{0,60}\bwrote[ \t]?:[ \t]*", re.IGNORECASE)
# A line of a quotation that begins something of its own.
_BEGINS: Final = re.compile(
    r"[ \t]*(?:[-*•][ \t]|\(?\d{1,2}[.):][ \t]|[A-Ha-h][.)][ \t]|[A-Z][\w #/.&-]{1,40}:(?:[ \t]|$))"
    r"|[^\n]*(?:[ \t]\|[ \t]|\t| {3,})"
)
_MENDED_LINE: Final = 38
"""Characters from which on a quoted line may have been broken by a mail program."""
_ASKS: Final = re.compile(
    r"\?|\b(?:codes?|coding|cpts?|hcpcs|icd(?:-?10)?(?:-cm)?|dx|modifiers?|units?|bill|levels?|lines?)\b", re.IGNORECASE
)
_QUESTION: Final = re.compile(r"(?:(?<=[.!?:;\n])|(?<=\A))[^.!?:;\n]*\?")
_ALTERNATIVES: Final = re.compile(
    r"(?:[A-Za-z]{3,}(?:,[ \t]|/)){0,4}[A-Za-z]{3,},?[ \t]or[ \t][A-Za-z]{3,}", re.IGNORECASE
)
_ALTERNATIVES_AT_MOST: Final = 6
_ANSWERED: Final = (
    r"(?:^|[.!?\n>])[ \t]*(?:(?:it'?s|it (?:is|was)|that'?s|was|is|just|only|the|an?|yes|definitely|ok|so)"
    r"[ \t,]{{1,2}}){{0,4}}"
    r"(?P<a>{}\w*)(?=,? (?:he|she|they|the \w+) (?:says?|said)\b|[ \t]*(?:[.;!\n]|$))"
)
"""An answer in one word, to be filled with the first letters of it: "Moderate.", "It's moderate, he says"."""
_FRAGMENT: Final = re.compile(
    r"(?:(?!\b(?:what|which|how|who|whose|when|where|why|is|are|was|were|did|do|does|has|have|any|or|can|could|may|should"
    r"|would|will)\b)[^?])*[ \t](?:-|–|—)[ \t]\w+(?:(?:,[ \t]|[ \t]and[ \t]|,[ \t]and[ \t])\w+){0,3}[ \t]?\?",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"(?<=\n)[ \t>]*(?:\(?\d{1,2}[.):]|[A-Ha-h][.)])[ \t]*\Z")
# "Was it above or below the fascia?" tells neither; "which of the three sites had 2 cm?" tells of sites.
_TELLS_NOTHING: Final = re.compile(
    r"[ \t>]*(?:(?:and|or|but|also|so|please|pls|hi|doctor|dr)[ ,]+)*(?:is|are|was|were|did|do|does|has|have|had|any"
    r"|both|can|could|may|should|would|will)\b|[^?]*\bor\b|[ \t>]*(?:[\w'/-]+[ \t]+){0,3}[\w'/-]+[ \t]*\?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the letter, without the marks of a quotation."""

    start: int
    at: int
    """Where its words begin."""
    end: int
    depth: int
    words: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The mails of one letter as one text, and which of them each place stands in."""

    mails: Mended
    starts: tuple[int, ...] = ()
    """Where each line begins in the letter as written."""
    ranks: tuple[tuple[int, int], ...] = ()
    """The mail of each line: the marks of its quotation, and which it is of those below each other."""
    asks: bool = False
    """Whether the newest mail asks, so that what the older ones asked is answered or stands in it anew."""

    def rank(self, place: int) -> tuple[int, int]:
        """Return the mail that a place of the joined text stands in; the newest is (0, 0), and older ones are more."""
        at = bisect_right(self.starts, self.mails.written(place)) - 1
        return self.ranks[at] if at >= 0 else NEWEST


NEWEST: Final = (0, 0)
"""The mail that was written last, which is the letter itself."""


def read(text: str) -> Thread:
    """Return the letter without the lines that introduce its mails; nothing is changed in one that quotes none."""
    rows = tuple(_rows(text))
    heads = _heads(rows)
    if not heads and not any(row.depth for row in rows):
        return Thread(Mended(text))
    ranks = tuple(_ranks(rows, heads))
    own = "\n".join(
        row.words for row, rank in zip(rows, ranks, strict=True) if rank == NEWEST and not _FIELD.fullmatch(row.words)
    )
    mails = replaced(text, without_overlaps(_edits(text, rows, heads)))
    return Thread(mails, tuple(row.start for row in rows), ranks, bool(_ASKS.search(own)))


def answered(text: str, thread: Thread) -> Iterator[tuple[int, int, str]]:
    """Yield the questions of older mails that tell nothing, to be left out: they name what may not be so."""
    for match in _QUESTION.finditer(text):
        if _FRAGMENT.fullmatch(match[0]) and thread.rank(match.end() - 1) > NEWEST:
            # "The left ankle ulcer - depth, cause?" tells of the ulcer and asks for what stands behind the dash.
            yield (match.end() - 1, match.end(), ".")
            continue
        told = not _TELLS_NOTHING.match(match[0]) or re.search(r"\d", match[0])
        if not told and thread.rank(match.end() - 1) > NEWEST:
            if answer := _answer(text, match, thread):
                yield (*match.span(), answer)
                continue
            # The number of an item goes with the question that was all of it.
            item = _ITEM.search(text, max(0, match.start() - 12), match.start())
            marks = len(match[0]) - len(match[0].lstrip(" \t>"))
            yield (item.start() if item else match.start() + marks, match.end(), "")


def _answer(text: str, question: re.Match[str], thread: Thread) -> str | None:
    """Return a question of alternatives as a statement, where a sentence of a newer mail says no more than one."""
    listed = _ALTERNATIVES.search(question[0])
    if listed is None:
        return None
    rank = thread.rank(question.end() - 1)
    chosen: dict[str, str] = {}
    for word in re.findall(r"[A-Za-z]{3,}", listed[0].lower())[:_ALTERNATIVES_AT_MOST]:
        answers = re.finditer(_ANSWERED.format(word), text, re.IGNORECASE)
        told = next((match for match in answers if thread.rank(match.start("a")) < rank), None)
        if told:
            chosen[word] = told["a"].lower()
    if len(chosen) != 1:
        return None
    behind = question[0][listed.end() :].rstrip("? ")
    return f"{question[0][: listed.start()]}{next(iter(chosen.values()))}{behind}."


def asking(text: str, older: Callable[[int], bool]) -> str:
    """Return the text with blanks for the questions of older mails, so that every place stays."""
    return _QUESTION.sub(lambda match: " " * len(match[0]) if older(match.end() - 1) else match[0], text)


def _edits(text: str, rows: tuple[_Row, ...], heads: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    above: _Row | None = None
    for place, row in enumerate(rows):
        since = row.start
        if (until := heads.get(place)) is not None:
            yield row.start, until, ""
            since = until
            row = _Row(until, until, row.end, row.depth, text[until : row.end])
        if not row.depth:
            above = None
        elif not row.words.strip():
            yield since, row.end, ""
            above = None
        elif above is not None and above.end + 1 == row.start and _goes_on(above, row):
            yield above.end, row.at, " "
            above = row
        else:
            yield since, row.at, "> "
            above = row


def _ranks(rows: tuple[_Row, ...], heads: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the mail of each line: an older one begins with its head, or with one more mark of a quotation."""
    counts: dict[int, int] = {}
    for place, row in enumerate(rows):
        if place in heads and place - 1 not in heads:
            below = next((other for at, other in enumerate(rows[place:], place) if at not in heads), row)
            # What introduces a quotation begins no mail without marks of its own.
            if below.depth == row.depth:
                counts[row.depth] = counts.get(row.depth, 0) + 1
        yield row.depth, counts.get(row.depth, 0)


def _rows(text: str) -> Iterator[_Row]:
    """Yield the lines; those that begin with a comparison stand in no quotation unless their neighbours do."""
    matches = list(_LINE.finditer(text))
    marked = [_MARKS.match(line[0]) for line in matches]
    plain = [bool(mark) and not _COMPARISON.match(line[0]) for line, mark in zip(matches, marked, strict=True)]
    for place, (line, mark) in enumerate(zip(matches, marked, strict=True)):
        beside = any(
            0 <= other < len(matches) and plain[other] and abs(matches[other].start() - line.start()) < 400
            for other in (place - 1, place + 1)
        )
        if mark and (plain[place] or beside) and not _MARKER.fullmatch(line[0].strip()):
            at = line.start() + mark.end()
            yield _Row(line.start(), at, line.end(), mark[0].count(">"), line[0][mark.end() :])
        else:
            yield _Row(line.start(), line.start(), line.end(), 0, line[0])


def _heads(rows: tuple[_Row, ...]) -> dict[int, int]:
    """Return which lines introduce a mail, each with the place where that ends."""
    heads: dict[int, int] = {}
    open_block = False
    for place, row in enumerate(rows):
        words = row.words.strip()
        below = rows[place + 1] if place + 1 < len(rows) else None
        joined = below is not None and below.start == row.end + 1
        # The fields of a mail stand together; what follows a blank line is its text, with dates of its own.
        open_block = open_block and place - 1 in heads and rows[place - 1].end + 1 == row.start
        if _MARKER.fullmatch(words) or (open_block and _FIELD.fullmatch(words)) or _is_from(rows, place, words):
            heads[place], open_block = row.end, True
        elif wrote := _WROTE.match(row.words):
            heads[place], open_block = row.at + wrote.end(), False
        elif joined and below and _BROKEN_WROTE.fullmatch(words) and _WROTE_BELOW.fullmatch(below.words.strip()):
            heads[place], heads[place + 1] = row.end, below.end
        elif _RULE.fullmatch(words) and below and _FIELD.fullmatch(below.words.strip()):
            heads[place], open_block = row.end, True
    return heads


def _is_from(rows: tuple[_Row, ...], place: int, words: str) -> bool:
    """Tell whether a line names the sender of a mail: it begins a paragraph or a quotation, or fields follow it."""
    if not _FROM.fullmatch(words):
        return False
    row = rows[place]
    above = rows[place - 1] if place else None
    begins = above is None or above.end + 1 < row.start or above.depth != row.depth or not above.words.strip()
    follows = place + 1 < len(rows) and bool(_FIELD.fullmatch(rows[place + 1].words.strip()))
    return place > 0 and (begins or follows)


def _goes_on(above: _Row, row: _Row) -> bool:
    """Tell whether a quoted line goes on in the sentence of the one above it."""
    if above.depth != row.depth or _BEGINS.match(row.words) or "|" in above.words or "\t" in above.words:
        return False
    return len(above.words) >= _MENDED_LINE or row.words[:1].islower()
