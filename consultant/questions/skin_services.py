"""Read services on the skin that are told by an act and its object: paring, injection into lesions, implants, tattoos.

The two may stand apart ("two corns and a callus of the right foot were pared"); how many there were stands with either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consultant.questions import counting, sites
from consultant.questions.aside import Aside
from consultant.questions.counting import NUMBER, Count
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sizes import Measure
from consultant.questions.vocabulary import Vocabulary


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service by its act and its object, both of which the letter must tell of."""

    procedure: str
    act: re.Pattern[str]
    thing: re.Pattern[str]
    counted: re.Pattern[str] | None = None
    """What is counted of it."""
    apart: bool = False
    """Whether the act may stand in another sentence than its object."""
    area: bool = False
    """Whether its code follows from an area."""


_IN: Final = r"insert(?:ed|ion|s|ing)?|plac(?:ed|ement|ing)|put in|implant(?:ed|ation)|insertd"
_OUT: Final = (
    r"remov(?:ed|d|al|ing|es)|taken out|took out|explant(?:ed|ation)|extract(?:ed|ion)|pulled"
    r"|(?<=rod )out|(?<=implant )out|(?<=nexplanon )out|(?<=implanon )out"
    r"|(?:took|taken|take|came|comes?|got) (?:\w+ ){1,4}?out"
)
_SWAP: Final = (
    r"replac(?:ed|ement|ing)|exchang(?:ed?|ing)|re-?insert(?:ed|ion)|swapp?(?:ed)?"
    r"|old (?:rod|implant|one|device)\b[^.;\n]{0,80}\bnew (?:rod|implant|one|device)"
    r"|out\b[^.;\n]{0,40}\bnew (?:rod|implant|one|device|nexplanon|implanon)"
)
_OLD_AND_NEW: Final = (
    r"(?:old|expired|existing|first|previous) (?:rod|implant|one|device)s?\b[^;\n]{0,100}?\b(?:new|fresh|another"
    r"|next|replacement)"
    r" (?:rod|implant|one|device)|rod (?:out|removed)\b[^;\n]{0,60}?\b(?:new|fresh|another) (?:rod|one|implant|device)"
)
_DRUG_IMPLANT: Final = _words(
    r"nexplanon|implanon|etonogestrel(?: implants?| rods?)?|(?:contraceptive|birth control|subdermal"
    r"|hormone) (?:implants?|rods?)"
    r"|histrelin(?: implants?)?|supprelin|vantas|probuphine|(?:drug|drug delivery|buprenorphine|naltrexone) implants?"
)
_HORNY: Final = (
    r"corns?|callus(?:es|ed)?|call?ous(?:es)?|callosit\w+|hyperkerato\w+(?: lesions?)?|helomas?"
    r"|tylomas?|clav(?:us|i)|hpks?|ipks?|(?-i:HDs?|HMs?|IPKs?|PPKs?|HKs?)|porokeratos[ei]s"
    r"|keratomas?|plantar keratos[ei]s"
)
_LESIONS: Final = (
    r"lesions?|keloids?|(?:hypertrophic )?scars?|cysts?|patch(?:es)?|plaques?|nodules?|papules?|areas?|spots?|sites?"
    r"|alopecia|acne|granulomas?|chalazi\w+|prurigo|psoria\w+|lichen\w*"
)
SERVICES: Final = (
    Service(
        "hyperkeratosis_paring",
        _words(r"par(?:ed|ing)"),
        _words(_HORNY),
        _words(rf"{_HORNY}|lesions?"),
        apart=True,
    ),
    Service(
        "hyperkeratosis_paring",
        _words(r"trimm?(?:ed|ing)|shaved?|shaving|debrid(?:ed|ement|ing)|reduc(?:ed|tion)|sharply|cut|curetted"),
        _words(_HORNY),
        _words(rf"{_HORNY}|lesions?"),
    ),
    Service(
        "hyperkeratosis_paring",
        _words(r"par(?:ed|ing)|trimm?(?:ed|ing)"),
        _words(r"keratotic lesions?|keratoses"),
        _words(r"keratotic lesions?|keratoses|lesions?"),
    ),
    Service(
        "intralesional_injection",
        _words(r"inject(?:ed|ion|ions|ing)?|inj|injs|infiltrat\w+"),
        _words(r"intra-?lesional(?:ly)?|(?-i:ILK|ILS)|il (?:kenalog|triamcinolone|tac)"),
        _words(_LESIONS),
        apart=True,
    ),
    Service(
        "intralesional_injection",
        _words(r"(?-i:ILK)|intra-?lesional(?:ly)? (?:kenalog|triamcinolone|steroids?|tac|corticosteroids?)"),
        _words(_LESIONS),
        _words(_LESIONS),
        apart=True,
    ),
    Service(
        "intralesional_injection",
        _words(r"inject(?:ed|ion|ions|ing)?|inj|injs"),
        _words(
            r"keloids?|(?:hypertrophic |acne )?scars?|(?:acne |cystic |inflamed )?cysts?|acne(?: nodules?)?"
            r"|alopecia(?: areata)?"
            r"|prurigo(?: nodul\w+)?|lichen (?:simplex|planus)|(?:psoria\w+ )?plaques?"
        ),
        _words(_LESIONS),
    ),
    Service(
        "intralesional_injection",
        _words(
            r"(?:triamcinolone|kenalog|steroids?|tac)\b[^.;\n]{0,24}?\b(?:in|into) (?:the |each |every |all |her )?"
            r"(?:[\w-]+ ){0,3}?(?:keloids?|patch(?:es)?|scars?|plaques?|lesions?|nodules?|cysts?)"
        ),
        _words(_LESIONS),
        _words(_LESIONS),
    ),
    Service("drug_implant_exchange", _words(_SWAP), _DRUG_IMPLANT),
    Service("drug_implant_exchange", _words(_OLD_AND_NEW), _DRUG_IMPLANT, apart=True),
    Service("drug_implant_insertion", _words(_IN), _DRUG_IMPLANT),
    Service("drug_implant_removal", _words(_OUT), _DRUG_IMPLANT),
    Service(
        "hormone_pellet_implantation",
        _words(rf"{_IN}|pellet(?:ing)? procedure|pellets"),
        _words(r"(?:testosterone|estradiol|hormone|hrt) pellets?|testopel|biote"),
    ),
    Service("expander_exchange", _words(_SWAP), _words(r"(?:tissue )?expanders?")),
    Service("expander_insertion", _words(_IN), _words(r"tissue expanders?")),
    Service("expander_removal", _words(_OUT), _words(r"(?:tissue )?expanders?")),
    Service(
        "skin_tattooing",
        _words(r"tattoo(?:ed|ing|s)?|micro-?pigment\w+|pigment\w* (?:was )?(?:injected|introduced)"),
        _words(r"areolas?|nipples?|vitiligo|scars?|lips?|skin|eyebrows?|reconstruct\w+"),
        area=True,
    ),
)
_SIDED: Final = re.compile(r"[ \t:(-]{1,3}(?:on |of )?(?:the )?(?:left|right|lt|rt|[lr])\b", re.IGNORECASE)
# Several at each place are more than the places.
_MANY: Final = _words(r"multiple|several|numerous|many|various|some|few")
_PLACES_OF_MANY: Final = _words(r"both|bilat\w*|feet|toes|hands|fingers|heels|soles|arms|legs")
"""Places that tell of more than one each: they count nothing."""
_ULCER: Final = _words(r"ulcers?|ulcerations?|wounds?")
_NONE_NEW: Final = _words(
    r"(?:no|not|without(?: an?)?) (?:new |other |replacement )?(?:implant|rod|device|nexplanon)s?(?: was"
    r"| were)?(?: placed"
    r"| inserted)?|(?:no|without(?: an?)?|not an?) (?:new|other|replacement|second) one"
    r"|not want(?:ing|ed)? (?:another|an?y? ?(?:new|other|replacement))"
    r"|not (?:re)?(?:placed|inserted)"
)
_STICKS: Final = re.compile(
    r"[ \t](?:\w+[ \t])?(?:sticks?|shots?|injections?|punctures?|needles?|pokes?)\b", re.IGNORECASE
)
# What fills a hollow is no drug for the lesion.
_FILLS: Final = _words(
    r"fat|fillers?|collagen|hyaluron\w+|juvederm|restylane|radiesse|sculptra|bellafill|lipo\w+|poly-l-lactic acid"
)
_PARED_FIRST: Final = re.compile(
    r"\b(?:destroy\w*|froze\w*|freez\w+|LN2|liquid nitrogen|cryo\w*)\b[^.;]{0,60}"
    r"\bafter (?:brief |light |sharp )?paring"
    r"(?: (?:it|them|down|(?:of )?(?:the|each) (?:warts?|verruca\w*)))*[ \t]?[.,;)\n]",
    re.IGNORECASE,
)
_NUMBERED: Final = (
    rf"(?<![\w.#/$-])(?:[x×][ \t]?)?(?P<n>{NUMBER})[ \t]+"
    r"(?:(?!of\b|on\b|in\b|into\b|from\b|cm\b|mm\b|mg\b|ml\b|cc\b)[a-z'-]+[ \t]+){0,2}"
)
_WITH_SIDE: Final = re.compile(r"(?<![\w'])(?:left|right|lt|rt|(?-i:[LR]))(?![\w'])", re.IGNORECASE)
_ONLY_ONE: Final = re.compile(r"\b(?:only|just (?:the )?one)\b", re.IGNORECASE)
_TIMES: Final = re.compile(rf"[ \t]{{0,2}}[x×][ \t]?(?P<n>{NUMBER})(?!\w|\.\d)", re.IGNORECASE)


