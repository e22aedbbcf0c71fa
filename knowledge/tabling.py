"""Turns a chooser's content into the decision table that a release holds: one row a cell, citations resolved."""

from collections.abc import Iterable, Mapping
from itertools import product

from knowledge.model import Citation, Statement
from knowledge.proving import exact
from knowledge.table_schema import AxisContent, Because, ChooserContent, RangeContent
from knowledge.table_schema import Condition as ConditionContent
from knowledge.tables import (
    AddOnRow,
    AskedFact,
    Axis,
    Combine,
    Condition,
    Derivation,
    FactTest,
    OutsideRow,
    Part,
    Row,
    Sites,
    Table,
    Together,
)

Sources = Mapping[str, Citation]


def table_of(family: str, content: ChooserContent, sources: Sources, supported: Mapping[str, tuple[str, ...]]) -> Table:
    """Return the decision table; the content must have been proved."""
    return Table(
        family=family,
        subject=content.subject,
        system=content.system,
        effective=content.effective,
        ended=content.ended,
        entry=tuple(_condition(row) for row in content.entry),
        facts=tuple(
            AskedFact(name, row.question, row.kind, row.unit, tuple(row.values.items()), row.zero)
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
        derived=tuple(
            Derivation(row.fact, row.formula, tuple(row.of), _said(row.because, sources)) for row in content.derived
        ),
        axes=tuple(_axis(row, sources) for row in content.axes),
        rows=_cells(content),
        citations=_cited(content.cites, sources),
        add_ons=tuple(
            AddOnRow(row.code, tuple(row.only_with), _condition(row.when), row.units, _said(row.because, sources))
            for row in content.add_ons
        ),
        outside=tuple(
            OutsideRow(row.name, _condition(row.when), _said(row.reason, sources), tuple(row.codes))
            for row in content.outside
        ),
        combine=_combine(content, sources),
        diagnoses=tuple(supported.items()),
    )


def _cells(content: ChooserContent) -> tuple[Row, ...]:
    """Return one row for each combination of parts, whatever the shape in which the rows were written."""
    axes = [(axis.fact, tuple(axis.parts)) for axis in content.axes]
    return tuple(
        Row(parts, row.code, row.units)
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
    row = content.combine
    return Combine(
        row.same_code,
        _said(row.because, sources),
        _said(row.different_codes, sources) if row.different_codes else None,
        tuple(Together(tuple(one.codes), one.becomes, _said(one.because, sources)) for one in row.together),
    )


def _said(because: Because, sources: Sources) -> Statement:
    """Return a sentence with its citations."""
    return Statement(because.text, _cited(because.cites, sources))


def _cited(keys: Iterable[str], sources: Sources) -> tuple[Citation, ...]:
    """Return the citations that keys stand for."""
    return tuple(sources[key] for key in keys)
