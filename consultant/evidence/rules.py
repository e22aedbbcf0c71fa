"""Rules of the families in play that speak to what was asked, and what a search finds where nothing else speaks.

A rule's weight is how much of the letter's own question it shares, rare words counting more than common ones
(inverse document frequency over the rules of the release), with codes and modifiers named by both on top.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from consultant.evidence.asked import direct
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.questions.model import Topic
from knowledge.model import Hit, Rule

_MOST_RULES = 2
_MOST_FOUND = 3

# A rule speaks to a letter when it holds this share of the weight of what was asked; it answers it above the second.
# Set by reading the drafts of the golden letters: below the first a rule is beside the point.
_SPEAKS = 0.30
_ANSWERS = 0.45
_ANSWERS_ALONE = 0.55
"""What a rule of any family must hold to answer a letter that names neither a code nor a case of a family.

It is more than within a family in play: among thousands of rules some share two rare words with any letter.
"""
_ANSWERS_BESIDE = 0.60
"""What a rule must hold to stand in the verdict beside a row or a code that answers already."""

_LISTED = 4
"""How many codes besides those asked about a rule may name before it counts as a list."""

_SENTENCE = re.compile(r"[^.?!\n]+(?:\.(?=\d)[^.?!\n]+)*[.?!]?")
_ASKS = re.compile(
    r"\?\s*$|^\s*(?:please|can|could|may|should|do|does|is|are|what|which|when|how|who)\b", re.IGNORECASE
)
_RANGE = re.compile(r"\b\d{5} to \d{5}\b")
_WORD = re.compile(r"[a-z][a-z-]{2,}")
_ENDING = re.compile(r"(?:ing|ed|es|s|ment|ion|al)$")

# Words that stand in every letter and say nothing of its subject.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        cpt icd hcpcs note say the and for are was were not but can may its has had have with from this that they them
        then there these
        your our you about also apply bill billed billing code coded codes coding could does hello here into know
        letter must need only patient payer please question report reported same should system thank thanks their
        what when where whether which will would who how did done any all one two use used using get
        """,
    )
)


def rules(inquiry: Inquiry, *, answer: bool, beside: bool = True) -> tuple[Finding, ...]:
    """Report the rules of the families in play that speak to the letter.

    With `answer` nothing else answers yet, and the best rule may; with `beside` it may stand beside another answer,
    but has to hold more of what was asked.
    """
    rows = _unique(row for family in inquiry.families for row in inquiry.release.rules(family=family))
    least = _SPEAKS if answer else _ANSWERS
    ranked = [row for row in _ranked(inquiry, rows) if row[0] >= least]
    if inquiry.lines:
        # The facts of a case share words with every rule; beside its lines only what the letter names is wanted.
        ranked = [row for row in ranked if row[0] >= _ANSWERS_BESIDE or _named(inquiry, row[1])]
    ranked = ranked[:_MOST_RULES]
    able = [row for weight, row in ranked if _answers(inquiry, row, weight, alone=answer)]
    best = able[0] if able and (answer or beside) else None
    return tuple((direct if row is best else Finding)(_kind(row), row.id, row.text, row.citations) for _, row in ranked)


def _answers(inquiry: Inquiry, row: Rule, weight: float, *, alone: bool) -> bool:
    """Tell whether a rule may stand in the verdict; beside another answer it has to name every code in play."""
    if alone:
        return weight >= _ANSWERS
    return weight >= _ANSWERS_BESIDE and bool(inquiry.asked) and _share(inquiry.in_play, row.text) == 1.0


def leading_out(inquiry: Inquiry, codes: Sequence[str]) -> tuple[Finding, ...]:
    """Return the rule that says how the codes of another family are chosen, where facts lead out to them."""
    rows = [row for family in inquiry.families for row in inquiry.release.rules(family=family)]
    ranked = sorted(rows, key=lambda row: -len(set(row.codes) & set(codes)))
    best = [row for row in ranked[:1] if codes and 2 * len(set(row.codes) & set(codes)) >= len(set(codes))]
    return tuple(direct(_kind(row), row.id, row.text, row.citations) for row in best)


