"""Read drugs, vaccines and how they were given: each administration with its drug, purpose, minutes and order.

A drug line and the line of its administration are two codes; which of them is asked for is told by the letter.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consultant.questions import amounts, infusions, portions, shots
from consultant.questions.amounts import Use
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.said import Said
from consultant.questions.settled import Settled

_RANK: Final = ("chemotherapy", "hormonal", "therapeutic", "hydration")
# The name of a disease is that of its vaccine only where something was given.
_GIVEN: Final = re.compile(
    r"\b(?:vaccin\w*|immuni[sz]\w*|shots?|boosters?|vax\w*|inject\w*|admin\w*|counsel\w*"
    r"|intramuscular(?:ly)?|high[- ]dose (?:flu|influenza))\b|\b(?-i:IM)\b"
    r"(?! (?:group|practice|clinic|doc\w*|physicians?|providers?|office|dept|department|residents?|attending"
    r"|partner|side|team|specialty)\b)",
    re.IGNORECASE,
)
_FLUIDS: Final = re.compile(r"\b(?:de|re)?hydrat\w+", re.IGNORECASE)
# "Denosumab: NOT given today", "steroid held": a drug that the letter names to say that it was left out.
_LEFT_OUT: Final = re.compile(
    r"[ \t]{0,2}(?:[:,-][ \t]{0,2}|(?:was|were|is)[ \t])?(?:not|never)[ \t](?:\w+[ \t])?"
    r"(?:given|administered|injected|infused|due|needed|ordered)\b"
    r"|[ \t]{0,2}(?:[:,-][ \t]{0,2}|(?:was|were|is)[ \t])(?:held|skipped|omitted|refused|declined|deferred)\b"
    r"|[ \t](?:was|were|is)[ \t]offered\b[^.;\n]{0,60}\b(?:not[ \t]given|declin\w+|refus\w+|wait|later|next)\b",
    re.IGNORECASE,
)
_VACCINES: Final = re.compile(r"\b(?:vaccin\w*|immuni[sz]\w*|904[67]\d)\b", re.IGNORECASE)
_IN_ALL: Final = re.compile(r"[ \t,]{0,2}(?:in )?(?:total|all\b|altogether|combined)", re.IGNORECASE)
_UNNAMED: Final = re.compile(
    r"\b(?:which|what|need|wich)\b[^.;?\n]{0,32}\b(?:j[ -]?code|hcpcs|drug code|code[^.?\n]{0,24}\b(?:drug|medicine"
    r"|medication|med|steroid))\b",
    re.IGNORECASE,
)
"""A letter that asks for the code of a drug that it does not name, only how much of it was given."""
_SOME_DRUG: Final = re.compile(
    r"\b(?:steroids?|cortisone|antibiotics?|anti-?emetic|pain (?:shot|med\w*)|nausea med\w*|injections?|injected"
    r"|shots?|medicine|medication|drug)\b",
    re.IGNORECASE,
)
_VEIN: Final = ("iv_infusion", "iv_push")

Family = tuple[tuple[Said, ...], tuple[Said, ...], tuple[tuple[Span, ...], ...]]
"""What leads into a family, what is said besides, and everywhere that each of the first is named."""
_Administered = tuple[Fact, list[Fact], Said | None]
"""How it was given, what else is known of it, and its drug."""


def subjects(text: str, sentences: Sentences, settled: Settled, families: Sequence[Family]) -> Iterator[Subject]:
    """Yield the vaccines, the administrations and the drugs of a letter."""
    entries = [row for doors, _, _ in families for row in doors if not _left_out(text, row)]
    details = [row for _, rows, _ in families for row in rows if not _left_out(text, row)]
    vaccines = [row for row in entries if row.fact.name == "vaccine_kind" and given(text)]
    named = [row for row in entries if row.fact.name == "drug_name"]
    ways = [row for row in entries if row.fact.name == "procedure"]
    purposes = [row for row in (*entries, *details) if row.fact.name == "administration_purpose"]
    if vaccines:
        mentions = {
            span: row.fact.value
            for doors, _, places in families
            for row, spans in zip(doors, places, strict=True)
            for span in spans
            if row.fact.name == "vaccine_kind"
        }
        yield from shots.subjects(text, sentences, vaccines, details, mentions)
        if not named:
            return
    if not named and not settled.drug and (dose := _unnamed(text)):
        yield Subject("drug", (dose,))
        return
    coded = [] if settled.drug else named
    if settled.administration or (not vaccines and not named and _VACCINES.search(text)):
        # The injection of a vaccine that the letter has coded is none of a drug.
        ways, purposes = [], []
    spots = {
        (row.fact.name, row.fact.value): spans
        for doors, _, places in families
        for row, spans in zip(doors, places, strict=True)
    }
    doses = _doses(text, sentences, coded, [spots[row.fact.name, row.fact.value] for row in coded])
    administered = list(_administrations(text, sentences, ways, purposes, named, details))
    if not settled.administration:
        administered = _one_by_one(text, families, named, administered)
    joined: set[int] = set()
    for way, facts, drug in administered:
        at = coded.index(drug) if drug in coded else -1
        more = [coded[at].fact, *doses[at]] if at >= 0 and at not in joined else []
        joined.add(at)
        yield Subject("drug", (way, *facts, *more))
    for at, row in enumerate(coded):
        if at not in joined:
            yield Subject("drug", (row.fact, *doses[at]))


def _unnamed(text: str) -> Fact | None:
    """Return the one dose of a drug whose code is asked for, and that the letter does not name."""
    if not (_UNNAMED.search(text) and _SOME_DRUG.search(text)):
        return None
    told = [row for row in amounts.doses(text) if row.use is Use.GIVEN]
    return Fact("dose_mg", _plain(told[0].mg), told[0].span) if len(told) == 1 else None


def _one_by_one(
    text: str, families: Sequence[Family], named: Sequence[Said], read: list[_Administered]
) -> list[_Administered]:
    """Return what was given event by event, where the letter tells of more events or of their hours.

    A port that was flushed after them is part of them.
    """
    substances = [
        (str(row.fact.value), span)
        for doors, rows, places in families
        for row, spans in (*zip(doors, places, strict=True), *((row, (row.fact.span,)) for row in rows))
        if row.fact.name == "administration_purpose" and not _left_out(text, row)
        for span in spans
    ]
    events = infusions.read(text, substances)
    pumped = (infusions.PUMP,) if any(event.way == infusions.PUMP for event in events) else ()
    others = [row for row in read if row[0].value not in (*_VEIN, *pumped, "injection", "port_flush")]
    timed = any(event.start is not None and event.minutes for event in events)
    ran = len(events) == 1 and not read and events[0].minutes
    if not events or others or not (timed or ran or (len(events) > 1 and len(events) >= len(read))):
        return [row for row in read if row[0].value != "port_flush"] or read
    found: list[_Administered] = []
    for event in events:
        facts = [Fact("administration_purpose", event.purpose, event.span)]
        if event.way == infusions.INFUSION and event.minutes:
            facts.append(Fact("infusion_minutes", event.minutes, event.within))
        if event.way == infusions.PUMP and (home := _practice_pump(text)) is not None:
            facts.append(Fact("practice_pump_home", home, event.span, certain=False))
        if event.order:
            facts.append(Fact("administration_order", event.order, event.span, certain=False))
        drug = next((row for row in named if _inside(row.fact.span, event.within)), None)
        found.append((Fact("procedure", event.way, event.span), facts, drug))
    return found


_MEDICARE: Final = re.compile(r"\b(?:medicare|mcare|mcr|part b)\b", re.IGNORECASE)
_OTHER_PAYER: Final = re.compile(
    r"\b(?:aetna|cigna|uhc|united ?health\w*|bcbs|blue (?:cross|shield)|anthem|humana|tricare|medicaid|commercial"
    r"|kaiser)\b",
    re.IGNORECASE,
)


def _practice_pump(text: str) -> bool | None:
    """Return False where the payer is not Medicare, whose code G0498 is for a pump of the practice; else None."""
    return False if _OTHER_PAYER.search(text) and not _MEDICARE.search(text) else None


def _inside(span: Span, other: Span) -> bool:
    return other.start <= span.start < other.end


def _left_out(text: str, row: Said) -> bool:
    names = row.fact.name in ("drug_name", "administration_purpose", "vaccine_kind", "procedure")
    return names and bool(_LEFT_OUT.match(text, row.fact.span.end))


def given(text: str) -> bool:
    """Tell whether a letter tells of a vaccine that was given, and not of the disease of the same name."""
    return bool(_GIVEN.search(text))


def _doses(
    text: str, sentences: Sentences, drugs: Sequence[Said], places: Sequence[Sequence[Span]]
) -> list[list[Fact]]:
    """Return the dose of each drug in mg, and what was thrown away; `places` are all mentions of each."""
    found = amounts.doses(text)
    given = [amounts.Amount(row.mg, row.span) for row in found if row.use is Use.GIVEN]
    held = [amounts.Amount(row.mg, row.span) for row in found if row.use is Use.HELD]
    wasted = [row for row in found if row.use is Use.WASTED]
    none = amounts.nothing_wasted(text)
    facts: list[list[Fact]] = []
    for dose in portions.nearest(sentences, places, given):
        if dose is None and none and len(drugs) == 1 and len(held) == 1:
            # A whole vial was given.
            dose = held[0]
        if dose is None and len(drugs) == 1 and len({row.value for row in given}) == 1:
            # The one dose of a letter about one drug, wherever it stands.
            dose = given[0]
        if len(drugs) == 1:
            # "40 mg each (80 mg total)": the total is what was given.
            dose = next((row for row in given if _IN_ALL.match(text, row.span.end)), dose)
        rows = [Fact("dose_mg", _plain(dose.value), dose.span)] if dose else []
        if len(drugs) == 1 and wasted:
            rows.append(Fact("wasted_mg", _plain(wasted[0].mg), wasted[0].span))
        elif len(drugs) == 1 and none:
            rows.append(Fact("wasted_mg", 0, none))
        facts.append(rows)
    return facts


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _administrations(
    text: str,
    sentences: Sentences,
    ways: Sequence[Said],
    purposes: Sequence[Said],
    drugs: Sequence[Said],
    details: Sequence[Said],
) -> Iterator[_Administered]:
    """Yield each administration: how, what else is known of it, and its drug."""
    if not ways and not purposes:
        return
    rows = _ways(ways, purposes, drugs, sentences)
    fluids = next((row.fact for row in purposes if row.fact.value == "hydration"), None)
    if fluids and _FLUIDS.search(text) and not any(row[2] and row[2].value == "hydration" for row in rows):
        # Fluids for their own sake beside a drug are a service too, whatever word stands for their way.
        rows.append((Fact("procedure", "iv_infusion", fluids.span, certain=False), fluids.span, fluids, None))
    places = [[place] for _, place, _, _ in rows]
    minutes = portions.nearest(sentences, places, amounts.minutes(text))
    others = [
        row
        for row in details
        if row.phrase.family == (ways or purposes)[0].phrase.family and row.fact.name != "administration_purpose"
    ]
    own = portions.shared(sentences, places, others)
    order = _order(rows)
    told = [fact.span for facts in own for fact in facts if _is_initial(fact)]
    for at, (way, _, purpose, drug) in enumerate(rows):
        # "No other drug" of two services into one vein makes neither the initial one: their rank does.
        mine = [fact for fact in own[at] if not (_is_initial(fact) and told.count(fact.span) > 1 and order[at])]
        facts = [*([purpose] if purpose else []), *mine]
        if (time := minutes[at]) is not None:
            facts.append(Fact("infusion_minutes", time.value, time.span))
        if not any(fact.name == "administration_order" for fact in facts) and (place := order[at]):
            facts.append(Fact("administration_order", place, way.span, certain=False))
        yield way, facts, drug


def _is_initial(fact: Fact) -> bool:
    return fact.name == "administration_order" and fact.value == "initial"


_Row = tuple[Fact, Span, Fact | None, Said | None]
"""How it was given, the place of it, what for, and the drug."""


def _ways(ways: Sequence[Said], purposes: Sequence[Said], drugs: Sequence[Said], sentences: Sentences) -> list[_Row]:
    """Return the administrations with purpose and drug; one way for several drugs is one administration each."""
    if not ways:
        # "Hydration, 1 L over 95 minutes": what it was for is all that is said of the way.
        first = purposes[0]
        if first.fact.value == "hydration":
            return [
                (Fact("procedure", "iv_infusion", first.fact.span, certain=False), first.fact.span, first.fact, None)
            ]
        return []
    if len(ways) == 1 and len(drugs) > 1:
        return [
            (ways[0].fact, row.fact.span, _purpose(row.fact.span, purposes, sentences, len(drugs)), row)
            for row in drugs
        ]
    own = _paired([row.fact.span for row in ways], drugs, sentences)
    found: list[_Row] = []
    for at, row in enumerate(ways):
        drug = own.get(at)
        span = row.fact.span
        found.append((row.fact, span, _purpose(drug.fact.span if drug else span, purposes, sentences, len(ways)), drug))
    return found


def _paired(places: Sequence[Span], drugs: Sequence[Said], sentences: Sentences) -> dict[int, Said]:
    """Give each way its drug, the nearest in its sentence; a single way takes the single drug of the letter."""
    pairs = sorted(
        (portions.distance(place, drug.fact.span), at, number)
        for at, place in enumerate(places)
        for number, drug in enumerate(drugs)
        if sentences.around(place.start) == sentences.around(drug.fact.span.start) or len(places) == len(drugs) == 1
    )
    found: dict[int, Said] = {}
    for _, at, number in pairs:
        if at not in found and drugs[number] not in found.values():
            found[at] = drugs[number]
    return found


def _purpose(place: Span, purposes: Sequence[Said], sentences: Sentences, several: int) -> Fact | None:
    """Return what an administration was for: said at its drug, in its sentence, or in the letter of a single one."""
    at = next((row for row in purposes if row.fact.span == place), None) or _near(place, purposes, sentences)
    if at is None and several == 1 and purposes:
        at = min(purposes, key=lambda row: _RANK.index(str(row.fact.value)))
    return at.fact if at else None


def _near(place: Span, rows: Iterable[Said], sentences: Sentences) -> Said | None:
    """Return what stands nearest to a place in its sentence."""
    sentence = sentences.around(place.start)
    inside = [row for row in rows if sentence.start <= row.fact.span.start < sentence.end]
    return min(inside, key=lambda row: portions.distance(place, row.fact.span), default=None)


def _order(rows: Sequence[_Row]) -> list[str | None]:
    """Return the order of each: the only one into a vein is the initial one; of several, the first in rank."""
    veins = [at for at, (way, *_) in enumerate(rows) if way.value in _VEIN]
    order: list[str | None] = ["initial"] * len(rows)
    if len(veins) < 2:
        return order
    if any(rows[at][2] is None for at in veins):
        return [None if at in veins else "initial" for at in range(len(rows))]

    def rank(at: int) -> tuple[int, int, int]:
        way, _, purpose, _ = rows[at]
        return _RANK.index(str(purpose.value)) if purpose else 9, _VEIN.index(str(way.value)), at

    first = min(veins, key=rank)
    return ["sequential" if at in veins and at != first else "initial" for at in range(len(rows))]
