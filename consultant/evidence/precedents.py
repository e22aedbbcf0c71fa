"""Earlier approved answers to like questions: how alike, and whether the present release still bears them out.

A precedent is shown beside the evidence and never enters it: the lines, the findings and the letter stay what the
release gives. Which earlier answers there are is read by `records`; how one question is decided anew is handed in,
because deciding is the business of `drafting`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest

from consultant.evidence.asked import aspects
from consultant.evidence.choosing import choose
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Billed, Difference, Evidence, Line, Precedent
from consultant.questions.model import Question
from knowledge.model import Value
from knowledge.release import Release

SHOWN = 3
"""How many precedents a reviewer is shown."""
CHECKED = 8
"""How many earlier questions are decided anew at most, some of which may be dropped."""
LIKE_ENOUGH = 0.5
KEYS = 32
"""How many keys a question is found by at most; a letter that lists a hundred codes is like no other."""

_DIFFERENCES = 6
_WEIGHTS = {"codes": 3.0, "families": 2.0, "facts": 4.0, "asked": 1.0}

Facts = dict[tuple[str, str], list[Value]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What the engine makes of a question under one release, as far as a later release can contradict it."""

    outcome: str
    """answer, ask_back or hand_over."""
    lines: tuple[Billed, ...]
    rejected: tuple[str, ...]
    verdict: tuple[str, ...]
    """The sentences of the verdict: an answer without claim lines is nothing else."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answered case as it was approved: masked text and values, nobody's name or address but the reviewer's."""

    review_id: int
    reference: str
    reviewer: str
    credential: str
    approved_at: datetime
    question: Question
    families: tuple[str, ...]
    on: date
    """Its date of service, given or assumed."""
    release: str
    drawn: Decided
    lines: tuple[Billed, ...]
    """The claim lines of the text as approved."""

    @property
    def changed(self) -> bool:
        """Whether the reviewer answered something else than the engine had drawn."""
        return self.drawn.outcome != "answer" or sorted(self.lines) != sorted(self.drawn.lines)


def billed(lines: Iterable[Line]) -> tuple[Billed, ...]:
    """Return claim lines without their reasons."""
    return tuple(Billed(line.code, line.units, line.modifiers, line.diagnoses) for line in lines)


