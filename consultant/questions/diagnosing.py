"""Read what a patient has: each condition with its place, its side and what the letter says of it.

A note names conditions that are not the patient's to be coded: denied, past, suspected, planned, a relative's, or what
somebody would like to call it. Of what is left each condition becomes one subject, and one at each place where it is
found in several.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from consultant.questions import causes, eyes, meant_of, pregnancy, sites, strongest
from consultant.questions.disease_places import (
    GENERAL,
    WITHIN,
    gap,
    listed,
    nearer,
    one_place,
    reach,
    side_fact,
    span_of,
    specific,
)
from consultant.questions.holding import DEEDS, OF_NOW, Holding, Said
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.set_aside import SetAside
from consultant.questions.sides import side_of
from consultant.questions.sites import Site
from consultant.questions.vocabulary import Vocabulary
from knowledge.model import Phrase

CONDITION: Final = "condition"
"""The fact that names what the patient has, in every family of diagnoses."""

_PREGNANCY: Final = "icd_pregnancy"
"""Its words for diseases are those of any patient; only the letter as a whole tells of a pregnancy."""
_OPEN: Final = "pending"
"""A finding that is still to come, which yields to the finding that a letter tells."""
Told = tuple[Phrase, Span]


@dataclass(slots=True)
class _Condition:
    """One condition at one place while it is put together."""

    phrase: Phrase
    facts: list[Fact]
    site: Site | None = None
    side: Fact | None = None
    sentences: list[Span] = field(default_factory=list)


def read(text: str, sentences: Sentences, vocabulary: Vocabulary, told: Iterable[Told]) -> tuple[Subject, ...]:
    """Return one subject for each condition of the patient, with the facts that phrases and places say of it."""
    told = tuple(told)
    found = _read(_Reader(text, sentences, vocabulary), text, sentences, told)
    told_here = any(
        fact.name == "site" and fact.span.start >= sentences.body for subject in found for fact in subject.facts
    )
    if told_here or not re.search(r"(?m)^[ \t]*>", text):
        return found
    # A letter that says "codes for both, please" over a quoted chart tells its case there, whatever its subject line
    # calls it.
    quoted = _read(_Reader(text, sentences, vocabulary, quotes=True), text, sentences, told)
    return quoted if not found or any("site" in subject.values() for subject in quoted) else found


def _read(reader: "_Reader", text: str, sentences: Sentences, told: Iterable[Told]) -> tuple[Subject, ...]:
    """Return the subjects of one reading."""
    said = [row for phrase, span in told for row in reader.said(phrase, span)]
    said = meant_of.of_patient(text, sentences, said)
    named = [row.fact for row in said if row.fact.name == CONDITION]
    aside = SetAside(text, sentences, (fact.span for fact in named))
    off = {fact.value for fact in named if aside.off_claim(fact.span)}
    out = {fact for fact in named if fact.value in off or aside.holds(fact.span)}
    said = [row for row in said if row.fact not in out] if set(named) - out else said
    # What an examination found has a code of its own, and the letter may say that it has it.
    found = [row.fact for row in said if row.fact.name.endswith("_finding")]
    done = {(fact.name, fact.value) for fact in found if aside.holds(fact.span)}
    said = [row for row in said if (row.fact.name, row.fact.value) not in done]
    said = causes.wanted(text, said)
    if not pregnancy.told(text):
        said = [row for row in said if row.phrase.family != _PREGNANCY]
    return eyes.parted(text, reader.subjects(said))


class _Reader:
    """The conditions of one letter."""

    def __init__(self, text: str, sentences: Sentences, vocabulary: Vocabulary, *, quotes: bool = False) -> None:
        self._text = text
        self._sentences = sentences
        self._holding = Holding(text, sentences, quotes=quotes)
        every = [site for site in sites.find(text, vocabulary) if site.word not in WITHIN]
        self._sites = [site for site in every if self._holding.present(site)]
        self._gone = [site for site in every if site not in self._sites]

    def said(self, phrase: Phrase, span: Span) -> Iterator[Said]:
        """Yield the phrase as a fact of the patient, where it holds."""
        if not self._of_gone(phrase, span):
            yield from self._holding.said(phrase, span)

    def _of_gone(self, phrase: Phrase, span: Span) -> bool:
        """Tell whether a stage, or the care of an injury, is told of a place that is healed: an old scar."""
        if phrase.fact not in DEEDS and phrase.fact not in OF_NOW:
            return False
        here = self._sentences.around(span.start)
        near = [site for site in (*self._sites, *self._gone) if here.start <= site.start < here.end]
        nearest = min(near, key=lambda site: gap(span, span_of(site)), default=None)
        if nearest is None or nearest in self._sites:
            return False
        return phrase.fact in OF_NOW or self._holding.old(nearest)

    def subjects(self, said: Sequence[Said]) -> tuple[Subject, ...]:
        """Return the conditions in the order of the text."""
        named = [row for row in said if row.fact.name == CONDITION or row.phrase.entry]
        named = [row for row in named if row.fact.value is not False]
        hiding = [row for row in named if row.phrase.hides]
        named = [row for row in named if not any(self._hides(other, row) for other in hiding)]
        named = [row for row in named if not any(self._announces(row, other) for other in named)]
        known = {row.phrase.family for row in named if row.fact.name == CONDITION}
        # "A problem of the surgical wound" leads into its family only while nobody says which.
        named = [row for row in named if row.fact.name == CONDITION or row.phrase.family not in known]
        named = self._unhealed(named)
        rest = [row for row in said if row.fact.name != CONDITION and not (row.phrase.entry and row in named)]
        found: list[_Condition] = []
        for value in dict.fromkeys((row.fact.name, row.fact.value) for row in named):
            alike = [row for row in named if (row.fact.name, row.fact.value) == value]
            others = [row.fact.span for row in named if row not in alike]
            found += self._at_places(alike, rest, others)
        found.sort(key=lambda row: row.facts[0].span.start)
        return tuple(Subject("diagnosis", tuple(self._facts(row, found, rest))) for row in found)

    def _hides(self, one: Said, other: Said) -> bool:
        """Tell whether one condition is named only beside another; what a list numbers apart are two cases."""
        if other.fact.value not in one.phrase.hides:
            return False
        items = [item.start for item in self._sentences.items]
        first, second = (bisect_right(items, row.fact.span.start) for row in (one, other))
        # What stands before a list is none of its cases.
        return first == second or not first or not second

    def _announces(self, one: Said, other: Said) -> bool:
        """Tell whether the subject line names in general what the body names in particular: "melanoma", "in situ"."""
        heading = self._text[: one.fact.span.start]
        return (
            str(other.fact.value).startswith(f"{one.fact.value}_")
            and one.phrase.family == other.phrase.family
            and "\n" not in heading.strip()
            and heading.lower().lstrip().startswith("sub")
        )

    @staticmethod
    def _unhealed(named: list[Said]) -> list[Said]:
        """Leave out what is healed where something else is not, and what was only thought where something is known."""
        sure = {row.phrase.family for row in named if not row.weak}
        firm = [row for row in named if not (row.weak and row.phrase.family in sure)]
        known = {row.phrase.family for row in firm if row.fact.value != _OPEN}
        firm = [row for row in firm if not (row.fact.value == _OPEN and row.phrase.family in known)]
        open_still = [row for row in firm if row.fact.value != "healed"]
        return open_still or firm

    def _at_places(self, alike: list[Said], rest: Sequence[Said], others: Sequence[Span]) -> list[_Condition]:
        """Return a condition once, or once for each place or side at which the letter finds it."""
        found: list[_Condition] = []
        unplaced: list[Said] = []
        for row in alike:
            here = self._sentences.around(row.fact.span.start)
            placed = self._places(row, here, alike)
            unplaced += [] if placed else [row]
            for site, side in placed:
                same = next(
                    (
                        one
                        for one in found
                        if self._same(one, site, side, listed=len(placed) > 1 or self._apart(one, row))
                    ),
                    None,
                )
                if same is None:
                    found.append(_Condition(row.phrase, [row.fact], site, side, [here]))
                    continue
                same.site = nearer(same.site, site)
                same.side = same.side or side
                same.sentences.append(here)
        # What is named once more without a place is one of those that have theirs.
        found = found or [_Condition(row.phrase, [row.fact]) for row in unplaced[:1]]
        if len(found) == 1:
            found = self._split(found[0], [row for row in rest if not self._of_another(row, alike, others)])
        return found

    def _apart(self, one: _Condition, row: Said) -> bool:
        """Tell whether a mention stands in another item of a list than the condition: two cases, though one place."""
        items = [item.start for item in self._sentences.items]
        first, second = (bisect_right(items, fact.span.start) for fact in (one.facts[0], row.fact))
        return bool(first and second) and first != second

    def _of_another(self, row: Said, alike: Iterable[Said], others: Iterable[Span]) -> bool:
        """Tell whether the sentence of a fact speaks of another condition and not of this one."""
        here = self._sentences.around(row.fact.span.start)
        return any(here.start <= other.start < here.end for other in others) and not any(
            here.start <= one.fact.span.start < here.end for one in alike
        )

    def _split(self, only: _Condition, rest: Sequence[Said]) -> list[_Condition]:
        """Make one condition several where other places have a value of their own: "sacrum stage 3, heel stage 2"."""
        values: dict[str, dict[object, Fact]] = {}
        for row in rest:
            # What the patient once had elsewhere is no second place of what is there now.
            past = "histor" in row.fact.name
            if not (row.weak or past or strongest.WEAK.match(str(row.fact.value))):
                values.setdefault(row.fact.name, {}).setdefault(row.fact.value, row.fact)
        for several in values.values():
            if len(several) < 2:
                continue
            owners = {fact.span.start: self._owner(fact) for fact in several.values()}
            owned = [site for site in owners.values() if site is not None]
            if len(owned) == len(several) and not any(one_place(*pair) for pair in combinations(owned, 2)):
                return [
                    _Condition(only.phrase, only.facts[:1], site, side_fact(site), [self._sentences.around(site.start)])
                    for site in sorted(owned, key=lambda site: site.start)
                ]
        return [only]

    def _owner(self, fact: Fact) -> Site | None:
        """Return the place that stands in the same part of the sentence as a fact, the nearest one."""
        here = self._sentences.around(fact.span.start)
        near = [site for site in self._sites if here.start <= site.start < here.end]
        near = [site for site in near if not self._parted(site, fact)]
        return min(near, key=lambda site: gap(fact.span, Span(site.start, site.end)), default=None)

    def _parted(self, site: Site, fact: Fact) -> bool:
        between = self._text[min(site.end, fact.span.end) : max(site.start, fact.span.start)]
        return any(
            min(site.end, fact.span.end) <= other.start < max(site.start, fact.span.start)
            for other in self._sites
            if other is not site
        ) or bool(re.search(r";|\band\b|\n", between))

    def _places(self, row: Said, here: Span, alike: list[Said]) -> list[tuple[Site | None, Fact | None]]:
        """Return the places of one mention: of several that a list names all, else the nearest."""
        span = row.fact.span
        others = [one.fact.span for one in alike if one is not row]
        near = [site for site in self._sites if here.start <= site.start < here.end]
        near = [site for site in near if not any(reach(o, span_of(site)) < reach(span, span_of(site)) for o in others)]
        near = specific(self._text, near)
        if not near:
            side = side_of(self._text, self._part(span, here, others), span) or side_of(
                self._text, self._line(here), span
            )
            return [(None, side)] if side else []
        plural = self._text[span.start : span.end].rstrip().endswith("s")
        apart = len({(site.word, site.side) for site in near}) > 1 and listed(self._text, near)
        if plural and apart:
            return [(site, side_fact(site)) for site in near]
        # "BCC right ala, SCC in situ left hand": a comma parts a thing from the place of the one before.
        close = [site for site in near if "," not in self._text[min(site.end, span.end) : max(site.start, span.start)]]
        best = min(close or near, key=lambda site: reach(span, span_of(site)))
        # The place in the name of a disease yields to the part of it that is told: a foot ulcer of the heel.
        within = [site for site in near if site.word != best.word and sites.holds(best.word, {site.word})]
        if within and span.start <= best.start < span.end:
            best = min(within, key=lambda site: reach(span, span_of(site)))
        # The side of another place is that place's alone: "left cheek and the nose".
        taken = frozenset(site.side_start for site in self._sites if site.word != best.word)
        side = side_fact(best) or side_of(self._text, self._part(span, here, others), span, taken)
        return [(best, side)]

    @staticmethod
    def _part(span: Span, here: Span, others: list[Span]) -> Span:
        """Return the stretch of the sentence that speaks of one mention: up to the next mention of the same thing."""
        start = max((other.end for other in others if here.start <= other.start < span.start), default=here.start)
        end = min((other.start for other in others if span.start < other.start < here.end), default=here.end)
        return Span(start, end)

    @staticmethod
    def _same(one: _Condition, site: Site | None, side: Fact | None, *, listed: bool) -> bool:
        if site and one.site and site.word != one.site.word:
            alike = site.word in one.site.word or one.site.word in site.word
            if listed or not (alike or site.word in GENERAL or one.site.word in GENERAL):
                return False
        return not (side and one.side and side.value != one.side.value)

    def _facts(self, own: _Condition, found: list[_Condition], rest: Sequence[Said]) -> Iterator[Fact]:
        """Yield the facts of one condition; of the same thing at two places each takes what its own part says."""
        yield own.facts[0]
        alike = [one for one in found if one.facts[0].value == own.facts[0].value]
        site = own.site or (self._only_site() if len(alike) == 1 else None)
        if site:
            yield Fact("site", site.word, Span(site.start, site.end))
        side = own.side or (side_fact(site) if site else None) or (self._side_within(site) if site else None)
        side = side or (self._only_side(own) if len(alike) == 1 else None)
        if side:
            yield side
        mine = [row for row in rest if len(alike) == 1 or self._speaks_of(row, own, alike)]
        if len(alike) > 1:
            told = [row for row in mine if self._sentences.around(row.fact.span.start) in own.sentences]
            names = {row.fact.name for row in told}
            mine = told + [row for row in mine if row.fact.name not in names]
        yield from strongest.of(mine, {row.phrase.fact for row in rest if row.weak})
        names = {row.fact.name for row in mine}
        more = (*pregnancy.counted(self._text), *meant_of.of_family(self._text), *causes.placed(self._text))
        yield from (fact for fact in more if fact.name not in names)

    def _speaks_of(self, row: Said, own: _Condition, alike: list[_Condition]) -> bool:
        """Tell whether a fact is said of one of several conditions: in its sentence and nearest to it, or of all."""
        here = self._sentences.around(row.fact.span.start)
        beside = [one for one in alike if here in one.sentences]
        if not beside:
            return not any(self._of_one(row, one) for one in alike) or self._of_one(row, own)
        if own not in beside:
            return False
        return own is min(beside, key=lambda one: gap(row.fact.span, _anchor(one)))

    def _of_one(self, row: Said, one: _Condition) -> bool:
        """Tell whether the sentence of a fact names the side or the place of one condition."""
        here = self._sentences.around(row.fact.span.start)
        places = [site for site in (*self._sites, *self._gone) if here.start <= site.start < here.end]
        # What a line begins with holds for a sentence that names no place of its own.
        line = None if places else side_of(self._text, self._line(here), row.fact.span)
        side = side_of(self._text, here, row.fact.span) or line
        named = any(one.site and site.word == one.site.word for site in places)
        return bool(side and one.side and side.value == one.side.value) or named

    def _line(self, here: Span) -> Span:
        """Return the line up to the end of a sentence: what it begins with holds for all of it, as "EXAM OD:"."""
        return Span(self._text.rfind("\n", 0, here.start + 1) + 1, here.start)

    def _only_site(self) -> Site | None:
        """Return the one place of the letter, the more particular where several are one."""
        best: Site | None = None
        for site in specific(self._text, self._sites):
            best = nearer(best, site) if best is None or site.word != best.word else (best if best.side else site)
        return best

    def _side_within(self, site: Site) -> Fact | None:
        """Return the side that all mentions of a place and of its parts agree on: "SCC ear ... skin of left helix"."""
        sided = [one for one in self._sites if one.side and sites.kin(one.word, site.word)]
        return side_fact(sided[0]) if len({one.side for one in sided}) == 1 else None

    def _only_side(self, own: _Condition) -> Fact | None:
        return side_of(self._text, Span(0, len(self._text)), own.facts[0].span)


def _anchor(one: _Condition) -> Span:
    return span_of(one.site) if one.site else one.facts[0].span
