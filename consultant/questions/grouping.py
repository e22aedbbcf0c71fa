"""Give each piece of a letter to the lesion that it speaks of: by label, by site, by what a new size begins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from consultant.questions.findings import Mention
from consultant.questions.model import Fact, Span
from consultant.questions.sites import Site
from consultant.questions.sizes import Measure, Role

_PLURAL: Final = re.compile(
    r"\b(?:both|all|each|every|lesions were|lesions|moles|nevi|cysts|bccs|sccs|(?:two|three|four|five"
    r"|six|\d) (?:separate |different |benign "
    r"|malignant )?(?:lesions|moles|nevi|cysts|bccs|sccs|sites))\b",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(
    (
        r"(?<![\w.-])(?P<n>two|three|four|five|six|[2-6])[ \t](?:\w+[ \t]){0,2}?(?:lesions|moles|nevi"
        r"|cysts|bccs|sccs|keratoses|lipomas|fibromas)\b"
    ),
    re.IGNORECASE,
)
_NUMBERS: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LABEL: Final = re.compile(
    r"(?:^|(?<=[\n.;:,(]))[ \t*-]{0,4}(?:(?:lesion|site|specimen|lesion no\.?"
    r"|excision)[ \t]?\#?[ \t]?(?P<a>\d|[A-E])\b|\#?(?P<b>[1-9])[.):][ \t]"
    r"|(?P<c>[A-E])[.):][ \t])"
    r"|\b(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)(?: (?:one|lesion|site|nevus|mole"
    r"|cyst))?\b(?! intent| layer| repair| stage| time| line| opinion)"
    r"|\blesion[ \t]\#?(?P<d>\d|[A-E])\b",
    re.IGNORECASE,
)
_WORDS: Final = {
    "first": "1",
    "1st": "1",
    "second": "2",
    "2nd": "2",
    "third": "3",
    "3rd": "3",
    "fourth": "4",
    "4th": "4",
}
# The same lesion told of once more, often with another number: that is a conflict and no second lesion.
_SAME: Final = re.compile(
    r"\b(?:the|this|that|same|said) (?:lesion|nevus|mole|cyst|bcc|scc|melanoma)\b|\blesion (?:was|is|measur\w{1,4})\b"
    r"|\b(?:addendum|elsewhere|op(?:erative)? (?:note|report)|record|actually|corrected|documented as|instead)\b",
    re.IGNORECASE,
)
_ANOTHER: Final = re.compile(r"\b(?:another|also|other|additional|separate|one|plus)\b", re.IGNORECASE)


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


class Grouping:
    """Give each unit to the lesion that it speaks of."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lesions: list[Lesion] = []
        self._current: Lesion | None = None
        self._shared: list[Mention] = []

    def group(self, units: list[Unit]) -> list[Lesion]:
        """Return the lesions in the order of the text, each with its own facts first and the shared ones behind."""
        for unit in units:
            self._assign(unit)
        self._share()
        self._repeat()
        return self._lesions

    def _repeat(self) -> None:
        """Make three lesions of "three 0.5 cm nevi", where the letter tells no more of each."""
        if len(self._lesions) != 1 or not self._lesions[0].has("lesion_diameter_cm", "excised_diameter_cm"):
            return
        match = _COUNT.search(self._text)
        if match:
            count = _NUMBERS.get(match["n"].lower()) or int(match["n"])
            self._lesions = [Lesion(None, list(self._lesions[0].mentions)) for _ in range(count)]

    def _assign(self, unit: Unit) -> None:
        label = self._label(unit)
        many = [m for m in unit.sizes() if m.form == "list"]
        plural = _PLURAL.search(self._text, unit.start, unit.end)
        if label is None and many and (self._current is None or not self._current.has("lesion_diameter_cm")):
            self._from_list(unit, many[0])
            return
        if plural and label is None and not unit.sizes() and not (self._current and unit.sites):
            self._shared += self._facts(unit)
            return
        lesion = self._choose(unit, label)
        if lesion is None:
            self._shared += self._facts(unit)
            return
        lesion.mentions += self._facts(unit)
        self._current = lesion

    def _choose(self, unit: Unit, label: str | None) -> Lesion | None:
        if label is not None:
            known = next((lesion for lesion in self._lesions if lesion.label == label), None)
            if known is None and label == "1" and len(self._lesions) == 1 and self._lesions[0].label is None:
                known = self._lesions[0]
                known.label = label
            if known is None and label.isdigit() and 0 < int(label) <= len(self._lesions):
                candidate = self._lesions[int(label) - 1]
                known = candidate if candidate.label is None else None
            return known or self._open(label)
        if self._current is None:
            telling = unit.sizes() or unit.noun or (unit.sites and unit.mentions) or unit.sites
            return self._open(None) if telling else None
        return self._another(unit) or self._current

    def _another(self, unit: Unit) -> Lesion | None:
        """Return the other lesion that the unit speaks of, opening it when it is new; None for the current one."""
        current = self._current
        words = {site.word for site in unit.sites}
        sized = any(m.role in (Role.LESION, Role.UNSAID) for m in unit.measures)
        one = _ANOTHER.search(self._text, unit.start, unit.end)
        if (sized or unit.noun) and current and self._other_side(unit, current):
            return self._open(None)
        if words and current and not words & current.words():
            known = next((lesion for lesion in self._lesions if lesion.words() & words), None)
            if known:
                return known
            # A site behind a size or a noun that had none belongs to it: "0.4 cm nevus, back".
            if not current.words():
                return self._open(None) if sized and current.has("lesion_diameter_cm") else None
            if sized or unit.noun or (one and current.has("lesion_diameter_cm")):
                return self._open(None)
            return None
        same = not words and _SAME.search(self._text, unit.start, unit.end)
        sized_before = current is not None and current.has("lesion_diameter_cm")
        if sized and sized_before and not same and (unit.noun or words) and (one or not unit.first):
            return self._open(None)
        return None

    @staticmethod
    def _other_side(unit: Unit, current: Lesion) -> bool:
        """Tell whether the unit names the current lesion's site on the other side: left cheek, then right cheek."""
        sides = {mention.fact.value for mention in current.mentions if mention.fact.name == "laterality"}
        return any(
            site.side and sides and site.side not in sides and site.word in current.words() for site in unit.sites
        )

    def _open(self, label: str | None) -> Lesion:
        lesion = Lesion(label)
        self._lesions.append(lesion)
        return lesion

    def _from_list(self, unit: Unit, many: Measure) -> None:
        """Open a lesion for each size of "0.4, 0.6 and 0.8 cm"; what else the unit says holds for each."""
        rest = [mention for mention in self._facts(unit) if mention.fact.name != "lesion_diameter_cm"]
        if self._current is not None:
            rest += self._current.mentions
            self._lesions.remove(self._current)
        for size in many.sides:
            lesion = self._open(None)
            fact = Fact("lesion_diameter_cm", size, Span(many.start, many.end), many.certain)
            lesion.mentions = [Mention(fact, 1), *rest]
            self._current = lesion

    def _label(self, unit: Unit) -> str | None:
        match = _LABEL.search(self._text, unit.start, unit.end)
        if not match or match.start() > unit.start + 24:
            return None
        written = next((match[name] for name in ("a", "b", "c", "d") if match[name]), None)
        label = written or _WORDS[match["word"].lower()]
        return str(ord(label.upper()) - 64) if label.isalpha() else label

    def _facts(self, unit: Unit) -> list[Mention]:
        facts = [mention for measure in unit.measures for mention in _of_measure(measure)]
        for site in unit.sites:
            span = Span(site.start, site.end)
            facts += [Mention(Fact("site", site.word, span), 1), Mention(Fact("site_group", site.group, span), 1)]
            if site.side:
                facts.append(Mention(Fact("laterality", site.side, Span(site.side_start, site.side_end)), 1))
        return facts + unit.mentions

    def _share(self) -> None:
        """Give what was said of all lesions to each that does not say otherwise."""
        if not self._lesions and self._shared:
            self._lesions = [Lesion(None, [])]
        if len(self._lesions) > 1:
            sized = [lesion for lesion in self._lesions if lesion.has("lesion_diameter_cm", "excised_diameter_cm")]
            # "Two lesions on the face: 1) ... 2) ...": the heading is no lesion of its own.
            heading = self._lesions[0]
            if sized and heading not in sized and heading.label is None and self._lesions[1].label:
                self._lesions.remove(heading)
                self._shared += heading.mentions
        for lesion in self._lesions:
            own = {mention.fact.name for mention in lesion.mentions}
            own |= {"site", "site_group", "laterality"} if "site" in own else set()
            lesion.mentions += [mention for mention in self._shared if mention.fact.name not in own]


_NAMES: Final = {
    Role.LESION: "lesion_diameter_cm",
    Role.UNSAID: "lesion_diameter_cm",
    Role.EXCISED: "excised_diameter_cm",
    Role.CLOSURE: "closure_length_cm",
}


def _of_measure(measure: Measure) -> Iterator[Mention]:
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
