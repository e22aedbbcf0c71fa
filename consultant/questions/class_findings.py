"""Count the class findings of the feet that a letter tells: what decides between Q7, Q8 and Q9.

Class A is an amputation not by injury; class B are absent pulses and three trophic changes; class C are claudication,
cold feet, edema, paresthesia and burning (Medicare Benefit Policy Manual, chapter 15, section 290 G).
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from consultant.questions.model import Span
from consultant.questions.passages import Sentences, Status, status


@dataclass(frozen=True, slots=True)
class ClassFindings:
    """What was found, in words, by its class; each thing once."""

    a: tuple[str, ...] = ()
    b: tuple[str, ...] = ()
    c: tuple[str, ...] = ()
    named: str | None = None
    """The modifier that the letter itself gives for them."""

    @property
    def modifier(self) -> str | None:
        """Return the modifier that the findings meet, None where they fall short of each."""
        if self.a:
            return "Q7"
        if len(self.b) > 1:
            return "Q8"
        return "Q9" if self.b and len(self.c) > 1 else self.named


_FEET: Final = re.compile(
    r"\b(?:feet|foot|toes?|toenails?|nails?|podiatr\w+|pedal|call?us\w*|corns?|class (?:[ABC]\b"
    r"|findings?)|11055|11056|11057"
    r"|1171[9]|1172[01]|G0127)\b",
    re.IGNORECASE,
)
_INJURY: Final = re.compile(
    r"\b(?:accident\w*|(?<!non)(?<!non-)(?<!not )traum\w*|injur\w+|lawn ?mower|crush\w*|war|machine\w*|saw)\b",
    re.IGNORECASE,
)
_AMPUTATED: Final = re.compile(
    r"\bamput\w+|\b(?:TMA|BKA|AKA|transmetatarsal|ray resection|hallux absent)\b|\blost (?:the "
    r"|his |her |a )?(?:\w+ ){0,3}toes?\b"
    r"|\btoes?\b[^.;\n]{0,20}\b(?:was |were )?(?:taken off|removed) (?:for|because|due|from|after)",
    re.IGNORECASE,
)
_DENIED_AMPUTATION: Final = re.compile(
    r"\b(?:no|without|denies|risk of|avoid|prevent\w*|at)[ \t](?:\w+[ \t]){0,3}$", re.IGNORECASE
)
_ABSENT: Final = (
    r"(?:absent|non-?palpable|not (?:palpable|felt|palpated)|unpalpable|impalpable|0/4|0/2|0/3"
    r"|missing|gone|could not be felt"
    r"|cannot be felt|can'?t (?:be felt|feel)|couldn'?t (?:be felt|feel)|not detect\w+|\(-\))"
)
_DP: Final = r"(?:dorsalis pedis|dorsalis|(?-i:DPA?|D\.P\.))"
_PT: Final = r"(?:posterior tibial(?:is)?|post(?:erior)? tib\w*|(?-i:PTA?|P\.T\.))"
_GAP: Final = (
    r"(?:(?!\b(?:palpable|present|[1-4]/4|[12]\+|intact|but|and (?:the )?(?:dp|pt|dorsalis"
    r"|posterior))\b)[^.;\n]){0,40}?"
)
_NO_PULSE: Final = r"(?:no|absent|non-?palpable|0/4|could not (?:find|feel)|cannot (?:find|feel))"
_PULSES: Final = {
    "absent dorsalis pedis pulse": re.compile(
        rf"(?<!\w){_NO_PULSE}(?!\w){_GAP}\b{_DP}\b(?![^.;,\n]{{0,14}}\b(?:palpable|present|intact|[12]\+|[1-4]/4))"
        rf"|\b{_DP}\b{_GAP}(?<!\w){_ABSENT}(?!\w)",
        re.IGNORECASE,
    ),
    "absent posterior tibial pulse": re.compile(
        rf"(?<!\w){_NO_PULSE}(?!\w){_GAP}\b{_PT}\b(?![^.;,\n]{{0,14}}\b(?:palpable|present|intact|[12]\+|[1-4]/4))"
        rf"|\b{_PT}\b{_GAP}(?<!\w){_ABSENT}(?!\w)",
        re.IGNORECASE,
    ),
}
_BOTH_PULSES: Final = re.compile(
    rf"\b{_DP}[ \t]?(?:/|and|&|\+|,)[ \t]?(?:the )?{_PT}\b{_GAP}(?<!\w){_ABSENT}(?!\w)"
    rf"|\b{_PT}[ \t]?(?:/|and|&|\+|,)[ \t]?(?:the )?{_DP}\b{_GAP}(?<!\w){_ABSENT}(?!\w)"
    rf"|(?<!\w){_NO_PULSE}[ \t](?:\w+ ){{0,2}}(?:{_DP}[ \t]?(?:/|and|&|or|nor"
    rf"|\+)[ \t]?(?:the )?{_PT}|{_PT}[ \t]?(?:/|and|&|or|nor|\+)[ \t]?(?:the )?{_DP})\b"
    rf"|\b(?:both|all(?: four)?)[ \t](?:pedal|foot|ankle)?[ \t]?pulses\b{_GAP}(?<!\w){_ABSENT}(?!\w)"
    rf"|\b(?:no|absent) (?:palpable )?(?:pedal|foot) pulses\b|\bpedal pulses\b{_GAP}(?<!\w){_ABSENT}(?!\w)",
    re.IGNORECASE,
)
_TROPHIC: Final = {
    "hair": re.compile(
        r"\b(?:(?:no|absent|decreased|diminished|reduced|loss of|lost|less|sparse|scant\w*"
        r"|missing) (?:\w+ )?hair\b|hair(?: growth| loss)? (?:is |was )?"
        r"(?:absent|decreased|diminished|reduced|lost|gone|sparse)|hair loss|hairless)",
        re.IGNORECASE,
    ),
    "nails": re.compile(
        r"\b(?:thick\w*|dystrophic|hypertrophic|mycotic)\b[^.;\n]{0,24}\bnails?\b|\bnails?\b[^.;\n]{0,24}\b(?:thick\w*|hypertrophic)\b"
        r"|\bnail (?:changes|thickening)\b",
        re.IGNORECASE,
    ),
    "pigment": re.compile(
        r"\b(?:pigment\w*|hemosiderin|discolou?r\w+ (?:of (?:the )?)?skin|skin (?:is "
        r"|was )?discolou?r\w+|discolou?ration)\b",
        re.IGNORECASE,
    ),
    "texture": re.compile(
        r"\b(?:thin(?:,| and|/)? ?shiny|shiny(?:,| and|/)? ?thin|shiny|atrophic"
        r"|thin(?:ned)?) (?:\w+ )?skin\b|\bskin\b[^.;\n]{0,24}\b(?:shiny|thin|atrophic)\b",
        re.IGNORECASE,
    ),
    "color": re.compile(r"\b(?:rubor|rubrous|redness|red skin|erythematous skin)\b", re.IGNORECASE),
}
_TROPHIC_NAMED: Final = re.compile(
    r"\badvanced trophic changes?\b|\b(?:three|3|four|4|five|5) (?:of (?:the )?(?:five |5 )?)?trophic changes?\b",
    re.IGNORECASE,
)
_CLASS_C: Final = {
    "claudication": re.compile(r"\bclaudicat\w+\b", re.IGNORECASE),
    "temperature changes": re.compile(
        r"\b(?:cold|cool) (?:feet|foot|toes?|to touch|extremit\w+)\b|\b(?:feet|foot|toes"
        r"|skin)\b[^.;\n]{0,16}\b(?:cold|cool)\b|\btemperature changes?\b",
        re.IGNORECASE,
    ),
    "edema": re.compile(r"\b(?:o?edema\w*|swelling|swollen)\b", re.IGNORECASE),
    "paresthesia": re.compile(
        r"\b(?:par(?:a)?esthesias?|tingling|pins and needles|numbness and tingling)\b", re.IGNORECASE
    ),
    "burning": re.compile(r"\bburning\b", re.IGNORECASE),
}
_TOLD: Final = re.compile(
    r"\b(?P<n>one|two|three|1|2|3|a|an)[ \t](?:documented |clear )?class[ \t](?P<c>[ABC])(?:[ \t](?:finding|sign)s?)?\b"
    r"(?![ \t]?[x×]|[ \t][123]\b)"
    r"|\bclass[ \t](?P<d>[ABC])(?:[ \t](?:finding|sign)s?)?(?:[ \t]?[x×:][ \t]?|[ \t]\(?)(?P<m>[123])\b",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(?<![\w/-])(?P<q>Q[789])\b")
_ASKED: Final = re.compile(
    r"\b(?:or|vs\.?|versus|need\w*|require\w*|which|whether|append|without|missing|forgot|omit\w*|no|not|if|should|can|may"
    r"|must|do|does)\b[^.;\n]{0,32}$",
    re.IGNORECASE,
)
_IN_QUESTION: Final = re.compile(r"[^.;,\n]{0,24}\?|[ \t]?(?:or|vs\.?|versus|/)[ \t]?Q[789]")
"""A modifier that is put to the question is told of no finding."""
_NUMBERS: Final = {"one": 1, "a": 1, "an": 1, "1": 1, "two": 2, "2": 2, "three": 3, "3": 3}


def read(text: str) -> ClassFindings:
    """Return the findings that the letter affirms; none in a letter that is not about feet."""
    if not _FEET.search(text):
        return ClassFindings()
    sentences = Sentences(text)
    b = [name for name, pattern in _PULSES.items() if _found(sentences, pattern, denied=True)]
    if _found(sentences, _BOTH_PULSES, denied=True):
        b = list(_PULSES)
    trophic = [name for name, pattern in _TROPHIC.items() if _found(sentences, pattern, denied=name == "hair")]
    if len(trophic) > 2 or _found(sentences, _TROPHIC_NAMED):
        b.append("advanced trophic changes")
    c = [name for name, pattern in _CLASS_C.items() if _found(sentences, pattern)]
    counted = _counted(text)
    a, b, c = (
        rows if len(rows) >= counted[name] else [f"{counted[name]} as your letter counts them"] * counted[name]
        for name, rows in (("A", _amputation(sentences)), ("B", b), ("C", c))
    )
    return ClassFindings(tuple(a), tuple(b), tuple(c), _named(text))


def _counted(text: str) -> Counter[str]:
    """Return how many findings of each class the letter counts: "two class B findings", "class B findings x2"."""
    counted: Counter[str] = Counter()
    for match in _TOLD.finditer(text):
        counted[(match["c"] or match["d"]).upper()] += _NUMBERS[(match["n"] or match["m"]).lower()]
    return counted


def _named(text: str) -> str | None:
    """Return the one modifier that the letter gives as a fact."""
    given = {
        match["q"]
        for match in _NAMED.finditer(text)
        if not _ASKED.search(text, max(0, match.start() - 48), match.start())
        and not _IN_QUESTION.match(text, match.end())
    }
    return given.pop() if len(given) == 1 and len(set(_NAMED.findall(text))) == 1 else None


def _amputation(sentences: Sentences) -> list[str]:
    for match in _AMPUTATED.finditer(sentences.text):
        around = sentences.around(match.start())
        before = sentences.text[max(around.start, match.start() - 32) : match.start()]
        if not _INJURY.search(sentences.text, around.start, around.end) and not _DENIED_AMPUTATION.search(before):
            return ["amputation not by injury"]
    return []


def _found(sentences: Sentences, pattern: re.Pattern[str], *, denied: bool = False) -> Span | None:
    """Return where a finding is affirmed; `denied` where its own words are a denial already: "no hair"."""
    for match in pattern.finditer(sentences.text):
        if denied or status(sentences, match.start(), match.end(), act=False) is Status.AFFIRMED:
            return Span(*match.span())
    return None
