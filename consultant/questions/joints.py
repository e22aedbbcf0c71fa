"""Read injections and aspirations of joints, tendons, trigger points and ganglia: each place with its side.

What the needle entered is the nearest such place of the sentence that tells of the needle; a joint of both sides is one
subject.
"""

import re
from typing import Final, NamedTuple

from consultant.questions import counting
from consultant.questions.aside import Aside
from consultant.questions.counting import NUMBER
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.settled import Settled


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_ACT: Final = _words(
    r"inject(?:ed|ion|ions|ing|s)?|intra-?articular(?:ly)? (?:steroids?|cortisone|kenalog|csi)|inj|injs|injxns?"
    r"|injex\w*|aspirat(?:ed|ion|ions|ing)|arthrocentes[ei]s"
    r"|tapp?ed|joint tap"
    r"|(?:cortisone|steroid|gel|elbow|knee|shoulder|hip|heel|wrist|ankle|thumb|finger|bursa|joint"
    r"|trigger point) shots?|viscosupplementation|csi|(?-i:TPIs?)|infiltrat\w+|drain(?:ed|age)"
    r"|needled|dry[- ]needl\w+"
    r"|(?:drew|drawn|pulled|withdrew|took|got)(?: off| out)? (?:\w+ )?\d{1,3}(?:\.\d)? ?(?:ml|cc)s?"
    r"|(?:put|placed|instilled|deposited|gave|given)(?: some| the| \d+ ?mg(?: of)?| \d ?(?:ml|cc)(?: of)?)?"
    r" (?:steroids?|cortisone|kenalog|triamcinolone|depo-?\w*|celestone|methylpred\w*|dexamethasone|gel|hyaluron\w*)"
    r"|\d{1,3}(?:\.\d)? ?(?:ml|cc)s?(?: \w+){0,2}? (?:pulled|drawn|taken|drained|removed|withdrawn)(?: off| out)?"
    r"|(?:steroids?|cortisone|kenalog|triamcinolone|depo-?medrol|celestone|betamethasone|methylpred\w*|dexamethasone)"
    r"(?: was| were)? (?:placed|put|instilled|deposited|given|in through|through the same)"
    r"|(?:steroids?|cortisone|kenalog|triamcinolone|depo-?medrol|celestone|synvisc(?:-?one)?|monovisc|orthovisc|euflexxa"
    r"|supartz(?: fx)?|hyalgan|durolane|gel-?(?:one|syn\S*)|visco\w*|hyaluron\w*|zilretta)(?: alone| only| shot"
    r"| acid)? (?:in|into)"
    # These gels go nowhere but into a joint.
    r"|(?:synvisc(?:-?one)?|monovisc|orthovisc|euflexxa|supartz|hyalgan|durolane)(?= [^.;?\n]{0,16}\bknees?\b)"
    r"|(?:shots?|injections?|doses?) of (?:\d+ ?mg (?:of )?)?(?:steroids?|cortisone|kenalog|triamcinolone"
    r"|depo-?\w*|celestone"
    r"|methylpred\w*|gel|hyaluron\w*|synvisc\S*|euflexxa|orthovisc|zilretta)|20(?:526|55[0-3]|60[0456]|61[012])"
)
# What a needle does there is no injection of a joint, or that of another family.
_OTHER: Final = _words(
    r"keloids?|scars?|warts?|lesions?|intra-?lesional\w*|lacerat\w+|abscess\w*|vaccin\w*|immuni[sz]\w*|deltoid"
    r"|(?-i:IM|IV|SQ|SC)|intramuscular\w*|subcutaneous\w*|sub-?q|ventrogluteal|glute\w*|facets?|epidural\w*|sacroiliac"
    r"|(?-i:SI) joints?|medial branch|nerve blocks?|digital block|interlaminar|transforaminal|botox|botulinum|contrast"
    r"|arthrogram|expander|fillers?|fat graft\w*|biops\w+|toradol|ketorolac|rocephin|ceftriaxone|b-?12|hematoma|seroma"
    r"|nail\w*|ingrown|paronychia|wounds?"
)
_KINDS: Final = (
    ("carpal_tunnel_injection", "", _words(r"carpal tunnels?|(?-i:CTS)")),
    ("ganglion_injection", "", _words(r"ganglion(?: cysts?)?|ganglia")),
    (
        "trigger_point_injection",
        "",
        _words(r"trigger[- ]points?(?: injections?)?|(?-i:TPIs?)|myofascial points?"),
    ),
    (
        "tendon_sheath_injection",
        "",
        _words(
            r"(?:tendon |flexor |finger |thumb |digital )?sheaths?|trigger (?:fingers?|thumbs?)|a1 pulleys?"
            r"|de ?quervain\S*|first dorsal"
            r" compartment|plantar fasci\w+|bicipital groove|biceps (?:tendon|sheath)|ligaments?|peroneal sheath"
            r"|stenosing tenosynovitis"
        ),
    ),
    (
        "tendon_origin_injection",
        "",
        _words(
            r"(?:tendon|muscle|extensor|flexor|common extensor|achilles|patellar) (?:tendon )?(?:origins?|insertions?)"
            r"|(?:lateral|medial) epicondyl\w+|tennis elbow|golfer'?s elbow|epicondylitis"
        ),
    ),
    (
        "joint_injection",
        "small",
        _words(
            r"(?:mcps?|pips?|dips?|mtps?|cmcs?|tmts?|ips?)(?: (?:joints?|jts?))?"
            r"|metacarpophalangeal|metatarsophalangeal|interphalangeal|carpometacarpal|basal joints?"
            r"|(?:great |big |small |finger |toe |thumb )(?:toe )?joints?|(?:fingers?|toes?|thumb|hallux)(?: joints?)?"
        ),
    ),
    (
        "joint_injection",
        "intermediate",
        _words(
            r"(?-i:AC|TMJ?)(?: joints?)?|tmj|acromio-?clavicular|temporo-?mandibular|wrists?|radiocarpal|elbows?"
            r"|ankles?|tibiotalar|subtalar|olecranon(?: bursa\w*)?|sterno-?clavicular"
        ),
    ),
    (
        "joint_injection",
        "large",
        _words(
            r"shoulders?|gleno-?humeral|(?-i:GH)(?: joint)?|sub-?acromial(?: bursa\w*| space)?|hips?|knees?"
            r"|(?:greater )?trochanter\w*(?: bursa\w*)?|pes anserin\w+(?: bursa\w*)?|pre-?patellar(?: bursa\w*)?"
        ),
    ),
)
PROCEDURES: Final = frozenset(kind for kind, _, _ in _KINDS)
"""The services that this room reads."""
_ULTRASOUND: Final = re.compile(
    r"\b(?:(?:under|with|using|via|by)[ \t](?:\w+[ \t]){0,2}?(?:ultra-?sound|sono\w*|(?-i:US|U/S))\b"
    r"|(?:ultra-?sound|sono\w*|(?-i:US)|u/s)[- ]?(?:guid\w+|used)|(?:ultra-?sound|sonographic)[ \t](?:guidance"
    r"|was[ \t]used)|2060[46]\?|20611 or)",
    re.IGNORECASE,
)
_UNRECORDED: Final = re.compile(
    r"\b(?:no|not|without|never|nothing|none|wasn'?t|weren'?t|didn'?t)\b[^.;\n]{0,40}?\b(?:images?|pictures?|saved?"
    r"|stored|recorded|archived|printed|kept|photos?)\b|\bimages?[^.;\n]{0,30}\b(?:not|never|n'?t)\b[^.;\n]{0,20}"
    r"\b(?:saved|stored|recorded|kept|archived)\b",
    re.IGNORECASE,
)
_SIDE_BEFORE: Final = re.compile(
    r"\b(?P<s>(?:right|left|rt|lt|(?-i:[RL])) (?:and|&|\+) (?:right|left|rt|lt|(?-i:[RL]))|right|left|rt|lt"
    r"|bilat(?:eral)?|b/l|both|(?-i:[RL]))\b\.?[ \t](?:\w+[ \t]){0,2}$",
    re.IGNORECASE,
)
_SIDE_BEHIND: Final = re.compile(
    r"[ \t]?(?:joints?|jts?)?(?: (?:inj\w*|bursa\w*|csi))?[ \t]{0,2}[,(-]?[ \t]?(?:on the )?(?P<s>right|left|rt"
    r"|lt|bilat(?:eral(?:ly)?)?|b/l|both sides"
    r"|(?-i:[RL]))(?![\w/])(?![ \t](?:knee|hip|shoulder|ankle|elbow|wrist|thumb))",
    re.IGNORECASE,
)
_NO_PLACE: Final = re.compile(r"[ \t](?:x-?ray|pain|replacement|arthroplasty|surgery|brace|exam|films?|mri)\b", re.I)
_MUSCLES: Final = re.compile(
    rf"(?<![\w.-])(?P<n>{NUMBER})[ \t](?:\w+[ \t]){{0,2}}?muscles?\b|\bmuscles?[ \t]?(?:\(|:|x)[ \t]?(?P<m>\d)\b",
    re.IGNORECASE,
)
_MUSCLE: Final = _words(
    r"trapezi\w+|traps?|levator(?: scapulae?)?|rhomboids?(?: major| minor)?|supraspinatus|infraspinatus|splenius\w*"
    r"|paraspinals?|quadratus(?: lumborum)?|gluteus \w+|piriformis|sternocleidomastoid|scm|latissimus|masseter"
    r"|teres \w+"
    r"|pectoralis|semispinalis|multifid\w+|erector\w*"
)
_COUNT: Final = re.compile(rf"(?<![\w.#/$-])(?P<n>{NUMBER})[ \t](?:\w+[ \t])?$", re.IGNORECASE)
_ORDINALS: Final = re.compile(
    r"(?:\b(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|index|long|middle|ring|little|small|thumb)\b"
    r"[ \t]?(?:,|and|&|\+)?[ \t]?(?:and[ \t])?){2,5}$",
    re.IGNORECASE,
)
_ORDINAL: Final = _words(r"1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|index|long|middle|ring|little|thumb")
_SIDES: Final = {"r": "right", "l": "left", "b": "bilateral"}


