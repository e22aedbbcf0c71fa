"""Part a letter that asks about several patients or days, so that each of its questions is read by itself.

What stands in one item tells nothing of the others: the laceration of one patient is not added to that of the next, and
the visit of Tuesday has no procedure from Friday beside it. A list of what was done in one session stays whole.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from consultant.questions.model import Span

MOST: Final = 6
"""How many items are read apart; a letter with more is a list of something else."""
_LEAST: Final = 25
"""Characters of an item that can tell a case."""
_LETTER: Final = 110
"""Characters of an item that tells its case and asks about it."""
_FIGURE: Final = re.compile(r"\d")

_WORDS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_LABELS: Final = (
    re.compile(
        r"(?:^|(?<=\n)|(?<=[.?!;:][ \t])(?=\(?#?[1-9][.)] [A-Z]))[ \t]*\(?#?(?P<n>[1-9])(?:[.):]"
        r"|[ \t]+[–-])[ \t]+(?=\S)"
    ),
    re.compile(r"(?:^|(?<=\n))[ \t]*\(?(?P<n>[A-Ha-h])(?:[.):]|[ \t]+[–-])[ \t]+(?=\S)"),
    re.compile(
        r"(?:^|(?<=\n)|(?<=[.:;?!] )(?=chart|patient|pt))"
        r"[ \t]*(?:question|patient|pt|case|claim|encounter|chart|item|scenario|number|no|q)"
        r"[ \t]*[.#]?[ \t]*"
        r"(?P<n>[1-9]|[A-Ha-h]|one|two|three|four)\b[ \t]*[.):,–-]*[ \t]*(?=\S)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:^|(?<=\n))[ \t]*(?:the )?(?P<n>first|second|third|fourth)"
        r"(?: (?:one|question|patient|pt|case|claim|chart))?[ \t]*(?:[:,–-]|is\b)[ \t]*(?=\S)",
        re.IGNORECASE,
    ),
)
_BLANK: Final = re.compile(r"\n[ \t]*\n")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = re.compile(
    r"(?<![\w./-])(?:(?P<m>\d{1,2})[/-](?P<d>\d{1,2})(?:[/-]\d{2,4})?|20\d\d-(?P<im>\d\d)-(?P<id>\d\d)"
    rf"|(?P<month>{_MONTH}) (?P<day>\d{{1,2}}(?!\d)|20\d\d)(?:st|nd|rd|th)?"
    rf"|(?P<first>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<name>{_MONTH}))(?![\w/-])|\[DATE_\d+\]",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"\b(?:patient|pt|man|woman|lady|gentleman|boy|girl|baby|infant|toddler|male|female|mr|mrs|ms|PERSON_\d+"
    r"|\d{1,3}[- ]?(?:y/?o|yo|yrs?|years?|m/?o|months?)[- ]?(?:old|m|f)?)\b",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"\bsame (?:patient|pt|claim|wound|lesion|lady|man|woman|child|boy|girl|op\w*)\b|\b(?:the|as) above\b"
    r"|\bfrom (?:question|item|#) ?1\b|\A.{0,40}\bsame (?:visit|day|date|dos|session|encounter|sitting)\b",
    re.IGNORECASE | re.DOTALL,
)
_SEVERAL: Final = re.compile(
    r"\b(?:two|three|four|five|[2-6]|several|few|couple of|different|unrelated)[ \t]+"
    r"(?:(?!(?:on|in|for|of|and|or|per|with|from|to)\b)[a-z/-]+[ \t]+){0,3}(?:patients|pts|cases|charts|encounters"
    r"|claims|people|kids|families)\b",
    re.IGNORECASE,
)
"""Words before the items, or behind them, by which they are several cases."""
_OF_ONE_EACH: Final = re.compile(r"[ \t(]*(?:chart|patient|pt)\b", re.IGNORECASE)
"""A label that is one of a patient by itself: "Chart 1", "Patient B"."""


_OPENING: Final = r"\A[\s(]*(?:(?:and|also|now|then|ok(?:ay)?|next|finally|but|plus)\b,?[ \t]*(?:up[ \t]*)?)*"
_OF_ANOTHER: Final = re.compile(
    _OPENING + r"(?:(?:[^.?!\n]{0,40}?[ \t(,])?(?:on|for|from|is|in)?[ \t]*(?:a|an|my|the|our|one|another|this)?[ \t]*"
    r"(?:second|third|next|other|another|different|separate|unrelated)[ \t]+"
    r"(?:different |separate |unrelated |quick )?(?:patient|pt|case|chart|claim|encounter|scenario|lady|man|woman"
    r"|gentleman|kid|child|girl|boy|person|department|dept)s?\b(?![ \t]+(?:visit|office|e/?m|exam))"
    r"|(?:[^.?!\n]{0,24}[ \t,])?(?:someone|somebody) else\b|(?:un|not )related\b|theirs:|separately,"
    r"|the [\w-]+ (?:one|case|chart|patient|pt)[:,]"
    r"|(?:(?:my|our|the|a) )?(?:second|third|other|another|next) (?:question |one |thing |item )?"
    r"(?:is |comes |came )?from\b|(?:and|also|then|now),? from\b)",
    re.IGNORECASE,
)
"""How a piece begins that tells of another patient or case than the one before it."""
_BACK: Final = re.compile(
    r"\b(?:she|he|they|her|his|it|again|return\w*|c[ao]me back|back for|follow[- ]?up|post-?op\w*|global|later"
    r"|same (?:patient|pt|lesion|wound|claim|lady|man|woman|child|boy|girl|thing|as)|as (?:above|before)"
    r"|(?:this|that|these|those|the|our) (?:same )?(?:patient|pt|lesion|wound|visit|day|excision|procedure|surgery"
    r"|biopsy|pathology|path|report|claim|note|denial|repair))\b",
    re.IGNORECASE,
)
"""What points to the case before, in the first words of a piece."""
_ASK: Final = re.compile(
    r"\?|\b(?:need|want|please|tell (?:me|us)|looking for|wondering|asking|only after)\b"
    r"|\b(?:cpts?|codes?|icd\w*(?:-10)?(?:-cm)?|dx|hcpcs|modifiers?|units)\b[ \t]*(?:[.!]|$|\n)",
    re.IGNORECASE,
)
_HEADED: Final = re.compile(r"(?:^|\n)[ \t]*(?:[A-Z][A-Z /&-]{2,40}:|(?:HPI|PMH|ROS|EXAM|PLAN)\b)")
"""A heading of a pasted note; its paragraphs are of one case, whatever their days."""
_SUBJECT: Final = re.compile(r"\s*subj\w*:[^\n]*\n", re.IGNORECASE)
_SHARED: Final = re.compile(
    r"\b(?:(?:traditional|original|straight) )?"
    r"(?:medicare(?: advantage| part b)?|medicaid|commercial|tricare|part b|ffs)\b",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"[ \t]*[-*•–][ \t]")
_PIECE: Final = re.compile(r"\n[ \t]*\n\s*|(?<=[.?!:])[ \t]+(?=[A-Z(])|\n(?=[ \t]*(?:[A-Z]|[-*•–][ \t]))")
_GIVEN: Final = re.compile(r"(?:^|\n)[ \t]*>|-{4,}[ \t]*(?:original|forwarded)|\bwrote:|\bfrom:", re.IGNORECASE)


def parts(text: str) -> tuple[str, ...]:
    """Return the text once for each of its questions, the other items blanked so that every place stays.

    Nothing where the letter asks one question, or all of it is about one patient and day.
    """
    for label in _LABELS:
        spans = tuple(_items(text, label))
        if not 2 <= len(spans) <= MOST:
            continue
        items = [text[span.start : span.end] for span in spans]
        before = _SUBJECT.sub("", text[: spans[0].start])
        around = f"{text[: spans[0].start]} {text[spans[-1].end :]}"
        said = bool(_SEVERAL.search(around)) or all(map(_OF_ONE_EACH.match, items))
        if _strangers(items, said=said or _whole(before, items)):
            return _each(text, spans)
    return _each(text, tuple(_cases(text)))


def _each(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Blank all items but one each time, and what the subject line says of any: it is of one, and which is not told."""
    subject = _SUBJECT.match(text)
    common = tuple(_unshared(text, subject.end())) if subject else ()
    return tuple(_blanked(text, [*common, *(other for other in spans if other != span)]) for span in spans)


