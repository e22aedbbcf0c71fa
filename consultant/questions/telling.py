"""Whether a letter tells of a case or asks in general.

"Is it one unit per corn or one per visit?" is a general question, which a rule answers. Its words lead into a
family all the same, but to code them as though somebody had been treated would answer what nobody asked.
"""

import re
from typing import Final

from consultant.questions.model import Fact, Question
from consultant.questions.passages import Sentences

_SOMEBODY: Final = re.compile(
    r"\b(?:dos|date of service|y/?o|year[- ]old|(?:our|this|new|est\w*|medicare|female|male) (?:pt|patient)|pt"
    r"|she|he|her|his|him|seen|came|presents?|presented|today|yesterday)\b",
    re.IGNORECASE,
)
_SIDES: Final = frozenset({"laterality", "toe", "finger"})


def tells_case(question: Question) -> bool:
    """Tell whether a patient, a day, a measure, or a statement about what was done or found stands in the letter."""
    if question.date_of_service or _SOMEBODY.search(question.text):
        return True
    facts = [fact for subject in question.subjects for fact in subject.facts]
    if any(_measured(fact) or fact.name in _SIDES for fact in facts):
        return True
    sentences = Sentences(question.text)
    return any(not _asks(sentences, fact) for fact in facts if fact.span.end > fact.span.start)


def _measured(fact: Fact) -> bool:
    """Tell whether a fact is a number that somebody counted or measured; "one" is as often an article."""
    return not isinstance(fact.value, bool | str) and fact.value != 1


def _asks(sentences: Sentences, fact: Fact) -> bool:
    around = sentences.around(fact.span.start)
    return sentences.text[around.start : around.end].rstrip().endswith("?")