_OF_FINGER: Final = _words(r"(?:flexor|finger|digital)? ?sheaths?|trigger fingers?|a1 pulleys?")
_FINGER: Final = _words(r"thumb|index|middle|long|ring|little|small|pinky")
"""Each finger has a flexor sheath of its own."""


class _Place(NamedTuple):
    procedure: str
    size: str
    word: str
    side: str | None
    span: Span
    number: int = 1


def read(text: str, sentences: Sentences, aside: Aside) -> tuple[Subject, ...]:
    """Return one subject for each joint, tendon or ganglion that a needle entered, and one for all trigger points."""
    if not _ACT.search(text) or Settled(text).administration:
        return ()
    places: list[_Place] = []
    for sentence in sentences.spans:
        if not aside.holds(sentence.start):
            places += _places(text, sentences, sentence)
    places = [row for row in places if not _titled(sentences, row, places)]
    if not places:
        return ()
    guided = _guided(text, sentences)
    return tuple(
        Subject("procedure", tuple(_facts(text, place, guided))) for place in _once(places) for _ in range(place.number)
    )


def _places(text: str, sentences: Sentences, sentence: Span) -> list[_Place]:
    """Return what the needle of one sentence entered."""
    acts = [
        match
        for match in _ACT.finditer(text, sentence.start, sentence.end)
        if status(sentences, match.start(), match.end(), act=True) in (Status.AFFIRMED, Status.UNCERTAIN)
    ]
    if not acts or _OTHER.search(text, sentence.start, sentence.end):
        return []
    found: list[_Place] = []
    for procedure, size, pattern in _KINDS:
        taken = [row.span for row in found]
        for match in pattern.finditer(text, sentence.start, sentence.end):
            span = Span(*match.span())
            meant = status(sentences, span.start, span.end, act=False)
            if meant not in (Status.AFFIRMED, Status.UNCERTAIN) or _NO_PLACE.match(text, span.end):
                continue
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            side = _side(text, sentence, span)
            found.append(_Place(procedure, size, match[0].lower(), side, span, _count(text, sentence, span, size)))
    found = _nearer(text, found)
    named = {row.procedure for row in found}
    if len(named) > 1 and named - {"joint_injection"}:
        # The wrist of a ganglion and the elbow of its epicondyle are where they are.
        telling = [row for row in found if row.procedure != "joint_injection"]
        joints = [row for row in found if row.procedure == "joint_injection" and _apart(text, row, telling)]
        return [*telling, *joints]
    return found


