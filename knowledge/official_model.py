"""The rows of official files as readers of a release receive them, each with the edition that it is from.

"No edition is held" (`NoEdition`) and "the edition has no row" are different values, never to be read as one another.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Setting = Literal["practitioner", "outpatient_hospital", "dme"]


@dataclass(frozen=True, slots=True)
class NoEdition:
    """The release holds no edition of a file for the date: never to be read as "no edit"."""

    kind: str
    """The file: ptp, mue, add_on, fee."""
    on: date
    held: tuple[str, ...]
    """Names of the editions held for the setting asked, oldest first; empty when none is."""


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """One window of one procedure-to-procedure edit, as the file gives it."""

    column_one: str
    column_two: str
    effective: date | None
    """None where the file held gives no effective dates."""
    deleted: date | None
    """The last day on which it held (inclusive); None while it stands."""
    indicator: str
    """0 no modifier bypasses it, 1 an NCCI-associated modifier may, 9 the edit is void."""
    rationale: str
    edition: str

    def in_force(self, on: date) -> bool:
        """Tell whether the edit applies on a date of service; a void one (9) never does."""
        began = self.effective is None or self.effective <= on
        return began and (self.deleted is None or on <= self.deleted) and self.indicator != "9"


@dataclass(frozen=True, slots=True)
class PairEdits:
    """Every window of one pair, both orders; none means that the edition has no edit between the two."""

    first: str
    second: str
    """The two codes as they were asked, in that order."""
    edits: tuple[PtpEdit, ...]
    """Windows that are over or void are among them, so ask each edit whether it is `in_force`."""


@dataclass(frozen=True, slots=True)
class PtpAnswer:
    """What one edition says of every pair among some codes."""

    edition: str
    pairs: tuple[PairEdits, ...]
    for_date: bool = True
    """False when the edition is the nearest held and not the one for the date asked."""

    @property
    def edits(self) -> tuple[PtpEdit, ...]:
        """Every window of every pair."""
        return tuple(edit for pair in self.pairs for edit in pair.edits)


@dataclass(frozen=True, slots=True)
class Mue:
    """A medically unlikely edit; absence of one is not "no limit", as some values are confidential."""

    code: str
    setting: Setting
    units: int
    indicator: str
    """1 per claim line, 2 per day by policy (absolute), 3 per day by clinical data (records may overturn it)."""
    rationale: str
    edition: str
    for_date: bool = True


@dataclass(frozen=True, slots=True)
class AddOn:
    """An add-on code with the primaries that it may go with."""

    add_on: str
    kind: str
    """1 only the listed primaries, 2 primaries set by the contractor, 3 some listed and some set by the contractor."""
    primaries: tuple[str, ...]
    edition: str
    for_date: bool = True


@dataclass(frozen=True, slots=True)
class Fee:
    """The payment indicators of one row of the Medicare physician fee schedule."""

    code: str
    modifier: str
    status: str
    global_days: str
    """000, 010, 090, MMM, XXX, YYY or ZZZ."""
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    pctc: str
    edition: str
    for_date: bool = True
    work: Decimal | None = None
    """Relative value units, as are the next five; None where the edition gives none."""
    pe_nonfacility: Decimal | None = None
    pe_facility: Decimal | None = None
    malpractice: Decimal | None = None
    conversion_factor: Decimal | None = None
    """US dollars for one relative value unit."""
    intraoperative: Decimal | None = None
    """Share of the global package, 0 to 1."""

    def amount(self, locality: "Locality | None" = None, *, facility: bool = False) -> Decimal | None:
        """Return the amount in US dollars, national or of a locality; None where the edition gives no values.

        Where all values are zero there is none either: the contractor sets it (status C), or nothing is paid.
        (work x GPCI + practice expense x GPCI + malpractice x GPCI) x conversion factor, rounded to cents
        (Pub. 100-04, chapter 12, section 20.1).
        """
        expense = self.pe_facility if facility else self.pe_nonfacility
        if self.work is None or expense is None or self.malpractice is None or self.conversion_factor is None:
            return None
        one = Decimal(1)
        by = (locality.work, locality.practice_expense, locality.malpractice) if locality else (one, one, one)
        units = self.work * by[0] + expense * by[1] + self.malpractice * by[2]
        return (units * self.conversion_factor).quantize(Decimal("0.01"), ROUND_HALF_UP) if units else None


@dataclass(frozen=True, slots=True)
class Locality:
    """The geographic practice cost indices of one Medicare locality."""

    contractor: str
    """The number of the Medicare administrative contractor, as text."""
    state: str
    number: str
    name: str
    work: Decimal
    practice_expense: Decimal
    malpractice: Decimal
    edition: str


@dataclass(frozen=True, slots=True)
class HospitalRate:
    """One row of OPPS Addendum B: how Medicare pays a code to a hospital's outpatient department."""

    code: str
    status_indicator: str
    apc: str
    payment_rate: Decimal | None
    """US dollars, national and not wage-adjusted."""
    national_copayment: Decimal | None
    minimum_copayment: Decimal | None
    edition: str
    for_date: bool = True


@dataclass(frozen=True, slots=True)
class CoveredBy:
    """A coverage article that speaks of a code, with the LCDs that it belongs to."""

    article: str
    """As contractors write it: A52869."""
    title: str
    version: str
    status: str
    role: str
    """procedure, supports or conflicts: what the code is to the article."""
    group: int
    effective: date | None
    ended: date | None
    lcds: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every article of the edition held that speaks of a code; none means that no article there names it."""

    code: str
    articles: tuple[CoveredBy, ...]
    edition: str
    for_date: bool = True


@dataclass(frozen=True, slots=True)
class SourceEdition:
    """One source compiled into a release."""

    kind: str
    """ptp, mue, add_on, fee, gpci, hcpcs, icd10cm, icd10pcs, coverage, opps, modifier or content."""
    edition: str
    effective: date | None
    ended: date | None
    rows: int
    sha256: str
    """Over the rows as compiled, or of the files as published."""
    note: str = ""
    """What a reader must know of the edition: fields that are missing, what it was taken from."""
    partial: bool = False
    """True where only rows about codes that the families name were taken: of any other code it says nothing."""
    setting: str = ""
    """Whose claims it is for (practitioner, outpatient_hospital, dme); empty where that makes no difference."""
    dated: bool = False
    """True where each row has its own first and last day, so that it also answers for days before its own window."""
