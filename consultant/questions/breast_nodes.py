"""Read what was done beside a mastectomy: whether the axilla was cleared, and of which side."""

import re
from typing import Final

from consultant.questions import breast_told
from consultant.questions.aside import Aside
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences

_CLEARED: Final = r"(?:clear(?:ed|ing)|dissect(?:ed|ion of)|remov(?:ed|ing)|clearance of|empt(?:ied|ying))"
_LEVELS: Final = r"levels? (?:i|1)\b"
_NODES: Final = breast_told.words(
    rf"{_CLEARED} (?:\w+ ){{0,3}}{_LEVELS}|{_LEVELS}[^.;\n]{{0,24}}?\b(?:were |was )?(?:fully |completely )?{_CLEARED}"
    rf"|axill(?:a|ary (?:contents|fat pad))(?: (?:was|were))?(?: (?:fully|completely|then|formally))? {_CLEARED}|"
    r"(?:full |complete |formal )?(?:axillary|ax\.?) (?:lymph )?(?:node )?(?:dissection|lymphadenectomy|clearance)"
    r"|ALND|axillary contents"
    r"|levels? (?:i|1)(?:,? (?:and|&|-|to) (?:ii|2|iii|3))? (?:nodes?|axillary)"
)
_NO_NODES: Final = breast_told.words(
    r"(?:no|without(?: any)?|not) (?:axillary |lymph |sentinel )*(?:nodes?|dissection|surgery of the axilla"
    r"|axillary (?:surgery|dissection))"
    r"|(?:did ?n[o’']t|did not|never) (?:take|remove|touch|sample|excise|dissect|clear|go after|do)(?: out)?(?: any"
    r"| the| a)?"
    r"(?: single| sentinel| axillary| lymph)* ?(?:nodes?|axilla|armpit)"
    r"|(?:lymph |axillary )*(?:nodes?|axilla|armpit) (?:(?:was|were|is|are) )?(?:not (?:touched|taken|removed"
    r"|sampled|dissected|entered)"
    r"|left (?:alone|in place|untouched))"
    r"|sentinel(?: lymph)?(?: node)?(?: (?:biops\w+|bx|mapping))?|SLNB?|slnbx?"
)
_IORT: Final = breast_told.words(r"IORT|intra-?operative radi(?:ation|otherapy)|(?:radiation|brachytherapy) applicator")


def read(text: str, sentences: Sentences, aside: Aside) -> list[Fact]:
    """Return whether the axilla was dissected, and whether an applicator was placed for radiation."""
    facts = []
    if breast_told.weighed(sentences, _NODES):
        # "I cannot tell whether it was sentinel or the full dissection" tells of neither.
        pass
    elif span := breast_told.told(text, sentences, aside, _NODES):
        facts.append(Fact("axillary_dissection", True, span))
    elif span := breast_told.denied(text, sentences, None, _NO_NODES) or breast_told.denied(
        text, sentences, aside, _NODES
    ):
        facts.append(Fact("axillary_dissection", False, span))
    if span := breast_told.told(text, sentences, aside, _IORT):
        facts.append(Fact("radiation_applicator", True, span))
    return facts


_SIDE_OF_NODES: Final = re.compile(r"[^.;\n]{0,16}?\b(?:on|of|in) (?:the |her )?(?P<s>left|right)\b", re.IGNORECASE)
_SIDE_BEFORE: Final = re.compile(r"\b(?P<s>left|right)[ \t](?:[\w-]+[ \t])?$", re.IGNORECASE)


def by_side(text: str, facts: list[Fact], sides: list[Fact]) -> list[Subject]:
    """Return the operation, once for each breast where the axilla was cleared on one side of both."""
    cleared = next((fact for fact in facts if fact.name == "axillary_dissection" and fact.value is True), None)
    both = any(fact.value == "bilateral" for fact in sides)
    named = cleared and (
        _SIDE_OF_NODES.match(text, cleared.span.end)
        or _SIDE_BEFORE.search(text, max(0, cleared.span.start - 24), cleared.span.start)
    )
    if not (cleared and both and named):
        return [Subject("procedure", (*facts, *sides))]
    with_nodes = named["s"].lower()
    without = "right" if with_nodes == "left" else "left"
    span = Span(*named.span("s"))
    rest = [fact for fact in facts if fact is not cleared]
    return [
        Subject("procedure", (*rest, cleared, Fact("laterality", with_nodes, span))),
        Subject(
            "procedure", (*rest, Fact("axillary_dissection", False, cleared.span), Fact("laterality", without, span))
        ),
    ]
