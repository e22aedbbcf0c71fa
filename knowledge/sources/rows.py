"""The typed rows that the readers of official files give, one type a table of a release.

Field names are the columns of the release's table of the same kind. Codes are text as the file writes them, with their
leading zeros; dates are dates of service, both ends inclusive; None is "not given" or "no end".
"""

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Setting = Literal["practitioner", "outpatient_hospital", "dme"]
Kind = Literal["ptp", "mue", "add_on", "fee", "gpci", "hcpcs", "icd10cm", "icd10pcs", "coverage", "opps"]
"""What an official file is about; the name of its table and of its editions."""


class PtpRow(NamedTuple):
    """One window of one NCCI procedure-to-procedure edit. A pair may have several windows."""

    column_one: str
    column_two: str
    effective: date | None
    deleted: date | None
    """The last day on which it held."""
    indicator: str
    """0 no modifier bypasses it, 1 an NCCI-associated modifier may, 9 void."""
    rationale: str


class MueRow(NamedTuple):
    """One medically unlikely edit."""

    code: str
    units: int
    indicator: str
    """MAI: 1 per claim line, 2 per day absolute, 3 per day by clinical data."""
    rationale: str


class AddOnRow(NamedTuple):
    """One add-on code with one primary code."""

    add_on: str
    kind: str
    """1 only the listed primaries, 2 primaries set by the contractor, 3 some of both."""
    primary_code: str
    """`CCCCC` stands for primaries that the contractor sets."""
    effective: date | None
    deleted: date | None
    """The earliest of the deletion dates of the add-on code, the primary code and the edit."""
    note: str


class FeeRow(NamedTuple):
    """One row of the Medicare physician fee schedule relative value file. Totals are as the file gives them."""

    code: str
    modifier: str
    """26, TC, 53 or empty."""
    description: str | None
    """None for CPT and dental codes without a licence, whose text is the property of others."""
    status: str
    global_days: str
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    pctc: str
    work: Decimal
    pe_nonfacility: Decimal
    pe_facility: Decimal
    malpractice: Decimal
    total_nonfacility: Decimal
    total_facility: Decimal
    na_nonfacility: bool
    """True where the file says that the service is not done in that place (the NA indicator)."""
    na_facility: bool
    preoperative: Decimal
    """Share of the global package, 0 to 1, as are the next two."""
    intraoperative: Decimal
    postoperative: Decimal
    endoscopic_base: str
    supervision: str
    conversion_factor: Decimal
    """US dollars for one relative value unit."""


class GpciRow(NamedTuple):
    """The geographic practice cost indices of one Medicare locality."""

    contractor: str
    """The MAC's number, as text."""
    state: str
    locality: str
    locality_name: str
    work: Decimal
    """With the floor of 1.0 where the file gives it so."""
    practice_expense: Decimal
    malpractice: Decimal


class HcpcsRow(NamedTuple):
    """One HCPCS Level II code or modifier."""

    code: str
    is_modifier: bool
    long_description: str
    short_description: str
    pricing: tuple[str, ...]
    coverage: str
    """C carrier judgement, D special instructions, I not payable, M not covered, S excluded by statute (Medicare)."""
    betos: str
    type_of_service: tuple[str, ...]
    crossref: tuple[str, ...]
    added: date | None
    effective: date | None
    terminated: date | None
    action: str


class PcsRow(NamedTuple):
    """One line of the ICD-10-PCS order file: a code of seven characters, or the table header above it."""

    code: str
    is_code: bool
    short_description: str
    long_description: str


class IcdOrderRow(NamedTuple):
    """One line of the ICD-10-CM order file, in the order of the file."""

    code: str
    """With its point."""
    billable: bool
    short_description: str
    long_description: str


class IcdNote(NamedTuple):
    """One instructional note of the ICD-10-CM tabular list, at the node where it stands."""

    node: str
    """A code with its point, a block (`A00-A09`) or a chapter (`1`)."""
    kind: str
    """includes, inclusion_term, excludes1, excludes2, code_first, use_additional, code_also, note,
    seventh_character (the sentence that asks for one), seventh_value (`A initial encounter`), or stands_in, whose text
    is the block of a category or the chapter of a block."""
    text: str


class CoverageDocument(NamedTuple):
    """An NCD, LCD or article of the Medicare Coverage Database."""

    kind: Literal["ncd", "lcd", "article"]
    id: str
    """Its number, as text, without the letter: 33777."""
    version: str
    display: str
    """As contractors write it: L33777, A52869, 190.11."""
    title: str
    status: str
    effective: date | None
    ended: date | None


class CoverageCode(NamedTuple):
    """A code of a coverage article. Codes live in articles, not in LCDs."""

    article: str
    version: str
    code: str
    role: Literal["procedure", "supports", "conflicts"]
    """A HCPCS or CPT code that the article speaks of, or an ICD-10-CM code that it covers or does not cover."""
    group: int
    """The numbered group of codes in the article; 0 where it has none."""


class CoverageLink(NamedTuple):
    """An article that belongs to an LCD."""

    article: str
    lcd: str


class OppsRow(NamedTuple):
    """One row of OPPS Addendum B."""

    code: str
    status_indicator: str
    comment_indicator: str
    apc: str
    relative_weight: Decimal | None
    payment_rate: Decimal | None
    national_copayment: Decimal | None
    minimum_copayment: Decimal | None
