"""The rules that answer a letter question by question, and those near them that a reader wants beside.

`rule_search` ranks the statements of the release for each question and says how sure each answers; what stands in the
verdict and what below it is decided here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consultant.evidence.asked import SPOKEN_OF, asks_for_row, direct
from consultant.evidence.asked_modifiers import named_modifiers
from consultant.evidence.asking import Asked, questions
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.rule_index import Passage
from consultant.evidence.rule_search import CALLED, GENERAL, Found, search
from consultant.evidence.rule_words import terms
from consultant.questions.model import Topic

# How sure a statement must be. Set on tests/unit/evidence/rule_letters.yaml: of the letters that the knowledge base has
# no family for, one in 33 reaches the first.
_ANSWERS = 0.5
_ANSWERS_BESIDE = 0.6
"""What a statement must reach to be worth reading where a row or a page answers already."""
_SURE = 0.85
"""What it must reach to stand in the verdict then, or beside claim lines."""
_WHOLLY = 0.95
"""The share of a way of asking from which on a rule stands beside one that ranks somewhat higher."""
_FOR_THE_REVIEWER = 0.15

_NEXT, _NEXT_SURE = 0.9, 0.7
"""A second statement stands in the verdict where it ranks as high as this share of the first, and is as sure."""
_NEAR, _CLOSE = 0.5, 0.75
"""A statement is worth reading where it ranks as high as this share of the first; the second beside another answer."""
_MOST_ANSWERS, _MOST_NEAR, _MOST_QUESTIONS, _MOST_FOUND = 2, 3, 5, 3
_MOST_IN_VERDICT, _MOST_BELOW = 4, 6
_LISTED = 4
"""How many codes besides those asked about a statement may name before it counts as a list."""
_DIAGNOSES = "icd_"
"""How the names of the families begin that are about diagnoses."""
_CODE = re.compile(r"\b(?:\d{5}|[A-V]\d{4})\b")
_RANGE = re.compile(r"\b\d{5} to \d{5}\b")

_TELLING = 40
"""How many words a letter that asks nothing in so many words may have to be a question; a longer one tells a case."""

_CODE_ASKED = re.compile(
    r"\b(?:which|wich|what|waht|whats|need|needs|best|right|correct|proper|cpt|procedure)\b[^?.]{0,40}"
    r"\b(?:codes?|cpt|hcpcs|dx|level)\b"
    r"|\b(?:codes?|cpt|dx|icd(?:-?10)?|diagnos[ei]s|level)\s*(?:\?|please|pls|$)"
    r"|\bhow (?:do|would|should|to|is|are)\b[^?.]{0,40}\b(?:code|coded)\b|\bcode (?:this|it|for)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b\d{1,2}/\d{1,2}/(?:20)?\d\d\b")
"""A date marks a case, also one that is not said to be that of the service."""
_ENDED = re.compile(r"(?<=[.?!])\s+")
_MORE_ASKED = re.compile(
    r"\bmod(?:ifier)?s?\b|\balso\b|\btoo\b|as well|separate|\bboth\b|same (?:day|session)|\bunits?\b"
    r"|together|includ|bundl"
    r"|\bedits?\b|\bwhy\b|\bwhen\b|document|how many|differen|\bif\b|\bglobal",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the rules say to a letter."""

    findings: tuple[Finding, ...] = ()
    sure: float = 0.0
    """How sure the best of them answers."""
    called: bool = False
    """Whether the letter tells a situation that calls for a rule, so that nothing of a case decides."""


