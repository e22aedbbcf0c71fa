"""Part a retinopathy of both eyes where the macular edema is told of one eye only: each eye has its own code."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from consultant.questions.model import Fact, Span, Subject

_EDEMA: Final = r"(?:(?:macular|diabetic)[ \t](?:macular[ \t])?o?edema|(?-i:(?:CI-?)?DME|CSME)|o?edema)"
_EYE: Final = r"(?:(?P<{0}right>(?-i:OD)|right)|(?P<{0}left>(?-i:OS)|left))(?:[ \t]eye)?"
_ONE_EYE: Final = re.compile(
    rf"\b{_EDEMA}(?:[ \t]?[:,=(-])?[ \t]{{0,2}}(?:(?:is|was|present|seen|in|of|the|on)[ \t]){{0,3}}{_EYE.format('a')}"
    rf"[ \t]only\b|\b{_EDEMA}[ \t](?:(?:is|was|present|seen)[ \t]){{0,2}}only[ \t](?:(?:in|of|on|the)[ \t]){{0,2}}"
    rf"{_EYE.format('b')}\b|\bonly[ \t](?:the[ \t])?{_EYE.format('c')}[ \t](?:has|had|shows?|with)[ \t]{_EDEMA}",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(r"\b(?:(?-i:OU)|both eyes|each eye|bilateral\w*|b/l|in the two eyes)\b", re.IGNORECASE)
_RETINOPATHY: Final = "diabetic_retinopathy"


def parted(text: str, subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    """Return the subjects, a retinopathy of both eyes as one for each where the edema is only in one."""
    subjects = tuple(subjects)
    found = _ONE_EYE.search(text)
    mine = [row for row in subjects if row.values().get("condition") == _RETINOPATHY]
    if not (found and mine and _BOTH.search(text)):
        return subjects
    place = Span(*found.span())
    side = next(name[1:] for name, said in found.groupdict().items() if said)
    rest = tuple(row for row in subjects if row not in mine)
    eyes = tuple(
        Subject(
            "diagnosis", (*_shared(mine), Fact("laterality", eye, place), Fact("macular_edema", eye == side, place))
        )
        for eye in ("right", "left")
    )
    return (*rest, *eyes)


def _shared(mine: Iterable[Subject]) -> Iterator[Fact]:
    """Yield what is told of both eyes, each fact once, a stage that says something before one that does not."""
    seen: dict[str, Fact] = {}
    for fact in (fact for row in mine for fact in row.facts):
        if fact.name not in seen or seen[fact.name].value == "unspecified":
            seen[fact.name] = fact
    yield from (fact for name, fact in seen.items() if name not in ("laterality", "macular_edema"))
