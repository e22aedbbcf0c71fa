"""Join the lesions of a letter that are one and the same, told of more than once.

A subject line names a lesion by its diagnosis, the note by its size, a pathology report by its site. What has neither a
size nor anything that sets it apart is no lesion of its own.
"""

import re
from typing import Final

from consultant.questions.pieces import Lesion
from consultant.questions.sites import kin

_SIZES: Final = ("lesion_diameter_cm", "excised_diameter_cm")
# What says that there are several; how many are told apart is then for the letter itself to say.
_SEVERAL: Final = re.compile(
    r"\b(?:another|second|third|both|(?:two|three|four|five|six|[2-6])[ \t](?:\w+[ \t]){0,3}?"
    r"(?:lesions?|moles|nevi|cysts|bccs|sccs|cancers|tumou?rs|carcinomas|melanomas|lipomas|spots|growths|sites"
    r"|excisions))\b",
    re.IGNORECASE,
)


def told_again(lesions: list[Lesion], text: str) -> None:
    """Give what was said of a lesion that is no other to the one that it is, and take it from the list."""
    several = bool(_SEVERAL.search(text))
    for lesion in list(lesions):
        if len(lesions) < 2 or lesion.label:
            continue
        others = [other for other in lesions if other is not lesion and _fits(lesion, other, several=several)]
        if lesion.has(*_SIZES):
            # The subject line gives its size and the note gives it again, one of them without the site.
            others = [] if lesion.words() else [other for other in others if _sized_alike(lesion, other)]
        # A lesion with a size is what the letter is about; among several of them the site has to tell.
        best = next((other for other in others if other.has(*_SIZES)), others[0] if others else None)
        if best is not None and (len(others) == 1 or lesion.words()):
            best.mentions += lesion.mentions
            lesions.remove(lesion)


def _sized_alike(lesion: Lesion, other: Lesion) -> bool:
    """Tell whether two lesions have the very same measures."""
    return any(_sure(lesion, name) and _sure(lesion, name) == _sure(other, name) for name in _SIZES)


def _fits(lesion: Lesion, other: Lesion, *, several: bool) -> bool:
    """Tell whether nothing sets two lesions apart."""
    for name in ("laterality", "pathology", "site_group"):
        told, again = _sure(lesion, name), _sure(other, name)
        if told and again and not told & again:
            return False
    mine, theirs = lesion.words(), other.words()
    if mine and theirs:
        return any(kin(one, another) for one in mine for another in theirs)
    return not several


def _sure(lesion: Lesion, name: str) -> set[str | float | int | bool]:
    """Return the values of a fact that are certain and say something."""
    sure = {mention.fact.value for mention in lesion.mentions if mention.fact.name == name and mention.fact.certain}
    return sure - {"pending", "unspecified"}
