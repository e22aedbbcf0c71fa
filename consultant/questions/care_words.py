"""Find in a letter what tells of the care of wounds: the phrases of families, and plain words for the common kinds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from consultant.questions import findings, graft_tissue, muscles, over
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
    r" (?:apart|open|up)|separated|re-?opened|gap(?:ed|ing)|dehisc\w+)\b"
    r"|\b(?:sewn|sewed|stitched|sutured|stapled|glued|repaired)\b[^.;\n]{0,90}?\b(?:come|came|fell|fallen|pulled|popped|burst|broke"
    r"|broken|split) (?:apart|open|undone)\b",
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
    r"|skin tears?|(?:split|busted|cracked)(?: open)? (?:(?:his|her|their|the|my|left|right|upper|lower)[ ]){0,2}"
    r"(?:lip|brow|eyebrow|chin|scalp|forehead|ear ?lobe)|(?:ear ?lobe|lip|nostril) tears?"
    r"|torn (?:ear ?lobe|lip|nostril)"
    r"|(?:box ?cutters?|utility kni(?:fe|ves)|(?:kitchen|steak|pocket|paring|hunting) kni(?:fe|ves)"
    r"|mandolin\w*|(?:table|band|circular|chain) ?saws?"
    r"|broken glass|barbed wire|sliced (?:his|her|their|open)|sliced with)"
    r"|(?:superficial|simple|linear|jagged|deep|clean|small) cuts?"
    r"|(?:two|three|four|five|six|several|multiple|[2-9]) (?:\w+ )?cuts|(?:stab|puncture"
    r"|traumatic|bite|scalp|facial|hand|finger) wounds?"
    r"|(?P<only>(?:glued?|dermabond|histoacryl|cyanoacrylate|(?:tissue|skin) (?:adhesive|glue)|liquiband"
    r"|exofin)[ ,]{1,2}(?:alone|only)"
    r"|(?:only|just|solely)(?: with)? (?:skin |tissue )?(?:glued?|dermabond|histoacryl|cyanoacrylate|adhesive)"
    r"|(?:trauma(?:tic)?|multiple|two|three|four|five|\d) repairs|(?:wound|skin|layered|simple"
    r"|intermediate|complex|linear|laceration) (?:\w+ )?repairs?"
    r"|(?:layered|simple|intermediate|complex) (?:\w+ )?closures|repairs"
    r"|repair(?:ed)?(?: of)?(?: the| an?)? (?:\w+ )?(?:wounds?|cuts?|skin)"
    r"|(?:closed|sewed(?: up)?|sewn|sutured|stitched(?: up)?|repaired|stapled):?[ \t](?:(?!in\b"
    r"|with\b)[\w,]+[ \t]){1,5}\d{1,2}"
    r"(?:\.\d{1,2})?[ \t]?cm\b|wounds?[ \t]?\#?(?:\d|[A-E])?\b(?=(?:[^.;\n]|\.\d){0,110}\b(?:clos(?:ed|ure)"
    r"|sutur\w+|stapl\w+|repair\w*|glued|approximated"
    r"|dermabond)\b)|wounds?\b(?=[^.;\n]{0,40}(?:\.\d[^.;\n]{0,24})?\. (?:the )?(?:skin|subcu\w*|deep|dermis"
    r"|fascia|layers?|edges)\b"
    r"[^.;\n]{0,32}\b(?:closed|sutured|approximated|sewn)\b)|(?:wound|skin)(?: was| were)? (?:repaired|sutured"
    r"|stapled|closed|glued)|closure of (?:the |an? "
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
        if over.holds(text, phrase, span):
            continue
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
    if _BURN.search(text):
        found = (Span(*match.span()) for match in _RELEASED.finditer(text))
        cut = (span for span in found if zones.done(span.start, span.end) is Status.AFFIRMED)
        yield from (Fact("burn_act", "escharotomy", span) for span in cut)
    for name, pattern in _CONDITIONS:
        for match in pattern.finditer(text):
            if zones.found(*match.span()) is Status.AFFIRMED and not zones.bygone(match.start()):
                yield Fact(name, True, Span(*match.span()))
    yield from graft_tissue.composite(text, zones)
    yield from muscles.moved(text, zones)
    for match in _REPAIRED.finditer(text):
        if zones.done(*match.span()) is not None and zones.found(*match.span()) is not None:
            yield Fact("repaired" if match["only"] else "laceration", True, Span(*match.span()))


_RELEASED: Final = re.compile(
    r"\beschars?\b[^.;\n]{0,30}?\b(?:was|were|is|got)?[ \t]?(?:opened|incised|released|divided|split|scored|cut through"
    r"|relieved)\b(?! to (?:prepare|graft))"
    r"|\b(?:incis(?:ed|ions?)|opened|released?|releasing|split|divided|cut(?:s|ting)?)[ \t]"
    r"(?:(?:down|made|through|into|in|of|across|along|the|a|this|tight|circumferential|leathery|constricting|burned?"
    r"|tense|full-thickness)[ \t]){1,5}eschars?\b"
    r"|\b(?:releasing|relaxing|release|decompressi(?:on|ve)|bedside)[ \t](?:incisions?|cuts?|releases?)\b",
    re.IGNORECASE,
)
"""An escharotomy without its name."""
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
    if runs := _in_runs(text, zones):
        return [runs]
    for match in _CUTS.finditer(text):
        if zones.done(*match.span()) is Status.AFFIRMED:
            written = (match["n"] or match["x"]).lower()
            number = _counted(written)
            # "Three cuts: one on the arm and two on the leg" tells the sum first.
            summed = match["x"] or _LISTED.match(text, match.end())
            further = [] if summed else list(_AND_MORE.finditer(text, match.end(), match.end() + 240))
            more = sum(_counted(row["n"].lower()) for row in further)
            number = number if more == number and len(further) > 1 else number + more
            later = _MORE_CUTS.finditer(text, further[-1].end() if further else match.end())
            number += 0 if summed and summed is not match["x"] else sum(_counted(row["n"].lower()) for row in later)
            return [Fact("incision_count", number, Span(*match.span()))]
    return _one_after_another(text, zones) or _by_directions(zones, facts)


_DIRECTION: Final = re.compile(
    r"\b(?:(?:antero|postero)?(?:medial|lateral)|radial|ulnar|anterior|posterior|dorsal|volar|midaxial|mid-?lateral"
    r"|mid-?medial)(?:ly|(?= (?:and|&|\+|side|aspect|incision|cut|on|of|x))|(?=[ \t]?[,;:.+&/(]))",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(
    r"\b(?:each|both|bilateral(?:ly)?|either)\b(?! (?:sides?|aspects?) of (?:the )?(?:left"
    r"|right))",
    re.I,
)
_ONE_MORE: Final = re.compile(
    r"\b(?:chest|trunk|torso|abdomen|thorax|neck)[ \t]?(?:x"
    r"|×)[ \t]?(?P<n>\d)\b",
    re.IGNORECASE,
)


def _by_directions(zones: Zones, facts: Sequence[Fact]) -> list[Fact]:
    """Return a cut for each side of a limb that is named: "R forearm medial + lateral, chest x1"."""
    text = zones.sentences.text
    for fact in facts:
        if fact.value != "escharotomy":
            continue
        sentence = zones.sentences.around(fact.span.start)
        named = list(_DIRECTION.finditer(text, sentence.start, sentence.end))
        if named:
            times = 2 if _BOTH.search(text, sentence.start, sentence.end) else 1
            further = sum(int(row["n"]) for row in _ONE_MORE.finditer(text, sentence.start, sentence.end))
            span = Span(named[0].start(), named[-1].end())
            return [Fact("incision_count", times * len(named) + further, span, certain=False)]
    return []


_MORE_CUTS: Final = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six)[ \t](?:more|further|additional|others?)[ \t](?:\w+[ \t]){0,2}?"
    r"(?:incisions?|escharotom(?:y|ies)|cuts?|releases?)\b",
    re.IGNORECASE,
)
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


_IN_EACH: Final = re.compile(
    r"[^.;\n]{0,24}?\b(?:in|on|along|down|over|for|per) (?:each|both|either)\b"
    r"(?:[^.;\n]{0,40}?\((?P<sum>\d{1,2}|two|three|four|six)[^()\n]{0,16}\))?",
    re.IGNORECASE,
)


def _in_runs(text: str, zones: Zones) -> Fact | None:
    """Return the cuts of several places that are told one after the other: a first and a second, then one in each side.

    An ordinal goes on counting at its place; a number that comes behind one in a later sentence begins another place.
    """
    nths = [row for row in _NTH.finditer(text) if zones.done(*row.span()) is Status.AFFIRMED]
    if not nths:
        return None
    cuts = [
        row
        for row in _CUTS.finditer(text)
        if row["n"] and zones.done(*row.span()) is Status.AFFIRMED and row.start() > nths[0].start()
    ]
    apart = [row for row in cuts if zones.sentences.around(row.start()) != zones.sentences.around(nths[0].start())]
    total = 0
    for start, end in pairwise((0, *(row.start() for row in apart), len(text))):
        ordinals = [_nth(row) for row in nths if start <= row.start() < end]
        first = next((row for row in apart if row.start() == start), None)
        number = _counted(first["n"].lower()) if first else 1
        each = _IN_EACH.match(text, first.end()) if first else None
        if each:
            number = _counted(each["sum"].lower()) if each["sum"] else 2 * number
        total += max([number, *ordinals])
    return Fact("incision_count", total, Span(nths[0].start(), (apart or nths)[-1].end())) if apart else None


def _nth(match: re.Match[str]) -> int:
    nth = match["nth"].lower()
    return int(nth[0]) if nth[0].isdigit() else _ORDINALS.index(nth) + 2


def _one_after_another(text: str, zones: Zones) -> list[Fact]:
    last: tuple[int, Span] | None = None
    for match in _NTH.finditer(text):
        if zones.done(*match.span()) is Status.AFFIRMED:
            last = max(last or (0, Span(0, 0)), (_nth(match), Span(*match.span())), key=lambda row: row[0])
    return [Fact("incision_count", *last)] if last else []
