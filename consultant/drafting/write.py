"""The outline becomes the letter's body: plain text that the reviewer edits and that `rendering` turns into HTML.

The shape is small and regular, so that a person can edit it and a program can read it again: blocks stand apart
by a blank line; a block that is one of `outline.TITLES` opens a section; "- " and "1. " open list entries, further
lines of an entry are indented; `[n]` cites the n-th source.
"""

import re
import textwrap
from collections.abc import Iterable

from consultant.drafting.confidence import confidence
from consultant.drafting.model import Claim, Draft, Outcome, Section
from consultant.drafting.outline import TITLES, Outline, outline
from consultant.evidence.asked import LED_OUT, SITUATION
from consultant.evidence.model import Evidence, Missing
from consultant.evidence.wording import joined
from consultant.questions.model import Question, Topic
from consultant.questions.telling import tells_case

WIDTH = 76
"""Characters in a line, so that a quoting mail client still keeps it under 80."""

_HELD = "\u00a0"
_LIKE_A_MARK = re.compile(r" (?=(?:-|\d{1,2}\.|(?:\[\d{1,3}\])+)(?: |$))")

_HANDED_OVER = "Your question has gone to a certified coder, who will answer you in person."
_NO_CODE = "No family that the knowledge base holds chooses a code for this."
_NOTHING_ASKED = "Your letter reached us, but we found no question in it that we can answer."

# What an empty letter is asked for; no chooser can ask, as nothing says which family it would be.
_ASK_ALL = (
    Missing("question", "Which code or which rule is the question about?", ()),
    Missing("procedure", "What was done, by which technique and to which depth?", ()),
    Missing("site", "Where on the body, and on which side?", ()),
    Missing("size", "Which size, in cm (for a lesion: its diameter and the narrowest margin)?", ()),
    Missing("date_of_service", "What was the date of service?", ()),
    Missing("payer", "Who is the payer?", ()),
)


def draft(question: Question, evidence: Evidence, masked: tuple[str, ...]) -> Draft:
    """Draft the answer, the question back or the hand-over that this evidence supports.

    `masked` names the placeholders of the masked letter (PERSON_1); none of them is repeated in the text.
    """
    outcome, reason = decide(question, evidence)
    missing = evidence.missing
    if outcome is Outcome.ASK_BACK and not missing:
        missing = _ASK_ALL
    plan = outline(question, evidence, outcome)
    return Draft(
        outcome=outcome,
        topics=tuple(str(found.topic) for found in question.topics),
        specialty=question.specialty,
        date_of_service=evidence.date_of_service,
        date_assumed=evidence.date_assumed,
        release=evidence.release,
        lines=evidence.lines,
        rejected=evidence.rejected,
        missing=missing,
        sections=plan.sections,
        citations=plan.citations,
        confidence=confidence(question, evidence, outcome, plan.citations),
        masked=masked,
        subject=_subject(evidence, outcome, missing),
        text=write(plan, outcome, missing, reason),
        reason=reason,
    )


def decide(question: Question, evidence: Evidence) -> tuple[Outcome, str | None]:
    """Return the outcome, and for a hand-over why, as a sentence."""
    if not question.text.strip() or question.language == "und":
        return Outcome.ASK_BACK, None
    if question.language != "en":
        return Outcome.HAND_OVER, f"The letter is not in English (it reads as language code {question.language})."
    if question.out_of_scope:
        return Outcome.HAND_OVER, question.out_of_scope
    if question.unread_from is not None:
        length = f"{len(question.text):,} characters"
        return Outcome.HAND_OVER, f"The letter has {length}; only its first {question.unread_from:,} were read."
    if evidence.missing:
        return Outcome.ASK_BACK, None
    if evidence.gap:
        return Outcome.HAND_OVER, evidence.gap
    if _asks_for_a_code_in_vain(question, evidence):
        return Outcome.HAND_OVER, _NO_CODE
    return Outcome.ANSWER, None


