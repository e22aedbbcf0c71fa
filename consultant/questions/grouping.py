"""Give each piece of a letter to the lesion that it speaks of: by label, by site, by what a new size begins."""

import re
from dataclasses import replace
from typing import Final

from consultant.questions import sites
from consultant.questions.aside import Aside
from consultant.questions.findings import Mention
from consultant.questions.pieces import Lesion, Unit, of_measure, of_sites, paired
from consultant.questions.same_lesion import told_again
from consultant.questions.sizes import Measure, Role

_PLURAL: Final = re.compile(
    r"\b(?:(?:both|all|each|every)(?! (?:sides?|margins?|edges?|way|around|round|directions?)\b)"
    r"|closures|repairs|(?:closure|repair|excision)s?[ \t]?x[ \t]?[2-9]|lesions were"
    r"|lesions|moles|nevi|cysts|bccs|sccs|(?:two|three|four|five"
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
    r"(?<!in the )(?<!of the )\b(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)(?: (?:one|lesion|site|nevus|mole"
    r"|cyst))?\b(?! intent| layer| repair| stage| time| line| opinion)"
    r"|\b(?:lesion|site|specimen)[ \t]?\#?[ \t]?(?P<a>\d|(?-i:[A-E]))\b(?![.,]?\d|[ \t]?(?:cm|mm|x)\b)",
    re.IGNORECASE,
)
_OTHER_ONE: Final = re.compile(r"[\s\W]*(?:and |then )?(?:the )?other(?: one)?\b", re.IGNORECASE)
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
_EXCEPT: Final = re.compile(r"(?:except|other than|apart from|aside from)\b", re.IGNORECASE)
_RESPECTIVELY: Final = re.compile(r"\b(?:respectively|resp|in that order)\b", re.IGNORECASE)
_SIZES: Final = ("lesion_diameter_cm", "excised_diameter_cm")
_PLACE: Final = frozenset({"site", "site_group", "laterality"})
_ANOTHER: Final = re.compile(r"\b(?:another|also|other|additional|separate|one|plus)\b", re.IGNORECASE)


_STAGED: Final = re.compile(r"\b(?:stages?|layers?)\b(?! clos|d)", re.IGNORECASE)


