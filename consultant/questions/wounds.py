"""Read what was done to wounds: one subject for each kind of care and each wound, with the facts that belong to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from consultant.questions import care, care_words, depths, lesions, necrotizing, regions, sites
from consultant.questions.care import Kind
from consultant.questions.model import Fact, Subject
from consultant.questions.passages import Sentences
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure
from consultant.questions.treating import Letter, infected, of_kind
from consultant.questions.vocabulary import Vocabulary
from consultant.questions.zones import Zones

_NO_PLACE: Final = frozenset(
    (
        "muscle",
        "nerve",
        "bone marrow",
        "lymph node",
        "temporal artery",
        "prostate",
        "liver",
        "kidney",
        "lung",
        "thyroid",
    )
) | frozenset(("endometrium", "endometrial", "cervix", "stomach", "colon"))
_ULCER: Final = re.compile(r"\b(?:wounds?|ulcers?|decubit\w+|dfus?|vlus?)\b", re.IGNORECASE)
_EXCISED: Final = re.compile(r"\b(?:excis|remov|resect|scrap|trimm|curett|cut|shav|par)\w*\b", re.IGNORECASE)
_LOCAL_FLAP: Final = re.compile(
    r"(?<=nasal)[ \t]flap|(?<=(?:scalp|helix))[ \t]flap|[ \t](?:(?:local|skin|double|bilateral|single|large"
    r"|o-[tz]|v-y)[ \t]){0,2}(?:rotation(?:al)?|advancement"
    r"|transposition|rhombic|rhomboid|bilobed?"
    r"|local|limberg|v-y)[ \t](?:flap|plasty|closure)",
    re.IGNORECASE,
)
_FROM_AFAR: Final = re.compile(
    r"(?:mid)?(?:forehead|cheek|glabella|nasolabial\w*|groin|thigh|abdomen|flank)s?", re.IGNORECASE
)
"""Places whose skin is also moved to the next one: a cheek rotation flap to the eyelid."""
_DEBRIDEMENT_CODES: Final = re.compile(r"\b(?:1104[2-7]|9759[78])\b")
_RULE: Final = re.compile(
    r"\s*(?:\d[.)] ?)?(?:subject:[^\n]*\n+)?(?:is|are|do|does|can|may|must|should|what|how|when|for|with|if"
    r"|why)\b[^?]*\?\s*$",
    re.IGNORECASE,
)
_COMMON: Final = frozenset({"debridement", "repair"})
"""What is named in many letters that ask about something else."""
_OF_A_CASE: Final = (
    frozenset(
        (
            "site",
            "depth_removed",
            "area_cm2",
            "closure_length_cm",
            "closure_class",
            "npwt_pump",
            "flap_stage",
            "reclosure_kind",
            "burn_act",
        )
    )
    | frozenset(
        (
            "tissue_graft_kind",
            "fat_graft",
            "injected_ml",
            "body_area_percent",
            "body_surface_percent",
            "muscle_donor",
            "mesh_removed",
        )
    )
    | frozenset(("mesh_infected", "defect_area_cm2", "primary_defect_cm2", "secondary_defect_cm2"))
)
_CUT: Final = frozenset({"excision", "shave", "biopsy", "destruction", "mohs"})


@dataclass(frozen=True, slots=True)
class Care:
    """What a letter tells of the care of wounds."""

    subjects: tuple[Subject, ...] = ()
    torn: tuple[str, ...] = ()
    """Names of facts that conflict within one subject."""
    kinds: frozenset[str] = frozenset()
    injured: bool = False
    """Whether a laceration is named, or the lesion was removed elsewhere."""
    lesion_named: bool = True
    zones: Zones | None = None
    asked: bool = True
    """Whether the letter asks for a code and names none."""

    @property
    def infected(self) -> bool:
        """Whether the letter tells of a necrotizing infection."""
        return any(fact.name == "necrotizing_infection" and fact.value for row in self.subjects for fact in row.facts)

    def outranks(self, lesions: Sequence[Subject]) -> bool:
        """Tell whether the care of wounds is what the letter is about, and the lesions are only named beside it."""
        if not self.kinds or (not self.kinds - {"repair"} and not self.injured):
            return False
        if not any(self._cut_here(row) for row in lesions):
            return True
        if any("stage_count" in row.values() for row in lesions):
            # Mohs surgery never includes the closure (CPT, Mohs micrographic surgery).
            return False
        if not self.lesion_named:
            # What is cut out of a wound, as a scar or an eschar, is no lesion.
            return True
        # A flap of skin includes the excision of the lesion that left its defect (CPT, adjacent tissue transfer).
        cut = [row for row in lesions if self._cut_here(row)]
        sized = any(fact.name in ("lesion_diameter_cm", "excised_diameter_cm") for row in cut for fact in row.facts)
        return (
            len(cut) == 1
            and "transfer" in self.kinds
            and (any(map(_defect, self.subjects)) or (self.asked and not sized))
        )

    def _cut_here(self, lesion: Subject) -> bool:
        """Tell whether a lesion was removed or sampled here, as far as the letter says."""
        acts = [fact for fact in lesion.facts if fact.name == "technique" and fact.value in _CUT]
        here = [row for row in acts if self.zones is None or not self.zones.by_others(row.span.start, row.span.end)]
        # What was cut out to be grafted is no lesion.
        given = [fact.span for row in self.subjects for fact in row.facts if fact.name == "tissue_graft_kind"]
        here = [row for row in here if not any(one.start <= row.span.start < one.end for one in given)]
        acts = [row for row in acts if row in here] or acts
        sized = any(fact.name in ("margin_cm", "excised_diameter_cm") for fact in lesion.facts)
        return bool(here) or (sized and not acts)

    def beside(self, lesions: Sequence[Subject]) -> tuple[Subject, ...]:
        """Return the subjects that stand beside excised lesions: grafts, mesh, and flaps beside Mohs surgery."""
        staged = any("stage_count" in row.values() for row in lesions)
        kept = []
        for row in self.subjects:
            names = {fact.name for fact in row.facts}
            if (
                (staged and "flap_kind" in names)
                or any(name.startswith("mesh") for name in names)
                or {"graft_kind", "area_cm2"} <= names
            ):
                kept.append(row)
        return tuple(kept)


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...], *, selecting: bool = True
) -> Care:
    """Return the care of wounds that the letter tells of, if any.

    Without `selecting` the letter asks for no code, and what it only names, without a site, a size or a depth, is no
    subject.
    """
    zoned = Zones(sentences)
    infection = necrotizing.read(text, sentences)
    told = care_words.told(text, sentences, zoned, vocabulary.cues)
    found = care.kinds(text, told)
    if not found and _debrided(text, sentences, depths.read(text, sentences, zoned)):
        found = [care.BY_NAME["debridement"]]
    if not found and not infection:
        return Care()
    measures = tuple(row for row in measures if not zoned.bygone(row.start) and not zoned.ahead(row.start))
    letter = Letter(
        text,
        sentences,
        zoned,
        measures,
        _places(text, sentences, vocabulary, zoned),
        tuple(told),
        tuple(depths.read(text, sentences, zoned, every=True)),
    )
    if any(fact.name == "necrotizing_infection" and fact.value for fact in infection):
        one = infected(letter, infection)
        return Care(() if _in_general(sentences, one) else (one,), kinds=frozenset({"necrotizing"}))
    made: list[tuple[Kind, tuple[Subject, ...], tuple[str, ...]]] = []
    for kind in found:
        subjects, torn = of_kind(letter, kind, found)
        if kind.name == "debridement":
            subjects = tuple(replace(row, facts=(*row.facts, *infection)) for row in subjects)
        bare = selecting and kind.name not in _COMMON
        made.append((kind, tuple(row for row in subjects if _told_of(sentences, row, bare=bare)), torn))
    if not any(subjects for _, subjects, _ in made) and any(fact.name.startswith("mesh") for fact in infection):
        made.append((care.BY_NAME["debridement"], (Subject("wound", tuple(infection)),), ()))
    named = _lesion_named(text, zoned)
    return Care(
        tuple(row for _, subjects, _ in made for row in subjects),
        tuple(dict.fromkeys(name for _, _, torn in made for name in torn)),
        frozenset(kind.name for kind, subjects, _ in made if subjects),
        injured=any(fact.name == "laceration" for fact in told) or named is False,
        lesion_named=bool(named),
        zones=zoned,
        asked=selecting,
    )


def _debrided(text: str, sentences: Sentences, deep: Sequence[Fact]) -> bool:
    """Tell whether a debridement is told without the word: by its code, or as tissue of an ulcer that was excised."""
    if not deep or not (_DEBRIDEMENT_CODES.search(text) or _ULCER.search(text)):
        return False
    spans = [sentences.around(fact.span.start) for fact in deep]
    return any(_EXCISED.search(text, span.start, span.end) for span in spans) or bool(_DEBRIDEMENT_CODES.search(text))


def _places(text: str, sentences: Sentences, vocabulary: Vocabulary, zoned: Zones) -> tuple[Site, ...]:
    """Return the sites where something may have been done; those of the history only where there are no others."""
    found = [
        site
        for site in sites.find(text, vocabulary)
        if site.word not in _NO_PLACE
        and not zoned.ahead(site.start)
        and regions.usable(text, sentences, site)
        and zoned.found(site.start, site.end) is not None
    ]
    found = [site for site in found if not zoned.bygone(site.start)] or found
    # "A graft from the groin, the groin was closed": the place that gave is named again, and is no place treated.
    gave = [site for site in sites.find(text, vocabulary) if regions.gave(text, sentences, site)]
    found = [site for site in found if not any(_again(site, donor) for donor in gave)] or found
    if not found:
        # Skin next to the defect is moved: without another place that in the name of the flap is the defect's.
        found = [
            site
            for site in sites.find(text, vocabulary)
            if site.word not in _NO_PLACE and _LOCAL_FLAP.match(text, site.end) and not _FROM_AFAR.fullmatch(site.word)
        ]
    return tuple(found)


def _again(site: Site, donor: Site) -> bool:
    """Tell whether a place is that of the donor, named again behind it."""
    return site.word == donor.word and site.start > donor.start and site.side in (None, donor.side)


def _lesion_named(text: str, zoned: Zones) -> bool | None:
    """Tell whether a lesion is named that was dealt with here; None where no word names one."""
    here = [
        zoned.found(*match.span()) is not None
        and not zoned.by_others(*match.span())
        and not zoned.bygone(match.start())
        for match in lesions.NOUN.finditer(text)
    ]
    return any(here) if here else None


def _told_of(sentences: Sentences, subject: Subject, *, bare: bool) -> bool:
    """Tell whether a subject is told of as a case, and not only named."""
    telling = bool({fact.name for fact in subject.facts} & _OF_A_CASE)
    return (bare or telling) and not _in_general(sentences, subject)


def _in_general(sentences: Sentences, subject: Subject) -> bool:
    """Tell whether a letter only asks for a rule: "is mesh removal during the debridement its own code?"."""
    if any(fact.name == "site" or isinstance(fact.value, float) for fact in subject.facts):
        return False
    spans = {sentences.around(fact.span.start) for fact in subject.facts}
    return all(_RULE.match(sentences.text[span.start : span.end]) for span in spans)


def _defect(subject: Subject) -> bool:
    return any(fact.name.endswith("defect_cm2") or fact.name == "defect_area_cm2" for fact in subject.facts)
