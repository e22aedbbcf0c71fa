"""The questions that a chooser asks back, each with what the answer becomes for every value."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby

from knowledge.derivations import plain
from knowledge.levels import measured
from knowledge.model import Citation
from knowledge.outcomes import Ask
from knowledge.standing import (
    Option,
    Slot,
    Standing,
    derivation_of,
    fact_of,
    missing_input,
    reachable,
    stretch_words,
)
from knowledge.tables import AddOnRow, AskedFact, Count, FactTest, OutsideRow, Row, Table

_LISTED = 6
"""How many codes are named one by one before a question only says where they begin and end."""


def ask_slot(
    table: Table,
    axes: tuple[Slot, ...],
    place: int,
    outcomes: Mapping[tuple[int, ...], Row | OutsideRow],
    standing: Standing,
) -> Ask:
    """Ask for what settles one axis: its fact, or the one number from which that is computed."""
    slot = axes[place]
    becomes = [
        _result(outcome for places, outcome in outcomes.items() if places[place] == option)
        for option in range(len(slot.options))
    ]
    name, words = _fact_and_words(table, slot, standing)
    question = fact_of(table, name).question
    if slot.clash is not None:
        given = standing.known.get(slot.axis.fact)
        fact = fact_of(table, slot.axis.fact)
        written = stretch_words(fact, None, None) if given is None else fact.said(given)
        question = f"{question} ({written} is written, and {slot.clash.arithmetic} is computed.)"
    return Ask(name, question, tuple(_joined(table, slot, name, words, becomes, standing)), _cited(slot))


def _joined(
    table: Table, slot: Slot, name: str, words: list[str], becomes: list[str], standing: Standing
) -> Iterable[tuple[str, str]]:
    """Give each value with its result; neighbouring stretches of a number that give the same are one."""
    places = groupby(range(len(words)), key=lambda place: becomes[place])
    for result, group in places:
        run = list(group)
        parts = [slot.options[place].part for place in run]
        if slot.axis.kind != "interval" or slot.clash is not None or len(run) == 1 or None in parts:
            yield from ((words[place], becomes[place]) for place in run)
            continue
        stretches = [_stretch(table, slot, name, place, standing) for place in run]
        yield stretch_words(fact_of(table, name), stretches[0][0], stretches[-1][1]), result


def _stretch(
    table: Table, slot: Slot, name: str, place: int, standing: Standing
) -> tuple[Decimal | None, Decimal | None]:
    """Return the stretch (over, up to) of the fact asked for that leads into an option."""
    part = slot.options[place].part
    if part is None:
        return None, None
    derivation = derivation_of(table, slot.axis.fact) if name != slot.axis.fact else None
    reached = reachable(table, derivation, part, standing) if derivation else None
    return reached or (part.over, part.up_to)


def ask_units(table: Table, code: str, count: Count) -> Ask:
    """Ask for the number from which the units of a code follow."""
    fact = fact_of(table, count.of)
    first = count.over + count.per
    becomes = (
        (stretch_words(fact, None, first), f"{code}, 1 unit"),
        (stretch_words(fact, first, None), f"{code}, {_each(fact, count)}"),
    )
    return Ask(fact.name, fact.question, becomes, table.citations)


def _each(fact: AskedFact, count: Count) -> str:
    """Say how units follow from a number."""
    part = "" if fact.unit == "count" and count.per == 1 else " or part of it"
    what = "one" if fact.unit == "count" and count.per == 1 else measured(fact, count.per)
    beyond = f" beyond {plain(count.over)}" if count.over else ""
    return f"one unit for each {what}{part}{beyond}"


def ask_add_on(table: Table, row: AddOnRow, main: str | None, standing: Standing) -> Ask:
    """Ask for the first fact that decides an add-on code; `main` is the chosen code, where it stands already."""
    test = next(test for test in row.when.tests if test.holds(standing.known) is None)
    fact = fact_of(table, test.fact)
    with_it = f"{main} and {row.code}" if main else f"{row.code} as well"
    if isinstance(row.units, Count):
        with_it = f"{with_it}, {_each(fact_of(table, row.units.of), row.units)}"
    without = main or f"no {row.code}"
    return Ask(fact.name, fact.question, tuple(_values(table, test, with_it, without)), row.because.citations)


def _values(table: Table, test: FactTest, with_it: str, without: str) -> Iterable[tuple[str, str]]:
    """Give each value of a fact that decides an add-on code, with what it makes of the answer."""
    fact = fact_of(table, test.fact)
    if fact.kind == "number":
        yield stretch_words(fact, test.over, test.up_to), with_it
        yield "otherwise", without
        return
    values = (True, False) if fact.kind == "yes_no" else tuple(value for value, _ in fact.values)
    for result, chosen in ((with_it, True), (without, False)):
        words = [fact.said(value) for value in values if (value in test.values) is chosen]
        if words:
            yield ", ".join(words[:-1]) + (" or " if len(words) > 1 else "") + words[-1], result


def _fact_and_words(table: Table, slot: Slot, standing: Standing) -> tuple[str, list[str]]:
    """Return the fact to ask for and its values in words, in the order of the slot's options."""
    if slot.lead is not None and slot.lead.fact != slot.axis.fact:
        fact, by_level = fact_of(table, slot.lead.fact), slot.lead.by_level
        values = [[value for level in _levels(option) for value in by_level.get(level, ())] for option in slot.options]
        return fact.name, [" or ".join(map(fact.said, row)) or "another" for row in values]
    derivation = derivation_of(table, slot.axis.fact)
    wanted = missing_input(derivation, standing) if derivation and slot.clash is None else None
    if derivation is None or wanted is None:
        return slot.axis.fact, [option.words for option in slot.options]
    fact = fact_of(table, wanted)
    words = []
    for option in slot.options:
        stretch = reachable(table, derivation, option.part, standing) if option.part else None
        words.append(stretch_words(fact, *stretch) if stretch else option.words)
    return wanted, words


def _levels(option: Option) -> tuple[str, ...]:
    """Return the levels that an option holds."""
    return tuple(value for value in option.part.values if isinstance(value, str)) if option.part else ()


def _result(outcomes: Iterable[Row | OutsideRow]) -> str:
    """Say what the answer becomes: one code, several, or another family."""
    rows = list(outcomes)
    codes = sorted({row.code for row in rows if isinstance(row, Row)})
    away = [_elsewhere(row) for row in rows if isinstance(row, OutsideRow)]
    if codes and len(codes) <= _LISTED:
        return " or ".join([", ".join(codes[:-1]), codes[-1]] if len(codes) > 1 else codes)
    if codes:
        return f"one of {len(codes)} codes from {codes[0]} to {codes[-1]}"
    return away[0] if away else "another code family"


def _elsewhere(row: OutsideRow) -> str:
    """Say where an answer outside the family is found."""
    return f"another code family ({', '.join(row.codes)})" if row.codes else "another code family"


def _cited(slot: Slot) -> tuple[Citation, ...]:
    """Return what a question of an axis rests on."""
    held = slot.hold.citations if slot.hold else ()
    return tuple(dict.fromkeys((*slot.axis.because.citations, *held)))
