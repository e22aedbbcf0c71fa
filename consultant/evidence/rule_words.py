"""How the words of letters and rules are compared: stems, with one name for what coders and curators say differently.

Both sides are read by one table (`alike`), so that nothing has to be expanded while letters are answered.
"""

import re
from functools import lru_cache
from typing import Final

from consultant.evidence.alike import ALIKE
from knowledge.search_wording import plain, stem
from knowledge.vocabulary import Vocabulary

_WORD = re.compile(r"[a-z0-9]+(?:[&/'-][a-z0-9]+)*")
_SPLIT = re.compile(r"[/'-]")
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,3}(?![A-Za-z0-9])")

# Words that stand in every letter and say nothing of its subject; what coders write of billing itself among them.
_STOP: Final = frozenset(
    re.findall(
        r"[\w']+",
        """
        a about above after all also always am an and any anybody anyone are as ask asked asking asks at be
        because been before being best between bill billable billed biller billing bills bit but by can cannot
        claim claims code codable coded coder coders coding codes colleague come comes could cpt date did do
        does doing done dos each else every few for from get gets getting give given gives go goes going good
        got had happens has have having he hello help her here hers hi him his how i if in instead into is isn
        it its just know let like list lot made make makes manager matter may me mean means might mine more most
        much my need needs never no none not now of off office ok okay on once one only or other our ours out
        over own patient patients payer please put question questions quick really report reportable reported
        reporting reports right rule rules said same say says see seen send service services she should since so
        some somebody something still subject sure system take takes tell than thank thanks that the their
        theirs them then there these they thing things think this those through thru to today told too under
        until up us use used using very want wants was way we well were what when where whether which while who
        whom whose why will with would wrong yes yet you your yours correct correctly modifier modifiers mods
        proper properly regards dear team morning case actually anything way work pt pts beneficiary
        beneficiaries w etc per vs or hcpcs answer don doesn didn isnt wasn re fw medicare
        """,
    )
)


def _groups() -> tuple[dict[tuple[str, ...], tuple[str, ...]], dict[str, str]]:
    """Return phrases with the names of their groups, and single words with that of theirs."""
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    singles: dict[str, str] = {}
    stemmed: dict[str, str] = {}
    for line in ALIKE.strip().splitlines():
        wordings = [row.strip() for row in line.split(",")]
        name = "~" + wordings[0].replace(" ", "-")
        for wording in wordings:
            parts = tuple(_raw(wording))
            if len(parts) > 1:
                phrases[parts] = (*phrases.get(parts, ()), name)
            elif parts:
                singles.setdefault(parts[0], name)
                if parts[0].isalpha() and len(parts[0]) > 3 and stem(parts[0]) not in _STOP:
                    stemmed.setdefault(stem(parts[0]), name)
    # A word that stands in the table itself goes before one that merely has the same stem: "time" before "timely".
    singles = {**stemmed, **singles}
    return phrases, singles


def _raw(text: str) -> list[str]:
    """Cut a text into its words in lower case; compounds in capitals such as E/M stay whole."""
    return _WORD.findall(plain(text).lower())


_PHRASES, _SINGLES = _groups()
_FIRST = {parts[0]: max(len(row) for row in _PHRASES if row[0] == parts[0]) for parts in _PHRASES}
_CODE = re.compile(r"\d{5}|[a-v]\d{4}")


@lru_cache(maxsize=1_024)
def terms(text: str) -> tuple[str, ...]:
    """Return the words of a text that say what it is about, by the names of their groups or as stems, in order."""
    words = _raw(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        longest = _FIRST.get(words[at])
        for size in range(min(longest, len(words) - at), 1, -1) if longest else ():
            if names := _PHRASES.get(tuple(words[at : at + size])):
                found += names
                at += size
                break
        else:
            found += _single(words[at])
            at += 1
    return tuple(found)


@lru_cache(maxsize=16_384)
def _single(word: str) -> tuple[str, ...]:
    """Return what one word stands for; a compound that is nobody's name gives its parts."""
    if word in _SINGLES:
        return (_SINGLES[word],)
    parts = _SPLIT.split(word)
    if len(parts) > 1:
        return tuple(row for part in parts if len(part) > 1 for row in _single(part))
    if _CODE.fullmatch(word):
        return (word,)
    if word in _STOP or len(word) < 2 or word.isdigit():
        return ()
    root = stem(word)
    return (_SINGLES.get(root, root),) if root else ()


def written(text: str) -> str:
    """Return a letter as words between blanks, then its words in capitals: `as_written` is part of it if told."""
    return f"{as_written(text)}| {' '.join(_CAPITALS.findall(text))} "


def as_written(text: str) -> str:
    """Return a wording as words between blanks; a modifier such as "AS" stays in capitals: "as" is none."""
    if _CAPITALS.fullmatch(text):
        return f" {text} "
    return f" {_SPLIT.sub(' ', ' '.join(_raw(text)))} "


def is_whole(text: str) -> bool:
    """Tell whether comparing the words that say something (`terms`) compares all of a text."""
    words = _raw(text)
    return tuple(words) in _PHRASES or len(terms(text)) >= len(words) > 0


def senses(text: str, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return for each word of a text that the release's table of lay words and abbreviations has, what it stands for.

    Both sides are words as `terms` gives them.
    """
    words = _raw(text)
    roots = list(map(stem, words))
    found: dict[str, tuple[str, ...]] = {}
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            part = " ".join(words[at : at + size])
            short = vocabulary.abbreviations.get(part, ())
            whole = vocabulary.phrases.get(" ".join(roots[at : at + size]), ())
            if not short and not whole:
                continue
            meant = [term for row in (*short, *whole) if row.manner in _MANNERS for term in terms(row.wording)]
            for term in terms(part) if meant else ():
                found.setdefault(term, tuple(dict.fromkeys(meant)))
    return found


_MANNERS: Final = frozenset({"abbreviation", "lay"})
