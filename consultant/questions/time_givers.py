"""Tell whose time the words around it give it to, and whether they bill it by itself."""

import re
from typing import Final

STAFF: Final = re.compile(
    r"\b(?:residents?|students?|fellow|nurs(?:es?|ing(?! (?:home|facility)))|case manager|(?-i:RN|LPN|MA|CNA|MAs|RNs)"
    r"|medical assistant|clinical staff"
    r"|staff"
    r"|tech(?:nician)?|care manager|coordinator|interpreter"
    # A scribe who says how long it took gives the time of the physician.
    r"|scribe(?! (?:says?|said|wrote|writes|has|had|put|documented|documents|noted|notes|recorded|typed|entered)\b))\b",
    re.IGNORECASE,
)
_PRACTITIONER: Final = re.compile(
    r"\b(?:dr|doctor|physician|provider|practitioner|hospitalist|intensivist|attending|surgeon|(?-i:MD|DO|NP"
    r"|PA|APRN|CNS)"
    r"|\w{4,}ologist|internist|psychiatrist|personally|by me|himself|herself|(?-i:I))\b",
    re.IGNORECASE,
)
# Nobody's work for the patient: the way there and the wait.
NO_WORK: Final = re.compile(
    r"\b(?:travel\w*|walk(?:s|ed|ing)|exercis\w+|jogs?|jogging|runs|swims|bikes|naps?|sleeps?|symptoms?|episodes?"
    r"|seizures? (?:of|for)|pain for|driv(?:e|es|ing)|drove|commut\w+|mileage"
    r"|(?:in|inside) (?:the|his|her|their|my|a) (?:car|truck|van|vehicle|bus|cab|taxi)|on (?:the|a) (?:road|highway"
    r"|freeway|bus|train|ferry)|behind the wheel|(?:in|through) (?:transit|traffic)|en route|each way|one[- ]way"
    r"|round[- ]?trip|(?:the|her|his) (?:way|trip|ride|journey) (?:there|over|out|in|back|home|to|from)"
    r"|(?:to get|getting|got) (?:there|back|to (?:the|her|his|their))|there and back|windshield time|parking|parked"
    r"|wait\w*|on hold|held (?:the line|on"
    r"|through)|hold (?:music|time)|withdrawal|in (?:the )?department"
    r"|length of stay"
    r"|door to \w+|(?-i:LOS))\b",
    re.IGNORECASE,
)
APART: Final = re.compile(
    r"\b(?:separately (?:bill|report|cod|document)\w*|(?:bill|report|cod)\w* (?:separately|by itself|on its own)"
    r"|bill\w* as its own|updates? only)\b",
    re.IGNORECASE,
)
_EXCLUDING: Final = re.compile(
    r"\b(?:excl\w*|w/o|sans|no|not (?:includ|count)\w+|without|apart from|aside from|outside|other than|minus"
    r"|net of|less"
    r"|of (?:which|those|these|them)|besides|separate from|distinct from|beyond)\b",
    re.IGNORECASE,
)
# Somebody whom the practitioner talked with.
_TALKED_WITH: Final = re.compile(
    r"\b(?:calls?|called|calling|spoke|talk\w*|discuss\w*|phoned?|conferr?\w*|hand-?off|coordinat\w*|conversations?"
    r"|instruct\w*|report) (?:\w+ ){0,2}?(?:with|to|from|by|for) (?:[\w-]+ ){0,4}?(?:nurs\w+|staff|coordinator"
    r"|case manager|care manager|tech\w*|(?-i:RN|LPN|MA))\b",
    re.IGNORECASE,
)


def is_apart(part: str, at: int, of: re.Pattern[str] = APART) -> bool:
    """Tell whether a part of a sentence gives its time to what does not count.

    "52 minutes, exclusive of what is billed separately", "63 minutes without travel": what is excluded behind a time,
    which ends at `at`, leaves the time itself.
    """
    found = of.search(part)
    return found is not None and not (found.start() > at and _EXCLUDING.search(part, at, found.start()))


def by_staff(before: str, behind: str) -> bool:
    """Tell whether the words around a time give it to staff: who stands before it counts first."""
    for words in (_TALKED_WITH.sub("", before), _TALKED_WITH.sub("", behind)):
        staff, practitioner = STAFF.search(words), _PRACTITIONER.search(words)
        if staff:
            return practitioner is None or staff.start() < practitioner.start()
        if practitioner:
            return False
    return False
