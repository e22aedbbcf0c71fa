"""Find the names of persons: given by the letter's headers and signature, introduced by a cue, or telling by form.

A name is believed on one of three grounds: it was given; a cue introduces it ("Mrs", "pt", "name:", "Re:",
"seen by"); or a common given name stands in front of a capitalised word. Once believed it is a name everywhere.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from consultant.privacy.wordlists import (
    CLINICAL_NOUNS,
    EPONYMS,
    GIVEN_NAMES,
    GIVEN_NAMES_THAT_ARE_WORDS,
    NOT_A_NAME,
    SURNAMES_THAT_ARE_WORDS,
)

_WORD: Final = r"[^\W\d_][^\W\d_'’-]{0,24}(?:['’-][^\W\d_]{1,24}){0,2}"
_RUN: Final = r"(?P<run>" + _WORD + r"\b\.?(?:[ \t]{1,2}" + _WORD + r"\b\.?){0,3})"
_CREDENTIAL: Final = (
    r"(?:MD|M\.D\.|DO|NP|FNP|PA|PA-C|RN|LPN|CPC(?:-[APIH])?|CCS(?:-P)?|COC|CRC|CPMA|CDEO|CIC|RHIT|RHIA|DPM|FACS"
    r"|FAAD|MBA"
    r"|PhD|DDS|CPB|CPPM|CEMC|CGSC|CPCD)"
)
_SEP: Final = r"[ \t]{0,2}[:=#-]?[ \t]{1,3}"


@dataclass(frozen=True, slots=True)
class Cue:
    """One way to introduce a name, and how much it proves."""

    name: str
    pattern: re.Pattern[str]
    trust: int
    """3: the next word is a name in any case; 2: when capitalised, or a known given name; 1: given name and surname."""


def _cue(name: str, trust: int, pattern: str) -> Cue:
    return Cue(name, re.compile(pattern, re.IGNORECASE), trust)


CUES: Final[tuple[Cue, ...]] = (
    _cue("title", 3, r"\b(?:mrs?|ms|miss|mx)\b\.?[ \t]{1,2}" + _RUN),
    _cue(
        "name-field",
        3,
        r"\b(?:pt|patient|member|subscriber|insured|guarantor|full|first|last|his|her|their|whose)(?:'s)? name\b"
        + _SEP
        + _RUN,
    ),
    # A form names its field at the start of a line or behind a separator; within a sentence "by name: external
    # genitalia" lists what has a name, so that only what looks like a person's name is taken for one.
    _cue("name-line", 3, r"(?:^|[\n;|,])[ \t]{0,4}name[ \t]{0,2}[:=][ \t]{0,3}" + _RUN),
    _cue("name-colon", 2, r"(?<!by )\bname[ \t]{0,2}[:=][ \t]{0,3}" + _RUN),
    _cue("own-name", 3, r"\bmy name is[ \t]{1,2}" + _RUN),
    # The full stop behind a whole word ends its sentence: "by the same doctor. Decision making was high".
    _cue("doctor", 2, r"\b(?:(?:dr|prof)\b\.?|doctor|professor|nurse)[ \t]{1,2}" + _RUN),
    _cue("patient", 2, r"\b(?:pts?|patients?)\b\.?(?:'s)?(?:" + _SEP + r"|[ \t]{0,2}\()" + _RUN),
    _cue("patient-is", 2, r"\b(?:pt|patient) (?:is|was|named|called)[ \t]{1,2}" + _RUN),
    _cue(
        "relative",
        2,
        r"\b(?:mother|father|wife|husband|son|daughter|spouse|brother|sister|guardian|caregiver|member|subscriber"
        r"|insured"
        r"|attn|attention|c/o|employer|surgeon|physician|provider|assistant|anesthesiologist|pcp)\b,?" + _SEP + _RUN,
    ),
    _cue(
        "done-by",
        2,
        r"\b(?:seen|performed|dictated|signed|referred|done|assisted|ordered|treated|examined|operated|wrote|written"
        r"|removed|excised|closed) by[ \t]{1,2}(?:dr\.?[ \t]{1,2})?" + _RUN,
    ),
    _cue("greeting", 2, r"(?:^|\n)[ \t]{0,4}(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))[ \t]{1,2}" + _RUN),
    _cue(
        "sign-off",
        2,
        r"(?:^|\n|[.!?][ \t])[ \t]{0,4}(?:(?:many )?thanks(?: again)?|thank you|thx|ty"
        r"|(?:kind|best|warm)? ?regards|best(?: wishes)?"
        r"|sincerely|respectfully|cheers)[ \t]{0,2}[,.!-]{0,3}[ \t]{0,3}\n{0,3}[ \t]{0,4}"
        + _RUN
        + r"(?=[ \t]{0,3}(?:$|\n|,|\|))",
    ),
    _cue(
        "i-am",
        2,
        r"\b(?:i am|i'm|this is|it's|its|my colleague|my boss|on behalf of|spoke (?:to|with))[ \t]{1,2}" + _RUN,
    ),
    _cue(
        "regarding",
        1,
        r"\b(?:re|regarding|subject|fw|fwd|for|about|with|from|by|and|per|on|to|cc|had)\b:?[ \t]{1,2}" + _RUN,
    ),
)

_FORMS: Final[tuple[re.Pattern[str], ...]] = (
    # Sampleton, Testa: taken when a cue stands in front, the second word is a given name, or a birth date follows.
    re.compile(
        r"(?:\b(?P<cue>(?i:pt|patient|name|member|re|mrs?|ms|subscriber|insured)\b[.:]?[ \t]{1,3}))?(?<![\w'’-])"
        r"(?P<last>[A-ZÀ-Þ][\w'’-]{1,24}),[ \t]{1,2}(?P<first>[A-ZÀ-Þ][\w'’-]{0,24})(?P<initial>[ \t][A-Z]\b\.?)?"
        r"(?P<proof>,?[ \t]{0,2}\(?[ \t]?(?i:dob|d\.o\.b|mrn|ssn|born|\d{1,3}[ \t]?y/?o)\b)?"
    ),
    # Testa Q. Sampleton, CPC or Testa Sampleton (DOB ...: what follows proves it.
    re.compile(
        r"(?<![\w'’-])(?P<both>(?:[A-ZÀ-Þ][\w'’-]{1,24}|[A-Z]\.)[ \t](?:[A-Z]\.?[ \t])?[A-ZÀ-Þ][\w'’-]{1,24})"
        r"(?=,?[ \t]{1,2}\(?[ \t]?(?:(?i:dob|d\.o\.b|mrn|ssn|born|\d{1,3}[ \t-]?(?:y/?o|year))\b|"
        + _CREDENTIAL
        + r"(?![\w-])))"
    ),
    # A given name in front of a capitalised word.
    re.compile(
        r"(?<![\w'’-])(?P<pair>(?P<given>[A-ZÀ-Þ][^\W\d_]{1,24})[ \t](?:[A-Z]\.?[ \t])?(?P<sur>[A-ZÀ-Þ][\w'’-]{1,24}))"
    ),
)
_TOKENS: Final = re.compile(_WORD)
_REVERSED: Final = re.compile(rf",[ \t]{{1,2}}(?P<first>{_WORD})\b")
_TITLES: Final = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "jr", "sr", "md", "do", "phd"})


def tokens_of(name: str) -> tuple[str, ...]:
    """Return the words of a name that may stand for the person, in lower case, without titles and credentials."""
    words = (bare(word) for word in _TOKENS.findall(name))
    credential = re.compile(_CREDENTIAL, re.IGNORECASE)
    return tuple(word for word in words if len(word) > 1 and word not in _TITLES and not credential.fullmatch(word))


def bare(word: str) -> str:
    """Return a word in lower case without the possessive ending."""
    lower = word.lower().replace("’", "'")
    return lower[:-2] if lower.endswith("'s") else lower


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretch of each name that a cue or its form proves, in the order of the rules."""
    for cue in CUES:
        for match in cue.pattern.finditer(text):
            span = _believed(text, match.start("run"), match.end("run"), cue.trust)
            if span:
                yield span
    yield from _by_form(text)


