"""The questions of a letter taken apart: each with its own words, and the words of the rest of the letter around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from consultant.evidence.rule_words import terms

_SUBJECT = re.compile(r"^\s*(?:subject|subj|re|fw|fwd)\s*:?\s+(?P<words>[^\n]+)$", re.IGNORECASE | re.MULTILINE)
_SENTENCE = re.compile(r"[^.?!\n;]+(?:[.](?=\S)[^.?!\n;]*)*[.?!]*|\n[ \t]*\n")
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_SHORT = re.compile(r"\b(?P<word>drs?|mrs?|ms|vs|approx|incl|dx|no|st)\.(?=\s)", re.IGNORECASE)
_ITEM = re.compile(r"(?<![\w/.])\(?(?:\d{1,2}|[a-e])[.)](?=\s)")
_ASKS: Final = re.compile(
    r"\?|^\W*(?:(?:and|or|but|so|also|if so|if not|please|pls|hi|hello|then)\W+)*"
    r"(?:can|could|may|should|do|does|did|is|are|was|were|has|have|will|would|must|what|whats|which|when|how|who|whose|"
    r"where|why)\b|\b(?:i (?:need|want|would like) to know|wonder|whether|please (?:tell|explain|advise|confirm)"
    r"|who is right|ok to|okay to|allowed to|need the|which of|or not)\b",
    re.IGNORECASE,
)
_AND = re.compile(
    r",?\s+(?:and|or)\s+(?=(?:(?:by|for|in|on|at|from|until|to|under|with) )?(?:does|do|may|can|which|what|how|is|are"
    r"|should|must|who|whose|when|where|why|would)\b)"
    r"|,\s+(?=(?:(?:by|for|from|until) )?(?:how (?:long|many|far|much)|which|what|when|who)\b"
    r"(?! (?:is|are|was|were)\b))",
    re.IGNORECASE,
)
_LEAST = 2
"""How many telling words a question has; one with fewer ("Who is right?") is read with what stands before it."""
_TOLD = 2
"""How many sentences before it belong to such a question."""

_FEW = 5
"""A question of fewer telling words lives on what the rest of the letter tells."""
_SUBJECT_WEIGHT, _BEFORE_WEIGHT, _CONTEXT_WEIGHT, _CONTEXT_OF_FEW = 0.6, 0.5, 0.2, 0.35


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a letter."""

    text: str
    words: Mapping[str, float]
    """The words of the question with 1, those of the subject line and of the rest of the letter with less."""
    own: frozenset[str]
    """The words of the question itself."""
    told: str = ""
    """The subject line, and the sentence before the question."""
    whole: bool = False
    """Whether the letter asks nothing in so many words, so that all of it stands for the question."""


def questions(text: str) -> tuple[Asked, ...]:
    """Return each question of a letter; one that is the whole letter where nothing in it reads as a question."""
    subject = next((match["words"] for match in _SUBJECT.finditer(text)), "")
    body = _SUBJECT.sub("\n", text, count=1)
    sentences = [row for row in _sentences(body) if terms(row) or "?" in row]
    asking: list[tuple[str, str]] = []
    if "?" in subject and len(set(terms(subject))) >= _FEW:
        asking.append((subject, ""))
    for place, row in enumerate(sentences):
        if not _ASKS.search(row):
            continue
        before = sentences[place - 1] if place else ""
        if len(set(terms(row))) < _LEAST:
            # "Who is right?" asks of what was told just before.
            row = " ".join(sentences[max(0, place - _TOLD) : place + 1])
            before = ""
        if asking and asking[-1][0] in row:
            asking.pop()
        asking += _parts(row, before)
    whole = not asking
    if not any("?" in row or len(set(terms(row))) >= _FEW for row, _ in asking):
        # "We need the rule, see below" asks of all that was told.
        asking = [(" ".join(sentences) or subject, "")]
    return tuple(_asked(row, before, subject, body, whole=whole) for row, before in asking)


def _parts(row: str, before: str) -> list[tuple[str, str]]:
    """Part a sentence that asks two things, each with what was told before it."""
    parts = _AND.split(row)
    if len(parts) < 2 or any(len(set(terms(part))) < _LEAST for part in parts):
        return [(row, before)] if terms(row) else []
    return list(zip(parts, (before, *parts), strict=False))


def _asked(row: str, before: str, subject: str, body: str, *, whole: bool) -> Asked:
    own = frozenset(terms(row))
    weights = dict.fromkeys(terms(body), _CONTEXT_WEIGHT if len(own) >= _FEW else _CONTEXT_OF_FEW)
    weights |= dict.fromkeys(terms(subject), _SUBJECT_WEIGHT)
    weights |= dict.fromkeys(terms(before), _BEFORE_WEIGHT)
    weights |= dict.fromkeys(own, 1.0)
    return Asked(row, weights, own, f"{subject} {before}", whole)


def _sentences(body: str) -> list[str]:
    """Cut the body into sentences; a numbered item begins one, a line that a mail program broke does not end one."""
    found = []
    for block in re.split(r"\n[ \t]*\n", _ITEM.sub("\n\n", _QUOTED.sub("", body))):
        flat = _SHORT.sub(r"\g<word>", " ".join(block.split()))
        found += [match[0].strip() for match in _SENTENCE.finditer(flat)]
    return [row for row in found if row]
