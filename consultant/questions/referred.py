"""Tell whether a defect that is repaired here was left by Mohs surgery of somebody else, who bills it himself."""

import re
from typing import Final

_ELSE: Final = (
    r"(?:another|other|outside|different|separate|independent|unaffiliated|referring|across town|elsewhere"
    r"|out of network"
    r"|not (?:ours?|us|part of|in our))"
)
_BY_OTHERS: Final = (
    rf"\bmohs\b[^.;\n]{{0,90}}?\b{_ELSE}\b",
    rf"\b{_ELSE}\b[^.;\n]{{0,60}}?\bmohs\b",
    r"\bmohs\b[^.;\n]{0,60}?\bby (?:the |a |his |her |an? \w+ )?(?:derm\w*|mohs surgeon|another|dr\b|someone|somebody)",
    (
        r"\b(?:derm\w*|mohs surgeon|dr\.? ?\S+)\b[^.;\n]{0,40}?\b(?:did|performed|completed|billed|cleared|does"
        r"|bills)\b[^.;\n]{0,30}\bmohs"
    ),
    (
        r"\bmohs\b[^.;\n]{0,60}?\b(?:billed|coded|reported|done|performed) (?:already |separately )?by (?:him|her"
        r"|them|the|derm\w*|that)"
    ),
    (
        r"\b(?:referred|sent|came|comes|transferred)\b[^.;\n]{0,50}?\b(?:from|by|after)\b[^.;\n]{0,40}?\b(?:mohs|derm\w*)\b"
        r"(?=[\s\S]{0,160}\b(?:mohs|defect)\b)"
    ),
    r"\b(?:post|after|following|s/p|status post)[- ]?mohs (?:surgery )?(?:defect|wound|reconstruction)",
)
_PATTERN: Final = re.compile("|".join(_BY_OTHERS), re.IGNORECASE)
_MOHS: Final = re.compile(r"\bmohs\b", re.IGNORECASE)
_OURS: Final = re.compile(
    r"\b(?:our|same|one|single) (?:\w+ )?(?:mohs )?(?:surgeon|dermatologist|physician|doctor"
    r"|provider)[^.;\n]{0,40}\b(?:mohs"
    r"|both|also)\b|\b(?:we|she|he) (?:also )?(?:did|do|bill|billed|code) (?:the |both )?(?:the )?mohs\b"
    r"|\bmohs\b[^.;\n]{0,60}\b(?:same (?:surgeon|physician|doctor|provider)|by us|our own|himself|herself)\b",
    re.IGNORECASE,
)


def after_mohs(text: str) -> bool:
    """Tell whether the letter says that another practice or surgeon did the Mohs surgery."""
    return bool(_MOHS.search(text) and _PATTERN.search(text) and not _OURS.search(text))
