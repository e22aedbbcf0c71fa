"""Read how deep a debridement went: the tissue that was removed, not the one that was seen, reached or spared."""

import re
from dataclasses import replace
from typing import Final

from consultant.questions import findings
from consultant.questions.findings import Mention
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status
from consultant.questions.zones import Zones

_ONLY_SEEN: Final = re.compile(
    r"\b(?:exposed|exposing|exposure of|visible|visuali[sz]ed|palpable|probe[sd]? to|overlying|over(?: the)?"
    r"|healthy|viable|intact|underlying|adjacent|near|superficial to|above|open)[ \t](?:\w+[ \t])?$",
    re.IGNORECASE,
)
_SEEN_BEHIND: Final = re.compile(
    r"[ \t](?:was |were |is |are |itself )*(?:only |just )?(?:exposed|visible|intact|healthy|viable"
    r"|visuali[sz]ed|seen|noted|palpable|covered|probed|spared"
    r"|uninvolved|normal|unremarkable|clean|not |left |appear\w*)",
    re.IGNORECASE,
)
# "Left fascia, muscle and bone alone": what was left was not removed.
_LEFT: Final = re.compile(r"\b(?:left|leaving|leave|spar(?:ed|ing)|preserv\w+)\b[^.;:\n]{0,40}$", re.IGNORECASE)
_LEFT_BEHIND: Final = re.compile(
    r"[^.;\n]{0,40}?\b(?:alone|intact|in place|in situ|undisturbed|untouched)\b", re.IGNORECASE
)
_NO_TISSUE: Final = re.compile(
    r"[ \t-]?(?:flaps?|grafts?|biops(?:y|ies)|scans?|infection|cultures?|densit\w+|spurs?|stimulat\w+|grows?"
    r"|exam|fragments? (?:were|was) (?:reduced|fixed|left)"
    r"|graft\w*|wax|marrow|transfers?|strength|level (?:only )?was not|defects?|loss|pain|substitutes?)\b"
    r"|(?:/\w+)*[ \t](?:were |was |are |is )?(?:not|never|un)[ \t]?(?:touched|debrided|removed|excised"
    r"|violated|entered|involved)",
    re.IGNORECASE,
)
# "Bone ends were irrigated": what was done to the tissue was not its removal.
_OTHER_ACT: Final = re.compile(
    r"[ \t](?:ends?[ \t]|layer[ \t]|edges?[ \t])?(?:were |was )?(?:irrigated|washed|fixed|reduced"
    r"|stabili[sz]ed|plated|aligned"
    r"|cultured|inspected|approximated|repaired|closed|sutured|preserved|reattached|decompressed|forearm"
    r"|fractures?|fx)\b",
    re.IGNORECASE,
)
_DOWN_TO: Final = re.compile(
    r"\b(?:down to|to the level of|up to|as far as|to)(?: the)?(?: level of)?(?: the)?(?: healthy| bleeding"
    r"| viable)?[ \t]$",
    re.IGNORECASE,
)
_INCLUDED: Final = re.compile(
    r"\b(?:including|inclusive of|incl\.?|through(?: and through)?|included|involving|of)\b[^.;\n]{0,40}$"
    r"|\band include[sd]?\b",
    re.IGNORECASE,
)
# "Debrided to the subcutaneous level" names the level of the debridement.
_LEVEL: Final = re.compile(r"[ \t](?:tissues?[ \t])?(?:level|depth|plane|layer)\b", re.IGNORECASE)
_BONE: Final = re.compile(
    r"\b(?:necrotic|devitali[sz]ed|dead|infected|nonviable|non-viable|loose|exposed"
    r"|soft)[ \t](?:\w+[ \t]){0,2}?(?P<v>calcane\w+|metatarsal\w*|phalan\w+|cortical|cortex"
    r"|sequestr\w+|malleolus|coccyx|ischium|trochanter|fibula|tibia)\b(?=[^.;\n]{0,40}\b(?:removed|resected"
    r"|debrided|excised|rongeur\w*|curett\w+|taken))"
    r"|\b(?P<y>(?:cortical|bony|bone|butterfly)[ \t](?:\w+[ \t])?(?:fragments?|pieces?|chips?|spicules?))\b"
    r"(?=[^.;,\n]{0,24}\b(?:removed|resected|debrided|excised|discarded|rongeur\w*|taken out|picked out))"
    r"|\b(?:remov\w+|excis\w+|resect\w+|discard\w+|debrid\w+|took out|picked out)[ \t](?:\w+[ \t]){0,5}?"
    r"(?P<z>(?:cortical|bony|bone)[ \t](?:\w+[ \t])?(?:fragments?|pieces?|chips?|spicules?))\b"
    r"|\b(?P<w>calcane\w+|metatarsal(?: head)?|phalan\w+|cortex|sequestrum)(?: fragments?)?(?:[ \t](?:was|were"
    r"|is) (?:soft|necrotic|infected|exposed|mushy)[^.;\n]{0,8}?"
    r"\b(?:and|so))?[ \t](?:was "
    r"|were )?(?:removed|resected|debrided|rongeur\w*|curett\w+)"
    r"|\b(?:rongeur\w*|curett\w+|resect\w+)[^.;\n]{0,20}?\b(?P<x>bone|calcane\w+|metatarsal|phalan\w+|cortex)\b",
    re.IGNORECASE,
)
_MUSCLE: Final = re.compile(
    r"\b(?P<v>tibialis(?: \w+)?|gastrocnemius|gastroc|soleus|peroneus \w+|quadriceps|vastus \w+|rectus femoris"
    r"|hamstrings?"
    r"|gluteus(?: \w+)?|deltoid|biceps|triceps|brachioradialis|flexor digitorum \w+|extensor digitorum \w+|sartorius)\b"
    r"(?=[^.;,\n]{0,30}\b(?:excised|debrided|removed|resected|cut away|trimmed))"
    r"|\b(?:excis\w+|debrid\w+|remov\w+|resect\w+|necrotic|dead|non-?viable|devitali[sz]ed)[ \t](?:\w+[ \t]){0,4}?"
    r"(?P<w>tibialis(?: \w+)?|gastrocnemius|gastroc|soleus|peroneus \w+|quadriceps|vastus \w+|gluteus(?: \w+)?)\b",
    re.IGNORECASE,
)
# "He wants 11044 because stage 4 goes to bone": what is argued from was not removed.
_ARGUED: Final = re.compile(
    r"\b(?:wants?|thinks?|insists?|argues?|claims|believes|because|since|stage[ \t]?(?:4|3|iv|iii)|goes|probes?"
    r"|extends?|reach(?:es)?)\b[^.;\n]{0,48}$",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"\b(?:1104[2-7]|9759[78])\b")
