"""Ways to ask for codes and their units in passing, that both the topic of a letter and what it wants go by."""

import re
from typing import Final

_CODE: Final = r"(?:[A-V]\d{4}|\d{5})"
IN_PASSING: Final = re.compile(
    # "units & mods", "codes/modifiers?", "cpts, units"
    r"\b(?:codes?|cpts?|hcpcs|units?)[ \t]{0,2}(?:&|\+|/|,|\band\b|\bn\b|\bplus\b|\bwith\b|\bw/)[ \t]{0,2}(?:the[ \t])?"
    r"(?:mods?|modif\w+|units?|codes?)\b"
    r"|\bmod(?:s|if\w+)?[ \t]{0,2}(?:&|\+|/|\band\b)[ \t]{0,2}(?:units?|codes?|cpts?)\b"
    # "how many of each", "how many units for both"
    r"|\bhow many[ \t](?:units?[ \t])?(?:(?:of|for|per)[ \t])?(?:each|every|both|either)\b(?![ \t](?:day|week|month"
    r"|year"
    r"|time|visit|night|session|patient))"
    # "one CPT for each", "codes for both"
    r"|\b(?:(?:one|a|an|1|each|the)[ \t])?(?:cpts?|codes?|hcpcs|lines?)(?:[ \t]codes?)?[ \t](?:for|per|on)[ \t]"
    r"(?:each|both|either|every)\b"
    # "confirm all the CPTs", "list the codes"
    r"|\b(?:confirm|verify|check|list|name|spell out|give|send|write)\b[^.?\n]{0,16}\b(?:all|the|both|each|every|our"
    r"|my)"
    r"[ \t](?:\w+[ \t])?(?:cpts?|codes|hcpcs|lines(?! as\b))\b"
    # "both lines w/ mods?"
    r"|\b(?:both|all|two|claim)[ \t](?:claim[ \t]|the[ \t])?lines?[ \t](?:(?:w/|with|and|&|incl\w*)[ \t]?)"
    r"(?:all[ \t]|the[ \t]|any[ \t])?mod(?:s\b|if\w+)"
    # "G0402 or the G0438", "is it the 99396 or a 99397"
    rf"|(?<![\w.$/-]){_CODE}[ \t](?:or|vs\.?|versus)[ \t](?:the|an?|is it|rather|else)[ \t](?:the[ \t]"
    rf"|an?[ \t])?{_CODE}\b"
    # A case told in passing, and "mods?" behind it; "mod?" asks for one of a rule.
    r"|[-–—,;.+][ \t]*(?:(?:any|need|and|which|what)[ \t])?mods[ \t]?\?"
    # "G0121, or something else, and with which modifier?"
    rf"|(?<![\w.$/-]){_CODE},?[ \t]or[ \t](?:is it[ \t])?(?:something|anything|another|some other"
    rf"|a different)\b[^?\n]{{0,48}}\?"
    # "G0438 or 39?" gives the second code by its end, and "9938?" the first digits of a code.
    rf"|(?<![\w.$/-]){_CODE}[ \t]?(?:or|/|vs\.?)[ \t]?-?\d{{1,2}}[ \t]?\?|(?<![\w.$/#-])99\d{{2}}[_x-]?[ \t]?\?",
    re.IGNORECASE,
)