def rules(inquiry: Inquiry, *, answer: bool, beside: bool = True) -> Spoken:
    """Report the rules that speak to the letter.

    With `answer` nothing else answers yet, and the best rule of each question may; with `beside` it may stand beside
    another answer, but has to be surer.
    """
    modifiers = named_modifiers(inquiry)
    every = questions(inquiry.question.text)[:_MOST_QUESTIONS]
    held = [
        (asked, rows)
        for asked in every
        if not _for_a_chooser(inquiry, asked)
        and (rows := _surest(search(inquiry, asked, _meant(modifiers, asked, every))))
    ]
    found = [rows for _, rows in held]
    unmet = [rows for asked, rows in held if not asks_for_row(asked.text) or rows[0].called >= CALLED]
    if answer:
        able = [rows for rows in found if rows[0].sure >= _ANSWERS]
        verdict = _verdict(able)
        below = _near(able, verdict, _NEAR, _MOST_NEAR)
    elif inquiry.lines:
        # The facts of a case share words with every rule; beside its lines only what the letter names is wanted.
        able = [rows for rows in unmet if _beside_lines(rows[0])]
        verdict = _verdict(able)
        below = [rows[0].passage for rows in found if rows[0].sure >= _SURE and _of_letter(inquiry, rows[0].passage)]
    else:
        able = [rows for rows in found if rows[0].sure >= _ANSWERS_BESIDE and _in_play(inquiry, rows[0].passage)]
        verdict = [rows[0].passage for rows in able if beside and _beside(inquiry, rows[0])]
        # What no row of an official file can answer is answered as if there were none.
        verdict = list(dict.fromkeys([*verdict, *_verdict([rows for rows in unmet if _speaks(inquiry, rows[0])])]))
        below = [row for row in _near(able, verdict, _CLOSE, _MOST_ANSWERS) if _in_play(inquiry, row)]
    verdict = verdict[:_MOST_IN_VERDICT]
    below = [row for row in below if row not in verdict]
    findings = (*(_finding(row, first=True) for row in verdict), *(_finding(row) for row in below))
    called = any(
        row.called >= _WHOLLY and row.passage in verdict and not _chooses_diagnosis(inquiry)
        for rows in found
        for row in rows
    )
    return Spoken(findings, max((rows[0].sure for rows in able), default=0.0), called)


def _chooses_diagnosis(inquiry: Inquiry) -> bool:
    """Tell whether a letter tells a diagnosis that is to be chosen: no rule stands for what is still open of it."""
    return bool(inquiry.consulted) and all(family.startswith(_DIAGNOSES) for family in inquiry.consulted)


def _meant(modifiers: frozenset[str], asked: Asked, every: Sequence[Asked]) -> frozenset[str]:
    """Return the modifiers that a question names; where it names none, those that no other question names."""
    own = _written(modifiers, asked.text)
    return own or modifiers - _written(modifiers, " ".join(row.text for row in every))


def _written(modifiers: frozenset[str], text: str) -> frozenset[str]:
    """Return the modifiers that stand in a text as words of their own."""
    return frozenset(row for row in modifiers if re.search(rf"(?<!\w){row}(?!\w)", text))


def _for_a_chooser(inquiry: Inquiry, asked: Asked) -> bool:
    """Tell whether a question is for the code of a case that the letter tells: a rule near it is no answer to that."""
    told = inquiry.question.subjects or inquiry.question.date_of_service or _DATED.search(inquiry.question.text)
    if not told:
        return False
    if asked.whole and len(asked.text.split()) > _TELLING:
        return True
    # What stands before "Code?" tells the case.
    last = _ENDED.split(asked.text.strip())[-1]
    return bool(_CODE_ASKED.search(SPOKEN_OF.sub(" ", last))) and not _MORE_ASKED.search(last)


def _surest(rows: Sequence[Found]) -> tuple[Found, ...]:
    """Put the surest first of the statements that rank about as high as the best."""
    best = max((row for row in rows if row.weight >= _NEXT * rows[0].weight), key=lambda row: row.sure, default=None)
    return (best, *(row for row in rows if row is not best)) if best else ()


def _beside_lines(row: Found) -> bool:
    """Tell whether a statement may stand in the verdict beside claim lines.

    It says which modifier is right, whatever the code, or the letter tells a situation that calls for it.
    """
    on_modifier = row.wanted and row.passage.family in GENERAL and bool(row.passage.modifiers)
    return row.sure >= (_ANSWERS_BESIDE if on_modifier else _SURE) and (on_modifier or row.called >= CALLED)


def _speaks(inquiry: Inquiry, row: Found) -> bool:
    """Tell whether a statement answers a question although something else in the letter is answered by another."""
    near = row.passage.family in inquiry.families or row.passage.family in GENERAL
    return row.sure >= (_ANSWERS_BESIDE if near or row.called >= CALLED else _SURE)


