"""Give facts and numbers to the services of a letter: to the one that stands nearest, in its own part of the letter."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consultant.questions.amounts import Amount
from consultant.questions.counting import ONES, is_one
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences
from consultant.questions.said import Said
from knowledge.model import Phrase

_PLURAL: Final = re.compile(r"(?:[^s]s|ae)\Z|sses\b", re.IGNORECASE)
_WORDS: Final = {
    **{word: number for number, word in enumerate(ONES[:12], 1)},
    "both": 2,
    "single": 1,
    "fifteen": 15,
    "twenty": 20,
}
_SPELLED: Final = "|".join(_WORDS)
_NUMBER: Final = re.compile(
    rf"(?<![\w.#/-])(?P<n>\d{{1,3}}|{_SPELLED})[ \t]+(?:(?!(?:and|or|with|was|were|of|then"
    rf"|to)\b)[a-z-]+[ \t]+){{0,3}}$",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    # "Keloids of the chest and both shoulders" counts shoulders.
    r"(?<![\w.#/-])(?!both[ \t]+(?:shoulders|arms|legs|hands|feet|sides|cheeks|ears|axillae|thighs|breasts|deltoids)\b)"
    rf"(?P<n>\d{{1,3}}|{_SPELLED})(?=[ \t]+[a-z])",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"[ \t]{0,2}(?:\([ \t]?)?(?:x|×)[ \t]?(?P<n>\d{1,3})\b", re.IGNORECASE)
_FURTHER: Final = re.compile(
    r"(?:\band|\bplus|[,;:&+(])[ \t]?(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"[ \t](?:more[ \t]|others?[ \t])?(?:on|from|of|in|at|to)\b",
    re.IGNORECASE,
)
_NOT_COUNTED: Final = re.compile(
    r"\b(?:cm|mm|sq|inch|minute|min|hour|hr|year|yr|yo|y|day|week|month|mo|percent|stage|grade|level|type|g|gm|gram"
    r"|mg|mcg|kg"
    r"|ml|cc|l|liter|litre|unit|iu|dose|blade|degree|gauge|old|times?|lead|point|score|of|into"
    r"|sites? not)s?\b|%"
    r"|\b(?:minute|year|day|week|month)",
    re.IGNORECASE,
)
_PLACES: Final = {
    "thumb": "1",
    "index": "2",
    "middle": "3",
    "long": "3",
    "ring": "4",
    "little": "5",
    "small": "5",
    "pinky": "5",
}
_TOES: Final = {
    "great": "1",
    "big": "1",
    "hallux": "1",
    "first": "1",
    "1st": "1",
    "second": "2",
    "2nd": "2",
    "third": "3",
    "3rd": "3",
    "fourth": "4",
    "4th": "4",
    "fifth": "5",
    "5th": "5",
    "little": "5",
    "pinky": "5",
}
_DIGIT: Final = re.compile(
    r"\b(?:(?P<side>left|right|lt|rt|l|r|both|bilateral|bilat)[ \t]+)?(?:the[ \t]+)?"
    r"(?:(?P<toe>great|big|first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|little|pinky)[ \t]+toe(?:nail)?s?"
    r"|(?P<hallux>hallux|halluces)"
    r"|(?P<thumb>thumb)(?:nail)?s?|(?P<finger>index|middle|long|ring|little|small|pinky)[ \t]+finger(?:nail)?s?)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"\b(?:nails?|toenails?|toes?|digits?|fingernails?)[ \t#]{0,2}(?P<list>[1-9](?!\d)(?:[ \t]?(?:,|-|–|&|through"
    r"|thru|to|and|on|the|#"
    r"|right|left|rt|lt|foot|hand|both|feet|[1-9](?!\d)))*)(?![ \t]?(?:cm|mm|x|units?))",
    re.IGNORECASE,
)
_RUN: Final = re.compile(r"(?P<first>[1-9])(?:[ \t]?(?:-|–|through|thru|to)[ \t]?#?(?P<last>[1-9]))?", re.IGNORECASE)
_BOTH: Final = re.compile(r"[ \t]{0,2}(?:bilat\w*|both|b/l|each foot)", re.IGNORECASE)
_ONE: Final = re.compile(
    r"\b(?:the|an?|one|single|right|left|his|her|each|this|that|affected"
    r"|ingrown)[ \t]+(?:[a-z-]+[ \t]+){0,2}nails?\b(?<!s)",
    re.I,
)


def beside(text: str, sentences: Sentences, phrase: Phrase, span: Span) -> Iterator[Fact]:
    """Yield how many of a thing there are: "17 actinic keratoses", "avulsion of two nails", "avulsion of nail x2"."""
    if phrase.counts is None:
        return
    sentence = sentences.around(span.start)
    before = _NUMBER.search(text, max(sentence.start, span.start - 40), span.start)
    inside = [match for match in _INSIDE.finditer(text, span.start, span.end) if not _measures(text, match)]
    match = before if before and not _NOT_COUNTED.search(before[0]) else None
    match = match or (inside[0] if inside else None) or _TIMES.match(text, span.end)
    if match is None:
        if phrase.value == "" and _single(text, phrase, span, sentence.start):
            yield Fact(phrase.counts, 1, span, certain=False)
        elif phrase.counts == "abscess_count" and _PLURAL.search(text, span.start, span.end):
            # One or several is all that the code depends on.
            yield Fact(phrase.counts, 2, span, certain=False)
        return
    count = _number(match)
    yield Fact(phrase.counts, count, Span(*match.span("n")))
    # "5 from the eyelid and 11 from the neck": a further number is a second value unless the first is their sum.
    further = list(_FURTHER.finditer(text, span.end, sentence.end))
    numbers = [_number(row) for row in further]
    if further and sum(numbers) != count:
        yield Fact(phrase.counts, numbers[-1], Span(*further[-1].span("n")))


def _single(text: str, phrase: Phrase, span: Span, since: int) -> bool:
    """Tell whether a thing stands in the singular; "nail" is also the first word of what is done to many."""
    if phrase.counts == "abscess_count":
        return not _PLURAL.search(text, span.start, span.end)
    return is_one(text, span.start, span.end, since=since)


def _measures(text: str, match: re.Match[str]) -> bool:
    return bool(_NOT_COUNTED.match(text[match.end() :].lstrip()))


def _number(match: re.Match[str]) -> int:
    return _WORDS.get(match["n"].lower()) or int(match["n"])


def counted_things(
    text: str, sentences: Sentences, places: Sequence[Sequence[Span]], entries: Sequence[Said], details: Iterable[Said]
) -> Iterator[Fact]:
    """Yield how many there are by what the letter names: two questionnaires by name, two toes.

    Of several services of one family none is counted so: nobody says what belongs to which.
    """
    if len(entries) > 1:
        return
    named: dict[str, dict[str, Fact]] = {}
    for row in details:
        if _names_a_number(row):
            named.setdefault(row.fact.name, {}).setdefault(row.phrase.thing, row.fact)
    for name, things in named.items():
        first = next(iter(things.values()))
        yield Fact(name, sum(int(fact.value) for fact in things.values()), first.span)
    if dict(entries[0].phrase.measures).get("count") == "nail_count":
        if numbered := _numbered(text):
            yield Fact("nail_count", *numbered)
            return
        digits = list(_digits(text))
        # Digits of other sentences may be those of the history.
        parts = {sentences.around(span.start) for span in places[0]}
        digits = [row for row in digits if sentences.around(row[1].start) in parts] or digits
        if digits:
            yield Fact("nail_count", len({digit for digit, _ in digits}), digits[0][1])
        elif match := _ONE.search(text):
            yield Fact("nail_count", 1, Span(*match.span()))


def _numbered(text: str) -> tuple[int, Span] | None:
    """Return how many nails or toes a letter names by their numbers: "nails 1 through 5 on the right and 1 and 2"."""
    for match in _NUMBERED.finditer(text):
        count = 0
        for row in _RUN.finditer(text, *match.span("list")):
            count += int(row["last"]) - int(row["first"]) + 1 if row["last"] else 1
        if count > 0:
            both = _BOTH.match(text, match.end()) or _BOTH.search(match["list"])
            return count * (2 if both else 1), Span(*match.span())
    return None


def _digits(text: str) -> Iterator[tuple[str, Span]]:
    """Yield every finger and toe that the letter names, with its place."""
    side = ""
    for match in _DIGIT.finditer(text):
        written = (match["side"] or "").lower()
        side = written[:1] or side
        if match["thumb"] or match["finger"]:
            what = "f" + _PLACES[(match["thumb"] or match["finger"]).lower()]
        else:
            what = "t" + ("1" if match["hallux"] else _TOES[match["toe"].lower()])
        for one in ("l", "r") if written[:1] == "b" else (side,):
            yield one + what, Span(*match.span())


def nearest(sentences: Sentences, places: Sequence[Sequence[Span]], numbers: Sequence[Amount]) -> list[Amount | None]:
    """Give each service the number that stands nearest to one of its places, in the sentence of that place.

    A single service takes the only number of the letter, wherever it stands.
    """
    found: list[Amount | None] = [None] * len(places)
    pairs = sorted(
        (distance(place, number.span), place.start > number.span.start, at, row)
        for at, spans in enumerate(places)
        for place in spans
        for row, number in enumerate(numbers)
        if sentences.around(place.start) == sentences.around(number.span.start)
    )
    used: set[int] = set()
    for _, _, at, row in pairs:
        if found[at] is None and row not in used:
            found[at] = numbers[row]
            used.add(row)
    if len(places) == 1 and found[0] is None and len({number.value for number in numbers}) == 1:
        found[0] = numbers[0]
    return found


def shared(sentences: Sentences, places: Sequence[Sequence[Span]], details: Sequence[Said]) -> list[list[Fact]]:
    """Give each detail to the service in whose sentence it stands, a number to the nearest there, the rest to all."""
    facts: list[list[Fact]] = [[] for _ in places]
    for row in details:
        if _names_a_number(row):
            continue
        sentence = sentences.around(row.fact.span.start)
        near = {
            at: min(distance(place, row.fact.span) for place in inside)
            for at, spans in enumerate(places)
            if (inside := [place for place in spans if sentence.start <= place.start < sentence.end])
        }
        own = list(near)
        if row.counted and near:
            own = [min(near, key=lambda at: near[at])]
        for at in own if len(places) > 1 and own else range(len(places)):
            facts[at].append(row.fact)
    return facts


def _names_a_number(row: Said) -> bool:
    """Tell whether a phrase stands for a number by itself: a questionnaire for one."""
    return isinstance(row.fact.value, int) and not isinstance(row.fact.value, bool) and not row.counted


def distance(one: Span, other: Span) -> int:
    """Return how many characters lie between two places."""
    return max(one.start - other.end, other.start - one.end, 0)
