"""The kinds of care of wounds: how each is told, which facts belong to it, and which other kind it swallows.

A letter often tells of several: the bed of a graft is prepared and then grafted, an ulcer is debrided and then put on
negative pressure. Each is a subject of its own, so that no fact of one leads into the family of another.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from consultant.questions import findings
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status
from consultant.questions.phrases import Cues
from consultant.questions.zones import Zones


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of care."""

    name: str
    subject: str
    extent: str | None
    """What of it is measured: area, length, percent, volume, defect; None where no number chooses the code."""
    takes: frozenset[str]
    """The facts that phrases tell of it."""
    named: re.Pattern[str]
    """How "only the code for ..." names it."""
    swallows: frozenset[str] = frozenset()
    """Kinds that are part of it and are not told beside it."""


def _kind(name: str, subject: str, extent: str | None, takes: str, named: str, swallows: str = "") -> Kind:
    pattern = re.compile(rf"\b(?:{named})", re.IGNORECASE)
    return Kind(name, subject, extent, frozenset(takes.split()), pattern, frozenset(swallows.split()))


KINDS: Final = (
    _kind("burn", "wound", "percent", "burn_act burn_degree burn_size", r"burn|escharotom", "debridement repair"),
    _kind("extensive", "wound", "percent", "procedure", r"eczema|extensive skin|debrid", "debridement repair"),
    _kind("open_fracture", "wound", None, "open_fracture", r"debrid", "debridement repair"),
    _kind("debridement", "wound", "area", "procedure debridement_method", r"debrid", ""),
    _kind("pressure", "wound", "area", "procedure npwt_pump", r"vac\b|npwt|negative|wound vac", ""),
    _kind("substitute", "wound", "area", "graft_kind product_form", r"skin sub|substitute|application|graft", "repair"),
    _kind("preparation", "repair", "area", "graft_kind", r"prep|site prep", "repair debridement"),
    _kind("graft", "repair", "area", "graft_kind closure_class", r"graft|stsg|ftsg", "repair"),
    _kind("transfer", "repair", "defect", "flap_kind closure_class", r"flap|transfer|rearrangement|plasty", "repair"),
    _kind("flap", "repair", None, "flap_kind flap_stage muscle_donor", r"flap", "repair transfer"),
    _kind("soft_tissue", "repair", "volume", "tissue_graft_kind", r"fat|graft", "repair graft"),
    _kind("secondary", "repair", None, "secondary_closure reclosure_kind", r"clos|dehisc", "repair debridement"),
    _kind("repair", "repair", "length", "closure_class closure_method", r"repair|lac|clos|sutur", ""),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}

