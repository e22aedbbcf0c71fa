"""Find treatments that are over: "done with chemo", "radiation finished in 2023" name no service of this encounter."""

import re
from typing import Final

from consultant.questions import graft_tissue
from consultant.questions.model import Span
from knowledge.model import Phrase

_BEFORE: Final = re.compile(
    r"\b(?:done with|finished|completed|off|post|status post|s/p|history of|h/o|after (?:his|her|their))[ \t]"
    r"(?:(?:all|the|his|her|adjuvant|neoadjuvant|surgery|radiation|and)[ \t,]{1,2}){0,4}$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"[ \t,]{1,2}(?:and (?:radiation|xrt|surgery)[ \t])?(?:(?:was|is|all|both|were|has been)[ \t]){0,2}"
    r"(?:done|over|finished|completed|ended|stopped|(?:in|until|through|since) (?:\w+ )?(?:19|20)\d\d)\b"
    r"(?![ \t](?:at|over|from)\b|[ \t]\d)",
    re.IGNORECASE,
)
_A_DRAIN: Final = re.compile(
    r"\b(?:an?|the|one|penrose|jp|rubber|loop|latex|blake|corrugated)[ \t](?:\w+[ \t]){0,2}?drains?\b"
    r"|\bdrains?[ \t](?:(?:was|were)[ \t])?(?:left[ \t](?:in|at|within|there)|placed|inserted|sutured|secured"
    r"|put|sewn)\b"
    r"|\b(?:placed|placement of|inserted|insertion of|put in|left|sutured|secured)[ \t](?:\w+[ \t]){0,2}?drains?\b",
    re.IGNORECASE,
)
_UNDER_SKIN: Final = frozenset({"sq", "sc", "subq", "sub-q", "subcut"})
_LAYER: Final = re.compile(r"[ \t.]{1,2}(?:tissues?|fat|layers?|level|plane|adipose|nodules?|mass)\b", re.IGNORECASE)
"""Behind "SQ" the layer of the body that was cut, and no way to give a drug."""

_CARED_FOR: Final = re.compile(
    r"\b(?:wash|clean|rins|ic|soak|treat|dress|bandag|elevat|rest|compress|appl|us|tried|tak|took|monitor|check)\w*"
    r"[^.;\n]{0,24}$",
    re.IGNORECASE,
)
"""What was done at home for an injury does not tell where it happened."""
_WRITTEN_DOWN: Final = re.compile(
    r"[ \t](?:logs?|logbook|diary|diaries|journal|sheets?|trends?|goals?)\b", re.IGNORECASE
)
"""What patients write down of their glucose is no test."""


def holds(text: str, phrase: Phrase, span: Span) -> bool:
    """Tell whether a treatment is said to be over: it is no service of this encounter."""
    if phrase.text.lower() == "skin sub" and re.search(
        r"\b(?:and|or|plus|into|/)\b"
        "|[,/&+]",
        text[span.start : span.end],
    ):
        # "Skin and sub q tissue" is what was removed.
        return True
    if phrase.fact == "drainage_complexity" and "drain" in phrase.text.lower().split():
        # "Abscess drained, left thigh" and "drained, gauze placed" leave no drain.
        return not _A_DRAIN.search(text, max(0, span.start - 24), span.end + 8)
    if phrase.family == "breast_excision" and graft_tissue.filled_after(text, span.start):
        return True
    if phrase.subject == "drug" and phrase.text.lower() in _UNDER_SKIN and _LAYER.match(text, span.end):
        return True
    if phrase.text.lower().endswith("physical") and re.compile(r"[ \t]therap", re.IGNORECASE).match(text, span.end):
        return True
    if phrase.text.lower() == "at home" and _CARED_FOR.search(text, max(0, span.start - 40), span.start):
        return True
    if phrase.fact == "test_name" and _WRITTEN_DOWN.match(text, span.end):
        return True
    return (
        phrase.subject == "drug"
        and phrase.text.lower().startswith("chemo")
        and bool(_BEFORE.search(text, max(0, span.start - 40), span.start) or _BEHIND.match(text, span.end))
    )
