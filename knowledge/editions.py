"""Which edition of an official file answers for a date of service, and when none does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from knowledge.official_model import NoEdition, Setting, SourceEdition


@dataclass(frozen=True, slots=True)
class Fitting:
    """The edition that answers."""

    number: int
    """Its number in the database."""
    name: str
    for_date: bool
    """False where it is the nearest one held and not the one for the date."""


@dataclass(frozen=True, slots=True)
class Held:
    """One edition as the database holds it."""

    number: int
    source: SourceEdition


def fitting(
    held: Iterable[Held], kind: str, on: date, setting: Setting | None, *, nearest: bool, whole: bool
) -> Fitting | NoEdition:
    """Return the edition of a kind of file for a date.

    An edition that does not speak for the setting is none: a file of practitioner edits says nothing of a hospital's.
    `whole` leaves out editions of which only some rows were taken. Where rows carry their own days, a later edition
    answers for an earlier date as well: the NCCI and add-on files list what was deleted with its window. Where several
    hold for a date, a whole one goes before a part, and one that began later takes the place of the one before it.
    """
    own = [
        row
        for row in held
        if row.source.kind == kind
        and (setting is None or row.source.setting in ("", setting))
        and not (whole and row.source.partial)
    ]
    exact = [row for row in own if holds(row.source.effective, row.source.ended, on)]
    exact = exact or [row for row in own if row.source.dated and row.source.ended and on <= row.source.ended][:1]
    if exact:
        best = min(exact, key=lambda row: _rank(row.source))
        return Fitting(best.number, best.source.edition, True)
    if nearest and own:
        best = min(own, key=lambda row: distance(row.source.effective, row.source.ended, on))
        return Fitting(best.number, best.source.edition, False)
    return NoEdition(kind, on, tuple(dict.fromkeys(row.source.edition for row in own)))


def rivals(sources: Iterable[SourceEdition]) -> Iterator[tuple[SourceEdition, SourceEdition]]:
    """Yield editions of one official file of which neither could be told to be the right one for a date."""
    own = [row for row in sources if row.kind not in {"content", "limits", "modifier", "uncovered", "vocabulary"}]
    for one, other in combinations(own, 2):
        if (one.kind, one.setting, _rank(one)) == (other.kind, other.setting, _rank(other)):
            yield one, other


def _rank(source: SourceEdition) -> tuple[bool, bool, int]:
    """Return what puts one edition for a date before another: the least is the best."""
    # Since 2026 there are two fee schedules for the same days; few bill by that for qualifying participants (QPP).
    return source.partial, source.edition.endswith("_QPP"), -(source.effective or date.min).toordinal()


def holds(effective: date | None, ended: date | None, on: date) -> bool:
    """Tell whether a window, both ends included, holds a day."""
    return (effective is None or effective <= on) and (ended is None or on <= ended)


def distance(effective: date | None, ended: date | None, on: date) -> int:
    """Return how many days lie between a date and a window; 0 inside it."""
    if effective is not None and on < effective:
        return (effective - on).days
    return (on - ended).days if ended is not None and on > ended else 0