_OWN_SKIN: Final = frozenset(
    {"split", "full", "epidermal", "dermal", "cultured", "culture_harvest", "pinch", "cell_suspension"}
)
# The fact that tells of a kind by one of these values, all by itself.
_ANCHORS: Final[dict[str, dict[object, str]]] = {
    "procedure": {
        "wound_debridement": "debridement",
        "negative_pressure_therapy": "pressure",
        "extensive_skin_debridement": "extensive",
    },
    "npwt_pump": {"disposable": "pressure"},
    "debridement_method": {"selective": "debridement", "nonselective": "debridement"},
    "burn_act": dict.fromkeys(("dressing", "escharotomy", "looked_at"), "burn"),
    "burn_degree": dict.fromkeys(("first", "second", "third"), "burn"),
    "graft_kind": {"skin_substitute": "substitute", "preparation": "preparation", **dict.fromkeys(_OWN_SKIN, "graft")},
    "flap_kind": {
        "local": "transfer",
        **dict.fromkeys(
            (
                "pedicle",
                "forehead",
                "midface",
                "island",
                "neurovascular",
                "muscle",
                "free_muscle",
                "free_skin",
                "free_fascia",
            ),
            "flap",
        ),
    },
    "flap_stage": dict.fromkeys(("delay", "division", "walking"), "flap"),
    "tissue_graft_kind": dict.fromkeys(
        ("composite", "excised", "dermal_fat_fascia", "liposuction_fat", "filler", "implant"), "soft_tissue"
    ),
    "secondary_closure": {True: "secondary"},
    "open_fracture": {True: "open_fracture"},
    "burn": {True: "burn"},
    "closure_class": {
        "adjacent_tissue_transfer": "transfer",
        "graft": "graft",
        **dict.fromkeys(("simple", "intermediate", "complex"), "repair"),
    },
    "closure_method": dict.fromkeys(("sutures", "staples", "adhesive", "strips"), "repair"),
}
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
_FLAP: Final = re.compile(r"\b(?:flaps?|pedicle\w*|tube[ds]?|pmff)\b", re.IGNORECASE)
_DEBRIDED: Final = re.compile(
    r"\b(?:debrid(?:ed|ements?|ing|e)|(?:necrotic|devitali[sz]ed|nonviable|non-viable|dead|infected|contaminated) (?:\w+ ){0,4}?(?:was |were )?(?:excised|removed|cut away|resected|taken)"
    r"|I ?& ?D|irrigation and (?:\w+ )?debrid\w+|cut back to bleeding)\b",
    re.IGNORECASE,
)
_ULCER: Final = re.compile(
    r"\b(?<!no )(?:(?:wound|ulcer)s?|decubit\w+|dfus?|vlus?)\b(?=[^.;\n]{0,40}\bdebrid)", re.IGNORECASE
)
_WOUND: Final = re.compile(r"\b(?:wounds?|ulcers?|debrid\w+|decubit\w+|dfus?|vlus?)\b", re.IGNORECASE)
_BURN: Final = re.compile(
    r"\b(?<!sun)(?<!no )burns?\b(?! (?:center|unit|clinic|cream|survivor))|\bscald(?:s|ed)?\b", re.IGNORECASE
)
_DETAILS: Final = frozenset({"reclosure_kind", "product_form", "flap_stage", "burn_act", "muscle_donor"})
_LATER: Final = re.compile(r"second|dehisc|reclos|delayed|sternal|eviscer|burst", re.IGNORECASE)
_OPEN_FRACTURE: Final = re.compile(
    r"\b(?:(?<!no )open (?:(?!wound|reduction|treatment|repair|abdom)[\w/-]+ ){0,4}?(?:fractures?|fxs?|dislocations?)|compound (?:fractures?|fx)|gustilo\w*|fracture[^.;\n]{0,12}\bopen\b(?! reduc| treat))\b",
    re.IGNORECASE,
)
_REPAIRED: Final = re.compile(
    r"\b(?:lac(?:eration|s)?s?|(?<=a )cut|(?<=cm )cut|(?<=clean )cut|(?<=deep )cut|(?<=small )cut|cuts (?:of|on|to)|cut (?:of|on|over)|(?:dog|cat) bites?|stab wounds?|avulsion of skin|gash|(?:stab|puncture|traumatic|bite|scalp|facial|hand|finger) wounds?"
    r"|(?P<only>(?:wound|skin|layered|simple|intermediate|complex|linear|laceration) (?:\w+ )?repairs?|repair(?:ed)?(?: of)?(?: the| an?)? (?:\w+ )?(?:wounds?|cuts?|skin)"
    r"|(?:wound|skin)(?: was| were)? (?:repaired|sutured|stapled|closed|glued)|closure of (?:the |an? |open )*wounds?|open wounds?))\b",
    re.IGNORECASE,
)
_NO_FLAP: Final = re.compile(
    r"\bno (?:\w+ )?(?:flaps?|tissue transfer|rearrangement) (?:was |were )?(?:cut|raised|made|created|developed|incised|elevated|used|done|performed)\b"
    r"|\bno (?:additional|further|other|relaxing|flap) incisions?\b|\bundermin\w+ (?:only|alone)\b|\b(?:only|just) (?:\w+ )?undermin\w+\b|\bwithout (?:additional|further) incisions?\b",
    re.IGNORECASE,
)
_ONLY: Final = (
    re.compile(
        r"\b(?:only|just|solely)\b[^.;?\n]{0,24}?\b(?:the |a |for )?(?P<what>[\w/&-]+(?: [\w/&-]+){0,3}?) (?:cpt )?(?:codes?|cpt|part|portion)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:need|want|give me|tell me|asking (?:about|for)|looking for)\b[^.;?\n]{0,24}?\b(?P<what>[\w/&-]+(?: [\w/&-]+){0,2}?) codes? only\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<what>[\w/&-]+(?: [\w/&-]+){0,2}?) codes? only\b", re.IGNORECASE),
    re.compile(
        r"\bonly (?:need|want|asking|ask|tell me)\b[^.;?\n]{0,24}?\bcodes? for (?:the )?(?P<what>[\w/&-]+(?: [\w/&-]+){0,3})",
        re.IGNORECASE,
    ),
)


def told(text: str, sentences: Sentences, zones: Zones, cues: Cues) -> list[Fact]:
    """Return the facts of wounds that phrases and plain words tell, once each at its place."""
    found: dict[tuple[str, object, int], Fact] = {}
    for phrase, span in cues.find(text):
        if phrase.subject == "procedure" and phrase.entry and zones.done(span.start, span.end) is Status.AFFIRMED:
            found.setdefault(("other_procedure", phrase.value, span.start), Fact("other_procedure", phrase.value, span))
        if phrase.subject in ("wound", "repair"):
            judge = zones.found if phrase.fact in _FINDINGS else zones.done
            meant = judge(span.start, span.end)
            # "I cannot tell whether he closed or packed it" tells neither.
            doubtful = meant is Status.UNCERTAIN and phrase.fact in _DETAILS
            if meant is not None and not doubtful:
                fact = Fact(phrase.fact, phrase.value, span, meant is Status.AFFIRMED)
                found.setdefault((fact.name, fact.value, span.start), fact)
                if phrase.fact == "reclosure_kind" and _LATER.search(phrase.text):
                    # The longer phrase hides the shorter one that says that the wound is closed again.
                    found.setdefault(
                        ("secondary_closure", True, span.start), replace(fact, name="secondary_closure", value=True)
                    )
    for mention in findings.find(findings.CLOSURE, text, sentences):
        span = mention.fact.span
        if zones.done(span.start, span.end) is not None and mention.fact.value != "none":
            found.setdefault((mention.fact.name, mention.fact.value, span.start), mention.fact)
    for fact in _plainly(text, zones):
        found.setdefault((fact.name, fact.value, fact.span.start), fact)
    return sorted(found.values(), key=lambda fact: fact.span.start)


