"""Read all that was done to lesions of skin and soft tissue, each kind of service by the reader made for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from consultant.questions import classes, lesions, patches, samples, stages, tallies
from consultant.questions.aside import Aside
from consultant.questions.model import Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.sizes import Measure
from consultant.questions.vocabulary import Vocabulary
from consultant.questions.zones import Zones
from knowledge.model import Phrase

_SIZES: Final = frozenset({"lesion_diameter_cm", "excised_diameter_cm"})
_REMOVALS: Final = frozenset({"excision", "shave", "mohs"})


def read(
    text: str,
    sentences: Sentences,
    vocabulary: Vocabulary,
    measures: tuple[Measure, ...],
    told: Iterable[tuple[Phrase, Span]],
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """Return the lesions of the letter, and the names of facts that conflict within one of them."""
    aside = Aside(text, sentences)
    if patched := patches.read(text, sentences, vocabulary, measures, aside):
        return patched, ()
    told = tuple(told)
    found, torn = lesions.read(text, sentences, vocabulary, measures)
    found = stages.counted(text, sentences, aside, _classed(text, sentences, measures, found))
    removed = tuple(subject for subject in found if _removed(subject))
    tallied, doubted = tallies.read(text, sentences, vocabulary, told, aside)
    sampled = samples.read(text, sentences, vocabulary, told, aside, removed)
    if tallied or sampled:
        counted = [fact.span for subject in tallied for fact in subject.facts if fact.name == "lesion_kind"]
        found = tuple(subject for subject in removed if not _named_in(subject, counted))
    taken = {fact.span for subject in sampled for fact in subject.facts if fact.name == "site"}
    # What was sampled is no lesion of its own, though the exam gives its size.
    found = tuple(row for row in found if not any(f.name == "site" and f.span in taken for f in row.facts))
    kept = (*found, *tallied, *sampled)
    doubled = {name for subject in found for name in _doubled(subject)}
    return kept, (*(name for name in torn if name in doubled), *doubted)


def _classed(
    text: str, sentences: Sentences, measures: tuple[Measure, ...], found: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """Return a lesion that stands alone with the class that its closure was by its features, over the layers alone.

    A layered closure with extensive undermining or another such feature is complex (CPT, repair guideline).
    """
    if len(found) != 1:
        return found
    told = [fact for fact in found[0].facts if fact.name == "closure_class"]
    if {fact.value for fact in told} != {"intermediate"}:
        return found
    done = [row for row in classes.read(text, Zones(sentences), measures, 0, len(text), told) if row.value == "complex"]
    rest = [fact for fact in found[0].facts if fact not in told]
    return (replace(found[0], facts=(*rest, *done)),) if done else found


def _removed(subject: Subject) -> bool:
    """Tell whether a lesion was dealt with in a way that its size or its finding decides, and not by a count."""
    values = subject.values()
    technique = values.get("technique")
    if technique == "biopsy":
        return False
    sized = bool(_SIZES & values.keys()) and technique != "destruction"
    return technique in _REMOVALS or sized or values.get("pathology") in ("malignant", "in_situ")


def _named_in(subject: Subject, counted: Sequence[Span]) -> bool:
    """Tell whether all that makes a lesion of it is the word for lesions that are counted."""
    spans = [fact.span for fact in subject.facts if fact.name == "pathology"]
    held = [any(span.start < other.end and other.start < span.end for other in counted) for span in spans]
    values = subject.values()
    # A size of what nothing was done to, beside that word, is the size of what was counted: "papules of 1 to 4 mm".
    return any(held) and ("technique" not in values or (all(held) and not _SIZES & values.keys()))


def _doubled(subject: Subject) -> Iterable[str]:
    seen: dict[str, object] = {}
    return {fact.name for fact in subject.facts if seen.setdefault(fact.name, fact.value) != fact.value}