def _unshared(text: str, end: int) -> Iterator[Span]:
    """Yield what stands in the subject line between the words that hold for every item."""
    start = 0
    for match in _SHARED.finditer(text, 0, end):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, end)


def _cases(text: str) -> Iterator[Span]:
    """Yield the stretches that tell a case each, though nothing numbers them; none where it is one case.

    A new one begins with words for another patient, or with a paragraph that has a day of its own and points to
    nothing before it. Each has its own question.
    """
    if _GIVEN.search(text) or len(_HEADED.findall(text)) > 1:
        # In a thread the paragraphs are of several writers on one case, in a note they are sections.
        return
    subject = _SUBJECT.match(text)
    edges = [subject.end() if subject else 0]
    days: set[str] = set()
    asked = False
    for piece in _pieces(text, edges[0]):
        own = _days(text[piece.start : piece.reach])
        told = text[piece.start : piece.end]
        if asked and (_OF_ANOTHER.match(told) or (piece.leads and days and own and not days & own and not _back(told))):
            edges.append(piece.start)
            days, asked = set(), False
        days |= _days(told)
        asked = asked or bool(_ASK.search(told))
    if not 2 <= len(edges) <= MOST:
        return
    spans = [Span(start, end) for start, end in pairwise([*edges, len(text)])]
    items = [text[span.start : span.end] for span in spans]
    if all(len(item.strip()) >= _LEAST and _ASK.search(item) for item in items):
        yield from spans