def _of_letter(inquiry: Inquiry, row: Passage) -> bool:
    """Tell whether a statement is of a family in play and names a code that the letter names."""
    named = _named(row)
    listed = len(named) > len(inquiry.asked) + _LISTED
    return row.family in inquiry.families and bool(named & set(inquiry.asked)) and not listed


def _in_play(inquiry: Inquiry, row: Passage) -> bool:
    """Tell whether a statement is of a family in play, or of one that speaks of every code."""
    return row.family in inquiry.families or row.family in GENERAL


def _beside(inquiry: Inquiry, row: Found) -> bool:
    """Tell whether a statement may stand in the verdict beside another answer.

    It has to name every code that the letter names, each by itself and not as the end of a range, or to answer which
    modifier is right.
    """
    if row.sure >= _SURE and set(inquiry.asked) <= _named(row.passage):
        return True
    return row.wanted and row.passage.topics[:1] == (str(Topic.MODIFIER),) and not row.passage.of_page


def _named(row: Passage) -> set[str]:
    return set(_CODE.findall(_RANGE.sub(" ", row.text)))


def leading_out(inquiry: Inquiry, codes: Sequence[str]) -> tuple[Finding, ...]:
    """Return the rule that says how the codes of another family are chosen, where facts lead out to them."""
    rows = [row for family in inquiry.families for row in inquiry.release.rules(family=family)]
    ranked = sorted(rows, key=lambda row: -len(set(row.codes) & set(codes)))
    best = [row for row in ranked[:1] if codes and 2 * len(set(row.codes) & set(codes)) >= len(set(codes))]
    return tuple(direct(_kind(row.topics), row.id, row.text, row.citations) for row in best)


def found(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Return what comes nearest, for a reviewer, where nothing answers: rules, and pages that a search finds."""
    modifiers = named_modifiers(inquiry)
    asked = questions(inquiry.question.text)
    rows = [row for one in asked[:2] for row in search(inquiry, one, modifiers)[:2] if row.sure >= _FOR_THE_REVIEWER]
    words = {word for one in asked for word in one.own}
    hits = inquiry.release.search(" ".join(one.text for one in asked), limit=2 * _MOST_FOUND)
    pages = [page for hit in hits if hit.kind == "page" and (page := inquiry.release.page(hit.key))]
    # A search always finds something; what shares next to nothing with the question would mislead the reader.
    near = [page for page in pages if 3 * len(words & set(terms(page.title))) >= len(words)]
    told = (
        Finding(FindingKind.WHY, f"page.{page.code}", f"{page.code}: {page.title}.", page.sources[:1]) for page in near
    )
    return (*map(_finding, rows), *list(told)[:_MOST_FOUND])


def _verdict(able: Sequence[Sequence[Found]]) -> list[Passage]:
    """Return the statement that answers each question, with the next one where it is as good."""
    chosen = [rows[0].passage for rows in able]
    for rows in able:
        first = rows[0]
        near = [row for row in rows[1:_MOST_ANSWERS] if row.weight >= _NEXT * first.weight]
        near += [row for row in rows[1:] if row.called >= _WHOLLY and row.weight >= _NEAR * first.weight][:1]
        chosen += [row.passage for row in near if row.sure >= _NEXT_SURE]
    return list(dict.fromkeys(chosen))[:_MOST_IN_VERDICT]


def _near(able: Sequence[Sequence[Found]], verdict: Sequence[Passage], least: float, most: int) -> list[Passage]:
    """Return the statements of each question next to those of the verdict."""
    near = [
        row.passage
        for rows in able
        for row in rows[: most + 1]
        if row.weight >= least * rows[0].weight and row.passage not in verdict
    ]
    return list(dict.fromkeys(near))[:_MOST_BELOW]


def _finding(row: Passage | Found, *, first: bool = False) -> Finding:
    """Turn a statement into a finding, word for word."""
    passage = row.passage if isinstance(row, Found) else row
    make = direct if first else Finding
    return make(_kind(passage.topics), passage.key, passage.text, passage.citations)


def _kind(topics: Sequence[str]) -> FindingKind:
    """Return the section that a rule belongs to, by its first topic."""
    first = topics[:1]
    if first == (str(Topic.NCCI_EDIT),):
        return FindingKind.EDIT
    return FindingKind.MODIFIER if first == (str(Topic.MODIFIER),) else FindingKind.WHY
