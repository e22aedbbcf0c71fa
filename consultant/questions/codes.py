"""Read the codes that a letter names, as coders write them: 99213-25, 11042 + 11045 x3, dx L72.0, mod 59.

A code is what the sender wrote; whether it exists is the release's to say. A number that could be anything (a ZIP
code, an amount, a year, a record number) is a code only by its form and its neighbours. A range (11400-11446)
and a part of a code (1144x, L97.-) name no code: they are kept apart, so that nothing is made up from them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consultant.questions.model import CodeMention, Span
from consultant.questions.vocabulary import Vocabulary

# The modifiers of the code sets in 2026; a number or a pair of letters outside this list is none.
_WRITTEN: Final = """
22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95 96 97
99 AA AD AI AQ AS AT CO CQ CR CS E1 E2 E3 E4 F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FB FC FQ FR FS FT FX FY G0 G8 G9 GA GC
GE GF GG GH GJ GN GO GP GQ GT GV GW GX GY GZ JA JB JG JW JZ KX LC LD LM LT PA PB PC PI PN PO PS PT Q0 Q1 Q5 Q6 Q7
Q8 Q9 QK QS QW QX QY QZ RC RI RT SA SG SL T1 T2 T3 T4 T5 T6 T7 T8 T9 TA TB TC UN UP UQ UR US XE XP XS XU
"""
MODIFIERS: Final = frozenset(_WRITTEN.split())

_MODIFIER: Final = r"(?:[2-9]\d|[A-Z][A-Z0-9])"
_MODIFIERS_ON: Final = re.compile(
    rf"[ \t]?[-–][ \t]?(?P<first>{_MODIFIER})(?P<more>(?:[ \t]?[-–,/][ \t]?{_MODIFIER}){{0,3}})(?![\w%]|\.\d|-\d)"
    rf"|,?[ \t](?:with |w/ ?|plus )?(?:a )?(?:modifiers?|mods?)\b\.?[ \t:#]{{0,2}}-?(?P<word>{_MODIFIER})"
    rf"(?P<words>(?:(?:[ \t]?[,/&][ \t]?|[ \t]and[ \t])-?{_MODIFIER}){{0,3}})(?![\w%]|\.\d)"
    rf"|[ \t](?:with|w/)[ \t]?-?(?P<bare>{_MODIFIER})(?![\w%]|\.\d|[ \t]?(?:cm|mm|min|x\b|units?|sq))"
    rf"|[ \t](?P<spaced>25|59|RT|LT|XS|XU|XE|XP|26|TC)(?![\w%/-]|\.\d|[ \t]?(?:cm|mm|min|x\b|units?|sq|y))",
    re.IGNORECASE,
)
_UNITS_ON: Final = re.compile(
    r"[ \t]{0,2}(?:\([ \t]?)?(?:[x×*][ \t]?(?P<x>\d{1,3})|(?:times|qty|quantity)[ \t:]{1,2}(?P<times>\d{1,3})|,?[ \t]"
    r"(?P<n>\d{1,3})[ \t]units?)\b(?!\.\d|[ \t]?(?:cm|mm|x\b|×))",
    re.IGNORECASE,
)
_UNITS_IN_FRONT: Final = re.compile(r"(?<![\w.])(\d{1,3})[ \t]?(?:units?(?: of)?|x|×)[ \t]\+?$", re.IGNORECASE)

_FIVE: Final = re.compile(r"(?<![\w.$#/,@-])\+?(?P<code>\d{5}|\d{4}[FTUfu])(?!\w|\.\d)")
_FIVE_LISTED: Final = re.compile(r"(?<=[/,+&-])\+?(?P<code>\d{5}|\d{4}[FTUfu])(?!\w|\.\d)")
_LETTERED: Final = re.compile(r"(?<![\w.$#@-])\+?(?P<code>[A-HJ-MP-Va-hj-mp-v]\d{4})(?!\w|\.\d)")
_ICD_DOTTED: Final = re.compile(
    r"(?<![\w.@-])(?P<code>[A-Za-z]\d[0-9A-Za-z]\.[0-9][0-9A-Za-z]{0,3})(?![\w]|\.\d|-(?=[ \t,;.)]|$))"
)
_ICD_DOTTED_X: Final = re.compile(r"(?<![\w.@-])(?P<code>[A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4})(?![\w]|\.\d|-(?=[ \t,;.)]|$))")
_ICD_PLAIN: Final = re.compile(r"(?<![\w.@-])(?P<code>[A-Z]\d[0-9A-Z](?:[0-9A-Z]{1,4})?)(?![\w-]|\.[\w-]|[ \t]?%)")
_MODIFIER_NAMED: Final = re.compile(
    rf"\b(?:modifiers?"
    rf"|mods?)\b\.?[ \t:#]{{0,2}}-?(?P<first>{_MODIFIER})(?P<more>(?:(?:[ \t]?[,/&][ \t]?(?:and |or )?"
    rf"|[ \t](?:and|or|vs\.?)"
    rf"[ \t])-?(?:modifier |mod )?{_MODIFIER}){{0,5}})(?![\w%])"
    rf"|(?<![\w.-])-?(?P<before>(?-i:{_MODIFIER}))[ \t](?:modifiers?|mod)\b"
    rf"|\b(?:append(?:ed|ing)?|add(?:ed|ing)?|use|using|attach(?:ed)?|with|without|the|a|drop"
    rf"|remove)[ \t]-(?P<dashed>{_MODIFIER})(?![\w%]|\.\d)"
    rf"|\b(?:append(?:ed|ing)?|attach)[ \t](?:an? |the )?(?P<appended>{_MODIFIER})(?![\w%]|\.\d"
    rf"|[ \t](?:cm|mm|min|units?))",
    re.IGNORECASE,
)
_SIDES: Final = re.compile(r"(?<![\w-])(?P<a>RT|LT)/(?P<b>LT|RT)(?![\w-])")
_BARE_MODIFIER: Final = re.compile(r"(?<![\w-])-?(?P<m>X[EPSU])(?![\w-])")
_RANGE: Final = re.compile(
    r"(?<![\w.$-])(?P<low>\d{5}|[A-Z]\d{4})[ \t]?(?:-|–|—|to|through|thru)[ \t]?(?P<high>\d{5}|[A-Z]\d{4})(?![\w-])",
    re.IGNORECASE,
)
# Stretches in which no code is looked for: placeholders, drug codes, phones, dates, amounts, measures, addresses.
_ELSEWHERE: Final = re.compile(
    r"\[[A-Z]{2,8}_\d{1,6}\]|(?<![\w-])\d{4,5}-\d{3,4}-\d{1,2}(?![\w-])|\bNDC[ \t:#]{0,3}\d{10,11}"
    r"|\$[ \t]?\d[\d,]{0,12}(?:\.\d{2})?|\b\d[\d,]{0,9}(?:\.\d\d)?[ \t]?(?:dollars|usd)\b"
    r"|(?<!\w)\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\w)|\b\d{5}-\d{4}\b|,[ \t]?(?-i:[A-Z]{2})\.?[ \t]\d{5}\b"
    r"|\b(?:order|case|chart|auth|claim)[ \t](?:no\.?|number|id"
    r"|#)[ \t]{0,2}[:#]?[ \t]{0,2}\d{4,12}\b"
    r"|\b(?:zip(?: code)?|invoice|ticket|mrn|acct|account|member|policy|box|room|suite|ext|extension|npi"
    r"|tin)\b\.?[ \t]{0,2}(?:no\.?|number|id|#)?[ \t]{0,2}[:#]?[ \t]{0,2}(?:\d{4,12}\b)"
    r"|(?<![\w])C-\d{4}-\d{6}|\b[\w.+-]{1,64}@[\w.-]{1,64}|https?://\S{1,300}",
    re.IGNORECASE,
)
_NOT_COUNTED: Final = re.compile(
    r"[ \t]?(?:cm|mm|mg|mcg|ml|units? per|lbs?|kg|%|sq|square|patients|people|charts|claims|records"
    r"|feet|steps|miles|words|dollars)\b",
    re.IGNORECASE,
)
_DX_WORD: Final = re.compile(
    r"\b(?:dx|diagnos[ei]s|diagnosis|icd(?:-?10)?(?:-?cm)?|diag|pointer|assessment|medical necessity)\b[^.\n]{0,60}$",
    re.IGNORECASE,
)
# Written without their dot, these diagnoses of skin look like HCPCS codes.
_FREQUENT_DIAGNOSES: Final = frozenset({"C43", "C44", "D22", "D23", "L72", "E11"})
# Two or three signs that are something else in clinical English: a blood test, a vitamin, a vertebra, a solution.
_NO_DIAGNOSIS: Final = re.compile(r"^(?:A1C|B12|H2O|CO2|T1[0-2]|L5S1|D5W|P53|S100|H1N1|F2F|N95|G6PD)$")


@dataclass(frozen=True, slots=True)
class CodeRange:
    """A range of codes that the sender wrote: 11400-11446. It names a family and no code in it."""

    low: str
    high: str
    span: Span


def ranges(text: str) -> tuple[CodeRange, ...]:
    """Return the ranges of a text, in order: the second code is of the same form and greater than the first."""
    found = []
    for match in _RANGE.finditer(text):
        low, high = match["low"].upper(), match["high"].upper()
        if low < high and low[0].isdigit() == high[0].isdigit():
            found.append(CodeRange(low, high, Span(*match.span())))
    return tuple(found)


def read(text: str, vocabulary: Vocabulary) -> tuple[CodeMention, ...]:
    """Return every code and modifier that the text names, in its order; spans cover the code without its modifiers."""
    blank = _without(text, [match.span() for match in _ELSEWHERE.finditer(text)])
    blank = _without(blank, [(found.span.start, found.span.end) for found in ranges(text)])
    found = [*_procedures(blank), *_lettered(blank, vocabulary)]
    rest = _without(blank, [(mention.span.start, mention.span.end) for mention in found])
    found += _diagnoses(rest, vocabulary, procedures=bool(found))
    owned = [(mention.span.start, _owned_until(blank, mention)) for mention in found]
    found += _modifiers(_without(blank, owned))
    return tuple(sorted(found, key=lambda mention: (mention.span.start, mention.span.end)))


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text of the same length with these stretches made into a sign that no code holds."""
    pieces, position = [], 0
    for start, end in sorted(spans):
        if end > position:
            pieces += [text[position:start], "¦" * (end - max(start, position))]
            position = end
    return "".join([*pieces, text[position:]])


