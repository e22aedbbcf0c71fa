"""Choose among several values of one fact of a condition those that say most."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consultant.questions.holding import DEEDS, Said
from consultant.questions.model import Fact, Subject

# What says nothing in particular yields to what does.
WEAK: Final = re.compile(r"(?:.*_)?(?:unspecified|not_given|not_documented|not_named|other|none|unknown)$")
_RANKED: Final = ("active", "healing", "sequela")
"""Care of a wound in its order: what comes later is what this visit is for."""
_OUTRANKED: Final = {
    # Treatments of which the strongest is coded, whatever was tried before it (I.C.15.i).
    "gestational_diabetes_control": ("diet", "oral", "insulin"),
    # Septic shock is the graver of the two, and its code holds the organ dysfunction (R65.21).
    "sepsis_severity": ("organ_dysfunction", "shock"),
    # A stasis ulcer with varicose veins is one of varicose veins (Index, Ulcer, stasis: see Varix).
    "ulcer_cause": ("venous_insufficiency", "varicose", "varicose_inflamed"),
}
"""Values of a fact that are told of one case, in their order: the last one says most."""
_SETTLING: Final = {"uncontrolled": frozenset({"hyperglycemia", "hypoglycemia", "hypoglycemia_coma"})}
"""Values that leave something open, and what settles it: "uncontrolled, with hyperglycemia"."""


def of(rows: Sequence[Said], weak: Iterable[str]) -> Iterator[Fact]:
    """Yield the facts, of each name those that say most: firm before weak, particular before "unspecified"."""
    for name in dict.fromkeys(row.fact.name for row in rows):
        given = [row for row in rows if row.fact.name == name]
        given = [row for row in given if not row.weak] or given if name in weak else given
        if name in DEEDS:
            given = [max(given, key=lambda row: _RANKED.index(str(row.fact.value)))]
        told = {row.fact.value for row in given}
        given = [row for row in given if not told & _SETTLING.get(str(row.fact.value), frozenset())]
        order = _OUTRANKED.get(name, ())
        if all(row.fact.value in order for row in given):
            given = [max(given, key=lambda row: order.index(str(row.fact.value)))]
        given = [row for row in given if not WEAK.match(str(row.fact.value))] or given[:1]
        # "Diastolic" is said again in "chronic diastolic", and "stage 3" in "stage 3b".
        values = {row.fact.value for row in given}
        given = [row for row in given if not any(_says_more(other, row.fact.value) for other in values)]
        yield from {row.fact.value: row.fact for row in reversed(given)}.values()


def _says_more(one: object, other: object) -> bool:
    """Tell whether one value of a choice is another with something added."""
    return re.fullmatch(rf"{re.escape(str(other))}(?:_.+|(?<=\d)[a-z])", str(one)) is not None


def torn(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """Name the facts of which a subject has two values, both in particular: one of them would be ignored."""
    names: dict[str, None] = {}
    for subject in subjects:
        values: dict[str, set[object]] = {}
        for fact in subject.facts:
            values.setdefault(fact.name, set()).add(fact.value)
        names.update(dict.fromkeys(name for name, given in values.items() if len(given) > 1))
    return tuple(names)
