"""Keeps silent where a letter asks for the code of what no family holds, whatever its other words could call up.

A thrombosed hemorrhoid is no abscess, though both are incised; the code of a sleep study is not that of the visit which
the letter mentions beside it. Rules that such a letter calls for by themselves (a modifier, a global period, the edit
of two codes that it names) are still answered.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from consultant.evidence.wording import joined
from consultant.questions.model import Named, Question, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.wanted import Wanted, wanted

_VISIT: Final = re.compile(
    r"(?<!beside the )(?<!besides the )(?<!addition to the )(?<!not the )(?<!on top of the )"
    r"\b(?:visits?|e/?m|levels?|99[234]\d[\dx]|consults?|consultations?|encounter|follow-?up|h&p|rounds?|discharge"
    r"|critical care|awv|wellness|physical|well[- ]child|preventive|lev\w{1,3}|(?-i:ED|ER))\b",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"(?m)^[ \t]*>")


def hidden(question: Question, subject: Subject) -> frozenset[str]:
    """Return the families that must not take up a subject: a thing that none of them holds is named where it stands.

    What is asked about stands in every sentence that asks.
    """
    if not any(row.hides for row in question.uncovered):
        return frozenset()
    sentences = Sentences(question.text)
    around = _around(sentences, subject)
    asking = _asking(question, question.uncovered)
    return frozenset(
        family
        for row in question.uncovered
        if sentences.around(row.span.start) in around or (row.asked and around & asking)
        for family in row.hides
    )


def only_of(question: Question, rows: Collection[Named]) -> bool:
    """Tell whether every subject of the letter stands in a sentence that names what no family holds."""
    sentences = Sentences(question.text)
    named = {sentences.around(row.span.start) for row in rows}
    return all(_around(sentences, subject) <= named for subject in question.subjects)


def only_beside(question: Question) -> bool:
    """Tell whether a letter asks about what no family holds, and none of its subjects stands where it asks."""
    rows = meant(question)
    if not any(row.asked for row in rows):
        return False
    sentences, asking = Sentences(question.text), _asking(question, rows)
    return not any(_around(sentences, subject) & asking for subject in question.subjects)


def _around(sentences: Sentences, subject: Subject) -> frozenset[Span]:
    return frozenset(sentences.around(fact.span.start) for fact in subject.facts if fact.span.end > fact.span.start)


def meant(question: Question) -> tuple[Named, ...]:
    """Return what the letter names that no family holds, of the kind of code that it asks for."""
    if not question.uncovered:
        return ()
    want = wanted(question.text, question.codes)
    kinds = set() if question.subjects else {"subject"}
    if Wanted.DIAGNOSIS in want:
        kinds.add("diagnosis")
    if want != {Wanted.DIAGNOSIS}:
        kinds.add("service")
    told = [fact.span for subject in question.subjects for fact in subject.facts]
    return tuple(
        row
        for row in question.uncovered
        # What a family reads as a fact of its own is held: the polyneuropathy of a diabetes.
        if row.kind in kinds and (row.hides or not any(_overlap(row.span, span) for span in told))
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def narrowed(question: Question) -> Question:
    """Leave out the visit, and the diseases, that a letter only mentions beside what it asks and no family holds."""
    rows = meant(question)
    if not rows:
        return question
    asking = _asking(question, rows)
    asked = {row.kind for row in rows if row.asked}

    def kept(subject: Subject) -> bool:
        if subject.kind == "encounter" and str(subject.values().get("visit_kind", "visit")).endswith("visit"):
            return not (asked or _is_quoted(question, subject)) or asks_visit(question)
        if subject.kind == "diagnosis" and "diagnosis" in asked:
            return any(span.start <= fact.span.start < span.end for fact in subject.facts for span in asking)
        return True

    return replace(question, subjects=tuple(filter(kept, question.subjects)))


def asks_visit(question: Question) -> bool:
    """Tell whether the subject line or a sentence that asks names a visit."""
    return any(_VISIT.search(question.text, span.start, span.end) for span in _asking(question, meant(question)))


def _asking(question: Question, rows: Collection[Named]) -> frozenset[Span]:
    sentences = Sentences(question.text)
    return frozenset(
        {sentences.around(row.span.start) for row in rows if row.asked}
        | {
            span
            for span in sentences.spans
            if "?" in question.text[span.start : span.end] or span.start < sentences.body
        }
    )


def _is_quoted(question: Question, subject: Subject) -> bool:
    """Tell whether what a subject says stands in what the letter quotes."""
    text = question.text
    lines = [text.rfind("\n", 0, fact.span.start) + 1 for fact in subject.facts if fact.span.end > fact.span.start]
    return bool(lines) and all(_QUOTED.match(text, line) for line in lines)


def named_in(question: Question, text: str) -> bool:
    """Tell whether a part of the letter names something that no family holds."""
    return any(question.text[row.span.start : row.span.end] in text for row in question.uncovered)


def reason(rows: Collection[Named]) -> str:
    """Say in a sentence what is not held."""
    names = list(dict.fromkeys(row.name for row in rows))[:4]
    return f"The knowledge base holds no curated content on {joined(names)}."
