"""Read screenings that a note tells of by what was done and why, without calling them so in one phrase."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from consultant.questions.counting import NUMBER, number
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status
from consultant.questions.visit_words import SERVICES

_TEST: Final = "screening_test"
_SCREENING: Final = re.compile(
    r"\bscreen(?:ing|ed)?\b|\bZ12\.1\d\b|\bZ86\.01\d*\b|\bsurveillance\b|\bwithout (?:any )?symptoms\b|\basymptomatic\b"
    r"|\b(?:next|repeat|due for|follow[- ]?up) (?:one|colonoscopy|scope|exam)\b|\bG0105\b|\bG0121\b|\b(?:history"
    r"|hx|h/o)"
    r" of (?:\w+ )?(?:adenoma\w*|polyps?)",
    re.IGNORECASE,
)
_SCOPE: Final = re.compile(
    r"\bcolonoscop\w+|\b(?:(?:colono)?scope|instrument|exam)\b[^.;\n]{0,40}\b(?:cecum|caecum|terminal ileum)\b",
    re.IGNORECASE,
)
_BOWEL: Final = re.compile(
    r"\b(?:cecum|caecum|cecal|terminal ileum|G0105|G0121|colon|colorectal|bowel|crc|rectal cancer)\b|\bcolonoscop",
    re.IGNORECASE,
)
_TAKEN_OUT: Final = re.compile(
    r"\b(?:polypectom\w+|(?:cold |hot )?snared?|cold forceps|hot forceps|biops(?:y|ies|ied)|bx'?d?|removed|resected"
    r"|ablat\w+|banded|clipped)\b",
    re.IGNORECASE,
)
_SIGN: Final = re.compile(
    r"\b(?:hematochezia|melena|rectal bleed\w*|bleeding|anemia|diarrhea|weight loss"
    r"|positive (?:stool culture|o&p))\b",
    re.IGNORECASE,
)
_FINE: Final = re.compile(
    r"\bno (?:(?:family|personal)[^.;\n]{0,16} )?(?:history|hx|colorectal|colon ca\w*|ibd)\b|\baverage[- ]risk\b"
    r"|\bno (?:polyps? ever|adenomas?)\b|\b(?:family|fh|fhx)(?: history)?:? (?:none|negative|no\b)",
    re.IGNORECASE,
)
_RISK: Final = re.compile(
    r"\b(?:high[- ]risk|lynch|crohn\w*|ulcerative colitis|(?:history|hx|h/o|personal history"
    r"|phx?) (?:of )?(?:[\w-]+ ){0,2}?"
    r"(?:adenoma\w*|polyps?|colo\w+ cancer|colon ca|crc)|(?:adenoma\w*|polyps?)\b[^.;\n]{0,40}\b(?:in|of|on|from|at the"
    r" last|last time|(?:\d|two|three|four|five|six) years ago)\b|(?:in|of"
    r"|on) (?:\w+ )?(?:\d{1,2}/)?20[012]\d\b[^.;\n]{0,40}"
    r"\b(?:adenoma\w*|polyps?)|(?:prior|previous|earlier|past|last time) [^.;\n]{0,16}(?:adenoma\w*|polyps?))\b"
    r"|\b(?:mother|father|brother|sister|parent|sibling)\b[^.;\n]{0,24}\bcol(?:on|orectal)",
    re.IGNORECASE,
)
_STOOL_TESTS: Final = frozenset({"stool_dna", "stool_immunochemical", "stool_guaiac", "blood_biomarker"})
_AFTER_TEST: Final = re.compile(
    r"\b(?:positive|abnormal|pos) (?:fit|cologuard|stool|shield)"
    r"|\b(?:fit|cologuard|stool[ -](?:\w+[ -])?(?:test|dna|kit|card)s?|ifobt|fobt"
    r"|shield)\b[^.;\n]{0,48}\b(?:pos\b|positive"
    r"|abnormal)",
    re.IGNORECASE,
)
_OF_NONE: Final = re.compile(
    r"\b(?:consent\w*|risks?|possible|explained|denies|no|nothing|none|(?:19|20)\d\d|ago|history|hx)\b", re.IGNORECASE
)
"""Words of a sentence that names a removal or a sign which was none of this examination."""
_STOOL_NAMED: Final = re.compile(r"\b(?:fit|cologuard|shield|ifobt|fobt|stool|guaiac)\b", re.IGNORECASE)
_FIRST_IN: Final = re.compile(
    rf"\b(?:first|1st) (?:\w+ ){{0,2}}?(?:one|colonoscopy|scope|exam|screening|test) in (?P<n>{NUMBER}) (?:years|yrs)\b"
    rf"|\b(?:last|prior|previous|earlier) (?:one|colonoscopy|c?-?scope|exam)\b[^.;\n]{{0,24}}"
    rf"\b(?P<k>{NUMBER}) ?(?:years|yrs|y) (?:ago|back|before|earlier|prior)\b",
    re.IGNORECASE,
)
_NEVER: Final = re.compile(
    r"\b(?:first(?:[- ]ever)? (?:screening )?colonoscopy|never had (?:one|an?y? (?:\w+ )?(?:colonoscopy|scope))"
    r"|no (?:prior|previous) (?:colonoscop\w+|scopes?))\b",
    re.IGNORECASE,
)
_FIRST_EVER: Final = 999
_PELVIC: Final = (
    r"breasts?", r"axilla\w*", r"(?:external )?genitalia|vulva", r"urethra\w*", r"bladder", r"vagina\w*", r"cervix",
    r"uterus", r"adnexa\w*|ovar\w+", r"anus|perineum", r"rectal|rectum",
)  # fmt: skip
"""What Medicare's pelvic screening examination is made of; seven of eleven are needed."""
_ELEMENTS: Final = tuple(re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in _PELVIC)
_ENOUGH: Final = 7


