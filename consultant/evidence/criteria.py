"""Whether a letter's own words speak for a criterion of a modifier, and which fee-schedule indicator governs it.

The criteria themselves are content (`Family.modifiers`). What stands here is the reading: a criterion belongs to a
concept by its words, and a concept is stated when a cue for it stands in the letter and is not negated. A cue shows
that the letter says something, never that the record supports it; drafts keep the two apart.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from consultant.questions.model import Question

# What a criterion is about -> what a letter says that states it. The first concept that fits a criterion is used.
_PLACES = r"lesions?|sites?|areas?|incisions?|wounds?|locations?"
_PEOPLE = r"session|encounter|visit|practitioner|surgeon|physician|provider"
_MARGINS = r"positive margins?|margins? (was|were|came back|remained) positive|residual|more extensive|wider"
_APART = r"separately identifiable|separate (problem|complaint|issue|condition)"
_CONCEPTS: tuple[tuple[str, str], ...] = (
    (
        r"differ|separate|distinct|another|other (lesion|site|wound)|not overlap",
        rf"\b(different|separate|distinct|another|second|other) ({_PLACES}|{_PEOPLE})",
    ),
    (r"planned|staged|more extensive|margin|definitive", rf"\b(staged|planned|re-?excis\w*|{_MARGINS})"),
    (
        r"global|post-?operative period|10 days|ten days|90 days",
        r"\bglobal\b|\bpost-?op|\b(days?|weeks?) (after|later|post)|\bwithin (ten|10|90|\w+) days",
    ),
    (r"return|operating room|procedure room", r"\b(return(ed)?|back|taken) to (the )?(or|operating|procedure room)\b"),
    (r"unrelated", r"\bunrelated\b"),
    (r"complication|related", r"\b(complication|dehisc\w*|infect\w*|bleed\w*|ha?ematoma|related)"),
    (r"evaluation|e/m|visit", rf"\b({_APART}|also (evaluated|addressed|managed|treated)|skin (exam|check))"),
    (
        r"greater|increased|substantial|difficult",
        r"\b((substantially|significantly|much) (more|greater|longer)|difficult\w*)",
    ),
    (r"reason|extent|time", r"\b(because|due to|adhesions|scar\w*|percent|%|twice|minutes|extra time)"),
    (
        r"reduced|not (performed|done|debrided)|less",
        r"\b(reduced|partial(ly)?|not (done|performed|debrided)|only part)",
    ),
    (r"stopped|discontinued|terminated", r"\b(stopped|discontinued|aborted|terminated|unstable)"),
    (r"two surgeons|co-?surgeon|distinct part", r"\b(two|both|co-?)\s*surgeons?"),
    (r"same (code|procedure)|repeat", r"\b(repeat(ed)?|again|same (procedure|code))"),
    (r"assist", r"\bassist"),
    (r"both sides|bilateral", r"\b(bilateral|both sides|left and right|right and left)"),
)
_READ = tuple((re.compile(about, re.IGNORECASE), re.compile(cue, re.IGNORECASE)) for about, cue in _CONCEPTS)
_NEGATED = re.compile(r"\b(no|not|never|without|isn't|wasn't|weren't)\s+(\w+\s+){0,3}$", re.IGNORECASE)
_SITES = re.compile(r"\b(lesion|site|wound|location)", re.IGNORECASE)

# Criteria that stand in a file, with the payer or on the claim, so that no letter states them.
_BEYOND = re.compile(
    r"\bindicator\b|\bpayer\b|\bMUE\b|fee schedule|anatomic modifier|modifier stands|not an add-on", re.IGNORECASE
)

FEE_FIELDS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "50": ("bilateral", frozenset({"1", "3"})),
        "62": ("co_surgeon", frozenset({"1", "2"})),
        "66": ("team", frozenset({"1", "2"})),
        "80": ("assistant", frozenset({"0", "2"})),
        "81": ("assistant", frozenset({"0", "2"})),
        "82": ("assistant", frozenset({"0", "2"})),
        "AS": ("assistant", frozenset({"0", "2"})),
    }
)
"""Modifier -> the indicator of the physician fee schedule that governs it, and the values of it that permit it
(Medicare Claims Processing Manual, chapter 23, addendum: MPFSDB record layout)."""


def beyond_letter(criterion: str) -> bool:
    """Tell whether a criterion is one that no letter can state."""
    return bool(_BEYOND.search(criterion))


def stated(criterion: str, question: Question) -> bool:
    """Tell whether the letter's own words state a criterion; a criterion that is about nothing known is not stated."""
    concept = next(((about, cue) for about, cue in _READ if about.search(criterion)), None)
    if concept is None:
        return False
    if concept is _READ[0] and _SITES.search(criterion) and _sites(question) > 1:
        return True
    return any(not _NEGATED.search(question.text[: found.start()]) for found in concept[1].finditer(question.text))


def _sites(question: Question) -> int:
    """Count the different sites at which the letter's lesions and wounds stand."""
    return len({str(site) for subject in question.subjects if (site := subject.values().get("site"))})