def _days(text: str) -> set[str]:
    """Return the days of a text, the same day alike however it is written: month and day, or the masked date."""
    return {_day(match) for match in _DAY.finditer(text)}


def _day(match: re.Match[str]) -> str:
    month, day = match["m"] or match["im"], match["d"] or match["id"] or match["day"] or match["first"]
    named = match["month"] or match["name"]
    if named:
        month = str(_MONTHS.index(named[:3].lower()) + 1)
    return f"{int(month)}/{int(day)}" if month else match[0]


def _back(piece: str) -> bool:
    """Tell whether a piece begins with what points to the case before it: "she" whom it has not named itself."""
    pointing = _BACK.search(piece)
    return pointing is not None and not _PERSON.search(piece, 0, pointing.start())


class _Piece(NamedTuple):
    """A sentence or line; one that `leads` a paragraph or stands behind a bullet has a `reach` beyond its end."""

    start: int
    end: int
    reach: int
    leads: bool


def _pieces(text: str, start: int) -> Iterator[_Piece]:
    leads = True
    while start < len(text):
        edge = _PIECE.search(text, start)
        end = edge.start() if edge else len(text)
        blank = _BLANK.search(text, start) if leads else None
        bullet = bool(_BULLET.match(text, start))
        yield _Piece(start, end, (blank.start() if blank else len(text)) if leads else end, leads or bullet)
        leads = edge is not None and bool(_BLANK.match(edge[0]))
        start = edge.end() if edge else len(text)


def _items(text: str, label: re.Pattern[str]) -> Iterator[Span]:
    """Yield the items under labels that count from the first."""
    labels: list[re.Match[str]] = []
    for match in label.finditer(text):
        if _number(match["n"]) == len(labels) + 1:
            labels.append(match)
    if len(labels) < 2:
        return
    starts = [match.start() for match in labels]
    last = starts[-1]
    # Where the items before it are of one paragraph each, what follows the last is the end of the letter.
    single = not any(_BLANK.search(text[start:end].rstrip()) for start, end in pairwise(starts))
    end = _BLANK.search(text, last) if single else None
    for start, stop in pairwise([*starts, end.start() if end else len(text)]):
        yield Span(start, stop)


def _number(written: str) -> int:
    low = written.lower()
    return int(low) if low.isdigit() else _WORDS.get(low) or ord(low) - ord("a") + 1


def _whole(before: str, items: Sequence[str]) -> bool:
    """Tell whether all that is told stands in the items: each is a letter of its own, and nothing is before them."""
    return not _FIGURE.search(before) and all("?" in item and len(item) >= _LETTER for item in items)


def _strangers(items: Sequence[str], *, said: bool) -> bool:
    """Tell whether each item tells of a patient or a day of its own, where the letter has not `said` so before."""
    if any(len(item.strip()) < _LEAST for item in items) or any(_SAME.search(item) for item in items[1:]):
        return False
    unlabelled = (item.split(maxsplit=1)[1] for item in items[1:])
    if said or all(_PERSON.search(item) for item in items) or all(map(_OF_ANOTHER.match, unlabelled)):
        return True
    days = [_days(item) for item in items]
    return all(days) and not set.intersection(*days)


def _blanked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        blank = re.sub(r"[^\n]", " ", text[span.start : span.end])
        text = text[: span.start] + blank + text[span.end :]
    return text
