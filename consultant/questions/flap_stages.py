"""Settle which stage of a flap a letter tells: a flap is formed on one day and its stalk divided on another."""

import re
from dataclasses import replace
from typing import Final

from consultant.questions.model import Fact

_DIVIDED: Final = re.compile(
    r"divi[sd]\w+ (?:and|&|\+)|inset|pedicle|flap|stage|take-?n? ?down|division", re.IGNORECASE
)
_TO_COME: Final = re.compile(r"\b(?:will|to be|would|planned|later|shall|going to|gets?)\b", re.IGNORECASE)
_STALK: Final = re.compile(r"\b(?:pedicle|stalk|bridge|tube)\b", re.IGNORECASE)


def one(text: str, facts: list[Fact]) -> list[Fact]:
    """Return the facts with one stage of a flap: what is divided was raised before, and raising divides tissue too."""
    # "The pedicle will be divided": the words of a stage may hold that it is still to come.
    coming = [
        fact for fact in facts if fact.name == "flap_stage" and _TO_COME.search(text, fact.span.start, fact.span.end)
    ]
    facts = [fact for fact in facts if fact not in coming]
    if any(fact.value == "division" for fact in coming) and not any(fact.name == "flap_stage" for fact in facts):
        # What will be divided was laid today.
        facts.append(replace(coming[0], value="formation"))
    stages = [fact for fact in facts if fact.name == "flap_stage"]
    if not {"formation", "division"} <= {fact.value for fact in stages}:
        return facts
    divided = any(
        fact.value == "division"
        and (
            _DIVIDED.search(text, fact.span.start, fact.span.end + 24)
            or _STALK.search(text, max(0, fact.span.start - 60), fact.span.start)
        )
        for fact in stages
    )
    left = "formation" if divided else "division"
    return [fact for fact in facts if fact.name != "flap_stage" or fact.value != left]
