"""Tells whether a sentence that was reworded still says the same: one rule, without an exception.

The words that carry the meaning are the same and stand in the same order. Every token is such a word (a code, a
number, a modifier, a unit, a negation, a preposition, a bracket, a full stop) save the small words of `FREE`, commas
and colons, which may come and go; a word may change its ending (report, reported, reportable). So nothing can be
added, dropped, negated or exchanged, whatever a model was told or made up. The rule refuses much that would be right;
it is meant to.
"""

import re
from itertools import zip_longest

_ARTICLES = {"a", "an", "the", "that", "it", "its", "they", "their", "which", "there"}
_AUXILIARIES = {"is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did"}
_JOINING = {"so", "thus", "therefore", "hence", "then", "also", "because", "accordingly", "consequently", "moreover"}

FREE = frozenset(_ARTICLES | _AUXILIARIES | _JOINING)
"""The words that may come and go. No negation, condition, choice, quantity, preposition or modal verb is among them,
nor what limits a sentence to one thing: this, these, those, here."""

LONGEST = 3
"""A reworded sentence may have at most so many times the letters of the one that it stands for."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,'’/-][^\W_]+)*|\S")
_NEGATIONS = frozenset({"not", "no", "never", "without", "only", "nor", "neither"})
_STOPS = frozenset(".;:?!")
_ENDING = re.compile(r"(?<=[a-z]{4})(?:able|ably|ing|ed|ly|es|s|e)$")


def difference(original: str, reworded: str) -> str | None:
    """Return what the rewording changed that it may not, as the end of "in one sentence ..."; None when it may stand.

    Neither text has its citation marks. What is quoted from the reworded text is one short plain token.
    """
    strange = sorted(set(reworded) - set(original) - _PLAIN)
    if strange:
        return "there are signs that the engine's does not have"
    if len(reworded) > LONGEST * max(len(original), 40):
        return "there are far more words than in the engine's"
    for ours, theirs in zip_longest(meaning(original), meaning(reworded)):
        if ours != theirs:
            return _told(ours, theirs)
    return None


def meaning(text: str) -> tuple[str, ...]:
    """Return the tokens that have to stay, in order: numbers and names verbatim, other words without their endings."""
    found: list[str] = []
    before = "."
    for token in _TOKEN.findall(text.rstrip(". ")):
        kept = _kept(token, before)
        if kept is not None:
            found.append(kept)
        before = token
    return tuple(found)


def _kept(sign: str, before: str) -> str | None:
    """Return the form in which a token is compared, or None where it may come and go."""
    if sign in (",", ":"):
        # "Do not, report" is not what "do not report" says.
        return sign if before.lower() in _NEGATIONS else None
    capitals = sum(letter.isupper() for letter in sign)
    opens = before in _STOPS
    if any(letter.isdigit() for letter in sign) or capitals > 1 or (capitals and len(sign) == 1 and not opens):
        return sign
    word = sign.lower()
    if word in FREE:
        return None
    return ";" if word == "." else _ENDING.sub("", word)


def _told(ours: str | None, theirs: str | None) -> str:
    """Word the first place at which the two part."""
    if theirs is None:
        return f"{_shown(ours)} is missing"
    if ours is None:
        return f"{_shown(theirs)} was added"
    return f"{_shown(theirs)} stands where the engine wrote {_shown(ours)}"


def _shown(token: str | None) -> str:
    """Return a token as a note may show it: what a model made up is never repeated at length."""
    plain = token if token and token.isascii() and token.isprintable() else "a strange word"
    return plain if plain == "a strange word" else f"“{plain[:24]}”"


_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) - frozenset("<>[]{}|\\^~`@#*_=$%&")
"""Signs that any sentence may use. What marks up, links, addresses or fills in must stand in the outline already."""
