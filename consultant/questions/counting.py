"""Read how many of a thing a letter tells of: "17 tags", "AKs x 9", "12 on the scalp, 6 on the arms"."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

ONES: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
"""The numbers from one to nineteen in words: what reads fewer takes the first of them."""
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ALL_TENS: Final = {**_TENS, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SPELLED: Final = (
    rf"(?:{'|'.join(_ALL_TENS)})(?:[ -](?:{'|'.join(ONES[:9])}))?|(?:four|six|seven|eight|nine)(?:teen)?|five|fifteen"
    r"|ten|eleven|twelve|thirteen"
)
"""Minutes as people write them in words: "forty-five"."""
_WORDS: Final = {
    **{word: number for number, word in enumerate(ONES, 1)},
    **_TENS,
    **{f"{ten} {one}": tens + number for ten, tens in _TENS.items() for number, one in enumerate(ONES[:9], 1)},
    "single": 1,
    "solitary": 1,
    "a couple of": 2,
    "a couple": 2,
    "a pair": 2,
    "a pair of": 2,
    "half a dozen": 6,
    "a half dozen": 6,
    "a dozen": 12,
    "one dozen": 12,
    "two dozen": 24,
    "three dozen": 36,
}
NUMBER: Final = (
    r"(?:\d{1,3}|single|solitary|a couple of|a pair of|(?:half a|a half|a|one|two|three) dozen|(?:"
    + "|".join(_TENS)
    + r")(?:[ -](?:"
    + "|".join(ONES[:9])
    + r"))?"
    r"|" + "|".join(sorted(ONES, key=len, reverse=True)) + r")"
)
"""A number from 1 on, in digits or in words, as a part of a pattern that reads without case."""
_BEFORE: Final = re.compile(
    rf"(?<![\w.#/$-])(?:[x×][ \t]?)?(?P<n>{NUMBER})[ \t]+"
    rf"(?P<between>(?:(?!(?:and|or|for|{'|'.join(ONES)})\b)[a-z'-]+,?[ \t]+){{0,3}})$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    rf"(?:[ \t](?:removals?|excisions?|destructions?|treatments?|snips?|biops(?:y|ies)))?[ \t]{{0,2}}(?:\([ \t]?)?"
    rf"(?:x|×|times)[ \t]?(?P<n>{NUMBER})(?!\w|\.\d|[ \t]?(?:cm|mm))"
    r"|(?:[ \t](?:(?:of|on|to|both|bilateral|the|right|left|[LR])[ \t]){0,3}(?:feet|foot|toes?|heels?|soles?))?"
    rf",[ \t](?P<h>{NUMBER})(?=[,;)\n]|\.?[ \t]*(?:\n|$)|[.?][ \t]+(?:codes?|cpts?|which|what|how|dos)\b)"
    rf"|,?[ \t](?:all[ \t])?(?P<k>{NUMBER})[ \t](?:of (?:them|these|those)[ \t])?(?:(?:was"
    rf"|were)[ \t])?(?:removed|snipped|clipped"
    r"|treated|frozen|shaved|taken off|pared|destroyed|curetted|(?:electro)?cauteri[sz]ed|injected|LN2"
    r"|cryo\w*|done|in (?:all|total)|total)\b"
    # "Callus paring, three of them", "calluses pared, 3 in number", "a corn, just the one", "corns, a pair of them".
    rf"|[^.;\n\d]{{0,16}}?[,(-][ \t]?(?:(?:just|only|all|total|about)[ \t])?(?:the[ \t])?(?P<j>{NUMBER}|a pair"
    rf"|a couple)"
    r"(?:[ \t](?:of (?:them|these|those)|in (?:number|count)|only|total)|(?<=just the one)|(?<=only the one)"
    r"|(?<=just one)"
    r"|(?<=only one))(?=[ \t]?(?:[.,;?!)\n]|$))"
    r"|[ \t]{0,2}(?:\(|[:=][ \t]?)(?P<m>\d{1,3})(?=[)\s,;]|\.(?!\d)|$)(?![ \t]?(?:cm|mm|x|%))",
    re.IGNORECASE,
)
_NOT_COUNTED: Final = re.compile(
    r"\b(?:cm|mm|sq|inch|minute|min|hour|hr|year|yr|yo|y|day|week|month|percent|stage|grade|level|type|g|gm|gram|mg"
    r"|mcg|kg"
    r"|ml|cc|l|liter|litre|unit|iu|dose|blade|degree|gauge|cycle|time|of|on|in|into|onto|to|for|from|with|by|old)s?\b|%",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"(?<![\w-])(?:an?|the|this|that|his|her)[ \t]+(?:[\w.'-]+[ \t]+){0,3}$", re.IGNORECASE)
_TOTAL: Final = re.compile(
    rf"(?<!\w)(?:counted (?:by [\w ]{{1,20}} )?(?:as|at|to)|total(?: of|:)?|in all,?|altogether"
    rf"|counted (?:them|it|those|these)(?: all| again| myself| twice)*[ \t,:;–-]{{1,3}}(?:and )?"
    rf"(?:(?:it|there|they|that)(?:'s|[ \t](?:is|are|was|were))|found|got)"
    rf"|,[ \t]so|,[ \t]that makes"
    rf"|making|comes to|adds? up to)[ \t](?P<n>{NUMBER})\b"
    r"(?![.]?\d|[ \t]?(?:cm|mm|min|ml|cc))"
    rf"|(?<![\w./-])(?P<m>{NUMBER})[ \t](?:(?!(?:cc|ml|mg|mcg|cm|mm|sq|min|minutes?|units?|hours?)\b)\w+[ \t])?"
    r"(?:in (?:all|total)|altogether|total)\b",
    re.IGNORECASE,
)
_AT_PLACES: Final = re.compile(
    rf"(?<![\w./-])(?P<n>{NUMBER})[ \t](?:more[ \t]|others?[ \t])?"
    # "Fifteen by scissors on the neck and another six frozen in the groin".
    r"(?:(?:by|with|were|was|got|frozen|removed|snipped|clipped|treated|small|tiny|off|scissors?|snip|cautery"
    r"|taken)[ \t]){0,4}"
    rf"(?:(?:on|from|of|off|in|at|to|around|under|along|over)[ \t]"
    r"|(?=(?:left|right|lt|rt|(?-i:[LR]))\b))",
    re.IGNORECASE,
)
_BEFORE_PLACE: Final = re.compile(rf"(?<![\w./-])(?P<n>{NUMBER})[ \t]", re.IGNORECASE)
_SIDE: Final = re.compile(r"(?:the[ \t]|his[ \t]|her[ \t])?(?:left|right|lt|rt|(?-i:[LR]))\b", re.IGNORECASE)
_NEAR: Final = 28
"""Characters between "6 on" and the place that it is on."""


_LONE: Final = re.compile(
    r"\b(?:(?:single|solitary|one|1)[ \t](?:lesion|site|spot|growth)|just (?:the )?one|only one)\b", re.IGNORECASE
)


class Count(NamedTuple):
    """A number with its place, and whether an act stands in its sentence, as in "sixteen tags were snipped"."""

    number: int
    start: int
    end: int
    done: bool = False


def number(written: str) -> int:
    """Return a number that `NUMBER` found."""
    word = " ".join(written.lower().replace("-", " ").split())
    return int(word) if word.isdigit() else _WORDS[word]


def beside(text: str, start: int, end: int, *, since: int) -> Count | None:
    """Return the number that stands directly before or behind a thing, no earlier than `since`."""
    before = _BEFORE.search(text, max(since, start - 48), start)
    if before and not _NOT_COUNTED.search(before["between"]):
        return Count(number(before["n"]), *before.span("n"))
    behind = _BEHIND.match(text, end)
    if behind:
        name = next(one for one in ("n", "h", "k", "j", "m") if behind[one])
        return Count(number(behind[name]), *behind.span(name))
    return None


def is_one(text: str, start: int, end: int, *, since: int) -> bool:
    """Tell whether a thing stands in the singular: "a plantar wart", "the keratosis"."""
    return is_singular(text[start:end]) and bool(_ARTICLE.search(text, max(since, start - 40), start))


def is_singular(name: str) -> bool:
    """Tell whether the name of a thing is that of one: "callus" and "verruca", not "corns" or "verrucae"."""
    return not re.search(r"(?:[^sui]s|ses|[^u]i|ae|mollusca)$", name.rstrip("."), re.IGNORECASE)


def total(text: str) -> Count | None:
    """Return the total that the letter gives in so many words: "counted as 31", "24 in all"."""
    found = [
        Count(number(match[name]), *match.span(name))
        for match in _TOTAL.finditer(text)
        for name in ("n" if match["n"] else "m",)
    ]
    return found[0] if len({count.number for count in found}) == 1 else None


def lone(text: str) -> Count | None:
    """Return the one of "single lesion", where a letter about one kind of thing says so."""
    match = _LONE.search(text)
    return Count(1, *match.span()) if match else None


def at_places(text: str, start: int, end: int, places: Iterable[int]) -> list[Count]:
    """Return the numbers that a stretch gives place by place: "12 on the scalp, 6 on the forearms".

    `places` are where the sites of the text begin.
    """
    starts = tuple(places)
    found = {
        match.start("n"): Count(number(match["n"]), *match.span("n"))
        for match in _AT_PLACES.finditer(text, start, end)
        if any(match.end() <= place < match.end() + _NEAR for place in starts) or _SIDE.match(text, match.end())
    }
    direct = [match for match in _BEFORE_PLACE.finditer(text, start, end) if match.end() in starts]
    if not found and len(direct) > 1:
        # "10 neck, 8 groin".
        return [Count(number(match["n"]), *match.span("n")) for match in direct]
    if found:
        # "14 under the breasts, 8 groin": beside such numbers one may stand right before its place.
        for match in _BEFORE_PLACE.finditer(text, start, end):
            if match.end() in starts:
                found.setdefault(match.start("n"), Count(number(match["n"]), *match.span("n")))
    return [found[place] for place in sorted(found)]


_BEHIND_PLACE: Final = re.compile(
    rf"s?[ \t]{{0,2}}(?:[(:=–-][ \t]?)?(?:[x×][ \t]?)?(?P<n>{NUMBER})"
    r"(?!\w|[./-]\d|[ \t]?(?:cm|mm|sq|x|×|by|%)|[ \t](?:on|of|in|from)\b)",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    rf",[ \t](?:and[ \t])?(?:[a-z]+[ \t]){{1,3}}(?:x[ \t]?)?(?P<n>{NUMBER})(?=[,;.])", re.IGNORECASE
)


def behind_places(text: str, start: int, end: int, places: Iterable[tuple[int, int]]) -> list[Count]:
    """Return the numbers that stand behind the places of a stretch: "neck 9, left axilla 8", "scalp x5, groin (2)".

    A place among them that nobody knows, as it may be mistyped, counts like the others.
    """
    found = {
        match.start("n"): Count(number(match["n"]), *match.span("n"))
        for first, last in places
        if start <= first < end and (match := _BEHIND_PLACE.match(text, last)) and match.end() <= end
    }
    if len(found) > 1:
        since, until = min(found), max(found)
        for match in _LISTED.finditer(text, since, until + 4):
            if since < match.start("n") < until:
                found.setdefault(match.start("n"), Count(number(match["n"]), *match.span("n")))
    return [found[place] for place in sorted(found)]


_BY_SIDE: Final = re.compile(
    rf"(?<![\w/])(?:left|right|lt|rt|(?-i:[LR]))\b\.?[ \t]?(?:foot|feet|hand|breast|side|arm|leg|axilla|neck|face|ear)?"
    rf"[ \t]?(?:[:(=x,-][ \t]?)?(?:all[ \t])?(?P<n>{NUMBER})(?!\w|\.\d|[ \t]?(?:st|nd|rd|th|cm|mm|cc|ml|%"
    rf"|o'?clock)\b|:\d\d)",
    re.IGNORECASE,
)


def by_sides(text: str, start: int = 0, end: int | None = None) -> Count | None:
    """Return the sum of the numbers that stand behind a left and a right: "L foot 4, R foot 2"; None of fewer."""
    found = list(_BY_SIDE.finditer(text, start, len(text) if end is None else end))
    if len(found) != 2 or found[0][0][0].lower() == found[1][0][0].lower():
        return None
    return added([Count(number(match["n"]), *match.span("n")) for match in found])


def settled(counts: Iterable[Count]) -> list[Count]:
    """Return the one count that holds; several where the letter leaves open which of them does.

    A number told with the act stands before one of the examination. Numbers of one sentence add up, unless one of them
    is already their sum.
    """
    unique = list({count.start: count for count in counts}.values())
    done = [count for count in unique if count.done] or unique
    if len({count.number for count in done}) < 2:
        return done[:1]
    whole = next((count for count in done if 2 * count.number == sum(other.number for other in done)), None)
    return [whole] if whole else done


def summed(counts: list[Count]) -> Count:
    """Return the sum of the counts of one sentence, or the one of several that is the sum of the others already."""
    every = sum(count.number for count in counts)
    whole = next((count for count in counts if len(counts) > 2 and 2 * count.number == every), None)
    return whole or added(counts)


def added(counts: list[Count]) -> Count:
    """Return the sum of counts that belong together."""
    first, last = counts[0], counts[-1]
    return Count(sum(count.number for count in counts), first.start, last.end, first.done)


def spelled_out(words: str) -> int:
    """Return the number that is written as `SPELLED` reads it: 45 of "forty-five"."""
    first, _, last = words.lower().replace("-", " ").partition(" ")
    return _ALL_TENS.get(first, 0) + (ONES.index(last) + 1 if last else 0) or ONES.index(first) + 1
