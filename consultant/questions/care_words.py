"""Find in a letter what tells of the care of wounds: the phrases of families, and plain words for the common kinds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from consultant.questions import findings
from consultant.questions.counting import ONES
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status
from consultant.questions.phrases import Cues
from consultant.questions.zones import Zones
from knowledge.model import Phrase

_FINDINGS: Final = frozenset(
    {
        "burn_degree",
        "burn_size",
        "open_fracture",
        "secondary_closure",
        "extensive_skin_disease",
        "burn",
        "npwt_pump",
        "necrotizing_infection",
    }
)
_DETAILS: Final = frozenset({"reclosure_kind", "product_form", "flap_stage", "burn_act", "muscle_donor"})
_TAKEN_OUT: Final = re.compile(
    r"[ \t](?:were |was |are |is )?(?:removal|removed|out\b|came out|taken out|remov)", re.IGNORECASE
)
_LATER: Final = re.compile(r"second|dehisc|reclos|delayed|sternal|eviscer|burst", re.IGNORECASE)
_DEBRIDED: Final = re.compile(
    r"\b(?:debrid(?:ed|ements?|ing|e)|(?:necrotic|devitali[sz]ed|nonviable|non-viable|dead|infected"
    r"|contaminated) (?:\w+ ){0,4}?(?:was |were )?(?:excised|removed|cut away|resected|taken)"
    r"|I ?& ?D|irrigation and (?:\w+ )?debrid\w+|cut back to bleeding)\b",
    re.IGNORECASE,
)
_BURN: Final = re.compile(
    r"\b(?<!sun)(?<!no )burns?\b(?! (?:center|unit|clinic|cream|survivor))|\bscald(?:s|ed)?\b", re.IGNORECASE
)
_OPEN_FRACTURE: Final = re.compile(
    r"\b(?:(?<!no )open (?:(?!wound|reduction|treatment|repair|abdom)[\w/-]+ ){0,4}?(?:fractures?|fxs?"
    r"|dislocations?)|compound (?:fractures?|fx)|gustilo\w*|fracture[^.;\n]{0,12}\bopen\b(?! reduc"
    r"| treat))\b",
    re.IGNORECASE,
)
_OPENED: Final = re.compile(
    r"\b(?:incision|wound|closure|laceration repair|stitches|sutures|skin edges|scar"
    r"|suture line)\b[^.;\n]{0,60}?(?<!was )(?<!were )(?<!be )\b(?:(?:came|come|fell|pulled|split|popped"
    r"|broke|burst|opened)"
    r" (?:apart|open|up)|separated|re-?opened|gap(?:ed|ing)|dehisc\w+)\b",
    re.IGNORECASE,
)
_CLASS: Final = re.compile(
    r"\b(?P<v>simple|intermediate|complex)[ \t](?:\w+[ \t])?(?:lac(?:eration)?s?|wound|skin|scalp|facial|suture)[ \t]"
    r"(?:repair|closure)s?\b",
    re.IGNORECASE,
)
_REPAIRED: Final = re.compile(
    r"\b(?:lac(?:eration|s)?s?|cuts?(?= (?:\d|closed|glued|repaired|sutured|stapled|was|were|dermabond|w/))"
    r"|(?<=a )cut|(?<=cm )cut|(?<=clean )cut|(?<=deep )cut|(?<=small )cut|cuts (?:of"
    r"|on|to)|cut (?:of|on|over)|(?:dog|cat) bites?|stab wounds?|avulsion of skin|gash(?:es)?"
    r"|skin tears?|split (?:lip|brow|eyebrow|chin|scalp)|(?:stab|puncture"
    r"|traumatic|bite|scalp|facial|hand|finger) wounds?"
    r"|(?P<only>(?:trauma(?:tic)?|multiple|two|three|four|five|\d) repairs|(?:wound|skin|layered|simple"
    r"|intermediate|complex|linear|laceration) (?:\w+ )?repairs?"
    r"|(?:layered|simple|intermediate|complex) (?:\w+ )?closures|repairs"
    r"|repair(?:ed)?(?: of)?(?: the| an?)? (?:\w+ )?(?:wounds?|cuts?|skin)"
    r"|(?:closed|sewed(?: up)?|sewn|sutured|stitched(?: up)?|repaired|stapled):?[ \t](?:(?!in\b"
    r"|with\b)[\w,]+[ \t]){1,5}\d{1,2}"
    r"(?:\.\d{1,2})?[ \t]?cm\b|wounds?[ \t]?\#?(?:\d|[A-E])?\b(?=(?:[^.;\n]|\.\d){0,110}\b(?:clos(?:ed|ure)"
    r"|sutur\w+|stapl\w+|repair\w*|glued|approximated"
    r"|dermabond)\b)|(?:wound|skin)(?: was| were)? (?:repaired|sutured|stapled|closed|glued)|closure of (?:the |an? "
    r"|open )*wounds?|open wounds?))\b",
    re.IGNORECASE,
)


def told(text: str, sentences: Sentences, zones: Zones, cues: Cues) -> list[Fact]:
    """Return the facts of wounds that phrases and plain words tell, once each at its place."""
    found: dict[tuple[str, object, int], Fact] = {}
    for fact in (*_by_phrases(text, zones, cues), *_closures(text, sentences, zones), *_plainly(text, zones)):
        found.setdefault(_key(fact), fact)
    return sorted(found.values(), key=lambda fact: fact.span.start)


def _by_phrases(text: str, zones: Zones, cues: Cues) -> list[Fact]:
    """Return what the phrases of families say, and which other procedure they name."""
    found: list[Fact] = []
    earlier: list[Fact] = []
    for phrase, span in cues.find(text):
        if phrase.subject == "procedure" and phrase.entry and zones.done(span.start, span.end) is Status.AFFIRMED:
            found.append(Fact("other_procedure", phrase.value, span))
        if phrase.subject in ("wound", "repair"):
            said = list(_said(text, zones, phrase, span))
            found += said
            if phrase.fact == "flap_kind" and not said:
                earlier.append(Fact(phrase.fact, phrase.value, span, certain=False))
    names = {fact.name for fact in found}
    # What is divided today was raised weeks ago.
    return [*found, *earlier] if "flap_stage" in names and "flap_kind" not in names else found


def _closures(text: str, sentences: Sentences, zones: Zones) -> Iterator[Fact]:
    """Yield the class of a closure as the letter names it."""
    for mention in findings.find(findings.CLOSURE, text, sentences):
        span = mention.fact.span
        if zones.done(span.start, span.end) is not None and mention.fact.value != "none":
            yield mention.fact
    for match in _CLASS.finditer(text):
        if zones.done(*match.span()) is not None:
            yield Fact("closure_class", match["v"].lower(), Span(*match.span("v")))


def _key(fact: Fact) -> tuple[str, object, int]:
    return fact.name, fact.value, fact.span.start


def _said(text: str, zones: Zones, phrase: Phrase, span: Span) -> Iterator[Fact]:
    """Yield what a phrase says of a wound; nothing where it is denied, past, planned, or somebody else's."""
    meant = (zones.found if phrase.fact in _FINDINGS else zones.done)(span.start, span.end)
    # "I cannot tell whether he closed or packed it" tells neither.
    doubtful = meant is Status.UNCERTAIN and phrase.fact in _DETAILS
    taken_out = phrase.fact == "closure_method" and _TAKEN_OUT.match(text, span.end)
    if meant is None or doubtful or taken_out:
        return
    fact = Fact(phrase.fact, phrase.value, span, meant is Status.AFFIRMED)
    yield fact
    if phrase.fact == "reclosure_kind" and _LATER.search(phrase.text):
        # The longer phrase hides the shorter one that says that the wound is closed again.
        yield replace(fact, name="secondary_closure", value=True)