_WITHIN: Final = (
    ("wrist", _words(r"radiocarpal.*")),
    ("ankle", _words(r"tibiotalar.*|subtalar.*")),
    ("tmj", _words(r"temporo.*")),
    ("shoulder", _words(r"sub-?acromial.*|gleno.*|gh\b.*|ac\b.*|acromio.*")),
    ("hip", _words(r".*trochanter.*")),
    ("knee", _words(r"pes anserin.*|pre-?patellar.*")),
    ("elbow", _words(r"olecranon.*")),
    ("finger", _words(r"mcp.*|pip.*|dip.*|ip.*|.*phalangeal.*")),
    ("thumb", _words(r"mcp.*|cmc.*|ip.*|basal.*|carpo.*")),
    ("toe", _words(r"mtp.*|pip.*|dip.*|ip.*|.*phalangeal.*")),
    ("hallux", _words(r"mtp.*|ip.*")),
)


def _nearer(text: str, places: list[_Place]) -> list[_Place]:
    """Leave out the greater place of one that is told more closely: the shoulder of "shoulder, subacromial bursa"."""
    kept = list(places)
    for whole, part in _WITHIN:
        for general in [row for row in kept if row.word.startswith(whole) and not part.fullmatch(row.word)]:
            near = next((row for row in kept if part.fullmatch(row.word) and row is not general), None)
            if near is None:
                continue
            first, last = sorted((general, near), key=lambda row: row.span.start)
            between = text[first.span.end : last.span.start]
            if between.strip(" ,") and _AND.search(between) and not _ITS_DIGIT.fullmatch(between):
                continue
            kept.remove(general)
            if near.side is None:
                kept[kept.index(near)] = near._replace(side=general.side)
    return kept


