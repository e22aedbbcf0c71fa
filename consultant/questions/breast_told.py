"""Say whether a letter on the breast affirms, denies or only weighs what it names."""

import re
from typing import Final

from consultant.questions.aside import Aside
from consultant.questions.model import Span
from consultant.questions.passages import Sentences, Status, status


def words(pattern: str) -> re.Pattern[str]:
    """Return a pattern of whole words that reads without case."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


# What a sentence weighs is not told.
_WEIGHED: Final = words(
    r"(?:dunno|(?:do|does|did|can|could)(?:n[’']?t| ?not) (?:know|say|tell|specify|state|mention|see|find)"
    r"|not (?:sure|clear"
    r"|certain|specified|stated|told|documented|said)|unsure|uncertain|unclear|unknown|unspecified|no idea"
    r"|cannot (?:tell|say"
    r"|see)|hard to (?:tell|say)|illegible|never says?|nobody (?:says?|wrote))\b[^.;?\n]{0,80}\b(?:if|whether"
    r"|or|how|which"
    r"|what)"
    r"|(?:whether|if)\b[^.;?\n]{0,60}\bor\b[^.;?\n]{0,60}\b(?:not (?:told|said|stated|clear|specified|documented|in)"
    r"|unclear|unknown|unspecified|illegible|missing|cut off)"
)


def told(
    text: str, sentences: Sentences, aside: Aside, pattern: re.Pattern[str], *, earlier: bool = False
) -> Span | None:
    """Return where the letter affirms the words of a pattern; `earlier` takes what was done before, too."""
    for match in pattern.finditer(text):
        meant = status(sentences, match.start(), match.end(), act=True)
        told = meant is Status.AFFIRMED or (earlier and meant is Status.HISTORICAL)
        if told and (earlier or not aside.holds(match.start())):
            return Span(*match.span())
    return None


def denied(text: str, sentences: Sentences, aside: Aside | None, pattern: re.Pattern[str]) -> Span | None:
    """Return where the letter has the words of a pattern, which may hold their own denial, and does not weigh them."""
    for match in pattern.finditer(text):
        meant = status(sentences, match.start(), match.end(), act=False)
        if meant in (Status.AFFIRMED, Status.NEGATED) and not (aside and aside.holds(match.start())):
            return Span(*match.span())
    return None


def weighed(sentences: Sentences, pattern: re.Pattern[str]) -> bool:
    """Tell whether a sentence names something only to say that nobody knows which or whether it was."""
    text = sentences.text
    return any(
        pattern.search(text, row.start, row.end) and _WEIGHED.search(text, row.start, row.end)
        for row in sentences.spans
    )
