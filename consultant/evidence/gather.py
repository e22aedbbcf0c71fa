"""Gathers all that the release says to one question on its date of service: the same values, the same evidence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from consultant.evidence import choosing, claiming
from consultant.evidence.asked import (
    BY_ROW,
    SPOKEN_OF,
    Aspect,
    asks_for_row,
    aspects,
    beneath,
    direct,
    is_direct,
    is_plain,
    loosely_asked,
)
from consultant.evidence.asked_modifiers import named_modifiers
from consultant.evidence.asking import questions
from consultant.evidence.beside import beside
from consultant.evidence.beyond import asks_visit, meant, narrowed, only_beside, only_of, reason
from consultant.evidence.bundling import NEAREST, bundling
from consultant.evidence.citing import of_release
from consultant.evidence.closure import closure
from consultant.evidence.codes import codes
from consultant.evidence.diagnoses import diagnoses
from consultant.evidence.digits import digits
from consultant.evidence.documentation import documentation
from consultant.evidence.editions import gathered
from consultant.evidence.eligible import eligible
from consultant.evidence.fees import fees
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Evidence, Finding, FindingKind, Missing
from consultant.evidence.modifier_pages import modifier_pages
from consultant.evidence.modifiers import modifiers
from consultant.evidence.periods import ends
from consultant.evidence.reported import reported
from consultant.evidence.rules import Spoken, found, leading_out, rules
from consultant.evidence.situations import situations
from consultant.evidence.together import together
from consultant.evidence.units import units
from consultant.questions.model import Named, Question, Topic
from consultant.questions.passages import Sentences
from consultant.questions.telling import tells_case
from consultant.questions.wanted import Wanted, asks_code, wanted
from knowledge.choosers import Outside
from knowledge.model import system_of
from knowledge.release import Release

# In the order in which their findings are wanted; sections are ordered by the outline.
_LOOKUPS = (codes, closure, bundling, units, fees, modifiers, modifier_pages, diagnoses, reported, documentation)

_PAIRS = ("direct.ptp",)

_BY_PAGE = frozenset({"direct.page.title", "direct.page.documentation", "direct.neighbour"})

_MOST_CODES = 12
"""How many procedure codes one answer can speak to; each pair of them is an edit to look up and to read."""

_GREETING = 8
"""How many words a letter may have beside its question and its subject line and still tell nothing of a case."""

_IS_IT = re.compile(
    r"\b(?:is (?:it|this|that)|(?:should|would|could) (?:it|this|that) be|do (?:i|we) (?:use|bill|report"
    r"|code)) (?:a |the |just "
    r"|still |then )?(?:\d{5}|[A-Z]\d{4})\b(?:,? (?:and|with|plus|\+) (?:\d{5}|[A-Z]\d{4}))?[^.?\n\d]{0,24}\?",
    re.IGNORECASE,
)
"""Whether a code is that of the case is asked, and open facts decide it."""
_GAP = "The knowledge base has nothing that answers this question."
_INSTRUCTS = "The letter gives instructions to its reader and asks nothing about a code."
_OUTSIDE = "The question leads to codes outside the families that the knowledge base holds."


def gather(question: Question, release: Release, *, today: date) -> Evidence:
    """Return the evidence for a question; `today` stands in for a date of service that the letter does not give."""
    if not question.parts:
        return _gather(question, release, today=today)
    return together([_gather(part, release, today=today) for part in question.parts])


def _gather(question: Question, release: Release, *, today: date) -> Evidence:
    # What reading left out counts for nothing here either.
    question = narrowed(replace(question, text=question.text[: question.unread_from]))
    on = question.date_of_service or today
    nothing = Evidence(
        date_of_service=on,
        date_assumed=question.date_of_service is None,
        release=release.version,
        lines=(),
        rejected=(),
        missing=(),
        findings=(),
        families=(),
    )
    if not _readable(question):
        return nothing
    if _only_instructs(question):
        return replace(nothing, gap=_INSTRUCTS)
    inquiry = Inquiry(question, release, on, aspects(question))
    if len(inquiry.asked) > _MOST_CODES:
        return replace(nothing, missing=(_which_of(inquiry),))
    choices = choosing.choose(inquiry)
    strange = meant(question) if _asks_for_a_code(inquiry) and not _of_a_modifier(inquiry) else ()
    if question.subjects and _needless(inquiry, choices, strange):
        choices = choosing.Choices()
    inquiry = replace(inquiry, picked=choices.picked, consulted=choices.families)
    claim = claiming.claim(inquiry, choices.outside)
    inquiry = replace(inquiry, lines=claim.lines)
    looked_up = [finding for look in _LOOKUPS for finding in look(inquiry)]
    reported = {line.code for line in claim.lines}
    # Where the family that the facts lead to has chosen a code itself, its rule on choosing says nothing more.
    ways_out = [way_out for _, way_out in choices.outside if not reported & set(way_out.codes)]
    looked_up += [row for way_out in ways_out for row in leading_out(inquiry, way_out.codes)]
    open_choice = bool(choices.missing) and _asks_for_a_code(inquiry)
    if not claim.lines and not choices.missing:
        looked_up += _led_out(inquiry, ways_out)
    answers = [row for row in looked_up if is_direct(row) and not is_plain(row, question)]
    alone = not (claim.lines or claim.rejected or open_choice or answers or ways_out)
    # A row of an official file that was asked for by name is the whole answer; a rule beside it would blur it.
    by_row = any(is_direct(row) and row.kind is FindingKind.EDIT and row.rule not in _PAIRS for row in looked_up)
    # A page that was asked for by what it answers needs no rule beside it, unless the letter asks more than that.
    settled = {row.rule for row in answers} <= _BY_PAGE and len(questions(question.text)) == 1 and not alone
    spoken = Spoken() if settled and answers else rules(inquiry, answer=alone, beside=not by_row)
    if alone and spoken.sure and Aspect.DIFFERENCE not in inquiry.aspects:
        # What a code is for is no answer where a rule gives one.
        looked_up = [beneath(row) if is_plain(row, question) else row for row in looked_up]
    by_edit = any(row.kind is FindingKind.EDIT for row in answers)
    if strange and not (by_edit or ways_out or _has_its_own(inquiry, choices) or _by_the_way(inquiry, strange, spoken)):
        return replace(nothing, gap=reason(strange))
    named = (*situations(inquiry), *digits(inquiry), *eligible(inquiry))
    counted = ends(inquiry)
    findings = gathered(
        inquiry,
        _once(
            [
                *choices.findings,
                *claim.findings,
                *looked_up,
                *spoken.findings,
                *named,
                *counted,
                *choosing.torn(inquiry),
            ]
        ),
    )
    silenced = bool(named) or (spoken.called and not _selects(inquiry, choices.missing))
    missing = choices.missing if _decides(inquiry, findings) and not silenced else ()
    answered = bool(claim.lines or missing or any(map(is_direct, findings)))
    if not answered and (rows := _by_loose_words(inquiry)):
        findings = gathered(inquiry, _once([*rows, *findings]))
        answered = True
    if not answered:
        findings = _once([*findings, *found(inquiry)])
    findings = (*findings, *beside(inquiry))
    return replace(
        nothing,
        lines=claim.lines,
        rejected=claim.rejected,
        missing=missing,
        findings=findings,
        families=inquiry.families,
        gap=None if answered else _gap(choices),
    )


def _readable(question: Question) -> bool:
    """Tell whether there is a question that the knowledge base could speak to."""
    return bool(question.text.strip()) and question.language == "en" and not question.out_of_scope


def _only_instructs(question: Question) -> bool:
    """Tell whether a letter gives orders to its reader and asks nothing else: no code in it is asked about."""
    return bool(question.injection) and not question.subjects and "?" not in question.text


def _needless(inquiry: Inquiry, choices: choosing.Choices, strange: Sequence[Named]) -> bool:
    """Tell whether what the choosers found has nothing to do with what is asked: a rule is, or what no family holds."""
    question = inquiry.question
    if not tells_case(question) and _by_rule(inquiry, choices):
        return True
    borrowed = any(row.asked for row in strange) and not choices.picked and only_of(question, strange)
    return borrowed or _called_for(inquiry, choices)


def _by_the_way(inquiry: Inquiry, strange: Sequence[Named], spoken: Spoken) -> bool:
    """Tell whether a rule answers a letter, whatever code it is asked of: one that it names, or that of a disease."""
    if all(row.kind != "service" for row in strange):
        return bool(spoken.sure or spoken.called)
    return spoken.called and bool(inquiry.asked)


def _by_rule(inquiry: Inquiry, choices: choosing.Choices) -> bool:
    """Tell whether a rule answers a question that tells of no case, or nothing is held of what it asks about."""
    consulted = replace(inquiry, consulted=choices.families)
    return bool(rules(consulted, answer=True).findings) or bool(meant(inquiry.question))


def _called_for(inquiry: Inquiry, choices: choosing.Choices) -> bool:
    """Tell whether a letter that tells a case asks for no code of it, and tells what calls for a rule."""
    if not choices.families or _asks_for_a_code(inquiry) or Aspect.UNITS in inquiry.aspects:
        return False
    if inquiry.asked and any(row.chosen.code not in inquiry.asked for row in choices.picked):
        # Facts that lead to another code than the one asked about are the better answer.
        return False
    # No code is named in "58, 78 or 79?": the situation alone is asked about.
    by_situation = not inquiry.asked and bool(situations(inquiry))
    return by_situation or rules(replace(inquiry, consulted=choices.families), answer=True).called


def _of_a_modifier(inquiry: Inquiry) -> bool:
    """Tell whether the letter asks for the modifier of a code that it names, whatever that code is for."""
    return bool(inquiry.asked) and (Aspect.MODIFIER in inquiry.aspects or bool(named_modifiers(inquiry)))


def _has_its_own(inquiry: Inquiry, choices: choosing.Choices) -> bool:
    """Tell whether a family takes up what is asked, in a letter that also names what none holds.

    A visit that is not asked about does not, nor does a disease in a letter that asks for no diagnosis.
    """
    of_disease = Wanted.DIAGNOSIS in wanted(inquiry.question.text, inquiry.question.codes)
    if any(of_disease or system_of(line.code) != "ICD-10-CM" for line in inquiry.lines):
        return True
    hidden = {family for row in inquiry.question.uncovered for family in row.hides}
    speaking = {name: chooser for name in choices.families if (chooser := inquiry.release.chooser(name))}
    kinds = {chooser.subject for name, chooser in speaking.items() if name not in hidden}
    if not of_disease:
        kinds.discard("diagnosis")
    if not asks_visit(inquiry.question):
        kinds.discard("encounter")
    return bool(choices.missing and kinds) and not only_beside(inquiry.question)


def _which_of(inquiry: Inquiry) -> Missing:
    """Ask which of many codes the question is about, instead of answering all of them at a length nobody reads."""
    question = (
        f"Your letter names {len(inquiry.asked)} procedure codes. Which of them, or which pairs, are billed for one "
        f"patient on one date of service? One letter can ask about up to {_MOST_CODES}."
    )
    return Missing("codes_in_question", question, (), (of_release(inquiry.release, "codes held"),))


def _decides(inquiry: Inquiry, findings: Iterable[Finding]) -> bool:
    """Tell whether the choosers' open facts matter: not where the letter asks about a code and that is answered."""
    answered = any(map(is_direct, findings))
    if answered and _asks_rows_alone(inquiry):
        return False
    return _asks_for_a_code(inquiry) or _counted(inquiry) or not answered


