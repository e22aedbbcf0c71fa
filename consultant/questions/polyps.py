"""Read what was taken from the colon at a colonoscopy: by snare, by hot or by cold forceps, each technique once.

The codes of such a report go by technique and not by polyp; forceps count beside a snare only for another lesion.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_COLONOSCOPY: Final = re.compile(r"\bcolonoscop\w+|\bc-?scopes?\b", re.IGNORECASE)
_REACHED: Final = re.compile(
    r"\b(?:cecum|caecum|cecal|terminal ileum|ileocecal|appendiceal|ileo-?colic)\b", re.IGNORECASE
)
_POLYP: Final = re.compile(r"\b(?:polyps?|adenomas?|lesions?|mucosa)\b", re.IGNORECASE)
_TECHNIQUES: Final = (
    ("snare", re.compile(r"\bsnar(?:e|ed|ing)\b", re.IGNORECASE)),
    ("hot_forceps", re.compile(r"\bhot (?:biopsy )?forceps\b", re.IGNORECASE)),
    (
        "cold_forceps",
        re.compile(
            r"(?<!hot )\b(?:cold (?:biopsy )?|jumbo |biopsy )forceps\b"
            # The word for a biopsy alone may be of its result, or of what was once done.
            r"|\b(?:polyps?|lesions?|adenomas?|mucosa|nodule|mass|ulcer)\b[^.;\n]{0,40}\b(?:biopsied|bx'?d)\b"
            r"|(?<!hot )\b(?:biops(?:y|ies)|bx(?:s|es)?)\b(?: (?:was|were))? (?:of|from|taken|obtained|done"
            r"|performed)\b"
            r"|\b(?:biopsied|bx'?d)\b[^.;\n]{0,24}\b(?:polyps?|lesions?|adenomas?|mass|nodule)\b",
            re.IGNORECASE,
        ),
    ),
)
_OTHER_WORK: Final = re.compile(
    r"\b(?:EMR|ESD|mucosal resection|submucosal|lift(?:ed|ing)?|inject\w*|tattoo\w*|ablat\w*|APC|argon|band(?:ed|ing)"
    r"|clip(?:s|ped)?|hemostasis|dilat\w+|stent\w*|stoma|pouch|incomplete|aborted|piecemeal|poor prep"
    r"|(?:not|unable to) (?:be )?(?:reach|advance|intubat|complete)\w*)\b",
    re.IGNORECASE,
)
"""Work with codes of its own, and an examination that was not completed."""
_ANOTHER: Final = re.compile(
    r"\b(?:another|different|second|separate|other) (?:\w+ )?(?:polyps?|lesions?|site)\b", re.IGNORECASE
)
_SAME: Final = re.compile(r"\b(?:same|then) (?:\w+ )?(?:polyp|lesion|removed|snared)\b", re.IGNORECASE)
_SCREENING: Final = re.compile(
    r"\bscreen(?:ing|ed)?\b|\bsurveillance\b|\bG0105\b|\bG0121\b|\b(?:positive|abnormal) (?:fit|cologuard|stool)",
    re.IGNORECASE,
)
_NO_SCREENING: Final = re.compile(
    r"\b(?:diagnostic|hematochezia|melena|rectal bleeding|anemia|diarrhea|weight loss|abdominal pain)\b", re.IGNORECASE
)


def read(text: str, sentences: Sentences) -> Iterator[Subject]:
    """Yield each technique of a complete colonoscopy; nothing where other work was done beside it."""
    if not (_COLONOSCOPY.search(text) and _REACHED.search(text) and _POLYP.search(text)):
        return
    if _affirmed(sentences, _OTHER_WORK):
        return
    found = {name: match for name, pattern in _TECHNIQUES if (match := _affirmed(sentences, pattern))}
    screening = tuple(_purpose(text, sentences))
    for name, match in found.items():
        facts = [Fact("colon_technique", name, Span(*match.span())), *screening]
        if name != "snare":
            facts += _beside(text, sentences, found.get("snare"), match)
        yield Subject("procedure", tuple(facts))


def instead(
    text: str, sentences: Sentences, found: list[Subject], made: tuple[Subject, ...]
) -> tuple[list[Subject], tuple[Subject, ...]]:
    """Return the subjects with what the report says was taken, in place of the lesions that it only seems to tell of.

    A screening at which something was taken is coded by what was taken.
    """
    taken = tuple(read(text, sentences))
    if not taken:
        return found, made
    rest = (row for row in made if row.values().get("screening_test") not in ("colonoscopy", "sigmoidoscopy"))
    return [row for row in found if row.kind != "lesion"], (*rest, *taken)


def _affirmed(sentences: Sentences, pattern: re.Pattern[str]) -> re.Match[str] | None:
    rows = pattern.finditer(sentences.text)
    return next((row for row in rows if status(sentences, *row.span(), act=True) is Status.AFFIRMED), None)


def _purpose(text: str, sentences: Sentences) -> Iterator[Fact]:
    sign = _affirmed(sentences, _NO_SCREENING)
    aim = next(
        (row for row in _SCREENING.finditer(text) if status(sentences, *row.span(), act=False) is Status.AFFIRMED), None
    )
    if aim and not sign:
        yield Fact("began_as_screening", value=True, span=Span(*aim.span()))
    elif sign and not aim:
        yield Fact("began_as_screening", value=False, span=Span(*sign.span()))


def _beside(text: str, sentences: Sentences, snare: re.Match[str] | None, forceps: re.Match[str]) -> Iterator[Fact]:
    """Yield whether the forceps took another lesion than the snare, where the letter tells it."""
    span = Span(*forceps.span())
    if snare is None:
        yield Fact("beside_snare", "alone", span)
        return
    one, other = sentences.around(snare.start()), sentences.around(forceps.start())
    if _SAME.search(text, other.start, other.end):
        yield Fact("beside_snare", "same_lesion", span)
    elif _ANOTHER.search(text, min(one.start, other.start), max(one.end, other.end)) or (
        one != other and _POLYP.search(text, one.start, one.end) and _POLYP.search(text, other.start, other.end)
    ):
        yield Fact("beside_snare", "other_lesion", span)
