"""How coders name the days of a stay in hospital, and that its beginning and its end fall on one date."""

import re
from typing import Final

# The admission and the discharge of one stay fall on one date.
ONE_DATE: Final = re.compile(
    r"\b(?:the |that )?(?:same|one|single|that one) (?:calendar )?(?:day|date)\b|\b(?:same|one)[- ](?:day|date)\b"
    r"|\ball (?:on|in) one (?:day|date)\b|\bin and out\b"
    r"|\b(?:did not|didn'?t|never|without|not) (?:cross|run|go|pass|stay|last|reach|get)\w*(?: past| over| into| to"
    r"| through| until)? midnight\b|\bsingle[- ](?:calendar[- ])?(?:day|date)\b|\b(?:that|this|the) one date\b"
    r"|\bonly one (?:calendar )?date\b",
    re.IGNORECASE,
)
LEFT: Final = re.compile(
    r"\b(?:discharge\w*|sent home|left at|went home|home at|released|out at|d/?c(?:'?d)?|dispo'?d|gone by|let go)\b",
    re.IGNORECASE,
)
TWO_STAYS: Final = re.compile(
    r"\b(?:re-?admi\w+|transfer\w*|next (?:day|morning)|following (?:day|morning)|day after|day before|overnight"
    r"|another facility)\b",
    re.IGNORECASE,
)
DAY: Final = (
    r"(?:(?:hospital )?day[ \t]?#?(?:\d{1,2}|one|two|three|four|five|six)|(?-i:HD)[ \t]?#?\d{1,2}"
    r"|\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?"
    r"|\[DATE_\d+(?=\]))(?:\]|\b)"
)
"""How a part of a letter is labelled that tells of one day."""
HEADS: Final = re.compile(
    rf"\s*(?:[-*>|\u2022][ \t]*)?(?:{DAY}[ \t]*[(),:.=\u2013-]*[ \t]*){{1,2}}(?:the |final |her |his |was |= ?)?"
    r"(?:(?P<discharge>(?:discharged?|d/?c'?d?|disch|went home|sent home)\b(?![ \t](?:plan\w*|tomorrow|next|med\w*"
    r"|orders?|goals?|summary)))"
    r"|(?P<initial>(?:admit(?:ted)?|admission|adm|initial|h ?& ?p|first)\b)"
    r"|(?P<subsequent>(?:progress|round(?:s|ed|ing)?|subs\w*|follow[- ]?up|f/?u|daily)\b))",
    re.IGNORECASE,
)
"""The visit of a stay that such a part names first."""
IN_PART: Final = re.compile(
    r"(?P<discharge>\b(?:discharge|d/?c)(?: (?:took|was|of|note|time|visit|only|about|at))?[ ,:=(]{1,3}"
    r"(?:only |about |just )?\d{1,3}[ -]?min|\b\d{1,3}[ -]?min\w* (?:for|on|of) (?:the |his |her )?(?:discharge"
    r"|d/?c)\b)"
    r"|(?P<initial>\b(?:mdm|low|mod\w*|high|straightforward|making|min\w*)[ ,]{1,2}for (?:the |her |his )?"
    r"(?:admission|admit|h ?& ?p)\b|\b(?:admission|admit|h ?& ?p)[ ,:=(]{1,3}"
    r"(?:with |was |at |by )?(?:straight|low|mod|high|mdm|\d{1,3}[ -]?min))",
    re.IGNORECASE,
)
"""The visit that a part names beside its level or its minutes."""
