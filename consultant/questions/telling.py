"""Whether a letter tells of a case or asks in general.

"Is it one unit per corn or one per visit?" is a general question, which a rule answers. Its words lead into a
family all the same, but to code them as though somebody had been treated would answer what nobody asked.
"""

import re
from typing import Final

from consultant.questions.model import Fact, Question, Subject
from consultant.questions.passages import Sentences

_SOMEBODY: Final = re.compile(
    r"\b(?:dos|date of service|y/?o|year[- ]old|(?:our|this|new|est\w*|medicare|female|male) (?:pt|patient)|pt"
    r"|she|he|her|his|him|seen|came|presents?|presented|today|yesterday)\b",
    re.IGNORECASE,
)
_ONE_CODE: Final = re.compile(
    r"\b(?:what|which|what's|whats|need|want|only|right|correct|best|proper)\b[^.?\n]{0,40}\bcode\b"
    r"|\bcode\b[^.\n]{0,50}\?|\bcode (?:please|pls|plz)\b",
    re.IGNORECASE,
)
_CODES: Final = re.compile(
    r"\b(?:codes|cpts|icds|lines|everything|all of (?:it|this|that))\b|\bdx(?:es)?\b[^.\n]{0,20}\band\b"
    r"|\bcode\b[^.?\n]{0,20}\b(?:and|plus|with)\b|\bcode ?[+&]"
    r"|\b(?:what|how)\b[^.?\n]{0,24}\b(?:bill|report|charge)\b|\bhow\b[^.?\n]{0,24}\bcode (?:this|it|these|that)\b",
    re.IGNORECASE,
)
_NAMING: Final = frozenset({"condition", "procedure", "visit_kind"})
"""Facts that name what a subject is; what is told of it may stand with other things."""
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


def asks_one_code(text: str) -> bool:
    """Tell whether a letter asks for one code, and nowhere for several."""
    return bool(_ONE_CODE.search(text)) and not _CODES.search(text)


def asked_of(question: Question, subject: Subject) -> bool:
    """Tell whether words of a subject stand in the subject line or in a sentence that asks for a code."""
    sentences = Sentences(question.text)
    named = [fact for fact in subject.facts if fact.name in _NAMING] or subject.facts
    around = {sentences.around(fact.span.start) for fact in named if fact.span.end > fact.span.start}
    told = (question.text[span.start : span.end].strip() for span in around)
    return any(row.lower().startswith("sub") or row.endswith("?") or _ONE_CODE.search(row) for row in told)


def _measured(fact: Fact) -> bool:
    """Tell whether a fact is a number that somebody counted or measured; "one" is as often an article."""
    return not isinstance(fact.value, bool | str) and fact.value != 1


def _asks(sentences: Sentences, fact: Fact) -> bool:
    around = sentences.around(fact.span.start)
    return sentences.text[around.start : around.end].rstrip().endswith("?")
