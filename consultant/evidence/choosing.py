"""Runs the choosers that apply over the subjects of a letter: codes picked, facts still open, families left.

A fact with two values that cannot both be true is never settled here; both values are tried, so that the
question back can say what each would make of the answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from consultant.evidence.asked import direct
from consultant.evidence.beyond import hidden
from consultant.evidence.citing import of_release
from consultant.evidence.closure import closed_apart
from consultant.evidence.inquiry import Inquiry, Picked
from consultant.evidence.model import Finding, FindingKind, Missing
from consultant.evidence.reasons import reasons
from consultant.evidence.wording import label, said, several, words
from consultant.questions.model import Fact, Subject
from consultant.questions.telling import asked_of, asks_one_code
from knowledge.choosers import Chooser, Chosen, Open, Outside
from knowledge.model import Citation, Value
from knowledge.tables import Count

_ELSEWHERE = "another code family"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the choosers made of a letter."""

    picked: tuple[Picked, ...] = ()
    missing: tuple[Missing, ...] = ()
    findings: tuple[Finding, ...] = ()
    outside: tuple[tuple[str, Outside], ...] = ()
    """(family, why a subject lies outside of it)."""
    families: tuple[str, ...] = ()


def choose(inquiry: Inquiry) -> Choices:
    """Run every chooser that applies over every subject, and join what came of it.

    Subjects that a chooser adds up (wounds of one depth, repairs of one class) are chosen for together.
    """
    speaking: dict[str, tuple[Chooser, list[int]]] = {}
    for place, subject in enumerate(inquiry.question.subjects):
        for chooser in _for(inquiry, subject):
            speaking.setdefault(chooser.family, (chooser, []))[1].append(place)
    parts = [
        (first, part) for chooser, places in speaking.values() for first, part in _together(inquiry, chooser, places)
    ]
    parts.sort(key=lambda row: row[0])
    found = _without_asides(inquiry, parts)
    found += _closed(inquiry, [row for part in found for row in part.picked])
    picked = tuple(row for part in found for row in part.picked)
    return Choices(
        picked=picked,
        missing=tuple({row.question: row for part in found for row in part.missing}.values()),
        findings=(*reasons(inquiry, picked), *(row for part in found for row in part.findings)),
        outside=tuple(row for part in found for row in part.outside),
        families=tuple(dict.fromkeys(family for part in found for family in part.families)),
    )


def _without_asides(inquiry: Inquiry, parts: Sequence[tuple[int, Choices]]) -> list[Choices]:
    """Leave out what is open of a service that a letter only mentions, where it asks for one code and that is found.

    "Last seen in January for wax. What is the code for his messages?" asks nothing of the wax. Nor does a letter about
    the vaccines of a check-up ask whether the child is new.
    """
    found = sum(len(part.picked) for _, part in parts)
    one = found == 1 and asks_one_code(inquiry.question.text)
    subjects = inquiry.question.subjects

    def aside(place: int, part: Choices) -> bool:
        if part.picked or not part.missing or not (one or (len(parts) > 1 and _is_occasion(subjects[place]))):
            return False
        return not asked_of(inquiry.question, subjects[place])

    return [part for place, part in parts if not aside(place, part)]


def _is_occasion(subject: Subject) -> bool:
    """Tell whether it is a visit at which much else is done that a letter may ask about alone."""
    return subject.values().get("visit_kind") == "preventive_visit"


def _closed(inquiry: Inquiry, picked: Sequence[Picked]) -> list[Choices]:
    """Choose for the closures that are reported beside what was excised, as far as the letter tells all of them."""
    subjects = tuple(subject for row in picked if (subject := closed_apart(row)))
    chooser = inquiry.release.chooser("repair")
    if chooser is None or not subjects:
        return []
    made = [part for _, part in _together(inquiry, chooser, range(len(subjects)), subjects)]
    return [part for part in made if part.picked]


def _together(
    inquiry: Inquiry, chooser: Chooser, places: Sequence[int], of: Sequence[Subject] | None = None
) -> Iterator[tuple[int, Choices]]:
    """Run one chooser over the subjects at some places; yield the first place of each group with what came of it."""
    told = [
        (place, one) for place in places for one in _each(inquiry, (of or inquiry.question.subjects)[place], chooser)
    ]
    places, subjects = [place for place, _ in told], [one for _, one in told]
    for pooled in chooser.pool([inquiry.values(subject) for subject in subjects]):
        first = subjects[pooled.places[0]]
        made = _one(inquiry, first, chooser, pooled.facts)
        if pooled.said is not None:
            said = Finding(FindingKind.WHY, f"{chooser.family}.sum", pooled.said.text, pooled.said.citations)
            made = replace(made, findings=(said, *made.findings))
        yield places[pooled.places[0]], made


