"""Find what a letter names that no family of the knowledge base holds, and whether the letter asks about it.

"Code for the sleep study?" must not be answered with the visit that the letter mentions beside it. Names in the
history, in the plan, or in a report that was only looked at ask nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from consultant.questions.model import Named, Span
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.phrases import Cues
from knowledge.uncovered import Uncovered, UncoveredKind

_ASKING: Final = re.compile(
    r"\?|\b(?:which|what|what'?s|right|correct|proper|need|have|is there|get|give) (?:the |an? |your |is the )?"
    r"(?:\w+[ -]){0,3}(?:codes?|cpt|hcpcs|icd)\b|\bcodes? (?:for|of)\b|\bhow (?:do|should|would|to|can)\b"
    r"|\b(?:to|can|may|should|do) (?:i |we |you |he |she |they )?(?:bill|code|report|charge|submit)\b"
    r"|\b(?:billing|coding|reporting|charging) (?:for|of)\b|\bplease (?:code|advise)\b",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"\b(?:after|following|since|s/p|status post|post)[ \t](?:(?!\b(?:and|or|with)\b)[\w'-]+[ \t]){0,2}$", re.IGNORECASE
)
_COMPLICATED: Final = re.compile(
    r"\b(?:SSI|infect\w*|infxn|dehisc\w*|eviscerat\w*|seroma|h(?:a)?ematoma|bleeding|hemorrhage|abscess|incision\w*"
    r"|fascia gave way)\b",
    re.IGNORECASE,
)
"""What goes wrong with the wound of an operation, which is then told as past: "SSI after a colectomy"."""
_NEAR: Final = 80
"""How many characters from a name the words may stand that ask about it."""


def read(text: str, sentences: Sentences, cues: Cues, rows: Mapping[str, Uncovered]) -> tuple[Named, ...]:
    """Return the first place of each thing that is meant of this encounter; one that is asked about goes before.

    `cues` finds the words of `rows`, whose keys are the names that the phrases have as their values.
    """
    found: dict[str, Named] = {}
    for named in _all(text, sentences, cues, rows):
        if named.name not in found or (named.asked and not found[named.name].asked):
            found[named.name] = named
    return tuple(sorted(found.values(), key=lambda row: row.span.start))


def _all(text: str, sentences: Sentences, cues: Cues, rows: Mapping[str, Uncovered]) -> Iterator[Named]:
    for phrase, span in cues.find(text):
        row = rows[str(phrase.value)]
        titled = span.start < sentences.body
        around = sentences.around(span.start)
        act = row.kind is UncoveredKind.SERVICE
        if not titled and status(sentences, span.start, span.end, act=act) is not Status.AFFIRMED:
            continue
        if (
            act
            and _AFTER.search(text, around.start, span.start)
            and _COMPLICATED.search(text, around.start, around.end)
        ):
            continue
        yield Named(row.name, str(row.kind), span, titled or _asks(text, sentences, span), row.hides)


def _asks(text: str, sentences: Sentences, span: Span) -> bool:
    around = sentences.around(span.start)
    start, end = max(around.start, span.start - _NEAR), min(around.end, span.end + _NEAR)
    return bool(_ASKING.search(text, start, end))
