"""Read vaccines: how many products of each kind, their further components, and who counseled about them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences
from consultant.questions.said import Said

ONE_AT_A_TIME: Final = frozenset({"influenza"})
"""Kinds of which a visit gives one product."""
_WHO: Final = (
    r"(?:physicians?|pediatricians?|doctors?|dr\.?|docs?|providers?|practitioners?|(?-i:MD|DO|NP|PA|QHP|APRN|ARNP|CRNP|PNP|FNP)"
    r"|nurse practitioner|physician assistant)"
)
_TALKED: Final = (
    r"(?:counsel\w*|talk\w*|discuss\w*|explain\w*|went (?:over|through)|go(?:es)? over|review\w*|spoke|walked)"
)
_VACCINES: Final = (
    r"(?:vaccin\w*|immuni[sz]\w*|shots?|components?|antigens?|diseases?"
    r"|each (?:one|of)|about (?:it|them|this|these|all)|every one|them all|vis)"
)
_COUNSELED: Final = re.compile(
    rf"\b{_WHO}\b\.?(?:(?!\b(?:no|not|never|without|nor)\b|n't)[^.;\n]){{0,48}}?\b{_TALKED}\b[^.;\n]{{0,64}}?\b{_VACCINES}\b"
    rf"|\b{_TALKED}\b[^.;\n]{{0,64}}?\b{_VACCINES}\b[^.;\n]{{0,48}}?\bby (?:the |our |her |his )?{_WHO}\b",
    re.IGNORECASE,
)
_NOBODY: Final = re.compile(
    rf"\b(?:no|without|w/o|wo)[ \t](?:an?[ \t]|any[ \t]|the[ \t])?{_WHO}\b(?![ \t](?:note|order|documentation))"
    rf"|\b(?:nurse|ma|rn|lpn)[ \t-](?:visit[ \t])?only\b|\b{_WHO}\b[^.;\n]{{0,16}}(?:did not|didn't|never|was not"
    rf"|wasn't)[^.;\n]{{0,24}}"
    rf"\b(?:{_TALKED}|see|seen|saw|in the room|involved|present)\b"
    rf"|\bno[ \t](?:\w+[ \t]){{0,2}}counsel\w*|\bnobody (?:counsel\w*|talk\w*)",
    re.IGNORECASE,
)


def _counseling(text: str, sentences: Sentences) -> Iterator[Fact]:
    """Yield whether the physician or other qualified professional spoke about the vaccines, where the letter tells."""
    if denied := _NOBODY.search(text):
        yield Fact("counseling_given", value=False, span=Span(*denied.span()))
        return
    for match in _COUNSELED.finditer(text):
        sentence = sentences.around(match.start())
        if not text[sentence.start : sentence.end].rstrip().endswith("?") and not _DOUBT.search(
            text, sentence.start, sentence.end
        ):
            yield Fact("counseling_given", value=True, span=Span(*match.span()))
            return


_DOUBT: Final = re.compile(
    r"\b(?:whether|if|nobody remembers|not sure|unclear|unknown|can'?t tell|do(?:es)?n'?t (?:say|know))\b",
    re.IGNORECASE,
)


_ADULT: Final = re.compile(r"\badult\b(?![ \t](?:dose|vaccine|formulation|strength|child))", re.IGNORECASE)
_AGED: Final = re.compile(r"\b\d{1,3}[ -]?(?:y/?o|yrs?|years?|months?|mos?)\b|\baged? \d", re.IGNORECASE)
_OF_AGE: Final = 19
"""Years from which a patient is an adult to the codes of vaccines, taken for one who is only called so."""


def subjects(  # noqa: C901 - one kind after another
    text: str, sentences: Sentences, vaccines: Sequence[Said], details: Sequence[Said], mentions: Mapping[Span, object]
) -> Iterator[Subject]:
    """Yield one subject for each kind of vaccine, with how many products and further components it has."""
    own = [row for row in details if row.phrase.family == vaccines[0].phrase.family]
    named = [row for row in own if isinstance(row.fact.value, int) and not isinstance(row.fact.value, bool)]
    written = [row for row in named if row.counted]
    others = [row.fact for row in own if row not in named]
    if not any(fact.name == "counseling_given" for fact in others):
        others += list(_counseling(text, sentences))
    if (adult := _ADULT.search(text)) and not _AGED.search(text):
        others.append(Fact("age_years", _OF_AGE, Span(*adult.span()), certain=False))
    for row in vaccines:
        facts = list(others)
        things: dict[tuple[str, str], int] = {}
        for number in named:
            mine = mentions.get(number.fact.span) == row.fact.value or len(vaccines) == 1
            if not number.counted and mine:
                things[(number.fact.name, number.phrase.thing)] = int(number.fact.value)
        totals: dict[str, int] = {}
        for (name, _), value in things.items():
            totals[name] = totals.get(name, 0) + value
        if len(vaccines) == 1:
            for number in written:
                name, value = number.fact.name, int(number.fact.value)
                # "By injection: MMR, varicella" names more than the one of its words.
                totals[name] = max(value, totals.get(name, 0)) if name != "additional_component_count" else value
        if row.fact.value != "other_vaccine" and not {"injected_vaccine_count", "oral_nasal_vaccine_count"} & set(
            totals
        ):
            # Of these kinds a visit gives one product, with one component.
            totals = {"injected_vaccine_count": 1, "additional_component_count": 0}
        if row.fact.value in ONE_AT_A_TIME and totals.get("oral_nasal_vaccine_count"):
            # The spray is the vaccine that other words of the letter name besides.
            totals |= {"injected_vaccine_count": 0, "additional_component_count": 0}
        if totals.get("injected_vaccine_count"):
            totals.setdefault("oral_nasal_vaccine_count", 0)
        elif totals.get("oral_nasal_vaccine_count"):
            totals.setdefault("injected_vaccine_count", 0)
        facts += [Fact(name, value, row.fact.span) for name, value in totals.items()]
        yield Subject("drug", (row.fact, *facts))
