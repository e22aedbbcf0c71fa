"""The pieces that sentences are cut into, and the facts that the sites and measures of a piece give."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from consultant.questions.findings import Mention
from consultant.questions.model import Fact, Span
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure, Role


@dataclass(slots=True)
class Unit:
    """A piece of a sentence and what stands in it."""

    start: int
    end: int
    first: bool
    sites: list[Site] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    noun: bool = False
    paired: bool = False
    """True where it has one list of sizes and as many sites."""
    label: str | None = None
    """The number of the lesion, where the unit begins an item of a list."""

    def sizes(self) -> list[Measure]:
        """Return the lengths that may be the size of a lesion."""
        return [m for m in self.measures if m.role in (Role.LESION, Role.UNSAID, Role.EXCISED)]


@dataclass(slots=True)
class Lesion:
    """One lesion while it is put together."""

    label: str | None = None
    mentions: list[Mention] = field(default_factory=list)

    def words(self) -> set[str]:
        """Return the site words that were given to the lesion."""
        return {str(mention.fact.value) for mention in self.mentions if mention.fact.name == "site"}

    def has(self, *names: str) -> bool:
        """Tell whether the lesion has a fact of one of these names."""
        return any(mention.fact.name in names for mention in self.mentions)

    def values(self, name: str) -> set[str | float | int | bool]:
        """Return every value that was given for a fact."""
        return {mention.fact.value for mention in self.mentions if mention.fact.name == name}

    def is_same(self, other: "Lesion") -> bool:
        """Tell whether both have the same size and nothing that tells them apart."""
        sized = any(self.values(name) & other.values(name) for name in ("lesion_diameter_cm", "excised_diameter_cm"))
        apart = ("site_group", "laterality", "pathology", "margin_cm")
        return sized and not any(
            self.values(name) and other.values(name) and not self.values(name) & other.values(name) for name in apart
        )


def paired(units: list[Unit]) -> Iterator[Unit]:
    """Join the pieces of a sentence that has one list of sizes and as many sites: "chin and nose, 0.4 and 0.6 cm"."""
    for sentence in _by_sentence(units):
        sizes = [m for unit in sentence for m in unit.sizes()]
        sites = [site for unit in sentence for site in unit.sites]
        if len(sizes) != 1 or sizes[0].form != "list" or len(sites) != len(sizes[0].sides):
            yield from sentence
            continue
        holding = [index for index, unit in enumerate(sentence) if unit.sizes() or unit.sites]
        first, last = holding[0], holding[-1]
        yield from sentence[:first]
        pieces = sentence[first : last + 1]
        joined = Unit(pieces[0].start, pieces[-1].end, pieces[0].first, label=pieces[0].label, paired=True)
        for piece in pieces:
            joined.sites += piece.sites
            joined.measures += piece.measures
            joined.mentions += piece.mentions
            joined.noun |= piece.noun
        yield joined
        yield from sentence[last + 1 :]


def _by_sentence(units: list[Unit]) -> Iterator[list[Unit]]:
    sentence: list[Unit] = []
    for unit in units:
        if unit.first and sentence:
            yield sentence
            sentence = []
        sentence.append(unit)
    if sentence:
        yield sentence


def of_sites(sites: Iterable[Site], *, certain: bool) -> Iterator[Mention]:
    """Yield the site, its group and its side as facts."""
    for site in sites:
        span = Span(site.start, site.end)
        yield Mention(Fact("site", site.word, span, certain), 1)
        if site.group:
            yield Mention(Fact("site_group", site.group, span, certain), 1)
        if site.side:
            yield Mention(Fact("laterality", site.side, Span(site.side_start, site.side_end), certain), 1)


_NAMES: Final = {
    Role.LESION: "lesion_diameter_cm",
    Role.UNSAID: "lesion_diameter_cm",
    Role.EXCISED: "excised_diameter_cm",
    Role.CLOSURE: "closure_length_cm",
}


def of_measure(measure: Measure) -> Iterator[Mention]:
    """Yield the facts that a length gives by its role, in cm; an area and an instrument give none."""
    span = Span(measure.start, measure.end)
    if measure.form == "sum":
        yield Mention(Fact("lesion_diameter_cm", measure.greatest, span, measure.certain), 1)
        yield Mention(Fact("margin_cm", measure.least, span, measure.certain), 1)
    elif measure.role is Role.MARGIN:
        yield Mention(Fact("margin_cm", measure.least, span, measure.certain), 1)
    elif measure.role in _NAMES and measure.form != "area":
        # A range of sizes leaves open which one holds; the greatest is named and marked.
        certain = measure.certain and measure.form != "range"
        yield Mention(Fact(_NAMES[measure.role], measure.greatest, span, certain), 1)
