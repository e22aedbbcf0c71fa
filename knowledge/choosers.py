"""Decision tables at work: facts of one subject in, a code, the facts that still decide, or another family out.

Pure and exact: numbers are compared as decimals, a stretch holds its upper end and not its lower one, and a fact is
asked for only where its value would change the answer given what is known.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product

from knowledge.asking import ask_add_on, ask_slot
from knowledge.combining import combine
from knowledge.derivations import plain
from knowledge.model import Statement, Value
from knowledge.outcomes import Ask, Chosen, Combined, CombinedLine, Open, Outside
from knowledge.standing import Slot, Standing, derivation_of, fact_of, missing_input, read, slots
from knowledge.tables import AddOnRow, AskedFact, OutsideRow, Row, Table

__all__ = ["Ask", "AskedFact", "Chooser", "Chosen", "Combined", "CombinedLine", "Open", "Outside"]

Outcome = Row | OutsideRow


class Chooser:
    """The chooser of one family."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.family = table.family
        self.subject = table.subject
        self.facts = table.facts
        self._rows = {row.parts: row for row in table.rows}

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
        left = next((row for row in table.outside if row.when.holds(standing.known)), None)
        if left is not None:
            return Outside(left.reason, left.name, left.codes)
        axes = slots(table, standing)
        outcomes = self._outcomes(axes)
        rows = {outcome.code: outcome for outcome in outcomes.values() if isinstance(outcome, Row)}
        if len(_kinds(outcomes)) == 1 and rows:
            return self._settled(next(iter(rows.values())), axes, standing)
        asks = tuple(ask_slot(table, axes, place, outcomes, standing) for place in _deciding(axes, outcomes))
        asks += tuple(ask_add_on(table, row, None, standing) for row in self._doubtful(tuple(rows), standing))
        return Open(_once(asks), _statements(table, axes, standing))

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
            found[places] = way_out or self._rows[names]
        return found

    def _settled(self, row: Row, axes: tuple[Slot, ...], standing: Standing) -> Chosen | Open:
        """Return the chosen code with its add-on codes, or ask for what decides an add-on code."""
        table = self.table
        with_it = [add for add in table.add_ons if row.code in add.only_with and add.when.holds(standing.known)]
        chosen = Chosen(
            system=table.system,
            code=row.code,
            units=row.units,
            row=".".join(slot.options[0].part.name for slot in axes if len(slot.options) == 1 and slot.options[0].part),
            derived=tuple((row.fact, float(row.value), row.arithmetic) for row in standing.derived),
            add_ons=tuple((add.code, add.units) for add in with_it),
            statements=(*_statements(table, axes, standing), *(add.because for add in with_it)),
            diagnoses=dict(table.diagnoses).get(row.code, ()),
            citations=table.citations,
        )
        doubtful = self._doubtful((row.code,), standing)
        if not doubtful:
            return chosen
        asks = tuple(ask_add_on(table, add, row.code, standing) for add in doubtful)
        return Open(_once(asks), chosen.statements, chosen)

    def _doubtful(self, codes: tuple[str, ...], standing: Standing) -> list[AddOnRow]:
        """Return the add-on codes of which part of the condition is known to hold and the rest is not known."""
        found = []
        for row in self.table.add_ons:
            results = [test.holds(standing.known) for test in row.when.tests]
            if True in results and None in results and False not in results and set(codes) & set(row.only_with):
                found.append(row)
        return found

    def _out_of_date(self, on: date) -> Outside:
        """Say that the table does not hold for the date of service."""
        table = self.table
        until = f" to {table.ended.isoformat()}" if table.ended else " on"
        text = (
            f"The codes of this family were curated for dates of service from {table.effective.isoformat()}{until}, "
            f"not for {on.isoformat()}."
        )
        return Outside(Statement(text, table.citations), "date_of_service")


def _kinds(outcomes: Mapping[tuple[int, ...], Outcome]) -> set[tuple[str, str, int]]:
    """Return the different answers among the outcomes."""
    return {answer(outcome) for outcome in outcomes.values()}


def answer(outcome: Outcome) -> tuple[str, str, int]:
    """Return what makes two outcomes the same answer."""
    return ("code", outcome.code, outcome.units) if isinstance(outcome, Row) else ("outside", outcome.name, 0)


def _deciding(axes: tuple[Slot, ...], outcomes: Mapping[tuple[int, ...], Outcome]) -> list[int]:
    """Return the places of the axes whose value would change the answer, the others being equal."""
    found = []
    for place, slot in enumerate(axes):
        by_rest: dict[tuple[int, ...], set[tuple[str, str, int]]] = {}
        for places, outcome in outcomes.items():
            by_rest.setdefault((*places[:place], *places[place + 1 :]), set()).add(answer(outcome))
        if len(slot.options) > 1 and any(len(answers) > 1 for answers in by_rest.values()):
            found.append(place)
    return found


def _statements(table: Table, axes: tuple[Slot, ...], standing: Standing) -> tuple[Statement, ...]:
    """Return what holds already: derivations, settled axes, and what to do while a value decides nothing."""
    rows = [
        _filled(derived.because, value=plain(derived.value), arithmetic=derived.arithmetic)
        for derived in standing.derived
    ]
    for slot in axes:
        if slot.hold is not None:
            rows.append(slot.hold)
        if slot.clash is not None:
            rows.append(Statement(f"Computed from its parts: {slot.clash.arithmetic}.", slot.clash.because.citations))
        derivation = derivation_of(table, slot.axis.fact)
        if slot.value is None and len(slot.options) == 1 and derivation is not None:
            measure = (missing_input(derivation, standing) or slot.axis.fact).removesuffix("_cm").replace("_", " ")
            text = f"Whatever the {measure} is, the result is {slot.options[0].words}."
            rows.append(Statement(text, derivation.because.citations))
        if slot.value is not None:
            fact = fact_of(table, slot.axis.fact)
            rows.append(_filled(slot.axis.because, value=fact.said(slot.value), words=slot.options[0].words))
    return tuple(rows)


def _filled(said: Statement, **words: str) -> Statement:
    """Return a statement with its placeholders filled."""
    text = said.text
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return Statement(text, said.citations)


def _once(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Keep one question for each fact."""
    return tuple({ask.fact: ask for ask in reversed(asks)}.values())[::-1]
