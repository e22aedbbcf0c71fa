"""How the codes of several lesions or wounds of one encounter become claim lines."""

from collections.abc import Sequence

from knowledge.model import Statement, system_of
from knowledge.outcomes import Chosen, Combined, CombinedLine
from knowledge.tables import Table


def combine(table: Table, chosen: Sequence[Chosen]) -> Combined:
    """Return the claim lines in the order of the subjects, and the rules that joined or parted them."""
    notes: list[Statement] = []
    codes = [row.code for row in chosen]
    for rule in table.combine.together:
        if set(rule.codes) <= set(codes):
            codes = [rule.becomes if code in (*rule.codes, rule.becomes) else code for code in codes]
            notes.append(rule.because)
    codes = _ranked(table, codes, notes)
    merged = {rule.becomes for rule in table.combine.together if rule.because in notes}
    lines = _lines(table, chosen, codes, merged, notes)
    if table.combine.different_codes and len({line.code for line in lines}) > 1:
        notes.append(table.combine.different_codes)
    return Combined(_joined((*lines, *_add_ons(table, chosen), *_apart(chosen)), table), tuple(dict.fromkeys(notes)))


def _joined(lines: Sequence[CombinedLine], table: Table) -> tuple[CombinedLine, ...]:
    """Join the lines of a code that stands for a further subject and as an add-on code of another one."""
    further = {then for _, then in table.combine.first_only.ranks} if table.combine.first_only else set()
    found: dict[tuple[str, int], CombinedLine] = {}
    for number, line in enumerate(lines):
        key = (line.code, 0 if line.code in further else number)
        had = found.get(key)
        places = tuple(sorted({*had.subjects, *line.subjects})) if had else line.subjects
        units = line.units + (had.units if had else 0)
        found[key] = CombinedLine(line.system, line.code, units, places, line.modifiers)
    return tuple(found.values())


def _ranked(table: Table, codes: list[str], notes: list[Statement]) -> list[str]:
    """Leave one primary code, the first in rank; every other subject takes the code behind its own."""
    rule = table.combine.first_only
    behind = dict(rule.ranks) if rule else {}
    places = [place for place, code in enumerate(codes) if code in behind]
    if rule is None or len(places) < 2:
        return codes
    order = list(behind)
    first = min(places, key=lambda place: order.index(codes[place]))
    notes.append(rule.because)
    return [behind[code] if place in places and place != first else code for place, code in enumerate(codes)]


def _lines(
    table: Table, chosen: Sequence[Chosen], codes: list[str], merged: set[str], notes: list[Statement]
) -> list[CombinedLine]:
    """Return the lines of the main codes; notes on codes that stand more than once are added to `notes`."""
    lines: list[CombinedLine] = []
    for code in dict.fromkeys(codes):
        places = tuple(place for place, other in enumerate(codes) if other == code)
        units = [chosen[place].units for place in places]
        system = system_of(code)
        if len(places) == 1:
            lines.append(CombinedLine(system, code, units[0], places, chosen[places[0]].modifiers))
            continue
        how = "once" if code in merged else table.combine.same_code
        how = "units" if code in table.combine.units_of else how
        if how == "lines":
            lines += [
                CombinedLine(system, code, chosen[place].units, (place,), chosen[place].modifiers) for place in places
            ]
        else:
            # A modifier of one subject would be said of all the units.
            marks = {chosen[place].modifiers for place in places}
            own = next(iter(marks)) if len(marks) == 1 else ()
            lines.append(CombinedLine(system, code, max(units) if how == "once" else sum(units), places, own))
        if code not in merged:
            text = table.combine.because.text.replace("{code}", code).replace("{units}", str(sum(units)))
            notes.append(Statement(text, table.combine.because.citations))
    return lines


def _apart(chosen: Sequence[Chosen]) -> list[CombinedLine]:
    """Return the lines that stand beside that of their own code, with a modifier."""
    return [
        CombinedLine(row.system, row.code, units, (place,), (modifier,))
        for place, row in enumerate(chosen)
        for modifier, units in row.apart
    ]


def _add_ons(table: Table, chosen: Sequence[Chosen]) -> list[CombinedLine]:
    """Return a line for each add-on code: the units of all subjects, or those of one where it stands once."""
    once = {row.code for row in table.add_ons if row.several == "once"}
    lines = []
    for code in dict.fromkeys(code for row in chosen for code, _ in row.add_ons):
        places = tuple(place for place, row in enumerate(chosen) if code in dict(row.add_ons))
        units = [dict(chosen[place].add_ons)[code] for place in places]
        lines.append(CombinedLine(system_of(code), code, max(units) if code in once else sum(units), places))
    return lines