def read(
    text: str, sentences: Sentences, vocabulary: Vocabulary, measures: tuple[Measure, ...], aside: Aside
) -> tuple[Subject, ...]:
    """Return one subject for each service of the table that was done, with its count or its area."""
    found: dict[str, tuple[Service, Span]] = {}
    around_ulcer = any(
        status(sentences, match.start(), match.end(), act=False) is Status.AFFIRMED and not aside.holds(match.start())
        for match in _ULCER.finditer(text)
    )
    for service in SERVICES:
        if service.procedure == "hyperkeratosis_paring" and (around_ulcer or _PARED_FIRST.search(text)):
            # The callus around an ulcer comes off with its care, and what covers a wart before it is frozen.
            continue
        if service.procedure not in found and (span := _done(text, sentences, aside, service)):
            found[service.procedure] = (service, span)
    _swap(text, found)
    subjects = []
    for procedure, (service, span) in found.items():
        facts = [Fact("procedure", procedure, span)]
        if service.counted:
            sides = counting.by_sides(text)
            counts = _counts(text, sentences, aside, service) or ([sides] if sides else [])
            counts = counts or _by_places(text, sentences, vocabulary, span, service)
            facts += [Fact("lesion_count", count.number, Span(count.start, count.end)) for count in counts]
        if service.area:
            facts += list(_areas(measures))
        subjects.append(Subject("procedure", (*facts, *_site(sentences, text, vocabulary, span))))
    return tuple(subjects)


