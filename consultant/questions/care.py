"""The kinds of care of wounds: how each is told, which facts belong to it, and which other kind it swallows.

A letter often tells of several: the bed of a graft is prepared and then grafted, an ulcer is debrided and then put on
negative pressure. Each is a subject of its own, so that no fact of one leads into the family of another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consultant.questions import referred
from consultant.questions.model import Fact


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
    _kind(
        "substitute",
        "wound",
        "area",
        "graft_kind product_form",
        r"skin sub|substitute|application|graft",
        "repair pressure",
    ),
    _kind("preparation", "repair", "area", "graft_kind", r"prep|site prep", "repair debridement"),
    _kind("graft", "repair", "area", "graft_kind closure_class", r"graft|stsg|ftsg", "repair pressure"),
    _kind(
        "transfer",
        "repair",
        "defect",
        "flap_kind closure_class",
        r"flap|transfer|rearrangement|plasty",
        "repair pressure",
    ),
    _kind("flap", "repair", None, "flap_kind flap_stage muscle_donor", r"flap", "repair transfer pressure"),
    _kind("soft_tissue", "repair", "volume", "tissue_graft_kind", r"fat|graft", "repair graft"),
    _kind(
        "secondary",
        "repair",
        None,
        "secondary_closure reclosure_kind within_global operating_room closure_planned",
        r"clos|dehisc",
        "repair debridement pressure",
    ),
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
_FLAP: Final = re.compile(
    r"\b(?:flaps?|pedicle\w*|tube[ds]?|pmff|gastroc\w*|soleus|latissimus|gracilis|pectoralis|sartorius|rectus"
    r"|muscles? (?:\w+ ){0,2}?(?:rotated|transposed)"
    r"|free (?:gracilis|latissimus|lat dorsi|serratus|alt|radial forearm)|rfff)\b",
    re.IGNORECASE,
)
_ULCER: Final = re.compile(
    r"\b(?<!no )(?:(?:wound|ulcer)s?|decubit\w+|dfus?|vlus?)\b(?=[^.;\n]{0,40}\bdebrid)", re.IGNORECASE
)
_WOUND: Final = re.compile(r"\b(?:wounds?|ulcers?|debrid\w+|decubit\w+|dfus?|vlus?)\b", re.IGNORECASE)
_ULCERATED: Final = re.compile(r"\b(?:ulcers?|decubit\w+|dfus?|sq(?:uare)?\.? ?cm|cm2|cm\u00b2)\b", re.IGNORECASE)
_NO_FLAP: Final = re.compile(
    r"\bno (?:\w+ )?(?:flaps?|tissue transfer|rearrangement) (?:was |were )?(?:cut|raised|made|created"
    r"|developed|incised|elevated|used|done|performed)\b"
    r"|\bno (?:additional|further|other|relaxing|flap) incisions?\b|\bundermin\w+ (?:only|alone)\b|\b(?<!not )(?:only"
    r"|just) (?:\w+ )?undermin\w+\b|\bwithout (?:additional|further) incisions?\b",
    re.IGNORECASE,
)
_ONLY: Final = (
    re.compile(
        r"\b(?:only|just|solely)\b[^.;?\n]{0,24}?\b(?:the |a "
        r"|for )?(?P<what>[\w/&-]+(?: [\w/&-]+){0,3}?) (?:cpt )?(?:codes?|cpt|part|portion)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:need|want|give me|tell me|asking (?:about|for)"
        r"|looking for)\b[^.;?\n]{0,24}?\b(?P<what>[\w/&-]+(?: [\w/&-]+){0,2}?) codes? only\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<what>[\w/&-]+(?: [\w/&-]+){0,2}?) (?:codes?|lines?) only\b", re.IGNORECASE),
    re.compile(
        r"\b(?:only|just|solely) (?:the "
        r"|code (?:the )?)(?P<what>[\w/&-]+(?: [\w/&-]+){0,3}?)(?: lines?)?,? (?:please|pls|lines?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bonly (?:need|want|asking|ask"
        r"|tell me)\b[^.;?\n]{0,24}?\bcodes? for (?:the )?(?P<what>[\w/&-]+(?: [\w/&-]+){0,3})",
        re.IGNORECASE,
    ),
)


def kinds(text: str, facts: Sequence[Fact]) -> list[Kind]:
    """Return the kinds of care that a letter tells of and asks about, without those that are part of another."""
    values = frozenset((fact.name, fact.value) for fact in facts)
    names = frozenset(name for fact in facts if (name := anchor(fact))) - {"repair"}
    for refine in _REFINED:
        names = refine(text, names, values)
    found = [kind for kind in KINDS if kind.name in names]
    for kind in tuple(found):
        found = [row for row in found if row.name not in kind.swallows or kind not in found]
    return _wanted(text, found)


_Names = frozenset[str]
_Values = frozenset[tuple[str, str | float | bool]]


def _burned(_text: str, names: _Names, _values: _Values) -> _Names:
    """Leave to grafts and flaps the burn that they cover."""
    covered = names & {"preparation", "graft", "substitute", "transfer", "flap", "pressure"}
    return names - {"burn"} if covered else names


def _moved(text: str, names: _Names, _values: _Values) -> _Names:
    """Take for a flap only what was cut and moved; moved skin that releases a contracture is the transfer itself."""
    if "transfer" in names and not names & {"graft", "substitute"}:
        names -= {"preparation"}
    if not _FLAP.search(text):
        names -= {"flap"}
    # What was only undermined and sewn is a repair, whatever the note calls it.
    return (names - {"transfer"}) | {"repair"} if "transfer" in names and _NO_FLAP.search(text) else names


def _debrided(text: str, names: _Names, values: _Values) -> _Names:
    """Tell the debridement of a wound from that of sick skin, of a broken bone, and of the edges of a laceration."""
    if ("extensive_skin_disease", True) in values and "debridement" in names and not _ULCER.search(text):
        names = (names - {"debridement"}) | {"extensive"}
    if "debridement" not in names:
        names -= {"open_fracture"}
    # A curette is also an instrument for other things.
    named = any(name == "procedure" for name, _ in values) or _WOUND.search(text)
    edges = ("laceration", True) in values and not _ULCERATED.search(text)
    return names if named and not edges else names - {"debridement"}


def _reclosed(_text: str, names: _Names, values: _Values) -> _Names:
    """Take a wound that came apart and was only put on negative pressure for that alone."""
    told = any(name in ("reclosure_kind", "closure_class", "closure_method") for name, _ in values)
    return names - {"secondary"} if "pressure" in names and not told else names


def _repaired(text: str, names: _Names, values: _Values) -> _Names:
    """Take for a repair that of a wound; the closure of what another procedure left open is part of that procedure."""
    others = any(name == "other_procedure" for name, _ in values)
    wound = ("laceration", True) in values or (("repaired", True) in values and not others)
    wound = wound or (
        referred.after_mohs(text) and not names & _COVERS and any(name == "closure_class" for name, _ in values)
    )
    return names | {"repair"} if wound else names


_COVERS: Final = frozenset({"graft", "transfer", "flap", "substitute", "soft_tissue"})
_REFINED: Final = (_burned, _moved, _debrided, _reclosed, _repaired)


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
