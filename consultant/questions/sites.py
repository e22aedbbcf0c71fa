"""Find sites of the body by the words of the release, and the side they are on."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Site:
    """One site that the text names."""

    word: str
    """As the release writes it."""
    group: str
    start: int
    end: int
    side: str | None = None
    """right, left or bilateral."""
    side_start: int = -1
    side_end: int = -1


# What lies in a greater place: one lesion may be told by both, "BCC of the nose" and "the right nasal ala".
_PARTS: Final[dict[str, str]] = {
    part: whole
    for whole, parts in {
        "nose": "nasal, nasal tip, nasal ala, ala, alar, nasal sidewall, nasal dorsum, nasal bridge, columella,"
        " nostril",
        "ear": "earlobe, ear lobe, lobule of the ear, pinna, auricle, helix, helical rim, antihelix, tragus, concha,"
        " conchal bowl",
        "lip": "upper lip, lower lip, cutaneous lip, philtrum, vermilion",
        "eyelid": "upper eyelid, lower eyelid, canthus, medial canthus, lateral canthus",
        "scalp": "occiput, occipital, occipital scalp, parietal scalp, frontal scalp, temporal scalp, vertex,"
        " vertex scalp",
        "forehead": "brow, eyebrow, glabella",
        "cheek": "malar, zygoma",
        "jaw": "jawline",
        "neck": "nape, nape of the neck, anterior neck, posterior neck, lateral neck",
        "back": "upper back, mid back, lower back, low back, scapula, shoulder blade, lumbar",
        "chest": "chest wall, sternum, presternal",
        "abdomen": "abdominal wall, belly, umbilicus, periumbilical, navel, suprapubic",
        "arm": "upper arm, elbow, antecubital fossa, forearm, deltoid",
        "hand": "dorsal hand, dorsum of the hand, back of the hand, palm, palmar, knuckle",
        "finger": "thumb, index finger, middle finger, ring finger, little finger, pinky, fingertip",
        "leg": "upper leg, lower leg, thigh, knee, calf, calves, shin, pretibial",
        "lower leg": "calf, calves, shin, pretibial",
        "foot": "feet, dorsal foot, dorsum of the foot, sole of the foot, plantar, heel, instep, forefoot, midfoot,"
        " hindfoot",
        "groin": "inguinal, inguinal fold",
        "axilla": "axillary, armpit, axillary fold",
        "genitalia": "genital, penis, penile, scrotum, scrotal, vulva, vulvar, labia, labia majora, labia minora,"
        " labium majus, labium minus",
    }.items()
    for part in parts.split(", ")
}
_WHOLES: Final[dict[str, frozenset[str]]] = {
    "face": frozenset(
        (
            *("nose", "ear", "lip", "eyelid", "forehead", "cheek", "jaw", "chin", "temple", "perioral", "facial"),
            *("preauricular", "glabella", "brow", "eyebrow"),
        )
    ),
    "head": frozenset(("scalp", "face", "forehead", "temple")),
    "trunk": frozenset(("back", "chest", "abdomen", "flank", "torso")),
    "leg": frozenset(("lower leg", "thigh", "knee")),
}
# Some words of sites have an everyday meaning: these contexts are no sites.
_VERB_BEFORE: Final = re.compile(
    r"\b(?:trimm?\w*|cut|par(?:ed|ing)|peel\w*|roll\w*|pull\w*|scale[ds]?|scal\w+|debrided|shav\w+|fold\w*|turn\w*|reflect\w*)"
    r"[ \t]{1,2}$|"
    r"\b(?:path(?:ology)?|biopsy|bx|results?|report|slides|labs?|c[ao]me|comes|coming|g[eo]t|getting|gets|went|go|goes|going|sent|send|call(?:ed)?|heard?"
    r"|hear|write|wrote|report(?:ed)?|push(?:ed)?"
    r"|bounced|kicked|denied|deny|paid|pay|is|was|were|are|look(?:ing)?|dat(?:e|ed|ing)|bring|brought"
    r"|put|reply|circle|follow|step|took|take"
    r"|other|on the other|first|second|at|by|in|we|i|you|must|to|will|may|can|would|should|could|not"
    r"|take)[ \t]{1,2}(?:it |this |them |us |me )?$"
    r"|\b(?:took|take|taken|brought|bring|returned|sent|went)\b[^.,;]{0,20}\b(?:patient|pt|him|them"
    r"|it|this|claim)[ \t]$",
    re.IGNORECASE,
)
# "STSG 8 x 10 cm to back": what is laid to a place names it.
_LAID_ON: Final = re.compile(
    r"(?:\bcm|\bgrafts?|\b[fs]tsg|\bflaps?|\bautograft|\bapplied|\blac\w*|\bwounds?|\bburns?|\binjur\w+"
    r"|\bintegra|\bapligraf|\bdermagraft|\b\w+fix|\bmatrix|\bmembrane|\b\w*allograft|\bxenograft|\bsubstitute"
    r"|\))[ \t]to[ \t](?:the[ \t])?$",
    re.IGNORECASE,
)
_BACK_BEHIND: Final = re.compile(
    (
        r"[ \t]{1,2}(?:table|as|to (?:me|us|you|my)|from|on \d|in (?:a|two|three|\d)|benign|malignant|with"
        r"|positive|negative|then|when"
        r"|and forth|office|up|pain (?:clinic))\b"
        r"|[ \t]{1,2}(?:to|in|into|on) (?:the |her |his |our |my )?(?:OR\b|operating|surgery|theat\w+"
        r"|clinic|floor|ward|room|pacu"
        r"|icu|recovery|unit|bed|office|work|school|home)\b"
    ),
    re.IGNORECASE,
)
# "A nevus of the back on 3/2": what has an article and a side of something is no way back.
_A_BACK: Final = re.compile(
    r"\b(?:(?:of|on|from|across|over)[ \t](?:the|his|her|their)|upper|mid|middle|lower|low)[ \t]$", re.IGNORECASE
)
_PART_BEHIND: Final = re.compile(
    r"[ \t]{1,2}of[ \t]{1,2}(?:(?:the|his|her|both|right|left|rt|lt|r|l)\b\.?[ \t]{1,2}){0,2}(?=\w)", re.IGNORECASE
)
# "Hand surgeon", "foot clinic": who works there, and no place of this patient.
_CALLING: Final = re.compile(
    r"[ \t](?:(?:and|&)[ \t]\w+[ \t])?(?:surgeons?|clinics?|doctors?|docs?|specialists?|therapists?"
    r"|fellow|institute)(?:'s)?\b",
    re.IGNORECASE,
)
# "A hand is part of the arm" reasons about places and names none.
_PART_OF: Final = re.compile(r"\b(?:part of|counts? as|belongs? to|same as)[ \t](?:an? |the )?$", re.IGNORECASE)
# The belly of a muscle is no abdomen.
_MUSCLE_BEFORE: Final = re.compile(
    r"\b(?:muscles?|muscular|deltoid|trapezius|biceps|triceps|quadriceps|vastus(?: \w+)?"
    r"|gluteus(?: \w+)?|rectus femoris"
    r"|gastrocnemius|brachialis|brachioradialis|latissimus|pectoralis(?: \w+)?|\w+alis|\w+oris|tibialis(?: \w+)?"
    r"|soleus)[ \t]$",
    re.IGNORECASE,
)
_MUSCLE_BEHIND: Final = re.compile(
    r"[ \t]of (?:the |his |her )?(?:(?:left|right) )?(?:[a-z]+ )?(?:muscle|deltoid|trapezius|biceps|triceps|quadriceps"
    r"|vastus|gluteus|rectus femoris|gastrocnemius|brachialis|brachioradialis|latissimus|pectoralis|\w+alis|soleus)\b",
    re.IGNORECASE,
)
_SIDE_WORDS: Final = {
    "right": "right", "rt": "right", "r": "right", "left": "left", "lt": "left", "l": "left",
    "bilateral": "bilateral", "both": "bilateral", "b/l": "bilateral", "bilat": "bilateral",
}  # fmt: skip
_SIDE_BEFORE: Final = re.compile(
    r"(?<![\w-])(?P<side>right|left|rt|lt|bilateral|bilat|b/l|both|[rl](?=[. ]))\b\.?[ \t-]{0,2}"
    r"(?:(?:upper|lower|mid|medial|lateral|dorsal|volar|inner|outer|anterior|posterior|proximal"
    r"|distal|central|side of the|side of)[ \t-]{1,2}){0,2}$",
    re.IGNORECASE,
)
_SIDE_BEHIND: Final = re.compile(
    (
        r"[ \t]{0,2}[,(-]?[ \t]{0,2}(?P<side>right|left|rt|lt|bilateral|(?-i:[RL]))(?![\w/])(?! (?:open"
        r"|in place|intact|the))"
    ),
    re.IGNORECASE,
)


# Turns of speech that name no place of anybody: a gift for ears, on its own legs, seven feet away, given back.
_IDIOMS: Final = (
    (
        None,
        re.compile(
            r"\b(?:(?:gift|talent|knack|eye|ear|soft spot) for|(?:drawing|sketch|cartoon|doodle)s? of(?: [a-z]+){0,4}"
            r"|(?:is|are|was|were)(?: not|n[’']t) an?)[ \t]$",
            re.IGNORECASE,
        ),
    ),
    (
        frozenset({"foot", "feet", "leg", "legs"}),
        re.compile(r"\b(?:own|last)(?: two)?[ \t]$|\b(?:set|cold)[ \t]$", re.I),
    ),
    (
        frozenset({"hand", "hands"}),
        re.compile(
            r"\b(?:good|great|brilliant|clever|quick|skill\w+|gifted) with (?:his|her|their)[ \t]$", re.IGNORECASE
        ),
    ),
    (
        frozenset({"shoulder"}),
        re.compile(r"\b(?:look|peer|glanc|read|lean)(?:s|ed|ing)? over (?:my|his|her|our|their)[ \t]$", re.IGNORECASE),
    ),
    (
        frozenset({"back"}),
        re.compile(
            r"\b(?:gives?|gave|given|giving|pays?|paid|paying|wants?|wanted|claw(?:s|ed)?|holds?|held|keeps?|kept|took|take"
            r"|walk(?:s|ed)?|dr[io]ve|turn(?:s|ed)?|talk(?:s|ed)?)[ \t](?:(?:it|them|half|some|all|everything)[ \t])?$",
            re.IGNORECASE,
        ),
    ),
)
_TALL: Final = re.compile(r"[ \t](?:tall|high|away|long|wide|deep|apart|from|off)\b", re.IGNORECASE)
_SO_MANY: Final = re.compile(
    r"\b(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|few|many)[ \t]$", re.IGNORECASE
)
_AN: Final = re.compile(r"\ban?[ \t]$", re.IGNORECASE)
_IS_ANOTHER: Final = re.compile(r"[ \t](?:is|are)(?: not|n[’']t)? an?[ \t]", re.IGNORECASE)


def kin(one: str, other: str) -> bool:
    """Tell whether one word of a site may stand for the place of the other, as the greater one that it lies in."""
    return one == other or other in _within(one) or one in _within(other)


def holds(word: str, others: AbstractSet[str]) -> bool:
    """Tell whether one of several places lies in this one."""
    return any(word in _within(other) for other in others if other != word)


def _within(word: str) -> frozenset[str]:
    """Return the greater places that a place lies in."""
    whole = _PARTS.get(word)
    near = {word, whole} if whole else {word}
    greater = {name for name, parts in _WHOLES.items() if near & parts}
    return frozenset(greater | near) - {word}


_BLANKS: Final = re.compile(r"[. \t]*")


def find(text: str, vocabulary: Vocabulary) -> Iterator[Site]:
    """Yield each site in the order of the text, the longest word at each place."""
    if vocabulary.pattern is None:
        return
    for match in vocabulary.pattern.finditer(text):
        start, end = match.span()
        if _everyday(text, match[0].lower(), start, end):
            continue
        part = _PART_BEHIND.match(text, end)
        # Back of the hand: the hand is the site.
        if part and match[0].lower() in {"back", "front", "side", "top"} and vocabulary.pattern.match(text, part.end()):
            continue
        word, group = vocabulary.site(match[0])
        yield _sided(text, Site(word, group, start, end), vocabulary.pattern)


def facts(site: Site) -> list[Fact]:
    """Return what a site tells: its word, its group where it has one, and its side."""
    place = Span(site.start, site.end)
    found = [Fact("site", site.word, place)]
    if site.group:
        found.append(Fact("site_group", site.group, place))
    if site.side:
        found.append(Fact("laterality", site.side, Span(site.side_start, site.side_end)))
    return found


def _everyday(text: str, word: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start]
    if word in {"back", "face", "hand", "head"} and _VERB_BEFORE.search(before) and not _LAID_ON.search(before):
        return True
    if _PART_OF.search(before) or _CALLING.match(text, end) or _idiom(text, word, before, end):
        return True
    if word == "belly":
        return bool(_MUSCLE_BEFORE.search(before) or _MUSCLE_BEHIND.match(text, end))
    return word == "back" and bool(_BACK_BEHIND.match(text, end)) and not _A_BACK.search(before)


def _idiom(text: str, word: str, before: str, end: int) -> bool:
    """Tell whether a word of a place stands in a turn of speech, or where the letter says what a place is or is not."""
    if _AN.search(before) and _IS_ANOTHER.match(text, end):
        return True
    if word == "feet" and _SO_MANY.search(before) and _TALL.match(text, end):
        return True
    return any((words is None or word in words) and pattern.search(before) for words, pattern in _IDIOMS)


def _sided(text: str, site: Site, pattern: re.Pattern[str]) -> Site:
    since = max(0, site.start - 40)
    before = _SIDE_BEFORE.search(text[since : site.start])
    if before:
        side, offset = before["side"], since + before.start("side")
    else:
        behind = _SIDE_BEHIND.match(text, site.end)
        # "Neck, L cheek": the side is that of the place behind it.
        if not behind or pattern.match(text, _BLANKS.match(text, behind.end()).end()):  # type: ignore[union-attr]
            return site
        side, offset = behind["side"], behind.start("side")
    return Site(site.word, site.group, site.start, site.end, _SIDE_WORDS[side.lower()], offset, offset + len(side))