def _by_loose_words(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Return the rows of a letter that names codes alone and asks for them in words that are not known to ask so."""
    asked = inquiry.aspects | loosely_asked(inquiry.question)
    if not asked or not inquiry.only_codes or any(row.system == "ICD-10-CM" for row in inquiry.question.codes):
        return ()
    asking = replace(inquiry, aspects=asked)
    rows = [row for look in (bundling, units, fees) for row in look(asking)]
    if Aspect.BUNDLING in asked:
        rows = [direct(row.kind, row.rule, row.text, row.citations) if row.rule == NEAREST else row for row in rows]
    return tuple(rows) if any(map(is_direct, rows)) else ()


def _asks_rows_alone(inquiry: Inquiry) -> bool:
    """Tell whether each question is for a row of an official file of a named code, and nothing else is told."""
    text = inquiry.question.text
    if not inquiry.asked or not all(asks_for_row(one.text) for one in questions(text)):
        return False
    body = text.partition("\n")[2] if text.lower().startswith("subject") else text
    said = [body[span.start : span.end] for span in Sentences(body).spans]
    rest = [row for row in said if not asks_for_row(row)]
    facts = [fact for subject in inquiry.question.subjects for fact in subject.facts]
    told = {text[fact.span.start : fact.span.end] for fact in facts if fact.span.end > fact.span.start}
    return sum(len(row.split()) for row in rest) <= _GREETING and not any(
        words in row for words in told for row in rest
    )


def _asks_for_a_code(inquiry: Inquiry) -> bool:
    """Tell whether the letter asks which code to report: in so many words, or by its topic where no row answers it."""
    if asks_code(SPOKEN_OF.sub(" ", inquiry.question.text)):
        return True
    topics = {found.topic for found in inquiry.question.topics}
    return Topic.CODE_SELECTION in topics and not (inquiry.asked and inquiry.aspects & BY_ROW)


def _selects(inquiry: Inquiry, missing: Sequence[Missing]) -> bool:
    """Tell whether the open facts are what is asked about, whatever rule the letter's words also call for.

    It names none of the codes and asks for that of its case, or it asks which of two it is, or how many units of one,
    and the facts decide that.
    """
    topics = {found.topic for found in inquiry.question.topics}
    opened = {word for row in missing for _, outcome in row.becomes for word in outcome.replace(",", " ").split()}
    if inquiry.asked:
        between = opened & set(inquiry.asked)
        asked_whether = len(opened) > 1 and _IS_IT.search(inquiry.question.text)
        return len(between) > 1 or bool(between and (Aspect.UNITS in inquiry.aspects or asked_whether))
    of_disease = any(row.system == "ICD-10-CM" for row in inquiry.question.codes)
    if of_disease or Aspect.MODIFIER in inquiry.aspects:
        return False
    lines = {line.code for line in inquiry.lines}
    return Topic.CODE_SELECTION in topics and (not lines or bool(opened & lines))


def _counted(inquiry: Inquiry) -> bool:
    """Tell whether the letter asks how many units or which add-on code its case makes; not where it names that code."""
    asked = {family for code in inquiry.asked for family in inquiry.release.family_of(code)}
    named = any(inquiry.add_on(code) for code in inquiry.asked)
    counting = Aspect.UNITS in inquiry.aspects or (Aspect.ADD_ON in inquiry.aspects and not named)
    return counting and bool(inquiry.lines or asked & set(inquiry.consulted))


def _led_out(inquiry: Inquiry, ways_out: Iterable[Outside]) -> Iterator[Finding]:
    """Answer with the reason why facts lead out, where nothing is billed for them or pages of the release say more."""
    for way_out in ways_out:
        if way_out.name != "date_of_service" and all(inquiry.release.page(code) for code in way_out.codes):
            yield direct(FindingKind.WHY, f"outside.{way_out.name}", way_out.reason.text, way_out.reason.citations)


def _gap(choices: choosing.Choices) -> str:
    """Say why nothing could be answered."""
    return _OUTSIDE if choices.outside else _GAP


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the first of findings of one kind that say the same; a direct answer wins over the same in support."""
    kept: dict[tuple[FindingKind, str], Finding] = {}
    for finding in findings:
        key = (finding.kind, finding.text)
        if key not in kept or (is_direct(finding) and not is_direct(kept[key])):
            kept[key] = finding
    return tuple(kept.values())