_ITS_DIGIT: Final = re.compile(
    r"[ \t]?[,(][ \t]?(?:of[ \t])?(?:the[ \t])?(?:(?:right|left|rt|lt|r|l)[ \t])?"
    r"(?:(?:index|long|middle|ring|little|small|pinky|great|big|1st|2nd|3rd|4th|5th|first|second|third|fourth"
    r"|fifth)[ \t])?",
    re.IGNORECASE,
)
"""Between a joint and the finger that it is of: "PIP joint, right long finger"."""


def _titled(sentences: Sentences, row: _Place, places: list[_Place]) -> bool:
    """Tell whether a subject line names the greater place of one that the letter below it tells more closely."""
    return row.span.start < sentences.body and any(
        row.word.startswith(whole)
        and not part.fullmatch(row.word)
        and any(part.fullmatch(other.word) for other in places)
        for whole, part in _WITHIN
    )


_AND: Final = re.compile(r"\b(?:and|plus|also|as well as)\b|[,;+&]", re.IGNORECASE)


def _apart(text: str, row: _Place, others: list[_Place]) -> bool:
    """Tell whether a joint stands beside a tendon as a place of its own: "the left knee, and the right A1 pulley"."""
    return row.size == "large" and all(
        _AND.search(text, min(row.span.end, other.span.end), max(row.span.start, other.span.start)) for other in others
    )


