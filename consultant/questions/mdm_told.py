"""Read what a letter calls the level of decision making or one of its elements: "scores high", "risk: low, because".

The writer, a note or an auditor gives the level in words. What is asked ("is it moderate or high?"), what a rule needs
and what somebody wants is no level of the visit.
"""

import re
from collections.abc import Iterator
from typing import Final

from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status

_LEVELS: Final = {
    "str": "straightforward", "min": "straightforward", "low": "low", "lim": "low", "mod": "moderate", "hig": "high",
    "ext": "high", "sf": "straightforward",
}  # fmt: skip
"""The four levels by the first letters of their names."""
_OF_MDM: Final = (
    r"(?P<level>straight ?forward|(?-i:SF)|low|moderate?|mod|high)(?![- ]?(?:risk|dose|problems?|data|to\b|enough))"
)
_OF_ELEMENT: Final = r"(?P<level>straight ?forward|minimal|minimum|low|limited|moderate?|mod|high|extensive)"
_MDM: Final = r"(?:(?-i:MDM)|mdm|m\.d\.m\.?|(?:medical )?decision[- ]making)"
_ELEMENTS: Final = {
    "problems": r"(?:(?:number (?:and|&|/) complexity of )?problems?(?: addressed| element| column| side)?|(?-i:COPA))",
    "data": r"(?:(?:amount (?:and|&|/|or)(?:/or)? complexity of )?data(?: reviewed| element| column| side"
    "| analy[sz]ed)?)",
    "risk": r"(?:(?:level of )?risk(?: element| column| side| of management| of complications)?(?! (?:for"
    "|factors?)\b))",
}
_ELEMENT: Final = "|".join(_ELEMENTS.values())
_ANY_LEVEL: Final = r"straightforward|minimal|low|limited|moderate|high|extensive"
_GAP: Final = rf"(?:(?!\b(?:{_ANY_LEVEL}|risk|problems?|data|needs?|requires?|would|if)\b)[^.;\n?])"
_MDM_THEN: Final = re.compile(rf"\b{_MDM}\b{_GAP}{{0,64}}?(?<![\w-]){_OF_MDM}\b", re.IGNORECASE)
_MDM_BEHIND: Final = re.compile(
    rf"(?<![\w-]){_OF_MDM}(?:[- ](?:level|complexity|levels?|of|the|medical|degree|in|for|its"
    rf"|overall)){{0,5}}[- ]{_MDM}\b",
    re.IGNORECASE,
)
# "High complexity" by itself is that of the decision, where no test, problem or repair is called so.
_COMPLEXITY: Final = re.compile(
    r"(?<!of )(?<!and )\b(?P<level>straight ?forward|low|moderate|mod|high)[ -]complexity\b"
    r"(?![ ,]{1,2}(?:problems?|data|labs?|tests?|analy\w+|machines?|instruments?|devices?|waived|clia|repairs?"
    r"|closures?|pt|physical|evaluation|eval|ot\b|code"
    r"|tcm|care manage"
    r"|patients?|or\b))",
    re.IGNORECASE,
)
# An audit says it without the word: "we audited it as high", "the note scores moderate".
_SCORED: Final = re.compile(
    r"\b(?:selected|assigned|entered|documented|circled|ticked|checked|marked|picked|chose|charted|wrote"
    r"|audit(?:ed|s|ors?)?|scor(?:e|es|ed|ing)"
    r"|graded?|rated?|level(?:l)?ed|(?:comes?|came) (?:out|to)|land(?:s|ed)"
    r"|adds? up|added up|reach(?:es|ed)?|support(?:s|ed)?|makes?|gives?|gave|got|all|both|three elements|elements)"
    rf"(?: (?:it|this|that|her|his|the|visit|note|as|at|on|to|out|a|an|are|were|is|for|in|with|level|of|up|only"
    rf"|elements?|agree)){{0,5}} {_OF_MDM}\b(?=[ ]*(?:[.,;:()\n]|$|level|overall|complexity|mdm|on\b|by\b|but\b"
    rf"|while\b|though\b|not\b|and (?:no"
    rf"|the)\b"
    r"|in (?:our|the|my)\b|for (?:mdm|the visit)\b))",
    re.IGNORECASE,
)
_SPEAKS_OF_IT: Final = re.compile(
    r"\b(?:mdm|decision[- ]making|e/?m|complexity|elements|audit\w*|levels?|lvls?)\b", re.IGNORECASE
)
# Between commas it is the whole decision: "est, straightforward, 3/8".
_ALONE: Final = re.compile(
    r"(?P<level>(?<=[,;/] )straight ?forward|(?:(?<=\best, )|(?<=\best\., )|(?<=\bnew, )|(?<=\bpt, )"
    r"|(?<=\bpatient, )|(?<=\bestab, )|(?<=\bestablished, ))(?:low|moderate|mod|high)"
    r"|(?<=[a-z0-9)]\. )(?:low|moderate|high)(?=\.))"
    r"(?=[ \t]?(?:[,;./\n]|$|commercial|medicare|aetna|cigna|bcbs|uhc|humana))",
    re.IGNORECASE,
)
# The levels of office and emergency codes are counted alike: 2 is straightforward, 5 is high.
_NUMBERED: Final = re.compile(
    rf"\b(?:level|lvl)[ -]?(?P<n>[2-5]) {_MDM}\b|\b{_MDM}(?: is| was|:)?(?: an?| at| of)? (?:level"
    rf"|lvl)[ -]?(?P<k>[2-5])\b",
    re.IGNORECASE,
)
_BY_NUMBER: Final = {"2": "straightforward", "3": "low", "4": "moderate", "5": "high"}
_OTHER_LEVELS: Final = re.compile(
    r"\b(?:hospital\w*|inpatient|inpt|obs\w*|consult\w*|nursing|(?-i:SNF|NH|NF|H&P)|admi\w+|home visit|house call)\b",
    re.IGNORECASE,
)
"""Places whose codes count their levels otherwise."""
_TWO_OF_THREE: Final = re.compile(
    rf"\b(?:two|2|all|three|3) (?:of|out of) (?:the |its )?(?:three|3)(?: elements)?\b{_GAP}{{0,24}}?{_OF_MDM}\b",
    re.IGNORECASE,
)
_ONE: Final = {
    name: re.compile(
        rf"\b{words}\b(?! of (?:the )?(?:\w+ )?(?:infection|bleeding|falls?))"
        rf"(?:[ \t]{{0,2}}[:=(–-]{{0,2}}[ \t]{{0,2}}|{_GAP}{{0,90}}?\b(?:is|are|was|were|as|at|scor\w+|gives?|gave"
        rf"|calls?"
        rf"|called|rates?|rated|graded?|counts?|comes? (?:out )?(?:to|at|as)|reach\w*|only|to be|both|each|also"
        rf"|makes?|made"
        rf"|puts?)[ \t](?:it |only |at most |at |as |the |a |both |each )?)"
        rf"{_OF_ELEMENT}\b(?![- ](?:(?:level |complexity )?(?:{_MDM}|decision|problems?|data|risk)))",
        re.IGNORECASE,
    )
    for name, words in _ELEMENTS.items()
}
_BEHIND: Final = {
    name: re.compile(
        rf"(?<![\w-]){_OF_ELEMENT}(?:[- ](?:level|complexity|amount|of|for|in|the"
        rf"|on)){{0,3}}[- ]{words}\b(?! (?:for|of) )",
        re.IGNORECASE,
    )
    for name, words in _ELEMENTS.items()
}
_PAIR: Final = re.compile(
    rf"\b(?P<a>{_ELEMENT})(?: and |, | & | / |/| \+ )(?:the |by )?(?P<b>{_ELEMENT})"
    rf"(?: (?:are|were|is|score|at|both|each|come out|being)){{0,3}}[ :=]{{1,2}}{_OF_ELEMENT}\b",
    re.IGNORECASE,
)
_NOT_HIGHER: Final = re.compile(
    rf"\b(?:no|not|never|without|neither|nothing|below|under|less than|did(?: not|n'?t) (?:reach|meet|get to|rise to"
    rf"|support)|was(?: not|n'?t)|is(?: not|n'?t))[ \t](?:any |a |an |of |even |at |with |to |reaching |up to )*"
    rf"(?:mod(?:erate)?|complex)(?:[ \t/,-]*(?:or|nor|and|/)?[ \t]*(?:high(?:er)?|complex|above|more))?"
    rf"(?=[ \t]*(?:(?:level|complexity|of|medical)[ \t-]*)*{_MDM}\b)"
    rf"|\b{_MDM}\b[^.;\n?]{{0,48}}?\b(?:no|not|never|neither|below|under|less than"
    rf"|n'?t)\b[^.;,\n?]{{0,20}}?\bmod(?:erate)?\b"
    rf"(?:[ \t/]*(?:or|nor|and|/)[ \t]*(?:high(?:er)?|complex|above|more))?",
    re.IGNORECASE,
)
"""That the level stayed below moderate, as the codes of care in a month ask it."""
_ASKED: Final = re.compile(
    r"\b(?:is|does|would|whether|if|could|can|should|what|which|need(?:s|ed)?|requir\w+|asks? for|wants?|for)\b"
    r"[^.;:,\n]{0,24}$",
    re.IGNORECASE,
)
_OR: Final = re.compile(rf"[ \t]{{0,2}}(?:or|vs\.?|versus|/|to)[ \t]{{0,2}}(?:{_ANY_LEVEL}|straight)", re.IGNORECASE)
_OR_BEFORE: Final = re.compile(rf"\b(?:{_ANY_LEVEL})[ \t]{{0,2}}(?:or|vs\.?|versus|/)[ \t]{{0,2}}$", re.IGNORECASE)
_NOT_BEHIND: Final = re.compile(r"[ \t,(-]{1,3}(?:but |and |so )?(?:not|no)\b", re.IGNORECASE)
_DENIED: Final = re.compile(r"\b(?:no|not|never|without|neither|nor)\b|n't\b", re.IGNORECASE)
_NEEDS: Final = re.compile(r"[ \t]+(?:mdm )?(?:needs?|requires?|asks for|would|means|starts)\b", re.IGNORECASE)


