"""Tell phrases that name a condition of the patient from the same words said of something else.

A suture is cut, a scan was made in the first trimester, a glass fell that nobody touched, a stage was worked out from
a laboratory value: none of these says what the patient has.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from consultant.questions import pregnancy
from consultant.questions.holding import Said
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences

_CAUSES: Final = "icd_external_cause"
_DATING: Final = re.compile(
    r"[ \t-]*(?:dating\b|US\b|u/s\b|ultraso\w*|sono\w*|scan\w*|screen\w*|labs?\b|bleed\w*|spotting|nausea|loss\w*"
    r"|miscarr\w*|visit|intake|test\w*|NT\b|CRL\b|CVS\b)",
    re.IGNORECASE,
)
# "On my screen, can you look?" names no can that cut.
_ASKING: Final = re.compile(
    r"[ \t](?:you|we|i|they|he|she|it|this|that|anyone|somebody|someone|be|not)\b", re.IGNORECASE
)
_THREAD_BEFORE: Final = re.compile(
    r"\b(?:sutures?|stitch\w*|staples?|threads?|nylon|prolene|ethilon|vicryl|knots?|loops?|wires?)\b"
    r"(?:(?!\b(?:from|of|for|in|after)\b)[^.;\n]){0,20}$",
    re.IGNORECASE,
)
_THREAD_BEHIND: Final = re.compile(
    r"[ \t]*(?:and|,|&)?[ \t]*(?:drawn|pulled|removed|taken out|extracted)\b"
    r"|[ \t]+(?:the|all|both|each|every|\d+)?[ \t]*(?:\w+ )?(?:sutures?|stitch\w*|threads?|knots?|loops?)\b",
    re.IGNORECASE,
)
_CUT_AWAY: Final = re.compile(r"cut(?:ting)?[ \t](?:off|out|away)\b(?![ \t]by\b)", re.IGNORECASE)
"""What a surgeon cut out is none of the patient's wounds."""
_UNLINKED: Final = re.compile(
    r"[^.;\n]{0,40}(?:\bnot\b|n['’]t\b)[^.;\n]{0,16}"
    r"\b(?:due to|from|related to|caused by|secondary to|because of|attribut\w+ to)[ \t](?:the |his |her |any )?"
    r"(?:hypertension|htn|high blood pressure)\b"
    r"|[^.;\n]{0,40}\bunrelated to (?:the |his |her )?(?:hypertension|htn|high blood pressure)\b",
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"[ \t](?:down[ \t])?(?:off|from|out of)\b(?![ \t](?:standing|(?:an? )?unknown))", re.IGNORECASE
)
"""A fall from a thing that no phrase knows is not one of unknown kind."""
_IN_GENERAL: Final = re.compile(
    r"\b(?:for|with|on|of|our|all|these|those|coding|code)[ \t](?:the[ \t]|all[ \t])?falls$", re.IGNORECASE
)
"""Falls as a kind of case are no fall of a patient: "I like to use them for the falls"."""
_NO_FALL: Final = re.compile(
    r"\b(?:no|not|never|didn'?t|without|denie[sd])[ \t](?:a[ \t]|any[ \t])?fall", re.IGNORECASE
)
_SLIPPED_THING: Final = re.compile(
    r"\b(?:handle|knife|blade|hand|finger|grip|tool|saw|scissors|pot|pan|lid|jack|wrench|chisel|hammer|screwdriver"
    r"|glass"
    r"|cup|needle|razor|cutter|ladder|drill|grinder|peeler)s?[ \t](?:(?:had|has|just|then|suddenly)[ \t])?$",
    re.IGNORECASE,
)
"""A thing that slips from the hand, or in it, is no fall of the person."""
_UNTOUCHED: Final = re.compile(
    r"\b(?:(?:did(?:n'?t| not)|never) (?:\w+ )?touch\w*"
    r"|(?:was|were)(?:n'?t| not) (?:\w+ )?(?:touched|the cause)"
    r"|not (?:the cause|what (?:cut|hurt|bit))|nothing to do with)\b",
    re.IGNORECASE,
)
_NO_STAGE: Final = re.compile(
    r"\b(?:no|without(?: a| any)?)(?: (?:ckd|documented|written|named|explicit))* stage\b"
    r"(?! (?:change|progression))"
    r"|\bstage[^.;\n]{0,30}\b(?:not|never|isn'?t|wasn'?t|nowhere)\b[^.;\n]{0,20}"
    r"\b(?:document\w*|given|stated|written|named|recorded|mentioned|specified|there)"
    r"|\b(?:did(?:n'?t| not)|does(?:n'?t| not)|never)[ \t](?:\w+ )?"
    r"(?:document|write|give|state|name|record|mention|specify|put)[^.;\n]{0,20}\bstage\b",
    re.IGNORECASE,
)
_RESULT_BEHIND: Final = re.compile(
    r"(?:ing|ed)?(?:[ \t](?:test|for \w+))?[ \t]?[:=,(-]?[ \t]?(?:(?:was|is|were|came back)[ \t])?"
    r"(?:normal|neg(?:ative)?|passed|fine|wnl|ok|pos(?:itive)?|done|\d)\b",
    re.IGNORECASE,
)
"""A screening of a pregnancy that is told with its result is no reason for the encounter."""
_THANKS: Final = re.compile(r"\bthank(?:s|[ \t]you)\b[^.;\n]{0,16}\b(?:wait\w*|patien\w+|path\w*)", re.IGNORECASE)
_CAUSE_ALONE: Final = re.compile(
    r"\bno (?:place|activity|status)\b|\bwithout (?:the )?(?:place|activity|status)\b"
    r"|\b(?:only|just)\b[^.;\n]{0,24}\bone code\b|\bexternal[- ]cause only\b"
    r"|\bcause codes? (?:only|alone)\b|\bcauses? ?(?:\+|and|&|plus) ?(?:the )?place (?:codes? )?only\b"
    r"|\bstatus[^.;\n]{0,20}\b(?:not needed|left out|done|have)\b",
    re.IGNORECASE,
)
_STATUS_ASKED: Final = re.compile(
    r"\b(?:(?:which|what|the|a|right|correct)[ \t](?:\w+[ \t]){0,2}(?:code|one)"
    r"|codes?)[ \t](?:\w+[ \t]){0,2}(?:for|of)[^.;?\n]{0,40}\bstatus\b"
    r"|\b(?:and|which|what|the)[ \t](?:(?:which|what|the|external[- ]cause)[ \t])?status[ \t]codes?\b"
    r"|\bY99\b[^.;\n]{0,20}\?"
    r"|\b(?:cause|place|activity|where|what)(?:,|,? (?:and|plus|&)|[ ]?[/+&]) ?(?:the )?status\b(?! (?:is|was|not"
    r"|code (?:is|was)))",
    re.IGNORECASE,
)
_KIN: Final = (
    r"(?:mother|father|mom|mum|dad|brother|sister|sibling|parent|grand(?:mother|father|ma|pa|parent)|aunt|uncle|cousin"
    r"|son|daughter|niece|half-?sister|family)"
)
_LINK: Final = r"(?:(?!\b(?:no|not|denie[sd]|never|without|patient|she|he)\b)[^.;\n]){0,48}?"
_IN_FAMILY: Final = {
    name: re.compile(
        rf"\b{_KIN}s?\b{_LINK}\b(?:{what})|\b(?:{what}){_LINK}\b(?:in|of)[^.;\n]{{0,16}}\b{_KIN}s?\b", re.I
    )
    for name, what in {
        "family_breast_cancer": r"breast (?:cancer|ca|carcinoma)\b|(?:cancer|ca|carcinoma) of the breast\b",
        "family_colorectal_cancer": r"(?:colon|rectal|colorectal|bowel|stomach) (?:cancer|ca|carcinoma)\b|CRC\b",
    }.items()
}
_NO_KIN: Final = re.compile(r"\b(?:no|denie[sd]|negative|without|neither|not)\b[^.;\n]{0,40}$", re.IGNORECASE)