def _asks_for_a_code_in_vain(question: Question, evidence: Evidence) -> bool:
    """Tell whether a code is asked for and the release neither chooses one nor speaks of one that the letter names.

    Rules that a search found may still stand in the draft for the reviewer, but they are no answer to "which code".
    """
    named = any(mention.system in ("CPT", "HCPCS") for mention in question.codes)
    # That nothing is billed, or that a visit holds the service, is the answer to "which code".
    chosen = (
        evidence.lines
        or evidence.rejected
        or any(row.rule.startswith((LED_OUT, SITUATION)) for row in evidence.findings)
    )
    told = bool(question.subjects) and tells_case(question)
    return question.topic is Topic.CODE_SELECTION and told and not named and not chosen


def write(plan: Outline, outcome: Outcome, missing: tuple[Missing, ...], reason: str | None = None) -> str:
    """Write the body: wrapped plain text, LF line ends, one newline at the end."""
    numbers = {key: number for number, (key, _) in enumerate(plan.citations, 1)}
    blocks: list[str] = []
    if outcome is Outcome.HAND_OVER:
        blocks.append(_paragraph(f"{_HANDED_OVER} {reason or ''}".strip()))
    elif not plan.sections:
        blocks.append(_paragraph(_NOTHING_ASKED))
    sections = {section.key: section for section in plan.sections}
    for key, title in TITLES.items():
        body = _questions(missing) if key == "missing" else _section(sections.get(key), numbers)
        if body:
            blocks += [title, *body]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section | None, numbers: dict[str, int]) -> list[str]:
    """Write the blocks of one section: the verdict as a paragraph, sources by number, everything else as a list."""
    if section is None:
        return []
    if section.key == "verdict":
        return _verdict(section, numbers)
    if section.key == "sources":
        entries = (_entry(f"[{numbers[claim.citations[0]]}] ", claim.text) for claim in section.claims)
    else:
        entries = (_entry("- ", _marked(claim, numbers)) for claim in section.claims)
    return ["\n".join(entries)]


def _verdict(section: Section, numbers: dict[str, int]) -> list[str]:
    """Write the verdict as a paragraph, or as a numbered list where the letter asks several questions."""
    answers: dict[int, list[Claim]] = {}
    for claim in section.claims:
        answers.setdefault(claim.question or 0, []).append(claim)
    written = {number: " ".join(_marked(claim, numbers) for claim in claims) for number, claims in answers.items()}
    if 0 in written:
        return [_paragraph(" ".join(written.values()))]
    return ["\n".join(_entry(f"{n}. ", f"{answers[n][0].label}: {text}") for n, text in sorted(written.items()))]


def _questions(missing: Iterable[Missing]) -> list[str]:
    """Write the numbered questions, each with what the answer becomes for each value."""
    entries: list[str] = []
    for number, row in enumerate(missing, 1):
        mark = f"{number}. "
        entries.append(_entry(mark, row.question))
        entries += [_entry(" " * len(mark) + "- ", f"{value}: {outcome}") for value, outcome in row.becomes]
    return ["\n".join(entries)] if entries else []


def _marked(claim: Claim, numbers: dict[str, int]) -> str:
    """Return the claim's words followed by its citation marks, inside the full stop's line."""
    marks = "".join(f"[{numbers[key]}]" for key in claim.citations)
    return f"{claim.text} {marks}"


def _paragraph(text: str) -> str:
    """Wrap running text."""
    return _entry("", text)


def _entry(mark: str, text: str) -> str:
    """Wrap one list entry, its further lines indented under its first word."""
    # A line that a wrap made to begin like a list entry or a source would be read as one.
    held = _LIKE_A_MARK.sub(_HELD, text)
    wrapped = textwrap.fill(
        held,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped.replace(_HELD, " ")


def _subject(evidence: Evidence, outcome: Outcome, missing: tuple[Missing, ...]) -> str:
    """Word the subject line: never the sender's words, so that nothing of the letter can stand in a header."""
    if outcome is Outcome.HAND_OVER:
        return "Your coding question is with a coder"
    if outcome is Outcome.ASK_BACK:
        count = len(missing)
        return f"Your coding question: {count} thing{'' if count == 1 else 's'} we need to know"
    codes = list(dict.fromkeys(line.code for line in evidence.lines))
    return f"Your coding question: {joined(codes[:4])}" if codes else "Your coding question: our answer"
