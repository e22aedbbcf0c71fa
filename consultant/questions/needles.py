"""Needles: the aspiration that came before a cut, and the drug that an injection into a joint or a lesion gave.

NCCI Policy Manual, chapter 1: where a lesser procedure fails and is converted, only the greater one is reported.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from consultant.questions import joints
from consultant.questions.model import Subject

_NEEDLE: Final = r"(?:needles?|aspirat\w+|syringe|punctur\w+|\d{2}[ -]?(?:g|ga|gauge))"
_FAILED: Final = (
    r"(?:nothing|failed|unsuccessful\w*|dry|drops?|no (?:return|success|luck|fluid|blood|pus|yield)"
    r"|unable|could(?: not|n'?t)|would(?: not|n'?t)|did(?: not|n'?t)|too thick|attempt\w*|tried|inadequate"
    r"|incomplete\w*"
    r"|(?:only|just) (?:\w+ )?(?:\d+(?:\.\d+)?|one|two|a few|a little)|re-?accumulat\w+|converted)"
)
_IN_VAIN: Final = re.compile(
    rf"\b{_NEEDLE}\b[^.;\n]{{0,70}}\b{_FAILED}\b|\b{_FAILED}\b[^.;\n]{{0,40}}\b{_NEEDLE}\b", re.IGNORECASE
)

_INJECTIONS: Final = frozenset({*joints.PROCEDURES, "intralesional_injection"})


def without_failed(text: str, made: Iterable[Subject]) -> tuple[Subject, ...]:
    """Return the services without the puncture that came to nothing where what it was aimed at was then cut open."""
    rows = tuple(made)
    acts = [row.values().get("drainage_act") for row in rows]
    opened = any(act not in (None, "puncture_aspiration", "acne_surgery") for act in acts)
    if "puncture_aspiration" not in acts or not opened or not _IN_VAIN.search(text):
        return rows
    return tuple(row for row, act in zip(rows, acts, strict=True) if act != "puncture_aspiration")


def gave(others: Iterable[Subject], drugs: Sequence[Subject]) -> bool:
    """Tell whether one of the other services is an injection that gave the drugs, each of them with its dose."""
    injected = any(row.values().get("procedure") in _INJECTIONS for row in others)
    return injected and bool(drugs) and all({"drug_name", "dose_mg"} <= set(row.values()) for row in drugs)