def _swap(text: str, found: dict[str, tuple[Service, Span]]) -> None:
    """Read "took out the old rod and put in a new one" as one exchange, and one without a new one as a removal."""
    for kind in ("drug_implant", "expander"):
        names = [f"{kind}_{act}" for act in ("exchange", "insertion", "removal")]
        exchange, insertion, removal = (found.get(name) for name in names)
        if kind == "drug_implant" and removal and _NONE_NEW.search(text):
            found.pop(names[1], None)
            found.pop(names[0], None)
        elif exchange or (insertion and removal):
            service, span = exchange or removal or found[names[1]]
            for name in names:
                found.pop(name, None)
            found[names[0]] = (service, span)


def _done(text: str, sentences: Sentences, aside: Aside, service: Service) -> Span | None:
    """Return where the act is told of that was done to the object; None where it was not."""
    things = [
        match.start()
        for match in service.thing.finditer(text)
        if not aside.holds(match.start())
        and status(sentences, match.start(), match.end(), act=False) is not Status.NEGATED
    ]
    if not things:
        return None
    for match in service.act.finditer(text):
        if aside.holds(match.start()):
            continue
        if status(sentences, match.start(), match.end(), act=True) not in (Status.AFFIRMED, Status.UNCERTAIN):
            continue
        sentence = sentences.around(match.start())
        if service.procedure == "intralesional_injection" and _FILLS.search(text, sentence.start, sentence.end):
            continue
        if service.apart or any(sentence.start <= thing < sentence.end for thing in things):
            return Span(*match.span())
    return None