_BY_AIM: Final = (
    (
        "lung_counseling",
        re.compile(
            r"\bshared[- ]decision(?:[- ]making)?\b|\b(?-i:SDM)\b|\bdecision aid\b"
            r"|\bcounsel\w*[^.;\n]{0,24}\b(?:visit|session|talk)\b"
            r"|\bcounsel\w*[^.;\n]{0,40}\b(?:LDCT|low[- ]dose (?:chest )?CT|lung (?:cancer|ca) screen\w*)",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?:LDCT|low[- ]dose|lung (?:cancer |ca )?(?:ct )?screen\w*|lung screen\w*)\b", re.IGNORECASE),
    ),
    (
        "aorta_ultrasound",
        re.compile(
            r"\b(?:ultraso\w+|sonogra\w+|duplex|(?-i:US|u/s)|scan)\b[^.;\n]{0,60}\b(?:aortic aneurysms?|(?-i:AAA)"
            r"|aneurysm"
            r"|abd\w* aorta)\b|\b(?:(?-i:AAA)|abd\w* aort(?:a|ic))[^.;\n]{0,24}\b(?:ultraso\w+|sonogra\w+|(?-i:US)"
            r"|scan)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\bscreen\w*|\b(?:to )?(?:look|looking|check|checking) for\b[^.;\n]{0,24}\b(?:aneurysm|AAA)"
            r"|\bone[- ]time\b"
            r"|\bonce in a lifetime\b",
            re.IGNORECASE,
        ),
    ),
)
"""Screening, the deed that tells of it, and the aim that must be told somewhere in the letter."""
_SMOKED: Final = re.compile(
    r"\b(?:smok(?:ed|er|es|ing)|pack[- ]?(?:years?|yrs?)|ppd|cigarettes?|tobacco use|family history of (?:an? )?(?:AAA"
    r"|abdominal aortic))\b",
    re.IGNORECASE,
)
_NEVER_SMOKED: Final = re.compile(r"\b(?:never|non)[- ]?smok\w+|\bnever (?:used )?(?:tobacco|cigar\w+)", re.IGNORECASE)
_SCAN: Final = re.compile(
    r"\b(?:LDCT|low[- ]dose (?:chest |lung )?CT|71271|CT (?:scan )?of the (?:chest|lungs?))\b", re.IGNORECASE
)
_REPORT: Final = re.compile(
    r"\blung-?rads\b|(?:^|\n)[ \t]*(?:technique|findings|impression)[ \t]?:"
    r"|\bdecision (?:making )?(?:visit )?(?:is )?on file\b",
    re.IGNORECASE,
)
"""The report of a scan, for which the talk about it was on another day."""
_OWN_SCAN: Final = re.compile(
    r"\b(?:we|our \w+|i) (?:also )?(?:did|own|performed|scanned|read|interpret\w*|ran|took|do)\b|\b(?:performed"
    r"|scanned|done"
    r"|took place) (?:here|same day|that day|on (?:our|the same))\b|\b71271\b|\bscan (?:was )?(?:done|performed)\b",
    re.IGNORECASE,
)


