"""Read how deep a lesion reached, and on which side of the deep fascia a tumor lay."""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions import findings
from consultant.questions.findings import Mention
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status

_DEEP: Final = re.compile(r"\b(?:to|through|into|level of|including|down|depth|deep)\b[^.;,]{0,20}$", re.IGNORECASE)
# What lies above a layer, or leaves it whole, does not reach it.
_ABOVE: Final = re.compile(
    r"\b(?:superficial to|above|over|on top of|anterior to|not (?:through|into)|short of)\b[^.;,]{0,20}$", re.IGNORECASE
)
_WHOLE: Final = re.compile(
    r"[ \t](?:was |were |is |remained |stayed )?(?:left )?(?:intact|untouched|not\b|undisturbed|preserved|closed"
    r"|reapproximated)",
    re.IGNORECASE,
)
_MASS: Final = re.compile(r"[ \t](?:lipoma|mass|tumou?r|lesion|cyst)", re.IGNORECASE)
_LAYER: Final = (
    r"(?:the )?(?:deep |investing |muscular |muscle |\w+ ){0,2}(?:fascia|muscles?|galea|frontalis|platysma|deltoid)"
)
_BELOW_FASCIA: Final = re.compile(
    rf"\b(?:sub-?fascial|intra-?muscular|sub-?muscular|sub-?galeal)\b|\b(?:below|beneath|under|underneath"
    rf"|deep to) {_LAYER}\b"
    r"|\b(?:with)?in (?:the )?(?:substance of "
    r"|belly of )?(?:the )?(?:[a-z]+ ){0,2}(?:muscle(?! biops)|muscle belly|trapezius|deltoid"
    r"|quadriceps|biceps"
    r"|triceps|gluteus)\b"
    r"|\bfascia(?: lata)? (?:was |were )?(?:opened|incised|entered|divided|split)\b"
    r"|\b(?:opened|incised|entered|divided|split|through) the (?:deep )?fascia\b",
    re.IGNORECASE,
)
_ABOVE_FASCIA: Final = re.compile(
    rf"\b(?:above|superficial to|over|on top of|anterior to|sitting on|resting on) {_LAYER}\b|\bsupra-?fascial\b"
    r"|\b(?:never|not|(?:did|was|is|were|do|does)n[’']?t|without)\b(?: (?!only\b)\w+){0,3}? (?:through|into"
    r"|past|below|beneath|beyond|open\w*|enter\w*"
    r"|incis\w*|violat\w*|breach\w*|cross\w*|divid\w*|reach\w*|touch\w*|cut\w*|involv\w*)"
    r" (?:the |his |her |any |its )?(?:(?:deep|muscle|muscular|investing|underlying) )?fascia\b"
    r"|\bfascia (?:was |were |is |remained )?(?:left )?(?:intact|untouched|not (?:opened|entered|violated|incised"
    r"|involved))\b"
    r"|\b(?:sub-?cutaneous|sub-?q|subcu|superficial)(?: (?:fat|fatty|soft[- ]tissue))? (?:lipomas?|mass(?:es)?"
    r"|tumou?rs?|plane"
    r"|lesions?|nodules?|location|layer(?! (?:with|was|were|clos\w+|using|repair\w*"
    r"|approx\w*)))\b|\b(?:lipomas?|mass(?:es)?|tumou?rs?)[ ,]{1,2}(?:in the |was |is "
    r"|which was )?"
    r"(?:sub-?cutaneous|sub[- ]?q|subcu)\b",
    re.IGNORECASE,
)
_LAY_IN_FAT: Final = re.compile(
    r"\b(?:lay|laid|lies|was|is|sat|sits|located|sitting|lying|found|entirely|all|purely|only"
    r"|just) (?:entirely |just |only |purely |all |with)*in"
    r" (?:the |his |her )?(?:sub-?cutaneous |sub-?q |subcutis |superficial )?(?:fat|fatty (?:layer|tissue)"
    r"|subcutis|subcutaneous (?:tissue|layer|plane))\b",
    re.IGNORECASE,
)
_IN_FAT: Final = re.compile(
    r"\b(?:sub-?cutaneous(?:ly)?|sub[- ]?q|subcu|(?-i:SQ))\b(?! (?:sutures?|closure|stitch\w*|vicryl|layer"
    r"|tissues? (?:was|were|clos\w+|divided|dissect\w*|incised|approx\w*|and skin)"
    r"|fat (?:was|were)|,? and skin|dissection))",
    re.IGNORECASE,
)


def depths(text: str, sentences: Sentences) -> Iterator[Mention]:
    """Yield depths only where the text speaks of how deep was cut or lay: "to fascia", "subcutaneous lipoma"."""
    for mention in findings.find(findings.DEPTH, text, sentences):
        start, end = mention.fact.span.start, mention.fact.span.end
        before = text[max(0, start - 28) : start]
        if _ABOVE.search(before) or _WHOLE.match(text, end):
            continue
        if _DEEP.search(before) or _MASS.match(text, end) or mention.fact.value == "skin":
            yield mention


def tumor_depths(text: str, sentences: Sentences) -> Iterator[Mention]:
    """Yield on which side of the deep fascia a tumor lay; "subcutaneous" alone is the weakest word for it."""
    for value, rank, pattern in (
        ("subfascial", 1, _BELOW_FASCIA),
        ("subcutaneous", 1, _ABOVE_FASCIA),
        ("subcutaneous", 2, _LAY_IN_FAT),
        ("subcutaneous", 2, _IN_FAT),
    ):
        for match in pattern.finditer(text):
            # "No tumor was found in the fat" tells of none there.
            bare = value == "subcutaneous" and pattern is not _LAY_IN_FAT
            denied = bare or status(sentences, match.start(), match.end(), act=False)
            if denied is True or denied in (Status.AFFIRMED, Status.UNCERTAIN):
                yield Mention(Fact("tumor_depth", value, Span(*match.span()), denied is not Status.UNCERTAIN), rank)
