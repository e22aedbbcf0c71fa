"""Read the tests of a practice as a whole: what is part of another test, and what somebody else does and bills."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences

_TEST: Final = "test_name"
_PARTS: Final = {
    "cbc": frozenset({"hemoglobin", "hematocrit"}),
    "sars_cov_2_influenza": frozenset({"sars_cov_2", "influenza"}),
    "sars_cov_2_influenza_rsv": frozenset({"sars_cov_2", "influenza", "rsv", "sars_cov_2_influenza"}),
}
"""Tests whose result holds that of others, which are not reported beside it."""
_COVID: Final = re.compile(r"\b(?:covid(?:-19)?|sars[- ]?cov[- ]?2|coronavirus)\b", re.IGNORECASE)
_FLU: Final = re.compile(r"\b(?:flu|influenza)\b", re.IGNORECASE)
_RSV: Final = re.compile(r"\brsv\b", re.IGNORECASE)
_TOGETHER: Final = re.compile(
    r"\b(?:combin\w+|combo|multiplex|duplex|triplex|quad|[34][- ]?(?:plex|in[- ](?:one|1))|(?:one|single|same|1)"
    r"[ \t](?:\w+[ \t])?(?:cartridge|cassette|card|kit|test|assay|device|run)|panel)\b",
    re.IGNORECASE,
)
_COMPONENT: Final = (
    r"(?:calcium|glucose|bun|urea|creatinine|sodium|potassium|chloride|bicarb\w*|co2|albumin|protein|alt|ast|bilirubin"
    r"|alk\w* phos\w*|hdl|triglycerides?|total cholesterol)"
)
_INCOMPLETE: Final = re.compile(
    rf"\b{_COMPONENT}\b[^.;\n]{{0,40}}\b(?:back[- ]?order\w*|skipped"
    r"|not (?:run|done|resulted|performed|tested|available|reported)"
    rf"|out of (?:stock|reagent)|missing|omitted|could not be|couldn'?t be|QNS)\b"
    rf"|\b(?:minus|without|w/o|except|all but|no|skipped|omitted|missing)[ \t](?:the |a |an )?{_COMPONENT}\b"
    r"|\b(?:seven|7) of (?:the )?(?:eight|8)\b|\b(?:13|thirteen) of (?:the )?(?:14|fourteen)\b",
    re.IGNORECASE,
)
"""A panel of which a test was not done is no panel (CPT, organ or disease-oriented panels)."""
_WHOLE: Final = frozenset({"basic_panel", "comprehensive_panel", "lipid_panel", "hepatic_panel", "renal_panel"})
_LABORATORY: Final = (
    r"(?:quest|lab ?corp|(?:outside|reference|hospital|outpatient|external|commercial|send-?out|their|other)"
    r"(?: \w+)? lab\w*|(?:the|a) lab(?:oratory)?\b(?! (?:tech|assistant)))"
)
_SENT: Final = re.compile(
    rf"\b(?:sent[ \t-](?:out|off|away|to)|send[- ]?outs?|couriered|courier|forwarded to|shipped|went (?:out )?to"
    rf"|go(?:es|ing)? (?:out )?to) ?(?:the |a )?(?:{_LABORATORY})?"
    rf"|\b{_LABORATORY}[^.;,\n]{{0,24}}\b(?:bills?|billed|runs?|ran|does|did|performs?|performed|reports?)\b"
    rf"|\b(?:run|done|performed|tested|billed|processed) (?:by|at) {_LABORATORY}",
    re.IGNORECASE,
)
_DRAWN_ELSEWHERE: Final = re.compile(
    rf"[^.;\n]{{0,24}}\b(?:at|by|in) (?:the |an? )?(?:{_LABORATORY}|draw (?:site|station|center)|hospital)",
    re.IGNORECASE,
)
_DRAWS: Final = frozenset({"venipuncture", "capillary_draw"})


def completed(text: str, sentences: Sentences, subjects: Sequence[Subject]) -> Iterator[Subject]:
    """Yield the subjects without tests that are part of another one, or that somebody else does and bills."""
    tests = {str(row.values()[_TEST]) for row in subjects if _TEST in row.values()}
    if len(tests) == 0:
        yield from subjects
        return
    whole = _combined(text, sentences, subjects) if len(tests) > 1 or tests & {"sars_cov_2", "influenza"} else None
    if whole is not None:
        tests.add(str(whole.values()[_TEST]))
    held = {part for name in tests for part in _PARTS.get(name, ())}
    if tests & _WHOLE and _INCOMPLETE.search(text):
        subjects = [row for row in subjects if row.values().get(_TEST) not in {*_WHOLE, "glucose"}]
    ours = [row for row in subjects if not _elsewhere(text, sentences, row)]
    kept = ours if any(_TEST in row.values() for row in ours) else subjects
    kept = [_own(row) for row in kept if row.values().get(_TEST) not in held]
    if whole is not None and all(row.values().get(_TEST) != whole.values()[_TEST] for row in kept):
        kept.append(whole)
    yield from sorted(kept, key=lambda row: row.facts[0].span.start)


_HOW: Final = ("automated", "detection_method", "microscopy", "glucose_method")


def _own(row: Subject) -> Subject:
    """Return a test with one way of doing it: of several that the letter tells of its tests, the nearest one."""
    if _TEST not in row.values():
        return row
    place = row.facts[0].span
    facts = list(row.facts)
    for name in _HOW:
        told = [fact for fact in facts if fact.name == name]
        if len({fact.value for fact in told}) > 1:
            near = min(told, key=lambda fact: max(fact.span.start - place.end, place.start - fact.span.end))
            facts = [fact for fact in facts if fact.name != name or fact is near]
    return Subject(row.kind, tuple(facts))


def parts_of(names: Sequence[str]) -> frozenset[str]:
    """Return the tests among some that are part of another of them."""
    return frozenset(part for name in names for part in _PARTS.get(name, ()) if part in names)


def _combined(text: str, sentences: Sentences, subjects: Sequence[Subject]) -> Subject | None:
    """Return the one test for several agents of the airways: one cartridge, or a sentence that calls them combined."""
    facts = [row for row in subjects if row.values().get(_TEST) in ("sars_cov_2", "influenza", "rsv")]
    spread = _TOGETHER.search(text)
    for sentence in sentences.spans if spread else ():
        covid, flu = (pattern.search(text, sentence.start, sentence.end) for pattern in (_COVID, _FLU))
        if not (covid and flu and _TOGETHER.search(text, sentence.start, sentence.end)):
            continue
        rsv = _RSV.search(text, sentence.start, sentence.end)
        value = "sars_cov_2_influenza_rsv" if rsv else "sars_cov_2_influenza"
        start = min(covid.start(), flu.start())
        own = [fact for row in facts for fact in row.facts[1:] if fact.name != _TEST]
        near = [fact for fact in own if sentence.start <= fact.span.start < sentence.end] or own
        named = Fact(_TEST, value, Span(start, max(covid.end(), flu.end())))
        return Subject("procedure", (named, *dict.fromkeys(near)))
    return None


def _elsewhere(text: str, sentences: Sentences, row: Subject) -> bool:
    name = row.values().get(_TEST)
    if name is None:
        return False
    span = row.facts[0].span
    if name in _DRAWS:
        return bool(_DRAWN_ELSEWHERE.match(text, span.end))
    sentence = sentences.around(span.start)
    return bool(_SENT.search(text, sentence.start, sentence.end))