def keys(question: Question, families: Iterable[str], codes: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what a question is found by: its codes, the modifiers it names, and its families, at most `KEYS`."""
    mentioned = ("modifier:" if row.system == "MODIFIER" else "code:" for row in question.codes)
    own = [start + row.code for start, row in zip(mentioned, question.codes, strict=True)]
    own += [f"modifier:{modifier}" for row in question.codes for modifier in row.modifiers]
    found = (*(f"family:{family}" for family in families), *own, *(f"code:{code}" for code in codes))
    return tuple(dict.fromkeys(found))[:KEYS]


def sought(question: Question, release: Release, *, today: date) -> tuple[str, ...]:
    """Return the keys of a question that nothing was gathered for yet: the choosers say which families it is about."""
    inquiry = Inquiry(question, release, question.date_of_service or today, aspects(question))
    choices = choose(inquiry)
    families = replace(inquiry, consulted=choices.families).families
    return keys(question, families, (row.chosen.code for row in choices.picked))


def weigh(
    question: Question, evidence: Evidence, earlier: Sequence[Earlier], anew: Callable[[Earlier], Decided]
) -> Evidence:
    """Return the evidence with the precedents that are like enough, the likeliest first, and what was dropped.

    `anew` decides an earlier question under the present release. One drawn from that very release needs no second look.
    """
    ranked = sorted(
        ((likeness(question, evidence.families, row), row) for row in earlier),
        key=lambda pair: (-pair[0], -pair[1].review_id),
    )
    kept: list[Precedent] = []
    dropped: list[str] = []
    for share, row in ranked[:CHECKED]:
        if share < LIKE_ENOUGH or len(kept) == SHOWN:
            break
        why_not = None if row.release == evidence.release else contradiction(row, anew(row))
        if why_not is None:
            kept.append(_precedent(question, evidence, row, share))
        else:
            dropped.append(why_not)
    return replace(evidence, precedents=tuple(kept), dropped=tuple(dropped))


def likeness(question: Question, families: Iterable[str], other: Earlier) -> float:
    """Return how alike two questions are, 0 to 1: the weighted mean of four shares.

    The codes that the letters name (weight 3), the families consulted (2), the facts with their values (4), and what is
    asked, by topic and aspect (1). The share of codes, families and what is asked is that of the common ones among all.
    A fact counts 1 where both letters give the same value, for numbers the smaller over the larger, 0 where only one
    letter gives it. What neither letter has is left out of the mean. Without a common code or family the likeness is 0,
    because a like wording about another matter is no precedent.
    """
    one, two = {row.code for row in question.codes}, {row.code for row in other.question.codes}
    mine, theirs = set(families), set(other.families)
    if not (one & two or mine & theirs):
        return 0.0
    shares = {
        "codes": _overlap(one, two),
        "families": _overlap(mine, theirs),
        "facts": _agreement(_facts(question), _facts(other.question)),
        "asked": _overlap(_what(question), _what(other.question)),
    }
    held = {name: share for name, share in shares.items() if share is not None}
    return sum(_WEIGHTS[name] * share for name, share in held.items()) / sum(_WEIGHTS[name] for name in held)


def contradiction(row: Earlier, now: Decided) -> str | None:
    """Say what the present release makes otherwise of an earlier question; None where it bears the answer out.

    A reviewer's own lines stand as long as the engine still draws what it drew then, and all the more when it has come
    round to what the reviewer approved.
    """
    then = row.drawn
    if row.changed and now.outcome == "answer" and now.lines and sorted(now.lines) == sorted(row.lines):
        return None
    answered = row.lines or then.lines
    if now.outcome != then.outcome:
        instead = f" instead of giving {_named(answered)}" if answered else ""
        return f"the release now {_OUTCOMES.get(now.outcome, now.outcome)}{instead}"
    if sorted(now.lines) != sorted(then.lines):
        return _other_lines(answered, now.lines)
    if set(now.rejected) != set(then.rejected):
        return _other_rejected(then.rejected, now.rejected)
    if [_plain(text) for text in now.verdict] != [_plain(text) for text in then.verdict]:
        return "the release now words its verdict otherwise"
    return None


_OUTCOMES: Mapping[str, str] = {
    "answer": "answers the question by itself",
    "ask_back": "asks the sender for a fact first",
    "hand_over": "hands the question to a person",
}


def _other_lines(then: Sequence[Billed], now: Sequence[Billed]) -> str:
    """Name the lines that came and went."""
    came, went = Counter(now) - Counter(then), Counter(then) - Counter(now)
    if came and went:
        return f"the release now gives {_named(came.elements())} instead of {_named(went.elements())}"
    if came:
        return f"the release now gives {_named(came.elements())} as well"
    return f"the release gives {_named(went.elements())} no longer"


def _other_rejected(then: Iterable[str], now: Iterable[str]) -> str:
    came, went = sorted(set(now) - set(then)), sorted(set(then) - set(now))
    return f"the release now rejects {_named(came)}" if came else f"the release rejects {_named(went)} no longer"


def _precedent(question: Question, evidence: Evidence, row: Earlier, share: float) -> Precedent:
    codes = {mention.code for mention in row.question.codes}
    shared = [*dict.fromkeys(mention.code for mention in question.codes if mention.code in codes)]
    shared += [family for family in evidence.families if family in row.families]
    return Precedent(
        review_id=row.review_id,
        reference=row.reference,
        reviewer=row.reviewer,
        credential=row.credential,
        approved_at=row.approved_at,
        release=row.release,
        likeness=round(share, 3),
        lines=row.lines,
        drawn=row.drawn.lines,
        changed=row.changed,
        shared=tuple(shared),
        differences=tuple(_differences(_facts(row.question), _facts(question)))[:_DIFFERENCES],
    )


def _overlap(one: set[str], two: set[str]) -> float | None:
    return len(one & two) / len(one | two) if one | two else None


def _what(question: Question) -> set[str]:
    """Return what a letter asks, by topic and by aspect."""
    return {*(str(found.topic) for found in question.topics), *map(str, aspects(question))}


def _facts(question: Question) -> Facts:
    """Return the values of each fact by (kind of subject, name), those of several subjects in a fixed order."""
    found: Facts = {}
    for fact in question.facts:
        found.setdefault(("", fact.name), []).append(fact.value)
    for subject in question.subjects:
        for name, value in subject.values().items():
            found.setdefault((subject.kind, name), []).append(value)
    return {key: sorted(values, key=_order) for key, values in found.items()}


def _order(value: Value) -> tuple[float, str]:
    # A truth is a number to Python; texts stand behind all numbers.
    return (float(value), "") if isinstance(value, int | float) else (float("inf"), str(value))


def _agreement(one: Facts, two: Facts) -> float | None:
    """Return the share of facts on which two letters agree; None where neither gives any."""
    pairs = [pair for key in dict.fromkeys((*one, *two)) for pair in zip_longest(one.get(key, ()), two.get(key, ()))]
    return sum(_near(*pair) for pair in pairs) / len(pairs) if pairs else None


def _near(one: Value | None, two: Value | None) -> float:
    if one == two:
        return 1.0
    if not _is_number(one) or not _is_number(two):
        return 0.0
    low, high = sorted((abs(float(one)), abs(float(two))))  # type: ignore[arg-type] # numbers, as was just seen
    return low / high if high else 1.0


def _is_number(value: Value | None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _differences(there: Facts, here: Facts) -> Iterator[Difference]:
    """Yield the facts whose values differ, the letter's own order kept; a value of several lesions is named once."""
    for key in dict.fromkeys((*here, *there)):
        said, says = _said(there.get(key, ())), _said(here.get(key, ()))
        if said != says:
            yield Difference(key[1], said, says)


def _said(values: Iterable[Value]) -> str:
    words = (("no", "yes")[row] if isinstance(row, bool) else str(row) for row in values)
    return ", ".join(dict.fromkeys(words)).replace("_", " ")


def _named(rows: Iterable[object]) -> str:
    return " and ".join(map(str, rows))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
