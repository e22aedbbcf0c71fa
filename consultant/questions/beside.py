"""Find services that a letter names and that none of its subjects tells of, so that no answer passes for the whole.

A letter that asks about an excision and names an abscess drainage beside it must not read "Report 11402" as though that
were all. What is found here is only named to the reader, never coded.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from consultant.questions.model import CodeMention, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.phrases import ICD_10_CM, Cues
from knowledge.model import Phrase

_MOST: Final = 4
_BY_HAND: Final = frozenset({"lesion", "wound", "repair", "procedure"})

# How a service is written, and the words of subjects, of their facts or of their values that already tell of it.
_SERVICES: Final[tuple[tuple[re.Pattern[str], frozenset[str]], ...]] = tuple(
    (re.compile(rf"\b(?:{written})\b", re.IGNORECASE), frozenset(told))
    for written, told in (
        (r"\w*biops(?:y|ies)", {"lesion", "biopsy"}),
        (r"discharge (?:day|visit|management|\d+ min\w*)", {"discharge"}),
        (
            r"(?<!lidocaine )(?<!anesthetic )(?<!local )(?:injections?|shots?)(?! (?:of|with) (?:local|lido|\d+ ?%))",
            {"injection", "drug", "vaccine", "intralesional"},
        ),
        (r"debrid(?:ed|ements?)", {"wound", "debridement", "burn", "repair"}),
        (r"lacerations?(?: repairs?)?", {"repair", "laceration"}),
        (r"abscess(?:es)?", {"abscess", "drainage"}),
        (r"par(?:ing|ed)", {"paring"}),
        (r"avuls(?:ion|ed)", {"avulsion"}),
        (r"infus(?:ion|ed)", {"infusion", "hydration"}),
        (r"vaccin(?:e|es|ation|ations)|immuni[sz]ations?", {"vaccine", "vaccines"}),
        (r"(?:skin )?graft(?:s|ed|ing)?", {"graft", "skin_substitute"}),
        (r"(?:\w+ )?flaps?", {"flap", "transfer"}),
        (r"wound vac|(?-i:NPWT)", {"npwt", "negative"}),
        (r"excis(?:ed|ions?)|shav(?:ed|ing)|destruction|destroyed|cryo(?:therapy|surgery)|(?-i:Mohs)", _BY_HAND),
        (
            (
                r"fracture care|(?:closed|open) (?:treatment|reduction)|manipulation|amputation|ligation|circumcision"
                r"|(?:iud|catheter|tube|stent|line|port|device|lens|implant) (?:insertion|placement|removal)|intubation"
                r"|psychotherapy|nerve block|transfusion|stress test|nebulizer|spirometry"
            ),
            set(),
        ),
        (r"ultrasound", {"ultrasound", "guidance"}),
        (r"x-?rays?|radiographs?|(?-i:MRI|CT|EKG|ECG)|catheterization|\w+ surgery|delivery", set()),
        (
            r"\w{3,}(?:ectomy|otomy|ostomy|oscopy|oscopic|plasty|pexy|rrhaphy|desis|centesis)(?: with \w+ectomy)?",
            set(),
        ),
    )
)
# Beside the removal of a tumor these have a code of their own, though they read like its biopsy.
_NODES: Final = re.compile(r"\b(?:sentinel|lymph)(?: node)? (?:biops(?:y|ies)|dissection|mapping)\b", re.IGNORECASE)
_CLOSED: Final = frozenset({("technique", "excision"), ("technique", "mohs")})
_DIAGNOSES_WANTED: Final = re.compile(rf"\b(?:{ICD_10_CM})\b", re.IGNORECASE)


def read(
    text: str, sentences: Sentences, cues: Cues, subjects: tuple[Subject, ...], mentioned: tuple[CodeMention, ...]
) -> tuple[Span, ...]:
    """Return the places of services that were done, as far as the letter says, and that no subject tells of."""
    if not subjects:
        return ()
    told = {fact.span for subject in subjects for fact in subject.facts}
    values = {(fact.name, fact.value) for subject in subjects for fact in subject.facts}
    phrases = tuple(cues.find(text))
    free = [span for span in (*_services(text, subjects), *_entries(phrases, values)) if not _within(span, told)]
    if _DIAGNOSES_WANTED.search(text) and not any(row.system == "ICD-10-CM" for row in mentioned):
        # The words that made a lesion malignant are also the diagnosis that is asked for.
        free += _entries(phrases, values, "diagnosis")
    free += [Span(*match.span()) for match in _NODES.finditer(text)]
    named: dict[str, Span] = {}
    for span in sorted(free, key=lambda row: (row.start, -row.end)):
        done = status(sentences, span.start, span.end, act=True) in (Status.AFFIRMED, Status.UNCERTAIN)
        if done and not _within(span, named.values()):
            named.setdefault(text[span.start : span.end].lower(), span)
        if len(named) == _MOST:
            break
    return tuple(named.values())


def names_service(text: str) -> bool:
    """Tell whether the letter names something that was done, of whatever family."""
    return any(pattern.search(text) for pattern, _ in _SERVICES)


def _entries(
    phrases: Iterable[tuple[Phrase, Span]], values: AbstractSet[tuple[str, object]], only: str | None = None
) -> Iterator[Span]:
    """Yield phrases that lead into a family of one kind or any but diagnoses, where no subject holds their value."""
    # The answer for an excised lesion says what becomes of its closure; a laceration beside it has a word of its own.
    apart = {"diagnosis", "repair"} if _CLOSED & values else {"diagnosis"}
    for phrase, span in phrases:
        fitting = phrase.subject == only if only else phrase.subject not in apart
        if phrase.entry and fitting and (phrase.fact, phrase.value) not in values:
            yield span


def _services(text: str, subjects: tuple[Subject, ...]) -> Iterator[Span]:
    """Yield words for a service that stand for nothing in any subject."""
    marks = {subject.kind for subject in subjects} | {
        word
        for subject in subjects
        for fact in subject.facts
        for word in (*fact.name.split("_"), *str(fact.value).split("_"))
    }
    for pattern, tells in _SERVICES:
        if not tells & marks:
            yield from (Span(*m.span()) for m in pattern.finditer(text) if m[0].lower().split(" ")[-1] not in marks)


def _within(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