def _plainly(text: str, zones: Zones) -> Iterator[Fact]:
    """Yield what is told without a phrase of a family: a debridement, an open fracture, a repaired laceration."""
    fractured = bool(_OPEN_FRACTURE.search(text))
    for match in _DEBRIDED.finditer(text):
        meant = zones.done(*match.span())
        # Elsewhere these letters stand for an incision and drainage.
        drained = match[0].upper().replace(" ", "") == "I&D" and not fractured
        if meant is not None and not drained:
            yield Fact("procedure", "wound_debridement", Span(*match.span()), meant is Status.AFFIRMED)
    for name, pattern in _CONDITIONS:
        for match in pattern.finditer(text):
            if zones.found(*match.span()) is Status.AFFIRMED and not zones.bygone(match.start()):
                yield Fact(name, True, Span(*match.span()))
    for match in _REPAIRED.finditer(text):
        if zones.done(*match.span()) is not None and zones.found(*match.span()) is not None:
            yield Fact("repaired" if match["only"] else "laceration", True, Span(*match.span()))


_CONDITIONS: Final = (("open_fracture", _OPEN_FRACTURE), ("secondary_closure", _OPENED), ("burn", _BURN))


_DRESSED: Final = re.compile(
    r"\b(?:dress(?:ed|ings?)|silvadene|silver sulfadiazine|bacitracin|ointment|xeroform|unroofed|cleans?ed"
    r"|cleaned|local (?:burn )?treatment|wrapped|bandaged"
    r"|wound care)\b(?! (?:change )?(?:planned|next|tomorrow|in \d))",
    re.IGNORECASE,
)
_CUTS: Final = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[ \t](?:\w+[ \t]){0,2}?(?:incisions?"
    r"|escharotom(?:y|ies)|cuts?|releases?)\b"
    r"|\b(?:incisions?|escharotom(?:y|ies))[ \t]?\(?x[ \t]?(?P<x>\d{1,2})\b",
    re.IGNORECASE,
)