# "Which code for moderate MDM?" gives the level, and asks for the code.
_LEVEL_FOR: Final = re.compile(r"\b(?:level|code|cpt)(?: \w+)? for (?:an? )?$", re.IGNORECASE)


def level(written: str) -> str:
    """Return a level of decision making by a word for it: "mod" is moderate."""
    return _LEVELS[written.lower()[:3]]


def levels(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield the level that the letter gives the whole of decision making."""
    if not _OTHER_LEVELS.search(text):
        for match in _NUMBERED.finditer(text):
            if status(sentences, *match.span(), act=False) is Status.AFFIRMED:
                yield Fact("mdm_level", _BY_NUMBER[match["n"] or match["k"]], Span(*match.span()))
    patterns = (
        _MDM_THEN,
        _MDM_BEHIND,
        _COMPLEXITY,
        _TWO_OF_THREE,
        _ALONE,
        *((_SCORED,) if _SPEAKS_OF_IT.search(text) else ()),
    )
    for pattern in patterns:
        for match in pattern.finditer(text):
            if _given(text, sentences, match) and not (pattern is _SCORED and _of_an_element(text, sentences, match)):
                yield Fact("mdm_level", _LEVELS[match["level"].lower()[:3]], Span(*match.span()))


_NOT_COMPLEX: Final = re.compile(
    r"\bnon-?complex\b|\b(?:not|n'?t|never|nothing) (?:\w+ ){0,2}?complex\b(?! (?:care|chronic) (?:plan|codes?))",
    re.IGNORECASE,
)
"""What calls the care of a month the plain one."""


def below_moderate(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield a low level where the letter says that decision making was not moderate: "no mod or high MDM"."""
    for match in (*_NOT_HIGHER.finditer(text), *_NOT_COMPLEX.finditer(text)):
        sentence = sentences.around(match.start())
        if not text[sentence.start : sentence.end].rstrip().endswith("?"):
            yield Fact("mdm_level", "low", Span(*match.span()))
            return


def of_elements(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield the level that the letter gives each element by its name."""
    for match in _PAIR.finditer(text):
        if _given(text, sentences, match):
            for part in ("a", "b"):
                yield Fact(_name(match[part]), _LEVELS[match["level"].lower()[:3]], Span(*match.span()))
    for name in _ELEMENTS:
        for pattern in (_ONE[name], _BEHIND[name]):
            for match in pattern.finditer(text):
                if _given(text, sentences, match):
                    yield Fact(name, _LEVELS[match["level"].lower()[:3]], Span(*match.span()))


def _name(words: str) -> str:
    return next(name for name, pattern in _ELEMENTS.items() if re.fullmatch(pattern, words, re.IGNORECASE))


def _of_an_element(text: str, sentences: Sentences, match: re.Match[str]) -> bool:
    sentence = sentences.around(match.start())
    return bool(re.search(rf"\b(?:{_ELEMENT}|pain|score of)\b", text[sentence.start : match.end()], re.IGNORECASE))


def _given(text: str, sentences: Sentences, match: re.Match[str]) -> bool:
    """Tell whether a level is given, and neither asked for, nor denied, nor one of two that are weighed."""
    at = match.start("level")
    sentence = sentences.around(match.start())
    behind = text[match.end("level") : match.end("level") + 32]
    if _OR.match(behind) or _OR_BEFORE.search(text[max(0, at - 24) : at]) or _NEEDS.match(behind):
        return False
    asks = text[sentence.start : sentence.end].rstrip().endswith("?")
    before = text[sentence.start : match.start()]
    if asks and _ASKED.search(before) and not _LEVEL_FOR.search(before):
        return False
    if re.search(
        r"\b(?:whether|if|wants?|should be|would be)\b[^.;,\n]{0,24}$", text[sentence.start : at], re.IGNORECASE
    ):
        return False
    meant = status(sentences, at, match.end("level"), act=False)
    if meant is Status.PLANNED and re.search(r"\bto be\b[^.;,\n]{0,16}$", text[sentence.start : at], re.IGNORECASE):
        return True
    if meant is Status.NEGATED and _NOT_BEHIND.match(behind):
        # "Low, not complex": what is denied stands behind the level.
        return not _DENIED.search(text, sentence.start, at)
    return meant in (Status.AFFIRMED, Status.UNCERTAIN)
