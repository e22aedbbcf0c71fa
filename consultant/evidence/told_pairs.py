"""PTP pairs that a rule of NCCI policy states, for codes whose rows lie beyond the part of the file that is held.

"43239 holds 43235, indicator 0" was taken from the row of the pair; where no edition is held for two codes, the rule
still says which is column one and what its indicator is.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.evidence.citing import PTP_SOURCE
from consultant.evidence.inquiry import Inquiry
from knowledge.model import Rule

_FAMILY: Final = "ncci_policy"
_CODE: Final = r"(?:\d{5}|[A-V]\d{4})"
_HOLDS: Final = re.compile(
    rf"\b(?P<one>{_CODE}(?: and {_CODE})?) holds? (?P<two>{_CODE}(?:(?:, (?:and )?| and ){_CODE}(?! holds?\b|,? ind))*"
    rf"(?: and {_CODE}(?! holds?\b))?)"
)
_INDICATOR: Final = re.compile(r"\bindicator (?P<value>\d)\b")
_SENTENCE: Final = re.compile(r"[^.]+(?:\.(?=\S)[^.]*)*\.?")


def told_pair(inquiry: Inquiry, first: str, second: str) -> tuple[str, str, str, str, Rule] | None:
    """Return column one, column two, indicator, edition and the rule that states the pair; None where no rule does.

    The edition is that of the PTP file which the rule cites, without its version: 2024Q3.
    """
    for rule in inquiry.release.rules(family=_FAMILY):
        cited = next((row for row in rule.citations if row.source.startswith(PTP_SOURCE)), None)
        if cited and first in rule.codes and second in rule.codes:
            for one, two, indicator in _stated(rule.text):
                if {one, two} == {first, second}:
                    return one, two, indicator, cited.edition.partition(" ")[0], rule
    return None


def _stated(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each pair of a rule with the indicator that its sentence names next."""
    for sentence in _SENTENCE.findall(text):
        for match in _HOLDS.finditer(sentence):
            indicator = _INDICATOR.search(sentence, match.end())
            if indicator:
                for one in re.findall(_CODE, match["one"]):
                    for two in re.findall(_CODE, match["two"]):
                        yield one, two, indicator["value"]