def completed(text: str, sentences: Sentences, subjects: Sequence[Subject], *, medicare: bool) -> Iterator[Subject]:
    """Yield the subjects, with the screening codes of Medicare where it pays and the note tells of such a service."""
    found = [_stool(row) for row in subjects] if medicare else list(subjects)
    found = [_of_scope(row, sentences) for row in found]
    if not medicare and _WELL_WOMAN.search(text):
        # For other payers the examination is part of the preventive visit.
        found = [row for row in found if row.values().get(_TEST) != "pelvic_breast_exam"]
    tests = {row.values().get(_TEST) for row in found}
    if medicare and "colonoscopy" not in tests and (scope := _colonoscopy(text, sentences)):
        found.append(scope)
    if any(row.values().get(_TEST) == "colonoscopy" for row in found) and _AFTER_TEST.search(text):
        # The stool test that was positive is why the colonoscopy was done, and no service of this day.
        found = [row for row in found if row.values().get(_TEST) not in _STOOL_TESTS]
    if medicare and "pap_collection" in tests and "pelvic_breast_exam" not in tests:
        found += _pelvic(text, found)
    found += _told(text, sentences, found) if medicare else ()
    if any(row.values().get(_TEST) == "lung_counseling" for row in found) and not _scanned(text, sentences):
        # The scan that the counseling ordered is for another day, and often for another's claim.
        found = [row for row in found if row.values().get(_TEST) != "lung_ct"]
    yield from found


def _told(text: str, sentences: Sentences, found: Sequence[Subject]) -> Iterator[Subject]:
    """Yield screenings that the letter tells of by their aim: a talk to decide on the scan, a look for an aneurysm."""
    tests = {row.values().get(_TEST) for row in found}
    for test, deed, aim in _BY_AIM:
        match = _first(sentences, deed, act=True)
        if (
            match
            and test not in tests
            and aim.search(text)
            and not (test == "lung_counseling" and _REPORT.search(text))
        ):
            facts = (Fact(name, value, Span(*told.span())) for name, value, told in _risk_of(text))
            yield Subject("procedure", (Fact(_TEST, test, Span(*match.span())), *facts))