def _counts(text: str, sentences: Sentences, aside: Aside, service: Service) -> list[Count]:
    """Return how many there were; numbers of one sentence add up, and those told with the act come first."""
    counted = service.counted
    if counted is None:
        return []
    if (whole := counting.total(text)) and not _STICKS.match(text, whole.end):
        return [whole]
    rows: list[Count] = []
    pattern = re.compile(rf"{_NUMBERED}(?={counted.pattern})", re.IGNORECASE)
    for sentence in sentences.spans:
        if aside.holds(sentence.start):
            continue
        done = bool(service.act.search(text, sentence.start, sentence.end))
        inside = [
            Count(counting.number(match["n"]), *match.span("n"), done)
            for match in pattern.finditer(text, sentence.start, sentence.end)
        ]
        behind = [
            count._replace(done=done)
            for match in counted.finditer(text, sentence.start, sentence.end)
            if (count := counting.beside(text, match.start(), match.end(), since=match.start()))
        ]
        inside = _with_other_side(text, inside, counted, sentence.end) or behind
        if not inside and done and service.procedure == "hyperkeratosis_paring":
            # "Callus paring x1" counts what was pared.
            inside = [
                Count(counting.number(times["n"]), *times.span("n"), done)
                for match in service.act.finditer(text, sentence.start, sentence.end)
                if (times := _TIMES.match(text, match.end()))
            ]
        if not inside and done:
            inside = [
                Count(1, *match.span(), done)
                for match in counted.finditer(text, sentence.start, sentence.end)
                if counting.is_one(text, match.start(), match.end(), since=sentence.start)
                or (
                    service.apart
                    and counting.is_singular(match[0])
                    and _ONLY_ONE.search(text, match.end(), sentence.end)
                )
            ][:1]
        if inside:
            rows.append(counting.summed(inside))
    return counting.settled(rows)


def _with_other_side(text: str, inside: list[Count], counted: re.Pattern[str], end: int) -> list[Count]:
    """Add what a side further on has of the same things: "3 calluses R foot, 2 L foot"."""
    if len(inside) != 1:
        return inside
    thing = counted.search(text, inside[0].end, end)
    if thing is None or not _SIDED.match(text, thing.end()):
        return inside
    further = counting.at_places(text, thing.end(), end, ())
    return [inside[0], *(count._replace(done=inside[0].done) for count in further)]


def _by_places(text: str, sentences: Sentences, vocabulary: Vocabulary, span: Span, service: Service) -> list[Count]:
    """Return as many as the sentence of the act names places: "corns of the left fifth and the right fourth toe"."""
    sentence = sentences.around(span.start)
    things = list(service.thing.finditer(text, sentence.start, sentence.end))
    places = {
        (site.word, site.side, site.start): site
        for site in sites.find(text, vocabulary)
        if sentence.start <= site.start < sentence.end
    }
    many = any(service.thing.match(text, match.end() + 1) for match in _MANY.finditer(text))
    if many or _MANY.search(text, sentence.start, sentence.end):
        return []
    if listed := _sided_items(text, span.end, sentence.end):
        return [Count(listed, span.start, span.end, done=True)]
    if not things or len(places) < 2 or _PLACES_OF_MANY.search(text, sentence.start, sentence.end):
        return []
    return [Count(len(places), things[0].start(), things[0].end(), done=True)]


def _sided_items(text: str, start: int, end: int) -> int:
    """Return how many items a list behind an act has, each with a side of its own: "L submet 1, R heel"; else 0."""
    items = [row for row in re.split(r"[,;+&]|\band\b", text[start:end].rpartition(":")[2]) if row.strip(" .\n")]
    return len(items) if len(items) > 1 and all(_WITH_SIDE.search(row) for row in items) else 0


def _areas(measures: tuple[Measure, ...]) -> Iterator[Fact]:
    for measure in measures:
        if measure.form == "area":
            yield Fact("area_cm2", measure.greatest, Span(measure.start, measure.end), measure.certain)
        elif measure.form == "sides":
            area = round(measure.sides[0] * measure.sides[1], 2)
            yield Fact("area_cm2", area, Span(measure.start, measure.end), measure.certain)


def _site(sentences: Sentences, text: str, vocabulary: Vocabulary, span: Span) -> list[Fact]:
    """Return the one site that the sentence of the act names."""
    sentence = sentences.around(span.start)
    places = [site for site in sites.find(text, vocabulary) if sentence.start <= site.start < sentence.end]
    return sites.facts(places[0]) if len({(site.word, site.side) for site in places}) == 1 else []