class Grouping:
    """Give each unit to the lesion that it speaks of."""

    def __init__(self, text: str, aside: Aside) -> None:
        self._text = text
        self._aside = aside
        self._lesions: list[Lesion] = []
        self._current: Lesion | None = None
        self._shared: list[Mention] = []
        # The lesions that one list of sizes opened: what follows without a site or a size is said of each.
        self._together: list[Lesion] = []

    def group(self, units: list[Unit]) -> list[Lesion]:
        """Return the lesions in the order of the text, each with its own facts first and the shared ones behind."""
        for unit in paired(units):
            self._assign(unit)
        self._join_subject()
        told_again(self._lesions, self._text)
        self._share()
        self._repeat()
        return self._lesions

    def _join_subject(self) -> None:
        """Join the lesion of the subject line with the same one in the body: "BCC of the nose", then "the ala"."""
        body = self._text.find("\n\n")
        told = self._lesions[0] if len(self._lesions) > 1 else None
        if told is None or told.label or any(mention.fact.span.start > body for mention in told.mentions):
            return
        same = next((other for other in self._lesions[1:] if told.is_same(other)), None)
        if same is not None:
            same.mentions += told.mentions
            self._lesions.remove(told)

    def _repeat(self) -> None:
        """Make three lesions of "three 0.5 cm nevi", where the letter tells no more of each."""
        if len(self._lesions) != 1 or not self._lesions[0].has("lesion_diameter_cm", "excised_diameter_cm"):
            return
        match = next((row for row in _COUNT.finditer(self._text) if not self._aside.holds(row.start())), None)
        if match:
            count = _NUMBERS.get(match["n"].lower()) or int(match["n"])
            self._lesions = [Lesion(None, list(self._lesions[0].mentions)) for _ in range(count)]

    def _assign(self, unit: Unit) -> None:
        label = self._label(unit)
        if self._hand_out(unit) and label is None and not unit.sites and not unit.noun and not unit.sizes():
            self._shared += self._facts(unit)
            return
        many = [m for m in unit.sizes() if m.form == "list"]
        plural = _PLURAL.search(self._text, unit.start, unit.end)
        if (
            label is None
            and many
            and (unit.paired or self._current is None or not self._current.has("lesion_diameter_cm"))
        ):
            self._from_list(unit, many[0])
            return
        if plural and label is None and not unit.sizes() and not (self._current and unit.sites):
            self._shared += self._facts(unit)
            return
        # "Simple closures except the ear, complex": the exception says otherwise and so keeps what it says.
        if self._lesions and not unit.sizes() and _EXCEPT.match(self._text, unit.end):
            self._shared += self._facts(unit)
            return
        if self._together and label is None and not unit.sites and not unit.sizes() and not unit.noun:
            for each in self._together:
                each.mentions += self._facts(unit)
            return
        lesion = self._choose(unit, label)
        if lesion is None:
            self._shared += self._facts(unit)
            return
        lesion.mentions += self._facts(unit)
        self._current = lesion
        self._together = []

    def _hand_out(self, unit: Unit) -> bool:
        """Give each lesion its own of a list of as many margins or closures: "margins 0.2 and 0.4 cm respectively"."""
        handed = False
        for measure in list(unit.measures):
            if measure.form != "list" or measure.role not in (Role.MARGIN, Role.CLOSURE):
                continue
            if len(measure.sides) == len(self._lesions):
                unit.measures.remove(measure)
                handed = True
                for lesion, size in zip(self._lesions, measure.sides, strict=True):
                    lesion.mentions += of_measure(replace(measure, greatest=size, least=size, form="single"))
        return handed

    def _choose(self, unit: Unit, label: str | None) -> Lesion | None:
        if label is not None:
            known = next((lesion for lesion in self._lesions if lesion.label == label), None)
            if known is None and label == "1" and len(self._lesions) == 1 and self._lesions[0].label is None:
                heading = self._lesions[0]
                if heading.has("lesion_diameter_cm", "excised_diameter_cm"):
                    known = heading
                    known.label = label
                else:
                    # "BCCs of the face: 1) ... 2) ...": what the heading says holds for each.
                    self._lesions.remove(heading)
                    self._shared += heading.mentions
            if known is None and label.isdigit() and 0 < int(label) <= len(self._lesions):
                candidate = self._lesions[int(label) - 1]
                # "Left shoulder, second nevus 0.5 cm" is the second of its place and not of the letter.
                other = unit.label is None and unit.sizes() and candidate.has(*_SIZES)
                known = candidate if candidate.label is None and not other else None
            return known or self._open(label)
        if self._current is None:
            telling = unit.sizes() or unit.noun or (unit.sites and unit.mentions) or unit.sites
            return self._open(None) if telling else None
        return self._another(unit) or self._current

    def _another(self, unit: Unit) -> Lesion | None:
        """Return the other lesion that the unit speaks of, opening it when it is new; None for the current one."""
        current = self._current
        words = {site.word for site in unit.sites}
        sized = any(m.role in (Role.LESION, Role.UNSAID, Role.EXCISED) for m in unit.measures)
        one = _ANOTHER.search(self._text, unit.start, unit.end)
        if (sized or unit.noun) and current and self._other_side(unit, current):
            return self._open(None)
        if words and current and not words & current.words():
            known = next((lesion for lesion in self._lesions if lesion.words() & words), None)
            if known is None and any(sites.kin(word, other) for word in words for other in current.words()):
                return None
            if known:
                return known
            # A site behind a size or a noun that had none belongs to it: "0.4 cm nevus, back".
            if not current.words():
                return self._open(None) if sized and current.has(*_SIZES) else None
            if sized or unit.noun or (one and current.has(*_SIZES)):
                return self._open(None)
            if _STAGED.search(self._text, unit.start, unit.end):
                # Each tumor has stages of its own: "left calf: two stages; right forearm: cleared on the first".
                other = self._open(None)
                other.mentions += [row for row in current.mentions if row.fact.name in ("technique", "pathology")]
                return other
            return None
        same = not words and _SAME.search(self._text, unit.start, unit.end)
        sized_before = current is not None and current.has(*_SIZES)
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
        """Open a lesion for each size of "0.4, 0.6 and 0.8 cm"; what else the unit says holds for each.

        Of as many sites each takes its own, in their order; without "respectively" that is only likely.
        """
        sites = unit.sites if unit.paired else []
        sure = bool(_RESPECTIVELY.search(self._text, unit.start, unit.end + 24))
        lists = [m for m in unit.measures if m.form == "list" and len(m.sides) == len(many.sides)]
        unit.sites = [] if sites else unit.sites
        unit.measures = [measure for measure in unit.measures if measure not in lists]
        rest = self._facts(unit)
        if self._current is not None and not self._current.has("lesion_diameter_cm"):
            rest += [mention for mention in self._current.mentions if not sites or mention.fact.name not in _PLACE]
            self._lesions.remove(self._current)
        self._together = []
        for index in range(len(many.sides)):
            lesion = self._open(None)
            for measure in lists:
                size = measure.sides[index]
                lesion.mentions += of_measure(replace(measure, greatest=size, least=size, form="single"))
            lesion.mentions += of_sites(sites[index : index + 1], certain=sure)
            lesion.mentions += rest
            self._current = lesion
            self._together.append(lesion)

    def _label(self, unit: Unit) -> str | None:
        if unit.label is not None:
            return unit.label
        if _OTHER_ONE.match(self._text, unit.start, unit.end) and [row.label for row in self._lesions] == ["1"]:
            # "First one ... The other ...": of two the one that was not told yet.
            return "2"
        match = _LABEL.search(self._text, unit.start, unit.end)
        if not match or match.start() > unit.start + 24 or self._aside.holds(match.start()):
            return None
        label = match["a"] or _WORDS[match["word"].lower()]
        return str(ord(label.upper()) - 64) if label.isalpha() else label

    def _facts(self, unit: Unit) -> list[Mention]:
        facts = [mention for measure in unit.measures for mention in of_measure(measure)]
        return facts + list(of_sites(unit.sites, certain=True)) + unit.mentions

    def _share_technique(self) -> None:
        """Give the one technique of the letter to each lesion that has a size: "shave removals: arm 0.9, thigh 0.5"."""
        told = [mention for lesion in self._lesions for mention in lesion.mentions if mention.fact.name == "technique"]
        if len({mention.fact.value for mention in told}) != 1 or not told[0].fact.certain:
            return
        for lesion in self._lesions:
            if lesion.has(*_SIZES) and not lesion.has("technique"):
                lesion.mentions.append(told[0])

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
        if any("mohs" in lesion.values("technique") for lesion in self._lesions):
            told = [mention for lesion in self._lesions for mention in lesion.mentions if mention.fact.value == "mohs"]
            self._shared += told[:1]
        self._share_technique()
        for lesion in self._lesions:
            own = {mention.fact.name for mention in lesion.mentions}
            own |= _PLACE if "site" in own else set()
            # Mohs surgery takes its layers by excision and still is Mohs surgery.
            lesion.mentions += [
                mention for mention in self._shared if mention.fact.name not in own or mention.fact.value == "mohs"
            ]
