"""Turns a chooser's content into the decision table that a release holds: one row a cell, citations resolved."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import product

from knowledge.model import Citation, Statement
from knowledge.proving import exact
from knowledge.table_schema import (
    AxisContent,
    Because,
    ChooserContent,
    CombineContent,
    CountContent,
    DerivationContent,
    RangeContent,
)
from knowledge.table_schema import Condition as ConditionContent
from knowledge.table_schema import Units as UnitsContent
from knowledge.tables import (
    AddOnRow,
    AskedFact,
    Axis,
    Combine,
    Condition,
    Count,
    Derivation,
    FactTest,
    FirstOnly,
    ModifierRow,
    OutsideRow,
    Part,
    Presumed,
    Row,
    Sites,
    Step,
    Sum,
    Table,
    Together,
    Units,
)

Sources = Mapping[str, Citation]


def table_of(family: str, content: ChooserContent, sources: Sources, supported: Mapping[str, tuple[str, ...]]) -> Table:
    """Return the decision table; the content must have been proved."""
    return Table(
        family=family,
        subject=content.subject,
        effective=content.effective,
        ended=content.ended,
        entry=tuple(_condition(row) for row in content.entry),
        facts=tuple(
            AskedFact(
                name,
                row.question,
                row.kind,
                row.unit,
                tuple(row.values.items()),
                row.zero,
                tuple((value, tuple(phrases)) for value, phrases in row.cues.items()),
            )
            for name, row in content.facts.items()
        ),
        sites=tuple(
            Sites(
                row.fact,
                tuple((word, group) for group, words in row.groups.items() for word in words),
                _cited(row.cites, sources),
            )
            for row in content.sites
        ),
        derived=tuple(_derivation(row, sources) for row in content.derived),
        axes=tuple(_axis(row, sources) for row in content.axes),
        rows=_cells(content),
        citations=_cited(content.cites, sources),
        add_ons=tuple(
            AddOnRow(
                row.code,
                tuple(row.only_with),
                _condition(row.when),
                _units(row.units),
                _said(row.because, sources),
                row.several,
                row.ask,
            )
            for row in content.add_ons
        ),
        outside=tuple(
            OutsideRow(row.name, _condition(row.when), _said(row.reason, sources), tuple(row.codes))
            for row in content.outside
        ),
        combine=_combine(content, sources),
        diagnoses=tuple(supported.items()),
        presumed=tuple(
            Presumed(row.fact, row.value, _condition(row.when), _said(row.because, sources)) for row in content.presumed
        ),
        hides=tuple((value, tuple(others)) for value, others in content.hides.items()),
        modifiers=tuple(
            ModifierRow(
                row.modifier,
                tuple(row.only_with),
                _condition(row.when),
                _said(row.because, sources),
                row.apart,
                row.otherwise,
            )
            for row in content.modifiers
        ),
    )


def _cells(content: ChooserContent) -> tuple[Row, ...]:
    """Return one row for each combination of parts, whatever the shape in which the rows were written."""
    axes = [(axis.fact, tuple(axis.parts)) for axis in content.axes]
    return tuple(
        Row(parts, row.code or "", _units(row.units), row.outside)
        for row in content.rows
        for parts in product(*(tuple(row.when.get(fact, known)) for fact, known in axes))
    )


def _axis(row: AxisContent, sources: Sources) -> Axis:
    """Return one axis, the parts of an interval in rising order."""
    parts = [
        Part(name, one.words, tuple(one.values), exact(one.over), exact(one.up_to)) for name, one in row.parts.items()
    ]
    if row.kind == "interval":
        parts.sort(key=lambda part: -1 if part.over is None else part.over)
    undecided = tuple((value, _said(said, sources)) for value, said in row.undecided.items())
    return Axis(row.fact, row.kind, tuple(parts), undecided, _said(row.because, sources))


def _derivation(row: DerivationContent, sources: Sources) -> Derivation:
    """Return how a fact follows from others."""
    steps = tuple(Step(exact(one.over), exact(one.up_to), one.value) for one in row.steps)
    return Derivation(row.fact, row.formula, tuple(row.of), _said(row.because, sources), steps, _condition(row.when))


def _units(content: UnitsContent) -> Units:
    """Return units, or how they follow from a number."""
    if isinstance(content, CountContent):
        return Count(content.of, Decimal(str(content.over)), Decimal(str(content.per)))
    return content


def _condition(content: ConditionContent) -> Condition:
    """Return a condition as tests."""
    tests = []
    for fact, test in content.items():
        if isinstance(test, RangeContent):
            tests.append(FactTest(fact, (), exact(test.over), exact(test.up_to), None))
        elif isinstance(test, list):
            tests.append(FactTest(fact, tuple(test), None, None, None))
        else:
            tests.append(FactTest(fact, (), None, None, test == "known"))
    return Condition(tuple(tests))


def _combine(content: ChooserContent, sources: Sources) -> Combine:
    """Return how several subjects are reported."""
    row: CombineContent = content.combine
    first = row.first_only
    return Combine(
        row.same_code,
        _said(row.because, sources),
        _said(row.different_codes, sources) if row.different_codes else None,
        tuple(Together(tuple(one.codes), one.becomes, _said(one.because, sources)) for one in row.together),
        Sum(row.sum.fact, tuple(row.sum.same), _said(row.sum.because, sources)) if row.sum else None,
        FirstOnly(tuple((one.code, one.then) for one in first.ranks), _said(first.because, sources)) if first else None,
        tuple(row.each),
        frozenset(row.units_of),
    )


def _said(because: Because, sources: Sources) -> Statement:
    """Return a sentence with its citations."""
    return Statement(because.text, _cited(because.cites, sources))


def _cited(keys: Iterable[str], sources: Sources) -> tuple[Citation, ...]:
    """Return the citations that keys stand for."""
    return tuple(sources[key] for key in keys)
