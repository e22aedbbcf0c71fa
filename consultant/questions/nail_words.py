"""The words for work on nails: how each kind of it is told, and what tells that another nail had the same."""

import re
from typing import Final

SURGERY: Final = ("nail_matrix_removal", "nail_avulsion")
"""The more extensive first: on one nail only that one is reported."""
TRIMMING: Final = "nail_trimming"
DEBRIDEMENT: Final = "nail_debridement"


def words(pattern: str) -> re.Pattern[str]:
    """Return a pattern of whole words that reads without case."""
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


NAIL: Final = words(r"(?:toe|finger|thumb)?-?nails?|nail-?beds?|hallux nails?|mycotic (?:toes?|digits)")
OF_NAIL: Final = words(
    r"(?<!intramedullary )(?<!IM )(?<!on a )(?:toe|finger|thumb)?-?nails?(?! gun)|nail-?(?:plate|bed)s?|ingrown"
    r"|onycho\w+"
    r"|halluces|hallux|matri[xc]ectom\w+|matri(?:x|ces)|11(?:719|7[236][0125]|75[05])"
)
ACTS: Final = {
    "nail_matrix_removal": words(
        r"matri[xc]ectom\w+|phenol(?:i[sz]ed|i[sz]ation|ic)?|p ?& ?a|winograd|sodium hydroxide|naoh"
        r"|matri(?:x|ces)[ \t](?:[\w/]+[ \t]){0,4}?(?:ablat|destroy|cauteri|excis|remov|curett|treated|lasered)\w*"
        r"|(?:ablat|destroy|cauteri[sz]|excis|curett|destruct)\w*[ \t](?:of[ \t])?(?:the[ \t])?"
        r"(?:\w+[ \t])?matri(?:x|ces)"
        r"|permanent(?:ly)?[ \t](?:nail[ \t])?(?:remov|excis|ablat)\w*"
        r"|(?:removed|taken out)[ \t](?:for good|permanently)"
    ),
    "nail_avulsion": words(
        r"avuls(?:ed|ions?|ing)|avulse|(?-i:PNAs?|TNAs?)"
        r"|(?:removal|removed)[ \t](?:of[ \t])?(?:the[ \t])?(?:entire[ \t]|whole[ \t]"
        r"|complete[ \t])?(?:[\w]+[ \t]){0,3}?(?:toe|finger|thumb)?nails?\b(?! (?:polish|clippings))"
        r"|(?:toe|finger|thumb)?nails?[ \t](?:\w+[ \t]){0,3}?(?:removed|pulled(?: off| out)?|taken off"
        r"|lifted off)(?! (?:permanently|for good))"
        r"|(?:plates?|borders?|strips?|edges?|spicules?)[ \t](?:[\w']+[ \t]){0,6}?(?:removed|pulled(?: off| out)?|taken"
        r" (?:off|out)|extracted|lifted (?:off|out))"
        r"|(?:took|take|taken|pulled|lifted|got)[ \t](?:(?:the|his|her|that|this|entire|whole|complete|affected"
        r"|ingrown)[ \t]){0,3}"
        r"(?:(?!and\b|of\b|on\b|at\b)\w+[ \t]){0,2}?(?:toe|finger"
        r"|thumb)?nails?(?:[ \t]plates?)?[ \t](?:completely[ \t]|right[ \t])?(?:off|out)"
        r"|(?:removed|pulled(?: off| out)?|took(?: off| out)?)[ \t](?:the[ \t])?(?:[\w']+[ \t]){0,4}?"
        r"(?:plates?|borders?"
        r"|strips?|(?:toe|finger|thumb)?-?nails?\b(?! (?:polish|clippings|bed|fold|biops|spicule)))"
    ),
    DEBRIDEMENT: words(
        r"debrid(?:ed|ements?|ing)|dremel\w*|burr?(?:ed|ing)?|grind(?:ing|er)|ground(?: down)?"
        r"|thinn(?:ed|ing)(?: down| out)?"
        r"|reduc(?:ed|tion|ing)[ \t](?:in[ \t]|of[ \t]|their[ \t]|the[ \t])?(?:\w+[ \t]){0,3}?(?:thickness|bulk|girth)"
    ),
    TRIMMING: words(r"trimm?(?:ed|ing)|clipp(?:ed|ing)|cut(?: short| back| straight)?"),
}
AGAIN: Final = re.compile(
    r"\b(?:(?:the )?same (?:treatment|procedure|thing|way|technique|steps|done|there)|likewise|ditto|identical(?:ly)?"
    r"|did the same|treated the same|similarly)\b",
    re.IGNORECASE,
)