def _believed(text: str, start: int, end: int, trust: int) -> tuple[int, int] | None:
    """Return the leading words of the run that are a name, if the cue's trust suffices for them."""
    taken: list[re.Match[str]] = []
    shouting = any(map(str.isupper, _TOKENS.findall(text, start, end))) and _shouting(text, start, end)
    for word in _TOKENS.finditer(text, start, end):
        if not _may_be_a_name(word[0], trust, len(taken), shouting=shouting):
            break
        taken.append(word)
        if bare(word[0]) != word[0].lower():
            # What follows a possessive belongs to the person and is not the person: Mr. Clark's Clark level.
            break
    while taken and len(taken[-1][0]) == 1:
        taken.pop()
    words = [bare(word[0]) for word in taken]
    if not words or (trust < 3 and _is_eponym(text, words, taken[-1].end())):
        return None
    if trust == 1 and not (len(words) > 1 and words[0] in GIVEN_NAMES | GIVEN_NAMES_THAT_ARE_WORDS):
        return None
    last = taken[-1]
    end = last.start() + len(bare(last[0]))
    # A name field may give the surname first, in any case: "sampleton, testa".
    first_name = _REVERSED.match(text, end) if trust == 3 else None
    if first_name and bare(first_name["first"]) in GIVEN_NAMES:
        end = first_name.end()
    return taken[0].start(), end


_WAYS: Final = frozenset(("IM", "IV", "IVP", "IVPB", "SQ"))
"""How a drug is given, which whoever gave it signs: "PCV20 IM, RN"."""


