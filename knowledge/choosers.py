"""Decision tables at work: facts of one subject in, a code, the facts that still decide, or another family out.

Pure and exact: numbers are compared as decimals, a stretch holds its upper end and not its lower one, and a fact is
asked for only where its value would change the answer given what is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Final

from knowledge.asking import ask_add_on, ask_slot, ask_units
from knowledge.combining import combine
from knowledge.levels import spoken, waits_for
from knowledge.model import Statement, Value, system_of
from knowledge.outcomes import Ask, Chosen, Combined, CombinedLine, Open, Outside
from knowledge.pooling import Pooled, pool
from knowledge.standing import Slot, Standing, derivation_of, fact_of, missing_input, read, slots, stretch_words
from knowledge.tables import AddOnRow, AskedFact, Count, OutsideRow, Row, Table, Units, units_beyond, units_of

__all__ = ["Ask", "AskedFact", "Chooser", "Chosen", "Combined", "CombinedLine", "Open", "Outside"]

Outcome = Row | OutsideRow

_FEW: Final = 2
"""Less than one in so many combinations of what is open are few."""


class Chooser:
    """The chooser of one family."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.family = table.family
        self.subject = table.subject
        self.facts = table.facts
        self._rows = {row.parts: row for row in table.rows}
        self._ways_out = {row.name: row for row in table.outside}

    def applies(self, facts: Mapping[str, Value]) -> bool:
        """Tell whether the family speaks for a subject with these facts: whether one of its entry conditions holds."""
        known = read(self.table, facts).known
        return any(condition.holds(known) for condition in self.table.entry)

    def choose(self, facts: Mapping[str, Value], on: date) -> Chosen | Open | Outside:
        """Return the code for one subject on a date of service, what is still needed, or where else to look."""
        table = self.table
        if on < table.effective or (table.ended is not None and on > table.ended):
            return self._out_of_date(on)
        standing = read(table, facts)
        left = next((row for row in table.outside if row.when.tests and row.when.holds(standing.known)), None)
        if left is not None:
            return Outside(left.reason, left.name, left.codes)
        axes = slots(table, standing)
        outcomes = self._outcomes(axes)
        rows = {outcome.code: outcome for outcome in outcomes.values() if isinstance(outcome, Row)}
        if len(_kinds(outcomes)) == 1:
            only = next(iter(outcomes.values()))
            if isinstance(only, OutsideRow):
                return Outside(only.reason, only.name, only.codes)
            return self._settled(only, axes, standing)
        asks = tuple(ask_slot(table, axes, place, outcomes, standing) for place in _deciding(axes, outcomes))
        asks += tuple(ask_add_on(table, row, None, standing) for row in self._doubtful(tuple(rows), standing))
        asked = {ask.fact for ask in asks}
        # What another answer settles is not asked for beside it: with the minutes known the level follows from
        # whether the patient is new.
        asks = tuple(ask for ask in asks if not waits_for(table, ask.fact, standing.known) & asked)
        return Open(_once(asks), self._statements(axes, standing))

    def pool(self, subjects: Sequence[Mapping[str, Value]]) -> tuple[Pooled, ...]:
        """Return subjects of one encounter as they are coded together: numbers that add up are added."""
        return pool(self.table, subjects)

    def combine(self, chosen: Sequence[Chosen]) -> Combined:
        """Return the claim lines for several subjects of one encounter, with the rules that joined or parted them."""
        return combine(self.table, chosen)

    def _outcomes(self, axes: tuple[Slot, ...]) -> dict[tuple[int, ...], Outcome]:
        """Return what each combination of what the axes leave would give, by the places of the options."""
        found: dict[tuple[int, ...], Outcome] = {}
        for places in product(*(range(len(slot.options)) for slot in axes)):
            options = [slot.options[place] for slot, place in zip(axes, places, strict=True)]
            way_out = next((option.outside for option in options if option.outside), None)
            names = tuple(option.part.name for option in options if option.part)
            if way_out is None:
                row = self._rows[names]
                found[places] = self._ways_out[row.outside] if row.outside else row
            else:
                found[places] = way_out
        return found

    def _settled(self, row: Row, axes: tuple[Slot, ...], standing: Standing) -> Chosen | Open:
        """Return the chosen code with its add-on codes, or ask for what decides an add-on code."""
        table, known = self.table, standing.known
        with_it = [
            (add, units_of(add.units, known) or 1)
            for add in table.add_ons
            if row.code in add.only_with and add.when.holds(known)
        ]
        units = units_of(row.units, known)
        marks = [
            (mark, units_beyond(row.units, known, mark.apart) if mark.apart else 0)
            for mark in table.modifiers
            if (not mark.only_with or row.code in mark.only_with) and mark.when.holds(known)
        ]
        chosen = Chosen(
            system=system_of(row.code),
            code=row.code,
            units=units or 1,
            row=".".join(slot.options[0].part.name for slot in axes if len(slot.options) == 1 and slot.options[0].part),
            derived=tuple(
                (one.fact, one.value if isinstance(one.value, str) else float(one.value), one.arithmetic)
                for one in standing.derived
            ),
            add_ons=tuple((add.code, count) for add, count in with_it),
            statements=(
                *self._statements(axes, standing),
                *(_filled(add.because, units=str(count)) for add, count in with_it),
                *(mark.because for mark, _ in marks),
            ),
            diagnoses=dict(table.diagnoses).get(row.code, ()),
            citations=table.citations,
            modifiers=tuple(one for mark, beyond in marks if (one := mark.on_line(beyond))),
            apart=tuple((mark.modifier, beyond) for mark, beyond in marks if beyond),
        )
        asks = tuple(ask_add_on(table, add, row.code, standing) for add in self._doubtful((row.code,), standing))
        if units is None and isinstance(row.units, Count):
            asks = (ask_units(table, row.code, row.units), *asks)
        return Open(_once(asks), chosen.statements, replace(chosen, units=1)) if asks else chosen

    def _doubtful(self, codes: tuple[str, ...], standing: Standing) -> list[AddOnRow]:
        """Return the add-on codes to ask about: part of the condition holds and the rest is not known, or `ask`."""
        found = []
        for row in self.table.add_ons:
            results = [test.holds(standing.known) for test in row.when.tests]
            open_still = None in results and False not in results and (row.ask or True in results)
            if open_still and set(codes) & set(row.only_with):
                found.append(row)
        return found

    def _statements(self, axes: tuple[Slot, ...], standing: Standing) -> tuple[Statement, ...]:
        """Return what holds already: derivations, settled axes, and what to do while a value decides nothing."""
        table = self.table
        rows = [
            _filled(one.because, value=fact_of(table, one.fact).said(one.value), arithmetic=one.arithmetic)
            for one in standing.derived
        ]
        rows += standing.presumed
        for place, slot in enumerate(axes):
            if slot.hold is not None:
                rows.append(slot.hold)
            if slot.clash is not None:
                text = f"Computed from its parts: {slot.clash.arithmetic}."
                rows.append(Statement(text, slot.clash.because.citations))
            derivation = derivation_of(table, slot.axis.fact)
            if slot.value is None and len(slot.options) == 1 and derivation is not None:
                measure = spoken(missing_input(derivation, standing) or slot.axis.fact)
                text = f"Whatever the {measure} is, the result is {slot.options[0].words}."
                rows.append(Statement(text, derivation.because.citations))
            if slot.value is not None:
                said = fact_of(table, slot.axis.fact).said(slot.value)
                rows.append(_filled(slot.axis.because, value=said, words=self._stretch(axes, place)))
        return tuple(rows)

    def _stretch(self, axes: tuple[Slot, ...], place: int) -> str:
        """Return the part that a settled axis falls into, in words: neighbours that lead to the same code are one."""
        slot = axes[place]
        names = [option.part.name for one in axes for option in one.options[:1] if option.part]
        settled = all(len(one.options) == 1 for one in axes) and len(names) == len(axes)
        if slot.axis.kind != "interval" or not settled:
            return slot.options[0].words
        parts = slot.axis.parts
        results = [self._rows[(*names[:place], part.name, *names[place + 1 :])] for part in parts]
        here = next(number for number, part in enumerate(parts) if part.name == names[place])
        first = last = here
        while first > 0 and _same(results[first - 1], results[here]):
            first -= 1
        while last + 1 < len(parts) and _same(results[last + 1], results[here]):
            last += 1
        if first == last:
            return slot.options[0].words
        return stretch_words(fact_of(self.table, slot.axis.fact), parts[first].over, parts[last].up_to)

    def _out_of_date(self, on: date) -> Outside:
        """Say that the table does not hold for the date of service."""
        table = self.table
        until = f" to {table.ended.isoformat()}" if table.ended else " on"
        text = (
            f"The codes of this family were curated for dates of service from {table.effective.isoformat()}{until}, "
            f"not for {on.isoformat()}."
        )
        return Outside(Statement(text, table.citations), "date_of_service")