def dressed(text: str, zones: Zones, facts: Sequence[Fact]) -> list[Span]:
    """Return where the letter says that a burn was cleaned, dressed or debrided."""
    spans = [fact.span for fact in facts if fact.value in ("wound_debridement", "selective")]
    spans += [Span(*match.span()) for match in _DRESSED.finditer(text) if zones.done(*match.span()) is Status.AFFIRMED]
    return spans[:1]


def cuts(text: str, zones: Zones, facts: Sequence[Fact]) -> list[Fact]:
    """Return how many cuts were made through an eschar."""
    if not any(fact.value == "escharotomy" for fact in facts):
        return []
    for match in _CUTS.finditer(text):
        if zones.done(*match.span()) is Status.AFFIRMED:
            written = (match["n"] or match["x"]).lower()
            number = _counted(written)
            # "Three cuts: one on the arm and two on the leg" tells the sum first.
            summed = match["x"] or _LISTED.match(text, match.end())
            further = [] if summed else list(_AND_MORE.finditer(text, match.end(), match.end() + 240))
            more = sum(_counted(row["n"].lower()) for row in further)
            number = number if more == number and len(further) > 1 else number + more
            return [Fact("incision_count", number, Span(*match.span()))]
    return _one_after_another(text, zones)


_LISTED: Final = re.compile(r"[^.;,\n]{0,24}?(?::|\(|\bin (?:all|total)\b|\btotal\b|\baltogether\b)", re.IGNORECASE)
_AND_MORE: Final = re.compile(
    r"(?:[,;:(+&]|\band|\bplus|\bthen)[ \t](?:and |another |also |then )?"
    r"(?P<n>\d(?![\d./])|one|two|three|four|five|six)(?: more| others?| further)?(?: \w+)?"
    r"[ \t](?:along|on|of|in|at|down|for|to|over|across|through|per)\b",
    re.IGNORECASE,
)


def _counted(written: str) -> int:
    return int(written) if written.isdigit() else ONES.index(written) + 1


# An op note tells of the cuts one after the other: "a second was made along the ulnar side".
_NTH: Final = re.compile(
    r"\b(?P<nth>second|third|fourth|fifth|sixth|seventh|eighth|2nd|3rd|[4-8]th)[ \t](?:(?:such|similar|long|parallel"
    r"|relaxing|releasing|longitudinal|further)[ \t]){0,2}(?:incisions?|escharotom(?:y|ies)|cuts?|releases?|one"
    r"|was (?:made|cut|carried|placed|done))\b",
    re.IGNORECASE,
)
_ORDINALS: Final = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def _one_after_another(text: str, zones: Zones) -> list[Fact]:
    last: tuple[int, Span] | None = None
    for match in _NTH.finditer(text):
        if zones.done(*match.span()) is Status.AFFIRMED:
            nth = match["nth"].lower()
            number = int(nth[0]) if nth[0].isdigit() else _ORDINALS.index(nth) + 2
            last = max(last or (0, Span(0, 0)), (number, Span(*match.span())), key=lambda row: row[0])
    return [Fact("incision_count", *last)] if last else []