_LETTERS: Final = re.compile(r"[A-Z](?:-to)?-(?:[A-Z]|plasty)", re.IGNORECASE)
"""How a flap is moved: "closed by O-to-Z", "by V-Y"."""


def _may_be_a_name(word: str, trust: int, position: int, *, shouting: bool) -> bool:
    lower = bare(word)
    if lower in NOT_A_NAME or (word in _WAYS and trust < 3) or _LETTERS.fullmatch(word):
        return False
    if word[0].isupper() and not (shouting and word.isupper()):
        return len(lower) > 1 or position > 0 or trust > 1
    known = lower in GIVEN_NAMES
    return len(lower) > 1 and (known or (trust == 3 and position == 0 and lower not in GIVEN_NAMES_THAT_ARE_WORDS))


def _is_eponym(text: str, words: list[str], end: int) -> bool:
    """Tell whether the words name a disease or an operation: Mohs, Merkel cell, Clark level."""
    if words[-1] in EPONYMS and _clinical_noun_follows(text, end):
        return True
    return all(word in EPONYMS or word in CLINICAL_NOUNS for word in words)


def _clinical_noun_follows(text: str, end: int) -> bool:
    following = _TOKENS.match(text, end + 1) if text[end : end + 1] == " " else None
    return following is not None and bare(following[0]) in CLINICAL_NOUNS


def _shouting(text: str, start: int, end: int) -> bool:
    """Tell whether the line is written in capitals, so that a capital proves nothing."""
    line = text[max(text.rfind("\n", max(0, start - 120), start) + 1, start - 120) : end + 40].partition("\n")[0]
    letters = sum(map(str.isalpha, line))
    return letters > 15 and sum(map(str.isupper, line)) > 0.8 * letters


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    reversed_form, proved_form, pair_form = _FORMS
    for match in reversed_form.finditer(text):
        last, first = bare(match["last"]), bare(match["first"])
        if last in NOT_A_NAME or first in NOT_A_NAME or (last in EPONYMS and first in EPONYMS):
            continue
        if match["cue"] or match["proof"] or first in GIVEN_NAMES:
            end = match.end("initial") if match["initial"] else match.end("first")
            yield match.start("last"), end
    for match in proved_form.finditer(text):
        words = [bare(word) for word in _TOKENS.findall(match["both"])]
        if match["both"].split()[-1] in _WAYS:
            continue
        if not any(word in NOT_A_NAME for word in words) and not all(word in EPONYMS for word in words):
            yield match.span("both")
    yield from _pairs(text, pair_form)


def _pairs(text: str, form: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    position = 0
    while match := form.search(text, position):
        given, surname = bare(match["given"]), bare(match["sur"])
        wordlike = given in GIVEN_NAMES_THAT_ARE_WORDS or given in EPONYMS
        plain = given in GIVEN_NAMES and not wordlike
        known = plain or (wordlike and given in GIVEN_NAMES | GIVEN_NAMES_THAT_ARE_WORDS)
        barred = surname in NOT_A_NAME or surname in CLINICAL_NOUNS or (wordlike and surname in EPONYMS)
        clinical = surname in EPONYMS and _clinical_noun_follows(text, match.end())
        if known and not barred and not clinical and not _shouting(text, *match.span()):
            yield match.start("pair"), match.start("sur") + len(surname)
            position = match.end()
        else:
            # The second word may be the given name of the next pair.
            position = match.end("given")


def again(text: str, known: dict[str, int]) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and person of every further place where a known name stands, alone or in a row.

    `known` maps each word of a name, in lower case, to the number of its person.
    """
    row: list[tuple[int, int, str, int]] = []
    for match in _TOKENS.finditer(text):
        lower = bare(match[0])
        person = known.get(lower)
        joined = bool(row) and text[row[-1][1] : match.start()].strip(" \t.,") == "" and match.start() - row[-1][1] < 4
        if row and not (joined and (person == row[-1][3] or (person is None and len(match[0]) == 1))):
            yield from _closed(text, row)
            row = []
        if person is not None:
            row.append((match.start(), match.start() + len(lower), match[0], person))
    yield from _closed(text, row)


def _closed(text: str, row: Iterable[tuple[int, int, str, int]]) -> Iterator[tuple[int, int, int]]:
    words = list(row)
    if not words:
        return
    start, end, person = words[0][0], words[-1][1], words[0][3]
    if len(words) > 1 or _alone(text, words[0][2], end):
        yield start, end, person


def _alone(text: str, word: str, end: int) -> bool:
    """Tell whether a word of a known name means the person when it stands by itself."""
    lower = bare(word)
    if lower in NOT_A_NAME or (lower in EPONYMS and _clinical_noun_follows(text, end)):
        return False
    if lower in EPONYMS or lower in GIVEN_NAMES_THAT_ARE_WORDS or lower in SURNAMES_THAT_ARE_WORDS or len(lower) < 3:
        return word[0].isupper()
    return True