def answering(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Return the rule of any family that holds most of what a letter without codes or cases asks."""
    ranked = _ranked(inquiry, _unique(inquiry.release.rules()))
    return tuple(
        direct(_kind(row), row.id, row.text, row.citations) for weight, row in ranked[:2] if weight >= _ANSWERS_ALONE
    )


def found(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Search the release for the words of the letter, for a reviewer to read: a hit answers nothing by itself."""
    asked = _words(_asked_text(inquiry))
    hits = inquiry.release.search(_asked_text(inquiry), limit=2 * _MOST_FOUND)
    rows = [row for hit in hits for row in _of_hit(inquiry, hit)]
    # A search always finds something; what shares next to nothing with the question would mislead the reader.
    near = [
        row for row in rows if len(asked & _words(row.text)) > 1 and 3 * len(asked & _words(row.text)) >= len(asked)
    ]
    return tuple(near[:_MOST_FOUND])


def _unique(rows: Iterable[Rule]) -> list[Rule]:
    """Keep each rule once."""
    return list({(row.family, row.id): row for row in rows}.values())


def _ranked(inquiry: Inquiry, rows: Sequence[Rule]) -> list[tuple[float, Rule]]:
    """Return the rules that speak to the letter with their weights from 0 to 1, the strongest first."""
    asked = _words(_asked_text(inquiry))
    rarity = _rarity(rows)
    whole = sum(rarity.get(word, math.log(1 + len(rows))) for word in asked) or 1.0
    weighed = [(_weight(inquiry, row, asked, rarity, whole), row) for row in rows]
    return sorted((row for row in weighed if row[0] >= _SPEAKS), key=lambda row: -row[0])


def _weight(inquiry: Inquiry, row: Rule, asked: frozenset[str], rarity: Mapping[str, float], whole: float) -> float:
    """Weigh how much of what was asked one rule holds."""
    both = asked & _words(row.text)
    named = _share(inquiry.asked, row.text)
    # A word or two in common are chance, however rare they are, unless both speak of the same codes.
    shared = sum(rarity[word] for word in both) / whole if len(both) > 2 or (both and named) else 0.0
    topics = {str(found.topic) for found in inquiry.question.topics}
    shared += 0.05 * bool(topics & set(row.topics)) + 0.35 * named
    shared += 0.20 * bool(set(row.modifiers) & set(inquiry.modifiers))
    return min(1.0, shared * _elsewhere(row.codes, inquiry.in_play) * _elsewhere(row.modifiers, inquiry.modifiers))


def _named(inquiry: Inquiry, row: Rule) -> bool:
    """Tell whether a rule speaks of a modifier that the letter names, or names one of its codes."""
    return bool(set(row.modifiers) & set(inquiry.modifiers)) or _share(inquiry.asked, row.text) > 0


def _elsewhere(speaks_of: Sequence[str], asked: Sequence[str]) -> float:
    """Return the factor by which a rule counts less that speaks of other codes or modifiers than the letter does."""
    return 0.5 if speaks_of and asked and not set(speaks_of) & set(asked) else 1.0


def _share(codes: Sequence[str], text: str) -> float:
    """Return the share of these codes that a text names, each by itself and not as the end of a range.

    A text that names many more codes is a list, and speaks of each of them less.
    """
    named = set(re.findall(r"\b(?:\d{5}|[A-V]\d{4})\b", _RANGE.sub(" ", text)))
    focus = min(1.0, (len(codes) + _LISTED) / len(named)) if named else 0.0
    return len(named & set(codes)) / len(codes) * focus if codes else 0.0


def _rarity(rows: Sequence[Rule]) -> dict[str, float]:
    """Return each word of the rules with its inverse document frequency."""
    counts = Counter(word for row in rows for word in _words(row.text))
    return {word: math.log(1 + len(rows) / count) for word, count in counts.items()}


def _kind(row: Rule) -> FindingKind:
    """Return the section that a rule belongs to, by its first topic."""
    first = row.topics[:1]
    if first == (str(Topic.NCCI_EDIT),):
        return FindingKind.EDIT
    return FindingKind.MODIFIER if first == (str(Topic.MODIFIER),) else FindingKind.WHY


def _of_hit(inquiry: Inquiry, hit: Hit) -> Iterable[Finding]:
    """Turn a search result into a finding."""
    rule = next((row for row in inquiry.release.rules() if row.id == hit.key), None) if hit.kind == "rule" else None
    if rule:
        yield Finding(_kind(rule), rule.id, rule.text, rule.citations)
    page = inquiry.release.page(hit.key) if hit.kind == "page" else None
    if page:
        yield Finding(FindingKind.WHY, f"page.{page.code}", f"{page.code}: {page.title}.", page.sources[:1])


def _asked_text(inquiry: Inquiry) -> str:
    """Return the sentences of the letter that ask something; the whole letter where none does."""
    text = inquiry.question.text
    asking = [sentence for sentence in _SENTENCE.findall(text) if _ASKS.search(sentence)]
    return " ".join(asking) or text


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """Return the stems of the words that say what a text is about."""
    return frozenset(_ENDING.sub("", word) for word in _WORD.findall(text.lower()) if word not in _COMMON)