def _side(text: str, sentence: Span, span: Span) -> str | None:
    before = _SIDE_BEFORE.search(text, max(sentence.start, span.start - 32), span.start)
    match = before or _SIDE_BEHIND.match(text, span.end, sentence.end)
    if match is None:
        return None
    return "bilateral" if " " in match["s"] else _SIDES[match["s"][0].lower()]


def _count(text: str, sentence: Span, span: Span, size: str) -> int:
    """Return how many small joints or finger sheaths of one word there were: "two MCP joints", "2nd and 3rd MCP"."""
    if not size and _OF_FINGER.fullmatch(text, span.start, span.end):
        return max(1, len({match[0].lower() for match in _FINGER.finditer(text, sentence.start, sentence.end)}))
    if size != "small":
        return 1
    since = max(sentence.start, span.start - 48)
    if listed := _ORDINALS.search(text, since, span.start):
        return len(_ORDINAL.findall(listed[0]))
    number = _COUNT.search(text, since, span.start)
    return min(counting.number(number["n"]), 6) if number else 1


def _once(places: list[_Place]) -> list[_Place]:
    """Return each place once; the two sides of one joint as both sides, and trigger points as one service."""
    found: dict[tuple[str, str], list[_Place]] = {}
    for place in places:
        word = _PLAIN.sub("", place.word)
        key = (place.procedure, word if place.procedure == "joint_injection" else "")
        rows = found.setdefault(key, [])
        if place.side is None and rows:
            continue
        if any(row.side in (place.side, "bilateral") for row in rows):
            continue
        if rows and rows[0].side is None:
            rows[0] = rows[0]._replace(side=place.side)
            continue
        rows.append(place)
    kept: list[_Place] = []
    for rows in found.values():
        sides = {row.side for row in rows}
        both = {"left", "right"} <= sides or "bilateral" in sides
        kept += [rows[0]._replace(side="bilateral")] if both else rows
    return kept


_PLAIN: Final = re.compile(r"[ \t]joints?$|s$|[ \t]bursa\w*$", re.IGNORECASE)


def _guided(text: str, sentences: Sentences) -> Fact | None:
    """Return whether a recorded ultrasound guided the needle, None where the letter tells of no ultrasound."""
    for match in _ULTRASOUND.finditer(text):
        span = Span(*match.span())
        meant = status(sentences, span.start, span.end, act=True)
        if meant in (Status.AFFIRMED, Status.UNCERTAIN):
            return Fact("ultrasound_guidance", not _UNRECORDED.search(text), span)
    return None


def _facts(text: str, place: _Place, guided: Fact | None) -> list[Fact]:
    facts = [Fact("procedure", place.procedure, place.span)]
    if place.size:
        facts.append(Fact("joint_size", place.size, place.span))
    if place.side:
        facts.append(Fact("laterality", place.side, place.span))
    if guided and place.procedure == "joint_injection":
        facts.append(guided)
    if place.procedure == "trigger_point_injection":
        facts += _muscles(text)
    return facts


def _muscles(text: str) -> list[Fact]:
    """Return how many muscles were injected: as counted, or as many as are named."""
    if match := _MUSCLES.search(text):
        return [Fact("muscle_count", counting.number(match["n"] or match["m"]), Span(*match.span()))]
    named = {match[0].lower().rstrip("s"): Span(*match.span()) for match in _MUSCLE.finditer(text)}
    return [Fact("muscle_count", len(named), next(iter(named.values())))] if named else []
