"""Read vascular lesions of the skin that a laser treated: patches, coded by the treated area."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions import findings, lesion_words, sites
from consultant.questions.aside import Aside
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sizes import Measure
from consultant.questions.vocabulary import Vocabulary

_PATCH: Final = re.compile(
    r"\b(?:port[- ]?wine(?: stains?)?|(?-i:PWS)|nevus flammeus|capillary (?:vascular )?malformations?"
    r"|vascular birthmarks?|(?:cutaneous )?vascular (?:proliferati\w+|malformations?|lesions?|stains?)"
    r"|(?:infantile )?hemangiomas?)\b",
    re.IGNORECASE,
)
_NO_CUT: Final = frozenset({"excision", "shave", "biopsy", "mohs"})


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...], aside: Aside
) -> tuple[Subject, ...]:
    """Return one subject for each patch that was treated, with its area in cm2; one without where none is measured.

    A single length is the spot of the laser; two sides are those of a patch.
    """
    patch = next(
        (
            match
            for match in _PATCH.finditer(text)
            if status(sentences, match.start(), match.end(), act=False) in (Status.AFFIRMED, Status.UNCERTAIN)
        ),
        None,
    )
    if patch is None:
        return ()
    acts = [mention.fact for mention in findings.find(lesion_words.TECHNIQUE, text, sentences) if mention.fact.certain]
    destroyed = next((fact for fact in acts if fact.value == "destruction"), None)
    if any(fact.value in _NO_CUT for fact in acts) or (destroyed is None and "angioma" in patch[0].lower()):
        return ()
    kind = Fact("lesion_kind", "vascular_proliferative", Span(*patch.span()))
    told = (kind, *([destroyed] if destroyed else []))
    areas = list(_areas(measures, aside))
    each: list[Fact | None] = [*areas] or [None]
    return tuple(
        Subject("lesion", (*told, *([area] if area else []), *_site(text, sentences, vocabulary, area, len(areas))))
        for area in each
    )


def _areas(measures: tuple[Measure, ...], aside: Aside) -> Iterator[Fact]:
    """Yield the areas as written, else the products of two sides."""
    treated = [measure for measure in measures if not aside.holds(measure.start)]
    written = [measure for measure in treated if measure.form == "area"]
    for measure in written:
        yield Fact("area_cm2", measure.greatest, Span(measure.start, measure.end), measure.certain)
    for measure in treated if not written else ():
        if measure.form == "sides":
            area = round(measure.sides[0] * measure.sides[1], 2)
            yield Fact("area_cm2", area, Span(measure.start, measure.end), measure.certain)


def _site(text: str, sentences: Sentences, vocabulary: Vocabulary, area: Fact | None, count: int) -> list[Fact]:
    """Return the site nearest to the measure of a patch; of a single patch the first site of the letter."""
    found = list(sites.find(text, vocabulary))
    if area is not None and count > 1:
        sentence = sentences.around(area.span.start)
        found = [site for site in found if sentence.start <= site.start < sentence.end]
        found.sort(key=lambda site: min(abs(site.end - area.span.start), abs(site.start - area.span.end)))
    return sites.facts(found[0]) if found else []
