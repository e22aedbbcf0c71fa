"""The table of structured identifiers: one named rule for each way that a number or a place names a person.

The kinds are those of HIPAA's Safe Harbor list (45 CFR 164.514(b)(2)(i)) that have a shape of their own; names
and dates need a reading of their context and have modules of their own. Every quantifier is bounded and every
rule starts at a boundary, so that a search is linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Stands for a stretch that is masked already. It belongs to the private use area, is no word character and is
# in no rule, so that nothing matches across it.
SENTINEL: Final = "\ue000"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to write an identifier; the group `v` is what gets masked, or the whole match without it."""

    name: str
    kind: str
    pattern: re.Pattern[str]

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the stretch of each identifier, left to right."""
        group = "v" if "v" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            yield match.span(group)


def _rule(name: str, kind: str, pattern: str) -> Rule:
    return Rule(name, kind, re.compile(pattern, re.IGNORECASE))


# What must stay readable although a rule below would match it: drug codes (NDC), our own case references, and
# pages of public authorities, which name a rule and no person.
KEPT: Final = re.compile(
    r"(?<![\w-])(?:\d{5}-\d{4}-\d{1,2}|\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2})(?![\w-])"
    r"|\bNDC[ \t:#]{0,4}\d{10,11}\b"
    r"|(?<![\w-])C-\d{4}-\d{6}(?![\w-])"
    r"|(?:https?://)?(?<![\w.@-])(?:[a-z0-9-]{1,40}\.){1,4}gov\b(?:/[\w./%#~-]{0,200})?",
    re.IGNORECASE,
)

_NUMBERED = r"(?:[ \t]{0,3}(?:(?:no|num|nbr|number|id)\b\.?|\#)){1,2}"
_SEPARATED = r"[ \t]{0,3}(?:[:=#]|is\b|was\b)?[ \t]{0,3}#?[ \t]{0,2}"
# An identifier holds a digit within its first characters and may be written in groups.
_WRITTEN = r"(?P<v>(?=[A-Z-]{0,8}\d)[A-Z0-9][A-Z0-9-]{2,30})(?![\w])"
_STATES = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])"
)
_STREET_WORD = r"(?!(?:in|the|of|on|at|and|or|per|to|a|for|with|cm|mm|x)\b)[A-Z][A-Z'’.-]{0,24}"
_STREET_END = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|court|ct|terrace|ter|circle|cir|highway|hwy"
    r"|parkway|pkwy|square|trail|trl|place|pl|way|dr)\b\.?"
)
# These endings are also abbreviations of clinical and everyday words, so the words before them must be capitals.
_STREET = (
    r"(?<![\w.$/-])\d{1,6}[A-Z]?[ \t]{1,3}(?:[NSEW]{1,2}\.?[ \t]{1,2})?"
    r"(?:(?:(?-i:[A-Z][a-z'’.-]{0,24}|\d{1,3}(?:st|nd|rd|th)|[A-Z]{2,24})[ \t]{1,3}){1,3}" + _STREET_END + r"|(?:"
    r"(?:" + _STREET_WORD + r"|\d{1,3}(?:st|nd|rd|th))[ \t]{1,3}){1,3}(?:street|avenue|boulevard|lane|road)\b)"
    r"(?:,?[ \t]{1,3}(?:apt|apartment|suite|ste|unit|\#)\.?[ \t]{0,2}#?[A-Z0-9-]{1,6}\b)?"
)
# Five digits that stand apart are a code: coders write an add-on with a plus sign and codes in a row, +11045 11046.
_NO_CODE = r"(?!\+?\d{5}(?!\d))"

RULES: Final[tuple[Rule, ...]] = (
    _rule("email", "EMAIL", r"(?<![\w.+%-])[\w.+%'-]{1,200}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    _rule("url", "URL", r"\b(?:https?|ftp)://[^\s<>\"\ue000]{1,2000}[^\s<>\"\ue000.,;:!?)\]]"),
    _rule("bare-host", "URL", r"(?<![\w.@-])www\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?:/[^\s<>\"\ue000]{0,500})?"),
    _rule("ipv4", "IP", r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d]|\.\d)"),
    _rule("ipv6", "IP", r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?:[0-9a-f]{1,4}|:[0-9a-f]{1,4})(?![\w:])"),
    _rule("mac", "DEVICE", r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])"),
    _rule("ssn", "SSN", r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"),
    _rule(
        "ssn-named",
        "SSN",
        r"\b(?:ssn|social security|soc sec|last (?:4|four)(?: digits)?(?: of(?: the)? (?:ssn|social))?)\b"
        r"[ \t]{0,3}(?:no\.?|number|#)?[ \t]{0,3}(?:ends? (?:in|with)?|ending(?: in)?|is|was|:|=)?[ \t#]{0,3}"
        r"(?P<v>(?:[x*]{3}-?[x*]{2}-?)?\d{4}(?:\d{5})?)(?!\d)",
    ),
    _rule("phone", "PHONE", r"(?<![\w.$/-])(?:\+?1[-. ]{1,2})?\(\d{3}\)[-. ]{0,2}\d{3}[-. ]?\d{4}(?![\w-])"),
    _rule("phone-grouped", "PHONE", r"(?<![\w.$/-])(?:\+?1[-. ])?\d{3}([-. ])\d{3}\1\d{4}(?![\w-]|\.\d)"),
    _rule("phone-local", "PHONE", r"(?<![\w.$/-])\d{3}-\d{4}(?![\w-]|\.\d)"),
    _rule("phone-extension", "PHONE", r"\b(?:ext|extension)\b\.?[ \t]{0,2}(?P<v>\d{2,6})\b"),
    _rule(
        "phone-named",
        "PHONE",
        r"\b(?:phone|ph|tel|telephone|cell|mobile|fax|call(?: me)?(?: at)?|pager|text)\b\.?[ \t]{0,2}"
        r"(?:no\.?|number|#)?[ \t]{0,2}[:=]?[ \t]{0,2}" + _NO_CODE + r"(?P<v>\+?\d(?:[-. ()]{0,2}\d){6,14})(?!\d)",
    ),
    _rule(
        "phone-international",
        "PHONE",
        r"(?<![\w+])" + _NO_CODE + r"(?=\+\d(?:[-. ]?\d){8,14}(?!\w))\+\d{1,3}(?:[-. ]?\d{2,4}){2,5}(?!\w)",
    ),
    _rule(
        "record-number",
        "ID",
        r"\b(?:mrn|m\.r\.n\.|med(?:ical)? rec(?:ord)?s?|pt id|patient id|hicn?|mbi|dcn|icn|fin|csn|accession"
        r"|specimen id|npi|dea|member id|subscriber id|medicaid id|medicare id|driver'?s? licen[cs]e|passport)\b\.?"
        r"(?:" + _NUMBERED + r")?" + _SEPARATED + _WRITTEN,
    ),
    _rule(
        "account-number",
        "ID",
        r"\b(?:acct|account|claim|member|subscriber|policy|group|case|encounter|visit|auth|authorization|referral"
        r"|order|prior auth|chart|beneficiary|insurance|insured|certificate|licen[cs]e|invoice|ticket|confirmation"
        r"|tracking|patient)\b\.?" + _NUMBERED + _SEPARATED + _WRITTEN,
    ),
    _rule(
        "account-long",
        "ID",
        r"\b(?:acct|account|claim|member|subscriber|policy|group|auth|authorization|referral|invoice|licen[cs]e|id)\b\.?"
        + _SEPARATED
        + r"(?P<v>(?=[A-Z-]{0,6}\d)(?=[A-Z-]{0,8}(?:\d[A-Z-]{0,4}){6})[A-Z0-9][A-Z0-9-]{5,30})(?!\w)",
    ),
    # Eleven characters without S, L, O, I, B and Z: the Medicare beneficiary identifier as CMS defines it.
    _rule(
        "mbi",
        "ID",
        r"(?<![\w-])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?"
        r"[AC-HJKMNP-RT-Y]{2}\d{2}(?![\w-])",
    ),
    _rule("vin", "DEVICE", r"(?<!\w)(?=[A-Z0-9]{0,16}\d)(?=\d{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}(?!\w)"),
    _rule(
        "device", "DEVICE", r"\b(?:serial|s/n|udi|imei|device id)\b\.?(?:" + _NUMBERED + r")?" + _SEPARATED + _WRITTEN
    ),
    _rule("device-lot", "DEVICE", r"\b(?:lot|model|implant)\b" + _NUMBERED + _SEPARATED + _WRITTEN),
    _rule(
        "plate",
        "PLATE",
        r"\b(?:licen[cs]e plates?)\b(?:"
        + _NUMBERED
        + r")?"
        + _SEPARATED
        + r"(?P<v>(?=[A-Z -]{0,5}\d)[A-Z0-9]{1,4}[- ]?[A-Z0-9]{2,5})(?!\w)",
    ),
    _rule("street", "ADDRESS", _STREET),
    _rule("post-box", "ADDRESS", r"\bP\.?[ \t]?O\.?[ \t]{0,2}Box[ \t]{1,2}#?\d{1,7}\b"),
    _rule(
        "city-state-zip",
        "ADDRESS",
        r"(?<!\w)(?:(?-i:[A-Z][A-Za-z'.-]{1,24})[ \t]){0,2}(?-i:[A-Z][A-Za-z'.-]{1,24}),[ \t]{0,2}(?-i:"
        + _STATES
        + r")"
        r"\.?[ \t]{1,3}\d{5}(?:-\d{4})?(?![\w-])",
    ),
    _rule("state-zip", "ZIP", r"(?<!\w)(?-i:" + _STATES + r")[ \t]{1,2}(?P<v>\d{5}-\d{4})(?![\w-])"),
    _rule("zip", "ZIP", r"\bzip(?:[ \t]?code)?[ \t]{0,2}[:#]?[ \t]{0,2}(?P<v>\d{5}(?:-\d{4})?)(?![\w-])"),
    _rule("zip-plus-four", "ZIP", r"(?<![\w.$-])\d{5}-\d{4}(?![\w-])"),
    _rule(
        "residence",
        "ADDRESS",
        r"\b(?:lives|living|resides|residing|resident) (?:in|at|of) "
        r"(?P<v>(?-i:[A-Z][a-z'-]{2,24}(?: [A-Z][a-z'-]{2,24}){0,2}))",
    ),
    _rule(
        "age-over-89",
        "AGE",
        r"(?<![\w.$/-])(?P<v>9\d|1[0-2]\d)[ \t-]{0,2}"
        r"(?:y/?o|yo[fm]?|y\.o\.?|yrs?\.?[ \t-]old|years?[ \t-]{1,2}olds?)\b",
    ),
    _rule("age-named", "AGE", r"\b(?:age|aged)[ \t]{0,2}[:=]?[ \t]{0,2}(?P<v>9\d|1[0-2]\d)(?![\w.%/-])"),
    # Nothing that a coder asks about has eight digits in a row, but a record number may stand anywhere.
    _rule("long-number", "ID", r"(?<![\w.$-])\d{8,20}(?![\w-]|\.\d)"),
)