def _each(inquiry: Inquiry, subject: Subject, chooser: Chooser) -> list[Subject]:
    """Return the subject once for each value of a fact that has a code for every value: sides, complications."""
    for name in chooser.table.combine.each:
        given = tuple(dict.fromkeys(fact for fact in subject.facts if fact.name == name))
        others = tuple(fact for fact in subject.facts if fact.name != name)
        if len(given) > 1:
            return [Subject(subject.kind, (*others, fact)) for fact in given]
        if given and given[0].value == "bilateral":
            sides = (replace(given[0], value=side) for side in ("right", "left"))
            both = [Subject(subject.kind, (*others, fact)) for fact in sides]
            # Where the side does not count, or stands for both eyes at once, there is nothing to part.
            if not isinstance(chooser.choose(inquiry.values(subject), inquiry.on), Chosen):
                return both
    return [subject]


def torn(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Say which facts of the encounter the letter gives twice, and which of the two this answer is for."""
    found = []
    for name in inquiry.question.conflicts:
        value = inquiry.on.isoformat() if name == "date_of_service" else inquiry.encounter.get(name)
        if value is not None:
            text = f"Your letter gives more than one {words(name)}; this answer is for {said(value)}."
            found.append(Finding(FindingKind.CAVEAT, f"torn.{name}", text, (of_release(inquiry.release),)))
    return tuple(found)


def _for(inquiry: Inquiry, subject: Subject) -> list[Chooser]:
    """Return the choosers that speak for a subject, or else those that say why its facts lead out of their family."""
    values = inquiry.values(subject)
    hides = hidden(inquiry.question, subject)
    kin = [row for row in inquiry.release.choosers() if row.subject == subject.kind and row.family not in hides]
    speaking = [row for row in kin if row.applies(values)]
    return speaking or [row for row in kin if _shut_out(row, row.choose(values, inquiry.on))]


def _shut_out(chooser: Chooser, outcome: Chosen | Open | Outside) -> bool:
    """Tell whether the very fact that leads into a family leads this subject out of it: shaved, not excised."""
    if not isinstance(outcome, Outside):
        return False
    door = {test.fact for condition in chooser.table.entry for test in condition.tests}
    out = {test.fact for row in chooser.table.outside if row.name == outcome.name for test in row.when.tests}
    return bool(door & out)


def _one(inquiry: Inquiry, subject: Subject, chooser: Chooser, values: Mapping[str, Value]) -> Choices:
    """Run one chooser over one subject, whose facts may be those of several added up."""
    conflicts = [name for name in inquiry.question.conflicts if len(_both(inquiry, subject, name)) > 1]
    families = (chooser.family,)
    if conflicts:
        asked = tuple(row for name in conflicts for row in _conflict(inquiry, subject, chooser, name))
        if asked:
            return Choices(missing=asked, families=families)
    outcome = chooser.choose(values, inquiry.on)
    presumed: tuple[Finding, ...] = ()
    if isinstance(outcome, Open) and [ask.fact for ask in outcome.missing] == ["technique"]:
        outcome, presumed = _presumed(inquiry, subject, chooser, outcome)
    if isinstance(outcome, Chosen):
        picked = Picked(subject, chooser.family, outcome)
        return Choices((picked,), findings=presumed, families=families)
    if isinstance(outcome, Outside):
        # That the service is part of a visit or of a package is the answer; another family's codes are a way to one.
        say = direct if _only_a_visit(outcome) else Finding
        reason = say(FindingKind.WHY, f"outside.{chooser.family}", outcome.reason.text, outcome.reason.citations)
        return Choices(findings=(reason,), outside=((chooser.family, outcome),), families=families)
    return _open(inquiry, subject, chooser, outcome)


def _only_a_visit(way_out: Outside) -> bool:
    """Tell whether a way out of a family leads to visits alone: nothing beside them is reported."""
    return bool(way_out.codes) and all(code == "99024" or "99202" <= code <= "99499" for code in way_out.codes)


def _presumed(
    inquiry: Inquiry, subject: Subject, chooser: Chooser, outcome: Open
) -> tuple[Chosen | Open | Outside, tuple[Finding, ...]]:
    """Take a lesion removed with margins for excised, and say so: only an excision is measured with its margins."""
    values = inquiry.values(subject)
    if not {"margin_cm", "excised_diameter_cm"} & set(values):
        return outcome, ()
    settled = chooser.choose({**values, "technique": "excision"}, inquiry.on)
    if not isinstance(settled, Chosen):
        return outcome, ()
    text = (
        f"Your letter gives margins and names no technique, so {settled.code} is for an excision through the full "
        "thickness of the skin. If the lesion was shaved, destroyed or only sampled, another code family applies."
    )
    return settled, (Finding(FindingKind.CAVEAT, f"{chooser.family}.technique", text, outcome.missing[0].citations),)


def _open(inquiry: Inquiry, subject: Subject, chooser: Chooser, outcome: Open) -> Choices:
    """Turn what is still open into questions, and what is certain into findings."""
    start = f"{label(inquiry, subject).capitalize()}: " if several(inquiry, subject) else ""
    missing = tuple(Missing(ask.fact, start + ask.question, ask.becomes, ask.citations) for ask in outcome.missing)
    certain = tuple(
        Finding(FindingKind.WHY, f"certain.{chooser.family}", said.text, said.citations) for said in outcome.certain
    )
    if outcome.settled and not _uncounted(chooser, outcome):
        return Choices((Picked(subject, chooser.family, outcome.settled),), missing, families=(chooser.family,))
    return Choices(missing=missing, findings=certain, families=(chooser.family,))


def _uncounted(chooser: Chooser, outcome: Open) -> bool:
    """Tell whether the units of the settled code are still asked for: nobody counted what would stand on the line."""
    asked = {ask.fact for ask in outcome.missing}
    counts = [row.units for row in chooser.table.rows if outcome.settled and row.code == outcome.settled.code]
    return any(isinstance(count, Count) and count.of in asked for count in counts)


def _both(inquiry: Inquiry, subject: Subject, name: str) -> tuple[Value, ...]:
    """Return the different values that the letter gives for a fact of this subject or of the encounter."""
    facts: Sequence[Fact] = [*subject.facts, *inquiry.question.facts]
    return tuple(dict.fromkeys(fact.value for fact in facts if fact.name == name))


def _conflict(inquiry: Inquiry, subject: Subject, chooser: Chooser, name: str) -> Iterator[Missing]:
    """Ask which of two values holds, and say what each would make of the answer; silent where both agree."""
    values = _both(inquiry, subject, name)
    rule = chooser.table.combine.sum
    tried = values
    if rule is not None and rule.fact == name:
        # Two areas may also be those of two wounds, which are coded by their sum.
        numbers = [value for value in values if isinstance(value, int | float)]
        tried = (*values, sum(numbers))
    cases = [{**inquiry.values(subject), name: value} for value in tried]
    outcomes = [chooser.choose(facts, inquiry.on) for facts in cases]
    becomes = tuple(
        (_spoken(chooser, name, facts[name]), _outcome_words(outcome) if chooser.applies(facts) else _ELSEWHERE)
        for facts, outcome in zip(cases, outcomes, strict=True)
    )
    if len({outcome for _, outcome in becomes}) < 2:
        return
    cited: list[Citation] = [row for outcome in outcomes for row in _citations(outcome)]
    given = " and ".join(_spoken(chooser, name, value) for value in values)
    question = (
        f"Your letter gives two values for the {words(name)} of {label(inquiry, subject)}: {given}. Which one is right?"
    )
    yield Missing(name, question, becomes, tuple(dict.fromkeys(cited)))


def _spoken(chooser: Chooser, name: str, value: Value) -> str:
    """Return a value in the chooser's own words, numbers with their unit."""
    fact = next((row for row in chooser.facts if row.name == name), None)
    known = fact.admits(value) if fact else None
    if fact is None or known is None:
        return said(value)
    unit = {"cm": " cm", "cm2": " sq cm"}.get(fact.unit or "", "")
    return fact.said(known) + unit


def _outcome_words(outcome: Chosen | Open | Outside) -> str:
    """Return the codes that were chosen, or what else came of it."""
    if isinstance(outcome, Chosen):
        rows = ((outcome.code, outcome.units), *outcome.add_ons)
        return " and ".join(code if units == 1 else f"{code} with {units} units" for code, units in rows)
    return _ELSEWHERE if isinstance(outcome, Outside) else "still open"


def _citations(outcome: Chosen | Open | Outside) -> tuple[Citation, ...]:
    """Return what an outcome cites."""
    if isinstance(outcome, Chosen):
        return tuple(row for statement in outcome.statements for row in statement.citations)
    if isinstance(outcome, Outside):
        return outcome.reason.citations
    return tuple(row for ask in outcome.missing for row in ask.citations)