def _same(one: Row, other: Row) -> bool:
    """Tell whether two rows lead to the same."""
    return (one.code, one.units, one.outside) == (other.code, other.units, other.outside)


def _kinds(outcomes: Mapping[tuple[int, ...], Outcome]) -> set[tuple[str, str, Units]]:
    """Return the different answers among the outcomes."""
    return {answer(outcome) for outcome in outcomes.values()}


def answer(outcome: Outcome) -> tuple[str, str, Units]:
    """Return what makes two outcomes the same answer."""
    return ("code", outcome.code, outcome.units) if isinstance(outcome, Row) else ("outside", outcome.name, 0)


def _deciding(axes: tuple[Slot, ...], outcomes: Mapping[tuple[int, ...], Outcome]) -> list[int]:
    """Return the places of the axes whose value would change the answer, the others being equal."""
    found = []
    for place, slot in enumerate(axes):
        by_rest: dict[tuple[int, ...], set[tuple[str, str, Units]]] = {}
        for places, outcome in outcomes.items():
            by_rest.setdefault((*places[:place], *places[place + 1 :]), set()).add(answer(outcome))
        deciding = sum(len(answers) > 1 for answers in by_rest.values())
        # What matters only for a few of the things that are asked for as well waits for their answer: whether it is
        # the upper or the lower eyelid, while the place itself is not known.
        if len(slot.options) > 1 and deciding and deciding * _FEW >= len(by_rest):
            found.append(place)
    return found


def _filled(said: Statement, **words: str) -> Statement:
    """Return a statement with its placeholders filled."""
    text = said.text
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return Statement(text, said.citations)


def _once(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Keep one question for each fact."""
    return tuple({ask.fact: ask for ask in reversed(asks)}.values())[::-1]
