"""Read which breast was treated, and leave alone the side that was only looked at."""

import re
from typing import Final

from consultant.questions.aside import Aside
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status

_UNREMARKABLE: Final = re.compile(
    r"\b(?:unremarkable|no suspicious|no (?:abnormal\w*|findings?)|(?:was|is|were|are|looks?) (?:normal|clear|negative"
    r"|benign|healthy)|(?:breasts?|side|mammogram) (?:normal|clear|negative|wnl|unremarkable)"
    r"|nothing on the (?:right|left)|(?:excised|removed|done|biops\w+|surgery|mastectomy"
    r"|lumpectomy) (?:in )?(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_SIDED: Final = (
    re.compile(r"[ \t](?:[\w-]+[ \t]){0,4}?(?:breasts?|\w*mastectom\w+|lumpectom\w+|axilla\w*)\b", re.IGNORECASE),
    re.compile(r"\b(?:breasts?|\w*mastectom\w+|lumpectom\w+)[ \t]?[,:(]?[ \t]?(?:on the )?$", re.IGNORECASE),
)


_SIDE: Final = re.compile(
    r"(?<![\w-])(?<!was )(?<!were )(?<!is )"
    r"(?P<s>right|left|rt|lt|bilat(?:eral(?:ly)?)?|b/l|both|(?-i:[RL])(?=[ .]))(?!\w)",
    re.IGNORECASE,
)
_SIDES: Final = re.compile(r"(?<=both)[ \t]sides\b", re.IGNORECASE)


def told_around(sentences: Sentences, at: int, pattern: re.Pattern[str]) -> bool:
    """Tell whether the sentence around a place has the words of a pattern."""
    sentence = sentences.around(at)
    return bool(pattern.search(sentences.text, sentence.start, sentence.end))


def read(text: str, sentences: Sentences, aside: Aside) -> list[Fact]:
    """Return the side of the breast; both where the letter says bilateral or names both breasts.

    A side that stands with the breast is taken before one that stands alone: "a clip was left".
    """
    return within(text, sentences, aside, 0, len(text))


def within(text: str, sentences: Sentences, aside: Aside, start: int, end: int) -> list[Fact]:
    """Return the side of the breast that a stretch of the letter names."""
    near: dict[str, Span] = {}
    alone: dict[str, Span] = {}
    for match in _SIDE.finditer(text, start, end):
        if (
            aside.holds(match.start())
            or status(sentences, match.start(), match.end(), act=False) is not Status.AFFIRMED
            or told_around(sentences, match.start(), _UNREMARKABLE)
        ):
            continue
        word = match["s"].lower()
        side = "right" if word.startswith("r") else "left" if word.startswith("l") else "bilateral"
        with_breast = _SIDED[0].match(text, match.end()) or _SIDED[1].search(
            text, max(0, match.start() - 24), match.start()
        )
        if with_breast or word.startswith(("bilat", "b/l")) or _SIDES.match(text, match.end()):
            near.setdefault(side, Span(*match.span()))
        elif word != "both":
            alone.setdefault(side, Span(*match.span()))
    found = near or alone
    if not found:
        return []
    side = "bilateral" if "bilateral" in found or len(found) > 1 else next(iter(found))
    span = found.get("bilateral") or next(iter(found.values()))
    return [Fact("laterality", side, span)]
