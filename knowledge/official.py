"""The rows of official files in a release: PTP edits, MUE, add-on codes, fee schedule, hospital rates, coverage."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from knowledge.database import Database
from knowledge.editions import Fitting, Held, fitting, holds
from knowledge.layout import LICENSED, OPEN, UNKNOWN
from knowledge.official_model import (
    AddOn,
    Coverage,
    CoveredBy,
    Fee,
    HospitalRate,
    Locality,
    Mue,
    NoEdition,
    PairEdits,
    PtpAnswer,
    PtpEdit,
    Setting,
    SourceEdition,
)

# CROSS JOIN keeps this order of the tables: for ten codes the planner would read the whole edition otherwise.
_WINDOWS = (
    "SELECT p.column_one, p.column_two, p.effective, p.deleted, p.indicator, r.text FROM (VALUES {marks}) AS asked "
    "CROSS JOIN ptp p ON p.edition = ? AND p.column_one = asked.column1 AND p.column_two = asked.column2 "
    "CROSS JOIN rationale r ON r.number = p.rationale ORDER BY p.effective, p.deleted, p.column_one"
)
_MOST_PAIRS = 400
"""Pairs asked for in one statement; SQLite takes 32,766 values, and a longer statement gains nothing."""
_AMOUNTS = ("work", "pe_nonfacility", "pe_facility", "malpractice", "conversion_factor", "intraoperative")
_INDICATORS = ("status", "global_days", "multiple", "bilateral", "assistant", "co_surgeon", "team", "pctc")
_FEE = ("code", "modifier", *_INDICATORS, *_AMOUNTS)


class Official:
    """The database of one release, opened read-only, and what its official files say."""

    def __init__(self, folder: Path) -> None:
        """Open the database of a release's folder."""
        self.folder = folder
        self._database = Database(folder)
        self._rows = self._database.rows
        self._held = self._read_editions()
        self._sources = tuple(row.source for row in self._held)
        self._fitting = lru_cache(maxsize=1024)(self._choose)
        self._within = lru_cache(maxsize=4096)(self._taken)

    def rest(self) -> None:
        """Hold no connection until asked again; a process must do so before it forks."""
        self._database.rest()

    def close(self) -> None:
        """Close the database; a reader that is in the midst of a question still gets its answer."""
        self._database.close()

    def _read_editions(self) -> tuple[Held, ...]:
        columns = "number, kind, edition, effective, ended, rows, sha256, note, partial, setting, dated"
        rows = self._rows(f"SELECT {columns} FROM edition ORDER BY kind, effective, setting")  # noqa: S608 - our own
        return tuple(
            Held(number, SourceEdition(kind, edition, iso_day(first), iso_day(last), count, sha256, note,
                                       bool(partial), setting, bool(dated)))
            for number, kind, edition, first, last, count, sha256, note, partial, setting, dated in rows
        )  # fmt: skip

    def sources(self) -> tuple[SourceEdition, ...]:
        """Return every source compiled in, by kind and date."""
        return self._sources

    def descriptors(self) -> tuple[str, ...]:
        """Return the CPT and dental codes of which an official descriptor is held."""
        rows = self._rows(
            "SELECT DISTINCT code FROM fee WHERE description IS NOT NULL AND (code GLOB '[0-9]*' OR code GLOB 'D*')"
        )
        return tuple(row[0] for row in rows)

    @property
    def licensed(self) -> bool:
        """Whether an edition says that its official descriptors are kept under a licence of the operator."""
        return any(LICENSED in row.note for row in self._sources)

    def _choose(self, kind: str, on: date, setting: Setting | None, nearest: bool, whole: bool) -> Fitting | NoEdition:  # noqa: FBT001 - the key of a cache
        return fitting(self._held, kind, on, setting, nearest=nearest, whole=whole)

    def _edition(
        self, kind: str, on: date, codes: Sequence[str], setting: Setting | None = None, *, nearest: bool
    ) -> Fitting | NoEdition:
        """Return the edition for a date; a part of a file is none for codes that lie beyond what was taken of it."""
        found = self._fitting(kind, on, setting, nearest, False)
        if isinstance(found, NoEdition) or not self._source(found.number).partial or self._known(codes):
            return found
        return self._fitting(kind, on, setting, nearest, True)

    def _source(self, number: int) -> SourceEdition:
        return next(row.source for row in self._held if row.number == number)

    def _known(self, codes: Sequence[str]) -> bool:
        """Tell whether codes lie in the part of the official files that was taken.

        Rows were taken about codes that a family names or that are often asked about; of pairs, those of two such.
        """
        return all(map(self._within, codes))

    def _taken(self, code: str) -> bool:
        """Tell whether rows about a code were taken."""
        return bool(self._rows("SELECT 1 FROM taken WHERE code = ?", code))

    def edits(
        self, codes: Sequence[str], on: date, setting: Setting = "practitioner", *, nearest: bool = False
    ) -> PtpAnswer | NoEdition:
        """Return every window of every pair among codes, in both orders; `PtpEdit.in_force` tells which apply.

        Pairs come in the order of the codes. Ten codes are 45 pairs in one statement.
        """
        asked = tuple(dict.fromkeys(codes))
        edition = self._edition("ptp", on, asked, setting, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        pairs = tuple(combinations(asked, 2))
        windows: dict[tuple[str, str], list[PtpEdit]] = {}
        for start in range(0, len(pairs), _MOST_PAIRS):
            both = [pair for a, b in pairs[start : start + _MOST_PAIRS] for pair in ((a, b), (b, a))]
            statement = _WINDOWS.format(marks=", ".join(["(?, ?)"] * len(both)))
            values = [code for pair in both for code in pair]
            for one, two, effective, deleted, indicator, rationale in self._rows(statement, *values, edition.number):
                edit = PtpEdit(one, two, day(effective), day(deleted), indicator, rationale, edition.name)
                windows.setdefault((one, two), []).append(edit)
        answers = tuple(
            PairEdits(a, b, tuple(windows.get((a, b), ()) if not windows.get((b, a)) else _in_order(windows, a, b)))
            for a, b in pairs
        )
        return PtpAnswer(edition.name, answers, edition.for_date)

    def mue(
        self, code: str, on: date, setting: Setting = "practitioner", *, nearest: bool = False
    ) -> Mue | NoEdition | None:
        """Return the unit limit of a code; None where the edition publishes none, which is not "no limit"."""
        edition = self._edition("mue", on, (code,), setting, nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        rows = self._rows(
            "SELECT units, indicator, rationale FROM mue WHERE edition = ? AND code = ?", edition.number, code
        )
        if not rows:
            return None
        units, indicator, rationale = rows[0]
        return Mue(code, setting, units, indicator, rationale, edition.name, edition.for_date)

    def addon(self, code: str, on: date, *, nearest: bool = False) -> tuple[AddOn, ...] | NoEdition:
        """Return what the file says of a code as add-on code; empty where it is none."""
        return self._add_ons("add_on", code, on, nearest=nearest)

    def addons_of(self, code: str, on: date, *, nearest: bool = False) -> tuple[AddOn, ...] | NoEdition:
        """Return the add-on codes that may go with a primary code."""
        return self._add_ons("primary_code", code, on, nearest=nearest)

    def _add_ons(self, column: str, code: str, on: date, *, nearest: bool) -> tuple[AddOn, ...] | NoEdition:
        edition = self._edition("add_on", on, (code,), nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        rows = self._rows(
            # The column is one of two names of ours.
            f"SELECT add_on, kind, primary_code, effective, deleted FROM add_on WHERE edition = ? AND {column} = ? "  # noqa: S608
            "ORDER BY add_on, kind, primary_code",
            *(edition.number, code),
        )
        found: dict[tuple[str, str], dict[str, None]] = {}
        for add_on, kind, primary, effective, deleted in rows:
            if holds(day(effective), day(deleted), on):
                found.setdefault((add_on, kind), {})[primary] = None
        return tuple(
            AddOn(add_on, kind, tuple(own), edition.name, edition.for_date) for (add_on, kind), own in found.items()
        )

    def fee(self, code: str, on: date, modifier: str = "", *, nearest: bool = False) -> Fee | NoEdition | None:
        """Return the fee-schedule row of a code; None where the edition has no such row."""
        edition = self._edition("fee", on, (code,), nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        rows = self._rows(
            f"SELECT {', '.join(_FEE)} FROM fee WHERE edition = ? AND code = ? AND modifier = ?",  # noqa: S608 - our own columns
            *(edition.number, code, modifier),
        )
        if not rows:
            return None
        row = dict(zip(_FEE, rows[0], strict=True))
        amounts = {name: _decimal(row.pop(name)) for name in _AMOUNTS}
        held = {"edition": edition.name, "for_date": edition.for_date}
        return Fee(**{**row, **amounts, **held})

    def localities(self, on: date, *, nearest: bool = False) -> tuple[Locality, ...] | NoEdition:
        """Return the geographic indices of every Medicare locality, by contractor and number."""
        edition = self._edition("gpci", on, (), nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        rows = self._rows(
            "SELECT contractor, state, locality, locality_name, work, practice_expense, malpractice FROM gpci "
            "WHERE edition = ? ORDER BY contractor, locality",
            edition.number,
        )
        return tuple(
            Locality(
                contractor, state, number, name, Decimal(work), Decimal(expense), Decimal(malpractice), edition.name
            )
            for contractor, state, number, name, work, expense, malpractice in rows
        )

    def hospital_rate(self, code: str, on: date, *, nearest: bool = False) -> HospitalRate | NoEdition | None:
        """Return the OPPS Addendum B row of a code; None where the edition has none."""
        edition = self._edition("opps", on, (code,), nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        rows = self._rows(
            "SELECT code, status_indicator, apc, payment_rate, national_copayment, minimum_copayment FROM opps "
            "WHERE edition = ? AND code = ?",
            *(edition.number, code),
        )
        if not rows:
            return None
        asked, status, apc, *amounts = rows[0]
        rate, national, least = map(_decimal, amounts)
        return HospitalRate(asked, status, apc, rate, national, least, edition.name, edition.for_date)

    def coverage(self, code: str, on: date, *, nearest: bool = False) -> Coverage | NoEdition:
        """Return the coverage articles in force on a date that speak of a code, as procedure or as diagnosis."""
        edition = self._edition("coverage", on, (code,), nearest=nearest)
        if isinstance(edition, NoEdition):
            return edition
        rows = self._rows(
            'SELECT d.display, d.title, d.version, d.status, c.role, c."group", d.effective, d.ended, c.article '
            "FROM coverage_code c JOIN coverage_document d ON d.edition = c.edition AND d.kind = 'article' "
            "AND d.id = c.article AND d.version = c.version WHERE c.edition = ? AND c.code = ? "
            'ORDER BY d.display, d.version, c.role, c."group"',
            *(edition.number, code),
        )
        articles = tuple(
            CoveredBy(
                *(display, title, version, status, role, group, day(first), day(last)),
                self._lcds(edition.number, article),
                edition.name,
            )
            for display, title, version, status, role, group, first, last, article in rows
            if holds(day(first), day(last), on)
        )
        return Coverage(code, articles, edition.name, edition.for_date)

    def _lcds(self, edition: int, article: str) -> tuple[str, ...]:
        rows = self._rows(
            "SELECT DISTINCT coalesce(d.display, 'L' || l.lcd) FROM coverage_link l LEFT JOIN coverage_document d "
            "ON d.edition = l.edition AND d.kind = 'lcd' AND d.id = l.lcd WHERE l.edition = ? AND l.article = ?",
            *(edition, article),
        )
        return tuple(row[0] for row in rows)


def _in_order(windows: dict[tuple[str, str], list[PtpEdit]], a: str, b: str) -> list[PtpEdit]:
    """Return the windows of both orders of a pair, oldest first."""
    both = [*windows.get((a, b), ()), *windows[b, a]]
    return sorted(both, key=lambda edit: (edit.effective or date.min, edit.deleted or date.max, edit.column_one))


def iso_day(text: str | None) -> date | None:
    """Read a day in ISO 8601; None stays None."""
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=4096)
def day(number: int) -> date | None:
    """Read a day written as 20260302; what stands for "no end" or "not given" in a key is no date."""
    if number in (OPEN, UNKNOWN):
        return None
    return date(number // 10000, number // 100 % 100, number % 100)


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
