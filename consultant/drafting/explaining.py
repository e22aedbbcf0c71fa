"""Explain a draft to a curator: each fact with its words, each chooser with what it made of them, each rule that spoke.

It tells as well what did not fire and why: an entry condition that fails, a fact that nobody gave, a row of the table
that was not reached. This is the tool for mending a family.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from consultant.evidence.model import Evidence
from consultant.questions.model import Fact, Question, Subject
from knowledge.choosers import Chooser, Chosen, Open, Outside
from knowledge.model import Value
from knowledge.release import Release
from knowledge.standing import Slot, read, slots
from knowledge.tables import Condition, FactTest


def explain(question: Question, evidence: Evidence, release: Release) -> str:
    """Return all that was made of one letter, as text."""
    on = evidence.date_of_service
    lines = [f"Release {release.version}, date of service {on.isoformat()}{' (assumed)' * evidence.date_assumed}"]
    lines += [
        "",
        "Topics",
        *(f"  {row.topic}: {row.confidence:.2f} by {', '.join(row.cues)}" for row in question.topics),
    ]
    lines += ["", "Codes", *(f"  {row.system} {row.code}" for row in question.codes)]
    lines += ["", "Facts of the encounter", *(_fact(question, fact) for fact in question.facts)]
    for number, subject in enumerate(question.subjects, 1):
        lines += ["", f"{subject.kind.capitalize()} {number}", *(_fact(question, fact) for fact in subject.facts)]
        lines += _choosers(question, subject, release, on)
    lines += ["", "Claim", *(f"  {row.code} x {row.units} by {row.rule}" for row in evidence.lines)]
    lines += ["", "Rejected", *(f"  {row.code}: {row.reason}" for row in evidence.rejected)]
    lines += ["", "Missing", *(f"  {row.fact}: {row.question}" for row in evidence.missing)]
    lines += ["", "Findings", *(f"  {row.kind} {row.rule}: {row.text}" for row in evidence.findings)]
    lines += ["", "Rules that did not speak", *_silent(evidence, release)]
    if evidence.precedents or evidence.dropped:
        lines += ["", "Earlier answers", *_earlier(evidence)]
    if evidence.gap:
        lines += ["", evidence.gap]
    return "\n".join(lines) + "\n"


def _earlier(evidence: Evidence) -> Iterator[str]:
    """Yield each precedent, and each that the release contradicts."""
    for row in evidence.precedents:
        codes = "; ".join(map(str, row.lines)) or "no claim line"
        changed = f", changed by the reviewer from {'; '.join(map(str, row.drawn)) or 'no line'}" if row.changed else ""
        yield f"  {row.reference}, {row.likeness:.2f} alike, release {row.release}: {codes}{changed}"
    for reason, number in Counter(evidence.dropped).items():
        yield f"  {number} dropped: {reason}"


def _fact(question: Question, fact: Fact) -> str:
    """Return a fact with the words of the letter that it came from."""
    words = " ".join(question.text[fact.span.start : fact.span.end].split())
    place = f'"{words}" ({fact.span.start} to {fact.span.end})' if words else "said of several"
    return f"  {fact.name} = {fact.value}{'' if fact.certain else ', as a guess'}: {place}"


def _choosers(question: Question, subject: Subject, release: Release, on: date) -> Iterator[str]:
    """Yield what each chooser of the subject's kind makes of its facts."""
    facts: dict[str, Value] = {**{row.name: row.value for row in reversed(question.facts)}, **subject.values()}
    silent = []
    for chooser in release.choosers():
        if chooser.subject != subject.kind:
            continue
        if chooser.applies(facts):
            yield f"  {chooser.family} speaks"
            yield from _inside(chooser, facts, on)
        else:
            silent.append((chooser, [_why(row, read(chooser.table, facts).known) for row in chooser.table.entry]))
    for chooser, reasons in silent:
        yield f"  {chooser.family} does not speak: {'; or '.join(reasons)}"


def _inside(chooser: Chooser, facts: dict[str, Value], on: date) -> Iterator[str]:
    """Yield how far the facts settle a table, and what it answers."""
    standing = read(chooser.table, facts)
    for derived in standing.computed.values():
        yield f"    {derived.fact} follows: {derived.arithmetic}"
    for slot in slots(chooser.table, standing):
        yield f"    {slot.axis.fact}: {_slot(slot)}"
    for row in chooser.table.outside:
        if row.when.tests:
            yield f"    way out {row.name}: {_why(row.when, standing.known)}"
    outcome = chooser.choose(facts, on)
    if isinstance(outcome, Chosen):
        codes = ((outcome.code, outcome.units), *outcome.add_ons)
        yield f"    gives {', '.join(f'{code} x {units}' for code, units in codes)} by row {outcome.row}"
    elif isinstance(outcome, Outside):
        yield f"    leads outside by {outcome.name}: {', '.join(outcome.codes)}"
    else:
        yield from _asks(outcome)


def _asks(outcome: Open) -> Iterator[str]:
    for ask in outcome.missing:
        for value, becomes in ask.becomes:
            yield f"    asks for {ask.fact}: {value} -> {becomes}"


def _slot(slot: Slot) -> str:
    """Say what an axis is, or what it may still be."""
    if slot.clash is not None:
        return f"written and computed differ ({slot.clash.arithmetic})"
    words = " | ".join(option.words for option in slot.options)
    return words if slot.value is not None else f"open: {words}"


def _why(condition: Condition, known: Mapping[str, object]) -> str:
    """Say of each test of a condition whether it holds."""
    return ", ".join(f"{_test(test)} {_state(test, known)}" for test in condition.tests) or "always"


def _state(test: FactTest, known: Mapping[str, object]) -> str:
    held = test.holds(known)  # type: ignore[arg-type] # known facts are what the test compares
    said = {True: "holds", False: "fails", None: "is not known"}[held]
    return f"{said} ({known[test.fact]})" if held is False and test.fact in known else said


def _test(test: FactTest) -> str:
    if test.known is not None:
        return f"{test.fact} {'known' if test.known else 'unknown'}"
    if test.values:
        return f"{test.fact} in [{', '.join(map(str, test.values))}]"
    return f"{test.fact} over {test.over} up to {test.up_to}"


def _silent(evidence: Evidence, release: Release) -> Iterator[str]:
    """Yield the rules of the families consulted that said nothing here."""
    spoken = {finding.rule.rpartition("direct.")[2] for finding in evidence.findings}
    for family in evidence.families:
        for rule in release.rules(family=family):
            if rule.id not in spoken:
                yield f"  {rule.id} ({', '.join(rule.topics)}): {rule.text}"
