"""Read the flap of a muscle that a letter tells without the word: a gastrocnemius that was swung up on its pedicle."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Status
from consultant.questions.zones import Zones

_MUSCLE: Final = (
    r"(?:(?:medial |lateral )?gastroc(?:nemius)?|(?:hemi)?soleus|latissimus(?: dorsi)?|lat dorsi"
    r"|pec(?:toralis)?(?: major)?|gracilis"
    r"|sartorius|rectus (?:abdominis|femoris)|vastus lateralis|tensor fasciae? lata\w*|biceps femoris"
    r"|gluteus(?: maximus)?"
    r"|trapezius|temporalis|sternocleidomastoid|serratus(?: anterior)?|external oblique|deltoid|brachioradialis)"
)
_MUSCLE_MOVED: Final = re.compile(
    rf"\bpedicled (?:\w+ )?{_MUSCLE}\b|\b{_MUSCLE}(?: muscle)?\b(?:(?!\b(?:fascia|between|under|deep|through"
    rf"|retract\w*)\b)[^.;\n])"
    r"{0,40}?\b(?:on (?:its|a|the) (?:\w+ )?pedicle|(?:swung|rotated|transposed|turned|mobili[sz]ed|brought"
    r"|flipped|advanced|tunnell?ed|transferred)"
    r" (?:\w+ ){0,4}?(?:to (?:cover|fill|close|reach)|into|onto|over|across|through))\b"
    rf"|\b(?:swung|rotated|transposed|turned|flipped|tunnell?ed|transferred) (?:up |over |down )?(?:the "
    rf"|a )?{_MUSCLE}\b",
    re.IGNORECASE,
)
"""A muscle that was moved on its stalk, though nobody calls it a flap."""
_FREE: Final = re.compile(r"\bfree\b|\bmicrovasc\w*|\banastomos\w*", re.IGNORECASE)


def moved(text: str, zones: Zones) -> Iterator[Fact]:
    """Yield the flap of each muscle that was moved on its stalk; one that was cut free is another kind of flap."""
    for match in _MUSCLE_MOVED.finditer(text):
        free = _FREE.search(text, max(0, match.start() - 24), match.end())
        if not free and zones.done(*match.span()) is Status.AFFIRMED:
            yield Fact("flap_kind", "muscle", Span(*match.span()))