# Slough, fibrin and crusts lie on the wound; who removes only them removes no deeper tissue than skin.
_SURFACE: Final = re.compile(
    r"\b(?P<v>(?:only|just)[ \t](?:the[ \t])?(?:(?:\w+[ \t]){0,2})(?:fibrin\w*|slough|biofilm|crusts?)"
    r"|(?:fibrin\w*|slough|biofilm|crusts?)[ \t](?:only|alone)|epidermis (?:and|/|or) dermis|(?:dermis|skin) only"
    r"|(?:curett\w+|scraped|removed|lifted|wiped|debrided|trimmed|excised)[ \t](?:off[ \t]|away[ \t]|out[ \t])?"
    r"(?:(?:the|all|some|loose|yellow|thick|adherent|soft|tan|of)[ \t]){0,3}(?:slough|fibrin\w*|biofilm|exudate)"
    r"|(?:slough|fibrin\w*|biofilm|exudate)(?: (?:and|/|&) (?:slough|fibrin\w*|biofilm|exudate|debris))?[ \t]"
    r"(?:(?:was|were|all|sharply|gently)[ \t]){0,2}(?:curett\w+|scraped|removed|debrided|trimmed|lifted)"
    r"|(?:took|taken|takes|taking|got|scooped|cut|cleaned)[ \t](?:(?:only|just|all|the|loose|yellow|of)[ \t]){0,4}"
    r"(?:fibrin\w*|slough|biofilm|crusts?)[ \t](?:off|away|out)"
    r"|(?:nothing|no tissue)[ \t](?:below|beneath|under(?:neath)?)(?:[ \t]\w+){0,2}[ \t](?:was[ \t]|is[ \t])?"
    r"(?:removed|taken|debrided|excised|touched)"
    r"|(?:nothing|no tissue|not|none)[ \t](?:any[ \t]|was[ \t]|went[ \t]|taken[ \t])?deeper(?=[ \t]*(?:[.,;)\n]"
    r"|$|was|taken|removed"
    r"|debrided))|dermal (?:bed|base|level|tissue|layer)|(?:full|partial)[- ]thickness skin(?= (?:was |only"
    r"|level|debrid|remov))"
    r"|(?:no|not|nothing)[ \t](?:any[ \t])?(?:deeper|further|beyond)(?:[ \t]than)?[ \t](?:the[ \t])?(?:epidermis"
    r"|dermis|skin)"
    r"|(?:devitali[sz]ed|necrotic|non-?viable|dead)[ \t](?:epi\w+[ \t](?:and|or|/)[ \t])?(?:skin|dermis|epidermis)"
    r"(?![ \t]?(?:subst\w+|grafts?|flaps?|edges?)))\b",
    re.IGNORECASE,
)


