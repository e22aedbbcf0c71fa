"""How wording is taken apart, alike in the release and in what a person typed: words, stems, and what is denied."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import tantivy

ANALYZER = "consultant"
"""The name of the analyser of every field of words."""
LONGEST = 40
"""Letters of a word; a longer one is no word."""
_PART = re.compile(r"[a-z0-9]+|[,;:.()\[\]]")
_WORD = re.compile(r"[a-z0-9]+")
_OWNER = re.compile(r"'(?:[sS]\b)?")
_POINT = re.compile(r"(?<=\b[A-Z]\d[0-9A-Z])\.(?=[0-9A-Z]{1,4}\b)")
"""The point of an ICD-10-CM code, which is one word in a text."""
_MARKS = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2013": "-", "\u2014": "-", "\u2011": "-", "\u00b2": "2"})
_DENYING = {"without", "no", "not", "denies", "denied", "neither", "nor", "never"}
_TURNING = {"with", "but", "in", "on", "to", "for", "has", "had", "which", "initial", "subsequent", "sequela"}
"""Words that end what is denied."""
_PASSING = {"loss", "mention", "evidence", "signs", "sign", "history", "specified"}
"""Words with whose "of" or "as" the denying goes on: without loss of consciousness."""
_REACH = 5
"""How many words one word denies at most."""


def analyzer() -> Any:
    """Return the analyser: words of letters and digits, in lower case, without accents, stemmed."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    steps = (
        tantivy.Filter.remove_long(LONGEST),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    )
    for step in steps:
        words = words.filter(step)
    return words.build()


_ANALYZER = analyzer()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of one word; "" where nothing is left of it."""
    return next(iter(_ANALYZER.analyze(word)), "")


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a phrase in its order."""
    return tuple(filter(None, map(stem, words(text))))


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, as the index holds them."""
    return _WORD.findall(indexed(text).lower())


def plain(text: str) -> str:
    """Return a text in plain letters, capitals as they are, without the s of an owner (Bell's)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_MARKS)).encode("ascii", "ignore").decode("ascii")
    return _OWNER.sub("", text) if "'" in text else text


def indexed(text: str) -> str:
    """Return a text as the index holds it: in plain letters, each ICD-10-CM code one word without its point."""
    text = plain(text)
    return _POINT.sub("", text) if "." in text else text


class Anatomy(NamedTuple):
    """The stems that a text affirms and those that it denies."""

    said: frozenset[str]
    denied: frozenset[str]


def anatomy(text: str) -> Anatomy:
    """Part what a text affirms from what it denies: "with fever, without cough"."""
    said: set[str] = set()
    denied: set[str] = set()
    for word, is_denied in denials(_PART.findall(indexed(text).lower())):
        (denied if is_denied else said).add(stem(word))
    return Anatomy(frozenset(said - {""}), frozenset(denied - {""}))


def denials(parts: Iterable[str]) -> Iterable[tuple[str, bool]]:
    """Yield each word of a text, marks left out, and whether it is denied; the words that deny are not yielded."""
    reach = 0
    before = ""
    for part in parts:
        word = part.lower()
        if word in _DENYING:
            reach = _REACH
        elif not word[0].isalnum():
            reach = 0
        else:
            if word in _TURNING or (word in {"of", "as"} and before not in _PASSING):
                reach = 0
            yield part, reach > 0
            reach = max(0, reach - 1)
        before = word
