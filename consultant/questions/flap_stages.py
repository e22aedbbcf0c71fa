"""Settle which stage of a flap a letter tells: a flap is formed on one day and its stalk divided on another."""

import re
from dataclasses import replace
from typing import Final

from consultant.questions.model import Fact, Span

_DIVIDED: Final = re.compile(
    r"divi[sd]\w+ (?:and|&|\+)|inset|pedicle|flap|stage|take-?n? ?down|division", re.IGNORECASE
)
_TO_COME: Final = re.compile(r"\b(?:will|to be|would|planned|later|shall|going to|gets?)\b", re.IGNORECASE)
_ACT: Final = r"(?:separat|detach|divid|sever|section|transect|cut loose|cut free|freed|releas)"
_SEPARATED: Final = re.compile(
    rf"\b{_ACT}\w*[ \t](?:(?:the|his|her|a|off|of|that)[ \t]){{0,2}}(?:[\w-]+[ \t]){{0,3}}?"
    r"(?:flaps?|pedicles?|stalks?)\b"
    r"[^.;\n]{0,80}\b(?:inset|weeks?|wks?|second stage|stage (?:2|two|ii))\b"
    rf"|\b(?:flap|pedicle|stalk)s?[ \t](?:that[^.;\n]{{0,40}})?(?:was|were|has been)[ \t](?:now[ \t])?{_ACT}\w*"
    r"(?=[^.;\n]{0,80}\b(?:inset|weeks?|wks?|second stage|stage (?:2|two|ii))\b)",
    re.IGNORECASE,
)
"""The second stage in words of one's own: what was separated and inset had been laid before."""
_HAS_STALK: Final = re.compile(r"\b(?:pedicles?|pedicled|stalks?)\b", re.IGNORECASE)
_STALK: Final = re.compile(r"\b(?:pedicle|stalk|bridge|tube)\b", re.IGNORECASE)


def one(text: str, facts: list[Fact]) -> list[Fact]:
    """Return the facts with one stage of a flap: what is divided was raised before, and raising divides tissue too."""
    # "The pedicle will be divided": the words of a stage may hold that it is still to come.
    coming = [
        fact for fact in facts if fact.name == "flap_stage" and _TO_COME.search(text, fact.span.start, fact.span.end)
    ]
    facts = [fact for fact in facts if fact not in coming]
    if not coming and not any(fact.name == "flap_stage" for fact in facts) and (match := _SEPARATED.search(text)):
        facts.append(Fact("flap_stage", "division", Span(*match.span())))
    cut = next((fact for fact in facts if fact.name == "flap_stage" and fact.value == "division"), None)
    if cut and not any(fact.name == "flap_kind" for fact in facts) and _HAS_STALK.search(text):
        # Only a flap on a stalk is divided, whatever it is called.
        facts.append(replace(cut, name="flap_kind", value="pedicle"))
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