def read(text: str, sentences: Sentences, zones: Zones, *, every: bool = False) -> list[Fact]:
    """Return the deepest tissue that was removed first, the others behind it, with `every` as often as it is told.

    "Down to fascia" is uncertain, as the fascia may only have been reached; "down to and including" is not.
    """
    found = [
        Mention(replace(mention.fact, name="depth_removed", certain=certain), mention.rank)
        for mention in findings.find(findings.DEPTH, text, sentences)
        if (certain := _removed(text, sentences, zones, mention)) is not None
    ]
    found += [
        Mention(fact, rank)
        for pattern, value, rank in ((_BONE, "bone", 0), (_MUSCLE, "muscle", 1), (_SURFACE, "skin", 4))
        for fact in _told(text, zones, pattern, value)
    ]
    if every:
        return [mention.fact for mention in sorted(found, key=lambda row: row.fact.span.start)]
    found.sort(key=lambda mention: (mention.rank, not mention.fact.certain, mention.fact.span.start))
    seen: dict[object, Fact] = {}
    for mention in found:
        seen.setdefault(mention.fact.value, mention.fact)
    return sorted(seen.values(), key=lambda fact: [row.fact for row in found].index(fact))


def _told(text: str, zones: Zones, pattern: re.Pattern[str], value: str) -> list[Fact]:
    rows = []
    for match in pattern.finditer(text):
        group = next((name for name, part in match.groupdict().items() if part), None)
        start, end = match.span(group) if group else match.span()
        meant = zones.done(start, end)
        if meant is not None:
            rows.append(Fact("depth_removed", value, Span(start, end), meant is Status.AFFIRMED))
    return rows


def _removed(text: str, sentences: Sentences, zones: Zones, mention: Mention) -> bool | None:
    """Tell whether a tissue was removed for sure; None where it was not."""
    start, end = mention.fact.span.start, mention.fact.span.end
    sentence = sentences.around(start)
    before = text[max(sentence.start, start - 60) : start]
    if zones.bygone(start) or zones.ahead(start):
        return None
    if _ONLY_SEEN.search(before) or _SEEN_BEHIND.match(text, end) or _NO_TISSUE.match(text, end):
        return None
    if _OTHER_ACT.match(text[: sentence.end], end):
        return None
    if _LEFT.search(before) and _LEFT_BEHIND.match(text[: sentence.end], end):
        return None
    if _ARGUED.search(before) and _CODE.search(text, sentence.start, sentence.end):
        return None
    reached = _DOWN_TO.search(before) and not _LEVEL.match(text, end)
    return mention.fact.certain and (not reached or bool(_INCLUDED.search(before)))