def of_patient(text: str, sentences: Sentences, said: Sequence[Said]) -> list[Said]:
    """Leave out the phrases whose words are said of something else than what the patient has."""
    unstaged, alone = bool(_NO_STAGE.search(text)), bool(_CAUSE_ALONE.search(text)) and not _STATUS_ASKED.search(text)
    in_pregnancy = pregnancy.told(text)
    kept = []
    for row in map(partial(_linked, text), said):
        span, name = row.fact.span, row.fact.name
        before, behind = text[max(0, span.start - 48) : span.start], text[span.end : span.end + 40]
        here = sentences.around(span.start)
        elsewhere = (
            (name == "pregnancy_stage" and _DATING.match(behind))
            or (name == "ckd_stage" and unstaged and row.fact.value != "unspecified")
            or (name == "external_cause_status" and alone)
            or (str(row.fact.value).endswith("_screening") and in_pregnancy and _RESULT_BEHIND.match(behind))
            or (row.fact.value == "pending" and _THANKS.search(text[max(0, span.start - 12) : span.end]))
            or (text[span.start : span.end].lower().endswith("can") and _ASKING.match(behind))
            or (text[span.start : span.end].lower() == "cut" and _of_thread(before, behind))
            or (row.fact.value == "laceration" and _CUT_AWAY.match(text, span.start))
            or (row.phrase.family == _CAUSES and row.fact.value == "fall" and _FROM.match(behind))
            or (row.fact.value == "cooking" and re.search(r"\bcooks?\b", text[span.start : span.end], re.IGNORECASE))
            or (row.fact.value == "fall" and _IN_GENERAL.search(text, max(0, span.start - 24), span.end))
            or (row.fact.value == "fall_slipping" and (_NO_FALL.search(text) or _SLIPPED_THING.search(before)))
            or (row.phrase.family == _CAUSES and name == "condition" and _UNTOUCHED.search(text, here.start, here.end))
        )
        if not elsewhere:
            kept.append(row)
    return _superimposed(kept)


_PREECLAMPSIA: Final = frozenset({"preeclampsia", "preeclampsia_mild", "preeclampsia_severe"})


def _superimposed(said: list[Said]) -> list[Said]:
    """Read preeclampsia beside hypertension from before as one on top of the other, which O14 excludes (O11)."""
    if not any(row.fact.value == "essential_hypertension" for row in said):
        return said
    return [
        replace(row, fact=replace(row.fact, value="superimposed_preeclampsia"))
        if row.fact.name == "condition" and row.fact.value in _PREECLAMPSIA
        else row
        for row in said
    ]


def _linked(text: str, row: Said) -> Said:
    """Return a heart failure that the provider parts from the hypertension as one that is unrelated to it."""
    if row.fact.value != "heart_failure" or not _UNLINKED.match(text, row.fact.span.end):
        return row
    return replace(row, fact=replace(row.fact, value="unrelated"))


def _of_thread(before: str, behind: str) -> bool:
    return bool(_THREAD_BEFORE.search(before) or _THREAD_BEHIND.match(behind))


def of_family(text: str) -> Iterator[Fact]:
    """Yield the cancers of relatives, however the letter joins the two: "her sister was treated for breast cancer"."""
    for name, pattern in _IN_FAMILY.items():
        for match in pattern.finditer(text):
            if not _NO_KIN.search(text, max(0, match.start() - 48), match.start()):
                yield Fact(name, True, Span(*match.span()))
                break