def _risk_of(text: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    smoked = _SMOKED.search(text)
    if smoked and not _NEVER_SMOKED.search(text):
        yield "screening_risk", "high", smoked


def _scanned(text: str, sentences: Sentences) -> bool:
    """Tell whether the sender took or read the scan of the lungs."""
    return bool(_REPORT.search(text)) or any(
        _OWN_SCAN.search(text, sentences.around(match.start()).start, sentences.around(match.start()).end)
        for match in _SCAN.finditer(text)
    )


def with_visit(seen: Sequence[Subject], made: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return the services, the rectal examination of the prostate with the office visit of the same date."""
    visit = next((row.facts[0] for row in seen if row.values().get("visit_kind") == "office_visit"), None)
    if visit is None:
        return tuple(made)
    fact = Fact("visit_same_day", value=True, span=visit.span)
    return tuple(
        Subject(row.kind, (*row.facts, fact)) if row.values().get(_TEST) == "prostate_exam" else row for row in made
    )


def beside(
    found: list[Subject], seen: tuple[Subject, ...], made: Sequence[Subject]
) -> tuple[list[Subject], tuple[Subject, ...]]:
    """Return the lesions and the visits without those that a report of an endoscopy only seems to tell of.

    It tells of no biopsy of skin, and its place and time are those of no visit.
    """
    if all(row.values().get(_TEST) != "colonoscopy" and "colon_technique" not in row.values() for row in made):
        return found, seen
    left = [row for row in found if {fact.name for fact in row.facts} - {"technique"}]
    return left, tuple(row for row in seen if row.values().get("visit_kind") in SERVICES)


def _of_scope(row: Subject, sentences: Sentences) -> Subject:
    """Return a screening with what only an endoscopy tells: whether something was taken out, and what it followed."""
    test = row.values().get(_TEST)
    if test is None:
        return row
    if test not in _ENDOSCOPIES:
        return Subject(row.kind, tuple(fact for fact in row.facts if fact.name not in _ONLY_OF_SCOPES))
    done = row.values().get("turned_therapeutic") is None and _done(sentences, _TAKEN_OUT, act=True)
    taken = (Fact("turned_therapeutic", value=True, span=row.facts[0].span),) if done else ()
    return Subject(row.kind, (*row.facts, *taken, *_interval(sentences.text, row)))


def _interval(text: str, row: Subject) -> Iterator[Fact]:
    """Yield what a colonoscopy followed where no phrase told it: a stool test that was positive, or the last one."""
    values = row.values()
    after, known = _AFTER_TEST.search(text), _STOOL_NAMED.search(text)
    if values.get(_TEST) == "colonoscopy" and "follow_on_colonoscopy" not in values and (after or not known):
        span = Span(*after.span()) if after else row.facts[0].span
        yield Fact("follow_on_colonoscopy", value=after is not None, span=span)
    first = _FIRST_IN.search(text)
    if first and "months_since_last" not in values:
        years = number(first["n"] or first["k"])
        yield Fact("months_since_last", 12 * years - 1, Span(*first.span()))


_WELL_WOMAN: Final = re.compile(
    r"\b(?:well[- ]woman|annual (?:gyn\w*|exam|physical|visit)|gyn\w* annual|yearly (?:gyn\w*|exam|physical)|preventive"
    r"|physical)\b",
    re.IGNORECASE,
)
_ENDOSCOPIES: Final = frozenset({"colonoscopy", "sigmoidoscopy"})
_ONLY_OF_SCOPES: Final = frozenset({"turned_therapeutic", "follow_on_colonoscopy"})


def _stool(row: Subject) -> Subject:
    """Return an immunochemical stool test without a sign as the screening that it is for Medicare."""
    values = row.values()
    if (values.get("stool_method"), values.get("stool_purpose")) != ("immunochemical", "screening"):
        return row
    first, *rest = row.facts
    kept = (fact for fact in rest if not fact.name.startswith("stool_"))
    return Subject(row.kind, (Fact(_TEST, "stool_immunochemical", first.span), *kept))


def _colonoscopy(text: str, sentences: Sentences) -> Subject | None:
    """Return the screening colonoscopy that a report tells of: a scope to the cecum, for screening, nothing taken."""
    scope = _first(sentences, _SCOPE, act=True)
    after, risk = (_first(sentences, one, act=False) for one in (_AFTER_TEST, _RISK))
    why = next((row for row in _SCREENING.finditer(text) if _meant(sentences, row)), None)
    why = why or after
    if scope is None or why is None or not _BOWEL.search(text):
        return None
    if _done(sentences, _TAKEN_OUT, act=True) or _done(sentences, _SIGN, act=False):
        return None
    facts = [Fact(_TEST, "colonoscopy", Span(*scope.span()))]
    facts.append(Fact("follow_on_colonoscopy", value=after is not None, span=Span(*(after or why).span())))
    plain = _FINE.search(text)
    if risk:
        facts.append(Fact("screening_risk", "high", Span(*risk.span())))
    elif plain:
        facts.append(Fact("screening_risk", "average", Span(*plain.span())))
    if after is None and (never := _NEVER.search(text)):
        facts.append(Fact("months_since_last", _FIRST_EVER, Span(*never.span())))
    facts.append(Fact("turned_therapeutic", value=False, span=Span(*scope.span())))
    row = Subject("procedure", tuple(facts))
    return Subject("procedure", (*facts, *_interval(text, row)))


def _pelvic(text: str, found: Sequence[Subject]) -> Iterator[Subject]:
    """Yield the pelvic and breast examination beside the smear, where the note goes through enough of its elements."""
    seen = [match for pattern in _ELEMENTS if (match := pattern.search(text))]
    if len(seen) < _ENOUGH:
        return
    pap = next(row for row in found if row.values().get(_TEST) == "pap_collection")
    first = min(seen, key=lambda match: match.start())
    yield Subject(pap.kind, (Fact(_TEST, "pelvic_breast_exam", Span(*first.span())), *pap.facts[1:]))


def _done(sentences: Sentences, pattern: re.Pattern[str], *, act: bool) -> bool:
    """Tell whether the letter affirms it of this day: not as a risk that was explained, and not of a year before."""
    for match in pattern.finditer(sentences.text):
        sentence = sentences.around(match.start())
        around = sentences.text[sentence.start : sentence.end]
        if status(sentences, *match.span(), act=act) is Status.AFFIRMED and not _OF_NONE.search(around):
            return True
    return False


def _first(sentences: Sentences, pattern: re.Pattern[str], *, act: bool) -> re.Match[str] | None:
    """Return the first match that the letter affirms."""
    rows = pattern.finditer(sentences.text)
    return next((row for row in rows if status(sentences, *row.span(), act=act) is Status.AFFIRMED), None)


def _meant(sentences: Sentences, match: re.Match[str]) -> bool:
    return status(sentences, *match.span(), act=False) in (Status.AFFIRMED, Status.UNCERTAIN)