def _procedures(text: str) -> Iterator[CodeMention]:
    seen: set[int] = set()
    for pattern in (_FIVE, _FIVE_LISTED):
        for match in pattern.finditer(text):
            start, end = match.span("code")
            code = match["code"].upper()
            if start in seen or not _plausible(text, code, end):
                continue
            seen.add(start)
            yield _with_company(text, "CPT", code, start, end)


def _plausible(text: str, code: str, end: int) -> bool:
    """Tell by its form and what follows whether a number may be a code; a release without it proves nothing."""
    return "00100" <= code <= "99999" and not _NOT_COUNTED.match(text, end)


def _lettered(text: str, vocabulary: Vocabulary) -> Iterator[CodeMention]:
    for match in _LETTERED.finditer(text):
        start, end = match.span("code")
        code = match["code"].upper()
        known = vocabulary.known
        diagnosis = bool(_DX_WORD.search(text, max(0, start - 80), start))
        as_icd = bool(known and known("ICD-10-CM", _dotted(code)))
        if as_icd and (diagnosis or not (known and known("HCPCS", code))):
            continue
        if known is None and (diagnosis or code[:3] in _FREQUENT_DIAGNOSES):
            continue
        yield _with_company(text, "HCPCS", code, start, end)


def _with_company(text: str, system: str, code: str, start: int, end: int) -> CodeMention:
    """Return the mention with the modifiers and units that are written on it, in either order."""
    modifiers, position = _modifiers_on(text, end)
    units = _UNITS_ON.match(text, position)
    if units and not modifiers:
        modifiers, _ = _modifiers_on(text, units.end())
    count = next((int(value) for value in units.groups() if value), None) if units else None
    if count is None:
        in_front = _UNITS_IN_FRONT.search(text, max(0, start - 12), start)
        count = int(in_front[1]) if in_front else None
    return CodeMention(system, code, Span(start, end), modifiers, count or None)