def _plainly(text: str, zones: Zones) -> Iterator[Fact]:
    """Yield what is told without a phrase of a family: a debridement, an open fracture, a repaired laceration."""
    for match in _DEBRIDED.finditer(text):
        if match[0].upper().replace(" ", "") == "I&D" and not _OPEN_FRACTURE.search(text):
            continue
        meant = zones.done(*match.span())
        if meant is not None:
            yield Fact("procedure", "wound_debridement", Span(*match.span()), meant is Status.AFFIRMED)
    for match in _OPEN_FRACTURE.finditer(text):
        if zones.found(*match.span()) is Status.AFFIRMED and not zones.bygone(match.start()):
            yield Fact("open_fracture", True, Span(*match.span()))
    for match in _BURN.finditer(text):
        if zones.found(*match.span()) is Status.AFFIRMED and not zones.bygone(match.start()):
            yield Fact("burn", True, Span(*match.span()))
    for match in _REPAIRED.finditer(text):
        if zones.done(*match.span()) is not None and zones.found(*match.span()) is not None:
            yield Fact("repaired" if match["only"] else "laceration", True, Span(*match.span()))


def kinds(text: str, facts: Sequence[Fact]) -> list[Kind]:
    """Return the kinds of care that a letter tells of and asks about, without those that are part of another."""
    names = {name for fact in facts if (name := anchor(fact))}
    values = {(fact.name, fact.value) for fact in facts}
    if "burn" in names and names & {"preparation", "graft", "substitute", "transfer", "flap", "pressure"}:
        names.discard("burn")
    if "transfer" in names and not names & {"graft", "substitute"}:
        # The release of a contracture by moved skin is the transfer itself.
        names.discard("preparation")
    if ("extensive_skin_disease", True) in values and "debridement" in names and not _ULCER.search(text):
        names = (names - {"debridement"}) | {"extensive"}
    if "flap" in names and not _FLAP.search(text):
        names.discard("flap")
    if "open_fracture" in names and "debridement" not in names:
        names.discard("open_fracture")
    if _NO_FLAP.search(text):
        names -= {"transfer"}
    names.discard("repair")
    # The closure of what another procedure left open is part of that procedure, as far as this room knows.
    others = any(name == "other_procedure" for name, _ in values)
    if ("laceration", True) in values or (("repaired", True) in values and not others):
        names.add("repair")
    if "debridement" in names and not any(fact.name == "procedure" for fact in facts) and not _WOUND.search(text):
        # A curette is also an instrument for other things.
        names.discard("debridement")
    found = [kind for kind in KINDS if kind.name in names]
    for kind in tuple(found):
        found = [row for row in found if row.name not in kind.swallows or kind not in found]
    return _wanted(text, found)


def anchor(fact: Fact) -> str | None:
    """Return the kind of care that a fact tells of all by itself."""
    return _ANCHORS.get(fact.name, {}).get(fact.value)


def _wanted(text: str, found: list[Kind]) -> list[Kind]:
    """Return the kinds that the letter asks for where it asks for some alone: "only the debridement codes, please"."""
    if len(found) < 2:
        return found
    for pattern in _ONLY:
        for match in pattern.finditer(text):
            asked = [kind for kind in found if kind.named.search(match["what"])]
            if asked and len(asked) < len(found):
                return asked
    return found


_DRESSED: Final = re.compile(
    r"\b(?:dress(?:ed|ings?)|silvadene|silver sulfadiazine|bacitracin|ointment|xeroform|unroofed|cleans?ed|cleaned|local (?:burn )?treatment|wrapped|bandaged"
    r"|wound care)\b(?! (?:change )?(?:planned|next|tomorrow|in \d))",
    re.IGNORECASE,
)
_CUTS: Final = re.compile(
    r"\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[ \t](?:\w+[ \t]){0,2}?(?:incisions?|escharotom(?:y|ies)|cuts)\b"
    r"|\b(?:incisions?|escharotom(?:y|ies))[ \t]?\(?x[ \t]?(?P<x>\d{1,2})\b",
    re.IGNORECASE,
)
_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


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
            number = int(written) if written.isdigit() else _WORDS.index(written) + 1
            return [Fact("incision_count", number, Span(*match.span()))]
    return []