def _modifiers_on(text: str, position: int) -> tuple[tuple[str, ...], int]:
    match = _MODIFIERS_ON.match(text, position)
    if not match:
        return (), position
    written = " ".join(value for value in match.groups() if value)
    found = tuple(
        dict.fromkeys(word.upper() for word in re.findall(r"[A-Za-z0-9]{2,3}", written) if word.lower() != "and")
    )
    return (found, match.end()) if found and all(word in MODIFIERS for word in found) else ((), position)


def _owned_until(text: str, mention: CodeMention) -> int:
    """Return where the modifiers on a code end, so that they are not read a second time as modifiers by themselves."""
    end = mention.span.end
    if mention.system in ("CPT", "HCPCS") and mention.modifiers:
        units = _UNITS_ON.match(text, end)
        for position in (end, units.end() if units else end):
            modifiers, until = _modifiers_on(text, position)
            if modifiers:
                return until
    return end


def _diagnoses(text: str, vocabulary: Vocabulary, *, procedures: bool) -> Iterator[CodeMention]:
    taken: set[int] = set()
    for pattern in (_ICD_DOTTED_X, _ICD_DOTTED):
        for match in pattern.finditer(text):
            start, end = match.span("code")
            if start not in taken:
                taken.add(start)
                yield CodeMention("ICD-10-CM", match["code"].upper(), Span(start, end))
    for match in _ICD_PLAIN.finditer(text):
        start, end = match.span("code")
        code = match["code"]
        if start in taken or _NO_DIAGNOSIS.match(code) or (len(code) < 5 and code in MODIFIERS):
            continue
        named = bool(_DX_WORD.search(text, max(0, start - 80), start))
        known = vocabulary.known
        listed = bool(known and known("ICD-10-CM", _dotted(code)))
        believed = named or (procedures and (len(code) == 3 or listed)) or (listed and len(code) > 3)
        if believed:
            yield CodeMention("ICD-10-CM", _dotted(code), Span(start, end))


def _dotted(code: str) -> str:
    return code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def _modifiers(text: str) -> Iterator[CodeMention]:
    taken: set[int] = set()
    for pattern in (_MODIFIER_NAMED, _SIDES, _BARE_MODIFIER):
        for match in pattern.finditer(text):
            first, last = match.span()
            for word in re.finditer(rf"(?<!\w){_MODIFIER}(?!\w)", text[first:last], re.IGNORECASE):
                start = first + word.start()
                code = word[0].upper()
                if code in MODIFIERS and start not in taken and _meant_as_modifier(word[0], pattern):
                    taken.add(start)
                    yield CodeMention("MODIFIER", code, Span(start, start + len(word[0])))


def _meant_as_modifier(word: str, pattern: re.Pattern[str]) -> bool:
    """Leave out words such as "as", "at" and "or" that a list of modifiers may run into."""
    return pattern is not _MODIFIER_NAMED or word.isupper() or word[-1].isdigit() or word.lower() in {"rt", "lt", "tc"}
